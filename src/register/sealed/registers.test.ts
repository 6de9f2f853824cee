/** What a scan is held against: which files it takes, whose word counts, and what is refused as a whole. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalJson } from "#evidence/canonical-json.ts";
import type { WarrantFields } from "#register/fields.ts";
import { RegisterError } from "#register/load.ts";
import { newAuthorityKey, signed } from "./authority.ts";
import { DOMAIN, type Answer, type AnswersFile, type SealedRegisterFile } from "./format.ts";
import { loadAnswers, loadAuthority, loadAuthorityKey, loadOpenings, loadQuestion, loadSealedRegister } from "./load.ts";
import { loadRegisters } from "./registers.ts";
import { sealWarrants } from "./seal.ts";

const folder = mkdtempSync(join(tmpdir(), "tapproof-registers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string, value: unknown, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof value === "string" ? value : canonicalJson(value as object));
  chmodSync(path, mode);
  return path;
};
const said = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof RegisterError) return error.message.replace(`${folder}/`, "");
    throw error;
  }
  return "no error";
};

const [court, stranger] = [newAuthorityKey("Court of Exampleville"), newAuthorityKey("Somebody else")];
const warrant = (id: string): WarrantFields => ({
  id,
  target: "imsi:208010000000001",
  scope: "both",
  from: "2026-01-01T00:00:00Z",
  to: "2026-06-30T00:00:00Z",
  receiver: "192.0.2.10",
  authority: "Court of Exampleville",
});
const sealed = sealWarrants([warrant("W-1")], court, "2025-12-01T00:00:00Z");
const answers = (by: typeof court, list: Answer[]): AnswersFile =>
  signed(by, DOMAIN.answers, { schema: "tapproof/answers/1" as const, by: by.public, answers: list });
const opening = sealed.openings[0] ?? expect.unreachable();
const opened = answers(court, [{ answer: "opening", question: "0".repeat(64), opening }]);
const register = (over: Partial<SealedRegisterFile>): SealedRegisterFile => {
  const { signature: _, ...unsigned } = { ...sealed.file, ...over };
  return signed(court, DOMAIN.register, unsigned);
};

describe("registers of a scan", () => {
  let [open, file, answered]: string[] = [];
  beforeAll(() => {
    [open, file, answered] = [
      at("open.json", JSON.stringify([warrant("W-9")])),
      at("sealed.json", sealed.file),
      at("answers.json", opened),
    ];
  });
  const named = [court.public.signing];

  it("none: nothing can be said", () => expect(loadRegisters(undefined, [], [], null, [])).toEqual({ register: null, sealed: null }));
  it("open entries alone await nobody", () => {
    const { register: made, sealed: none } = loadRegisters(open, [], [], null, []);
    expect([made?.size, made?.awaiting, none]).toEqual([1, null, null]);
  });
  it("sealed ones alone: no entry that can be read, and an authority to ask", () => {
    const { register: made, sealed: held } = loadRegisters(undefined, [file as string], [], "Exampletel", named);
    expect([made?.size, made?.awaiting === held, held === null]).toEqual([0, true, false]);
  });
  it("what was opened stands beside what was open", () => {
    expect(loadRegisters(open, [file as string], [answered as string], null, named).register?.size).toBe(2);
  });
  it("answers without what they answer about are refused", () => {
    expect(said(() => loadRegisters(open, [], [answered as string], null, named))).toContain(
      "answers say nothing without the sealed entries",
    );
  });
  it("a key that nobody named is refused: anybody can make one and call it a court's", () => {
    expect(said(() => loadRegisters(open, [file as string], [], null, [stranger.public.signing]))).toContain(
      `by.signing: is sealed under the key ${court.public.signing}, which nobody named`,
    );
  });
});

describe("a sealed register", () => {
  it("is read where entries ascend, each once", () => {
    const [a, b] = ["a".repeat(64), "b".repeat(64)];
    expect(loadSealedRegister(at("good.json", register({ entries: [a, b] }))).entries).toEqual([a, b]);
    expect(loadSealedRegister(at("none.json", register({ entries: [] }))).entries).toEqual([]);
    for (const entries of [
      [b, a],
      [a, a],
      [a, b, a],
    ])
      expect(said(() => loadSealedRegister(at("order.json", register({ entries }))))).toContain(
        "entries: are not in ascending order, each once",
      );
  });
  it.each([
    ["a time that no calendar has", { sealedAt: "2026-02-30T00:00:00Z" }],
    ["a time without zone", { sealedAt: "2026-02-01T00:00:00" }],
    ["an entry that is no hash", { entries: ["A".repeat(64)] }],
    ["a key of another length", { by: { ...court.public, signing: "AAAA" } }],
    ["a key that is not spelled canonically", { by: { ...court.public, hpke: court.public.hpke.replace("=", "") } }],
  ])("is refused with %s", (_, over) =>
    expect(said(() => loadSealedRegister(at("bad.json", register(over))))).toContain("is not as it should be"),
  );
});

describe("files", () => {
  it("answers under another's signature are refused", () => {
    expect(loadAnswers(at("a.json", opened)).answers).toHaveLength(1);
    expect(said(() => loadAnswers(at("a2.json", { ...opened, by: stranger.public })))).toContain("signature: is not the authority's");
  });
  it("each kind is read as what it is, and as nothing else", () => {
    expect(loadAuthority(at("authority.json", court.public))).toEqual(court.public);
    expect(loadOpenings(at("o.json", { schema: "tapproof/openings/1", openings: sealed.openings }))).toEqual(sealed.openings);
    for (const load of [loadAuthority, loadOpenings, loadQuestion, loadAuthorityKey])
      expect(
        said(() => load(at("other.json", sealed.file))),
        load.name,
      ).toMatch(/unknown key|is not as it should be/);
  });
  it.each([
    ["no such file, expected", join(folder, "absent.json")],
    ["EISDIR, expected", folder],
  ])("%s: said with what it should be", (expected, path) => expect(said(() => loadAuthority(path))).toContain(expected));
  it("an error names the field that is wrong", () => {
    expect(said(() => loadAuthority(at("hpke.json", { ...court.public, hpke: "x" })))).toMatch(/^hpke.json hpke: is not as it should be/);
    expect(said(() => loadAnswers(at("a3.json", { ...opened, answers: [{ ...opened.answers[0], question: "x" }] })))).toMatch(
      /^a3.json answers.0.question: is not as it should be/,
    );
    const both = { ...court.public, hpke: "x", extra: 1 };
    expect(
      said(() => loadAuthority(at("both.json", both))),
      "a key that is unknown tells more than one that is wrong",
    ).toContain("unknown key, expected schema");
  });
  it("text that is no JSON is told as that, a key that is mistyped by its name", () => {
    expect(said(() => loadAuthority(at("words.json", "court")))).toContain("JSON, expected an authority's public keys");
    expect(said(() => loadAuthority(at("typo.json", { ...court.public, signin: "x" })))).toContain(
      "this file should be an authority's public keys",
    );
  });
  it.each([0o644, 0o640, 0o604, 0o660])("a key of mode %o is refused: others may read it", (mode) => {
    expect(said(() => loadAuthorityKey(at("k.json", court, mode)))).toContain("expected mode 600");
  });
  it.each([0o600, 0o400])("a key of mode %o is read", (mode) =>
    expect(loadAuthorityKey(at(`own-${mode}.json`, court, mode))).toEqual(court),
  );
  it("a key that is not there is told as that", () =>
    expect(said(() => loadAuthorityKey(join(folder, "absent")))).toContain("no such file"));
});
