/** Where names of the network's lines stand: on their line, over no box and over no other name; what finds no such place is in the table. */
import type { Drawing } from "./drawing.ts";
import type { Line } from "./lines.ts";
import { fitEnd, widthOf } from "./text.ts";

export const NAME_SIZE = 11;

export interface Named {
  readonly line: Line;
  readonly name: string;
  /** What stands below the line; null where nothing does. */
  readonly volume: string | null;
  readonly x: number;
  /** Baselines. */
  readonly y: number;
  readonly volumeY: number;
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Lines that bear a name, beside those that are undeclared or looked at: beyond it names would be all there is. */
const NAMED = 40;
const WIDEST = 150;
const AROUND = [0, -0.1, 0.1, -0.2, 0.2, -0.3, 0.3, -0.4, 0.4, -0.45, 0.45];
/** Pixels from a line to the foot of what is written over it, and to that of what is written under it. */
const OVER = 5;
const UNDER = 15;

export function placeNames(
  drawing: Drawing,
  say: { readonly name: (line: Line) => string; readonly volume: (line: Line) => string | null },
  looked: (line: Line) => boolean,
): Named[] {
  const taken: Area[] = drawing.boxes.map((b) => ({ left: b.x - 2, right: b.x + b.width + 4, top: b.y - 5, bottom: b.y + b.height + 2 }));
  const free = (area: Area) =>
    area.left >= 0 &&
    area.right <= drawing.width &&
    area.top >= 0 &&
    taken.every((t) => area.right <= t.left || area.left >= t.right || area.bottom <= t.top || area.top >= t.bottom);
  const urgent = (line: Line) => (line.edge.grade === null ? 0 : 1) + (line.edge.status === "undeclared" ? 2 : 0) + (looked(line) ? 4 : 0);
  const wanted = drawing.lines
    .filter((line) => urgent(line) > 0 || drawing.lines.length <= NAMED)
    .toSorted((a, b) => urgent(b) - urgent(a) || b.edge.bytes - a.edge.bytes);
  const named: Named[] = [];
  for (const line of wanted) {
    // between two boxes it must fit between them; along a way round it has room
    const between = line.detour === null && line.from.x !== line.to.x ? line.x2 - line.x1 - 10 : WIDEST;
    const name = fitEnd(say.name(line), Math.min(WIDEST, between), NAME_SIZE);
    const volume = say.volume(line);
    const found = place(line, name, volume, free) ?? (volume === null ? null : place(line, name, null, free));
    if (found === null) continue;
    named.push(found);
    for (const area of areasOf(found)) taken.push(area);
  }
  return named;
}

function place(line: Line, name: string, volume: string | null, free: (area: Area) => boolean): Named | null {
  for (const over of volume === null ? [true, false] : [true])
    for (const shift of AROUND) {
      const t = (line.detour === null ? line.at : 0.5) + shift;
      if (t < 0.02 || t > 0.98) continue;
      const { x, y } = pointOn(line, t);
      const named: Named = { line, name, volume, x, y: over ? y - OVER : y + UNDER, volumeY: y + UNDER };
      if (areasOf(named).every(free)) return named;
    }
  return null;
}

function areasOf({ name, volume, x, y, volumeY }: Named): Area[] {
  const area = (text: string, at: number): Area => {
    const half = widthOf(text, NAME_SIZE) / 2 + 1;
    return { left: x - half, right: x + half, top: at - NAME_SIZE, bottom: at + 3.5 };
  };
  return volume === null ? [area(name, y)] : [area(name, y), area(volume, volumeY)];
}

/** A place on a line as it is drawn. */
function pointOn(line: Line, t: number): { readonly x: number; readonly y: number } {
  const { x1, y1, x2, y2, bulge, detour } = line;
  if (detour !== null) return { x: detour.fromX + (detour.toX - detour.fromX) * t, y: detour.y };
  // a curve's control points lie the bulge aside
  if (bulge > 0) return { x: x1 + (x2 - x1) * t - 3 * bulge * t * (1 - t), y: cubic(y1, y1, y2, y2, t) };
  return { x: x1 + (x2 - x1) * t, y: y1 + (y2 - y1) * t };
}

function cubic(a: number, b: number, c: number, d: number, t: number): number {
  const u = 1 - t;
  return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
}
