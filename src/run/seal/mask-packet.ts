/**
 * A packet without what must not be seen: everything is left out but the header fields named here, so that a protocol nobody thought of
 * shows nothing. What follows the last header that was read is cut off, as a short snap length would.
 *
 * Kept: link and VLAN headers, IP lengths, flags, TTL and protocol, ports below 1024, TCP flags, types of tunnels; addresses of the network's
 * own elements in the outermost IP header. Addresses of anybody else, addresses of all inner headers, tunnel ids and high ports inside are
 * numbered in the order in which they appear (240.0.0.n, 100::n, 0xe0000000 + n, 61440 + n): the same one is the same number throughout
 * one finding, and the numbers mean nothing elsewhere. Sequence numbers, identifications, checksums and options are zero.
 */
import { addressText } from "#bytes/address.ts";
import { Layer, type PacketView } from "#decode/packet/view.ts";

export interface Masks {
  /** Whether an address of an outermost header may be shown. */
  shows(address: string): boolean;
  /** A subscriber's address: then the header is the subscriber's own. */
  isUser(address: string): boolean;
}

const ETHERNET = 14;
const UDP = 8;
const TCP = 20;
const SCTP = 12;
const ICMP = 8;
const LOW_PORTS = 1024;
/** 0xf000: with the length that follows it no port looks like an address. */
const MASKED_PORTS = 61_440;

/** Numbers of one finding. */
export class PacketMask {
  private readonly masks: Masks;
  private readonly addresses = new Map<string, number>();
  private readonly ids = new Map<number, number>();
  private readonly ports = new Map<number, number>();
  private out = new Uint8Array(0);
  private v: PacketView | undefined;

  constructor(masks: Masks) {
    this.masks = masks;
  }

  /** The octets that stay, of a frame that `view` holds decoded. */
  apply(view: PacketView): Uint8Array {
    this.v = view;
    this.out = new Uint8Array(view.end - view.start);
    let end = view.start;
    let level = -1;
    for (let i = 0; i < view.layerCount; i++) {
      const kind = view.layerKind[i] as number;
      const start = view.layerStart[i] as number;
      const next = i + 1 < view.layerCount ? (view.layerStart[i + 1] as number) : view.end;
      if (kind === Layer.IPV4 || kind === Layer.IPV6) level++;
      end = Math.max(end, this.layer(view, kind, start, Math.min(next, view.end), i, level));
    }
    return this.out.subarray(0, Math.min(end, view.end) - view.start);
  }

  /** Copies what may stay of one header; answers the first octet after it. */
  private layer(v: PacketView, kind: number, start: number, next: number, index: number, level: number): number {
    switch (kind) {
      case Layer.ETHERNET:
        // Hardware addresses of the link that was tapped; those of inner frames belong to nobody here.
        this.keep(index === 0 ? start : start + 12, start + ETHERNET);
        return Math.min(start + ETHERNET, v.end);
      case Layer.VLAN:
      case Layer.NULL_LOOP:
      case Layer.PPP:
        return this.keep(start, Math.min(next, start + 4));
      case Layer.MPLS:
        // Label zero (explicit null); class, bottom of stack and TTL stay.
        this.keepBits(start + 2, 0x0f);
        return this.keep(start + 3, start + 4);
      case Layer.LINUX_SLL:
        this.keep(start, start + 6);
        return this.keep(start + 14, start + 16);
      case Layer.LINUX_SLL2:
        this.keep(start, start + 2);
        this.keep(start + 8, start + 11);
        return Math.min(start + 20, v.end);
      case Layer.PPPOE:
        this.keep(start, start + 2);
        return this.keep(start + 4, start + 6);
      case Layer.IPV4:
        return this.ipv4(v, start, level);
      case Layer.IPV6:
        return this.ipv6(v, start, level);
      case Layer.UDP:
        this.transportPorts(v, start, level);
        this.keep(start + 4, start + 6);
        return Math.min(start + UDP, v.end);
      case Layer.TCP:
        this.transportPorts(v, start, level);
        this.keep(start + 12, start + 16);
        return Math.min(start + Math.max(TCP, ((v.bytes[start + 12] ?? 0x50) >> 4) * 4), v.end);
      case Layer.SCTP:
        this.transportPorts(v, start, level);
        return Math.min(start + SCTP, v.end);
      case Layer.ICMP:
      case Layer.ICMPV6:
        this.keep(start, start + 2);
        return Math.min(start + ICMP, v.end);
      case Layer.GRE:
        return this.gre(v, start, next);
      case Layer.VXLAN:
      case Layer.VXLAN_GPE:
      case Layer.GENEVE:
        this.keep(start, start + 4);
        this.number24(start + 4, v.layerId[index] as number);
        return Math.min(next, v.end);
      case Layer.TZSP:
        this.keep(start, start + 4);
        if (v.bytes[next - 1] === 1) this.keep(next - 1, next);
        return next;
      case Layer.GTPU:
        return this.gtpu(v, start, next, index);
      case Layer.ERSPAN1:
      case Layer.ERSPAN2:
      case Layer.ERSPAN3:
        this.keepBits(start, 0xf0);
        return next;
      case Layer.L2TP2:
        this.keep(start, start + 2);
        return next;
      case Layer.PW_CONTROL:
      case Layer.L2TP3:
      case Layer.JMIRROR:
      case Layer.TEREDO:
      case Layer.IPIP:
      case Layer.AH:
        return next === v.end ? start : next;
      default:
        return start;
    }
  }

