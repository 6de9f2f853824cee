import {
  AT_LAYER_KIND,
  AT_LAYER_START,
  AT_LAYER_ID,
  AT_IP_START,
  AT_IP_VERSION,
  AT_IP_SRC,
  AT_IP_DST,
  AT_IP_PROTOCOL,
  AT_IP_PAYLOAD,
  AT_IP_END,
  AT_IP_LENGTH,
  AT_IP_FLAGS,
  AT_FRAGMENT_OFFSET,
  AT_FRAGMENT_ID,
  AT_IP_MAC,
  AT_IP_VLAN,
  AT_IP_LAYER,
  AT_L4,
  AT_SRC_PORT,
  AT_DST_PORT,
  AT_PAYLOAD_START,
  AT_PAYLOAD_END,
  AT_PAYLOAD_LENGTH,
  AT_TCP_FLAGS,
  AT_TUNNEL_KIND,
  AT_TUNNEL_START,
  AT_TUNNEL_ID,
  AT_TUNNEL_PAYLOAD,
  AT_GTP_TYPE,
  AT_GTP_FLAGS,
  AT_GTP_EXTENSION,
  AT_GTP_EXTENSION_START,
  AT_GTP_END,
  VIEW_NUMBERS,
} from "./layout.ts";
import { limits } from "./limits.ts";

/** Kinds of header that the packet decoder knows. Small integers: they index counters. */
export const Layer = {
  NONE: 0,
  ETHERNET: 1,
  VLAN: 2,
  MPLS: 3,
  /** MPLS pseudowire control word, RFC 4385. */
  PW_CONTROL: 4,
  LINUX_SLL: 5,
  LINUX_SLL2: 6,
  NULL_LOOP: 7,
  PPPOE: 8,
  PPP: 9,
  ARP: 10,
  /** IEEE 802.3 length field with LLC: not decoded further. */
  LLC: 11,
  IPV4: 12,
  IPV6: 13,
  UDP: 14,
  TCP: 15,
  SCTP: 16,
  ICMP: 17,
  ICMPV6: 18,
  GRE: 19,
  ERSPAN1: 20,
  ERSPAN2: 21,
  ERSPAN3: 22,
  VXLAN: 23,
  VXLAN_GPE: 24,
  GENEVE: 25,
  TZSP: 26,
  IPIP: 27,
  L2TP2: 28,
  L2TP3: 29,
  GTPU: 30,
  /** GTP' (charging) or a GTP version-0 header on 3386: recognised, not entered. */
  GTP_PRIME: 31,
  JMIRROR: 32,
  TEREDO: 33,
  ESP: 34,
  AH: 35,
} as const;

/** Lower-case names, indexed by `Layer` value: what `Fault.layer` and `transport.layers` of a finding use. */
export const LAYER_NAMES: readonly string[] = [
  "none",
  "ethernet",
  "vlan",
  "mpls",
  "pw",
  "linux-sll",
  "linux-sll2",
  "null",
  "pppoe",
  "ppp",
  "arp",
  "llc",
  "ipv4",
  "ipv6",
  "udp",
  "tcp",
  "sctp",
  "icmp",
  "icmpv6",
  "gre",
  "erspan1",
  "erspan2",
  "erspan3",
  "vxlan",
  "vxlan-gpe",
  "geneve",
  "tzsp",
  "ipip",
  "l2tpv2",
  "l2tpv3",
  "gtp-u",
  "gtp-prime",
  "jmirror",
  "teredo",
  "esp",
  "ah",
];
export const LAYER_COUNT = LAYER_NAMES.length;

/** Fault codes as small integers, so that counting makes no strings. Indexes into `PACKET_FAULT_CODES`. */
export const PacketFault = { NONE: 0, SHORT: 1, CUT: 2, LENGTH: 3, VERSION: 4, VALUE: 5, DEPTH: 6, COUNT: 7 } as const;
/** The `FaultCode` (model/fault.ts) of each number; the first means "no fault". */
export const PACKET_FAULT_CODES = ["", "short", "cut", "length", "version", "value", "depth", "count"] as const;
export const PACKET_FAULT_COUNT = PACKET_FAULT_CODES.length;

/** Bits of `PacketView.ipFlags`. */
export const IpFlag = {
  /** The capture's snap length cut this packet: octets up to its stated length are missing. */
  CUT: 1,
  /** Length field 0: a super-frame of segmentation offload (or a jumbogram); the packet reaches to the end of its container. */
  SUPER: 2,
  /** Its stated length exceeds what carries it although the frame is whole: cut by whoever wrapped it. */
  CARRIER_CUT: 4,
  /** IPv4 "don't fragment". */
  DONT_FRAGMENT: 8,
  /** Any fragment (offset not 0, or more to come). */
  FRAGMENT: 16,
  /** More fragments follow. */
  MORE_FRAGMENTS: 32,
} as const;

