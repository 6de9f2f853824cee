// Address text: dotted quad for IPv4, RFC 5952 for IPv6. One spelling everywhere, so that addresses compare as strings.

/** Texts read lately, by address: a network names the same few again and again, and one string is found faster in a table than an equal one. */
const LATELY_BITS = 12;
const latelyRead = new Int32Array(1 << LATELY_BITS);
const latelyText: string[] = Array.from({ length: 1 << LATELY_BITS }, () => "0.0.0.0");

/** Four octets at `at`; the caller has checked that they are there (missing octets read as 0). */
export function readIpv4(bytes: Uint8Array, at: number): string {
  if (at + 4 > bytes.length) return text(bytes, at);
  const word =
    ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  const place = Math.imul(word, 0x9e3779b1) >>> (32 - LATELY_BITS);
  if (latelyRead[place] === word) return latelyText[place] as string;
  const made = text(bytes, at);
  latelyRead[place] = word;
  latelyText[place] = made;
  return made;
}

function text(bytes: Uint8Array, at: number): string {
  return `${bytes[at] ?? 0}.${bytes[at + 1] ?? 0}.${bytes[at + 2] ?? 0}.${bytes[at + 3] ?? 0}`;
}

/**
 * Sixteen octets at `at`; the caller has checked that they are there (missing octets read as 0).
 *
 * RFC 5952 §4: lower case, no leading zeros, `::` for the longest run of two or more zero groups (the first of
 * equals); §5: IPv4-mapped addresses (::ffff:0:0/96) keep the dotted quad.
 */
export function readIpv6(bytes: Uint8Array, at: number): string {
  let bestStart = -1;
  let bestLength = 1;
  let runStart = -1;
  for (let group = 0; group < 8; group++) {
    if (groupAt(bytes, at, group) !== 0) {
      runStart = -1;
      continue;
    }
    if (runStart < 0) runStart = group;
    const length = group - runStart + 1;
    if (length > bestLength) {
      bestLength = length;
      bestStart = runStart;
    }
  }
  if (bestStart === 0 && bestLength === 5 && groupAt(bytes, at, 5) === 0xffff) return `::ffff:${readIpv4(bytes, at + 12)}`;
  let text = "";
  for (let group = 0; group < 8; group++) {
    if (group === bestStart) {
      text += "::";
      group += bestLength - 1;
      continue;
    }
    if (text !== "" && !text.endsWith("::")) text += ":";
    text += groupAt(bytes, at, group).toString(16);
  }
  return text;
}

function groupAt(bytes: Uint8Array, at: number, group: number): number {
  return ((bytes[at + group * 2] ?? 0) << 8) | (bytes[at + group * 2 + 1] ?? 0);
}