  private ipv4(v: PacketView, start: number, level: number): number {
    this.keep(start, start + 4);
    this.keep(start + 6, start + 10);
    const end = Math.min(start + ((v.bytes[start] ?? 0x45) & 0x0f) * 4, v.end);
    this.address(v, start + 12, 4, level);
    this.address(v, start + 16, 4, level);
    return end;
  }

  private ipv6(v: PacketView, start: number, level: number): number {
    this.keep(start, start + 1);
    this.keep(start + 4, start + 8);
    this.address(v, start + 8, 16, level);
    this.address(v, start + 24, 16, level);
    const end = Math.min(Math.max(v.ipPayload[level] ?? 0, start + 40), v.end);
    // Of each extension header what it is, how long it is, and what follows.
    let type = v.bytes[start + 6] ?? 59;
    for (let at = start + 40; at + 8 <= end;) {
      const fragment = type === 44;
      this.keep(at, at + (fragment ? 4 : 2));
      type = v.bytes[at] ?? 59;
      at += fragment ? 8 : ((v.bytes[at + 1] ?? 0) + 1) * 8;
    }
    return end;
  }

  private gre(v: PacketView, start: number, next: number): number {
    this.keep(start, start + 4);
    const flags = v.bytes[start] ?? 0;
    // RFC 2890: checksum (4), key (4), sequence number (4), each where its flag is set.
    const key = start + 4 + ((flags & 0x80) !== 0 ? 4 : 0);
    if ((flags & 0x20) !== 0 && key + 4 <= next) this.number32(key, word(v.bytes, key));
    const header = key + ((flags & 0x20) !== 0 ? 4 : 0) + ((flags & 0x10) !== 0 ? 4 : 0);
    return Math.min(next === v.end ? header : next, v.end);
  }

  /** TS 29.281 §5.1, §5.2: flags, type, length, TEID; sequence number and N-PDU zero; extension headers keep type and length. */
  private gtpu(v: PacketView, start: number, next: number, index: number): number {
    this.keep(start, start + 4);
    this.number32(start + 4, v.layerId[index] as number);
    const flags = v.bytes[start] ?? 0;
    let end = start + ((flags & 0x07) === 0 ? 8 : 12);
    if ((flags & 0x04) !== 0) {
      this.keep(start + 11, start + 12);
      for (let type = v.bytes[start + 11] ?? 0; type !== 0 && end < next;) {
        const length = (v.bytes[end] ?? 0) * 4;
        if (length === 0 || end + length > next) break;
        this.keep(end, end + 1);
        this.keep(end + length - 1, end + length);
        type = v.bytes[end + length - 1] ?? 0;
        end += length;
      }
    }
    return Math.min(end, v.end);
  }

  private address(v: PacketView, at: number, length: number, level: number): void {
    if (at + length > v.end) return;
    const text = addressText(v.bytes, at, length === 4 ? 4 : 6);
    if (level === 0 && this.shown(v, text)) {
      this.keep(at, at + length);
      return;
    }
    let n = this.addresses.get(text);
    if (n === undefined) this.addresses.set(text, (n = this.addresses.size + 1));
    const o = at - v.start;
    this.out[o] = length === 4 ? 240 : 1;
    this.out[o + length - 3] = (n >> 16) & 255;
    this.out[o + length - 2] = (n >> 8) & 255;
    this.out[o + length - 1] = n & 255;
  }

  /** In a header that a subscriber's address stands in, the other one is whom the subscriber talks to. */
  private shown(v: PacketView, text: string): boolean {
    if (!this.masks.shows(text) || this.masks.isUser(text)) return false;
    const version = v.ipVersion[0] as number;
    const ends = [v.ipSrc[0] as number, v.ipDst[0] as number];
    return !ends.some((at) => this.masks.isUser(addressText(v.bytes, at, version)));
  }

  private transportPorts(v: PacketView, start: number, level: number): void {
    const outer = level <= 0 && v.ipCount > 0 && this.shown(v, addressText(v.bytes, v.ipSrc[0] as number, v.ipVersion[0] as number));
    for (const at of [start, start + 2]) {
      if (at + 2 > v.end) return;
      const port = ((v.bytes[at] as number) << 8) | (v.bytes[at + 1] as number);
      if (outer || port < LOW_PORTS || v.tunnelKind[level] !== Layer.NONE) this.keep(at, at + 2);
      else {
        let n = this.ports.get(port);
        if (n === undefined) this.ports.set(port, (n = MASKED_PORTS + (this.ports.size % 4096)));
        this.out[at - v.start] = n >> 8;
        this.out[at - v.start + 1] = n & 255;
      }
    }
  }

  private numberOf(id: number): number {
    let n = this.ids.get(id);
    if (n === undefined) this.ids.set(id, (n = this.ids.size + 1));
    return n;
  }

  private number32(at: number, id: number): void {
    if (this.v === undefined || at + 4 > this.v.end) return;
    const n = 0xe0000000 + this.numberOf(id);
    for (let i = 0; i < 4; i++) this.out[at - this.v.start + i] = (n >>> (24 - 8 * i)) & 255;
  }

  private number24(at: number, id: number): void {
    if (this.v === undefined || at + 4 > this.v.end) return;
    const n = 0xe00000 + (this.numberOf(id) % 0x100000);
    for (let i = 0; i < 3; i++) this.out[at - this.v.start + i] = (n >>> (16 - 8 * i)) & 255;
  }

  private keep(from: number, to: number): number {
    const v = this.v as PacketView;
    const end = Math.min(to, v.end);
    for (let i = from; i < end; i++) this.out[i - v.start] = v.bytes[i] as number;
    return end;
  }

  private keepBits(at: number, bits: number): void {
    const v = this.v as PacketView;
    if (at < v.end) this.out[at - v.start] = (v.bytes[at] as number) & bits;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0
  );
}
