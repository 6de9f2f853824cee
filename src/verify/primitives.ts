/** WebCrypto, which Node and current browsers have; a caller injects what its platform lacks. */
import type { Primitives } from "./result.ts";

const subtle = globalThis.crypto?.subtle;

/** WebCrypto's types want a buffer that is not shared; ours never is. */
type Octets = Uint8Array<ArrayBuffer>;

const webCrypto: Primitives = {
  async sha256(octets) {
    return new Uint8Array(await subtle.digest("SHA-256", octets as Octets));
  },
  async ed25519(publicKey, signature, message) {
    if (publicKey.length !== 32 || signature.length !== 64) return false;
    const key = await subtle.importKey("raw", publicKey as Octets, { name: "Ed25519" }, false, ["verify"]);
    return subtle.verify({ name: "Ed25519" }, key, signature as Octets, message as Octets);
  },
};

export function primitivesWith(injected: Partial<Primitives> | undefined): Primitives {
  return { ...webCrypto, ...injected };
}
