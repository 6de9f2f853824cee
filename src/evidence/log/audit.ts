/**
 * Reads a case's log from end to end and says everything that does not hold: what an auditor who was given the whole folder does. Uses the
 * entries only; the tiles are computed again and compared.
 */
import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseVerifierKey } from "#evidence/keys/note-key.ts";
import { openNote, parseNote } from "#evidence/note/note.ts";
import { parseCheckpoint } from "#evidence/note/checkpoint.ts";
import { parsePolicy } from "#evidence/note/policy.ts";
import type { CaseLog } from "./case-log.ts";
import { leafFields } from "./leaf.ts";
import { readSealed, sealedSizes } from "./sealed.ts";
import { FolderStorage, MemoryStorage } from "./tile-storage.ts";
import { TileReader } from "./tile-reader.ts";
import { TileWriter } from "./tile-writer.ts";
import { equalHashes } from "./tree.ts";

export interface LogAudit {
  readonly size: number;
  readonly problems: readonly string[];
}

/** Problems listed of one log; further ones are not told apart. */
const MAX_PROBLEMS = 100;

export function auditCaseLog(caseFolder: string): LogAudit {
  const problems: string[] = [];
  const say = (problem: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push(problem);
  };
  let size = 0;
  try {
    const text = readFileSync(join(caseFolder, "log", "checkpoint"), "utf8");
    const head = parseCheckpoint(parseNote(text).text);
    size = head.size;
    const onDisk = new FolderStorage(join(caseFolder, "log"));
    const reader = new TileReader(onDisk, size);
    const again = new MemoryStorage();
    const writer = new TileWriter(again, 0);
    let origin: Record<string, unknown> | undefined;
    let statements = 0;
    let lastStatement: string | null = null;
    for (let bundle = 0; bundle * 256 < size; bundle++) {
      for (const [place, leaf] of reader.bundle(bundle).entries()) {
        const index = bundle * 256 + place;
        writer.append(leaf);
        const fields = leafFields(leaf);
        if (fields === undefined) {
          say(`leaf ${index}: not of the form {nonce, record, type}`);
          continue;
        }
        const path = join(caseFolder, "records", `${fields.record}.json`);
        const record = existsSync(path) ? readFileSync(path) : undefined;
        if (record === undefined) say(`leaf ${index}: its record ${fields.record} is missing`);
        else if (hash("sha256", record, "hex") !== fields.record) say(`leaf ${index}: its record ${fields.record} was changed`);
        else if (index === 0) origin = JSON.parse(record.toString("utf8")) as Record<string, unknown>;
        else if (fields.type === "coverage") {
          const { sequence, previous } = JSON.parse(record.toString("utf8")) as Record<string, unknown>;
          if (sequence !== statements || previous !== lastStatement)
            say(`leaf ${index}: coverage statement ${statements} is missing, or out of order`);
          statements++;
          lastStatement = fields.record;
        }
      }
    }
    if (!equalHashes(writer.root(), head.root)) say("the entries do not lead to the checkpoint's root");
    writer.flush();
    for (const [path, expected] of again.files) {
      const found = onDisk.read(path);
      if (found === undefined || Buffer.compare(found, expected) !== 0) say(`${path}: is not what the entries give`);
    }
    if (origin === undefined) say("leaf 0: no origin");
    else {
      const key = parseVerifierKey(String(origin["key"]));
      openNote(text, [key]);
      if (origin["origin"] !== head.origin) say("leaf 0: names another origin than the checkpoint");
      for (const sealedSize of sealedSizes(caseFolder)) {
        const sealed = readSealed(caseFolder, sealedSize, head.origin, key, parsePolicy(String(origin["policy"])));
        if (sealed.checkpoint.size > size || !equalHashes(reader.root(sealed.checkpoint.size), sealed.checkpoint.root)) {
          say(`log/sealed/${sealed.checkpoint.size}: is not a head of this log`);
        }
      }
    }
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
  return { size, problems };
}

/** Records that no leaf names: left by a kill between writing a record and signing the head. They are not part of the case. */
export function orphanedRecords(log: CaseLog): string[] {
  const named = new Set<string>();
  for (const { record } of log.records()) named.add(`${record}.json`);
  return readdirSync(join(log.folder, "records")).filter((name) => name.endsWith(".json") && !named.has(name));
}
