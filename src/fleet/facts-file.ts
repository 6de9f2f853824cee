/** Facts of one boot of a sensor, read in their order from a file that may grow meanwhile. */
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import type { Fact } from "#model/fact.ts";
import { decodeFact } from "#stream/codec.ts";

/** Octets read at a time. */
const BLOCK = 1 << 20;

export interface StampedFact {
  /** Time of the frame at hand, microseconds; Infinity after the end of the input. */
  readonly micros: number;
  /** Its capture, by the sensor's own number. */
  readonly capture: number;
  /** Null where the line could not be read. */
  readonly fact: Fact | null;
}

/** Stands before the next fact; at the end of the file it waits for more. */
export class FactsReader {
  /** Latest time stamp so far, microseconds. */
  lastMicros = 0;
  private readonly file: string;
  private offset = 0;
  private lines: string[] = [];
  private at = 0;
  private rest: Buffer = Buffer.alloc(0);
  private head: StampedFact | null = null;

  constructor(file: string) {
    this.file = file;
  }

  /** The next fact; null where there is none yet. */
  peek(): StampedFact | null {
    if (this.head !== null) return this.head;
    while (this.at >= this.lines.length) if (!this.fill()) return null;
    const line = this.lines[this.at++] as string;
    const space = line.indexOf(" ");
    const second = line.indexOf(" ", space + 1);
    const at = line.slice(0, space);
    this.head = {
      micros: at === "-" ? Infinity : Number(at),
      capture: Number(line.slice(space + 1, second)),
      fact: decodeFact(line.slice(second + 1)),
    };
    if (Number.isFinite(this.head.micros)) this.lastMicros = Math.max(this.lastMicros, this.head.micros);
    return this.head;
  }

  /** Goes past it. */
  skip(): void {
    this.head = null;
  }

  private fill(): boolean {
    if (!existsSync(this.file)) return false;
    const handle = openSync(this.file, "r");
    try {
      const block = Buffer.alloc(BLOCK);
      const got = readSync(handle, block, 0, BLOCK, this.offset);
      if (got === 0) return false;
      this.offset += got;
      const bytes = Buffer.concat([this.rest, block.subarray(0, got)]);
      const end = bytes.lastIndexOf(10);
      this.rest = bytes.subarray(end + 1);
      this.lines = end < 0 ? [] : bytes.toString("utf8", 0, end).split("\n");
      this.at = 0;
      return true;
    } finally {
      closeSync(handle);
    }
  }
}
