/**
 * What a warrant covers is the most sensitive thing a network holds, and a server shows a case to people who may not know it. One capture in which
 * one subscriber is lawfully tasked and delivered, and another one's content goes to a stranger, is asked about through every route of the API,
 * by somebody who is not cleared. A new route has no attack in `ATTACKS` and does not compile.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadWarrants } from "#register/load.ts";
import { ROUTES, type Route, type RouteName } from "#serve/api/routes.ts";
import type { Declaration, Evidence, FindingPage, Overview, Register, VendorList } from "#serve/api/types.ts";

import { queryCase } from "#store/query.ts";
import { WORDS } from "#words/words.ts";
import { capturesOf, Page, PROGRAM, scanCases, settingsFor, type TestCases } from "./cases.ts";

let cases: TestCases;
let viewer: Page;
let cleared: Page;
let lab = "";
/** Texts that only the covered streams, their addresses and their warrant have. */
const needles: Record<string, string> = {};

function tapproof(...args: readonly string[]): void {
  const [node, entry] = PROGRAM;
  const { status, stderr } = spawnSync(node, [entry, ...args], {
    encoding: "utf8",
    env: { ...process.env, TAPPROOF_HOME: cases.home },
  });
  if (status !== 0) throw new Error(`${args.join(" ")}: ${status} ${stderr}`);
}

function capturesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((f) => f.endsWith(".pcap"))
    .sort()
    .map((f) => join(folder, f));
}

/** Classic pcap (24 octets of header, 16 before each frame, little-endian) without the frames in which one of the addresses stands. */
function without(addresses: readonly string[], path: string, out: string): number {
  const bytes = readFileSync(path);
  const wanted = addresses.map((a) => Buffer.from(a.split(".").map(Number)));
  const kept = [bytes.subarray(0, 24)];
  let dropped = 0;
  for (let at = 24; at + 16 <= bytes.length;) {
    const end = at + 16 + bytes.readUInt32LE(at + 8);
    const head = bytes.subarray(at + 16, Math.min(end, at + 16 + 90));
    if (wanted.some((a) => head.includes(a))) dropped++;
    else kept.push(bytes.subarray(at, end));
    at = end;
  }
  writeFileSync(out, Buffer.concat(kept));
  return dropped;
}

