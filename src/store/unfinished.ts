/**
 * The mark of a scan that is under way in a case: put down before anything else is written, taken away after everything is. Who finds it
 * later knows that the scan was cut short, and how far it came.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CaseRun } from "./case-folder.ts";

export const UNFINISHED_FILE = "unfinished.json";
/** Held by the scan that writes into the case. */
export const SCAN_LOCK = "scan.lock";

export interface Unfinished {
  readonly schema: "tapproof/unfinished/1";
  /**
   * `reading`: what the case shows is as it was before. `storing`: database, log and files are being brought to the new state one after the
   * other; the log decides: once it holds the scan, the rest follows, until then nothing of it counts.
   */
  readonly phase: "reading" | "storing";
  /** When the scan began, RFC 3339. */
  readonly at: string;
  readonly process: number;
  /** Of the phase `storing` only. */
  readonly next?: {
    /** Entry of `case.json`, and how many were there before. */
    readonly run: CaseRun;
    readonly runsBefore: number;
    readonly basis: string | null;
    readonly tool: string;
    /** Number of the scan in the database. */
    readonly databaseRun: number;
    /** Number of its coverage statement in the log. */
    readonly sequence: number;
  };
}

/** Undefined where no scan is under way or was cut short. A mark that cannot be read is still one. */
export function readUnfinished(folder: string): Unfinished | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, UNFINISHED_FILE), "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
  try {
    const mark = JSON.parse(text) as Unfinished;
    if (mark.phase === "reading" || (mark.phase === "storing" && mark.next !== undefined)) return mark;
  } catch {
    // said by what it is taken for
  }
  return { schema: "tapproof/unfinished/1", phase: "reading", at: "at a time that is not known", process: 0 };
}

/** What, and what to do. `inCase`: earlier scans of the case are finished. */
export function unfinishedText({ phase, at, process: id }: Unfinished, inCase: boolean): string {
  const scan = `holds a scan begun ${at}`;
  if (isAlive(id))
    return phase === "reading" && inCase
      ? `${scan}, which is still under way (process ${id}): nothing of it is shown yet; wait until it is done (were it dead: add --append to the next scan)`
      : `${scan}, which is still under way (process ${id}); wait until it is done (were it dead: scan again with --append)`;
  if (phase === "storing")
    return `${scan} that was cut short while it was stored; "tapproof scan … --append" or "tapproof bundle" of the case ends this`;
  return inCase
    ? `${scan} that was cut short: nothing of it is in the case; scan those captures again with --append`
    : `${scan} that was cut short, and nothing else; scan again with --append, or into a new folder`;
}

function isAlive(id: number): boolean {
  if (id <= 0) return false;
  try {
    process.kill(id, 0);
    return id !== process.pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
