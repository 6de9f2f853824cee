// PFCP, 3GPP TS 29.244 (Release 17, later elements named): header §7.2.2, several messages a datagram §7.2.1A,
// messages §7.4 and §7.5, elements §8. UDP 8805. Names in `names.ts`, what comes out in `message.ts`.
import { readApn } from "#decode/digits/apn.ts";
import { append, appendText, NONE } from "#decode/digits/identities.ts";
import { behind, ownCopy } from "#decode/digits/own-copy.ts";
import { readHex } from "#decode/digits/hex.ts";
import type { Fault } from "#model/fault.ts";
import { childOf, type Draft, limits, readElements } from "./elements.ts";
import type { PfcpDatagram, PfcpHeader, PfcpIe, PfcpMessage, UserId } from "./message.ts";
import { MESSAGE_NAMES, messageName } from "./names.ts";
import {
  appendNumber,
  Ie,
  readApplicationPfds,
  readFar,
  readPdr,
  readTrafficEndpoint,
  takeFteid,
  takeOuterHeaderCreation,
  takeUeIpAddress,
} from "./rules.ts";
import { readFseid, readNodeId, readNumber, readTraceInformation, readUserId, readWholeText } from "./values.ts";

/**
 * Header: octet 1 = version 3 bits, spare 2, FO, MP, S; message type 1; length 2 (octets after the first four);
 * SEID 8 where S; sequence 3; message priority 4 bits and spare 4 bits where MP, else spare 8.
 */
const FLAGS = 0;
const TYPE = 1;
const LENGTH = 2;
const SEID = 4;
const FIRST_OCTETS = 4;
const VERSION = 1;
const FOLLOW_ON = 0x04;
const HAS_PRIORITY = 0x02;
const HAS_SEID = 0x01;
const SPARE = 0x18;

/** Messages of one datagram that are read; each has at least eight octets. */
const MAX_MESSAGES = 256;
const SESSION_ESTABLISHMENT_RESPONSE = 51;

/**
 * Messages in octets `start` … `end`-1, which are one UDP payload. `missing`: octets of the datagram that the capture
 * cut off; a message that runs into them is decoded as far as it goes, with fault `cut`.
 *
 * A message whose length field contradicts the datagram is left out and stands in `faults`. Octets after the last
 * message do not hinder it: they are counted in its `uncoveredOctets`, with fault `length`.
 */
export function decodePfcp(bytes: Uint8Array, start: number, end: number, missing = 0): PfcpDatagram {
  const messages: PfcpMessage[] = [];
  let at = start;
  for (;;) {
    const problem = checkHeader(bytes, at, end, missing, at - start);
    if (problem !== undefined) return { messages, faults: [problem] };
    const total = FIRST_OCTETS + ((bytes[at + LENGTH]! << 8) | bytes[at + LENGTH + 1]!);
    const messageEnd = at + total;
    const cut = messageEnd > end;
    const followOn = (bytes[at + FLAGS]! & FOLLOW_ON) !== 0;
    const last = cut || !followOn || messageEnd >= end || messages.length + 1 === MAX_MESSAGES;
    const uncovered = last && !cut ? end - messageEnd + missing : 0;
    messages.push(readMessage(ownCopy(bytes, at, cut ? end : messageEnd), total, uncovered, behind(bytes, messageEnd, end, uncovered)));
    if (last) return { messages, faults: NONE };
    at = messageEnd;
  }
}

/** True where the payload is PFCP by structure: known types, and lengths that fill the datagram exactly. */
export function looksLikePfcp(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  for (let count = 0; count < MAX_MESSAGES; count++) {
    if (checkHeader(bytes, at, end, 0, 0) !== undefined) return false;
    if (MESSAGE_NAMES[bytes[at + TYPE]!] === undefined) return false;
    const next = at + FIRST_OCTETS + ((bytes[at + LENGTH]! << 8) | bytes[at + LENGTH + 1]!);
    if (next === end) return true;
    if ((bytes[at + FLAGS]! & FOLLOW_ON) === 0) return false;
    at = next;
  }
  return false;
}

function checkHeader(bytes: Uint8Array, at: number, end: number, missing: number, offset: number): Fault | undefined {
  const had = end - at;
  if (had < FIRST_OCTETS) return { layer: "pfcp", code: missing > 0 ? "cut" : "short", field: "header", offset, needed: 8, had };
  const flags = bytes[at + FLAGS]!;
  if (flags >>> 5 !== VERSION) return { layer: "pfcp", code: "version", field: "Version", offset, needed: VERSION, had: flags >>> 5 };
  const header = (flags & HAS_SEID) !== 0 ? 16 : 8;
  const total = FIRST_OCTETS + ((bytes[at + LENGTH]! << 8) | bytes[at + LENGTH + 1]!);
  if (total < header || total > had + missing) {
    return {
      layer: "pfcp",
      code: "length",
      field: "Length",
      offset: offset + LENGTH,
      needed: total < header ? header : total,
      had: had + missing,
    };
  }
  if (had < header) return { layer: "pfcp", code: "cut", field: "header", offset, needed: header, had };
  return undefined;
}

