/** Texts that people hand in: declaration, warrants, sealed entries, bodies of the API. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeclarationError, parseDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import { parseWarrants, RegisterError } from "#register/load.ts";
import { newAuthorityKey } from "#register/sealed/authority.ts";
import { loadAnswers, loadOpenings, loadQuestion, loadSealedRegister } from "#register/sealed/load.ts";
import { sealWarrants } from "#register/sealed/seal.ts";
import { ROUTES, type Route } from "#serve/api/routes.ts";
import type { Target } from "./targets.ts";

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (input: Uint8Array): string => Buffer.from(input).toString("utf8");

/** What YAML, JSON and CSV can be made to do. */
const SYNTAX = [
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  "- ",
  "\n  ",
  "&a ",
  "*a",
  "<<: *a",
  "|\n",
  "? ",
  "!!",
  "---\n",
  '"',
  '""',
  "\\u0000",
  "\r\n",
  "null",
];
const VALUES = [
  "0",
  "-1",
  "1e999",
  "9007199254740993",
  "__proto__",
  "constructor",
  "10.0.0.0/8",
  "::/0",
  "2001:db8::1",
  "256.1.1.1",
  "2026-13-01T00:00:00Z",
];
const words = (...more: readonly string[]): Uint8Array[] => [...SYNTAX, ...VALUES, ...more].map(octets);

function declaration(input: Uint8Array): void {
  try {
    const look = new Lookup(parseDeclaration(textOf(input), "network.yaml").declaration);
    look.functionAt("10.0.0.1");
    look.pointFor("core.pcap");
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error;
  }
}

function warrants(input: Uint8Array): void {
  try {
    parseWarrants(textOf(input), "warrants");
  } catch (error) {
    if (!(error instanceof RegisterError)) throw error;
  }
}

const folder = mkdtempSync(join(tmpdir(), "tapproof-fuzz-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

function sealedEntries(input: Uint8Array): void {
  const path = join(folder, "sealed.json");
  writeFileSync(path, input);
  for (const load of [loadSealedRegister, loadAnswers, loadOpenings, loadQuestion]) {
    try {
      load(path);
    } catch (error) {
      if (!(error instanceof RegisterError)) throw error;
    }
  }
}

const routes: readonly Route[] = Object.values(ROUTES);

/** The first octet chooses the route. */
function body(input: Uint8Array): void {
  const route = routes[(input[0] ?? 0) % routes.length] as Route;
  let value: unknown;
  try {
    value = JSON.parse(textOf(input.subarray(1)));
  } catch {
    return;
  }
  for (const schema of [route.body, route.query]) {
    const read = schema?.safeParse(value);
    if (read?.success === true && JSON.stringify(read.data).length > 4 * input.length + 1000) throw new Error(`${route.path}: a body grew`);
  }
}

const NETWORK = `network: { name: Exampletel, country: FR, plmns: ["20801"] }
vendors: { acme: { name: Acme Networks, country: XX } }
functions:
  - { name: mme-1, roles: [MME], vendor: acme, site: Paris, addresses: [10.0.0.1] }
  - { name: spgw-1, roles: [SGW, PGW], addresses: [10.0.0.2, "2001:db8::2"] }
points: [{ match: "*sgi*", interface: SGi, link: spgw-1/eth2, direction: ab }]
extensions: [{ enterprise: 3561, functions: [spgw-1], content: constant }]
subscribers: { addresses: [172.16.0.0/24] }
services: [{ name: ntp-1, addresses: [10.9.0.5], protocols: [ntp], mayCarry: [none] }]
operators: [{ name: noc, addresses: [10.9.0.0/28] }]
grants: [{ party: noc, functions: [spgw-1], protocols: [ssh], from: 2026-01-01T00:00:00Z, to: 2026-12-31T00:00:00Z, ticket: C }]
lawful: { administration: [10.8.0.1], mediation: [10.8.0.2], monitoring: [192.0.2.10] }
partners: [{ name: Othertel, plmns: ["26201"], addresses: [198.51.100.0/24] }]
trace: { collectors: [10.9.0.9] }
protected: [S1-MME]
groups: [{ kind: ha, members: [spgw-1, mme-1], virtual: [10.0.1.9], carries: [signalling] }]
policy: { ciphering: { EEA0: emergency } }
`;
const WARRANTS = `- { id: W1, target: "imsi:208010000000001", scope: both, from: 2026-01-01T00:00:00Z, to: 2026-12-31T00:00:00Z, receiver: 192.0.2.10, authority: Court }
- { id: W2, target: "msisdn:33600000001", scope: iri, from: "2026-01-01T00:00:00+01:00", to: 2026-12-31T00:00:00Z, receiver: "2001:db8::9", authority: Court, liid: L2 }
`;
const WARRANTS_CSV = `id,target,scope,from,to,receiver,authority,liid
W1,imsi:208010000000001,cc,2026-01-01T00:00:00Z,2026-12-31T00:00:00Z,192.0.2.10,"The ""High"" Court",L1
`;

function sealedSeeds(): Uint8Array[] {
  const key = newAuthorityKey("Court");
  const fields = {
    id: "W1",
    target: "imsi:208010000000001",
    scope: "both",
    from: "2026-01-01T00:00:00Z",
    to: "2026-12-31T00:00:00Z",
    receiver: "192.0.2.10",
    authority: "Court",
  } as const;
  return Object.values(sealWarrants([fields], key, "2026-01-01T00:00:00Z")).map((file) => octets(JSON.stringify(file)));
}

const BODIES = [
  '{"text":"network: {}"}',
  '{"token":"t","author":"a"}',
  '{"name":"n","basis":"b"}',
  '{"reason":"because of it"}',
  '{"limit":"10","cursor":""}',
];

export const documents: readonly Target[] = [
  {
    name: "declaration",
    run: declaration,
    seeds: [octets(NETWORK)],
    words: words("roles", "functions", "kind", "match", "from", "members"),
  },
  {
    name: "warrants",
    run: warrants,
    seeds: [octets(WARRANTS), octets(WARRANTS_CSV)],
    words: words("imsi:", "nai:", "ip:", "scope", "both", ";"),
  },
  { name: "sealed-register", run: sealedEntries, seeds: sealedSeeds(), words: words('"entries"', '"by"', '"signature"', '"salt"') },
  {
    name: "api-body",
    run: body,
    seeds: BODIES.flatMap((text) => routes.map((_, i) => Uint8Array.of(i, ...octets(text)))),
    words: words('"text"', '"state"', '"findings"', '"lang"', '"uploads"', '"captures"'),
  },
];
