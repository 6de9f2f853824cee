/**
 * Where the secrets of a case lie: in `keys.json` of its folder, or apart from it. Apart, the folder has `keys.id` instead, a random number that tells
 * nothing, and the secrets are `<that number>.json` in the folder that `$TAPPROOF_KEYS` (`--keys DIR`) names, else in `cases/` of this installation
 * (`key-store.ts`). So a case can lie on a shared disk, be copied and handed on, and its keys stay.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { createWhole, makeFolder } from "#evidence/log/durable.ts";
import { homeFolder } from "./key-store.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What a folder is never handed on with. */
export const KEY_FILES: readonly string[] = ["keys.json", "keys.json.tmp", "keys.id", "keys.lock"];

const KEYS = "keys.json";
/** In a case whose secrets lie apart: under which number. */
export const KEYS_ID = "keys.id";
const ID_OCTETS = 16;
/** The number becomes part of a path, and a case may come from a stranger. */
const ID_PATTERN = /^[0-9a-f]{32}$/;

/** The file of the case's secrets, whether it is there or not. Throws `key-malformed` where `keys.id` is none. */
export function caseKeysFile(caseFolder: string, env: Env = process.env): string {
  const here = join(caseFolder, KEYS);
  if (existsSync(here) || !existsSync(join(caseFolder, KEYS_ID))) return here;
  const id = readFileSync(join(caseFolder, KEYS_ID), "utf8").slice(0, 64).trim();
  if (!ID_PATTERN.test(id)) throw new EvidenceError("key-malformed", `${join(caseFolder, KEYS_ID)}: is no number of a case's keys`);
  return join(keysFolder(env), `${id}.json`);
}

/** What keeps two processes from drawing the same secret, beside the secrets. */
export function caseKeysLock(keysFile: string): string {
  return join(dirname(keysFile), `${basename(keysFile, ".json")}.lock`);
}

/** Has a folder that is no case yet keep its secrets apart, where a folder for them is named. */
export function placeKeys(caseFolder: string, env: Env = process.env): void {
  if (named(env) === undefined || KEY_FILES.some((name) => existsSync(join(caseFolder, name))) || hasSecrets(caseFolder)) return;
  makeFolder(keysFolder(env));
  createWhole(join(caseFolder, KEYS_ID), `${randomBytes(ID_OCTETS).toString("hex")}\n`);
}

/**
 * Why secrets of this case are not at hand: undefined where they are, or where there is no case yet. Without them a case is read, and nothing else: whoever drew
 * new ones would name the same people otherwise, and go on with a log that its owner goes on with, too.
 */
export function keysMissing(caseFolder: string, env: Env = process.env): string | undefined {
  if (!hasSecrets(caseFolder) || existsSync(caseKeysFile(caseFolder, env))) return undefined;
  return existsSync(join(caseFolder, KEYS_ID))
    ? `its keys lie apart and are not in ${keysFolder(env)} (name their folder by --keys or TAPPROOF_KEYS)`
    : "it was handed on without its keys";
}

/** What cannot be done with a case whose keys are not here. */
export const WITHOUT_KEYS = "it can be read; nothing can be added to it, and no identity, packet or pair opened";

/** A log draws secrets before it holds anything. */
function hasSecrets(caseFolder: string): boolean {
  return existsSync(join(caseFolder, "log", "checkpoint"));
}

function keysFolder(env: Env): string {
  return named(env) ?? join(homeFolder(env), "cases");
}

function named(env: Env): string | undefined {
  const folder = env["TAPPROOF_KEYS"];
  return folder === undefined || folder === "" ? undefined : resolve(folder);
}
