/**
 * Diameter on the wire: RFC 6733 §3 (header), §4.1 (AVP header).
 *
 * ```
 * header   0 version (1) = 1    1 message length (3), header included    4 flags R P E T (1)    5 command code (3)
 *          8 application (4)   12 hop-by-hop identifier (4)   16 end-to-end identifier (4)   20 AVPs
 * AVP      0 code (4)   4 flags V M P (1)   5 length (3), header included, padding not   8 vendor (4) with the V bit   data
 * ```
 */
export const HEADER = 20;
export const LENGTH = 1;
export const FLAGS = 4;
export const COMMAND = 5;
export const APPLICATION = 8;
export const HOP_BY_HOP = 12;
export const END_TO_END = 16;

export const FLAG_REQUEST = 0x80;
export const FLAG_ERROR = 0x20;
const FLAG_RESERVED = 0x0f;

export const AVP_HEADER = 8;
export const AVP_FLAGS = 4;
export const AVP_LENGTH = 5;
export const AVP_VENDOR = 8;
export const AVP_FLAG_VENDOR = 0x80;

/** Limits; each bounds what whoever writes the traffic could otherwise take. */
export const DIAMETER_LIMITS = {
  /** Octets of one message: real ones stay below 64 KiB; a stream that claims more is not waited for. */
  messageOctets: 1 << 20,
  /** AVPs of one message, grouped ones and their members counted. */
  avps: 8_192,
  /** Levels of grouped AVPs. */
  depth: 16,
} as const;

/**
 * Octets of the message that begins at `start`: 0 where fewer than its header are there and what is there fits, -1 where no
 * Diameter message begins like this.
 */
export function diameterLength(b: Uint8Array, start: number, end: number): number {
  const had = end - start;
  if (had < 1) return 0;
  if (b[start] !== 1) return -1;
  if (had >= 2 && (b[start + LENGTH] as number) > DIAMETER_LIMITS.messageOctets >> 16) return -1;
  if (had < 5) return 0;
  const length = u24(b, start + LENGTH);
  if (length < HEADER || length > DIAMETER_LIMITS.messageOctets || (length & 3) !== 0) return -1;
  const flags = b[start + FLAGS] as number;
  // An error answer is no request (§3), reserved bits are 0.
  if ((flags & FLAG_RESERVED) !== 0 || (flags & (FLAG_REQUEST | FLAG_ERROR)) === (FLAG_REQUEST | FLAG_ERROR)) return -1;
  return had < HEADER ? 0 : length;
}

/**
 * True where octets that nobody announced look like a Diameter message: the header holds, and either it ends there or
 * the first AVP fits into it. For content on other ports; `diameterLength` has said more than 0.
 */
export function looksLikeDiameter(b: Uint8Array, start: number, end: number): boolean {
  const length = diameterLength(b, start, end);
  if (length <= 0 || u24(b, start + COMMAND) === 0) return false;
  const first = start + HEADER;
  if (first + AVP_HEADER > end) return length === HEADER;
  const code = u32(b, first);
  const avp = u24(b, first + AVP_LENGTH);
  return code > 0 && code < 0x10000 && ((b[first + AVP_FLAGS] as number) & 0x1f) === 0 && avp >= AVP_HEADER && HEADER + avp <= length + 3;
}

/** A TLS record header (RFC 8446 §5.1): Diameter over TLS cannot be read (RFC 6733 §2.2). */
export function looksLikeTls(b: Uint8Array, start: number, end: number): boolean {
  if (end - start < 5) return false;
  const type = b[start] as number;
  const length = ((b[start + 3] as number) << 8) | (b[start + 4] as number);
  return type >= 20 && type <= 23 && b[start + 1] === 3 && (b[start + 2] as number) <= 4 && length > 0 && length <= 16_384 + 2_048;
}

export function u24(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 16) | ((b[at + 1] as number) << 8) | (b[at + 2] as number);
}

export function u32(b: Uint8Array, at: number): number {
  return (((b[at] as number) << 24) | ((b[at + 1] as number) << 16) | ((b[at + 2] as number) << 8) | (b[at + 3] as number)) >>> 0;
}
