// Information elements of PFCP, 3GPP TS 29.244 §8.1.1 (format), table 8.1.2-1 (which are grouped).
import { append, NONE } from "#decode/digits/identities.ts";
import type { Fault, FaultCode } from "#model/fault.ts";
import type { PfcpIe, PfcpMessage } from "./message.ts";
import { ieName } from "./names.ts";

/** Limits against hostile nesting and counts (docs/limits.md). */
export const limits = {
  /** Grouped IEs inside one another; the specification needs four (Create PDR, PDI, Ethernet Packet Filter, …). */
  depth: 8,
  /** Elements of one message; an establishment with a hundred rules has about two thousand. */
  elements: 8192,
  /** Octets of a name or rule text that are read. */
  textOctets: 1024,
  /** Octets of a digit string that are read. */
  digitOctets: 16,
};

export type Draft = { -readonly [K in keyof PfcpMessage]: PfcpMessage[K] };

/** Offsets within an element's header: type 2, length 2; vendor IEs (type 32768 and above) go on with enterprise 2. */
const IE_TYPE = 0;
const IE_LENGTH = 2;
const IE_HEADER = 4;
const VENDOR_TYPE = 0x8000;
const ENTERPRISE_OCTETS = 2;

// Table 8.1.2-1, the entries that are "grouped" or "extendable, see clause 7".
const GROUPED = new Uint8Array(VENDOR_TYPE);
for (const type of [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 51, 54, 58, 59, 68, 77, 78, 79, 80, 83, 85, 86, 87, 99, 102, 105, 118, 127,
  128, 129, 130, 132, 143, 147, 165, 166, 167, 168, 169, 175, 176, 183, 187, 188, 189, 190, 195, 199, 200, 201, 203, 205, 211, 212, 213,
  214, 216, 218, 220, 221, 225, 226, 227, 233, 238, 239, 240, 242, 247, 252, 255, 256, 261, 263, 264, 267, 270, 271, 272, 273, 276, 277,
  279, 290, 295, 300, 301, 302, 303, 304, 310, 311, 315, 316,
]) {
  GROUPED[type] = 1;
}

export interface Walk {
  readonly message: Draft;
  /** Elements that may still be read. */
  budget: number;
}

/**
 * The tree of elements in octets `from` … `to`-1. Stops at the first element whose length leaves its container;
 * `message.trailingOctets` counts what stays unread at the top level.
 */
export function readElements(walk: Walk, from: number, to: number, depth: number): readonly PfcpIe[] {
  const { message } = walk;
  const { bytes } = message;
  const ies: PfcpIe[] = [];
  let at = from;
  while (at < to) {
    if (to - at < IE_HEADER) {
      fault(message, "short", "IE header", at, IE_HEADER, to - at);
      break;
    }
    const type = (bytes[at + IE_TYPE]! << 8) | bytes[at + IE_TYPE + 1]!;
    const length = (bytes[at + IE_LENGTH]! << 8) | bytes[at + IE_LENGTH + 1]!;
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
    if (type >= VENDOR_TYPE) {
      ies.push(readVendorElement(message, type, start, length));
    } else {
      let children: readonly PfcpIe[] = NONE;
      if (GROUPED[type] === 1) {
        if (depth + 1 < limits.depth) children = readElements(walk, start, end, depth + 1);
        else fault(message, "depth", ieName(type), start, depth + 1, limits.depth);
      }
      ies.push({ type, enterprise: undefined, start, length, children });
    }
    at = end;
  }
  if (depth === 0) message.trailingOctets = to - at;
  return ies;
}

function readVendorElement(message: Draft, type: number, start: number, length: number): PfcpIe {
  const { bytes } = message;
  const named = length >= ENTERPRISE_OCTETS;
  if (!named) fault(message, "short", ieName(type), start, ENTERPRISE_OCTETS, length);
  const ie: PfcpIe = {
    type,
    enterprise: named ? (bytes[start]! << 8) | bytes[start + 1]! : undefined,
    start: named ? start + ENTERPRISE_OCTETS : start,
    length: named ? length - ENTERPRISE_OCTETS : length,
    children: NONE,
  };
  message.vendorIes = append(message.vendorIes, ie);
  return ie;
}

/** True where the element has the octets; else a fault is noted. */
export function holds(message: Draft, ie: PfcpIe, needed: number): boolean {
  if (ie.length >= needed) return true;
  fault(message, "short", ieName(ie.type), ie.start, needed, ie.length);
  return false;
}

export function fault(message: Draft, code: FaultCode, field: string, offset: number, needed: number, had: number): void {
  const value: Fault = { layer: "pfcp", code, field, offset, needed, had };
  message.faults = append(message.faults, value);
}

/** First child of that type. */
export function childOf(ies: readonly PfcpIe[], type: number): PfcpIe | undefined {
  for (const ie of ies) if (ie.type === type) return ie;
  return undefined;
}
