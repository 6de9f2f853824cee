import type { ExplanationRecord } from "./document.ts";

/** Reasons that hold as far as the declaration, or the register, is right: the wire alone does not show them (`method.md` §2). */
const AS_DECLARED: ReadonlySet<string | undefined> = new Set([
  "as-declared",
  "copy.not-a-function",
  "copy.no-fitting-interface",
  "copy.no-entry-for-content",
  "copy.no-monitoring-entry",
  "copy.lawful-not-covered",
  "interception.no-entry-covers",
]);

export function restsOnDeclaration({ becauseCode }: ExplanationRecord): boolean {
  return AS_DECLARED.has(becauseCode);
}
