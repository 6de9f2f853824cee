/** The drawing: a bar a permission, what was seen on it, what nothing covers below. */
import type { Register } from "#serve/api/types.ts";
import { useLanguage, useWords } from "#web/app/language.tsx";
import { timeTicks } from "#web/draw/axis.ts";
import { fitEnd } from "#web/draw/text.ts";
import { TimeTicks } from "#web/draw/time-ticks.tsx";
import { useWidth } from "#web/ui/width.ts";
import { register as words_ } from "#web/words/register.ts";
import "#web/draw/draw.css";

const WIDEST = 1100;
const LABEL = 190;
/** Below this width labels stand over their bars. */
const BESIDE = 560;
const LABEL_OVER = 15;
const SIZE = 11;
const ROW = 26;
const TOP = 34;
/** Rows drawn; the tables have all. */
const MOST = 60;
/** A mark that would be too thin to see. */
const LEAST = 3;

interface Bar {
  readonly label: string;
  readonly kind: "warrant" | "grant" | "uncovered";
  readonly from: number;
  readonly to: number;
  readonly seen: readonly { readonly from: number; readonly to: number }[];
}

const at = (time: string | null, otherwise: number): number => (time === null ? otherwise : Date.parse(time));

export function Axis({ data, whole }: { readonly data: Register; readonly whole: boolean }) {
  const words = useWords(words_);
  const { language } = useLanguage();
  const [frame, across] = useWidth<HTMLDivElement>(WIDEST);
  const width = Math.min(WIDEST, across);
  const beside = width >= BESIDE;
  const left = beside ? LABEL : 0;
  const row = beside ? ROW : ROW + LABEL_OVER;
  const first = at(data.period.from, Date.now());
  const last = Math.max(first + 1000, at(data.period.to, first));
  const bars: Bar[] = [
    ...(data.warrants ?? []).map((w): Bar => ({
      label: w.id,
      kind: "warrant",
      from: at(w.period.from, -Infinity),
      to: at(w.period.to, Infinity),
      seen: [],
    })),
    ...data.grants.map((g): Bar => ({
      label: `${g.party}: ${g.protocols.join(", ")}`,
      kind: "grant",
      from: at(g.period.from, -Infinity),
      to: at(g.period.to, Infinity),
      seen: g.used.map((u) => ({ from: Date.parse(u.from), to: Date.parse(u.to) })),
    })),
    ...data.uncovered.map((u): Bar => ({
      label: u.element ?? u.claim,
      kind: "uncovered",
      from: Date.parse(u.from),
      to: Date.parse(u.to),
      seen: [],
    })),
  ].slice(0, MOST);
  if (bars.length === 0) return null;
  const finite = bars.flatMap((b) => [b.from, b.to]).filter(Number.isFinite);
  const [low, high] = whole ? [Math.min(first, ...finite), Math.max(last, ...finite)] : [first, last];
  const x = (time: number): number => left + ((Math.min(high, Math.max(low, time)) - low) / (high - low)) * (width - left - 12);
  const height = TOP + bars.length * row + 10;
  const red = bars.filter((b) => b.kind === "uncovered").length;
  const ticks = timeTicks(low, high, { from: left, to: width - 12, left, right: width, size: SIZE }, language);
  return (
    <div ref={frame}>
      <svg
        className="drawing register-drawing"
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={words.drawingAlt(bars.length - red, red)}
      >
        {whole && (
          <rect className="reg-captured" x={x(first)} y={TOP - 8} width={Math.max(2, x(last) - x(first))} height={height - TOP + 4} />
        )}
        <TimeTicks ticks={ticks} top={TOP - 8} bottom={height - 6} nameY={16} size={SIZE} />
        {bars.map((bar, i) => {
          const y = TOP + i * row + (beside ? 0 : LABEL_OVER);
          const long = Math.max(LEAST, x(bar.to) - x(bar.from));
          return (
            <g key={i}>
              <text x={0} y={beside ? y + 12 : y - 3} fontSize={SIZE}>
                {fitEnd(bar.label, beside ? LABEL - 10 : width, SIZE)}
              </text>
              <rect className={`reg-bar ${bar.kind}`} x={x(bar.from)} y={y + 2} width={long} height={13} />
              {bar.seen.map((s, k) => (
                <rect key={k} className="reg-seen" x={x(s.from)} y={y + 5} width={Math.max(LEAST, x(s.to) - x(s.from))} height={7} />
              ))}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
