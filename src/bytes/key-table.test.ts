import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyTable } from "./key-table.ts";

function put(table: KeyTable, n: number): void {
  table.key[0] = n;
  table.key[1] = n ^ 0xffff;
}

test("agrees with a Map and with insertion order under any sequence of operations", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom("add", "touch", "remove", "evict"), fc.nat(300)), { maxLength: 800 }), (ops) => {
      const table = new KeyTable(2, 200, 7);
      const model = new Map<number, number>();
      for (const [op, n] of ops) {
        put(table, n);
        const slot = table.find();
        expect(slot >= 0).toBe(model.has(n));
        if (slot >= 0) expect(model.get(n)).toBe(slot);
        if (op === "add" && slot < 0) {
          const got = table.add();
          if (model.size === 200) expect(got).toBe(-1);
          else model.set(n, got);
        } else if (op === "touch" && slot >= 0) {
          table.touch(slot);
          model.delete(n);
          model.set(n, slot);
        } else if (op === "remove" && slot >= 0) {
          table.remove(slot);
          model.delete(n);
        } else if (op === "evict" && model.size > 0) {
          const [key, oldest] = model.entries().next().value as [number, number];
          expect(table.oldest()).toBe(oldest);
          table.remove(oldest);
          model.delete(key);
        }
        expect(table.size).toBe(model.size);
      }
    }),
  );
});
