import { existsSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldTarget } from "#model/target.ts";
import type { Instant } from "#model/time.ts";
import type { CoverageQuestion } from "./covers.ts";
import { WarrantRegister } from "./covers.ts";
import { readCsv } from "./csv.ts";
import { readMoment, warrantsJsonSchema } from "./fields.ts";
import { parseWarrants, RegisterError } from "./load.ts";

const SECRET = "262011234567890";
const YAML = `
- id: W-1
  target: imsi:${SECRET}
  scope: both
  from: 2026-01-01T00:00:00Z
  to: 2026-02-01T00:00:00+01:00
  receiver: 192.0.2.10
  authority: court
  liid: 0042
`;
const entry = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: "W-1",
  target: `imsi:${SECRET}`,
  scope: "both",
  from: "2026-01-01T00:00:00Z",
  to: "2026-02-01T00:00:00Z",
  receiver: "192.0.2.10",
  authority: "court",
  ...more,
});
const at = (text: string): Instant => {
  const t = readMoment(text);
  if (t === undefined || t === "no-zone") throw new Error(text);
  return t;
};
const errorOf = (text: string, file = "w.yaml"): RegisterError => {
  try {
    parseWarrants(text, file);
  } catch (e) {
    return e as RegisterError;
  }
  throw new Error("no error");
};

