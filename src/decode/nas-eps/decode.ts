// NAS of EPS, 3GPP TS 24.301 release 17: security protected messages §9.1 to §9.3, EMM messages §8.2, ESM messages §8.3.
// Carried in the NAS-PDU of S1AP (TS 36.413 §9.2.3.5).
import { append, NONE } from "#decode/digits/identities.ts";
import type { Fault } from "#model/fault.ts";
import { readEmm, readEsm, type Draft } from "./contents.ts";
import { number32 } from "./identity.ts";
import { DETACH_BY_NETWORK, EMM_ELEMENTS, EMM_MESSAGES, ESM_ELEMENTS, ESM_MESSAGES, type MessageLayout } from "./layout.ts";
import type { NasEpsMessage } from "./message.ts";
import { splitMessage, type Structure } from "./structure.ts";

/** Protocol discriminators, bits 1 to 4 of the first octet (TS 24.007 §11.2.3.1.1). */
const EMM = 7;
const ESM = 2;
const TEST_CONTROL = 15;

/** Security header types, bits 5 to 8 of the first octet (TS 24.301 §9.3.1). */
const PLAIN = 0;
const CIPHERED = 2;
const CIPHERED_NEW_CONTEXT = 4;
const PARTIALLY_CIPHERED = 5;
const SERVICE_REQUEST = 12;

/** Security header, message authentication code and sequence number. */
const PROTECTED_HEADER_OCTETS = 6;
const EMM_HEADER_OCTETS = 2;
const ESM_HEADER_OCTETS = 3;
const SERVICE_REQUEST_TYPE = 77;

/** EMM holds ESM, a security mode complete holds the first request once more with its own ESM. */
const MAX_DEPTH = 4;

export interface NasOptions {
  /** Which way the PDU goes, where that is known: a detach request looks different each way. */
  readonly direction?: "uplink" | "downlink";
  /** Ciphering algorithm of the session, where it is known: 0 reads "ciphered" messages as they are, others never. */
  readonly ciphering?: number;
}

/**
 * Decodes `bytes[start, end)` as one NAS PDU; never throws, never fails: what cannot be read is a message with a fault.
 *
 *     plain EMM   octet 1 = 0x07, octet 2 = message type, …
 *     plain ESM   octet 1 = bearer identity | 2, octet 2 = transaction identity, octet 3 = message type, …
 *     protected   octet 1 = security header | 7, MAC 4, sequence number 1, plain message (possibly ciphered)
 *     service     octet 1 = 0xc7, key set and sequence number 1, short MAC 2
 *
 * Ciphered messages: EEA0 leaves them readable though marked ciphered. Without `ciphering`, one is read where its octets are a
 * message of TS 24.301 to the last octet, made of elements that document knows.
 */
export function decodeNasEps(bytes: Uint8Array, start: number, end: number, options: NasOptions = {}): NasEpsMessage {
  return decode(bytes, start, end, options, 0);
}

function decode(bytes: Uint8Array, start: number, end: number, options: NasOptions, depth: number): NasEpsMessage {
  if (start >= end) return unreadable("EMM", "other", PLAIN, short("protocol discriminator", 0, 1, 0));
  const first = bytes[start]!;
  const discriminator = first & 0x0f;
  const header = first >> 4;
  if (discriminator !== EMM || header === PLAIN) return decodePlain(bytes, start, end, start, PLAIN, options, depth);
  if (header >= SERVICE_REQUEST) return serviceRequest(bytes, start, end, header);

  const inner = start + PROTECTED_HEADER_OCTETS;
  if (inner >= end) {
    return unreadable(
      "Security protected NAS message",
      "other",
      header,
      short("message authentication code", 0, PROTECTED_HEADER_OCTETS + 1, end - start),
    );
  }
  const ciphered = header === CIPHERED || header === CIPHERED_NEW_CONTEXT;
  const hidden = ciphered && !readsAsPlain(bytes, inner, end, options);
  const draft = hidden
    ? unreadable("Ciphered NAS message", "other", header, undefined)
    : decodePlain(bytes, inner, end, start, header, options, depth);
  if (hidden) draft.ciphered = true;
  draft.mac = number32(bytes, start + 1);
  draft.sequence = bytes[start + 5]!;
  return draft;
}

