import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { writeSuite } from "#lab/suite.ts";
import type { Fact } from "#model/fact.ts";
import { loadRegister } from "#register/load.ts";
import { scan, type ScanSettings } from "#run/scan.ts";
import { decodeFact, encodeFact } from "#stream/codec.ts";

/** The whole lab, judged behind a function call and behind written lines: nothing that is told may depend on the objects of the process that told it. */
const root = mkdtempSync(join(tmpdir(), "tapproof-stream-"));
let names: readonly string[] = [];
beforeAll(() => void (names = writeSuite("stream", root)));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function judged(name: string, between?: ScanSettings["between"]): Promise<Omit<FindingsDocument, "stats">> {
  const directory = join(root, name);
  const files = readdirSync(directory);
  const warrants = files.find((file) => file.startsWith("warrants."));
  const { document } = await scan({
    paths: files.filter((file) => file.includes(".pcap")).map((file) => join(directory, file)),
    declaration: loadDeclaration(join(directory, "network.yaml")),
    register: warrants === undefined ? null : loadRegister(join(directory, warrants)),
    skipBad: false,
    identities: true,
    copyKeys: { print: new Uint8Array(16).fill(1), sampling: new Uint8Array(16).fill(2) },
    pseudonymKey: new Uint8Array(32),
    ...(between === undefined ? {} : { between }),
  });
  const { stats: _, ...rest } = document;
  return rest;
}

it("judges facts that were written and read as it judges those of its own process", { timeout: 300_000 }, async () => {
  const kinds = new Map<string, number>();
  const written = (take: (fact: Fact) => void) => (fact: Fact) => {
    kinds.set(fact.kind, (kinds.get(fact.kind) ?? 0) + 1);
    const read = decodeFact(encodeFact(fact));
    if (read === null) throw new Error(`${fact.kind} was not read back`);
    take(read);
  };
  const differ: string[] = [];
  for (const name of names) {
    const there = JSON.stringify(await judged(name, written));
    if (there !== JSON.stringify(await judged(name))) differ.push(name);
  }
  expect(differ).toEqual([]);
  for (const kind of ["message", "use", "channel", "flow", "copy"]) expect(kinds.get(kind), kind).toBeGreaterThan(0);
});
