// Values of single PFCP elements, 3GPP TS 29.244 §8.2. Offsets are relative to the element's value.
import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import { readApn, readText } from "#decode/digits/apn.ts";
import { readHex } from "#decode/digits/hex.ts";
import { readTbcd } from "#decode/digits/tbcd.ts";
import { readTraceReference } from "#decode/digits/trace.ts";
import { type Draft, fault, holds, limits } from "./elements.ts";
import type {
  Fseid,
  HeaderEnrichment,
  OuterHeaderCreation,
  PfcpFteid,
  PfcpIe,
  PfcpTraceInformation,
  RedirectInformation,
  SdfFilter,
  UeIpAddress,
  UserId,
} from "./message.ts";

/**
 * Reads fields one after the other and notes, once, the first that the element's length does not cover: what follows
 * a missing field is missing too.
 */
class Fields {
  readonly message: Draft;
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly end: number;
  at: number;
  failed = false;

  constructor(message: Draft, ie: PfcpIe, name: string) {
    this.message = message;
    this.bytes = message.bytes;
    this.name = name;
    this.at = ie.start;
    this.end = ie.start + ie.length;
  }

  /** Offset of the next `octets` octets, or -1 where they are not there. */
  take(octets: number): number {
    if (this.failed) return -1;
    if (this.at + octets > this.end) {
      this.failed = true;
      fault(this.message, "short", this.name, this.at, octets, this.end - this.at);
      return -1;
    }
    const at = this.at;
    this.at += octets;
    return at;
  }

  u8(): number | undefined {
    const at = this.take(1);
    return at < 0 ? undefined : this.bytes[at]!;
  }

  u16(): number | undefined {
    const at = this.take(2);
    return at < 0 ? undefined : (this.bytes[at]! << 8) | this.bytes[at + 1]!;
  }

  u24(): number | undefined {
    const at = this.take(3);
    return at < 0 ? undefined : (this.bytes[at]! << 16) | (this.bytes[at + 1]! << 8) | this.bytes[at + 2]!;
  }

  u32(): number | undefined {
    const at = this.take(4);
    return at < 0 ? undefined : u32(this.bytes, at);
  }

  ipv4(): string | undefined {
    const at = this.take(4);
    return at < 0 ? undefined : readIpv4(this.bytes, at);
  }

  ipv6(): string | undefined {
    const at = this.take(16);
    return at < 0 ? undefined : readIpv6(this.bytes, at);
  }

  /** A length of one or two octets, and that many characters. */
  text(lengthOctets: 1 | 2): string | undefined {
    const length = lengthOctets === 1 ? this.u8() : this.u16();
    if (length === undefined) return undefined;
    const at = this.take(length);
    return at < 0 ? undefined : readText(this.bytes, at, at + Math.min(length, limits.textOctets));
  }

  /** A length octet and TBCD digits. */
  digits(): string | undefined {
    const length = this.u8();
    if (length === undefined) return undefined;
    const at = this.take(length);
    return at < 0 ? undefined : readTbcd(this.bytes, at, at + Math.min(length, limits.digitOctets));
  }
}

/** F-TEID §8.2.3. Layout: flags 1 (V4 0x01, V6 0x02, CH 0x04, CHID 0x08); TEID 4, IPv4 4, IPv6 16; with CH only CHOOSE ID 1. */
export function readFteid(message: Draft, ie: PfcpIe): PfcpFteid | undefined {
  const fields = new Fields(message, ie, "F-TEID");
  const flags = fields.u8();
  if (flags === undefined) return undefined;
  if (flags & 0x04) {
    const chooseId = flags & 0x08 ? fields.u8() : undefined;
    return { choose: true, chooseId, teid: undefined, ipv4: undefined, ipv6: undefined };
  }
  const teid = fields.u32();
  const ipv4 = flags & 0x01 ? fields.ipv4() : undefined;
  const ipv6 = flags & 0x02 ? fields.ipv6() : undefined;
  return { choose: false, chooseId: undefined, teid, ipv4, ipv6 };
}

/** F-SEID §8.2.37. Layout: flags 1 (V6 0x01, V4 0x02), SEID 8, IPv4 4, IPv6 16. */
export function readFseid(message: Draft, ie: PfcpIe): Fseid | undefined {
  const fields = new Fields(message, ie, "F-SEID");
  const flags = fields.u8();
  const seid = fields.take(8);
  if (flags === undefined || seid < 0) return undefined;
  const ipv4 = flags & 0x02 ? fields.ipv4() : undefined;
  const ipv6 = flags & 0x01 ? fields.ipv6() : undefined;
  return { seid: readHex(message.bytes, seid, seid + 8), ipv4, ipv6 };
}

