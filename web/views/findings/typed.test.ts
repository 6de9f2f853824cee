import { expect, test } from "vitest";
import { takeTyped } from "./typed.ts";

const known = (filter: string, value: string): string | null =>
  filter === "grade"
    ? (["proven", "indication"].find((g) => g.startsWith(value.toLowerCase())) ?? null)
    : filter === "element"
      ? value
      : null;

test("whole terms are taken, words stay", () => {
  expect(takeTyped('grade:proven element:"epc 1" copied to', known, false)).toEqual({
    filters: { grade: ["proven"], element: ["epc 1"] },
    rest: "copied to",
    words: "copied to",
  });
});

test("a term that is still being typed is neither filter nor word, until Enter", () => {
  expect(takeTyped("copied element:ep", known, false)).toEqual({ filters: {}, rest: "copied element:ep", words: "copied" });
  expect(takeTyped("copied element:", known, false).words).toBe("copied");
  expect(takeTyped("copied element:ep", known, true)).toEqual({ filters: { element: ["ep"] }, rest: "copied", words: "copied" });
});

test("what is no filter, or has no such value, are words", () => {
  expect(takeTyped("sip:alice grade:high 10.0.0.1:80", known, true)).toEqual({
    filters: {},
    rest: "sip:alice grade:high 10.0.0.1:80",
    words: "sip:alice grade:high 10.0.0.1:80",
  });
});
