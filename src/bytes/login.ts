/**
 * Logins in clear, as one TCP segment shows them: HTTP Basic (RFC 7617 §2), FTP (RFC 959 §4.1.1), POP3 (RFC 1939 §7), IMAP (RFC 9051 §6.2), SMTP AUTH (RFC 4954
 * §4, RFC 4616), and what a person types where a terminal asks for a password (Telnet, RFC 854). Nothing of the login itself is kept.
 */
export const Login = {
  NONE: 0,
  /** A name's secret stands here. */
  GIVEN: 1,
  /** A terminal asks for a password: what comes the other way next may be one. */
  ASKED: 2,
  /** A few printable octets, as a person types: a password where one was asked for. */
  TYPED: 3,
} as const;

/** Octets looked at: a head of HTTP is seldom longer. */
const LOOKED_AT = 2048;
const PROMPT_OCTETS = 256;
const TYPED_OCTETS = 64;

const HTTP_BASIC = /(?:^|\r\n)(?:proxy-)?authorization: *basic +[a-z0-9+/]{4,}={0,2}\s*\r\n/i;
/** A command that is a line of its own; some names and secrets come in one segment. */
const PASS = /(?:^|\r\n)PASS [^\r\n]{1,128}\r\n/i;
const IMAP =
  /^[a-z0-9.]{1,16} (?:login (?:"[^"\r\n]+"|[^\s"]+) (?:"[^"\r\n]+"|[^\s"]+)|authenticate (?:plain|login) [a-z0-9+/]{4,}={0,2})\r\n/i;
const AUTH = /(?:^|\r\n)AUTH (?:PLAIN|LOGIN) [a-z0-9+/]{4,}={0,2}\r\n/i;
const PROMPT = /password: *\0?$/i;

/** What a segment's payload, `bytes[start, end)`, shows of a login. */
export function loginIn(bytes: Uint8Array, start: number, end: number): number {
  const octets = end - start;
  if (octets <= 0) return Login.NONE;
  for (let i = start; i < Math.min(start + 4, end); i++) if (!isText(bytes[i] as number)) return Login.NONE;
  const text = latin1(bytes, start, Math.min(end, start + LOOKED_AT));
  if (HTTP_BASIC.test(text) || PASS.test(text) || IMAP.test(text) || AUTH.test(text)) return Login.GIVEN;
  if (octets <= PROMPT_OCTETS && PROMPT.test(text)) return Login.ASKED;
  if (octets > TYPED_OCTETS) return Login.NONE;
  for (let i = start; i < end; i++) if (!isText(bytes[i] as number) && bytes[i] !== 0) return Login.NONE;
  return text.trim() === "" ? Login.NONE : Login.TYPED;
}

function isText(octet: number): boolean {
  return (octet >= 32 && octet < 127) || octet === 13 || octet === 10;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
}
