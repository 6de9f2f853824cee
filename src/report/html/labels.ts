/** Where names stand on the lines of the map: beside their line, on no box and on no other name. What finds no place is in the table. */
import type { Rect, Spot } from "./routes.ts";

/** Of a name in the drawing's units: its lines, and the mean width of a character at that size. */
export const LABEL = { height: 11, character: 5.7, away: 5 } as const;
const DISC = 9;

export interface LabelPlace {
  /** Where the first line's text begins, or its middle, or its end. */
  readonly x: number;
  readonly y: number;
  readonly anchor: "" | "middle" | "end";
}

export class Labels {
  readonly #taken: Rect[];

  constructor(boxes: readonly Rect[]) {
    this.#taken = [...boxes];
  }

  /** A place for discs in a row, on the line's longest stretch. */
  disc(line: readonly Spot[], count: number): Spot {
    const [longest] = stretches(line);
    const at =
      longest === undefined ? (line[0] ?? { x: 0, y: 0 }) : { x: (longest.a.x + longest.b.x) / 2, y: (longest.a.y + longest.b.y) / 2 };
    this.#taken.push({ x: at.x - DISC * count, y: at.y - DISC, width: 2 * DISC * count, height: 2 * DISC });
    return at;
  }

  /** Undefined where there is no room. */
  text(line: readonly Spot[], names: readonly string[]): LabelPlace | undefined {
    const width = Math.max(...names.map((name) => Array.from(name).length)) * LABEL.character;
    const height = names.length * LABEL.height;
    for (const { a, b } of stretches(line)) {
      for (const share of [0.5, 0.35, 0.65, 0.2, 0.8]) {
        const [x, y] = [a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share];
        const rects: readonly (readonly [LabelPlace["anchor"], Rect])[] =
          a.y === b.y
            ? [
                ["middle", { x: x - width / 2, y: y - height - 2, width, height }],
                ["middle", { x: x - width / 2, y: y + 3, width, height }],
              ]
            : [
                ["", { x: x + LABEL.away, y: y - height / 2, width, height }],
                ["end", { x: x - LABEL.away - width, y: y - height / 2, width, height }],
              ];
        for (const [anchor, rect] of rects) {
          if (this.#taken.some((other) => overlap(rect, other))) continue;
          this.#taken.push(rect);
          const left = anchor === "middle" ? rect.x + width / 2 : anchor === "end" ? rect.x + width : rect.x;
          return { x: left, y: rect.y + LABEL.height - 2, anchor };
        }
      }
    }
    return undefined;
  }
}

/** The straight pieces of a line, the longest first. */
function stretches(line: readonly Spot[]): { readonly a: Spot; readonly b: Spot }[] {
  const length = ({ a, b }: { readonly a: Spot; readonly b: Spot }): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
  return line
    .slice(1)
    .map((b, i) => ({ a: line[i] as Spot, b }))
    .sort((one, other) => length(other) - length(one));
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
