/** Grades when several detectors agree, and two scans of one case as one: what is added, what leads, and what counts once. */
import { describe, expect, it } from "vitest";
import type { Claim, FindingDraft, Grade } from "#model/finding.ts";
import { state } from "#model/statement.ts";
import { assemble, findingId, pseudonym, type Assembly } from "./assemble.ts";
import { restsOnDeclaration } from "./as-declared.ts";
import type { FindingRecord, FindingsDocument } from "./document.ts";
import { eveLine } from "./eve.ts";
import { exposure, joinExposure } from "./exposure.ts";
import { joinDocuments } from "./join.ts";
import { joinEvidence, mergeActs } from "./merge.ts";

let frame = 0;
/** Of its own frame, carrier and support, between sgw-1 and a stranger. */
function draft(claim: Claim, over: Partial<FindingDraft> = {}): FindingDraft {
  frame++;
  return {
    claim,
    grade: "indication",
    summary: state("channel.summary", { from: "a", to: "b", signs: [] }),
    element: { name: "sgw-1", address: "10.0.0.5", vendor: null, basis: "address" },
    receiver: { name: null, address: "203.0.113.9", port: 4789, declared: false },
    act: "effected",
    transport: { layers: ["vxlan", "ethernet"], encrypted: false, delaySeconds: null },
    subscribers: [],
    data: [],
    packets: 1,
    bytes: 0,
    firstMicros: 10,
    lastMicros: 20,
    bits: 0,
    chance: null,
    premises: [],
    evidence: [{ capture: 0, frames: [frame], framesTotal: 1 }],
    ruledOut: [],
    sources: [],
    arithmetic: [],
    restsOn: [`decoder ${claim}`],
    ...over,
  };
}
const shown = (drafts: readonly FindingDraft[]): string[] => mergeActs(drafts).map(({ claim, grade, act }) => `${claim} ${grade} ${act}`);

describe("two detectors that agree", () => {
  it("make two hints corroborated where they rest on nothing in common, and leave them hints where they do", () => {
    expect(shown([draft("covert-copy"), draft("undeclared-peer")])).toEqual(["covert-copy corroborated effected"]);
    const same = { restsOn: ["declaration"] };
    expect(shown([draft("covert-copy", same), draft("undeclared-peer", same)])).toEqual(["covert-copy indication effected"]);
  });
  it("an order and its effect corroborate one another whatever they rest on", () => {
    const same = { restsOn: ["declaration"] };
    expect(shown([draft("undeclared-trace", { ...same, act: "sent" }), draft("undeclared-peer", same)])).toEqual([
      "undeclared-trace corroborated effected",
    ]);
  });
  it.each<[Grade, Grade, Grade]>([
    ["proven", "indication", "proven"],
    ["indication", "proven", "proven"],
    ["corroborated", "indication", "corroborated"],
    ["corroborated", "proven", "proven"],
  ])("%s with %s: %s", (a, b, expected) =>
    expect(mergeActs([draft("covert-copy", { grade: a }), draft("undeclared-peer", { grade: b })])[0]?.grade).toBe(expected),
  );
  it("the first in the order of claims is the finding, the other its witness with its own grade", () => {
    const [found] = mergeActs([draft("undeclared-peer"), draft("covert-copy", { grade: "proven" })]);
    expect(found).toMatchObject({ claim: "covert-copy", witnesses: [{ claim: "undeclared-peer", grade: "indication" }] });
  });
});

