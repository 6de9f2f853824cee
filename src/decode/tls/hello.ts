/** The two messages that say which keys a connection uses: ClientHello and ServerHello (RFC 5246 §7.4.1, RFC 8446 §4.1). */

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;

/**
 * ```
 * handshake     type 1 | length 3 | body
 * ClientHello   legacy_version 2 | random 32 | session id 1+n | …
 * ServerHello   legacy_version 2 | random 32 | session id 1+n | cipher suite 2 | compression 1 | extensions 2+n
 * ```
 */
const BODY = 4;
const VERSION = BODY;
const RANDOM = BODY + 2;
const SESSION_ID = RANDOM + 32;
const SUPPORTED_VERSIONS = 43;
const TLS_1_3 = 0x0304;

export type Hello =
  | { readonly kind: "client"; readonly random: Uint8Array }
  | { readonly kind: "server"; readonly random: Uint8Array; readonly suite: number; readonly version: number };

/** Reads the handshake message at `at`; undefined where it is no hello, is cut, or asks to begin again (HelloRetryRequest). */
export function readHello(b: Uint8Array, at: number, end: number): Hello | undefined {
  const type = b[at];
  if (at + SESSION_ID + 1 > end || (type !== CLIENT_HELLO && type !== SERVER_HELLO)) return undefined;
  const random = b.slice(at + RANDOM, at + RANDOM + 32);
  if (type === CLIENT_HELLO) return { kind: "client", random };
  const suiteAt = at + SESSION_ID + 1 + (b[at + SESSION_ID] as number);
  if (suiteAt + 3 > end || isRetry(random)) return undefined;
  const legacy = u16(b, at + VERSION);
  return { kind: "server", random, suite: u16(b, suiteAt), version: selectedVersion(b, suiteAt + 3, end) ?? legacy };
}

function selectedVersion(b: Uint8Array, at: number, end: number): number | undefined {
  if (at + 2 > end) return undefined;
  const stop = Math.min(end, at + 2 + u16(b, at));
  for (let e = at + 2; e + 4 <= stop; e += 4 + u16(b, e + 2)) {
    if (u16(b, e) === SUPPORTED_VERSIONS && u16(b, e + 2) === 2 && e + 6 <= stop) return u16(b, e + 4);
  }
  return undefined;
}

export function isVersion13(version: number): boolean {
  return version === TLS_1_3;
}

/** RFC 8446 §4.1.3: SHA-256 of "HelloRetryRequest"; its first octets are enough, as no other random begins so twice in a lifetime. */
function isRetry(random: Uint8Array): boolean {
  return [0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11].every((octet, i) => random[i] === octet);
}

export function u16(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 8) | (b[at + 1] as number);
}