describe("loading a register", () => {
  it("reads YAML, JSON and CSV to the same", () => {
    const [w] = parseWarrants(YAML, "w.yaml");
    expect(w).toMatchObject({ id: "W-1", target: { kind: "imsi", value: SECRET }, scope: "both", receiver: "192.0.2.10", liid: "0042" });
    expect(w?.to).toEqual(at("2026-01-31T23:00:00Z"));
    const json = JSON.stringify([entry({ to: "2026-02-01T00:00:00+01:00", liid: "0042" })]);
    expect(parseWarrants(json, "w.json")).toEqual([w]);
    const csv = `id,target,scope,from,to,receiver,authority,liid\r\n"W-1",imsi:${SECRET},both,2026-01-01T00:00:00Z,2026-02-01T00:00:00+01:00,192.0.2.10,court,0042\r\n`;
    expect(parseWarrants(csv, "w.csv")).toEqual([w]);
    expect(parseWarrants(csv, "-")).toEqual([w]);
    expect(parseWarrants("[]", "w.yaml")).toEqual([]);
    expect(parseWarrants("id,target,scope,from,to,receiver,authority\n", "w.csv")).toEqual([]);
  });

  it.each([
    ["a zone missing", YAML.replace("00:00:00Z", "00:00:00"), "w.yaml:5:9 [0].from: has no time zone"],
    ["a date alone", YAML.replace("2026-01-01T00:00:00Z", "2026-01-01"), "w.yaml:5:9 [0].from: has no time zone"],
    ["no such day", YAML.replace("01-01T", "02-30T"), "w.yaml:5:9 [0].from: is not a point in time"],
    ["end before beginning", YAML.replace("2026-02-01", "2025-02-01"), "w.yaml:6:7 [0].to: is before from"],
    ["an unknown scope", YAML.replace("both", "content"), "w.yaml:4:10 [0].scope: expected iri, cc or both"],
    ["an unknown kind of target", YAML.replace("imsi:", "person:"), "w.yaml:3:11 [0].target: expected imsi:…"],
    ["a target without kind", YAML.replace("imsi:", ""), "w.yaml:3:11 [0].target: expected imsi:…"],
    ["letters in an IMSI", YAML.replace(SECRET, `${SECRET}x`), "w.yaml:3:11 [0].target: is not a valid IMSI"],
    ["a receiver's name", YAML.replace("192.0.2.10", "lemf.example"), "w.yaml:7:13 [0].receiver: is not an address"],
    ["a missing field", YAML.replace("  authority: court\n", ""), "w.yaml:2:3 [0].authority: is missing, expected the authority"],
    ["an unknown field", `${YAML}  x${SECRET}: 1\n`, "w.yaml:10:3 [0]: an unknown field"],
    ["an id twice", YAML + YAML.trimStart(), "w.yaml:10:7 [1].id: is the same as in line 2"],
    ["a map at the top", "warrants: []", "w.yaml:1:1: is not a list"],
    ["nothing", "", "is"],
    ["a key twice", YAML.replace("scope: both", `target: imsi:${SECRET}`), "is not YAML or JSON (DUPLICATE_KEY)"],
    ["broken YAML", `- id: "${SECRET}`, "is not YAML or JSON"],
    ["a list in a field", YAML.replace("both", "[both]"), "[0].scope: expected iri, cc or both"],
  ])("refuses %s, names the place, never the person", (_, text, expected) => {
    const e = errorOf(text);
    expect(e.message).toContain(expected);
    expect(e.message).not.toContain(SECRET.slice(0, 8));
    for (const p of e.problems) expect(JSON.stringify(p)).not.toContain(SECRET.slice(0, 8));
  });

  it.each([
    [
      "a column too many",
      `id,target,scope,from,to,receiver,authority\nW,imsi:${SECRET},both,a,b,c,d,e\n`,
      "w.csv:2:1: has 8 fields, expected 7",
    ],
    ["an unknown column", `id,${SECRET}\n`, "w.csv:1:4: an unknown column"],
    ["a missing column", "id,target,scope,from,to,receiver\n", "w.csv:1:1 authority: is missing in the header"],
    ["an open quote", `id,target,scope,from,to,receiver,authority\n"W,${SECRET}`, "w.csv:2:1: a quote is not closed"],
    [
      "a bad field in line 3",
      `id,target,scope,from,to,receiver,authority\nW1,"imsi:${SECRET}",iri,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,192.0.2.1,x\nW2,imsi:${SECRET},all,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,192.0.2.1,x\n`,
      "w.csv:3:25 scope",
    ],
  ])("refuses CSV with %s", (_, text, expected) => {
    const e = errorOf(text, "w.csv");
    expect(e.message).toContain(expected);
    expect(e.message).not.toContain(SECRET);
  });

  it("publishes its schema, which agrees with what is read", () => {
    const file = "schemas/warrants.schema.json";
    expect(existsSync(file)).toBe(true);
    const schema = JSON.parse(readFileSync(file, "utf8")) as object;
    expect(schema).toEqual(JSON.parse(JSON.stringify(warrantsJsonSchema())));
    const valid = new Ajv2020({ strict: false }).compile(schema);
    expect(valid([entry()])).toBe(true);
    expect(valid([entry({ scope: "all" })])).toBe(false);
    expect(valid([entry({ extra: 1 })])).toBe(false);
    expect(valid({})).toBe(false);
  });

  it("reads any CSV that RFC 4180 can write", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "é") });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }),
        fc.constantFrom("\r\n", "\n"),
        (rows, eol) => {
          const text = rows.map((r) => r.map((c) => `"${c.replaceAll('"', '""')}"`).join(",")).join(eol);
          const read = readCsv(text);
          expect("rows" in read && read.rows.map((r) => r.map((c) => c.text))).toEqual(rows);
        },
      ),
      { seed: 10 },
    );
    fc.assert(
      fc.property(fc.string(), (s) => void readCsv(s)),
      { seed: 11 },
    );
  });
});

