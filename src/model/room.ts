/**
 * How much of its tables this process may fill: all of each, unless it was given less memory (`--memory`, `run/memory.ts`). A bound on what is kept is asked for as
 * `scaled(LIMIT)` where it is held; what it means, and what happens past it, stays as `docs/limits.md` says.
 */
let share = 1;

/** Least that a table holds, whatever the memory: below, nothing could be joined. */
const LEAST = 1_024;

/** Before anything is kept. `part`: above 0, at most 1. */
export function giveRoom(part: number): void {
  share = Math.min(1, Math.max(Number.MIN_VALUE, part));
}

/** The limit in this process. */
export function scaled(limit: number): number {
  return share === 1 ? limit : Math.min(limit, Math.max(LEAST, Math.floor(limit * share)));
}
