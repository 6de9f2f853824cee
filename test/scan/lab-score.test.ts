import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { type CaseTruth, score, type Score, type ScoredDocument } from "#lab/score.ts";
import { writeSuite } from "#lab/suite.ts";
import { loadRegister } from "#register/load.ts";
import { scan } from "#run/scan.ts";
import { contradictions, type Document } from "../contract/findings-schema.ts";

/**
 * Every case of the lab, scanned with its own declaration and register and scored strictly: claim, grade, element, receiver, subscriber, data, frames. Two seeds: two
 * other networks, with other addresses, roles, orders and times.
 */
const SEEDS = ["strict-one", "strict-two"];

const EXAMPLES = "test/captures/claims-examples";

async function document(directory: string): Promise<{ truth: CaseTruth; found: ScoredDocument }> {
  const truth = JSON.parse(readFileSync(join(directory, "truth.json"), "utf8")) as CaseTruth;
  const files = readdirSync(directory);
  const warrants = files.find((file) => file.startsWith("warrants."));
  const { document: found } = await scan({
    paths: files.filter((file) => file.includes(".pcap")).map((file) => join(directory, file)),
    declaration: loadDeclaration(join(directory, "network.yaml")),
    register: warrants === undefined ? null : loadRegister(join(directory, warrants)),
    skipBad: false,
    identities: true,
  });
  return { truth, found };
}

/** `broken`: what contradicts the contract in any of the documents. */
async function scoreAll(root: string, names: readonly string[], broken: string[]): Promise<Score> {
  const truths: CaseTruth[] = [];
  const documents = new Map<string, ScoredDocument>();
  for (const name of names) {
    const { truth, found } = await document(join(root, name));
    truths.push({ ...truth, case: name });
    documents.set(name, found);
    const wrong = contradictions(JSON.parse(JSON.stringify(found)) as Document, { identities: true });
    broken.push(...wrong.map((what) => `${name}: ${what}`));
  }
  return score(truths, documents);
}

const misses = (s: Score): string[] =>
  s.misses.map(({ case: name, expected, nearest }) =>
    nearest === null
      ? `${name}: no ${expected.claim}`
      : `${name}: ${expected.claim}, nearest is ${nearest.finding.claim} (${nearest.finding.grade}), which lacks ${nearest.lacks.join(", ")}`,
  );
const accusations = (s: Score): string[] =>
  s.accusations.map(({ case: name, finding, why }) => `${name}: ${finding.claim} (${finding.grade}), ${why}`);

describe("strict score", () => {
  it.each(SEEDS)("of the whole lab, seed %s", { timeout: 180_000 }, async (seed) => {
    const root = mkdtempSync(join(tmpdir(), "tapproof-score-"));
    const broken: string[] = [];
    const s = await scoreAll(root, writeSuite(seed, root), broken);
    rmSync(root, { recursive: true, force: true });
    expect(broken).toEqual([]);
    expect(accusations(s)).toEqual([]);
    expect(misses(s)).toEqual([]);
  });

  it("of the example cases", { timeout: 60_000 }, async () => {
    const names = readdirSync(EXAMPLES, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(EXAMPLES, entry.name, "truth.json")))
      .map((entry) => entry.name);
    const broken: string[] = [];
    const s = await scoreAll(EXAMPLES, names, broken);
    expect(broken).toEqual([]);
    expect(accusations(s)).toEqual([]);
    expect(misses(s)).toEqual([]);
  });
});
