/** Keys of one direction: TLS 1.2 (RFC 5246 §6.3, RFC 5288, RFC 7905) and TLS 1.3 (RFC 8446 §7.1, §7.3). */
import type { TlsAead, TlsHash, TlsKeys } from "#model/tls-keys.ts";

export interface Suite {
  readonly aead: TlsAead;
  readonly hash: TlsHash;
  readonly keyOctets: number;
  /** Octets of the nonce that are fixed by the key block (TLS 1.2): 4 for GCM, 12 for ChaCha20-Poly1305. */
  readonly fixedOctets: number;
}

const AES_128: Suite = { aead: "aes-128-gcm", hash: "sha256", keyOctets: 16, fixedOctets: 4 };
const AES_256: Suite = { aead: "aes-256-gcm", hash: "sha384", keyOctets: 32, fixedOctets: 4 };
const CHACHA: Suite = { aead: "chacha20-poly1305", hash: "sha256", keyOctets: 32, fixedOctets: 12 };

/** IANA TLS cipher suites with authenticated encryption; undefined for the rest, which are not read. */
export const SUITES: ReadonlyMap<number, Suite> = new Map([
  ...[0x1301, 0x009c, 0x009e, 0xc02b, 0xc02f].map((n) => [n, AES_128] as const),
  ...[0x1302, 0x009d, 0x009f, 0xc02c, 0xc030].map((n) => [n, AES_256] as const),
  ...[0x1303, 0xcca8, 0xcca9, 0xccaa].map((n) => [n, CHACHA] as const),
]);

/** Key and what its nonces are made of: the whole write IV (TLS 1.3, ChaCha20) or the 4-octet salt (GCM in TLS 1.2). */
export interface TrafficKey {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

const IV_OCTETS = 12;

/** RFC 8446 §7.3. */
export function trafficKey13(keys: TlsKeys, suite: Suite, secret: Uint8Array): TrafficKey {
  return {
    key: expandLabel(keys, suite.hash, secret, "key", suite.keyOctets),
    iv: expandLabel(keys, suite.hash, secret, "iv", IV_OCTETS),
  };
}

/** RFC 8446 §7.2: the secret after a KeyUpdate. */
export function nextSecret13(keys: TlsKeys, suite: Suite, secret: Uint8Array): Uint8Array {
  return expandLabel(keys, suite.hash, secret, "traffic upd", secret.length);
}

/** HKDF-Expand-Label with an empty context: RFC 8446 §7.1; HKDF-Expand: RFC 5869 §2.3. Layout: length 2, label length 1, label, context length 1. */
function expandLabel(keys: TlsKeys, hash: TlsHash, secret: Uint8Array, label: string, octets: number): Uint8Array {
  const name = ascii(`tls13 ${label}`);
  const info = concat(Uint8Array.of(octets >> 8, octets & 255, name.length), name, Uint8Array.of(0));
  const out = new Uint8Array(octets);
  let block: Uint8Array = new Uint8Array(0);
  for (let at = 0, counter = 1; at < octets; at += block.length, counter++) {
    block = keys.hmac(hash, secret, concat(block, info, Uint8Array.of(counter)));
    out.set(block.subarray(0, Math.min(block.length, octets - at)), at);
  }
  return out;
}

/** RFC 5246 §6.3: client key, server key, client IV, server IV; AEAD suites have no MAC keys. */
export function trafficKey12(
  keys: TlsKeys,
  suite: Suite,
  master: Uint8Array,
  serverRandom: Uint8Array,
  clientRandom: Uint8Array,
  fromClient: boolean,
): TrafficKey {
  const { keyOctets, fixedOctets } = suite;
  const block = prf(keys, suite.hash, master, concat(ascii("key expansion"), serverRandom, clientRandom), 2 * (keyOctets + fixedOctets));
  const key = fromClient ? 0 : keyOctets;
  const iv = 2 * keyOctets + (fromClient ? 0 : fixedOctets);
  return { key: block.subarray(key, key + keyOctets), iv: block.subarray(iv, iv + fixedOctets) };
}

/** P_hash: RFC 5246 §5. */
function prf(keys: TlsKeys, hash: TlsHash, secret: Uint8Array, seed: Uint8Array, octets: number): Uint8Array {
  const out = new Uint8Array(octets);
  let a = seed;
  for (let at = 0; at < octets;) {
    a = keys.hmac(hash, secret, a);
    const block = keys.hmac(hash, secret, concat(a, seed));
    out.set(block.subarray(0, Math.min(block.length, octets - at)), at);
    at += block.length;
  }
  return out;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
