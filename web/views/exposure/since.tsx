import { useId } from "react";
import type { Exposure } from "#serve/api/types.ts";
import { useLanguage, useWords } from "#web/app/language.tsx";
import { timeTicks } from "#web/draw/axis.ts";
import "#web/draw/draw.css";
import { fitMiddle } from "#web/draw/text.ts";
import { TimeTicks } from "#web/draw/time-ticks.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { useWidth } from "#web/ui/width.ts";
import { exposure as words_ } from "#web/words/exposure.ts";

const WIDEST = 900;
const SIZE = 11;
const HEIGHT = 120;
const PAD = { left: 60, bottom: 20, top: 8 } as const;

/** Receivers drawn one by one where only their periods are known. */
const PERIODS = 14;
const PERIOD_ROW = 22;
/** Pixels of a receiver's name, and of the volume behind its bar. */
const NAME = 180;
const VOLUME = 72;
/** Below this width names stand over their bars. */
const BESIDE = 560;
const NAME_OVER = 14;

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
  const { language } = useLanguage();
  const [frame, across] = useWidth<HTMLDivElement>(WIDEST);
  const width = Math.min(WIDEST, across);
  const beside = width >= BESIDE;
  const left = beside ? NAME + 10 : 0;
  const row = beside ? PERIOD_ROW : PERIOD_ROW + NAME_OVER;
  const x = (t: number) => left + ((t - start) / (end - start)) * (width - left - VOLUME);
  const height = shown.length * row + 26;
  const ticks = timeTicks(start, end, { from: left, to: width - VOLUME, left, right: width, size: SIZE }, language);
  const most = Math.max(1, ...shown.map((r) => r.bytes));
  return (
    <div ref={frame}>
      <svg className="drawing since" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-labelledby={titleId}>
        <title id={titleId}>{words.when}</title>
        <TimeTicks ticks={ticks} top={0} bottom={height - 20} nameY={height - 5} size={SIZE} />
        {shown.map((r, i) => {
          const middle = i * row + row - PERIOD_ROW / 2;
          const thick = 3 + 11 * Math.sqrt(r.bytes / most);
          const [a, b] = [x(Date.parse(r.first)), Math.max(x(Date.parse(r.last)), x(Date.parse(r.first)) + 3)];
          return (
            <g key={r.key}>
              <text className="mono" x={0} y={beside ? middle + 4 : middle - 12}>
                {fitMiddle(r.name ?? r.identity ?? r.address ?? r.key, beside ? NAME : width, SIZE, true)}
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
  const { language } = useLanguage();
  const [frame, across] = useWidth<HTMLDivElement>(WIDEST);
  const width = Math.min(WIDEST, across);
  const { slices, from, to } = overTime;
  if (from === null || to === null || slices.length === 0) return null;
  const [start, end] = [Date.parse(from), Math.max(Date.parse(to), Date.parse(from) + 1)];
  const most = Math.max(1, ...slices.map((s) => s.bytes));
  const x = (t: number) => PAD.left + ((t - start) / (end - start)) * (width - PAD.left);
  const room = HEIGHT - PAD.bottom - PAD.top;
  const barWidth = Math.max(1, (width - PAD.left) / slices.length - 1);
  return (
    <div ref={frame}>
      <svg className="drawing since" width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-labelledby={titleId}>
        <title id={titleId}>{`${words.when}: ${q.period(from, to)}`}</title>
        <line className="axis" x1={PAD.left} x2={width} y1={HEIGHT - PAD.bottom} y2={HEIGHT - PAD.bottom} />
        <line className="grid" x1={PAD.left} x2={width} y1={PAD.top} y2={PAD.top} />
        <text className="t-quiet" x={PAD.left - 8} y={PAD.top + 4} textAnchor="end">
          {q.bytes(most)}
        </text>
        <text className="t-quiet" x={PAD.left - 8} y={HEIGHT - PAD.bottom + 3} textAnchor="end">
          0
        </text>
        {slices.map((s) => {
          const height = (s.bytes / most) * room;
          return (
            <rect key={s.from} className="bar" x={x(Date.parse(s.from))} y={HEIGHT - PAD.bottom - height} width={barWidth} height={height}>
              <title>{`${q.time(s.from)}: ${q.bytes(s.bytes)}`}</title>
            </rect>
          );
        })}
        <TimeTicks
          ticks={timeTicks(start, end, { from: PAD.left, to: width, left: PAD.left, right: width, size: SIZE }, language)}
          top={0}
          bottom={0}
          nameY={HEIGHT - 5}
          size={SIZE}
        />
      </svg>
    </div>
  );
}
