/**
 * Standing of findings (`method.md` §5.9): `given`, `attested` or `witnessed`; below `attested` reports begin with "If the declaration and tap map are
 * right, …". Given only where every condition is met; every one that is not is said.
 */
import type { Standing } from "#model/finding.ts";
import type { SelfCheck } from "./self-check.ts";
import type { OpenedSeal } from "./declaration-seal.ts";

export interface StandingInput {
  readonly seal: OpenedSeal | null;
  /** SHA-256 of the declaration that the run used, and of its tap map; null without one. */
  readonly declaration: string | null;
  readonly points: string | null;
  /** Whether the tap map names each point that frames came from. */
  readonly allPointsDeclared: boolean;
  /** Time of the earliest frame, RFC 3339; null: no frame. */
  readonly firstFrame: string | null;
  readonly selfCheck: SelfCheck | null;
}

export interface StandingVerdict {
  readonly standing: Exclude<Standing, "witnessed">;
  /** Empty where attested: each condition that is not met, in a sentence. */
  readonly missing: readonly string[];
}

export function standingOf(input: StandingInput): StandingVerdict {
  const missing: string[] = [];
  const { seal, selfCheck } = input;
  if (seal === null) return { standing: "given", missing: ["The declaration and the tap map were not sealed beforehand."] };
  const hasSigned = (test: (party: OpenedSeal["parties"][number]) => boolean): boolean => seal.signed.some(test);
  if (input.declaration === null || seal.declaration !== input.declaration)
    missing.push("The declaration of this run is not the sealed one.");
  if (input.points === null || seal.points !== input.points) missing.push("The tap map of this run is not the sealed one.");
  if (!input.allPointsDeclared) missing.push("Frames came from points that the tap map does not name.");
  if (input.firstFrame === null || !(Date.parse(seal.at) < Date.parse(input.firstFrame)))
    missing.push("The seal is not older than the first frame.");
  if (!hasSigned(({ role }) => role === "operator")) missing.push("The operator did not sign the declaration.");
  if (!hasSigned(({ role }) => role === "installer")) missing.push("The installer of the taps did not sign the tap map.");
  if (!hasSigned(({ role, side }) => role === "third-party" && side !== "accuser")) {
    missing.push("No party that is independent of the accuser signed the tap map.");
  }
  if (seal.signed.length < seal.parties.length) missing.push("A party that the seal names did not sign it.");
  if (selfCheck === null) missing.push("The points were not checked against the traffic.");
  else for (const { point, what } of selfCheck.contradictions) missing.push(`The traffic of ${point} contradicts the tap map: ${what}.`);
  return { standing: missing.length === 0 ? "attested" : "given", missing };
}

/** What a case's standing is when its log is looked at later: attested findings under a witnessed head are `witnessed`. */
export function standingInLog(standing: Standing, witnessedAt: number | undefined): Standing {
  return standing !== "given" && witnessedAt !== undefined ? "witnessed" : standing === "witnessed" ? "attested" : standing;
}
