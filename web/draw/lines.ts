/** Lines of the network's drawing: which traffic is one line, where it meets its boxes, what it goes round. */
import type { NetworkEdge } from "#serve/api/types.ts";
import { spansRows, type Box } from "./box.ts";
import { byName } from "./places.ts";

/** Pixels between lines that meet a box on one side. */
const PARALLEL = 15;

export interface Line {
  readonly edge: NetworkEdge;
  readonly from: Box;
  readonly to: Box;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** The height at which it passes other boxes, and between which columns; null where nothing is in its way. */
  readonly detour: { readonly y: number; readonly fromX: number; readonly toX: number; readonly below: boolean } | null;
  /** Pixels by which the line goes round what stands between two boxes of one column. */
  readonly bulge: number;
  /** Where along it its name stands best, from 0 to 1. */
  readonly at: number;
}

/** Top and bottom of a row. */
type Band = (row: number) => { readonly top: number; readonly bottom: number };

export function drawLines(boxes: readonly Box[], edges: readonly NetworkEdge[], band: Band, gapX: number): Line[] {
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
    // to and from what stands for many, one line a plane
    const many = [from, to].some((box) => box.members.length > 1);
    const same = pair.edges.findIndex((e) => e.status === edge.status && (many ? e.plane === edge.plane : e.name === edge.name));
    const found = pair.edges[same];
    if (found === undefined) pair.edges.push(edge);
    else pair.edges[same] = asOneLine(found, edge);
  }
  const all: Joint[] = [];
  for (const { from, to, edges: parallel } of pairs.values()) {
    // a stray ping beside a reference point is in the table; in the drawing it would hide the line that matters
    const kept = parallel.length > 1 ? specific(withoutPings(parallel)) : parallel;
    const sorted = kept.toSorted((a, b) => rank(a) - rank(b) || byName.compare(a.name, b.name));
    sorted.forEach((edge, i) =>
      all.push({ edge, from, to, index: i, of: sorted.length, y1: rowMiddle(from, edge, band), y2: rowMiddle(to, edge, band) }),
    );
  }
  spread(all, "from");
  spread(all, "to");
  return all.map((joint) => line(joint, gapX, boxes));
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

/** One line of two between the same ends: names together, volumes added. */
export function asOneLine(a: NetworkEdge, b: NetworkEdge): NetworkEdge {
  return { ...added(a, b), name: alsoNamed(a.name, b.name) };
}

function alsoNamed(names: string, name: string): string {
  return names.split(", ").includes(name) ? names : `${names}, ${name}`;
}

function withoutPings(edges: readonly NetworkEdge[]): NetworkEdge[] {
  const rest = edges.filter((edge) => edge.status === "undeclared" || !/^icmp/i.test(edge.name));
  return rest.length === 0 ? [...edges] : rest;
}

/** `S1-U/N3` is what a port alone tells; where signalling named the reference point between the same two, it is the same line. */
function specific(edges: readonly NetworkEdge[]): NetworkEdge[] {
  const transport = (edge: NetworkEdge) => /^(sctp|tcp|udp|gtp-u|gtp-c|pfcp|user plane)$/i.test(edge.name);
  const generic = (edge: NetworkEdge) => edge.name.includes("/") || transport(edge);
  const named = edges.filter((edge) => !generic(edge));
  for (const edge of edges.filter(generic).toSorted((a, b) => Number(transport(a)) - Number(transport(b)))) {
    const same = named.findIndex((other) => other.status === edge.status && (other.plane === edge.plane || transport(edge)));
    const known = named[same];
    if (known === undefined) named.push(edge);
    else named[same] = added(known, edge);
  }
  return named;
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
  if (!spansRows(box)) return box.y + box.height / 2;
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
    const room = (spansRows(box) ? 64 : box.height) - 14;
    const step = Math.min(PARALLEL, room / Math.max(1, sorted.length - 1));
    sorted.forEach((joint, i) => {
      const y = joint[key] + (i - (sorted.length - 1) / 2) * step;
      joint[key] = Math.min(box.y + box.height - 7, Math.max(box.y + 7, y));
    });
  }
}

function line({ edge, from, to, index, of, y1, y2 }: Joint, gapX: number, boxes: readonly Box[]): Line {
  if (from.x === to.x) {
    const offset = (index - (of - 1) / 2) * PARALLEL * 1.6;
    const [top, bottom] = [from.y + from.height, to.y];
    const x = from.x + from.width / 2 + offset;
    const passed = boxes.filter((box) => box.x === from.x && box.y > from.y && box.y < to.y).length;
    // one column: from the lower edge of the upper box to the upper edge of the lower one; around what stands between
    if (passed === 0) return { edge, from, to, x1: x, y1: top, x2: x, y2: bottom, bulge: 0, detour: null, at: 0.5 };
    // the further it goes, the wider it swings, so that such lines nest
    const bulge = 12 + passed * 9 + index * 12;
    return { edge, from, to, x1: from.x, y1: from.y + from.height / 2, x2: to.x, y2: to.y + to.height / 2, bulge, detour: null, at: 0.5 };
  }
  const [x1, x2] = [from.x + from.width, to.x];
  const detour = detourOf(boxes, x1, y1, x2, y2);
  // names of a long line stand in its first gap, where no box is in the way; those to the outside in its last
  const t = Math.min(0.5, gapX / 2 / Math.max(1, x2 - x1));
  const nearEnd = to.node.kind !== "function" && x2 - x1 > gapX * 1.5;
  const at = nearEnd ? 1 - t : t;
  return { edge, from, to, x1, y1, x2, y2, bulge: 0, detour, at };
}

/** Pixels between a line and a box it passes. */
const CLEAR = 12;

/** A line that would run behind a box goes above or below it: behind, it would seem to end there. */
function detourOf(boxes: readonly Box[], x1: number, y1: number, x2: number, y2: number): Line["detour"] {
  const at = (x: number) => y1 + ((y2 - y1) * (x - x1)) / (x2 - x1);
  const hit = boxes.filter((box) => {
    if (box.x <= x1 || box.x + box.width >= x2) return false;
    const [a, b] = [at(box.x), at(box.x + box.width)];
    return Math.max(a, b) > box.y - 4 && Math.min(a, b) < box.y + box.height + 4;
  });
  if (hit.length === 0) return null;
  const [top, bottom] = [Math.min(...hit.map((b) => b.y)) - CLEAR, Math.max(...hit.map((b) => b.y + b.height)) + CLEAR];
  const fromX = Math.min(...hit.map((b) => b.x)) - CLEAR;
  const toX = Math.max(...hit.map((b) => b.x + b.width)) + CLEAR;
  const middle = at((fromX + toX) / 2);
  const below = middle - top > bottom - middle;
  return { y: below ? bottom : top, fromX, toX, below };
}
