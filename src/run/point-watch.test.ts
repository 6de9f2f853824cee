import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { addSignature, makeSeal, openSeal, pointsHash, type OpenedSeal } from "#evidence/seal/declaration-seal.ts";
import { scan, type ScanResult } from "./scan.ts";

const example = resolve("../shared/captures/claims-examples/covert-copy");
const present = existsSync(example);
if (!present) console.warn(`SKIPPED: no captures at ${example}, so standing is not tested on a scan`);

const folder = mkdtempSync(join(tmpdir(), "tapproof-points-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [operator, installer, court] = ["operator", "installer", "court"].map((name) => Signer.generate(`${name}.example`)) as [
  Signer,
  Signer,
  Signer,
];

function declarationWith(points: string): ReturnType<typeof loadDeclaration> {
  const text = readFileSync(join(example, "network.yaml"), "utf8").replace('points:\n  - { match: "*sgi*", interface: SGi }\n', points);
  expect(text).toContain(points);
  const path = join(folder, "network.yaml");
  writeFileSync(path, text);
  return loadDeclaration(path);
}

function sealOf(loaded: ReturnType<typeof loadDeclaration>, at: string): OpenedSeal {
  const now = Date.parse(at);
  const seal = {
    at,
    network: loaded.declaration.network.name,
    declaration: loaded.sha256,
    points: pointsHash(loaded.declaration.points),
    annexes: [],
    parties: [
      { name: "Operator", role: "operator" as const, side: "accuser" as const, key: operator.key },
      { name: "Installer", role: "installer" as const, side: "neither" as const, key: installer.key },
      { name: "Expert", role: "third-party" as const, side: "neither" as const, key: court.key },
    ],
  };
  return openSeal(addSignature(addSignature(makeSeal(seal, operator, now), installer, now), court, now));
}

async function scanned(points: string, at: string): Promise<ScanResult> {
  const declaration = declarationWith(points);
  const paths = ["core.pcap", "sgi.pcap"].map((name) => join(example, name));
  return scan({ paths, declaration, skipBad: false, identities: false, seal: sealOf(declaration, at) });
}

const BEFORE = "2026-01-01T00:00:00Z";
const TWO = 'points:\n  - { match: "*sgi*", interface: SGi, link: "spgw-1/eth2" }\n  - { match: "*core*", interface: core }\n';

describe.skipIf(!present)("a scan with a seal", () => {
  it("is attested where all points were declared and sealed before, and the traffic does not contradict", async () => {
    const result = await scanned(TWO, BEFORE);
    expect(result.standing?.missing).toEqual([]);
    expect(result.document.findings.map(({ standing }) => standing)).toContain("attested");
    const check = result.standing?.selfCheck;
    expect(check?.points.map(({ point }) => point).sort()).toEqual(["SGi", "core"]);
    expect(check?.points.find(({ point }) => point === "core")?.references["S1-MME"]).toBeGreaterThan(0);
    expect(check?.points.find(({ point }) => point === "core")?.uplink).toBeGreaterThan(0);
    expect(check?.pairs.reduce((n, { packets }) => n + packets, 0)).toBeGreaterThan(0);
    // The record is for strangers: no MAC address stands in it.
    expect(JSON.stringify(check)).not.toMatch(/[0-9a-f]{2}:[0-9a-f]{2}:/);
  });

  it("is given where a point is not declared, or is declared as another, or the seal came later", async () => {
    const undeclared = await scanned('points:\n  - { match: "*sgi*", interface: SGi }\n', BEFORE);
    expect(undeclared.standing?.missing).toEqual(["Frames came from points that the tap map does not name."]);
    const wrong = await scanned('points:\n  - { match: "*sgi*", interface: SGi }\n  - { match: "*core*", interface: X2 }\n', BEFORE);
    expect(wrong.standing?.missing.join()).toContain("declared as X2, carries");
    const late = await scanned(TWO, "2026-12-01T00:00:00Z");
    expect(late.standing?.missing).toEqual(["The seal is not older than the first frame."]);
    for (const { document } of [undeclared, wrong, late])
      expect(document.findings.every(({ standing }) => standing === "given")).toBe(true);
  });

  it("finds the same as without one", async () => {
    const declaration = declarationWith(TWO);
    const paths = ["core.pcap", "sgi.pcap"].map((name) => join(example, name));
    const plain = await scan({ paths, declaration, skipBad: false, identities: false });
    const sealed = await scan({ paths, declaration, skipBad: false, identities: false, seal: sealOf(declaration, BEFORE) });
    expect(sealed.document.findings.map(({ id, grade, bits }) => [id, grade, bits])).toEqual(
      plain.document.findings.map(({ id, grade, bits }) => [id, grade, bits]),
    );
    expect(plain.standing).toBeNull();
  });
});
