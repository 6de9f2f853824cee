/**
 * Lawful-interception product: X2/X3 PDUs (TS 103 221-2), PS-PDU of HI2/HI3 (TS 102 232-1) in BER with definite or
 * indefinite length, ULIC version 1 (TS 33.108 C.1.3), vendor shims; and X1 tasking (TS 103 221-1) in XML.
 */
import { address, cat, hex, type Octets, text, u16, u32, u64, u8 } from "./octets.ts";

export interface Pdu {
  /** 1 X2, 2 X3, 3 keepalive, 4 its answer. */
  readonly type: 1 | 2 | 3 | 4;
  /** 5 IPv4, 9 SIP, 14 EPS IRI, … */
  readonly format: number;
  /** 2 to the target, 3 from the target. */
  readonly direction: number;
  readonly xid: Octets;
  readonly correlation: bigint;
  readonly sequence?: number;
  readonly time?: { sec: number; nsec: number };
  readonly payload: Octets;
}

function attribute(type: number, value: Octets): Octets {
  return cat(u16(type), u16(value.length), value);
}

export function x2x3(p: Pdu): Octets {
  const attributes = cat(
    ...(p.sequence === undefined ? [] : [attribute(8, u32(p.sequence))]),
    ...(p.time === undefined ? [] : [attribute(9, cat(u32(p.time.sec), u32(p.time.nsec)))]),
  );
  return cat(
    u16(5),
    u16(p.type),
    u32(40 + attributes.length),
    u32(p.payload.length),
    u16(p.format),
    u16(p.direction),
    p.xid,
    u64(p.correlation),
    attributes,
    p.payload,
  );
}

/** A BER element; constructed ones may be written with indefinite length. */
function ber(tag: number, ...parts: readonly Octets[]): Octets {
  const v = cat(...parts);
  const length = v.length < 128 ? u8(v.length) : v.length < 256 ? cat(u8(0x81), u8(v.length)) : cat(u8(0x82), u16(v.length));
  return cat(u8(tag), length, v);
}

function berIndefinite(tag: number, ...parts: readonly Octets[]): Octets {
  return cat(u8(tag), u8(0x80), ...parts, u16(0));
}

function integer(n: number): Octets {
  const out: number[] = [];
  for (let rest = n; rest > 0 || out.length === 0; rest = Math.floor(rest / 256)) out.unshift(rest % 256);
  if ((out[0] ?? 0) > 127) out.unshift(0);
  return Uint8Array.from(out);
}

export interface PsHeader {
  readonly liid: string;
  readonly country: string;
  readonly delivery?: string;
  readonly operator: string;
  readonly element: string;
  readonly cin: number;
  readonly sequence: number;
  /** Seconds since the epoch, and microseconds. */
  readonly sec: number;
  readonly usec: number;
}

/** A constructed context tag above 30 (X.690 §8.1.2.4). */
function highTag(tag: number, ...parts: readonly Octets[]): Octets {
  const body = ber(0, ...parts);
  return cat(u8(0xbf), u8(tag), body.subarray(1));
}

/** `indefinite`: the outer elements have no length. */
export function psPdu(h: PsHeader, payload: Octets, indefinite = false): Octets {
  const wrap = indefinite ? berIndefinite : ber;
  const generalized = `${new Date(h.sec * 1000).toISOString().slice(0, 19).replaceAll(/[-:T]/g, "")}.${String(Math.floor(h.usec / 1000)).padStart(3, "0")}Z`;
  const header = wrap(
    0xa1,
    ber(0x80, hex("040002020501 1e")),
    ber(0x81, text(h.liid)),
    ber(0x82, text(h.country)),
    wrap(
      0xa3,
      ber(0xa0, ber(0x80, text(h.operator)), ber(0x81, text(h.element))),
      ber(0x81, integer(h.cin)),
      ber(0x82, text(h.delivery ?? h.country)),
    ),
    ber(0x84, integer(h.sequence)),
    ber(0x85, text(generalized)),
    ber(0xa7, ber(0x80, integer(h.sec)), ber(0x81, integer(h.usec))),
  );
  return wrap(0x30, header, wrap(0xa2, payload));
}

/** CC payload with an IP packet (TS 102 232-3); direction 0 from the target, 1 to it. */
export function ccIp(packet: Octets, direction: 0 | 1): Octets {
  return ber(0xa1, ber(0x30, ber(0x80, u8(direction)), ber(0xa2, ber(0xa2, ber(0x80, hex("05030a02")), ber(0xa1, ber(0x80, packet))))));
}

/** IRI payload: an IP session event (TS 102 232-3): 1 begin, 2 end, 3 continue, 4 report. */
export function iriIp(type: 1 | 2 | 3 | 4, user: string, ip: string): Octets {
  const contents = ber(0xa1, ber(0x80, u8(type === 1 ? 2 : 9)), ber(0x81, text(user)), ber(0xa4, ber(0xa1, ber(0x80, address(ip)))));
  return ber(0xa0, ber(0x30, ber(0x80, u8(type)), ber(0xa2, ber(0xa2, ber(0x80, hex("05030a01")), contents))));
}

