import { useId } from "react";
import type { Lane, Timeline } from "#serve/api/types.ts";
import { useLanguage, useWords } from "#web/app/language.tsx";
import { useSaid } from "#web/ui/said.tsx";
import { useWidth } from "#web/ui/width.ts";
import { drawings } from "#web/words/drawings.ts";
import { timeTicks } from "./axis.ts";
import "./draw.css";
import { Hatch } from "./hatch.tsx";
import { fitEnd } from "./text.ts";
import { TimeTicks } from "./time-ticks.tsx";

const WIDEST = 1100;
const LABELS = 190;
const LANE = 30;
const AXIS = 24;
const SIZE = 11;
/** Below this width names of lanes stand over them. */
const BESIDE = 560;
const NAME_OVER = 16;

/** Order, effect, what the subscriber did, what was watched: one axis. */
export function TimelineDrawing({ timeline }: { readonly timeline: Timeline }) {
  const words = useWords(drawings);
  const { language } = useLanguage();
  const [frame, across] = useWidth<HTMLDivElement>(WIDEST);
  const titleId = useId();
  const hatchId = useId();
  const [from, to] = [Date.parse(timeline.from), Date.parse(timeline.to)];
  // a little air on both sides, so that what happens at the very edge is seen
  const pad = Math.max(1, (to - from) * 0.015);
  const [start, end] = [from - pad, to + pad];
  const width = Math.min(WIDEST, across);
  const beside = width >= BESIDE;
  const left = beside ? LABELS : 0;
  const laneHeight = beside ? LANE : LANE + NAME_OVER;
  const x = (iso: string) => left + ((Date.parse(iso) - start) / (end - start)) * (width - left);
  const lanes = timeline.lanes;
  const height = AXIS + lanes.length * laneHeight + 6;
  const ticks = timeTicks(start, end, { from: left, to: width, left, right: width, size: SIZE }, language);
  return (
    <div ref={frame}>
      <svg className="drawing time" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={titleId}>
        <title id={titleId}>{words.timeAlt}</title>
        <defs>
          <Hatch id={hatchId} />
        </defs>
        <TimeTicks ticks={ticks} top={AXIS - 6} bottom={height - 6} nameY={12} size={SIZE} />
        {lanes.map((lane, i) => (
          <LaneRow
            key={i}
            lane={lane}
            x={x}
            y={AXIS + i * laneHeight}
            left={left}
            width={width}
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
  left,
  width,
  hatch,
  name,
  first,
}: {
  readonly lane: Lane;
  readonly x: (iso: string) => number;
  readonly y: number;
  /** Where the axis begins; 0 where the lane's name stands over it. */
  readonly left: number;
  readonly width: number;
  readonly hatch: string;
  readonly name: string;
  readonly first: boolean;
}) {
  const words = useWords(drawings);
  const say = useSaid();
  const middle = y + (left > 0 ? 0 : NAME_OVER) + LANE / 2;
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
      {first && <line className="grid" x1={0} x2={width} y1={y} y2={y} />}
      <text x={0} y={left > 0 ? middle + 4 : y + NAME_OVER - 2} className={name.startsWith("s:") ? "mono" : undefined}>
        {fitEnd(name, left > 0 ? left - 12 : width, SIZE, name.startsWith("s:"))}
        <title>{name === words.lanes[lane.kind] ? name : `${words.lanes[lane.kind]}: ${name}`}</title>
      </text>
      {covered !== undefined && (
        <>
          <rect x={left} width={Math.max(0, x(covered.from) - left)} y={middle - 6} height={12} fill={`url(#${hatch})`} />
          <rect x={x(covered.to)} width={Math.max(0, width - x(covered.to))} y={middle - 6} height={12} fill={`url(#${hatch})`} />
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
