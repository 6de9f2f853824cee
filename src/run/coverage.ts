import type { GapRecord } from "#findings/document.ts";
import type { CaptureReader } from "#capture/reader.ts";
import type { PointInfo } from "#model/point.ts";
import { whyRecord } from "#findings/said.ts";
import type { Gap } from "#model/observation.ts";
import { state, type Statement } from "#model/statement.ts";
import { microsToRfc3339, toRfc3339 } from "#model/time.ts";
import type { Knowledge } from "#model/knowledge.ts";
import type { Pipeline } from "./pipeline.ts";

/** What was not seen, line by line: gaps of the captures, and what the decoders met and could not read. */
export function gapsOf(
  readers: readonly CaptureReader[],
  sensed: readonly SenseGap[],
  knowledge: Knowledge,
  points: readonly PointInfo[],
  others: readonly Gap[],
): GapRecord[] {
  const gaps: GapRecord[] = [];
  for (const reader of readers) {
    for (const gap of reader.stats.gaps) {
      gaps.push({
        kind: gap.kind,
        point: gap.point < 0 ? reader.file : (points[gap.point]?.name ?? reader.file),
        from: gap.from === null ? null : toRfc3339(gap.from),
        to: gap.to === null ? null : toRfc3339(gap.to),
        count: gap.count,
        ...whyRecord(gap.why),
      });
    }
    const cut = reader.stats.truncated;
    if (cut > 0)
      gaps.push({
        kind: "cut-frames",
        point: reader.file,
        from: null,
        to: null,
        count: cut,
        ...whyRecord(state("gap.cut-frames")),
      });
  }
  for (const gap of others) {
    gaps.push({
      kind: gap.kind,
      point: gap.point < 0 ? null : (points[gap.point]?.name ?? null),
      from: Number.isFinite(gap.fromMicros) ? microsToRfc3339(gap.fromMicros) : null,
      to: Number.isFinite(gap.toMicros) ? microsToRfc3339(gap.toMicros) : null,
      count: gap.count,
      ...whyRecord(gap.why),
    });
  }
  const { identitiesForgotten, tunnelEndsForgotten } = knowledge.counts();
  const joined: SenseGap[] = [
    { kind: "limit", count: identitiesForgotten, why: state("gap.identities-forgotten") },
    { kind: "limit", count: tunnelEndsForgotten, why: state("gap.tunnel-ends-forgotten") },
  ];
  for (const { kind, count, why } of [...sensed, ...joined])
    if (count > 0) gaps.push({ kind, point: null, from: null, to: null, count, ...whyRecord(why) });
  return gaps;
}

/** Something that a point met and could not read, or that a limit left out. */
export interface SenseGap {
  readonly kind: string;
  readonly count: number;
  readonly why: Statement;
}

export function senseGaps(pipeline: Pipeline): SenseGap[] {
  const gaps: SenseGap[] = [];
  const add = (kind: string, count: number, why: Statement): void => {
    if (count > 0) gaps.push({ kind, count, why });
  };
  const { counters } = pipeline.stack;
  for (const [what, count] of sorted(counters.encrypted)) add("encrypted", count, state("gap.encrypted", { what }));
  for (const [what, count] of sorted(counters.unsupported)) add("not-decoded", count, state("gap.not-decoded", { what }));
  for (const [what, count] of sorted(counters.faults)) add("undecoded", count, state("gap.fault", { what }));
  const { stack } = pipeline;
  add("refused", stack.receiver?.refused ?? 0, state("gap.checksum-refused"));
  add("doubtful", stack.receiver?.doubtful ?? 0, state("gap.checksum-doubtful"));
  add("contradiction", stack.sctp.counters.contradicted, state("gap.contradiction-sctp"));
  add("contradiction", stack.tcp.counters.contradicted, state("gap.contradiction-tcp"));
  add("contradiction", stack.tcp.counters.reopened, state("gap.contradiction-reopened"));
  add("contradiction", pipeline.fragments.stats.conflicts, state("gap.contradiction-fragments"));
  add("undecoded", pipeline.fragments.stats.incomplete, state("gap.fragments-incomplete"));
  add("undecoded", pipeline.fragments.stats.unusable, state("gap.fragments-unusable"));
  add("limit", pipeline.flows4.evicted + pipeline.flows6.evicted, state("gap.flows-forgotten"));
  add("limit", pipeline.tunnels.evicted, state("gap.tunnels-forgotten"));
  add("limit", stack.tcp.counters.evicted + stack.sctp.counters.evicted, state("gap.streams-forgotten"));
  add("limit", pipeline.channels.unmeasured, state("gap.channels-unmeasured"));
  add("limit", pipeline.frameBudget.refused, state("gap.frames-refused"));
  return gaps;
}

/** What this run could not have seen: a statement without findings is worth what was watched. */
export function notSeen(knowledge: Knowledge, points: readonly PointInfo[], copies: readonly Statement[]): Statement[] {
  const names = new Set([...knowledge.references()].map((reference) => reference.name));
  const lines: Statement[] = [];
  if (points.length === 0) lines.push(state("unseen.no-packet"));
  if (!names.has("S1-MME")) lines.push(state("unseen.no-s1ap"));
  if (!names.has("S11") && !names.has("S5/S8-C") && !names.has("Sx/N4") && !names.has("Gn/Gp")) {
    lines.push(state("unseen.no-session-signalling"));
  }
  if (!names.has("S6a")) lines.push(state("unseen.no-s6a"));
  lines.push(...copies);
  return lines;
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
