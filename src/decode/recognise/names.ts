/** DNS messages (RFC 1035 §4.1): a header whose counts make sense and a first question that reads through. */
import { limits } from "./limits.ts";
import { u16 } from "./match.ts";

const HEADER = 12;

/** id (2) flags (2) counts (2 each); the question's name, type (2), class (2). */
export function isDnsMessage(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + HEADER + 5 > end) return false;
  const flags = u16(bytes, at + 2);
  const opcode = (flags >> 11) & 15;
  if (opcode > 6 || (flags & 0x40) !== 0 || (flags & 15) > 11) return false;
  const questions = u16(bytes, at + 4);
  const answers = u16(bytes, at + 6);
  if (questions > 8 || answers > 200 || u16(bytes, at + 8) > 64 || u16(bytes, at + 10) > 64) return false;
  const response = (flags & 0x8000) !== 0;
  if (questions === 0) {
    // mDNS answers have no question
    if (!response || answers === 0) return false;
  } else if (!response && answers > 16) return false;
  let p = at + HEADER;
  for (let i = 0; ; i++) {
    if (p >= end || i > limits.dnsLabels) return false;
    const length = bytes[p] as number;
    if (length === 0) {
      p++;
      break;
    }
    if (length > 63 || p + 1 + length > end) return false;
    for (let q = p + 1; q <= p + length; q++) if ((bytes[q] as number) < 32) return false;
    p += 1 + length;
  }
  if (p + 4 > end) return false;
  const type = u16(bytes, p);
  const kind = u16(bytes, p + 2) & 0x7fff;
  return (type < 300 || type >= 32_768) && type !== 0 && (kind === 1 || kind === 3 || kind === 4 || kind === 254 || kind === 255);
}

const QR = 0x8000;
const IN = 1;
/** Types that ask for a host (RFC 1035 §3.2.2, RFC 3596 §2.1, RFC 9460 §14.1): A, AAAA, HTTPS. */
const HOST_TYPES: ReadonlySet<number> = new Set([1, 28, 65]);

/** The name that a query for a host asks for (RFC 1035 §4.1.2); undefined for answers, other questions, and names with other octets than host names have. */
export function queriedHost(bytes: Uint8Array, at: number, end: number): string | undefined {
  if (!isDnsMessage(bytes, at, end) || (u16(bytes, at + 2) & QR) !== 0 || u16(bytes, at + 4) !== 1) return undefined;
  let name = "";
  let p = at + HEADER;
  // `isDnsMessage` has read this name through: its labels end before `end`
  for (let length = bytes[p] as number; length !== 0; length = bytes[p] as number) {
    if (name !== "") name += ".";
    if (name.length + length > limits.serverName) return undefined;
    for (let q = p + 1; q <= p + length; q++) {
      if (!isHostOctet(bytes[q] as number)) return undefined;
      name += String.fromCharCode(bytes[q] as number);
    }
    p += 1 + length;
  }
  return HOST_TYPES.has(u16(bytes, p + 1)) && u16(bytes, p + 3) === IN && name !== "" ? name : undefined;
}

/** Letters, digits, hyphen, underscore. */
function isHostOctet(c: number): boolean {
  return (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 122) || c === 45 || c === 95;
}
