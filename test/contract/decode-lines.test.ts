import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Writable } from "node:stream";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import { run } from "#cli/main.ts";
import { findScenario } from "#lab/scenarios/catalogue.ts";
import { writeCase } from "#lab/suite.ts";

/** `decode --json`, line by line against `contract.md` §4, written down a second time. Fields beyond the contract's are listed. */
const PROTOCOLS = "s1ap nas-eps gtpv1 gtpv2 pfcp diameter ngap nas-5gs x2ap map x1 x2 x3 hi2 hi3 gtp-prime".split(" ");
const APPLICATION_PART = ["s1ap", "ngap", "x2ap"];
const uint32 = { type: "integer", minimum: 0, maximum: 0xffffffff };
const oneOrMany = (item: object): object => ({ anyOf: [item, { type: "array", items: item, minItems: 2, uniqueItems: true }] });
const identity = (pattern: string): object => oneOrMany({ type: "string", pattern });
const address = { type: "string", pattern: "^(\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)$" };

const is = (protocols: readonly string[]): object => ({ properties: { protocol: { enum: protocols } } });
/** JSON Schema's if, then and else, without a key that JavaScript takes for a promise. */
const when = (condition: object, holds: object, otherwise: object): object => ({
  anyOf: [{ allOf: [condition, holds] }, { allOf: [{ not: condition }, otherwise] }],
});

function schema(clear: boolean): object {
  const veiled = "^s:[A-Za-z0-9_-]{16,}$";
  return {
    type: "object",
    required: ["frame", "capture", "time", "src", "dst", "protocol", "name"],
    additionalProperties: false,
    properties: {
      frame: { type: "integer", minimum: 1 },
      capture: { type: "string", minLength: 1 },
      time: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z$" },
      src: address,
      dst: address,
      protocol: { enum: PROTOCOLS },
      type: uint32,
      kind: { enum: ["initiating", "successful", "unsuccessful"] },
      request: { type: "boolean" },
      application: uint32,
      name: { type: "string", minLength: 1 },
      ciphered: { const: true },
      imsi: identity(clear ? "^\\d{6,15}$" : veiled),
      msisdn: identity(clear ? "^\\d{1,20}$" : veiled),
      imei: identity(clear ? "^\\d{14,16}$" : veiled),
      teids: {
        type: "array",
        minItems: 1,
        items: { type: "object", required: ["teid", "address"], additionalProperties: false, properties: { teid: uint32, address } },
      },
      ueAddresses: { type: "array", minItems: 1, uniqueItems: true, items: clear ? address : { type: "string", pattern: veiled } },
      apn: oneOrMany({ type: "string", minLength: 1 }),
      // beyond the contract
      frames: { type: "array", minItems: 2, uniqueItems: true, items: { type: "integer", minimum: 1 } },
      inTunnel: { const: true },
      incomplete: { const: true },
    },
    allOf: [
      when(is(APPLICATION_PART), { required: ["type", "kind"] }, { not: { required: ["kind"] } }),
      when(
        is(["diameter"]),
        { required: ["type", "request", "application"] },
        { not: { anyOf: [{ required: ["request"] }, { required: ["application"] }] } },
      ),
      when({ required: ["ciphered"] }, { allOf: [is(["nas-eps", "nas-5gs"]), { not: { required: ["type"] } }] }, {}),
      when(is(["gtpv1", "gtpv2", "pfcp", "gtp-prime"]), { required: ["type"] }, {}),
    ],
  };
}

const ajv = new Ajv2020({ allErrors: true, strictTypes: false, strictRequired: false });
const check = { clear: ajv.compile(schema(true)), veiled: ajv.compile(schema(false)) };
type Line = Record<string, unknown> & { frame: number; capture: string };

async function decode(paths: readonly string[], clear: boolean): Promise<Line[]> {
  let text = "";
  const stdout = new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const stderr = new Writable({ write: (_chunk, _encoding, done) => done() });
  const code = await run(["decode", ...paths, "--json", ...(clear ? ["--identities"] : [])], {
    stdin: process.stdin,
    stdout,
    stderr,
    env: {},
  });
  expect(code).toBe(0);
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

const root = mkdtempSync(join(tmpdir(), "tapproof-decode-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const EXAMPLES = "test/captures/claims-examples";
const SCENARIOS = ["clean-cups", "clean-s1-handover", "clean-x2-handover"];

describe("decode --json is what the contract says", () => {
  const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  it.each([...folders.map(({ name }) => join(EXAMPLES, name)), "examples/lte-lab-b1-vxlan-mirred", ...SCENARIOS])("%s", async (name) => {
    let folder = name;
    if (SCENARIOS.includes(name)) {
      const scenario = findScenario(name);
      if (scenario === undefined) throw new Error(`the lab has no ${name}`);
      folder = join(root, name);
      writeCase(scenario, "contract", folder);
    }
    const paths = readdirSync(folder)
      .filter((file) => file.includes(".pcap"))
      .map((file) => join(folder, file));
    const [clear, veiled] = [await decode(paths, true), await decode(paths, false)];
    const wrong: string[] = [];
    for (const [lines, valid] of [
      [clear, check.clear],
      [veiled, check.veiled],
    ] as const) {
      for (const line of lines) {
        if (!valid(line))
          wrong.push(`${JSON.stringify(line)}: ${(valid.errors ?? []).map((e) => `${e.instancePath} ${e.message}`).join(", ")}`);
        if (!paths.map((path) => basename(path)).includes(line.capture)) wrong.push(`${line.capture} is none of the captures`);
      }
    }
    expect(wrong.slice(0, 5)).toEqual([]);
    // The keys stay, the values are pseudonyms: the same lines, and no identity in them.
    expect(veiled.map((line) => Object.keys(line))).toEqual(clear.map((line) => Object.keys(line)));
    const shown = JSON.stringify(veiled);
    for (const key of ["imsi", "msisdn", "imei", "ueAddresses"]) {
      for (const value of clear.flatMap((line) => line[key] ?? [])) expect(shown).not.toContain(JSON.stringify(value));
    }
  });
});
