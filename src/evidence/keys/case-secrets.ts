/**
 * Secrets of a case, in its `keys.json` or apart from it (`key-place.ts`; 0600), each drawn by itself: whoever learns one learns nothing about another
 * (`method.md` §5.1).
 *
 *   pseudonyms  names subscribers        salts   commitments in bundles        prints    packet and content prints
 *   sampling    which packets take part  nonces  leaves of the log, and its origin
 *
 * Two machines that start a case with the same `keys.json` and the same inputs write the same records and the same log.
 */
import { createHmac, hash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { writeWhole } from "#evidence/log/durable.ts";
import { FileLock } from "#evidence/log/lock.ts";
import { decodeBase64, encodeBase64 } from "#evidence/note/base64.ts";
import { caseKeysFile, caseKeysLock, keysMissing, WITHOUT_KEYS } from "./key-place.ts";

export type CaseSecret = "pseudonyms" | "salts" | "prints" | "sampling" | "nonces";

const SECRET_OCTETS = 32;

/** The secret, drawn on first use. Throws `keys-missing` where the case had secrets and they are not here. */
export function caseSecret(caseFolder: string, name: CaseSecret): Uint8Array {
  const path = caseKeysFile(caseFolder);
  const found = existsSync(path) ? secretIn(read(path), name, path) : undefined;
  if (found !== undefined) return found;
  const missing = keysMissing(caseFolder);
  if (missing !== undefined) throw new EvidenceError("keys-missing", `${caseFolder}: ${missing}: ${WITHOUT_KEYS}`);
  // Two processes that draw at one time must not write over each other's.
  const lock = new FileLock(caseKeysLock(path));
  try {
    return lock.hold(() => draw(path, name));
  } finally {
    lock.close();
  }
}

function draw(path: string, name: CaseSecret): Uint8Array {
  const keys = existsSync(path) ? read(path) : {};
  const found = secretIn(keys, name, path);
  if (found !== undefined) return found;
  const drawn = new Uint8Array(randomBytes(SECRET_OCTETS));
  writeWhole(path, `${JSON.stringify({ ...keys, [name]: encodeBase64(drawn) }, null, 2)}\n`);
  return drawn;
}

function secretIn(keys: Readonly<Record<string, unknown>>, name: CaseSecret, path: string): Uint8Array | undefined {
  const known = keys[name];
  if (known !== undefined) {
    const bytes = typeof known === "string" ? decodeBase64(known) : undefined;
    if (bytes === undefined || bytes.length < 16) throw new EvidenceError("key-malformed", `${path}: ${name} is not base64 of a key`);
    return bytes;
  }
  return undefined;
}

function read(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new EvidenceError("key-malformed", `${path}: is not a JSON object of keys`);
}

/**
 * 128 bits that hide what a leaf is about, and are the same again for the same case, place and record. The record enters, so that
 * a leaf that was never committed and the one that took its place have nothing in common.
 */
export function leafNonce(nonces: Uint8Array, index: number, record: string): string {
  return createHmac("sha256", nonces).update(`tapproof/leaf/1\n${index}\n${record}`).digest("hex").slice(0, 32);
}

/** What is logged about a print key before its epoch begins; the key itself is opened later, if at all (`method.md` §5.1). */
export function printKeyHash(key: Uint8Array): string {
  return hash("sha256", Buffer.concat([Buffer.from("tapproof/print-key/1\n"), key]), "hex");
}