beforeAll(async () => {
  cases = scanCases(["ungranted-access"]);
  lab = join(cases.home, "lab");
  tapproof("lab", "x3-beside-warranted", "--out", lab);
  const given = ["--network", join(lab, "network.yaml"), "--warrants", join(lab, "warrants.yaml")];
  tapproof("scan", ...capturesIn(lab), ...given, "--case", join(cases.root, "covered"));

  const lawful = /lawful: \{ administration: \[(.+?)\], mediation: \[(.+?)\]/.exec(readFileSync(join(lab, "network.yaml"), "utf8"));
  const register = readFileSync(join(lab, "warrants.yaml"), "utf8");
  const warrant = (field: string): string | undefined => new RegExp(`${field}: "?(?:imsi:)?([^",}\\s]+)`).exec(register)?.[1];
  Object.assign(needles, {
    administration: lawful?.[1],
    mediation: lawful?.[2],
    agency: warrant("receiver"),
    warrant: warrant("id"),
    liid: warrant("liid"),
    target: warrant("target"),
  });

  // the same capture in which nobody is lawfully intercepted; and the covered one with a finding beside it that everybody may see
  const stripped = join(cases.home, "stripped");
  mkdirSync(stripped);
  let dropped = 0;
  for (const path of capturesIn(lab))
    dropped += without(
      [needles["administration"], needles["mediation"], needles["agency"]].map(String),
      path,
      join(stripped, path.slice(lab.length + 1)),
    );
  expect(dropped).toBeGreaterThan(100);
  tapproof("scan", ...capturesIn(stripped), ...given, "--case", join(cases.root, "nobody"));
  const other = capturesOf("ungranted-access");
  tapproof("scan", ...capturesIn(lab), ...given, "--case", join(cases.root, "beside"));
  tapproof("scan", ...other.captures, "--network", other.network, "--case", join(cases.root, "beside"), "--append");

  const settings = settingsFor(cases, { log: () => undefined });
  viewer = await Page.on(settings);
  cleared = await Page.on({
    ...settings,
    cleared: true,
    warrants: { path: join(lab, "warrants.yaml"), list: loadWarrants(join(lab, "warrants.yaml")) },
  });
}, 120_000);

afterAll(async () => {
  await viewer.close();
  await cleared.close();
  cases.remove();
});

/** X2, X3, and what the mediation function hands on to the agency. */
const COVERED = 3;

type Told = readonly string[];

interface Known {
  readonly hidden: readonly string[];
  readonly open: readonly string[];
  readonly records: readonly string[];
  readonly vendors: readonly string[];
  readonly upload: string;
}

async function ask(method: Route["method"], path: string, body?: unknown): Promise<string> {
  const answer = await viewer.ask(method, path, body);
  const text = Buffer.isBuffer(answer.body) ? readable(answer.body) : JSON.stringify(answer.body);
  return `${method} ${path} ${answer.status}\n${text}`;
}

/** A page carries its bundle as base64: what it holds counts as told. */
function readable(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  const inner = [...text.matchAll(/>([A-Za-z0-9+/=]{400,})</g)].map((m) => Buffer.from(m[1] ?? "", "base64").toString("latin1"));
  return [text, ...inner].join("\n");
}

const each = <T>(list: readonly T[], work: (one: T) => Promise<string>): Promise<Told> => Promise.all(list.map(work));
const plain = (route: Route) => async (c: string) => [await ask(route.method, route.path.replace("{case}", c))];
const searches = (): string[] => ["10.", "x2", "MDF", "ADMF", "lawful", "teid:1", "teid:2", ...Object.values(needles)];
const findingsOf = (k: Known): string[] => [...k.hidden, ...k.open, "0".repeat(64)];
const aboutFinding = (name: RouteName, body?: unknown) => (c: string, k: Known) =>
  each(findingsOf(k), (id) => ask(ROUTES[name].method, ROUTES[name].path.replace("{case}", c).replace("{finding}", id), body));

/** For every route, all that it says about a case to somebody who tries. */
const ATTACKS: Record<RouteName, (caseId: string, known: Known) => Promise<Told>> = {
  getSession: plain(ROUTES.getSession),
  putSession: async () => [await ask("PUT", "/session", { author: "Eve" })],
  login: async () => [await ask("POST", "/login", { token: "guess", author: "Eve" })],
  listCases: plain(ROUTES.listCases),
  newCase: async (c) => [await ask("POST", "/cases", { name: c })],
  getCase: plain(ROUTES.getCase),
  overview: plain(ROUTES.overview),
  elements: (c) => each(["", "10.", "MDF", "ADMF", "lawful", ...Object.values(needles)], (q) => ask("GET", `/cases/${c}/elements?q=${q}`)),
  findings: (c) =>
    each(
      ["", "claim=unwarranted-interception", "data=content", "state=new", "sort=receiver", ...Object.values(needles).map((n) => `q=${n}`)],
      (query) => ask("GET", `/cases/${c}/findings?${query}`),
    ),
  comparison: (c) => each(["covered", "nobody", "beside"], (before) => ask("GET", `/cases/${c}/comparison?before=${before}`)),
  finding: aboutFinding("finding"),
  timeline: aboutFinding("timeline"),
  packets: aboutFinding("packets"),
  carved: aboutFinding("carved"),
  openIdentities: aboutFinding("openIdentities", { reason: "to see who it is" }),
  newComment: aboutFinding("newComment", { text: "who is it?" }),
  triage: (c, k) => each(findingsOf(k), (id) => ask("POST", `/cases/${c}/triage`, { findings: [id], state: "examining" })),
  explore: (c, k) =>
    each(["", ...searches().map((q) => `q=${encodeURIComponent(q)}`), ...findingsOf(k).map((id) => `finding=${id}`)], (query) =>
      ask("GET", `/cases/${c}/explore?${query}`),
    ),
  messages: (c, k) =>
    each(
      [
        "limit=500",
        ...searches().flatMap((q) => [`q=${encodeURIComponent(q)}`, `subscriber=${encodeURIComponent(q)}`]),
        ...findingsOf(k).map((id) => `finding=${id}`),
      ],
      (query) => ask("GET", `/cases/${c}/messages?${query}`),
    ),
  lookUp: (c) =>
    each([`imsi:${needles["target"]}`, `ip:${needles["mediation"]}`], (identity) =>
      ask("POST", `/cases/${c}/explore/identity`, { identity, reason: "to see who it is" }),
    ),
  exposure: plain(ROUTES.exposure),
  register: plain(ROUTES.register),
  vendors: plain(ROUTES.vendors),
  vendor: (c, k) => each(k.vendors, (v) => ask("GET", `/cases/${c}/vendors/${encodeURIComponent(v)}`)),
  evidence: plain(ROUTES.evidence),
  entries: async (c) => [await ask("GET", `/cases/${c}/evidence/entries?limit=500`)],
  record: (c, k) => each(k.records, (r) => ask("GET", `/cases/${c}/evidence/records/${r}`)),
  handsets: plain(ROUTES.handsets),
  declaration: plain(ROUTES.declaration),
  putDeclaration: async (c) => [
    await ask("PUT", `/cases/${c}/declaration`, { text: (await viewer.get<Declaration>(`/cases/${c}/declaration`)).text }),
    await ask("PUT", `/cases/${c}/declaration`, { text: "functions: {" }),
  ],
  checkDeclaration: async (c) => [
    await ask("POST", `/cases/${c}/declaration/check`, { text: "network: { name: x }\nfunctions: []\n" }),
    await ask("POST", `/cases/${c}/declaration/check`, { text: "network: { name: x }\nfunctions: [{ name: 1 }]\n" }),
  ],
  draftDeclaration: async (c) => [await ask("POST", `/cases/${c}/declaration/draft`, {})],
  uploads: plain(ROUTES.uploads),
  upload: async (c) => [await ask("POST", `/cases/${c}/uploads?file=a.pcap`, new Uint8Array(100))],
  deleteUpload: async (c, k) => [await ask("DELETE", `/cases/${c}/uploads/${k.upload}`)],
  newScan: async (c) => [await ask("POST", `/cases/${c}/scans`, { uploads: ["none"] })],
  scan: async (c) => [await ask("GET", `/cases/${c}/scans/none`)],
  stopScan: async (c) => [await ask("DELETE", `/cases/${c}/scans/none`)],
  bundle: plain(ROUTES.bundle),
  report: (c) =>
    each(
      ["html", "stix", "case", "ocsf", "misp", "eve", "syslog", "zeek", "csv"].flatMap((f) => [
        `format=${f}&lang=en`,
        `format=${f}&lang=fr`,
      ]),
      (query) => ask("GET", `/cases/${c}/report?${query}`),
    ),
  verify: async () => [await ask("POST", "/verify", new Uint8Array(100))],
  queue: plain(ROUTES.queue),
  events: async () => [],
};

async function known(caseId: string): Promise<Known> {
  const all = (await cleared.get<FindingPage>(`/cases/${caseId}/findings`)).items;
  const open = (await viewer.get<FindingPage>(`/cases/${caseId}/findings`)).items.map((f) => f.id);
  return {
    open,
    hidden: all.map((f) => f.id).filter((id) => !open.includes(id)),
    records: (await cleared.get<Evidence>(`/cases/${caseId}/evidence`)).entries.map((e) => e.record),
    vendors: (await cleared.get<VendorList>(`/cases/${caseId}/vendors`)).vendors.map((v) => v.id),
    upload: "none",
  };
}

test("the capture holds what the attacks look for, and whoever is cleared sees that it was covered", async () => {
  expect(Object.values(needles).every((n) => typeof n === "string" && n.length > 3)).toBe(true);
  expect((await cleared.get<Overview>("/cases/covered/overview")).coverage.coveredInterceptions).toBe(COVERED);
  expect((await cleared.get<Overview>("/cases/nobody/overview")).coverage.coveredInterceptions).toBe(0);
  expect((await cleared.get<Register>("/cases/covered/register")).warrants?.map((w) => w.id)).toEqual([needles["warrant"]]);
  expect((await known("beside")).open.length).toBeGreaterThan(0);
  expect((await known("covered")).hidden.length).toBe(1);
});

test("a case with covered interceptions looks like the same case without them, but for numbers", async () => {
  // edges stand in the order of their octets, which are numbers
  const ordered = (body: unknown): string => {
    const { network } = body as { network?: { edges?: { id: string }[] } };
    network?.edges?.sort((a, b) => (a.id < b.id ? -1 : 1));
    return JSON.stringify(body);
  };
  const masked = (text: string): string =>
    text
      .replaceAll(/\b(covered|nobody)\b/g, "CASE")
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
      .replaceAll(/[0-9a-f]{12,}/gi, "HASH")
      .replaceAll(/\d+([.,]\d+)*/g, "N");
  for (const path of ["", "/overview", "/elements", "/findings", "/exposure", "/vendors", "/vendors/acme", "/handsets", "/declaration"]) {
    const [with_, none] = await Promise.all(["covered", "nobody"].map(async (c) => (await viewer.ask("GET", `/cases/${c}${path}`)).body));
    expect(masked(ordered(with_)), path).toBe(masked(ordered(none)));
  }
  const entries = async (c: string): Promise<string[]> => (await viewer.get<Evidence>(`/cases/${c}/evidence`)).entries.map((e) => e.type);
  expect(await entries("covered")).toEqual(await entries("nobody"));
  for (const format of ["csv", "stix", "ocsf", "misp", "case", "eve", "syslog", "zeek"]) {
    const [with_, none] = await Promise.all(
      ["covered", "nobody"].map(async (c) => String((await viewer.ask("GET", `/cases/${c}/report?format=${format}`)).body)),
    );
    expect(masked(with_ ?? ""), format).toBe(masked(none ?? "-"));
  }
});

test("a bundle is refused to the uncleared by what the scan was given, not by what it saw", async () => {
  const [covered, nobody, beside] = await Promise.all(
    ["covered", "nobody", "beside"].map(async (c) => viewer.ask("GET", `/cases/${c}/bundle`)),
  );
  const said = (answer: typeof covered, name: string): string => JSON.stringify(answer?.body).replaceAll(name, "CASE");
  expect([covered?.status, nobody?.status, beside?.status]).toEqual([403, 403, 403]);
  expect(said(covered, "covered")).toBe(said(nobody, "nobody"));
  expect((await cleared.ask("GET", "/cases/covered/bundle")).status).toBe(200);
});

test("reports tell the number of covered interceptions to cleared readers alone", async () => {
  for (const [lang, text] of [
    ["en", WORDS.en.report.unseen.covered(COVERED)],
    ["fr", WORDS.fr.report.unseen.covered(COVERED)],
  ] as const) {
    const page = async (who: Page): Promise<string> =>
      String((await who.ask("GET", `/cases/covered/report?format=html&lang=${lang}`)).body)
        .replaceAll("&#39;", "'")
        .replaceAll(/\s+/g, " ");
    // French puts spaces of another kind before its punctuation
    const told = text.replaceAll(/\s+/g, " ");
    expect(await page(cleared)).toContain(told);
    const open = await page(viewer);
    expect(open).not.toContain(told);
    expect(open).not.toContain('id="check-bundle"');
  }
});

test("what is withheld is never told as nothing", async () => {
  const withheld = (await viewer.get<FindingPage>("/cases/covered/findings")).withheld;
  expect(withheld).toBe(1);
  for (const lang of ["en", "fr"] as const) {
    const words = WORDS[lang].report;
    const page = String((await viewer.ask("GET", `/cases/covered/report?format=html&lang=${lang}`)).body).replaceAll("&#39;", "'");
    const title = /<title>([^<]*)<\/title>/.exec(page)?.[1] ?? "";
    const network = (await viewer.get<Overview>("/cases/covered/overview")).case.network ?? words.someNetwork;
    expect(title).toContain(words.titleWithheld(network, 1));
    for (const nothing of [words.titleNone(network), words.lead.none, words.noneMeans]) expect(page).not.toContain(nothing);
  }
  for (const format of ["stix", "misp"]) {
    const text = JSON.stringify((await viewer.ask("GET", `/cases/covered/report?format=${format}`)).body);
    expect(`${format} ${text}`).toContain(WORDS.en.report.withheldNote(1, false));
  }
  expect(String((await viewer.ask("GET", "/cases/covered/report?format=case")).body)).toContain("1 withheld");
  // formats that are a plain list of findings say it beside the list
  for (const format of ["csv", "ocsf"])
    expect((await viewer.ask("GET", `/cases/covered/report?format=${format}`)).headers["x-tapproof-withheld"]).toBe("1");
  expect((await cleared.ask("GET", "/cases/covered/report?format=csv")).headers["x-tapproof-withheld"]).toBeUndefined();
});

// last of those that read: it saves, comments and uploads
test("no route tells anybody who is not cleared of a covered interception", { timeout: 120_000 }, async () => {
  expect(Object.keys(ATTACKS)).toEqual(Object.keys(ROUTES));
  const leaks: string[] = [];
  for (const caseId of ["covered", "beside"]) {
    const about = await known(caseId);
    const receivers = (await cleared.get<FindingPage>(`/cases/${caseId}/findings`)).items
      .filter((f) => about.hidden.includes(f.id))
      .map((f) => f.receiver?.address ?? "");
    const forbidden: [string, RegExp][] = [
      ...Object.entries(needles).map(([what, text]): [string, RegExp] => [what, whole(text)]),
      ...receivers.map((address): [string, RegExp] => ["receiver of a hidden finding", whole(address)]),
      ["protocol of interception", /\b(X1|X2|X3|HI2|HI3)\b/i],
      ["a warrant in force", /warrants in force/],
    ];
    for (const name of Object.keys(ROUTES) as RouteName[])
      for (const told of await ATTACKS[name](caseId, about)) {
        const [first = "", ...rest] = told.split("\n");
        // what the question itself held may come back in its answer
        const asked = decodeURIComponent(first);
        const text = rest.join("\n").replace(GLOSSARY, "");
        for (const [what, pattern] of forbidden)
          if (!pattern.test(asked) && pattern.test(text)) leaks.push(`${name} (${first}): ${what}: …${around(text, pattern)}…`);
      }
  }
  expect(leaks).toEqual([]);
});

/** Words of the product itself, whatever the case holds: a condition names the interfaces that it needs, a drawing its coordinates. */
const GLOSSARY = /LI, X1, X2, X3, LI_X1, LI_X2\/X3, HI2, HI3| [xy][12]=/g;

function whole(text: string): RegExp {
  return new RegExp(`(?<![\\d.])${text.replaceAll(".", "\\.")}(?![\\d.])`);
}

function around(text: string, pattern: RegExp): string {
  const at = text.search(pattern);
  return text.slice(Math.max(0, at - 80), at + 80);
}

test("the case's database holds no row of a covered stream, whoever reads it", async () => {
  const database = join(cases.root, "covered/case.duckdb");
  expect(statSync(database).size).toBeGreaterThan(0);
  const raw = readFileSync(database).toString("latin1");
  for (const what of ["administration", "mediation", "agency", "liid"])
    expect([what, raw.includes(needles[what] ?? "")]).toEqual([what, false]);
  const { rows } = await queryCase(
    database,
    `SELECT count(*), count(*) FILTER (frame IN (SELECT frame FROM evidence)) FROM messages WHERE protocol IN ('x1', 'x2', 'x3', 'hi2', 'hi3')`,
  );
  // the stranger's product is evidence of a finding, and stays
  expect(Number(rows[0]?.[0])).toBeGreaterThan(10);
  expect(rows[0]?.[1]).toEqual(rows[0]?.[0]);
});
