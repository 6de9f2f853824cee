import { expect, test } from "vitest";
import { HalfSipHash } from "./half-siphash.ts";

/** `vectors_hsip64` of the designers' reference implementation: key 00 … 07, message 00 01 02 …, of the lengths 0 and 1. */
const VECTORS = ["218d1f59b9b83cc8", "be552412f8387315"];

test("the designers' vectors", () => {
  const hash = new HalfSipHash(0x03020100, 0x07060504);
  const message = Uint8Array.from({ length: 64 }, (_, i) => i);
  VECTORS.forEach((expected, length) => {
    hash.digest(message, 0, length);
    const out = Buffer.alloc(8);
    out.writeInt32LE(hash.lo, 0);
    out.writeInt32LE(hash.hi, 4);
    expect(out.toString("hex"), `length ${length}`).toBe(expected);
  });
});

test("each octet, the length and the key count", () => {
  const digest = (k: number, bytes: number[]): string => {
    const hash = new HalfSipHash(k, 2);
    hash.digest(Uint8Array.from(bytes), 0, bytes.length);
    return `${hash.lo} ${hash.hi}`;
  };
  const seen = new Set([
    digest(1, []),
    digest(1, [0]),
    digest(1, [0, 0]),
    digest(1, [0, 0, 0, 0]),
    digest(1, [0, 0, 0, 0, 1]),
    digest(3, [0]),
  ]);
  expect(seen.size).toBe(6);
});
