/** What the fields and elements of EMM and ESM messages mean, TS 24.301 §9.9.2 to §9.9.4. */
import { readIpv4 } from "#decode/digits/address.ts";
import { readApn } from "#decode/digits/apn.ts";
import { append, appendText } from "#decode/digits/identities.ts";
import { readPlmn } from "#decode/digits/plmn.ts";
import { readEpsMobileIdentity, readMobileIdentity, requestedKind, type MobileIdentity } from "./identity.ts";
import type { AlgorithmSet, NasEpsMessage } from "./message.ts";
import type { Structure } from "./structure.ts";
import { readTaiList } from "./tai-list.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A message being put together. */
export type Draft = Mutable<NasEpsMessage>;

/** Attach types and request types that are for emergencies (§9.9.3.11; TS 24.008 §10.5.6.17). */
const EMERGENCY_ATTACH = 6;
const EMERGENCY_REQUEST = 4;
const EMERGENCY_HANDOVER = 6;

const PDN_IPV4 = 1;
const PDN_IPV6 = 2;
const PDN_IPV4V6 = 3;
const INTERFACE_ID_OCTETS = 8;

export function readEmm(draft: Draft, bytes: Uint8Array, structure: Structure): void {
  for (const { name, start, end } of structure.fields) {
    const octet = bytes[start] ?? 0;
    switch (name) {
      case "attachType":
        draft.attachType = octet & 7;
        draft.emergency = draft.attachType === EMERGENCY_ATTACH;
        break;
      case "updateType":
        draft.updateType = octet & 7;
        break;
      case "detachType":
        draft.detachType = octet & 7;
        break;
      case "cause":
        draft.cause = octet;
        break;
      case "identityType":
        draft.requestedIdentity = requestedKind(octet);
        break;
      case "identity":
      case "guti":
        takeIdentity(draft, readEpsMobileIdentity(bytes, start, end));
        break;
      case "mobileIdentity":
      case "tmsi":
        takeIdentity(draft, readMobileIdentity(bytes, start, end));
        break;
      case "capability":
        draft.offered = algorithms(bytes, start, end);
        break;
      case "replayed":
        draft.replayed = algorithms(bytes, start, end);
        break;
      case "tais":
        draft.tais = readTaiList(bytes, start, end);
        break;
      case "algorithms":
        // Bits 5 to 7 ciphering, bits 1 to 3 integrity (§9.9.3.23).
        draft.selectedAlgorithms = { ciphering: (octet >> 4) & 7, integrity: octet & 7 };
        break;
    }
  }
  for (const { iei, value } of structure.elements) {
    switch (iei) {
      case 0x23: {
        // The IMEISV of a security mode complete; the TMSI that an attach accept gives for the circuit-switched domain names nobody here.
        const identity = readMobileIdentity(value, 0, value.length);
        if (identity?.kind !== "tmsi") takeIdentity(draft, identity);
        break;
      }
      case 0x50: {
        // Additional or new GUTI: the UE's main identity, where it has one, stands in the mandatory part.
        const identity = readEpsMobileIdentity(value, 0, value.length);
        draft.identity ??= identity?.kind;
        draft.guti ??= identity?.guti;
        break;
      }
      case 0x52:
        if (value.length === 5) draft.lastVisitedTai = { plmn: readPlmn(value, 0), tac: (value[3]! << 8) | value[4]! };
        break;
      case 0x53:
        draft.cause = value[0];
        break;
      case 0x54:
        draft.tais = readTaiList(value, 0, value.length);
        break;
      case 0x58:
        draft.offered = algorithms(value, 0, value.length);
        break;
      case 0xc0:
        // In a security mode command only; 1 asks for the IMEISV (TS 24.008 §10.5.5.10).
        if (draft.selectedAlgorithms !== undefined) draft.imeisvRequested = (value[0]! & 7) === 1;
        break;
    }
  }
}

export function readEsm(draft: Draft, bytes: Uint8Array, structure: Structure): void {
  for (const { name, start, end } of structure.fields) {
    const octet = bytes[start] ?? 0;
    switch (name) {
      case "cause":
        draft.cause = octet;
        break;
      case "requestAndPdnType": {
        const request = octet & 7;
        draft.emergency = request === EMERGENCY_REQUEST || request === EMERGENCY_HANDOVER;
        draft.pdnType = (octet >> 4) & 7;
        break;
      }
      case "linkedBearer":
        draft.linkedBearerId = octet & 0x0f;
        break;
      case "qos":
        if (end > start) draft.qci = octet;
        break;
      case "apn":
        takeApn(draft, bytes, start, end);
        break;
      case "pdnAddress":
        pdnAddress(draft, bytes, start, end);
        break;
    }
  }
  for (const { iei, value } of structure.elements) {
    if (iei === 0x28) takeApn(draft, value, 0, value.length);
    else if (iei === 0x27 || iei === 0x7b) draft.protocolConfiguration = value;
    else if (iei === 0x58) draft.cause = value[0];
    else if (iei === 0x5b && value.length > 0) draft.qci = value[0];
  }
}

function takeApn(draft: Draft, bytes: Uint8Array, start: number, end: number): void {
  const apn = readApn(bytes, start, end);
  if (apn !== "") draft.apn = append(draft.apn, apn);
}

/** Octet 1: PDN type (bits 1–3); then IPv4 address 4, or IPv6 interface identifier 8, or the latter and then the former (§9.9.4.9). */
function pdnAddress(draft: Draft, bytes: Uint8Array, start: number, end: number): void {
  if (start >= end) return;
  const type = bytes[start]! & 7;
  draft.pdnType = type;
  let at = start + 1;
  if (type === PDN_IPV6 || type === PDN_IPV4V6) {
    if (at + INTERFACE_ID_OCTETS > end) return;
    draft.interfaceId = Array.from(bytes.subarray(at, at + INTERFACE_ID_OCTETS), (octet) => octet.toString(16).padStart(2, "0")).join("");
    at += INTERFACE_ID_OCTETS;
  }
  if ((type === PDN_IPV4 || type === PDN_IPV4V6) && at + 4 <= end) draft.ueAddresses = append(draft.ueAddresses, readIpv4(bytes, at));
}

/** UE network capability (§9.9.3.34) and UE security capability (§9.9.3.36): octet 1 EEA0 … EEA7, octet 2 EIA0 … EIA7. */
function algorithms(bytes: Uint8Array, start: number, end: number): AlgorithmSet | undefined {
  return end - start < 2 ? undefined : { eea: bytes[start]!, eia: bytes[start + 1]! };
}

function takeIdentity(draft: Draft, identity: MobileIdentity | undefined): void {
  if (identity === undefined) return;
  draft.identity = identity.kind;
  draft.guti = identity.guti ?? draft.guti;
  draft.mTmsi = identity.tmsi;
  if (identity.digits === "") return;
  if (identity.kind === "imsi") draft.imsi = appendText(draft.imsi, identity.digits);
  else draft.imei = appendText(draft.imei, identity.digits);
}
