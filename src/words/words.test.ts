import { describe, expect, it } from "vitest";
import { CLAIMS, GRADES } from "#model/finding.ts";
import { WORDS } from "./words.ts";

describe.each(["en", "fr"] as const)("words: %s", (language) => {
  const words = WORDS[language];
  it("names every claim and grade, each differently", () => {
    expect(new Set(CLAIMS.map((c) => words.claims[c].name)).size).toBe(CLAIMS.length);
    expect(new Set(GRADES.map((g) => words.grades[g])).size).toBe(GRADES.length);
  });
  it("uses none of the words that judge people (look.md)", () => {
    const all = JSON.stringify(words) + words.report.attribution("x", "y");
    expect(all).not.toMatch(/attack|attaque|hacker|pirate|\bspy|espion/i);
  });
  it("counts", () =>
    expect([0, 1, 2].map((n) => words.subscribers(n))).toEqual(
      language === "en" ? ["0 subscribers", "1 subscriber", "2 subscribers"] : ["0 abonné", "1 abonné", "2 abonnés"],
    ));
});
