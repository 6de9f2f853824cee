import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { writeSuite } from "#lab/suite.ts";
import type { FaultCode } from "#model/fault.ts";
import { loadRegister } from "#register/load.ts";
import { scan } from "#run/scan.ts";
import { detailName } from "#words/detail-words.ts";
import { isSaid, said } from "#words/said.ts";

/**
 * Whatever the program writes about any scenario of the lab can be read in French. Each sentence is named with the scenario in which it
 * was first written. One seed: the sentences are the same in each, only names and numbers differ.
 */
const SEED = "words";
const FAULTS: Readonly<Record<FaultCode, true>> = {
  short: true,
  cut: true,
  length: true,
  version: true,
  value: true,
  depth: true,
  count: true,
  checksum: true,
  incomplete: true,
  encoding: true,
};
/** Faults of decoders are codes (protocol, fault, field), shown as they stand in every language. */
/** Words of which French has no other use; names of the lab have none of them. */
const ENGLISH = /\b(the|of|to|and|with|nobody|was|were|sent|asked|is|for|this|that|which|there)\b/i;
const isCode = (why: string): boolean => Object.hasOwn(FAULTS, why.split(" ")[1] ?? "");

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

function sentencesOf({ findings, coverage }: FindingsDocument): string[] {
  return [
    ...findings.flatMap((f) => [
      f.summary,
      ...f.premises.map((p) => p.statement),
      ...f.ruledOut.flatMap((e) => [e.explanation, e.because]),
      ...f.arithmetic.flatMap((a) => [a.label, a.because]),
      ...f.witnesses.map((w) => w.summary),
    ]),
    ...coverage.notSeen,
    ...coverage.undecided.map((u) => u.why),
    ...coverage.gaps.filter((g) => g.kind !== "undecoded" || !isCode(g.why)).map((g) => g.why),
  ];
}

describe("all that the lab's scenarios make the program write", { timeout: 240_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), "tapproof-phrases-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  /** Sentence or key, and the scenario that first had it. */
  const sentences = new Map<string, string>();
  const keys = new Map<string, string>();

  beforeAll(async () => {
    for (const name of writeSuite(SEED, root)) {
      const document = await scanned(join(root, name));
      for (const sentence of sentencesOf(document)) if (!sentences.has(sentence)) sentences.set(sentence, name);
      for (const f of document.findings) for (const key of Object.keys(f.details)) if (!keys.has(key)) keys.set(key, name);
    }
  }, 240_000);

  it("is a good deal", () => {
    expect(sentences.size).toBeGreaterThan(500);
    expect(keys.size).toBeGreaterThan(30);
  });

  it("has French", () => {
    expect([...sentences].filter(([sentence]) => !isSaid(sentence, "fr")).map(([sentence, name]) => `${name}: ${sentence}`)).toEqual([]);
  });

  it("leaves no English in the French", () => {
    const french = [...sentences.keys()].map((sentence) => said(sentence, "fr"));
    expect(french.filter((sentence) => isSaid(sentence, "fr") && ENGLISH.test(sentence))).toEqual([]);
  });

  it("names its further facts in words", () => {
    expect([...keys].filter(([key]) => detailName(key, "fr") === undefined).map(([key, name]) => `${name}: ${key}`)).toEqual([]);
  });
});