/** Node ID §8.2.38. Layout: type 4 bits (0 IPv4, 1 IPv6, 2 FQDN), value. */
export function readNodeId(message: Draft, ie: PfcpIe): string | undefined {
  if (!holds(message, ie, 1)) return undefined;
  const type = message.bytes[ie.start]! & 0x0f;
  const at = ie.start + 1;
  if (type === 0) return holds(message, ie, 5) ? readIpv4(message.bytes, at) : undefined;
  if (type === 1) return holds(message, ie, 17) ? readIpv6(message.bytes, at) : undefined;
  if (type === 2) return readApn(message.bytes, at, ie.start + ie.length);
  fault(message, "value", "Node ID Type", ie.start, -1, type);
  return undefined;
}

/**
 * UE IP Address §8.2.62. Layout: flags 1 (V6 0x01, V4 0x02, S/D 0x04, IPv6D 0x08, CHV4 0x10, CHV6 0x20, IP6PL 0x40);
 * IPv4 4, IPv6 16, prefix delegation bits 1, prefix length 1.
 */
export function readUeIpAddress(message: Draft, ie: PfcpIe): UeIpAddress | undefined {
  const fields = new Fields(message, ie, "UE IP Address");
  const flags = fields.u8();
  if (flags === undefined) return undefined;
  const ipv4 = flags & 0x02 ? fields.ipv4() : undefined;
  const ipv6 = flags & 0x01 ? fields.ipv6() : undefined;
  if (flags & 0x08) fields.u8();
  const prefixLength = flags & 0x40 ? fields.u8() : undefined;
  return { ipv4, ipv6, destination: (flags & 0x04) !== 0, choose: (flags & 0x30) !== 0, prefixLength };
}

/** SDF Filter §8.2.5. Layout: flags 1 (FD 0x01, TTC 0x02, SPI 0x04, FL 0x08, BID 0x10), spare 1; FD 2 + n, TTC 2, SPI 4, FL 3, id 4. */
export function readSdfFilter(message: Draft, ie: PfcpIe): SdfFilter | undefined {
  const fields = new Fields(message, ie, "SDF Filter");
  const flags = fields.u8();
  fields.u8();
  if (flags === undefined) return undefined;
  return {
    flowDescription: flags & 0x01 ? fields.text(2) : undefined,
    tosTrafficClass: flags & 0x02 ? fields.u16() : undefined,
    spi: flags & 0x04 ? fields.u32() : undefined,
    flowLabel: flags & 0x08 ? fields.u24() : undefined,
    filterId: flags & 0x10 ? fields.u32() : undefined,
  };
}

const OHC_TEID = 0x0300;
const OHC_IPV4 = 0x1500;
const OHC_IPV6 = 0x2a00;
const OHC_PORT = 0x0c00;
const OHC_C_TAG = 0x4000;
const OHC_S_TAG = 0x8000;

/** Outer Header Creation §8.2.56. Layout: description 2; as its bits ask: TEID 4, IPv4 4, IPv6 16, port 2, C-TAG 3, S-TAG 3. */
export function readOuterHeaderCreation(message: Draft, ie: PfcpIe): OuterHeaderCreation | undefined {
  const fields = new Fields(message, ie, "Outer Header Creation");
  const description = fields.u16();
  if (description === undefined) return undefined;
  return {
    description,
    teid: description & OHC_TEID ? fields.u32() : undefined,
    ipv4: description & OHC_IPV4 ? fields.ipv4() : undefined,
    ipv6: description & OHC_IPV6 ? fields.ipv6() : undefined,
    port: description & OHC_PORT ? fields.u16() : undefined,
    cTag: description & OHC_C_TAG ? fields.u24() : undefined,
    sTag: description & OHC_S_TAG ? fields.u24() : undefined,
  };
}

/** Redirect Information §8.2.20. Layout: address type 4 bits, address 2 + n, other address 2 + n. */
export function readRedirectInformation(message: Draft, ie: PfcpIe): RedirectInformation | undefined {
  const fields = new Fields(message, ie, "Redirect Information");
  const type = fields.u8();
  const address = fields.text(2);
  if (type === undefined || address === undefined) return undefined;
  const otherAddress = fields.at < fields.end ? fields.text(2) : undefined;
  return { addressType: type & 0x0f, address, otherAddress: otherAddress === "" ? undefined : otherAddress };
}

/** Header Enrichment §8.2.67. Layout: header type 5 bits, name 1 + n, value 1 + n. */
export function readHeaderEnrichment(message: Draft, ie: PfcpIe): HeaderEnrichment | undefined {
  const fields = new Fields(message, ie, "Header Enrichment");
  const type = fields.u8();
  const name = fields.text(1);
  if (type === undefined || name === undefined) return undefined;
  return { headerType: type & 0x1f, name, valueOctets: fields.u8() ?? 0 };
}

/** Forwarding Policy §8.2.23. Layout: identifier 1 + n. */
export function readForwardingPolicy(message: Draft, ie: PfcpIe): string | undefined {
  return new Fields(message, ie, "Forwarding Policy").text(1);
}

/**
 * Network Instance §8.2.4: an octet string that holds a text or, as an APN, DNS labels; a first octet below the
 * printable range is a label's length.
 */
