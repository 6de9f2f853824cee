/**
 * An Ed25519 key that signs notes. Its text form is the one of golang.org/x/mod/sumdb/note:
 *
 *   "PRIVATE+KEY+" name "+" hex(key id) "+" base64(type || 32-octet seed)
 *
 * The seed never leaves this file but by `exportText`.
 */
import { createPrivateKey, createPublicKey, randomBytes, sign, type KeyObject } from "node:crypto";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { decodeBase64, encodeBase64 } from "#evidence/note/base64.ts";
import { formatKeyId, formatVerifierKey, KEY_TYPE, verifierKey, type KeyType, type VerifierKey } from "./note-key.ts";

const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

export class Signer {
  readonly key: VerifierKey;
  readonly #seed: Uint8Array;
  readonly #private: KeyObject;

  private constructor(name: string, type: KeyType, seed: Uint8Array) {
    this.#seed = Uint8Array.from(seed);
    this.#private = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
    const spki = createPublicKey(this.#private).export({ format: "der", type: "spki" });
    this.key = verifierKey(name, type, new Uint8Array(spki.subarray(spki.length - 32)));
  }

  /** From a 32-octet seed (RFC 8032 private key). */
  static fromSeed(name: string, seed: Uint8Array, type: KeyType = KEY_TYPE.note): Signer {
    if (seed.length !== 32) throw new EvidenceError("key-malformed", `signing key: a seed has 32 octets, not ${seed.length}`);
    return new Signer(name, type, seed);
  }

  /** A new key. Without a name it is called after its public key, which says nothing about the machine or its owner. */
  static generate(name?: string, type: KeyType = KEY_TYPE.note): Signer {
    return Signer.#named(randomBytes(32), type, name);
  }

  /** Text form, or PEM PKCS#8 (then the key is called after its public key). Throws `key-malformed`. */
  static parse(text: string, type: KeyType = KEY_TYPE.note): Signer {
    if (text.startsWith("-----BEGIN")) return Signer.#named(seedFromPem(text), type, undefined);
    const bad = (why: string): EvidenceError => new EvidenceError("key-malformed", `signing key: ${why}`);
    const match = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.endsWith("\n") ? text.slice(0, -1) : text);
    if (match === null) throw bad("expected PRIVATE+KEY+NAME+ID+BASE64 or PEM PKCS#8");
    const [, name = "", id = "", encoded = ""] = match;
    const material = decodeBase64(encoded);
    if (material?.length !== 33) throw bad("the last part is not base64 of a type and 32 octets");
    if (material[0] !== type) throw bad(`signature type ${material[0]} where ${type} is needed`);
    const signer = Signer.fromSeed(name, material.subarray(1), type);
    if (formatKeyId(signer.key.id) !== id) throw bad("the key id does not fit the key");
    return signer;
  }

  static #named(seed: Uint8Array, type: KeyType, name: string | undefined): Signer {
    const unnamed = new Signer(name ?? "unnamed", type, seed);
    const prefix = type === KEY_TYPE.note ? "tapproof" : "tapproof-witness";
    return name === undefined
      ? new Signer(`${prefix}/${Buffer.from(unnamed.key.publicKey.subarray(0, 8)).toString("hex")}`, type, seed)
      : unnamed;
  }

  get name(): string {
    return this.key.name;
  }

  /** The public half as a vkey: what `verify --key` takes. */
  get vkey(): string {
    return formatVerifierKey(this.key);
  }

  /** RFC 8032 Ed25519, 64 octets. Deterministic: the same message gives the same signature. */
  sign(message: Uint8Array): Uint8Array {
    return new Uint8Array(sign(null, message, this.#private));
  }

  /** The same key under another name (its key id differs): what a witness needs that knows logs by origin only. */
  as(name: string): Signer {
    return new Signer(name, this.key.type, this.#seed);
  }

  /** SECRET: the text form, one line. */
  exportText(): string {
    const material = encodeBase64(Buffer.concat([Buffer.of(this.key.type), this.#seed]));
    return `PRIVATE+KEY+${this.key.name}+${formatKeyId(this.key.id)}+${material}\n`;
  }
}

function seedFromPem(pem: string): Uint8Array {
  try {
    const key = createPrivateKey({ key: pem, format: "pem" });
    if (key.asymmetricKeyType === "ed25519") {
      const der = key.export({ format: "der", type: "pkcs8" });
      return new Uint8Array(der.subarray(der.length - 32));
    }
  } catch {
    // said below
  }
  throw new EvidenceError("key-malformed", "signing key: the PEM holds no unencrypted Ed25519 private key");
}
