/**
 * L2: the strongest grade that a finding's own record allows (`contract.md` §1, `method.md` §2 and §3). A record that claims more than its
 * explanations, act, bits and witnesses bear is refused whoever signed it. A weaker grade is always allowed.
 */
import { isObject, type Json, type JsonObject } from "./canonical.ts";
import { asText } from "./records.ts";

export const GRADES = ["indication", "corroborated", "proven"] as const;

const PROVEN_BITS = 64;
const CORROBORATED_BITS = 20;

/** An order whose success answer the protocol has; one that was only sent may have been refused. */
const ORDERS: ReadonlySet<string> = new Set(["undeclared-duplication", "undeclared-trace"]);
/** Absence, however well covered, an asker that nobody declared, and content beyond chance are no breach that was read. */
const NEVER_PROVEN: ReadonlySet<string> = new Set(["ghost-tunnel", "undeclared-peer", "unreasoned-query", "covert-channel"]);
/** Claims that can be judged without a declaration. */
const UNDECLARED: ReadonlySet<string> = new Set(["weakened-protection", "unwarranted-interception"]);

/** Codes of the explanations that something ordered was refused (docs/statements.md). */
const REFUSED = "explanation.refused.";

export interface Allowed {
  readonly grade: number;
  readonly because: string;
}

/** Index into `GRADES`. `declared`: whether the run had a declaration. */
export function allowedGrade(finding: JsonObject, declared: boolean): Allowed {
  const own = ownGrade(finding, declared);
  const witnesses = objects(finding["witnesses"]);
  let best = own;
  for (const witness of witnesses) {
    const grade = GRADES.indexOf(witness["grade"] as (typeof GRADES)[number]);
    // A witness brings its own grade, as far as its claim can have it; two independent detectors that agree are corroborated.
    const claim = asText(witness["claim"]);
    const capped =
      NEVER_PROVEN.has(claim) ||
      (claim === "covert-copy" && Number(finding["bits"]) < PROVEN_BITS) ||
      (!declared && !UNDECLARED.has(claim));
    const with_ = capped ? 1 : Math.max(grade, 1);
    if (with_ > best.grade) best = { grade: with_, because: `${asText(witness["claim"])} as a witness` };
  }
  return best;
}

function ownGrade(finding: JsonObject, declared: boolean): Allowed {
  const claim = asText(finding["claim"]);
  const explanations = objects(finding["ruledOut"]);
  const untestable = explanations.filter((e) => e["status"] === "untestable").length;
  const at = (grade: number, because: string): Allowed => ({ grade, because });
  if (explanations.some((e) => e["status"] === "supported")) return at(0, "an innocent explanation is supported");
  if (explanations.length === 0) return at(0, "no innocent explanation was tested");
  if (!declared && !UNDECLARED.has(claim)) return at(0, "the run had no declaration");
  if (claim === "covert-copy") {
    const bits = Number(finding["bits"]);
    if (bits < CORROBORATED_BITS) return at(0, `${bits} bits`);
    if (untestable > 1) return at(0, `${untestable} explanations are untestable`);
    if (bits < PROVEN_BITS) return at(1, `${bits} bits`);
  }
  if (untestable > 0) return at(1, "an explanation is untestable");
  if (NEVER_PROVEN.has(claim)) return at(1, `${claim} is at most corroborated`);
  if (claim === "ungranted-access" && finding["act"] !== "effected") return at(1, "nothing shows that the session was completed");
  const orderOnly = ORDERS.has(claim) || (claim === "unwarranted-interception" && finding["packets"] === 0);
  const notRefused = explanations.some((e) => e["status"] === "excluded" && asText(e["code"]).startsWith(REFUSED));
  if (orderOnly && finding["act"] === "sent" && !notRefused) return at(1, "the order was sent, nothing shows that it was accepted");
  return at(2, "every explanation is excluded");
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}
