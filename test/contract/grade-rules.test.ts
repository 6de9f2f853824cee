import { describe, expect, it } from "vitest";
import { gradeFaults, type Graded } from "./grade-rules.ts";

const copy: Graded = {
  claim: "covert-copy",
  grade: "proven",
  act: "effected",
  transport: { encrypted: false },
  bits: 64,
  chance: 2 ** -64,
  premises: [{ id: "tap-map" }],
  ruledOut: [{ explanation: "retransmission", status: "excluded" }],
  witnesses: [],
};
const trace: Graded = {
  ...copy,
  claim: "undeclared-trace",
  act: "sent",
  bits: 0,
  chance: null,
  ruledOut: [{ explanation: "the order was refused or failed", status: "excluded" }],
};

describe("grades of the contract", () => {
  it.each<[string, Graded]>([
    ["a copy of 64 bits", copy],
    ["a trace that nothing answers", trace],
    [
      "a peer that a proven session lifts",
      { ...copy, claim: "ghost-tunnel", bits: 0, chance: null, witnesses: [{ claim: "ungranted-access", grade: "proven" }] },
    ],
  ])("hold for %s", (_, found) => expect(gradeFaults(found, true)).toEqual([]));

  it.each<[string, Partial<Graded>, Graded?]>([
    ["63 bits", { bits: 63, chance: 2 ** -63 }],
    ["63 bits whose act had its effect", { bits: 63, chance: 2 ** -63, act: "effected" }],
    ["no bits at all", { bits: 0, chance: null }],
    ["an explanation that is untestable", { ruledOut: [{ explanation: "x", status: "untestable" }] }],
    ["an explanation that is supported", { ruledOut: [{ explanation: "x", status: "supported" }] }],
    ["no explanation tested", { ruledOut: [] }],
    ["rhythm", { transport: { encrypted: true } }],
    ["absence", { claim: "ghost-tunnel", bits: 0, chance: null }],
    ["a query", { claim: "unreasoned-query", bits: 0, chance: null }],
    ["bits of a breach that was read", { claim: "undeclared-trace", chance: null }],
    ["a weaker witness's stronger grade", { grade: "corroborated", witnesses: [{ claim: "ungranted-access", grade: "proven" }] }],
    ["a duplication that was only sent", { claim: "undeclared-duplication" }, trace],
    ["access one way", { claim: "ungranted-access" }, trace],
    ["two untestable", { grade: "corroborated", ruledOut: [1, 2].map(() => ({ explanation: "x", status: "untestable" })) }],
    ["corroborated for nothing", { grade: "corroborated", bits: 12, chance: 2 ** -12 }],
  ])("refuse %s", (_, change, base = copy) => expect(gradeFaults({ ...base, ...change }, true)).not.toEqual([]));

  it("without a declaration", () => expect(gradeFaults({ ...trace, grade: "corroborated" }, false)).not.toEqual([]));
});
