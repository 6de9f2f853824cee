// Information elements of GTPv2-C, 3GPP TS 29.274 §8.2 (format) and §8.3 … §8.150 (each element).
import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import { readApn, readText } from "#decode/digits/apn.ts";
import { append, appendText, appendTunnelEnd, isUnspecified, NONE } from "#decode/digits/identities.ts";
import { readPcoAddresses } from "#decode/digits/pco.ts";
import { readPlmn } from "#decode/digits/plmn.ts";
import { readTbcd } from "#decode/digits/tbcd.ts";
import { readTraceReference } from "#decode/digits/trace.ts";
import type { Fault, FaultCode } from "#model/fault.ts";
import { readIndications } from "./indication.ts";
import { readUserLocation } from "./location.ts";
import type { BearerContext, Fteid, Gtpv2Ie, Gtpv2Message, PdnConnection } from "./message.ts";
import { ieName } from "./names.ts";
import { EPS_MM_CONTEXT, readMmContext, readMmContextDevice } from "./security.ts";
import { readExtendedTraceInformation, readTraceInformation } from "./trace.ts";

/** Limits against hostile nesting and counts (docs/limits.md). */
export const limits = {
  /** Grouped IEs inside one another; the specification needs three (PDN Connection, Bearer Context, F-TEID). */
  depth: 6,
  /** Elements of one message; a relocation with eleven bearers has below three hundred. */
  elements: 4096,
  /** Octets of a digit string that are read: identities have at most eight. */
  digitOctets: 16,
  /** Octets of a node name that are read. */
  nameOctets: 255,
};

export type Draft = { -readonly [K in keyof Gtpv2Message]: Gtpv2Message[K] };
type BearerDraft = { -readonly [K in keyof BearerContext]: BearerContext[K] };
type PdnDraft = { -readonly [K in keyof PdnConnection]: PdnConnection[K] };

/** Offsets within an element's header: type 1, length 2, spare 4 bits and instance 4 bits. */
const IE_TYPE = 0;
const IE_LENGTH = 1;
const IE_INSTANCE = 3;
const IE_HEADER = 4;

/** Grouped elements (table 8.1-1). */
const BEARER_CONTEXT = 93;
const PDN_CONNECTION = 109;
const GROUPED = new Uint8Array(256);
for (const type of [BEARER_CONTEXT, PDN_CONNECTION, 180, 181, 191, 195, 208, 209, 214]) GROUPED[type] = 1;

/** What a walk needs to know: the message under construction, and the group that the element stands in. */
export interface Walk {
  readonly message: Draft;
  /** Elements that may still be read. */
  budget: number;
  bearer: BearerDraft | undefined;
  pdn: PdnDraft | undefined;
}

/**
 * Elements in octets `from` … `to`-1 of the message. Returns the views; the meaning goes into `walk.message`.
 * Stops at the first element whose length leaves its container; `message.trailingOctets` counts what stays unread at
 * the top level.
 */
export function readElements(walk: Walk, from: number, to: number, depth: number): readonly Gtpv2Ie[] {
  const { message } = walk;
  const { bytes } = message;
  const ies: Gtpv2Ie[] = [];
  let at = from;
  while (at < to) {
    if (to - at < IE_HEADER) {
      fault(message, "short", "IE header", at, IE_HEADER, to - at);
      break;
    }
    const type = bytes[at + IE_TYPE]!;
    const length = (bytes[at + IE_LENGTH]! << 8) | bytes[at + IE_LENGTH + 1]!;
    const flags = bytes[at + IE_INSTANCE]!;
    const start = at + IE_HEADER;
    const end = start + length;
    if (end > to) {
      fault(message, "length", ieName(type), at, length, to - start);
      break;
    }
    if (walk.budget === 0) {
      fault(message, "count", "information elements", at, limits.elements + 1, limits.elements);
      break;
    }
    walk.budget--;
    const instance = flags & 0x0f;
    let children: readonly Gtpv2Ie[] = NONE;
    if (GROUPED[type] === 1) children = readGroup(walk, type, instance, start, end, depth);
    else readElement(walk, type, instance, start, end);
    ies.push({ type, instance, spare: flags >>> 4, start, length, children });
    at = end;
  }
  if (depth === 0) message.trailingOctets = to - at;
  return ies;
}

