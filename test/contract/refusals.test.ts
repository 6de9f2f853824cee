import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listCaptures } from "#capture/open.ts";
import { run } from "#cli/main.ts";

/** `contract.md` §2: exit 2, one line on stderr that says what, where and what to do, and nothing on stdout. */
const CAPTURE = "test/captures/claims-examples/undeclared-trace/core.pcap";
const root = mkdtempSync(join(tmpdir(), "tapproof-refusals-"));
const at = (name: string): string => join(root, name);
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const into = (add: (text: string) => void): Writable =>
    new Writable({
      write(chunk: Buffer | string, _encoding, done) {
        add(chunk.toString());
        done();
      },
    });
  const code = await run(args, {
    stdin: process.stdin,
    stdout: into((text) => (out += text)),
    stderr: into((text) => (err += text)),
    env: { TAPPROOF_HOME: at("home") },
  });
  return { code, out, err };
}

beforeAll(async () => {
  writeFileSync(at("empty.pcap"), "");
  writeFileSync(at("words.txt"), "no capture\n");
  writeFileSync(at("bad.yaml"), "network: { name: X }\nfunctions:\n  - { name: a, roles: [MME], adresses: [10.0.0.1] }\n");
  writeFileSync(at("key.pub"), "nonsense\n");
  mkdirSync(at("nothing"));
  mkdirSync(at("mixed"));
  copyFileSync(CAPTURE, join(at("mixed"), "a.pcap"));
  writeFileSync(join(at("mixed"), "b.pcap"), "no capture\n");
  mkdirSync(at("rotating"));
  copyFileSync(CAPTURE, join(at("rotating"), "a.pcap"));
  writeFileSync(join(at("rotating"), "b.pcap.gz"), "");
  expect((await call("scan", CAPTURE, "--case", at("case"))).code).toBe(0);
});

const bundle = (): string => join(at("case"), "case.tapproof");

