/** Lies that only the captures tell (`forgeries/replayed.ts`): whole at L2, and refused at L3 by the check that is named. */
import { hash } from "node:crypto";
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resultText, verifyCommand } from "#cli/verify.ts";
import { loadDeclaration } from "#declaration/load.ts";
import { bundlePath } from "#evidence/bundle/assemble.ts";
import { loadRegister } from "#register/load.ts";
import { scan } from "#run/scan.ts";
import { replayOn } from "#run/seal/replay.ts";
import { sealScan } from "#run/seal/seal.ts";
import { VERSION } from "#run/version.ts";
import { verifyBundle, type Replay, type VerifyResult } from "#verify/verify.ts";
import type { Cases } from "./forgeries/forgery.ts";
import { replayed } from "./forgeries/replayed.ts";
import {
  capturesIn,
  KEY,
  labSource,
  makeCase,
  networkIn,
  removeTemporary,
  SIGNER,
  temporaryFolder,
  warrantsIn,
  type Source,
} from "./make.ts";

const primitives = { sha256: (octets: Uint8Array): Uint8Array => hash("sha256", octets, "buffer") };
const SOURCES: Readonly<Record<keyof Cases, string>> = {
  copy: "copy-vxlan",
  clean: "clean-cups",
  product: "x1-and-x3",
  rule: "dupl-hijack",
  access: "access-http",
  query: "query-plr",
  channel: "channel-icmp",
  cut: "clean-cups",
};

let cases: Cases;
let replay: Replay;
let copySource: Source;

beforeAll(async () => {
  const folders: string[] = [];
  const made: [string, unknown][] = [];
  for (const [name, scenario] of Object.entries(SOURCES)) {
    const source = labSource(scenario);
    // A capture that ends within a frame is a gap.
    if (name === "cut") for (const path of capturesIn(source.folder)) truncateSync(path, readFileSync(path).length - 5);
    if (name === "copy") copySource = source;
    folders.push(source.folder);
    made.push([name, await makeCase(source)]);
  }
  cases = Object.fromEntries(made) as unknown as Cases;
  const warrants = folders.flatMap((folder) => warrantsIn(folder) ?? [])[0];
  replay = replayOn(folders, warrants === undefined ? null : loadRegister(warrants));
}, 120_000);
afterAll(removeTemporary);

const verified = (octets: Buffer, on = replay): Promise<VerifyResult> =>
  verifyBundle(octets, { key: KEY, version: VERSION, primitives, replay: on });

describe("lies that only the captures tell", () => {
  it("the honest bundles hold, and say what rests on whoever sealed them", async () => {
    for (const made of Object.values(cases)) {
      const result = await verified(made.octets);
      expect(result.checks.filter((c) => c.status === "failed")).toEqual([]);
      expect(result).toMatchObject({ level: "L3", passed: true });
      const text = resultText(result, false).split("\n");
      expect(text[1]).toMatch(/^attested only, no replay shows it: that the captures are what went over the wires; /);
      expect(text.at(-2)).toMatch(/^Everything holds/);
      // without the captures it says the same in its result; the command's second line is for what was replayed
      const without = await verifyBundle(made.octets, { key: KEY, primitives });
      expect([without.level, without.attested]).toEqual(["L2", result.attested]);
      expect(resultText(without, false)).not.toContain("attested only");
    }
  }, 60_000);

  it("no lie is told twice", () => {
    expect(new Set(replayed.map((f) => f.lie)).size).toBe(replayed.length);
  });

  it.each(replayed)("$lie ($check)", async ({ check, make }) => {
    const octets = make(cases);
    const without = await verifyBundle(octets, { key: KEY, primitives });
    expect(without.checks.filter((c) => c.status === "failed")).toEqual([]);
    expect(without.level).toBe("L2");
    const result = await verified(octets);
    expect(result.passed).toBe(false);
    expect(result.checks.filter((c) => c.status === "failed").map((c) => c.code)).toContain(check);
    // A difference is named, never poured out.
    for (const { detail } of result.checks) expect(detail.length).toBeLessThan(400);
  });
});

describe("the search for copies switched off", () => {
  const sealed = async (claimed: number): Promise<Buffer> => {
    const declaration = loadDeclaration(networkIn(copySource.folder) as string);
    const result = await scan({
      paths: capturesIn(copySource.folder),
      declaration,
      register: null,
      skipBad: false,
      identities: false,
      copyBytes: 0,
    });
    const folder = join(temporaryFolder(), "case");
    mkdirSync(folder);
    await sealScan(folder, SIGNER, { result, options: { sample: 1, copyBytes: claimed, tlsKeys: false }, declaration, register: null });
    return readFileSync(bundlePath(folder));
  };

  it("told as a whole scan: refused", async () => {
    const result = await verified(await sealed(-1), replayOn([copySource.folder], null));
    expect(result.passed).toBe(false);
    expect(result.checks.filter((c) => c.status === "failed").map((c) => c.code)).toEqual(["replay-runs", "replay-findings"]);
  });

  it("told as it was: it comes out again, and the first line says that it is not everything", async () => {
    const result = await verified(await sealed(0), replayOn([copySource.folder], null));
    expect(result).toMatchObject({ level: "L3", passed: true, weaknesses: [{ code: "no-copy-search" }] });
    const text = resultText(result, false);
    expect(text.split("\n")[0]).toContain("copies were not searched for");
    expect(text).not.toContain("Everything holds");
  });

  it("another version: the one to take is named", async () => {
    const other = replayed.find((f) => f.lie === "another version of the program");
    const result = await verified(other?.make(cases) as Buffer);
    expect(result.checks.find((c) => c.code === "replay-settings")?.detail).toContain("replay with version 9.9.9");
  });
});

it("a register that only lies beside the captures is taken, and that is said", async () => {
  const source = labSource(SOURCES.product);
  const bundle = join(temporaryFolder(), "x.tapproof");
  writeFileSync(bundle, (await makeCase(source)).octets);
  const [out, err] = [new PassThrough(), new PassThrough()];
  const args = { bundle, anySigner: true, witnesses: [], captures: [source.folder], sealed: [], answers: [], json: true };
  expect(await verifyCommand(args, { stdout: out, stderr: err, env: {} })).toBe(0);
  expect(String(err.read())).toContain("is taken as the register of warrants");
}, 30_000);
