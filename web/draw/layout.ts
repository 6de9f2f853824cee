/**
 * Where each function of a network is drawn: as 3GPP figures place them (TS 23.401 figure 4.2.1-1, TS 23.501 figure 4.2.3-1): access left,
 * core in the middle, outside right; registers and policy above, control below them, user plane at the bottom. Positions follow from role
 * and site alone and never from traffic, so that the same network looks the same tomorrow.
 */
import type { NetworkEdge, NetworkNode } from "#serve/api/types.ts";

/** Beyond this many nodes, those of one place and site are drawn as one. */
export const DRAWN_AT_MOST = 60;

const BOX = { width: 132, height: 42, gapX: 84, gapY: 16 } as const;
/** A drawing of few columns is drawn wider, so that names of lines have room. */
const ROOM = { width: 1080, gapX: 210 } as const;
const EDGE = { left: 26, top: 26, bottom: 18, bandGap: 30 } as const;
/** Pixels between parallel lines of one pair. */
const PARALLEL = 15;

/** Column and row of each role. Columns: 0 access, 1 mobility and serving, 2 gateway, 3 outside. Rows: 0 registers and policy, 1 control, 2 user plane. */
const PLACE: Readonly<Record<string, readonly [number, number]>> = {
  ENB: [0, 1.5],
  GNB: [0, 1.5],
  NODEB: [0, 1.5],
  RNC: [0, 1.5],
  BTS: [0, 1.5],
  BSC: [0, 1.5],
  HENB: [0, 1.5],
  "NG-ENB": [0, 1.5],
  N3IWF: [0, 1.5],
  SECGW: [0, 1.5],
  MME: [1, 1],
  AMF: [1, 1],
  SGSN: [1, 1],
  MSC: [1, 1],
  VLR: [1, 1],
  SMSF: [1, 1],
  "SGW-C": [1, 1],
  "E-SMLC": [1, 0],
  LMF: [1, 0],
  GMLC: [1, 0],
  SMSC: [1, 0],
  HSS: [1, 0],
  HLR: [1, 0],
  UDM: [1, 0],
  UDR: [1, 0],
  AUSF: [1, 0],
  EIR: [1, 0],
  "5G-EIR": [1, 0],
  NRF: [1, 0],
  NSSF: [1, 0],
  AUC: [1, 0],
  DRA: [1, 0],
  DEA: [1, 0],
  STP: [1, 0],
  SCP: [1, 0],
  SMF: [2, 1],
  "PGW-C": [2, 1],
  PCRF: [2, 0],
  PCF: [2, 0],
  OCS: [2, 0],
  OFCS: [2, 0],
  CHF: [2, 0],
  CDF: [2, 0],
  CGF: [2, 0],
  AAA: [2, 0],
  SGW: [1, 2],
  "SGW-U": [1, 2],
  UPF: [2, 2],
  PGW: [2, 2],
  "PGW-U": [2, 2],
  GGSN: [2, 2],
  SPGW: [1.5, 2],
  SAEGW: [1.5, 2],
  "SAEGW-U": [1.5, 2],
  "SAEGW-C": [1.5, 1],
  TDF: [2, 2],
  ADMF: [3, 0],
  MDF: [3, 0],
  MDF2: [3, 0],
  MDF3: [3, 0],
  LEMF: [3, 0],
  SEPP: [3, 1],
  IPX: [3, 1],
  "P-CSCF": [3, 1],
  "S-CSCF": [3, 1],
  "I-CSCF": [3, 1],
  AF: [3, 1],
  AS: [3, 1],
};

const TIER_PLACE: Readonly<Record<NetworkNode["tier"], readonly [number, number]>> = {
  access: [0, 1.5],
  core: [1, 1],
  data: [1, 0],
  edge: [2, 2],
  management: [3, 0],
  lawful: [3, 0],
  outside: [3, 1],
};

export interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly node: NetworkNode;
  /** What it stands for, where several are drawn as one. */
  readonly members: readonly NetworkNode[];
  readonly rows: readonly [number, number];
}

