/**
 * The network on a narrow screen: what findings are about stands first, in two columns, with its lines; the rest stands below, counted, without
 * lines, because between 350 pixels they would cross everything. The table of lines has them all.
 */
import type { NetworkEdge } from "#serve/api/types.ts";
import { BOX, type Box } from "./box.ts";
import { focusOf, type Drawing } from "./drawing.ts";
import { asOneLine, drawLines } from "./lines.ts";
import { byName, findingsOf, type Item } from "./places.ts";

const EDGE = 2;
/** Between rows: a name and a volume have room over and under a line. */
const GAP_Y = 22;
const REST_GAP_Y = 12;
/** Boxes leave so much between them for the line and its name, at least. */
const BETWEEN = 92;

interface How {
  readonly judged: boolean;
  readonly open: ReadonlySet<string>;
  /** Pixels. */
  readonly narrow: number;
}

export function layNarrow(items: readonly Item[], edges: readonly NetworkEdge[], how: How): Drawing {
  const { judged, open, narrow: width } = how;
  const boxWidth = Math.min(BOX.width, Math.floor((width - 2 * EDGE - BETWEEN) / 2));
  const right = width - EDGE - boxWidth;
  const itemOf = new Map<string, Item>();
  for (const item of items) for (const member of item.members) itemOf.set(member.id, item);
  const boxes = new Map<Item, Box>();
  const put = (item: Item, x: number, y: number) =>
    boxes.set(item, {
      id: item.node.id,
      node: item.node,
      members: item.members,
      opens: item.opens,
      part: item.part,
      rows: [0, 0],
      x,
      y,
      width: boxWidth,
      height: BOX.height,
    });
  // several lines between the same two would lie over one another where there is so little room
  const between = Map.groupBy(
    edges.filter((edge) => edge.status === "undeclared"),
    ({ a, b }) => [itemOf.get(a)?.node.id ?? a, itemOf.get(b)?.node.id ?? b].toSorted(byName.compare).join("\n"),
  );
  const red = [...between.values()]
    .map((same) => same.reduce(asOneLine))
    .toSorted((a, b) => strength(b) - strength(a) || b.bytes - a.bytes || (a.id < b.id ? -1 : 1));
  const row = BOX.height + GAP_Y;
  let [left, opposite] = [EDGE, EDGE];
  for (const { a, b } of red) {
    const [from, to] = [itemOf.get(a), itemOf.get(b)];
    if (from === undefined || to === undefined || from === to) continue;
    if (!boxes.has(from)) {
      // a line is level where it can be
      const y = boxes.has(to) ? left : Math.max(left, opposite);
      put(from, EDGE, y);
      left = y + row;
    }
    if (!boxes.has(to)) {
      const y = Math.max(opposite, boxes.get(from)?.y ?? 0);
      put(to, right, y);
      opposite = y + row;
    }
  }
  // what a finding is about without a line stands with the others that are red
  const alone = items.filter((item) => !boxes.has(item) && findingsOf(item.node) > 0);
  let y = Math.max(left, opposite);
  const pair = (some: readonly Item[], gap: number) =>
    some.forEach((item, i) => {
      put(item, i % 2 === 0 ? EDGE : right, y);
      if (i % 2 === 1 || i === some.length - 1) y += BOX.height + gap;
    });
  pair(alone, REST_GAP_Y);
  pair(
    items.filter((item) => !boxes.has(item)),
    REST_GAP_Y,
  );
  const drawn = [...boxes.values()];
  const lines = drawLines(drawn, red, () => ({ top: 0, bottom: 0 }), right - EDGE - boxWidth);
  return { width, height: Math.max(y, BOX.height), boxes: drawn, lines, bands: [], judged, narrow: true, focus: focusOf(drawn, open) };
}

function strength(edge: NetworkEdge): number {
  return edge.grade === "proven" ? 3 : edge.grade === "corroborated" ? 2 : edge.grade === "indication" ? 1 : 0;
}