/** `bytes` is the message's own copy, at least a whole header; `total` its length as the header states it. */
function readMessage(bytes: Uint8Array, total: number, uncoveredOctets: number, uncovered: Uint8Array | undefined): PfcpMessage {
  const header = readHeader(bytes);
  const type = bytes[TYPE]!;
  const message: Draft = {
    protocol: "pfcp",
    type,
    name: messageName(type),
    imsi: NONE,
    msisdn: NONE,
    imei: NONE,
    teids: NONE,
    ueAddresses: NONE,
    apn: NONE,
    inner: NONE,
    faults: NONE,
    header,
    bytes,
    ies: NONE,
    trailingOctets: 0,
    uncoveredOctets,
    uncovered,
    cause: undefined,
    seid: bytes[FLAGS]! & HAS_SEID ? readHex(bytes, SEID, SEID + 8) : undefined,
    fseids: NONE,
    cpFSeid: undefined,
    upFSeid: undefined,
    nodeId: undefined,
    createPdr: NONE,
    updatePdr: NONE,
    removePdr: NONE,
    createdPdr: NONE,
    createFar: NONE,
    updateFar: NONE,
    removeFar: NONE,
    qerIds: NONE,
    urrIds: NONE,
    barIds: NONE,
    createTrafficEndpoint: NONE,
    updateTrafficEndpoint: NONE,
    removeTrafficEndpoint: NONE,
    userIds: NONE,
    traces: NONE,
    activatedRules: NONE,
    deactivatedRules: NONE,
    pfds: NONE,
    recoveryTimeStamp: undefined,
    vendorIes: NONE,
  };
  message.ies = readElements({ message, budget: limits.elements }, header.octets, bytes.length, 0);
  for (const ie of message.ies) readTopLevel(message, ie);
  if (bytes.length < total)
    addFault(message, { layer: "pfcp", code: "cut", field: "message", offset: 0, needed: total, had: bytes.length });
  if (uncoveredOctets > 0) {
    addFault(message, { layer: "pfcp", code: "length", field: "Length", offset: LENGTH, needed: total, had: total + uncoveredOctets });
  }
  return message;
}

function addFault(message: Draft, fault: Fault): void {
  message.faults = [...message.faults, fault];
}

