// A GTPv1 message under construction, and what its readers share.
import { append } from "#decode/digits/identities.ts";
import type { Fault, FaultCode } from "#model/fault.ts";
import type { Gtpv1Message } from "./message.ts";
import { ieName } from "./names.ts";

export type Draft = { -readonly [K in keyof Gtpv1Message]: Gtpv1Message[K] };

/** True where the element has the octets; else a fault is noted. */
export function holds(message: Draft, type: number, start: number, length: number, needed: number): boolean {
  if (length >= needed) return true;
  fault(message, "short", ieName(type), start, needed, length);
  return false;
}

export function fault(message: Draft, code: FaultCode, field: string, offset: number, needed: number, had: number): void {
  const value: Fault = { layer: "gtpv1", code, field, offset, needed, had };
  message.faults = append(message.faults, value);
}

export function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
