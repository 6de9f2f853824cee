/**
 * A bounded hash table from short integer keys to slot numbers, with the least recently used slot at hand.
 *
 * Keys are a fixed number of 32-bit words that the caller puts in `key` before each call; slots are small
 * integers that index whatever the caller keeps per entry. Nothing is allocated after the arrays have grown:
 * `find`, `add`, `touch`, `remove` are O(1) on average. The hash is seeded per table, so that whoever
 * writes the traffic cannot choose keys that fall into one bucket.
 */
export class KeyTable {
  /** The words of the key that the next `find` or `add` uses. */
  readonly key: Uint32Array;
  /** Slots in use. */
  size = 0;

  private readonly words: number;
  private readonly limit: number;
  private readonly seed: number;
  private capacity: number;
  private heads: Int32Array;
  private mask: number;
  private keys: Uint32Array;
  private chain: Int32Array;
  private newer: Int32Array;
  private older: Int32Array;
  private newest = -1;
  private oldestSlot = -1;
  private free = -1;
  private used = 0;

  /** `limit`: slots at most; `add` on a full table returns -1. */
  constructor(words: number, limit: number, seed: number) {
    this.words = words;
    this.limit = Math.max(1, limit);
    this.seed = seed | 0;
    this.key = new Uint32Array(words);
    this.capacity = Math.min(64, this.limit);
    this.heads = new Int32Array(128).fill(-1);
    this.mask = 127;
    this.keys = new Uint32Array(this.capacity * words);
    this.chain = new Int32Array(this.capacity);
    this.newer = new Int32Array(this.capacity);
    this.older = new Int32Array(this.capacity);
  }

  /** The slot of `key`, or -1. */
  find(): number {
    let slot = this.heads[this.bucket()] as number;
    while (slot >= 0 && !this.equals(slot)) slot = this.chain[slot] as number;
    return slot;
  }

  /** Takes a slot for `key`, which must not be in the table; -1 when the table is full. */
  add(): number {
    let slot = this.free;
    if (slot >= 0) this.free = this.chain[slot] as number;
    else {
      if (this.used === this.capacity && !this.grow()) return -1;
      slot = this.used++;
    }
    this.keys.set(this.key, slot * this.words);
    const bucket = this.bucket();
    this.chain[slot] = this.heads[bucket] as number;
    this.heads[bucket] = slot;
    this.size++;
    this.link(slot);
    return slot;
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

  remove(slot: number): void {
    const base = slot * this.words;
    for (let i = 0; i < this.words; i++) this.key[i] = this.keys[base + i] as number;
    const bucket = this.bucket();
    let at = this.heads[bucket] as number;
    if (at === slot) this.heads[bucket] = this.chain[slot] as number;
    else {
      while (this.chain[at] !== slot) at = this.chain[at] as number;
      this.chain[at] = this.chain[slot] as number;
    }
    this.unlink(slot);
    this.chain[slot] = this.free;
    this.free = slot;
    this.size--;
  }

  private bucket(): number {
    let h = this.seed;
    for (let i = 0; i < this.words; i++) {
      h = Math.imul(h ^ (this.key[i] as number), 0x85ebca6b);
      h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    }
    return (h ^ (h >>> 16)) & this.mask;
  }

  private equals(slot: number): boolean {
    const base = slot * this.words;
    for (let i = 0; i < this.words; i++) if (this.keys[base + i] !== this.key[i]) return false;
    return true;
  }

  private grow(): boolean {
    if (this.capacity >= this.limit) return false;
    const capacity = Math.min(this.capacity * 2, this.limit);
    const wider = (from: Int32Array): Int32Array => {
      const to = new Int32Array(capacity);
      to.set(from);
      return to;
    };
    const keys = new Uint32Array(capacity * this.words);
    keys.set(this.keys);
    this.keys = keys;
    this.chain = wider(this.chain);
    this.newer = wider(this.newer);
    this.older = wider(this.older);
    this.capacity = capacity;
    let buckets = 128;
    while (buckets < capacity * 2) buckets *= 2;
    this.heads = new Int32Array(buckets).fill(-1);
    this.mask = buckets - 1;
    // grow() is only called with every slot in use, so all of them are chained anew; `key` is put back afterwards.
    const wanted = this.key.slice();
    for (let slot = 0; slot < this.used; slot++) {
      for (let i = 0; i < this.words; i++) this.key[i] = this.keys[slot * this.words + i] as number;
      const bucket = this.bucket();
      this.chain[slot] = this.heads[bucket] as number;
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
