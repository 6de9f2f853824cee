/** The explorer's questions, held against the case's own database; what it answers to whom is in `interception-leak.test.ts`. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Explored, FindingPage, LookedUp, MessagePage } from "#serve/api/types.ts";
import { answered } from "#serve/view/explorer.ts";
import { queryCase } from "#store/query.ts";
import { capturesOf, Page, PROGRAM, scanCases, settingsFor, type TestCases } from "./cases.ts";

let cases: TestCases;
let page: Page;

beforeAll(async () => {
  cases = scanCases(["copy", "unreasoned-query"]);
  const { captures, network } = capturesOf("copy");
  const [node, entry] = PROGRAM;
  const args = ["scan", ...captures, "--network", network, "--identities", "--reason", "a laboratory", "--case", join(cases.root, "clear")];
  expect(spawnSync(node, [entry, ...args], { env: { ...process.env, TAPPROOF_HOME: cases.home } }).status).toBe(0);
  page = await Page.on(settingsFor(cases));
}, 120_000);
afterAll(async () => {
  await page?.close();
  cases?.remove();
});

const sql = async (name: string, text: string): Promise<readonly (readonly unknown[])[]> =>
  (await queryCase(join(cases.root, name, "case.duckdb"), text)).rows;

describe("sessions and messages", () => {
  it("are those of the database, in the order of time, page by page", async () => {
    const rows = await sql("copy", "SELECT frame::INTEGER, name FROM messages ORDER BY time, run, capture, frame, rowid");
    const told: (number | null | string)[][] = [];
    let cursor = "";
    do {
      const part: MessagePage = await page.get(`/cases/copy/messages?limit=7${cursor}`);
      expect(part.total).toBe(rows.length);
      told.push(...part.items.map((m) => [m.frame, m.name]));
      cursor = part.next === null ? "" : `&cursor=${part.next}`;
    } while (cursor !== "");
    expect(told).toEqual(rows);
    const all = await page.get<Explored>("/cases/copy/explore");
    expect(all.sessions.map((s) => s.subscriber).sort()).toEqual(
      (await sql("copy", "SELECT DISTINCT subscriber FROM sessions ORDER BY 1")).flat(),
    );
  });

  it("are found by address, by a function's name, by TEID and by pseudonym", async () => {
    const { sessions } = await page.get<Explored>("/cases/copy/explore");
    const one = sessions[0]?.subscriber ?? "";
    const byTeid = await page.get<Explored>("/cases/copy/explore?q=teid:0x2");
    expect(byTeid.tunnels.length).toBeGreaterThan(0);
    expect(byTeid.tunnels.every((t) => t.teid === 2)).toBe(true);
    expect(new Set(byTeid.sessions.map((s) => s.subscriber))).toEqual(new Set(byTeid.tunnels.map((t) => t.subscriber)));
    const ladder = await page.get<MessagePage>(`/cases/copy/messages?subscriber=${one}&limit=500`);
    expect(ladder.items.length).toBeGreaterThan(3);
    expect(ladder.items.every((m) => m.subscriber === one)).toBe(true);
    const end = ladder.lifelines.find((l) => l.name !== null);
    const [byAddress, byName] = await Promise.all(
      [end?.address ?? "", end?.name ?? ""].map((q) => page.get<MessagePage>(`/cases/copy/messages?q=${encodeURIComponent(q)}&limit=500`)),
    );
    expect(byAddress?.items.length).toBeGreaterThan(0);
    expect(byAddress?.items.every((m) => m.from === end?.address || m.to === end?.address)).toBe(true);
    expect(byName?.items.map((m) => m.frame)).toEqual(expect.arrayContaining((byAddress?.items ?? []).map((m) => m.frame)));
    expect((await page.get<Explored>("/cases/copy/explore?q=198.51.100.250")).totals).toEqual({ sessions: 0, tunnels: 0, flows: 0 });
  });

  it("lead from a finding to the messages of its evidence, and back", async () => {
    const found = (await page.get<FindingPage>("/cases/unreasoned-query/findings")).items.find((f) => f.claim === "unreasoned-query");
    const around = await page.get<MessagePage>(`/cases/unreasoned-query/messages?finding=${found?.id}&limit=500`);
    const evidence = (await sql("unreasoned-query", `SELECT DISTINCT frame::INTEGER FROM evidence WHERE finding = '${found?.id}'`)).flat();
    const marked = around.items.filter((m) => m.findings.includes(found?.id ?? ""));
    expect(new Set(marked.map((m) => m.frame))).toEqual(new Set(evidence));
    expect(marked.some((m) => m.answers !== null)).toBe(true);
  });
});

describe("identities", () => {
  it("of a case that holds them leave as pseudonyms, and lead to the same ladder", async () => {
    const { sessions } = await page.get<Explored>("/cases/clear/explore");
    expect(sessions.length).toBeGreaterThan(0);
    expect((await sql("clear", "SELECT subscriber FROM sessions")).flat().every((s) => String(s).startsWith("imsi:"))).toBe(true);
    for (const s of sessions) {
      const ladder = await page.get<MessagePage>(`/cases/clear/messages?subscriber=${s.subscriber}`);
      expect(ladder.total).toBeGreaterThan(0);
      expect(JSON.stringify([s, ladder])).not.toMatch(/imsi:|imei:|msisdn:|"ip:/);
    }
  });

  it("are looked up for a recorded reason, and only where a finding is about them", async () => {
    const [imsi] = (await sql("clear", "SELECT subscriber FROM sessions ORDER BY 1")).flat();
    const body = (identity: unknown): unknown => ({ identity, reason: "complaint 12 of the regulator" });
    const known = (await page.ask("POST", "/cases/clear/explore/identity", body(imsi))).body as LookedUp;
    expect(known.subscriber).toMatch(/^s:/);
    const { items } = await page.get<{ items: { index: number; type: string }[] }>("/cases/clear/evidence/entries");
    expect(items.find((e) => e.index === known.logIndex)?.type).toBe("custody");
    const unknown = (await page.ask("POST", "/cases/clear/explore/identity", body("imsi:999990000000001"))).body as LookedUp;
    expect(unknown.subscriber).toBeNull();
    expect((await page.ask("POST", "/cases/clear/explore/identity", { identity: imsi, reason: "" })).status).toBe(400);
  });
});

it("an answer names the last open question of its procedure, the other way round", () => {
  const at = (name: string, from: string, to: string) => ({
    at: "",
    file: null,
    frame: 1,
    from,
    to,
    protocol: "gtpv2",
    name,
    subscriber: "s:a",
    faults: 0,
    answers: null,
    findings: [],
  });
  const list = answered([
    at("Create Session Request", "a", "b"),
    at("Create Session Request", "b", "c"),
    at("Create Session Response", "c", "b"),
    at("Create Session Response", "b", "a"),
    at("Create Session Response", "b", "a"),
  ]);
  expect(list.map((m) => m.answers)).toEqual([null, null, 1, 0, null]);
});
