import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { Signer } from "#evidence/keys/signer.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { judge } from "#fleet/judged.ts";
import { Received } from "#fleet/received.ts";
import { senseCaptures } from "#fleet/sensor.ts";
import { writeSuite } from "#lab/suite.ts";
import { loadRegister } from "#register/load.ts";
import { scan } from "#run/scan.ts";

/** The whole lab through sensors and a correlator, without a broker between them. */
const root = mkdtempSync(join(tmpdir(), "tapproof-fleet-"));
let names: readonly string[] = [];
beforeAll(() => void (names = writeSuite("fleet", root)));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function partsOf(name: string) {
  const directory = join(root, name);
  const files = readdirSync(directory);
  const warrants = files.find((file) => file.startsWith("warrants."));
  return {
    captures: files.filter((file) => file.includes(".pcap")).map((file) => join(directory, file)),
    declaration: loadDeclaration(join(directory, "network.yaml")),
    register: warrants === undefined ? null : loadRegister(join(directory, warrants)),
  };
}

async function fleet(name: string, sensors: number): Promise<FindingsDocument> {
  const { captures, declaration, register } = partsOf(name);
  const received = new Received({ network: declaration.declaration.network.name, keys: null });
  // Each record comes twice.
  const send = (_: string, value: Buffer): Promise<void> => {
    received.take(value, Date.now());
    received.take(value, Date.now());
    return Promise.resolve();
  };
  try {
    for (let i = 0; i < Math.min(sensors, captures.length); i++) {
      const paths = captures.filter((_, at) => at % sensors === i);
      await senseCaptures(paths, { name: `s${i}`, declaration, signer: Signer.generate(), producer: { send }, say: () => undefined });
    }
    return judge(received, { declaration, register, pseudonymKey: new Uint8Array(32) });
  } finally {
    received.close();
  }
}

async function alone(name: string): Promise<FindingsDocument> {
  const { captures, declaration, register } = partsOf(name);
  const { document } = await scan({
    paths: captures,
    declaration,
    register,
    skipBad: false,
    identities: false,
    pseudonymKey: new Uint8Array(32),
  });
  return document;
}

const said = ({ findings }: FindingsDocument): string[] => findings.map(({ id, claim, grade }) => `${claim} ${grade} ${id}`).sort();

it("gives through one sensor what scan gives", { timeout: 600_000 }, async () => {
  const differ: unknown[] = [];
  for (const name of names) {
    const [there, here] = [await fleet(name, 1), await alone(name)];
    if (JSON.stringify(said(there)) !== JSON.stringify(said(here))) differ.push([name, said(there), said(here)]);
    expect(there.coverage.gaps.filter(({ kind }) => kind.startsWith("sensor-"))).toEqual([]);
  }
  expect(differ).toEqual([]);
});

/** Copies pass at one sensor and their originals at the other: not found yet, and told (`docs/fleet.md`). */
const ACROSS: ReadonlySet<string> = new Set(["copy-to-partner"]);

it("gives through two sensors what scan gives, the core and the outside at one, the rest at the other", { timeout: 600_000 }, async () => {
  const differ: unknown[] = [];
  for (const name of names) {
    const [there, here] = [await fleet(name, 2), await alone(name)];
    if (ACROSS.has(name)) {
      expect([said(there), there.coverage.notSeenCodes?.map((line) => line?.code)]).toEqual([
        [],
        expect.arrayContaining(["unseen.copies-across"]),
      ]);
      continue;
    }
    if (JSON.stringify(said(there)) !== JSON.stringify(said(here))) differ.push([name, said(there), said(here)]);
  }
  expect(differ).toEqual([]);
});
