/** Writes a bundle (docs/bundle-format.md): a signed list of parts, then the parts. The same parts and key give the same octets. */
import { hash } from "node:crypto";
import { canonicalJson } from "#evidence/canonical-json.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { signNote } from "#evidence/note/note.ts";

export const BUNDLE_FORMAT = "tapproof/bundle/1";
export const BUNDLE_SUFFIX = ".tapproof";

export interface BundlePart {
  readonly name: string;
  readonly octets: Uint8Array;
}

export function writeBundle(parts: readonly BundlePart[], signer: Signer): Buffer {
  const list = parts.map(({ name, octets }) => ({ bytes: octets.length, name, sha256: hash("sha256", octets, "hex") }));
  const manifest = canonicalJson({ format: BUNDLE_FORMAT, parts: list });
  const head = signNote(`${BUNDLE_FORMAT}\n${manifest}\n`, [signer]);
  return Buffer.concat([Buffer.from(head), ...parts.map(({ octets }) => octets)]);
}
