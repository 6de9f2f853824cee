// Protocol configuration options, 3GPP TS 24.008 §10.5.6.3; extended (ePCO) TS 24.301 §9.9.4.26; IPCP RFC 1332, RFC 1877.
import { readIpv4, readIpv6 } from "./address.ts";

/** An address that the options name: `P-CSCF`, `DNS`, … */
export interface PcoAddress {
  readonly what: string;
  readonly address: string;
}

/** Containers read at most: an honest list has below thirty. */
const MAX_CONTAINERS = 64;

/** Container ids whose contents are one address, network to UE (§10.5.6.3). */
const ADDRESS_CONTAINERS: Readonly<Record<number, string>> = {
  0x0001: "P-CSCF",
  0x0003: "DNS",
  0x0007: "DSMIPv6 home agent",
  0x0009: "DSMIPv6 home agent",
  0x000c: "P-CSCF",
  0x000d: "DNS",
};
const IPCP = 0x8021;
/** Containers whose length field has two octets, in ePCO only. */
const LONG_CONTAINERS = new Set([0x0023, 0x0024, 0x0030, 0x0031, 0x0032]);
const IPCP_OPTIONS: Readonly<Record<number, string>> = { 3: "IPCP address", 129: "DNS", 130: "NBNS", 131: "DNS", 132: "NBNS" };

/**
 * Layout: 1 octet configuration protocol, then { 2 octets id, 1 octet length (2 for some in ePCO), contents } …
 *
 * Reads the options in octets `start` … `end`-1. Stops silently where a length leaves the element: the addresses
 * read until then stand, and the element itself is listed by the message that carries it.
 */
export function readPcoAddresses(bytes: Uint8Array, start: number, end: number, extended: boolean): readonly PcoAddress[] {
  const found: PcoAddress[] = [];
  let at = start + 1;
  for (let count = 0; count < MAX_CONTAINERS && at + 3 <= end; count++) {
    const id = (bytes[at]! << 8) | bytes[at + 1]!;
    let length = bytes[at + 2]!;
    at += 3;
    if (extended && LONG_CONTAINERS.has(id)) {
      if (at >= end) break;
      length = (length << 8) | bytes[at]!;
      at++;
    }
    if (at + length > end) break;
    const what = ADDRESS_CONTAINERS[id];
    if (what !== undefined && length === 4) found.push({ what, address: readIpv4(bytes, at) });
    else if (what !== undefined && length === 16) found.push({ what, address: readIpv6(bytes, at) });
    else if (id === IPCP) readIpcp(bytes, at, at + length, found);
    at += length;
  }
  return found;
}

/** Layout: code 1, identifier 1, length 2, then options { type 1, length 1 with these two octets, value } … */
function readIpcp(bytes: Uint8Array, start: number, end: number, found: PcoAddress[]): void {
  let at = start + 4;
  while (at + 2 <= end) {
    const type = bytes[at]!;
    const length = bytes[at + 1]!;
    if (length < 2 || at + length > end) return;
    const what = IPCP_OPTIONS[type];
    if (what !== undefined && length === 6) {
      const address = readIpv4(bytes, at + 2);
      if (address !== "0.0.0.0") found.push({ what, address });
    }
    at += length;
  }
}
