import type { GapRecord } from "#findings/document.ts";
import type { CaptureReader } from "#capture/reader.ts";
import type { PointInfo } from "#detect/detector.ts";
import type { Gap } from "#model/observation.ts";
import { microsToRfc3339, toRfc3339 } from "#model/time.ts";
import type { Pipeline } from "./pipeline.ts";

/** What was not seen, line by line: gaps of the captures, and what the decoders met and could not read. */
export function gapsOf(
  readers: readonly CaptureReader[],
  pipeline: Pipeline,
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
        why: gap.why,
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
        why: "frames cut by the snap length, or the file ends inside a frame",
      });
  }
  for (const gap of others) {
    gaps.push({
      kind: gap.kind,
      point: gap.point < 0 ? null : (points[gap.point]?.name ?? null),
      from: Number.isFinite(gap.fromMicros) ? microsToRfc3339(gap.fromMicros) : null,
      to: Number.isFinite(gap.toMicros) ? microsToRfc3339(gap.toMicros) : null,
      count: gap.count,
      why: gap.why,
    });
  }
  const { counters } = pipeline.stack;
  const add = (kind: string, count: number, why: string): void => {
    if (count > 0) gaps.push({ kind, point: null, from: null, to: null, count, why });
  };
  for (const [what, count] of sorted(counters.encrypted)) add("encrypted", count, `${what}: recognised, cannot be read`);
  for (const [what, count] of sorted(counters.unsupported)) add("not-decoded", count, `${what}: recognised, not decoded by this version`);
  for (const [what, count] of sorted(counters.faults)) add("undecoded", count, what);
  const { tracker, stack } = pipeline;
  add(
    "refused",
    stack.receiver?.refused ?? 0,
    "packets with a wrong checksum from senders whose others are right: their receivers threw them away, and they were not read",
  );
  add(
    "doubtful",
    stack.receiver?.doubtful ?? 0,
    "packets whose checksum was not right though others of their senders were: read as streams of their own",
  );
  add("contradiction", stack.sctp.counters.contradicted, "SCTP chunks with a number that another chunk had: both were read");
  add(
    "contradiction",
    stack.tcp.counters.contradicted,
    "TCP segments that claim places where other octets were read, or begin or go on elsewhere: both were read",
  );
  add("contradiction", stack.tcp.counters.reopened, "TCP streams that went on after their end or reset");
  add(
    "contradiction",
    pipeline.fragments.stats.conflicts,
    "IP fragments that claim places where others were: each datagram with a right checksum was read",
  );
  add("undecoded", pipeline.fragments.stats.incomplete, "IP datagrams whose fragments were not all seen");
  add("undecoded", pipeline.fragments.stats.unusable, "IP fragments that break their rules, or were cut by the capture");
  add("limit", pipeline.flows4.evicted + pipeline.flows6.evicted, "flows forgotten early because too many were open");
  add("limit", pipeline.flows4.unlooked + pipeline.flows6.unlooked, "conversations only counted because too many were open");
  add("limit", tracker.subscribers.forgotten, "identities forgotten because too many were known");
  add("limit", tracker.tunnelEnds.forgotten, "tunnel ends forgotten because too many were known");
  add(
    "limit",
    tracker.channels.unmeasured,
    "packets with octets where none belong that were not measured because too many senders had such",
  );
  add("limit", tracker.frames.refused, "frames not listed because the frame budget was used up");
  return gaps;
}

/** What this run could not have seen, in sentences: a statement without findings is worth what was watched. */
export function notSeen(pipeline: Pipeline, points: readonly PointInfo[], copies: readonly string[]): string[] {
  const { tracker } = pipeline;
  const names = new Set([...tracker.elements.allReferences].map((reference) => reference.name));
  const lines: string[] = [];
  if (points.length === 0) lines.push("No packet was read.");
  if (!names.has("S1-MME"))
    lines.push("No S1AP was seen: tunnels of the radio access cannot be told from ghosts, NAS security not judged.");
  if (!names.has("S11") && !names.has("S5/S8-C") && !names.has("Sx/N4") && !names.has("Gn/Gp")) {
    lines.push("No session signalling of the core (S11, S5/S8, Sx/N4, Gn) was seen.");
  }
  if (!names.has("S6a")) lines.push("No S6a was seen: queries about subscribers at the HSS are not judged.");
  lines.push(...copies);
  return lines;
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