function readHeader(bytes: Uint8Array): PfcpHeader {
  const flags = bytes[FLAGS]!;
  const at = (flags & HAS_SEID) !== 0 ? SEID + 8 : SEID;
  const lastOctet = bytes[at + 3]!;
  const hasPriority = (flags & HAS_PRIORITY) !== 0;
  return {
    sequence: (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!,
    priority: hasPriority ? lastOctet >>> 4 : undefined,
    followOn: (flags & FOLLOW_ON) !== 0,
    length: (bytes[LENGTH]! << 8) | bytes[LENGTH + 1]!,
    octets: at + 4,
    spare: (flags & SPARE) | (hasPriority ? lastOctet & 0x0f : lastOctet),
  };
}

/** One element of the message itself; what the rules' readers do not take apart goes to `readAnywhere`. */
function readTopLevel(message: Draft, ie: PfcpIe): void {
  const visit = (inner: PfcpIe): void => readAnywhere(message, inner);
  switch (ie.type) {
    case 1: // Create PDR
      message.createPdr = append(message.createPdr, readPdr(message, ie, visit));
      return;
    case 9: // Update PDR
      message.updatePdr = append(message.updatePdr, readPdr(message, ie, visit));
      return;
    case 8: // Created PDR
    case 256: // Updated PDR
      message.createdPdr = append(message.createdPdr, readPdr(message, ie, visit));
      return;
    case 15: // Remove PDR
      message.removePdr = appendNumber(message.removePdr, idOf(message, ie, Ie.PDR_ID, 2));
      readInside(message, ie);
      return;
    case 3: // Create FAR
      message.createFar = append(message.createFar, readFar(message, ie, visit));
      return;
    case 10: // Update FAR
      message.updateFar = append(message.updateFar, readFar(message, ie, visit));
      return;
    case 16: // Remove FAR
      message.removeFar = appendNumber(message.removeFar, idOf(message, ie, Ie.FAR_ID, 4));
      readInside(message, ie);
      return;
    case 6: // Create URR
    case 13: // Update URR
      message.urrIds = appendNumber(message.urrIds, idOf(message, ie, Ie.URR_ID, 4));
      readInside(message, ie);
      return;
    case 7: // Create QER
    case 14: // Update QER
      message.qerIds = appendNumber(message.qerIds, idOf(message, ie, Ie.QER_ID, 4));
      readInside(message, ie);
      return;
    case 12: // Update BAR
    case 85: // Create BAR
    case 86: // Update BAR
      message.barIds = appendNumber(message.barIds, idOf(message, ie, Ie.BAR_ID, 1));
      readInside(message, ie);
      return;
    case 127: // Create Traffic Endpoint
    case 128: // Created Traffic Endpoint
      message.createTrafficEndpoint = append(message.createTrafficEndpoint, readTrafficEndpoint(message, ie, visit));
      return;
    case 129: // Update Traffic Endpoint
      message.updateTrafficEndpoint = append(message.updateTrafficEndpoint, readTrafficEndpoint(message, ie, visit));
      return;
    case 130: // Remove Traffic Endpoint
      message.removeTrafficEndpoint = appendNumber(message.removeTrafficEndpoint, idOf(message, ie, Ie.TRAFFIC_ENDPOINT_ID, 1));
      readInside(message, ie);
      return;
    case 19: // Cause, §8.2.1
      message.cause ??= readNumber(message, ie, 1);
      return;
    case 57: {
      // F-SEID, §8.2.37
      const fseid = readFseid(message, ie);
      if (fseid === undefined) return;
      message.fseids = append(message.fseids, fseid);
      if (message.type === SESSION_ESTABLISHMENT_RESPONSE) message.upFSeid ??= fseid;
      else message.cpFSeid ??= fseid;
      return;
    }
    case 58: // Application ID's PFDs
      message.pfds = append(message.pfds, readApplicationPfds(message, ie));
      readInside(message, ie);
      return;
    case 60: // Node ID, §8.2.38
      message.nodeId ??= readNodeId(message, ie);
      return;
    case 96: // Recovery Time Stamp, §8.2.65: seconds since 1900
      message.recoveryTimeStamp ??= readNumber(message, ie, 4);
      return;
    default:
      readAnywhere(message, ie);
  }
}

function readInside(message: Draft, group: PfcpIe): void {
  for (const ie of group.children) readAnywhere(message, ie);
}

/** Elements that mean the same wherever they stand; groups are searched. */
function readAnywhere(message: Draft, ie: PfcpIe): void {
  switch (ie.type) {
    case Ie.F_TEID:
      takeFteid(message, ie);
      return;
    case Ie.OUTER_HEADER_CREATION:
      takeOuterHeaderCreation(message, ie);
      return;
    case Ie.UE_IP_ADDRESS:
      takeUeIpAddress(message, ie);
      return;
    case Ie.ACTIVATE_PREDEFINED_RULES:
      message.activatedRules = appendText(message.activatedRules, readWholeText(message, ie));
      return;
    case Ie.DEACTIVATE_PREDEFINED_RULES:
      message.deactivatedRules = appendText(message.deactivatedRules, readWholeText(message, ie));
      return;
    case 141: {
      // User ID, §8.2.101
      const user = readUserId(message, ie);
      if (user === undefined) return;
      message.userIds = append(message.userIds, user);
      takeUser(message, user);
      return;
    }
    case 152: {
      // Trace Information, §8.2.109
      const trace = readTraceInformation(message, ie);
      if (trace !== undefined) message.traces = append(message.traces, trace);
      return;
    }
    case 159: // APN/DNN, §8.2.117
      message.apn = appendText(message.apn, readApn(message.bytes, ie.start, ie.start + ie.length));
      return;
    default:
      readInside(message, ie);
  }
}

/** SUPI, GPSI and PEI (TS 29.571 §5.3.2) carry the same identities as `imsi-…`, `msisdn-…`, `imei-…`, `imeisv-…`. */
function takeUser(message: Draft, user: UserId): void {
  for (const imsi of [user.imsi, afterPrefix(user.supi, "imsi-")]) {
    if (imsi !== undefined) message.imsi = appendText(message.imsi, imsi);
  }
  for (const msisdn of [user.msisdn, afterPrefix(user.gpsi, "msisdn-")]) {
    if (msisdn !== undefined) message.msisdn = appendText(message.msisdn, msisdn);
  }
  for (const imei of [user.imei, afterPrefix(user.pei, "imei-"), afterPrefix(user.pei, "imeisv-")]) {
    if (imei !== undefined) message.imei = appendText(message.imei, imei);
  }
}

function afterPrefix(text: string | undefined, prefix: string): string | undefined {
  return text?.startsWith(prefix) ? text.slice(prefix.length) : undefined;
}

/** The identifier that a create, update or remove element begins with. */
function idOf(message: Draft, group: PfcpIe, type: number, octets: 1 | 2 | 4): number | undefined {
  const ie = childOf(group.children, type);
  return ie === undefined ? undefined : readNumber(message, ie, octets);
}