const LEVELS = limits.ipLevels;
const LAYERS = limits.layers;

function signed(block: Int32Array, at: number, length: number): Int32Array {
  return block.subarray(at, at + length);
}

function unsigned(block: Int32Array, at: number, length: number): Uint32Array {
  return new Uint32Array(block.buffer, at * 4, length);
}

/**
 * What one frame holds: filled by `decodeFrame`, overwritten by the next call. Nothing is copied and nothing is
 * allocated: every position is an offset into `bytes`.
 *
 * An **IP level** is one IP header, outermost first (0 … `ipCount - 1`). Arrays named `ip…`, `l4`, `srcPort`, `dstPort`,
 * `payload…` and `tunnel…` / `gtp…` are indexed by level. `tunnel…[i]` describes the innermost tunnel header that level `i` *carries*
 * (so level `i + 1` travelled in `tunnel…[i]`); a tunnel message without an IP packet inside (GTP-U echo) has one too.
 *
 * Only entries below `ipCount` / `layerCount` are meaningful; the rest is left from earlier frames.
 */
export class PacketView {
  /** All numbers of the arrays below, which are windows on it (see `layout.ts`). */
  readonly n: Int32Array = new Int32Array(VIEW_NUMBERS);
  /** The block that holds the frame; owned by the capture reader, valid until the reader goes on. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Offset of the frame's first octet in `bytes`, and of the first octet after the captured ones. */
  start = 0;
  end = 0;
  /** Octets on the wire. */
  original = 0;
  linkType = 0;
  /** True where the capture's snap length cut the frame (`captured < original`). */
  cut = false;

  // --- every header, outermost first
  layerCount = 0;
  /** `Layer` values. */
  readonly layerKind: Int32Array = signed(this.n, AT_LAYER_KIND, LAYERS);
  readonly layerStart: Int32Array = signed(this.n, AT_LAYER_START, LAYERS);
  /** VLAN id, MPLS label, TEID, VNI, GRE key, ERSPAN/L2TP/PPPoE session; 0 where the header has none. */
  readonly layerId: Uint32Array = unsigned(this.n, AT_LAYER_ID, LAYERS);

  // --- the link
  /** Offset of the outermost Ethernet header (destination MAC 6, source MAC 6), -1 without one. */
  mac = -1;
  /** VLAN tags of the outermost Ethernet frame: how many, and the ids of the outer two (-1 without). */
  vlanCount = 0;
  vlan0 = -1;
  vlan1 = -1;
  /** Ethertype after link, VLAN, MPLS headers of the outermost frame; -1 unknown, below 1536 an 802.3 length. */
  etherType = -1;

  // --- IP levels
  ipCount = 0;
  readonly ipStart: Int32Array = signed(this.n, AT_IP_START, LEVELS);
  /** 4 or 6. */
  readonly ipVersion: Int32Array = signed(this.n, AT_IP_VERSION, LEVELS);
  /** Offsets of the addresses: 4 octets (version 4) or 16 (version 6) each. */
  readonly ipSrc: Int32Array = signed(this.n, AT_IP_SRC, LEVELS);
  readonly ipDst: Int32Array = signed(this.n, AT_IP_DST, LEVELS);
  /** Protocol of the payload, after IPv6 extension headers. */
  readonly ipProtocol: Int32Array = signed(this.n, AT_IP_PROTOCOL, LEVELS);
  /** Offset of the payload, after options and extension headers. */
  readonly ipPayload: Int32Array = signed(this.n, AT_IP_PAYLOAD, LEVELS);
  /** First octet after the packet: the smaller of its stated length and what was captured or carried. */
  readonly ipEnd: Int32Array = signed(this.n, AT_IP_END, LEVELS);
  /** Octets the header states (IPv4 total length; IPv6 40 + payload length); for `IpFlag.SUPER` what is there. */
  readonly ipLength: Int32Array = signed(this.n, AT_IP_LENGTH, LEVELS);
  /** `IpFlag` bits. */
  readonly ipFlags: Int32Array = signed(this.n, AT_IP_FLAGS, LEVELS);
  /** Fragment offset in octets; 0 for unfragmented packets. */
  readonly fragmentOffset: Int32Array = signed(this.n, AT_FRAGMENT_OFFSET, LEVELS);
  /** IPv4 identification or IPv6 fragment identification (0 for IPv6 without fragment header). */
  readonly fragmentId: Uint32Array = unsigned(this.n, AT_FRAGMENT_ID, LEVELS);
  /** Offset of the Ethernet header that carries this level directly (inner frames of VXLAN, gretap, …), -1 without one. */
  readonly ipMac: Int32Array = signed(this.n, AT_IP_MAC, LEVELS);
  /** Outermost VLAN id of the Ethernet frame that carries this level directly, -1 without one. */
  readonly ipVlan: Int32Array = signed(this.n, AT_IP_VLAN, LEVELS);
  /** Index of the IP header in the layer arrays. */
  readonly ipLayer: Int32Array = signed(this.n, AT_IP_LAYER, LEVELS);

