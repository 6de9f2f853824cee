import { existsSync, globSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson as evidenceCanonicalJson } from "#evidence/canonical-json.ts";
import { canonicalJson } from "./canonical.ts";
import { DeclarationError, loadDeclaration, parseDeclaration } from "./load.ts";
import { networkJsonSchema } from "./schema.ts";

const EXAMPLES = globSync("../shared/captures/{claims-examples,lte-lab}/*/network.yaml");
if (EXAMPLES.length === 0) console.warn("SKIPPED: ../shared/captures is absent, no example declaration was read");

function problems(text: string): readonly string[] {
  try {
    parseDeclaration(text, "network.yaml");
  } catch (error) {
    if (error instanceof DeclarationError) return error.problems.map((p) => `${p.line}:${p.column} ${p.field}: ${p.message}`);
    throw error;
  }
  return [];
}

const HEAD = "network: { name: Exampletel }\n";

describe("the contract's example", () => {
  const text = `# comment
$schema: ./schemas/network.schema.json
network: { name: Exampletel, country: FR, plmns: ["20801"] }
vendors:
  acme: { name: Acme Networks, country: XX }
functions:
  - { name: mme-1, roles: [MME], vendor: acme, site: Paris, addresses: [10.0.0.1] }
  - { name: spgw-1, roles: [SGW, PGW], vendor: acme, addresses: [10.0.0.2, 10.0.1.2], plmns: ["20801"], slices: [{ sst: 1 }], dnns: [internet], identities: [pgw.epc.mnc001.mcc208.3gppnetwork.org] }
  - { name: spgw-2, roles: [SGW, PGW], addresses: [] }
  - { name: upf-1, roles: [UPF], addresses: ["2001:DB8::1"] }
points:
  - { match: "*sgi*", interface: SGi, link: sw, direction: ab, method: tap, complete: true, snaplen: 96, clock: ptp }
  - { match: "*oam*", interface: OAM }
extensions:
  - { enterprise: 3561, functions: [spgw-1], content: constant }
subscribers:
  addresses: [172.16.0.0/24]
services:
  - { name: ntp-1, addresses: [10.9.0.5], protocols: [ntp], mayCarry: [usage] }
operators:
  - { name: noc, addresses: [10.9.0.0/28] }
grants:
  - { party: noc, functions: [spgw-1], protocols: [ssh, snmp], from: 2026-01-01T00:00:00Z, to: 2026-12-31T00:00:00.5+01:00, ticket: CHG-1 }
lawful:
  administration: [10.8.0.1]
  mediation: [10.8.0.2]
  monitoring: [192.0.2.10]
  location: [10.8.0.3]
  gateways: [10.8.0.4]
  providers: [{ name: agency, addresses: [10.8.0.5] }]
  countries: [FR]
  profile: etsi
  buffer: 3600
partners:
  - { name: Othertel, plmns: ["26201"], addresses: [198.51.100.0/24], realms: [epc.mnc001.mcc262.3gppnetwork.org], globalTitles: ["49170"], via: dra-1, kind: roaming, agreement: AA14 }
trace: { collectors: [10.9.0.9], plmns: ["20801"], jobs: [mdt-1] }
protected: [S1-MME, S1-U, X2]
links: [{ a: spgw-1/eth2, b: sw-3/7, vlans: [] }]
hosts: [{ name: nfvi-4, runs: [upf-1], vendor: acme }]
groups: [{ kind: ha, members: [spgw-1, spgw-2], virtual: [10.0.1.9], carries: [signalling, state] }]
middleboxes: [{ kind: cgnat, addresses: [10.0.3.1], inside: [172.16.0.0/24], outside: [198.51.100.0/28], payload: same }]
monitoring: [{ name: probe-1, kind: probe, from: [10.0.1.2], to: [10.9.1.1], encapsulation: gre, scope: all, purpose: quality }]
signalling: [{ name: dra-1, kind: dra, addresses: [10.0.4.1], realms: [epc.mnc001.mcc208.3gppnetwork.org], hides: true }]
queries: [{ asker: tas-1, procedures: [sh-udr], data: [tads, location], purpose: call routing }]
transfers: [{ kind: cdr, from: [spgw-1], to: [10.9.2.1], protocols: [sftp], mayCarry: usage }]
policy: { ciphering: { EEA0: emergency, NEA0: never }, integrity: { EIA0: emergency } }
sealed: { by: [operator], at: 2026-01-01T00:00:00Z }
`;
  it("is read in full, without a warning", () => {
    const { declaration: d, warnings, sha256 } = parseDeclaration(text, "network.yaml");
    expect(warnings).toEqual([]);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(d.functions.map((f) => f.name)).toEqual(["mme-1", "spgw-1", "spgw-2", "upf-1"]);
    expect(d.functions[3]?.addresses).toEqual(["2001:db8::1"]);
    expect(d.grants[0]).toMatchObject({ fromMicros: Date.UTC(2026, 0, 1) * 1000, toMicros: Date.UTC(2026, 11, 30, 23) * 1000 + 500_000 });
    expect(d.services[0]?.mayCarry).toEqual(["usage"]);
    expect(d.transfers[0]?.mayCarry).toEqual(["usage"]);
    expect(d.lawful.providers).toEqual(["agency", "10.8.0.5"]);
    expect(d.policy?.ciphering).toEqual({ EEA0: "emergency", NEA0: "never" });
  });

  it("has the same hash as JSON, in another layout, with other spellings of the same", () => {
    const hash = parseDeclaration(text, "a.yaml").sha256;
    const other = text
      .replace("# comment\n", "\n\n")
      .replace("2001:DB8::1", "2001:db8:0::0:1")
      .replace("172.16.0.0/24]\nservices", "172.16.0.7/24]\nservices");
    expect(parseDeclaration(other, "b.yaml").sha256).toBe(hash);
    expect(parseDeclaration(text.replace("ticket: CHG-1", "ticket: CHG-2"), "c.yaml").sha256).not.toBe(hash);
    const json = parseDeclaration(JSON.stringify({ network: { name: "x" }, functions: null }), "d.json");
    expect(json.sha256).toBe(parseDeclaration("network: {name: x}\nfunctions:\nservices: []", "e.yaml").sha256);
  });
});

