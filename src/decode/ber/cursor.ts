/**
 * ITU-T X.690 (02/2021): Basic Encoding Rules, read in place. Clauses: 8.1.2 identifier octets (high tag numbers too),
 * 8.1.3 length octets (short, long and indefinite form), 8.1.5 end-of-contents, 8.19 object identifiers.
 * GeneralizedTime: X.680 clause 46.
 *
 * A view judges nothing but lengths: whether a tag may stand where it stands is the business of who asks.
 */

export const BER_LIMITS = {
  /** Open indefinite-length values inside one another: BER nests as deep as the sender likes. */
  depth: 24,
  /** Elements looked at to find the end of one indefinite-length value. */
  elements: 4096,
  /** Octets of a tag number beyond the first: numbers above 2^28 occur in no specification. */
  tagOctets: 4,
} as const;

export const TagClass = { UNIVERSAL: 0, APPLICATION: 1, CONTEXT: 2, PRIVATE: 3 } as const;

/** Why a value could not be read. `more`: what is there is well-formed, and ends too early. */
export type BerProblem = "more" | "length" | "depth" | "count" | "encoding";

/** One tag-length-value. All offsets are indices into the array that was read. */
export interface BerValue {
  readonly tagClass: number;
  readonly constructed: boolean;
  readonly tag: number;
  /** First identifier octet. */
  readonly start: number;
  /** First content octet, and one past the last. */
  readonly content: number;
  readonly contentEnd: number;
  /** One past the whole value, end-of-contents octets included. */
  readonly end: number;
  readonly indefinite: boolean;
}

export type BerResult = { readonly value: BerValue } | { readonly problem: BerProblem; readonly at: number };

export function isValue(r: BerResult): r is { readonly value: BerValue } {
  return "value" in r;
}

/**
 * Reads the value that starts at `at` and lies before `limit`.
 * ```
 * identifier  class(2) constructed(1) number(5); number 31: base-128 octets follow, high bit set on all but the last
 * length      0..127 | 0x80 indefinite (constructed only) | 0x81..0x84 then that many octets; 0xFF is reserved
 * ```
 */
export function readBer(bytes: Uint8Array, at: number, limit: number): BerResult {
  const header = berHeader(bytes, at, limit);
  if ("problem" in header) return header;
  const { content, length } = header;
  if (length >= 0) {
    const end = content + length;
    if (end > limit) return { problem: "more", at: content };
    return { value: { ...header.id, start: at, content, contentEnd: end, end, indefinite: false } };
  }
  const close = new EndFinder().advance(bytes, content, limit);
  if (typeof close !== "number") return close;
  return { value: { ...header.id, start: at, content, contentEnd: close, end: close + 2, indefinite: true } };
}

/** Identifier and length octets alone: the contents need not be there. */
export interface BerHeader {
  readonly id: { readonly tagClass: number; readonly constructed: boolean; readonly tag: number };
  readonly content: number;
  /** -1: indefinite. */
  readonly length: number;
}

export function berHeader(bytes: Uint8Array, at: number, limit: number): BerHeader | { problem: BerProblem; at: number } {
  if (at >= limit) return { problem: "more", at };
  const first = bytes[at] as number;
  let i = at + 1;
  let tag = first & 0x1f;
  if (tag === 0x1f) {
    tag = 0;
    for (let n = 0; ; n += 1) {
      if (n >= BER_LIMITS.tagOctets) return { problem: "encoding", at };
      if (i >= limit) return { problem: "more", at: i };
      const octet = bytes[i] as number;
      if (n === 0 && octet === 0x80) return { problem: "encoding", at: i };
      tag = tag * 128 + (octet & 0x7f);
      i += 1;
      if (octet < 0x80) break;
    }
  }
  if (i >= limit) return { problem: "more", at: i };
  const id = { tagClass: first >> 6, constructed: (first & 0x20) !== 0, tag };
  const lead = bytes[i] as number;
  i += 1;
  if (lead < 0x80) return { id, content: i, length: lead };
  if (lead === 0x80) return id.constructed ? { id, content: i, length: -1 } : { problem: "encoding", at: i - 1 };
  const octets = lead & 0x7f;
  // X.690 8.1.3.5 allows 126 length octets; more than four could only describe what no capture holds.
  if (octets > 4) return { problem: "length", at: i - 1 };
  if (i + octets > limit) return { problem: "more", at: i };
  let length = 0;
  for (let n = 0; n < octets; n += 1) length = length * 256 + (bytes[i + n] as number);
  return { id, content: i + octets, length };
}

/**
 * Looks for the end-of-contents octets that close an indefinite-length value, and can go on where it stopped when
 * more octets have come, so that a value that arrives in small pieces costs no more than one that arrives whole.
 */
export class EndFinder {
  /** Octets from the start of the contents to where the search stands. */
  position = 0;
  private depth = 1;
  private elements = 0;

  /** `content`: first content octet. The index of the closing octets, or why there is none (`more`: not yet). */
  advance(bytes: Uint8Array, content: number, limit: number): number | { readonly problem: BerProblem; readonly at: number } {
    for (;;) {
      const at = content + this.position;
      if (at + 2 > limit) return { problem: "more", at: Math.min(at, limit) };
      if (bytes[at] === 0 && bytes[at + 1] === 0) {
        this.depth -= 1;
        if (this.depth === 0) return at;
        this.position += 2;
        continue;
      }
      const header = berHeader(bytes, at, limit);
      if ("problem" in header) return header;
      this.elements += 1;
      if (this.elements > BER_LIMITS.elements) return { problem: "count", at };
      if (header.length >= 0) {
        this.position = header.content + header.length - content;
      } else {
        this.depth += 1;
        if (this.depth > BER_LIMITS.depth) return { problem: "depth", at };
        this.position = header.content - content;
      }
    }
  }
}

/**
 * The values directly inside a constructed one, in order; stops at the first that cannot be read (`problem` says why)
 * and keeps those before it.
 */
export function childrenOf(
  bytes: Uint8Array,
  from: number,
  to: number,
  most = 256,
): { readonly values: BerValue[]; readonly problem: BerProblem | undefined; readonly at: number } {
  const values: BerValue[] = [];
  let i = from;
  while (i < to) {
    if (values.length >= most) return { values, problem: "count", at: i };
    const r = readBer(bytes, i, to);
    if (!isValue(r)) return { values, problem: r.problem, at: r.at };
    values.push(r.value);
    i = r.value.end;
  }
  return { values, problem: undefined, at: i };
}

/** The first value with this context tag. */
export function contextTag(values: readonly BerValue[], tag: number): BerValue | undefined {
  return values.find((v) => v.tagClass === TagClass.CONTEXT && v.tag === tag);
}
