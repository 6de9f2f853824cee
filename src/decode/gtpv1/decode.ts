// GTPv1-C, 3GPP TS 29.060 (header §6, elements §7.7, UDP 2123), and GTP-U signalling, TS 29.281 (header §5, UDP 2152).
// G-PDUs (user packets) belong to the data plane and are not read here. GTPv0 and GTP′ have a folder of their own.
import { append, NONE } from "#decode/digits/identities.ts";
import { behind, ownCopy } from "#decode/digits/own-copy.ts";
import type { Fault } from "#model/fault.ts";
import { type Draft, fault, u32 } from "./draft.ts";
import { readElements } from "./elements.ts";
import type { Gtpv1Datagram, Gtpv1Header, Gtpv1Message } from "./message.ts";
import { MESSAGE_NAMES, messageName } from "./names.ts";

/**
 * Header: octet 1 = version 3 bits, PT (1 GTP, 0 GTP′), spare, E, S, PN; message type 1; length 2 (octets after the
 * first eight); TEID 4; where E, S or PN: sequence 2, N-PDU number 1, next extension header type 1. Extension
 * header: length 1 in units of four octets, contents, next extension header type 1.
 */
const FLAGS = 0;
const TYPE = 1;
const LENGTH = 2;
const TEID = 4;
const FIRST_OCTETS = 8;
const SEQUENCE = 8;
const NPDU = 10;
const NEXT_EXTENSION = 11;
const OPTIONAL_OCTETS = 4;
const VERSION = 1;
const PROTOCOL_TYPE = 0x10;
const SPARE = 0x08;
const HAS_EXTENSION = 0x04;
const HAS_SEQUENCE = 0x02;
const HAS_NPDU = 0x01;
const OPTIONAL_FIELDS = HAS_EXTENSION | HAS_SEQUENCE | HAS_NPDU;

export const G_PDU = 255;

/** Extension headers of one message: honest ones carry one or two. */
const MAX_EXTENSION_HEADERS = 16;

/**
 * The message in octets `start` … `end`-1, which are one UDP payload; no message for a G-PDU. `missing`: octets of
 * the datagram that the capture cut off; a message that runs into them is decoded as far as it goes, with fault `cut`.
 *
 * A message whose length field contradicts the datagram is left out and stands in `faults`. Octets after the message
 * do not hinder it: they are counted in its `uncoveredOctets`, with fault `length`.
 */
export function decodeGtpv1(bytes: Uint8Array, start: number, end: number, missing = 0): Gtpv1Datagram {
  const problem = checkHeader(bytes, start, end, missing);
  if (problem !== undefined) return { messages: NONE, faults: [problem] };
  if (bytes[start + TYPE] === G_PDU) return { messages: NONE, faults: NONE };
  const total = FIRST_OCTETS + ((bytes[start + LENGTH]! << 8) | bytes[start + LENGTH + 1]!);
  const messageEnd = start + total;
  const cut = messageEnd > end;
  const uncovered = cut ? 0 : end - messageEnd + missing;
  const message = ownCopy(bytes, start, cut ? end : messageEnd);
  return { messages: [readMessage(message, total, uncovered, behind(bytes, messageEnd, end, uncovered))], faults: NONE };
}

/** True where the payload is GTPv1 by structure: known type, spare bit 0, and a length that fills the datagram exactly. */
export function looksLikeGtpv1(bytes: Uint8Array, start: number, end: number): boolean {
  if (checkHeader(bytes, start, end, 0) !== undefined) return false;
  if ((bytes[start + FLAGS]! & SPARE) !== 0 || MESSAGE_NAMES[bytes[start + TYPE]!] === undefined) return false;
  return start + FIRST_OCTETS + ((bytes[start + LENGTH]! << 8) | bytes[start + LENGTH + 1]!) === end;
}

