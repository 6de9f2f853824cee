import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import { afterAll, describe, expect, it } from "vitest";
import type { CaseData } from "#report/case-data.ts";
import { caseGraph } from "#report/exports/case-uco.ts";
import { exportInput, idOf, TECHNIQUES, uuid5, type ExportInput } from "#report/exports/common.ts";
import { mispEvent } from "#report/exports/misp.ts";
import { ocsfFindings, OCSF_VERSION } from "#report/exports/ocsf.ts";
import { csvText, writeParquet } from "#report/exports/rows.ts";
import { stixBundle } from "#report/exports/stix.ts";
import { CLAIM_CASES, COPY, dataOf, hostile, INTERCEPTION, removeAll, scratch } from "./cases.ts";

afterAll(removeAll);

const VENDOR = "schemas/vendor";
const read = (file: string): Record<string, unknown> => JSON.parse(readFileSync(join(VENDOR, file), "utf8")) as Record<string, unknown>;
const addFormats = addFormatsModule as unknown as (ajv: Ajv2020) => void;

function checker(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  return ajv;
}

const stixAjv = checker();
// the published schemas of their drafts' time refer to one another by relative file name
for (const file of globSync(`${VENDOR}/stix-2.1/**/*.json`)) {
  const schema = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  delete schema["$schema"];
  schema["$id"] = `https://stix.test/${file.slice(VENDOR.length + "/stix-2.1/".length)}`;
  stixAjv.addSchema(schema);
}
const stixFolder = new Map(
  globSync(`${VENDOR}/stix-2.1/{sdos,sros,observables}/*.json`).map((file) => [basename(file, ".json"), file.split("/").at(-2) ?? ""]),
);

function stixProblems(bundle: ReturnType<typeof stixBundle>): string[] {
  const objects = bundle["objects"] as { type: string; id: string }[];
  const ids = new Set(objects.map((o) => o.id));
  const problems = objects.flatMap((object) => {
    const validate = stixAjv.getSchema(`https://stix.test/${stixFolder.get(object.type) ?? "?"}/${object.type}.json`);
    if (validate === undefined) return [`no schema of ${object.type}`];
    return validate(object) === true ? [] : [`${object.type}: ${stixAjv.errorsText(validate.errors).slice(0, 400)}`];
  });
  for (const o of objects)
    for (const [key, value] of Object.entries(o) as [string, unknown][])
      for (const ref of key.endsWith("_ref") ? [value] : key.endsWith("_refs") ? (value as unknown[]) : [])
        if (!ids.has(String(ref))) problems.push(`${o.type}.${key} refers to nothing`);
  if (ids.size !== objects.length) problems.push("an id twice");
  return problems;
}

