// User Location Information, 3GPP TS 29.274 §8.21.
import { readCgi, readEcgi, readLai, readRai, readTai } from "#decode/digits/place.ts";
import { readPlmn } from "#decode/digits/plmn.ts";
import type { UserLocation } from "./message.ts";

/** Flag, octets of the part that it announces; the parts follow in this order. */
const CGI = 0x01;
const SAI = 0x02;
const RAI = 0x04;
const TAI = 0x08;
const ECGI = 0x10;
const LAI = 0x20;
const MACRO_ENB = 0x40;
const EXTENDED_MACRO_ENB = 0x80;
const OCTETS = { cgi: 7, sai: 7, rai: 7, tai: 5, ecgi: 7, lai: 5, enb: 6 };

/**
 * Layout: flags 1, then the parts whose flags are set: CGI 7, SAI 7, RAI 7 (its RAC has two octets, the second is
 * filler), TAI 5, ECGI 7, LAI 5, macro eNodeB id 6, extended macro eNodeB id 6.
 *
 * Parts that the element's length does not cover are left out; `complete` then says false.
 */
export function readUserLocation(bytes: Uint8Array, start: number, end: number): { location: UserLocation; complete: boolean } {
  const location: { -readonly [K in keyof UserLocation]: UserLocation[K] } = {};
  if (start >= end) return { location, complete: false };
  const flags = bytes[start]!;
  let at = start + 1;
  if (flags & CGI) {
    if (at + OCTETS.cgi > end) return { location, complete: false };
    location.cgi = readCgi(bytes, at);
    at += OCTETS.cgi;
  }
  if (flags & SAI) {
    if (at + OCTETS.sai > end) return { location, complete: false };
    location.sai = readCgi(bytes, at);
    at += OCTETS.sai;
  }
  if (flags & RAI) {
    if (at + OCTETS.rai > end) return { location, complete: false };
    location.rai = readRai(bytes, at);
    at += OCTETS.rai;
  }
  if (flags & TAI) {
    if (at + OCTETS.tai > end) return { location, complete: false };
    location.tai = readTai(bytes, at);
    at += OCTETS.tai;
  }
  if (flags & ECGI) {
    if (at + OCTETS.ecgi > end) return { location, complete: false };
    location.ecgi = readEcgi(bytes, at);
    at += OCTETS.ecgi;
  }
  if (flags & LAI) {
    if (at + OCTETS.lai > end) return { location, complete: false };
    location.lai = readLai(bytes, at);
    at += OCTETS.lai;
  }
  if (flags & (MACRO_ENB | EXTENDED_MACRO_ENB)) {
    if (at + OCTETS.enb > end) return { location, complete: false };
    const extended = (flags & MACRO_ENB) === 0;
    const id = ((bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!) & (extended ? 0x1fffff : 0x0fffff);
    location.enb = { plmn: readPlmn(bytes, at), id, extended };
  }
  return { location, complete: true };
}
