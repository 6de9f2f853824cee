import { GRADES } from "#model/finding.ts";
import { joinExposure } from "./exposure.ts";
import type { FindingRecord, FindingsDocument } from "./document.ts";

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
      notSeen: [...new Set([...earlier.coverage.notSeen, ...later.coverage.notSeen])],
    },
    exposure: joinExposure(findings, earlier.exposure, later.exposure),
  };
}

/** An answer may have come between the two: of the same captures, the later scan knows. */
function awaiting(earlier: number | undefined, later: number | undefined): { readonly awaitingAuthority?: number } {
  const known = later ?? earlier;
  return known === undefined ? {} : { awaitingAuthority: known };
}

function joinFindings(a: FindingRecord, b: FindingRecord): FindingRecord {
  const [strong, weak] = GRADES.indexOf(b.grade) >= GRADES.indexOf(a.grade) ? [b, a] : [a, b];
  const pseudonyms = [...new Set([...a.subscribers.pseudonyms, ...b.subscribers.pseudonyms])].sort();
  const mine = new Set(strong.evidence.map((evidence) => evidence.capture));
  const others = weak.evidence.filter((evidence) => !mine.has(evidence.capture));
  // The same capture scanned twice shows the same packets twice: only what other captures show is added.
  const added = others.length > 0;
  return {
    ...strong,
    subscribers: { ...strong.subscribers, count: pseudonyms.length, pseudonyms },
    packets: strong.packets + (added ? weak.packets : 0),
    bytes: strong.bytes + (added ? weak.bytes : 0),
    first: a.first < b.first ? a.first : b.first,
    last: a.last > b.last ? a.last : b.last,
    evidence: [...strong.evidence, ...others],
  };
}