const ocsf = checker().compile(read(`ocsf-${OCSF_VERSION}-detection_finding.json`));
const misp = checker();
// draft 4 spells `$id` as `id`, and its ids here name nothing that is referred to
const mispSchema = JSON.parse(readFileSync(join(VENDOR, "misp-event.json"), "utf8"), (key, value: unknown) =>
  (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value,
) as Record<string, unknown>;
const mispValid = misp.compile(mispSchema);
const mispTypes = read("misp-types.json") as unknown as { category_type_mappings: Record<string, string[]> };

/** CASE: every class and property is of the ontology, in its domain, of its datatype, in its number. */
function caseProblems(graph: Record<string, unknown>): string[] {
  const { classes } = read("case-1.4.0-shapes.json") as unknown as {
    classes: Record<
      string,
      { subClassOf: string[]; properties: Record<string, { datatype?: string; class?: string; minCount?: number; maxCount?: number }> }
    >;
  };
  const context = graph["@context"] as Record<string, string>;
  const expand = (name: string): string => name.replace(/^([a-z-]+):/, (whole, prefix: string) => context[prefix] ?? whole);
  const supers = (iri: string): string[] => [iri, ...(classes[iri]?.subClassOf ?? []).flatMap(supers)];
  const nodes = new Map<string, Record<string, unknown>>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === "object" && value !== null) {
      const node = value as Record<string, unknown>;
      if (typeof node["@id"] === "string" && node["@type"] !== undefined) nodes.set(node["@id"], node);
      Object.values(node).forEach(collect);
    }
  };
  collect(graph["@graph"]);
  const problems: string[] = [];
  for (const [id, node] of nodes) {
    const type = expand(String(node["@type"]));
    if (classes[type] === undefined) {
      problems.push(`${id}: ${type} is no class`);
      continue;
    }
    const shapes = new Map(supers(type).flatMap((iri) => Object.entries(classes[iri]?.properties ?? {})));
    for (const [name, value] of Object.entries(node)) {
      if (name.startsWith("@")) continue;
      const shape = shapes.get(expand(name));
      if (shape === undefined) {
        problems.push(`${id}: ${name} is no property of ${type}`);
        continue;
      }
      const values = Array.isArray(value) ? value : [value];
      if (shape.maxCount !== undefined && values.length > shape.maxCount) problems.push(`${id}: ${name} comes ${values.length} times`);
      for (const one of values as unknown[]) {
        if (shape.datatype !== undefined) {
          const datatype = typeof one === "string" ? "xsd:string" : String((one as Record<string, unknown>)["@type"]);
          const fits = expand(datatype) === shape.datatype;
          if (!fits) problems.push(`${id}: ${name} is ${datatype}, not ${shape.datatype}`);
        } else {
          const ref = (one as Record<string, unknown>)["@id"];
          const target = nodes.get(String(ref));
          if (target === undefined) problems.push(`${id}: ${name} refers to nothing (${String(ref)})`);
          else if (
            shape.class !== undefined &&
            classes[shape.class] !== undefined &&
            !supers(expand(String(target["@type"]))).includes(shape.class)
          )
            problems.push(`${id}: ${name} is a ${String(target["@type"])}, not a ${shape.class}`);
        }
      }
    }
    for (const [path, shape] of shapes) {
      const short = Object.keys(node).find((name) => expand(name) === path);
      if ((shape.minCount ?? 0) > 0 && short === undefined) problems.push(`${id}: lacks ${path}`);
    }
  }
  return problems;
}

const NOW = Date.parse("2027-01-01T00:00:00Z");
const inputOf = (data: CaseData): ExportInput => exportInput(data, { liCleared: true, identities: true }, NOW);

describe.each([...CLAIM_CASES, COPY])("%s", (folder) => {
  it("is valid STIX 2.1, OCSF, MISP and CASE", async () => {
    const data = await dataOf(folder);
    const input = inputOf(data);
    expect(stixProblems(stixBundle(input))).toEqual([]);
    const events = ocsfFindings(input);
    expect(events).toHaveLength(data.document.findings.length);
    for (const event of events) expect(ocsf(event) === true ? "" : checker().errorsText(ocsf.errors)).toBe("");
    const event = mispEvent(input);
    expect(mispValid(event) === true ? "" : misp.errorsText(mispValid.errors)).toBe("");
    for (const attribute of (event["Event"] as { Attribute: { type: string; category: string }[] }).Attribute)
      expect(mispTypes.category_type_mappings[attribute.category]).toContain(attribute.type);
    expect(caseProblems(caseGraph(input) as Record<string, unknown>)).toEqual([]);
  });

  it("is the same each time, and shows no subscriber", async () => {
    const data = await dataOf(folder);
    const all = (): string[] =>
      [stixBundle, ocsfFindings, mispEvent, caseGraph].map((make) => JSON.stringify(make(inputOf(data)))).concat(csvText(inputOf(data)));
    expect(all()).toEqual(all());
    const truth = JSON.parse(readFileSync(join(folder, "truth.json"), "utf8")) as { expect: { subscriber: string | null }[] };
    const people = [...truth.expect.map((e) => e.subscriber), ...data.document.findings.flatMap((f) => f.subscribers.pseudonyms)].filter(
      (s) => s !== null,
    );
    for (const text of all()) for (const person of people) expect(text).not.toContain(person);
  });
});