function checkHeader(bytes: Uint8Array, at: number, end: number, missing: number): Fault | undefined {
  const had = end - at;
  if (had < FIRST_OCTETS) {
    return { layer: "gtpv1", code: missing > 0 ? "cut" : "short", field: "header", offset: 0, needed: FIRST_OCTETS, had: Math.max(0, had) };
  }
  const flags = bytes[at + FLAGS]!;
  if (flags >>> 5 !== VERSION) return { layer: "gtpv1", code: "version", field: "Version", offset: 0, needed: VERSION, had: flags >>> 5 };
  if ((flags & PROTOCOL_TYPE) === 0) return { layer: "gtpv1", code: "value", field: "Protocol Type", offset: 0, needed: 1, had: 0 };
  const header = (flags & OPTIONAL_FIELDS) !== 0 ? FIRST_OCTETS + OPTIONAL_OCTETS : FIRST_OCTETS;
  const total = FIRST_OCTETS + ((bytes[at + LENGTH]! << 8) | bytes[at + LENGTH + 1]!);
  if (total < header || total > had + missing) {
    return { layer: "gtpv1", code: "length", field: "Length", offset: LENGTH, needed: total < header ? header : total, had: had + missing };
  }
  if (had < header) return { layer: "gtpv1", code: "cut", field: "header", offset: 0, needed: header, had };
  return undefined;
}

/** `bytes` is the message's own copy, at least a whole header; `total` its length as the header states it. */
function readMessage(bytes: Uint8Array, total: number, uncoveredOctets: number, uncovered: Uint8Array | undefined): Gtpv1Message {
  const type = bytes[TYPE]!;
  const message: Draft = {
    protocol: "gtpv1",
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
    header: readHeader(bytes),
    bytes,
    ies: NONE,
    trailingOctets: 0,
    uncoveredOctets,
    uncovered,
    cause: undefined,
    recovery: undefined,
    nsapis: NONE,
    teidElements: NONE,
    gsnAddresses: NONE,
    userLocation: undefined,
    rai: undefined,
    ratType: undefined,
    trace: undefined,
    privateExtensions: NONE,
    otherAddresses: NONE,
  };
  message.header = withExtensions(message, message.header);
  message.ies = readElements(message, message.header.octets, bytes.length);
  if (bytes.length < total) fault(message, "cut", "message", 0, total, bytes.length);
  if (uncoveredOctets > 0) fault(message, "length", "Length", LENGTH, total, total + uncoveredOctets);
  return message;
}

function readHeader(bytes: Uint8Array): Gtpv1Header {
  const flags = bytes[FLAGS]!;
  return {
    version: VERSION,
    teid: u32(bytes, TEID),
    sequence: (flags & HAS_SEQUENCE) !== 0 ? (bytes[SEQUENCE]! << 8) | bytes[SEQUENCE + 1]! : undefined,
    npdu: (flags & HAS_NPDU) !== 0 ? bytes[NPDU]! : undefined,
    extensions: NONE,
    length: (bytes[LENGTH]! << 8) | bytes[LENGTH + 1]!,
    octets: (flags & OPTIONAL_FIELDS) !== 0 ? FIRST_OCTETS + OPTIONAL_OCTETS : FIRST_OCTETS,
    spare: flags & SPARE,
  };
}

/** Walks the chain of extension headers (TS 29.281 §5.2); a broken chain leaves the rest to the elements' reader. */
function withExtensions(message: Draft, header: Gtpv1Header): Gtpv1Header {
  const { bytes } = message;
  if ((bytes[FLAGS]! & HAS_EXTENSION) === 0) return header;
  let extensions: readonly number[] = NONE;
  let next = bytes[NEXT_EXTENSION]!;
  let at = header.octets;
  while (next !== 0) {
    if (extensions.length === MAX_EXTENSION_HEADERS) {
      fault(message, "count", "extension headers", at, MAX_EXTENSION_HEADERS + 1, MAX_EXTENSION_HEADERS);
      break;
    }
    extensions = append(extensions, next);
    const octets = at < bytes.length ? bytes[at]! * 4 : 0;
    if (octets === 0 || at + octets > bytes.length) {
      fault(message, octets === 0 ? "value" : "length", "Extension Header Length", at, Math.max(4, octets), bytes.length - at);
      break;
    }
    next = bytes[at + octets - 1]!;
    at += octets;
  }
  return { ...header, extensions, octets: at };
}
