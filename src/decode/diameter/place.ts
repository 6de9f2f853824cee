import { readEcgi, readTai } from "#decode/digits/place.ts";
import type { Ecgi, Tai } from "#model/mobility.ts";
import { type Avp, avpU32, findAvp } from "./avp.ts";
import { VENDOR_3GPP } from "./dictionary.ts";
import type { DiameterLocation } from "./message.ts";

const ECGI = 1602;
const TAI = 1603;
const CELL_GLOBAL_IDENTITY = 1604;
const SERVICE_AREA_IDENTITY = 1607;
const GEOGRAPHICAL = 1608;
const GEODETIC = 1609;
const CURRENT_LOCATION_RETRIEVED = 1610;
const AGE_OF_LOCATION = 1611;

/** Cell: PLMN 3, four spare bits, ECI 28 bits (TS 29.272 §7.3.117). */
export function avpEcgi(bytes: Uint8Array, avp: Avp | undefined): Ecgi | undefined {
  return avp !== undefined && avp.length === 7 ? readEcgi(bytes, avp.start) : undefined;
}

/** Tracking area: PLMN 3, TAC 2 (TS 29.272 §7.3.118). */
export function avpTai(bytes: Uint8Array, avp: Avp | undefined): Tai | undefined {
  return avp !== undefined && avp.length === 5 ? readTai(bytes, avp.start) : undefined;
}

/** MME-Location-Information (§7.3.115) or SGSN-Location-Information (§7.3.116). */
export function readLocation(bytes: Uint8Array, group: Avp, source: "mme" | "sgsn"): DiameterLocation {
  const has = (code: number): boolean => findAvp(group.children, code, VENDOR_3GPP) !== undefined;
  let area = false;
  for (let code = CELL_GLOBAL_IDENTITY; code <= SERVICE_AREA_IDENTITY; code++) area ||= has(code);
  return {
    source,
    ecgi: avpEcgi(bytes, findAvp(group.children, ECGI, VENDOR_3GPP)),
    tai: avpTai(bytes, findAvp(group.children, TAI, VENDOR_3GPP)),
    area,
    coordinates: has(GEOGRAPHICAL) || has(GEODETIC),
    current: has(CURRENT_LOCATION_RETRIEVED),
    ageMinutes: avpU32(bytes, findAvp(group.children, AGE_OF_LOCATION, VENDOR_3GPP)),
  };
}

const ULI_TAI = 128;
const ULI_ECGI = 129;
const ULI_BOTH = 130;

/** 3GPP-User-Location-Info (TS 29.061 §16.4.7.2): type 128 TAI, 129 ECGI, 130 TAI and ECGI; 2G and 3G types name no EPS cell. */
export function readUserLocation(bytes: Uint8Array, avp: Avp): { readonly ecgi: Ecgi | undefined; readonly tai: Tai | undefined } {
  const type = avp.length > 0 ? bytes[avp.start] : -1;
  const at = avp.start + 1;
  const octets = avp.length - 1;
  if (type === ULI_TAI && octets >= 5) return { tai: readTai(bytes, at), ecgi: undefined };
  if (type === ULI_ECGI && octets >= 7) return { tai: undefined, ecgi: readEcgi(bytes, at) };
  if (type === ULI_BOTH && octets >= 12) return { tai: readTai(bytes, at), ecgi: readEcgi(bytes, at + 5) };
  return { tai: undefined, ecgi: undefined };
}
