/**
 * Scans one capture again and again, each time damaged in one place, and tells the parent before each, so that the parent knows which
 * damage a crash or a hang belongs to.
 */
import { closeSync, copyFileSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { CaptureError } from "#capture/reader.ts";
import { scan } from "#run/scan.ts";
import { damages, type Damage } from "./damage.ts";

export interface Job {
  readonly file: string;
  /** Where the damaged copy may be written. */
  readonly scratch: string;
  readonly seed: number;
  readonly sample?: number;
}

export type Told =
  | { readonly kind: "trying"; readonly damage: Damage }
  | { readonly kind: "failed"; readonly damage: Damage; readonly why: string }
  | { readonly kind: "done"; readonly tried: number; readonly maxRssMib: number };

const tell = (told: Told): void => void process.send?.(told);

async function run({ file, scratch, seed, sample }: Job): Promise<void> {
  const octets = readFileSync(file);
  const plan = damages(octets.length, seed, sample);
  for (const damage of plan) {
    tell({ kind: "trying", damage });
    copyFileSync(file, scratch);
    if (damage.kind === "cut") truncateSync(scratch, damage.offset);
    else {
      const handle = openSync(scratch, "r+");
      writeSync(handle, Uint8Array.of((octets[damage.offset] as number) ^ damage.mask), 0, 1, damage.offset);
      closeSync(handle);
    }
    const why = await attempt(scratch);
    if (why !== undefined) tell({ kind: "failed", damage, why });
  }
  rmSync(scratch, { force: true });
  tell({ kind: "done", tried: plan.length, maxRssMib: Math.round(process.resourceUsage().maxRSS / 1024) });
}

/** What went wrong; undefined where the scan ended as it should: with a document, or refusing the file by name. */
async function attempt(file: string): Promise<string | undefined> {
  try {
    const { document } = await scan({ paths: [file], declaration: null, skipBad: false, identities: false });
    const left = document.coverage.gaps.find(({ kind }) => kind === "detector");
    return left === undefined ? undefined : left.why;
  } catch (error) {
    if (error instanceof CaptureError) return undefined;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

process.once("message", (job: Job) => {
  writeFileSync(job.scratch, "", { mode: 0o600 });
  void run(job).then(() => process.disconnect());
});
