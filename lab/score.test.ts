import { describe, expect, test } from "vitest";
import { type CaseTruth, perfect, score, type ScoredDocument, type ScoredFinding } from "./score.ts";

const truth: CaseTruth = {
  case: "one",
  expect: [
    {
      claim: "covert-copy",
      minGrade: "proven",
      element: "spgw-1",
      elementAddresses: ["10.0.0.2"],
      receiver: "203.0.113.9",
      receiverAlso: [null],
      subscriber: "001010000000001",
      data: ["content"],
      file: "core.pcap",
      frames: [5, 7, 9],
      framesMode: "any",
    },
  ],
  forbid: ["undeclared-trace"],
  allowAtMost: { "undeclared-peer": "indication" },
};

const right: ScoredFinding = {
  id: "a",
  claim: "covert-copy",
  grade: "proven",
  element: { name: "spgw-1", address: "10.0.1.2" },
  receiver: { name: null, address: "203.0.113.9" },
  subscribers: { count: 1, identities: ["imsi:001010000000001"] },
  data: ["content", "identity"],
  evidence: [{ capture: "ff", frames: [7], framesTotal: 1 }],
};

function result(...findings: ScoredFinding[]): ReturnType<typeof score> {
  const d: ScoredDocument = {
    schema: "tapproof/findings/1",
    captures: [
      { file: "/x/core.pcap", sha256: "ff" },
      { file: "sgi.pcap", sha256: "aa" },
    ],
    findings,
  };
  return score([truth], new Map([["one", d]]));
}

describe("score", () => {
  test("the right finding is found, and nothing else counts", () => {
    const s = result(right);
    expect(perfect(s)).toBe(true);
    expect(s.perClaim.get("covert-copy")).toEqual({ due: 1, found: 1, falseAccusations: 0 });
  });

  test.each([
    ["grade", { ...right, grade: "corroborated" }],
    ["receiver", { ...right, receiver: { name: null, address: "203.0.113.10" } }],
    ["element", { ...right, element: { name: "mme-1", address: "10.0.0.1" } }],
    ["subscriber", { ...right, subscribers: { count: 1, identities: ["imsi:001010000000002"] } }],
    ["data", { ...right, data: [] }],
    ["frames", { ...right, evidence: [{ capture: "ff", frames: [6] }] }],
    ["frames", { ...right, evidence: [{ capture: "aa", frames: [5, 7, 9] }] }],
  ] as [string, ScoredFinding][])("a finding with another %s is a miss", (lack, finding) => {
    const s = result(finding);
    expect(s.misses).toHaveLength(1);
    expect(s.misses[0]?.nearest?.lacks).toEqual([lack]);
  });

  test("an address stands for a name, a permitted null for a receiver, a count for identities that are not shown", () => {
    const { identities: _, ...unnamed } = right.subscribers ?? { count: 1 };
    void _;
    expect(perfect(result({ ...right, element: { name: null, address: "10.0.0.2" }, receiver: null, subscribers: unnamed }))).toBe(true);
  });

  test("frames in `all` mode must all be there", () => {
    const all: CaseTruth = { ...truth, expect: truth.expect.map((e) => ({ ...e, framesMode: "all" as const })) };
    const d = (frames: number[], framesTotal = frames.length): ScoredDocument => ({
      schema: "",
      captures: [{ file: "core.pcap", sha256: "ff" }],
      findings: [{ ...right, evidence: [{ capture: "ff", frames, framesTotal }] }],
    });
    expect(perfect(score([all], new Map([["one", d([5, 7, 9, 11])]])))).toBe(true);
    expect(perfect(score([all], new Map([["one", d([5, 7])]])))).toBe(false);
  });

  test("where the truth states grade and act exactly, neither may be higher or lower", () => {
    const exact: CaseTruth = {
      ...truth,
      expect: truth.expect.map((e) => ({ ...e, minGrade: "indication", grade: "indication", act: "sent" })),
    };
    const d = (more: Partial<ScoredFinding>): ScoredDocument => ({
      schema: "",
      captures: [{ file: "core.pcap", sha256: "ff" }],
      findings: [{ ...right, grade: "indication", act: "sent", ...more }],
    });
    const lacks = (more: Partial<ScoredFinding>): readonly string[] | undefined =>
      score([exact], new Map([["one", d(more)]])).misses[0]?.nearest?.lacks;
    expect(lacks({})).toBeUndefined();
    expect(lacks({ grade: "proven" })).toEqual(["exact grade"]);
    expect(lacks({ act: "effected" })).toEqual(["act"]);
  });

  test("what is forbidden, too strong, or of other parties accuses wrongly", () => {
    const s = result(
      right,
      { ...right, claim: "undeclared-trace" },
      { ...right, claim: "undeclared-peer", grade: "indication" },
      { ...right, claim: "undeclared-peer", grade: "corroborated" },
      { ...right, receiver: { name: null, address: "198.51.100.1" } },
    );
    expect(s.accusations.map((a) => a.why)).toEqual(["forbidden", "grade too high", "wrong element or receiver"]);
  });

  test("a case without findings is named", () => {
    const s = score([truth], new Map());
    expect(s.unscored).toEqual(["one"]);
    expect(s.misses).toHaveLength(1);
    expect(perfect(s)).toBe(false);
  });
});
