/** The API on real cases: what each route answers is what its schema says, and what people do is in the case afterwards. */
import { readFileSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCaseLog } from "#evidence/log/case-log.ts";
import { ROUTES, type Route } from "#serve/api/routes.ts";
import type {
  Comparison,
  Declaration,
  DeclarationCheck,
  Evidence,
  Exposure,
  Finding,
  FindingPage,
  Handsets,
  Overview,
  Packets,
  Register,
  ScanJob,
  Timeline,
  TriageResult,
  Upload,
  UploadList,
  Vendor,
  VendorList,
} from "#serve/api/types.ts";
import { TacList } from "#serve/cases/tac-list.ts";
import { makeServer } from "#serve/server.ts";
import { shownText } from "#serve/shown-text.ts";
import { loadWarrants } from "#register/load.ts";
import { capturesOf, Page, scanCases, settingsFor, type TestCases } from "./cases.ts";

const TARGET = "208011234567890";
const WARRANTS = `- { id: W-1, target: "imsi:${TARGET}", scope: both, from: 2026-01-01T00:00:00Z, to: 2026-12-31T00:00:00Z, receiver: 192.0.2.10, authority: Court }\n`;

let cases: TestCases;
let viewer: Page;
let cleared: Page;

beforeAll(async () => {
  cases = scanCases(["copy", "interception"]);
  const tacs = join(cases.home, "tacs.csv");
  writeFileSync(tacs, "tac,manufacturer,model\n35123456,Maker,Phone 1\n");
  const warrants = join(cases.home, "warrants.yaml");
  writeFileSync(warrants, WARRANTS);
  viewer = await Page.on(settingsFor(cases));
  cleared = await Page.on(
    settingsFor(cases, { cleared: true, tacs: TacList.load(tacs), warrants: { path: warrants, list: loadWarrants(warrants) } }),
  );
});
afterAll(async () => {
  await viewer.close();
  await cleared.close();
  cases.remove();
});

/** A value for each parameter of a path, from what the cases hold. */
async function filled(page: Page, path: string, caseId: string): Promise<string | null> {
  const { items } = await page.get<FindingPage>(`/cases/${caseId}/findings`);
  const { vendors } = await page.get<VendorList>(`/cases/${caseId}/vendors`);
  const values: Record<string, string | undefined> = { case: caseId, finding: items[0]?.id, vendor: vendors[0]?.id };
  let known = true;
  const out = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) known = false;
    return value ?? "";
  });
  return known ? out : null;
}

test("every route that reads answers as its schema says, for both roles and cases", async () => {
  for (const page of [viewer, cleared]) {
    for (const caseId of ["copy", "interception", "all"]) {
      for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
        if (route.method !== "GET" || route.response === undefined) continue;
        const path = await filled(page, route.path, caseId);
        if (path === null) continue;
        const { status, body } = await page.ask("GET", path);
        if (caseId === "all" && status === 404) continue;
        if (caseId === "all" && status === 400) continue;
        if (route.needs === "li-cleared" && page === viewer) {
          expect([name, status]).toEqual([name, 403]);
          continue;
        }
        expect([name, caseId, status, status === 200 ? "" : body]).toEqual([name, caseId, 200, ""]);
        const parsed = route.response.safeParse(body);
        expect(parsed.success ? [] : [name, parsed.error.issues.slice(0, 3)]).toEqual([]);
      }
    }
  }
});

