/** Two scans of one network held against each other: by the finding id, which is made of what was asserted about whom, and of nothing else. */
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import { GRADES } from "#model/finding.ts";
import { aboutInterception } from "./interception.ts";

export interface Changed<F = FindingRecord> {
  readonly before: F;
  readonly after: F;
}

export interface Comparison<F = FindingRecord> {
  readonly fresh: readonly F[];
  /** Found before and not now: that is no proof that it ended, see `notWatched`. */
  readonly gone: readonly F[];
  readonly stronger: readonly Changed<F>[];
  readonly weaker: readonly Changed<F>[];
  readonly same: number;
  /** Points of the former scan that the later one does not have: what was seen there cannot be found again. */
  readonly notWatched: readonly string[];
  /** The networks bear different names, so that no id can be the same. */
  readonly otherNetwork: boolean;
  /** Declarations differ: what is new or gone may be what is declared. */
  readonly otherDeclaration: boolean;
  /** Findings about interception that were left out: of either scan, each once. */
  readonly withheld: number;
}

export function compare(before: FindingsDocument, after: FindingsDocument, liCleared: boolean): Comparison {
  const open = (d: FindingsDocument): FindingRecord[] => d.findings.filter((f) => liCleared || !aboutInterception(f));
  const withheld = new Set([...before.findings, ...after.findings].filter((f) => !liCleared && aboutInterception(f)).map((f) => f.id)).size;
  return compareOpen({ ...before, findings: open(before) }, { ...after, findings: open(after) }, withheld);
}

/** What of a scan is held against another: its findings, as far as the reader may see them, and by what they were found. */
export type Compared<F> = Pick<FindingsDocument, "captures" | "network" | "declaration"> & { readonly findings: readonly F[] };

/** `withheld`: findings of either that the reader may not see. */
export function compareOpen<F extends Pick<FindingRecord, "id" | "grade">>(
  before: Compared<F>,
  after: Compared<F>,
  withheld: number,
): Comparison<F> {
  const [was, is] = [before.findings, after.findings];
  const [known, found] = [new Map(was.map((f) => [f.id, f])), new Set(is.map((f) => f.id))];
  const both = is.flatMap((after): Changed<F>[] => {
    const before = known.get(after.id);
    return before === undefined ? [] : [{ before, after }];
  });
  const rank = (f: F): number => GRADES.indexOf(f.grade);
  // a point is named by its declaration; the same file under another name is the same place
  const points = new Set(after.captures.flatMap((c) => [c.point, c.file, ...(c.points ?? [])]));
  const stronger = both.filter((c) => rank(c.after) > rank(c.before));
  const weaker = both.filter((c) => rank(c.after) < rank(c.before));
  return {
    fresh: is.filter((f) => !known.has(f.id)),
    gone: was.filter((f) => !found.has(f.id)),
    stronger,
    weaker,
    same: both.length - stronger.length - weaker.length,
    notWatched: [...new Set(before.captures.filter((c) => !points.has(c.file)).flatMap((c) => [c.point, ...(c.points ?? [])]))]
      .filter((p) => !points.has(p))
      .sort(),
    otherNetwork: before.network !== after.network,
    otherDeclaration: before.declaration !== after.declaration,
    withheld,
  };
}
