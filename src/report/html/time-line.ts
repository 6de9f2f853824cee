/** One shared axis: what was watched at each point, what subscribers did, when the acts were seen. Hatched where nothing was watched. */
import type { CaseData } from "#report/case-data.ts";
import { elementName, receiverName, type Selection } from "#report/selection.ts";
import { onlyOrdered } from "#report/statements.ts";
import type { Voice } from "#report/voice.ts";
import { clip, figure, svg, table } from "./drawing.ts";
import { EMPTY, ml, type Markup } from "./markup.ts";

interface Bar {
  readonly from: number;
  readonly to: number;
}
interface Row {
  readonly label: string;
  readonly kind: "coverage" | "activity" | "act" | "order";
  readonly bars: readonly Bar[];
  readonly gaps: readonly Bar[];
  readonly what: string;
}

const WIDTH = 720;
const LEFT = 168;
const ROW = 22;
/** Rows drawn; the table has them all. */
const ROWS = 40;

export function timeLine(data: CaseData, selection: Selection, voice: Voice, id: string): Markup {
  const words = voice.words.report.time;
  const rows = rowsOf(data, selection, voice);
  const all = rows.flatMap((r) => [...r.bars, ...r.gaps]);
  if (all.length === 0) return EMPTY;
  const from = all.reduce((t, b) => Math.min(t, b.from), Infinity);
  const to = Math.max(
    from + 1,
    all.reduce((t, b) => Math.max(t, b.to), -Infinity),
  );
  const margin = (to - from) * 0.01;
  const spans = rows.flatMap((r) => [
    ...r.bars.map((b) => [r.label, clock(b.from), clock(b.to), r.what]),
    ...r.gaps.map((b) => [r.label, clock(b.from), clock(b.to), words.gap]),
  ]);
  return figure(
    id,
    words.title,
    draw(rows.slice(0, ROWS), from - margin, to + margin, voice, id),
    table(words.columns, spans, { mono: [1, 2], kind: "small" }),
  );
}

function rowsOf(data: CaseData, selection: Selection, voice: Voice): Row[] {
  const words = voice.words.report.time;
  const rows: Row[] = [];
  const { captures, coverage } = data.document;
  for (const c of captures) {
    if (c.first === null || c.last === null) continue;
    const gaps = coverage.gaps.filter((g) => g.from !== null && g.to !== null && (g.point === c.point || g.point === c.file));
    rows.push({
      label: c.point === c.file ? c.file : `${c.point} (${c.file})`,
      kind: "coverage",
      bars: [{ from: time(c.first), to: time(c.last) }],
      gaps: gaps.map((g) => ({ from: time(g.from as string), to: time(g.to as string) })),
      what: words.coverage,
    });
  }
  const active = selection.observed.tunnels.map((t) => ({ from: t.firstMicros / 1000, to: t.lastMicros / 1000 }));
  if (active.length > 0) rows.push({ label: words.activity, kind: "activity", bars: united(active), gaps: [], what: words.activity });
  selection.findings.forEach((f, i) => {
    const effected = !onlyOrdered(f);
    rows.push({
      label: `${i + 1}. ${voice.words.claims[f.claim].name}`,
      kind: effected ? "act" : "order",
      bars: [{ from: time(f.first), to: time(f.last) }],
      gaps: [],
      what: `${effected ? words.act : words.order}${voice.colon} ${elementName(f)}${receiverName(f) === "" ? "" : ` → ${receiverName(f)}`}`,
    });
  });
  return rows;
}

function draw(rows: readonly Row[], from: number, to: number, voice: Voice, id: string): Markup {
  const words = voice.words.report.time;
  const [top, right] = [8, 8];
  const height = top + rows.length * ROW + 34;
  const x = (t: number): number => LEFT + ((t - from) / (to - from)) * (WIDTH - LEFT - right);
  const axis = top + rows.length * ROW + 4;
  return svg(WIDTH, height, id, words.alt, [
    ...ticksOf(from, to).map(
      ({ at, label }) =>
        ml`<line x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${axis + 5}" class="grid" />
          <text x="${x(at)}" y="${axis + 19}" class="tick middle">${label}</text>`,
    ),
    ...rows.map((row, i) => {
      const y = top + i * ROW;
      const bar = (b: Bar, kind: string): Markup => {
        const width = Math.max(2.5, x(b.to) - x(b.from));
        return ml`<rect
          x="${Math.min(x(b.from), WIDTH - right - width)}"
          y="${y + 4}"
          width="${width}"
          height="${ROW - 9}"
          class="${kind}"
        />`;
      };
      const ground =
        row.kind === "coverage"
          ? ml`<rect x="${LEFT}" y="${y + 4}" width="${WIDTH - LEFT - right}" height="${ROW - 9}" class="unseen" />`
          : EMPTY;
      return ml`<text x="${LEFT - 10}" y="${y + ROW / 2 + 4}" class="row-label end">${clip(row.label, 26)}</text>
        ${ground}${row.bars.map((b) => bar(b, `bar-${row.kind}`))}${row.gaps.map((b) => bar(b, "unseen framed"))}`;
    }),
    ml`<line x1="${LEFT}" x2="${WIDTH - right}" y1="${axis}" y2="${axis}" class="axis" />`,
    ml`<text x="${LEFT - 10}" y="${axis + 19}" class="tick end">${day(from, voice)}</text>`,
  ]);
}

/** Bars that touch become one, so that a thousand tunnels are a few stretches. */
function united(bars: readonly Bar[]): Bar[] {
  const out: Bar[] = [];
  for (const bar of [...bars].sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last !== undefined && bar.from <= last.to) out[out.length - 1] = { from: last.from, to: Math.max(last.to, bar.to) };
    else out.push(bar);
  }
  return out;
}

const SECOND = 1000;
const STEPS = [
  0.001, 0.01, 0.1, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800, 2592000,
].map((s) => s * SECOND);

function ticksOf(from: number, to: number): { at: number; label: string }[] {
  const step = STEPS.find((s) => (to - from) / s <= 7) ?? (to - from) / 6;
  const ticks: { at: number; label: string }[] = [];
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) {
    const iso = new Date(t).toISOString();
    ticks.push({
      at: t,
      label:
        step >= 86_400_000 ? iso.slice(5, 10) : step >= 60_000 ? iso.slice(11, 16) : step >= 1000 ? iso.slice(11, 19) : iso.slice(17, 23),
    });
  }
  return ticks;
}

function time(rfc3339: string): number {
  const ms = Date.parse(rfc3339.replace(/(\.\d{3})\d+/, "$1"));
  return Number.isFinite(ms) ? ms : 0;
}
function clock(ms: number): string {
  return new Date(ms).toISOString().replace("T", " ").slice(0, 19);
}
function day(ms: number, voice: Voice): string {
  return `${voice.day(new Date(ms).toISOString())}, ${voice.words.report.time.utc}`;
}
