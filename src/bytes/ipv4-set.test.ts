import fc from "fast-check";
import { expect, test } from "vitest";
import { Ipv4Set } from "./ipv4-set.ts";

test("agrees with a Set, for neighbours and for addresses far apart", () => {
  const address = fc.oneof(fc.integer({ min: 0x64400000, max: 0x64410000 }), fc.integer({ min: 0, max: 0xffffffff }));
  fc.assert(
    fc.property(fc.array(address, { maxLength: 500 }), fc.array(address, { maxLength: 100 }), (added, asked) => {
      const set = new Ipv4Set(1_000_000);
      const model = new Set<number>();
      for (const one of added) {
        expect(set.has(one)).toBe(model.has(one));
        expect(set.add(one)).toBe(true);
        model.add(one);
      }
      for (const one of [...asked, ...added]) {
        expect(set.has(one)).toBe(model.has(one));
        expect(set.has(one | 0)).toBe(model.has(one));
      }
      expect(set.size).toBe(model.size);
    }),
  );
});

test("more pages than fit go on as single addresses; past the limit nothing is added", () => {
  const set = new Ipv4Set(20_000);
  for (let i = 0; i < 20_000; i++) expect(set.add((i << 12) | (i & 4095))).toBe(true);
  expect(set.add(1)).toBe(false);
  for (let i = 0; i < 20_000; i++) {
    expect(set.has((i << 12) | (i & 4095))).toBe(true);
    expect(set.has((i << 12) | ((i + 1) & 4095))).toBe(false);
  }
});