describe("an order that lacks nothing but its answer", () => {
  const order = (over: Partial<FindingDraft> = {}): FindingDraft =>
    draft("undeclared-duplication", { grade: "corroborated", act: "sent", lacksAnswer: true, firstMicros: 100, lastMicros: 100, ...over });
  const effect = (over: Partial<FindingDraft> = {}): FindingDraft => draft("undeclared-peer", { firstMicros: 0, lastMicros: 100, ...over });
  it("is proven by an effect that comes with it or later", () =>
    expect(shown([order(), effect()])).toEqual(["undeclared-duplication proven effected"]));
  it.each<[string, FindingDraft, FindingDraft, string]>([
    ["that ended before it", order(), effect({ lastMicros: 99 }), "corroborated sent"],
    ["of no packets", order(), effect({ packets: 0 }), "corroborated sent"],
    [
      "of a bare exchange without users' packets",
      order(),
      effect({ transport: { layers: ["tcp"], encrypted: false, delaySeconds: null } }),
      "corroborated sent",
    ],
    ["of an order that lacks more", order({ lacksAnswer: false }), effect(), "corroborated effected"],
  ])("not by one %s", (_, one, other, expected) => expect(shown([one, other])).toEqual([`undeclared-duplication ${expected}`]));
  it("a tunnel counts as users' packets; for a trace any exchange that is no echo", () => {
    const over = (layers: string[]): Partial<FindingDraft> => ({ transport: { layers, encrypted: false, delaySeconds: null } });
    expect(shown([order(), effect(over(["gtp-u"]))])).toEqual(["undeclared-duplication proven effected"]);
    const trace = (): FindingDraft => draft("undeclared-trace", { grade: "corroborated", act: "sent", lacksAnswer: true });
    expect(shown([trace(), effect(over(["tcp"]))])).toEqual(["undeclared-trace proven effected"]);
    for (const echo of ["icmp", "icmpv6"])
      expect(shown([trace(), effect(over([echo]))]), echo).toEqual(["undeclared-trace corroborated sent"]);
  });
});

