/**
 * Prints of one subscriber packet: keyed hashes over what forwarding does not change.
 *
 * | print   | over | survives |
 * |---------|------|----------|
 * | header  | addresses, protocol, stated length, fragment, identification (only where it may matter), ports and then TCP: sequence and acknowledgement number; UDP: first 12 payload octets; others: first 16 octets | re-encapsulation, TTL, DSCP, checksums, MSS clamping, slicing down to 32 octets of IP (TCP) or 40 (UDP, IPv4) |
 * | payload | the first 24 octets of transport payload (all of it with its length, where it is shorter) | address and port translation, segmentation offload (same start), slicing |
 * | both    | "full": header and payload print together, 128 bits | re-encapsulation |
 *
 * TTL, DSCP/ECN, flow label and all checksums are left out: routers and network cards write them. IPv4 identification is
 * left out where the packet may not be fragmented: RFC 6864 §4.1 gives it no meaning there, so it must carry no evidence.
 */
import type { InnerPacket } from "./inner-packet.ts";
import { SipHash } from "./siphash.ts";

/** Octets of payload that the payload print covers: IPv4 and TCP with time stamps, sliced to 96 octets from the Ethernet header on, leave 30. */
export const PAYLOAD_WINDOW = 24;
/** Shorter payloads have no print of their own: too many are alike. */
export const PAYLOAD_LEAST = 12;

const PROTO_TCP = 6;
const PROTO_UDP = 17;
/** Mark the kind of input, so that no two kinds hash the same message. */
const DOMAIN_HEADER = 0x48;
const DOMAIN_PAYLOAD = 0x50;

export class PacketPrinter {
  /** Header print; meaningful where `hasHeader`. */
  headerLo = 0;
  headerHi = 0;
  hasHeader = false;
  /** Payload print; meaningful where `hasPayload`. */
  payloadLo = 0;
  payloadHi = 0;
  hasPayload = false;

  private readonly sip: SipHash;
  private readonly sampler: SipHash;
  /** A packet is kept when its sampling hash, as an unsigned number, lies below this. */
  private readonly threshold: number;
  private readonly all: boolean;

  /** `printKey`, `samplingKey`: 16 octets each, independent of one another. `sample`: one packet in so many is kept. */
  constructor(printKey: Uint8Array, samplingKey: Uint8Array, sample = 1) {
    if (!(sample >= 1)) throw new RangeError(`sampling keeps one in ${sample}`);
    this.sip = new SipHash(printKey);
    this.sampler = new SipHash(samplingKey);
    this.threshold = 4294967296 / sample;
    this.all = sample === 1;
  }

  /**
   * Whether the sample keeps this packet: the same answer at every point, after address translation, whatever wraps it.
   * Input: TCP sequence and acknowledgement number, else the first 16 octets above the transport header. A packet sliced
   * before the end of that input is kept (it can only be looked up, never be missed).
   */
  sampled(p: InnerPacket): boolean {
    if (this.all) return true;
    const { bytes } = p;
    const sip = this.sampler;
    const w = sip.words;
    if (p.protocol === PROTO_TCP && p.fragment <= 1) {
      if (p.l4 + 12 > p.end) return true;
      w[0] = be32(bytes, p.l4 + 4);
      w[1] = be32(bytes, p.l4 + 8);
      sip.digest(2, PROTO_TCP, 0, 9);
      return sip.lo >>> 0 < this.threshold;
    }
    const n = Math.min(16, p.payloadLength);
    if (p.payload + n > p.end) return true;
    w[0] = octets(bytes, p.payload, n);
    w[1] = octets(bytes, p.payload + 4, n - 4);
    w[2] = octets(bytes, p.payload + 8, n - 8);
    w[3] = octets(bytes, p.payload + 12, n - 12);
    sip.digest(4, p.protocol, n, 22);
    return sip.lo >>> 0 < this.threshold;
  }