export function readNetworkInstance(message: Draft, ie: PfcpIe): string {
  const end = ie.start + Math.min(ie.length, limits.textOctets);
  if (ie.length > 0 && message.bytes[ie.start]! < 0x20) return readApn(message.bytes, ie.start, end);
  return readText(message.bytes, ie.start, end);
}

/** An element that is a text from its first to its last octet: Application ID, Activate Predefined Rules, … */
export function readWholeText(message: Draft, ie: PfcpIe): string {
  return readText(message.bytes, ie.start, ie.start + Math.min(ie.length, limits.textOctets));
}

/**
 * User ID §8.2.101. Layout: flags 1 (IMSI 0x01, IMEI 0x02, MSISDN 0x04, NAI 0x08, SUPI 0x10, GPSI 0x20, PEI 0x40);
 * each flagged identity with a length octet, in that order. The first three are TBCD, the others texts.
 */
export function readUserId(message: Draft, ie: PfcpIe): UserId | undefined {
  const fields = new Fields(message, ie, "User ID");
  const flags = fields.u8();
  if (flags === undefined) return undefined;
  return {
    imsi: flags & 0x01 ? fields.digits() : undefined,
    imei: flags & 0x02 ? fields.digits() : undefined,
    msisdn: flags & 0x04 ? fields.digits() : undefined,
    nai: flags & 0x08 ? fields.text(1) : undefined,
    supi: flags & 0x10 ? fields.text(1) : undefined,
    gpsi: flags & 0x20 ? fields.text(1) : undefined,
    pei: flags & 0x40 ? fields.text(1) : undefined,
  };
}

/**
 * Trace Information §8.2.109. Layout: PLMN 3, trace id 3, triggering events 1 + n, session trace depth 1,
 * interfaces 1 + n, address of the trace collection entity 1 + 4 or 16.
 */
export function readTraceInformation(message: Draft, ie: PfcpIe): PfcpTraceInformation | undefined {
  const { bytes } = message;
  const fields = new Fields(message, ie, "Trace Information");
  const reference = fields.take(6);
  if (reference < 0) return undefined;
  const eventsLength = fields.u8() ?? 0;
  const events = fields.take(eventsLength);
  const depth = fields.u8();
  const interfacesLength = fields.u8() ?? 0;
  const interfaces = fields.take(interfacesLength);
  const addressLength = fields.u8() ?? 0;
  let collector: string | undefined;
  if (addressLength === 4) collector = fields.ipv4();
  else if (addressLength === 16) collector = fields.ipv6();
  else if (addressLength !== 0) fault(message, "value", "Length of IP Address", fields.at - 1, 4, addressLength);
  return {
    reference: readTraceReference(bytes, reference),
    triggeringEvents: events < 0 ? "" : readHex(bytes, events, events + eventsLength),
    depth,
    interfaces: interfaces < 0 ? "" : readHex(bytes, interfaces, interfaces + interfacesLength),
    collector,
  };
}

export interface PfdContents {
  readonly flowDescriptions: readonly string[];
  readonly urls: readonly string[];
  readonly domainNames: readonly string[];
}

/**
 * PFD Contents §8.2.39. Layout: flags 1 (FD 0x01, URL 0x02, DN 0x04, CP 0x08, DNP 0x10, AFD 0x20, AURL 0x40, ADNP 0x80),
 * spare 1; flow description, URL, domain name, custom content, domain name protocol: each 2 + n; then the additional
 * lists, whose first two octets are the length of the list.
 */
export function readPfdContents(message: Draft, ie: PfcpIe): PfdContents {
  const fields = new Fields(message, ie, "PFD contents");
  const flags = fields.u8() ?? 0;
  fields.u8();
  const flowDescriptions: string[] = [];
  const urls: string[] = [];
  const domainNames: string[] = [];
  const put = (list: string[]): void => {
    const text = fields.text(2);
    if (text !== undefined) list.push(text);
  };
  const putList = (list: string[]): void => {
    const listEnd = fields.at + 2 + (fields.u16() ?? 0);
    while (!fields.failed && fields.at < listEnd) put(list);
  };
  if (flags & 0x01) put(flowDescriptions);
  if (flags & 0x02) put(urls);
  if (flags & 0x04) put(domainNames);
  if (flags & 0x08) fields.text(2);
  if (flags & 0x10) fields.text(2);
  if (flags & 0x20) putList(flowDescriptions);
  if (flags & 0x40) putList(urls);
  if (flags & 0x80) putList(domainNames);
  return { flowDescriptions, urls, domainNames };
}

/** Unsigned number of 1, 2 or 4 octets that the element begins with. */
export function readNumber(message: Draft, ie: PfcpIe, octets: 1 | 2 | 4): number | undefined {
  if (!holds(message, ie, octets)) return undefined;
  const { bytes } = message;
  if (octets === 1) return bytes[ie.start]!;
  if (octets === 2) return (bytes[ie.start]! << 8) | bytes[ie.start + 1]!;
  return u32(bytes, ie.start);
}

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
