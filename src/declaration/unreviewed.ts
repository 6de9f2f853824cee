/** A declaration that nobody reviewed yet: what `learn` drafts from traffic, until a person has taken `unreviewed` out. */
import type { Declaration } from "./types.ts";

/** The name that `learn` writes where a name belongs: it is nobody's. */
const PLACEHOLDER = "draft";

export function isUnreviewed({ unreviewed }: Pick<Declaration, "unreviewed">): boolean {
  return unreviewed.length > 0;
}

/** Null where nobody has named the network yet. */
export function networkName(declaration: Pick<Declaration, "network" | "unreviewed">): string | null {
  const { name } = declaration.network;
  return isUnreviewed(declaration) && name === PLACEHOLDER ? null : name;
}
