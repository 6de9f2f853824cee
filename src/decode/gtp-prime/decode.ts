// GTP′, 3GPP TS 32.295 §6.1 (header), §6.2 (messages), versions 0, 1 and 2; GTPv0, TS 09.60 §6. UDP and TCP 3386.
// GTPv0 stands here because it shares port and header with GTP′ version 0; its user packets (T-PDU) are not read.
import { NONE } from "#decode/digits/identities.ts";
import { behind, ownCopy } from "#decode/digits/own-copy.ts";
import { readTbcd } from "#decode/digits/tbcd.ts";
import type { Fault } from "#model/fault.ts";
import { readServedIdentities } from "./cdr.ts";
import { type Draft, fault, readElements } from "./elements.ts";
import type { GtpPrimeDatagram, GtpPrimeHeader, GtpPrimeMessage } from "./message.ts";
import { MESSAGE_NAMES, messageName } from "./names.ts";

/**
 * Header: octet 1 = version 3 bits, PT (0 GTP′, 1 GTP), spare 3, short-header bit (version 0 only); message type 1;
 * length 2 (octets after the header); sequence 2. Version 0 with the bit 0, and GTPv0, go on to twenty octets:
 * flow label 2, N-PDU 1, spare 3, tunnel id 8.
 */
const FLAGS = 0;
const TYPE = 1;
const LENGTH = 2;
const SEQUENCE = 4;
const TID = 12;
const SHORT_HEADER = 6;
const LONG_HEADER = 20;
const LAST_VERSION = 2;
const PROTOCOL_TYPE = 0x10;
const SHORT_HEADER_BIT = 0x01;
const T_PDU = 255;
const DATA_RECORD_PACKET = 252;

/**
 * Messages in octets `start` … `end`-1: one UDP payload. `missing`: octets of the datagram that the capture cut off.
 *
 * A message whose length field contradicts the datagram is left out and stands in `faults`; octets after the message
 * are counted in its `uncoveredOctets`, with fault `length`.
 */
export function decodeGtpPrime(bytes: Uint8Array, start: number, end: number, missing = 0): GtpPrimeDatagram {
  const problem = checkHeader(bytes, start, end, missing);
  if (problem !== undefined) return { messages: NONE, faults: [problem] };
  if (isUserPacket(bytes, start)) return { messages: NONE, faults: NONE };
  const total = totalOctets(bytes, start);
  const cut = start + total > end;
  const uncovered = cut ? 0 : end - start - total + missing;
  const message = ownCopy(bytes, start, cut ? end : start + total);
  return { messages: [readMessage(message, total, uncovered, behind(bytes, start + total, end, uncovered))], faults: NONE };
}

/** Longest message: what the two octets of length can state, behind the longest header. */
export const STREAM_LIMIT = LONG_HEADER + 0xffff;

/**
 * Octets of the message that begins at `start` of a TCP stream (TS 32.295 §6.1.1: port 3386, as over UDP); 0 where too few are there to
 * tell, -1 where no message begins like this.
 */
export function gtpPrimeLength(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < SHORT_HEADER) return 0;
  const problem = checkHeader(bytes, start, end, Number.MAX_SAFE_INTEGER);
  if (problem !== undefined && problem.code !== "cut") return -1;
  return MESSAGE_NAMES[bytes[start + TYPE]!] === undefined ? -1 : totalOctets(bytes, start);
}

/** True where the payload is GTP′ or GTPv0 by structure: known type, and a length that fills the datagram exactly. */
export function looksLikeGtpPrime(bytes: Uint8Array, start: number, end: number): boolean {
  if (checkHeader(bytes, start, end, 0) !== undefined) return false;
  return MESSAGE_NAMES[bytes[start + TYPE]!] !== undefined && start + totalOctets(bytes, start) === end;
}

function headerOctets(flags: number): number {
  const version = flags >>> 5;
  const gtp = (flags & PROTOCOL_TYPE) !== 0;
  return version === 0 && (gtp || (flags & SHORT_HEADER_BIT) === 0) ? LONG_HEADER : SHORT_HEADER;
}

function totalOctets(bytes: Uint8Array, at: number): number {
  return headerOctets(bytes[at + FLAGS]!) + ((bytes[at + LENGTH]! << 8) | bytes[at + LENGTH + 1]!);
}

function isUserPacket(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + FLAGS]! & PROTOCOL_TYPE) !== 0 && bytes[at + TYPE] === T_PDU;
}

function checkHeader(bytes: Uint8Array, at: number, end: number, missing: number): Fault | undefined {
  const had = end - at;
  if (had < SHORT_HEADER) {
    return {
      layer: "gtp-prime",
      code: missing > 0 ? "cut" : "short",
      field: "header",
      offset: 0,
      needed: SHORT_HEADER,
      had: Math.max(0, had),
    };
  }
  const flags = bytes[at + FLAGS]!;
  const version = flags >>> 5;
  // PT 1 is GTP; of that only version 0 may stand here, version 1 and 2 are GTPv1-C and GTPv2-C.
  if (version > LAST_VERSION || ((flags & PROTOCOL_TYPE) !== 0 && version !== 0)) {
    return { layer: "gtp-prime", code: "version", field: "Version", offset: 0, needed: LAST_VERSION, had: version };
  }
  const header = headerOctets(flags);
  const total = totalOctets(bytes, at);
  if (total > had + missing || header > had + missing) {
    return { layer: "gtp-prime", code: "length", field: "Length", offset: LENGTH, needed: total, had: had + missing };
  }
  if (had < header) return { layer: "gtp-prime", code: "cut", field: "header", offset: 0, needed: header, had };
  return undefined;
}

/** `bytes` is the message's own copy, at least a whole header; `total` its length as the header states it. */
function readMessage(bytes: Uint8Array, total: number, uncoveredOctets: number, uncovered: Uint8Array | undefined): GtpPrimeMessage {
  const header = readHeader(bytes);
  const type = bytes[TYPE]!;
  const message: Draft = {
    protocol: "gtp-prime",
    type,
    name: header.gtp ? `GTPv0 ${messageName(type)}` : messageName(type),
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
    cause: undefined,
    recovery: undefined,
    transferCommand: undefined,
    nodeAddresses: NONE,
    records: undefined,
    privateExtensions: NONE,
    trailingOctets: 0,
    uncoveredOctets,
    uncovered,
  };
  message.ies = readElements(message, header.octets, bytes.length);
  for (const ie of message.ies) if (ie.type === DATA_RECORD_PACKET) readServedIdentities(message, ie.start, ie.start + ie.length);
  if (bytes.length < total) fault(message, "cut", "message", 0, total, bytes.length);
  if (uncoveredOctets > 0) fault(message, "length", "Length", LENGTH, total, total + uncoveredOctets);
  return message;
}

function readHeader(bytes: Uint8Array): GtpPrimeHeader {
  const flags = bytes[FLAGS]!;
  const octets = headerOctets(flags);
  const gtp = (flags & PROTOCOL_TYPE) !== 0;
  return {
    version: flags >>> 5,
    gtp,
    sequence: (bytes[SEQUENCE]! << 8) | bytes[SEQUENCE + 1]!,
    length: (bytes[LENGTH]! << 8) | bytes[LENGTH + 1]!,
    tid: gtp ? readTbcd(bytes, TID, LONG_HEADER) : undefined,
    octets,
  };
}
