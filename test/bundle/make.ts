/** Cases made for the tests of bundles: a scan, sealed, in a folder of its own. */
import { hash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDeclaration } from "#declaration/load.ts";
import { bundlePath } from "#evidence/bundle/assemble.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { formatVerifierKey } from "#evidence/keys/note-key.ts";
import { catalogue } from "#lab/scenarios/catalogue.ts";
import { writeCase } from "#lab/suite.ts";
import { loadRegister } from "#register/load.ts";
import { scan, type ScanResult } from "#run/scan.ts";
import { runKeys } from "#run/seal/run-keys.ts";
import { sealScan } from "#run/seal/seal.ts";

const SHARED = "../shared/captures";

export interface Source {
  readonly name: string;
  readonly folder: string;
}

const temporary: string[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tapproof-bundle-"));
  temporary.push(folder);
  return folder;
}

export function removeTemporary(): void {
  for (const folder of temporary.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** The example of each claim and the recording of a real LTE core, where they are at hand. */
export function sharedSources(): Source[] {
  const found = ["claims-examples", "lte-lab"].flatMap((group) => {
    const folder = join(SHARED, group);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .map((name) => ({ name, folder: join(folder, name) }))
      .filter((s) => existsSync(join(s.folder, "network.yaml")));
  });
  if (found.length === 0) console.warn(`bundle: ${SHARED} is absent, bundles of real captures are NOT tested`);
  return found;
}

export function labSource(name: string): Source {
  const scenario = catalogue.find((c) => c.name === name);
  if (scenario === undefined) throw new Error(`no lab scenario ${name}`);
  const folder = temporaryFolder();
  writeCase(scenario, "bundle", folder);
  return { name, folder };
}

export function capturesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((f) => /\.pcap(ng)?(\.gz)?$/.test(f))
    .sort()
    .map((f) => join(folder, f));
}

export function warrantsIn(folder: string): string | undefined {
  return ["warrants.yaml", "warrants.csv", "warrants.json"].map((f) => join(folder, f)).find((f) => existsSync(f));
}

export function networkIn(folder: string): string | undefined {
  return ["network.yaml", "network.json"].map((f) => join(folder, f)).find((f) => existsSync(f));
}

export const SIGNER: Signer = Signer.fromSeed("test.example/tapproof", Buffer.alloc(32, 7));
export const KEY: string = formatVerifierKey(SIGNER.key);

export interface Made {
  readonly folder: string;
  readonly octets: Buffer;
  readonly result: ScanResult;
}

/** Scans a source into a case and seals it. `keys`: contents of `keys.json` for the new case. */
export async function makeCase(source: Source, keys?: string, name = "case", signer = SIGNER): Promise<Made> {
  const folder = join(temporaryFolder(), name);
  mkdirSync(folder);
  if (keys !== undefined) writeFileSync(join(folder, "keys.json"), keys, { mode: 0o600 });
  const known = keys === undefined ? undefined : (JSON.parse(keys) as { pseudonyms: string; prints?: string; sampling?: string });
  const network = networkIn(source.folder);
  const warrants = warrantsIn(source.folder);
  const declaration = network === undefined ? null : loadDeclaration(network);
  const register = warrants === undefined ? null : loadRegister(warrants);
  const result = await scan({
    paths: capturesIn(source.folder),
    declaration,
    register,
    skipBad: false,
    identities: false,
    ...(known === undefined ? {} : { pseudonymKey: Buffer.from(known.pseudonyms, "base64") }),
    ...(known?.prints === undefined || known.sampling === undefined
      ? {}
      : { copyKeys: runKeys(Buffer.from(known.prints, "base64"), Buffer.from(known.sampling, "base64"), 0) }),
  });
  if (keys === undefined) {
    writeFileSync(join(folder, "keys.json"), JSON.stringify({ pseudonyms: Buffer.from(result.pseudonymKey).toString("base64") }), {
      mode: 0o600,
    });
  }
  await sealScan(folder, signer, {
    result,
    options: { sample: 1, copyBytes: -1, tlsKeys: false },
    declaration,
    register:
      register === null || warrants === undefined
        ? null
        : { warrants: register, fingerprint: hash("sha256", readFileSync(warrants), "hex") },
  });
  return { folder, octets: readFileSync(bundlePath(folder)), result };
}
