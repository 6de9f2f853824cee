// GTPv2-C, 3GPP TS 29.274 (Release 17, later elements named): header §5.1, piggybacking §5.5.1, elements §8.
// UDP 2123. Messages in `names.ts`, elements in `elements.ts`, what comes out in `message.ts`.
import { NONE } from "#decode/digits/identities.ts";
import { behind, ownCopy } from "#decode/digits/own-copy.ts";
import type { Fault } from "#model/fault.ts";
import { Draft, type Walk } from "./draft.ts";
import { readElements } from "./elements.ts";
import { limits } from "./limits.ts";
import type { Gtpv2Datagram, Gtpv2Header, Gtpv2Message } from "./message.ts";
import { MESSAGE_NAMES } from "./names.ts";

/**
 * Header: octet 1 = version 3 bits, P, T, MP, spare 2; message type 1; length 2 (octets after the first four);
 * TEID 4 where T; sequence 3; message priority 4 bits and spare 4 bits where MP, else spare 8.
 */
const FLAGS = 0;
const TYPE = 1;
const LENGTH = 2;
const TEID = 4;
const FIRST_OCTETS = 4;
const VERSION = 2;
const PIGGYBACKED = 0x10;
const HAS_TEID = 0x08;
const HAS_PRIORITY = 0x04;
const SPARE = 0x03;

/** Piggybacked messages of one datagram: the specification knows two, each with a header of its own. */
const MAX_MESSAGES = 16;

/**
 * Messages in octets `start` … `end`-1, which are one UDP payload. `missing`: octets of the datagram that the capture
 * cut off; a message that runs into them is decoded as far as it goes, with fault `cut`.
 *
 * A message whose length field contradicts the datagram is left out and stands in `faults`. Octets after the last
 * message do not hinder it: they are counted in its `uncoveredOctets`, with fault `length`.
 */
export function decodeGtpv2(bytes: Uint8Array, start: number, end: number, missing = 0): Gtpv2Datagram {
  const messages: Gtpv2Message[] = [];
  let at = start;
  for (;;) {
    const problem = checkHeader(bytes, at, end, missing, at - start);
    if (problem !== undefined) return { messages, faults: [problem] };
    const total = FIRST_OCTETS + ((bytes[at + LENGTH]! << 8) | bytes[at + LENGTH + 1]!);
    const messageEnd = at + total;
    const cut = messageEnd > end;
    const piggybacked = (bytes[at + FLAGS]! & PIGGYBACKED) !== 0;
    const last = cut || !piggybacked || messageEnd >= end || messages.length + 1 === MAX_MESSAGES;
    const uncovered = last && !cut ? end - messageEnd + missing : 0;
    messages.push(readMessage(ownCopy(bytes, at, cut ? end : messageEnd), total, uncovered, behind(bytes, messageEnd, end, uncovered)));
    if (last) return { messages, faults: NONE };
    at = messageEnd;
  }
}

/** True where the payload is GTPv2-C by structure: known type, and lengths that fill the datagram exactly. */
export function looksLikeGtpv2(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  for (let count = 0; count < MAX_MESSAGES; count++) {
    if (checkHeader(bytes, at, end, 0, 0) !== undefined) return false;
    if (MESSAGE_NAMES[bytes[at + TYPE]!] === undefined) return false;
    const next = at + FIRST_OCTETS + ((bytes[at + LENGTH]! << 8) | bytes[at + LENGTH + 1]!);
    if (next === end) return true;
    if ((bytes[at + FLAGS]! & PIGGYBACKED) === 0) return false;
    at = next;
  }
  return false;
}

/** Why there is no message at `at`, or undefined; `offset` is where the fault is said to be. */
function checkHeader(bytes: Uint8Array, at: number, end: number, missing: number, offset: number): Fault | undefined {
  const had = end - at;
  if (had < FIRST_OCTETS) return { layer: "gtpv2", code: missing > 0 ? "cut" : "short", field: "header", offset, needed: 8, had };
  const flags = bytes[at + FLAGS]!;
  if (flags >>> 5 !== VERSION) return { layer: "gtpv2", code: "version", field: "Version", offset, needed: VERSION, had: flags >>> 5 };
  const header = (flags & HAS_TEID) !== 0 ? 12 : 8;
  const total = FIRST_OCTETS + ((bytes[at + LENGTH]! << 8) | bytes[at + LENGTH + 1]!);
  if (total < header || total > had + missing) {
    return {
      layer: "gtpv2",
      code: "length",
      field: "Length",
      offset: offset + LENGTH,
      needed: total < header ? header : total,
      had: had + missing,
    };
  }
  if (had < header) return { layer: "gtpv2", code: "cut", field: "header", offset, needed: header, had };
  return undefined;
}

/** `bytes` is the message's own copy, at least a whole header; `total` its length as the header states it. */
function readMessage(bytes: Uint8Array, total: number, uncoveredOctets: number, uncovered: Uint8Array | undefined): Gtpv2Message {
  const header = readHeader(bytes);
  const message = new Draft(bytes, bytes[TYPE]!, header, uncoveredOctets, uncovered);
  const walk: Walk = { message, budget: limits.elements, bearer: undefined, pdn: undefined };
  readElements(walk, header.octets, bytes.length, 0);
  if (bytes.length < total)
    addFault(message, { layer: "gtpv2", code: "cut", field: "message", offset: 0, needed: total, had: bytes.length });
  if (uncoveredOctets > 0) {
    addFault(message, { layer: "gtpv2", code: "length", field: "Length", offset: LENGTH, needed: total, had: total + uncoveredOctets });
  }
  return message;
}

function addFault(message: Draft, fault: Fault): void {
  message.faults = [...message.faults, fault];
}

function readHeader(bytes: Uint8Array): Gtpv2Header {
  const flags = bytes[FLAGS]!;
  const hasTeid = (flags & HAS_TEID) !== 0;
  const at = hasTeid ? TEID + 4 : TEID;
  const lastOctet = bytes[at + 3]!;
  const hasPriority = (flags & HAS_PRIORITY) !== 0;
  return {
    piggybacked: (flags & PIGGYBACKED) !== 0,
    teid: hasTeid ? ((bytes[TEID]! << 24) | (bytes[TEID + 1]! << 16) | (bytes[TEID + 2]! << 8) | bytes[TEID + 3]!) >>> 0 : undefined,
    sequence: (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!,
    priority: hasPriority ? lastOctet >>> 4 : undefined,
    length: (bytes[LENGTH]! << 8) | bytes[LENGTH + 1]!,
    octets: at + 4,
    spare: (flags & SPARE) | (hasPriority ? lastOctet & 0x0f : lastOctet),
  };
}
