/**
 * ETSI TS 103 221-2 (read to V1.10.1): the X2/X3 PDU. Clause 5.1 layout, 5.2 mandatory header fields, 5.3 conditional
 * attributes, 5.4 payload formats, 6 keepalives. Any major version 0 with minor ≥ 1 is read: the header has not
 * changed since; versions are kept in the message.
 */
import { carriedContent } from "#decode/carried/content.ts";
import { noFacts, readPayload } from "#decode/carried/payload.ts";
import type { Fault } from "#model/fault.ts";
import type { CarriedContent, Probe, ProductKind, X2x3Message } from "#model/interception.ts";
import { identityLists } from "#model/target.ts";
import { attributesFit, hex, readAttributes, uint32, uuidText } from "./attributes.ts";
import { X2X3_LIMITS } from "./limits.ts";

/** Offsets of clause 5.1, from the start of the PDU. */
const Off = {
  MAJOR: 0,
  MINOR: 1,
  TYPE: 2,
  HEADER_LENGTH: 4,
  PAYLOAD_LENGTH: 8,
  FORMAT: 12,
  DIRECTION: 14,
  XID: 16,
  CORRELATION: 32,
  ATTRIBUTES: 40,
} as const;

/** Octets of the mandatory header. */
export const FIXED_HEADER = Off.ATTRIBUTES;

export const PduType = { X2: 1, X3: 2, KEEPALIVE: 3, KEEPALIVE_ACK: 4 } as const;

/** Payload formats, clause 5.4 table 8. */
export const Format = {
  KEEPALIVE: 0,
  TS_102_232_1: 1,
  TS_33_128: 2,
  TS_33_108: 3,
  PROPRIETARY: 4,
  IPV4: 5,
  IPV6: 6,
  ETHERNET: 7,
  RTP: 8,
  SIP: 9,
  DHCP: 10,
  RADIUS: 11,
  GTP_U: 12,
  MSRP: 13,
  EPS_IRI: 14,
  MIME: 15,
  UNSTRUCTURED: 16,
} as const;

/** Formats beyond those known are accepted up to here while a stream is being recognised. */
const HIGHEST_FORMAT = 31;
/** Payload directions, clause 5.2.6: 0 reserved for keepalive … 5 not applicable. */
const HIGHEST_DIRECTION = 5;

const CONTENT_KIND: Readonly<Record<number, CarriedContent["kind"]>> = {
  [Format.IPV4]: "ipv4",
  [Format.IPV6]: "ipv6",
  [Format.ETHERNET]: "ethernet",
  [Format.RTP]: "rtp",
  [Format.SIP]: "sip",
  [Format.GTP_U]: "gtp-u",
  [Format.MSRP]: "msrp",
};

/** Formats whose payload is a record of another interface, in BER. */
const RECORDS: ReadonlySet<number> = new Set([Format.TS_102_232_1, Format.TS_33_128, Format.TS_33_108, Format.EPS_IRI]);

const TOWARDS: readonly X2x3Message["towards"][] = ["unknown", "unknown", "to-target", "from-target", "both", "unknown"];

/** Whole length of the PDU whose mandatory header was found plausible. */
export function pduLength(bytes: Uint8Array, at: number): number {
  return uint32(bytes, at + Off.HEADER_LENGTH) + uint32(bytes, at + Off.PAYLOAD_LENGTH);
}

/**
 * Whether a PDU can start at `at`: `no` as soon as one octet contradicts, `more` while those at hand agree, `yes`
 * when the mandatory header and all attributes at hand agree.
 * ```
 * 0 major 1 | 1 minor 1 | 2 PDU type 2 | 4 header length 4 | 8 payload length 4 | 12 payload format 2 | 14 direction 2
 * 16 XID 16 | 32 correlation id 8 | 40 attributes: type 2, length 2, value | payload
 * ```
 */
export function probeHeader(bytes: Uint8Array, at: number, end: number): Probe {
  const had = end - at;
  if (had <= 0) return "more";
  if (bytes[at + Off.MAJOR] !== 0) return "no";
  if (had > 1 && bytes[at + Off.MINOR] === 0) return "no";
  if (had > 2 && bytes[at + Off.TYPE] !== 0) return "no";
  if (had > 3 && ((bytes[at + 3] as number) < PduType.X2 || (bytes[at + 3] as number) > PduType.KEEPALIVE_ACK)) return "no";
  if (had > 4 && bytes[at + Off.HEADER_LENGTH] !== 0) return "no";
  if (had < Off.XID) return "more";
  const type = bytes[at + 3] as number;
  const headerLength = uint32(bytes, at + Off.HEADER_LENGTH);
  const payloadLength = uint32(bytes, at + Off.PAYLOAD_LENGTH);
  const format = ((bytes[at + Off.FORMAT] as number) << 8) | (bytes[at + Off.FORMAT + 1] as number);
  const direction = ((bytes[at + Off.DIRECTION] as number) << 8) | (bytes[at + Off.DIRECTION + 1] as number);
  if (headerLength < FIXED_HEADER || headerLength > X2X3_LIMITS.headerOctets) return "no";
  if (payloadLength > X2X3_LIMITS.payloadOctets) return "no";
  if (format > HIGHEST_FORMAT || direction > HIGHEST_DIRECTION) return "no";
  if (type >= PduType.KEEPALIVE && (payloadLength !== 0 || format !== Format.KEEPALIVE)) return "no";
  if (type < PduType.KEEPALIVE && (payloadLength === 0 || format === Format.KEEPALIVE)) return "no";
  if (had < headerLength) return "more";
  if (type < PduType.KEEPALIVE && isNil(bytes, at + Off.XID, at + Off.CORRELATION)) return "no";
  if (!attributesFit(bytes, at + Off.ATTRIBUTES, at + headerLength)) return "no";
  return payloadAgrees(bytes, at + headerLength, end, format, payloadLength);
}