describe("what is one act", () => {
  const elsewhere = { receiver: { name: null, address: "198.51.100.1", port: 1, declared: false } };
  it.each<[string, FindingDraft, FindingDraft, number]>([
    [
      "a shared carrier",
      draft("covert-copy", { carriers: ["udp a > b"] }),
      draft("ungranted-access", { ...elsewhere, carriers: ["udp a > b"] }),
      1,
    ],
    [
      "another carrier",
      draft("covert-copy", { carriers: ["udp a > b"] }),
      draft("ungranted-access", { ...elsewhere, carriers: ["udp a > c"] }),
      2,
    ],
    [
      "shared frames at one element",
      draft("covert-copy", { evidence: [{ capture: 0, frames: [1, 7], framesTotal: 2 }] }),
      draft("covert-channel", { ...elsewhere, evidence: [{ capture: 0, frames: [7], framesTotal: 1 }] }),
      1,
    ],
    [
      "the same frame of another capture",
      draft("covert-copy", { evidence: [{ capture: 0, frames: [7], framesTotal: 1 }] }),
      draft("covert-channel", { ...elsewhere, evidence: [{ capture: 1, frames: [7], framesTotal: 1 }] }),
      2,
    ],
    [
      "weakened protection in shared frames",
      draft("covert-copy", { evidence: [{ capture: 0, frames: [7], framesTotal: 1 }] }),
      draft("weakened-protection", { evidence: [{ capture: 0, frames: [7], framesTotal: 1 }] }),
      2,
    ],
    ["no receiver on either side", draft("covert-copy", { receiver: null }), draft("undeclared-peer", { receiver: null }), 2],
    [
      "another element and another receiver",
      draft("covert-copy"),
      draft("undeclared-peer", { ...elsewhere, element: { name: "mme-1", address: "10.0.0.1", vendor: null, basis: "address" } }),
      2,
    ],
  ])("%s", (_, a, b, findings) => expect(mergeActs([a, b])).toHaveLength(findings));

  const mme = { element: { name: "mme-1", address: "10.0.0.1", vendor: null, basis: "address" } } as const;
  const to = (name: string | null, address: string | null): Partial<FindingDraft> => ({
    receiver: { name, address, port: 1, declared: false },
  });
  it.each<[string, () => FindingDraft[], number]>([
    ["the bare exchange of another element with the same receiver", () => [draft("covert-copy"), draft("undeclared-peer", mme)], 2],
    ["another act at the same element with the same receiver", () => [draft("covert-copy"), draft("ungranted-access")], 2],
    [
      "the same act, seen from its other end",
      () => [
        draft("ungranted-access", { ...mme, ...to(null, "10.0.0.5") }),
        draft("undeclared-peer", {
          element: { name: null, address: "10.0.0.5", vendor: null, basis: "address" },
          ...to("mme-1", "10.0.0.1"),
        }),
      ],
      1,
    ],
    [
      "half of it",
      () => [
        draft("ungranted-access", { ...mme, ...to(null, "10.0.0.5") }),
        draft("undeclared-peer", {
          element: { name: null, address: "10.0.0.5", vendor: null, basis: "address" },
          ...to("mme-2", "10.0.0.2"),
        }),
      ],
      2,
    ],
    [
      "the other end of another claim",
      () => [
        draft("covert-copy", { ...mme, ...to(null, "10.0.0.5") }),
        draft("ghost-tunnel", { element: { name: null, address: "10.0.0.5", vendor: null, basis: "address" }, ...to("mme-1", "10.0.0.1") }),
      ],
      2,
    ],
    [
      "an order without effect and traffic of another element to the place it names",
      () => [draft("undeclared-trace", { act: "sent" }), draft("undeclared-peer", mme)],
      1,
    ],
    ["an order that had its effect, and traffic of another element", () => [draft("undeclared-trace"), draft("undeclared-peer", mme)], 2],
    ["an order and traffic to another place", () => [draft("undeclared-trace", { act: "sent" }), draft("undeclared-peer", elsewhere)], 2],
    ["an order and what is no effect", () => [draft("undeclared-trace", { act: "sent" }), draft("ungranted-access", mme)], 2],
    [
      "a receiver by identity alone",
      () => [
        draft("unreasoned-query", { receiver: { name: null, address: null, identity: "x", port: null, declared: false } }),
        draft("undeclared-peer", { receiver: { name: null, address: null, identity: "x", port: null, declared: false } }),
      ],
      1,
    ],
    [
      "shared frames where no end is shared",
      () => [
        draft("covert-copy", { evidence: [{ capture: 0, frames: [7], framesTotal: 1 }] }),
        draft("covert-channel", { ...mme, ...elsewhere, evidence: [{ capture: 0, frames: [7], framesTotal: 1 }] }),
      ],
      2,
    ],
  ])("%s: %i", (_, drafts, findings) => expect(mergeActs(drafts())).toHaveLength(findings));

  it("of several findings at one element, the first that fits in the order of claims takes the witness", () => {
    const found = mergeActs([
      draft("undeclared-peer", { carriers: ["c2"], ...elsewhere }),
      draft("covert-copy", { carriers: ["c1"] }),
      draft("covert-channel", { ...to(null, "192.0.2.2"), carriers: ["c2"] }),
    ]);
    expect(found.map(({ claim, witnesses = [] }) => `${claim} ${witnesses.map((w) => w.claim).join()}`)).toEqual([
      "covert-copy ",
      "covert-channel undeclared-peer",
    ]);
  });
  it("a witness brings its own witnesses; a score brings its table and its pairs; a score of its own keeps its own", () => {
    const step = { label: state("step.sampling"), bits: 1, because: state("premise.tap-map") };
    const pairs = [{ copy: { capture: 0, frame: 1 }, original: { capture: 0, frame: 2 } }];
    const scored = (): FindingDraft => draft("covert-copy", { arithmetic: [step], matchTable: { n: 1 } as never, matchedPairs: pairs });
    const own = { ...step, bits: 2 };
    const order = (arithmetic: FindingDraft["arithmetic"]): FindingDraft => draft("undeclared-duplication", { act: "sent", arithmetic });
    expect(mergeActs([order([]), scored()])[0]).toMatchObject({ arithmetic: [step], matchTable: { n: 1 }, matchedPairs: pairs });
    expect(mergeActs([order([own]), scored()])[0]).toMatchObject({ arithmetic: [own] });
    expect(mergeActs([order([own]), scored()])[0]).not.toHaveProperty("matchTable");
    expect(mergeActs([order([]), draft("undeclared-peer")])[0]).not.toHaveProperty("matchTable");
    expect(mergeActs([order([]), draft("undeclared-peer")])[0]?.witnesses).toHaveLength(1);
  });

  it("joins whom, what, when and how much; the arithmetic is that of whoever has one", () => {
    const step = { label: state("step.sampling"), bits: 1, because: state("premise.tap-map") };
    const [found] = mergeActs([
      draft("covert-channel", { subscribers: ["a"], data: ["identity"], firstMicros: 5, lastMicros: 6, restsOn: ["x"] }),
      draft("undeclared-peer", {
        subscribers: ["a", "b"],
        data: ["content"],
        firstMicros: 1,
        lastMicros: 9,
        bits: 30,
        chance: 2 ** -30,
        arithmetic: [step],
        restsOn: ["y"],
      }),
    ]);
    expect(found).toMatchObject({
      subscribers: ["a", "b"],
      data: ["identity", "content"],
      firstMicros: 1,
      lastMicros: 9,
      bits: 30,
      chance: 2 ** -30,
      arithmetic: [step],
      restsOn: ["x", "y"],
      packets: 1,
    });
  });
});

