import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { run } from "#cli/main.ts";
import { readCaseLog } from "#evidence/log/case-log.ts";
import type { FindingsDocument } from "#findings/document.ts";

/** A scan that is killed at any step leaves a case that says so, shows nothing that is not sealed, and takes the next scan. */
const EXAMPLES = "test/captures/claims-examples";
const FIRST = `${EXAMPLES}/ghost-tunnel`;
const SECOND = `${EXAMPLES}/undeclared-trace`;
const root = mkdtempSync(join(tmpdir(), "tapproof-killed-"));
const home = join(root, "home");
afterAll(() => rmSync(root, { recursive: true, force: true }));

const scanOf = (example: string, folder: string): string[] =>
  `scan ${example}/core.pcap --network ${example}/network.yaml --append --case`.split(" ").concat(folder);

function inProcessOfItsOwn(args: readonly string[], folder: string, more: Record<string, string>): string | null {
  const { signal } = spawnSync(process.execPath, ["--import", "./test/contract/at-each-write.ts", "bin/tapproof.cjs", ...args], {
    env: { ...process.env, TAPPROOF_FROM_SOURCE: "1", TAPPROOF_HOME: home, TAPPROOF_TEST_CASE: folder, ...more },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return signal;
}

async function call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const into = (add: (text: string) => void): Writable =>
    new Writable({
      write(chunk: Buffer | string, _encoding, done) {
        add(chunk.toString());
        done();
      },
    });
  const io = { stdin: process.stdin, stdout: into((text) => (out += text)), stderr: into((text) => (err += text)) };
  return { code: await run(args, { ...io, env: { TAPPROOF_HOME: home } }), out, err };
}

/** Ids that the log's coverage statements name. */
function sealed(folder: string): string[] {
  const log = readCaseLog(folder);
  const ids = [...(log?.records("coverage") ?? [])].flatMap(({ value }) => (value["findings"] as { id: string }[]).map(({ id }) => id));
  log?.close();
  return [...new Set(ids)].sort();
}

async function shown(folder: string): Promise<{ stored: string[]; queried: string[] }> {
  const path = join(folder, "findings.json");
  const { findings } = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as FindingsDocument) : { findings: [] };
  const { code, out, err } = await call("query", folder, "SELECT DISTINCT id FROM findings", "--json");
  if (code !== 0) throw new Error(err);
  const queried = out
    .split("\n")
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { id: string }).id);
  return { stored: findings.map(({ id }) => id).sort(), queried: queried.sort() };
}

/** Either the case says what it is and what to do, or all that it shows is sealed, and all that is sealed is shown. */
async function honest(folder: string, earlier: readonly string[], everyCommand: boolean): Promise<"refused" | "shown"> {
  const commands: [string, ...string[]][] = [
    ["query", folder, "SELECT 1"],
    ["report", folder, "--format", "csv", "--out", "-"],
    ["dossier", folder],
    ["custody", folder],
    ["serve", folder, "--port", "1", "--no-open"],
  ];
  const { code, err } = await call(...(commands[0] as [string]));
  if (code === 0) {
    expect(await shown(folder)).toEqual({ stored: earlier, queried: earlier });
    expect(sealed(folder)).toEqual(earlier);
    return "shown";
  }
  expect(err).toMatch(/^tapproof: .*: (holds a scan (begun|that)|is not a case).*(--append|tapproof bundle|name a folder)[^\n]*\n$/);
  for (const command of everyCommand ? commands : [])
    expect({ command: command[0], code: (await call(...command)).code }).toEqual({ command: command[0], code: 2 });
  return "refused";
}

async function recovers(folder: string, example: string): Promise<void> {
  const { code, err } = await call(...scanOf(example, folder));
  expect({ code, err }).toEqual({ code: 0, err });
  const { stored, queried } = await shown(folder);
  expect(stored).toEqual(sealed(folder));
  expect(queried).toEqual(stored);
  expect(stored.length).toBeGreaterThan(0);
  const bundle = readdirSync(folder).find((name) => name.endsWith(".tapproof")) as string;
  const verified = await call("verify", join(folder, bundle), "--any-signer");
  expect({ code: verified.code, out: verified.out }).toEqual({ code: 0, out: verified.out });
  expect(readdirSync(folder).filter((name) => /\.next$|^unfinished/.test(name))).toEqual([]);
}

describe.each([
  ["the first scan of a case", undefined],
  ["a scan that is added", SECOND],
])("%s, killed", (name, before) => {
  const folder = join(root, name.replaceAll(/\W/g, "-"));
  const copies = `${folder}-copies`;

  it("at each step leaves what it says it is, and the next scan mends it", { timeout: 300_000 }, async () => {
    if (before !== undefined) expect((await call(...scanOf(before, folder))).code).toBe(0);
    const earlier = before === undefined ? [] : sealed(folder);
    if (before !== undefined) cpSync(folder, `${folder}-earlier`, { recursive: true });
    expect(inProcessOfItsOwn(scanOf(FIRST, folder), folder, { TAPPROOF_TEST_COPIES: copies })).toBeNull();
    const left = readdirSync(copies).sort();
    expect(left.length).toBeGreaterThan(20);
    const kinds = new Set<string>();
    for (const [i, step] of left.entries()) {
      const copy = join(copies, step);
      const after = i > left.length - 3 ? await shownOr(copy, earlier) : earlier;
      kinds.add(await honest(copy, after, i % 8 === 0));
      if (i % 9 === 0 || i > left.length - 10) await recovers(copy, FIRST);
    }
    expect(kinds).toContain("refused");
    // Not killed at all: nothing is held back any more.
    expect(await honest(folder, sealed(folder), false)).toBe("shown");
  });

  it("by a signal that nobody can catch", { timeout: 300_000 }, async () => {
    const steps = readdirSync(copies).length;
    for (const at of [3, steps - 8, steps - 2]) {
      const case_ = `${folder}-${at}`;
      if (before !== undefined) cpSync(`${folder}-earlier`, case_, { recursive: true });
      expect(inProcessOfItsOwn(scanOf(FIRST, case_), case_, { TAPPROOF_TEST_KILL_AT: String(at) })).toBe("SIGKILL");
      await recovers(case_, FIRST);
    }
  });
});

/** At the very last steps all is done but the tidying up. */
async function shownOr(folder: string, earlier: readonly string[]): Promise<readonly string[]> {
  return (await call("query", folder, "SELECT 1")).code === 0 ? sealed(folder) : earlier;
}