function decodePlain(
  bytes: Uint8Array,
  start: number,
  end: number,
  base: number,
  header: number,
  options: NasOptions,
  depth: number,
): Draft {
  const draft = newDraft(header);
  const discriminator = bytes[start]! & 0x0f;
  const isEsm = discriminator === ESM;
  const headerOctets = isEsm ? ESM_HEADER_OCTETS : EMM_HEADER_OCTETS;
  draft.layer = isEsm ? "esm" : discriminator === EMM ? "emm" : "other";
  if (start + headerOctets > end) {
    draft.faults = append(draft.faults, short("message type", start - base, headerOctets, end - start));
    return draft;
  }
  draft.type = bytes[start + headerOctets - 1]!;
  if (draft.layer === "other") {
    draft.name = discriminator === TEST_CONTROL ? "Test control" : `Protocol discriminator ${discriminator}`;
    if (discriminator !== TEST_CONTROL) {
      draft.type = undefined;
      draft.faults = append(draft.faults, {
        layer: "nas-eps",
        code: "value",
        field: "protocol discriminator",
        offset: start - base,
        needed: EMM,
        had: discriminator,
      });
    }
    return draft;
  }
  const layout = layoutOf(bytes, start, end, options);
  draft.name = layout?.name ?? `#${draft.type}`;
  if (isEsm) {
    draft.bearerId = bytes[start]! >> 4;
    draft.transactionId = bytes[start + 1]!;
  }
  if (layout === undefined) {
    draft.faults = append(draft.faults, {
      layer: "nas-eps",
      code: "value",
      field: "message type",
      offset: start - base + headerOctets - 1,
      needed: -1,
      had: draft.type,
    });
    return draft;
  }
  const structure = splitMessage(bytes, start + headerOctets, end, base, layout, isEsm ? ESM_ELEMENTS : EMM_ELEMENTS);
  if (structure.fault !== undefined) draft.faults = append(draft.faults, structure.fault);
  draft.elements = structure.elements;
  if (isEsm) readEsm(draft, bytes, structure);
  else {
    readEmm(draft, bytes, structure);
    if (depth < MAX_DEPTH) containers(draft, bytes, structure, header, options, depth);
  }
  return draft;
}

/** ESM message containers (§9.9.3.15), and the request that a security mode complete repeats (§9.9.3.51). */
function containers(draft: Draft, bytes: Uint8Array, structure: Structure, header: number, options: NasOptions, depth: number): void {
  for (const field of structure.fields) {
    if (field.name === "esm" && field.end > field.start)
      draft.inner = append(draft.inner, decode(bytes, field.start, field.end, options, depth + 1));
  }
  for (const { iei, value } of structure.elements) {
    if ((iei !== 0x78 && iei !== 0x79) || value.length === 0) continue;
    // In a partially ciphered message the container is the ciphered part.
    const hidden = header === PARTIALLY_CIPHERED && iei === 0x78 && !readsAsPlain(value, 0, value.length, options);
    if (!hidden) draft.inner = append(draft.inner, decode(value, 0, value.length, options, depth + 1));
  }
}

function layoutOf(bytes: Uint8Array, start: number, end: number, options: NasOptions): MessageLayout | undefined {
  if ((bytes[start]! & 0x0f) === ESM) return ESM_MESSAGES.get(bytes[start + 2]!);
  const type = bytes[start + 1]!;
  if (type === 69 && detachComesFromNetwork(bytes, start, end, options)) return DETACH_BY_NETWORK;
  return EMM_MESSAGES.get(type);
}

