/**
 * GRE: RFC 2784 with key and sequence (RFC 2890), routing (RFC 1701), version 1 for PPTP (RFC 2637), in UDP (RFC 8086);
 * ERSPAN I, II, III (draft-foschiano-erspan-03).
 */
import { i32, u16 } from "#bytes/read.ts";
import { limits } from "./limits.ts";
import { fail, lengthsHold, pushTunnel, Step, tooShort } from "./cursor.ts";
import { Layer, PacketFault, type PacketView } from "./view.ts";

const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
/** Version 1 only. */
const ACKNOWLEDGEMENT = 0x0080;
const VERSION = 0x0007;

const PPP = 0x880b;
const WCCP = 0x883e;
const ERSPAN_1_2 = 0x88be;
const ERSPAN_3 = 0x22eb;

/** flags 13 bits, version 3 | protocol type 2 | [checksum 2 | offset 2] | [key 4] | [sequence 4] | [routing …] */
export function gre(v: PacketView): number {
  const p = v.at;
  const b = v.bytes;
  if (p + 4 > v.limit) return tooShort(v, Layer.GRE, p);
  const flags = u16(b, p);
  const protocol = u16(b, p + 2);
  const version = flags & VERSION;
  if (version === 1) return pptp(v, flags, protocol);
  if (version !== 0) {
    fail(v, Layer.GRE, PacketFault.VERSION, p);
    return Step.DONE;
  }
  let q = p + 4;
  if ((flags & (CHECKSUM | ROUTING)) !== 0) q += 4;
  let key = 0;
  if ((flags & KEY) !== 0) {
    if (q + 4 > v.limit) return tooShort(v, Layer.GRE, p);
    key = i32(b, q);
    q += 4;
  }
  if ((flags & SEQUENCE) !== 0) q += 4;
  if (q > v.limit) return tooShort(v, Layer.GRE, p);
  if ((flags & ROUTING) !== 0) {
    q = afterRoutes(v, q);
    if (q < 0) return Step.DONE;
  }
  if (!pushTunnel(v, Layer.GRE, p, key, q)) return Step.DONE;
  v.at = q;
  v.pendingMac = -1;
  v.pendingVlan = -1;
  switch (protocol) {
    case ERSPAN_1_2:
      // Type I has neither sequence number nor a header of its own.
      return (flags & SEQUENCE) === 0 ? erspan1(v) : erspan2(v);
    case ERSPAN_3:
      return erspan3(v);
    case WCCP:
      // WCCPv2 puts a 4-octet redirect header before the packet, version 1 does not.
      if (q + 4 < v.limit && b[q]! >> 4 !== 4) v.at = q + 4;
      return Step.IPV4;
    case PPP:
      return Step.PPP;
    default:
      v.type = protocol;
      return q < v.limit && protocol >= 0x0600 ? Step.ETHERTYPE : Step.DONE;
  }
}

/** address family 2 | offset 1 | length 1 | routing information; a zero family and length ends the list. -1 where it does not end. */
function afterRoutes(v: PacketView, at: number): number {
  let q = at;
  for (let count = 0; count < limits.greRoutes; count++) {
    if (q + 4 > v.limit) return tooShort(v, Layer.GRE, at) - 1;
    const length = v.bytes[q + 3]!;
    const last = length === 0 && u16(v.bytes, q) === 0;
    q += 4 + length;
    if (q > v.limit) return tooShort(v, Layer.GRE, at) - 1;
    if (last) return q;
  }
  fail(v, Layer.GRE, PacketFault.COUNT, at);
  return -1;
}

/** flags, version 1 | protocol 0x880b | payload length 2 | call id 2 | [sequence 4] | [acknowledgement 4] */
function pptp(v: PacketView, flags: number, protocol: number): number {
  const p = v.at;
  let q = p + 8;
  if ((flags & SEQUENCE) !== 0) q += 4;
  if ((flags & ACKNOWLEDGEMENT) !== 0) q += 4;
  if (q > v.limit) return tooShort(v, Layer.GRE, p);
  const length = u16(v.bytes, p + 4);
  if (!pushTunnel(v, Layer.GRE, p, u16(v.bytes, p + 6), q)) return Step.DONE;
  if (protocol !== PPP || (flags & SEQUENCE) === 0 || length === 0) return Step.DONE;
  if (lengthsHold(v)) {
    if (q + length < v.limit) v.limit = q + length;
    else if (q + length > v.limit && !v.cut) fail(v, Layer.GRE, PacketFault.LENGTH, p);
  }
  v.at = q;
  v.pendingMac = -1;
  v.pendingVlan = -1;
  return Step.PPP;
}

function erspan1(v: PacketView): number {
  return pushTunnel(v, Layer.ERSPAN1, v.at, 0, v.at) ? Step.ETHERNET : Step.DONE;
}

/** version 4 bits (1), VLAN 12 | class 3, encapsulation 2, truncated 1, session 10 | reserved 12, index 20 */
function erspan2(v: PacketView): number {
  const p = v.at;
  if (p + 8 > v.limit) return tooShort(v, Layer.ERSPAN2, p);
  if (v.bytes[p]! >> 4 !== 1) {
    fail(v, Layer.ERSPAN2, PacketFault.VERSION, p);
    return Step.DONE;
  }
  const word = u16(v.bytes, p + 2);
  if ((word & 0x0400) !== 0) v.mirrorCut = true;
  v.at = p + 8;
  return pushTunnel(v, Layer.ERSPAN2, p, word & 0x3ff, p + 8) ? Step.ETHERNET : Step.DONE;
}

/**
 * version 4 bits (2), VLAN 12 | class 3, bad/short/oversized 2, truncated 1, session 10 | timestamp 4 |
 * security group 2 | P 1 bit, frame type 5, hardware 6, direction 1, granularity 2, O 1 | [platform subheader 8]
 */
function erspan3(v: PacketView): number {
  const p = v.at;
  const b = v.bytes;
  if (p + 12 > v.limit) return tooShort(v, Layer.ERSPAN3, p);
  if (b[p]! >> 4 !== 2) {
    fail(v, Layer.ERSPAN3, PacketFault.VERSION, p);
    return Step.DONE;
  }
  const word = u16(b, p + 2);
  const last = u16(b, p + 10);
  const q = p + 12 + ((last & 1) !== 0 ? 8 : 0);
  if (q > v.limit) return tooShort(v, Layer.ERSPAN3, p);
  if ((word & 0x0400) !== 0) v.mirrorCut = true;
  if (!pushTunnel(v, Layer.ERSPAN3, p, word & 0x3ff, q)) return Step.DONE;
  v.at = q;
  const frameType = (last >> 10) & 31;
  if (frameType === 0) return Step.ETHERNET;
  return frameType === 2 ? Step.IP : Step.DONE;
}

/** GRE in UDP has no checksum of its own protocol to lean on: the flags must be sane and the protocol type one that GRE carries. */
export function looksLikeGre(v: PacketView): boolean {
  const p = v.at;
  if (p + 4 > v.limit) return false;
  const flags = u16(v.bytes, p);
  if ((flags & ~(CHECKSUM | KEY | SEQUENCE)) !== 0) return false;
  const type = u16(v.bytes, p + 2);
  return (
    type === 0x0800 ||
    type === 0x86dd ||
    type === 0x6558 ||
    type === 0x8847 ||
    type === 0x8848 ||
    type === ERSPAN_1_2 ||
    type === ERSPAN_3 ||
    type === PPP ||
    type === 0x8100 ||
    type === 0x88a8
  );
}