function readGroup(walk: Walk, type: number, instance: number, start: number, end: number, depth: number): readonly Gtpv2Ie[] {
  const { message, bearer: outerBearer, pdn: outerPdn } = walk;
  if (depth + 1 >= limits.depth) {
    fault(message, "depth", ieName(type), start, depth + 1, limits.depth);
    return NONE;
  }
  if (type === BEARER_CONTEXT) {
    const bearer: BearerDraft = { instance, ebi: undefined, cause: undefined, qci: undefined, chargingId: undefined, fteids: NONE };
    if (outerPdn) outerPdn.bearers = append(outerPdn.bearers, bearer);
    else message.bearers = append(message.bearers, bearer);
    walk.bearer = bearer;
  } else if (type === PDN_CONNECTION) {
    const pdn: PdnDraft = { apn: undefined, ebi: undefined, ueAddresses: NONE, fteids: NONE, bearers: NONE };
    message.pdnConnections = append(message.pdnConnections, pdn);
    walk.pdn = pdn;
    walk.bearer = undefined;
  }
  const children = readElements(walk, start, end, depth + 1);
  walk.bearer = outerBearer;
  walk.pdn = outerPdn;
  return children;
}

/** One element that is not grouped; `start` … `end`-1 lie within the message. */
function readElement(walk: Walk, type: number, instance: number, start: number, end: number): void {
  const { message, bearer, pdn } = walk;
  const { bytes } = message;
  const length = end - start;
  switch (type) {
    case 1: // IMSI, §8.3
      message.imsi = appendText(message.imsi, readDigits(bytes, start, end));
      return;
    case 2: // Cause, §8.4: value 1, flags 1, optionally the offending IE
      if (!holds(message, type, start, length, 1)) return;
      if (bearer) bearer.cause ??= bytes[start]!;
      else if (!pdn) message.cause ??= bytes[start]!;
      return;
    case 3: // Recovery, §8.5
      if (holds(message, type, start, length, 1)) message.recovery ??= bytes[start]!;
      return;
    case 52: // transparent containers, §8.48 … §8.50
    case 53:
      message.containers = append(message.containers, { ie: type, kind: 0, start, length });
      return;
    case 71: {
      // APN, §8.6
      const apn = readApn(bytes, start, end);
      message.apn = appendText(message.apn, apn);
      if (pdn) pdn.apn ??= apn;
      return;
    }
    case 73: {
      // EPS Bearer ID, §8.8: low nibble
      if (!holds(message, type, start, length, 1)) return;
      const ebi = bytes[start]! & 0x0f;
      if (bearer) bearer.ebi ??= ebi;
      else if (pdn) pdn.ebi ??= ebi;
      else message.ebis = append(message.ebis, ebi);
      return;
    }
    case 74: {
      // IP Address, §8.9. In a PDN Connection it is the user's (table 7.3.1-2), elsewhere a node's.
      const address = readAddress(bytes, start, length);
      if (address === undefined) {
        fault(message, "value", ieName(type), start, 4, length);
      } else if (pdn) {
        addUeAddress(walk, address);
      } else {
        message.otherAddresses = append(message.otherAddresses, { ie: type, what: "IP Address", address });
      }
      return;
    }
    case 75: // MEI, §8.10
      message.imei = appendText(message.imei, readDigits(bytes, start, end));
      return;
    case 76: // MSISDN, §8.11
      message.msisdn = appendText(message.msisdn, readDigits(bytes, start, end));
      return;
    case 77: // Indication, §8.12
      message.indications = readIndications(bytes, start, end);
      return;
    case 78: // PCO, §8.13
    case 163: // APCO, §8.94
    case 197: // ePCO, §8.128
      for (const { what, address } of readPcoAddresses(bytes, start, end, type === 197)) {
        message.otherAddresses = append(message.otherAddresses, { ie: type, what, address });
      }
      return;
    case 79: // PAA, §8.14
      readPaa(walk, start, end);
      return;
    case 80: // Bearer QoS, §8.15: ARP 1, QCI 1, rates
      if (holds(message, type, start, length, 2) && bearer) bearer.qci ??= bytes[start + 1]!;
      return;
    case 82: // RAT Type, §8.17
      if (holds(message, type, start, length, 1)) message.ratType ??= bytes[start]!;
      return;
    case 83: // Serving Network, §8.18
      if (holds(message, type, start, length, 3)) message.servingNetwork ??= readPlmn(bytes, start);
      return;
    case 86: {
      // User Location Information, §8.21
      const { location, complete } = readUserLocation(bytes, start, end);
      message.userLocation ??= location;
      if (!complete) fault(message, "short", ieName(type), start, length + 1, length);
      return;
    }
    case 87: {
      // F-TEID, §8.22
      const fteid = readFteid(message, instance, start, end);
      if (fteid === undefined) return;
      if (bearer) bearer.fteids = append(bearer.fteids, fteid);
      else if (pdn) pdn.fteids = append(pdn.fteids, fteid);
      else message.fteids = append(message.fteids, fteid);
      return;
    }
    case 88: // TMSI, §8.23
      if (holds(message, type, start, length, 4)) message.tmsi ??= u32(bytes, start);
      return;
    case 91: {
      // S1-U Data Forwarding Info, §8.26: EBI 1, address length 1, serving GW address, TEID 4
      if (!holds(message, type, start, length, 2)) return;
      const address = readAddress(bytes, start + 2, Math.min(bytes[start + 1]!, length - 2));
      if (address !== undefined) message.otherAddresses = append(message.otherAddresses, { ie: type, what: "S1-U Serving GW", address });
      return;
    }
    case 94: // Charging ID, §8.29
      if (holds(message, type, start, length, 4) && bearer) bearer.chargingId ??= u32(bytes, start);
      return;
    case 96: // Trace Information, §8.31
    case 205: {
      // Extended Trace Information, §8.136
      const trace = type === 96 ? readTraceInformation(bytes, start, end) : readExtendedTraceInformation(bytes, start, end);
      if (trace !== undefined) message.traces = append(message.traces, trace);
      else fault(message, "short", ieName(type), start, 6, length);
      return;
    }
    case 99: // PDN Type, §8.34
      if (holds(message, type, start, length, 1)) message.pdnType ??= bytes[start]! & 0x07;
      return;
    case 103: // MM Contexts, §8.38
    case 104:
    case 105:
    case 106:
    case 107:
    case 108: {
      const context = readMmContext(bytes, type, start, end);
      if (context !== undefined) message.mmContexts = append(message.mmContexts, context);
      if (type === EPS_MM_CONTEXT) message.imei = appendText(message.imei, readMmContextDevice(bytes, start, end));
      return;
    }
    case 111: // P-TMSI, §8.41
      if (holds(message, type, start, length, 4)) message.pTmsi ??= u32(bytes, start);
      return;
    case 115: // Trace Reference, §8.45
      if (holds(message, type, start, length, 6)) {
        message.traceReferences = append(message.traceReferences, readTraceReference(bytes, start));
      }
      return;
    case 116: // Complete Request Message, §8.46: type 1, NAS message
      if (holds(message, type, start, length, 1)) {
        message.completeRequest ??= { kind: bytes[start]!, start: start + 1, length: length - 1 };
      }
      return;
    case 117: // GUTI, §8.47: PLMN 3, MME group 2, MME code 1, M-TMSI 4
      if (holds(message, type, start, length, 10)) {
        message.guti ??= {
          plmn: readPlmn(bytes, start),
          mmeGroupId: (bytes[start + 3]! << 8) | bytes[start + 4]!,
          mmeCode: bytes[start + 5]!,
          mTmsi: u32(bytes, start + 6),
        };
      }
      return;
    case 118: // F-Container, §8.48: container type in the low nibble, then its contents
      if (holds(message, type, start, length, 1)) {
        message.containers = append(message.containers, { ie: type, kind: bytes[start]! & 0x0f, start: start + 1, length: length - 1 });
      }
      return;
    case 132: // FQ-CSID, §8.62: node id type 4 bits, number of CSIDs 4 bits, node id, CSIDs
      readFqCsid(message, start, end);
      return;
    case 136: // FQDN, §8.66
    case 215: // PGW FQDN, §8.146
      addNodeName(message, readApn(bytes, start, end));
      return;
    case 151: // Local Distinguished Name, §8.82
      addNodeName(message, readText(bytes, start, Math.min(end, start + limits.nameOctets)));
      return;
    case 162: // MDT Configuration, §8.84
      if (holds(message, type, start, length, 1)) message.mdt = append(message.mdt, { jobType: bytes[start]!, start, length });
      return;
    case 176: // Node Identifier, §8.107: name LV, realm LV
      readNodeIdentifier(message, start, end);
      return;
    case 192: // Remote User ID, §8.123
      readRemoteUser(message, start, end);
      return;
    case 255: // Private Extension, §8.67: enterprise number 2, proprietary value
      message.privateExtensions = append(message.privateExtensions, {
        enterprise: length >= 2 ? (bytes[start]! << 8) | bytes[start + 1]! : undefined,
        start: start + Math.min(2, length),
        length: Math.max(0, length - 2),
      });
      if (length < 2) fault(message, "short", ieName(type), start, 2, length);
      return;
    default:
      return;
  }
}

