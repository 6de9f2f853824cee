/** IPv4 (RFC 791), IPv6 (RFC 8200) with extension headers, AH (RFC 4302). */
import { i32, u16 } from "#bytes/read.ts";
import { limits } from "./limits.ts";
import { fail, push, Step, tooShort } from "./cursor.ts";
import { IpFlag, Layer, PacketFault, type PacketView } from "./view.ts";
import {
  AT_DST_PORT,
  AT_FRAGMENT_ID,
  AT_FRAGMENT_OFFSET,
  AT_GTP_TYPE,
  AT_IP_DST,
  AT_IP_END,
  AT_IP_FLAGS,
  AT_IP_LAYER,
  AT_IP_LENGTH,
  AT_IP_MAC,
  AT_IP_PAYLOAD,
  AT_IP_PROTOCOL,
  AT_IP_SRC,
  AT_IP_START,
  AT_IP_VERSION,
  AT_IP_VLAN,
  AT_L4,
  AT_PAYLOAD_END,
  AT_PAYLOAD_LENGTH,
  AT_PAYLOAD_START,
  AT_SRC_PORT,
  AT_TCP_FLAGS,
  AT_TUNNEL_KIND,
} from "./layout.ts";

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
/** Largest payload a fragment's offset and length may reach together. */
const MAX_DATAGRAM = 65_535;

/** IPv6 extension headers and AH (IANA protocol numbers). */
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AH = 51;
const NO_NEXT = 59;
const DESTINATION = 60;
const MOBILITY = 135;
const HIP = 139;
const SHIM6 = 140;

export function ip(v: PacketView): number {
  if (v.at >= v.limit) return tooShort(v, Layer.IPV4, v.at);
  return v.bytes[v.at]! >> 4 === 6 ? ipv6(v) : ipv4(v);
}

/** A new IP level with its defaults; -1 where there are too many. */
function addLevel(v: PacketView, layer: number, version: number): number {
  const level = v.ipCount;
  const p = v.at;
  if (level === limits.ipLevels) {
    fail(v, layer, PacketFault.DEPTH, p);
    return -1;
  }
  if (!push(v, layer, p, 0)) return -1;
  v.n[AT_IP_LAYER + level] = v.layerCount - 1;
  v.n[AT_IP_START + level] = p;
  v.n[AT_IP_VERSION + level] = version;
  v.n[AT_IP_MAC + level] = v.pendingMac;
  v.n[AT_IP_VLAN + level] = v.pendingVlan;
  v.pendingMac = -1;
  v.pendingVlan = -1;
  v.n[AT_FRAGMENT_OFFSET + level] = 0;
  v.n[AT_FRAGMENT_ID + level] = 0;
  v.n[AT_L4 + level] = -1;
  v.n[AT_SRC_PORT + level] = -1;
  v.n[AT_DST_PORT + level] = -1;
  v.n[AT_TCP_FLAGS + level] = 0;
  v.n[AT_TUNNEL_KIND + level] = Layer.NONE;
  v.n[AT_GTP_TYPE + level] = -1;
  v.ipCount = level + 1;
  return level;
}

/**
 * version 4 bits, header length 4 | service 1 | total length 2 | identification 2 | flags 3 bits, fragment offset 13 |
 * time to live 1 | protocol 1 | checksum 2 | source 4 | destination 4 | options
 */
