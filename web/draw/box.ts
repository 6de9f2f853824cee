import type { NetworkNode } from "#serve/api/types.ts";

/** Pixels of a function's box; one that spans rows, or names what it stands for, is higher. */
export const BOX = { width: 140, height: 42 } as const;

export interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly node: NetworkNode;
  /** What it stands for, where several are drawn as one. */
  readonly members: readonly NetworkNode[];
  /** The group that it opens into; null for what is itself. */
  readonly opens: string | null;
  /** The opened group that it is a part of; null outside one. */
  readonly part: string | null;
  readonly rows: readonly [number, number];
}

/** Drawn across rows, so that its lines leave it in the row of their plane. */
export function spansRows(box: Box): boolean {
  return box.height > BOX.height + 1 && box.node.kind === "function";
}
