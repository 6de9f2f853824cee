/**
 * A bounded set of IPv4 addresses, as bits: users' addresses come from pools, so that 4,096 neighbours share a page of 512 octets,
 * and a whole pool stays in the cache where a hash table costs two misses a question. Addresses that lie too far apart for
 * pages go into a `Set`.
 */
export class Ipv4Set {
  size = 0;

  private readonly limit: number;
  /** Page number (address >>> 12) of each page, by place; open addressing from page number to place + 1. */
  private slots: Int32Array = new Int32Array(64);
  private mask = 63;
  private numbers: Int32Array = new Int32Array(32);
  private pages = 0;
  private bits: Int32Array = new Int32Array(WORDS * 32);
  private readonly scattered = new Set<number>();
  private lastNumber = -1;
  private lastPlace = -1;

  /** `limit`: addresses at most. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** `address` as an unsigned or signed 32-bit number. */
  has(address: number): boolean {
    const number = address >>> 12;
    const place = number === this.lastNumber ? this.lastPlace : this.place(number);
    if (place >= 0) return ((this.bits[place * WORDS + ((address >>> 5) & 127)] as number) & (1 << (address & 31))) !== 0;
    return this.scattered.size > 0 && this.scattered.has(address | 0);
  }

  /** False where the set is full. */
  add(address: number): boolean {
    if (this.has(address)) return true;
    if (this.size >= this.limit) return false;
    this.size++;
    const number = address >>> 12;
    let place = this.place(number);
    if (place < 0 && this.pages < MAX_PAGES) place = this.newPage(number);
    if (place < 0) this.scattered.add(address | 0);
    else {
      const word = place * WORDS + ((address >>> 5) & 127);
      this.bits[word] = (this.bits[word] as number) | (1 << (address & 31));
    }
    return true;
  }

  private place(number: number): number {
    let slot = hash(number) & this.mask;
    let place = (this.slots[slot] as number) - 1;
    while (place >= 0 && this.numbers[place] !== number) {
      slot = (slot + 1) & this.mask;
      place = (this.slots[slot] as number) - 1;
    }
    this.lastNumber = number;
    this.lastPlace = place;
    return place;
  }

  private newPage(number: number): number {
    const place = this.pages++;
    if (place === this.numbers.length) {
      const numbers = new Int32Array(place * 2);
      numbers.set(this.numbers);
      this.numbers = numbers;
      const bits = new Int32Array(place * 2 * WORDS);
      bits.set(this.bits);
      this.bits = bits;
      this.slots = new Int32Array(place * 4);
      this.mask = place * 4 - 1;
      for (let i = 0; i < place; i++) this.enter(numbers[i] as number, i);
    }
    this.numbers[place] = number;
    this.enter(number, place);
    this.lastNumber = number;
    this.lastPlace = place;
    return place;
  }

  private enter(number: number, place: number): void {
    let slot = hash(number) & this.mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & this.mask;
    this.slots[slot] = place + 1;
  }
}

const WORDS = 128;
/** 8 MiB of bits. */
const MAX_PAGES = 16_384;

/** Not seeded: whoever chooses addresses may make a page number collide with 16,383 others at most, and only where a user got each of them. */
function hash(number: number): number {
  const h = Math.imul(number, 0x9e3779b1);
  return h ^ (h >>> 15);
}
