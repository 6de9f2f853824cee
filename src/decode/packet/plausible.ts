/**
 * Is this what it claims to be? A port number or a label only starts a parse; these checks confirm it.
 * Each reads within [at, end) and is false where that is too short.
 */
import { u16 } from "#bytes/read.ts";

/** An IP header whose version, header length and stated length fit; `exact` asks that the packet fills the room. */
export function plausibleIp(b: Uint8Array, at: number, end: number, exact: boolean): boolean {
  const room = end - at;
  if (room < 20) return false;
  const first = b[at]!;
  if (first >> 4 === 4) {
    const header = (first & 15) * 4;
    const total = u16(b, at + 2);
    return header >= 20 && total >= header && (exact ? total === room : total <= room);
  }
  if (first >> 4 === 6 && room >= 40) {
    const total = 40 + u16(b, at + 4);
    return exact ? total === room : total <= room;
  }
  return false;
}

/** RFC 791 header checksum, for recognition only: 16 bits of certainty where no port speaks for the content. */
export function ipv4ChecksumHolds(b: Uint8Array, at: number): boolean {
  const end = at + (b[at]! & 15) * 4;
  let sum = 0;
  for (let p = at; p < end; p += 2) sum += u16(b, p);
  sum = (sum & 0xffff) + (sum >>> 16);
  return (sum & 0xffff) + (sum >>> 16) === 0xffff;
}

/** An IP packet that fills the room exactly and whose own redundancy confirms it: about 40 bits against chance. */
export function certainIp(b: Uint8Array, at: number, end: number): boolean {
  if (!plausibleIp(b, at, end, true)) return false;
  if (b[at]! >> 4 === 4) return ipv4ChecksumHolds(b, at);
  // IPv6 has no checksum: ask for a known upper protocol, a hop limit, and real addresses.
  const next = b[at + 6]!;
  const known = next === 6 || next === 17 || next === 58 || next === 50 || next === 132 || next === 0 || next === 44;
  return known && b[at + 7]! > 0 && unicast6(b, at + 8);
}

/** A source address that hosts use: global (2000::/3), unique local (fc00::/7), link-local (fe80::/10). */
function unicast6(b: Uint8Array, at: number): boolean {
  const first = b[at]!;
  return first >> 5 === 1 || (first & 0xfe) === 0xfc || (first === 0xfe && (b[at + 1]! & 0xc0) === 0x80);
}

/** An Ethernet header with an ethertype of use, and content that agrees with it. */
export function plausibleEthernet(b: Uint8Array, at: number, end: number): boolean {
  let p = at + 12;
  for (let tags = 0; tags < 4; tags++) {
    if (p + 2 > end) return false;
    const type = u16(b, p);
    p += 2;
    switch (type) {
      case 0x8100:
      case 0x88a8:
      case 0x9100:
        p += 2;
        continue;
      case 0x0800:
        return p < end && b[p]! >> 4 === 4 && plausibleIp(b, p, end, false);
      case 0x86dd:
        return p < end && b[p]! >> 4 === 6 && plausibleIp(b, p, end, false);
      case 0x0806:
        return p + 8 <= end && u16(b, p) === 1 && u16(b, p + 2) === 0x0800;
      case 0x8847:
      case 0x8848:
      case 0x8863:
      case 0x8864:
      case 0x8809:
      case 0x888e:
      case 0x88cc:
      case 0x88f7:
      case 0x9000:
        return true;
      default: {
        // IEEE 802.3: a length, then LLC service access points that name a protocol.
        if (type > 1500 || type < 3 || p + type > end) return false;
        const sap = u16(b, p);
        return sap === 0x4242 || sap === 0xaaaa || sap === 0xe0e0 || sap === 0xfefe || sap === 0xf0f0;
      }
    }
  }
  return false;
}

/** A PPP frame (RFC 1661, RFC 1662): optional address and control octets, then a protocol that a session carries. */
export function plausiblePpp(b: Uint8Array, at: number, end: number): boolean {
  let p = at;
  if (p + 2 <= end && b[p] === 0xff && b[p + 1] === 0x03) p += 2;
  if (p + 2 > end) return false;
  if (b[p] === 0x21) return b[p + 1]! >> 4 === 4 && plausibleIp(b, p + 1, end, false);
  const protocol = u16(b, p);
  if (protocol === 0x0021) return p + 2 < end && b[p + 2]! >> 4 === 4 && plausibleIp(b, p + 2, end, false);
  if (protocol === 0x0057) return p + 2 < end && b[p + 2]! >> 4 === 6 && plausibleIp(b, p + 2, end, false);
  return protocol === 0xc021 || protocol === 0xc023 || protocol === 0xc223 || protocol === 0x8021 || protocol === 0x8057;
}
