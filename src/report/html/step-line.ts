/**
 * The arithmetic as a rising step line against the 64-bit threshold: each numbered step a window, a flow or a deduction, deductions
 * downwards; the bounds and the score as marks at its end. The table beneath has the same numbers.
 */
import type { FindingRecord, StepRecord } from "#findings/document.ts";
import { tenthOfBits } from "#words/amounts.ts";
import { sentenceOf } from "#words/said.ts";
import type { Voice } from "#report/voice.ts";
import { figure, svg, table } from "./drawing.ts";
import { ml, type Markup } from "./markup.ts";

const THRESHOLD = 64;
/** Rows that state a total of the steps before them, instead of adding to them. */
const TOTALS: ReadonlySet<string | undefined> = new Set(["step.source-bound", "step.hash-bound", "step.score"]);
/** Steps drawn; further ones stand in the table only. */
const DRAWN = 24;

interface Step {
  readonly number: number;
  readonly step: StepRecord;
  readonly from: number;
  readonly to: number;
}

export function stepLine(f: FindingRecord, voice: Voice, id: string): Markup {
  const { arithmetic: words } = voice.words.report;
  const { steps, totals } = split(f.arithmetic);
  const rows = [
    ...steps.map((s) => [
      String(s.number),
      labelOf(s.step, voice),
      voice.signed(tenthOfBits(s.step.bits)),
      voice.bits(s.to),
      reasonOf(s.step, voice),
    ]),
    ...totals.map((t) => ["", labelOf(t, voice), words.bound, voice.bits(t.bits), reasonOf(t, voice)]),
  ];
  const beneath = ml`${table(words.columns, rows, { numeric: [2, 3] })}
    <p class="note">${words.note} ${voice.words.report.sure.notInnocence}</p>`;
  return figure(id, words.title, draw(f, steps, totals, voice, id), beneath);
}

function labelOf({ label, code }: StepRecord, voice: Voice): string {
  return sentenceOf({ text: label, code }, voice.language);
}

function reasonOf({ because, becauseCode, becauseValues }: StepRecord, voice: Voice): string {
  return sentenceOf({ text: because, code: becauseCode, values: becauseValues }, voice.language);
}

function split(arithmetic: readonly StepRecord[]): { steps: Step[]; totals: StepRecord[] } {
  const steps: Step[] = [];
  const totals: StepRecord[] = [];
  let sum = 0;
  for (const step of arithmetic) {
    if (TOTALS.has(step.code)) totals.push(step);
    else {
      steps.push({ number: steps.length + 1, step, from: sum, to: sum + step.bits });
      sum += step.bits;
    }
  }
  return { steps, totals };
}

function draw(f: FindingRecord, all: readonly Step[], totals: readonly StepRecord[], voice: Voice, id: string): Markup {
  const words = voice.words.report.arithmetic;
  const steps = all.slice(0, DRAWN);
  const [width, height, left, right, top, bottom] = [720, 250, 56, 172, 22, 30];
  const highest = Math.max(128, f.bits, ...steps.map((s) => Math.max(s.from, s.to)));
  const lowest = Math.min(0, ...steps.map((s) => Math.min(s.from, s.to)));
  const ticks = nice(lowest, highest);
  const [low, high] = [Math.min(lowest, ticks[0] ?? 0), Math.max(highest, ticks.at(-1) ?? 0)];
  const y = (bits: number): number => top + ((high - bits) / (high - low)) * (height - top - bottom);
  const step = (width - left - right) / Math.max(1, steps.length);
  const x = (i: number): number => left + i * step;
  let path = `M${left} ${y(0).toFixed(1)}`;
  for (const [i, s] of steps.entries()) path += ` H${(x(i) + step * 0.35).toFixed(1)} V${y(s.to).toFixed(1)} H${x(i + 1).toFixed(1)}`;
  const end = steps.at(-1)?.to ?? 0;
  // A bound far above the scale is written at its top, with an arrow, instead of pressing everything else flat.
  const marks = spread(
    totals.map((t) => ({ t, off: t.bits > high, at: Math.max(top, y(Math.min(t.bits, high))) })),
    top,
  );
  return svg(width, height, id, words.alt(voice.number(f.bits)), [
    ...ticks.map(
      (tick) =>
        ml`<line x1="${left}" x2="${width - right}" y1="${y(tick)}" y2="${y(tick)}" class="${tick === 0 ? "axis" : "grid"}" />
          <text x="${left - 8}" y="${y(tick) + 4}" class="tick end">${voice.number(tick)}</text>`,
    ),
    ml`<line x1="${left}" x2="${width - right}" y1="${y(THRESHOLD)}" y2="${y(THRESHOLD)}" class="threshold" />
      <text x="${width - right - 4}" y="${y(THRESHOLD) - 5}" class="threshold-label end halo">${words.threshold}</text>`,
    ml`<path d="${path}" class="step-line" />`,
    ...steps.map((s, i) => {
      const down = s.step.bits < 0;
      const at = x(i) + step * 0.35;
      return ml`<line x1="${at}" x2="${at}" y1="${y(s.from)}" y2="${y(s.to)}" class="${down ? "step-down" : "step-up"}" />
        <text x="${at + 5}" y="${down ? Math.max(y(s.from), y(s.to)) + 12 : y(s.to) - 6}" class="step-bits halo"
          >${voice.signed(tenthOfBits(s.step.bits))}</text
        >
        <text x="${at}" y="${height - 8}" class="step-number middle">${s.number}</text>`;
    }),
    ml`<circle cx="${x(steps.length)}" cy="${y(end)}" r="3.5" class="fill-ink" />`,
    ...marks.map(
      ({ t, off, at }) =>
        ml`<text x="${width - right + 12}" y="${at + 4}" class="${t.code === "step.score" ? "total strong" : "total"}"
          >${off ? "↑ " : "– "}${labelOf(t, voice)} ${t.code === "step.score" ? voice.number(t.bits) : voice.bits(t.bits)}</text
        >`,
    ),
  ]);
}

/** Round numbers within bounds, at most seven. */
export function nice(low: number, high: number): number[] {
  const raw = (high - low) / 5;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * unit).find((s) => s >= raw) ?? raw;
  const ticks: number[] = [];
  for (let t = Math.ceil(low / step) * step; t <= high + step * 0.01; t += step) ticks.push(Math.round(t));
  return ticks;
}

/** Labels apart by at least one line, the first as high as it may be. */
function spread<T extends { readonly at: number }>(labels: readonly T[], top: number): T[] {
  const sorted = [...labels].sort((a, b) => a.at - b.at);
  let free = top;
  return sorted.map((label) => {
    const at = Math.max(label.at, free);
    free = at + 15;
    return { ...label, at };
  });
}
