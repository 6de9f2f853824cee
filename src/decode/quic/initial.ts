/**
 * QUIC Initial packets of clients, as far as the ClientHello inside: RFC 9000 §17.2.2 (packet), §19 (frames), RFC 9001 §5 (protection),
 * RFC 9369 §3 (version 2). Keys of Initial packets follow from the connection id that the client chose, which stands in the packet.
 */
import type { QuicPrimitives } from "#model/quic-primitives.ts";

export const limits = {
  /** Octets of a ClientHello that are put together; what lies beyond is not read. */
  hello: 8192,
  /** Pieces (CRYPTO frames) of one ClientHello; further ones are not read. */
  pieces: 128,
  /** Packets in one datagram that are tried; the rest is not read. */
  packetsPerDatagram: 4,
  /** Frames of one packet; padding counts as one. */
  frames: 512,
} as const;

/** Client's datagrams with an Initial packet are padded to this at least (RFC 9000 §14.1), octets. */
export const LEAST_DATAGRAM = 1200;

const LONG_FIXED = 0xc0;
const TYPE = 0x30;
const VERSION_AT = 1;
const DCID_AT = 5;
/** Octets of a connection id (RFC 9000 §17.2); a packet that states more is none of these versions. */
const MAX_CONNECTION_ID = 20;
const SAMPLE = 16;
/** The sample begins as if the packet number had four octets (RFC 9001 §5.4.2). */
const SAMPLE_SKIP = 4;

interface Version {
  readonly initialType: number;
  readonly salt: Uint8Array;
  readonly prefix: string;
}

