import { scrollable } from "#web/ui/scrollable.ts";
import { useId } from "react";
import type { Lane, Timeline } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { useSaid } from "#web/ui/said.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { drawings } from "#web/words/drawings.ts";
import { axisTicks } from "./axis.ts";
import "./draw.css";
import { Hatch } from "./hatch.tsx";
import { short } from "./text.ts";

const WIDTH = 980;
const LABELS = 190;
const LANE = 30;
const AXIS = 24;

/** Order, effect, what the subscriber did, what was watched: one axis. */
export function TimelineDrawing({ timeline }: { readonly timeline: Timeline }) {
  const words = useWords(drawings);
  const q = useQuantities();
  const titleId = useId();
  const hatchId = useId();
  const [from, to] = [Date.parse(timeline.from), Date.parse(timeline.to)];
  // a little air on both sides, so that what happens at the very edge is seen
  const pad = Math.max(1, (to - from) * 0.015);
  const [start, end] = [from - pad, to + pad];
  const x = (iso: string) => LABELS + ((Date.parse(iso) - start) / (end - start)) * (WIDTH - LABELS);
  const lanes = timeline.lanes;
  const height = AXIS + lanes.length * LANE + 6;
  const ticks = axisTicks(start, end, 7);
  const fine = end - start < 10_000;
  return (
    <div className="drawing-scroll" ref={scrollable}>
      <svg className="drawing time" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-labelledby={titleId}>
        <title id={titleId}>{words.timeAlt}</title>
        <defs>
          <Hatch id={hatchId} />
        </defs>
        {ticks.map((t) => {
          const iso = new Date(t).toISOString();
          return (
            <g key={t}>
              <line className="grid" x1={x(iso)} x2={x(iso)} y1={AXIS - 6} y2={height - 6} />
              <text className="t-quiet" x={x(iso)} y={12} textAnchor={x(iso) > WIDTH - 26 ? "end" : "middle"}>
                {fine ? `${q.clock(iso)}${iso.slice(19, 23)}` : q.clock(iso)}
              </text>
            </g>
          );
        })}
        {lanes.map((lane, i) => (
          <LaneRow
            key={i}
            lane={lane}
            x={x}
            y={AXIS + i * LANE}
            hatch={hatchId}
            name={laneName(lane, i, words)}
            first={lanes[i - 1]?.kind !== lane.kind}
          />
        ))}
      </svg>
    </div>
  );
}

/** Frames of the act itself, with or without an effect. */
const EVIDENCE: ReadonlySet<Lane["kind"]> = new Set(["effect", "evidence"]);

export function laneName(lane: Lane, index: number, words: (typeof drawings)["en"]): string {
  if (lane.kind === "order" || lane.kind === "gap" || (EVIDENCE.has(lane.kind) && index === 0)) return words.lanes[lane.kind];
  return lane.label;
}

function LaneRow({
  lane,
  x,
  y,
  hatch,
  name,
  first,
}: {
  readonly lane: Lane;
  readonly x: (iso: string) => number;
  readonly y: number;
  readonly hatch: string;
  readonly name: string;
  readonly first: boolean;
}) {
  const words = useWords(drawings);
  const say = useSaid();
  const middle = y + LANE / 2;
  const most = Math.max(1, ...lane.spans.map((s) => s.bytes ?? 0));
  const bar = (i: number, a: string, b: string, label: string, bytes: number | null) => {
    const [x1, x2] = [x(a), Math.max(x(b), x(a) + 2)];
    const size =
      lane.kind === "effect" && lane.spans.length > 1
        ? 4 + 14 * Math.sqrt((bytes ?? 0) / most)
        : lane.kind === "subscriber"
          ? 8
          : EVIDENCE.has(lane.kind)
            ? 16
            : 12;
    return (
      <rect
        key={i}
        className={`span ${lane.kind}`}
        x={x1}
        y={middle - size / 2}
        width={x2 - x1}
        height={size}
        {...(lane.kind === "gap" ? { fill: `url(#${hatch})` } : {})}
      >
        <title>{label}</title>
      </rect>
    );
  };
  const covered = lane.kind === "coverage" ? lane.spans[0] : undefined;
  return (
    <g>
      {first && <line className="grid" x1={0} x2={WIDTH} y1={y} y2={y} />}
      <text x={0} y={middle + 4} className={name.startsWith("s:") ? "mono" : undefined}>
        {short(name, 28)}
        <title>{name === words.lanes[lane.kind] ? name : `${words.lanes[lane.kind]}: ${name}`}</title>
      </text>
      {covered !== undefined && (
        <>
          <rect x={LABELS} width={Math.max(0, x(covered.from) - LABELS)} y={middle - 6} height={12} fill={`url(#${hatch})`} />
          <rect x={x(covered.to)} width={Math.max(0, WIDTH - x(covered.to))} y={middle - 6} height={12} fill={`url(#${hatch})`} />
        </>
      )}
      {lane.spans.map((s, i) => bar(i, s.from, s.to, s.label, s.bytes))}
      {lane.marks.map((m, i) => (
        <path
          key={i}
          className={`lane-mark ${lane.kind}`}
          d={lane.kind === "order" ? `M${x(m.at)} ${middle + 7}l-5 -13h10z` : `M${x(m.at)} ${middle - 8}v16`}
        >
          <title>{`${say(m.label, m.code, m.values)} ${m.at.slice(11, 23)}`}</title>
        </path>
      ))}
    </g>
  );
}
