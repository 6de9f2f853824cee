import { expect, test } from "vitest";
import { axisTicks } from "./axis.ts";
import { short, wrap } from "./text.ts";

test("ticks of time are round and inside", () => {
  const from = Date.parse("2026-11-24T03:03:35Z");
  const ticks = axisTicks(from, from + 193_000, 4);
  expect(ticks.map((t) => new Date(t).toISOString().slice(11, 19))).toEqual(["03:04:00", "03:05:00", "03:06:00"]);
  expect(axisTicks(from, from, 4)).toEqual([from]);
  expect(axisTicks(0, 1e13, 5).length).toBeLessThanOrEqual(50);
});

test("text that does not fit", () => {
  expect(short("abcdef", 4)).toBe("abc…");
  expect(wrap("one two three four", 8, 2)).toEqual(["one two", "three…"]);
});