const V1: Version = { initialType: 0x00, salt: fromHex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"), prefix: "quic" };
const V2: Version = { initialType: 0x10, salt: fromHex("0dede3def700a6db819381be6e269dcbf9bd2ed9"), prefix: "quicv2" };

/** Whether an Initial packet of version 1 or 2 may begin at `at`: a few comparisons, for every packet. */
export function isQuicInitial(b: Uint8Array, at: number, end: number): boolean {
  return at + DCID_AT + 2 < end && ((b[at] as number) & LONG_FIXED) === LONG_FIXED && versionOf(b, at) !== undefined;
}

function versionOf(b: Uint8Array, at: number): Version | undefined {
  const v = ((b[at + VERSION_AT] as number) << 24) | ((b[at + 2] as number) << 16) | ((b[at + 3] as number) << 8) | (b[at + 4] as number);
  const version = v === 1 ? V1 : v === 0x6b3343cf ? V2 : undefined;
  return version !== undefined && ((b[at] as number) & TYPE) === version.initialType ? version : undefined;
}

/** Where the parts of an Initial packet lie. */
interface Place {
  readonly version: Version;
  readonly dcid: Uint8Array;
  readonly number: number;
  readonly end: number;
}

/**
 * ```
 * first 1 | version 4 | DCID length 1, DCID | SCID length 1, SCID | token length varint, token | length varint | packet number 1…4 | payload
 * ```
 */
function place(b: Uint8Array, at: number, end: number): Place | undefined {
  if (!isQuicInitial(b, at, end)) return undefined;
  const version = versionOf(b, at) as Version;
  const dcidOctets = b[at + DCID_AT] as number;
  let p = at + DCID_AT + 1 + dcidOctets;
  if (dcidOctets > MAX_CONNECTION_ID || p >= end) return undefined;
  const dcid = b.subarray(at + DCID_AT + 1, p);
  const scidOctets = b[p] as number;
  p += 1 + scidOctets;
  if (scidOctets > MAX_CONNECTION_ID || p >= end) return undefined;
  const token = varint(b, p, end);
  if (token < 0) return undefined;
  p += varintOctets(b, p) + token;
  const length = varint(b, p, end);
  if (length < SAMPLE_SKIP + SAMPLE) return undefined;
  p += varintOctets(b, p);
  return p + length > end ? undefined : { version, dcid, number: p, end: p + length };
}

/** One client's ClientHello under way: its keys, and what came of it so far. */
export class QuicHello {
  /** The handshake message from its first octet; `prefix` octets of it are whole. */
  readonly bytes: Uint8Array = new Uint8Array(limits.hello);
  prefix = 0;
  private readonly keys: { readonly key: Uint8Array; readonly iv: Uint8Array; readonly hp: Uint8Array };
  private readonly primitives: QuicPrimitives;
  private readonly ranges: [number, number][] = [];

  private constructor(primitives: QuicPrimitives, { version, dcid }: Place) {
    this.primitives = primitives;
    const initial = primitives.hmac("sha256", version.salt, dcid);
    const secret = expand(primitives, initial, "client in", 32);
    this.keys = {
      key: expand(primitives, secret, `${version.prefix} key`, 16),
      iv: expand(primitives, secret, `${version.prefix} iv`, 12),
      hp: expand(primitives, secret, `${version.prefix} hp`, 16),
    };
  }

  /** For the client whose Initial packet begins at `at`; undefined where none does. */
  static at(primitives: QuicPrimitives, b: Uint8Array, at: number, end: number): QuicHello | undefined {
    const found = place(b, at, end);
    return found === undefined ? undefined : new QuicHello(primitives, found);
  }

  /** Takes the Initial packets of a datagram. False where none of them opened: another's, or none at all. */
  datagram(b: Uint8Array, at: number, end: number): boolean {
    let opened = false;
    for (let p = at, i = 0; i < limits.packetsPerDatagram; i++) {
      const found = place(b, p, end);
      if (found === undefined) break;
      const plain = this.opened(b, p, found);
      if (plain !== undefined) {
        opened = true;
        this.frames(plain);
      }
      p = found.end;
    }
    return opened;
  }

  /** True once the whole message is there, or never will be. */
  get complete(): boolean {
    const { bytes, prefix } = this;
    if (prefix < 4) return false;
    const length = 4 + (((bytes[1] as number) << 16) | ((bytes[2] as number) << 8) | (bytes[3] as number));
    return prefix >= Math.min(length, limits.hello);
  }

  /** RFC 9001 §5.3, §5.4.1: header protection off, then the payload. */
  private opened(b: Uint8Array, at: number, { number, end }: Place): Uint8Array | undefined {
    const { key, iv, hp } = this.keys;
    const mask = this.primitives.aesBlock(hp, b.subarray(number + SAMPLE_SKIP, number + SAMPLE_SKIP + SAMPLE));
    const first = (b[at] as number) ^ ((mask[0] as number) & 0x0f);
    const octets = (first & 3) + 1;
    const header = b.slice(at, number + octets);
    const nonce = iv.slice();
    header[0] = first;
    for (let i = 0; i < octets; i++) {
      const octet = (b[number + i] as number) ^ (mask[1 + i] as number);
      header[number - at + i] = octet;
      const place = nonce.length - octets + i;
      nonce[place] = (nonce[place] as number) ^ octet;
    }
    return this.primitives.open("aes-128-gcm", key, nonce, header, b.subarray(number + octets, end));
  }

  /** RFC 9000 §12.4 table 3: an Initial packet holds PADDING, PING, ACK, CRYPTO and CONNECTION_CLOSE, nothing else. */
  private frames(b: Uint8Array): void {
    const end = b.length;
    for (let p = 0, i = 0; p < end && i < limits.frames; i++) {
      const type = b[p] as number;
      if (type === 0) {
        while (p < end && b[p] === 0) p++;
      } else if (type === 1) p++;
      else if (type === 2 || type === 3) p = ackEnd(b, p, end);
      else if (type === 6) p = this.crypto(b, p + 1, end);
      else return;
      if (p < 0) return;
    }
  }

  /** CRYPTO: offset varint | length varint | data. */
  private crypto(b: Uint8Array, at: number, end: number): number {
    const offset = varint(b, at, end);
    if (offset < 0) return -1;
    const lengthAt = at + varintOctets(b, at);
    const length = varint(b, lengthAt, end);
    if (length < 0) return -1;
    const from = lengthAt + varintOctets(b, lengthAt);
    if (from + length > end) return -1;
    const octets = Math.min(length, limits.hello - offset);
    if (octets > 0 && this.ranges.length < limits.pieces) {
      this.bytes.set(b.subarray(from, from + octets), offset);
      this.ranges.push([offset, offset + octets]);
      this.ranges.sort((x, y) => x[0] - y[0]);
      this.prefix = 0;
      for (const [start, stop] of this.ranges) {
        if (start > this.prefix) break;
        if (stop > this.prefix) this.prefix = stop;
      }
    }
    return from + length;
  }
}

/** ACK: largest, delay, range count, first range, count × (gap, length); with ECN three counts more. */
function ackEnd(b: Uint8Array, at: number, end: number): number {
  let p = at + 1;
  let left = 4;
  for (let i = 0; i < left; i++) {
    const value = varint(b, p, end);
    if (value < 0) return -1;
    p += varintOctets(b, p);
    if (i === 2) {
      if (value > end) return -1;
      left += value * 2 + (b[at] === 3 ? 3 : 0);
    }
  }
  return p;
}

function varintOctets(b: Uint8Array, at: number): number {
  return 1 << ((b[at] as number) >> 6);
}

/** RFC 9000 §16; -1 where it does not lie before `end`, or is more than a packet can hold. */
function varint(b: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  const octets = varintOctets(b, at);
  if (at + octets > end) return -1;
  let value = (b[at] as number) & 0x3f;
  for (let i = 1; i < octets; i++) value = value * 256 + (b[at + i] as number);
  return value <= 0xffffffff ? value : -1;
}

/** HKDF-Expand-Label (RFC 8446 §7.1) of at most 32 octets: one round of HKDF-Expand (RFC 5869 §2.3). */
function expand(primitives: QuicPrimitives, secret: Uint8Array, label: string, octets: number): Uint8Array {
  const name = `tls13 ${label}`;
  const info = new Uint8Array(4 + name.length + 1);
  info[1] = octets;
  info[2] = name.length;
  for (let i = 0; i < name.length; i++) info[3 + i] = name.charCodeAt(i);
  // an empty context, and the number of the round
  info[info.length - 1] = 1;
  return primitives.hmac("sha256", secret, info).slice(0, octets);
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}
