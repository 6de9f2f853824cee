/** Draws the map of the network: boxes in fixed columns and rows, straight lines between them, what was found on top. */
import type { CaseData } from "#report/case-data.ts";
import type { Selection } from "#report/selection.ts";
import type { Voice } from "#report/voice.ts";
import { clip, figure, svg, table, type Cell } from "./drawing.ts";
import { EMPTY, ml, type Markup } from "./markup.ts";
import { networkMap, type MapEdge, type MapNode } from "./network-model.ts";
import { box } from "./way.ts";

const WIDTH = 760;
const BOX = { width: 108, height: 38 } as const;
/** Centres of the columns: subscribers, access, serving, gateway, outside. */
const CENTRES = [42, 172, 344, 506, 701] as const;
const NARROW = 84;
const WIDE = 118;
const ROW_GAP = 34;
const STACK_GAP = 14;
/** Lines beyond which only findings are named on the map. */
const CROWDED = 36;

interface Placed {
  readonly node: MapNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function networkDrawing(data: CaseData, selection: Selection, voice: Voice, id: string): Markup {
  const words = voice.words.report.map;
  const map = networkMap(data, selection, voice);
  const placed = place(map.nodes);
  const bottom = [...placed.values()].reduce((y, p) => Math.max(y, p.y + p.height), 0);
  const label = (key: string): string => map.nodes.find((n) => n.key === key)?.label ?? key;
  const edges = [...map.edges].sort((a, b) => rank(a) - rank(b));
  const rows = edges
    .filter((e) => e.kind !== "unseen")
    .reverse()
    .map((e): Cell[] => [label(e.from), label(e.to), e.names.join(", "), e.amount, standing(e, voice)]);
  for (const m of map.marks) {
    const f = selection.findings[m.finding - 1];
    if (f !== undefined) rows.unshift([label(m.node), "", voice.words.claims[f.claim].name, voice.packets(f.packets), words.found]);
  }
  const drawing = svg(WIDTH, bottom + 12, id, words.alt, [
    ...bands(placed, voice),
    ...edges.map((e, i) => line(e, placed, i)),
    ...[...placed.values()].map((p) => box(p.x, p.y, p.width, p.height, p.node.label, p.node.note, `box ${p.node.kind}`)),
    ...map.marks.map((m) => markAt(m.finding, placed.get(m.node), map.marks.filter((o) => o.node === m.node).indexOf(m))),
    // Where many lines cross, names would hide them: the table has them all.
    ...edges.map((e, i) => (edges.length > CROWDED && e.findings.length === 0 ? EMPTY : edgeLabel(e, placed, i))),
  ]);
  return figure(
    id,
    words.title,
    ml`${drawing}${legend(
      voice,
      selection,
      map.edges,
      map.marks.map((m) => m.finding),
    )}${selection.observed.unreadable ? ml`<p class="note">${words.unreadable}</p>` : EMPTY}`,
    table(words.columns, rows, { kind: "small" }),
  );
}

function standing(e: MapEdge, voice: Voice): string {
  const words = voice.words.report.map;
  return e.kind === "declared"
    ? words.declared
    : e.kind === "found"
      ? words.found
      : e.kind === "ordered"
        ? words.legendOrdered
        : words.notDeclared;
}

/** Found acts are drawn last, above the rest. */
const rank = (e: MapEdge): number => ["unseen", "other", "declared", "ordered", "found"].indexOf(e.kind);

/** A combined node spans its places where it has them for itself; else it stands in the last of them, with its neighbours. */
function place(nodes: readonly MapNode[]): Map<string, Placed> {
  const stacks = new Map<string, MapNode[]>();
  const alone = (n: MapNode): boolean => !nodes.some((m) => m !== n && m.row !== 3 && overlaps(n, m));
  const settled = nodes.map((n) =>
    n.columns * n.rows === 1 || alone(n) ? n : { ...n, column: n.column + n.columns - 1, row: n.row + n.rows - 1, columns: 1, rows: 1 },
  );
  for (const n of settled) if (n.row !== 3) stacks.set(`${n.column} ${n.row}`, [...(stacks.get(`${n.column} ${n.row}`) ?? []), n]);
  const heights = [0, 1, 2].map((row) => {
    const most = Math.max(0, ...[...stacks].filter(([key]) => key.endsWith(` ${row}`)).map(([, list]) => list.length));
    const spanned = settled.some((n) => n.row <= row && row < n.row + n.rows && n.rows > 1);
    if (most === 0) return spanned ? 12 : 0;
    return most * (BOX.height + STACK_GAP) - STACK_GAP;
  });
  const tops: number[] = [];
  let y = 26;
  for (const height of heights) {
    tops.push(y);
    // A row that only a combined node passes through is a strip.
    if (height > 0) y += height + (height < BOX.height ? 6 : ROW_GAP);
  }
  const strip = y + 12;
  const out = new Map<string, Placed>();
  for (const list of stacks.values()) {
    list
      .sort((a, b) => (a.kind === "found" ? 1 : 0) - (b.kind === "found" ? 1 : 0) || (a.label < b.label ? -1 : 1))
      .forEach((node, i) => {
        const last = node.column + node.columns - 1;
        const x = (CENTRES[node.column] ?? 0) - widthAt(node.column) / 2;
        const right = (CENTRES[last] ?? 0) + widthAt(last) / 2;
        const height = heights[node.row] ?? BOX.height;
        const used = list.length * (BOX.height + STACK_GAP) - STACK_GAP;
        const top = (tops[node.row] ?? 0) + (node.rows > 1 ? 0 : (height - used) / 2 + i * (BOX.height + STACK_GAP));
        const end = node.row + node.rows - 1;
        const bottom = node.rows > 1 ? (tops[end] ?? top) + (heights[end] ?? BOX.height) : top + BOX.height;
        out.set(node.key, { node, x, y: top, width: right - x, height: bottom - top });
      });
  }
  const services = settled.filter((n) => n.row === 3).sort((a, b) => (a.label < b.label ? -1 : 1));
  const each = Math.min(BOX.width, (WIDTH - 20) / Math.max(1, services.length) - 8);
  const start = (WIDTH - services.length * (each + 8) + 8) / 2;
  services.forEach((node, i) => out.set(node.key, { node, x: start + i * (each + 8), y: strip, width: each, height: BOX.height - 6 }));
  return out;
}

function widthAt(column: number): number {
  return column === 0 ? NARROW : column === 4 ? WIDE : BOX.width;
}

function overlaps(a: MapNode, b: MapNode): boolean {
  return a.column < b.column + b.columns && b.column < a.column + a.columns && a.row < b.row + b.rows && b.row < a.row + a.rows;
}

/** Names of control plane, user plane and management at the left, with a rule between them. */
function bands(placed: ReadonlyMap<string, Placed>, voice: Voice): Markup[] {
  const words = voice.words.report.map;
  const all = [...placed.values()];
  const top = (row: number): number | undefined => {
    const ys = all.filter((p) => p.node.row === row && (p.node.rows === 1 || row === 2)).map((p) => p.y);
    return ys.length === 0 ? undefined : Math.min(...ys);
  };
  const marks = [
    { at: Math.min(top(0) ?? Infinity, top(1) ?? Infinity), name: words.control },
    { at: top(2) ?? Infinity, name: words.user },
    { at: top(3) ?? Infinity, name: words.management },
  ].filter((m) => Number.isFinite(m.at));
  return marks.map(
    ({ at, name }) =>
      ml`<line x1="0" x2="${WIDTH}" y1="${at - 17}" y2="${at - 17}" class="band" />
        <text x="0" y="${at - 5}" class="band-label">${name}</text>`,
  );
}

interface Ends {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

function ends(e: MapEdge, placed: ReadonlyMap<string, Placed>): Ends | undefined {
  const [a, b] = [placed.get(e.from), placed.get(e.to)];
  if (a === undefined || b === undefined) return undefined;
  // Facing sides of two boxes: where they overlap in one direction the line is square to them.
  const [ax, bx] = facing(a.x, a.width, b.x, b.width);
  const [ay, by] = facing(a.y, a.height, b.y, b.height);
  return { x1: ax, y1: ay, x2: bx, y2: by };
}

function facing(a: number, aw: number, b: number, bw: number): [number, number] {
  if (a + aw < b) return [a + aw, b];
  if (b + bw < a) return [a, b + bw];
  const middle = (Math.max(a, b) + Math.min(a + aw, b + bw)) / 2;
  return [middle, middle];
}

function line(e: MapEdge, placed: ReadonlyMap<string, Placed>, i: number): Markup {
  const at = ends(e, placed);
  if (at === undefined) return EMPTY;
  const found = e.kind === "found" || e.kind === "ordered";
  return ml`<line
    x1="${at.x1}"
    y1="${at.y1}"
    x2="${at.x2}"
    y2="${at.y2}"
    class="edge ${e.kind}"
    stroke-width="${found ? e.width : 1}"
    data-edge="${i}"
    ${found ? MARKER : EMPTY}
  />`;
}

const MARKER = ml`marker-end="url(#arrow-found)"`;

/** Names of what passes, one a line above the line; found acts stay readable wherever they are. */
function edgeLabel(e: MapEdge, placed: ReadonlyMap<string, Placed>, i: number): Markup {
  const at = ends(e, placed);
  const found = e.kind === "found" || e.kind === "ordered";
  const strip = [e.from, e.to].some((key) => placed.get(key)?.node.row === 3);
  if (at === undefined || e.kind === "unseen" || (strip && !found)) return EMPTY;
  // Lines that fan out of one box keep their labels apart by standing at different shares of the way.
  const steep = Math.abs(at.y2 - at.y1) > Math.abs(at.x2 - at.x1);
  const share = steep ? ([0.5, 0.36, 0.64][i % 3] ?? 0.5) : 0.5;
  const [x, y] = [at.x1 + (at.x2 - at.x1) * share, at.y1 + (at.y2 - at.y1) * share];
  if (found) return ml`${e.findings.map((n, k) => number(n, x + (k - (e.findings.length - 1) / 2) * 18, y))}`;
  const lines = e.names.length > LINES ? [...e.names.slice(0, LINES - 1), "…"] : e.names;
  const anchor = steep ? "" : "middle";
  return ml`${lines.map((name, n) => ml`<text x="${steep ? x + 5 : x}" y="${y - 4 - (lines.length - 1 - n) * 11}" class="edge-label ${e.kind} ${anchor} halo">${clip(name, 26)}</text>`)}`;
}

/** The number of a finding without a receiver, at the corner of its function. */
function markAt(n: number, at: Placed | undefined, place: number): Markup {
  return at === undefined ? EMPTY : number(n, at.x + at.width - 4 - place * 20, at.y);
}

/** The number of a finding in a disc on its line; the legend says what it is. */
function number(n: number, x: number, y: number): Markup {
  return ml`<circle cx="${x}" cy="${y}" r="8.5" class="disc" /><text x="${x}" y="${y + 4}" class="disc-label middle">${n}</text>`;
}

/** Names written at one line of the map; the table has them all. */
const LINES = 3;

function legend(voice: Voice, selection: Selection, edges: readonly MapEdge[], marked: readonly number[]): Markup {
  const words = voice.words.report.map;
  const drawn = new Set([...edges.flatMap((e) => e.findings), ...marked]);
  const findings = selection.findings.flatMap((f, i) =>
    drawn.has(i + 1)
      ? [
          ml`<span class="key"><svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">${number(i + 1, 9, 9)}</svg>${voice.words.claims[f.claim].name}</span>`,
        ]
      : [],
  );
  const entry = (kind: MapEdge["kind"], width: number, text: string): Markup =>
    edges.some((e) => e.kind === kind)
      ? ml`<span class="key"><svg width="34" height="10" viewBox="0 0 34 10" aria-hidden="true"><line x1="1" x2="33" y1="5" y2="5" class="edge ${kind}" stroke-width="${width}" /></svg>${text}</span>`
      : EMPTY;
  const kinds = [
    entry("declared", 1, words.legendDeclared),
    entry("found", 4, words.legendFound),
    entry("ordered", 3, words.legendOrdered),
    entry("other", 1, words.legendOther),
    entry("unseen", 1, voice.words.report.time.notWatched),
  ];
  return ml`<p class="legend">${findings.slice(0, 12)}${kinds}</p>`;
}
