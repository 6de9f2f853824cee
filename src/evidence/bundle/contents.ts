/**
 * What commitments hide, kept for a later opening: who the subscribers of a finding are. `contents/<finding>.bin` in the case folder, encrypted
 * (AES-256-GCM) under a key of the case: a copy of the folder without `keys.json` tells nothing, as with pseudonyms.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { makeFolder, writeWhole } from "#evidence/log/durable.ts";

export interface HiddenContents {
  /** Keys of subscribers (`imsi:…`), in the order of the finding's pseudonyms. */
  readonly subscribers: readonly string[];
  readonly identities: readonly string[];
}

const NONCE = 12;
const TAG = 16;

function contentsKey(saltKey: Uint8Array, finding: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", saltKey, new Uint8Array(0), `tapproof/contents/1\n${finding}`, 32));
}

export function keepContents(caseFolder: string, saltKey: Uint8Array, finding: string, record: string, contents: HiddenContents): void {
  makeFolder(join(caseFolder, "contents"));
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", contentsKey(saltKey, finding), nonce);
  const sealed = Buffer.concat([cipher.update(canonicalJson(contents), "utf8"), cipher.final()]);
  writeWhole(join(caseFolder, "contents", `${record}.bin`), Buffer.concat([nonce, cipher.getAuthTag(), sealed]));
}

/** Undefined where the case does not have them. Throws where the file was changed. */
export function hiddenContents(caseFolder: string, saltKey: Uint8Array, finding: string, record: string): HiddenContents | undefined {
  const path = join(caseFolder, "contents", `${record}.bin`);
  if (!existsSync(path)) return undefined;
  const octets = readFileSync(path);
  const decipher = createDecipheriv("aes-256-gcm", contentsKey(saltKey, finding), octets.subarray(0, NONCE));
  decipher.setAuthTag(octets.subarray(NONCE, NONCE + TAG));
  const text = Buffer.concat([decipher.update(octets.subarray(NONCE + TAG)), decipher.final()]).toString("utf8");
  return JSON.parse(text) as HiddenContents;
}
