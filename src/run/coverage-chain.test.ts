import { hash } from "node:crypto";
import { expect, test } from "vitest";
import { canonicalJson } from "#evidence/canonical-json.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { CoverageChain, type CoverageWord } from "./coverage-chain.ts";

const document = { findings: [], captures: [], coverage: { undecided: [], coveredInterceptions: 0 } } as unknown as FindingsDocument;

test("a week of watching: no hole in time, in numbers or in the chain of hashes", () => {
  let now = Date.UTC(2026, 0, 1);
  const chain = new CoverageChain(60_000, () => now);
  const words: CoverageWord[] = [];
  const end = now + 7 * 86_400_000;
  for (; now < end; now += 1_000) {
    const word = chain.due(false, () => ({ document, points: [] }));
    if (word !== undefined) words.push(word);
  }
  words.push(chain.due(true, () => ({ document, points: [] })) as CoverageWord);
  expect(words.length).toBe(7 * 24 * 60);
  words.forEach((word, i) => {
    const before = words[i - 1];
    expect(word.sequence).toBe(i);
    expect(word.previous).toBe(before === undefined ? null : hash("sha256", canonicalJson(before), "hex"));
    if (before !== undefined) expect(word.from).toBe(before.to);
  });
});
