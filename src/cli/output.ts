/** Whether a file can be written where `--out` says, asked before the work and before anything is recorded. */
import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "./errors.ts";

/** Throws UsageError where the folder is missing or not writable, or the path is a folder itself. Writes nothing. */
export function checkOutput(path: string): void {
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`${path}: there is no folder ${folder}; make it first`);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new UsageError(`${path}: is a folder; name a file`);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new UsageError(`${path}: ${folder} is not writable; name another place`);
  }
}
