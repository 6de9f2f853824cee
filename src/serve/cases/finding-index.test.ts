import { expect, test } from "vitest";
import type { FindingRecord } from "#findings/document.ts";
import { CLAIMS, GRADES } from "#model/finding.ts";
import type { FindingPage, FindingQuery } from "#serve/api/types.ts";
import { FindingIndex } from "./finding-index.ts";

function record(i: number): FindingRecord {
  return {
    id: i.toString(16).padStart(64, "0"),
    claim: CLAIMS[i % CLAIMS.length] as FindingRecord["claim"],
    grade: GRADES[i % 3] as FindingRecord["grade"],
    summary: `finding number ${i} of spgw-${i % 7}`,
    element: { name: `spgw-${i % 7}`, address: `10.0.0.${i % 7}`, vendor: i % 2 === 0 ? "acme" : null, basis: "address" },
    receiver: i % 5 === 0 ? null : { name: null, address: `203.0.113.${i % 11}`, port: 1, declared: false },
    act: "effected",
    transport: { layers: [], encrypted: false, delaySeconds: null },
    subscribers: { count: i % 4, pseudonyms: [] },
    data: i % 2 === 0 ? ["content"] : ["location", "identity"],
    packets: i,
    bytes: i * 100,
    first: new Date(1e12 + i * 1000).toISOString(),
    last: new Date(1e12 + i * 1000 + 500).toISOString(),
    bits: i % 200,
    chance: null,
    standing: "given",
    premises: [],
    evidence: [],
    ruledOut: [],
    witnesses: [],
    sources: [],
    arithmetic: [],
    details: {},
  };
}

const N = 500;
const index = new FindingIndex();
for (let i = 0; i < N; i++) index.add("c", "net", record(i), { offset: 0, length: 0 });

function all(query: FindingQuery, cleared = true): FindingPage[] {
  const pages = [index.page({ ...query, limit: 37 }, cleared)];
  for (let next = pages[0]?.next ?? null; next !== null; next = pages.at(-1)?.next ?? null)
    pages.push(index.page({ ...query, limit: 37, cursor: next }, cleared));
  return pages;
}

test("every order, up and down, pages through each finding once and in order", () => {
  for (const sort of ["grade", "claim", "first", "last", "bits", "bytes", "packets", "subscribers", "element", "receiver"] as const) {
    for (const order of ["asc", "desc"] as const) {
      const rows = all({ sort, order }).flatMap((p) => p.items);
      expect(new Set(rows.map((r) => r.id)).size).toBe(N);
      expect(rows).toHaveLength(N);
      const keys = rows.map((r) =>
        sort === "grade"
          ? GRADES.indexOf(r.grade)
          : sort === "claim"
            ? -CLAIMS.indexOf(r.claim)
            : sort === "element"
              ? (r.element.name ?? "")
              : sort === "receiver"
                ? (r.receiver?.address ?? "")
                : r[sort],
      );
      for (let i = 1; i < keys.length; i++) {
        const [a, b] = order === "asc" ? [keys[i - 1], keys[i]] : [keys[i], keys[i - 1]];
        expect((a as number) <= (b as number), `${sort} ${order}`).toBe(true);
      }
    }
  }
});

test("filters are what a plain filter would leave, and a facet ignores its own filter", () => {
  const records = Array.from({ length: N }, (_, i) => record(i));
  const query: FindingQuery = { claim: ["covert-copy", "ghost-tunnel"], grade: ["proven"], vendor: ["acme"], q: "spgw-3 finding" };
  const expected = records.filter(
    (r) => query.claim?.includes(r.claim) && r.grade === "proven" && r.element.vendor === "acme" && r.summary.includes("spgw-3"),
  );
  const [page] = all(query);
  expect(page?.total).toBe(expected.length);
  const otherGrades = records.filter((r) => query.claim?.includes(r.claim) && r.element.vendor === "acme" && r.summary.includes("spgw-3"));
  for (const grade of GRADES) {
    expect(page?.facets?.grade.find((f) => f.value === grade)?.count ?? 0).toBe(otherGrades.filter((r) => r.grade === grade).length);
  }
  expect(all({ element: ["no such"] })[0]?.total).toBe(0);
  expect(all({ from: new Date(1e12 + 10_000).toISOString(), to: new Date(1e12 + 12_000).toISOString() })[0]?.total).toBe(3);
  expect(all({ data: ["location"] })[0]?.total).toBe(N / 2);
});

test("interception is withheld from whoever is not cleared, and counted", () => {
  const held = Array.from({ length: N }, (_, i) => record(i)).filter((r) => r.claim === "unwarranted-interception").length;
  const rows = all({}, false).flatMap((p) => p.items);
  expect(rows).toHaveLength(N - held);
  expect(rows.some((r) => r.claim === "unwarranted-interception")).toBe(false);
  const page = index.page({}, false);
  expect([page.withheld, page.all, page.total]).toEqual([held, N - held, N - held]);
  expect(page.facets?.claim.some((f) => f.value === "unwarranted-interception")).toBe(false);
  expect(index.page({ q: "0".repeat(60) }, false).items.every((r) => r.claim !== "unwarranted-interception")).toBe(true);
});

test("a strange cursor is a bad request", () => {
  expect(() => index.page({ cursor: "AAAA" }, true)).toThrow(/cursor/);
});

test("triage shows in rows, filters and facets", () => {
  const id = record(42).id;
  index.setTriage("c", id, { state: "examining", assignee: "Ada", comments: 2, changed: "2026-01-01T00:00:00.000Z" });
  const page = index.page({ assignee: ["Ada"] }, true);
  expect(page.items.map((r) => [r.id, r.triage.state, r.triage.comments])).toEqual([[id, "examining", 2]]);
  expect(index.page({ state: ["examining"] }, true).total).toBe(1);
  index.setTriage("c", id, { state: "new", assignee: null, comments: 2, changed: null });
});

test("the neighbours of a finding are those beside it in the queue", () => {
  const rows = all({}).flatMap((p) => p.items);
  const at = 100;
  expect(index.neighbours("c", rows[at]?.id ?? "", true)).toEqual({ previous: rows[at - 1]?.id, next: rows[at + 1]?.id });
});
