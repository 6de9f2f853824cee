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
