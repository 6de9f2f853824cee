/**
 * TLS 1.0–1.3 and DTLS records: RFC 8446 §4, §5.1; RFC 6066 §3 (server name); RFC 9147 §4. Certificates: RFC 5246 §7.4.2
 * (visible up to TLS 1.2), RFC 5280 §4.1.
 *
 * record     type (1) version (2) length (2)
 * handshake  type (1) length (3)
 */
import { limits } from "./limits.ts";
import { isText, u16, u24 } from "./match.ts";

const RECORD = { TYPE: 0, VERSION: 1, LENGTH: 3, BODY: 5 } as const;
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
/** RFC 8446 §5.2: 2^14 and 256 of expansion; RFC 5246 §6.2.3: 2,048. */
const MAX_RECORD = 16_384 + 2048;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;

/** Whether a record header of TLS stands at `at` and what can be seen of its body agrees with it. */
export function isTlsRecord(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + RECORD.BODY + 1 > end) return false;
  const type = bytes[at] as number;
  if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA) return false;
  if (bytes[at + RECORD.VERSION] !== 3 || (bytes[at + RECORD.VERSION + 1] as number) > 4) return false;
  const length = u16(bytes, at + RECORD.LENGTH);
  if (length === 0 || length > MAX_RECORD) return false;
  const body = at + RECORD.BODY;
  const next = body + length;
  if (type === CHANGE_CIPHER_SPEC) return length === 1 && bytes[body] === 1;
  if (type === ALERT)
    return length === 2
      ? (bytes[body] === 1 || bytes[body] === 2) && u16(bytes, at + RECORD.VERSION) >= 0x300
      : length >= 18 && length <= 64;
  if (type === HANDSHAKE) return isHandshake(bytes, body, end, length);
  // application data: a next record must follow where this one ends inside the segment
  if (length < 17) return false;
  return next >= end || (next + 3 <= end && isNextHeader(bytes, next)) || next + 3 > end;
}

function isNextHeader(bytes: Uint8Array, at: number): boolean {
  const type = bytes[at] as number;
  return type >= CHANGE_CIPHER_SPEC && type <= APPLICATION_DATA && bytes[at + 1] === 3 && (bytes[at + 2] as number) <= 4;
}

/** Plain handshake messages by type and length; ciphered ones (Finished) have neither. */
function isHandshake(bytes: Uint8Array, body: number, end: number, record: number): boolean {
  if (body + 4 > end) return false;
  const type = bytes[body] as number;
  const length = u24(bytes, body + 1);
  if (type === CLIENT_HELLO || type === SERVER_HELLO)
    return length >= 34 && length <= 65_535 && body + 5 < end && bytes[body + 4] === 3 && (bytes[body + 5] as number) <= 4;
  if (type === CERTIFICATE) return length >= 3 && length < 0x40000;
  const plain = type === 0 || type === 4 || (type >= 12 && type <= 16) || type === 20 || type === 22;
  return plain && length + 4 <= record;
}

/** DTLS: type (1) version (2) epoch (2) sequence (6) length (2). */
export function isDtlsRecord(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 13 >= end) return false;
  const type = bytes[at] as number;
  if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA) return false;
  if (bytes[at + 1] !== 0xfe || ((bytes[at + 2] as number) !== 0xff && (bytes[at + 2] as number) !== 0xfd)) return false;
  return at + 13 + u16(bytes, at + 11) <= end;
}

/** Server name of a ClientHello, else the subject of a certificate that is visible; undefined where there is neither. */
export function tlsServerName(bytes: Uint8Array, at: number, end: number): string | undefined {
  if (bytes[at] !== HANDSHAKE || !isTlsRecord(bytes, at, end)) return undefined;
  const body = at + RECORD.BODY;
  if (bytes[body] === CLIENT_HELLO) return clientHelloName(bytes, body + 4, end);
  for (let p = body, i = 0; i < 4 && p + 4 <= end; i++) {
    if (bytes[p] === CERTIFICATE) return subjectName(bytes, p + 10, end);
    p += 4 + u24(bytes, p + 1);
    // the next message may lie in the next record
    if (p + RECORD.BODY <= end && bytes[p] === HANDSHAKE && bytes[p + 1] === 3) p += RECORD.BODY;
  }
  return undefined;
}

