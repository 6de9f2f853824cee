/**
 * A bounded hash table whose entries are rows of one typed array: key, chain and the caller's numbers side by side, so that a packet
 * of a known entry touches one or two cache lines beside the bucket. For tables that every packet asks; `KeyTable` is for the rest.
 *
 * Keys are a fixed number of 32-bit words that the caller puts in `key` before each call. A slot's row begins at `slot * stride`
 * words; the caller's words begin at `payload`, which is even, so that `doubles` can be used there. Nothing is allocated but
 * to grow. The hash is seeded per table: whoever writes the traffic cannot choose keys that fall into one bucket.
 *
 * A row is key, chain, the epoch in which it was last used, the caller's words. `use` moves a slot towards recent use once an epoch, so that a packet
 * of a busy entry pays one comparison. An epoch ends when its owner says so (`tick`) and at the latest when an eighth of the table is new: whatever is
 * used more often than that outlives any flood of entries that are used once.
 *
 * Measured, 40,000 tunnels in random order, Node 24: 1,000 ns a packet with key, chain, numbers and an object each in arrays of
 * their own, 150 with one row: it is the cache misses that cost.
 */
export class RowTable {
  /** The words of the key that the next `find` or `add` uses. */
  readonly key: Int32Array;
  /** Words of a row. */
  readonly stride: number;
  /** Offset of the caller's words in a row. */
  readonly payload: number;
  /** All rows, and the same octets as doubles. New arrays after `add`: not to be kept. */
  rows: Int32Array;
  doubles: Float64Array;
  /** Slots in use. */
  size = 0;

  private readonly words: number;
  private readonly limit: number;
  private readonly seed: number;
  private capacity: number;
  private heads: Int32Array;
  private mask: number;
  /** Towards more and less recent use. Apart from the rows: moved once a second an entry, not once a packet. */
  private newer: Int32Array;
  private older: Int32Array;
  private newest = -1;
  private oldestSlot = -1;
  private free = -1;
  private used = 0;
  /** Buckets of the keys announced to `approach`. */
  private readonly ahead = new Int32Array(AHEAD);
  private nearing = 0;
  private epoch = 0;
  private newSlots = 0;
  private readonly epochSlots: number;
  protected loaded = 0;
  /** What was found last: packets come in trains. */
  private last = -1;

  /** `payloadWords`: the caller's words a row. `limit`: slots at most; `add` on a full table returns -1. */
  constructor(words: number, payloadWords: number, limit: number, seed: number) {
    this.words = words;
    this.payload = (words + 3) & ~1;
    this.stride = (this.payload + payloadWords + 1) & ~1;
    this.limit = Math.max(1, limit);
    this.epochSlots = Math.max(1, this.limit >> 3);
    this.seed = seed | 0;
    this.key = new Int32Array(words);
    this.capacity = Math.min(64, this.limit);
    this.heads = new Int32Array(128).fill(-1);
    this.mask = 127;
    this.rows = new Int32Array(this.capacity * this.stride);
    this.doubles = new Float64Array(this.rows.buffer);
    this.newer = new Int32Array(this.capacity);
    this.older = new Int32Array(this.capacity);
  }

  /** The slot of `key`, or -1. */
  find(): number {
    const { last } = this;
    if (last >= 0 && this.equals(last)) return last;
    const { rows, stride } = this;
    const chain = this.words;
    let slot = this.heads[this.bucket()] as number;
    while (slot >= 0 && !this.equals(slot)) slot = rows[slot * stride + chain] as number;
    this.last = slot;
    return slot;
  }

  /** `find` for keys of four words: no loop, and `key` is written only where there is none. */
  find4(a: number, b: number, c: number, d: number): number {
    const { last, rows, stride } = this;
    if (last >= 0 && holds4(rows, last * stride, a, b, c, d)) return last;
    let slot = this.heads[this.bucket4(a, b, c, d)] as number;
    while (slot >= 0) {
      const base = slot * stride;
      if (holds4(rows, base, a, b, c, d)) break;
      slot = rows[base + 4] as number;
    }
    this.last = slot;
    if (slot < 0) {
      const { key } = this;
      key[0] = a;
      key[1] = b;
      key[2] = c;
      key[3] = d;
    }
    return slot;
  }

  /** Takes a slot for `key`, which must not be in the table; its numbers are zero. -1 when the table is full. */
  add(): number {
    let slot = this.free;
    if (slot >= 0) this.free = this.rows[slot * this.stride + this.words] as number;
    else {
      if (this.used === this.capacity && !this.grow()) return -1;
      slot = this.used++;
    }
    const base = slot * this.stride;
    this.rows.fill(0, base, base + this.stride);
    this.rows.set(this.key, base);
    const bucket = this.bucket();
    this.rows[base + this.words] = this.heads[bucket] as number;
    this.heads[bucket] = slot;
    this.size++;
    this.link(slot);
    this.last = slot;
    if (++this.newSlots >= this.epochSlots) this.tick();
    this.rows[base + this.words + 1] = this.epoch;
    return slot;
  }

  /** Says that a slot is in use: marks it as recently used where that was not done in this epoch. */
  use(slot: number): void {
    const { rows, epoch } = this;
    const at = slot * this.stride + this.words + 1;
    if (rows[at] === epoch) return;
    rows[at] = epoch;
    this.touch(slot);
  }

  /** Begins another epoch: `use` moves each slot once in each. */
  tick(): void {
    this.epoch = (this.epoch + 1) & EPOCH_BITS;
    this.newSlots = 0;
  }

