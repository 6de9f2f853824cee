/**
 * The match table: prints in the order in which they came, overwritten oldest first, with a hash chain over each print.
 *
 * A ring of fixed-size records instead of a hash table with deletion gives three things at once: memory has a bound, the
 * age of the record that is overwritten *is* the time horizon ("copies delayed by more than … would be missed"), and
 * nothing is ever deleted: a chain ends where it leads to a position that the ring has since given to another packet.
 *
 * The ring lies in segments that are taken one after the other, so that nothing is copied when it grows.
 *
 * Record, 12 words: header print lo, hi; payload print lo, hi; time (a double, 2 words); flow; frame; leg | length << 16; info;
 * next older record of this header print's chain; the same for the payload print.
 */
const STRIDE = 12;
const HEADER_LO = 0;
const HEADER_HI = 1;
const PAYLOAD_LO = 2;
const PAYLOAD_HI = 3;
const TIME = 4;
const FLOW = 6;
const FRAME = 7;
const WAY = 8;
const INFO = 9;
const OLDER_HEADER = 10;
const OLDER_PAYLOAD = 11;

/** Bits of `info`: what the record holds and, for an original, what its octets are worth (see `flow-content.ts`). */
export const Info = {
  HAS_HEADER: 1,
  HAS_PAYLOAD: 2,
  CUT: 4,
  /** Suspects: an original was found. */
  MATCHED: 8,
  TTL_SHIFT: 8,
  /** References: a `Content` value (4 bits), and octets of the payload window that count (5 bits). */
  KIND_SHIFT: 16,
  OCTETS_SHIFT: 20,
  /** Suspects: how often the carrier showed this packet, and how many of these were counted as copies (8 bits each). */
  SEEN_SHIFT: 16,
  COUNTED_SHIFT: 24,
} as const;

/**
 * Records a chain on average, at most (twice that where the ring is large and full). Every packet writes two heads, somewhere in memory, and few packets read a
 * chain: heads that stay in the cache are worth a few steps of the reader.
 */
const HEAD_SHARE = 4;
/** A record and its share of two heads. */
const RECORD_OCTETS = STRIDE * 4 + 8 / HEAD_SHARE;
const FIRST_HEADS = 4096;
/** More heads mean that all records are chained anew: seldom, so that it costs next to nothing a packet, and not for less than four times as many. */
const HEADS_GROW = 16;
const HEADS_GROW_LEAST = 4;

/** Records of a segment, at most: 1.5 MiB. */
const SEGMENT_SHIFT = 15;
/** Records indexed at one time, at most. */
const BATCH = 128;
/** Records of a chain looked at. */
const STEPS = 64;

export class PrintStore {
  /** Shortest age at which a record was overwritten, microseconds of capture time; Infinity while nothing was. */
  horizonMicros = Number.POSITIVE_INFINITY;
  /** Records there may be at one time. */
  readonly maxRecords: number;

  private readonly words: Int32Array[] = [];
  private readonly times: Float64Array[] = [];
  /** The next record's position. Records keep it modulo 2^32; 0 means none. */
  private next = 1;
  /** The first record that is in no chain yet. */
  private indexed = 1;
  /**
   * Whether anybody ever looked a print up. Until then records are in no chain and there are no heads, which a user plane without suspects at one point
   * never needs (docs/copies.md §9).
   */
  private asked = false;
  /** Segment of the next record, and where it goes in it. */
  private current = new Int32Array(0);
  private currentTimes = new Float64Array(0);
  private at = 0;
  private readonly mask: number;
  private readonly shift: number;
  private readonly segmentMask: number;
  private headHeader = new Int32Array(1);
  private headPayload = new Int32Array(1);
  private headMask = 0;
  private headsEnough = 0;
  private newestTime = Number.NEGATIVE_INFINITY;

  constructor(budgetBytes: number) {
    let max = 1024;
    while (max * 2 * RECORD_OCTETS <= budgetBytes) max *= 2;
    this.maxRecords = max;
    this.mask = max - 1;
    this.shift = Math.min(SEGMENT_SHIFT, Math.log2(max));
    this.segmentMask = (1 << this.shift) - 1;
  }

