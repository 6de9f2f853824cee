/** Sealed entries end to end through the command line: scan, awaiting authority, answer, scan again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "#cli/main.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { newAuthorityKey } from "#register/sealed/authority.ts";
import { sealWarrants } from "#register/sealed/seal.ts";

const root = mkdtempSync(join(tmpdir(), "tapproof-sealed-scan-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function tapproof(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const text = { out: "", err: "" };
  const into = (key: "out" | "err"): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        text[key] += chunk.toString();
        done();
      },
    });
  const code = await run(args, { stdin: Readable.from([]), stdout: into("out"), stderr: into("err"), env: {} });
  return { code, ...text };
}

const lab = join(root, "lab");
const at = (name: string): string => join(root, name);
const key = newAuthorityKey("Court of Exampleville");
let imsi = "";
let receiver = "";

/** Seals one warrant, long before the lab's time, for `target`; answers the file names. */
function sealed(name: string, target: string): { readonly sealed: string; readonly openings: string } {
  const warrant = {
    id: "W-1",
    target,
    scope: "both" as const,
    from: "2000-01-01T00:00:00Z",
    to: "2099-01-01T00:00:00Z",
    receiver,
    authority: "Court of Exampleville",
  };
  const { file, openings } = sealWarrants([warrant], key, "2000-01-02T00:00:00Z");
  writeFileSync(at(`${name}.sealed.json`), JSON.stringify(file));
  writeFileSync(at(`${name}.openings.json`), JSON.stringify({ schema: "tapproof/openings/1", openings }));
  return { sealed: at(`${name}.sealed.json`), openings: at(`${name}.openings.json`) };
}

async function scan(name: string, ...more: string[]): Promise<FindingsDocument> {
  const { code, out, err } = await tapproof(
    "scan",
    lab,
    "--network",
    join(lab, "network.yaml"),
    "--warrants",
    join(lab, "warrants.yaml"),
    "--case",
    at(name),
    "--json",
    ...more,
    ...(more.includes("--sealed") ? ["--authority", at("authority.json")] : []),
  );
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as FindingsDocument;
}