describe("what cannot be used is refused in one line", () => {
  it.each<[string, () => string[], RegExp]>([
    ["no such capture", () => ["scan", at("absent.pcap")], /absent\.pcap: no such file; check/],
    ["an empty capture", () => ["scan", at("empty.pcap")], /empty\.pcap: is empty; name/],
    ["no capture", () => ["scan", at("words.txt"), "--json"], /words\.txt: is not a capture of a known type; /],
    ["a folder without captures", () => ["scan", at("nothing")], /nothing: directory without captures; /],
    ["a path through a file", () => ["decode", `${at("words.txt")}/x.pcap`], /x\.pcap: /],
    [
      "an unknown key",
      () => ["scan", CAPTURE, "--network", at("bad.yaml")],
      /bad\.yaml:3:\d+ functions\[0\]\.adresses: unknown key, expected addresses/,
    ],
    [
      "a case that is there",
      () => ["scan", CAPTURE, "--case", at("case")],
      /case: the folder is not empty, name a new one or add --append/,
    ],
    ["a case behind a file", () => ["scan", CAPTURE, "--case", `${at("words.txt")}/case`], /words\.txt/],
    ["identities without a reason", () => ["scan", CAPTURE, "--case", at("other"), "--identities"], /--reason/],
    ["a draft to nowhere", () => ["learn", CAPTURE, "--out", at("absent/network.yaml")], /there is no folder .*; make it first/],
    ["a bundle to nowhere", () => ["bundle", at("case"), "--out", at("absent/b")], /there is no folder .*; make it first/],
    ["a lab to nowhere", () => ["lab", "copy-vxlan", "--out", `${at("words.txt")}/lab`], /words\.txt\/lab: .*; check the path/],
    ["two statements", () => ["query", at("case"), "select 1; select 2"], /expected one statement, found 2; /],
    ["no statement", () => ["query", at("case"), ""], /expected one statement, found none; /],
    [
      "a key that is none",
      () => ["verify", join(at("case"), "case.tapproof"), "--key", at("key.pub")],
      /key\.pub: verifier key: expected NAME/,
    ],
    ["an unknown command that asks for help", () => ["listen", "--help"], /unknown command 'listen'; /],
    [
      "nothing usable",
      () => ["scan", at("empty.pcap"), at("words.txt"), "--skip-bad"],
      /none of the 2 captures can be used; .*empty\.pcap: is empty/,
    ],
    ["what is no capture in a folder", () => ["scan", at("mixed")], /mixed\/b\.pcap: is not a capture of a known type; /],
    [
      "captures nowhere",
      () => ["verify", bundle(), "--any-signer", "--captures", at("absent")],
      /--captures .*absent: no such file or folder; /,
    ],
    [
      "a checkpoint that is none",
      () => ["verify", bundle(), "--any-signer", "--checkpoint", at("key.pub")],
      /--checkpoint .*key\.pub: is not a checkpoint.*; /,
    ],
    [
      "the intake of a folder",
      () => ["custody", at("case"), "--intake", at("mixed"), "--place", "x", "--tool", "y"],
      /mixed: is a folder; name one/,
    ],
    ["a case that is a file", () => ["query", at("words.txt"), "select 1"], /words\.txt: is not a case/],
    ["a vendor of nobody", () => ["dossier", at("case"), "--vendor", "nobody"], /--vendor nobody: no such vendor .*; expected /],
    [
      "a seal for nobody",
      () => ["seal", "--network", "test/captures/claims-examples/undeclared-trace/network.yaml", "--out", at("s")],
      /at least one --party/,
    ],
  ])("%s", async (_, args, line) => {
    const { code, out, err } = await call(...args());
    expect({ code, out, lines: err.split("\n").length }).toEqual({ code: 2, out: "", lines: 2 });
    expect(err).toMatch(line);
  });

  it("writes nothing before it refuses", async () => {
    expect((await call("scan", CAPTURE, at("absent.pcap"), "--case", at("never"))).code).toBe(2);
    expect(() => readFileSync(at("never"))).toThrow(/ENOENT/);
  });

  it("never passes over a capture that may not be read", async () => {
    const folder = at("withheld");
    mkdirSync(folder);
    writeFileSync(join(folder, "a.pcap"), readFileSync(CAPTURE));
    writeFileSync(join(folder, "b.pcap"), readFileSync(CAPTURE), { mode: 0o000 });
    writeFileSync(join(folder, "notes.txt"), "nothing", { mode: 0o000 });
    chmodSync(join(folder, "b.pcap"), 0o000);
    expect((await listCaptures([folder])).map((path) => path.slice(folder.length + 1))).toEqual(["a.pcap", "b.pcap"]);
  });

  it("tells an empty file that a rotating capture has just opened, and goes on", async () => {
    const { code, out } = await call("scan", at("rotating"), "--json");
    expect(code).toBe(0);
    const { captures, coverage } = JSON.parse(out) as { captures: { file: string }[]; coverage: { gaps: { kind: string; why: string }[] } };
    expect(captures.map(({ file }) => file)).toEqual(["a.pcap"]);
    expect(coverage.gaps.filter(({ kind }) => kind === "empty-capture").map(({ why }) => why)).toEqual([
      "b.pcap.gz is empty, as a capture is that has just been opened",
    ]);
    for (const command of ["decode", "learn"]) expect((await call(command, at("rotating"))).err).toMatch(/b\.pcap\.gz: is empty/);
  });

  // Node's own way of making folders never ends where the system knows no such folder.
  it.each([
    ["lab", "copy-vxlan", "--out", "/proc/absent"],
    ["scan", CAPTURE, "--case", "/proc/absent/case"],
    ["warrant", "key", "--authority", "a", "--out", "/proc/absent"],
  ])("ends where no folder can be made: %s", (...args) => {
    const { status, stderr } = spawnSync(process.execPath, ["bin/tapproof.cjs", ...args], {
      encoding: "utf8",
      timeout: 20_000,
      env: { ...process.env, TAPPROOF_HOME: at("home") },
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^tapproof: \/proc\/absent: .*; check the path\n$/);
  });
});
