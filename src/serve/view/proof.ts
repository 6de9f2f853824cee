/** The arithmetic of a finding as a rising line: what each step adds, and where the sum then stands. */
import type { FindingRecord } from "#findings/document.ts";
import type { Proof } from "#serve/api/types.ts";

/** From here a finding may be `proven` (`contract.md` §1). */
const THRESHOLD_BITS = 64;
const BOUNDS: ReadonlySet<string | undefined> = new Set(["step.source-bound", "step.hash-bound"]);

export function proofOf(finding: FindingRecord): Proof {
  let total = 0;
  const steps = finding.arithmetic.map((step): Proof["steps"][number] => {
    const { code, bits } = step;
    const kind = code === "step.score" ? "score" : BOUNDS.has(code) ? "bound" : bits < 0 ? "deduction" : "credit";
    if (kind === "credit" || kind === "deduction") total += bits;
    return { ...step, kind, total: kind === "credit" || kind === "deduction" ? total : bits };
  });
  return { bits: finding.bits, threshold: THRESHOLD_BITS, chance: finding.chance, direct: finding.arithmetic.length === 0, steps };
}