beforeAll(async () => {
  expect((await tapproof("lab", "x3-mediation-no-warrant", "--out", lab, "--seed", "sealed")).code).toBe(0);
  const truth = JSON.parse(readFileSync(join(lab, "truth.json"), "utf8")) as { expect: { subscriber: string }[] };
  imsi = truth.expect[0]?.subscriber ?? "";
  receiver = /monitoring: \[([0-9a-f.:]+)/.exec(readFileSync(join(lab, "network.yaml"), "utf8"))?.[1] ?? "";
  writeFileSync(at("authority.key"), JSON.stringify(key), { mode: 0o600 });
  writeFileSync(at("authority.json"), JSON.stringify(key.public));
});

describe("product that no open entry covers", () => {
  it("is a finding without sealed entries", async () => {
    const document = await scan("case-none");
    expect(document.findings.map((f) => f.claim)).toEqual(["unwarranted-interception"]);
    expect(document.coverage.awaitingAuthority).toBeUndefined();
  });

  it("awaits the authority, which opens its entry; then it is covered, and leaves a count", async () => {
    const files = sealed("ours", `imsi:${imsi}`);
    const first = await scan("case-first", "--sealed", files.sealed);
    expect(first.findings).toEqual([]);
    expect(first.coverage.awaitingAuthority).toBeGreaterThan(0);
    const questions = readdirSync(join(at("case-first"), "questions"));
    expect(questions.length).toBeGreaterThan(0);
    for (const name of questions) expect(readFileSync(join(at("case-first"), "questions", name), "utf8")).not.toContain(imsi);
    const answered = await tapproof(
      "warrant",
      "answer",
      at("case-first"),
      "--key",
      at("authority.key"),
      "--sealed",
      files.sealed,
      "--openings",
      files.openings,
      "--out",
      at("ours.answers.json"),
    );
    expect(answered).toMatchObject({ code: 0, err: "" });
    const second = await scan("case-second", "--sealed", files.sealed, "--answers", at("ours.answers.json"));
    expect(second.findings).toEqual([]);
    expect(second.coverage.awaitingAuthority).toBe(0);
    expect(second.coverage.coveredInterceptions).toBeGreaterThan(0);
  });

  it("is a finding once every authority said that it is not theirs", async () => {
    const files = sealed("theirs", "imsi:999990000000001");
    const first = await scan("case-third", "--sealed", files.sealed);
    expect(first.findings).toEqual([]);
    await tapproof(
      "warrant",
      "answer",
      at("case-third"),
      "--key",
      at("authority.key"),
      "--sealed",
      files.sealed,
      "--openings",
      files.openings,
      "--out",
      at("theirs.answers.json"),
    );
    const second = await scan("case-fourth", "--sealed", files.sealed, "--answers", at("theirs.answers.json"));
    expect(second.findings.map((f) => f.claim)).toEqual(["unwarranted-interception"]);
    expect(second.coverage.awaitingAuthority).toBe(0);
  });
});

describe("anybody's own court", () => {
  const court = newAuthorityKey("Court of Exampleville");
  const scanning = (...more: string[]): ReturnType<typeof tapproof> =>
    tapproof("scan", lab, "--network", join(lab, "network.yaml"), "--warrants", join(lab, "warrants.yaml"), "--json", ...more);
  /** Its holder seals the very person, and dates it long before the product. */
  const backDated = (): string => {
    const warrant = {
      id: "W-9",
      target: `imsi:${imsi}`,
      scope: "both" as const,
      from: "2000-01-01T00:00:00Z",
      to: "2099-01-01T00:00:00Z",
      receiver,
      authority: "Court of Exampleville",
    };
    writeFileSync(at("own.sealed.json"), JSON.stringify(sealWarrants([warrant], court, "2000-01-02T00:00:00Z").file));
    return at("own.sealed.json");
  };

  it("back-dated under a key that nobody named: refused, whatever it calls itself", async () => {
    const { code, out, err } = await scanning("--sealed", backDated());
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/nobody named; name its authority with --authority FILE/);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(err).not.toContain(imsi);
    // Another court of that name was named.
    expect((await scanning("--sealed", backDated(), "--authority", at("authority.json"))).code).toBe(2);
  });

  it("at level 3 the reader's own word counts, not that of the bundle's declaration", async () => {
    const network = at("own.network.yaml");
    writeFileSync(
      network,
      readFileSync(join(lab, "network.yaml"), "utf8").replace(
        "lawful: {",
        `lawful: { authorities: [{ name: Court, key: "${court.public.signing}" }],`,
      ),
    );
    const sealedFile = backDated();
    const given = ["--network", network, "--warrants", join(lab, "warrants.yaml"), "--sealed", sealedFile];
    const made = await tapproof("scan", lab, ...given, "--case", at("case-own"), "--json");
    expect(made).toMatchObject({ code: 0, err: "" });
    expect((JSON.parse(made.out) as FindingsDocument).findings).toEqual([]);
    const replay = ["verify", join(at("case-own"), "case-own.tapproof"), "--any-signer", "--captures", lab, "--sealed", sealedFile];
    const { code, err } = await tapproof(...replay, "--warrants", join(lab, "warrants.yaml"));
    expect(code).toBe(2);
    expect(err).toMatch(/nobody named/);
  });
});

describe("warrant", () => {
  it("key and seal write what the other actions read, for the owner alone", async () => {
    expect((await tapproof("warrant", "key", "--authority", "Court", "--out", at("keys"))).code).toBe(0);
    writeFileSync(
      at("warrants.yaml"),
      '- { id: W-2, target: "imsi:001010000000001", scope: iri, from: 2026-01-01T00:00:00Z, to: 2026-02-01T00:00:00Z, receiver: 192.0.2.1, authority: Court }\n',
    );
    const sealing = ["warrant", "seal", at("warrants.yaml"), "--key", join(at("keys"), "authority.key"), "--out", at("sealed")];
    expect(await tapproof(...sealing)).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(join(at("sealed"), "sealed.json"), "utf8")).not.toContain("001010000000001");
    expect((await tapproof(...sealing)).code, "never overwrites").toBe(2);
  });

  it.each([
    [["warrant", "burn"], "expected key, seal or answer"],
    [["warrant", "key", "--out", "x"], "--authority is missing"],
    [["warrant", "seal", "absent.yaml", "--key", "absent"], "no such file"],
    [["scan", "x.pcap", "--answers", "a.json"], "--sealed FILE"],
  ])("%j is refused in one line", async (args, text) => {
    const { code, err } = await tapproof(...args);
    expect(code).toBe(2);
    expect(err).toContain(text);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });
});