  /** Whether the slot, which once held the row of this key of four words, still does. */
  holds4(slot: number, a: number, b: number, c: number, d: number): boolean {
    const { rows } = this;
    const base = slot * this.stride;
    return holds4(rows, base, a, b, c, d) && rows[base + this.words + 1] !== FREE;
  }

  /** Marks a slot as the most recently used. */
  touch(slot: number): void {
    if (slot === this.newest) return;
    this.unlink(slot);
    this.link(slot);
  }

  /** The least recently used slot, or -1. */
  oldest(): number {
    return this.oldestSlot;
  }

  /** Gives a slot back. `key` is overwritten. */
  remove(slot: number): void {
    const { rows, stride, words } = this;
    const base = slot * stride;
    for (let i = 0; i < words; i++) this.key[i] = rows[base + i] as number;
    const bucket = this.bucket();
    let at = this.heads[bucket] as number;
    if (at === slot) this.heads[bucket] = rows[base + words] as number;
    else {
      while (rows[at * stride + words] !== slot) at = rows[at * stride + words] as number;
      rows[at * stride + words] = rows[base + words] as number;
    }
    this.unlink(slot);
    rows[base + words + 1] = FREE;
    rows[base + words] = this.free;
    this.free = slot;
    this.size--;
    this.last = -1;
  }

  /** Says that a key of four words will be asked for soon; `fetch` loads what belongs to those named since the last time, eight at most. */
  approach(a: number, b: number, c: number, d: number): void {
    if (this.nearing < AHEAD) this.ahead[this.nearing++] = this.bucket4(a, b, c, d);
  }

  /** Loads the rows of the keys announced: one tight loop a step, so that the cache misses of all overlap. Changes nothing. */
  fetch(): void {
    const { ahead, heads, rows, stride, nearing } = this;
    for (let i = 0; i < nearing; i++) ahead[i] = heads[ahead[i] as number] as number;
    let loaded = 0;
    for (let i = 0; i < nearing; i++) {
      const slot = ahead[i] as number;
      if (slot >= 0) loaded ^= (rows[slot * stride] as number) ^ (rows[slot * stride + stride - 1] as number);
    }
    // Kept, or the compiler would leave the loads out.
    this.loaded = loaded;
    this.nearing = 0;
  }

  private bucket(): number {
    const { key, words } = this;
    let h = this.seed;
    for (let i = 0; i < words; i++) {
      h = Math.imul(h ^ (key[i] as number), 0x85ebca6b);
      h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    }
    return (h ^ (h >>> 16)) & this.mask;
  }

  /** As `bucket`, of the key a, b, c, d. */
  private bucket4(a: number, b: number, c: number, d: number): number {
    let h = Math.imul(this.seed ^ a, 0x85ebca6b);
    h = Math.imul(Math.imul(h ^ (h >>> 13), 0xc2b2ae35) ^ b, 0x85ebca6b);
    h = Math.imul(Math.imul(h ^ (h >>> 13), 0xc2b2ae35) ^ c, 0x85ebca6b);
    h = Math.imul(Math.imul(h ^ (h >>> 13), 0xc2b2ae35) ^ d, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) & this.mask;
  }

  private equals(slot: number): boolean {
    const { key, rows, words } = this;
    const base = slot * this.stride;
    for (let i = 0; i < words; i++) if (rows[base + i] !== key[i]) return false;
    return true;
  }

  private grow(): boolean {
    if (this.capacity >= this.limit) return false;
    // Large tables grow by half: the old rows are there until the new ones are filled.
    const capacity = Math.min(this.capacity < 65_536 ? this.capacity * 2 : this.capacity + (this.capacity >> 1), this.limit);
    const rows = new Int32Array(capacity * this.stride);
    rows.set(this.rows);
    this.rows = rows;
    this.doubles = new Float64Array(rows.buffer);
    this.newer = wider(this.newer, capacity);
    this.older = wider(this.older, capacity);
    this.capacity = capacity;
    let buckets = 128;
    while (buckets < capacity + (capacity >> 1)) buckets *= 2;
    if (buckets === this.heads.length) return true;
    this.heads = new Int32Array(buckets).fill(-1);
    this.mask = buckets - 1;
    // grow() is only called with every slot in use, so all of them are chained anew; `key` is put back afterwards.
    const wanted = this.key.slice();
    for (let slot = 0; slot < this.used; slot++) {
      const base = slot * this.stride;
      for (let i = 0; i < this.words; i++) this.key[i] = rows[base + i] as number;
      const bucket = this.bucket();
      rows[base + this.words] = this.heads[bucket] as number;
      this.heads[bucket] = slot;
    }
    this.key.set(wanted);
    return true;
  }

  private link(slot: number): void {
    this.older[slot] = this.newest;
    this.newer[slot] = -1;
    if (this.newest >= 0) this.newer[this.newest] = slot;
    else this.oldestSlot = slot;
    this.newest = slot;
  }

  private unlink(slot: number): void {
    const newer = this.newer[slot] as number;
    const older = this.older[slot] as number;
    if (newer >= 0) this.older[newer] = older;
    else this.newest = older;
    if (older >= 0) this.newer[older] = newer;
    else this.oldestSlot = newer;
  }
}

/** Keys announced at a time. */
const AHEAD = 8;
const EPOCH_BITS = 0x7fffffff;
/** In the place of the epoch: nobody's row. */
const FREE = -1;

function holds4(rows: Int32Array, base: number, a: number, b: number, c: number, d: number): boolean {
  return rows[base] === a && rows[base + 1] === b && rows[base + 2] === c && rows[base + 3] === d;
}

function wider(from: Int32Array, length: number): Int32Array {
  const to = new Int32Array(length);
  to.set(from);
  return to;
}
