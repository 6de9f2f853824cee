/**
 * ETSI TS 103 221-2 clause 5.3: conditional attributes of the X2/X3 PDU header.
 */
import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import type { TargetIdentifier } from "#model/interception.ts";
import { foldBareTarget, foldTarget } from "#model/target.ts";
import type { Instant } from "#model/time.ts";
import { X2X3_LIMITS } from "./limits.ts";

/** Attribute types, table 6 of clause 5.3.1. */
export const Attribute = {
  TS_102_232_1: 1,
  TS_33_128: 2,
  TS_33_108: 3,
  PROPRIETARY: 4,
  DOMAIN_ID: 5,
  NF_ID: 6,
  INTERCEPTION_POINT_ID: 7,
  SEQUENCE_NUMBER: 8,
  TIMESTAMP: 9,
  SOURCE_IPV4: 10,
  DESTINATION_IPV4: 11,
  SOURCE_IPV6: 12,
  DESTINATION_IPV6: 13,
  SOURCE_PORT: 14,
  DESTINATION_PORT: 15,
  IP_PROTOCOL: 16,
  MATCHED_TARGET: 17,
  OTHER_TARGET: 18,
  MIME_CONTENT_TYPE: 19,
  MIME_CONTENT_ENCODING: 20,
  ADDITIONAL_XID: 21,
  SDP: 22,
} as const;

/** Value lengths that the specification fixes; an attribute of another length is kept by number, not read. */
const FIXED_LENGTH: Readonly<Record<number, number>> = {
  [Attribute.SEQUENCE_NUMBER]: 4,
  [Attribute.TIMESTAMP]: 8,
  [Attribute.SOURCE_IPV4]: 4,
  [Attribute.DESTINATION_IPV4]: 4,
  [Attribute.SOURCE_IPV6]: 16,
  [Attribute.DESTINATION_IPV6]: 16,
  [Attribute.SOURCE_PORT]: 2,
  [Attribute.DESTINATION_PORT]: 2,
  [Attribute.IP_PROTOCOL]: 1,
  [Attribute.ADDITIONAL_XID]: 16,
};

export interface AttributeValues {
  domainId?: string;
  nfId?: string;
  interceptionPointId?: string;
  sequence?: number;
  productTime?: Instant;
  srcAddress?: string;
  dstAddress?: string;
  srcPort?: number;
  dstPort?: number;
  ipProtocol?: number;
  readonly matched: TargetIdentifier[];
  readonly others: TargetIdentifier[];
  readonly additionalXids: string[];
  readonly all: { type: number; offset: number; length: number }[];
  /** Type and offset of the first attribute whose length its type does not allow. */
  badLength?: { type: number; offset: number; length: number };
}

/**
 * Whether octets `from` … `to`-1 are whole attributes, one after the other.
 * ```
 * type 2 | length 2 | value
 * ```
 */
export function attributesFit(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  for (let n = 0; at < to; n += 1) {
    if (n >= X2X3_LIMITS.attributes || at + 4 > to) return false;
    const length = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    at += 4 + length;
  }
  return at === to;
}

/** Reads the attributes between `from` and `to`; `base` is where the PDU starts. What does not fit ends the reading. */
export function readAttributes(bytes: Uint8Array, from: number, to: number, base: number): AttributeValues {
  const out: AttributeValues = { matched: [], others: [], additionalXids: [], all: [] };
  let at = from;
  while (at + 4 <= to && out.all.length < X2X3_LIMITS.attributes) {
    const type = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    const length = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    const value = at + 4;
    if (value + length > to) break;
    out.all.push({ type, offset: value - base, length });
    const fixed = FIXED_LENGTH[type];
    if (fixed === undefined || fixed === length) readOne(out, bytes, type, value, value + length);
    else out.badLength ??= { type, offset: value - base, length };
    at = value + length;
  }
  return out;
}

