/** What is watched now, what was found, and the network with what nobody declared standing out. */
import type { CaptureRecord, GapRecord } from "#findings/document.ts";
import { declaresLawful, openCoverage } from "#report/interception.ts";
import type { Overview, Point } from "#serve/api/types.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";

const SLICES = 60;

/** A table that a case of an earlier version lacks: the view it belongs to (handsets) says so in its own words. */
const OLDER = /^(deviceServices|volumes): .*does not exist/;

export function overviewOf(of: OpenCase, cleared: boolean): Overview {
  const { document } = of;
  const summary = of.summary(cleared);
  const counts = of.index.counts(cleared);
  const coverage = document === null ? undefined : openCoverage(document.coverage, cleared);
  const missing = of.tables.missing.filter((why) => !OLDER.test(why));
  return {
    case: summary,
    captures: points(of, coverage?.gaps ?? [], cleared),
    coverage: {
      gaps: [...(coverage?.gaps ?? [])],
      undecided: [...(coverage?.undecided ?? [])],
      notSeen: [...(coverage?.notSeen ?? []), ...missing.map((why) => `Not shown here: ${why}.`)],
      notSeenCodes: [
        ...(coverage?.notSeen ?? []).map((_, i) => coverage?.notSeenCodes?.[i] ?? null),
        ...missing.map((what) => ({ code: "unseen.tables", values: { what } })),
      ],
      coveredInterceptions: cleared ? (coverage?.coveredInterceptions ?? 0) : null,
    },
    counts: { grades: counts.grades, claims: [...counts.claims], states: counts.states, data: [...counts.data] },
    network: of.model(cleared).drawing(),
    activity: { from: summary.first, to: summary.last, slices: SLICES },
    exposure: exposed(of, cleared),
  };
}

function points(of: OpenCase, gaps: readonly GapRecord[], cleared: boolean): Point[] {
  // which captures have no volumes would tell in which of them interception passed
  const drawn = cleared || !declaresLawful(of.lookup?.declaration ?? null);
  return (of.document?.captures ?? []).map((c): Point => {
    const declared = of.lookup?.pointFor(c.file);
    const names = new Set([c.point, ...(c.points ?? [])]);
    return {
      name: c.point,
      file: c.file,
      sha256: c.sha256,
      interface: declared?.interface ?? null,
      complete: declared?.complete ?? false,
      packets: c.packets,
      bytes: c.bytes,
      first: c.first,
      last: c.last,
      truncated: c.truncated,
      malformed: c.malformed,
      gaps: gaps.filter((g) => g.point !== null && names.has(g.point)).slice(0, 100),
      activity: drawn ? activityOf(of, c) : null,
    };
  });
}

/** Octets per slice of the case's period; null where the case has no volumes of this capture. */
function activityOf(of: OpenCase, capture: CaptureRecord): number[] | null {
  const { first, last } = of.summary(true);
  const rows = of.tables.volumes.filter((v) => v.file === capture.file);
  if (first === null || last === null || rows.length === 0) return null;
  const from = Date.parse(first);
  const width = Math.max(1, Date.parse(last) - from) / SLICES;
  const [begun, ended] = [Date.parse(capture.first ?? first), Date.parse(capture.last ?? last)];
  const slices = Array.from({ length: SLICES }, () => 0);
  for (const row of rows) {
    // a second is spread over what it covers, so that a short capture is no comb
    // and nothing is drawn before the capture began or after it ended
    const a = (Math.max(row.from, begun) - from) / width;
    const b = (Math.max(Math.min(row.from + row.seconds * 1000, ended), Math.max(row.from, begun) + 1) - from) / width;
    const [begin, end] = [Math.max(0, Math.floor(a)), Math.min(SLICES - 1, Math.ceil(b) - 1)];
    const within = Math.min(b, SLICES) - Math.max(a, 0);
    if (within <= 0) continue;
    for (let k = begin; k <= end; k++) {
      const share = (Math.min(b, k + 1) - Math.max(a, k)) / within;
      slices[k] = (slices[k] as number) + row.bytes * share;
    }
  }
  return slices.map(Math.round);
}

function exposed(of: OpenCase, cleared: boolean): Overview["exposure"] {
  const receivers = new Set<string>();
  let bytes = 0;
  for (const f of of.index.each(cleared)) {
    if (f.data === 0) continue;
    if (f.receiver !== null) receivers.add(f.receiver);
    if ((f.data & 1) === 1) bytes += f.bytes;
  }
  return { subscribers: of.index.people(cleared, 0).total, bytes, receivers: receivers.size };
}
