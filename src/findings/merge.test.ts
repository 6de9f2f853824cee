import { state } from "#model/statement.ts";
import { describe, expect, it } from "vitest";
import type { FindingDraft } from "#model/finding.ts";
import { findingId } from "./assemble.ts";
import { againstDraft, mergeActs, withoutDeclaration } from "./merge.ts";

function draft(over: Partial<FindingDraft>): FindingDraft {
  return {
    claim: "undeclared-peer",
    grade: "indication",
    summary: state("channel.summary", { from: "a", to: "b", signs: [] }),
    element: { name: "spgw-1", address: "10.0.0.2", vendor: "acme", basis: "address" },
    receiver: { name: null, address: "203.0.113.9", port: 4789, declared: false },
    act: "effected",
    transport: { layers: [], encrypted: false, delaySeconds: null },
    subscribers: [],
    data: [],
    packets: 1,
    bytes: 0,
    firstMicros: 0,
    lastMicros: 0,
    bits: 0,
    chance: null,
    premises: [],
    evidence: [{ capture: 0, frames: [1], framesTotal: 1 }],
    ruledOut: [],
    sources: [],
    arithmetic: [],
    restsOn: ["declaration"],
    ...over,
  };
}

describe("a declaration that nobody reviewed", () => {
  it("proves nothing, and declares no premise: an indication stays one", () => {
    const given = [
      draft({
        claim: "covert-copy",
        grade: "proven",
        premises: [
          { id: "a", statement: state("premise.tap-map"), status: "declared" },
          { id: "b", statement: state("premise.tap-map"), status: "verified" },
        ],
        witnesses: [{ claim: "undeclared-trace", grade: "proven", summary: draft({}).summary, evidence: [] }],
      }),
      draft({}),
    ];
    const [copy, peer] = againstDraft(given);
    expect([copy?.grade, peer?.grade]).toEqual(["corroborated", "indication"]);
    expect(copy?.premises.map((p) => p.status)).toEqual(["assumed", "verified"]);
    expect(copy?.witnesses?.map((w) => w.grade)).toEqual(["corroborated"]);
  });
});

