/** Diameter (RFC 6733) with the AVPs of S6a (TS 29.272), Sh (29.329), SLg (29.172), SLh (29.173). */
import { address, cat, type Octets, plmnOctets, tbcd, text, u16, u24, u32, u8, zeros } from "./octets.ts";
import type { Cell, Trace } from "./s1ap.ts";

export const VENDOR_3GPP = 10_415;

export const Application = { s6a: 16_777_251, sh: 16_777_217, slg: 16_777_255, slh: 16_777_291, common: 0 } as const;

export const Command = {
  capabilities: 257,
  watchdog: 280,
  ulr: 316,
  air: 318,
  idr: 319,
  udr: 306,
  plr: 8_388_620,
  rir: 8_388_622,
} as const;

export function avp(code: number, value: Octets, vendor = 0): Octets {
  const head =
    vendor === 0 ? cat(u32(code), u8(0x40), u24(8 + value.length)) : cat(u32(code), u8(0xc0), u24(12 + value.length), u32(vendor));
  return cat(head, value, zeros((4 - (value.length % 4)) % 4));
}

export const avp3 = (code: number, ...value: readonly Octets[]): Octets => avp(code, cat(...value), VENDOR_3GPP);

export interface DiameterHeader {
  readonly request: boolean;
  readonly command: number;
  readonly application: number;
  readonly hop: number;
  readonly end: number;
  readonly proxiable?: boolean;
}

export function diameter(h: DiameterHeader, avps: readonly Octets[]): Octets {
  const body = cat(...avps);
  return cat(
    u8(1),
    u24(20 + body.length),
    u8((h.request ? 0x80 : 0) | (h.proxiable === false ? 0 : 0x40)),
    u24(h.command),
    u32(h.application),
    u32(h.hop),
    u32(h.end),
    body,
  );
}

export interface Peers {
  readonly session: string;
  readonly application: number;
  readonly originHost: string;
  readonly originRealm: string;
  readonly destinationHost?: string;
  readonly destinationRealm?: string;
  /** Route-Record of agents passed. */
  readonly via?: string;
}

export function opening(p: Peers, result?: number): Octets[] {
  const out = [
    avp(263, text(p.session)),
    avp(260, cat(avp(266, u32(VENDOR_3GPP)), avp(258, u32(p.application)))),
    ...(result === undefined ? [] : [avp(268, u32(result))]),
    avp(277, u32(1)),
    avp(264, text(p.originHost)),
    avp(296, text(p.originRealm)),
  ];
  if (p.destinationHost !== undefined) out.push(avp(293, text(p.destinationHost)));
  if (p.destinationRealm !== undefined) out.push(avp(283, text(p.destinationRealm)));
  if (p.via !== undefined) out.push(avp(282, text(p.via)));
  return out;
}

export const userName = (imsi: string): Octets => avp(1, text(imsi));
const msisdn = (n: string): Octets => avp3(701, tbcd(n));

/** Authentication-Information-Request: `vectors` wanted. */
export function airAvps(imsi: string, plmn: string, vectors = 1): Octets[] {
  return [userName(imsi), avp3(1407, plmnOctets(plmn)), avp3(1408, avp3(1410, u32(vectors)), avp3(1412, u32(1)))];
}

/** One E-UTRAN-Vector: item number, RAND, XRES, AUTN, KASME. */
export function vectorAvp(rand: Octets, xres: Octets, autn: Octets, kasme: Octets, item = 1): Octets {
  return avp3(1414, avp3(1419, u32(item)), avp3(1447, rand), avp3(1448, xres), avp3(1449, autn), avp3(1450, kasme));
}

export function ulrAvps(imsi: string, plmn: string): Octets[] {
  return [userName(imsi), avp3(1032, u32(1004)), avp3(1405, u32(34)), avp3(1407, plmnOctets(plmn))];
}

/** Trace-Data (TS 29.272 §7.3.10). `omc`: the collector is named in OMC-Id (§7.3.66) instead; `mdt`: with an MDT-Configuration (§7.3.136) of this Job-Type. */
export function traceData(t: Trace, o: { omc?: string; mdt?: number } = {}): Octets {
  const reference = cat(plmnOctets(t.plmn), u24(t.id));
  const collector =
    o.omc === undefined ? avp3(1452, u16(t.collector.includes(":") ? 2 : 1), address(t.collector)) : avp3(1466, text(o.omc));
  return avp3(
    1458,
    avp3(1459, reference),
    avp3(1462, u32(t.depth)),
    avp3(1463, u16(0x8000)),
    avp3(1464, cat(u8(0xc0), zeros(11))),
    avp3(1465, zeros(9)),
    collector,
    ...(o.mdt === undefined ? [] : [avp3(1622, avp3(1623, u32(o.mdt)))]),
  );
}

export function subscriptionData(number: string, apn: string, extra: Octets = zeros(0)): Octets {
  const arp = avp3(1034, avp3(1046, u32(8)), avp3(1047, u32(1)), avp3(1048, u32(0)));
  const qos = avp3(1431, avp3(1028, u32(9)), arp);
  const config = avp3(1430, avp3(1423, u32(1)), avp3(1456, u32(0)), avp(493, text(apn)), qos);
  const profile = avp3(1429, avp3(1423, u32(1)), avp3(1428, u32(0)), config);
  const ambr = avp3(1435, avp3(516, u32(50_000_000)), avp3(515, u32(100_000_000)));
  return avp3(1400, msisdn(number), avp3(1417, u32(0)), avp3(1424, u32(0)), ambr, profile, extra);
}

/** IDR-Flags (§7.3.103). */
export const IdrFlag = { reachability: 1, tads: 2, userState: 4, epsLocation: 8, currentLocation: 16, timeZone: 32 } as const;

/** EPS-Location-Information with the cell and tracking area. */
export function epsLocation(c: Cell, age = 0): Octets {
  const cell = cat(plmnOctets(c.plmn), u32(c.cell));
  const area = cat(plmnOctets(c.plmn), u16(c.tac));
  return avp3(1496, avp3(1600, avp3(1602, cell), avp3(1603, area), avp3(1611, u32(age))));
}

/** SLg Provide-Location-Request; client type 0 emergency, 1 value added, 2 operator, 3 lawful. */
export function plrAvps(imsi: string, number: string, client: string, clientType: number, locationType = 0): Octets[] {
  const name = avp3(2501, avp3(1238, text(client)), avp3(1237, u32(0)));
  return [avp3(2500, u32(locationType)), userName(imsi), msisdn(number), name, avp3(1241, u32(clientType))];
}

/** Ellipsoid point with uncertainty circle (TS 23.032), accuracy, age, cell. */
export function plaAvps(c: Cell, latitude: number, longitude: number): Octets[] {
  return [
    avp3(1242, u8(0x10), u24(latitude), u24(longitude), u8(0x1e)),
    avp3(2513, u32(0)),
    avp3(2514, u32(0)),
    avp3(2517, plmnOctets(c.plmn), u32(c.cell)),
  ];
}

/** Sh User-Data-Request: data reference 14 location, 26 T-ADS, 10 repository. */
export function udrAvps(number: string, reference: number, active: boolean): Octets[] {
  const out = [avp3(700, msisdn(number)), avp3(703, u32(reference))];
  if (reference === 14) out.push(avp3(706, u32(1)), avp3(707, u32(active ? 1 : 0)));
  return out;
}

export function shUserData(xml: string): Octets {
  return avp3(702, text(xml));
}
