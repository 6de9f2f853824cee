/**
 * One writer at a time, across processes. The lock is SQLite's on an empty file: the kernel lets go of it when its holder dies, so
 * there is no stale lock to guess about, which a file with a process id in it would need.
 */
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { EvidenceError } from "#evidence/evidence-error.ts";

/** How long another process may hold the lock before this one gives up. */
const WAIT_MILLISECONDS = 10_000;

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

export class FileLock {
  readonly #path: string;
  #database: DatabaseSync | undefined = undefined;
  #depth = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Runs `work` alone. May be nested within one object. Throws `log-locked` where another process does not let go. */
  hold<T>(work: () => T): T {
    this.acquire();
    try {
      return work();
    } finally {
      this.release();
    }
  }

  acquire(waitMilliseconds = WAIT_MILLISECONDS): void {
    if (this.#depth++ > 0) return;
    const deadline = Date.now() + waitMilliseconds;
    for (let polls = 0; ; polls++) {
      try {
        if (this.#database === undefined) {
          closeSync(openSync(this.#path, "a", 0o600));
          this.#database = new DatabaseSync(this.#path);
        }
        this.#database.exec("BEGIN EXCLUSIVE");
        return;
      } catch (error) {
        const why = error instanceof Error ? error.message : "";
        const busy = /locked|busy/.test(why);
        if (busy && Date.now() < deadline) {
          // SQLite's own waiting sleeps up to 100 ms at a time and starves beside a process that appends without pause.
          Atomics.wait(PAUSE, 0, 0, 0.5 + (polls % 7) / 4);
          continue;
        }
        this.#depth--;
        throw new EvidenceError(
          "log-locked",
          `${this.#path}: ${busy ? "another process is writing; try again when it is done" : `cannot be locked (${why}); check who may write there, and whether there is space left`}`,
        );
      }
    }
  }

  release(): void {
    if (this.#depth > 0 && --this.#depth === 0) this.#database?.exec("ROLLBACK");
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
    this.#depth = 0;
  }
}
