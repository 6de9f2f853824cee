import { GRADES } from "#model/finding.ts";
import { joinExposure } from "./exposure.ts";
import { isStatement } from "#model/statement.ts";
import type { FindingRecord, FindingsDocument } from "./document.ts";
import { counted, summaryRecord } from "./said.ts";

/** Two scans of one case as one document: captures side by side, findings of the same id joined, the stronger one leading. */
export function joinDocuments(earlier: FindingsDocument, later: FindingsDocument): FindingsDocument {
  const hashes = new Set(later.captures.map((capture) => capture.sha256));
  const found = new Map(earlier.findings.map((finding) => [finding.id, finding]));
  for (const finding of later.findings) {
    const known = found.get(finding.id);
    found.set(finding.id, known === undefined ? finding : joinFindings(known, finding));
  }
  const findings = [...found.values()];
  return {
    ...later,
    captures: [...earlier.captures.filter((capture) => !hashes.has(capture.sha256)), ...later.captures],
    findings,
    coverage: {
      gaps: [...earlier.coverage.gaps, ...later.coverage.gaps],
      undecided: [...earlier.coverage.undecided, ...later.coverage.undecided],
      coveredInterceptions: earlier.coverage.coveredInterceptions + later.coverage.coveredInterceptions,
      ...awaiting(earlier.coverage.awaitingAuthority, later.coverage.awaitingAuthority),
      ...unseenOf(earlier.coverage, later.coverage),
    },
    exposure: joinExposure(findings, earlier.exposure, later.exposure),
  };
}

/** An answer may have come between the two: of the same captures, the later scan knows. */
function awaiting(earlier: number | undefined, later: number | undefined): { readonly awaitingAuthority?: number } {
  const known = later ?? earlier;
  return known === undefined ? {} : { awaitingAuthority: known };
}

/** Each line once, and its code in the same place. */
function unseenOf(...runs: readonly FindingsDocument["coverage"][]): Pick<FindingsDocument["coverage"], "notSeen" | "notSeenCodes"> {
  const lines = new Map<string, NonNullable<FindingsDocument["coverage"]["notSeenCodes"]>[number]>();
  for (const { notSeen, notSeenCodes } of runs) for (const [i, line] of notSeen.entries()) lines.set(line, notSeenCodes?.[i] ?? null);
  return { notSeen: [...lines.keys()], notSeenCodes: [...lines.values()] };
}

function joinFindings(a: FindingRecord, b: FindingRecord): FindingRecord {
  const [strong, weak] = GRADES.indexOf(b.grade) >= GRADES.indexOf(a.grade) ? [b, a] : [a, b];
  const pseudonyms = [...new Set([...a.subscribers.pseudonyms, ...b.subscribers.pseudonyms])].sort();
  const mine = new Set(strong.evidence.map((evidence) => evidence.capture));
  const others = weak.evidence.filter((evidence) => !mine.has(evidence.capture));
  // The same capture scanned twice shows the same packets twice: only what other captures show is added.
  const added = others.length > 0;
  const packets = strong.packets + (added ? weak.packets : 0);
  return {
    ...strong,
    ...recounted(strong, pseudonyms.length, packets),
    subscribers: { ...strong.subscribers, count: pseudonyms.length, pseudonyms },
    packets,
    bytes: strong.bytes + (added ? weak.bytes : 0),
    first: a.first < b.first ? a.first : b.first,
    last: a.last > b.last ? a.last : b.last,
    evidence: [...strong.evidence, ...others],
  };
}

/** The joined finding's sentence counts what it counts; one of an earlier version stays as it was written. */
function recounted(f: FindingRecord, subscribers: number, packets: number): Pick<FindingRecord, "summary" | "summaryCode" | "values"> {
  const { summary, summaryCode: code, values = {} } = f;
  return isStatement(code, values) ? summaryRecord(counted({ code, values }, subscribers, packets)) : { summary };
}