/** Product belongs to a task, so its XID cannot be the nil UUID. */
function isNil(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i += 1) if (bytes[i] !== 0) return false;
  return true;
}

/** An IP payload states its own length; anything that contradicts it is no IP payload. */
function payloadAgrees(bytes: Uint8Array, at: number, end: number, format: number, length: number): Probe {
  if (format === Format.IPV4) {
    if (length < 20) return "no";
    if (at + 4 > end) return "more";
    if ((bytes[at] as number) >> 4 !== 4) return "no";
  } else if (format === Format.IPV6) {
    if (length < 40) return "no";
    if (at + 6 > end) return "more";
    if ((bytes[at] as number) >> 4 !== 6) return "no";
  }
  return "yes";
}

/**
 * One PDU at `start`, whose header `probeHeader` found plausible; `end` is the end of what is there. A payload that
 * is not all there gives the fault `incomplete`. `carries` says what else the connection carries, for keepalives,
 * which belong to X2 and X3 alike.
 */
export function readPdu(bytes: Uint8Array, start: number, end: number, carries: "x2" | "x3" | undefined): X2x3Message {
  const type = ((bytes[start + Off.TYPE] as number) << 8) | (bytes[start + Off.TYPE + 1] as number);
  const headerLength = uint32(bytes, start + Off.HEADER_LENGTH);
  const payloadLength = uint32(bytes, start + Off.PAYLOAD_LENGTH);
  const payloadFormat = ((bytes[start + Off.FORMAT] as number) << 8) | (bytes[start + Off.FORMAT + 1] as number);
  const payloadDirection = ((bytes[start + Off.DIRECTION] as number) << 8) | (bytes[start + Off.DIRECTION + 1] as number);
  const headerEnd = Math.min(end, start + headerLength);
  const a = readAttributes(bytes, start + Off.ATTRIBUTES, headerEnd, start);
  const faults: Fault[] = [];
  if (a.badLength !== undefined) {
    const { type: number, offset, length } = a.badLength;
    faults.push({ layer: "x2x3", code: "length", field: `attribute ${number}`, offset, needed: -1, had: length });
  }
  const had = end - start;
  const needed = headerLength + payloadLength;
  if (had < needed) faults.push({ layer: "x2x3", code: "incomplete", field: "payload", offset: headerLength, needed, had });
  const product: ProductKind = type === PduType.X2 ? "iri" : type === PduType.X3 ? "cc" : "keepalive";
  const held = Math.max(0, Math.min(payloadLength, had - headerLength));
  const kind = CONTENT_KIND[payloadFormat] ?? "other";
  const body = start + headerLength;
  const inside = RECORDS.has(payloadFormat) ? readPayload(bytes, body, body + held, start, product === "cc") : noFacts();
  const matched = [...a.matched, ...inside.targets];
  const carried = held === 0 ? [] : [carriedContent(kind, bytes, body, body + held, start)];
  return {
    protocol: type === PduType.X2 ? "x2" : type === PduType.X3 ? "x3" : (carries ?? "x2"),
    type,
    name: NAMES[type] ?? `PDU type ${type}`,
    ...identityLists(matched),
    teids: [],
    ueAddresses: matched.filter((t) => t.kind === "ip" && !t.value.includes("/")).map((t) => t.value),
    apn: [],
    inner: [],
    faults,
    product,
    xid: product === "keepalive" ? undefined : uuidText(bytes, start + Off.XID),
    additionalXids: a.additionalXids,
    liid: undefined,
    productTime: a.productTime,
    sequence: a.sequence,
    targets: matched,
    otherTargets: [...a.others, ...inside.others],
    towards: TOWARDS[payloadDirection] ?? "unknown",
    contents: inside.contents.length > 0 ? inside.contents : carried,
    holdsLocation: inside.location,
    majorVersion: bytes[start + Off.MAJOR] as number,
    minorVersion: bytes[start + Off.MINOR] as number,
    headerLength,
    payloadLength,
    payloadFormat,
    payloadDirection,
    correlationId: hex(bytes, start + Off.CORRELATION, start + Off.ATTRIBUTES),
    domainId: a.domainId,
    nfId: a.nfId,
    interceptionPointId: a.interceptionPointId,
    srcAddress: a.srcAddress,
    dstAddress: a.dstAddress,
    srcPort: a.srcPort,
    dstPort: a.dstPort,
    ipProtocol: a.ipProtocol,
    attributes: a.all,
  };
}

const NAMES: Readonly<Record<number, string>> = {
  [PduType.X2]: "X2 PDU",
  [PduType.X3]: "X3 PDU",
  [PduType.KEEPALIVE]: "Keepalive",
  [PduType.KEEPALIVE_ACK]: "Keepalive acknowledgement",
};
