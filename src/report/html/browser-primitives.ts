/** For pages: browsers without Ed25519 in WebCrypto, or without WebCrypto (a page that is no secure context), get it from here. */
import { sha256 } from "@noble/hashes/sha2.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import type { Primitives } from "#verify/verify.ts";

export async function browserPrimitives(): Promise<Partial<Primitives>> {
  const own: Partial<Primitives> = {
    sha256: (octets) => sha256(octets),
    ed25519: (key, signature, message) => {
      try {
        return ed25519.verify(signature, message, key);
      } catch {
        return false;
      }
    },
  };
  try {
    const { subtle } = globalThis.crypto;
    await subtle.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]);
    return {};
  } catch {
    return globalThis.crypto?.subtle === undefined ? own : { ed25519: own.ed25519 as Primitives["ed25519"] };
  }
}