function readOne(out: AttributeValues, bytes: Uint8Array, type: number, at: number, end: number): void {
  switch (type) {
    case Attribute.DOMAIN_ID:
      out.domainId = text(bytes, at, end);
      break;
    case Attribute.NF_ID:
      out.nfId = text(bytes, at, end);
      break;
    case Attribute.INTERCEPTION_POINT_ID:
      out.interceptionPointId = text(bytes, at, end);
      break;
    case Attribute.SEQUENCE_NUMBER:
      out.sequence = uint32(bytes, at);
      break;
    case Attribute.TIMESTAMP: {
      // 5.3.10: seconds since the epoch and nanoseconds, as POSIX.1 timespec has them.
      const nsec = uint32(bytes, at + 4);
      if (nsec < 1_000_000_000) out.productTime = { sec: uint32(bytes, at), nsec };
      break;
    }
    case Attribute.SOURCE_IPV4:
      out.srcAddress = readIpv4(bytes, at);
      break;
    case Attribute.DESTINATION_IPV4:
      out.dstAddress = readIpv4(bytes, at);
      break;
    case Attribute.SOURCE_IPV6:
      out.srcAddress = readIpv6(bytes, at);
      break;
    case Attribute.DESTINATION_IPV6:
      out.dstAddress = readIpv6(bytes, at);
      break;
    case Attribute.SOURCE_PORT:
      out.srcPort = uint32(bytes, at - 2) & 0xffff;
      break;
    case Attribute.DESTINATION_PORT:
      out.dstPort = uint32(bytes, at - 2) & 0xffff;
      break;
    case Attribute.IP_PROTOCOL:
      out.ipProtocol = bytes[at] as number;
      break;
    case Attribute.MATCHED_TARGET:
      readTargets(out.matched, bytes, at, end);
      break;
    case Attribute.OTHER_TARGET:
      readTargets(out.others, bytes, at, end);
      break;
    case Attribute.ADDITIONAL_XID:
      if (out.additionalXids.length < X2X3_LIMITS.xids) out.additionalXids.push(uuidText(bytes, at));
      break;
    default:
      break;
  }
}

/**
 * 5.3.18: the value is an XML fragment with one target identifier of TS 103 221-1; senders in the field also give
 * the bare value. Only leaf elements count, so a wrapping `targetIdentifier` does not matter.
 */
function readTargets(into: TargetIdentifier[], bytes: Uint8Array, at: number, end: number): void {
  const fragment = text(bytes, at, Math.min(end, at + X2X3_LIMITS.targetOctets));
  if (!fragment.includes("<")) {
    if (fragment !== "" && into.length < X2X3_LIMITS.targets) into.push(foldBareTarget(fragment));
    return;
  }
  // Linear: each `<` is looked at once.
  let open = fragment.indexOf("<");
  while (open >= 0 && into.length < X2X3_LIMITS.targets) {
    const close = fragment.indexOf(">", open);
    if (close < 0) return;
    const next = fragment.indexOf("<", close);
    const tag = fragment.slice(open + 1, close);
    if (!tag.startsWith("/") && !tag.startsWith("?") && !tag.startsWith("!") && next >= 0 && fragment[next + 1] === "/") {
      const name = (tag.split(/[\s/]/, 1)[0] as string).replace(/^.*:/, "");
      const value = unescapeXml(fragment.slice(close + 1, next));
      if (value.trim() !== "") into.push(foldTarget(name, value));
    }
    open = next;
  }
}

function unescapeXml(s: string): string {
  return s.includes("&")
    ? s.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&apos;", "'").replaceAll("&amp;", "&")
    : s;
}

/** Printable ASCII as it is, other octets as `.`: enough for identifiers, and nothing hidden reaches a terminal. */
function text(bytes: Uint8Array, at: number, end: number): string {
  let s = "";
  for (let i = at; i < end; i += 1) {
    const c = bytes[i] as number;
    s += c >= 0x20 && c < 0x7f ? String.fromCharCode(c) : ".";
  }
  return s;
}

export function uint32(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) * 0x1000000 + (((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number))
  );
}

/** RFC 9562 §4 text form, lower case. */
export function uuidText(bytes: Uint8Array, at: number): string {
  const h = hex(bytes, at, at + 16);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

export function hex(bytes: Uint8Array, at: number, end: number): string {
  let s = "";
  for (let i = at; i < end; i += 1) s += (bytes[i] as number).toString(16).padStart(2, "0");
  return s;
}
