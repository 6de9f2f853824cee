// A GTPv2-C message under construction, and what the readers of its elements share.
import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import { append, NONE } from "#decode/digits/identities.ts";
import { readTbcd } from "#decode/digits/tbcd.ts";
import type { Fault, FaultCode } from "#model/fault.ts";
import { limits } from "./limits.ts";
import type { BearerContext, Gtpv2Header, Gtpv2Ie, Gtpv2Message, PdnConnection } from "./message.ts";
import { ieName, messageName } from "./names.ts";
import { viewElements } from "./views.ts";

type Fields = { -readonly [K in keyof Gtpv2Message]: Gtpv2Message[K] };

/** A message under construction. A class, because its views of elements are made only where somebody asks for them: a third of the time, and they are asked for of echoes alone. */
export class Draft implements Fields {
  readonly protocol = "gtpv2";
  readonly type: number;
  readonly name: string;
  imsi: Fields["imsi"] = NONE;
  msisdn: Fields["msisdn"] = NONE;
  imei: Fields["imei"] = NONE;
  teids: Fields["teids"] = NONE;
  ueAddresses: Fields["ueAddresses"] = NONE;
  apn: Fields["apn"] = NONE;
  inner: Fields["inner"] = NONE;
  faults: Fields["faults"] = NONE;
  readonly header: Gtpv2Header;
  readonly bytes: Uint8Array;
  trailingOctets = 0;
  readonly uncoveredOctets: number;
  readonly uncovered: Uint8Array | undefined;
  cause: Fields["cause"] = undefined;
  recovery: Fields["recovery"] = undefined;
  fteids: Fields["fteids"] = NONE;
  bearers: Fields["bearers"] = NONE;
  pdnConnections: Fields["pdnConnections"] = NONE;
  ebis: Fields["ebis"] = NONE;
  userLocation: Fields["userLocation"] = undefined;
  servingNetwork: Fields["servingNetwork"] = undefined;
  ratType: Fields["ratType"] = undefined;
  pdnType: Fields["pdnType"] = undefined;
  guti: Fields["guti"] = undefined;
  tmsi: Fields["tmsi"] = undefined;
  pTmsi: Fields["pTmsi"] = undefined;
  indications: Fields["indications"] = NONE;
  completeRequest: Fields["completeRequest"] = undefined;
  containers: Fields["containers"] = NONE;
  traces: Fields["traces"] = NONE;
  traceReferences: Fields["traceReferences"] = NONE;
  mdt: Fields["mdt"] = NONE;
  mmContexts: Fields["mmContexts"] = NONE;
  privateExtensions: Fields["privateExtensions"] = NONE;
  otherAddresses: Fields["otherAddresses"] = NONE;
  nodeNames: Fields["nodeNames"] = NONE;

  constructor(bytes: Uint8Array, type: number, header: Gtpv2Header, uncoveredOctets: number, uncovered: Uint8Array | undefined) {
    this.type = type;
    this.name = messageName(type);
    this.header = header;
    this.bytes = bytes;
    this.uncoveredOctets = uncoveredOctets;
    this.uncovered = uncovered;
  }

  get ies(): readonly Gtpv2Ie[] {
    return viewElements(this.bytes, this.header.octets, this.bytes.length);
  }
}

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
