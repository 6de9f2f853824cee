import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { Signer } from "#evidence/keys/signer.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { judge } from "#fleet/judged.ts";
import { Received } from "#fleet/received.ts";
import { RunningJudgement } from "#fleet/running.ts";
import { senseCaptures } from "#fleet/sensor.ts";
import { Teller } from "#fleet/told.ts";
import { readWord, type Word } from "#fleet/word.ts";
import { writeSuite } from "#lab/suite.ts";
import { loadRegister } from "#register/load.ts";

/** A few scenarios of the lab, judged while records come, in an order that no network has. */
const root = mkdtempSync(join(tmpdir(), "tapproof-running-"));
const SCENARIOS = 7;
/** One in which something is found. */
const FOUND = "trace-start";
let names: readonly string[] = [];
beforeAll(() => {
  const all = writeSuite("running", root);
  names = [FOUND, ...all.filter((name, i) => name !== FOUND && i % Math.ceil(all.length / SCENARIOS) === 3)];
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Sent {
  readonly sensor: number;
  readonly value: Buffer;
}

async function recordsOf(name: string) {
  const directory = join(root, name);
  const files = readdirSync(directory);
  const captures = files.filter((file) => file.includes(".pcap")).map((file) => join(directory, file));
  const warrants = files.find((file) => file.startsWith("warrants."));
  const declaration = loadDeclaration(join(directory, "network.yaml"));
  const register = warrants === undefined ? null : loadRegister(join(directory, warrants));
  const sent: Sent[] = [];
  for (let sensor = 0; sensor < Math.min(2, captures.length); sensor++) {
    const producer = { send: (_: string, value: Buffer) => Promise.resolve(void sent.push({ sensor, value })) };
    const signer = Signer.generate();
    const paths = captures.filter((_, at) => at % 2 === sensor);
    await senseCaptures(paths, { name: `s${sensor}`, declaration, signer, producer, say: () => undefined });
  }
  return { sent, settings: { declaration, register, pseudonymKey: new Uint8Array(32) } };
}

const said = ({ findings }: FindingsDocument): string[] => findings.map(({ id, claim, grade }) => `${claim} ${grade} ${id}`).sort();

describe("a judgement while records come", { timeout: 120_000 }, () => {
  it.each([
    ["one sensor after the other", (sent: readonly Sent[]) => sent],
    ["the last sensor first", (sent: readonly Sent[]) => [...sent].sort((a, b) => b.sensor - a.sensor)],
  ])("comes to what the end comes to: %s", async (_, order) => {
    const differ: unknown[] = [];
    let found = 0;
    for (const name of names) {
      const { sent, settings } = await recordsOf(name);
      const received = new Received({ network: settings.declaration.declaration.network.name, keys: null });
      const running = new RunningJudgement(settings);
      let last: FindingsDocument | undefined;
      for (const { value } of order(sent)) {
        received.take(value, Date.now());
        last = await running.stock(received, Date.now());
      }
      const end = judge(received, settings);
      found += end.findings.length;
      if (last === undefined || JSON.stringify(said(last)) !== JSON.stringify(said(end)))
        differ.push([name, last && said(last), said(end)]);
      received.close();
    }
    expect(differ).toEqual([]);
    expect(found).toBeGreaterThan(0);
  });
});

describe("what a correlator tells", () => {
  const wordsOf = async (name: string) => {
    const { sent, settings } = await recordsOf(name);
    const received = new Received({ network: settings.declaration.declaration.network.name, keys: null });
    for (const { value } of sent) received.take(value, Date.now());
    const words: Word[] = [];
    let away = false;
    const teller = new Teller({
      by: "c1",
      declaration: settings.declaration,
      signer: Signer.generate(),
      send: (_, records) => {
        if (away) return Promise.reject(new Error("away"));
        for (const { value } of records) words.push(readWord(value, Date.now()) as Word);
        return Promise.resolve();
      },
    });
    const document = judge(received, settings);
    received.close();
    return { document, received, words, teller, cut: (still: boolean) => void (away = still) };
  };
  const kinds = (words: readonly Word[]): string[] => words.map((word) => word.kind);

  it("is every finding once, then the judgement, and nothing while nothing changes", async () => {
    const name = FOUND;
    const { document, received, words, teller } = await wordsOf(name);
    await teller.tell(document, received, false, 1_000_000);
    expect(document.findings.length).toBeGreaterThan(0);
    expect(kinds(words)).toEqual(["declaration", ...document.findings.map(() => "finding"), "judgement"]);
    await teller.tell(document, received, false, 1_000_500);
    expect(words).toHaveLength(document.findings.length + 2);
    expect(words.map(({ sequence }) => sequence)).toEqual(words.map((_, i) => i));
  });

  it("takes back what no longer holds, and says again what could not be sent", async () => {
    const { document, received, words, teller, cut } = await wordsOf(FOUND);
    cut(true);
    await expect(teller.tell(document, received, false)).rejects.toThrow("away");
    cut(false);
    await teller.tell(document, received, false);
    const ids = words.flatMap((word) => (word.kind === "finding" ? [word.id] : []));
    expect(ids).toEqual(document.findings.map(({ id }) => id));
    await teller.tell({ ...document, findings: [] }, received, false);
    expect(words.flatMap((word) => (word.kind === "finding" && word.finding === null ? [word.id] : []))).toEqual(ids);
  });
});
