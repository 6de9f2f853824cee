/**
 * Keys of one run, from the case's own: they travel in the bundle of a run whose findings rest on prints, so that a replay makes the same ones. No
 * print is kept anywhere, so they tell nothing about the run they were used for; and as each run has its own, they tell nothing that would
 * help to hide from the next one (`method.md` §5.1).
 */
import { hkdfSync } from "node:crypto";
import { readCaseLog } from "#evidence/log/case-log.ts";
import type { CopyKeys } from "#run/copy-search.ts";

/** SipHash keys of 128 bits. `prints` and `sampling` are the case's secrets, `run` counts its scans from 0. */
export function runKeys(prints: Uint8Array, sampling: Uint8Array, run: number): CopyKeys {
  const derive = (secret: Uint8Array, what: string): Uint8Array =>
    new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(0), `tapproof/${what}/1\n${run}`, 16));
  return { print: derive(prints, "print-key"), sampling: derive(sampling, "sampling-key") };
}

/** Scans that the case's log holds already. */
export function runsOf(caseFolder: string): number {
  const last = readCaseLog(caseFolder)?.last("coverage");
  return last === undefined ? 0 : Number(last.value["sequence"]) + 1;
}
