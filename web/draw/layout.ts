/**
 * Where each function of a network is drawn: as 3GPP figures place them (TS 23.401 figure 4.2.1-1, TS 23.501 figure 4.2.3-1): access left,
 * core in the middle, outside right; registers and policy above, control below them, user plane at the bottom. Positions follow from role,
 * site and findings alone and never from traffic, so that the same network looks the same tomorrow.
 */
import type { NetworkEdge, NetworkNode } from "#serve/api/types.ts";
import { BOX, type Box } from "./box.ts";
import { focusOf, type Drawing } from "./drawing.ts";
import { gather } from "./fold.ts";
import { drawLines } from "./lines.ts";
import { layNarrow } from "./narrow.ts";
import { order, OUTSIDE, type Item } from "./places.ts";

const GAP = { x: 80, y: 16 } as const;
/** A drawing of few columns is drawn wider, so that names of lines have room. */
const ROOM = { width: 976, gapX: 200 } as const;
const EDGE = { left: 26, top: 26, bottom: 18, bandGap: 30 } as const;

/** Outside parties in one column. */
const OUTSIDE_STACK = 14;
/** Names written under a box that stands for declared hosts. */
const NAME_LINES = 4;
const LINE_HEIGHT = 13;

export interface How {
  /** There is a declaration, and what it does not name is nobody's. */
  readonly judged: boolean;
  /** Groups that the reader opened. */
  readonly open?: ReadonlySet<string>;
  /** Pixels of a narrow screen: findings in two columns, the rest below; null where 3GPP's places have room. */
  readonly narrow?: number | null;
}

const NONE: ReadonlySet<string> = new Set();

export function layOut(nodes: readonly NetworkNode[], edges: readonly NetworkEdge[], { judged, open = NONE, narrow = null }: How): Drawing {
  const items = gather(nodes, edges, judged, open).toSorted(order);
  if (narrow !== null) return layNarrow(items, edges, { judged, open, narrow });
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
  const gapX = Math.max(GAP.x, Math.min(ROOM.gapX, free));
  const boxes: Box[] = [];
  columns.forEach((column, index) => {
    const x = EDGE.left + index * (BOX.width + gapX);
    const put = (item: Item, top: number, height: number = BOX.height) =>
      boxes.push({
        id: item.node.id,
        node: item.node,
        members: item.members,
        opens: item.opens,
        part: item.part,
        rows: [item.top, item.bottom],
        x,
        y: top,
        width: BOX.width,
        height,
      });
    const outside = column.filter((item) => item.column >= OUTSIDE);
    if (outside.length > 0) {
      // what is declared hangs from the top, what nobody declared stands at the bottom, level with the user plane
      let above: number = EDGE.top;
      for (const item of outside.filter((i) => i.node.declared)) {
        put(item, above, heightOf(item));
        above += heightOf(item) + GAP.y;
      }
      let below = height - EDGE.bottom;
      for (const item of outside.filter((i) => !i.node.declared).toReversed()) {
        below -= heightOf(item);
        put(item, below, heightOf(item));
        below -= GAP.y;
      }
      return;
    }
    const groups = Map.groupBy(column, (item) => `${item.top}-${item.bottom}-${item.tall}`);
    for (const group of groups.values()) {
      const first = group[0] as Item;
      const [top, bottom] = [band(first.top).top, band(first.bottom).bottom];
      if (first.tall && group.length === 1) put(first, top, bottom - top);
      else {
        const above = Math.max(0, (bottom - top - stack(group)) / 2);
        group.forEach((item, i) => put(item, top + above + i * (BOX.height + GAP.y)));
      }
    }
  });
  const width = EDGE.left * 2 + columns.length * BOX.width + Math.max(0, columns.length - 1) * gapX;
  const lines = drawLines(boxes, edges, band, gapX);
  // a line that passes below everything is inside, too
  const lowest = lines.reduce((y, line) => Math.max(y, (line.detour?.y ?? 0) + EDGE.bottom), height);
  return { width, height: lowest, boxes, lines, bands, judged, narrow: false, focus: focusOf(boxes, open) };
}

/** Declared hosts drawn as one are named, a line each. */
function heightOf(item: Item): number {
  return item.node.kind === "service" ? BOX.height + LINE_HEIGHT * (Math.min(item.members.length, NAME_LINES) - 1) : BOX.height;
}

function stack(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + heightOf(item), 0) + Math.max(0, items.length - 1) * GAP.y;
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
      if (key === "outside") flexible.push({ top: 0, bottom: 2, height: stack(group) });
      else if (first.top === first.bottom) heights[first.top] = Math.max(heights[first.top] ?? 0, stack(group));
      else if (first.tall) for (let row = first.top; row <= first.bottom; row++) heights[row] = Math.max(heights[row] ?? 0, BOX.height);
      else flexible.push({ top: first.top, bottom: first.bottom, height: stack(group) });
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