export function ipv4(v: PacketView): number {
  const p = v.at;
  const b = v.bytes;
  const room = v.limit - p;
  if (room < IPV4_HEADER) return tooShort(v, Layer.IPV4, p);
  const first = b[p]!;
  const header = (first & 15) * 4;
  if (first >> 4 !== 4) {
    fail(v, Layer.IPV4, PacketFault.VERSION, p);
    return Step.DONE;
  }
  if (header < IPV4_HEADER) {
    fail(v, Layer.IPV4, PacketFault.LENGTH, p);
    return Step.DONE;
  }
  const level = addLevel(v, Layer.IPV4, 4);
  if (level < 0) return Step.DONE;
  v.n[AT_IP_SRC + level] = p + 12;
  v.n[AT_IP_DST + level] = p + 16;
  v.n[AT_IP_PROTOCOL + level] = b[p + 9]!;
  v.n[AT_FRAGMENT_ID + level] = u16(b, p + 4);

  const total = u16(b, p + 2);
  let flags = setEnd(v, level, Layer.IPV4, p, total === 0 ? -1 : total);
  if (total !== 0 && total < header) fail(v, Layer.IPV4, PacketFault.LENGTH, p);
  const payload = p + header;
  v.n[AT_IP_PAYLOAD + level] = payload;
  const control = u16(b, p + 6);
  if ((control & 0x7fff) !== 0) {
    if ((control & 0x4000) !== 0) flags |= IpFlag.DONT_FRAGMENT;
    if ((control & 0x3fff) !== 0) flags |= fragment(v, level, (control & 0x1fff) * 8, (control & 0x2000) !== 0, payload);
  }
  v.n[AT_IP_FLAGS + level] = flags;
  if (payload > v.limit) {
    v.n[AT_IP_PAYLOAD + level] = v.limit;
    noPayload(v, level, v.limit);
    return total !== 0 && total < header ? Step.DONE : tooShort(v, Layer.IPV4, p);
  }
  noPayload(v, level, payload);
  v.at = payload;
  if (b[p + 9] === AH && (flags & IpFlag.FRAGMENT) === 0) return extensions(v, level, AH, Layer.IPV4);
  return Step.TRANSPORT;
}

/**
 * version 4 bits, traffic class 8, flow label 20 | payload length 2 | next header 1 | hop limit 1 | source 16 | destination 16
 */
export function ipv6(v: PacketView): number {
  const p = v.at;
  const b = v.bytes;
  const room = v.limit - p;
  if (room < IPV6_HEADER) return tooShort(v, Layer.IPV6, p);
  if (b[p]! >> 4 !== 6) {
    fail(v, Layer.IPV6, PacketFault.VERSION, p);
    return Step.DONE;
  }
  const level = addLevel(v, Layer.IPV6, 6);
  if (level < 0) return Step.DONE;
  v.n[AT_IP_SRC + level] = p + 8;
  v.n[AT_IP_DST + level] = p + 24;
  const length = u16(b, p + 4);
  const next = b[p + 6]!;
  // Length 0: a jumbogram (RFC 2675) or a super-frame, unless the header says that nothing follows.
  v.n[AT_IP_FLAGS + level] = setEnd(v, level, Layer.IPV6, p, length === 0 && next !== NO_NEXT ? -1 : IPV6_HEADER + length);
  v.at = p + IPV6_HEADER;
  v.n[AT_IP_PROTOCOL + level] = next;
  v.n[AT_IP_PAYLOAD + level] = v.at;
  noPayload(v, level, v.at);
  return extensions(v, level, next, Layer.IPV6);
}

/** Applies the stated length (-1: none) to `view.limit`; returns the flags it gives. */
function setEnd(v: PacketView, level: number, layer: number, p: number, stated: number): number {
  let flags = 0;
  let length = stated;
  if (stated < 0) {
    flags = IpFlag.SUPER;
    length = v.limit - p;
  } else if (level >= v.stretch) {
    const end = p + stated;
    if (end < v.limit) v.limit = end;
    else if (end > v.limit) flags = beyond(v, layer, p);
  }
  v.n[AT_IP_LENGTH + level] = length;
  v.n[AT_IP_END + level] = v.limit;
  return flags;
}

/** The packet states more octets than are there: which of three reasons? */
function beyond(v: PacketView, layer: number, p: number): number {
  const outer = v.ipCount - 2;
  const outerCut = outer >= 0 ? v.n[AT_IP_FLAGS + outer]! & (IpFlag.CUT | IpFlag.CARRIER_CUT) : 0;
  if (v.cut && (v.limit === v.end || (outerCut & IpFlag.CUT) !== 0)) return IpFlag.CUT;
  if (!v.mirrorCut && outerCut === 0) fail(v, layer, PacketFault.LENGTH, p);
  return IpFlag.CARRIER_CUT;
}

