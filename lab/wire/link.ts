/** Ethernet II, IEEE 802.1Q, MPLS (RFC 3032). */
import { cat, hex, type Octets, u16, u32, zeros } from "./octets.ts";

export const EtherType = { IPV4: 0x0800, ARP: 0x0806, TEB: 0x6558, VLAN: 0x8100, IPV6: 0x86dd, MPLS: 0x8847 } as const;

export function etherTypeOf(packet: Octets): number {
  return (packet[0] ?? 0) >> 4 === 6 ? EtherType.IPV6 : EtherType.IPV4;
}

function macOctets(mac: string): Octets {
  return hex(mac.replaceAll(":", ""));
}

export interface Link {
  readonly src: string;
  readonly dst: string;
  readonly vlan?: number;
}

/** Without frame check sequence, padded to the 60 octets that a wire shows. */
export function ethernet(link: Link, packet: Octets, type = etherTypeOf(packet), pad = true): Octets {
  const tag = link.vlan === undefined ? zeros(0) : cat(u16(EtherType.VLAN), u16(link.vlan));
  const frame = cat(macOctets(link.dst), macOctets(link.src), tag, u16(type), packet);
  return !pad || frame.length >= 60 ? frame : cat(frame, zeros(60 - frame.length));
}

export function mplsLabel(label: number, bottom: boolean, ttl = 64): Octets {
  return u32((label * 4096 + (bottom ? 0x100 : 0) + ttl) >>> 0);
}
