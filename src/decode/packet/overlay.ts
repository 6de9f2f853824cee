/**
 * Tunnels in UDP datagrams. A port starts a parse, the content must confirm it; a datagram that does not is opaque.
 *
 * VXLAN RFC 7348 · VXLAN-GPE draft-ietf-nvo3-vxlan-gpe · GENEVE RFC 8926 · TZSP (Wireshark's description of the protocol) ·
 * Teredo RFC 4380 · GRE in UDP RFC 8086 · jmirror (Juniper packet mirroring) · L2TP RFC 2661, RFC 3931 · GTP-U TS 29.281.
 */
import { i32, u16, u24 } from "#bytes/read.ts";
import { limits } from "./limits.ts";
import { pushTunnel, Step } from "./cursor.ts";
import { looksLikeGre } from "./gre.ts";
import { gtpPrime, gtpu, gtpVersion0 } from "./gtpu.ts";
import { l2tp } from "./l2tp.ts";
import { certainIp, plausibleEthernet, plausibleIp } from "./plausible.ts";
import { Layer, type PacketView } from "./view.ts";
import { AT_DST_PORT, AT_PAYLOAD_LENGTH, AT_PAYLOAD_START, AT_SRC_PORT } from "./layout.ts";
import { Port } from "#model/ports.ts";

/** 2001:0000::/32 (RFC 4380 §2.6). */
const TEREDO_PREFIX = 0x20010000;

/** The datagram is no tunnel of this kind. */
const NO = -1;

export function udpPayload(v: PacketView): number {
  const level = v.ipCount - 1;
  v.at = v.n[AT_PAYLOAD_START + level]!;
  v.pendingMac = -1;
  v.pendingVlan = -1;
  const destination = v.n[AT_DST_PORT + level]!;
  const source = v.n[AT_SRC_PORT + level]!;
  let step = byPort(v, destination);
  if (step === NO && source !== destination) step = byPort(v, source);
  if (step === NO) step = byContent(v);
  return step === NO ? Step.DONE : step;
}

/** Ports that `byPort` knows. */
const PORTS = new Uint8Array(65_536);
for (const port of [2152, 4789, 8472, 4790, 6081, 4754, 37008, 1701, 30030, 3544, 3386]) PORTS[port] = 1;

/** Whether `udpPayload` surely finds no tunnel in a datagram between these ports whose payload is `at` … `end`: a few comparisons. */
export function surelyNoTunnel(b: Uint8Array, at: number, end: number, source: number, destination: number): boolean {
  if (PORTS[source] !== 0 || PORTS[destination] !== 0) return false;
  if (at >= end) return true;
  const first = b[at]!;
  if (first === 0x45 || first >> 4 === 6) return !plausibleIp(b, at, end, true);
  if (first >= 0x40 || at + 8 > end) return true;
  if (first === 0x08) return u24(b, at + 1) !== 0;
  const word = u16(b, at + 2);
  return first >> 4 === 3 ? 8 + word !== end - at : word !== 0x6558 && word !== 0x0800;
}

function byPort(v: PacketView, port: number): number {
  switch (port) {
    case Port.GTP_U:
      return gtpu(v, false);
    case 4789:
    // Linux's default before the port was assigned.
    case 8472:
      return vxlan(v, false);
    case 4790:
      return vxlanGpe(v);
    case 6081:
      return geneve(v, false);
    case 4754:
      return looksLikeGre(v) ? Step.GRE : NO;
    case 37008:
      return tzsp(v);
    case 1701:
      return l2tp(v);
    case 30030:
      return jmirror(v);
    case 3544:
      return teredo(v);
    case Port.GTP_PRIME:
      return gtpPrime(v) ? Step.DONE : gtpVersion0(v);
    default:
      return NO;
  }
}

/** Whoever copies picks the port: a few octets decide whether a closer look is worth it, and only certainty counts. */
function byContent(v: PacketView): number {
  const b = v.bytes;
  const p = v.at;
  const first = b[p]!;
  if (first === 0x08) return vxlan(v, true);
  if (first === 0x45 || first >> 4 === 6) return ipInUdp(v);
  if (first >> 4 === 3) return gtpu(v, true);
  if (first < 0x40 && p + 8 <= v.limit && (u16(b, p + 2) === 0x6558 || u16(b, p + 2) === 0x0800)) return geneve(v, true);
  return NO;
}

/** flags 1 (0x08: network id valid) | reserved 3 | network id 3 | reserved 1 | Ethernet frame */
function vxlan(v: PacketView, sure: boolean): number {
  const p = v.at;
  const b = v.bytes;
  if (p + 8 > v.limit || (b[p]! & 0x08) === 0) return NO;
  // Receivers ignore the reserved bits, so that a sender may set them: then the frame has to confirm itself.
  if (!(b[p] === 0x08 && u24(b, p + 1) === 0) && !plausibleEthernet(b, p + 8, v.limit)) return NO;
  if (sure && (u24(b, p + 1) !== 0 || b[p + 7] !== 0 || !certainEthernet(v, p + 8))) return NO;
  v.at = p + 8;
  return pushTunnel(v, Layer.VXLAN, p, u24(b, p + 4), p + 8) ? Step.ETHERNET : Step.DONE;
}

/** An Ethernet frame of an IP packet that is certain; short ones may be padded to 60 octets. */
function certainEthernet(v: PacketView, at: number): boolean {
  const b = v.bytes;
  if (at + 14 > v.limit) return false;
  const type = u16(b, at + 12);
  if (type === 0x8100 && at + 18 <= v.limit) return certainIp(b, at + 18, v.limit);
  if (type !== 0x0800 && type !== 0x86dd) return false;
  let end = v.limit;
  if (type === 0x0800 && end - at <= 64 && plausibleIp(b, at + 14, end, false)) end = at + 14 + u16(b, at + 16);
  return certainIp(b, at + 14, end);
}

