/** What opens QUIC Initial packets, whose keys follow from what everybody on the way sees (RFC 9001 §5.2): they protect nothing from a reader. */
import type { TlsKeys } from "./tls-keys.ts";

export interface QuicPrimitives extends Pick<TlsKeys, "hmac" | "open"> {
  /** One block of 16 octets under AES-128, for the mask of header protection (RFC 9001 §5.4.3). */
  aesBlock(key: Uint8Array, block: Uint8Array): Uint8Array;
}
