import { expect, test } from "vitest";
import { PrintFilter } from "./print-filter.ts";

/** Spread like a print's halves. */
const lo = (i: number): number => Math.imul(i, 0x9e3779b1) ^ Math.imul(i >>> 7, 0x85ebca6b);
const hi = (i: number): number => Math.imul(i + 77, 0xc2b2ae35) ^ (i >>> 3);

test("holds all that was added, and little else, also after it grew", () => {
  const filter = new PrintFilter();
  for (let i = 0; i < 100_000; i++) {
    filter.add(lo(i), hi(i));
    if (!filter.full) continue;
    filter.renew(i + 1);
    for (let k = 0; k <= i; k++) filter.add(lo(k), hi(k));
  }
  for (let i = 0; i < 100_000; i++) if (!filter.mayHold(lo(i), hi(i))) expect.fail(`print ${i} is missing`);
  let wrong = 0;
  for (let i = 200_000; i < 300_000; i++) if (filter.mayHold(lo(i), hi(i))) wrong++;
  expect(wrong).toBeLessThan(3000);
});

test("what was forgotten is gone after it is renewed", () => {
  const filter = new PrintFilter();
  filter.add(lo(1), hi(1));
  filter.renew(0);
  expect(filter.mayHold(lo(1), hi(1))).toBe(false);
});
