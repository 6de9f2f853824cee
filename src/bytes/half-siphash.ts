/**
 * HalfSipHash-2-4 with 64 bits of output (Aumasson & Bernstein): a keyed hash in 32-bit arithmetic, so that no BigInt is needed.
 *
 * For choices that whoever writes the traffic would like to steer: without the key nobody can make two contents collide.
 */
export class HalfSipHash {
  /** Result of the last `digest`: the first and the second four octets, little-endian. */
  lo = 0;
  hi = 0;

  private readonly k0: number;
  private readonly k1: number;
  private v0 = 0;
  private v1 = 0;
  private v2 = 0;
  private v3 = 0;

  /** `k0`, `k1`: 32 bits of key each. */
  constructor(k0: number, k1: number) {
    this.k0 = k0 | 0;
    this.k1 = k1 | 0;
  }

  /** Hashes `bytes[start, end)`. */
  digest(bytes: Uint8Array, start: number, end: number): void {
    this.v0 = this.k0;
    this.v1 = this.k1 ^ 0xee;
    this.v2 = 0x6c796765 ^ this.k0;
    this.v3 = 0x74656462 ^ this.k1;
    let at = start;
    for (const last = end - 3; at < last; at += 4) {
      const word =
        (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
      this.v3 ^= word;
      this.rounds(2);
      this.v0 ^= word;
    }
    let rest = (end - start) << 24;
    for (let shift = 0; at < end; at++, shift += 8) rest |= (bytes[at] as number) << shift;
    this.v3 ^= rest;
    this.rounds(2);
    this.v0 ^= rest;
    this.v2 ^= 0xee;
    this.rounds(4);
    this.lo = this.v1 ^ this.v3;
    this.v1 ^= 0xdd;
    this.rounds(4);
    this.hi = this.v1 ^ this.v3;
  }

  private rounds(count: number): void {
    let { v0, v1, v2, v3 } = this;
    for (let i = 0; i < count; i++) {
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
    this.v0 = v0;
    this.v1 = v1;
    this.v2 = v2;
    this.v3 = v3;
  }
}
