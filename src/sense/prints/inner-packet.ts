/**
 * The IP packet whose print is taken: one reusable object, filled from a level of the packet view or read directly
 * at an offset (when a search found a packet inside some payload).
 *
 * Layouts: RFC 791 §3.1, RFC 8200 §3 and §4, RFC 9293 §3.1, RFC 768.
 */
import { IpFlag, type PacketView } from "#decode/packet/view.ts";

const PROTO_TCP = 6;
const PROTO_UDP = 17;
const PROTO_FRAGMENT = 44;

export class InnerPacket {
  bytes: Uint8Array = new Uint8Array(0);
  /** 4 or 6. */
  version = 4;
  start = 0;
  /** First octet after what is at hand. */
  end = 0;
  /** Octets the header states. */
  length = 0;
  src = 0;
  dst = 0;
  protocol = 0;
  /** TTL or hop limit. */
  ttl = 0;
  /** IPv4 identification, or that of the IPv6 fragment header; 0 where "don't fragment" makes it worth nothing. */
  id = 0;
  /** Offset in octets | 1 where more fragments follow (offsets are multiples of 8); 0 for whole packets. */
  fragment = 0;
  /** First octet after the IP header and extension headers. */
  l4 = 0;
  srcPort = 0;
  dstPort = 0;
  /** First octet of the transport payload; `end` or beyond where it is not at hand. */
  payload = 0;
  /** Octets of transport payload that the headers state. */
  payloadLength = 0;
  tcpFlags = 0;
  /** True where octets up to the stated length are missing. */
  cut = false;

  /** Takes level `i` of a decoded frame. */
  fromView(view: PacketView, i: number): void {
    const bytes = view.bytes;
    const start = view.ipStart[i] as number;
    const flags = view.ipFlags[i] as number;
    const version = view.ipVersion[i] as number;
    this.bytes = bytes;
    this.version = version;
    this.start = start;
    this.end = view.ipEnd[i] as number;
    this.length = view.ipLength[i] as number;
    this.src = view.ipSrc[i] as number;
    this.dst = view.ipDst[i] as number;
    this.protocol = view.ipProtocol[i] as number;
    this.ttl = bytes[start + (version === 4 ? 8 : 7)] as number;
    this.fragment = (flags & IpFlag.FRAGMENT) === 0 ? 0 : (view.fragmentOffset[i] as number) | ((flags & IpFlag.MORE_FRAGMENTS) >> 5);
    this.id = (flags & IpFlag.DONT_FRAGMENT) !== 0 && this.fragment === 0 ? 0 : (view.fragmentId[i] as number) | 0;
    this.cut = this.end < start + this.length;
    this.l4 = view.ipPayload[i] as number;
    this.transport();
  }

  /**
   * Reads a packet at `at`; `end` is the first octet that must not be read. False where no IP header stands there, or its
   * fields contradict one another. A packet longer than what is at hand is accepted and marked as cut.
   */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    if (at + 20 > end) return false;
    const first = bytes[at] as number;
    this.bytes = bytes;
    this.start = at;
    if (first >> 4 === 4) {
      // 0 version|IHL, 1 DSCP, 2 total length, 4 identification, 6 flags|fragment offset, 8 TTL, 9 protocol, 12 source, 16 destination
      const header = (first & 15) * 4;
      const length = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
      if (header < 20 || length < header) return false;
      const frag = ((bytes[at + 6] as number) << 8) | (bytes[at + 7] as number);
      this.version = 4;
      this.length = length;
      this.src = at + 12;
      this.dst = at + 16;
      this.protocol = bytes[at + 9] as number;
      this.ttl = bytes[at + 8] as number;
      this.fragment = ((frag & 0x1fff) << 3) | ((frag >> 13) & 1);
      this.id = (frag & 0x4000) !== 0 && this.fragment === 0 ? 0 : ((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number);
      this.l4 = at + header;
    } else if (first >> 4 === 6) {
      // 0 version|class|flow label, 4 payload length, 6 next header, 7 hop limit, 8 source, 24 destination
      if (at + 40 > end) return false;
      this.version = 6;
      this.length = 40 + (((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number));
      this.src = at + 8;
      this.dst = at + 24;
      this.ttl = bytes[at + 7] as number;
      this.fragment = 0;
      this.id = 0;
      let next = bytes[at + 6] as number;
      let l4 = at + 40;
      for (let i = 0; i < 4 && (next === 0 || next === 43 || next === 60 || next === PROTO_FRAGMENT) && l4 + 8 <= end; i++) {
        if (next === PROTO_FRAGMENT) {
          const frag = ((bytes[l4 + 2] as number) << 8) | (bytes[l4 + 3] as number);
          this.fragment = (frag & 0xfff8) | (frag & 1);
          this.id = be32(bytes, l4 + 4);
        }
        const size = next === PROTO_FRAGMENT ? 8 : ((bytes[l4 + 1] as number) + 1) * 8;
        next = bytes[l4] as number;
        l4 += size;
      }
      this.protocol = next;
      this.l4 = l4;
    } else return false;
    this.end = Math.min(end, at + this.length);
    this.cut = this.end < at + this.length;
    this.transport();
    return true;
  }

  private transport(): void {
    const { bytes, l4, end } = this;
    const stated = this.start + this.length - l4;
    this.srcPort = 0;
    this.dstPort = 0;
    this.tcpFlags = 0;
    let header = 0;
    if (this.fragment <= 1) {
      if ((this.protocol === PROTO_TCP || this.protocol === PROTO_UDP) && l4 + 4 <= end) {
        this.srcPort = ((bytes[l4] as number) << 8) | (bytes[l4 + 1] as number);
        this.dstPort = ((bytes[l4 + 2] as number) << 8) | (bytes[l4 + 3] as number);
      }
      if (this.protocol === PROTO_TCP) {
        // A slice may end before the data offset (octet 12): no payload is at hand then, whatever its length.
        header = l4 + 14 <= end ? ((bytes[l4 + 12] as number) >> 4) * 4 : 60;
        if (header < 20) header = 20;
        if (l4 + 14 <= end) this.tcpFlags = bytes[l4 + 13] as number;
      } else if (this.protocol === PROTO_UDP || this.protocol === 1 || this.protocol === 58) header = 8;
    }
    this.payload = l4 + header;
    this.payloadLength = stated > header ? stated - header : 0;
  }
}

function be32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
