import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { writeSuite } from "#lab/suite.ts";
import { loadRegister } from "#register/load.ts";
import { scan } from "#run/scan.ts";
import { detailName } from "#words/detail-words.ts";
import { inLanguage, type Coded } from "#words/said.ts";
import { saidBy } from "#words/say.ts";

/**
 * Whatever the program writes about any scenario of the lab can be read in French. Each sentence is named with the scenario in which it
 * was first written. One seed: the sentences are the same in each, only names and numbers differ.
 */
const SEED = "words";
/** Words of which French has no other use; names of the lab have none of them. */
const ENGLISH = /(?<!\p{L})(the|of|to|and|with|nobody|was|were|sent|asked|is|for|this|that|which|there)(?!\p{L})/iu;

async function scanned(directory: string): Promise<FindingsDocument> {
  const files = readdirSync(directory);
  const warrants = files.find((file) => file.startsWith("warrants."));
  const { document } = await scan({
    paths: files.filter((file) => file.includes(".pcap")).map((file) => join(directory, file)),
    declaration: loadDeclaration(join(directory, "network.yaml")),
    register: warrants === undefined ? null : loadRegister(join(directory, warrants)),
    skipBad: false,
    identities: false,
  });
  return document;
}

function sentencesOf({ findings, coverage }: FindingsDocument): Coded[] {
  return [
    ...findings.flatMap((f) => [
      { text: f.summary, code: f.summaryCode, values: f.values },
      ...f.premises.map((p) => ({ text: p.statement, code: p.code, values: p.values })),
      ...f.ruledOut.flatMap((e) => [
        { text: e.explanation, code: e.code },
        { text: e.because, code: e.becauseCode, values: e.becauseValues },
      ]),
      ...f.arithmetic.flatMap((a) => [
        { text: a.label, code: a.code },
        { text: a.because, code: a.becauseCode, values: a.becauseValues },
      ]),
      ...f.witnesses.map((w) => ({ text: w.summary, code: w.summaryCode, values: w.values })),
    ]),
    ...coverage.notSeen.map((text, i) => ({ text, code: coverage.notSeenCodes?.[i]?.code, values: coverage.notSeenCodes?.[i]?.values })),
    ...coverage.undecided.map((u) => ({ text: u.why, code: u.code, values: u.values })),
    ...coverage.gaps.map((g) => ({ text: g.why, code: g.code, values: g.values })),
  ];
}

describe("all that the lab's scenarios make the program write", { timeout: 240_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), "tapproof-phrases-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  /** Sentence or key, and the scenario that first had it. */
  const sentences = new Map<string, { readonly said: Coded; readonly name: string }>();
  const keys = new Map<string, string>();

  beforeAll(async () => {
    for (const name of writeSuite(SEED, root)) {
      const document = await scanned(join(root, name));
      for (const said of sentencesOf(document)) if (!sentences.has(said.text)) sentences.set(said.text, { said, name });
      for (const f of document.findings) for (const key of Object.keys(f.details)) if (!keys.has(key)) keys.set(key, name);
    }
  }, 240_000);

  it("is a good deal", () => {
    expect(sentences.size).toBeGreaterThan(500);
    expect(keys.size).toBeGreaterThan(30);
  });

  it("has French, from code and values alone", () => {
    const lacking = [...sentences.values()].filter(({ said }) => inLanguage(said, "fr") === undefined);
    expect(lacking.map(({ said, name }) => `${name}: ${said.text}`)).toEqual([]);
  });

  it("has the English of its code and values", () => {
    const other = [...sentences.values()].filter(({ said }) => saidBy(said.code, said.values, "en") !== said.text);
    expect(other.map(({ said, name }) => `${name}: ${said.text}`)).toEqual([]);
  });

  it("leaves no English in the French", () => {
    const french = [...sentences.values()].filter(({ said }) => said.code !== "gap.fault").map(({ said }) => inLanguage(said, "fr") ?? "");
    expect(french.filter((sentence) => ENGLISH.test(sentence))).toEqual([]);
  });

  it("names its further facts in words", () => {
    expect([...keys].filter(([key]) => detailName(key, "fr") === undefined).map(([key, name]) => `${name}: ${key}`)).toEqual([]);
  });
});
