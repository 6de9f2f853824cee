// Information elements of GTP′, 3GPP TS 32.295 §6.2 (table 6.2.1a), and of GTPv0, TS 09.60 §7.9 (table 36).
import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import { readApn } from "#decode/digits/apn.ts";
import { append, appendText, isUnspecified } from "#decode/digits/identities.ts";
import { readTbcd } from "#decode/digits/tbcd.ts";
import type { Fault, FaultCode } from "#model/fault.ts";
import type { GtpPrimeIe, GtpPrimeMessage } from "./message.ts";
import { ieName } from "./names.ts";

/** Limits against hostile counts (docs/limits.md). */
export const limits = {
  /** Elements of one message. */
  elements: 4096,
  /** Octets of a digit string that are read. */
  digitOctets: 16,
};

export type Draft = { -readonly [K in keyof GtpPrimeMessage]: GtpPrimeMessage[K] };

/** Element types at and above this one carry a length of two octets. */
const FIRST_TLV = 128;

/** Octets of the values of elements without a length field, 0 where the type is not defined (TS 09.60 table 36). */
const TV_OCTETS = new Uint8Array(FIRST_TLV);
for (const [type, octets] of [
  [1, 1],
  [2, 8],
  [3, 6],
  [4, 4],
  [5, 4],
  [6, 3],
  [8, 1],
  [9, 28],
  [11, 1],
  [12, 3],
  [13, 1],
  [14, 1],
  [15, 1],
  [16, 2],
  [17, 2],
  [18, 3],
  [19, 1],
  [126, 1],
  [127, 4],
] as const) {
  TV_OCTETS[type] = octets;
}

/** Elements in octets `from` … `to`-1 of the message: views returned, meaning put into `message`. */
export function readElements(message: Draft, from: number, to: number): readonly GtpPrimeIe[] {
  const { bytes } = message;
  const ies: GtpPrimeIe[] = [];
  let at = from;
  while (at < to) {
    const type = bytes[at]!;
    let start = at + 1;
    let length: number;
    if (type < FIRST_TLV) {
      length = TV_OCTETS[type]!;
      if (length === 0) {
        fault(message, "value", `IE ${type}`, at, -1, type);
        break;
      }
    } else {
      if (start + 2 > to) {
        fault(message, "short", ieName(type), at, 3, to - at);
        break;
      }
      length = (bytes[start]! << 8) | bytes[start + 1]!;
      start += 2;
    }
    if (start + length > to) {
      fault(message, "length", ieName(type), at, length, to - start);
      break;
    }
    if (ies.length === limits.elements) {
      fault(message, "count", "information elements", at, limits.elements + 1, limits.elements);
      break;
    }
    readElement(message, type, start, start + length);
    ies.push({ type, start, length });
    at = start + length;
  }
  message.trailingOctets = to - at;
  return ies;
}

function readElement(message: Draft, type: number, start: number, end: number): void {
  const { bytes } = message;
  const length = end - start;
  switch (type) {
    case 1:
      message.cause ??= bytes[start]!;
      return;
    case 2:
      message.imsi = appendText(message.imsi, readTbcd(bytes, start, end));
      return;
    case 14:
      message.recovery ??= bytes[start]!;
      return;
    case 126:
      message.transferCommand ??= bytes[start]!;
      return;
    case 128: {
      // End User Address, TS 09.60 §7.9.18: organisation 4 bits, type 1, address
      if (length < 3 || (bytes[start]! & 0x0f) !== 1) return;
      const address = readAddress(bytes, start + 2, length - 2);
      if (address !== undefined && !isUnspecified(address)) message.ueAddresses = appendText(message.ueAddresses, address);
      return;
    }
    case 131:
      message.apn = appendText(message.apn, readApn(bytes, start, end));
      return;
    case 134: // MSISDN: nature and plan of the number 1, digits
      if (length > 0) message.msisdn = appendText(message.msisdn, readTbcd(bytes, start + 1, Math.min(end, start + limits.digitOctets)));
      return;
    case 133:
    case 251:
    case 254: {
      const address = readAddress(bytes, start, length);
      if (address !== undefined) message.nodeAddresses = appendText(message.nodeAddresses, address);
      else fault(message, "value", ieName(type), start, 4, length);
      return;
    }
    case 252: // Data Record Packet, TS 32.295 §6.2.4.5.3
      if (length > 0) message.records ??= { count: bytes[start]!, octets: Math.max(0, length - 4) };
      return;
    case 255:
      message.privateExtensions = append(message.privateExtensions, {
        enterprise: length >= 2 ? (bytes[start]! << 8) | bytes[start + 1]! : undefined,
        start: start + Math.min(2, length),
        length: Math.max(0, length - 2),
      });
      return;
    default:
      return;
  }
}

function readAddress(bytes: Uint8Array, start: number, length: number): string | undefined {
  if (length === 4) return readIpv4(bytes, start);
  if (length === 16) return readIpv6(bytes, start);
  return undefined;
}

export function fault(message: Draft, code: FaultCode, field: string, offset: number, needed: number, had: number): void {
  const value: Fault = { layer: "gtp-prime", code, field, offset, needed, had };
  message.faults = append(message.faults, value);
}
