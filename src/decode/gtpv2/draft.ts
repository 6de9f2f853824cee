// A GTPv2-C message under construction, and what the readers of its elements share.
import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import { append } from "#decode/digits/identities.ts";
import { readTbcd } from "#decode/digits/tbcd.ts";
import type { Fault, FaultCode } from "#model/fault.ts";
import type { BearerContext, Gtpv2Message, PdnConnection } from "./message.ts";
import { ieName } from "./names.ts";

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
export type BearerDraft = { -readonly [K in keyof BearerContext]: BearerContext[K] };
export type PdnDraft = { -readonly [K in keyof PdnConnection]: PdnConnection[K] };

/** What a walk needs to know: the message under construction, and the group that the element stands in. */
export interface Walk {
  readonly message: Draft;
  /** Elements that may still be read. */
  budget: number;
  bearer: BearerDraft | undefined;
  pdn: PdnDraft | undefined;
}

export function readDigits(bytes: Uint8Array, start: number, end: number): string {
  return readTbcd(bytes, start, Math.min(end, start + limits.digitOctets));
}

export function readAddress(bytes: Uint8Array, start: number, length: number): string | undefined {
  if (length === 4) return readIpv4(bytes, start);
  if (length === 16) return readIpv6(bytes, start);
  return undefined;
}

/** True where the element has the octets; else a fault is noted. */
export function holds(message: Draft, type: number, start: number, length: number, needed: number): boolean {
  if (length >= needed) return true;
  fault(message, "short", ieName(type), start, needed, length);
  return false;
}

export function fault(message: Draft, code: FaultCode, field: string, offset: number, needed: number, had: number): void {
  // One fault an element at most, and elements are bounded: so is this list.
  const value: Fault = { layer: "gtpv2", code, field, offset, needed, had };
  message.faults = append(message.faults, value);
}

export function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
