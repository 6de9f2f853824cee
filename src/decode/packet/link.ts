/**
 * Link headers: Ethernet (IEEE 802.3, 802.1Q, 802.1ad), Linux cooked v1/v2 and null/loop (tcpdump.org link-type registry),
 * MPLS (RFC 3032) with pseudowires (RFC 4385, RFC 4448), PPP (RFC 1661, RFC 1662) and PPPoE (RFC 2516).
 */
import { u16 } from "#bytes/read.ts";
import { limits } from "./limits.ts";
import { fail, lengthsHold, push, Step, tooShort } from "./cursor.ts";
import { plausibleEthernet, plausibleIp } from "./plausible.ts";
import { Layer, PacketFault, type PacketView } from "./view.ts";

/** Ethertypes (IEEE registry). */
const IPV4 = 0x0800;
const ARP = 0x0806;
const TRANSPARENT_ETHERNET = 0x6558;
const C_TAG = 0x8100;
const S_TAG = 0x88a8;
/** Used for outer tags before 802.1ad was published, and still by default on some equipment. */
const OLD_S_TAG = 0x9100;
const IPV6 = 0x86dd;
const PPP = 0x880b;
const MPLS_UNICAST = 0x8847;
const MPLS_MULTICAST = 0x8848;
const PPPOE_DISCOVERY = 0x8863;
const PPPOE_SESSION = 0x8864;
/** Below this the field is an IEEE 802.3 length. */
const FIRST_ETHERTYPE = 0x0600;

/** destination 6 | source 6 | type 2 */
const ETHERNET_HEADER = 14;

export function ethernet(v: PacketView): number {
  const p = v.at;
  if (p + ETHERNET_HEADER > v.limit) return tooShort(v, Layer.ETHERNET, p);
  if (!push(v, Layer.ETHERNET, p, 0)) return Step.DONE;
  // The outermost Ethernet header, even where it travels in a pseudowire right above the link.
  if (v.mac < 0 && v.ipCount === 0) v.mac = p;
  v.pendingMac = p;
  v.pendingVlan = -1;
  v.type = u16(v.bytes, p + 12);
  v.at = p + ETHERNET_HEADER;
  return Step.ETHERTYPE;
}

export function etherType(v: PacketView): number {
  let type = v.type;
  if (type === C_TAG || type === S_TAG || type === OLD_S_TAG) {
    type = vlanTags(v, type);
    if (type < 0) return Step.DONE;
  }
  if (v.ipCount === 0 && v.etherType < 0) v.etherType = type;
  switch (type) {
    case IPV4:
      return Step.IPV4;
    case IPV6:
      return Step.IPV6;
    case MPLS_UNICAST:
    case MPLS_MULTICAST:
      return Step.MPLS;
    case PPPOE_SESSION:
      return Step.PPPOE;
    case PPPOE_DISCOVERY:
      push(v, Layer.PPPOE, v.at, 0);
      return Step.DONE;
    case TRANSPARENT_ETHERNET:
      return Step.ETHERNET;
    case PPP:
      return Step.PPP;
    case ARP:
      push(v, Layer.ARP, v.at, 0);
      return Step.DONE;
    default:
      return type < FIRST_ETHERTYPE ? llc(v, type) : Step.DONE;
  }
}

/**
 * priority 3 bits, drop eligible 1, VLAN id 12 | type 2
 *
 * Returns the type behind the last tag, -1 where the tags do not fit.
 */
function vlanTags(v: PacketView, first: number): number {
  const outermost = v.ipCount === 0 && v.pendingMac === v.mac;
  let type = first;
  for (let tags = 0; type === C_TAG || type === S_TAG || type === OLD_S_TAG; tags++) {
    const p = v.at;
    if (p + 4 > v.limit) return tooShort(v, Layer.VLAN, p) - 1;
    if (tags === limits.vlanTags) {
      fail(v, Layer.VLAN, PacketFault.COUNT, p);
      return -1;
    }
    const id = u16(v.bytes, p) & 0x0fff;
    if (!push(v, Layer.VLAN, p, id)) return -1;
    if (tags === 0) v.pendingVlan = id;
    if (outermost) {
      if (v.vlanCount === 0) v.vlan0 = id;
      else if (v.vlanCount === 1) v.vlan1 = id;
      v.vlanCount++;
    }
    type = u16(v.bytes, p + 2);
    v.at = p + 4;
  }
  return type;
}

/**
 * IEEE 802.2: DSAP 1 | SSAP 1 | control 1, and with SNAP (RFC 1042): organisation 3 | type 2
 *
 * The frame ends where the 802.3 length says; longer than its container is a fault, shorter is padding.
 */
function llc(v: PacketView, length: number): number {
  const p = v.at;
  const b = v.bytes;
  if (!push(v, Layer.LLC, p, 0)) return Step.DONE;
  if (lengthsHold(v)) {
    if (p + length < v.limit) v.limit = p + length;
    else if (p + length > v.limit && length <= 1500 && !v.cut && !v.mirrorCut) fail(v, Layer.LLC, PacketFault.LENGTH, p);
  }
  const snap = p + 8 <= v.limit && b[p] === 0xaa && b[p + 1] === 0xaa && b[p + 2] === 3 && b[p + 3] === 0 && u16(b, p + 4) === 0;
  if (!snap) return Step.DONE;
  const type = u16(b, p + 6);
  if (type < FIRST_ETHERTYPE) return Step.DONE;
  v.type = type;
  v.at = p + 8;
  return Step.ETHERTYPE;
}

