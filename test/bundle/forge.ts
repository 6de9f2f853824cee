/** Bundles by a custodian who cheats: the log is written anew with other records, every hash made to fit, everything signed with the right key. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleCase, type BundleChoice } from "#evidence/bundle/assemble.ts";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { openCaseLog, readCaseLog } from "#evidence/log/case-log.ts";
import { hash } from "node:crypto";
import { relinked } from "./resign.ts";
import { SIGNER, temporaryFolder, type Made } from "./make.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonRecord = { [name: string]: Json };

/** `change` answers the record to log in place of the one given, or null for none. */
export function forge(made: Made, change: (type: string, record: JsonRecord) => JsonRecord | null, choice: BundleChoice = {}): Buffer {
  const folder = join(temporaryFolder(), "case");
  mkdirSync(folder);
  writeFileSync(join(folder, "keys.json"), readFileSync(join(made.folder, "keys.json")), { mode: 0o600 });
  if (existsSync(join(made.folder, "carved"))) cpSync(join(made.folder, "carved"), join(folder, "carved"), { recursive: true });
  const from = readCaseLog(made.folder);
  if (from === undefined) throw new Error("the case has no log");
  const renamed = new Map<string, string>();
  const log = openCaseLog(folder, SIGNER);
  for (const entry of from.records()) {
    if (entry.type === "origin") continue;
    const record = change(entry.type, relinked(structuredClone(entry.value) as JsonRecord, renamed) as JsonRecord);
    if (record === null) continue;
    renamed.set(entry.record, hash("sha256", canonicalJson(record), "hex"));
    log.append(entry.type, record);
  }
  log.close();
  return bundleCase(folder, log, SIGNER, choice, join(folder, "forged.tapproof"));
}
