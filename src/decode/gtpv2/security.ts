// MM Contexts, 3GPP TS 29.274 §8.38, figures 8.38-1 … 8.38-6: a subscriber's security context moving to another node.
// Keys and vectors are skipped, never kept: only what they are used with, and the device identity.
import { readTbcd } from "#decode/digits/tbcd.ts";
import type { MmContext } from "./message.ts";

/** EPS security context, quadruplets and quintuplets: the one MM Context of E-UTRAN. */
export const EPS_MM_CONTEXT = 107;

const KEY_OCTETS = 16;
const KASME_OCTETS = 32;
const NAS_COUNT_OCTETS = 3;

/**
 * Layout, first octets: security mode 3 bits, NHI, DRXI, KSI 3 bits; quintuplets 3 bits, quadruplets 3 bits, UAMBRI,
 * OSCI; SAMBRI, NAS integrity algorithm 3 bits, NAS ciphering algorithm 4 bits (the last two octets in EPS only so).
 */
export function readMmContext(bytes: Uint8Array, type: number, start: number, end: number): MmContext | undefined {
  if (start >= end) return undefined;
  const first = bytes[start]!;
  const algorithms = type === EPS_MM_CONTEXT && start + 2 < end ? bytes[start + 2]! : undefined;
  return {
    type,
    securityMode: first >>> 5,
    ksi: first & 0x07,
    integrityAlgorithm: algorithms === undefined ? undefined : (algorithms >>> 4) & 0x07,
    cipheringAlgorithm: algorithms === undefined ? undefined : algorithms & 0x0f,
  };
}

/**
 * The device identity (MEI) inside an EPS MM Context, or "".
 *
 * Layout after the three octets above: NAS downlink count 3, uplink count 3, KASME 32, quadruplets { RAND 16, XRES LV,
 * AUTN LV, KASME 32 } …, quintuplets { RAND 16, XRES LV, CK 16, IK 16, AUTN LV } …, DRX 2 where DRXI, NH 32 and NCC 1
 * where NHI, subscribed UE-AMBR 8 where SAMBRI, used UE-AMBR 8 where UAMBRI, UE network capability LV, MS network
 * capability LV, MEI LV. (LV: a length octet and that many octets.)
 */
export function readMmContextDevice(bytes: Uint8Array, start: number, end: number): string {
  if (start + 3 > end) return "";
  const first = bytes[start]!;
  const second = bytes[start + 1]!;
  const quintuplets = second >>> 5;
  const quadruplets = (second >>> 2) & 0x07;
  let at = start + 3 + 2 * NAS_COUNT_OCTETS + KASME_OCTETS;
  for (let index = 0; index < quadruplets; index++) {
    at = skipLv(bytes, skipLv(bytes, at + KEY_OCTETS, end), end) + KASME_OCTETS;
  }
  for (let index = 0; index < quintuplets; index++) {
    at = skipLv(bytes, skipLv(bytes, at + KEY_OCTETS, end) + 2 * KEY_OCTETS, end);
  }
  if (first & 0x08) at += 2;
  if (first & 0x10) at += 33;
  if (bytes[start + 2]! & 0x80) at += 8;
  if (second & 0x02) at += 8;
  at = skipLv(bytes, skipLv(bytes, at, end), end);
  if (at >= end) return "";
  const deviceEnd = at + 1 + bytes[at]!;
  return deviceEnd <= end ? readTbcd(bytes, at + 1, deviceEnd) : "";
}

/** Past a length octet and its contents; past the end where the length octet is missing. */
function skipLv(bytes: Uint8Array, at: number, end: number): number {
  return at < end ? at + 1 + bytes[at]! : end + 1;
}
