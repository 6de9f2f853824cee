/** Addresses that say by themselves how far they reach. RFC 6890, RFC 5771, RFC 4291 §2.5.6 and §2.7. */
import { parseAddress } from "./address.ts";

/** 224.0.0.0/24, 255.255.255.255, 0.0.0.0, ff01::/16, ff02::/16, `::`. */
export function isLinkGroup(address: string): boolean {
  const w = parseAddress(address);
  if (w === null) return false;
  if (w.family === 4) return w.w3 >>> 8 === 0xe00000 || w.w3 === -1 || w.w3 === 0;
  const top = w.w0 >>> 16;
  return top === 0xff01 || top === 0xff02 || (w.w0 | w.w1 | w.w2 | w.w3) === 0;
}
/** 169.254.0.0/16, 127.0.0.0/8, fe80::/10, ::1. */
export function isLinkUnicast(address: string): boolean {
  const w = parseAddress(address);
  if (w === null) return false;
  if (w.family === 4) return w.w3 >>> 16 === 0xa9fe || w.w3 >>> 24 === 127;
  return w.w0 >>> 22 === 0xfe80 >>> 6 || ((w.w0 | w.w1 | w.w2) === 0 && w.w3 === 1);
}
export function isGroup(address: string): boolean {
  const w = parseAddress(address);
  return w !== null && (w.family === 4 ? w.w3 >>> 28 === 0xe : w.w0 >>> 24 === 0xff);
}
