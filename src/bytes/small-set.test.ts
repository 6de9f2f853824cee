import fc from "fast-check";
import { expect, test } from "vitest";
import { SmallSet } from "./small-set.ts";

test("agrees with a Set, order of insertion included", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(20)), { maxLength: 200 }), (ops) => {
      const small = new SmallSet<number>();
      const model = new Set<number>();
      for (const [add, n] of ops) {
        if (add) {
          small.add(n);
          model.add(n);
        } else {
          small.delete(n);
          model.delete(n);
        }
        expect(small.size).toBe(model.size);
        expect(small.has(n)).toBe(model.has(n));
        expect([...small]).toEqual([...model]);
      }
    }),
  );
});

test("what is removed while it is walked is still visited once", () => {
  for (const count of [3, 20]) {
    const small = new SmallSet<number>();
    for (let i = 0; i < count; i++) small.add(i);
    const seen: number[] = [];
    for (const one of small) {
      seen.push(one);
      small.delete(one);
    }
    expect(seen).toHaveLength(count);
    expect(small.size).toBe(0);
  }
});
