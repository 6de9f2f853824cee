/**
 * One scan on its way into a case. The order of its steps is what makes a kill harmless:
 *
 *   begin     mark (reading)         the case shows what it showed before
 *             keys, print keys, rows of an open transaction
 *   prepare   findings beside the old ones, mark (storing)
 *             commit of the database
 *   seal      the log                from here on the scan counts
 *             the bundle
 *   finish    findings, declaration, case.json in their places, mark gone
 *
 * Whoever finds the mark looks into the log: with the scan in it the rest is done now, without it what was stored is taken out again.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bundleCase } from "#evidence/bundle/assemble.ts";
import { EvidenceError } from "#evidence/evidence-error.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { openCaseLog } from "#evidence/log/case-log.ts";
import { FileLock } from "#evidence/log/lock.ts";
import { CaseError, CaseFolder } from "#store/case-folder.ts";
import { readUnfinished, SCAN_LOCK } from "#store/unfinished.ts";
import { runsOf } from "./seal/run-keys.ts";

/** One scan at a time in a case. Throws `CaseError` where another one is at work. The lock goes with the process that holds it. */
export function lockCase(path: string): FileLock {
  const lock = new FileLock(join(path, SCAN_LOCK));
  try {
    lock.acquire(0);
  } catch (error) {
    lock.close();
    const busy = error instanceof EvidenceError && /another process/.test(error.message);
    throw new CaseError(
      busy
        ? `${path}: another scan writes into this case; wait until it is done, or name a new folder`
        : `${path}: cannot be written to; check who may, or name another folder`,
    );
  }
  return lock;
}

/**
 * Ends what a scan that was cut short left behind: `finished` where the log holds it, `dropped` where not, null where there was nothing. The
 * caller holds the lock.
 */
export async function recoverCase(folder: CaseFolder, signer: Signer): Promise<"finished" | "dropped" | null> {
  const left = folder.unfinished();
  if (left === undefined) return null;
  if (left.next !== undefined) {
    if (runsOf(folder.path) > left.next.sequence) {
      const log = openCaseLog(folder.path, signer);
      try {
        bundleCase(folder.path, log, signer);
      } finally {
        log.close();
      }
      folder.finish();
      return "finished";
    }
    const database = folder.file("database");
    if (existsSync(database)) {
      const { CaseWriter } = await import("#store/database.ts");
      await CaseWriter.forget(database, left.next.databaseRun);
    }
  }
  folder.abandon();
  return "dropped";
}

/** For commands that write into a case: as `recoverCase`, where there is something to recover and no scan is at work. */
export async function recoverAt(path: string, signer: () => Signer): Promise<"finished" | "dropped" | null> {
  if (readUnfinished(path) === undefined) return null;
  let lock: FileLock;
  try {
    lock = lockCase(path);
  } catch {
    // a scan is at work, or nothing may be written: opening the case says what it is
    return null;
  }
  try {
    return await recoverCase(CaseFolder.check(path, true), signer());
  } finally {
    lock.close();
  }
}

/** What the caller is told of it. */
export function recoveryText(path: string, outcome: "finished" | "dropped"): string {
  return outcome === "finished"
    ? `${path}: an earlier scan that was cut short after it was sealed is now whole`
    : `${path}: what an earlier scan left that was cut short is taken out; its captures must be scanned again`;
}
