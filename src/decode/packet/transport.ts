/**
 * What an IP packet carries: UDP (RFC 768), UDP-Lite (RFC 3828), TCP (RFC 9293), SCTP (RFC 9260), ICMP (RFC 792, RFC 4443), and by
 * protocol number the tunnels GRE, IP in IP (RFC 2003, RFC 4213), MPLS in IP (RFC 4023), EtherIP (RFC 3378), L2TPv3 (RFC 3931).
 */
import { u16 } from "#bytes/read.ts";
import { fail, push, pushTunnel, Step, tooShort } from "./cursor.ts";
import { IpFlag, Layer, PacketFault, type PacketView } from "./view.ts";
import {
  AT_DST_PORT,
  AT_FRAGMENT_OFFSET,
  AT_IP_FLAGS,
  AT_IP_LENGTH,
  AT_IP_PROTOCOL,
  AT_IP_START,
  AT_L4,
  AT_PAYLOAD_END,
  AT_PAYLOAD_LENGTH,
  AT_PAYLOAD_START,
  AT_SRC_PORT,
  AT_TCP_FLAGS,
} from "./layout.ts";

const UDP_HEADER = 8;
const TCP_HEADER = 20;
const SCTP_HEADER = 12;
const ICMP_HEADER = 4;

export function transport(v: PacketView): number {
  const level = v.ipCount - 1;
  const protocol = v.n[AT_IP_PROTOCOL + level]!;
  // A later fragment has no transport header; of the first one the ports are read, and no more.
  if (v.n[AT_FRAGMENT_OFFSET + level] !== 0) return Step.DONE;
  switch (protocol) {
    case 17:
    case 136:
      return udp(v, level, protocol === 17);
    case 6:
      return tcp(v, level);
    case 132:
      return sctp(v, level);
    case 1:
      return icmp(v, level, Layer.ICMP);
    case 58:
      return icmp(v, level, Layer.ICMPV6);
    case 33:
      return ports(v, level);
    case 50:
      push(v, Layer.ESP, v.at, 0);
      return Step.DONE;
    default:
      return v.fragmentLevel === level ? Step.DONE : carried(v, protocol);
  }
}

function carried(v: PacketView, protocol: number): number {
  const p = v.at;
  switch (protocol) {
    case 47:
      return Step.GRE;
    case 4:
      return pushTunnel(v, Layer.IPIP, p, 0, p) ? Step.IPV4 : Step.DONE;
    case 41:
      return pushTunnel(v, Layer.IPIP, p, 0, p) ? Step.IPV6 : Step.DONE;
    case 97:
      // version 4 bits (3), reserved 12 | Ethernet frame
      if (p + 2 > v.limit) return tooShort(v, Layer.IPIP, p);
      if (v.bytes[p] !== 0x30) return Step.DONE;
      v.at = p + 2;
      return pushTunnel(v, Layer.IPIP, p, 0, p + 2) ? Step.ETHERNET : Step.DONE;
    case 137:
      return pushTunnel(v, Layer.MPLS, p, 0, p) ? Step.MPLS : Step.DONE;
    case 115:
      return Step.L2TP3;
    default:
      return Step.DONE;
  }
}

/** True where missing octets need no second fault: the IP header's length already told of them. */
function excused(v: PacketView, level: number): boolean {
  return (v.n[AT_IP_FLAGS + level]! & (IpFlag.CUT | IpFlag.CARRIER_CUT | IpFlag.FRAGMENT)) !== 0;
}

/** A header that does not fit: in a fragment or a cut packet that is no fault of the header. */
function missing(v: PacketView, level: number, layer: number, p: number): number {
  return (v.n[AT_IP_FLAGS + level]! & IpFlag.FRAGMENT) !== 0 ? Step.DONE : tooShort(v, layer, p);
}

/** source port 2 | destination port 2 | length 2 | checksum 2 */
function udp(v: PacketView, level: number, lengthField: boolean): number {
  const p = v.at;
  const b = v.bytes;
  if (p + UDP_HEADER > v.limit) return missing(v, level, Layer.UDP, p);
  if (!push(v, Layer.UDP, p, 0)) return Step.DONE;
  v.n[AT_L4 + level] = p;
  v.n[AT_SRC_PORT + level] = u16(b, p);
  v.n[AT_DST_PORT + level] = u16(b, p + 2);
  const start = p + UDP_HEADER;
  v.n[AT_PAYLOAD_START + level] = start;
  v.n[AT_PAYLOAD_END + level] = v.limit;
  v.n[AT_PAYLOAD_LENGTH + level] = v.limit - start;
  const length = u16(b, p + 4);
  // Length 0 belongs to jumbograms (RFC 2675 §4) and super-frames; UDP-Lite has a checksum coverage in its place.
  if (lengthField && !(length === 0 && (v.n[AT_IP_FLAGS + level]! & IpFlag.SUPER) !== 0)) {
    if (length < UDP_HEADER) {
      fail(v, Layer.UDP, PacketFault.LENGTH, p);
      v.n[AT_PAYLOAD_END + level] = start;
      v.n[AT_PAYLOAD_LENGTH + level] = 0;
      return Step.DONE;
    }
    if (level >= v.stretch) {
      const end = p + length;
      v.n[AT_PAYLOAD_LENGTH + level] = length - UDP_HEADER;
      if (end < v.limit) {
        v.limit = end;
        v.n[AT_PAYLOAD_END + level] = end;
      } else if (end > v.limit && !excused(v, level)) fail(v, Layer.UDP, PacketFault.LENGTH, p);
    }
  }
  return v.fragmentLevel === level || v.limit === start ? Step.DONE : Step.UDP_PAYLOAD;
}

