/**
 * What a carrier has in common with one flow of a subscriber (a trial is a pair of both), as rows of numbers: a carrier that copies
 * a whole network has a hundred thousand of them, and as objects they cost the collector more than all look-ups.
 */
import { limits } from "./limits.ts";

/** Words of a row; `BYTES` is half of a double's index. */
export const Pair = {
  LEG: 0,
  FLOW: 1,
  SUBSCRIBER: 2,
  /** Prints offered by the flow. */
  OFFERED: 3,
  /** Distinct inputs that agree; of these by payload alone, by header alone; and those of frames that the capture cut, apart. */
  MATCHES: 4,
  BY_PAYLOAD: 5,
  SLICED: 6,
  WEAK: 7,
  PACKETS: 8,
  /** Session-unique bits by kind of content. */
  SEQUENCE: 9,
  CIPHER: 10,
  RANDOM: 11,
  DNS: 12,
  SSRC: 13,
  /** Flows of others that carried payload, and those that hold the same; -1 where nothing plain agreed. */
  PLAIN_OTHERS: 14,
  PLAIN_HOLDING: 15,
  /** Distinct windows of ciphertext that matched, and what they are worth. */
  WINDOWS: 16,
  WINDOW_CIPHER: 17,
  /** What the flow table said when the pair was made: it may forget the flow before the end. */
  UPLINK: 18,
  PROTOCOL: 19,
  REMOTE_PORT: 20,
  SEEN: 21,
  REMOTE: 22,
  /** The next pair of this carrier, in the order in which they came; 0 for none. */
  NEXT_OF_LEG: 26,
  NEXT_OF_CHAIN: 27,
  BYTES: 28,
} as const;
const WORDS = 30;

/** What windows of content showed of a pair. */
export interface PairWindows {
  /** Low halves of the prints credited. */
  readonly credited: number[];
  /** Prints of windows of plain content, low and high half by turns. */
  readonly plain: number[];
  /** Packets of the flow whose windows were found. */
  readonly packets: Set<number>;
}

export class PairTable {
  /** Row 0 is nobody's. New arrays after `add`: not to be kept. */
  words: Int32Array;
  doubles: Float64Array;
  /** Pairs past the limit: their packets are counted, without evidence of their own. */
  dropped = 0;

  private count = 0;
  private capacity = 256;
  private heads: Int32Array;
  private readonly sequences = new Map<number, number[]>();
  private readonly windows = new Map<number, PairWindows>();
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed | 0;
    this.words = new Int32Array(this.capacity * WORDS);
    this.doubles = new Float64Array(this.words.buffer);
    this.heads = new Int32Array(this.capacity);
  }

  /** Where the row of this pair begins, 0 where there is none. */
  find(leg: number, flow: number): number {
    const { words } = this;
    let row = this.heads[this.bucket(leg, flow)] as number;
    while (row !== 0 && (words[row] !== leg || words[row + Pair.FLOW] !== flow)) row = words[row + Pair.NEXT_OF_CHAIN] as number;
    return row;
  }

  /** A row for a pair that is not in the table, all zero; 0 where the table is full. */
  add(leg: number, flow: number): number {
    if (this.count >= limits.pairs) {
      this.dropped++;
      return 0;
    }
    if (++this.count >= this.capacity) this.grow();
    const row = this.count * WORDS;
    this.words[row] = leg;
    this.words[row + Pair.FLOW] = flow;
    this.words[row + Pair.PLAIN_OTHERS] = -1;
    this.chain(row);
    return row;
  }

  bytes(row: number): number {
    return this.doubles[(row + Pair.BYTES) >> 1] as number;
  }
  addBytes(row: number, octets: number): void {
    this.doubles[(row + Pair.BYTES) >> 1] = this.bytes(row) + octets;
  }

  /** Sequence numbers at which ciphertext was credited, so that no octet is twice; few, as 256 bits are enough. */
  creditedSequences(row: number): number[] {
    let sequences = this.sequences.get(row);
    if (sequences === undefined) {
      sequences = [];
      this.sequences.set(row, sequences);
    }
    return sequences;
  }

  /** `PairWindows.plain`, where there is any. */
  plainOf(row: number): readonly number[] {
    return this.windows.get(row)?.plain ?? [];
  }

  windowsOf(row: number): PairWindows {
    let windows = this.windows.get(row);
    if (windows === undefined) {
      windows = { credited: [], plain: [], packets: new Set() };
      this.windows.set(row, windows);
    }
    return windows;
  }

  private bucket(leg: number, flow: number): number {
    const h = Math.imul(Math.imul(leg ^ this.seed, 0x9e3779b1) ^ flow, 0x85ebca6b);
    return (h ^ (h >>> 15)) & (this.heads.length - 1);
  }

  private chain(row: number): void {
    const bucket = this.bucket(this.words[row] as number, this.words[row + Pair.FLOW] as number);
    this.words[row + Pair.NEXT_OF_CHAIN] = this.heads[bucket] as number;
    this.heads[bucket] = row;
  }

  private grow(): void {
    this.capacity *= 2;
    const words = new Int32Array(this.capacity * WORDS);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(words.buffer);
    this.heads = new Int32Array(this.capacity);
    for (let i = 1; i < this.count; i++) this.chain(i * WORDS);
  }
}
