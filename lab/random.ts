/**
 * The lab's only source of chance: everything a scenario draws comes from here, so that a seed and a scenario name
 * give the same captures on every machine. sfc32 (public domain), seeded by FNV-1a over a text.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d = 1;

  constructor(seed: string) {
    const word = (salt: string): number => {
      let h = 0x811c9dc5;
      for (const ch of `${salt}/${seed}`) h = Math.imul(h ^ (ch.codePointAt(0) ?? 0), 0x01000193);
      return h >>> 0;
    };
    this.a = word("a");
    this.b = word("b");
    this.c = word("c");
    for (let i = 0; i < 16; i++) this.u32();
  }

  u32(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.u32() / 0x1_0000_0000;
  }

  /** Uniform integer, both ends included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  chance(p: number): boolean {
    return this.unit() < p;
  }

  pick<T>(from: readonly T[]): T {
    const item = from[this.int(0, from.length - 1)];
    if (item === undefined) throw new Error("pick from an empty list");
    return item;
  }

  /** `count` different items, in random order. */
  sample<T>(from: readonly T[], count: number): T[] {
    const rest = [...from];
    const out: T[] = [];
    while (out.length < count && rest.length > 0) out.push(...rest.splice(this.int(0, rest.length - 1), 1));
    return out;
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const word = this.u32();
      for (let j = 0; j < 4 && i + j < length; j++) out[i + j] = (word >>> (8 * j)) & 0xff;
    }
    return out;
  }

  digits(length: number): string {
    let out = "";
    for (let i = 0; i < length; i++) out += this.int(0, 9);
    return out;
  }

  hex(length: number): string {
    return Buffer.from(this.bytes(Math.ceil(length / 2)))
      .toString("hex")
      .slice(0, length);
  }

  /** A gap between events with the given mean (exponential, at most five means). */
  gap(mean: number): number {
    return Math.min(5 * mean, -Math.log(1 - this.unit()) * mean);
  }

  /** A generator of its own, so that more draws in one part do not shift those of another. */
  fork(name: string): Random {
    return new Random(`${name}:${this.hex(16)}`);
  }
}
