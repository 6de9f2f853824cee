/**
 * The arithmetic as a rising step line against the 64-bit threshold: each numbered step a window, a flow or a deduction, deductions
 * downwards; the bounds and the score as marks at its end. The table beneath has the same numbers.
 */
import type { FindingRecord, StepRecord } from "#findings/document.ts";
import { placeOnScale, scaleFor, stepsToShow, THRESHOLD_BITS } from "#findings/shown.ts";
import { tenthOfBits } from "#words/amounts.ts";
import { sentenceOf } from "#words/said.ts";
import type { Voice } from "#report/voice.ts";
import { figure, svg, table } from "./drawing.ts";
import { EMPTY, ml, type Markup } from "./markup.ts";

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
  const shown = stepsToShow(arithmetic);
  const adding = shown.filter((s) => s.kind === "credit" || s.kind === "deduction");
  return {
    steps: adding.map(({ step, total }, i) => ({ number: i + 1, step, from: adding[i - 1]?.total ?? 0, to: total })),
    totals: shown.filter((s) => s.kind === "bound" || s.kind === "score").map((s) => s.step),
  };
}

function draw(f: FindingRecord, all: readonly Step[], totals: readonly StepRecord[], voice: Voice, id: string): Markup {
  const words = voice.words.report.arithmetic;
  const steps = all.slice(0, DRAWN);
  const [width, height, left, right, top, bottom] = [720, 250, 56, 172, 22, 30];
  const scale = scaleFor(f.bits, stepsToShow(f.arithmetic));
  const { high, ticks } = scale;
  const y = (bits: number): number => top + (1 - placeOnScale(scale, bits)) * (height - top - bottom);
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
    ml`<line x1="${left}" x2="${width - right}" y1="${y(THRESHOLD_BITS)}" y2="${y(THRESHOLD_BITS)}" class="threshold" />
      <text x="${width - right - 4}" y="${y(THRESHOLD_BITS) - 5}" class="threshold-label end halo">${words.threshold}</text>`,
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
    scale.kind === "root" ? ml`<text x="0" y="10" class="tick">${words.rootScale}</text>` : EMPTY,
    ml`<circle cx="${x(steps.length)}" cy="${y(end)}" r="3.5" class="fill-ink" />`,
    ...marks.map(
      ({ t, off, at }) =>
        ml`<text x="${width - right + 12}" y="${at + 4}" class="${t.code === "step.score" ? "total strong" : "total"}"
          >${off ? "↑ " : "– "}${labelOf(t, voice)} ${t.code === "step.score" ? voice.number(t.bits) : voice.bits(t.bits)}</text
        >`,
    ),
  ]);
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
