/** What opens TLS that somebody logged the keys of: an operator's own functions, by its own choice. */

export type TlsHash = "sha256" | "sha384";
export type TlsAead = "aes-128-gcm" | "aes-256-gcm" | "chacha20-poly1305";

/** Secrets of connections, as a key log file states them (RFC 9850), and the primitives that turn them into plain text. */
export interface TlsKeys {
  /** `label` as RFC 9850 names it (`CLIENT_RANDOM`, `CLIENT_TRAFFIC_SECRET_0`, …); `clientRandom` in lower-case hexadecimal. */
  secret(label: string, clientRandom: string): Uint8Array | undefined;
  hmac(hash: TlsHash, key: Uint8Array, data: Uint8Array): Uint8Array;
  /** `sealed` ends with the 16-octet tag; undefined where the tag does not hold. */
  open(aead: TlsAead, key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}
