/** Addresses as text, in the one canonical form that comparison by string needs (RFC 5952 for IPv6). Control path only. */
import { u16 } from "./read.ts";

/** Dotted quad of the four octets at `at`. */
export function ipv4Text(b: Uint8Array, at: number): string {
  return `${b[at]}.${b[at + 1]}.${b[at + 2]}.${b[at + 3]}`;
}

/** RFC 5952 §4: lower case, no leading zeros, the longest run of two or more zero groups (the first of equals) as `::`. */
export function ipv6Text(b: Uint8Array, at: number): string {
  // RFC 5952 §5: mixed notation where the prefix says that an IPv4 address is inside (::ffff:0:0/96).
  let mapped = u16(b, at + 10) === 0xffff;
  for (let i = 0; mapped && i < 10; i++) mapped = b[at + i] === 0;
  if (mapped) return `::ffff:${ipv4Text(b, at + 12)}`;
  let bestStart = -1;
  let bestLength = 1;
  for (let i = 0; i < 8;) {
    let j = i;
    while (j < 8 && u16(b, at + 2 * j) === 0) j++;
    if (j - i > bestLength) {
      bestStart = i;
      bestLength = j - i;
    }
    i = j + 1;
  }
  const groups: string[] = [];
  for (let i = 0; i < 8; i++) groups.push(u16(b, at + 2 * i).toString(16));
  if (bestStart < 0) return groups.join(":");
  return `${groups.slice(0, bestStart).join(":")}::${groups.slice(bestStart + bestLength).join(":")}`;
}

/** Text of the address at `at`; `version` is 4 or 6. */
export function addressText(b: Uint8Array, at: number, version: number): string {
  return version === 4 ? ipv4Text(b, at) : ipv6Text(b, at);
}

/** `02:00:00:00:00:01` of the six octets at `at`. */
export function macText(b: Uint8Array, at: number): string {
  let text = octetText(b[at]);
  for (let i = at + 1; i < at + 6; i++) text += `:${octetText(b[i])}`;
  return text;
}

const OCTETS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));

/** Two digits; nothing where there is no octet. */
function octetText(octet: number | undefined): string {
  return octet === undefined ? "" : (OCTETS[octet] as string);
}
