/**
 * Files that are whole or not there, whatever happens: written beside, synced, renamed, and the folder synced, so that a kill or
 * a power cut leaves the old file or the new one.
 */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * `sync: false` leaves the syncing to the caller (`syncPath`): for many files made durable together. `alone`: no other writer of this file can be at work.
 */
export function writeWhole(
  path: string,
  content: Uint8Array | string,
  options: { readonly sync?: boolean; readonly mode?: number; readonly alone?: boolean } = {},
): void {
  // Under a lock one name is enough, and a kill leaves one file at most; without one, two writers must not share it.
  const beside = (options.alone ?? false) ? `${path}.tmp` : `${path}.${unique()}.tmp`;
  writeSynced(beside, content, options.mode ?? 0o600, options.sync ?? true);
  renameSync(beside, path);
  if (options.sync ?? true) syncPath(dirname(path));
}

/** Creates a file only where none is; answers whether it did. Two processes that race make one file. */
export function createWhole(path: string, content: Uint8Array | string, mode = 0o600): boolean {
  const beside = `${path}.${unique()}.tmp`;
  writeSynced(beside, content, mode, true);
  try {
    linkSync(beside, path);
    syncPath(dirname(path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

function unique(): string {
  return `${process.pid}.${randomBytes(4).toString("hex")}`;
}

/**
 * A folder of the owner's alone, with those above it. One by one: Node's `recursive` never ends where the system knows no such folder
 * although it has the one above (below `/proc`).
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let folder = resolve(path); statSync(folder, { throwIfNoEntry: false }) === undefined; folder = dirname(folder))
    missing.push(folder);
  for (const folder of missing.reverse()) {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** Makes a file's content, or a folder's list of names, survive a power cut. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function writeSynced(path: string, content: Uint8Array | string, mode: number, sync: boolean): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  // What a kill left, or a stranger laid there: the name itself goes, and nothing that it points at is opened.
  rmSync(path, { force: true });
  const descriptor = openSync(path, "wx", mode);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    if (sync) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