describe("one claim, element and receiver twice", () => {
  it("is one finding: the stronger leads, packets add up, frames count once", () => {
    const evidence = (...frames: number[]): FindingDraft["evidence"] => [{ capture: 0, frames, framesTotal: frames.length }];
    const [found, ...more] = mergeActs([
      draft("covert-copy", {
        packets: 3,
        bytes: 30,
        bits: 10,
        subscribers: ["a"],
        evidence: evidence(1, 2),
        firstMicros: 5,
        sources: ["x"],
      }),
      draft("covert-copy", {
        grade: "proven",
        packets: 4,
        bytes: 40,
        bits: 70,
        subscribers: ["b"],
        evidence: evidence(2, 3),
        lastMicros: 50,
        sources: ["y"],
      }),
    ]);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ grade: "proven", bits: 70, packets: 7, bytes: 70, firstMicros: 5, lastMicros: 50, sources: ["y", "x"] });
    expect([...(found?.subscribers ?? [])].sort()).toEqual(["a", "b"]);
    expect(found?.evidence).toEqual([{ capture: 0, frames: [1, 2, 3], framesTotal: 3 }]);
  });
  it("of one grade, that of more bits leads", () => {
    expect(mergeActs([draft("covert-copy", { bits: 30, act: "sent" }), draft("covert-copy", { bits: 40 })])[0]).toMatchObject({
      bits: 40,
      act: "effected",
    });
    expect(mergeActs([draft("covert-copy", { bits: 40 }), draft("covert-copy", { bits: 30, act: "sent" })])[0]).toMatchObject({
      bits: 40,
      act: "effected",
    });
  });
  it("lists a thousand frames of a capture at most, and counts all", () => {
    const many = (from: number): FindingDraft["evidence"] => [
      { capture: 1, frames: Array.from({ length: 800 }, (_, i) => from + i), framesTotal: 900 },
    ];
    const [joined] = joinEvidence(many(1), many(801));
    expect([joined?.frames.length, joined?.framesTotal]).toEqual([1000, 1800]);
    expect(joinEvidence(many(1), many(1))[0]?.framesTotal, "800 listed twice, and 100 unlisted of each").toBe(1000);
  });
});

const KEY = new Uint8Array(32);
const assembly: Assembly = {
  network: "X",
  captureHash: (capture) => (capture === 2 ? "c1" : `c${capture}`),
  pseudonymKey: KEY,
  identities: false,
  identitiesOf: (key) => [key, "msisdn:1"],
  isUser: (address) => address === "172.16.0.7",
  standing: "given",
};
const records = (drafts: readonly FindingDraft[], more: Partial<Assembly> = {}): FindingRecord[] =>
  assemble(drafts, { ...assembly, ...more });

