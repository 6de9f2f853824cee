/** Draws the map of the network: boxes in fixed columns and rows, lines that go round them, what was found on top. */
import type { CaseData } from "#report/case-data.ts";
import type { Selection } from "#report/selection.ts";
import type { Voice } from "#report/voice.ts";
import { clip, figure, svg, table, type Cell } from "./drawing.ts";
import { EMPTY, ml, type Markup } from "./markup.ts";
import { networkMap, type MapEdge, type MapNode, type NetworkMap } from "./network-model.ts";
import { LABEL, Labels } from "./labels.ts";
import { Routes, type Spot } from "./routes.ts";
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
    ...lines(map, edges, placed),
    ...[...placed.values()].map((p) => box(p.x, p.y, p.width, p.height, p.node.label, p.node.note, `box ${p.node.kind}`)),
    ...map.marks.map((m) => markAt(m.finding, placed.get(m.node), map.marks.filter((o) => o.node === m.node).indexOf(m))),
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
  const strip = y + 12 + BAR;
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

/** The bar above the services: who of the network talks with which of them stands in the table. */
const BAR = 12;

/** Lines, then what is written on them: acts last, above the rest. */
function lines(map: NetworkMap, edges: readonly MapEdge[], placed: ReadonlyMap<string, Placed>): Markup[] {
  const boxes = [...placed.values()];
  const bottom = boxes.reduce((y, p) => Math.max(y, p.y + p.height), 0);
  const routes = new Routes(boxes, { x: 0, y: 4, width: WIDTH, height: bottom }, edges.length);
  const labels = new Labels(boxes);
  const drawn: { readonly edge: MapEdge; readonly line: readonly Spot[] }[] = [];
  const atBar = new Map<Placed, MapEdge["kind"]>();
  // acts choose their way first
  for (const edge of [...edges].reverse()) {
    const [a, b] = [placed.get(edge.from), placed.get(edge.to)];
    if (a === undefined || b === undefined) continue;
    if ((edge.kind === "declared" || edge.kind === "other") && (a.node.row === 3) !== (b.node.row === 3)) {
      const known = (p: Placed): void => void atBar.set(p, atBar.get(p) === "other" ? "other" : edge.kind);
      known(a);
      known(b);
    } else drawn.push({ edge, line: routes.between(a, b) });
  }
  const bar = [...atBar].length === 0 ? [] : barLines(atBar, routes);
  const written = drawn.map(({ edge, line }) =>
    // Where many lines cross, names would hide them: the table has them all.
    map.edges.length > CROWDED && edge.findings.length === 0 ? EMPTY : labelOf(edge, line, labels),
  );
  return [...bar, ...drawn.reverse().map(({ edge, line }) => lineOf(edge, line)), ...written.reverse()];
}

function barLines(at: ReadonlyMap<Placed, MapEdge["kind"]>, routes: Routes): Markup[] {
  const services = [...at].filter(([p]) => p.node.row === 3);
  const y = Math.min(...services.map(([p]) => p.y)) - BAR;
  const [left, right] = [Math.min(...services.map(([p]) => p.x)), Math.max(...services.map(([p]) => p.x + p.width))];
  const bar = { x: Math.min(left, CENTRES[1] - BOX.width / 2), y, width: 0, height: 0 };
  bar.width = Math.max(right, CENTRES[3] + BOX.width / 2) - bar.x;
  const down = [...at].flatMap(([p, kind]) => (p.node.row === 3 ? [] : [{ kind, line: routes.between(p, bar) }]));
  const stubs = services.map(([p, kind]) => ({
    kind,
    line: [
      { x: p.x + p.width / 2, y: p.y },
      { x: p.x + p.width / 2, y },
    ],
  }));
  const all = [...down, ...stubs];
  const xs = all.map(({ line }) => line.at(-1)?.x ?? 0);
  const along = [
    { x: Math.min(...xs), y },
    { x: Math.max(...xs), y },
  ];
  const kind = all.some((one) => one.kind === "declared") ? "declared" : "other";
  return [...all, { kind, line: along }].map(({ kind: of, line }) => ml`<path d="${pathOf(line)}" class="edge ${of}" stroke-width="1" />`);
}

function pathOf(line: readonly Spot[]): string {
  return line.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join(" ");
}

function lineOf(e: MapEdge, line: readonly Spot[]): Markup {
  const found = e.kind === "found" || e.kind === "ordered";
  return ml`<path d="${pathOf(line)}" class="edge ${e.kind}" stroke-width="${found ? e.width : 1}" ${found ? MARKER : EMPTY} />`;
}

const MARKER = ml`marker-end="url(#arrow-found)"`;

/** Names of what passes, one a line; found acts bear their numbers, which stay readable wherever they are. */
function labelOf(e: MapEdge, line: readonly Spot[], labels: Labels): Markup {
  if (e.kind === "unseen") return EMPTY;
  if (e.kind === "found" || e.kind === "ordered") {
    const { x, y } = labels.disc(line, e.findings.length);
    return ml`${e.findings.map((n, k) => number(n, x + (k - (e.findings.length - 1) / 2) * 18, y))}`;
  }
  const names = (e.names.length > LINES ? [...e.names.slice(0, LINES - 1), "…"] : e.names).map((name) => clip(name, 26));
  const at = labels.text(line, names);
  if (at === undefined) return EMPTY;
  return ml`${names.map((name, n) => ml`<text x="${at.x}" y="${at.y + n * LABEL.height}" class="edge-label ${e.kind} ${at.anchor} halo">${name}</text>`)}`;
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
