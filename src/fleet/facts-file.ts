/** Facts of one boot of a sensor, read again in their order. */
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

export function* factsOf(file: string): Generator<StampedFact> {
  for (const line of linesOf(file)) {
    const space = line.indexOf(" ");
    const second = line.indexOf(" ", space + 1);
    const at = line.slice(0, space);
    yield {
      micros: at === "-" ? Infinity : Number(at),
      capture: Number(line.slice(space + 1, second)),
      fact: decodeFact(line.slice(second + 1)),
    };
  }
}

function* linesOf(file: string): Generator<string> {
  if (!existsSync(file)) return;
  const handle = openSync(file, "r");
  try {
    const block = Buffer.alloc(BLOCK);
    let rest: Buffer = Buffer.alloc(0);
    for (let got = readSync(handle, block); got > 0; got = readSync(handle, block)) {
      const bytes = Buffer.concat([rest, block.subarray(0, got)]);
      let from = 0;
      for (let end = bytes.indexOf(10, from); end >= 0; end = bytes.indexOf(10, from)) {
        yield bytes.toString("utf8", from, end);
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
  } finally {
    closeSync(handle);
  }
}
