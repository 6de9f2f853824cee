/** Comparing octets with known text, without making strings. All positions are checked against `end`. */

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/** Whether the pattern stands at `at`, whole. */
export function startsWith(bytes: Uint8Array, at: number, end: number, pattern: Uint8Array): boolean {
  if (at < 0 || at + pattern.length > end) return false;
  for (let i = 0; i < pattern.length; i++) if (bytes[at + i] !== pattern[i]) return false;
  return true;
}

/** Position of the pattern between `from` and `to`, or -1. Callers bound `to`: the search is linear in it. */
export function find(bytes: Uint8Array, from: number, to: number, pattern: Uint8Array): number {
  const first = pattern[0];
  for (let i = from; i + pattern.length <= to; i++) if (bytes[i] === first && startsWith(bytes, i, to, pattern)) return i;
  return -1;
}

/** Letters differ by case no more; the pattern is lower case. */
export function findCaseless(bytes: Uint8Array, from: number, to: number, pattern: Uint8Array): number {
  outer: for (let i = from; i + pattern.length <= to; i++) {
    for (let j = 0; j < pattern.length; j++) {
      const c = bytes[i + j] as number;
      if ((c >= 65 && c <= 90 ? c | 32 : c) !== pattern[j]) continue outer;
    }
    return i;
  }
  return -1;
}

export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
export function u24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) | u16(bytes, at + 1);
}
export function u32(bytes: Uint8Array, at: number): number {
  return (((bytes[at] as number) << 24) | u24(bytes, at + 1)) >>> 0;
}

export function isDigit(c: number | undefined): boolean {
  return c !== undefined && c >= 48 && c <= 57;
}
/** Visible ASCII, space, tab. */
export function isText(c: number | undefined): boolean {
  return c !== undefined && ((c >= 32 && c < 127) || c === 9);
}

/** All octets are text or line ends. */
export function allText(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const c = bytes[i] as number;
    if (!isText(c) && c !== 10 && c !== 13) return false;
  }
  return true;
}
