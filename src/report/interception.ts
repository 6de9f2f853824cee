/** What of a case tells of interception, and so is for readers cleared for it alone (`method.md` §6). */
import type { Declaration } from "#declaration/types.ts";
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import { isOf, LAWFUL_FUNCTIONS } from "#declaration/role-groups.ts";

/** Findings about interception are for the role `li-cleared` alone (`method.md` §6). */
export function aboutInterception(finding: Pick<FindingRecord, "claim" | "witnesses">): boolean {
  return finding.claim === "unwarranted-interception" || finding.witnesses.some((w) => w.claim === "unwarranted-interception");
}

/** What speaks of lawful addresses, warrants, their register, or of interception's protocols, whichever detector or decoder said it. */
const LAWFUL = /lawful|warrant|register|intercept|\b(x[123]|hi[123]|li)\b/i;

/**
 * What was not seen, without what tells of interception: that a warrant is in force, or a stream of product could not be read, is as good as a
 * name. The number of covered interceptions is for cleared readers as well: here it is 0, and nothing may print it (`Selection.covered`).
 */
export function openCoverage<C extends FindingsDocument["coverage"]>(coverage: C, liCleared: boolean): C {
  if (liCleared) return coverage;
  return {
    ...coverage,
    coveredInterceptions: 0,
    gaps: coverage.gaps.filter((g) => !LAWFUL.test(g.why) && !LAWFUL.test(g.point ?? "")),
    undecided: coverage.undecided.filter((u) => u.claim !== "unwarranted-interception" && !LAWFUL.test(u.why)),
    notSeen: coverage.notSeen.filter((line) => !LAWFUL.test(line)),
  };
}

const UNUSED = /^warrants in force of which no product was seen/;

interface Entry {
  readonly type: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Records that tell of warrants, their register, and questions about them. */
const REGISTER = /^(register|warrant|sealed|seal-|question|answer)/;

/**
 * Whether an entry of a case's log shows interception, by its mere place: the finding itself, whatever is about it, and what the register held.
 * `hides` says which findings are not for this reader.
 */
export function entryAboutInterception({ type, value }: Entry, hides: (finding: string) => boolean): boolean {
  if (REGISTER.test(type) || value["claim"] === "unwarranted-interception") return true;
  const { finding, findings, note } = value;
  const about = [finding, ...(Array.isArray(findings) ? (findings as unknown[]) : [])].filter((id) => typeof id === "string");
  const noted = typeof note === "string" ? (note.match(/\b[0-9a-f]{64}\b/g) ?? []) : [];
  return [...about, ...noted].some(hides);
}

/**
 * Whether the content of a record is for cleared readers: a scan's statement on coverage names every finding and counts what is undecided, and a
 * declaration names lawful addresses. That there is one of each a scan tells nothing.
 */
export function recordAboutInterception(entry: Entry, hides: (finding: string) => boolean): boolean {
  return entry.type === "coverage" || entry.type === "declaration" || entryAboutInterception(entry, hides);
}

/**
 * Whether a case's bundle tells of interception besides its findings: what could not be decided or awaits an authority, sealed entries and
 * questions about them. A bundle is signed as a whole, so that nothing can be taken out of it for one reader. How many warrants the register has,
 * and how many had no product, is part of the commitment that every scan makes to third parties: that alone closes none.
 */
export function bundleAboutInterception(coverage: FindingsDocument["coverage"], log: Iterable<Entry>): boolean {
  const open = openCoverage(coverage, false);
  const judged = coverage.undecided.filter((u) => !UNUSED.test(u.why));
  const told =
    open.gaps.length < coverage.gaps.length || open.notSeen.length < coverage.notSeen.length || open.undecided.length < judged.length;
  if (told || (coverage.awaitingAuthority ?? 0) > 0) return true;
  for (const { type } of log) if (type !== "register" && REGISTER.test(type)) return true;
  return false;
}

/** A function that only interception has: administration, mediation, or an agency's own. */
export function hasLawfulRole(roles: readonly string[]): boolean {
  return isOf(roles, LAWFUL_FUNCTIONS);
}

/** Whether a declaration says who is lawful: such a case may hold covered interception, whether or not it does. */
export function declaresLawful(declaration: Pick<Declaration, "lawful" | "functions"> | null): boolean {
  return declaration !== null && (lawfulAddresses(declaration).length > 0 || declaration.functions.some((f) => hasLawfulRole(f.roles)));
}

/** Addresses that the lawful part of a declaration names, and those of lawful functions. */
export function lawfulAddresses(declaration: Pick<Declaration, "lawful" | "functions"> | null): string[] {
  if (declaration === null) return [];
  const { administration, mediation, monitoring, location, gateways } = declaration.lawful;
  const functions = declaration.functions.filter((f) => hasLawfulRole(f.roles)).flatMap((f) => f.addresses);
  return [...administration, ...mediation, ...monitoring, ...location, ...gateways, ...functions];
}
