/**
 * The match table: prints in the order in which they came, overwritten oldest first, with a hash chain over each print.
 *
 * A ring of fixed-size records instead of a hash table with deletion gives three things at once: memory has a bound, the
 * age of the record that is overwritten *is* the time horizon ("copies delayed by more than … would be missed"), and
 * nothing is ever deleted: a chain ends where it leads to a position that the ring has since given to another packet.
 *
 * Record, 14 words: header print lo, hi; payload print lo, hi; leg; flow; frame; info; time (a double, 2 words);
 * length | seen << 16 | counted << 24; next older record with this header print; the same for the payload print; spare.
 */
export const STRIDE = 14;
export const Field = {
  HEADER_LO: 0,
  HEADER_HI: 1,
  PAYLOAD_LO: 2,
  PAYLOAD_HI: 3,
  LEG: 4,
  FLOW: 5,
  FRAME: 6,
  INFO: 7,
  TIME: 8,
  COUNTS: 10,
  OLDER_HEADER: 11,
  OLDER_PAYLOAD: 12,
  EXTRA: 13,
} as const;

/** Bits of `info`: what the record holds and what its octets are worth (see `flow-content.ts`). */
export const Info = {
  HAS_HEADER: 1,
  HAS_PAYLOAD: 2,
  CUT: 4,
  /** A packet of the network's own, kept for its content alone. */
  OWN: 8,
  TTL_SHIFT: 8,
  KIND_SHIFT: 16,
  OCTETS_SHIFT: 20,
} as const;

/**
 * Records a chain on average, where the table is full. Every packet writes two heads, somewhere in memory, and few packets read a
 * chain: heads that stay in the cache are worth a few steps of the reader.
 */
const HEAD_SHARE = 4;
/** A record and its share of two heads. */
const RECORD_OCTETS = STRIDE * 4 + 8 / HEAD_SHARE;

/** Records indexed at one time, at most. */
const BATCH = 128;

export class PrintStore {
  /** Records, `STRIDE` words each; the record of position `p` begins at `base(p)`. */
  words: Int32Array;
  times: Float64Array;
  /** The next record's position. Records keep it modulo 2^32; 0 means none. */
  next = 1;
  /** Shortest age at which a record was overwritten, microseconds of capture time; Infinity while nothing was. */
  horizonMicros = Number.POSITIVE_INFINITY;

  /** The first record that is in no chain yet. */
  private indexed = 1;
  private capacity: number;
  private mask: number;
  private readonly maxCapacity: number;
  private headHeader: Int32Array;
  private headPayload: Int32Array;
  private headMask: number;
  private newestTime = Number.NEGATIVE_INFINITY;

  constructor(budgetBytes: number) {
    let max = 1024;
    while (max * 2 * RECORD_OCTETS <= budgetBytes) max *= 2;
    this.maxCapacity = max;
    this.capacity = Math.min(4096, max);
    this.mask = this.capacity - 1;
    const buffer = new ArrayBuffer(this.capacity * STRIDE * 4);
    this.words = new Int32Array(buffer);
    this.times = new Float64Array(buffer);
    this.headHeader = new Int32Array(this.capacity / HEAD_SHARE);
    this.headPayload = new Int32Array(this.capacity / HEAD_SHARE);
    this.headMask = this.capacity / HEAD_SHARE - 1;
  }

  get size(): number {
    return Math.min(this.next - 1, this.capacity);
  }
  get maxRecords(): number {
    return this.maxCapacity;
  }
  get bytes(): number {
    return this.capacity * RECORD_OCTETS;
  }

  base(position: number): number {
    return (position & this.mask) * STRIDE;
  }

  /** Microseconds since the epoch of the record at `base`. */
  time(base: number): number {
    return this.times[(base + Field.TIME) >> 1] as number;
  }

  alive(position: number): boolean {
    return position !== 0 && (this.next - position) >>> 0 <= this.capacity;
  }

  /** Newest record with this header print, 0 for none. */
  firstHeader(lo: number, hi: number): number {
    if (this.indexed !== this.next) this.index();
    return this.seekHeader(this.headHeader[lo & this.headMask] as number, lo, hi);
  }
  olderHeader(position: number, lo: number, hi: number): number {
    return this.seekHeader(this.words[this.base(position) + Field.OLDER_HEADER] as number, lo, hi);
  }
  firstPayload(lo: number, hi: number): number {
    if (this.indexed !== this.next) this.index();
    return this.seekPayload(this.headPayload[lo & this.headMask] as number, lo, hi);
  }
  olderPayload(position: number, lo: number, hi: number): number {
    return this.seekPayload(this.words[this.base(position) + Field.OLDER_PAYLOAD] as number, lo, hi);
  }

