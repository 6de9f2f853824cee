import { describe, expect, it } from "vitest";
import type { FindingDraft } from "#model/finding.ts";
import { findingId } from "./assemble.ts";
import { mergeActs } from "./merge.ts";

function draft(over: Partial<FindingDraft>): FindingDraft {
  return {
    claim: "undeclared-peer",
    grade: "indication",
    summary: "",
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