test("the description holds every route and nothing else", async () => {
  const answer = await viewer.server.app.inject({ url: "/api/openapi.json", headers: { host: "127.0.0.1" } });
  const description = answer.json<{ openapi: string; paths: Record<string, Record<string, { operationId: string }>> }>();
  expect(description.openapi).toBe("3.1.0");
  const described = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`),
  );
  const expected = Object.entries(ROUTES).map(([name, route]) => `${route.method} /api/v1${route.path} ${name}`);
  expect(described.toSorted()).toEqual(expected.toSorted());
  const registered = viewer.server.app.printRoutes({ commonPrefix: false });
  for (const route of Object.values(ROUTES))
    expect(registered).toContain(
      route.path
        .split("/")
        .at(-1)
        ?.replaceAll(/\{(\w+)\}/g, ":$1"),
    );
});

test("the example's copy: overview, finding, proof, way, timeline, exposure, vendors", async () => {
  const overview = await viewer.get<Overview>("/cases/copy/overview");
  expect(overview.counts.grades.proven).toBeGreaterThan(0);
  expect(overview.network.nodes.map((n) => n.id)).toEqual(expect.arrayContaining(["epc", "enb1", "enb2", "203.0.113.77"]));
  const undeclared = overview.network.edges.filter((e) => e.status === "undeclared");
  expect(undeclared.map((e) => [e.a, e.b, e.grade])).toContainEqual(["epc", "203.0.113.77", "proven"]);
  expect(overview.network.edges.some((e) => e.name === "S1-MME" && e.status === "declared" && e.messages > 0)).toBe(true);

  const { items } = await viewer.get<FindingPage>("/cases/copy/findings");
  const copy = items.find((f) => f.claim === "covert-copy");
  const finding = await viewer.get<Finding>(`/cases/copy/findings/${copy?.id}`);
  const credits = finding.proof.steps.filter((s) => s.kind === "credit" || s.kind === "deduction");
  expect(finding.proof.bits).toBeGreaterThanOrEqual(finding.proof.threshold);
  expect(credits.at(-1)?.total).toBeCloseTo(credits.reduce((sum, s) => sum + s.bits, 0));
  expect(finding.way.path.map((s) => s.kind)).toContain("subscriber");
  expect(finding.way.path[finding.way.leavesAt ?? -1]?.id).toBe("epc");
  expect(finding.way.branch?.to.id).toBe("203.0.113.77");

  const timeline = await viewer.get<Timeline>(`/cases/copy/findings/${copy?.id}/timeline`);
  expect(new Set(timeline.lanes.map((l) => l.kind))).toEqual(new Set(["effect", "subscriber", "coverage"]));
  for (const lane of timeline.lanes)
    for (const span of lane.spans) expect(span.from >= timeline.from.slice(0, 26) && span.from <= span.to).toBe(true);

  const exposure = await viewer.get<Exposure>("/cases/all/exposure");
  expect(exposure.receivers.map((r) => r.key)).toContain("203.0.113.77");
  expect(exposure.receivers.every((r) => r.country === null)).toBe(true);
  expect(exposure.subscribers.every((s) => s.pseudonym.startsWith("s:"))).toBe(true);

  const vendor = await viewer.get<Vendor>("/cases/copy/vendors/acme?lang=fr");
  expect(vendor.conditions.some((c) => c.status === "broken" && c.findings.some((f) => f.id === copy?.id))).toBe(true);
  expect(vendor.conditions[0]?.statement).toMatch(/équipement|fournisseur|Nul/);
});

test("interception is withheld from a viewer everywhere, and shown to whoever is cleared", async () => {
  const all = await cleared.get<FindingPage>("/cases/interception/findings");
  const interception = all.items.filter((f) => f.claim === "unwarranted-interception");
  expect(interception.length).toBeGreaterThan(0);
  const page = await viewer.get<FindingPage>("/cases/interception/findings");
  expect(page.withheld).toBe(interception.length);
  expect(page.items.some((f) => f.claim === "unwarranted-interception")).toBe(false);
  const id = interception[0]?.id ?? "";
  for (const path of [id, `${id}/timeline`, `${id}/packets`, `${id}/carved.pcapng`])
    expect((await viewer.ask("GET", `/cases/interception/findings/${path}`)).status, path).toBe(404);
  expect((await viewer.ask("POST", `/cases/interception/findings/${id}/comments`, { text: "x" })).status).toBe(404);
  expect((await viewer.ask("POST", "/cases/interception/triage", { findings: [id], state: "closed" })).status).toBe(404);
  expect((await viewer.ask("GET", "/cases/interception/bundle")).status).toBe(403);
  const overview = await viewer.get<Overview>("/cases/interception/overview");
  expect(overview.network.nodes.some((n) => n.kind === "lawful")).toBe(false);
  expect(overview.coverage.coveredInterceptions).toBeNull();
  expect(JSON.stringify(overview)).not.toContain(interception[0]?.summary ?? "-");
  const known = await cleared.get<Evidence>("/cases/interception/evidence");
  const shown = await viewer.get<Evidence>("/cases/interception/evidence");
  for (const type of ["finding", "carved", "match", "register"]) {
    const entry = known.entries.find((e) => e.type === type);
    expect([type, entry === undefined]).toEqual([type, false]);
    expect(shown.entries.find((e) => e.index === entry?.index)?.summary).toBe("for the role li-cleared");
    expect([type, (await viewer.ask("GET", `/cases/interception/evidence/records/${entry?.record}`)).status]).toEqual([type, 404]);
    expect([type, (await cleared.ask("GET", `/cases/interception/evidence/records/${entry?.record}`)).status]).toEqual([type, 200]);
  }
  expect(JSON.stringify(shown)).not.toContain(interception[0]?.summary ?? "-");
  const register = await cleared.get<Register>("/cases/interception/register");
  expect(register.warrants?.length).toBeGreaterThan(0);
  expect(register.uncovered.map((u) => u.finding)).toContain(id);
  // a bar says when and under whom, never whom it is about
  expect(register.warrants).toMatchObject([{ id: "W-1", authority: "Court" }]);
  expect(JSON.stringify(register)).not.toContain(TARGET);
});

test("triage and comments are in the case's log, and there again when the case is opened anew", async () => {
  const { items } = await viewer.get<FindingPage>("/cases/copy/findings");
  const id = items[0]?.id ?? "";
  await viewer.ask("PUT", "/session", { author: "Ada Lovelace" });
  const changed = await viewer.ask("POST", "/cases/copy/triage", {
    findings: [id],
    state: "examining",
    assignee: "Grace",
    reason: "looks right",
  });
  expect(changed.status).toBe(200);
  expect((changed.body as TriageResult).triage[id]).toMatchObject({ state: "examining", assignee: "Grace" });
  const hostile = "<img src=x onerror=alert(1)> \u202e ${7*7} {{7*7}} ' OR 1=1 --";
  const comment = await viewer.ask("POST", `/cases/copy/findings/${id}/comments`, { text: hostile, cites: ["3GPP TS 29.281 §5.1"] });
  expect(comment.status).toBe(200);
  const log = readCaseLog(join(cases.root, "copy"));
  const records = [...(log?.records() ?? [])].map((e) => [e.type, e.value["author"]]);
  expect(records).toContainEqual(["triage", "Ada Lovelace"]);
  expect(records).toContainEqual(["comment", "Ada Lovelace"]);
  const again = await Page.on(settingsFor(cases));
  const finding = await again.get<Finding>(`/cases/copy/findings/${id}`);
  expect(finding.triage).toMatchObject({ state: "examining", assignee: "Grace", comments: 1 });
  const seen = hostile.replace("\u202e", "\\u202e");
  expect(finding.comments[0]).toMatchObject({ text: seen, author: "Ada Lovelace", cites: ["3GPP TS 29.281 §5.1"] });
  expect(finding.history.map((h) => h.kind)).toEqual(["found", "state", "assignee", "comment"]);
  expect((await again.get<FindingPage>("/cases/all/findings?state=examining&assignee=Grace")).total).toBe(1);
  const evidence = await again.get<Evidence>("/cases/copy/evidence");
  expect(evidence.log.present).toBe(true);
  expect(evidence.entries.map((e) => e.type)).toEqual(expect.arrayContaining(["comment", "triage"]));
  const record = await again.get<{ text: string }>(
    `/cases/copy/evidence/records/${evidence.entries.find((e) => e.type === "comment")?.record}`,
  );
  expect(record.text).toBe(seen);
  await again.close();
});

test("what is wrong with a change is said, and nothing is changed", async () => {
  const { items } = await viewer.get<FindingPage>("/cases/copy/findings");
  const id = items[0]?.id ?? "";
  for (const [path, body] of [
    ["/cases/copy/triage", { findings: [id] }],
    ["/cases/copy/triage", { findings: [], state: "closed" }],
    ["/cases/copy/triage", { findings: [id], state: "solved" }],
    ["/cases/copy/triage", { findings: ["../../etc"], state: "closed" }],
    ["/cases/copy/triage", { findings: [id], state: "closed", surprise: 1 }],
    [`/cases/copy/findings/${id}/comments`, { text: "   " }],
    [`/cases/copy/findings/${id}/comments`, { text: "x".repeat(10_001) }],
    [`/cases/all/findings/${id}/comments`, { text: "x" }],
    ["/cases", { name: "" }],
  ] as const) {
    const answer = await viewer.ask("POST", path, body);
    expect([path, answer.status]).toEqual([path, 400]);
    expect(answer.body).toMatchObject({
      error: { code: "bad-request", what: expect.any(String), where: expect.any(String), todo: expect.any(String) },
    });
  }
});

test("the declaration: as used, checked at its place, saved, drafted", async () => {
  const used = await viewer.get<Declaration>("/cases/copy/declaration");
  expect(used.source).toBe("used");
  expect(used.sha256).toBe(used.usedSha256);
  expect(used.functions.map((f) => [f.name, f.observed])).toEqual([
    ["epc", true],
    ["enb1", true],
    ["enb2", true],
  ]);
  const lines = used.text.split("\n");
  for (const f of used.functions) expect(lines[f.line - 1]).toContain(f.name);
  const wrong = used.text.replace("10.45.1.11", "10.45.1.300");
  const { body } = await viewer.ask("POST", "/cases/copy/declaration/check", { text: wrong });
  const check = body as DeclarationCheck;
  expect(check.ok).toBe(false);
  expect(lines[(check.problems[0]?.line ?? 0) - 1]).toContain("10.45.1.11");
  expect(check.problems[0]?.field).toBe("functions[1].addresses[0]");
  const refused = await viewer.ask("PUT", "/cases/copy/declaration", { text: wrong });
  expect(refused.status).toBe(422);
  expect(existsSync(join(cases.root, "copy/network.yaml"))).toBe(false);
  const better = `# reviewed by Ada\n${used.text.replace("name: lab", "name: lab-two")}`;
  const saved = await viewer.ask("PUT", "/cases/copy/declaration", { text: better });
  expect(saved.body).toMatchObject({ source: "saved", text: better, usedSha256: used.usedSha256 });
  // who is not cleared neither sees nor loses what is lawful
  const written = readFileSync(join(cases.root, "copy/network.yaml"), "utf8");
  expect(better).not.toContain("lawful");
  expect(written).toBe(`${better}lawful:\n  monitoring: [ 10.45.66.10 ]\n`);
  expect((await cleared.get<Declaration>("/cases/copy/declaration")).text).toBe(written);
  const draft = await viewer.ask("POST", "/cases/copy/declaration/draft", {});
  expect(draft.body).toMatchObject({ source: "draft", problems: [] });
  expect((draft.body as Declaration).functions.length).toBeGreaterThan(2);
});

