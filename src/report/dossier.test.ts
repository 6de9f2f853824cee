import { describe, expect, it } from "vitest";
import type { FindingsDocument } from "#findings/document.ts";
import { parseDeclaration } from "#declaration/load.ts";
import { ConditionsError, parseConditions } from "./conditions.ts";
import { DEFAULT_CONDITIONS } from "./default-conditions.ts";
import { dossier, shows, type ConditionResult, type DossierCase, type Watch } from "./dossier.ts";

const declaration = parseDeclaration(
  `network: { name: N, country: FR, plmns: ["20801"] }
vendors: { acme: { name: Acme Networks }, other: { name: Other } }
functions:
  - { name: mme-1, roles: [MME], vendor: acme, addresses: [10.0.0.1] }
  - { name: spgw-1, roles: [SGW, PGW], vendor: acme, addresses: [10.0.0.2] }
  - { name: hss-1, roles: [HSS], vendor: other, addresses: [10.0.0.3] }
policy: { ciphering: { EEA0: never } }
`,
  "network.yaml",
).declaration;

const watch = (face: string, element: string | null, complete = false): Watch => ({
  interface: face,
  element,
  point: null,
  complete,
  first: "2026-01-01T00:00:00Z",
  last: "2026-01-02T00:00:00Z",
});

type Finding = FindingsDocument["findings"][number];

function finding(over: Partial<Finding>): Finding {
  return {
    id: "a".repeat(64),
    claim: "ungranted-access",
    grade: "proven",
    summary: "somebody had access",
    element: { name: "spgw-1", address: "10.0.0.2", vendor: "acme", basis: "address" },
    receiver: null,
    act: "effected",
    transport: { layers: ["tcp", "ssh"], encrypted: true, delaySeconds: null },
    subscribers: { count: 0, pseudonyms: [] },
    data: [],
    packets: 1,
    bytes: 0,
    first: "2026-01-01T01:00:00Z",
    last: "2026-01-01T02:00:00Z",
    bits: 0,
    chance: null,
    standing: "given",
    premises: [],
    evidence: [],
    ruledOut: [],
    witnesses: [],
    sources: [],
    arithmetic: [],
    details: {},
    ...over,
  };
}

function caseOf(findings: readonly Finding[], watched: readonly Watch[], over: Partial<FindingsDocument["coverage"]> = {}): DossierCase {
  return {
    name: "case-1",
    declaration,
    watched,
    document: {
      schema: "tapproof/findings/1",
      tool: { name: "tapproof", version: "0" },
      network: "N",
      captures: [],
      findings,
      declaration: null,
      coverage: { gaps: [], undecided: [], coveredInterceptions: 0, notSeen: [], ...over },
      exposure: { subscribers: 0, bytes: 0, receivers: [] },
      stats: { seconds: 0, packetsPerSecond: 0, peakMemoryBytes: 0 },
    },
  };
}