describe("coverage", () => {
  const register = (...entries: Record<string, unknown>[]): WarrantRegister =>
    new WarrantRegister(parseWarrants(JSON.stringify(entries), "w.json"));
  const question = (more: Partial<CoverageQuestion> = {}): CoverageQuestion => ({
    targets: [foldTarget("imsi", SECRET)],
    joined: [],
    liids: [],
    kind: "cc",
    time: at("2026-01-15T00:00:00Z"),
    timeIsOwn: true,
    receiver: "192.0.2.10",
    receiverMediates: false,
    ...more,
  });

  it("holds target, scope, period and receiver against the warrant", () => {
    const r = register(entry());
    expect(r.covers(question())).toBe("covered");
    expect(r.covers(question({ receiver: "192.0.2.11" }))).toBe("wrong-receiver");
    expect(r.covers(question({ receiver: "10.0.0.1", receiverMediates: true }))).toBe("covered");
    expect(r.covers(question({ targets: [foldTarget("imsi", "262010000000000")] }))).toBe("unknown");
    expect(register(entry({ scope: "iri" })).covers(question())).toBe("out-of-scope");
    expect(register(entry({ scope: "iri" })).covers(question({ kind: "iri" }))).toBe("covered");
    expect(register().covers(question())).toBe("unknown");
  });

  it("takes the period as inclusive and exact", () => {
    const r = register(entry());
    expect(r.covers(question({ time: at("2026-01-01T00:00:00Z") }))).toBe("covered");
    expect(r.covers(question({ time: at("2026-02-01T00:00:00Z") }))).toBe("covered");
    expect(r.covers(question({ time: at("2026-02-01T00:00:00.000000001Z") }))).toBe("too-late");
    expect(r.covers(question({ time: at("2025-12-31T23:59:59.999999999Z") }))).toBe("too-early");
  });

  it("does not accuse what may have waited in a buffer", () => {
    const r = register(entry());
    expect(r.covers(question({ time: at("2026-02-01T05:00:00Z"), timeIsOwn: false }))).toBe("undecidable");
    expect(r.covers(question({ time: at("2025-12-31T00:00:00Z"), timeIsOwn: false }))).toBe("too-early");
  });

  it("joins overlapping and consecutive warrants", () => {
    const r = register(
      entry({ to: "2026-01-10T00:00:00Z" }),
      entry({ id: "W-2", from: "2026-01-09T00:00:00Z", scope: "iri" }),
      entry({ id: "W-3", from: "2026-01-20T00:00:00Z" }),
    );
    expect(r.covers(question())).toBe("out-of-scope");
    expect(r.covers(question({ kind: "iri" }))).toBe("covered");
    expect(r.covers(question({ time: at("2026-01-21T00:00:00Z") }))).toBe("covered");
  });

  it("says undecidable where the mapping was not seen, unless no warrant could cover it anyway", () => {
    const r = register(entry({ target: "msisdn:494012345", liid: "L1" }));
    expect(r.covers(question())).toBe("undecidable");
    expect(r.covers(question({ targets: [] }))).toBe("undecidable");
    expect(r.covers(question({ receiver: "203.0.113.1" }))).toBe("unknown");
    expect(r.covers(question({ time: at("2027-01-01T00:00:00Z") }))).toBe("unknown");
    expect(r.covers(question({ targets: [foldTarget("imsi", SECRET), foldTarget("msisdn", "+49 40 12345")] }))).toBe("covered");
    expect(r.covers(question({ targets: [], liids: ["L1"] }))).toBe("covered");
    expect(r.covers(question({ targets: [], liids: ["L2"] }))).toBe("unknown");
    expect(r.covers(question({ targets: [foldTarget("msisdn", "494099999")] }))).toBe("unknown");
  });

  it("does not take a label's word against the packets behind it", () => {
    const r = register(entry());
    expect(r.covers(question({ joined: [foldTarget("imsi", SECRET)] }))).toBe("covered");
    expect(r.covers(question({ joined: [foldTarget("imsi", "262019999999999")] }))).toBe("undecidable");
    expect(r.covers(question({ targets: [], joined: [foldTarget("imsi", "262019999999999")] }))).toBe("unknown");
    expect(r.covers(question({ targets: [], joined: [foldTarget("ip", "10.1.1.1")] }))).toBe("undecidable");
  });

  it("counts silent warrants without naming them", () => {
    const r = register(
      entry(),
      entry({ id: "W-2", target: "imsi:262010000000001" }),
      entry({ id: "W-3", from: "2027-01-01T00:00:00Z", to: "2027-01-02T00:00:00Z" }),
    );
    r.covers(question());
    expect(r.silent(at("2026-01-15T00:00:00Z"), at("2026-01-16T00:00:00Z"))).toBe(1);
  });

  it("cuts time where answers change", () => {
    const r = register(entry(), entry({ id: "W-2", from: "2026-01-10T00:00:00Z" }));
    const s = [
      "2025-01-01T00:00:00Z",
      "2026-01-01T00:00:00Z",
      "2026-01-05T00:00:00Z",
      "2026-01-10T00:00:00Z",
      "2026-01-11T00:00:00Z",
      "2026-02-01T00:00:00Z",
      "2026-03-01T00:00:00Z",
    ];
    expect(s.map((t) => r.stretch(at(t)))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});
