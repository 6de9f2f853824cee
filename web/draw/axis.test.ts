import { describe, expect, test } from "vitest";
import { timeTicks } from "./axis.ts";
import { fitEnd, fitMiddle, short, widthOf, wrap, wrapTo } from "./text.ts";

const HOUR = 3_600_000;
const SPANS = {
  second: 1000,
  "three minutes": 193_000,
  hour: HOUR,
  "a day and a half": 36 * HOUR,
  month: 720 * HOUR,
  "ten years": 87_660 * HOUR,
};

describe("names of a time axis", () => {
  const from = Date.parse("2026-11-24T03:03:35.417Z");
  for (const [name, span] of Object.entries(SPANS))
    test(`over ${name}: inside, apart from one another, as many as have room, in both languages and at any width`, () => {
      for (const language of ["en", "fr"] as const)
        for (let width = 60; width <= 2000; width += 97) {
          const room = { from: 0, to: width, left: 0, right: width, size: 11 };
          const ticks = timeTicks(from, from + span, room, language);
          let end = -Infinity;
          for (const { at, nameX, name: text } of ticks) {
            const half = widthOf(text, 11) / 2;
            expect(nameX - half).toBeGreaterThan(end);
            expect([nameX - half >= -0.5, nameX + half <= width + 0.5, at >= from, at <= from + span]).toEqual([true, true, true, true]);
            end = nameX + half;
          }
          // a wide axis has names; a narrow one has at least one
          expect(ticks.length).toBeGreaterThanOrEqual(width > 900 ? 3 : width > 150 ? 1 : 0);
        }
    });

  test("are round, and say the day where one begins and the year where it changes", () => {
    const names = (span: number, width: number) =>
      timeTicks(from, from + span, { from: 0, to: width, left: 0, right: width, size: 11 }, "en").map((t) => t.name);
    expect(names(193_000, 300)).toEqual(["03:04", "03:05", "03:06"]);
    expect(names(193_000, 460)).toEqual(["03:04:00", "03:04:30", "03:05:00", "03:05:30", "03:06:00", "03:06:30"]);
    expect(names(36 * HOUR, 400)).toEqual(["06:00", "12:00", "18:00", "25 Nov", "06:00", "12:00"]);
    expect(names(87_660 * HOUR, 600)[0]).toBe("2027");
    expect(names(1000, 400)).toEqual(["03:03:35.500", "03:03:36.000"]);
  });
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
