/** PFCP (TS 29.244): header (§7.2.2), IEs (§8.1.2) and the session messages of Sxa/Sxb/Sx. */
import { address, cat, isV6, type Octets, plmnOctets, tbcd, text, u16, u24, u32, u64, u8, zeros } from "./octets.ts";
import type { Trace, Tunnel } from "./s1ap.ts";

export const Pfcp = {
  heartbeatRequest: 1,
  heartbeatResponse: 2,
  associationSetupRequest: 5,
  associationSetupResponse: 6,
  establishmentRequest: 50,
  establishmentResponse: 51,
  modificationRequest: 52,
  modificationResponse: 53,
  deletionRequest: 54,
  deletionResponse: 55,
} as const;

/** Apply Action, octet 5 (§8.2.26). */
export const Action = { drop: 0x01, forward: 0x02, buffer: 0x04, notify: 0x08, duplicate: 0x10, redundant: 0x80 } as const;

/** Destination Interface (§8.2.24). */
export const Destination = { access: 0, core: 1, sgiLan: 2, cpFunction: 3, liFunction: 4 } as const;

export function pie(type: number, ...value: readonly Octets[]): Octets {
  const v = cat(...value);
  return cat(u16(type), u16(v.length), v);
}

/** `followOn`: another message follows in the same datagram. */
export function pfcp(type: number, seid: bigint | null, sequence: number, ies: Octets, followOn = false): Octets {
  const rest = cat(seid === null ? zeros(0) : u64(seid), u24(sequence), u8(0), ies);
  return cat(u8(0x20 | (seid === null ? 0 : 1) | (followOn ? 4 : 0)), u8(type), u16(rest.length), rest);
}

export function nodeId(a: string): Octets {
  return pie(60, u8(isV6(a) ? 1 : 0), address(a));
}

export function fseid(seid: bigint, a: string): Octets {
  return pie(57, u8(isV6(a) ? 1 : 2), u64(seid), address(a));
}

export const causeAccepted = (value = 1): Octets => pie(19, u8(value));
const farId = (n: number): Octets => pie(108, u32(n));

/** Outer Header Creation (§8.2.56): GTP-U/UDP, UDP or bare IP. */
export function outerHeader(kind: "gtpu" | "udp" | "ip", to: { address: string; teid?: number; port?: number }): Octets {
  const six = isV6(to.address);
  const flags = { gtpu: six ? 0x0200 : 0x0100, udp: six ? 0x0800 : 0x0400, ip: six ? 0x2000 : 0x1000 }[kind];
  return pie(
    84,
    u16(flags),
    kind === "gtpu" ? u32(to.teid ?? 0) : zeros(0),
    address(to.address),
    kind === "udp" ? u16(to.port ?? 0) : zeros(0),
  );
}

export interface Pdr {
  readonly id: number;
  readonly precedence: number;
  readonly source: "access" | "core";
  readonly fteid?: Tunnel;
  readonly ue?: string;
  readonly far: number;
}

export function createPdr(p: Pdr): Octets {
  const f = p.fteid === undefined ? zeros(0) : pie(21, u8(isV6(p.fteid.address) ? 2 : 1), u32(p.fteid.teid), address(p.fteid.address));
  const ue = p.ue === undefined ? zeros(0) : pie(93, u8((isV6(p.ue) ? 1 : 2) | (p.source === "core" ? 4 : 0)), address(p.ue));
  const pdi = pie(2, pie(20, u8(p.source === "access" ? 0 : 1)), f, pie(22, text(p.source)), ue);
  const removal = p.fteid === undefined ? zeros(0) : pie(95, u8(isV6(p.fteid.address) ? 1 : 0));
  return pie(1, pie(56, u16(p.id)), pie(29, u32(p.precedence)), pdi, removal, farId(p.far));
}

export interface Far {
  readonly id: number;
  readonly action: number;
  readonly destination?: number;
  readonly outer?: Octets;
  /** Duplicating Parameters (5, or 105 in an update), already encoded. */
  readonly duplicate?: { destination: number; outer: Octets };
  /** Octets of Apply Action: older releases send one. */
  readonly actionOctets?: 1 | 2;
  readonly extra?: Octets;
}

function farBody(f: Far, update: boolean): Octets {
  const instance = pie(22, text(f.destination === Destination.access ? "access" : "core"));
  const forwarding =
    f.destination === undefined
      ? zeros(0)
      : pie(update ? 11 : 4, pie(42, u8(f.destination)), instance, f.outer ?? zeros(0), f.extra ?? zeros(0));
  const duplicating = f.duplicate === undefined ? zeros(0) : pie(update ? 105 : 5, pie(42, u8(f.duplicate.destination)), f.duplicate.outer);
  return cat(farId(f.id), pie(44, f.actionOctets === 2 ? u16(f.action << 8) : u8(f.action)), forwarding, duplicating);
}

export const createFar = (f: Far): Octets => pie(3, farBody(f, false));
export const updateFar = (f: Far): Octets => pie(10, farBody(f, true));

/** User ID (§8.2.101) with IMSI, IMEI and MSISDN. */
export function userId(imsi: string, imei: string, msisdn: string): Octets {
  const part = (v: Octets): Octets => cat(u8(v.length), v);
  return pie(141, u8(0x07), part(tbcd(imsi)), part(tbcd(imei)), part(tbcd(msisdn)));
}

/** Trace Information (§8.2.94). */
export function pfcpTrace(t: Trace): Octets {
  const a = address(t.collector);
  return pie(152, plmnOctets(t.plmn), u24(t.id), u8(1), u8(1), u8(t.depth), u8(1), u8(1), u8(a.length), a);
}
