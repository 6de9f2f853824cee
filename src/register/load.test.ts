/** A register as a file: what it may be written in, and what refuses it as a whole. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { limits, loadRegister, loadWarrantFields, loadWarrants, parseWarrants, RegisterError } from "./load.ts";
import { problemText } from "./types.ts";

const folder = mkdtempSync(join(tmpdir(), "tapproof-register-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const FIELDS = ["id", "target", "scope", "from", "to", "receiver", "authority"];
const ROW = ["W-1", "imsi:262011234567890", "both", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "192.0.2.10", "court"];
const entry = (more: object = {}): Record<string, unknown> => ({ ...Object.fromEntries(FIELDS.map((name, i) => [name, ROW[i]])), ...more });
const json = (...entries: unknown[]): string => JSON.stringify(entries);
const csv = (...rows: readonly (readonly string[])[]): string => [FIELDS, ...rows].map((row) => row.join(",")).join("\n");
function errorOf(act: () => unknown): RegisterError {
  try {
    act();
  } catch (error) {
    if (error instanceof RegisterError) return error;
    throw error;
  }
  throw new Error("no error");
}
const said = (text: string, file = "w.yaml"): string => errorOf(() => parseWarrants(text, file)).message;

describe("a file", () => {
  it("is read to warrants, to a register, or to its fields as written", () => {
    const path = at("w.json", json(entry({ liid: "L1" })));
    expect(loadWarrants(path)).toMatchObject([{ id: "W-1" }]);
    expect(loadRegister(path).size).toBe(1);
    expect(loadWarrantFields(path)).toEqual([entry({ liid: "L1" })]);
  });

  it.each<[string, () => string, string]>([
    ["that is not there", () => join(folder, "absent"), "no such file, expected a register"],
    ["that is a folder", () => folder, "is a directory, expected a register"],
    ["that is a capture", () => at("w.pcap", Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 2, 0)), "is not text, expected a register"],
  ])("%s is refused, with what it should be", (_, path, expected) => {
    const error = errorOf(() => loadWarrants(path()));
    expect(error.message).toContain(expected);
    expect([error.exitCode, error.problems.length, error.problems[0]?.line]).toEqual([2, 1, 0]);
  });
});

describe("what it is written in", () => {
  it.each([
    ["w.csv", true],
    ["W.CSV", true],
    ["-", true],
    ["w.csv.txt", true],
    ["w.json", false],
    ["w.yml", false],
    ["w.yaml", false],
  ])("%s: by its ending, else by a header of the fields' names (%s)", (file, isCsv) => {
    if (isCsv) expect(parseWarrants(csv(ROW), file)).toHaveLength(1);
    else expect(() => parseWarrants(csv(ROW), file)).toThrow(RegisterError);
  });

  it.each([
    ["quotes, spaces and lines that end either way", `"id", target,${FIELDS.slice(2).join(",")}\r\n${ROW.join(",")}\r\n`],
    ["a mark of the octet order", `\ufeff${csv(ROW)}`],
  ])("a header is told with %s", (_, text) => expect(parseWarrants(text, "-")).toHaveLength(1));

  it.each([
    ["one of its words is no field", "id,target,name\n"],
    ["it is one word", "id\n"],
  ])("where %s it is no header", (_, text) => expect(said(text, "-")).toMatch(/is not a list|is not YAML/));
});

describe("CSV", () => {
  it("an empty field that may be left out is not there; one that must stand is empty", () => {
    const header = [...FIELDS, "liid"].join(",");
    expect(parseWarrants(`${header}\n${[...ROW, ""].join(",")}`, "w.csv")).toMatchObject([{ liid: undefined }]);
    expect(said(csv(ROW.with(6, "")), "w.csv")).toBe("w.csv:2:84 authority: is empty, expected the authority that gave the warrant");
  });
  it.each([
    ["nothing", "", `w.csv: is empty, expected a header: ${FIELDS.join(",")},liid`],
    ["a column twice", `${FIELDS.join(",")},id\n`, `w.csv:1:${FIELDS.join(",").length + 2} id: stands twice in the header`],
    ["a field too few", csv(ROW.slice(1)), "w.csv:2:1: has 6 fields, expected 7 as in the header"],
    [
      "an end before its beginning",
      csv(ROW.with(4, "2025-01-01T00:00:00Z")),
      "w.csv:2:52 to: is before from, expected the end of the period",
    ],
  ])("refuses %s", (_, text, expected) => expect(said(text, "w.csv")).toBe(expected));
});

describe("YAML and JSON", () => {
  it("a number means what is written: identifiers are text", () => {
    const text = `- { id: 0042, ${FIELDS.slice(1)
      .map((name, i) => `${name}: "${ROW[i + 1] ?? ""}"`)
      .join(", ")}, liid: 7 }`;
    expect(parseWarrants(text, "w.yaml")).toMatchObject([{ id: "0042", liid: "7" }]);
  });
  it("a field that is null is not there", () => {
    expect(parseWarrants(json(entry({ liid: null })), "w.json")).toMatchObject([{ liid: undefined }]);
    expect(parseWarrants(`- {${FIELDS.map((name, i) => `${name}: "${ROW[i] ?? ""}"`).join(", ")}, liid: }`, "w.yaml")).toMatchObject([
      { liid: undefined },
    ]);
    expect(said(json(entry({ authority: null })), "w.json")).toContain("[0].authority: is missing, expected the authority");
  });
  it.each([
    ["an entry that is no map", json("W-1"), "w.json:1:2 [0]: is not a warrant, expected fields id, target"],
    ["an entry that is null", json(null), "w.json:1:2 [0]: is not a warrant"],
    ["several documents", `${json(entry())}\n---\n${json(entry())}`, "w.json: holds several YAML documents, expected one"],
    ["a map in a field", json(entry({ scope: {} })), "[0].scope: expected iri, cc or both"],
    ["text alone", "court", "w.json:1:1: is not a list"],
    ["a comment alone", "# none\n", "w.json: is empty, expected a register"],
  ])("refuses %s", (_, text, expected) => expect(said(text, "w.json")).toContain(expected));
});

describe("errors", () => {
  it("stand in the order of the file, the first told, the others counted", () => {
    const error = errorOf(() =>
      parseWarrants(csv(ROW, ROW.with(0, "W-2").with(5, "x").with(2, "y"), ROW.with(0, "W-3").with(2, "y"), ROW), "w.csv"),
    );
    expect(error.problems.map(({ line, field }) => `${line} ${field}`)).toEqual(["3 scope", "3 receiver", "4 scope", "5 id"]);
    expect(error.message).toBe(`${problemText(error.problems[0] ?? expect.unreachable())} (and 3 more)`);
    expect(said(csv(ROW.with(2, "y")), "w.csv")).toBe("w.csv:2:26 scope: expected iri, cc or both");
  });
  it("are kept up to a number", () => {
    const rows = Array.from({ length: limits.problems + 1 }, (_, i) => ROW.with(0, `W-${i}`).with(2, "y"));
    expect(errorOf(() => parseWarrants(csv(...rows), "w.csv")).problems).toHaveLength(limits.problems);
  });
  it("an id that stands twice is told with where it stands first", () => {
    expect(said(csv(ROW, ROW.with(0, "W-2"), ROW), "w.csv")).toBe("w.csv:4:1 id: is the same as in line 2, expected each id once");
  });
  it("of one entry stand in the order of the file, whatever that of the fields", () => {
    const backwards = Object.fromEntries(Object.entries(entry({ receiver: "x", scope: "y", id: "" })).reverse());
    expect(errorOf(() => parseWarrants(json(backwards), "w.json")).problems.map(({ field }) => field)).toEqual([
      "[0].receiver",
      "[0].scope",
      "[0].id",
    ]);
  });
});

it("a problem of the whole file names no line", () => {
  const problem = { file: "w", line: 0, column: 0, field: "", message: "m" };
  expect([problemText(problem), problemText({ ...problem, field: "f" }), problemText({ ...problem, line: 1, column: 2 })]).toEqual([
    "w: m",
    "w f: m",
    "w:1:2: m",
  ]);
  expect(new RegisterError([]).message).toBe("unusable register");
});
