// Information elements of GTPv1-C, 3GPP TS 29.060 §7.7 (table 37), and of GTP-U signalling, TS 29.281 §8.
import { readApn, readText } from "#decode/digits/apn.ts";
import { readHex } from "#decode/digits/hex.ts";
import { append, appendText, appendTunnelEnd } from "#decode/digits/identities.ts";
import { readPcoAddresses } from "#decode/digits/pco.ts";
import { readCgi, readRai } from "#decode/digits/place.ts";
import { readTbcd } from "#decode/digits/tbcd.ts";
import { readAddress, readPdpAddress } from "./address.ts";
import { type Draft, fault, holds, u32 } from "./draft.ts";
import type { Gtpv1Ie, Gtpv1Trace } from "./message.ts";
import { ieName } from "./names.ts";
import { readPdpContext } from "./pdp-context.ts";

/** Limits against hostile counts (docs/limits.md). */
export const limits = {
  /** Elements of one message. */
  elements: 4096,
  /** Octets of a digit string that are read. */
  digitOctets: 16,
  /** Octets of a name that are read. */
  nameOctets: 255,
};

type TraceDraft = { -readonly [K in keyof Gtpv1Trace]: Gtpv1Trace[K] };

/** Element types at and above this one carry a length of two octets (one for Extension Header Type List). */
const FIRST_TLV = 128;
const EXTENSION_HEADER_TYPE_LIST = 141;

/** Octets of the values of elements without a length field (table 37), 0 where the type is not defined. */
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
  [16, 4],
  [17, 4],
  [18, 5],
  [19, 1],
  [20, 1],
  [21, 1],
  [22, 9],
  [23, 1],
  [24, 1],
  [25, 2],
  [26, 2],
  [27, 2],
  [28, 2],
  [29, 1],
  [126, 1],
  [127, 4],
] as const) {
  TV_OCTETS[type] = octets;
}