describe("errors name line, column, field, what, and what was expected", () => {
  it.each([
    [`${HEAD}funtions: []`, "2:1 funtions: unknown key, expected functions"],
    [`${HEAD}functions:\n  - { name: a, rols: [MME], roles: [MME] }`, "3:16 functions[0].rols: unknown key, expected roles"],
    [`${HEAD}vendors: { acme: { nam: x } }`, "2:20 vendors.acme.nam: unknown key, expected name"],
    [
      "network: { name: x, plmns: [00101] }",
      "1:29 network.plmns[0]: 101 is a number, expected a PLMN of five or six digits (put it in quotes)",
    ],
    ["network: {}", "1:10 network.name: missing, expected the network's name"],
    ["functions: []", "1:1 network: missing, expected name, country and plmns"],
    [`${HEAD}functions:\n  - { name: a, roles: MME }`, '3:23 functions[0].roles: "MME" does not fit, expected a list of roles'],
    [
      `${HEAD}functions:\n  - { name: a, roles: [MME], addresses: [10.0.0.300] }`,
      '3:42 functions[0].addresses[0]: "10.0.0.300" is not an address',
    ],
    [
      `${HEAD}functions:\n  - { name: a, roles: [MME], addresses: [10.0.0.0/40] }`,
      '3:42 functions[0].addresses[0]: "10.0.0.0/40" is not an address',
    ],
    [
      `${HEAD}functions:\n  - { name: a, roles: [MME] }\n  - { name: a, roles: [HSS] }`,
      '4:13 functions[1].name: "a" comes twice in functions',
    ],
    [
      `${HEAD}grants:\n  - { party: noc, functions: [], protocols: [ssh], from: 2026-01-01 }`,
      '3:58 grants[0].from: "2026-01-01" is not a point in time',
    ],
    [
      `${HEAD}grants:\n  - { party: noc, functions: [], protocols: [ssh], to: 2026-01-01T00:00:00 }`,
      '3:56 grants[0].to: "2026-01-01T00:00:00" is not a point in time',
    ],
    [
      `${HEAD}operators: [{ name: noc }]\ngrants:\n  - { party: nox, functions: [], protocols: [ssh] }`,
      '4:14 grants[0].party: "nox" is not declared, expected the name of one of operators; did you mean "noc"?',
    ],
    [
      `${HEAD}operators: [{ name: noc }]\ngrants:\n  - { party: noc, functions: [q], protocols: [ssh] }`,
      '4:31 grants[0].functions[0]: "q" is not declared',
    ],
    [
      `${HEAD}operators: [{ name: noc }]\ngrants:\n  - { party: noc, functions: [], protocols: [], from: 2026-02-01T00:00:00Z, to: 2026-01-01T00:00:00Z }`,
      "4:81 grants[0].to: ends before it begins",
    ],
    [
      `${HEAD}policy: { ciphering: { EEA0: sometimes } }`,
      '2:30 policy.ciphering.EEA0: "sometimes" does not fit, expected allowed, emergency or never',
    ],
    [
      `${HEAD}services: [{ name: a, mayCarry: [contents] }]`,
      '2:34 services[0].mayCarry[0]: "contents" does not fit, expected none, signalling, usage or content',
    ],
    [`${HEAD}transfers: [{ kind: cdr, from: [nobody], to: [10.0.0.1] }]`, '2:33 transfers[0].from[0]: "nobody" is not declared'],
    ["a: [", "1:5 : Flow sequence"],
    ["a: 1\na: 2", "2:1 : Map keys must be unique"],
    ["", "1:1 : is empty, expected a network declaration"],
    ["[1]", "1:1 : holds no map"],
    [`${HEAD}---\n${HEAD}`, "1:1 : holds several YAML documents"],
    ["[".repeat(100_000), "nested too deeply"],
  ])("%j", (text, expected) => {
    const found = problems(text);
    expect(
      found.some((p) => p.includes(expected)),
      found.join("\n"),
    ).toBe(true);
  });

  it("expands no alias bomb", () => {
    const lines = ["a: &a [x,x,x,x,x,x,x,x,x,x]"];
    for (let i = 1; i < 9; i++)
      lines.push(`${"abcdefghi"[i]}: &${"abcdefghi"[i]} [${Array.from({ length: 10 }, () => `*${"abcdefghi"[i - 1]}`).join(",")}]`);
    expect(problems(lines.join("\n"))[0]).toContain("expected a network declaration");
  });

  it("gives the first in the error's one line, and says how many more", () => {
    expect(() => parseDeclaration(`${HEAD}x: 1\ny: 2`, "network.yaml")).toThrow(
      /^network\.yaml:2:1 x: unknown key, expected .*\(and 1 more\)$/s,
    );
  });

  it("says what is wrong with a file that cannot be read", () => {
    expect(() => loadDeclaration("/nowhere/network.yaml")).toThrow(
      "/nowhere/network.yaml: no such file, expected a network declaration (YAML or JSON)",
    );
    expect(() => loadDeclaration("/")).toThrow("/: is a directory");
  });

  it("throws nothing but DeclarationError, whatever the text", () => {
    const word = fc.constantFrom(
      "network",
      "functions",
      "name",
      "roles",
      "grants",
      "from",
      "addresses",
      "10.0.0.1",
      "null",
      "{}",
      "[]",
      "-",
      "&a",
      "*a",
      "!!x",
      "|",
      ">",
    );
    const soup = fc
      .array(fc.tuple(word, fc.constantFrom(": ", "\n", "\n  ", ", ", " [", "] ", "{ ", " }")))
      .map((parts) => parts.flat().join(""));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string(), fc.json()), (text) => {
        problems(text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("warnings", () => {
  const warn = (text: string): readonly string[] =>
    parseDeclaration(HEAD + text, "n.yaml").warnings.map((w) => `${w.line}:${w.column} ${w.field}: ${w.message}`);
  it.each([
    ["functions: [{ name: a, roles: [HSSS] }]", '2:32 functions[0].roles[0]: role "HSSS" is not known here; did you mean "HSS"?'],
    ["functions: [{ name: a, roles: [SMF+PGW-C, SPGW, saegw-u] }]", undefined],
    ["middleboxes: [{ kind: teapot }]", '2:23 middleboxes[0].kind: kind "teapot" is not known here'],
    ["services: [{ name: a, protocols: [shh] }]", 'services[0].protocols[0]: protocol "shh" is not known here; did you mean "ssh"?'],
    ["services: [{ name: a, protocols: [tcp/8080, udp/4000-4010, HTTPS, any] }]", undefined],
    ["functions: [{ name: a, roles: [MME], vendor: acme }]", 'vendor "acme" is not declared'],
    [
      "functions: [{ name: a, roles: [MME], addresses: [10.0.0.1] }, { name: b, roles: [HSS], addresses: [10.0.0.1] }]",
      'also belongs to function "a"',
    ],
    ["monitoring: [{ name: p, from: [10.0.0.1], to: [10.0.0.2] }]", "states no scope"],
  ])("%s", (text, expected) => {
    const found = warn(text);
    if (expected === undefined) expect(found).toEqual([]);
    else expect(found.join("\n")).toContain(expected);
  });
});

describe("examples", () => {
  it.skipIf(EXAMPLES.length === 0)("of the captures are read without a warning", () => {
    expect(EXAMPLES.length).toBeGreaterThan(10);
    for (const file of EXAMPLES) expect(loadDeclaration(file).warnings).toEqual([]);
  });
});

describe("published JSON Schema", () => {
  it("is current (else run: npm run generate)", () => {
    expect(existsSync("schemas/network.schema.json")).toBe(true);
    expect(JSON.parse(readFileSync("schemas/network.schema.json", "utf8"))).toEqual(JSON.parse(JSON.stringify(networkJsonSchema())));
  });

  it("accepts what the loader accepts, and refuses an unknown key", async () => {
    const { Ajv2020 } = await import("ajv/dist/2020.js");
    const { parse } = await import("yaml");
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const valid = ajv.compile(JSON.parse(readFileSync("schemas/network.schema.json", "utf8")) as object);
    for (const file of EXAMPLES) expect(valid(parse(readFileSync(file, "utf8"))), JSON.stringify(valid.errors)).toBe(true);
    expect(valid({ network: { name: "x" }, funtions: [] })).toBe(false);
    expect(valid({ network: { name: "x" }, grants: [{ party: "a", functions: [], protocols: [], from: "2026-01-01" }] })).toBe(false);
  });
});

describe("canonical form", () => {
  it("is the one of the evidence stage", () => {
    const plain = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(plain, (value) => {
        expect(canonicalJson(value)).toBe(evidenceCanonicalJson(value));
      }),
    );
  });
});
