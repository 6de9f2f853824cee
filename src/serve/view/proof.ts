/** The arithmetic of a finding as a rising line: what each step adds, where the sum then stands, and the scale it is drawn on. */
import type { FindingRecord } from "#findings/document.ts";
import { scaleFor, stepsToShow, THRESHOLD_BITS } from "#findings/shown.ts";
import type { Proof } from "#serve/api/types.ts";

export function proofOf(finding: FindingRecord): Proof {
  const shown = stepsToShow(finding.arithmetic);
  const { kind, low, high, ticks } = scaleFor(finding.bits, shown);
  return {
    bits: finding.bits,
    threshold: THRESHOLD_BITS,
    chance: finding.chance,
    direct: finding.arithmetic.length === 0,
    steps: shown.map(({ step, kind, total }) => ({ ...step, kind, total })),
    scale: { kind, low, high, ticks: [...ticks] },
  };
}
