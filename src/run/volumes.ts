/**
 * Octets on the wire over time, at each point: what a drawing of activity is made from. Slices are seconds at first, and wider for all as soon as
 * there would be too many: a case of a month has minutes or more, and no more rows than one of an hour.
 */
import type { FrameBatch } from "#model/frame.ts";

export const VOLUME_LIMITS = {
  /** Slices of all points together; past it every slice becomes twice as wide. */
  slices: 1 << 16,
  /** Points with volumes of their own; those of later ones are not kept. */
  points: 4096,
} as const;

export interface Volume {
  readonly point: number;
  /** Seconds since the epoch at which the slice begins. */
  readonly from: number;
  readonly seconds: number;
  readonly packets: number;
  readonly bytes: number;
}

/** Room for 2^40 slices of a point below 2^53. */
const PER_POINT = 2 ** 40;

interface Slice {
  packets: number;
  bytes: number;
}

export class Volumes {
  private seconds = 1;
  private slices = new Map<number, Slice>();
  private readonly most: number;

  constructor(most: number = VOLUME_LIMITS.slices) {
    this.most = most;
  }

  batch({ point, sec, original }: FrameBatch, from: number, to: number): void {
    let lastPoint = -1;
    let end = -1;
    let begin = 0;
    let slice: Slice | undefined;
    for (let i = from; i < to; i++) {
      const at = sec[i] as number;
      const where = point[i] as number;
      if (where !== lastPoint || at < begin || at >= end) {
        lastPoint = where;
        slice = where < VOLUME_LIMITS.points ? this.at(where, at) : undefined;
        begin = Math.floor(at / this.seconds) * this.seconds;
        end = begin + this.seconds;
      }
      if (slice === undefined) continue;
      slice.packets++;
      slice.bytes += original[i] as number;
    }
  }

  private at(point: number, sec: number): Slice {
    for (;;) {
      const key = point * PER_POINT + Math.floor(sec / this.seconds);
      const known = this.slices.get(key);
      if (known !== undefined) return known;
      // a hostile capture may have its points and times where it likes: the widest slice holds all time there is
      if (this.slices.size < this.most || this.seconds > 1e10) {
        const made: Slice = { packets: 0, bytes: 0 };
        this.slices.set(key, made);
        return made;
      }
      this.widen();
    }
  }

  private widen(): void {
    this.seconds *= 2;
    const wider = new Map<number, Slice>();
    for (const [key, { packets, bytes }] of this.slices) {
      const point = Math.floor(key / PER_POINT);
      const joined = point * PER_POINT + Math.floor((key - point * PER_POINT) / 2);
      const known = wider.get(joined);
      if (known === undefined) wider.set(joined, { packets, bytes });
      else {
        known.packets += packets;
        known.bytes += bytes;
      }
    }
    this.slices = wider;
  }

  *all(): Generator<Volume> {
    for (const [key, { packets, bytes }] of this.slices) {
      const point = Math.floor(key / PER_POINT);
      yield { point, from: (key - point * PER_POINT) * this.seconds, seconds: this.seconds, packets, bytes };
    }
  }
}