  /** Offset of the TCP, UDP, SCTP, ICMP header; -1 where it is absent, incomplete, or this is a later fragment. */
  readonly l4: Int32Array = signed(this.n, AT_L4, LEVELS);
  /** -1 where there are none or they are not at hand. */
  readonly srcPort: Int32Array = signed(this.n, AT_SRC_PORT, LEVELS);
  readonly dstPort: Int32Array = signed(this.n, AT_DST_PORT, LEVELS);
  /** Octets above the transport header: first, and first after the last captured; equal where there are none. */
  readonly payloadStart: Int32Array = signed(this.n, AT_PAYLOAD_START, LEVELS);
  readonly payloadEnd: Int32Array = signed(this.n, AT_PAYLOAD_END, LEVELS);
  /** Octets of TCP/UDP payload that the headers state (≥ `payloadEnd - payloadStart`; greater where something was cut). */
  readonly payloadLength: Int32Array = signed(this.n, AT_PAYLOAD_LENGTH, LEVELS);
  /** TCP flags (low 8 bits); 0 otherwise. */
  readonly tcpFlags: Int32Array = signed(this.n, AT_TCP_FLAGS, LEVELS);

  /** `Layer` value of the innermost tunnel header that this level carries; NONE where its payload is opaque. */
  readonly tunnelKind: Int32Array = signed(this.n, AT_TUNNEL_KIND, LEVELS);
  readonly tunnelStart: Int32Array = signed(this.n, AT_TUNNEL_START, LEVELS);
  /** TEID, VNI, GRE key, ERSPAN session, jmirror intercept id, L2TPv2 tunnel << 16 | session, L2TPv3 session; 0 without. */
  readonly tunnelId: Uint32Array = unsigned(this.n, AT_TUNNEL_ID, LEVELS);
  /** First octet after the tunnel's headers: what it carries starts here. */
  readonly tunnelPayload: Int32Array = signed(this.n, AT_TUNNEL_PAYLOAD, LEVELS);

  /** GTP-U message type (255 is a G-PDU), -1 where this level carries no GTP-U. */
  readonly gtpType: Int32Array = signed(this.n, AT_GTP_TYPE, LEVELS);
  /** First octet of the GTP header: version, PT, E, S, PN. */
  readonly gtpFlags: Int32Array = signed(this.n, AT_GTP_FLAGS, LEVELS);
  /** Type and offset of the first GTP-U extension header; -1 without one. */
  readonly gtpExtension: Int32Array = signed(this.n, AT_GTP_EXTENSION, LEVELS);
  readonly gtpExtensionStart: Int32Array = signed(this.n, AT_GTP_EXTENSION_START, LEVELS);
  /** First octet after the GTP message as its length states, at most the datagram's end. */
  readonly gtpEnd: Int32Array = signed(this.n, AT_GTP_END, LEVELS);

  // --- marks
  /** Level that is an IP fragment, -1 without one. Nothing above a fragment is entered: the reassembler's frame shows it. */
  fragmentLevel = -1;
  /** Packet quoted by an ICMP error of the last level: offset of its IP header and first octet after it; -1 without one. */
  quoteStart = -1;
  quoteEnd = -1;

  // --- the outermost faulty header of this frame
  /** `PacketFault` value; NONE where all headers are sound. CUT is not malformed. */
  fault = 0;
  /** `Layer` value and offset (from the frame's start) of that header. */
  faultLayer = 0;
  faultOffset = 0;

  // --- the decoder's own cursor: what comes next and where; meaningless to others
  at = 0;
  limit = 0;
  type = 0;
  /** Ethernet header and outermost VLAN id that the next IP level will have been carried by. */
  pendingMac = -1;
  pendingVlan = -1;
  /** Level of a reassembled datagram: lengths stated outside it describe a fragment and are not applied; -1 for captured frames. */
  stretch = -1;
  /** A mirror said that it cut the frame (ERSPAN's T bit): lengths beyond are no fault. */
  mirrorCut = false;

  // --- counted over all frames since the view was made
  /** Frames by fault: index `layer * PACKET_FAULT_COUNT + code`. */
  readonly faultCounts: Float64Array = new Float64Array(LAYER_COUNT * PACKET_FAULT_COUNT);

  /** True where the frame counts as malformed in the sense of `contract.md` §4: a header breaks its length rules. */
  malformed(): boolean {
    return this.fault === PacketFault.SHORT || this.fault === PacketFault.LENGTH;
  }
}
