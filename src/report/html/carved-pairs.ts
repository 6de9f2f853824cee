/** Pairs of a finding's match record, with the octets that the bundle carved for them. */
import type { CaseData } from "#report/case-data.ts";

export interface CarvedSide {
  readonly capture: string;
  readonly frame: number;
  /** Octets on the wire. */
  readonly length: number;
  /** As carved; empty where these octets are not in the bundle. */
  readonly octets: readonly number[];
  /** Whether the octet at the same place is masked. */
  readonly masked: readonly boolean[];
}

export interface CarvedPair {
  readonly original: CarvedSide;
  readonly copy: CarvedSide;
  /** Octets of equal content that both commit to. */
  readonly octets: number;
  readonly commitment: string;
}

/** Pairs of the newest match record of this finding; empty where the case has none. */
export function carvedOf(data: CaseData, finding: string): CarvedPair[] {
  const match = data.log.findLast((e) => e.type === "match" && e.value["finding"] === finding)?.value;
  const pairs = Array.isArray(match?.["pairs"]) ? (match["pairs"] as readonly unknown[]) : [];
  return pairs.flatMap((p) => {
    const { copy, original, octets, copyCommitment, originalCommitment } = p as Record<string, unknown>;
    const [a, b] = [place(original), place(copy)];
    if (a === undefined || b === undefined || typeof copyCommitment !== "string" || copyCommitment !== originalCommitment) return [];
    return [{ original: a, copy: b, octets: Number(octets), commitment: copyCommitment }];
  });
}

function place(value: unknown): CarvedSide | undefined {
  const { capture, frame } = (value ?? {}) as Record<string, unknown>;
  if (typeof capture !== "string" || typeof frame !== "number") return undefined;
  return { capture, frame, length: 0, octets: [], masked: [] };
}