test("a new case: captures are handed in, scanned in a process of their own, and the case grows", { timeout: 60_000 }, async () => {
  const made = await viewer.ask("POST", "/cases", { name: "Süd / ../../West <b>", basis: "test" });
  expect(made.body).toMatchObject({ id: "sud-west-b", empty: true, basis: "test" });
  const { captures, network } = capturesOf("undeclared-peer");
  const uploads: string[] = [];
  for (const path of captures) {
    const sent = await viewer.ask(
      "POST",
      `/cases/sud-west-b/uploads?file=${encodeURIComponent("../../core.pcap")}`,
      new Uint8Array(readFileSync(path)),
    );
    expect(sent.body).toMatchObject({ file: "core.pcap" });
    uploads.push((sent.body as Upload).id);
  }
  const draft = await viewer.ask("POST", "/cases/sud-west-b/declaration/draft", { uploads });
  expect((draft.body as Declaration).text).toContain("Drafted by tapproof learn");
  await viewer.ask("PUT", "/cases/sud-west-b/declaration", { text: readFileSync(network, "utf8") });
  const begun = await viewer.ask("POST", "/cases/sud-west-b/scans", { uploads });
  let job = begun.body as ScanJob;
  for (let i = 0; i < 200 && (job.state === "waiting" || job.state === "running"); i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    job = await viewer.get<ScanJob>(`/cases/sud-west-b/scans/${job.id}`);
  }
  expect([job.state, job.why]).toEqual(["done", null]);
  const page = await viewer.get<FindingPage>("/cases/sud-west-b/findings");
  expect(page.items.map((f) => f.claim)).toContain("undeclared-peer");
  expect((await viewer.get<UploadList>("/cases/sud-west-b/uploads")).uploads).toEqual([]);
  expect(
    (await viewer.get<FindingPage>("/cases/all/findings?network=" + encodeURIComponent(page.items[0]?.network ?? ""))).total,
  ).toBeGreaterThan(0);
});