/** source port 2 | destination port 2 | sequence 4 | acknowledgement 4 | offset 4 bits, reserved 4, flags 8 | window 2 | checksum 2 | urgent 2 */
function tcp(v: PacketView, level: number): number {
  const p = v.at;
  const b = v.bytes;
  const room = v.limit - p;
  if (room < TCP_HEADER) {
    // Eight octets are what a snap length or a tiny fragment often leaves; the ports are among them.
    if (room >= 4) ports(v, level);
    return missing(v, level, Layer.TCP, p);
  }
  if (!push(v, Layer.TCP, p, 0)) return Step.DONE;
  v.n[AT_L4 + level] = p;
  v.n[AT_SRC_PORT + level] = u16(b, p);
  v.n[AT_DST_PORT + level] = u16(b, p + 2);
  v.n[AT_TCP_FLAGS + level] = b[p + 13]!;
  const header = (b[p + 12]! >> 4) * 4;
  let start = p + header;
  if (header < TCP_HEADER) {
    fail(v, Layer.TCP, PacketFault.LENGTH, p);
    start = v.limit;
  } else if (start > v.limit) {
    if (!excused(v, level)) fail(v, Layer.TCP, PacketFault.LENGTH, p);
    start = v.limit;
  }
  v.n[AT_PAYLOAD_START + level] = start;
  v.n[AT_PAYLOAD_END + level] = v.limit;
  const stated = v.n[AT_IP_START + level]! + v.n[AT_IP_LENGTH + level]! - (p + header);
  v.n[AT_PAYLOAD_LENGTH + level] = stated > 0 && header >= TCP_HEADER && level >= v.stretch ? stated : v.limit - start;
  return Step.DONE;
}

/** source port 2 | destination port 2 | verification tag 4 | checksum 4 | chunks */
function sctp(v: PacketView, level: number): number {
  const p = v.at;
  if (p + SCTP_HEADER > v.limit) return missing(v, level, Layer.SCTP, p);
  if (!push(v, Layer.SCTP, p, 0)) return Step.DONE;
  ports(v, level);
  v.n[AT_L4 + level] = p;
  v.n[AT_PAYLOAD_START + level] = p + SCTP_HEADER;
  v.n[AT_PAYLOAD_END + level] = v.limit;
  v.n[AT_PAYLOAD_LENGTH + level] = v.limit - p - SCTP_HEADER;
  return Step.DONE;
}

function ports(v: PacketView, level: number): number {
  const p = v.at;
  if (p + 4 <= v.limit) {
    v.n[AT_SRC_PORT + level] = u16(v.bytes, p);
    v.n[AT_DST_PORT + level] = u16(v.bytes, p + 2);
  }
  return Step.DONE;
}

/**
 * type 1 | code 1 | checksum 2 | rest of header 4 | quoted packet (errors)
 *
 * A quoted packet travelled before, elsewhere: it is marked, never counted as traffic.
 */
function icmp(v: PacketView, level: number, layer: number): number {
  const p = v.at;
  if (p + ICMP_HEADER > v.limit) return missing(v, level, layer, p);
  if (!push(v, layer, p, 0)) return Step.DONE;
  v.n[AT_L4 + level] = p;
  const body = Math.min(p + 8, v.limit);
  v.n[AT_PAYLOAD_START + level] = body;
  v.n[AT_PAYLOAD_END + level] = v.limit;
  v.n[AT_PAYLOAD_LENGTH + level] = v.limit - body;
  const type = v.bytes[p]!;
  const error = layer === Layer.ICMP ? type === 3 || type === 4 || type === 5 || type === 11 || type === 12 : type >= 1 && type <= 4;
  if (error && body < v.limit && v.fragmentLevel !== level) {
    v.quoteStart = body;
    v.quoteEnd = v.limit;
  }
  return Step.DONE;
}
