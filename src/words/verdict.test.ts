import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { attestedSaid, weaknessSaid } from "./verdict.ts";

const source = (file: string): string => readFileSync(new URL(`../verify/${file}`, import.meta.url), "utf8");

test("every weakness and everything attested that the verifier knows is worded in both languages, in English as the verifier words it", () => {
  const attested = [
    ...source("attested.ts")
      .split("const all")[1]!
      .matchAll(/"([a-z-]+)",\s*"([^"]+)",?\s*\]/g),
  ].map(([, code = "", words = ""]) => ({ code, words }));
  expect(attested.length).toBeGreaterThanOrEqual(13);
  for (const one of attested) {
    expect(attestedSaid(one, "en")).toBe(one.words);
    expect(attestedSaid({ ...one, words: "" }, "fr")).not.toBe("");
  }
  const weak = [...source("strength.ts").matchAll(/say\("([a-z-]+)"/g)].map(([, code = ""]) => code);
  expect(weak.length).toBeGreaterThanOrEqual(6);
  for (const code of weak)
    for (const language of ["en", "fr"] as const)
      expect(
        weaknessSaid({ code, words: "", values: { sample: 4, octets: 1, claim: "covert-copy", scanned: "1", version: "2" } }, language),
      ).not.toMatch(/^$|undefined/);
});

test("several runs are told apart, and what a newer verifier says is passed on", () => {
  const weakness = { code: "sampled", words: "copies were searched for in one packet of 8 (run 1)", values: { sample: 8, run: 1 } };
  expect(weaknessSaid(weakness, "en")).toBe(weakness.words);
  expect(weaknessSaid(weakness, "fr")).toBe("les copies n'ont été cherchées que dans un paquet sur 8 (examen 1)");
  expect(weaknessSaid({ code: "constructor", words: "its own words", values: {} }, "fr")).toBe("its own words");
});
