/** The arithmetic of a finding as a rising line: what each step adds, and where the sum then stands. */
import type { FindingRecord } from "#findings/document.ts";
import type { Proof } from "#serve/api/types.ts";

/** From here a finding may be `proven` (`contract.md` §1). */
const THRESHOLD_BITS = 64;

export function proofOf(finding: FindingRecord): Proof {
  let total = 0;
  const steps = finding.arithmetic.map(({ label, bits, because }): Proof["steps"][number] => {
    const kind = /\bscore$/.test(label) ? "score" : /\bbound$/.test(label) ? "bound" : bits < 0 ? "deduction" : "credit";
    if (kind === "credit" || kind === "deduction") total += bits;
    return { label, bits, because, kind, total: kind === "credit" || kind === "deduction" ? total : bits };
  });
  return { bits: finding.bits, threshold: THRESHOLD_BITS, chance: finding.chance, direct: finding.arithmetic.length === 0, steps };
}
