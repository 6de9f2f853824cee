/**
 * Flows of subscribers: one direction of one inner 5-tuple, with what its content is worth as evidence.
 *
 * A ring like the match table: flows are numbered in the order in which they were first seen, a slot is given anew when
 * the number runs over, and a number that its slot no longer holds is a flow that was forgotten. `offered` counts all that
 * ever were: it is the F_a of the trials (a flow seen again after it was forgotten counts twice, which only costs bits).
 */
import type { InnerPacket } from "#track/prints/inner-packet.ts";
import { limits } from "./limits.ts";

/** What the octets of a flow are, as evidence (`method.md` §2). */
export const Content = {
  /** Nothing known: everybody's octets. */
  PLAIN: 0,
  /** After a handshake that was seen: TLS, QUIC 1-RTT, SSH, DTLS, SRTP, WireGuard, ESP in UDP. */
  CIPHER: 1,
  /** A TLS hello: its random is in the window. */
  TLS_RANDOM: 2,
  DNS: 3,
  RTP: 4,
} as const;

/** What a flow is known to be, from its first packets. */
const Kind = {
  UNKNOWN: 0,
  TLS: 1,
  SSH: 2,
  QUIC: 3,
  DTLS: 4,
  WIREGUARD: 5,
  IKE: 6,
  DNS: 7,
  RTP: 8,
  OTHER: 9,
} as const;

const F = {
  KEY: 0,
  /** Number of the flow, to tell whether the slot is still its. */
  NUMBER: 5,
  NEXT: 6,
  KIND: 7,
  /** 1 own hello seen, 2 ciphertext from here on, 4 subscriber is the source, 8 subscriber side known. */
  FLAGS: 8,
  /** Packets whose prints were offered. */
  OFFERED: 9,
  SUBSCRIBER: 10,
  /** The other direction's number, 0 unknown. */
  REVERSE: 11,
  /** TLS, SSH: sequence number at which the next record begins. QUIC: length of this side's own connection id + 1. RTP: last sequence number + 1. */
  STATE: 12,
  /** Packets looked at for content so far (8 bits); place at which windows are taken (24). */
  LOOKED: 13,
  /** Ways on which packets of this flow were seen: bit 0 plain link, bit 1 tunnel (explained ones only), bit 2 with payload. */
  SEEN: 14,
  /** Octets from which windows were taken (16 bits), packets of ciphertext since (16). */
  WINDOWS: 15,
} as const;
/** One cache line: what every packet touches. */
const STRIDE = 16;

/** What few packets touch: addresses (4 words each), and for RTP the SSRC of the packet before. */
const C = { SRC: 0, DST: 4, SSRC: 8 } as const;
const COLD = 9;

const HELLO = 1;
const CIPHERED = 2;
const UPLINK = 4;
const SIDE_KNOWN = 8;

export const Seen = { PLAIN: 1, TUNNEL: 2 } as const;

export class SubscriberFlows {
  /** Flows ever seen. */
  offered = 0;
  /** Flows that ever carried payload, by subscriber number, and of all. */
  withPayload = 0;

  /** What the packet last given to `classify` is worth: a `Content` value, and octets of its payload window that count. */
  content = 0;
  octets = 0;

  private words: Int32Array;
  private cold: Int32Array;
  private heads: Int32Array;
  private capacity: number;
  private mask: number;
  private readonly ahead = new Int32Array(8);
  private aheadAt = 0;
  protected loaded = 0;
  private readonly max: number;
  private readonly seed: number;
  private readonly key = new Int32Array(5);
  private readonly subscriberByIpv4 = new Map<number, number>();
  private readonly subscriberByAddress = new Map<string, number>();
  private readonly subscriberAddress: string[] = [""];
  flowsOfSubscriber = new Int32Array(1024);
  printsOfSubscriber = new Int32Array(1024);
  payloadFlowsOfSubscriber = new Int32Array(1024);