describe("every export", () => {
  it("carries premises, standing and the statement on attribution", async () => {
    const input = inputOf(await dataOf(COPY));
    for (const make of [stixBundle, ocsfFindings, mispEvent, caseGraph]) {
      const text = JSON.stringify(make(input));
      for (const needed of ["If the declaration and tap map are right", "This does not show who caused it", "Standing: given", "Draft:"])
        expect(text).toContain(needed);
    }
  });

  it("leaves out findings about interception unless the reader is cleared", async () => {
    const data = await dataOf(INTERCEPTION);
    const secret = data.document.findings[0]?.receiver?.address ?? "?";
    const guarded = exportInput(data, { liCleared: false, identities: true }, NOW);
    for (const make of [stixBundle, ocsfFindings, mispEvent, caseGraph]) {
      expect(JSON.stringify(make(guarded))).not.toContain(secret);
      expect(JSON.stringify(make(inputOf(data)))).toContain(secret);
    }
    expect(csvText(guarded)).not.toContain(secret);
  });

  it("holds with hostile words", async () => {
    const input = inputOf(hostile(await dataOf(COPY)));
    expect(stixProblems(stixBundle(input))).toEqual([]);
    for (const event of ocsfFindings(input)) expect(ocsf(event)).toBe(true);
    expect(mispValid(mispEvent(input))).toBe(true);
    expect(caseProblems(caseGraph(input) as Record<string, unknown>)).toEqual([]);
  });

  it("has a technique for every claim, with an ATT&CK id", () => {
    for (const list of Object.values(TECHNIQUES)) for (const t of list) expect(t.id).toMatch(/^T\d{4}(\.\d{3})?$/);
  });
});

it("UUIDv5 is RFC 9562's", () => {
  // RFC 9562 appendix A.4
  expect(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
  expect(idOf("a", 1, null)).toBe(idOf("a", 1, null));
  expect(idOf("a", "1")).not.toBe(idOf("a", 1));
});

describe("rows", () => {
  it("CSV quotes, and no spreadsheet takes a name for a formula", async () => {
    const data = await dataOf(COPY);
    const [f] = data.document.findings;
    if (f === undefined) throw new Error("no finding");
    const findings = [{ ...f, summary: '=HYPERLINK("http://x","y"),\n"z"', element: { ...f.element, name: "@SUM(1)" } }];
    const text = csvText(inputOf({ ...data, document: { ...data.document, findings } }));
    expect(text).toContain(`"'=HYPERLINK(""http://x"",""y""),\n""z"""`);
    expect(text).toContain(",'@SUM(1),");
    expect(text.split("\r\n")[0]).toMatch(/^id,network,case,claim,/);
  });

  it("Parquet holds the same rows, typed", async () => {
    const data = await dataOf(COPY);
    const file = join(scratch("parquet"), "it's.parquet");
    await writeParquet(inputOf(data), file);
    const connection = await (await DuckDBInstance.create()).connect();
    const reader = await connection.runAndReadAll(
      `SELECT id, bits, packets, typeof(first) AS t, first::VARCHAR AS first FROM '${file.replaceAll("'", "''")}'`,
    );
    const f = data.document.findings[0];
    expect(reader.getRowObjectsJson()).toEqual([
      {
        id: f?.id,
        bits: String(f?.bits),
        packets: String(f?.packets),
        t: "TIMESTAMP_NS",
        first: f?.first.replace("T", " ").replace(/0*Z$/, ""),
      },
    ]);
    connection.closeSync();
  });
});

const validator = [process.env["CASE_VALIDATE"] ?? "", ...(process.env["PATH"] ?? "").split(":").map((p) => join(p, "case_validate"))].find(
  (file) => file !== "" && existsSync(file),
);
if (validator === undefined)
  console.warn(
    "SKIPPED: no case_validate (PyPI case-utils) on the PATH or in CASE_VALIDATE; CASE was checked against the vendored shapes only",
  );

it.skipIf(validator === undefined).each([COPY, INTERCEPTION])("CASE's own validator passes %s", async (folder) => {
  const file = join(scratch("case"), "case.jsonld");
  writeFileSync(file, JSON.stringify(caseGraph(inputOf(await dataOf(folder)))));
  const { status, stdout, stderr } = spawnSync(validator ?? "", ["--built-version", "case-1.4.0", "--allow-info", file], {
    encoding: "utf8",
  });
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toContain("Conforms: True");
});
