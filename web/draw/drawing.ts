/** A network as it is laid out: boxes, lines, and what must be seen first. */
import type { Box } from "./box.ts";
import type { Line } from "./lines.ts";

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  /** There is a declaration: what it does not name is nobody's. */
  readonly judged: boolean;
  /** Findings in two columns, the rest below: for a narrow screen, which scrolls down. */
  readonly narrow: boolean;
  /** What a reader must see first: the group opened last, else the boxes with the strongest findings; null where nothing was found. */
  readonly focus: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } | null;
  /** Top and bottom of each row that holds something. */
  readonly bands: readonly { readonly row: number; readonly top: number; readonly bottom: number }[];
}

/** Where the boxes are that must be seen first. */
export function focusOf(boxes: readonly Box[], open: ReadonlySet<string>): Drawing["focus"] {
  const last = [...open].at(-1);
  const parts = boxes.filter((box) => box.part !== null && box.part === last);
  const groups = [
    parts,
    ...(["proven", "corroborated", "indication"] as const).map((grade) => boxes.filter((b) => b.node.findings[grade] > 0)),
  ];
  const found = groups.find((group) => group.length > 0);
  return found === undefined
    ? null
    : {
        left: Math.min(...found.map((b) => b.x)),
        top: Math.min(...found.map((b) => b.y)),
        right: Math.max(...found.map((b) => b.x + b.width)),
        bottom: Math.max(...found.map((b) => b.y + b.height)),
      };
}
