/** GTPv2-C (TS 29.274): header (§5.1), the IEs (§8) and messages that the simulated network uses. */
import { address, cat, isV6, labels, type Octets, plmnOctets, tbcd, u16, u24, u32, u8, zeros } from "./octets.ts";
import type { Cell, Trace, Tunnel } from "./s1ap.ts";

const Gtp2 = {
  echoRequest: 1,
  echoResponse: 2,
  createSessionRequest: 32,
  createSessionResponse: 33,
  modifyBearerRequest: 34,
  modifyBearerResponse: 35,
  deleteSessionRequest: 36,
  deleteSessionResponse: 37,
  contextRequest: 130,
  contextResponse: 131,
  traceActivation: 71,
  traceDeactivation: 72,
  createIndirectRequest: 166,
  createIndirectResponse: 167,
  deleteIndirectRequest: 168,
  deleteIndirectResponse: 169,
  releaseAccessRequest: 170,
  releaseAccessResponse: 171,
} as const;

/** F-TEID interface types (§8.22). */
export const Interface = {
  s1uEnb: 0,
  s1uSgw: 1,
  s5SgwU: 4,
  s5PgwU: 5,
  s5SgwC: 6,
  s5PgwC: 7,
  s11Mme: 10,
  s11Sgw: 11,
  s10Mme: 12,
  enbForwarding: 19,
  sgwForwardingDl: 23,
} as const;

function gtp2(type: number, teid: number | null, sequence: number, ies: Octets): Octets {
  const rest = cat(teid === null ? zeros(0) : u32(teid), u24(sequence), u8(0), ies);
  return cat(u8(teid === null ? 0x40 : 0x48), u8(type), u16(rest.length), rest);
}

function gie(type: number, value: Octets, instance = 0): Octets {
  return cat(u8(type), u16(value.length), u8(instance), value);
}

function fteid(interfaceType: number, t: Tunnel, instance = 0): Octets {
  return gie(87, cat(u8((isV6(t.address) ? 0x40 : 0x80) | interfaceType), u32(t.teid), address(t.address)), instance);
}

const cause = (value = 16): Octets => gie(2, cat(u8(value), u8(0)));
const ebi = (n: number, instance = 0): Octets => gie(73, u8(n), instance);
const recovery = (n: number): Octets => gie(3, u8(n));

export function uli(c: Cell): Octets {
  return gie(86, cat(u8(0x18), plmnOctets(c.plmn), u16(c.tac), plmnOctets(c.plmn), u32(c.cell)));
}

/** Private Extension (§8.67): enterprise number, then anything. */
export function privateExtension(enterprise: number, content: Octets): Octets {
  return gie(255, cat(u16(enterprise), content));
}

/** Trace Information (§8.31). */
export function traceInformation(t: Trace): Octets {
  const head = cat(plmnOctets(t.plmn), u24(t.id));
  return gie(96, cat(head, zeros(9), u16(0), u8(t.depth), u8(0xc0), zeros(11), address(t.collector)));
}

export interface SessionRequest {
  readonly imsi: string;
  readonly msisdn: string;
  readonly imei: string;
  readonly apn: string;
  readonly cell: Cell;
  readonly sender: Tunnel;
  readonly senderInterface: number;
  readonly pgw: Tunnel;
  /** S5/S8-U end of the sender, where the message is on S5. */
  readonly userPlane?: Tunnel;
  readonly extra?: Octets;
}

/** §7.2.1 */
export function createSessionRequest(sequence: number, s: SessionRequest, teid = 0): Octets {
  const bearerQos = gie(80, cat(u8(0x64), u8(9), zeros(20)));
  const bearer = gie(93, cat(ebi(5), s.userPlane === undefined ? zeros(0) : fteid(Interface.s5SgwU, s.userPlane, 2), bearerQos));
  const ies = cat(
    gie(1, tbcd(s.imsi)),
    gie(76, tbcd(s.msisdn)),
    gie(75, tbcd(s.imei)),
    uli(s.cell),
    gie(83, plmnOctets(s.cell.plmn)),
    gie(82, u8(6)),
    fteid(s.senderInterface, s.sender),
    s.senderInterface === Interface.s11Mme ? fteid(Interface.s5PgwC, { ...s.pgw, teid: 0 }, 1) : zeros(0),
    gie(71, labels(s.apn)),
    gie(128, u8(0)),
    gie(99, u8(1)),
    gie(79, cat(u8(1), zeros(4))),
    gie(127, u8(0)),
    gie(72, cat(u32(50_000), u32(100_000))),
    bearer,
    s.extra ?? zeros(0),
  );
  return gtp2(Gtp2.createSessionRequest, teid, sequence, ies);
}