/**
 * Content of EPS (domain {0 4 0 2 2 4 9}, TS 33.108 C.2: the header has no version) or of UMTS ({… 2}, C.1.3: version behind the domain). `module`: what TS 33.108 gives other
 * services of the packet core, tags as EPS: 11 conference, 12 VoIP.
 */
export function ulic(
  liid: string,
  correlation: Octets,
  sequence: number,
  from: boolean,
  element: number,
  packet: Octets,
  module: 2 | 9 | 11 | 12 = 9,
): Octets {
  const header = ber(
    0xa1,
    ber(0x80, cat(hex("0400020204"), u8(module), u8(8))),
    ...(module === 2 ? [ber(0x81, u8(1))] : []),
    ber(0x82, text(liid)),
    module === 11 ? ber(0xa3, ber(0x82, correlation)) : ber(0x83, correlation),
    ber(0x85, integer(sequence)),
    ber(0x86, u8(from ? 1 : 2)),
    ...(module === 11 ? [] : [ber(0x88, u8(element))]),
  );
  return ber(0x30, header, ber(0x82, packet));
}

/** IRI report of EPS (TS 33.108 B.9) about one subscriber; `cell`: userLocationInfo of the target (TS 29.274 §8.21). */
export function iriEps(liid: string, imsi: string, when: number, cell?: Octets): Octets {
  const time = `${new Date(when * 1000).toISOString().slice(0, 19).replaceAll(/[-:T]/g, "")}Z`;
  const digits = imsi.padEnd(16, "f");
  const tbcd = hex(digits.replaceAll(/(.)(.)/g, "$2$1"));
  const party = ber(0x30, ber(0x80, u8(3)), ber(0xa1, ber(0x83, tbcd)));
  return ber(
    0xa4,
    ber(0x80, hex("0400020204081000")),
    ber(0x81, text(liid)),
    ber(0xa3, ber(0xa0, ber(0x80, text(time)), ber(0x81, u8(0)))),
    ber(0xa9, party),
    ber(0x92, hex("0011223344556677")),
    // ePSevent [20]: eUTRANAttach.
    ber(0x94, u8(16)),
    // Tags above 30 take a second octet: ePS-GTPV2-specificParameters [36] { aPN [2], ePSlocationOfTheTarget [23] }.
    highTag(36, ber(0x82, text("internet")), ...(cell === undefined ? [] : [ber(0xb7, ber(0x81, cell))])),
  );
}

export interface X1Head {
  readonly admf: string;
  readonly ne: string;
  readonly time: string;
  readonly transaction: string;
}

const X1 =
  'xmlns="http://uri.etsi.org/03221/X1/2017/10" xmlns:common="http://uri.etsi.org/03280/common/2017/07" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

function x1Head(h: X1Head): string {
  return `<admfIdentifier>${h.admf}</admfIdentifier><neIdentifier>${h.ne}</neIdentifier><messageTimestamp>${h.time}</messageTimestamp><version>v1.6.1</version><x1TransactionId>${h.transaction}</x1TransactionId>`;
}

export function x1Request(type: string, h: X1Head, body: string): Octets {
  return text(
    `<?xml version="1.0" encoding="UTF-8"?>\n<X1Request ${X1}><x1RequestMessage xsi:type="${type}">${x1Head(h)}${body}</x1RequestMessage></X1Request>`,
  );
}

export function x1Response(type: string, h: X1Head): Octets {
  return text(
    `<?xml version="1.0" encoding="UTF-8"?>\n<X1Response ${X1}><x1ResponseMessage xsi:type="${type}">${x1Head(h)}<oK>AcknowledgedAndCompleted</oK></x1ResponseMessage></X1Response>`,
  );
}

export function taskDetails(xid: string, imsi: string, delivery: "X2Only" | "X3Only" | "X2andX3", did: string): string {
  return `<taskDetails><xId>${xid}</xId><targetIdentifiers><targetIdentifier><imsi>${imsi}</imsi></targetIdentifier></targetIdentifiers><deliveryType>${delivery}</deliveryType><listOfDIDs><dId>${did}</dId></listOfDIDs></taskDetails>`;
}

export function destinationDetails(did: string, to: string, port: number): string {
  return `<destinationDetails><dId>${did}</dId><friendlyName>df</friendlyName><deliveryType>X2andX3</deliveryType><deliveryAddress><ipAddressAndPort><common:address><common:IPv4Address>${to}</common:IPv4Address></common:address><common:port><common:TCPPort>${port}</common:TCPPort></common:port></ipAddressAndPort></deliveryAddress></destinationDetails>`;
}
