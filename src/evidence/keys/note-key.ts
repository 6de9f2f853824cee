/**
 * C2SP signed-note v1.0.0: key names, key ids and verifier keys ("vkeys"), for the two types this program signs and verifies:
 *
 *   0x01  Ed25519 over the note text (a log's own signature)
 *   0x04  timestamped Ed25519 cosignature of a checkpoint (C2SP tlog-cosignature)
 *
 *   vkey  = <name> "+" hex(key id) "+" base64(type || 32-octet public key)
 *   id    = first 4 octets of SHA-256(name || 0x0A || type || public key)
 */
import { createPublicKey, hash, verify, type KeyObject } from "node:crypto";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { decodeBase64, encodeBase64 } from "#evidence/note/base64.ts";

export const KEY_TYPE = { note: 0x01, cosignature: 0x04 } as const;
export type KeyType = (typeof KEY_TYPE)[keyof typeof KEY_TYPE];

/** Longest key name taken; the specification sets none. */
const MAX_NAME = 255;

export interface VerifierKey {
  readonly name: string;
  /** uint32. */
  readonly id: number;
  readonly type: KeyType;
  /** RFC 8032 encoding, 32 octets. */
  readonly publicKey: Uint8Array;
}

/** Non-empty, no Unicode space, no plus, no control character (signed-note, Format). */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.length <= MAX_NAME && name.isWellFormed() && !/[\s+\p{White_Space}\p{Cc}]/u.test(name);
}

export function keyId(name: string, type: KeyType, publicKey: Uint8Array): number {
  return hash("sha256", Buffer.concat([Buffer.from(name), Buffer.of(0x0a, type), publicKey]), "buffer").readUInt32BE(0);
}

/** Throws `key-malformed` for a name that may not stand in a note, and for a public key that verifies anything. */
export function verifierKey(name: string, type: KeyType, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new EvidenceError("key-malformed", "key name: expected some characters without spaces and plus signs");
  if (publicKey.length !== 32) throw new EvidenceError("key-malformed", `key ${name}: a public key has 32 octets, not ${publicKey.length}`);
  if (isSmallOrder(publicKey)) throw new EvidenceError("key-malformed", `key ${name}: a public key of small order would verify anything`);
  return { name, id: keyId(name, type, publicKey), type, publicKey };
}

export function formatKeyId(id: number): string {
  return id.toString(16).padStart(8, "0");
}

export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${formatKeyId(key.id)}+${encodeBase64(Buffer.concat([Buffer.of(key.type), key.publicKey]))}`;
}

/** Reads one vkey. Throws `key-malformed` unless every octet is as the specification has it. */
export function parseVerifierKey(text: string): VerifierKey {
  const bad = (why: string): EvidenceError => new EvidenceError("key-malformed", `verifier key: ${why}`);
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  if (match === null) throw bad("expected NAME+ID+BASE64, as in example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
  const [, name = "", id = "", encoded = ""] = match;
  const material = decodeBase64(encoded);
  if (material === undefined) throw bad("the last part is not canonical base64");
  const type = material[0];
  if (type !== KEY_TYPE.note && type !== KEY_TYPE.cosignature) throw bad(`signature type ${type ?? "missing"} is not supported (1, 4 are)`);
  const key = verifierKey(name, type, material.subarray(1));
  if (formatKeyId(key.id) !== id) throw bad(`the key id is ${formatKeyId(key.id)}, not ${id}`);
  return key;
}

const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

export function publicKeyObject(publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: "der", type: "spki" });
}

/** Raw octets of an Ed25519 public key in PEM (SPKI); undefined where it is something else. */
export function publicKeyFromPem(pem: string): Uint8Array | undefined {
  try {
    const key = createPublicKey({ key: pem, format: "pem" });
    if (key.asymmetricKeyType !== "ed25519") return undefined;
    return new Uint8Array(key.export({ format: "der", type: "spki" }).subarray(SPKI_PREFIX.length));
  } catch {
    return undefined;
  }
}

/** RFC 8032 Ed25519; false for anything that is no valid signature. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  try {
    return verify(null, message, publicKeyObject(publicKey), signature);
  } catch {
    return false;
  }
}

/**
 * Encodings (sign bit cleared) of the points whose order divides 8, the non-canonical ones included. With such a key the
 * signature equation holds for messages nobody signed.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]);

function isSmallOrder(publicKey: Uint8Array): boolean {
  const y = Buffer.from(publicKey);
  y[31] = (y[31] as number) & 0x7f;
  return SMALL_ORDER.has(y.toString("hex"));
}
