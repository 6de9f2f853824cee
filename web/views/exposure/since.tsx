import { scrollable } from "#web/ui/scrollable.ts";
import { useId } from "react";
import type { Exposure } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { axisTicks } from "#web/draw/axis.ts";
import "#web/draw/draw.css";
import { short } from "#web/draw/text.ts";
import { useQuantities } from "#web/ui/quantity.ts";
import { exposure as words_ } from "#web/words/exposure.ts";

const WIDTH = 860;
const HEIGHT = 120;
const PAD = { left: 60, bottom: 20, top: 8 } as const;
const DAY = 86_400_000;

/** Receivers drawn one by one where only their periods are known. */
const PERIODS = 14;
const PERIOD_ROW = 22;

/** From when until when each receiver got data: all that is known where volumes over time were not kept. */
export function Periods({ exposure }: { readonly exposure: Exposure }) {
  const words = useWords(words_);
  const q = useQuantities();
  const titleId = useId();
  const shown = exposure.receivers.toSorted((a, b) => (a.first < b.first ? -1 : 1)).slice(0, PERIODS);
  const starts = shown.map((r) => Date.parse(r.first));
  const ends = shown.map((r) => Date.parse(r.last));
  const pad = Math.max(500, (Math.max(...ends) - Math.min(...starts)) * 0.02);
  const [start, end] = [Math.min(...starts) - pad, Math.max(...ends) + pad];
  const left = 190;
  const x = (t: number) => left + ((t - start) / (end - start)) * (WIDTH - left - 70);
  const height = shown.length * PERIOD_ROW + 26;
  const most = Math.max(1, ...shown.map((r) => r.bytes));
  const long = end - start > 2 * DAY;
  return (
    <div className="drawing-scroll" ref={scrollable}>
      <svg className="drawing since" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-labelledby={titleId}>
        <title id={titleId}>{words.when}</title>
        {axisTicks(start, end, 5).map((t) => (
          <g key={t}>
            <line className="grid" x1={x(t)} x2={x(t)} y1={0} y2={height - 20} />
            <text className="t-quiet" x={x(t)} y={height - 5} textAnchor="middle">
              {long ? q.day(new Date(t).toISOString()) : q.clock(new Date(t).toISOString())}
            </text>
          </g>
        ))}
        {shown.map((r, i) => {
          const middle = i * PERIOD_ROW + PERIOD_ROW / 2;
          const thick = 3 + 11 * Math.sqrt(r.bytes / most);
          const [a, b] = [x(Date.parse(r.first)), Math.max(x(Date.parse(r.last)), x(Date.parse(r.first)) + 3)];
          return (
            <g key={r.key}>
              <text className="mono" x={0} y={middle + 4}>
                {short(r.name ?? r.identity ?? r.address ?? r.key, 28)}
              </text>
              <rect className="bar" x={a} width={b - a} y={middle - thick / 2} height={thick}>
                <title>{q.period(r.first, r.last)}</title>
              </rect>
              <text className="t-quiet" x={b + 6} y={middle + 4}>
                {r.bytes > 0 ? q.bytes(r.bytes) : ""}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** Volume over time, as bars; the table of receivers says the same in sums. */
export function SinceWhen({ overTime }: { readonly overTime: Exposure["overTime"] }) {
  const words = useWords(words_);
  const q = useQuantities();
  const titleId = useId();
  const { slices, from, to } = overTime;
  if (from === null || to === null || slices.length === 0) return null;
  const [start, end] = [Date.parse(from), Math.max(Date.parse(to), Date.parse(from) + 1)];
  const most = Math.max(1, ...slices.map((s) => s.bytes));
  const x = (t: number) => PAD.left + ((t - start) / (end - start)) * (WIDTH - PAD.left);
  const room = HEIGHT - PAD.bottom - PAD.top;
  const width = Math.max(1, (WIDTH - PAD.left) / slices.length - 1);
  const long = end - start > 2 * DAY;
  return (
    <div className="drawing-scroll" ref={scrollable}>
      <svg className="drawing since" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={titleId}>
        <title id={titleId}>{`${words.when}: ${q.period(from, to)}`}</title>
        <line className="axis" x1={PAD.left} x2={WIDTH} y1={HEIGHT - PAD.bottom} y2={HEIGHT - PAD.bottom} />
        <line className="grid" x1={PAD.left} x2={WIDTH} y1={PAD.top} y2={PAD.top} />
        <text className="t-quiet" x={PAD.left - 8} y={PAD.top + 4} textAnchor="end">
          {q.bytes(most)}
        </text>
        <text className="t-quiet" x={PAD.left - 8} y={HEIGHT - PAD.bottom + 3} textAnchor="end">
          0
        </text>
        {slices.map((s) => {
          const height = (s.bytes / most) * room;
          return (
            <rect key={s.from} className="bar" x={x(Date.parse(s.from))} y={HEIGHT - PAD.bottom - height} width={width} height={height}>
              <title>{`${q.time(s.from)}: ${q.bytes(s.bytes)}`}</title>
            </rect>
          );
        })}
        {axisTicks(start, end, 6).map((t) => (
          <text key={t} className="t-quiet" x={Math.min(WIDTH - 26, Math.max(PAD.left + 26, x(t)))} y={HEIGHT - 5} textAnchor="middle">
            {long ? q.day(new Date(t).toISOString()) : q.clock(new Date(t).toISOString())}
          </text>
        ))}
      </svg>
    </div>
  );
}