test("a scan of rubbish fails with one line that names the file, and the case stays as it was", { timeout: 60_000 }, async () => {
  const before = await viewer.get<FindingPage>("/cases/copy/findings");
  const sent = await viewer.ask("POST", "/cases/copy/uploads?file=rubbish.pcap", new Uint8Array(1000).fill(0x41));
  const begun = await viewer.ask("POST", "/cases/copy/scans", { uploads: [(sent.body as Upload).id] });
  let job = begun.body as ScanJob;
  for (let i = 0; i < 200 && (job.state === "waiting" || job.state === "running"); i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    job = await viewer.get<ScanJob>(`/cases/copy/scans/${job.id}`);
  }
  expect(job.state).toBe("failed");
  expect(job.why).toContain("rubbish.pcap");
  expect(job.why).not.toContain("/tmp/");
  expect((await viewer.get<FindingPage>("/cases/copy/findings")).items).toEqual(before.items);
});

test("handsets: types by the operator's list, services of elements apart", async () => {
  const handsets = await cleared.get<Handsets>("/cases/copy/handsets");
  expect(handsets.tacList).toBe("tacs.csv");
  expect(handsets.subscribers).toBe(handsets.unnamed + handsets.types.reduce((sum, t) => sum + t.devices, 0));
  expect(handsets.servicesKept).toBe(true);
  expect(handsets.services.every((s) => s.name === null || /^[a-z0-9_-]+(\.[a-z0-9_-]+){1,2}$/.test(s.name))).toBe(true);
});