/** §7.2.2; `ends` are the bearer's F-TEIDs (S1-U, S5/S8-U), each with its interface type. */
export function createSessionResponse(
  sequence: number,
  teid: number,
  ue: string,
  c: { sgw?: Tunnel; pgw: Tunnel; ends: readonly { type: number; tunnel: Tunnel; instance: number }[] },
): Octets {
  const bearer = gie(93, cat(ebi(5), cause(), ...c.ends.map((e) => fteid(e.type, e.tunnel, e.instance))));
  const ies = cat(
    cause(),
    c.sgw === undefined ? zeros(0) : fteid(Interface.s11Sgw, c.sgw),
    fteid(Interface.s5PgwC, c.pgw, 1),
    gie(79, isV6(ue) ? cat(u8(2), u8(64), address(ue)) : cat(u8(1), address(ue))),
    gie(127, u8(0)),
    bearer,
  );
  return gtp2(Gtp2.createSessionResponse, teid, sequence, ies);
}

export function modifyBearerRequest(sequence: number, teid: number, enb: Tunnel, extra: Octets = zeros(0)): Octets {
  return gtp2(Gtp2.modifyBearerRequest, teid, sequence, cat(extra, gie(93, cat(ebi(5), fteid(Interface.s1uEnb, enb)))));
}

export function modifyBearerResponse(sequence: number, teid: number, sgw: Tunnel): Octets {
  return gtp2(Gtp2.modifyBearerResponse, teid, sequence, cat(cause(), gie(93, cat(ebi(5), cause(), fteid(Interface.s1uSgw, sgw)))));
}

export function deleteSession(request: boolean, sequence: number, teid: number): Octets {
  return gtp2(request ? Gtp2.deleteSessionRequest : Gtp2.deleteSessionResponse, teid, sequence, request ? ebi(5) : cause());
}

export function releaseAccess(request: boolean, sequence: number, teid: number): Octets {
  return gtp2(request ? Gtp2.releaseAccessRequest : Gtp2.releaseAccessResponse, teid, sequence, request ? zeros(0) : cause());
}

/** §7.2.18: the target eNB's forwarding end goes to the SGW; the answer names the SGW's own. */
export function createIndirectRequest(sequence: number, teid: number, enb: Tunnel): Octets {
  return gtp2(Gtp2.createIndirectRequest, teid, sequence, gie(93, cat(ebi(5), fteid(Interface.enbForwarding, enb))));
}

export function createIndirectResponse(sequence: number, teid: number, sgw: Tunnel): Octets {
  return gtp2(
    Gtp2.createIndirectResponse,
    teid,
    sequence,
    cat(cause(), gie(93, cat(ebi(5), cause(), fteid(Interface.sgwForwardingDl, sgw)))),
  );
}

export function echo(request: boolean, sequence: number, restart: number, extra: Octets = zeros(0)): Octets {
  return gtp2(request ? Gtp2.echoRequest : Gtp2.echoResponse, null, sequence, cat(recovery(restart), extra));
}

/** §7.3.5: an MME asks the one that served the subscriber before. */
export function contextRequest(sequence: number, imsi: string, answerTo: Tunnel): Octets {
  return gtp2(Gtp2.contextRequest, 0, sequence, cat(gie(1, tbcd(imsi)), fteid(Interface.s10Mme, answerTo), gie(82, u8(6))));
}

/** §7.3.6, with an EPS security context (§8.38): key set identifier, algorithms, counts, K_ASME. */
export function contextResponse(sequence: number, teid: number, imsi: string, key: Octets): Octets {
  const head = cat(u8(0x80), u8(0), u8(0x22), zeros(6), key);
  return gtp2(Gtp2.contextResponse, teid, sequence, cat(cause(), gie(1, tbcd(imsi)), gie(107, cat(head, zeros(4)))));
}

/** §7.12.1 */
export function traceSessionActivation(sequence: number, teid: number, imsi: string, t: Trace): Octets {
  return gtp2(Gtp2.traceActivation, teid, sequence, cat(gie(1, tbcd(imsi)), traceInformation(t)));
}