/**
 * Server name that the ClientHello whose body begins at `at` (behind type and length) asks for; undefined where it names none before `end`.
 * legacy_version (2) random (32) session_id <1> cipher_suites <2> compression <1> extensions <2>.
 */
export function clientHelloName(bytes: Uint8Array, at: number, end: number): string | undefined {
  let p = at + 34;
  if (p >= end) return undefined;
  p += 1 + (bytes[p] as number);
  if (p + 2 > end) return undefined;
  p += 2 + u16(bytes, p);
  if (p >= end) return undefined;
  p += 1 + (bytes[p] as number) + 2;
  for (let i = 0; i < limits.tlsExtensions && p + 4 <= end; i++) {
    const type = u16(bytes, p);
    const length = u16(bytes, p + 2);
    // server_name_list <2>, name_type (1) host_name <2>
    if (type === 0 && length >= 5 && p + 9 <= end && bytes[p + 6] === 0)
      return text(bytes, p + 9, Math.min(end, p + 9 + u16(bytes, p + 7)), p + 9 + u16(bytes, p + 7));
    p += 4 + length;
  }
  return undefined;
}

/**
 * Certificate ::= SEQUENCE { tbsCertificate SEQUENCE { [0] version, serial, signature, issuer, validity, subject, … } … }.
 * The common name is the attribute 2.5.4.3 of the subject.
 */
function subjectName(bytes: Uint8Array, at: number, end: number): string | undefined {
  let p = derBody(bytes, derAt(bytes, at, end), end);
  p = derBody(bytes, p, end);
  if (p >= 0 && bytes[p] === 0xa0) p = derNext(bytes, p, end);
  for (let i = 0; i < 4; i++) p = derNext(bytes, p, end);
  const stop = derNext(bytes, p, end);
  if (stop < 0) return undefined;
  for (let i = p; i + 5 < stop; i++) {
    if (bytes[i] === 6 && bytes[i + 1] === 3 && bytes[i + 2] === 0x55 && bytes[i + 3] === 4 && bytes[i + 4] === 3) {
      const value = derBody(bytes, i + 5, stop);
      const past = derNext(bytes, i + 5, stop);
      return value < 0 || past < 0 ? undefined : text(bytes, value, past, past);
    }
  }
  return undefined;
}

function derAt(bytes: Uint8Array, at: number, end: number): number {
  return at < end && bytes[at] === 0x30 ? at : -1;
}
function derBody(bytes: Uint8Array, at: number, end: number): number {
  if (at < 0 || at + 2 > end) return -1;
  const first = bytes[at + 1] as number;
  const body = at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  return first > 0x84 || body > end ? -1 : body;
}
function derNext(bytes: Uint8Array, at: number, end: number): number {
  const body = derBody(bytes, at, end);
  if (body < 0) return -1;
  let length = bytes[at + 1] as number;
  if (length >= 0x80) {
    length = 0;
    for (let i = at + 2; i < body; i++) length = length * 256 + (bytes[i] as number);
  }
  const next = body + length;
  return next > end ? -1 : next;
}

/** Visible text or nothing: what strangers call themselves ends up on people's screens. */
function text(bytes: Uint8Array, from: number, to: number, whole: number): string | undefined {
  if (to <= from || to !== whole || to - from > limits.serverName) return undefined;
  let out = "";
  for (let i = from; i < to; i++) {
    const c = bytes[i] as number;
    if (!isText(c)) return undefined;
    out += String.fromCharCode(c);
  }
  return out;
}