/** Elements in octets `from` … `to`-1 of the message: views returned, meaning put into `message`. */
export function readElements(message: Draft, from: number, to: number): readonly Gtpv1Ie[] {
  const { bytes } = message;
  const ies: Gtpv1Ie[] = [];
  let at = from;
  while (at < to) {
    const type = bytes[at]!;
    let start = at + 1;
    let length: number;
    if (type < FIRST_TLV) {
      length = TV_OCTETS[type]!;
      if (length === 0) {
        // Without a length nothing behind it can be found (TS 29.060 §11.1.5 has the receiver stop here too).
        fault(message, "value", `IE ${type}`, at, -1, type);
        break;
      }
    } else {
      const lengthOctets = type === EXTENSION_HEADER_TYPE_LIST ? 1 : 2;
      if (start + lengthOctets > to) {
        fault(message, "short", ieName(type), at, 1 + lengthOctets, to - at);
        break;
      }
      length = lengthOctets === 1 ? bytes[start]! : (bytes[start]! << 8) | bytes[start + 1]!;
      start += lengthOctets;
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
  pairTeids(message);
  return ies;
}

function readElement(message: Draft, type: number, start: number, end: number): void {
  const { bytes } = message;
  const length = end - start;
  switch (type) {
    case 1: // Cause, §7.7.1
      message.cause ??= bytes[start]!;
      return;
    case 2: // IMSI, §7.7.2
      message.imsi = appendText(message.imsi, readTbcd(bytes, start, end));
      return;
    case 3: // RAI, §7.7.3
      message.rai ??= readRai(bytes, start);
      return;
    case 14: // Recovery, §7.7.11
      message.recovery ??= bytes[start]!;
      return;
    case 16: // TEID Data I, §7.7.13
    case 17: // TEID Control Plane, §7.7.14
      message.teidElements = append(message.teidElements, { ie: type, nsapi: undefined, teid: u32(bytes, start) });
      return;
    case 18: // TEID Data II, §7.7.15: NSAPI 4 bits, TEID 4
      message.teidElements = append(message.teidElements, { ie: type, nsapi: bytes[start]! & 0x0f, teid: u32(bytes, start + 1) });
      return;
    case 20: // NSAPI, §7.7.17
      message.nsapis = append(message.nsapis, bytes[start]! & 0x0f);
      return;
    case 27: // Trace Reference, §7.7.24
      trace(message).reference = (bytes[start]! << 8) | bytes[start + 1]!;
      return;
    case 28: // Trace Type, §7.7.25
      trace(message).traceType = (bytes[start]! << 8) | bytes[start + 1]!;
      return;
    case 128: // End User Address, §7.7.27
      readEndUserAddress(message, start, end);
      return;
    case 130: // PDP Context, §7.7.29
      readPdpContext(message, start, end);
      return;
    case 131: // APN, §7.7.30
      message.apn = appendText(message.apn, readApn(bytes, start, end));
      return;
    case 132: // PCO, §7.7.31
      for (const { what, address } of readPcoAddresses(bytes, start, end, false)) {
        message.otherAddresses = append(message.otherAddresses, { ie: type, what, address });
      }
      return;
    case 133: {
      // GSN Address, §7.7.32
      const address = readAddress(bytes, start, length);
      if (address !== undefined) message.gsnAddresses = append(message.gsnAddresses, address);
      else fault(message, "value", ieName(type), start, 4, length);
      return;
    }
    case 134: // MSISDN, §7.7.33: nature and plan of the number 1 (TS 29.002 ISDN-AddressString), digits
      if (holds(message, type, start, length, 1)) {
        message.msisdn = appendText(message.msisdn, readTbcd(bytes, start + 1, Math.min(end, start + limits.digitOctets)));
      }
      return;
    case 140: // RAB Setup Information, §7.7.39: NSAPI 4 bits, TEID 4, RNC address
    case 146: // Additional RAB Setup Information, §7.7.45A
      readRabSetup(message, type, start, end);
      return;
    case 142: // Trigger Id, §7.7.41
      trace(message).triggerId = readText(bytes, start, Math.min(end, start + limits.nameOctets));
      return;
    case 143: // OMC Identity, §7.7.42
      trace(message).omcIdentity = readText(bytes, start, Math.min(end, start + limits.nameOctets));
      return;
    case 151: // RAT Type, §7.7.50
      if (holds(message, type, start, length, 1)) message.ratType ??= bytes[start]!;
      return;
    case 152: // User Location Information, §7.7.51
      readUserLocation(message, start, end);
      return;
    case 154: // IMEI(SV), §7.7.53
      message.imei = appendText(message.imei, readTbcd(bytes, start, Math.min(end, start + limits.digitOctets)));
      return;
    case 162: // Additional Trace Info, §7.7.62
      trace(message).additional = readHex(bytes, start, Math.min(end, start + limits.nameOctets));
      return;
    case 210: // C-MSISDN, §7.7.110
      message.msisdn = appendText(message.msisdn, readTbcd(bytes, start, Math.min(end, start + limits.digitOctets)));
      return;
    case 251: {
      // Charging Gateway Address, §7.7.44
      const address = readAddress(bytes, start, length);
      if (address !== undefined) message.otherAddresses = append(message.otherAddresses, { ie: type, what: "Charging Gateway", address });
      return;
    }
    case 255: // Private Extension, §7.7.46: extension identifier 2, value
      message.privateExtensions = append(message.privateExtensions, {
        enterprise: length >= 2 ? (bytes[start]! << 8) | bytes[start + 1]! : undefined,
        start: start + Math.min(2, length),
        length: Math.max(0, length - 2),
      });
      if (length < 2) fault(message, "short", ieName(type), start, 2, length);
      return;
    default:
      return;
  }
}

/**
 * Layout: spare 4 bits and PDP type organisation 4 bits, PDP type number 1, address. Organisation 1 (IETF):
 * 0x21 IPv4, 0x57 IPv6, 0x8d both (IPv4 first).
 */
function readEndUserAddress(message: Draft, start: number, end: number): void {
  const { bytes } = message;
  if (!holds(message, 128, start, end - start, 2)) return;
  const organisation = bytes[start]! & 0x0f;
  if (organisation !== 1) return;
  readPdpAddress(message, bytes[start + 1]!, start + 2, end);
}

function readRabSetup(message: Draft, type: number, start: number, end: number): void {
  const { bytes } = message;
  if (!holds(message, type, start, end - start, 1) || end - start < 5) return;
  const teid = u32(bytes, start + 1);
  message.teidElements = append(message.teidElements, { ie: type, nsapi: bytes[start]! & 0x0f, teid });
  const address = readAddress(bytes, start + 5, end - start - 5);
  if (address !== undefined) message.teids = appendTunnelEnd(message.teids, teid, address);
}

/** Layout: geographic location type 1 (0 CGI, 1 SAI, 2 RAI), PLMN 3, LAC 2, CI, SAC or RAC 2. */
function readUserLocation(message: Draft, start: number, end: number): void {
  const { bytes } = message;
  if (!holds(message, 152, start, end - start, 8)) return;
  const type = bytes[start]!;
  if (type === 0) message.userLocation ??= { cgi: readCgi(bytes, start + 1) };
  else if (type === 1) message.userLocation ??= { sai: readCgi(bytes, start + 1) };
  else if (type === 2) message.userLocation ??= { rai: readRai(bytes, start + 1) };
}

/**
 * A TEID and the address it is valid at stand in elements of their own. The tables of TS 29.060 §7.3 order the GSN
 * addresses: control plane, user traffic, then the alternatives (other IP version) in the same order. Messages
 * without a user-plane TEID name control addresses only (§7.5); those without a control-plane TEID and with one
 * address mean that one (Error Indication, §7.3.7, TS 29.281 §7.3.1).
 */
function pairTeids(message: Draft): void {
  const addresses = message.gsnAddresses;
  if (addresses.length === 0) return;
  const hasUser = message.teidElements.some((element) => element.ie === 16 || element.ie === 18);
  const hasControl = message.teidElements.some((element) => element.ie === 17);
  for (const { ie, teid } of message.teidElements) {
    if (ie !== 16 && ie !== 17 && ie !== 18) continue;
    for (let index = 0; index < addresses.length && index < 4; index++) {
      const forUser = index % 2 === 1;
      const fits =
        ie === 17
          ? hasUser
            ? !forUser
            : index === 0 || isIpv6(addresses[index]!) !== isIpv6(addresses[0]!)
          : forUser || (addresses.length === 1 && !hasControl);
      if (fits) message.teids = appendTunnelEnd(message.teids, teid, addresses[index]!);
    }
  }
}

function isIpv6(address: string): boolean {
  return address.includes(":");
}

function trace(message: Draft): TraceDraft {
  message.trace ??= { reference: undefined, traceType: undefined, triggerId: undefined, omcIdentity: undefined, additional: undefined };
  return message.trace;
}