  /** Computes both prints, as far as the octets at hand allow. */
  print(p: InnerPacket): void {
    const { bytes, l4, end } = p;
    const sip = this.sip;
    const w = sip.words;
    let n = 0;
    if (p.version === 4) {
      w[0] = be32(bytes, p.src);
      w[1] = be32(bytes, p.dst);
      n = 2;
    } else {
      for (let i = 0; i < 8; i++) w[i] = be32(bytes, p.src + i * 4);
      n = 8;
    }
    w[n] = (p.length << 8) | p.protocol;
    w[n + 1] = p.id ^ (p.fragment << 16);
    this.hasHeader = true;
    if (p.protocol === PROTO_TCP && p.fragment <= 1) {
      if (l4 + 12 > end) this.hasHeader = false;
      else {
        w[n + 2] = be32(bytes, l4);
        w[n + 3] = be32(bytes, l4 + 4);
        sip.digest(n + 4, be32(bytes, l4 + 8), DOMAIN_HEADER, n * 4 + 21);
      }
    } else if (p.protocol === PROTO_UDP && p.fragment <= 1) {
      const k = Math.min(12, p.payloadLength);
      if (l4 + 8 + k > end) this.hasHeader = false;
      else {
        w[n + 2] = be32(bytes, l4);
        w[n + 3] = octets(bytes, l4 + 8, k);
        w[n + 4] = octets(bytes, l4 + 12, k - 4);
        w[n + 5] = octets(bytes, l4 + 16, k - 8);
        sip.digest(n + 6, DOMAIN_HEADER, 0, n * 4 + 25);
      }
    } else {
      const stated = p.start + p.length - l4;
      const k = stated < 16 ? stated : 16;
      if (k < 0 || l4 + k > end) this.hasHeader = false;
      else {
        // ICMP: type and code, not the checksum behind them.
        const checksummed = (p.protocol === 1 || p.protocol === 58) && p.fragment <= 1;
        w[n + 2] = checksummed ? octets(bytes, l4, k < 2 ? k : 2) : octets(bytes, l4, k);
        w[n + 3] = octets(bytes, l4 + 4, k - 4);
        w[n + 4] = octets(bytes, l4 + 8, k - 8);
        w[n + 5] = octets(bytes, l4 + 12, k - 12);
        sip.digest(n + 6, DOMAIN_HEADER, 1, n * 4 + 25);
      }
    }
    this.headerLo = sip.lo;
    this.headerHi = sip.hi;

    this.hasPayload = this.content(bytes, p.payload, end, p.payloadLength);
  }

  /** The payload print of `length` stated octets at `at`; false where there are too few, or too few at hand. */
  content(bytes: Uint8Array, at: number, end: number, length: number): boolean {
    const k = length < PAYLOAD_WINDOW ? length : PAYLOAD_WINDOW;
    if (k < PAYLOAD_LEAST || at + k > end) return false;
    const sip = this.sip;
    const w = sip.words;
    w[0] = be32(bytes, at);
    w[1] = be32(bytes, at + 4);
    w[2] = be32(bytes, at + 8);
    w[3] = octets(bytes, at + 12, k - 12);
    w[4] = octets(bytes, at + 16, k - 16);
    w[5] = octets(bytes, at + 20, k - 20);
    sip.digest(6, k, DOMAIN_PAYLOAD, 31);
    this.payloadLo = sip.lo;
    this.payloadHi = sip.hi;
    return true;
  }
}

/** Four octets; never past the buffer's end, which would cost a deoptimisation: callers check. */
function be32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}

/** Up to four octets of which `n` exist (`n` may be negative or more than four); the others count as zero. */
function octets(bytes: Uint8Array, at: number, n: number): number {
  if (n >= 4) return be32(bytes, at);
  let v = 0;
  for (let i = 0; i < n; i++) v |= (bytes[at + i] as number) << (24 - i * 8);
  return v;
}