export interface Line {
  readonly edge: NetworkEdge;
  readonly from: Box;
  readonly to: Box;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly labelX: number;
  readonly labelY: number;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  /** Top and bottom of each row that holds something. */
  readonly bands: readonly { readonly row: number; readonly top: number; readonly bottom: number }[];
  readonly sites: readonly {
    readonly name: string;
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }[];
}

interface Item {
  readonly node: NetworkNode;
  readonly members: NetworkNode[];
  /** Column key: functions of several columns stand between them. */
  column: number;
  readonly top: number;
  readonly bottom: number;
  /** Drawn across its rows, rather than centred in them. */
  readonly tall: boolean;
}

/** Column keys from here on are outside the network. */
const OUTSIDE = 3;
/** Outside parties in one column. */
const OUTSIDE_STACK = 14;

function isOutside(node: NetworkNode): boolean {
  return node.kind !== "function" && node.kind !== "more";
}

function placeOf(node: NetworkNode): Omit<Item, "node" | "members"> {
  if (isOutside(node)) {
    return { column: OUTSIDE, top: 0, bottom: 2, tall: false };
  }
  const places = node.roles.map((role) => PLACE[role.toUpperCase()]).filter((place) => place !== undefined);
  if (places.length === 0) places.push(TIER_PLACE[node.tier]);
  const columns = places.map((p) => p[0]);
  const rows = places.map((p) => p[1]);
  const column = (Math.min(...columns) + Math.max(...columns)) / 2;
  const [top, bottom] = [Math.floor(Math.min(...rows)), Math.ceil(Math.max(...rows))];
  return { column, top, bottom, tall: bottom > top && column > 0 };
}

const byName = new Intl.Collator("en", { numeric: true });

const OUTSIDE_RANK: Readonly<Partial<Record<NetworkNode["kind"], number>>> = {
  lawful: 0,
  operator: 1,
  service: 2,
  monitoring: 3,
  partner: 4,
  unknown: 5,
  receiver: 6,
};

function order(a: Item, b: Item): number {
  const rank = (OUTSIDE_RANK[a.node.kind] ?? 0) - (OUTSIDE_RANK[b.node.kind] ?? 0);
  if (rank !== 0) return rank;
  return (
    byName.compare(a.node.site ?? "", b.node.site ?? "") ||
    byName.compare(a.node.label, b.node.label) ||
    byName.compare(a.node.id, b.node.id)
  );
}

