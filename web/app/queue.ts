/** Where one's own requests stand: asked for while something of one's own takes long, and no longer. */
import { useSyncExternalStore } from "react";
import type { Queued } from "#serve/api/types.ts";
import { get, onSlow } from "./api.ts";

const EVERY_MILLIS = 1000;
/** Answers without work of one's own, after which nothing is asked any more. */
const QUIET_ANSWERS = 3;

let work: readonly Queued[] = [];
let quiet = 0;
let timer: number | undefined;
const watchers = new Set<() => void>();

async function ask(): Promise<void> {
  timer = undefined;
  try {
    const answer = await get<{ readonly work: readonly Queued[] }>("/queue");
    quiet = answer.work.length === 0 ? quiet + 1 : 0;
    if (JSON.stringify(answer.work) !== JSON.stringify(work)) {
      work = answer.work;
      for (const watcher of watchers) watcher();
    }
  } catch {
    // whoever asked for the work is told what went wrong there
    quiet++;
  }
  if (quiet < QUIET_ANSWERS) timer ??= window.setTimeout(() => void ask(), EVERY_MILLIS);
}

/** Something was asked for that may wait its turn: a report that the browser fetches by itself, or a request that takes long. */
export function watchQueue(): void {
  quiet = 0;
  timer ??= window.setTimeout(() => void ask(), 250);
}
onSlow(watchQueue);

/** One's own work: place 0 is being worked on, place 1 is next. */
export function useQueue(): readonly Queued[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => work,
  );
}