describe("records", () => {
  it("stand by grade, then by claim, then by id", () => {
    const other = { element: { name: "mme-1", address: null, vendor: null, basis: "address" } } as const;
    const list = records([
      draft("undeclared-peer"),
      draft("covert-copy"),
      draft("undeclared-peer", other),
      draft("undeclared-peer", { ...other, grade: "proven", receiver: null }),
    ]);
    expect(list.map(({ claim, grade }) => `${claim} ${grade}`)).toEqual([
      "undeclared-peer proven",
      "covert-copy indication",
      "undeclared-peer indication",
      "undeclared-peer indication",
    ]);
    expect((list[2]?.id ?? "") < (list[3]?.id ?? "")).toBe(true);
  });
  it("name captures by content: a file given twice is one, its frames once, its count the larger", () => {
    const evidence = [
      { capture: 2, frames: [3, 1], framesTotal: 9 },
      { capture: 1, frames: [2, 3], framesTotal: 2 },
      { capture: 0, frames: [5], framesTotal: 1 },
    ];
    expect(records([draft("covert-copy", { evidence })])[0]?.evidence).toEqual([
      { capture: "c0", frames: [5], framesTotal: 1 },
      { capture: "c1", frames: [1, 2, 3], framesTotal: 9 },
    ]);
  });
  it("have pseudonyms, and identities in clear only where they are asked for", () => {
    const one = draft("covert-copy", { subscribers: ["imsi:2", "imsi:1"] });
    expect(records([one])[0]?.subscribers).toEqual({ count: 2, pseudonyms: [pseudonym(KEY, "imsi:1"), pseudonym(KEY, "imsi:2")].sort() });
    expect(records([one], { identities: true })[0]?.subscribers.identities).toEqual(["imsi:1", "imsi:2", "msisdn:1"]);
  });
  it("hide a receiver that is a subscriber's device, in sentences and facts too; the id is that of the address", () => {
    const UE = "172.16.0.7";
    const one = draft("ungranted-access", {
      receiver: { name: null, address: UE, port: 1, declared: false },
      summary: state("channel.summary", { from: UE, to: "b", signs: [state("channel.spare", { messages: 1 })] }),
      premises: [{ id: "p", statement: state("copy.not-a-function", { address: UE }), status: "declared" }],
      ruledOut: [{ explanation: state("explanation.grant"), status: "excluded", because: state("copy.not-a-function", { address: UE }) }],
      witnesses: [
        { claim: "undeclared-peer", grade: "indication", summary: state("channel.summary", { from: UE, to: UE, signs: [] }), evidence: [] },
      ],
      details: { to: `at ${UE}` },
    });
    const [hidden] = records([one]);
    expect(JSON.stringify(hidden)).not.toContain(UE);
    expect(hidden?.receiver?.address).toBe(pseudonym(KEY, `ip:${UE}`));
    expect(hidden?.id).toBe(findingId(one, "X"));
    expect(JSON.stringify(records([one], { identities: true })[0])).toContain(UE);
    expect(records([draft("covert-copy")])[0]?.receiver?.address, "a stranger's address stands").toBe("203.0.113.9");
  });
  it("have whole bits, and a chance that a number can hold", () => {
    expect(records([draft("covert-copy", { bits: 70.9, chance: 0 })])[0]).toMatchObject({ bits: 70, chance: 1e-300 });
    expect(records([draft("covert-copy", { bits: 0, chance: null })])[0]).toMatchObject({ chance: null, details: {}, witnesses: [] });
  });
  it("the id is of what is asserted about whom, and of nothing else", () => {
    const id = (over: Partial<FindingDraft> = {}, network: string | null = "X"): string => findingId(draft("covert-copy", over), network);
    expect(id({ grade: "proven", packets: 9, bits: 70, act: "sent", firstMicros: 0 })).toBe(id());
    for (const other of [id({}, "Y"), id({ receiver: null }), id({ element: { name: "x", address: null, vendor: null, basis: "link" } })])
      expect(other).not.toBe(id());
  });
});

it("what rests on the declaration is told by its reason's code", () => {
  const of = (becauseCode?: string): boolean =>
    restsOnDeclaration({ explanation: "x", status: "excluded", because: "y", ...(becauseCode === undefined ? {} : { becauseCode }) });
  expect([of("as-declared"), of("interception.no-entry-covers"), of("copy.came-back"), of()]).toEqual([true, true, false, false]);
});

describe("a line of EVE", () => {
  const [found] = records([draft("covert-copy", { grade: "proven" })]) as [FindingRecord];
  const line = (more: Partial<FindingRecord> = {}): Record<string, unknown> =>
    JSON.parse(eveLine({ ...found, ...more })) as Record<string, unknown>;
  it("has ends, time and severity as collectors read them, and the whole finding", () => {
    expect(line()).toMatchObject({
      event_type: "alert",
      src_ip: "10.0.0.5",
      dest_ip: "203.0.113.9",
      dest_port: 4789,
      alert: { severity: 1, category: "covert-copy" },
      tapproof: { id: found.id },
    });
    expect(line()["timestamp"]).toBe(found.last.replace("Z", "+0000"));
    expect(
      [line({ grade: "corroborated" }), line({ grade: "indication" })].map((one) => (one["alert"] as { severity: number }).severity),
    ).toEqual([2, 3]);
  });
  it("leaves out what is not known", () => {
    const bare = line({ receiver: null, element: { name: null, address: null, vendor: null, basis: "inferred" } });
    for (const member of ["src_ip", "dest_ip", "dest_port"]) expect(bare).not.toHaveProperty(member);
    expect(bare).toMatchObject({ alert: { metadata: { element: [""] } } });
  });
});

