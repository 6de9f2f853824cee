/**
 * What a flow's octets are worth as evidence: follows handshakes in the flows of subscribers, so that ciphertext is told from what anybody may send.
 */
import type { InnerPacket } from "#sense/prints/inner-packet.ts";
import { Content, Flag, Kind, Row, ROW_WORDS, Seen } from "./flow-row.ts";
import type { SubscriberFlows } from "./subscriber-flows.ts";
import { Port } from "#model/ports.ts";

export class FlowContent {
  /** What the packet last given to `classify` is worth: a `Content` value, and octets of its payload window that count. */
  content: number = Content.PLAIN;
  octets = 0;

  private readonly flows: SubscriberFlows;

  constructor(flows: SubscriberFlows) {
    this.flows = flows;
  }

  /**
   * Says in `content` and `octets` what this packet's payload window (its first 24 octets) is worth, and follows the
   * flow's handshake. Called for packets on explained ways only: what a suspect sends must not teach us anything.
   */
  classify(row: number, p: InnerPacket): void {
    this.content = Content.PLAIN;
    this.octets = 0;
    if (p.payloadLength === 0 || p.fragment > 1) return;
    const { flows } = this;
    const w = flows.words;
    if (((w[row + Row.SEEN] as number) & Seen.PAYLOAD) === 0) {
      w[row + Row.SEEN] = (w[row + Row.SEEN] as number) | Seen.PAYLOAD;
      flows.withPayload++;
      const { payloadFlows } = flows.subscribers;
      const s = w[row + Row.SUBSCRIBER] as number;
      payloadFlows[s] = (payloadFlows[s] as number) + 1;
    }
    const kind = w[row + Row.KIND] as number;
    if (kind === Kind.OTHER || p.payload + 8 > p.end) return;
    if (p.protocol === 6) this.tcp(w, row, kind, p);
    else if (p.protocol === 17) this.udp(w, row, kind, p);
  }

  private partnerFlags(w: Int32Array, row: number): number {
    const r = this.flows.rowOf(w[row + Row.REVERSE] as number);
    return r < 0 ? 0 : (w[r + Row.FLAGS] as number);
  }

  /** RFC 8446 §5.1: type 1, version 2, length 2. RFC 4253 §6: length 4, padding 1, type 1 (21 is NEWKEYS). */
  private tcp(w: Int32Array, row: number, kind: number, p: InnerPacket): void {
    const { bytes, end } = p;
    const at = p.payload;
    const flags = w[row + Row.FLAGS] as number;
    if ((flags & Flag.CIPHERED) !== 0) {
      // A record header (5) and an explicit nonce (8, TLS 1.2) may lie in the window.
      this.content = Content.CIPHER;
      this.octets = 11;
      return;
    }
    const seq = be32(bytes, p.l4 + 4);
    if (kind === Kind.UNKNOWN) {
      const looked = ((w[row + Row.LOOKED] as number) & 255) + 1;
      w[row + Row.LOOKED] = ((w[row + Row.LOOKED] as number) & ~255) | looked;
      const type = bytes[at + 5] as number;
      if (bytes[at] === 0x16 && bytes[at + 1] === 3 && (type === 1 || type === 2)) {
        w[row + Row.KIND] = Kind.TLS;
        w[row + Row.FLAGS] = flags | Flag.HELLO;
        w[row + Row.STATE] = seq;
      } else if (be32(bytes, at) === 0x5353482d) {
        w[row + Row.KIND] = Kind.SSH;
        w[row + Row.FLAGS] = flags | Flag.HELLO;
        let line = at;
        while (line < end && bytes[line] !== 0x0a) line++;
        w[row + Row.STATE] = (seq + (line + 1 - at)) | 0;
      } else {
        if (looked > 3) w[row + Row.KIND] = Kind.OTHER;
        return;
      }
    }
    const now = w[row + Row.KIND] as number;
    if (now === Kind.TLS && bytes[at] === 0x16 && bytes[at + 1] === 3 && ((bytes[at + 5] as number) === 1 || bytes[at + 5] === 2)) {
      // record 5, handshake header 4, legacy version 2, then 32 octets of random, of which 13 are in the window
      this.content = Content.TLS_RANDOM;
      this.octets = 13;
    }
    const skip = ((w[row + Row.STATE] as number) - seq) | 0;
    if (skip < 0 || skip > 0x100000) return;
    let pos = at + skip;
    let done = false;
    for (let i = 0; i < 64 && pos + 6 <= end; i++) {
      if (now === Kind.TLS) {
        const type = bytes[pos] as number;
        if (type < 20 || type > 24 || bytes[pos + 1] !== 3) {
          w[row + Row.KIND] = Kind.OTHER;
          return;
        }
        // Everything after ChangeCipherSpec, and all application data, is ciphertext, once both hellos were seen.
        if (type === 20 || type === 23) done = true;
        pos += 5 + (((bytes[pos + 3] as number) << 8) | (bytes[pos + 4] as number));
      } else {
        const length = be32(bytes, pos);
        if (length < 2 || length > 0x40000) {
          w[row + Row.KIND] = Kind.OTHER;
          return;
        }
        if (bytes[pos + 5] === 21) done = true;
        pos += 4 + length;
      }
      if (done) break;
    }
    w[row + Row.STATE] = (seq + (pos - at)) | 0;
    if (done && ((w[row + Row.FLAGS] as number) & Flag.HELLO) !== 0 && (this.partnerFlags(w, row) & Flag.HELLO) !== 0) {
      w[row + Row.FLAGS] = (w[row + Row.FLAGS] as number) | Flag.CIPHERED;
    }
  }

