/** S1AP (TS 36.413, Release 15): encoders of the procedures that the simulated network uses. */
import { address, cat, type Octets, plmnOctets, u16, u32, u8 } from "./octets.ts";
import { ie, pdu, PerWriter, type ProtocolIe, singleContainers } from "./per.ts";

const per = (): PerWriter => new PerWriter();

export interface UeIds {
  readonly mme: number;
  readonly enb: number;
}

export interface Cell {
  readonly plmn: string;
  readonly tac: number;
  /** 28 bits: eNB id 20, cell 8. */
  readonly cell: number;
  /** 20 bits. */
  readonly enbId: number;
}

export interface Tunnel {
  readonly address: string;
  readonly teid: number;
}

/** CauseRadioNetwork and CauseNas values used here. */
export const Cause = {
  userInactivity: per().bits(0, 1).bits(0, 3).bits(0, 1).bits(20, 6).done(),
  s1HandoverDesirable: per().bits(0, 1).bits(0, 3).bits(0, 1).bits(16, 6).done(),
  successfulHandover: per().bits(0, 1).bits(0, 3).bits(0, 1).bits(2, 6).done(),
  detach: per().bits(0, 1).bits(2, 3).bits(0, 1).bits(2, 2).done(),
} as const;

function mmeId(n: number): Octets {
  return per().integer(n, 0, 0xffff_ffff).done();
}

function enbId(n: number): Octets {
  return per().integer(n, 0, 0xff_ffff).done();
}

export function ids(u: UeIds, criticality: "reject" | "ignore" = "reject"): ProtocolIe[] {
  return [ie(0, criticality, mmeId(u.mme)), ie(8, criticality, enbId(u.enb))];
}

function tai(c: Cell): Octets {
  return cat(u8(0), plmnOctets(c.plmn), u16(c.tac));
}

function ecgi(c: Cell): Octets {
  return cat(u8(0), plmnOctets(c.plmn), u32(c.cell * 16));
}

function globalEnb(c: Cell): Octets {
  return cat(u8(0), plmnOctets(c.plmn), u8(0), u8(c.enbId >> 12), u8(c.enbId >> 4), u8((c.enbId & 15) << 4));
}

/** E-RAB-ID ::= INTEGER (0..15, ...) */
function erab(w: PerWriter, id: number): PerWriter {
  return w.bits(0, 1).bits(id, 4);
}

/** E-RABLevelQoSParameters without GBR; ARP priority, may not pre-empt, may be pre-empted. */
function qos(w: PerWriter, qci: number, priority = 8): PerWriter {
  return w.bits(0, 3).integer(qci, 0, 255).bits(0, 2).bits(priority, 4).bits(0, 1).bits(1, 1);
}

function tunnelItem(id: number, t: Tunnel): Octets {
  return erab(per().bits(0, 2), id).transportAddress(address(t.address)).raw(u32(t.teid)).done();
}

function ambr(down: number, up: number): Octets {
  return per().bits(0, 2).integer(down, 0, 10_000_000_000).integer(up, 0, 10_000_000_000).done();
}

/** UESecurityCapabilities: EEA1.. and EIA1.. from the top bit. */
function capabilities(eea: number, eia: number): Octets {
  return per().bits(0, 2).bits(0, 1).bits(eea, 16).bits(0, 1).bits(eia, 16).done();
}

export function s1SetupRequest(name: string, c: Cell): Octets {
  const enbName = per()
    .bits(0, 1)
    .integer(name.length, 1, 150)
    .raw(new Uint8Array(Buffer.from(name)))
    .done();
  const tas = cat(u8(0), per().bits(0, 2).bits(c.tac, 16).bits(0, 3).raw(plmnOctets(c.plmn)).done());
  return pdu(0, 17, "reject", [
    ie(59, "reject", globalEnb(c)),
    ie(60, "ignore", enbName),
    ie(64, "reject", tas),
    ie(137, "ignore", u8(0x40)),
  ]);
}

