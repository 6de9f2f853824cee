import fc from "fast-check";
import { expect, it } from "vitest";
import { nextZero } from "./zero.ts";

it("finds what indexOf finds, within its bounds", () => {
  const octets = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 }).map((list) => Uint8Array.from(list));
  fc.assert(
    fc.property(octets, fc.nat(40), fc.nat(40), (bytes, from, to) => {
      const end = Math.min(bytes.length, Math.max(from, to));
      const start = Math.min(from, end);
      const index = bytes.subarray(start, end).indexOf(0);
      expect(nextZero(bytes, start, end)).toBe(index < 0 ? end : start + index);
    }),
    { seed: 1, numRuns: 2000 },
  );
});
