/**
 * ITU-T X.690 (02/2021): Basic Encoding Rules, read in place. Clauses: 8.1.2 identifier octets (high tag numbers too),
 * 8.1.3 length octets (short, long and indefinite form), 8.1.5 end-of-contents, 8.19 object identifiers.
 * GeneralizedTime: X.680 clause 46.
 *
 * A view judges nothing but lengths: whether a tag may stand where it stands is the business of who asks.
 */

export const BER_LIMITS = {
  /** Levels of constructed values that `berEnd` follows: BER nests as deep as the sender likes. */
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
export function readBer(bytes: Uint8Array, at: number, limit: number, depth = 0): BerResult {
  const header = readHeader(bytes, at, limit);
  if ("problem" in header) return header;
  const { content, length } = header;
  if (length >= 0) {
    const end = content + length;
    if (end > limit) return { problem: "more", at: content };
    return { value: { ...header.id, start: at, content, contentEnd: end, end, indefinite: false } };
  }
  const close = findEndOfContents(bytes, content, limit, depth + 1, { left: BER_LIMITS.elements });
  if (typeof close !== "number") return close;
  return { value: { ...header.id, start: at, content, contentEnd: close, end: close + 2, indefinite: true } };
}

interface Header {
  readonly id: { readonly tagClass: number; readonly constructed: boolean; readonly tag: number };
  readonly content: number;
  /** -1: indefinite. */
  readonly length: number;
}

function readHeader(bytes: Uint8Array, at: number, limit: number): Header | { problem: BerProblem; at: number } {
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

/** Index of the end-of-contents octets that close a value whose contents start at `at`. */
function findEndOfContents(
  bytes: Uint8Array,
  at: number,
  limit: number,
  depth: number,
  budget: { left: number },
): number | { problem: BerProblem; at: number } {
  if (depth > BER_LIMITS.depth) return { problem: "depth", at };
  let i = at;
  for (;;) {
    if (i + 2 > limit) return { problem: "more", at: i };
    if (bytes[i] === 0 && bytes[i + 1] === 0) return i;
    if ((budget.left -= 1) < 0) return { problem: "count", at: i };
    const header = readHeader(bytes, i, limit);
    if ("problem" in header) return header;
    if (header.length >= 0) {
      i = header.content + header.length;
      if (i > limit) return { problem: "more", at: header.content };
    } else {
      const close = findEndOfContents(bytes, header.content, limit, depth + 1, budget);
      if (typeof close !== "number") return close;
      i = close + 2;
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
