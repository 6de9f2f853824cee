/**
 * User packets carried inside something else (a product of interception, a mirror): who talks to whom, and how many
 * octets. Not a protocol but a form that several of them carry, so they may share it. RFC 791 §3.1, RFC 8200 §3,
 * IEEE 802.3 (ethertype, one or two VLAN tags), TS 29.281 §5.1 and §5.2 (G-PDU with its extension headers).
 */
import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import { Login, loginIn } from "#bytes/login.ts";
import type { CarriedContent } from "#model/interception.ts";

/** Extension headers of one G-PDU that are followed; past it, the packet is not read. */
const MOST_EXTENSIONS = 8;
const TCP = 6;

/** `bytes[at, end)` as content of this kind; `base` is the start of the message, from which offsets count. */
export function carriedContent(kind: CarriedContent["kind"], bytes: Uint8Array, at: number, end: number, base: number): CarriedContent {
  const ip = findIp(kind, bytes, at, end);
  const content = { kind, offset: at - base, length: end - at };
  if (ip < 0) return { ...content, src: undefined, dst: undefined, ipOctets: 0 };
  const v4 = (bytes[ip] as number) >> 4 === 4;
  const login = loginBehind(bytes, ip, v4, end);
  return {
    ...content,
    src: v4 ? readIpv4(bytes, ip + 12) : readIpv6(bytes, ip + 8),
    dst: v4 ? readIpv4(bytes, ip + 16) : readIpv6(bytes, ip + 24),
    ipOctets: v4 ? u16(bytes, ip + 2) : 40 + u16(bytes, ip + 4),
    ...(login === Login.NONE ? {} : { login }),
  };
}

/** In the payload of a whole TCP segment; extension headers of IPv6 are not followed. */
function loginBehind(bytes: Uint8Array, ip: number, v4: boolean, end: number): number {
  if (v4 && (u16(bytes, ip + 6) & 0x3fff) !== 0) return Login.NONE;
  const tcp = ip + (v4 ? 4 * ((bytes[ip] as number) & 15) : 40);
  if (bytes[ip + (v4 ? 9 : 6)] !== TCP || tcp + 20 > end) return Login.NONE;
  const stated = ip + (v4 ? u16(bytes, ip + 2) : 40 + u16(bytes, ip + 4));
  return loginIn(bytes, tcp + 4 * ((bytes[tcp + 12] as number) >> 4), Math.min(end, stated));
}

function findIp(kind: CarriedContent["kind"], bytes: Uint8Array, at: number, end: number): number {
  switch (kind) {
    case "ipv4":
    case "ipv6":
      return isIp(bytes, at, end) ? at : -1;
    case "ethernet":
      return behindEthernet(bytes, at, end);
    case "gtp-u":
      return behindGtpu(bytes, at, end);
    default:
      return -1;
  }
}

/** An IP header whose addresses are there; the rest of the packet may be cut. */
function isIp(bytes: Uint8Array, at: number, end: number): boolean {
  const version = at < end ? (bytes[at] as number) >> 4 : 0;
  return (version === 4 && at + 20 <= end) || (version === 6 && at + 40 <= end);
}

function behindEthernet(bytes: Uint8Array, at: number, end: number): number {
  let p = at + 12;
  for (let tags = 0; tags < 3 && p + 2 <= end; tags += 1) {
    const type = u16(bytes, p);
    p += 2;
    if (type === 0x0800 || type === 0x86dd) return isIp(bytes, p, end) ? p : -1;
    if (type !== 0x8100 && type !== 0x88a8) return -1;
    p += 2;
  }
  return -1;
}

/** flags 1 | type 255 | length 2 | TEID 4 | [sequence 2, N-PDU 1, next extension 1] | extensions | T-PDU */
function behindGtpu(bytes: Uint8Array, at: number, end: number): number {
  if (at + 8 > end || (bytes[at] as number) >> 5 !== 1 || bytes[at + 1] !== 0xff) return -1;
  let p = at + 8;
  if (((bytes[at] as number) & 7) !== 0) {
    p += 4;
    let next = ((bytes[at] as number) & 4) !== 0 && p <= end ? (bytes[p - 1] as number) : 0;
    for (let n = 0; next !== 0; n += 1) {
      if (n >= MOST_EXTENSIONS || p >= end) return -1;
      const octets = 4 * (bytes[p] as number);
      if (octets === 0 || p + octets > end) return -1;
      next = bytes[p + octets - 1] as number;
      p += octets;
    }
  }
  return isIp(bytes, p, end) ? p : -1;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