/** Only the UE's detach request has an identity, whose length octet then leads to the very end. */
function detachComesFromNetwork(bytes: Uint8Array, start: number, end: number, options: NasOptions): boolean {
  if (options.direction !== undefined) return options.direction === "downlink";
  const length = start + 3;
  return length >= end || length + 1 + bytes[length]! !== end;
}

/** Whether octets marked as ciphered are to be read as a plain message. */
function readsAsPlain(bytes: Uint8Array, start: number, end: number, options: NasOptions): boolean {
  if (options.ciphering !== undefined) return options.ciphering === 0;
  const first = bytes[start]!;
  const isEsm = (first & 0x0f) === ESM;
  // Bearer identities 1 to 4 are not in use (TS 24.007 §11.2.3.1.5).
  const plausible = first === EMM || first === TEST_CONTROL || (isEsm && (first >> 4 === 0 || first >> 4 >= 5));
  const headerOctets = isEsm ? ESM_HEADER_OCTETS : EMM_HEADER_OCTETS;
  if (!plausible || start + headerOctets > end) return false;
  // Test control, TS 36.509 §6: activate, deactivate, close and open loop and their answers lie from 0x80 on.
  if (first === TEST_CONTROL) return bytes[start + 1]! >= 0x80 && bytes[start + 1]! <= 0x9f;
  const layout = layoutOf(bytes, start, end, options);
  if (layout === undefined) return false;
  const names = isEsm ? ESM_ELEMENTS : EMM_ELEMENTS;
  const structure = splitMessage(bytes, start + headerOctets, end, start, layout, names);
  return structure.fault === undefined && structure.elements.every(({ iei }) => names[iei] !== undefined);
}

/** Service request, §8.2.25: no type octet; `contract.md` counts it as type 77. */
function serviceRequest(bytes: Uint8Array, start: number, end: number, header: number): NasEpsMessage {
  const draft = newDraft(header);
  draft.layer = "emm";
  draft.type = SERVICE_REQUEST_TYPE;
  draft.name = "Service request";
  if (start + 4 > end)
    draft.faults = append(draft.faults, short("message authentication code (short)", 2, 2, Math.max(0, end - start - 2)));
  else {
    draft.sequence = bytes[start + 1]! & 0x1f;
    draft.mac = (bytes[start + 2]! << 8) | bytes[start + 3]!;
  }
  return draft;
}

function unreadable(name: string, layer: NasEpsMessage["layer"], header: number, fault: Fault | undefined): Draft {
  const draft = newDraft(header);
  draft.name = name;
  draft.layer = layer;
  if (fault !== undefined) draft.faults = append(draft.faults, fault);
  return draft;
}

function short(field: string, offset: number, needed: number, had: number): Fault {
  return { layer: "nas-eps", code: "short", field, offset, needed, had };
}

function newDraft(securityHeader: number): Draft {
  return {
    protocol: "nas-eps",
    type: undefined,
    name: "",
    imsi: NONE,
    msisdn: NONE,
    imei: NONE,
    teids: NONE,
    ueAddresses: NONE,
    apn: NONE,
    inner: NONE,
    faults: NONE,
    layer: "other",
    securityHeader,
    mac: undefined,
    sequence: undefined,
    elements: NONE,
    bearerId: undefined,
    transactionId: undefined,
    linkedBearerId: undefined,
    cause: undefined,
    attachType: undefined,
    updateType: undefined,
    detachType: undefined,
    emergency: false,
    requestedIdentity: undefined,
    identity: undefined,
    guti: undefined,
    mTmsi: undefined,
    tais: NONE,
    lastVisitedTai: undefined,
    selectedAlgorithms: undefined,
    offered: undefined,
    replayed: undefined,
    imeisvRequested: false,
    pdnType: undefined,
    interfaceId: undefined,
    qci: undefined,
    protocolConfiguration: undefined,
  };
}
