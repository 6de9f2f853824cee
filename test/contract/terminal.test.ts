/** What the terminal says of a case: progress of each stage, findings by the first digits of their ids, who did what, long lists and wide rows. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "#cli/main.ts";
import type { FindingsDocument } from "#findings/document.ts";

const EXAMPLE = "examples/lte-lab-b1-vxlan-mirred";
const root = mkdtempSync(join(tmpdir(), "tapproof-terminal-"));
const at = (name: string): string => join(root, name);
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function call(args: readonly string[], { env = {}, columns }: { env?: Record<string, string>; columns?: number } = {}) {
  let [out, err] = ["", ""];
  const into = (add: (text: string) => void): Writable =>
    Object.assign(
      new Writable({
        write(chunk: Buffer | string, _encoding, done) {
          add(chunk.toString());
          done();
        },
      }),
      columns === undefined ? {} : { columns },
    );
  const code = await run(args, {
    stdin: process.stdin,
    stdout: into((text) => (out += text)),
    stderr: into((text) => (err += text)),
    env: { TAPPROOF_HOME: at("home"), ...env },
  });
  return { code, out, err };
}

/** Names of the stages that were told, each once, in their order; what is only told when it lasts ("checking") is left out. */
const stagesOf = (err: string): string[] => [
  ...new Set(
    err
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => (JSON.parse(line) as { stage?: string }).stage ?? "reading")
      .filter((name) => name !== "checking"),
  ),
];
const JSON_LINES = { env: { TAPPROOF_PROGRESS: "json" } };
let scanned: Awaited<ReturnType<typeof call>>;
let ids: string[];

beforeAll(async () => {
  scanned = await call(["scan", EXAMPLE, "--network", join(EXAMPLE, "network.yaml"), "--case", at("case")], JSON_LINES);
  ids = (JSON.parse(readFileSync(at("case/findings.json"), "utf8")) as FindingsDocument).findings.map((f) => f.id);
});

describe("progress of every stage", () => {
  it("scan: reading, judging, carving, sealing, bundling", () => {
    expect(scanned.code).toBe(0);
    expect(stagesOf(scanned.err)).toEqual(["reading", "judging", "carving packets", "sealing", "bundling"]);
  });
  it("verify --captures: hashing, replaying, judging, carving", async () => {
    const { code, err } = await call(
      ["verify", at("case/case.tapproof"), "--key", at("home/tapproof.pub"), "--captures", EXAMPLE],
      JSON_LINES,
    );
    expect([code, stagesOf(err)]).toEqual([0, ["hashing captures", "reading", "judging", "carving packets"]]);
  });
  it("bundle with packets: hashing, carving, bundling", async () => {
    const { code, err } = await call(
      ["bundle", at("case"), "--with-packets", "--reason", "test", "--captures", EXAMPLE, "--out", at("with.tapproof")],
      JSON_LINES,
    );
    expect([code, stagesOf(err)]).toEqual([0, ["hashing captures", "carving packets", "bundling"]]);
  });
});

describe("bundle --finding", () => {
  it("takes the first digits that no other id has, in either case", async () => {
    const [id = ""] = ids;
    const { code } = await call(["bundle", at("case"), "--finding", id.slice(0, 1).toUpperCase(), "--out", at("one.tapproof")]);
    expect(code).toBe(0);
  });
  it("names those that are there where none fits", async () => {
    const { code, err } = await call(["bundle", at("case"), "--finding", "zz", "--out", at("none.tapproof")]);
    expect([code, err]).toEqual([2, `tapproof: no finding begins with zz; the case has ${ids.map((id) => id.slice(0, 8)).join(", ")}\n`]);
  });
});

describe("custody", () => {
  it("shows the scan, and who opened what", async () => {
    const opened = await call([
      "bundle",
      at("case"),
      "--finding",
      (ids[0] ?? "").slice(0, 4),
      "--open",
      "subscriber 0",
      "--reason",
      "to show",
      "--by",
      "A. Reader",
      "--out",
      at("open.tapproof"),
    ]);
    expect(opened.err).toMatch(/; 1 opened by A\. Reader, recorded in the case's log\n$/);
    const { out } = await call(["custody", at("case")]);
    expect(out).toMatch(/scan with tapproof [\d.]+, signed by \S+: \d captures?, \d findings?; basis: not stated/);
    expect(out).toMatch(/opened-commitment by A\. Reader; basis: to show; finding [0-9a-f]{8}: subscriber 0/);
  });
  it("names the account where nobody is named", async () => {
    const { err } = await call(["bundle", at("case"), "--open", "subscriber", "0", "--reason", "x", "--out", at("open2.tapproof")]);
    expect(err).toMatch(/1 opened by \S.*, recorded/);
    expect(err).not.toContain("unknown");
  });
});

it("without a declaration the summary says what that means, and cuts no explanation short", async () => {
  const { out } = await call(["scan", EXAMPLE]);
  const text = out.replaceAll(/\s+/g, " ");
  expect(text).toContain("Found: 2 indications No declaration of the network was given, so nothing here is more than an indication:");
  expect(text).toContain("not testable here: high-availability mirror, middlebox or transfer that may carry content");
  expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

describe("query", () => {
  const many = ["query", at("case"), "SELECT r AS n FROM range(300) AS t(r)"];
  it("shows a screen the first rows, and says how to see all", async () => {
    const { out } = await call(many, { columns: 80 });
    expect(out.split("\n").slice(-3)).toEqual([
      "199",
      "… the first 200 of 300 rows; in a pipe (| less) or with --json they are all there",
      "",
    ]);
  });
  it("gives a pipe all of them", async () => expect((await call(many)).out.split("\n")).toHaveLength(303));
});

it("a key that nobody knows is named with the nearest known one, in each kind of settings", async () => {
  writeFileSync(at("network.yaml"), "network: { name: X }\nfuntions: []\n");
  writeFileSync(at("warrants.yaml"), "- { id: a, targt: 'imsi:001010000000001' }\n");
  writeFileSync(at("conditions.yaml"), "schema: tapproof/conditions/1\ncondition: []\n");
  writeFileSync(at("users.yaml"), "users:\n  - { name: a, role: reader, tokenSHA256: x }\n");
  const [network, warrants, conditions, users] = await Promise.all([
    call(["scan", EXAMPLE, "--network", at("network.yaml")]),
    call(["scan", EXAMPLE, "--warrants", at("warrants.yaml")]),
    call(["dossier", at("case"), "--conditions", at("conditions.yaml")]),
    call(["serve", at("case"), "--no-open", "--users", at("users.yaml")]),
  ]);
  expect(network.err).toContain("network.yaml:2:1 funtions: unknown key, expected functions (known here:");
  expect(warrants.err).toContain("warrants.yaml:1:12 [0]: an unknown field, expected target (known here:");
  expect(conditions.err).toContain("conditions.yaml condition: unknown key, expected conditions (known here: schema, title, conditions)");
  expect(users.err).toContain("users.yaml users.0.tokenSHA256: unknown key, expected tokenSha256 (known here:");
  expect([network, warrants, conditions, users].map(({ code }) => code)).toEqual([2, 2, 2, 2]);
});
