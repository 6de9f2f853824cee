import { readFileSync } from "node:fs";
import type { CaseKeys } from "#store/case-folder.ts";
import { UsageError } from "./errors.ts";

/** `--case-keys`: another case's `keys.json`. Throws UsageError. */
export function readCaseKeys(command: string, file: string): { readonly keys: CaseKeys; readonly text: string } {
  try {
    const text = readFileSync(file, "utf8");
    const keys = JSON.parse(text) as CaseKeys;
    if (typeof keys.pseudonyms === "string") return { keys, text };
  } catch {
    // said below
  }
  throw new UsageError(`${command}: --case-keys ${file}: holds no keys of a case, name the keys.json of one`);
}
