import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SipHash } from "./siphash.ts";

/** The definition, word for word, in BigInt: slow, and written without looking at the lanes. */
function reference(c: number, d: number, key: Uint8Array, message: Uint8Array): bigint {
  const M = (1n << 64n) - 1n;
  const word = (b: Uint8Array, at: number): bigint => {
    let v = 0n;
    for (let i = 7; i >= 0; i--) v = (v << 8n) | BigInt(b[at + i] ?? 0);
    return v;
  };
  const rotl = (x: bigint, n: bigint): bigint => ((x << n) | (x >> (64n - n))) & M;
  const k0 = word(key, 0);
  const k1 = word(key, 8);
  let [v0, v1, v2, v3] = [k0 ^ 0x736f6d6570736575n, k1 ^ 0x646f72616e646f6dn, k0 ^ 0x6c7967656e657261n, k1 ^ 0x7465646279746573n];
  const round = (): void => {
    v0 = (v0 + v1) & M;
    v1 = rotl(v1, 13n) ^ v0;
    v0 = rotl(v0, 32n);
    v2 = (v2 + v3) & M;
    v3 = rotl(v3, 16n) ^ v2;
    v0 = (v0 + v3) & M;
    v3 = rotl(v3, 21n) ^ v0;
    v2 = (v2 + v1) & M;
    v1 = rotl(v1, 17n) ^ v2;
    v2 = rotl(v2, 32n);
  };
  const full = Math.floor(message.length / 8);
  for (let i = 0; i <= full; i++) {
    const last = i === full;
    let m = word(message, i * 8);
    if (last) m = (m & ((1n << 56n) - 1n)) | (BigInt(message.length & 255) << 56n);
    v3 ^= m;
    for (let r = 0; r < c; r++) round();
    v0 ^= m;
  }
  v2 ^= 0xffn;
  for (let r = 0; r < d; r++) round();
  return v0 ^ v1 ^ v2 ^ v3;
}

const key = Uint8Array.from({ length: 16 }, (_, i) => i);

function lanes(k: Uint8Array, message: Uint8Array): bigint {
  const sip = new SipHash(k);
  const padded = new Uint8Array(136);
  padded.set(message);
  const view = new DataView(padded.buffer);
  const count = Math.floor(message.length / 8) * 2;
  for (let i = 0; i < count; i++) sip.words[i] = view.getInt32(i * 4, true);
  sip.digest(count, view.getInt32(count * 4, true), view.getInt32(count * 4 + 4, true), message.length);
  return (BigInt(sip.hi >>> 0) << 32n) | BigInt(sip.lo >>> 0);
}

describe("SipHash", () => {
  test("the reference used here gives the vectors of the SipHash paper and of its 1-3 variant", () => {
    const in15 = Uint8Array.from({ length: 15 }, (_, i) => i);
    expect(reference(2, 4, key, in15)).toBe(0xa129ca6149be45e5n);
    expect(reference(2, 4, key, new Uint8Array(0))).toBe(0x726fdb47dd0e0e31n);
    expect(reference(1, 3, key, new Uint8Array(0))).toBe(0xabac0158050fc4dcn);
    expect(reference(1, 3, key, Uint8Array.of(0))).toBe(0xc9f49bf37d57ca93n);
    expect(reference(1, 3, key, Uint8Array.of(0, 1))).toBe(0x82cb9b024dc7d44dn);
  });

  test("two 32-bit lanes equal the 64-bit definition", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.uint8Array({ maxLength: 63 }), (k, m) => {
        expect(lanes(k, m)).toBe(reference(1, 3, k, m));
      }),
      { numRuns: 2000 },
    );
  });
});