  get size(): number {
    return Math.min(this.next - 1, this.maxRecords);
  }
  get bytes(): number {
    return (this.words.length << this.shift) * STRIDE * 4 + this.headHeader.length * 8;
  }

  private segment(position: number): Int32Array {
    return this.words[(position & this.mask) >>> this.shift] as Int32Array;
  }
  private base(position: number): number {
    return (position & this.segmentMask) * STRIDE;
  }

  // What record `position` says. A position is good as long as the ring has not come round to it.
  headerLo(position: number): number {
    return this.segment(position)[this.base(position) + HEADER_LO] as number;
  }
  headerHi(position: number): number {
    return this.segment(position)[this.base(position) + HEADER_HI] as number;
  }
  payloadLo(position: number): number {
    return this.segment(position)[this.base(position) + PAYLOAD_LO] as number;
  }
  payloadHi(position: number): number {
    return this.segment(position)[this.base(position) + PAYLOAD_HI] as number;
  }
  info(position: number): number {
    return this.segment(position)[this.base(position) + INFO] as number;
  }
  setInfo(position: number, info: number): void {
    this.segment(position)[this.base(position) + INFO] = info;
  }
  ttl(position: number): number {
    return (this.info(position) >>> Info.TTL_SHIFT) & 255;
  }
  leg(position: number): number {
    return (this.segment(position)[this.base(position) + WAY] as number) & 0xffff;
  }
  /** IP octets of the packet, 65,535 at most. */
  length(position: number): number {
    return (this.segment(position)[this.base(position) + WAY] as number) >>> 16;
  }
  flow(position: number): number {
    return this.segment(position)[this.base(position) + FLOW] as number;
  }
  setFlow(position: number, flow: number): void {
    this.segment(position)[this.base(position) + FLOW] = flow;
  }
  frame(position: number): number {
    return this.segment(position)[this.base(position) + FRAME] as number;
  }
  /** Microseconds since the epoch. */
  time(position: number): number {
    return (this.times[(position & this.mask) >>> this.shift] as Float64Array)[(this.base(position) + TIME) >> 1] as number;
  }

  private alive(position: number): boolean {
    return position !== 0 && (this.next - position) >>> 0 <= this.maxRecords;
  }
  /** Positions of all records that are kept, oldest first. */
  *positions(): Generator<number> {
    for (let p = Math.max(1, this.next - this.maxRecords); p < this.next; p++) if ((p | 0) !== 0) yield p | 0;
  }

  /** Newest record with this header print, 0 for none. */
  firstHeader(lo: number, hi: number): number {
    if (this.indexed !== this.next) this.index();
    return this.seekHeader(this.headHeader[lo & this.headMask] as number, lo, hi);
  }
  olderHeader(position: number, lo: number, hi: number): number {
    return this.seekHeader(this.segment(position)[this.base(position) + OLDER_HEADER] as number, lo, hi);
  }
  firstPayload(lo: number, hi: number): number {
    if (this.indexed !== this.next) this.index();
    return this.seekPayload(this.headPayload[lo & this.headMask] as number, lo, hi);
  }
  olderPayload(position: number, lo: number, hi: number): number {
    return this.seekPayload(this.segment(position)[this.base(position) + OLDER_PAYLOAD] as number, lo, hi);
  }

