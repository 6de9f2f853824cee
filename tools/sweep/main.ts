/**
 * `node tools/sweep/main.ts [--all | --sample N] [--seed N] [CAPTURE|FOLDER...]`: damages captures and scans them.
 * No crash, no hang (one scan ends within 30 s), no unbounded memory (1,024 MiB). `--all` is every damage (hours); the default is a sample.
 */
import { fork } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Job, Told } from "./child.ts";
import type { Damage } from "./damage.ts";

const HANG_MS = 30_000;
const MAX_RSS_MIB = 1_024;

export interface SweepResult {
  readonly file: string;
  readonly tried: number;
  readonly failures: readonly string[];
}

/** Damages one file in a process of its own; a process that dies or hangs is a failure that names the damage. */
export async function sweep(job: Job): Promise<SweepResult> {
  const failures: string[] = [];
  let tried = 0;
  await new Promise<void>((resolve) => {
    const child = fork(new URL("./child.ts", import.meta.url), { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    let last: Damage | undefined;
    let done = false;
    let errors = "";
    child.stderr?.on("data", (text: Buffer) => {
      if (errors.length < 4_000) errors += text.toString();
    });
    const watch = (): NodeJS.Timeout =>
      setTimeout(() => {
        failures.push(`${describe(last)}: no end after ${HANG_MS / 1000} s`);
        child.kill("SIGKILL");
      }, HANG_MS);
    let timer = watch();
    child.on("message", (told: Told) => {
      clearTimeout(timer);
      if (told.kind === "done") {
        done = true;
        tried = told.tried;
        if (told.maxRssMib > MAX_RSS_MIB) failures.push(`peak memory ${told.maxRssMib} MiB, at most ${MAX_RSS_MIB} expected`);
        return;
      }
      timer = watch();
      if (told.kind === "trying") last = told.damage;
      else failures.push(`${describe(told.damage)}: ${told.why}`);
    });
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      if (!done) failures.push(`${describe(last)}: the process ended (${signal ?? code}) ${errors}`);
      resolve();
    });
    child.send(job);
  });
  return { file: job.file, tried, failures };
}

function describe(damage: Damage | undefined): string {
  if (damage === undefined) return "before the first damage";
  return damage.kind === "cut" ? `cut at ${damage.offset}` : `flipped 0x${damage.mask.toString(16)} at ${damage.offset}`;
}

/** Capture files below a folder, by name. */
export function captureFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(pcap|pcapng|cap)(\.gz|\.zst)?$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { all: { type: "boolean" }, sample: { type: "string", default: "40" }, seed: { type: "string", default: "1" } },
  });
  const files = (positionals.length > 0 ? positionals : ["../shared/captures"]).flatMap(captureFiles);
  const scratch = mkdtempSync(join(tmpdir(), "tapproof-sweep-"));
  let tried = 0;
  let failed = 0;
  for (const file of files) {
    const suffix = /\.(gz|zst)$/.exec(file)?.[0] ?? "";
    const sample = values.all === true ? {} : { sample: Number(values.sample) };
    const result = await sweep({ file, scratch: join(scratch, `damaged.pcap${suffix}`), seed: Number(values.seed), ...sample });
    tried += result.tried;
    failed += result.failures.length;
    console.log(`${file}: ${result.tried} damaged copies scanned, ${result.failures.length} failures`);
    for (const failure of result.failures.slice(0, 10)) console.log(`  ${failure}`);
  }
  rmSync(scratch, { recursive: true, force: true });
  console.log(`${files.length} captures, ${tried} damaged copies scanned, ${failed} failures`);
  process.exitCode = failed === 0 ? 0 : 1;
}