function result(of: DossierCase, id: string, vendor = "acme", liCleared = false): ConditionResult {
  const entry = dossier([of], DEFAULT_CONDITIONS, { vendor, liCleared }).entries[0];
  const found = entry?.conditions.find((c) => c.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

describe("held", () => {
  const both = [watch("OAM", "mme-1"), watch("OAM", "spgw-1")];
  it("needs that every function concerned was watched", () => {
    expect(result(caseOf([], both), "access-by-ticket").status).toBe("held");
    const partly = result(caseOf([], both.slice(0, 1)), "access-by-ticket");
    expect(partly).toMatchObject({ status: "not observable", reasons: [{ code: "not-watched", elements: ["spgw-1"] }] });
    expect(result(caseOf([], []), "access-by-ticket").reasons).toMatchObject([{ code: "not-watched", elements: [] }]);
  });
  it("is not given by a point that shows the interface but never the function", () => {
    expect(result(caseOf([], [watch("OAM", null)]), "access-by-ticket").status).toBe("not observable");
    expect(result(caseOf([], [watch("OAM", null, true)]), "access-by-ticket").status).toBe("held");
  });
  it("where absence is claimed, needs points that miss nothing, and no lost packets", () => {
    expect(result(caseOf([], both), "no-undeclared-peer").reasons).toMatchObject([{ code: "not-complete" }]);
    const complete = [watch("OAM", "mme-1", true), watch("OAM", "spgw-1", true)];
    expect(result(caseOf([], complete), "no-undeclared-peer").status).toBe("held");
    const gaps = [{ kind: "drops", point: "OAM", from: null, to: null, count: 7, why: "lost" }];
    expect(result(caseOf([], complete, { gaps }), "no-undeclared-peer").reasons).toEqual([{ code: "lost-packets", count: 7 }]);
    expect(result(caseOf([], both, { gaps }), "access-by-ticket")).toMatchObject({
      status: "held",
      reasons: [{ code: "nothing-found" }, { code: "reservation-lost", count: 7 }],
    });
  });
  it("falls with an undecided case, a detector that failed, a missing declaration", () => {
    const undecided = [{ claim: "ungranted-access" as const, why: "?", count: 2 }];
    expect(result(caseOf([], both, { undecided }), "access-by-ticket").reasons).toEqual([{ code: "undecided", count: 2 }]);
    const gaps = [{ kind: "detector", point: null, from: null, to: null, count: 1, why: "it threw" }];
    expect(result(caseOf([], both, { gaps }), "access-by-ticket").reasons).toEqual([{ code: "detector-failed", count: 1 }]);
    const bare = { ...caseOf([], both), declaration: null };
    for (const entry of dossier([bare], DEFAULT_CONDITIONS).entries)
      for (const c of entry.conditions) expect(c.status).toBe("not observable");
  });
});

describe("broken", () => {
  it("by a finding about this vendor's equipment, and by no other's", () => {
    const of = caseOf([finding({})], [watch("OAM", "hss-1")]);
    expect(result(of, "access-by-ticket")).toMatchObject({ status: "broken", findings: [{ claim: "ungranted-access", grade: "proven" }] });
    expect(result(of, "access-by-ticket", "other").status).toBe("held");
  });
  it("by a witness: one act, one finding", () => {
    const witnesses = [{ claim: "covert-copy" as const, grade: "proven" as const, summary: "a copy", evidence: [] }];
    const of = caseOf([finding({ claim: "unwarranted-interception", witnesses })], []);
    expect(result(of, "no-copy", "acme", true).status).toBe("broken");
    expect(result(of, "declared-interception", "acme", true).status).toBe("broken");
  });
  it("not by an indication, which leaves it open", () => {
    const of = caseOf([finding({ grade: "indication" })], [watch("OAM", "mme-1"), watch("OAM", "spgw-1")]);
    expect(result(of, "access-by-ticket")).toMatchObject({
      status: "not observable",
      reasons: [{ code: "open", findings: 1 }],
      findings: [],
    });
  });
  it("keeps findings about interception for those who are cleared, and holds nothing against a count", () => {
    const of = caseOf([finding({ claim: "unwarranted-interception", summary: "delivered X3" })], []);
    const guarded = result(of, "declared-interception");
    expect(guarded).toMatchObject({ status: "not observable", findings: [] });
    expect(guarded.reasons).toContainEqual({ code: "withheld", findings: 1 });
    expect(JSON.stringify(dossier([of], DEFAULT_CONDITIONS))).not.toContain("delivered X3");
    expect(result(of, "declared-interception", "acme", true)).toMatchObject({ status: "broken", findings: [{ summary: "delivered X3" }] });
  });
});

describe("entries", () => {
  it("one a vendor and network; --vendor by id or name", () => {
    const all = dossier([caseOf([], [])], DEFAULT_CONDITIONS);
    expect(all.entries.map((e) => e.vendor?.name)).toEqual(["Acme Networks", "Other"]);
    expect(dossier([caseOf([], [])], DEFAULT_CONDITIONS, { vendor: "acme NETWORKS" }).entries).toHaveLength(1);
  });
  it("conditions that concern none of a vendor's functions stand outside", () => {
    const hss = dossier([caseOf([], [])], DEFAULT_CONDITIONS, { vendor: "other" }).entries[0];
    expect(hss?.outside).toContain("null-ciphering-off");
    expect(hss?.conditions.map((c) => c.id)).toContain("reasoned-queries");
  });
});

it("a tap on S1 shows S1-MME and S1-U, one on OAM nothing else", () => {
  expect([shows("S1", "S1-MME"), shows("S1-U/N3", "N3"), shows("N4", "Sx/N4"), shows("OAM", "S1-U"), shows("S1-U", "S1")]).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

describe("a file of conditions", () => {
  it("fills in what is left out", () => {
    const text = `schema: tapproof/conditions/1\nconditions: [{ id: a, statement: No SSH., claims: [ungranted-access], when: { layers: [ssh] } }]`;
    expect(parseConditions(text, "c.yaml").conditions[0]).toMatchObject({ breaks: "corroborated", needs: [], roles: [] });
  });
  it.each([
    ["schema: tapproof/conditions/2\nconditions: []", /schema/],
    ["schema: tapproof/conditions/1\nconditions: [{ id: a, statement: x, claims: [nonsense] }]", /conditions\.0\.claims/],
    ["schema: tapproof/conditions/1\nconditions: [{ id: a, statement: x, claims: [covert-copy], need: 1 }]", /conditions\.0/],
    [
      "schema: tapproof/conditions/1\nconditions: [{ id: a, statement: x, claims: [covert-copy] }, { id: a, statement: y, claims: [covert-copy] }]",
      /two conditions/,
    ],
    ["{", /expected YAML/],
  ])("says what is wrong with %j", (text, message) => {
    expect(() => parseConditions(text, "c.yaml")).toThrow(ConditionsError);
    expect(() => parseConditions(text, "c.yaml")).toThrow(message);
  });
});