describe("what left", () => {
  const copy = draft("covert-copy", {
    data: ["content"],
    subscribers: ["imsi:1"],
    packets: 5,
    bytes: 500,
    exposed: [{ subscriber: "imsi:1", packets: 5, bytes: 500, firstMicros: 10, lastMicros: 20 }],
  });
  const query = draft("unreasoned-query", {
    data: ["location"],
    subscribers: ["imsi:1", "imsi:2"],
    packets: 2,
    bytes: 99,
    firstMicros: 5,
    lastMicros: 30,
    exposed: [{ subscriber: "imsi:1", packets: 2, bytes: 9, firstMicros: 5, lastMicros: 30 }],
  });
  const nothing = draft("ungranted-access", { subscribers: ["imsi:3"] });
  const of = (drafts: readonly FindingDraft[]): FindingsDocument["exposure"] => exposure(records(drafts), drafts, "X", KEY);
  it("is counted by receiver and by subscriber; octets are those of content alone", () => {
    const told = of([copy, query, nothing]);
    expect(told).toMatchObject({ subscribers: 3, bytes: 500, receivers: ["203.0.113.9"] });
    expect(told.perReceiver).toMatchObject([
      { receiver: "203.0.113.9", findings: 2, packets: 7, bytes: 500, data: ["content", "location"] },
    ]);
    expect(told.perReceiver?.[0]?.pseudonyms).toEqual([pseudonym(KEY, "imsi:1"), pseudonym(KEY, "imsi:2")].sort());
    expect(told.perReceiver?.[0]).toMatchObject({ first: "1970-01-01T00:00:00.000005000Z", last: "1970-01-01T00:00:00.000030000Z" });
    expect(told.perSubscriber).toMatchObject([
      { pseudonym: pseudonym(KEY, "imsi:1"), findings: 2, packets: 7, bytes: 509, receivers: ["203.0.113.9"] },
    ]);
  });
  it("stands by name, and each receiver and subscriber once", () => {
    const at = (address: string, subscriber: string): FindingDraft => ({
      ...copy,
      receiver: { name: null, address, port: 1, declared: false },
      subscribers: [subscriber],
      exposed: [{ subscriber, packets: 1, bytes: 1, firstMicros: 1, lastMicros: 2 }],
    });
    const told = of([
      at("192.0.2.9", "imsi:1"),
      at("192.0.2.1", "imsi:2"),
      { ...at("192.0.2.5", "imsi:1"), receiver: { name: "collector", address: "192.0.2.5", port: 1, declared: true } },
    ]);
    expect(told.receivers).toEqual(["192.0.2.1", "192.0.2.5", "192.0.2.9"]);
    expect(told.perReceiver?.map((r) => r.receiver)).toEqual(["192.0.2.1", "192.0.2.9", "collector"]);
    const people = told.perSubscriber ?? [];
    expect(people.map((s) => s.pseudonym)).toEqual([pseudonym(KEY, "imsi:1"), pseudonym(KEY, "imsi:2")].sort());
    expect(people.find((s) => s.pseudonym === pseudonym(KEY, "imsi:1"))?.receivers).toEqual(["192.0.2.9", "collector"]);
  });
  it("of two scans stands side by side, with totals of what was joined", () => {
    const [a, b] = [of([copy]), of([{ ...copy, receiver: { name: null, address: "192.0.2.1", port: 1, declared: false } }])];
    const joined = joinExposure(records([copy]), a, b);
    expect(joined).toMatchObject({ subscribers: 1, bytes: 500, receivers: ["192.0.2.1", "203.0.113.9"] });
    expect(joined.perReceiver?.map((r) => r.receiver)).toEqual(["192.0.2.1", "203.0.113.9"]);
    expect(joined.perSubscriber).toMatchObject([{ findings: 2, packets: 10, receivers: ["192.0.2.1", "203.0.113.9"] }]);
    const { perReceiver: _, perSubscriber: __, ...earlier } = a;
    expect(joinExposure([], earlier, earlier)).toEqual({
      subscribers: 0,
      bytes: 0,
      receivers: ["203.0.113.9"],
      perReceiver: [],
      perSubscriber: [],
    });
  });
  it("to nobody known is told of nobody", () => {
    const told = of([{ ...copy, receiver: null }]);
    expect(told).toMatchObject({ receivers: [], perReceiver: [{ receiver: null, address: null }], perSubscriber: [{ receivers: [] }] });
  });
});

