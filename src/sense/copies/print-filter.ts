/**
 * Which prints suspects have, in a few bits each (a Bloom filter of three bits in one word): most references ask it alone, and need no look-up in a
 * table that does not fit into the cache. False for sure where it says no. It grows with what it holds, so that it stays as sharp as it is small.
 *
 * Nobody outside can fill it on purpose: prints are keyed.
 */
const FIRST_WORDS = 1 << 10;
/** 4 MiB. */
const MOST_WORDS = 1 << 20;
/** Sixteen bits a print: one question in two hundred is answered yes without cause. */
const PRINTS_A_WORD = 2;

export class PrintFilter {
  private words = new Int32Array(FIRST_WORDS);
  private mask = FIRST_WORDS - 1;
  private count = 0;
  private enough = FIRST_WORDS * PRINTS_A_WORD;

  /** True once it holds more than it is made for: the caller then calls `renew` and adds all prints that it still has. */
  get full(): boolean {
    return this.count > this.enough;
  }

  add(lo: number, hi: number): void {
    const w = (lo >>> 10) & this.mask;
    this.words[w] = (this.words[w] as number) | bits(hi);
    this.count++;
  }

  mayHold(lo: number, hi: number): boolean {
    const wanted = bits(hi);
    return ((this.words[(lo >>> 10) & this.mask] as number) & wanted) === wanted;
  }

  /** Empties it and makes room for `prints`. */
  renew(prints: number): void {
    let words = this.words.length;
    while (words < MOST_WORDS && words * PRINTS_A_WORD < prints * 2) words *= 4;
    this.words = new Int32Array(words);
    this.mask = words - 1;
    this.count = 0;
    this.enough = Math.max(words * PRINTS_A_WORD, prints * 2);
  }
}

function bits(hi: number): number {
  return (1 << (hi & 31)) | (1 << ((hi >>> 5) & 31)) | (1 << ((hi >>> 10) & 31));
}