test("a file that is no bundle is told so", async () => {
  const { body } = await viewer.ask("POST", "/verify", new TextEncoder().encode("no bundle"));
  expect(body).toMatchObject({ bundle: false, level: "none", passed: false });
});

test("matched packets stand side by side, masked, and download for Wireshark", async () => {
  const { items } = await viewer.get<FindingPage>("/cases/copy/findings");
  const id = items.find((f) => f.claim === "covert-copy")?.id ?? "";
  const packets = await viewer.get<Packets>(`/cases/copy/findings/${id}/packets`);
  expect(packets.available).toBe(true);
  expect(packets.pairs.length).toBeGreaterThan(3);
  for (const { copy, original, equal } of packets.pairs) {
    expect(original).not.toBeNull();
    expect(copy.length).toBeGreaterThan(original?.length ?? Infinity);
    expect(copy.rows.flatMap((r) => r.hex).every((octet) => /^([0-9a-f]{2}|··)$/.test(octet))).toBe(true);
    for (const window of equal) {
      expect(window.copyFrom + window.length).toBeLessThanOrEqual(copy.length);
      expect(window.originalFrom + window.length).toBeLessThanOrEqual(original?.length ?? 0);
      // what is equal is payload, and payload is never shown
      expect(
        copy.rows
          .flatMap((r) => r.hex)
          .slice(window.copyFrom)
          .every((octet) => octet === "··"),
      ).toBe(true);
    }
  }
  const file = await viewer.ask("GET", `/cases/copy/findings/${id}/carved.pcapng`);
  expect(file.headers["content-disposition"]).toContain("attachment");
  expect((file.body as Buffer).readUInt32LE(0)).toBe(0x0a0d0d0a);
  // Its declaration names lawful functions: the bundle, which holds the declaration, is for cleared readers (accounts.test.ts).
  expect((await viewer.ask("GET", "/cases/copy/bundle")).status).toBe(403);
});

test("what cannot be seen is shown: no name reads as another", async () => {
  const { items } = await viewer.get<FindingPage>("/cases/copy/findings");
  expect(shownText(JSON.stringify({ a: "x\u202ey\u200d\ufeff\u0085" }))).toBe(String.raw`{"a":"x\\u202ey${"\u200d"}\\ufeff\\u0085"}`);
  expect(JSON.parse(shownText(JSON.stringify(items)))).toEqual(items);
});