/** Nodes of one place, site and kind as one, until few enough are left; what has findings, and what nobody declared, stays itself as long as it can. */
function gather(nodes: readonly NetworkNode[]): Item[] {
  const single = (node: NetworkNode): Item => ({ node, members: [node], ...placeOf(node) });
  const items = nodes.map(single);
  if (items.length <= DRAWN_AT_MOST) return items;
  const groups = new Map<string, Item[]>();
  const kept: Item[] = [];
  const salient = items.filter((item) => item.node.findings.proven + item.node.findings.corroborated + item.node.findings.indication > 0);
  const keepSalient = salient.length <= DRAWN_AT_MOST / 2;
  for (const item of items) {
    if (keepSalient && salient.includes(item)) {
      kept.push(item);
      continue;
    }
    const key = JSON.stringify([item.column, item.top, item.bottom, item.node.kind, item.node.declared, item.node.site]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  // many sites are themselves too many: then a place is one, wherever it stands
  const all = groups.size + kept.length > DRAWN_AT_MOST ? regroup([...groups.values()]) : [...groups.values()];
  for (const group of all) {
    const first = group[0] as Item;
    const members = group.flatMap((item) => item.members);
    kept.push(members.length === 1 ? first : { ...first, members, node: joined(members) });
  }
  return kept;
}

function regroup(groups: readonly Item[][]): Item[][] {
  const merged = new Map<string, Item[]>();
  for (const group of groups) {
    const first = group[0] as Item;
    const key = JSON.stringify([first.column, first.top, first.bottom, first.node.kind, first.node.declared]);
    const found = merged.get(key);
    if (found === undefined) merged.set(key, [...group]);
    else found.push(...group);
  }
  return [...merged.values()];
}

function joined(members: readonly NetworkNode[]): NetworkNode {
  const first = members[0] as NetworkNode;
  const sites = new Set(members.map((m) => m.site));
  const findings = { indication: 0, corroborated: 0, proven: 0 };
  for (const m of members) {
    findings.indication += m.findings.indication;
    findings.corroborated += m.findings.corroborated;
    findings.proven += m.findings.proven;
  }
  return {
    ...first,
    id: `group:${first.id}`,
    kind: "more",
    label: "",
    roles: [...new Set(members.flatMap((m) => m.roles))].slice(0, 3),
    site: sites.size === 1 ? first.site : null,
    findings,
    stands: members.reduce((sum, m) => sum + m.stands, 0),
  };
}

export function layOut(nodes: readonly NetworkNode[], edges: readonly NetworkEdge[]): Drawing {
  const items = gather(nodes).toSorted(order);
  separateTall(items);
  items.filter((item) => item.column === OUTSIDE).forEach((item, i) => (item.column += Math.floor(i / OUTSIDE_STACK) / 2));
  const keys = [...new Set(items.map((item) => item.column))].toSorted((a, b) => a - b);
  const columns = keys.map((key) => items.filter((item) => item.column === key));

  const heights = rowHeights(columns);
  const bands: { row: number; top: number; bottom: number }[] = [];
  let y: number = EDGE.top;
  for (const row of [0, 1, 2]) {
    const height = heights[row] ?? 0;
    if (height === 0) continue;
    bands.push({ row, top: y, bottom: y + height });
    y += height + EDGE.bandGap;
  }
  const height = y - EDGE.bandGap + EDGE.bottom;
  const band = (row: number) =>
    bands.find((b) => b.row === row) ??
    bands.toSorted((a, b) => Math.abs(a.row - row) - Math.abs(b.row - row))[0] ?? { row, top: y, bottom: y };

  const free = (ROOM.width - EDGE.left * 2 - columns.length * BOX.width) / Math.max(1, columns.length - 1);
  const gapX = Math.max(BOX.gapX, Math.min(ROOM.gapX, free));
  const boxes: Box[] = [];
  columns.forEach((column, index) => {
    const x = EDGE.left + index * (BOX.width + gapX);
    const put = (item: Item, top: number, height: number = BOX.height) =>
      boxes.push({
        id: item.node.id,
        node: item.node,
        members: item.members,
        rows: [item.top, item.bottom],
        x,
        y: top,
        width: BOX.width,
        height,
      });
    const outside = column.filter((item) => item.column >= OUTSIDE);
    if (outside.length > 0) {
      // what is declared hangs from the top, what nobody declared stands at the bottom, level with the user plane
      const declared = outside.filter((item) => item.node.declared);
      declared.forEach((item, i) => put(item, EDGE.top + i * (BOX.height + BOX.gapY)));
      const rest = outside.filter((item) => !item.node.declared);
      rest.forEach((item, i) => put(item, height - EDGE.bottom - stack(rest.length - i)));
      return;
    }
    const groups = Map.groupBy(column, (item) => `${item.top}-${item.bottom}-${item.tall}`);
    for (const group of groups.values()) {
      const first = group[0] as Item;
      const [top, bottom] = [band(first.top).top, band(first.bottom).bottom];
      if (first.tall && group.length === 1) put(first, top, bottom - top);
      else {
        const above = Math.max(0, (bottom - top - stack(group.length)) / 2);
        group.forEach((item, i) => put(item, top + above + i * (BOX.height + BOX.gapY)));
      }
    }
  });
  const width = EDGE.left * 2 + columns.length * BOX.width + Math.max(0, columns.length - 1) * gapX;
  return { width, height, boxes, lines: draw(boxes, edges, band, gapX), bands, sites: siteFrames(boxes) };
}

function stack(n: number): number {
  return n === 0 ? 0 : n * BOX.height + (n - 1) * BOX.gapY;
}

/** A row is as high as its fullest column; what may stand in several rows only needs room in all of them together. */
function rowHeights(columns: readonly (readonly Item[])[]): number[] {
  const heights = [0, 0, 0];
  const flexible: { readonly top: number; readonly bottom: number; readonly height: number }[] = [];
  for (const column of columns) {
    for (const [key, group] of Map.groupBy(column, (item) =>
      item.column >= OUTSIDE ? "outside" : `${item.top}-${item.bottom}-${item.tall}`,
    )) {
      const first = group[0] as Item;
      if (key === "outside") flexible.push({ top: 0, bottom: 2, height: stack(group.length) });
      else if (first.top === first.bottom) heights[first.top] = Math.max(heights[first.top] ?? 0, stack(group.length));
      else if (first.tall) for (let row = first.top; row <= first.bottom; row++) heights[row] = Math.max(heights[row] ?? 0, BOX.height);
      else flexible.push({ top: first.top, bottom: first.bottom, height: stack(group.length) });
    }
  }
  for (const { top, bottom, height } of flexible) {
    const rows = [0, 1, 2].filter((row) => row >= top && row <= bottom);
    const present = rows.filter((row) => (heights[row] ?? 0) > 0);
    const used = present.length > 0 ? present : [bottom];
    const room = used.reduce((sum, row) => sum + (heights[row] ?? 0), 0) + (used.length - 1) * EDGE.bandGap;
    const missing = Math.max(0, height - room);
    for (const row of used) heights[row] = (heights[row] ?? 0) + missing / used.length;
  }
  return heights;
}

/** A function that spans rows gets a column of its own, unless it stands alone in its own. */
function separateTall(items: readonly Item[]): void {
  const columns = new Map<number, Item[]>();
  for (const item of items) columns.set(item.column, [...(columns.get(item.column) ?? []), item]);
  for (const column of columns.values()) {
    if (column.length === 1) continue;
    let lane = 0;
    for (const item of column) if (item.tall) item.column -= 0.3 / ++lane;
  }
}

type Band = (row: number) => { readonly top: number; readonly bottom: number };

function draw(boxes: readonly Box[], edges: readonly NetworkEdge[], band: Band, gapX: number): Line[] {
  const boxOf = new Map<string, Box>();
  for (const box of boxes) {
    boxOf.set(box.id, box);
    for (const member of box.members) boxOf.set(member.id, box);
  }
  const pairs = new Map<string, { from: Box; to: Box; edges: NetworkEdge[] }>();
  for (const edge of edges) {
    const [a, b] = [boxOf.get(edge.a), boxOf.get(edge.b)];
    if (a === undefined || b === undefined || a === b) continue;
    const [from, to] = a.x < b.x || (a.x === b.x && a.y <= b.y) ? [a, b] : [b, a];
    const key = `${from.id}\n${to.id}`;
    const pair = pairs.get(key) ?? { from, to, edges: [] };
    pairs.set(key, pair);
    const same = pair.edges.findIndex((e) => e.name === edge.name && e.status === edge.status);
    const found = pair.edges[same];
    if (found === undefined) pair.edges.push(edge);
    else pair.edges[same] = added(found, edge);
  }
  const all: Joint[] = [];
  for (const { from, to, edges: parallel } of pairs.values()) {
    // a stray ping beside a reference point is in the table; in the drawing it would hide the line that matters
    const kept = parallel.length > 1 ? withoutPings(parallel) : parallel;
    const sorted = kept.toSorted((a, b) => rank(a) - rank(b) || byName.compare(a.name, b.name));
    sorted.forEach((edge, i) =>
      all.push({ edge, from, to, index: i, of: sorted.length, y1: rowMiddle(from, edge, band), y2: rowMiddle(to, edge, band) }),
    );
  }
  spread(all, "from");
  spread(all, "to");
  return all.map((joint) => line(joint, gapX));
}

/** A line before it is drawn: between which boxes, and at which heights it meets them. */
interface Joint {
  readonly edge: NetworkEdge;
  readonly from: Box;
  readonly to: Box;
  /** Among the lines of the same two boxes. */
  readonly index: number;
  readonly of: number;
  y1: number;
  y2: number;
}

function rank(edge: NetworkEdge): number {
  return edge.plane === "management" ? 0 : edge.plane === "control" ? 1 : edge.plane === "both" ? 2 : 3;
}

function withoutPings(edges: readonly NetworkEdge[]): NetworkEdge[] {
  const rest = edges.filter((edge) => !(edge.status === "declared" && /^icmp/i.test(edge.name)));
  return rest.length === 0 ? [...edges] : rest;
}

function added(a: NetworkEdge, b: NetworkEdge): NetworkEdge {
  return {
    ...a,
    messages: a.messages + b.messages,
    packets: a.packets + b.packets,
    bytes: a.bytes + b.bytes,
    findings: [...new Set([...a.findings, ...b.findings])].slice(0, 20),
    grade: a.grade ?? b.grade,
  };
}

/** Middle of the box, or, where it spans rows, of the row of the line's plane. */
function rowMiddle(box: Box, edge: NetworkEdge, band: Band): number {
  if (box.height <= BOX.height + 1) return box.y + box.height / 2;
  const row = edge.plane === "management" ? 0 : edge.plane === "control" ? 1 : 2;
  const at = band(Math.min(box.rows[1], Math.max(box.rows[0], row)));
  return (at.top + at.bottom) / 2;
}

/** Lines that meet a box at one height and side are spread along it, in the order of where they go, so that they do not cross. */
function spread(joints: readonly Joint[], end: "from" | "to"): void {
  const key = end === "from" ? "y1" : "y2";
  const other = end === "from" ? "y2" : "y1";
  const side = joints.filter((j) => j.from.x !== j.to.x);
  for (const group of Map.groupBy(side, (j) => `${j[end].id}\n${j[key]}`).values()) {
    const box = (group[0] as Joint)[end];
    const sorted = group.toSorted((a, b) => a[other] - b[other] || rank(a.edge) - rank(b.edge) || byName.compare(a.edge.name, b.edge.name));
    const room = (box.height > BOX.height + 1 ? 64 : box.height) - 14;
    const step = Math.min(PARALLEL, room / Math.max(1, sorted.length - 1));
    sorted.forEach((joint, i) => {
      const y = joint[key] + (i - (sorted.length - 1) / 2) * step;
      joint[key] = Math.min(box.y + box.height - 7, Math.max(box.y + 7, y));
    });
  }
}

function line({ edge, from, to, index, of, y1, y2 }: Joint, gapX: number): Line {
  if (from.x === to.x) {
    // one column: from the lower edge of the upper box to the upper edge of the lower one
    const x = from.x + from.width / 2 + (index - (of - 1) / 2) * PARALLEL * 1.6;
    const [top, bottom] = [from.y + from.height, to.y];
    return { edge, from, to, x1: x, y1: top, x2: x, y2: bottom, labelX: x, labelY: (top + bottom) / 2 + index * 2 };
  }
  const [x1, x2] = [from.x + from.width, to.x];
  // names of a long line stand in its first gap, where no box is in the way; those to the outside in its last
  const t = Math.min(0.5, gapX / 2 / Math.max(1, x2 - x1));
  const nearEnd = to.node.kind !== "function" && x2 - x1 > gapX * 1.5;
  const at = nearEnd ? 1 - t : t;
  return { edge, from, to, x1, y1, x2, y2, labelX: x1 + (x2 - x1) * at, labelY: y1 + (y2 - y1) * at };
}

/** A thin frame around neighbours of one site, where the network has several. */
function siteFrames(boxes: readonly Box[]): Drawing["sites"] {
  const names = new Set(boxes.map((b) => b.node.site).filter((s) => s !== null));
  if (names.size < 2) return [];
  const frames: { name: string; x: number; y: number; width: number; height: number }[] = [];
  let open: Box[] = [];
  const close = () => {
    const [first, last] = [open[0], open.at(-1)];
    if (first !== undefined && last !== undefined && first.node.site !== null)
      frames.push({
        name: first.node.site,
        x: first.x - 6,
        y: first.y - 6,
        width: first.width + 12,
        height: last.y + last.height - first.y + 12,
      });
    open = [];
  };
  for (const box of boxes) {
    const previous = open.at(-1);
    if (previous !== undefined && (previous.x !== box.x || previous.node.site !== box.node.site || box.y < previous.y)) close();
    open.push(box);
  }
  close();
  return frames;
}
