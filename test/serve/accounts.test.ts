/** Users with rights of their own: who may look, who may act, who may see whom it is about. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCaseLog } from "#evidence/log/case-log.ts";
import { AccountsError, parseAccounts } from "#serve/access/accounts.ts";
import { ROUTES, type Route, type RouteName } from "#serve/api/routes.ts";
import type { Right } from "#serve/api/schemas.ts";
import type { Evidence, Finding, FindingPage, Session } from "#serve/api/types.ts";
import { makeServer, type RunningServer } from "#serve/server.ts";
import { queryCase } from "#store/query.ts";
import { PROGRAM, scanCases, settingsFor, type TestCases } from "./cases.ts";

const TOKENS = { rita: "r".repeat(32), ann: "a".repeat(32), ida: "i".repeat(32), clio: "c".repeat(32), vera: "v".repeat(32) };
const hash = (token: string): string => createHash("sha256").update(token).digest("hex");
const ACCOUNTS = `users:
  - { name: Rita, role: reader, tokenSha256: ${hash(TOKENS.rita)} }
  - { name: Ann, role: analyst, tokenSha256: ${hash(TOKENS.ann)} }
  - { name: Ida, role: reader, identities: true, tokenSha256: ${hash(TOKENS.ida)} }
  - { name: Clio, role: analyst, liCleared: true, tokenSha256: ${hash(TOKENS.clio)} }
  - { name: Vera, role: reader, identities: true, liCleared: true, tokenSha256: ${hash(TOKENS.vera)} }
`;

let cases: TestCases;
let server: RunningServer;
let address = "";

/** A user's browser. */
class User {
  private readonly cookie: string;
  private readonly csrf: string;
  readonly session: Session;

  constructor(cookie: string, session: Session) {
    this.cookie = cookie;
    this.csrf = session.csrf;
    this.session = session;
  }

