/**
 * Octets of one direction of a stream that wait for the rest of their message, with the origin of the chunk that
 * brought each of them. Bounded by its owner: `size` says how much waits.
 */
export class Pending<O> {
  /** Taken with the first octet: most streams are no stream of messages, and thousands may be open. */
  bytes: Uint8Array = NOTHING;
  /** First octet that waits, and one past the last. */
  start = 0;
  end = 0;
  /** Index one past the chunk's last octet, and what came with the chunk. */
  private ends: number[] = [];
  private origins: O[] = [];

  private readonly initialOctets: number;

  constructor(initialOctets = 4096) {
    this.initialOctets = Math.max(1, initialOctets);
  }

  get size(): number {
    return this.end - this.start;
  }

  append(source: Uint8Array, from: number, to: number, origin: O): void {
    const count = to - from;
    if (count <= 0) return;
    if (this.end + count > this.bytes.length) this.makeRoom(count);
    this.bytes.set(source.subarray(from, to), this.end);
    this.end += count;
    this.ends.push(this.end);
    this.origins.push(origin);
  }

  /** Origins of the chunks that brought any of the `count` octets from `start`, in order. */
  originsOf(count: number): O[] {
    const out: O[] = [];
    const to = this.start + count;
    let previousEnd = this.start;
    for (let i = 0; i < this.ends.length; i += 1) {
      if (previousEnd >= to) break;
      const end = this.ends[i] as number;
      if (end > this.start) out.push(this.origins[i] as O);
      previousEnd = end;
    }
    return out;
  }

  /** Forgets the first `count` octets. */
  consume(count: number): void {
    this.start = Math.min(this.end, this.start + count);
    let done = 0;
    while (done < this.ends.length && (this.ends[done] as number) <= this.start) done += 1;
    if (done === this.ends.length) {
      if (done > 0) this.ends = [];
      if (done > 0) this.origins = [];
    } else if (done > 0) {
      this.ends.splice(0, done);
      this.origins.splice(0, done);
    }
    if (this.start === this.end) {
      this.start = this.end = 0;
      giveBack(this.bytes);
      this.bytes = NOTHING;
    }
  }

  clear(): void {
    this.consume(this.size);
  }

  private makeRoom(count: number): void {
    const size = this.size;
    let room = Math.max(this.initialOctets, this.bytes.length);
    // Twice the need, so that moving octets to the front stays rare however full it is.
    while (room < 2 * (size + count)) room *= 2;
    const target = room === this.bytes.length ? this.bytes : take(room);
    if (target === this.bytes) target.copyWithin(0, this.start, this.end);
    else target.set(this.bytes.subarray(this.start, this.end));
    for (let i = 0; i < this.ends.length; i += 1) this.ends[i] = (this.ends[i] as number) - this.start;
    if (target !== this.bytes) giveBack(this.bytes);
    this.bytes = target;
    this.start = 0;
    this.end = size;
  }
}

/** Arrays that nobody uses at the moment, one size alone: most streams show one segment, hold nothing, and are never heard of again. */
const SPARE_OCTETS = 4096;
/** Past it, arrays that are let go are left to the collector. */
const MAX_SPARE = 64;
const spare: Uint8Array[] = [];

function take(octets: number): Uint8Array {
  return (octets <= SPARE_OCTETS ? spare.pop() : undefined) ?? new Uint8Array(Math.max(octets, SPARE_OCTETS));
}

function giveBack(bytes: Uint8Array): void {
  if (bytes.length === SPARE_OCTETS && spare.length < MAX_SPARE) spare.push(bytes);
}

const NOTHING = new Uint8Array(0);
