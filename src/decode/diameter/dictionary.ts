/**
 * Diameter AVPs: code, name and type as the documents named in the two tables define them. Vendor 0 is the IETF, 10415 is 3GPP.
 * An AVP that is not listed keeps its number and is a string of octets.
 */

import { TGPP } from "./avps-3gpp.ts";
import { IETF } from "./avps-ietf.ts";

export type AvpType =
  | "octets"
  | "utf8"
  | "identity"
  | "uri"
  | "u32"
  | "i32"
  | "u64"
  | "i64"
  | "enum"
  | "time"
  | "address"
  | "rule"
  | "grouped"
  /** Four octets of an IPv4 address; reserved octet, prefix length and prefix; both RFC 4005 (7155) §4.4.10.5. */
  | "ipv4"
  | "prefix";

export interface AvpDefinition {
  readonly code: number;
  readonly vendor: number;
  readonly name: string;
  readonly type: AvpType;
}

export const VENDOR_3GPP = 10_415;

// Marks of the tables: o octets, s UTF8String, d DiameterIdentity, r DiameterURI, u Unsigned32, i Integer32, U Unsigned64,
// I Integer64, e Enumerated, t Time, a Address, f IPFilterRule, G Grouped, 4 IPv4 octets, 6 IPv6 prefix.
const MARKS: Readonly<Record<string, AvpType>> = {
  o: "octets",
  s: "utf8",
  d: "identity",
  r: "uri",
  u: "u32",
  i: "i32",
  U: "u64",
  I: "i64",
  e: "enum",
  t: "time",
  a: "address",
  f: "rule",
  G: "grouped",
  "4": "ipv4",
  "6": "prefix",
};

function table(vendor: number, text: string): AvpDefinition[] {
  const rows: AvpDefinition[] = [];
  for (const line of text.split("\n")) {
    const [code, mark, name] = line.split(" ");
    const type = MARKS[mark ?? ""];
    // Lines that begin with no number name the document of the lines after them.
    if (name !== undefined && type !== undefined && /^\d+$/.test(code as string)) rows.push({ code: Number(code), vendor, name, type });
  }
  return rows;
}

const key = (vendor: number, code: number): number => vendor * 2 ** 32 + code;

const DEFINITIONS: ReadonlyMap<number, AvpDefinition> = new Map(
  [...table(0, IETF), ...table(VENDOR_3GPP, TGPP)].map((d) => [key(d.vendor, d.code), d]),
);

/** What an AVP is; undefined where this table does not know it. `vendor` is 0 without the V bit. */
export function avpDefinition(vendor: number, code: number): AvpDefinition | undefined {
  return DEFINITIONS.get(key(vendor, code));
}
