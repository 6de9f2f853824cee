/** IPv4 (RFC 791), IPv6 (RFC 8200), UDP, TCP, ICMP: encoders with right lengths and checksums. */
import { address, cat, isV6, type Octets, u16, u32, u8, zeros } from "./octets.ts";

export const Protocol = { ICMP: 1, IPIP: 4, TCP: 6, UDP: 17, IPV6: 41, GRE: 47, ESP: 50, ICMPV6: 58, SCTP: 132 } as const;

export function onesComplement(...parts: readonly Octets[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) sum += ((part[i] ?? 0) << 8) + (part[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

export interface IpOptions {
  readonly ttl?: number;
  readonly id?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** Octets, a multiple of 8. */
  readonly fragmentOffset?: number;
  readonly tos?: number;
}

export function ip(src: string, dst: string, protocol: number, payload: Octets, o: IpOptions = {}): Octets {
  if (isV6(src)) {
    return cat(
      u32(0x60000000 | ((o.tos ?? 0) << 20)),
      u16(payload.length),
      u8(protocol),
      u8(o.ttl ?? 64),
      address(src),
      address(dst),
      payload,
    );
  }
  const flags = ((o.dontFragment ?? false) ? 0x4000 : 0) | ((o.moreFragments ?? false) ? 0x2000 : 0) | ((o.fragmentOffset ?? 0) >> 3);
  const head = (sum: number): Octets =>
    cat(
      u8(0x45),
      u8(o.tos ?? 0),
      u16(20 + payload.length),
      u16(o.id ?? 0),
      u16(flags),
      u8(o.ttl ?? 64),
      u8(protocol),
      u16(sum),
      address(src),
      address(dst),
    );
  return cat(head(onesComplement(head(0))), payload);
}

function pseudoHeader(src: string, dst: string, protocol: number, length: number): Octets {
  return isV6(src)
    ? cat(address(src), address(dst), u32(length), u32(protocol))
    : cat(address(src), address(dst), u8(0), u8(protocol), u16(length));
}

function withChecksum(src: string, dst: string, protocol: number, segment: Octets, at: number): Octets {
  const sum = onesComplement(pseudoHeader(src, dst, protocol, segment.length), segment);
  segment.set(u16(sum === 0 && protocol === Protocol.UDP ? 0xffff : sum), at);
  return segment;
}

export function udp(src: string, dst: string, sport: number, dport: number, payload: Octets, o: IpOptions = {}): Octets {
  const d = cat(u16(sport), u16(dport), u16(8 + payload.length), u16(0), payload);
  return ip(src, dst, Protocol.UDP, withChecksum(src, dst, Protocol.UDP, d, 6), o);
}

export const TcpFlag = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 } as const;

export interface TcpHeader {
  readonly sport: number;
  readonly dport: number;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly window?: number;
  /** Already padded to a multiple of four. */
  readonly options?: Octets;
}

export function tcp(src: string, dst: string, h: TcpHeader, payload: Octets, o: IpOptions = {}): Octets {
  const options = h.options ?? zeros(0);
  const segment = cat(
    u16(h.sport),
    u16(h.dport),
    u32(h.seq),
    u32(h.ack),
    u8((5 + options.length / 4) << 4),
    u8(h.flags),
    u16(h.window ?? 64240),
    u16(0),
    u16(0),
    options,
    payload,
  );
  return ip(src, dst, Protocol.TCP, withChecksum(src, dst, Protocol.TCP, segment, 16), { dontFragment: true, ...o });
}

export function icmp(src: string, dst: string, type: number, code: number, rest: Octets, payload: Octets, o: IpOptions = {}): Octets {
  const m = cat(u8(type), u8(code), u16(0), rest, payload);
  m.set(u16(onesComplement(m)), 2);
  return ip(src, dst, Protocol.ICMP, m, o);
}

/** Cuts an IPv4 packet into fragments of at most `mtu` octets (RFC 791 §3.2). */
export function fragments(packet: Octets, mtu: number): Octets[] {
  const room = Math.floor((mtu - 20) / 8) * 8;
  const payload = packet.subarray(20);
  const out: Octets[] = [];
  for (let at = 0; at < payload.length; at += room) {
    const part = payload.subarray(at, at + room);
    const head = packet.slice(0, 20);
    head.set(u16(20 + part.length), 2);
    head.set(u16((at + room < payload.length ? 0x2000 : 0) | (at >> 3)), 6);
    head.set(u16(0), 10);
    head.set(u16(onesComplement(head)), 10);
    out.push(cat(head, part));
  }
  return out;
}

/** The same packet one router further on. */
export function forwarded(packet: Octets, hops = 1): Octets {
  const out = packet.slice();
  if ((out[0] ?? 0) >> 4 === 6) {
    out[7] = (out[7] ?? 0) - hops;
    return out;
  }
  out[8] = (out[8] ?? 0) - hops;
  out.set(u16(0), 10);
  out.set(u16(onesComplement(out.subarray(0, 20))), 10);
  return out;
}

/** Rewrites an IPv4 packet's source and/or destination and ports as address translation does, checksums corrected. */
export function translated(packet: Octets, to: { src?: string; dst?: string; sport?: number; dport?: number }): Octets {
  const out = packet.slice();
  if (to.src !== undefined) out.set(address(to.src), 12);
  if (to.dst !== undefined) out.set(address(to.dst), 16);
  if (to.sport !== undefined) out.set(u16(to.sport), 20);
  if (to.dport !== undefined) out.set(u16(to.dport), 22);
  out.set(u16(0), 10);
  out.set(u16(onesComplement(out.subarray(0, 20))), 10);
  const protocol = out[9] ?? 0;
  const at = protocol === Protocol.TCP ? 36 : protocol === Protocol.UDP ? 26 : 0;
  if (at > 0) {
    out.set(u16(0), at);
    const segment = out.subarray(20);
    out.set(u16(onesComplement(cat(out.subarray(12, 20), u8(0), u8(protocol), u16(segment.length)), segment)), at);
  }
  return out;
}

/** Start of the transport payload of an IPv4 TCP or UDP packet. */
export function transportPayload(packet: Octets): Octets {
  const protocol = packet[9] ?? 0;
  if (protocol === Protocol.UDP) return packet.subarray(28);
  if (protocol === Protocol.TCP) return packet.subarray(20 + ((packet[32] ?? 0x50) >> 4) * 4);
  return packet.subarray(20);
}