  constructor(seed: number, max: number = limits.flows) {
    this.seed = seed | 0;
    this.max = max;
    this.capacity = Math.min(1024, max);
    this.mask = this.capacity - 1;
    this.words = new Int32Array(this.capacity * STRIDE);
    this.cold = new Int32Array(this.capacity * COLD);
    this.heads = new Int32Array(this.capacity);
  }

  get subscribers(): number {
    return this.subscriberAddress.length - 1;
  }
  get bytes(): number {
    return this.capacity * ((STRIDE + COLD) * 4 + 4);
  }

  /** The flow's slot base if the number is still known, else -1. */
  private at(number: number): number {
    if (number <= 0) return -1;
    const b = (number & this.mask) * STRIDE;
    return this.words[b + F.NUMBER] === number ? b : -1;
  }

  /**
   * Says that an IPv4 packet at `at` comes some packets later: loads its bucket now, and the flow of the packet named eight calls ago, so
   * that the processor fetches both while others are worked on. Changes nothing.
   */
  approach(bytes: Uint8Array, at: number): void {
    // The key as `fill` writes it, and the hash of `bucket`.
    let h = this.seed ^ be32(bytes, at + 12);
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b) ^ be32(bytes, at + 16);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) ^ be32(bytes, at + 20);
    h = Math.imul(h ^ (h >>> 16), 0x27d4eb2f) ^ (4 | ((bytes[at + 9] as number) << 8));
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
    const bucket = (h ^ (h >>> 14)) & this.mask;
    const { ahead, heads } = this;
    const number = heads[ahead[this.aheadAt] as number] as number;
    const word = this.words[(number & this.mask) * STRIDE] as number;
    ahead[this.aheadAt] = bucket;
    this.aheadAt = (this.aheadAt + 1) & 7;
    // Kept, or the compiler would leave the loads out.
    this.loaded = word ^ (heads[bucket] as number);
  }

  /** The number of the packet's flow, 0 if it was never seen (or is forgotten). */
  find(p: InnerPacket): number {
    this.fill(p, false);
    return this.lookup(this.bucket());
  }

  private fill(p: InnerPacket, reversed: boolean): void {
    const k = this.key;
    const { bytes } = p;
    const src = reversed ? p.dst : p.src;
    const dst = reversed ? p.src : p.dst;
    const fragment = p.fragment > 1;
    if (p.version === 4) {
      k[0] = be32(bytes, src);
      k[1] = be32(bytes, dst);
      k[3] = 4 | (p.protocol << 8);
    } else {
      // Two independent 32-bit mixes of each address; a collision would only join two flows' counts.
      k[0] = mix6(bytes, src, this.seed);
      k[1] = mix6(bytes, dst, this.seed);
      k[4] = mix6(bytes, src, ~this.seed) ^ Math.imul(mix6(bytes, dst, ~this.seed), 0x9e3779b1);
      k[3] = 6 | (p.protocol << 8);
    }
    if (p.version === 4) k[4] = 0;
    // Later fragments have no ports: they are a flow of their own.
    const sp = fragment ? 0 : p.srcPort;
    const dp = fragment ? 0 : p.dstPort;
    k[2] = reversed ? (dp << 16) | sp : (sp << 16) | dp;
  }

  private bucket(): number {
    const k = this.key;
    let h = this.seed ^ (k[0] as number);
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b) ^ (k[1] as number);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) ^ (k[2] as number);
    h = Math.imul(h ^ (h >>> 16), 0x27d4eb2f) ^ (k[3] as number) ^ (k[4] as number);
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
    return (h ^ (h >>> 14)) & this.mask;
  }

  private lookup(bucket: number): number {
    const k = this.key;
    const w = this.words;
    let n = this.heads[bucket] as number;
    for (let i = 0; i < 64 && n !== 0; i++) {
      const b = (n & this.mask) * STRIDE;
      if (w[b + F.NUMBER] !== n) return 0;
      if (w[b] === k[0] && w[b + 1] === k[1] && w[b + 2] === k[2] && w[b + 3] === k[3] && w[b + 4] === k[4]) return n;
      n = w[b + F.NEXT] as number;
    }
    return 0;
  }

  /** Numbers a flow that `find` does not know. `side`: 1 the source is the subscriber, 2 the destination is, 0 unknown. */
  create(p: InnerPacket, side: number): number {
    if (this.offered >= this.capacity - 1 && this.capacity < this.max) this.grow();
    const number = ++this.offered;
    const b = (number & this.mask) * STRIDE;
    const w = this.words;
    // Loops: `fill` and `set` cost more than these few words (Node 24).
    for (let i = 0; i < STRIDE; i++) w[b + i] = 0;
    const cold = this.cold;
    const c = (number & this.mask) * COLD;
    for (let i = 0; i < COLD; i++) cold[c + i] = 0;
    this.fill(p, true);
    const reverse = this.lookup(this.bucket());
    this.fill(p, false);
    const bucket = this.bucket();
    for (let i = 0; i < 5; i++) w[b + i] = this.key[i] as number;
    w[b + F.NUMBER] = number;
    w[b + F.NEXT] = this.heads[bucket] as number;
    this.heads[bucket] = number;
    w[b + F.REVERSE] = reverse;
    let up = side;
    if (reverse !== 0) {
      const r = this.at(reverse);
      if (r >= 0) {
        w[r + F.REVERSE] = number;
        if (up === 0 && ((w[r + F.FLAGS] as number) & SIDE_KNOWN) !== 0) up = ((w[r + F.FLAGS] as number) & UPLINK) !== 0 ? 2 : 1;
      }
    }
    if (up === 0) up = privateRange(p.bytes, p.dst, p.version) && !privateRange(p.bytes, p.src, p.version) ? 2 : 1;
    w[b + F.FLAGS] = (up === 1 ? UPLINK : 0) | (side !== 0 ? SIDE_KNOWN : 0);
    const words = p.version === 4 ? 1 : 4;
    for (let i = 0; i < words; i++) {
      cold[c + C.SRC + i] = be32(p.bytes, p.src + i * 4);
      cold[c + C.DST + i] = be32(p.bytes, p.dst + i * 4);
    }
    w[b + F.SUBSCRIBER] = this.subscriberOf(p.bytes, up === 1 ? p.src : p.dst, p.version);
    const s = w[b + F.SUBSCRIBER] as number;
    this.flowsOfSubscriber[s] = (this.flowsOfSubscriber[s] as number) + 1;
    if (p.protocol === 17 && (p.srcPort === 53 || p.dstPort === 53)) w[b + F.KIND] = Kind.DNS;
    return number;
  }

  private subscriberOf(bytes: Uint8Array, at: number, version: number): number {
    // Strings are made once a subscriber, not once a flow.
    const v4 = version === 4 ? be32(bytes, at) : 0;
    const known = version === 4 ? this.subscriberByIpv4.get(v4) : this.subscriberByAddress.get(formatAddress(bytes, at, version));
    if (known !== undefined) return known;
    // Past the limit all further addresses share number 0: they are counted, not told apart.
    if (this.subscriberAddress.length >= limits.learnedAddresses) return 0;
    const s = this.subscriberAddress.length;
    const address = formatAddress(bytes, at, version);
    this.subscriberAddress.push(address);
    if (s >= this.flowsOfSubscriber.length) {
      this.flowsOfSubscriber = doubled(this.flowsOfSubscriber);
      this.printsOfSubscriber = doubled(this.printsOfSubscriber);
      this.payloadFlowsOfSubscriber = doubled(this.payloadFlowsOfSubscriber);
    }
    if (version === 4) this.subscriberByIpv4.set(v4, s);
    else this.subscriberByAddress.set(address, s);
    return s;
  }

  private grow(): void {
    const capacity = Math.min(this.capacity * 4, this.max);
    const words = new Int32Array(capacity * STRIDE);
    const cold = new Int32Array(capacity * COLD);
    const heads = new Int32Array(capacity);
    const old = this.words;
    const oldCold = this.cold;
    const oldMask = this.mask;
    this.words = words;
    this.cold = cold;
    this.heads = heads;
    this.capacity = capacity;
    this.mask = capacity - 1;
    for (let n = Math.max(1, this.offered - oldMask); n <= this.offered; n++) {
      const from = (n & oldMask) * STRIDE;
      const b = (n & this.mask) * STRIDE;
      for (let i = 0; i < STRIDE; i++) words[b + i] = old[from + i] as number;
      for (let i = 0; i < COLD; i++) cold[(n & this.mask) * COLD + i] = oldCold[(n & oldMask) * COLD + i] as number;
      for (let i = 0; i < 5; i++) this.key[i] = words[b + i] as number;
      const bucket = this.bucket();
      words[b + F.NEXT] = heads[bucket] as number;
      heads[bucket] = n;
    }
  }

  /** Counts one packet offered, seen on an explained way (`Seen` bit, 0 none). */
  offer(number: number, seen: number): void {
    const b = this.at(number);
    if (b < 0) return;
    const w = this.words;
    w[b + F.OFFERED] = (w[b + F.OFFERED] as number) + 1;
    w[b + F.SEEN] = (w[b + F.SEEN] as number) | seen;
    const s = w[b + F.SUBSCRIBER] as number;
    this.printsOfSubscriber[s] = (this.printsOfSubscriber[s] as number) + 1;
  }

  offeredOf(number: number): number {
    const b = this.at(number);
    return b < 0 ? 1 : Math.max(1, this.words[b + F.OFFERED] as number);
  }
  subscriberNumber(number: number): number {
    const b = this.at(number);
    return b < 0 ? 0 : (this.words[b + F.SUBSCRIBER] as number);
  }
  /** Subscriber's number << 1, plus 1 for downlink; 0 where nobody is known. */
  trainOf(number: number): number {
    const b = this.at(number);
    if (b < 0) return 0;
    const s = this.words[b + F.SUBSCRIBER] as number;
    return s === 0 ? 0 : (s << 1) | (((this.words[b + F.FLAGS] as number) & UPLINK) !== 0 ? 0 : 1);
  }
  addressOf(subscriber: number): string {
    return this.subscriberAddress[subscriber] ?? "";
  }
  uplink(number: number): boolean {
    const b = this.at(number);
    return b >= 0 && ((this.words[b + F.FLAGS] as number) & UPLINK) !== 0;
  }
  seen(number: number): number {
    const b = this.at(number);
    return b < 0 ? 0 : (this.words[b + F.SEEN] as number);
  }
  reverse(number: number): number {
    const b = this.at(number);
    return b < 0 ? 0 : (this.words[b + F.REVERSE] as number);
  }
  protocolOf(number: number): number {
    const b = this.at(number);
    return b < 0 ? 0 : ((this.words[b + 3] as number) >> 8) & 255;
  }
  /** Address and port of the side that is not the subscriber. */
  remote(number: number): { readonly address: string; readonly port: number } {
    const b = this.at(number);
    if (b < 0) return { address: "", port: 0 };
    const up = this.uplink(number);
    const ports = this.words[b + 2] as number;
    return { address: this.address(number, b, up ? C.DST : C.SRC), port: up ? ports & 0xffff : ports >>> 16 };
  }
  source(number: number): string {
    const b = this.at(number);
    return b < 0 ? "" : this.address(number, b, C.SRC);
  }
  destination(number: number): string {
    const b = this.at(number);
    return b < 0 ? "" : this.address(number, b, C.DST);
  }
  private address(number: number, b: number, field: number): string {
    const c = (number & this.mask) * COLD;
    const bytes = new Uint8Array(16);
    for (let i = 0; i < 16; i++) bytes[i] = ((this.cold[c + field + (i >> 2)] as number) >>> (24 - (i & 3) * 8)) & 255;
    return formatAddress(bytes, 0, (this.words[b + 3] as number) & 255);
  }
  /**
   * Whether windows are to be taken of this packet's `octets` of ciphertext: of all of a flow's first ones, then of one packet in 16; at one place
   * only (`place`: point and kind of way, not 0), as further legs show the same octets again.
   */
  windowTurn(number: number, place: number, octets: number): boolean {
    const b = this.at(number);
    if (b < 0) return false;
    const w = this.words;
    const looked = w[b + F.LOOKED] as number;
    if (looked >>> 8 === 0) w[b + F.LOOKED] = looked | (place << 8);
    else if (looked >>> 8 !== place) return false;
    const taken = w[b + F.WINDOWS] as number;
    if ((taken & 0xffff) < limits.contentOctets) {
      w[b + F.WINDOWS] = taken + octets;
      return true;
    }
    w[b + F.WINDOWS] = taken + 0x10000;
    return (taken >>> 16) % limits.contentEvery === 0;
  }

  /** Counts `windows` more prints offered. */
  offerWindows(number: number, windows: number): void {
    const b = this.at(number);
    if (b < 0) return;
    const w = this.words;
    w[b + F.OFFERED] = (w[b + F.OFFERED] as number) + windows;
    const s = w[b + F.SUBSCRIBER] as number;
    this.printsOfSubscriber[s] = (this.printsOfSubscriber[s] as number) + windows;
  }

  /**
   * Says in `content` and `octets` what this packet's payload window (its first 24 octets) is worth, and follows the
   * flow's handshake. Called for packets on explained ways only: what a suspect sends must not teach us anything.
   */
  classify(number: number, p: InnerPacket): void {
    this.content = Content.PLAIN;
    this.octets = 0;
    const b = this.at(number);
    if (b < 0 || p.payloadLength === 0 || p.fragment > 1) return;
    const w = this.words;
    if (((w[b + F.SEEN] as number) & 4) === 0) {
      w[b + F.SEEN] = (w[b + F.SEEN] as number) | 4;
      this.withPayload++;
      const s = w[b + F.SUBSCRIBER] as number;
      this.payloadFlowsOfSubscriber[s] = (this.payloadFlowsOfSubscriber[s] as number) + 1;
    }
    const kind = w[b + F.KIND] as number;
    if (kind === Kind.OTHER || p.payload + 8 > p.end) return;
    if (p.protocol === 6) this.tcp(w, b, kind, p);
    else if (p.protocol === 17) this.udp(w, b, kind, p);
  }

  private partnerFlags(w: Int32Array, b: number): number {
    const r = this.at(w[b + F.REVERSE] as number);
    return r < 0 ? 0 : (w[r + F.FLAGS] as number);
  }

  /** RFC 8446 §5.1: type 1, version 2, length 2. RFC 4253 §6: length 4, padding 1, type 1 (21 is NEWKEYS). */
  private tcp(w: Int32Array, b: number, kind: number, p: InnerPacket): void {
    const { bytes, end } = p;
    const at = p.payload;
    const flags = w[b + F.FLAGS] as number;
    if ((flags & CIPHERED) !== 0) {
      // A record header (5) and an explicit nonce (8, TLS 1.2) may lie in the window.
      this.content = Content.CIPHER;
      this.octets = 11;
      return;
    }
    const seq = be32(bytes, p.l4 + 4);
    if (kind === Kind.UNKNOWN) {
      const looked = ((w[b + F.LOOKED] as number) & 255) + 1;
      w[b + F.LOOKED] = ((w[b + F.LOOKED] as number) & ~255) | looked;
      const type = bytes[at + 5] as number;
      if (bytes[at] === 0x16 && bytes[at + 1] === 3 && (type === 1 || type === 2)) {
        w[b + F.KIND] = Kind.TLS;
        w[b + F.FLAGS] = flags | HELLO;
        w[b + F.STATE] = seq;
      } else if (be32(bytes, at) === 0x5353482d) {
        w[b + F.KIND] = Kind.SSH;
        w[b + F.FLAGS] = flags | HELLO;
        let line = at;
        while (line < end && bytes[line] !== 0x0a) line++;
        w[b + F.STATE] = (seq + (line + 1 - at)) | 0;
      } else {
        if (looked > 3) w[b + F.KIND] = Kind.OTHER;
        return;
      }
    }
    const now = w[b + F.KIND] as number;
    if (now === Kind.TLS && bytes[at] === 0x16 && bytes[at + 1] === 3 && ((bytes[at + 5] as number) === 1 || bytes[at + 5] === 2)) {
      // record 5, handshake header 4, legacy version 2, then 32 octets of random, of which 13 are in the window
      this.content = Content.TLS_RANDOM;
      this.octets = 13;
    }
    const skip = ((w[b + F.STATE] as number) - seq) | 0;
    if (skip < 0 || skip > 0x100000) return;
    let pos = at + skip;
    let done = false;
    for (let i = 0; i < 64 && pos + 6 <= end; i++) {
      if (now === Kind.TLS) {
        const type = bytes[pos] as number;
        if (type < 20 || type > 24 || bytes[pos + 1] !== 3) {
          w[b + F.KIND] = Kind.OTHER;
          return;
        }
        // Everything after ChangeCipherSpec, and all application data, is ciphertext, once both hellos were seen.
        if (type === 20 || type === 23) done = true;
        pos += 5 + (((bytes[pos + 3] as number) << 8) | (bytes[pos + 4] as number));
      } else {
        const length = be32(bytes, pos);
        if (length < 2 || length > 0x40000) {
          w[b + F.KIND] = Kind.OTHER;
          return;
        }
        if (bytes[pos + 5] === 21) done = true;
        pos += 4 + length;
      }
      if (done) break;
    }
    w[b + F.STATE] = (seq + (pos - at)) | 0;
    if (done && ((w[b + F.FLAGS] as number) & HELLO) !== 0 && (this.partnerFlags(w, b) & HELLO) !== 0) {
      w[b + F.FLAGS] = (w[b + F.FLAGS] as number) | CIPHERED;
    }
  }

  private udp(w: Int32Array, b: number, kind: number, p: InnerPacket): void {
    const { bytes } = p;
    const at = p.payload;
    if (kind === Kind.DNS) {
      this.content = Content.DNS;
      return;
    }
    const first = bytes[at] as number;
    const n = p.payloadLength;
    if (kind === Kind.UNKNOWN) {
      const looked = ((w[b + F.LOOKED] as number) & 255) + 1;
      w[b + F.LOOKED] = ((w[b + F.LOOKED] as number) & ~255) | looked;
      if ((first & 0xc0) === 0xc0 && n >= 40 && be32(bytes, at + 1) !== 0) w[b + F.KIND] = Kind.QUIC;
      else if (first >= 20 && first <= 25 && bytes[at + 1] === 0xfe && n >= 13) w[b + F.KIND] = Kind.DTLS;
      else if ((first === 1 && n === 148) || (first === 2 && n === 92)) w[b + F.KIND] = Kind.WIREGUARD;
      else if ((p.srcPort === 500 || p.dstPort === 500 || p.srcPort === 4500 || p.dstPort === 4500) && n >= 28) w[b + F.KIND] = Kind.IKE;
      else if (first >> 6 === 2 && n >= 20 && ((bytes[at + 1] as number) & 0x7f) !== 72) {
        // RTP (RFC 3550 §5.1) when two packets in a row have the next sequence number and the same SSRC.
        const sequence = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
        const ssrc = be32(bytes, at + 8);
        const c = (b / STRIDE) * COLD + C.SSRC;
        if (looked > 1 && w[b + F.STATE] === sequence && this.cold[c] === ssrc) w[b + F.KIND] = Kind.RTP;
        w[b + F.STATE] = (sequence + 1) & 0xffff;
        this.cold[c] = ssrc;
        if (looked > 16) w[b + F.KIND] = Kind.OTHER;
      } else if (looked > 4) w[b + F.KIND] = Kind.OTHER;
    }
    switch (w[b + F.KIND] as number) {
      case Kind.RTP:
        this.content = Content.RTP;
        return;
      case Kind.QUIC: {
        // Long header (RFC 9000 §17.2): flags 1, version 4, DCID length 1, DCID, SCID length 1, SCID.
        if ((first & 0x80) !== 0) {
          const dcid = bytes[at + 5] as number;
          const scidAt = at + 6 + dcid;
          if (dcid <= 20 && scidAt < p.end && (bytes[scidAt] as number) <= 20) w[b + F.STATE] = (bytes[scidAt] as number) + 1;
          w[b + F.FLAGS] = (w[b + F.FLAGS] as number) | HELLO;
          return;
        }
        const r = this.at(w[b + F.REVERSE] as number);
        if (r < 0 || (first & 0x40) === 0 || ((w[r + F.FLAGS] as number) & HELLO) === 0 || (w[r + F.STATE] as number) === 0) return;
        this.cipher(1 + (w[r + F.STATE] as number) - 1);
        return;
      }
      case Kind.DTLS:
        if (first === 22) w[b + F.FLAGS] = (w[b + F.FLAGS] as number) | HELLO;
        if ((this.partnerFlags(w, b) & HELLO) === 0 || ((w[b + F.FLAGS] as number) & HELLO) === 0) return;
        if (first === 23) this.cipher(21);
        else if (first >> 6 === 2) this.cipher(12);
        return;
      case Kind.WIREGUARD:
        if (first === 1 || first === 2) w[b + F.FLAGS] = (w[b + F.FLAGS] as number) | HELLO;
        else if (first === 4 && (this.partnerFlags(w, b) & HELLO) !== 0) this.cipher(16);
        return;
      case Kind.IKE: {
        // On 4500 four zero octets stand before IKE (RFC 3948 §2.2); exchange type 35 is IKE_AUTH (RFC 7296 §3.1).
        const marked = be32(bytes, at) === 0 ? 4 : 0;
        if (p.srcPort !== 4500 && p.dstPort !== 4500) return;
        if (marked === 4) {
          if (n > 22 && at + 23 <= p.end && bytes[at + 4 + 18] === 35) w[b + F.FLAGS] = (w[b + F.FLAGS] as number) | HELLO;
        } else if (n > 24 && (this.partnerFlags(w, b) & HELLO) !== 0) this.cipher(16);
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

function be32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}

function doubled(counts: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(counts.length * 2);
  wider.set(counts);
  return wider;
}

function mix6(bytes: Uint8Array, at: number, seed: number): number {
  let h = seed;
  for (let i = 0; i < 16; i += 4) {
    h = Math.imul(h ^ be32(bytes, at + i), 0x85ebca6b);
    h ^= h >>> 15;
  }
  return Math.imul(h, 0xc2b2ae35);
}

/** RFC 1918, RFC 6598, fc00::/7: which side is the subscriber where nothing else tells. */
function privateRange(bytes: Uint8Array, at: number, version: number): boolean {
  const a = bytes[at] as number;
  const b = bytes[at + 1] as number;
  if (version === 6) return (a & 0xfe) === 0xfc;
  return a === 10 || (a === 172 && (b & 0xf0) === 16) || (a === 192 && b === 168) || (a === 100 && (b & 0xc0) === 64);
}

/** Dotted quad, or RFC 5952. */
export function formatAddress(bytes: Uint8Array, at: number, version: number): string {
  if (version === 4) return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
  const groups: number[] = [];
  for (let i = 0; i < 8; i++) groups.push(((bytes[at + i * 2] as number) << 8) | (bytes[at + i * 2 + 1] as number));
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && groups[i + n] === 0) n++;
    if (n > bestLength) {
      best = i;
      bestLength = n;
    }
  }
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((g) => g.toString(16))
      .join(":");
  return best < 0 ? hex(0, 8) : `${hex(0, best)}::${hex(best + bestLength, 8)}`;
}
