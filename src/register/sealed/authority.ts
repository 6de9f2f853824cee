/** An authority's keys, its signature, and the commitment to one warrant. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, verify, type KeyObject } from "node:crypto";
import { canonicalJson } from "#evidence/canonical-json.ts";
import type { WarrantFields } from "#register/fields.ts";
import { DOMAIN, type Authority, type AuthorityKey } from "./format.ts";

type Curve = "X25519" | "Ed25519";

export function newAuthorityKey(authority: string): AuthorityKey {
  const hpke = pair("x25519", "X25519");
  const signing = pair("ed25519", "Ed25519");
  return {
    schema: "tapproof/authority-key/1",
    public: { schema: "tapproof/authority/1", authority, hpke: hpke.public, signing: signing.public },
    hpkePrivate: hpke.private,
    signingPrivate: signing.private,
  };
}

function pair(type: "x25519" | "ed25519", crv: Curve): { readonly public: string; readonly private: string } {
  const generated = type === "x25519" ? generateKeyPairSync("x25519") : generateKeyPairSync("ed25519");
  const jwk = generated.privateKey.export({ format: "jwk" });
  if (jwk.crv !== crv) throw new Error(`no ${crv} key was made`);
  return { public: octets(jwk.x), private: octets(jwk.d) };
}

function octets(base64url: string | undefined): string {
  return Buffer.from(base64url ?? "", "base64url").toString("base64");
}

function privateKey(key: AuthorityKey): KeyObject {
  const jwk = { kty: "OKP", crv: "Ed25519", x: url(key.public.signing), d: url(key.signingPrivate) };
  return createPrivateKey({ key: jwk, format: "jwk" });
}

function url(base64: string): string {
  return Buffer.from(base64, "base64").toString("base64url");
}

/** Ed25519 over the domain and the canonical JSON of everything but the signature itself. */
export function signed<T extends object>(key: AuthorityKey, domain: string, unsigned: T): T & { readonly signature: string } {
  const signature = sign(null, Buffer.from(domain + canonicalJson(unsigned)), privateKey(key)).toString("base64");
  return { ...unsigned, signature };
}

export function signatureHolds(by: Authority, domain: string, file: { readonly signature: string }): boolean {
  const { signature, ...unsigned } = file;
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: url(by.signing) }, format: "jwk" });
  return verify(null, Buffer.from(domain + canonicalJson(unsigned)), key, Buffer.from(signature, "base64"));
}

/**
 * SHA-256(domain ‖ salt ‖ canonical warrant). The salt is 32 random octets, one a warrant, kept by the authority: without it nobody can
 * try identities against the commitment.
 */
export function commitment(warrant: WarrantFields, salt: string): string {
  return hash("sha256", Buffer.concat([Buffer.from(DOMAIN.entry), Buffer.from(salt, "hex"), Buffer.from(canonicalJson(warrant))]));
}

/** What an answer and a later run agree on without saying it: SHA-256(domain ‖ blind ‖ canonical stream). */
export function streamDigest(stream: object, blind: string): string {
  return hash("sha256", Buffer.concat([Buffer.from(DOMAIN.stream), Buffer.from(blind, "hex"), Buffer.from(canonicalJson(stream))]));
}

export function fileDigest(file: object): string {
  return hash("sha256", canonicalJson(file));
}