  private udp(w: Int32Array, row: number, kind: number, p: InnerPacket): void {
    const { bytes } = p;
    const at = p.payload;
    if (kind === Kind.DNS) {
      this.content = Content.DNS;
      return;
    }
    const first = bytes[at] as number;
    const n = p.payloadLength;
    if (kind === Kind.UNKNOWN) {
      const looked = ((w[row + Row.LOOKED] as number) & 255) + 1;
      w[row + Row.LOOKED] = ((w[row + Row.LOOKED] as number) & ~255) | looked;
      if ((first & 0xc0) === 0xc0 && n >= 40 && be32(bytes, at + 1) !== 0) w[row + Row.KIND] = Kind.QUIC;
      else if (first >= 20 && first <= 25 && bytes[at + 1] === 0xfe && n >= 13) w[row + Row.KIND] = Kind.DTLS;
      else if ((first === 1 && n === 148) || (first === 2 && n === 92)) w[row + Row.KIND] = Kind.WIREGUARD;
      else if (
        (p.srcPort === Port.IKE || p.dstPort === Port.IKE || p.srcPort === Port.IPSEC_NAT || p.dstPort === Port.IPSEC_NAT) &&
        n >= 28
      )
        w[row + Row.KIND] = Kind.IKE;
      else if (first >> 6 === 2 && n >= 20 && ((bytes[at + 1] as number) & 0x7f) !== 72) {
        // RTP (RFC 3550 §5.1) when two packets in a row have the next sequence number and the same SSRC.
        const sequence = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
        const ssrc = be32(bytes, at + 8);
        const { sources } = this.flows;
        const slot = row / ROW_WORDS;
        if (looked > 1 && w[row + Row.STATE] === sequence && sources[slot] === ssrc) w[row + Row.KIND] = Kind.RTP;
        w[row + Row.STATE] = (sequence + 1) & 0xffff;
        sources[slot] = ssrc;
        if (looked > 16) w[row + Row.KIND] = Kind.OTHER;
      } else if (looked > 4) w[row + Row.KIND] = Kind.OTHER;
    }
    switch (w[row + Row.KIND] as number) {
      case Kind.RTP:
        this.content = Content.RTP;
        this.octets = startsAtRandom(((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number), be32(bytes, at + 4) >>> 0);
        return;
      case Kind.QUIC: {
        // Long header (RFC 9000 §17.2): flags 1, version 4, DCID length 1, DCID, SCID length 1, SCID.
        if ((first & 0x80) !== 0) {
          const dcid = bytes[at + 5] as number;
          const scidAt = at + 6 + dcid;
          if (dcid <= 20 && scidAt < p.end && (bytes[scidAt] as number) <= 20) w[row + Row.STATE] = (bytes[scidAt] as number) + 1;
          w[row + Row.FLAGS] = (w[row + Row.FLAGS] as number) | Flag.HELLO;
          return;
        }
        const r = this.flows.rowOf(w[row + Row.REVERSE] as number);
        if (r < 0 || (first & 0x40) === 0 || ((w[r + Row.FLAGS] as number) & Flag.HELLO) === 0 || (w[r + Row.STATE] as number) === 0)
          return;
        this.cipher(1 + (w[r + Row.STATE] as number) - 1);
        return;
      }
      case Kind.DTLS:
        if (first === 22) w[row + Row.FLAGS] = (w[row + Row.FLAGS] as number) | Flag.HELLO;
        if ((this.partnerFlags(w, row) & Flag.HELLO) === 0 || ((w[row + Row.FLAGS] as number) & Flag.HELLO) === 0) return;
        if (first === 23) this.cipher(21);
        else if (first >> 6 === 2) this.cipher(12);
        return;
      case Kind.WIREGUARD:
        if (first === 1 || first === 2) w[row + Row.FLAGS] = (w[row + Row.FLAGS] as number) | Flag.HELLO;
        else if (first === 4 && (this.partnerFlags(w, row) & Flag.HELLO) !== 0) this.cipher(16);
        return;
      case Kind.IKE: {
        // On 4500 four zero octets stand before IKE (RFC 3948 §2.2); exchange type 35 is IKE_AUTH (RFC 7296 §3.1).
        const marked = be32(bytes, at) === 0 ? 4 : 0;
        if (p.srcPort !== Port.IPSEC_NAT && p.dstPort !== Port.IPSEC_NAT) return;
        if (marked === 4) {
          if (n > 22 && at + 23 <= p.end && bytes[at + 4 + 18] === 35) w[row + Row.FLAGS] = (w[row + Row.FLAGS] as number) | Flag.HELLO;
        } else if (n > 24 && (this.partnerFlags(w, row) & Flag.HELLO) !== 0) this.cipher(16);
        return;
      }
      default:
    }
  }

  private cipher(skip: number): void {
    if (skip >= 24) return;
    this.content = Content.CIPHER;
    this.octets = 24 - skip;
  }
}

/**
 * RFC 3550 §5.1: the first sequence number and timestamp SHOULD be random. A sender that starts them at zero has low ones for long: a timestamp is taken for
 * random from 2^28 on (50 minutes at 90 kHz, nine hours at 8 kHz), a sequence number beside such a timestamp from 2^12 on. A step of `RTP_BITS`.
 */
function startsAtRandom(sequence: number, timestamp: number): number {
  if (timestamp < 2 ** 28) return 0;
  return sequence < 2 ** 12 ? 1 : 2;
}

function be32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