describe("one act, one finding (contract §4)", () => {
  it("makes the bare exchange a witness of the copy between the same ends", () => {
    const merged = mergeActs([
      draft({}),
      draft({ claim: "covert-copy", grade: "proven", evidence: [{ capture: 0, frames: [7], framesTotal: 1 }] }),
    ]);
    expect(merged).toHaveLength(1);
    expect(merged[0]).toMatchObject({ claim: "covert-copy", grade: "proven", witnesses: [{ claim: "undeclared-peer" }] });
  });

  it("joins an order and its effect at the receiver the order names, as two independent witnesses", () => {
    const order = draft({
      claim: "undeclared-trace",
      act: "sent",
      element: { name: "enb-1", address: "10.0.0.9", vendor: null, basis: "address" },
    });
    const effect = draft({
      element: { name: "enb-1", address: "10.0.1.9", vendor: null, basis: "address" },
      evidence: [{ capture: 1, frames: [3], framesTotal: 1 }],
    });
    const merged = mergeActs([effect, order]);
    expect(merged).toHaveLength(1);
    expect(merged[0]).toMatchObject({ claim: "undeclared-trace", grade: "corroborated", act: "effected" });
  });

  it("makes two addresses of one declared receiver one finding: they have one id", () => {
    const to = (address: string): FindingDraft => draft({ receiver: { name: "noc", address, port: null, declared: false } });
    const merged = mergeActs([to("203.0.113.9"), to("203.0.113.10")]);
    expect(merged).toHaveLength(1);
    expect(merged[0]?.packets).toBe(2);
    const copy = draft({
      claim: "covert-copy",
      receiver: to("203.0.113.10").receiver,
      evidence: [{ capture: 0, frames: [7], framesTotal: 1 }],
    });
    expect(mergeActs([to("203.0.113.9"), copy]).map(({ claim }) => claim)).toEqual(["covert-copy"]);
  });

  it("lets an effect stand for the answer that was not seen, if it came after the order", () => {
    const at = { name: "sgw-u", address: "10.0.0.9", vendor: null, basis: "address" } as const;
    const order = draft({
      claim: "undeclared-duplication",
      grade: "corroborated",
      act: "sent",
      element: at,
      firstMicros: 50,
      lastMicros: 50,
      lacksAnswer: true,
    });
    const copy = (lastMicros: number): FindingDraft =>
      draft({
        element: at,
        claim: "covert-copy",
        grade: "corroborated",
        lastMicros,
        evidence: [{ capture: 1, frames: [3], framesTotal: 1 }],
      });
    expect(mergeActs([order, copy(90)])[0]).toMatchObject({ claim: "undeclared-duplication", grade: "proven", act: "effected" });
    expect(mergeActs([order, copy(10)])[0]).toMatchObject({ claim: "undeclared-duplication", grade: "corroborated", act: "sent" });
    // What is corroborated for another reason, or met by no more than a sign of life, stays what it is.
    expect(mergeActs([{ ...order, lacksAnswer: false }, copy(90)])[0]).toMatchObject({ grade: "corroborated", act: "effected" });
    const ping = draft({ element: at, transport: { layers: ["icmp"], encrypted: false, delaySeconds: null }, lastMicros: 90 });
    expect(mergeActs([order, ping])[0]).toMatchObject({ grade: "corroborated", act: "sent" });
  });

  it("caps everything at an indication where no declaration was given, whoever agrees", () => {
    const found = withoutDeclaration([
      draft({ claim: "covert-copy", grade: "corroborated" }),
      draft({ claim: "weakened-protection", grade: "proven" }),
    ]);
    expect(found.map(({ grade }) => grade)).toEqual(["indication", "indication"]);
  });

  it("makes a ghost tunnel and the bare exchange witnesses of the act between the same ends", () => {
    const ghost = draft({ claim: "ghost-tunnel", data: ["content"], evidence: [{ capture: 0, frames: [9], framesTotal: 1 }] });
    const merged = mergeActs([draft({ grade: "corroborated" }), ghost]);
    expect(merged).toHaveLength(1);
    expect(merged[0]).toMatchObject({
      claim: "ghost-tunnel",
      grade: "corroborated",
      data: ["content"],
      witnesses: [{ claim: "undeclared-peer" }],
    });
    const copy = draft({ claim: "covert-copy", evidence: [{ capture: 0, frames: [7], framesTotal: 1 }] });
    expect(mergeActs([ghost, copy])).toHaveLength(1);
  });

  it("knows one exchange from both its ends", () => {
    const hss = { name: "hss-1", address: "10.0.0.5", vendor: null, basis: "address" } as const;
    const gateway = { name: "spgw-1", address: "10.0.0.2", port: null, declared: false };
    const query = draft({ claim: "unreasoned-query", element: hss, receiver: gateway });
    const peer = draft({ receiver: { name: "hss-1", address: "10.0.0.5", port: 3868, declared: false }, evidence: [] });
    expect(mergeActs([peer, query])).toMatchObject([{ claim: "unreasoned-query", witnesses: [{ claim: "undeclared-peer" }] }]);
  });

  it("keeps two acts that a frame bundles apart", () => {
    const trace = draft({
      claim: "undeclared-trace",
      receiver: { name: null, address: "203.0.113.1", port: null, declared: false },
      element: { name: "enb-1", address: null, vendor: null, basis: "address" },
    });
    const weak = draft({
      claim: "weakened-protection",
      receiver: null,
      element: { name: "mme-1", address: null, vendor: null, basis: "address" },
    });
    expect(mergeActs([trace, weak])).toHaveLength(2);
  });

  it("keeps different receivers apart and puts one claim, element and receiver together", () => {
    const other = draft({
      receiver: { name: null, address: "203.0.113.10", port: 1, declared: false },
      evidence: [{ capture: 0, frames: [2], framesTotal: 1 }],
    });
    const again = draft({ grade: "corroborated", evidence: [{ capture: 0, frames: [1, 5], framesTotal: 2 }] });
    const merged = mergeActs([draft({}), other, again]);
    expect(merged).toHaveLength(2);
    const joined = merged.find((finding) => finding.receiver?.address === "203.0.113.9");
    expect(joined).toMatchObject({ grade: "corroborated", packets: 2, evidence: [{ frames: [1, 5], framesTotal: 2 }] });
  });
});

describe("finding id", () => {
  it("does not depend on frames, order, or what was measured", () => {
    const one = findingId(draft({}), "Exampletel");
    expect(findingId(draft({ grade: "proven", evidence: [], bits: 128, packets: 99 }), "Exampletel")).toBe(one);
    expect(findingId(draft({ claim: "ghost-tunnel" }), "Exampletel")).not.toBe(one);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
  });
});
