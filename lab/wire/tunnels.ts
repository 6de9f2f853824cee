/**
 * Encapsulations that carry a packet or a frame inside another. Each function returns what follows the IP header
 * (GRE family) or the UDP header (the others).
 */
import { cat, type Octets, u16, u24, u32, u8, zeros } from "./octets.ts";

/** RFC 2784, key and sequence of RFC 2890. */
export function gre(protocol: number, payload: Octets, o: { key?: number; sequence?: number } = {}): Octets {
  const flags = (o.key === undefined ? 0 : 0x2000) | (o.sequence === undefined ? 0 : 0x1000);
  return cat(
    u16(flags),
    u16(protocol),
    o.key === undefined ? zeros(0) : u32(o.key),
    o.sequence === undefined ? zeros(0) : u32(o.sequence),
    payload,
  );
}

/** draft-foschiano-erspan: type I has no header of its own. */
export function erspan1(frame: Octets): Octets {
  return gre(0x88be, frame);
}

/** Version 1, VLAN 12, CoS 3, encapsulation 2, truncated 1, session 10, reserved 12, index 20. */
export function erspan2(
  frame: Octets,
  session: number,
  sequence: number,
  o: { vlan?: number; truncated?: boolean; index?: number } = {},
): Octets {
  const head = cat(u16(0x1000 | (o.vlan ?? 1)), u16(0x1800 | (o.truncated === true ? 0x400 : 0) | session), u32(o.index ?? 1));
  return gre(0x88be, cat(head, frame), { sequence });
}

/** Version 2, VLAN, CoS, BSO, T, session, timestamp 32, SGT 16, P FT HW D Gra O. */
export function erspan3(
  frame: Octets,
  session: number,
  sequence: number,
  timestamp: number,
  o: { vlan?: number; truncated?: boolean } = {},
): Octets {
  const head = cat(u16(0x2000 | (o.vlan ?? 1)), u16((o.truncated === true ? 0x400 : 0) | session), u32(timestamp), u16(0), u16(0));
  return gre(0x22eb, cat(head, frame), { sequence });
}

/** RFC 7348, UDP 4789. */
export function vxlan(frame: Octets, vni: number): Octets {
  return cat(u32(0x08000000), u24(vni), u8(0), frame);
}

/** RFC 8926, UDP 6081; protocol 0x6558 is Ethernet. */
export function geneve(payload: Octets, vni: number, protocol = 0x6558): Octets {
  return cat(u16(0), u16(protocol), u24(vni), u8(0), payload);
}

/** TaZmen Sniffer Protocol, UDP 37008: version 1, type 0 (received tag list), protocol 1 (Ethernet), end tag. */
export function tzsp(frame: Octets): Octets {
  return cat(u8(1), u8(0), u16(1), u8(1), frame);
}

/** Juniper flow-tap, UDP 30030: intercept id, session id, IP packet. */
export function jmirror(packet: Octets, intercept: number, session: number): Octets {
  return cat(u32((0x40000000 | (intercept & 0x3fffffff)) >>> 0), u32(session), packet);
}

/** GTP-U version 1 (TS 29.281 §5.1); `sequence` sets the S flag. */
export function gtpu(teid: number, payload: Octets, o: { sequence?: number; type?: number } = {}): Octets {
  const optional = o.sequence === undefined ? zeros(0) : cat(u16(o.sequence), u16(0));
  return cat(
    u8(o.sequence === undefined ? 0x30 : 0x32),
    u8(o.type ?? 255),
    u16(payload.length + optional.length),
    u32(teid),
    optional,
    payload,
  );
}

export function gtpuEcho(type: 1 | 2, sequence: number, ies: Octets = zeros(0)): Octets {
  return gtpu(0, type === 2 ? cat(u8(14), u8(0), ies) : ies, { sequence, type });
}

export function endMarker(teid: number): Octets {
  return gtpu(teid, zeros(0), { type: 254 });
}
