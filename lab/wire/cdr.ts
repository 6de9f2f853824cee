/** Charging records: GPRSRecord of TS 32.298 §5.2 in BER, their file (TS 32.297 §6.1), and GTP' (TS 32.295 §6.2.4). */
import { cat, type Octets, text, u16, u32, u8 } from "./octets.ts";

function tlv(tag: number | readonly number[], value: Octets): Octets {
  const length =
    value.length < 128 ? u8(value.length) : value.length < 256 ? cat(u8(0x81), u8(value.length)) : cat(u8(0x82), u16(value.length));
  return cat(typeof tag === "number" ? u8(tag) : Uint8Array.from(tag), length, value);
}

function tbcd(digits: string): Octets {
  const padded = digits.length % 2 === 0 ? digits : `${digits}f`;
  return Uint8Array.from({ length: padded.length / 2 }, (_, i) => Number.parseInt(`${padded[2 * i + 1]}${padded[2 * i]}`, 16));
}

export interface Cdr {
  readonly imsi: string;
  readonly msisdn: string;
  readonly apn: string;
  /** TAI and ECGI as GTP carries them; absent for a record without a place. */
  readonly place?: Octets;
  readonly chargingId: number;
  readonly gateway: string;
}

/** PGW-CDR: recordType 85. */
export function pgwCdr(c: Cdr): Octets {
  const address = tlv(0x80, Uint8Array.from(c.gateway.split(".").map(Number)));
  return tlv(
    [0xbf, 0x4f],
    cat(
      tlv(0x80, u8(85)),
      tlv(0x83, tbcd(c.imsi)),
      tlv(0xa4, address),
      tlv(0x85, u32(c.chargingId)),
      tlv(0xa6, tlv(0x80, Uint8Array.from(c.gateway.split(".").map(Number)))),
      tlv(0x87, text(c.apn)),
      tlv(0x88, Uint8Array.of(0xf1, 0x21)),
      tlv(0x8d, Uint8Array.of(0x26, 1, 1, 0x12, 0, 0, 0x2b, 1, 0)),
      tlv(0x8e, u16(600)),
      tlv(0x8f, u8(0)),
      tlv(0x96, cat(u8(0x91), tbcd(c.msisdn))),
      tlv(0x97, Uint8Array.of(4, 0)),
      ...(c.place === undefined ? [] : [tlv([0x9f, 0x20], c.place)]),
      tlv([0xbf, 0x23], tlv(0x0a, u8(2))),
    ),
  );
}

/** Data Record Transfer Request (240) with Send Data Record Packet: command 126, records 252. */
export function gtpPrime(sequence: number, records: readonly Octets[]): Octets {
  const packet = cat(u8(records.length), u8(1), u16(0x1a00), ...records.map((r) => cat(u16(r.length), r)));
  const body = cat(u8(126), u8(1), u8(252), u16(packet.length), packet);
  return cat(u8(0x4f), u8(240), u16(body.length), u16(sequence), body);
}

/** Data Record Transfer Response (241): cause 128, and the request's number (253). */
export function gtpPrimeAnswer(sequence: number): Octets {
  const body = cat(u8(1), u8(128), u8(253), u16(2), u16(sequence));
  return cat(u8(0x4f), u8(241), u16(body.length), u16(sequence), body);
}

/** A file: header of 50 octets and more, then each record behind its own of four (§6.1.1, §6.1.2). */
export function cdrFile(records: readonly Octets[], node: Octets): Octets {
  const each = records.map((r) => cat(u16(r.length), Uint8Array.of(0xe0, 0x20), r));
  const octets = each.reduce((n, r) => n + r.length, 54);
  const header = cat(
    u32(octets),
    u32(54),
    Uint8Array.of(0xe0, 0xe0),
    new Uint8Array(8),
    u32(records.length),
    u32(1),
    u8(3),
    node.subarray(0, 20),
    new Uint8Array(7),
  );
  return cat(header.subarray(0, 54), new Uint8Array(54 - Math.min(54, header.length)), ...each);
}
