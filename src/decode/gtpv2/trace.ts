// Trace activation, 3GPP TS 29.274 §8.31 (Trace Information) and §8.136 (Extended Trace Information); TS 32.422 §5.
import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import { readHex } from "#decode/digits/hex.ts";
import { readTraceReference } from "#decode/digits/trace.ts";
import type { TraceInformation } from "./message.ts";

const REFERENCE_OCTETS = 6;
const EVENTS_OCTETS = 9;
const NE_TYPES_OCTETS = 2;
const INTERFACES_OCTETS = 12;

/** Octets of Trace Information before the collector's address. */
const FIXED_OCTETS = REFERENCE_OCTETS + EVENTS_OCTETS + NE_TYPES_OCTETS + 1 + INTERFACES_OCTETS;

/**
 * IE 96. Layout: PLMN 3, trace id 3, triggering events 9, NE types 2, session trace depth 1, interfaces 12,
 * address of the trace collection entity 4 or 16.
 *
 * Undefined where even the reference is not there; fields that are cut off are undefined or "".
 */
export function readTraceInformation(bytes: Uint8Array, start: number, end: number): TraceInformation | undefined {
  if (end - start < REFERENCE_OCTETS) return undefined;
  const events = start + REFERENCE_OCTETS;
  const neTypes = events + EVENTS_OCTETS;
  const depth = neTypes + NE_TYPES_OCTETS;
  const interfaces = depth + 1;
  return {
    reference: readTraceReference(bytes, start),
    extended: false,
    depth: depth < end ? bytes[depth]! : undefined,
    collector: readCollector(bytes, start + FIXED_OCTETS, end),
    triggeringEvents: readHex(bytes, events, Math.min(neTypes, end)),
    neTypes: readHex(bytes, neTypes, Math.min(depth, end)),
    interfaces: readHex(bytes, interfaces, Math.min(interfaces + INTERFACES_OCTETS, end)),
  };
}

/**
 * IE 205. Layout: PLMN 3, trace id 3, then with one length octet each: triggering events, NE types; session trace
 * depth 1; again with a length octet: interfaces, address of the trace collection entity.
 */
export function readExtendedTraceInformation(bytes: Uint8Array, start: number, end: number): TraceInformation | undefined {
  if (end - start < REFERENCE_OCTETS) return undefined;
  const events = listAt(bytes, start + REFERENCE_OCTETS, end);
  const neTypes = listAt(bytes, events.end, end);
  const depth = neTypes.end;
  const interfaces = listAt(bytes, depth + 1, end);
  const collector = listAt(bytes, interfaces.end, end);
  return {
    reference: readTraceReference(bytes, start),
    extended: true,
    depth: depth < end ? bytes[depth]! : undefined,
    collector: readCollector(bytes, collector.start, collector.end),
    triggeringEvents: readHex(bytes, events.start, events.end),
    neTypes: readHex(bytes, neTypes.start, neTypes.end),
    interfaces: readHex(bytes, interfaces.start, interfaces.end),
  };
}

function listAt(bytes: Uint8Array, at: number, end: number): { start: number; end: number } {
  if (at >= end) return { start: end, end };
  const start = at + 1;
  return { start, end: Math.min(start + bytes[at]!, end) };
}

function readCollector(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start === 4) return readIpv4(bytes, start);
  if (end - start === 16) return readIpv6(bytes, start);
  return undefined;
}