function noPayload(v: PacketView, level: number, at: number): void {
  v.n[AT_PAYLOAD_START + level] = at;
  v.n[AT_PAYLOAD_END + level] = v.limit > at ? v.limit : at;
  v.n[AT_PAYLOAD_LENGTH + level] = v.n[AT_PAYLOAD_END + level]! - at;
}

function fragment(v: PacketView, level: number, offset: number, more: boolean, payload: number): number {
  v.n[AT_FRAGMENT_OFFSET + level] = offset;
  v.fragmentLevel = level;
  if (offset + v.limit - payload > MAX_DATAGRAM)
    fail(v, v.n[AT_IP_VERSION + level] === 4 ? Layer.IPV4 : Layer.IPV6, PacketFault.VALUE, payload);
  return more ? IpFlag.FRAGMENT | IpFlag.MORE_FRAGMENTS : IpFlag.FRAGMENT;
}

/**
 * Walks the chain next header 1 | length 1 (in 8 octets beyond the first 8; AH: in 4 octets beyond the first 8) | …
 * and stops at the upper protocol, a fragment that is not whole, or the limit.
 */
function extensions(v: PacketView, level: number, firstNext: number, layer: number): number {
  const b = v.bytes;
  let next = firstNext;
  let p = v.at;
  for (let count = 0; ; count++) {
    if (count === limits.ipv6Extensions) {
      fail(v, layer, PacketFault.COUNT, p);
      return stop(v, level, next, p, layer);
    }
    let length: number;
    switch (next) {
      case HOP_BY_HOP:
      case ROUTING:
      case DESTINATION:
      case MOBILITY:
      case HIP:
      case SHIM6:
        // In an IPv4 packet behind AH these numbers are upper protocols like any other.
        if (layer === Layer.IPV4) return upper(v, level, next, p);
        if (p + 8 > v.limit) return stop(v, level, next, p, layer);
        length = (b[p + 1]! + 1) * 8;
        break;
      case AH:
        if (p + 12 > v.limit) return stop(v, level, next, p, Layer.AH);
        length = (b[p + 1]! + 2) * 4;
        if (length < 12) {
          fail(v, Layer.AH, PacketFault.LENGTH, p);
          return stop(v, level, next, p, Layer.AH);
        }
        if (!push(v, Layer.AH, p, 0)) return Step.DONE;
        break;
      case FRAGMENT: {
        if (layer === Layer.IPV4) return upper(v, level, next, p);
        // next header 1 | reserved 1 | offset 13 bits, reserved 2, more 1 | identification 4
        if (p + 8 > v.limit) return stop(v, level, next, p, layer);
        const control = u16(b, p + 2);
        v.n[AT_FRAGMENT_ID + level] = i32(b, p + 4);
        next = b[p]!;
        p += 8;
        // An atomic fragment (RFC 6946) is a whole packet.
        if ((control & 0xfff9) !== 0) {
          v.n[AT_IP_FLAGS + level] = v.n[AT_IP_FLAGS + level]! | fragment(v, level, control & 0xfff8, (control & 1) !== 0, p);
          return upper(v, level, next, p);
        }
        continue;
      }
      default:
        return upper(v, level, next, p);
    }
    if (p + length > v.limit) return stop(v, level, next, p, layer);
    next = b[p]!;
    p += length;
  }
}

function upper(v: PacketView, level: number, protocol: number, at: number): number {
  v.n[AT_IP_PROTOCOL + level] = protocol;
  v.n[AT_IP_PAYLOAD + level] = at;
  noPayload(v, level, at);
  v.at = at;
  return Step.TRANSPORT;
}

function stop(v: PacketView, level: number, protocol: number, at: number, layer: number): number {
  v.n[AT_IP_PROTOCOL + level] = protocol;
  v.n[AT_IP_PAYLOAD + level] = at;
  noPayload(v, level, at);
  return tooShort(v, layer, at);
}
