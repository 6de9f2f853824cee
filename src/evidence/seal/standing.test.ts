/** Standing: every condition that is not met is said, and each alone is enough. */
import { describe, expect, it } from "vitest";
import { Signer } from "#evidence/keys/signer.ts";
import type { OpenedSeal, SealParty } from "./declaration-seal.ts";
import type { SelfCheck } from "./self-check.ts";
import { standingInLog, standingOf, type StandingInput } from "./standing.ts";

const party = (role: SealParty["role"], side: SealParty["side"]): SealParty => ({
  name: role,
  role,
  side,
  key: Signer.generate(`${role}.example`).key,
});
const [operator, installer, court] = [party("operator", "accuser"), party("installer", "neither"), party("third-party", "neither")];
const seal: OpenedSeal = {
  at: "2026-01-01T00:00:00Z",
  network: "X",
  declaration: "d",
  points: "p",
  annexes: [],
  parties: [operator, installer, court],
  signed: [operator, installer, court],
  note: "",
};
const checked: SelfCheck = { points: [], pairs: [], confirmed: [], contradictions: [], untestable: [] };
const met: StandingInput = {
  seal,
  declaration: "d",
  points: "p",
  allPointsDeclared: true,
  firstFrame: "2026-01-01T00:00:01.000000000Z",
  selfCheck: checked,
};
const missing = (more: Partial<StandingInput>): readonly string[] => {
  const { standing, missing: list } = standingOf({ ...met, ...more });
  expect(standing).toBe(list.length === 0 ? "attested" : "given");
  return list;
};

it("with every condition met, findings are attested", () => expect(missing({})).toEqual([]));

it.each<[string, Partial<StandingInput>, string]>([
  ["no seal", { seal: null }, "The declaration and the tap map were not sealed beforehand."],
  ["another declaration", { declaration: "e" }, "The declaration of this run is not the sealed one."],
  ["no declaration", { declaration: null }, "The declaration of this run is not the sealed one."],
  ["another tap map", { points: "q" }, "The tap map of this run is not the sealed one."],
  ["no tap map", { points: null }, "The tap map of this run is not the sealed one."],
  ["a point that nobody named", { allPointsDeclared: false }, "Frames came from points that the tap map does not name."],
  ["a seal of the instant of the first frame", { firstFrame: seal.at }, "The seal is not older than the first frame."],
  ["no frame", { firstFrame: null }, "The seal is not older than the first frame."],
  ["a time that is none", { firstFrame: "x" }, "The seal is not older than the first frame."],
  [
    "no operator",
    { seal: { ...seal, parties: [installer, court], signed: [installer, court] } },
    "The operator did not sign the declaration.",
  ],
  [
    "no installer",
    { seal: { ...seal, parties: [operator, court], signed: [operator, court] } },
    "The installer of the taps did not sign the tap map.",
  ],
  [
    "nobody independent",
    { seal: { ...seal, parties: [operator, installer], signed: [operator, installer] } },
    "No party that is independent of the accuser signed the tap map.",
  ],
  [
    "a third party of the accuser's",
    { seal: { ...seal, signed: [operator, installer, { ...court, side: "accuser" }] } },
    "No party that is independent of the accuser signed the tap map.",
  ],
  [
    "a party that did not sign",
    { seal: { ...seal, parties: [...seal.parties, party("third-party", "accused")] } },
    "A party that the seal names did not sign it.",
  ],
  ["no self-check", { selfCheck: null }, "The points were not checked against the traffic."],
  [
    "traffic that contradicts",
    { selfCheck: { ...checked, contradictions: [{ point: "a", what: "one way only" }] } },
    "The traffic of a contradicts the tap map: one way only.",
  ],
])("%s: given, and said alone", (_, more, why) => expect(missing(more)).toEqual([why]));

it("all that is missing is said", () => {
  expect(missing({ declaration: null, points: null, selfCheck: null })).toHaveLength(3);
});

describe("looked at later", () => {
  it.each([
    ["given", 1, "given"],
    ["given", undefined, "given"],
    ["attested", 1, "witnessed"],
    ["attested", undefined, "attested"],
    ["witnessed", 1, "witnessed"],
    ["witnessed", undefined, "attested"],
  ] as const)("%s, under a head witnessed at %s: %s", (standing, at, expected) => expect(standingInLog(standing, at)).toBe(expected));
});
