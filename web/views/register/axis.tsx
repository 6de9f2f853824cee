/** The drawing: a bar a permission, what was seen on it, what nothing covers below. */
import { scrollable } from "#web/ui/scrollable.ts";
import type { Register } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { register as words_ } from "#web/words/register.ts";
import "#web/draw/draw.css";

const WIDTH = 900;
const LABEL = 190;
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
  const q = useQuantities();
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
  const x = (time: number): number => LABEL + ((Math.min(high, Math.max(low, time)) - low) / (high - low)) * (WIDTH - LABEL - 12);
  const height = TOP + bars.length * ROW + 10;
  const red = bars.filter((b) => b.kind === "uncovered").length;
  const day = high - low > 2 * 86_400_000;
  const tick = (time: number): string => (day ? q.day(new Date(time).toISOString()) : q.clock(new Date(time).toISOString()));
  return (
    <div className="scroll-x" ref={scrollable}>
      <svg
        className="drawing register-drawing"
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="img"
        aria-label={words.drawingAlt(bars.length - red, red)}
      >
        {whole && (
          <rect className="reg-captured" x={x(first)} y={TOP - 8} width={Math.max(2, x(last) - x(first))} height={height - TOP + 4} />
        )}
        {[0, 0.25, 0.5, 0.75, 1].map((share) => {
          const time = low + share * (high - low);
          return (
            <g key={share}>
              <line className="reg-tick" x1={x(time)} x2={x(time)} y1={TOP - 8} y2={height - 6} />
              <text
                className="t-quiet"
                x={x(time)}
                y={16}
                fontSize="10.5"
                textAnchor={share === 0 ? "start" : share === 1 ? "end" : "middle"}
              >
                {tick(time)}
              </text>
            </g>
          );
        })}
        {bars.map((bar, i) => {
          const y = TOP + i * ROW;
          const width = Math.max(LEAST, x(bar.to) - x(bar.from));
          return (
            <g key={i}>
              <text x={0} y={y + 12} fontSize="11">
                {bar.label.length > 30 ? `${bar.label.slice(0, 29)}…` : bar.label}
              </text>
              <rect className={`reg-bar ${bar.kind}`} x={x(bar.from)} y={y + 2} width={width} height={13} />
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
