import { useId, useState } from "react";
import type { Proof } from "#serve/api/types.ts";
import { useWords } from "#web/app/language.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { drawings } from "#web/words/drawings.ts";
import "./draw.css";
import { wrapTo } from "./text.ts";
import { useSaid } from "#web/ui/said.tsx";
import { useWidth } from "#web/ui/width.ts";

const WIDEST = 1000;
const HEIGHT = 300;
const PAD = { left: 44, right: 96, top: 18, bottom: 62 } as const;
const SIZE = 11;
/** Pixels below which a step bears its number in the table instead of its words. */
const WORDS = 84;
/** Bits as a rising step line against the threshold; deductions go down. */
export function ProofDrawing({ proof }: { readonly proof: Proof }) {
  const words = useWords(drawings);
  const q = useQuantities();
  const say = useSaid();
  const titleId = useId();
  const [frame, across] = useWidth<HTMLDivElement>(WIDEST);
  const width = Math.min(WIDEST, across);
  const [looked, setLooked] = useState<number | null>(null);
  const steps = proof.steps.filter((s) => s.kind === "credit" || s.kind === "deduction");
  const { ticks, high: top } = proof.scale;
  const linear = proof.scale.kind === "linear";
  const bend = (v: number) => (linear ? v : Math.sign(v) * Math.sqrt(Math.abs(v)));
  const [low, high] = [bend(proof.scale.low), bend(top)];
  const y = (v: number) => PAD.top + (1 - (bend(v) - low) / (high - low)) * (HEIGHT - PAD.top - PAD.bottom);
  const room = (width - PAD.left - PAD.right) / Math.max(1, steps.length);
  const x = (i: number) => PAD.left + room * i;
  const bounds = proof.steps.filter((s) => s.kind === "bound" && s.bits <= top * 1.02 && Math.abs(s.bits - (steps.at(-1)?.total ?? 0)) > 1);
  const end = x(steps.length);
  return (
    <div ref={frame}>
      <svg
        className="drawing proof"
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="group"
        aria-labelledby={titleId}
      >
        <title id={titleId}>{words.proofAlt(q.count(proof.bits), steps.length)}</title>
        {ticks.map((t) => (
          <g key={t}>
            <line className="grid" x1={PAD.left} x2={end} y1={y(t)} y2={y(t)} />
            <text className="t-quiet" x={PAD.left - 8} y={y(t) + 3.5} textAnchor="end">
              {q.count(t)}
            </text>
          </g>
        ))}
        <line className="threshold" x1={PAD.left} x2={end + 8} y1={y(proof.threshold)} y2={y(proof.threshold)} />
        <text x={end + 12} y={y(proof.threshold) + 4} fontWeight="600">
          {words.threshold}
        </text>
        {bounds.map((b) => (
          <g key={b.label}>
            <line className="bound" x1={PAD.left} x2={end} y1={y(b.bits)} y2={y(b.bits)} />
            <text className="t-quiet halo" x={PAD.left + 6} y={y(b.bits) - 4}>
              {say(b.label, b.code)} {q.bits(b.bits)}
            </text>
          </g>
        ))}
        {steps.map((step, i) => {
          const before = i === 0 ? 0 : (steps[i - 1]?.total ?? 0);
          const up = step.total >= before;
          const middle = x(i) + room / 2;
          const seen = looked === null || looked === i;
          return (
            <g
              key={`${step.label}${i}`}
              className={seen ? "proof-step" : "proof-step faded"}
              tabIndex={0}
              role="img"
              aria-label={`${say(step.label, step.code)}: ${q.bits(step.bits)} ${words.bits}. ${say(step.because, step.becauseCode, step.becauseValues)}`}
              onMouseEnter={() => setLooked(i)}
              onMouseLeave={() => setLooked(null)}
              onFocus={() => setLooked(i)}
              onBlur={() => setLooked(null)}
            >
              <rect className="hit" x={x(i)} y={PAD.top} width={room} height={HEIGHT - PAD.top} />
              <line className="proof-run" x1={i === 0 ? x(0) : x(i - 1) + room / 2} x2={middle} y1={y(before)} y2={y(before)} />
              <line className={up ? "proof-up" : "proof-down"} x1={middle} x2={middle} y1={y(before)} y2={y(step.total)} />
              <path className="proof-tip" d={arrow(middle, y(step.total), up)} />
              <text className="halo" x={middle + 8} y={amountY(y(before), y(step.total), y(proof.threshold))}>
                {step.bits > 0 ? "+" : "−"}
                {q.bits(Math.abs(step.bits))}
              </text>
              {(room < WORDS ? [`${i + 1}`] : wrapTo(say(step.label, step.code), room - 8, SIZE, 3)).map((part, k) => (
                <text key={k} className={seen ? undefined : "t-quiet"} x={middle} y={HEIGHT - PAD.bottom + 20 + k * 13} textAnchor="middle">
                  {part}
                </text>
              ))}
            </g>
          );
        })}
        {steps.length > 0 && (
          <>
            <line
              className="proof-run"
              x1={x(steps.length - 1) + room / 2}
              x2={end}
              y1={y(steps.at(-1)?.total ?? 0)}
              y2={y(steps.at(-1)?.total ?? 0)}
            />
            <circle className="proof-end" cx={end} cy={y(proof.bits)} r="4" />
            <text className="proof-score" x={end + 12} y={y(proof.bits) + 5}>
              {q.count(proof.bits)} {words.bits}
            </text>
          </>
        )}
        {!linear && (
          <text className="t-quiet" x={PAD.left - 8} y={10} fontSize="9.5">
            {words.sqrt}
          </text>
        )}
      </svg>
    </div>
  );
}

/** Beside the riser, clear of the threshold; above the line where the riser is shorter than the figures are high. */
function amountY(from: number, to: number, threshold: number): number {
  if (Math.abs(from - to) < 18) return Math.min(from, to) - 7;
  const middle = (from + to) / 2 + 4;
  return Math.abs(middle - 4 - threshold) > 12 ? middle : threshold - 12;
}

function arrow(x: number, y: number, up: boolean): string {
  const d = up ? 6 : -6;
  return `M${x} ${y}l-3.6 ${d}h7.2z`;
}
