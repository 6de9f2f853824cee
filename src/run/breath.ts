/**
 * Files are read without ever waiting, so that nothing else of the process gets a turn: no signal is heard and no timer runs until all is read.
 * Work that lasts takes a breath between two pieces.
 */
import { setImmediate } from "node:timers/promises";

/** Milliseconds of work between two breaths: a person who presses Ctrl-C does not notice them. */
const WORK_MS = 100;

export class Breath {
  #next = 0;

  /** To be awaited where it is due; undefined otherwise, so that the hot path makes no promise. */
  due(): Promise<void> | undefined {
    const now = Date.now();
    if (now < this.#next) return undefined;
    this.#next = now + WORK_MS;
    return setImmediate();
  }
}