  private seekHeader(from: number, lo: number, hi: number): number {
    let p = from;
    for (let i = 0; i < 64 && this.alive(p); i++) {
      const b = this.base(p);
      if (this.words[b] === lo && this.words[b + 1] === hi && ((this.words[b + Field.INFO] as number) & Info.HAS_HEADER) !== 0) return p;
      p = this.words[b + Field.OLDER_HEADER] as number;
    }
    return 0;
  }
  private seekPayload(from: number, lo: number, hi: number): number {
    let p = from;
    for (let i = 0; i < 64 && this.alive(p); i++) {
      const b = this.base(p);
      if (this.words[b + 2] === lo && this.words[b + 3] === hi && ((this.words[b + Field.INFO] as number) & Info.HAS_PAYLOAD) !== 0)
        return p;
      p = this.words[b + Field.OLDER_PAYLOAD] as number;
    }
    return 0;
  }

  /** Adds a record and returns its position. `info` says which prints it has. */
  insert(
    headerLo: number,
    headerHi: number,
    payloadLo: number,
    payloadHi: number,
    info: number,
    leg: number,
    flow: number,
    frame: number,
    micros: number,
    length: number,
  ): number {
    if (this.next > this.capacity) {
      if (this.capacity < this.maxCapacity) this.grow();
      else {
        const age = this.newestTime - this.time(this.base(this.next));
        if (age < this.horizonMicros) this.horizonMicros = age;
      }
    }
    if ((this.next | 0) === 0) this.next++;
    const p = this.next++ | 0;
    const b = this.base(p);
    const w = this.words;
    w[b] = headerLo;
    w[b + 1] = headerHi;
    w[b + 2] = payloadLo;
    w[b + 3] = payloadHi;
    w[b + Field.LEG] = leg;
    w[b + Field.FLOW] = flow;
    w[b + Field.FRAME] = frame;
    w[b + Field.INFO] = info;
    w[b + Field.COUNTS] = length > 0xffff ? 0xffff : length;
    w[b + Field.EXTRA] = 0;
    this.times[(b + Field.TIME) >> 1] = micros;
    if (micros > this.newestTime) this.newestTime = micros;
    if ((this.next - this.indexed) >>> 0 >= BATCH) this.index();
    return p;
  }

  /**
   * Puts the records since the last time into their chains. Many at once, as each touches two places of a large table: their misses overlap in a tight
   * loop, and do not between packets.
   */
  private index(): void {
    for (let p = this.indexed; p !== this.next; p++) {
      if ((p | 0) === 0) continue;
      const b = this.base(p);
      this.chain(p | 0, b, this.words[b + Field.INFO] as number);
    }
    this.indexed = this.next;
  }

  private chain(p: number, b: number, info: number): void {
    const w = this.words;
    if ((info & Info.HAS_HEADER) !== 0) {
      const h = (w[b] as number) & this.headMask;
      w[b + Field.OLDER_HEADER] = this.headHeader[h] as number;
      this.headHeader[h] = p;
    } else w[b + Field.OLDER_HEADER] = 0;
    if ((info & Info.HAS_PAYLOAD) !== 0) {
      const h = (w[b + 2] as number) & this.headMask;
      w[b + Field.OLDER_PAYLOAD] = this.headPayload[h] as number;
      this.headPayload[h] = p;
    } else w[b + Field.OLDER_PAYLOAD] = 0;
  }

  /** Widens the ring; only before it was full for the first time, so that positions keep their order. */
  private grow(): void {
    this.indexed = this.next;
    const old = this.capacity;
    const capacity = Math.min(old * 4, this.maxCapacity);
    const buffer = new ArrayBuffer(capacity * STRIDE * 4);
    const words = new Int32Array(buffer);
    // Position p lies at p & mask: position `old` was at 0 and moves; the others stay.
    words.set(this.words);
    words.copyWithin(old * STRIDE, 0, STRIDE);
    this.words = words;
    this.times = new Float64Array(buffer);
    this.headHeader = new Int32Array(capacity / HEAD_SHARE);
    this.headPayload = new Int32Array(capacity / HEAD_SHARE);
    this.headMask = capacity / HEAD_SHARE - 1;
    this.capacity = capacity;
    this.mask = capacity - 1;
    for (let p = 1; p < this.next; p++) {
      const b = this.base(p);
      this.chain(p, b, words[b + Field.INFO] as number);
    }
  }
}