export function s1SetupResponse(name: string, plmn: string, group: number, code: number): Octets {
  const mmeName = per()
    .bits(0, 1)
    .integer(name.length, 1, 150)
    .raw(new Uint8Array(Buffer.from(name)))
    .done();
  const gummei = cat(per().bits(0, 3).bits(0, 1).bits(0, 1).bits(0, 5).raw(plmnOctets(plmn)).done(), u16(0), u16(group), u8(0), u8(code));
  return pdu(1, 17, "reject", [ie(61, "ignore", mmeName), ie(105, "reject", gummei), ie(87, "ignore", u8(100))]);
}

export function initialUe(
  enb: number,
  nas: Octets,
  c: Cell,
  o: { cause?: "emergency" | "mo-Signalling" | "mo-Data" | "mt-Access"; sTmsi?: { code: number; tmsi: number } } = {},
): Octets {
  const causes = { emergency: 0, "mt-Access": 2, "mo-Signalling": 3, "mo-Data": 4 } as const;
  const ies = [
    ie(8, "reject", enbId(enb)),
    ie(26, "reject", per().octetString(nas).done()),
    ie(67, "reject", tai(c)),
    ie(100, "ignore", ecgi(c)),
  ];
  ies.push(
    ie(
      134,
      "ignore",
      per()
        .bits(0, 1)
        .bits(causes[o.cause ?? "mo-Signalling"], 3)
        .done(),
    ),
  );
  if (o.sTmsi !== undefined) ies.push(ie(96, "reject", per().bits(0, 2).bits(o.sTmsi.code, 8).raw(u32(o.sTmsi.tmsi)).done()));
  return pdu(0, 12, "ignore", ies);
}

export function downlinkNas(u: UeIds, nas: Octets): Octets {
  return pdu(0, 11, "ignore", [...ids(u), ie(26, "reject", per().octetString(nas).done())]);
}

export function uplinkNas(u: UeIds, nas: Octets, c: Cell): Octets {
  return pdu(0, 13, "ignore", [
    ...ids(u),
    ie(26, "reject", per().octetString(nas).done()),
    ie(100, "ignore", ecgi(c)),
    ie(67, "ignore", tai(c)),
  ]);
}

/** TraceActivation (§9.2.1.4). */
export interface Trace {
  readonly plmn: string;
  readonly id: number;
  readonly session: number;
  /** S1-MME 0x80, X2 0x40, Uu 0x20. */
  readonly interfaces: number;
  /** 0 minimum, 1 medium, 2 maximum, 3–5 without vendor extensions. */
  readonly depth: number;
  readonly collector: string;
}

function traceId(t: Trace): Octets {
  return cat(plmnOctets(t.plmn), u8(t.id >> 16), u16(t.id & 0xffff), u16(t.session));
}

export function traceActivation(t: Trace): ProtocolIe {
  const w = per().bits(0, 2).raw(traceId(t)).bits(t.interfaces, 8).bits(0, 1).bits(t.depth, 3);
  return ie(25, "ignore", w.transportAddress(address(t.collector)).done());
}

export interface ContextSetup {
  readonly bearer: number;
  readonly uplink: Tunnel;
  readonly nas?: Octets;
  readonly eea: number;
  readonly eia: number;
  readonly key: Octets;
  readonly trace?: Trace;
}

export function initialContextSetupRequest(u: UeIds, s: ContextSetup): Octets {
  const w = erab(
    per()
      .bits(0, 1)
      .bits(s.nas === undefined ? 0 : 1, 1)
      .bits(0, 1),
    s.bearer,
  );
  qos(w, 9).transportAddress(address(s.uplink.address)).raw(u32(s.uplink.teid));
  if (s.nas !== undefined) w.octetString(s.nas);
  const ies = [
    ...ids(u),
    ie(66, "reject", ambr(100_000_000, 50_000_000)),
    ie(24, "reject", singleContainers([ie(52, "reject", w.done())])),
  ];
  ies.push(ie(107, "reject", capabilities(s.eea, s.eia)), ie(73, "reject", s.key));
  if (s.trace !== undefined) ies.push(traceActivation(s.trace));
  return pdu(0, 9, "reject", ies);
}

