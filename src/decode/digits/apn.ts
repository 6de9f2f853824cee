// Access point name and DNN, 3GPP TS 23.003 §9.1: DNS labels (RFC 1035 §3.1) without the final empty label.

/** A name is at most 100 octets (TS 23.003 §9.1); more is read too, to this bound, because a sender may lie. */
const MAX_NAME_OCTETS = 255;

/**
 * Layout: { length octet, that many characters } …; the labels are joined by dots: `internet.mnc001.mcc208.gprs`.
 *
 * Reads octets `start` … `end`-1. A label that runs beyond the end is cut there. Octets that are not printable
 * ASCII are written as `\xNN`, so that nothing hides in a name. An empty element gives "".
 */
export function readApn(bytes: Uint8Array, start: number, end: number): string {
  const stop = Math.min(end, bytes.length, start + MAX_NAME_OCTETS);
  let text = "";
  let at = start;
  while (at < stop) {
    const length = bytes[at]!;
    at++;
    if (length === 0 && at >= stop) break; // a closing root label, which some senders add
    const labelEnd = Math.min(at + length, stop);
    if (text !== "") text += ".";
    text += readText(bytes, at, labelEnd);
    at = labelEnd;
  }
  return text;
}

/** Printable ASCII as it is, anything else (and the backslash) as `\xNN`. */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  const stop = end < bytes.length ? end : bytes.length;
  let text = "";
  for (let at = start; at < stop; at++) text += CHARACTERS[bytes[at]!]!;
  return text;
}

const CHARACTERS: readonly string[] = Array.from({ length: 256 }, (_, code) =>
  code >= 0x20 && code <= 0x7e && code !== 0x5c ? String.fromCharCode(code) : `\\x${code.toString(16).padStart(2, "0")}`,
);
