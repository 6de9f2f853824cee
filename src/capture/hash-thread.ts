/**
 * SHA-256 of files in a thread of its own, beside the reading. It takes no less CPU (the file is read twice), but the time passes
 * on another core: of a large capture, hashing is a third to a half of reading and decoding. The result is the same; where the thread
 * fails, the file is hashed here.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { HashAnswer, HashOrder } from "./hash-worker.ts";

export class HashThread {
  /** Started with the first file. */
  private worker: Worker | undefined = undefined;
  private readonly waiting = new Map<number, (sha256: string | undefined) => void>();
  private next = 0;
  private broken = false;

  /** Begins with a file; ends it with `finish`. */
  begin(path: string): FileHash {
    const id = this.next++;
    if (!this.broken) this.order({ id, path });
    return { finish: (octets) => this.finish(id, path, octets) };
  }

  /** Ends the thread; hashes that were not asked for are given up. */
  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private async finish(id: number, path: string, octets: number): Promise<string | undefined> {
    const told = this.broken
      ? undefined
      : await new Promise<string | undefined>((resolve) => {
          this.waiting.set(id, resolve);
          // Until the answer is there, this is what the process waits for.
          this.worker?.ref();
          this.order({ id, octets });
        });
    return told ?? hashHere(path, octets);
  }

  private order(order: HashOrder): void {
    this.worker ??= this.start();
    this.worker.postMessage(order);
  }

  private start(): Worker {
    const worker = new Worker(workerFile());
    worker.unref();
    worker.on("message", ({ id, sha256 }: HashAnswer) => this.settle(id, sha256));
    worker.on("error", () => this.fail());
    worker.on("exit", () => this.fail());
    return worker;
  }

  private settle(id: number, sha256: string | undefined): void {
    const resolve = this.waiting.get(id);
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.worker?.unref();
    resolve?.(sha256);
  }

  private fail(): void {
    this.broken = true;
    for (const id of Array.from(this.waiting.keys())) this.settle(id, undefined);
  }
}

/** The hash of one file under way. */
export interface FileHash {
  /** SHA-256, hex, of the file's first `octets` octets; undefined where it has fewer by now. */
  finish(octets: number): Promise<string | undefined>;
}

function hashHere(path: string, octets: number): string | undefined {
  const hash = createHash("sha256");
  const block = new Uint8Array(1024 * 1024);
  const fd = openSync(path, "r");
  try {
    let position = 0;
    while (position < octets) {
      const got = readSync(fd, block, 0, Math.min(block.length, octets - position), position);
      if (got <= 0) return undefined;
      hash.update(block.subarray(0, got));
      position += got;
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest("hex");
}

/** Beside this file as source, in the bundle's folder when built (`tools/build`). */
function workerFile(): URL {
  const here = import.meta.url;
  if (here.endsWith(".ts")) return new URL("./hash-worker.ts", here);
  return new URL(/\/chunks\/[^/]*$/.test(here) ? "../hash-worker.js" : "./hash-worker.js", here);
}
