/** Cases that several files of tests look at are scanned once a run: the first that asks scans, each gets a copy of its own to write into. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { programHash } from "#run/seal/program.ts";

const PLACE = process.env["TAPPROOF_TEST_SCANNED"];

/**
 * Copies the case to `out`, whose folder must be there. `key` names all that decides what is in it besides the files in `inputs` and the
 * program (options, the home of its keys); `scan` makes the case in the folder that it is given. A case that another file of tests is
 * making at the same moment is made twice.
 */
export async function scannedOnce(
  key: readonly string[],
  inputs: string,
  out: string,
  scan: (folder: string) => Promise<void> | void,
): Promise<void> {
  if (PLACE === undefined) throw new Error("tools/test/set-up.ts has not run");
  const files = globSync("**/*", { cwd: inputs }).map((file) => `${file} ${statSync(join(inputs, file)).mtimeMs}`);
  // The case's own name is the folder's, and stands in its bundle.
  const name = out.slice(out.lastIndexOf("/") + 1);
  const id = createHash("sha256")
    .update(JSON.stringify([programHash(), resolve(inputs), files.sort(), key, name]))
    .digest("hex");
  const kept = join(PLACE, id);
  if (!existsSync(kept)) {
    const making = mkdtempSync(join(PLACE, "making-"));
    mkdirSync(making, { recursive: true });
    await scan(join(making, name));
    try {
      renameSync(making, kept);
    } catch {
      // another one was faster
      rmSync(making, { recursive: true, force: true });
    }
  }
  cpSync(join(kept, name), out, { recursive: true, preserveTimestamps: true });
}

/** Keys of the cases that are scanned once: all are signed by one installation. */
export function sharedHome(): string {
  if (PLACE === undefined) throw new Error("tools/test/set-up.ts has not run");
  const home = join(PLACE, "home");
  mkdirSync(home, { recursive: true });
  return home;
}