describe("two scans of one case", () => {
  const capture = (sha256: string): object => ({ sha256 });
  const document = (findings: readonly FindingRecord[], captures: readonly object[], coverage: object = {}): FindingsDocument =>
    ({
      captures,
      findings,
      coverage: { gaps: [], undecided: [], coveredInterceptions: 1, notSeen: [], ...coverage },
      exposure: { subscribers: 0, bytes: 0, receivers: [], perReceiver: [], perSubscriber: [] },
    }) as unknown as FindingsDocument;
  const seen = (grade: Grade, captureIndex: number, more: Partial<FindingDraft> = {}): FindingRecord =>
    records([
      draft("covert-copy", {
        grade,
        evidence: [{ capture: captureIndex, frames: [1], framesTotal: 1 }],
        packets: 5,
        bytes: 50,
        subscribers: ["imsi:1"],
        ...more,
      }),
    ])[0] as FindingRecord;

  it("of other captures add up; the stronger finding leads", () => {
    const [joined] = joinDocuments(
      document([seen("proven", 0, { firstMicros: 5 })], [capture("c0")]),
      document([seen("indication", 1, { lastMicros: 90, subscribers: ["imsi:2"] })], [capture("c1")]),
    ).findings;
    expect(joined).toMatchObject({
      grade: "proven",
      packets: 10,
      bytes: 100,
      first: "1970-01-01T00:00:00.000005000Z",
      last: "1970-01-01T00:00:00.000090000Z",
      subscribers: { count: 2 },
    });
    expect(joined?.evidence.map((e) => e.capture)).toEqual(["c0", "c1"]);
  });
  it("of the same capture show the same packets: they count once, and the later of equals leads", () => {
    const twice = joinDocuments(
      document([seen("proven", 0, { packets: 4 })], [capture("c0")]),
      document([seen("proven", 0)], [capture("c0")]),
    );
    expect(twice.captures).toEqual([capture("c0")]);
    expect(twice.findings).toMatchObject([{ packets: 5, bytes: 50, evidence: [{ capture: "c0" }] }]);
  });
  it("what only one of them found stands", () => {
    const other = records([draft("undeclared-peer")])[0] as FindingRecord;
    expect(joinDocuments(document([seen("proven", 0)], []), document([other], [])).findings.map((f) => f.claim)).toEqual([
      "covert-copy",
      "undeclared-peer",
    ]);
  });
  it("coverage adds up, each line that was not seen once, with its code", () => {
    const joined = joinDocuments(
      document([], [], { notSeen: ["a", "b"], notSeenCodes: [{ code: "x" }, null], gaps: [1], undecided: [2], awaitingAuthority: 3 }),
      document([], [], { notSeen: ["b", "c"], gaps: [4], undecided: [5] }),
    ).coverage;
    expect(joined).toEqual({
      gaps: [1, 4],
      undecided: [2, 5],
      coveredInterceptions: 2,
      awaitingAuthority: 3,
      notSeen: ["a", "b", "c"],
      notSeenCodes: [{ code: "x" }, null, null],
    });
    const later = joinDocuments(document([], [], { awaitingAuthority: 3 }), document([], [], { awaitingAuthority: 0 })).coverage;
    expect(later.awaitingAuthority).toBe(0);
    expect(joinDocuments(document([], []), document([], [])).coverage).not.toHaveProperty("awaitingAuthority");
  });
});