/** flags 1 (0x08 id valid, 0x04 next protocol valid) | reserved 2 | next protocol 1 | network id 3 | reserved 1 */
function vxlanGpe(v: PacketView): number {
  const p = v.at;
  const b = v.bytes;
  if (p + 8 > v.limit || (b[p]! & 0xc0) !== 0 || (b[p]! & 0x0c) === 0) return NO;
  const next = (b[p]! & 0x04) !== 0 ? b[p + 3]! : 3;
  const step = nextProtocol(next);
  if (step === NO) return NO;
  if (step === Step.IP && !(p + 8 < v.limit && (b[p + 8]! >> 4 === 4 || b[p + 8]! >> 4 === 6))) return NO;
  v.at = p + 8;
  return pushTunnel(v, Layer.VXLAN_GPE, p, u24(b, p + 4), p + 8) ? step : Step.DONE;
}

function nextProtocol(next: number): number {
  if (next === 1 || next === 2) return Step.IP;
  if (next === 3) return Step.ETHERNET;
  return next === 5 ? Step.MPLS : NO;
}

/** version 2 bits, option length 6 (in 4 octets) | O, C, reserved 6 | protocol type 2 | network id 3 | reserved 1 | options */
function geneve(v: PacketView, sure: boolean): number {
  const p = v.at;
  const b = v.bytes;
  if (p + 8 > v.limit || b[p]! >> 6 !== 0) return NO;
  const q = p + 8 + (b[p]! & 0x3f) * 4;
  const type = u16(b, p + 2);
  if (q > v.limit || type < 0x0600 || !optionsFit(b, p + 8, q)) return NO;
  if (sure) {
    const certain = (b[p + 1]! & 0x3f) === 0 && b[p + 7] === 0 && (type === 0x6558 ? certainEthernet(v, q) : certainIp(b, q, v.limit));
    if (!certain) return NO;
  }
  if (!pushTunnel(v, Layer.GENEVE, p, u24(b, p + 4), q)) return Step.DONE;
  v.at = q;
  v.type = type;
  return q < v.limit ? Step.ETHERTYPE : Step.DONE;
}

/** class 2 | type 1 | reserved 3 bits, length 5 (in 4 octets, without these 4) | content */
function optionsFit(b: Uint8Array, at: number, end: number): boolean {
  let q = at;
  while (q + 4 <= end) q += 4 + (b[q + 3]! & 0x1f) * 4;
  return q === end;
}

/** version 1 (1) | type 1 (0 received packet, 1 packet to send) | protocol 2 | tags: 0 padding, 1 end, others type 1 | length 1 | content */
function tzsp(v: PacketView): number {
  const p = v.at;
  const b = v.bytes;
  if (p + 5 > v.limit || b[p] !== 1 || b[p + 1]! > 1) return NO;
  const protocol = u16(b, p + 2);
  let q = p + 4;
  for (let tags = 0; ; tags++) {
    if (q >= v.limit || tags === limits.tzspTags) return NO;
    const tag = b[q]!;
    q++;
    if (tag === 1) break;
    if (tag === 0) continue;
    if (q >= v.limit) return NO;
    q += 1 + b[q]!;
  }
  if (!pushTunnel(v, Layer.TZSP, p, 0, q)) return Step.DONE;
  v.at = q;
  return protocol === 1 && q < v.limit ? Step.ETHERNET : Step.DONE;
}

/** intercept id 4 (upper two bits are a version) | session id 4 | IP packet */
function jmirror(v: PacketView): number {
  const p = v.at;
  if (!plausibleIp(v.bytes, p + 8, stretched(v), false)) return NO;
  v.at = p + 8;
  return pushTunnel(v, Layer.JMIRROR, p, i32(v.bytes, p) & 0x3fffffff, p + 8) ? Step.IP : Step.DONE;
}

/**
 * [0, 1, id length 1, auth length 1, id, auth, nonce 8, confirmation 1] | [0, 0, port 2, address 4] | IPv6 packet | [trailers, RFC 6081 §4]
 *
 * With trailers the length confirms nothing; then one address must have the Teredo prefix 2001::/32.
 */
function teredo(v: PacketView): number {
  const p = v.at;
  const b = v.bytes;
  let q = p;
  if (q + 4 <= v.limit && b[q] === 0 && b[q + 1] === 1) q += 4 + b[q + 2]! + b[q + 3]! + 9;
  if (q + 8 <= v.limit && b[q] === 0 && b[q + 1] === 0) q += 8;
  const end = stretched(v);
  if (q + 40 > v.limit || b[q]! >> 4 !== 6) return NO;
  const stated = 40 + u16(b, q + 4);
  const prefixed = i32(b, q + 8) === TEREDO_PREFIX || i32(b, q + 24) === TEREDO_PREFIX;
  if (stated > end - q || (stated < end - q && !prefixed)) return NO;
  v.at = q;
  return pushTunnel(v, Layer.TEREDO, p, 0, q) ? Step.IPV6 : Step.DONE;
}

/** Where the datagram would end were it not cut. */
function stretched(v: PacketView): number {
  const level = v.ipCount - 1;
  return v.n[AT_PAYLOAD_START + level]! + v.n[AT_PAYLOAD_LENGTH + level]!;
}

/** An IP packet without any header of a tunnel (RFC 7510 style, Teredo on another port). */
function ipInUdp(v: PacketView): number {
  const p = v.at;
  if (!certainIp(v.bytes, p, v.limit)) return NO;
  return pushTunnel(v, Layer.IPIP, p, 0, p) ? Step.IP : Step.DONE;
}
