/** Two cases of one network held against each other: what is new in the later one, what has gone, what stands stronger or weaker. */
import { GRADES, type Grade } from "#model/finding.ts";
import { compareOpen, type Compared } from "#report/compare.ts";
import type { Comparison } from "#serve/api/types.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { limits } from "#serve/limits.ts";

interface Known {
  readonly id: string;
  readonly grade: Grade;
}

/** The latest other case of the same network whose captures ended no later than this one's; null where there is none. */
export function lastBefore(of: OpenCase, all: readonly OpenCase[], cleared: boolean): OpenCase | null {
  const { network, last } = of.summary(cleared);
  const earlier = all
    .filter((c) => c !== of && network !== null && c.document?.network === network)
    .map((c) => ({ c, last: c.summary(cleared).last ?? "" }))
    .filter((c) => c.last <= (last ?? ""))
    .sort((a, b) => (a.last < b.last ? 1 : a.last > b.last ? -1 : 0));
  return earlier[0]?.c ?? null;
}

/** `before` is null where there is nothing to hold it against: then everything stands as it does. */
export function comparisonOf(before: OpenCase | null, after: OpenCase, cleared: boolean): Comparison {
  if (before === null) return { ...comparisonOf(after, after, cleared), before: null };
  const withheld = before.index.counts(cleared).withheld + after.index.counts(cleared).withheld;
  const found = compareOpen(scanOf(before, cleared), scanOf(after, cleared), withheld);
  const strongest = <T>(all: readonly T[], of: (one: T) => Known): T[] =>
    all.toSorted((a, b) => GRADES.indexOf(of(b).grade) - GRADES.indexOf(of(a).grade)).slice(0, limits.comparedRows);
  const rows = (all: readonly Known[], from: OpenCase): Comparison["fresh"] => ({
    total: all.length,
    items: strongest(all, (f) => f).flatMap(({ id }) => from.index.rowNamed(from.id, id) ?? []),
  });
  const changed = (all: readonly { readonly before: Known; readonly after: Known }[]): Comparison["stronger"] => ({
    total: all.length,
    items: strongest(all, (c) => c.after).flatMap((c) => {
      const row = after.index.rowNamed(after.id, c.after.id);
      return row === undefined ? [] : [{ was: c.before.grade, finding: row }];
    }),
  });
  return {
    before: before.id,
    fresh: rows(found.fresh, after),
    gone: rows(found.gone, before),
    stronger: changed(found.stronger),
    weaker: changed(found.weaker),
    same: found.same,
    notWatched: [...found.notWatched],
    otherNetwork: found.otherNetwork,
    otherDeclaration: found.otherDeclaration,
    withheld: found.withheld,
  };
}

function scanOf(of: OpenCase, cleared: boolean): Compared<Known> {
  return {
    captures: of.document?.captures ?? [],
    network: of.document?.network ?? null,
    declaration: of.document?.declaration ?? null,
    findings: [...of.index.each(cleared)].map(({ id, grade }) => ({ id, grade })),
  };
}
