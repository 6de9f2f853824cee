import fc from "fast-check";
import { expect, test } from "vitest";
import { RowTable } from "./row-table.ts";

function put(table: RowTable, n: number): void {
  table.key[0] = n;
  table.key[1] = n ^ 0xffff;
}

test("agrees with a Map and with insertion order under any sequence of operations", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom("add", "touch", "remove", "evict"), fc.nat(300)), { maxLength: 800 }), (ops) => {
      const table = new RowTable(2, 4, 200, 7);
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

test("numbers of an entry survive growth, and begin at zero where a slot is used again", () => {
  const table = new RowTable(3, 5, 1000, 1);
  const at = (slot: number): number => slot * table.stride + table.payload;
  const put3 = (n: number): void => {
    table.key[0] = n;
    table.key[1] = -n;
    table.key[2] = 7;
  };
  for (let n = 0; n < 1000; n++) {
    put3(n);
    const slot = table.add();
    for (let i = 0; i < 5; i++) expect(table.rows[at(slot) + i]).toBe(0);
    table.doubles[at(slot) >> 1] = n + 0.5;
    table.rows[at(slot) + 4] = n;
  }
  for (let n = 0; n < 1000; n++) {
    put3(n);
    const slot = table.find();
    expect(table.doubles[at(slot) >> 1]).toBe(n + 0.5);
    expect(table.rows[at(slot) + 4]).toBe(n);
  }
  put3(1000);
  expect(table.add()).toBe(-1);
  table.remove(table.oldest());
  put3(1000);
  expect(table.rows[at(table.add()) + 4]).toBe(0);
});
