/**
 * DER (ITU-T X.690 §10), the little that RFC 3161 needs: a strict reader and a writer. One form of length, definite and shortest;
 * nothing is skipped silently.
 */
import { EvidenceError } from "#evidence/evidence-error.ts";

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Children of one value, values of one message: bounds the work on a hostile reply. */
const MAX_CHILDREN = 4096;

/** [n] constructed, context class. */
export function context(n: number): number {
  return 0xa0 | n;
}

export interface Der {
  readonly tag: number;
  readonly content: Uint8Array;
  /** The whole encoding, tag and length included. */
  readonly octets: Uint8Array;
}

/** One value that fills `bytes`. Throws `timestamp-malformed`. */
export function readDer(bytes: Uint8Array): Der {
  const { value, end } = readAt(bytes, 0);
  if (end !== bytes.length) throw bad("octets after the value");
  return value;
}

/** The values in a constructed value's content. */
export function children(value: Der): Der[] {
  if ((value.tag & 0x20) === 0) throw bad("a constructed value was expected");
  const list: Der[] = [];
  for (let at = 0; at < value.content.length;) {
    const { value: child, end } = readAt(value.content, at);
    if (list.push(child) > MAX_CHILDREN) throw bad("too many values");
    at = end;
  }
  return list;
}

function readAt(bytes: Uint8Array, start: number): { readonly value: Der; readonly end: number } {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) throw bad("ends inside a header");
  if ((tag & 0x1f) === 0x1f) throw bad("a tag of several octets");
  let at = start + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    // Four octets reach further than any reply taken.
    if (count === 0 || count > 4) throw bad("a length that DER does not allow, or too long");
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[at++] ?? NaN);
    if (!(length >= 0x80) || length < 256 ** (count - 1)) throw bad("a length that is not the shortest form");
  }
  const end = at + length;
  if (!(end <= bytes.length)) throw bad("a value longer than what holds it");
  return { value: { tag, content: bytes.subarray(at, end), octets: bytes.subarray(start, end) }, end };
}

export function expectTag(value: Der | undefined, tag: number, what: string): Der {
  if (value?.tag !== tag) throw bad(`${what} is missing or of another type`);
  return value;
}

/** A small non-negative INTEGER. */
export function smallInteger(value: Der | undefined, what: string): number {
  const { content } = expectTag(value, TAG.integer, what);
  if (content.length === 0 || content.length > 4 || (content[0] as number) >= 0x80) throw bad(`${what} is not a small number`);
  return content.reduce((n, octet) => n * 256 + octet, 0);
}

/** Dotted decimal. */
export function oidText(value: Der | undefined, what: string): string {
  const { content } = expectTag(value, TAG.oid, what);
  const arcs: number[] = [];
  let arc = 0;
  for (const [i, octet] of content.entries()) {
    arc = arc * 128 + (octet & 0x7f);
    if (!Number.isSafeInteger(arc)) throw bad(`${what}: an arc is too large`);
    if (octet < 0x80) {
      arcs.push(arc);
      arc = 0;
    } else if (i === content.length - 1) throw bad(`${what}: ends inside an arc`);
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join(".");
}

export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  if (length > 0xffff) throw new RangeError("DER: too long to write");
  return Buffer.concat([Buffer.of(tag, ...header), ...parts]);
}

export function writeOid(text: string): Uint8Array {
  const [top = 0, second = 0, ...rest] = text.split(".").map(Number);
  const octets = [top * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc % 128];
    for (let n = Math.floor(arc / 128); n > 0; n = Math.floor(n / 128)) digits.unshift(0x80 | (n % 128));
    return digits;
  });
  return writeDer(TAG.oid, Uint8Array.from(octets));
}

/** Non-negative, from big-endian octets. */
export function writeInteger(octets: Uint8Array): Uint8Array {
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start++;
  const content = octets.subarray(start);
  return writeDer(TAG.integer, (content[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), content]) : content);
}

export function bad(why: string): EvidenceError {
  return new EvidenceError("timestamp-malformed", `time stamp: ${why}`);
}