/**
 * label 20 bits, traffic class 3, bottom of stack 1, time to live 8
 *
 * The stack does not name what it carries. Explicit null labels do; else the content is asked, an IP packet first, then
 * an Ethernet pseudowire with its control word (first nibble 0), then one without.
 */
export function mpls(v: PacketView): number {
  const b = v.bytes;
  let label = 0;
  for (let labels = 0; ; labels++) {
    const p = v.at;
    if (p + 4 > v.limit) return tooShort(v, Layer.MPLS, p);
    if (labels === limits.mplsLabels) {
      fail(v, Layer.MPLS, PacketFault.COUNT, p);
      return Step.DONE;
    }
    label = (u16(b, p) << 4) | (b[p + 2]! >> 4);
    if (!push(v, Layer.MPLS, p, label)) return Step.DONE;
    v.at = p + 4;
    if ((b[p + 2]! & 1) !== 0) break;
  }
  const p = v.at;
  if (p >= v.limit) return tooShort(v, Layer.MPLS, p);
  const explicit = label === 0 || label === 2;
  const nibble = b[p]! >> 4;
  if (nibble === 4 || nibble === 6) {
    if (explicit || plausibleIp(b, p, v.limit, false)) return Step.IP;
    if (plausibleEthernet(b, p, v.limit)) return Step.ETHERNET;
    return Step.IP;
  }
  if (nibble === 0 && plausibleEthernet(b, p + 4, v.limit)) {
    if (!push(v, Layer.PW_CONTROL, p, 0)) return Step.DONE;
    v.at = p + 4;
    return Step.ETHERNET;
  }
  return plausibleEthernet(b, p, v.limit) ? Step.ETHERNET : Step.DONE;
}

/** version 4 bits, type 4 bits (both 1) | code 1 | session 2 | length 2 */
export function pppoe(v: PacketView): number {
  const p = v.at;
  const b = v.bytes;
  if (p + 6 > v.limit) return tooShort(v, Layer.PPPOE, p);
  if (!push(v, Layer.PPPOE, p, u16(b, p + 2))) return Step.DONE;
  if (b[p] !== 0x11) {
    fail(v, Layer.PPPOE, PacketFault.VERSION, p);
    return Step.DONE;
  }
  if (b[p + 1] !== 0) return Step.DONE;
  const end = p + 6 + u16(b, p + 4);
  if (lengthsHold(v)) {
    if (end < v.limit) v.limit = end;
    else if (end > v.limit && !v.cut && !v.mirrorCut) fail(v, Layer.PPPOE, PacketFault.LENGTH, p);
  }
  v.at = p + 6;
  return Step.PPP;
}

/** [address 0xff | control 0x03] protocol 1 or 2 (an odd first octet ends it, RFC 1661 §6.5) */
export function ppp(v: PacketView): number {
  let p = v.at;
  const b = v.bytes;
  const start = p;
  if (p + 2 <= v.limit && b[p] === 0xff && b[p + 1] === 0x03) p += 2;
  if (p + 1 > v.limit) return tooShort(v, Layer.PPP, start);
  let protocol = b[p]!;
  if ((protocol & 1) === 1) p += 1;
  else {
    if (p + 2 > v.limit) return tooShort(v, Layer.PPP, start);
    protocol = u16(b, p);
    p += 2;
  }
  if (!push(v, Layer.PPP, start, protocol)) return Step.DONE;
  v.at = p;
  switch (protocol) {
    case 0x0021:
      return Step.IPV4;
    case 0x0057:
      return Step.IPV6;
    case 0x0281:
    case 0x0283:
      return Step.MPLS;
    default:
      return Step.DONE;
  }
}

/** packet type 2 | ARPHRD type 2 | address length 2 | address 8 | protocol 2 */
export function linuxSll(v: PacketView): number {
  const p = v.at;
  if (p + 16 > v.limit) return tooShort(v, Layer.LINUX_SLL, p);
  push(v, Layer.LINUX_SLL, p, 0);
  v.at = p + 16;
  return cooked(v, u16(v.bytes, p + 2), u16(v.bytes, p + 14));
}

/** protocol 2 | reserved 2 | interface index 4 | ARPHRD type 2 | packet type 1 | address length 1 | address 8 */
export function linuxSll2(v: PacketView): number {
  const p = v.at;
  if (p + 20 > v.limit) return tooShort(v, Layer.LINUX_SLL2, p);
  push(v, Layer.LINUX_SLL2, p, 0);
  v.at = p + 20;
  return cooked(v, u16(v.bytes, p + 8), u16(v.bytes, p));
}

/** The protocol field is an ethertype except for these hardware types and small values. */
function cooked(v: PacketView, hardware: number, protocol: number): number {
  const netlink = hardware === 824;
  const wireless = hardware === 801 || hardware === 802 || hardware === 803;
  if (netlink || wireless || protocol < FIRST_ETHERTYPE) return Step.DONE;
  v.type = protocol;
  return Step.ETHERTYPE;
}

/** address family 4, in the byte order of the capturing host (NULL) or of the network (LOOP) */
export function nullLoop(v: PacketView): number {
  const p = v.at;
  const b = v.bytes;
  if (p + 4 > v.limit) return tooShort(v, Layer.NULL_LOOP, p);
  push(v, Layer.NULL_LOOP, p, 0);
  // Families are below 256, so that the non-zero end tells the byte order.
  const family = b[p]! | b[p + 3]!;
  v.at = p + 4;
  if (family === 2) return Step.IPV4;
  // AF_INET6: 10 Linux, 24 NetBSD and OpenBSD, 28 FreeBSD, 30 macOS.
  return family === 10 || family === 24 || family === 28 || family === 30 ? Step.IPV6 : Step.DONE;
}
