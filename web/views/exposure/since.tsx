import { useId } from "react";
import type { Exposure } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { axisTicks } from "#web/draw/axis.ts";
import "#web/draw/draw.css";
import { useQuantities } from "#web/ui/quantity.ts";
import { exposure as words_ } from "#web/words/exposure.ts";

const WIDTH = 860;
const HEIGHT = 120;
const PAD = { left: 60, bottom: 20, top: 8 } as const;
const DAY = 86_400_000;

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
    <div className="drawing-scroll">
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
