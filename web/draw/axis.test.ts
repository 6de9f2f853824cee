import { expect, test } from "vitest";
import { axisTicks } from "./axis.ts";
import { fitEnd, fitMiddle, short, widthOf, wrap, wrapTo } from "./text.ts";

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

test("text is cut to pixels: a name in its middle, because names differ in their ends", () => {
  const name = "enb-aix-marseille-saint-charles-029";
  const cut = fitMiddle(name, 120, 12);
  expect(cut).toMatch(/^enb-.+….*-029$/);
  expect(widthOf(cut, 12)).toBeLessThanOrEqual(120);
  expect(fitMiddle("spgw-1", 120, 12)).toBe("spgw-1");
  expect(fitMiddle("W".repeat(300), 8, 12)).toBe("…");
  expect(widthOf(fitEnd("une interception sans mandat 日本語", 90, 11), 11)).toBeLessThanOrEqual(90);
  expect(wrapTo(`SGW PGW, ${"x".repeat(50)}`, 60, 11, 4).every((line) => widthOf(line, 11) <= 60)).toBe(true);
});
