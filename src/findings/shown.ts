/**
 * What report and page show of a finding beside its sentence: where the act was seen, the delay that may be told, whether the element stands on
 * the subscriber's way, the steps of the arithmetic and the scale they are drawn on. One place for all of it, so that no two can differ.
 */
import type { FindingRecord, StepRecord } from "./document.ts";
import { CLAIM_TRAITS } from "#model/claim-traits.ts";
import type { Claim } from "#model/finding.ts";

/** From here a finding may be `proven` (`contract.md` §1). */
export const THRESHOLD_BITS = 64;

/** The point at which the act was seen leaving: of a copy, where the copy itself passed, not where its originals did. Null where none is told. */
export function placeOfAct({ claim, witnesses, details }: Pick<FindingRecord, "claim" | "witnesses" | "details">): string | null {
  const copies = claim === "covert-copy" || witnesses.some((w) => w.claim === "covert-copy");
  const { point } = details;
  return copies && typeof point === "string" ? point : null;
}

/**
 * Seconds from an original to its copy; null where nothing orders the two. Clocks of two points that were not compared differ by more than the
 * delay, so that their difference is no delay, whatever its sign.
 */
export function delayToTell({ transport, details }: Pick<FindingRecord, "transport" | "details">): number | null {
  return details["order"] === "unknown" ? null : transport.delaySeconds;
}

const LAWFUL = /^(ADMF|MDF2?|MDF3|LEMF|LIPF|DF2?|DF3|POI)$/;
/** Whether a subscriber's way is drawn through the element: a function of interception delivers, and forwards nobody's traffic. */
export function onSubscribersWay(claim: Claim, roles: readonly string[]): boolean {
  return CLAIM_TRAITS[claim].branches && !roles.some((role) => LAWFUL.test(role));
}

/** `credit` and `deduction` add up; `bound` and `score` state where the sum stands. */
export interface ShownStep {
  readonly step: StepRecord;
  readonly kind: "credit" | "deduction" | "bound" | "score";
  /** Sum after this step; of a bound or the score, what it states. */
  readonly total: number;
}

const BOUNDS: ReadonlySet<string | undefined> = new Set(["step.source-bound", "step.hash-bound"]);

export function stepsToShow(arithmetic: readonly StepRecord[]): ShownStep[] {
  let sum = 0;
  return arithmetic.map((step) => {
    const { code, bits } = step;
    const kind = code === "step.score" ? "score" : BOUNDS.has(code) ? "bound" : bits < 0 ? "deduction" : "credit";
    const adds = kind === "credit" || kind === "deduction";
    if (adds) sum += bits;
    return { step, kind, total: adds ? sum : bits };
  });
}

export interface ProofScale {
  /** `root`: distances are those of the square roots, so that the threshold stays to be seen beside a large sum. */
  readonly kind: "linear" | "root";
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** Above this many bits the threshold would vanish on a linear scale. */
const LINEAR_UP_TO = 260;

export function scaleFor(bits: number, steps: readonly ShownStep[]): ProofScale {
  const sums = steps.filter((s) => s.kind === "credit" || s.kind === "deduction").map((s) => s.total);
  const high = Math.max(THRESHOLD_BITS * 1.4, bits, ...sums);
  const low = Math.min(0, ...sums);
  return high <= LINEAR_UP_TO
    ? { kind: "linear", low, high, ticks: roundTicks(high) }
    : { kind: "root", low, high, ticks: rootTicks(high) };
}

/** Where a number of bits lies on the scale: 0 at its low end, 1 at its high one. */
export function placeOnScale({ kind, low, high }: Pick<ProofScale, "kind" | "low" | "high">, bits: number): number {
  const bend = (v: number): number => (kind === "linear" ? v : Math.sign(v) * Math.sqrt(Math.abs(v)));
  return (bend(bits) - bend(low)) / (bend(high) - bend(low));
}

/** Round numbers from nought, about five. */
function roundTicks(high: number): number[] {
  const raw = high / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw;
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, i) => i * step);
}

/** Squares, so that their distance on a root scale is even. */
function rootTicks(high: number): number[] {
  const root = Math.sqrt(high);
  const step = root <= 24 ? 8 : root <= 50 ? 10 : Math.ceil(root / 50) * 10;
  return Array.from({ length: Math.floor((root * 1.001) / step) + 1 }, (_, i) => (i * step) ** 2);
}
