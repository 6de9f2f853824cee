/** Mobile identities: EPS mobile identity (TS 24.301 §9.9.3.12) and mobile identity (TS 24.008 §10.5.1.4). */
import { readPlmn } from "#decode/digits/plmn.ts";
import { readMobileIdentityDigits } from "#decode/digits/tbcd.ts";
import type { Guti } from "#model/mobility.ts";
import type { NasIdentityKind } from "./message.ts";

export interface MobileIdentity {
  readonly kind: NasIdentityKind;
  /** IMSI, IMEI, IMEISV. */
  readonly digits: string;
  readonly guti: Guti | undefined;
  /** TMSI, unsigned 32 bits. */
  readonly tmsi: number | undefined;
}

const GUTI_OCTETS = 11;
const TMSI_OCTETS = 5;

/** Type of identity, bits 1 to 3 of the first octet. The two elements number the equipment's identities differently. */
const EPS_KINDS: readonly (NasIdentityKind | undefined)[] = ["none", "imsi", undefined, "imei", undefined, undefined, "guti"];
const COMMON_KINDS: readonly (NasIdentityKind | undefined)[] = ["none", "imsi", "imei", "imeisv", "tmsi"];

/** Kind asked for by an Identity Request (TS 24.008 §10.5.5.9). */
export function requestedKind(identityType: number): NasIdentityKind | undefined {
  return COMMON_KINDS[identityType & 7];
}

export function readEpsMobileIdentity(bytes: Uint8Array, start: number, end: number): MobileIdentity | undefined {
  return read(bytes, start, end, EPS_KINDS);
}

export function readMobileIdentity(bytes: Uint8Array, start: number, end: number): MobileIdentity | undefined {
  return read(bytes, start, end, COMMON_KINDS);
}

/**
 *     octet 1   first digit or 1111 (bits 5–8), odd number of digits (bit 4), type (bits 1–3)
 *     octet 2…  further digits, low nibble first; or GUTI: PLMN 3, MME group id 2, MME code 1, M-TMSI 4; or TMSI 4
 */
function read(bytes: Uint8Array, start: number, end: number, kinds: readonly (NasIdentityKind | undefined)[]): MobileIdentity | undefined {
  if (start >= end) return undefined;
  const kind = kinds[bytes[start]! & 7];
  if (kind === undefined) return undefined;
  if (kind === "guti") return { kind, digits: "", guti: readGuti(bytes, start, end), tmsi: undefined };
  if (kind === "tmsi")
    return { kind, digits: "", guti: undefined, tmsi: end - start >= TMSI_OCTETS ? number32(bytes, start + 1) : undefined };
  if (kind === "none") return { kind, digits: "", guti: undefined, tmsi: undefined };
  return { kind, digits: readMobileIdentityDigits(bytes, start, end), guti: undefined, tmsi: undefined };
}

function readGuti(bytes: Uint8Array, start: number, end: number): Guti | undefined {
  if (end - start < GUTI_OCTETS) return undefined;
  return {
    plmn: readPlmn(bytes, start + 1),
    mmeGroupId: (bytes[start + 4]! << 8) | bytes[start + 5]!,
    mmeCode: bytes[start + 6]!,
    mTmsi: number32(bytes, start + 7),
  };
}

/** The caller has checked that four octets are there. */
export function number32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