/** Layout: V4 flag, V6 flag, interface type 6 bits; TEID or GRE key 4; IPv4 4 where V4; IPv6 16 where V6. */
function readFteid(message: Draft, instance: number, start: number, end: number): Fteid | undefined {
  const { bytes } = message;
  if (!holds(message, 87, start, end - start, 5)) return undefined;
  const flags = bytes[start]!;
  const teid = u32(bytes, start + 1);
  let at = start + 5;
  let ipv4: string | undefined;
  let ipv6: string | undefined;
  if (flags & 0x80) {
    if (at + 4 > end) fault(message, "short", "F-TEID IPv4 address", at, 4, end - at);
    else ipv4 = readIpv4(bytes, at);
    at += 4;
  }
  if (flags & 0x40) {
    if (at + 16 > end) fault(message, "short", "F-TEID IPv6 address", at, 16, Math.max(0, end - at));
    else ipv6 = readIpv6(bytes, at);
  }
  if (ipv4 !== undefined) message.teids = appendTunnelEnd(message.teids, teid, ipv4);
  if (ipv6 !== undefined) message.teids = appendTunnelEnd(message.teids, teid, ipv6);
  return { interfaceType: flags & 0x3f, teid, ipv4, ipv6, instance };
}

/** Layout: PDN type 3 bits; IPv4: address 4; IPv6: prefix length 1, address 16; IPv4v6: prefix length 1, IPv6 16, IPv4 4. */
function readPaa(walk: Walk, start: number, end: number): void {
  const { message } = walk;
  const { bytes } = message;
  const length = end - start;
  if (!holds(message, 79, start, length, 1)) return;
  const type = bytes[start]! & 0x07;
  if (type === 1) {
    if (holds(message, 79, start, length, 5)) addUeAddress(walk, readIpv4(bytes, start + 1));
  } else if (type === 2) {
    if (holds(message, 79, start, length, 18)) addUeAddress(walk, readIpv6(bytes, start + 2));
  } else if (type === 3) {
    if (!holds(message, 79, start, length, 22)) return;
    addUeAddress(walk, readIpv6(bytes, start + 2));
    addUeAddress(walk, readIpv4(bytes, start + 18));
  }
}