export function initialContextSetupResponse(u: UeIds, bearer: number, downlink: Tunnel): Octets {
  return pdu(1, 9, "reject", [...ids(u, "ignore"), ie(51, "ignore", singleContainers([ie(50, "ignore", tunnelItem(bearer, downlink))]))]);
}

export function contextReleaseRequest(u: UeIds): Octets {
  return pdu(0, 18, "ignore", [...ids(u), ie(2, "ignore", Cause.userInactivity)]);
}

export function contextReleaseCommand(u: UeIds, cause: Octets = Cause.userInactivity): Octets {
  const pair = per().bits(0, 1).bits(0, 1).bits(0, 2).integer(u.mme, 0, 0xffff_ffff).integer(u.enb, 0, 0xff_ffff).done();
  return pdu(0, 23, "reject", [ie(99, "reject", pair), ie(2, "ignore", cause)]);
}

export function contextReleaseComplete(u: UeIds): Octets {
  return pdu(1, 23, "reject", ids(u, "ignore"));
}

export function paging(index: number, code: number, tmsi: number, c: Cell): Octets {
  const id = per().bits(0, 1).bits(0, 1).bits(0, 2).bits(code, 8).raw(u32(tmsi)).done();
  const item = ie(47, "ignore", cat(per().bits(0, 2).done().subarray(0, 0), taiItem(c)));
  return pdu(0, 10, "ignore", [
    ie(80, "ignore", per().bits(index, 10).done()),
    ie(43, "ignore", id),
    ie(109, "ignore", u8(0x00 | 0x80)),
    ie(46, "ignore", singleContainers([item])),
  ]);
}

/** TAIItem: extension and optional bit, then TAI with its own two, then the PLMN on the next octet. */
function taiItem(c: Cell): Octets {
  return per().bits(0, 4).raw(plmnOctets(c.plmn)).raw(u16(c.tac)).done();
}

export function pathSwitchRequest(u: UeIds, bearer: number, downlink: Tunnel, c: Cell, eea: number, eia: number): Octets {
  const list = singleContainers([ie(23, "reject", tunnelItem(bearer, downlink))]);
  return pdu(0, 3, "reject", [
    ie(8, "reject", enbId(u.enb)),
    ie(22, "reject", list),
    ie(88, "reject", mmeId(u.mme)),
    ie(100, "ignore", ecgi(c)),
    ie(67, "ignore", tai(c)),
    ie(107, "ignore", capabilities(eea, eia)),
  ]);
}

function securityContext(chaining: number, nextHop: Octets): Octets {
  return per().bits(0, 2).bits(chaining, 3).raw(nextHop).done();
}

export function pathSwitchAcknowledge(u: UeIds, nextHop: Octets): Octets {
  return pdu(1, 3, "reject", [...ids(u, "ignore"), ie(40, "reject", securityContext(2, nextHop))]);
}

export function traceStart(u: UeIds, t: Trace): Octets {
  return pdu(0, 27, "ignore", [...ids(u), traceActivation(t)]);
}

export function cellTrafficTrace(u: UeIds, t: Trace, c: Cell): Octets {
  const tce = per().transportAddress(address(t.collector)).done();
  return pdu(0, 42, "ignore", [...ids(u), ie(86, "ignore", traceId(t)), ie(100, "ignore", ecgi(c)), ie(131, "ignore", tce)]);
}

/** UE-HistoryInformation with one E-UTRAN cell of medium size in which the UE stayed 37 s; the same in S1AP and X2AP. */
export function visitedCell(w: PerWriter, c: Cell): PerWriter {
  w.bits(0, 4).bits(0, 3).bits(0, 2).bits(0, 2).raw(plmnOctets(c.plmn)).align().bits(c.cell, 28);
  return w.bits(0, 2).bits(0, 1).bits(1, 2).integer(37, 0, 4095);
}

export { ambr, capabilities, ecgi, globalEnb, qos, securityContext, tai };
