// Octets as text, for fields that are shown and compared but not taken apart.

/** Lower-case hexadecimal of octets `start` … `end`-1, without separators. */
export function readHex(bytes: Uint8Array, start: number, end: number): string {
  const stop = end < bytes.length ? end : bytes.length;
  let text = "";
  for (let at = start; at < stop; at++) text += OCTETS[bytes[at]!]!;
  return text;
}

const OCTETS: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));
