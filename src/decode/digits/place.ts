// Places: area and cell identities, 3GPP TS 23.003 §4.1 (LAI, RAI), §4.3 (CGI), §12.5 (SAI), §19.4.2.3 (TAI), §19.6 (ECGI).
import { readPlmn } from "./plmn.ts";

/** Tracking area: TAC 16 bits in EPS, 24 bits in 5GS. */
export interface Tai {
  readonly plmn: string;
  readonly tac: number;
}

/** E-UTRAN cell: 28 bits; the eNB id is the upper 20 (macro), 18 or 21 of them. */
export interface Ecgi {
  readonly plmn: string;
  readonly eci: number;
}

/** NR cell: 36 bits, exact in a double. */
export interface Ncgi {
  readonly plmn: string;
  readonly nci: number;
}

export interface Lai {
  readonly plmn: string;
  readonly lac: number;
}

/** Cell (GERAN) or service area (UTRAN): PLMN, location area, 16-bit cell identity or service area code. */
export interface Cgi {
  readonly plmn: string;
  readonly lac: number;
  readonly ci: number;
}

export interface Rai {
  readonly plmn: string;
  readonly lac: number;
  readonly rac: number;
}

/** PLMN 3, TAC 2. The caller has checked that five octets are there. */
export function readTai(bytes: Uint8Array, at: number): Tai {
  return { plmn: readPlmn(bytes, at), tac: u16(bytes, at + 3) };
}

/** PLMN 3, TAC 3 (5GS). The caller has checked that six octets are there. */
export function readTai5gs(bytes: Uint8Array, at: number): Tai {
  return { plmn: readPlmn(bytes, at), tac: (u16(bytes, at + 3) << 8) | (bytes[at + 5] ?? 0) };
}

/** PLMN 3, four spare bits, ECI 28 bits. The caller has checked that seven octets are there. */
export function readEcgi(bytes: Uint8Array, at: number): Ecgi {
  return { plmn: readPlmn(bytes, at), eci: ((u16(bytes, at + 3) & 0x0fff) << 16) | u16(bytes, at + 5) };
}

/** PLMN 3, four spare bits, NCI 36 bits. The caller has checked that eight octets are there. */
export function readNcgi(bytes: Uint8Array, at: number): Ncgi {
  const high = (bytes[at + 3] ?? 0) & 0x0f;
  return { plmn: readPlmn(bytes, at), nci: high * 2 ** 32 + u16(bytes, at + 4) * 2 ** 16 + u16(bytes, at + 6) };
}

/** PLMN 3, LAC 2. The caller has checked that five octets are there. */
export function readLai(bytes: Uint8Array, at: number): Lai {
  return { plmn: readPlmn(bytes, at), lac: u16(bytes, at + 3) };
}

/** PLMN 3, LAC 2, CI or SAC 2. The caller has checked that seven octets are there. */
export function readCgi(bytes: Uint8Array, at: number): Cgi {
  return { plmn: readPlmn(bytes, at), lac: u16(bytes, at + 3), ci: u16(bytes, at + 5) };
}

/** PLMN 3, LAC 2, RAC 1. The caller has checked that six octets are there. */
export function readRai(bytes: Uint8Array, at: number): Rai {
  return { plmn: readPlmn(bytes, at), lac: u16(bytes, at + 3), rac: bytes[at + 5] ?? 0 };
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
