/**
 * Prints of windows in the order in which they came, overwritten oldest first: the match table's design (see `print-store.ts` of the packet
 * prints) with one print a record. A chain ends where it leads to a position that the ring has since given away.
 *
 * Record, 10 words: print lo, hi; time (a double, 2 words); leg; flow; frame; info; length of the packet; next older of its bucket.
 */
const STRIDE = 10;
export const Field = { LO: 0, HI: 1, TIME: 2, LEG: 4, FLOW: 5, FRAME: 6, INFO: 7, LENGTH: 8, OLDER: 9 } as const;
/** Records of a bucket looked at: many equal windows must not make a chain that is walked for ever. */
const CHAIN = 32;

export class WindowStore {
  words: Int32Array;
  /** Shortest age at which a record was overwritten, microseconds; Infinity while none was. */
  horizonMicros = Number.POSITIVE_INFINITY;
  private times: Float64Array;
  private heads: Int32Array;
  private capacity: number;
  private mask: number;
  private next = 1;
  private newest = Number.NEGATIVE_INFINITY;
  private readonly most: number;

  constructor(budgetBytes: number) {
    let most = 256;
    while (most * 2 * (STRIDE * 4 + 4) <= budgetBytes) most *= 2;
    this.most = most;
    this.capacity = Math.min(1024, most);
    this.mask = this.capacity - 1;
    const buffer = new ArrayBuffer(this.capacity * STRIDE * 4);
    this.words = new Int32Array(buffer);
    this.times = new Float64Array(buffer);
    this.heads = new Int32Array(this.capacity);
  }

  get size(): number {
    return Math.min(this.next - 1, this.capacity);
  }
  get bytes(): number {
    return this.capacity * (STRIDE * 4 + 4);
  }
  base(position: number): number {
    return (position & this.mask) * STRIDE;
  }
  time(base: number): number {
    return this.times[(base + Field.TIME) >> 1] as number;
  }

  /** Newest record with this print, 0 for none. */
  first(lo: number, hi: number): number {
    return this.seek(this.heads[lo & this.mask] as number, lo, hi);
  }
  older(position: number, lo: number, hi: number): number {
    return this.seek(this.words[this.base(position) + Field.OLDER] as number, lo, hi);
  }
  private seek(from: number, lo: number, hi: number): number {
    let p = from;
    for (let i = 0; i < CHAIN && p !== 0 && (this.next - p) >>> 0 <= this.capacity; i++) {
      const b = this.base(p);
      if (this.words[b] === lo && this.words[b + 1] === hi) return p;
      p = this.words[b + Field.OLDER] as number;
    }
    return 0;
  }

  insert(lo: number, hi: number, micros: number, leg: number, flow: number, frame: number, info: number, length: number): number {
    if (this.next > this.capacity) {
      if (this.capacity < this.most) this.grow();
      else this.horizonMicros = Math.min(this.horizonMicros, this.newest - this.time(this.base(this.next)));
    }
    if ((this.next | 0) === 0) this.next++;
    const p = this.next++ | 0;
    const b = this.base(p);
    const w = this.words;
    w[b] = lo;
    w[b + 1] = hi;
    this.times[(b + Field.TIME) >> 1] = micros;
    w[b + Field.LEG] = leg;
    w[b + Field.FLOW] = flow;
    w[b + Field.FRAME] = frame;
    w[b + Field.INFO] = info;
    w[b + Field.LENGTH] = length;
    const slot = lo & this.mask;
    w[b + Field.OLDER] = this.heads[slot] as number;
    this.heads[slot] = p;
    if (micros > this.newest) this.newest = micros;
    return p;
  }

  /** Widens the ring; only before it was full for the first time, so that positions keep their order. */
  private grow(): void {
    const old = this.capacity;
    const capacity = Math.min(old * 4, this.most);
    const buffer = new ArrayBuffer(capacity * STRIDE * 4);
    const words = new Int32Array(buffer);
    words.set(this.words);
    // Position `old` was at 0 and moves; the others stay.
    words.copyWithin(old * STRIDE, 0, STRIDE);
    this.words = words;
    this.times = new Float64Array(buffer);
    this.heads = new Int32Array(capacity);
    this.capacity = capacity;
    this.mask = capacity - 1;
    for (let p = 1; p < this.next; p++) {
      const b = this.base(p);
      const slot = (words[b] as number) & this.mask;
      words[b + Field.OLDER] = this.heads[slot] as number;
      this.heads[slot] = p;
    }
  }
}