function addUeAddress(walk: Walk, address: string): void {
  if (isUnspecified(address)) return;
  walk.message.ueAddresses = appendText(walk.message.ueAddresses, address);
  if (walk.pdn) walk.pdn.ueAddresses = appendText(walk.pdn.ueAddresses, address);
}

function readFqCsid(message: Draft, start: number, end: number): void {
  const { bytes } = message;
  if (!holds(message, 132, start, end - start, 1)) return;
  const nodeIdType = bytes[start]! >>> 4;
  let address: string | undefined;
  if (nodeIdType === 0) address = readAddress(bytes, start + 1, Math.min(4, end - start - 1));
  if (nodeIdType === 1) address = readAddress(bytes, start + 1, Math.min(16, end - start - 1));
  if (address !== undefined) message.otherAddresses = append(message.otherAddresses, { ie: 132, what: "FQ-CSID", address });
}

function readNodeIdentifier(message: Draft, start: number, end: number): void {
  const { bytes } = message;
  let at = start;
  for (let part = 0; part < 2 && at < end; part++) {
    const partEnd = at + 1 + bytes[at]!;
    if (partEnd > end) {
      fault(message, "length", "Node Identifier", at, bytes[at]!, end - at - 1);
      return;
    }
    addNodeName(message, readText(bytes, at + 1, partEnd));
    at = partEnd;
  }
}

/** Layout: flags 1 (MSISDN 0x01, IMEI 0x02), IMSI LV, then MSISDN LV and IMEI LV where flagged. */
function readRemoteUser(message: Draft, start: number, end: number): void {
  const { bytes } = message;
  if (!holds(message, 192, start, end - start, 2)) return;
  const flags = bytes[start]!;
  let at = start + 1;
  for (const part of ["imsi", "msisdn", "imei"] as const) {
    if (part === "msisdn" && (flags & 0x01) === 0) continue;
    if (part === "imei" && (flags & 0x02) === 0) continue;
    if (at >= end || at + 1 + bytes[at]! > end) {
      fault(message, "length", "Remote User ID", at, at < end ? bytes[at]! : 1, Math.max(0, end - at - 1));
      return;
    }
    const partEnd = at + 1 + bytes[at]!;
    message[part] = appendText(message[part], readDigits(bytes, at + 1, partEnd));
    at = partEnd;
  }
}

function addNodeName(message: Draft, name: string): void {
  message.nodeNames = appendText(message.nodeNames, name);
}

function readDigits(bytes: Uint8Array, start: number, end: number): string {
  return readTbcd(bytes, start, Math.min(end, start + limits.digitOctets));
}

function readAddress(bytes: Uint8Array, start: number, length: number): string | undefined {
  if (length === 4) return readIpv4(bytes, start);
  if (length === 16) return readIpv6(bytes, start);
  return undefined;
}

/** True where the element has the octets; else a fault is noted. */
function holds(message: Draft, type: number, start: number, length: number, needed: number): boolean {
  if (length >= needed) return true;
  fault(message, "short", ieName(type), start, needed, length);
  return false;
}

export function fault(message: Draft, code: FaultCode, field: string, offset: number, needed: number, had: number): void {
  // One fault an element at most, and elements are bounded: so is this list.
  const value: Fault = { layer: "gtpv2", code, field, offset, needed, had };
  message.faults = append(message.faults, value);
}

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