test("changes are told as they happen", { timeout: 60_000 }, async () => {
  const server = await makeServer(settingsFor(cases));
  const address = await server.listen();
  const page = await Page.open(server);
  const stream = await fetch(`${address}/api/v1/events`);
  expect(stream.headers.get("content-type")).toContain("text/event-stream");
  expect(stream.headers.get("content-security-policy")).toContain("default-src 'none'");
  const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
  let heard = "";
  const until = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(heard)) heard += new TextDecoder().decode((await reader.read()).value);
  };
  await until(/event: hello/);
  const { items } = await page.get<FindingPage>("/cases/copy/findings");
  await page.ask("POST", "/cases/copy/triage", { findings: [items[0]?.id], state: "confirmed" });
  await until(/event: case\ndata: .*"what":"triage"/);
  await reader.cancel();
  await page.close();
});

test("reports come in each format, without interception for a viewer", { timeout: 120_000 }, async () => {
  const { items } = await cleared.get<FindingPage>("/cases/interception/findings");
  const hidden = items.find((f) => f.claim === "unwarranted-interception")?.summary ?? "";
  for (const format of ["html", "stix", "csv"]) {
    const answer = await viewer.ask("GET", `/cases/interception/report?format=${format}`);
    expect([format, answer.status]).toEqual([format, 200]);
    expect(String(answer.headers["content-disposition"])).toContain("attachment");
    expect(Buffer.isBuffer(answer.body) ? answer.body.toString("utf8") : JSON.stringify(answer.body)).not.toContain(hidden);
  }
});

test("a scan's process may die or be stopped: the server goes on, and the case is as it was", { timeout: 60_000 }, async () => {
  for (const [work, end] of [
    ["process.kill(process.pid, 'SIGKILL')", "failed"],
    ["setInterval(() => {}, 1000)", "stopped"],
  ] as const) {
    const page = await Page.on(settingsFor(cases, { program: [process.execPath, "-e", work, "--"] }));
    const before = await page.get<FindingPage>("/cases/copy/findings");
    const sent = await page.ask("POST", "/cases/copy/uploads?file=a.pcap", new Uint8Array(100).fill(1));
    const begun = await page.ask("POST", "/cases/copy/scans", { uploads: [(sent.body as Upload).id] });
    let job = begun.body as ScanJob;
    for (let i = 0; i < 200 && job.ended === null; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      job = await page.get<ScanJob>(`/cases/copy/scans/${job.id}`);
      if (end === "stopped" && job.state === "running") job = (await page.ask("DELETE", `/cases/copy/scans/${job.id}`)).body as ScanJob;
    }
    expect([job.state, job.why === null]).toEqual([end, false]);
    expect((await page.get<FindingPage>("/cases/copy/findings")).items).toEqual(before.items);
    // the capture is still there to be tried again
    expect((await page.get<UploadList>("/cases/copy/uploads")).uploads).toHaveLength(1);
    await page.close();
  }
});

test("two cases are held against each other by finding id; another network is said, and what is withheld is counted", async () => {
  const copy = await viewer.get<FindingPage>("/cases/copy/findings");
  const itself = await viewer.get<Comparison>("/cases/copy/comparison?before=copy");
  expect(itself).toMatchObject({ before: "copy", same: copy.total, otherNetwork: false, otherDeclaration: false });
  expect([itself.fresh.total, itself.gone.total, itself.stronger.total, itself.weaker.total]).toEqual([0, 0, 0, 0]);
  const other = await viewer.get<Comparison>("/cases/copy/comparison?before=interception");
  const before = await viewer.get<FindingPage>("/cases/interception/findings");
  expect(other).toMatchObject({ otherNetwork: true, otherDeclaration: true, same: 0, withheld: before.withheld });
  expect(other.fresh.items.map((f) => f.id).toSorted()).toEqual(copy.items.map((f) => f.id).toSorted());
  expect(other.gone.total).toBe(before.total);
  expect(before.withheld).toBeGreaterThan(0);
  expect((await viewer.ask("GET", "/cases/copy/comparison?before=nowhere")).status).toBe(404);
  expect((await viewer.ask("GET", "/cases/copy/comparison?before=all")).status).toBe(400);
});
