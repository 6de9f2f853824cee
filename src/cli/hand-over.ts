/** `custody DIR --hand-over FOLDER`: a copy of a case for somebody else, without its keys (`docs/case.md`). */
import { copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { KEY_FILES } from "#evidence/keys/key-place.ts";
import type { CaseFolder } from "#store/case-folder.ts";
import { UsageError } from "./errors.ts";

/** Files that belong to whoever works in the folder, at any depth. */
const OF_THE_MOMENT = /(^|[./])(lock|tmp|next)$/;

/** Throws `UsageError` where the copy cannot be made there. To be asked before the custody says that the case was handed over. */
export function checkHandOver(folder: CaseFolder, target: string): void {
  if (folder.unfinished() !== undefined)
    throw new UsageError(`custody: ${folder.path}: a scan is under way or was cut short; end it before the case is handed over`);
  if (existsSync(target)) throw new UsageError(`custody: --hand-over ${target}: is there already; name a new folder`);
  if (`${resolve(target)}${sep}`.startsWith(`${resolve(folder.path)}${sep}`))
    throw new UsageError(`custody: --hand-over ${target}: lies in the case itself; name a folder outside`);
}

/** Copies what a case holds but its keys; links are not followed, and not copied. */
export function copyWithoutKeys(from: string, to: string): void {
  mkdirSync(to, { mode: 0o700 });
  for (const name of readdirSync(from)) {
    if (KEY_FILES.includes(name) || OF_THE_MOMENT.test(name)) continue;
    const found = lstatSync(join(from, name));
    if (found.isDirectory()) copyWithoutKeys(join(from, name), join(to, name));
    else if (found.isFile()) copyFileSync(join(from, name), join(to, name));
  }
}