  private seekHeader(from: number, lo: number, hi: number): number {
    let p = from;
    for (let i = 0; i < STEPS && this.alive(p); i++) {
      const w = this.segment(p);
      const b = this.base(p);
      if (w[b] === lo && w[b + HEADER_HI] === hi && ((w[b + INFO] as number) & Info.HAS_HEADER) !== 0) return p;
      p = w[b + OLDER_HEADER] as number;
    }
    return 0;
  }
  private seekPayload(from: number, lo: number, hi: number): number {
    let p = from;
    for (let i = 0; i < STEPS && this.alive(p); i++) {
      const w = this.segment(p);
      const b = this.base(p);
      if (w[b + PAYLOAD_LO] === lo && w[b + PAYLOAD_HI] === hi && ((w[b + INFO] as number) & Info.HAS_PAYLOAD) !== 0) return p;
      p = w[b + OLDER_PAYLOAD] as number;
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
    if (this.at >= this.current.length) this.enterSegment();
    const p = this.next | 0;
    const b = this.at;
    const w = this.current;
    if (this.next > this.maxRecords) {
      const age = this.newestTime - (this.currentTimes[(b + TIME) >> 1] as number);
      if (age < this.horizonMicros) this.horizonMicros = age;
    }
    this.next++;
    this.at += STRIDE;
    w[b] = headerLo;
    w[b + HEADER_HI] = headerHi;
    w[b + PAYLOAD_LO] = payloadLo;
    w[b + PAYLOAD_HI] = payloadHi;
    this.currentTimes[(b + TIME) >> 1] = micros;
    w[b + FLOW] = flow;
    w[b + FRAME] = frame;
    w[b + WAY] = leg | ((length > 0xffff ? 0xffff : length) << 16);
    w[b + INFO] = info;
    if (micros > this.newestTime) this.newestTime = micros;
    if (this.asked && this.next - this.indexed >= BATCH) this.index();
    return p;
  }

  /** The next record is the first of its segment (of the ring's first one: the second, as no record has position 0). */
  private enterSegment(): void {
    if ((this.next | 0) === 0) this.next++;
    const number = ((this.next | 0) & this.mask) >>> this.shift;
    if (number === this.words.length) {
      const buffer = new ArrayBuffer((1 << this.shift) * STRIDE * 4);
      this.words.push(new Int32Array(buffer));
      this.times.push(new Float64Array(buffer));
    }
    this.current = this.words[number] as Int32Array<ArrayBuffer>;
    this.currentTimes = this.times[number] as Float64Array<ArrayBuffer>;
    this.at = this.base(this.next | 0);
  }

  /**
   * Puts the records since the last time into their chains. Many at once, as each touches two places of a large table: their misses overlap in a tight
   * loop, and do not between packets.
   */
  private index(): void {
    if (!this.asked) this.firstIndex();
    if (this.next > this.headsEnough) this.moreHeads();
    for (let p = this.indexed; p !== this.next; p++) if ((p | 0) !== 0) this.chain(p | 0);
    this.indexed = this.next;
  }

  /** All that the ring holds is chained at once, with as many heads as it needs; what it gave away before is not looked at. */
  private firstIndex(): void {
    this.asked = true;
    this.indexed = Math.max(1, this.next - this.maxRecords);
    let heads = Math.min(FIRST_HEADS, this.maxRecords / HEAD_SHARE);
    while (heads * HEAD_SHARE < this.next && heads * HEADS_GROW_LEAST * HEAD_SHARE <= this.maxRecords)
      heads = Math.min(heads * HEADS_GROW, this.maxRecords / HEAD_SHARE);
    this.takeHeads(heads);
  }

  private chain(p: number): void {
    const w = this.segment(p);
    const b = this.base(p);
    const info = w[b + INFO] as number;
    if ((info & Info.HAS_HEADER) !== 0) {
      const h = (w[b] as number) & this.headMask;
      w[b + OLDER_HEADER] = this.headHeader[h] as number;
      this.headHeader[h] = p;
    } else w[b + OLDER_HEADER] = 0;
    if ((info & Info.HAS_PAYLOAD) !== 0) {
      const h = (w[b + PAYLOAD_LO] as number) & this.headMask;
      w[b + OLDER_PAYLOAD] = this.headPayload[h] as number;
      this.headPayload[h] = p;
    } else w[b + OLDER_PAYLOAD] = 0;
  }

  /** Only before the ring has come round for the first time, or as it is first asked: there are enough for it long before. */
  private moreHeads(): void {
    const heads = Math.min(this.headHeader.length * HEADS_GROW, this.maxRecords / HEAD_SHARE);
    if (heads < this.headHeader.length * HEADS_GROW_LEAST) {
      this.headsEnough = Number.POSITIVE_INFINITY;
      return;
    }
    this.takeHeads(heads);
    for (let p = 1; p < this.indexed; p++) this.chain(p);
  }

  private takeHeads(heads: number): void {
    this.headHeader = new Int32Array(heads);
    this.headPayload = new Int32Array(heads);
    this.headMask = heads - 1;
    this.headsEnough = heads * HEAD_SHARE;
  }
}
