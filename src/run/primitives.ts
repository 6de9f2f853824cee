/** The primitives under TLS and QUIC, from the runtime's library. */
import { createCipheriv, createDecipheriv, createHmac, type CipherGCMTypes } from "node:crypto";
import type { QuicPrimitives } from "#model/quic-primitives.ts";
import type { TlsAead, TlsHash } from "#model/tls-keys.ts";

const TAG = 16;

export function hmac(hash: TlsHash, key: Uint8Array, data: Uint8Array): Uint8Array {
  return createHmac(hash, key).update(data).digest();
}

/** `sealed` ends with the 16-octet tag; undefined where the tag does not hold. */
export function open(aead: TlsAead, key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < TAG) return undefined;
  try {
    // The typings know GCM by name; ChaCha20-Poly1305 takes the same calls.
    const decipher = createDecipheriv(aead as CipherGCMTypes, key, nonce, { authTagLength: TAG });
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
    const plain = decipher.update(sealed.subarray(0, sealed.length - TAG));
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

function aesBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  return createCipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(block);
}

export const quicPrimitives: QuicPrimitives = { hmac, open, aesBlock };