  static async login(token: string, author = "whoever"): Promise<User> {
    const answer = await fetch(`${address}/api/v1/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token, author }),
    });
    if (answer.status !== 200) throw new Error(`login: ${answer.status}`);
    return new User((answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "", (await answer.json()) as Session);
  }

  async ask(method: Route["method"], path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const octets = body instanceof Uint8Array;
    const answer = await fetch(`${address}/api/v1${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        "x-tapproof-csrf": this.csrf,
        ...(body === undefined ? {} : { "content-type": octets ? "application/octet-stream" : "application/json" }),
      },
      ...(body === undefined ? {} : { body: octets ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: (answer.headers.get("content-type") ?? "").startsWith("application/json") ? (JSON.parse(text) as unknown) : text,
    };
  }

  async get<T>(path: string): Promise<T> {
    const { status, body } = await this.ask("GET", path);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  }

  /** Events until `work` is done and a mark, which everybody hears, has come. */
  async hears(work: () => Promise<void>): Promise<string> {
    const stop = new AbortController();
    const answer = await fetch(`${address}/api/v1/events`, { headers: { cookie: this.cookie }, signal: stop.signal });
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    const read = async (until: string): Promise<void> => {
      while (!text.includes(until)) {
        const { value, done } = await reader.read();
        if (done) return;
        text += Buffer.from(value).toString("utf8");
      }
    };
    await read("event: hello");
    await work();
    await read('"what":"declaration"');
    stop.abort();
    return text;
  }
}

let rita: User;
let ann: User;
let ida: User;
let clio: User;

beforeAll(async () => {
  cases = scanCases(["interception", "ungranted-access"]);
  // a case made with identities, as `scan --identities --reason` makes it
  const { spawnSync } = await import("node:child_process");
  const { capturesOf } = await import("./cases.ts");
  const { captures, network } = capturesOf("copy");
  const [node, entry] = PROGRAM;
  const { status, stderr } = spawnSync(
    node,
    [entry, "scan", ...captures, "--network", network, "--case", join(cases.root, "named"), "--identities", "--reason", "test of rights"],
    { encoding: "utf8", env: { ...process.env, TAPPROOF_HOME: cases.home } },
  );
  if (status !== 0) throw new Error(stderr);
  // and one in which a person opened a subscriber and whole packets
  const opened = join(cases.root, "opened");
  const openings = [
    "--open",
    "subscriber",
    "0",
    "packet",
    "0",
    "--with-packets",
    "--reason",
    "test of rights",
    "--captures",
    dirname(captures[0] ?? ""),
  ];
  for (const args of [
    ["scan", ...captures, "--network", network, "--case", opened],
    ["bundle", opened, ...openings],
  ]) {
    const made = spawnSync(node, [entry, ...args], { encoding: "utf8", env: { ...process.env, TAPPROOF_HOME: cases.home } });
    if (made.status !== 0) throw new Error(made.stderr);
  }
  server = await makeServer(
    settingsFor(cases, { accounts: parseAccounts(ACCOUNTS, "users.yaml"), ownUserOnly: false, log: () => undefined }),
  );
  address = await server.listen();
  rita = await User.login(TOKENS.rita);
  ann = await User.login(TOKENS.ann, "Rita");
  ida = await User.login(TOKENS.ida);
  clio = await User.login(TOKENS.clio);
}, 120_000);

afterAll(async () => {
  await server.close();
  cases.remove();
});

test("nobody without a token gets in, from this machine neither, and a name is the account's", async () => {
  expect((await fetch(`${address}/api/v1/session`)).status).toBe(401);
  expect((await fetch(`${address}/api/v1/cases`)).status).toBe(401);
  await expect(User.login("x".repeat(32))).rejects.toThrow("401");
  await expect(User.login(hash(TOKENS.clio))).rejects.toThrow("401");
  expect([ann.session.author, ann.session.role, ann.session.rights]).toEqual(["Ann", "analyst", ["annotate", "declare", "scan"]]);
  expect([rita.session.role, rita.session.rights]).toEqual(["reader", []]);
  expect([clio.session.role, clio.session.rights]).toEqual(["analyst", ["annotate", "declare", "li-cleared", "scan"]]);
  expect((await ann.ask("PUT", "/session", { author: "Clio" })).status).toBe(403);
});

test("a route that needs a right is refused to whoever lacks it, whatever is asked of it", async () => {
  const all: readonly [string, User, ReadonlySet<Right>][] = [
    ["Rita", rita, new Set(rita.session.rights)],
    ["Ann", ann, new Set(ann.session.rights)],
    ["Ida", ida, new Set(ida.session.rights)],
    ["Clio", clio, new Set(clio.session.rights)],
  ];
  let refused = 0;
  for (const [name, user, rights] of all)
    for (const [route, { method, path, needs, octets }] of Object.entries(ROUTES) as [RouteName, Route][]) {
      if (needs === undefined || rights.has(needs)) continue;
      const { status, body } = await user.ask(
        method,
        path.replaceAll(/\{\w+\}/g, "none"),
        octets === true ? new Uint8Array(8) : method === "GET" || method === "DELETE" ? undefined : {},
      );
      const { code } = (body as { error: { code: string } }).error;
      expect([name, route, status, code]).toEqual([name, route, 403, needs === "li-cleared" ? "li-cleared-needed" : "forbidden"]);
      refused++;
    }
  expect(refused).toBeGreaterThan(20);
});

test("every route that changes something needs a right", () => {
  const free = (Object.entries(ROUTES) as [RouteName, Route][])
    .filter(([, r]) => r.method !== "GET" && r.needs === undefined)
    .map(([name]) => name);
  // these change nothing that anybody else sees
  expect(free).toEqual(["putSession", "login", "checkDeclaration", "verify"]);
});

test("an analyst comments under his own name, a reader reads it", async () => {
  const { items } = await rita.get<FindingPage>("/cases/ungranted-access/findings");
  const id = items[0]?.id ?? "";
  expect((await ann.ask("POST", `/cases/ungranted-access/findings/${id}/comments`, { text: "looked at it" })).status).toBe(200);
  const finding = await rita.get<Finding>(`/cases/ungranted-access/findings/${id}`);
  expect(finding.comments.map((c) => [c.author, c.text])).toEqual([["Ann", "looked at it"]]);
});

test("clearance is each user's own", async () => {
  const shown = await clio.get<FindingPage>("/cases/interception/findings");
  const hidden = await ann.get<FindingPage>("/cases/interception/findings");
  expect([hidden.withheld, shown.withheld]).toEqual([shown.total - hidden.total, 0]);
  expect(hidden.withheld).toBeGreaterThan(0);
  expect((await ann.ask("GET", "/cases/interception/register")).status).toBe(403);
  expect((await clio.ask("GET", "/cases/interception/register")).status).toBe(200);
});

test("who is not cleared hears nothing of work on a finding about interception", async () => {
  const { items } = await clio.get<FindingPage>("/cases/interception/findings");
  const hidden = items.find((f) => f.claim === "unwarranted-interception")?.id ?? "";
  const open = (await ann.get<FindingPage>("/cases/ungranted-access/findings")).items[0]?.id ?? "";
  const text = (await ann.get<{ text: string }>("/cases/ungranted-access/declaration")).text;
  const work = async (): Promise<void> => {
    await clio.ask("POST", `/cases/interception/findings/${hidden}/comments`, { text: "ask the court" });
    await clio.ask("POST", "/cases/interception/triage", { findings: [hidden], state: "examining" });
    await clio.ask("POST", `/cases/ungranted-access/findings/${open}/comments`, { text: "seen" });
    await clio.ask("PUT", "/cases/ungranted-access/declaration", { text });
  };
  expect(await rita.hears(work)).not.toContain('"case":"interception"');
  expect(await clio.hears(work)).toContain('"case":"interception"');
});

test("identities in clear need the right and a reason, and stand in the log before they are shown", async () => {
  const { items } = await rita.get<FindingPage>("/cases/named/findings");
  const id = items[0]?.id ?? "";
  const path = `/cases/named/findings/${id}/identities`;
  const stored = JSON.parse(readFileSync(join(cases.root, "named/findings.json"), "utf8")) as {
    findings: { id: string; subscribers: { identities: string[] } }[];
  };
  const identities = stored.findings.find((f) => f.id === id)?.subscribers.identities ?? [];
  expect(identities.length).toBeGreaterThan(0);
  for (const user of [rita, ann, clio]) expect((await user.ask("POST", path, { reason: "curiosity" })).status).toBe(403);
  expect((await ida.ask("POST", path, {})).status).toBe(400);
  expect((await ida.ask("POST", path, { reason: "     " })).status).toBe(400);
  // a reason that names the person would put the identity into a log that others read
  expect((await ida.ask("POST", path, { reason: `about ${identities.find((i) => i.startsWith("imsi:"))}` })).status).toBe(409);
  const before = (await ida.get<Evidence>("/cases/named/evidence")).log.size;
  const { status, body } = await ida.ask("POST", path, { reason: "complaint 7 of the subscriber" });
  expect([status, body]).toEqual([200, { identities, logIndex: before }]);
  const evidence = await rita.get<Evidence>("/cases/named/evidence");
  const entry = evidence.entries.find((e) => e.index === before);
  const record = await rita.get<Record<string, unknown>>(`/cases/named/evidence/records/${entry?.record}`);
  expect(record).toMatchObject({
    type: "custody",
    action: "showed-identities",
    by: "Ida",
    basis: { purpose: "complaint 7 of the subscriber" },
    note: `finding ${id}`,
  });
});

test("without opening, no answer holds an identity, though the case does", async () => {
  const { rows } = await queryCase(join(cases.root, "named/case.duckdb"), "SELECT imsi, msisdn, imei, addresses FROM sessions");
  const known = [...new Set(rows.flat().flatMap((v) => String(v).split(",")))]
    .map((v) => v.replace(/^\w+:/, ""))
    .filter((v) => v.length > 6 && v !== "null");
  expect(known.length).toBeGreaterThan(2);
  const { items } = await ida.get<FindingPage>("/cases/named/findings");
  const id = items[0]?.id ?? "";
  const leaks: string[] = [];
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
    if (route.method !== "GET" || route.needs !== undefined || name === "events" || name === "bundle" || name === "scan") continue;
    const path = route.path
      .replace("{case}", "named")
      .replace("{finding}", id)
      .replace("{vendor}", "acme")
      .replace("{record}", "0".repeat(64));
    for (const query of name === "report"
      ? ["?format=html", "?format=csv", "?format=stix", "?format=ocsf", "?format=misp", "?format=case"]
      : [""]) {
      const { body } = await ida.ask("GET", path + query);
      const text = typeof body === "string" ? body : JSON.stringify(body);
      for (const identity of known) if (text.includes(identity)) leaks.push(`${name}${query}: ${identity}`);
    }
  }
  expect(leaks).toEqual([]);
});

test("what a person opened goes to nobody without the right to identities, by no route", { timeout: 120_000 }, async () => {
  // the log itself, as its owner reads it: what must not be told
  const log = readCaseLog(join(cases.root, "opened"));
  const records = [...(log?.records() ?? [])].filter((r) => ["opening", "carved-full"].includes(r.type));
  log?.close();
  expect(records.map((r) => r.type).sort()).toEqual(["carved-full", "opening", "opening"]);
  const contents = records.flatMap((r) => (typeof r.value["content"] === "string" ? [r.value["content"]] : []));
  const planted = contents.flatMap((base64) => [base64, Buffer.from(base64, "base64").toString("latin1")]).filter((t) => t.length > 8);
  const { items } = await ida.get<FindingPage>("/cases/opened/findings");
  const leaks: string[] = [];
  let told = 0;
  for (const [name, user] of [
    ["Rita", rita],
    ["Ann", ann],
    ["Clio", clio],
    ["Ida", ida],
    ["Vera", await User.login(TOKENS.vera)],
  ] as const)
    for (const [route, { method, path }] of Object.entries(ROUTES) as [RouteName, Route][]) {
      if (method !== "GET" || route === "events" || route === "scan") continue;
      // a page may carry the bundle; the other formats differ by clearance alone
      const formats = name === "Clio" ? ["html", "csv", "stix", "ocsf", "misp", "case"] : ["html"];
      const queries = route === "report" ? formats.map((f) => `?format=${f}`) : [""];
      const asked = route === "record" ? records.map((r) => r.record) : [""];
      for (const query of queries)
        for (const record of asked) {
          const url = path
            .replace("{case}", "opened")
            .replace("{finding}", items[0]?.id ?? "")
            .replace("{vendor}", "acme");
          const { status, body } = await user.ask("GET", url.replace("{record}", record) + query);
          const text = typeof body === "string" ? readable(body) : JSON.stringify(body).replaceAll("\\/", "/");
          const found = planted.some((secret) => text.includes(secret));
          const may = name === "Ida" || name === "Vera";
          if (may && found) told++;
          if (!may && found) leaks.push(`${name} ${route}${query}`);
          // Clio is cleared for interception: only what was opened stands in her way; the case was given lawful functions, which stand in Ida's
          if (route === "record") expect([name, route, status]).toEqual([name, route, may ? 200 : 403]);
          if (route === "bundle") expect([name, route, status]).toEqual([name, route, name === "Vera" ? 200 : 403]);
        }
    }
  expect(leaks).toEqual([]);
  expect(told).toBeGreaterThan(1);
});

/** A page carries its bundle as base64: what it holds counts as told. */
function readable(text: string): string {
  const inner = [...text.matchAll(/>([A-Za-z0-9+/=]{400,})</g)].map((m) => Buffer.from(m[1] ?? "", "base64").toString("latin1"));
  return [text, ...inner].join("\n");
}

test("a file of accounts that cannot be meant is refused, with its place", () => {
  const one = { name: "A", role: "reader", tokenSha256: hash("x") };
  const refused: [unknown, RegExp][] = [
    [{ users: [] }, /users/],
    [{ users: [{ ...one, role: "admin" }] }, /users\.0\.role/],
    [{ users: [{ ...one, tokenSha256: "secret" }] }, /tokenSha256: is not a SHA-256/],
    [{ users: [{ ...one, token: "secret" }] }, /token/],
    [{ users: [one, { ...one, tokenSha256: hash("y") }] }, /same name/],
    [{ users: [one, { ...one, name: "B" }] }, /same token/],
    [[], /expected/],
  ];
  for (const [value, pattern] of refused) {
    const parse = (): unknown => parseAccounts(JSON.stringify(value), "users.yaml");
    expect(parse).toThrow(AccountsError);
    expect(parse).toThrow(pattern);
  }
  expect(() => parseAccounts("users: [", "users.yaml")).toThrow(/is not YAML/);
  writeFileSync(join(cases.home, "users.yaml"), ACCOUNTS);
});
