/** Where tiles lie: names as in C2SP tlog-tiles, below one folder, or in memory for tests and for what a stranger handed over. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder, syncPath, writeWhole } from "./durable.ts";

export interface TileStorage {
  read(path: string): Uint8Array | undefined;
  /** Replaces what was there. Durable after `sync`. */
  write(path: string, bytes: Uint8Array): void;
  removeFolder(path: string): void;
  /** Makes all writes since the last call survive a power cut. */
  sync(): void;
}

export class FolderStorage implements TileStorage {
  readonly folder: string;
  readonly #files = new Set<string>();
  readonly #made = new Set<string>();
  /** Folders with names that are not durable yet. */
  readonly #grown = new Set<string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  read(path: string): Uint8Array | undefined {
    try {
      return readFileSync(join(this.folder, path));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      throw error;
    }
  }

  write(path: string, bytes: Uint8Array): void {
    const full = join(this.folder, path);
    const parent = dirname(full);
    if (!this.#made.has(parent)) {
      if (!existsSync(parent)) {
        makeFolder(parent);
        // A new folder is a new name in the one above, and so on up.
        for (let at = dirname(parent); at.length >= this.folder.length; at = dirname(at)) this.#grown.add(at);
      }
      this.#made.add(parent);
    }
    writeWhole(full, bytes, { sync: false, alone: true });
    this.#files.add(full);
  }

  removeFolder(path: string): void {
    const full = join(this.folder, path);
    this.#made.delete(full);
    rmSync(full, { recursive: true, force: true });
  }

  sync(): void {
    for (const file of this.#files) {
      syncPath(file);
      this.#grown.add(dirname(file));
    }
    for (const folder of this.#grown) syncPath(folder);
    this.#files.clear();
    this.#grown.clear();
  }
}

export class MemoryStorage implements TileStorage {
  readonly files = new Map<string, Uint8Array>();

  read(path: string): Uint8Array | undefined {
    return this.files.get(path);
  }

  write(path: string, bytes: Uint8Array): void {
    this.files.set(path, Uint8Array.from(bytes));
  }

  removeFolder(path: string): void {
    for (const name of this.files.keys()) if (name.startsWith(`${path}/`)) this.files.delete(name);
  }

  sync(): void {
    // Nothing to do: memory does not outlive the process.
  }
}
