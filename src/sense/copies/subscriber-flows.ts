/**
 * Flows of subscribers: one direction of one inner 5-tuple, with what its content is worth as evidence (`flow-content.ts`).
 *
 * A ring like the match table: flows are numbered in the order in which they were first seen, a slot is given anew when
 * the number runs over, and a number that its slot no longer holds is a flow that was forgotten. `offered` counts all that
 * ever were: it is the F_a of the trials (a flow seen again after it was forgotten counts twice, which only costs bits).
 */
import { scaled } from "#model/room.ts";
import { addressText } from "#bytes/address.ts";
import type { InnerPacket } from "#sense/prints/inner-packet.ts";
import { Flag, Kind, Row, ROW_WORDS } from "./flow-row.ts";
import { limits } from "./limits.ts";
import { SubscriberNumbers } from "./subscriber-numbers.ts";
import { Port } from "#model/ports.ts";

/** Flows fetched ahead at a time. */
const GROUP = 4;
/** Buckets a flow: half of all flows are new ones in some networks, and must not meet others' rows before that is known. */
const BUCKETS = 2;
/** Flows of a chain looked at. */
const STEPS = 64;

export class SubscriberFlows {
  /** Flows ever seen. */
  offered = 0;
  /** Flows that ever carried payload. */
  withPayload = 0;
  readonly subscribers: SubscriberNumbers;

  /** Rows of all flows, `ROW_WORDS` each, and by slot the RTP source of the packet before. New arrays after `create`: not to be kept. */
  words: Int32Array;
  sources: Int32Array;
  /** Where the row of the flow last found or created begins. */
  row = 0;

  /** Source and destination of IPv6 flows, four words each, by slot; taken with the first one. */
  private addresses6 = new Int32Array(0);
  private heads: Int32Array;
  private capacity: number;
  private mask: number;
  private readonly max: number;
  private readonly seed: number;
  private readonly key = new Int32Array(5);
  /** Subscribers of the flows announced two groups ago, whose packets come next. */
  readonly nearing: Int32Array = new Int32Array(GROUP);
  /** Buckets that were announced, those announced before them, whose heads are in the cache by now, and before these, whose flows are. */
  private coming = new Int32Array(GROUP);
  private before = new Int32Array(GROUP);
  private next = new Int32Array(GROUP);
  private announced = 0;
  protected loaded = 0;

  /** `passed`: addresses that passed from one subscriber to another (`Advice`). */
  constructor(seed: number, passed: readonly string[], max: number = scaled(limits.flows)) {
    this.subscribers = new SubscriberNumbers(passed);
    this.seed = seed | 0;
    this.max = max;
    this.capacity = Math.min(1024, max);
    this.mask = this.capacity - 1;
    this.words = new Int32Array(this.capacity * ROW_WORDS);
    this.sources = new Int32Array(this.capacity);
    this.heads = new Int32Array(this.capacity * BUCKETS);
  }

  get bytes(): number {
    return this.capacity * (ROW_WORDS + 1 + BUCKETS) * 4 + this.addresses6.length * 4;
  }

  /** Where the flow's row begins if the number is still known, else -1. */
  rowOf(number: number): number {
    if (number <= 0) return -1;
    const b = (number & this.mask) * ROW_WORDS;
    return this.words[b + Row.NUMBER] === number ? b : -1;
  }

  /** Loads the flow's row into the cache; what it answers means nothing. */
  near(number: number): number {
    const b = (number & this.mask) * ROW_WORDS;
    return (this.words[b] as number) ^ (this.words[b + Row.WINDOWS] as number);
  }

  /**
   * Says that an IPv4 packet at `at` comes some packets later, so that the processor fetches its flow while others are worked on. Changes nothing but
   * `nearing`, and answers whether it did.
   */
  approach(bytes: Uint8Array, at: number): boolean {
    this.coming[this.announced] = this.bucket(
      be32(bytes, at + 12),
      be32(bytes, at + 16),
      be32(bytes, at + 20),
      4 | ((bytes[at + 9] as number) << 8),
    );
    if (++this.announced < GROUP) return false;
    this.announced = 0;
    this.fetch();
    return true;
  }

  /** Loads buckets of one group, rows of the group before, subscribers of the one before that, all in one go: only then do the cache misses overlap. */
  private fetch(): void {
    const { coming, before, next, nearing, heads, words, mask } = this;
    let all = 0;
    for (let i = 0; i < GROUP; i++) {
      all ^= heads[coming[i] as number] as number;
      all ^= words[((heads[before[i] as number] as number) & mask) * ROW_WORDS] as number;
      nearing[i] = words[((heads[next[i] as number] as number) & mask) * ROW_WORDS + Row.SUBSCRIBER] as number;
    }
    // Kept, or the compiler would leave the loads out.
    this.loaded = all;
    this.coming = next;
    this.before = coming;
    this.next = before;
  }

  /** The number of the packet's flow, 0 if it was never seen (or is forgotten). */
  find(p: InnerPacket): number {
    this.fill(p, false);
    const k = this.key;
    return this.seek(k[0] as number, k[1] as number, k[2] as number, k[3] as number, k[4] as number);
  }

  private fill(p: InnerPacket, reversed: boolean): void {
    const k = this.key;
    const { bytes } = p;
    const src = reversed ? p.dst : p.src;
    const dst = reversed ? p.src : p.dst;
    if (p.version === 4) {
      k[0] = be32(bytes, src);
      k[1] = be32(bytes, dst);
      k[3] = 4 | (p.protocol << 8);
      k[4] = 0;
    } else {
      // Two independent 32-bit mixes of each address; a collision would only join two flows' counts.
      k[0] = mix6(bytes, src, this.seed);
      k[1] = mix6(bytes, dst, this.seed);
      k[3] = 6 | (p.protocol << 8);
      k[4] = mix6(bytes, src, ~this.seed) ^ Math.imul(mix6(bytes, dst, ~this.seed), 0x9e3779b1);
    }
    // Later fragments have no ports: they are a flow of their own.
    const ported = p.fragment <= 1;
    const sp = ported ? p.srcPort : 0;
    const dp = ported ? p.dstPort : 0;
    k[2] = reversed ? (dp << 16) | sp : (sp << 16) | dp;
  }

  private bucket(source: number, destination: number, ports: number, rest: number): number {
    let h = this.seed ^ source;
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b) ^ destination;
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) ^ ports;
    h = Math.imul(h ^ (h >>> 16), 0x27d4eb2f) ^ rest;
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
    return (h ^ (h >>> 14)) & (this.heads.length - 1);
  }

  private seek(a: number, b: number, c: number, d: number, e: number): number {
    const { words, mask } = this;
    let n = this.heads[this.bucket(a, b, c, d ^ e)] as number;
    for (let i = 0; i < STEPS && n !== 0; i++) {
      const r = (n & mask) * ROW_WORDS;
      if (words[r + Row.NUMBER] !== n) return 0;
      if (words[r] === a && words[r + 1] === b && words[r + 2] === c && words[r + 3] === d && words[r + 4] === e) {
        this.row = r;
        return n;
      }
      n = words[r + Row.NEXT] as number;
    }
    return 0;
  }

  /** Numbers a flow that `find` does not know. `side`: 1 the source is the subscriber, 2 the destination is, 0 unknown. */
  create(p: InnerPacket, side: number): number {
    if (this.offered >= this.capacity - 1 && this.capacity < this.max) this.grow();
    const number = ++this.offered;
    const slot = number & this.mask;
    const b = slot * ROW_WORDS;
    const w = this.words;
    const { key, subscribers } = this;
    if (w[b + Row.NUMBER] !== 0) this.forget(slot);
    this.fill(p, true);
    const reverse = this.seek(key[0] as number, key[1] as number, key[2] as number, key[3] as number, key[4] as number);
    this.fill(p, false);
    for (let i = 0; i < 5; i++) w[b + i] = key[i] as number;
    w[b + Row.NUMBER] = number;
    this.chain(b, number);
    w[b + Row.REVERSE] = reverse;
    let up = side;
    const r = this.rowOf(reverse);
    if (r >= 0) {
      w[r + Row.REVERSE] = number;
      const flags = w[r + Row.FLAGS] as number;
      if (up === 0 && (flags & Flag.SIDE_KNOWN) !== 0) up = (flags & Flag.UPLINK) !== 0 ? 2 : 1;
    }
    if (up === 0) up = privateRange(p.bytes, p.dst, p.version) && !privateRange(p.bytes, p.src, p.version) ? 2 : 1;
    w[b + Row.FLAGS] = (up === 1 ? Flag.UPLINK : 0) | (side !== 0 ? Flag.SIDE_KNOWN : 0);
    if (p.version === 6) this.keepAddresses(p, slot);
    // The other direction's subscriber, if that is the same end: no look-up by address.
    const same = r >= 0 && (((w[r + Row.FLAGS] as number) & Flag.UPLINK) !== 0) === (up === 2);
    const s = same ? (w[r + Row.SUBSCRIBER] as number) : subscribers.of(p.bytes, up === 1 ? p.src : p.dst, p.version);
    w[b + Row.SUBSCRIBER] = s;
    subscribers.flows[s] = (subscribers.flows[s] as number) + 1;
    if (p.protocol === 17 && (p.srcPort === Port.DNS || p.dstPort === Port.DNS)) w[b + Row.KIND] = Kind.DNS;
    this.row = b;
    return number;
  }

  private forget(slot: number): void {
    const row = slot * ROW_WORDS;
    const { forgottenPrints } = this.subscribers;
    const s = this.words[row + Row.SUBSCRIBER] as number;
    forgottenPrints[s] = (forgottenPrints[s] as number) + (this.words[row + Row.OFFERED] as number);
    // A loop: `fill` costs more than these few words (Node 24).
    for (let i = 0; i < ROW_WORDS; i++) this.words[row + i] = 0;
    this.sources[slot] = 0;
  }

  private keepAddresses(p: InnerPacket, slot: number): void {
    if (this.addresses6.length === 0) this.addresses6 = new Int32Array(this.capacity * 8);
    for (let i = 0; i < 4; i++) {
      this.addresses6[slot * 8 + i] = be32(p.bytes, p.src + i * 4);
      this.addresses6[slot * 8 + 4 + i] = be32(p.bytes, p.dst + i * 4);
    }
  }

  private chain(row: number, number: number): void {
    const w = this.words;
    const bucket = this.bucket(
      w[row] as number,
      w[row + 1] as number,
      w[row + 2] as number,
      (w[row + 3] as number) ^ (w[row + 4] as number),
    );
    w[row + Row.NEXT] = this.heads[bucket] as number;
    this.heads[bucket] = number;
  }

  private grow(): void {
    const oldMask = this.mask;
    const { words, sources, addresses6 } = this;
    this.capacity = Math.min(this.capacity * 4, this.max);
    this.mask = this.capacity - 1;
    this.words = new Int32Array(this.capacity * ROW_WORDS);
    this.sources = new Int32Array(this.capacity);
    this.heads = new Int32Array(this.capacity * BUCKETS);
    if (addresses6.length > 0) this.addresses6 = new Int32Array(this.capacity * 8);
    for (let n = Math.max(1, this.offered - oldMask); n <= this.offered; n++) {
      const from = n & oldMask;
      const to = n & this.mask;
      for (let i = 0; i < ROW_WORDS; i++) this.words[to * ROW_WORDS + i] = words[from * ROW_WORDS + i] as number;
      if (addresses6.length > 0) for (let i = 0; i < 8; i++) this.addresses6[to * 8 + i] = addresses6[from * 8 + i] as number;
      this.sources[to] = sources[from] as number;
      this.chain(to * ROW_WORDS, n);
    }
  }

  // --- of the flow whose row begins at `row`

  /** Counts one packet offered, seen on an explained way (a `Seen` bit). */
  offer(row: number, seen: number): void {
    const w = this.words;
    w[row + Row.OFFERED] = (w[row + Row.OFFERED] as number) + 1;
    w[row + Row.SEEN] = (w[row + Row.SEEN] as number) | seen;
  }
  /** Counts `windows` more prints offered. */
  offerWindows(row: number, windows: number): void {
    this.words[row + Row.OFFERED] = (this.words[row + Row.OFFERED] as number) + windows;
  }
  /** Subscriber's number << 1, plus 1 for downlink; 0 where nobody is known. */
  train(row: number): number {
    const s = this.words[row + Row.SUBSCRIBER] as number;
    return s === 0 ? 0 : (s << 1) | (((this.words[row + Row.FLAGS] as number) & Flag.UPLINK) !== 0 ? 0 : 1);
  }
  /**
   * Whether windows are to be taken of this packet's `octets` of ciphertext: of all of a flow's first ones, then of one packet in 16; at one place
   * only (`place`: point and kind of way, not 0), as further legs show the same octets again. `beginningOnly`: none of the rest.
   */
  windowTurn(row: number, place: number, octets: number, beginningOnly: boolean): boolean {
    const w = this.words;
    const looked = w[row + Row.LOOKED] as number;
    if (looked >>> 8 === 0) w[row + Row.LOOKED] = looked | (place << 8);
    else if (looked >>> 8 !== place) return false;
    const taken = w[row + Row.WINDOWS] as number;
    if ((taken & 0xffff) < limits.contentOctets) {
      w[row + Row.WINDOWS] = taken + octets;
      return true;
    }
    if (beginningOnly) return false;
    w[row + Row.WINDOWS] = taken + 0x10000;
    return (taken >>> 16) % limits.contentEvery === 0;
  }

  // --- of flow `number`, if it is still known

  private field(number: number, field: number): number {
    const r = this.rowOf(number);
    return r < 0 ? 0 : (this.words[r + field] as number);
  }
  offeredOf(number: number): number {
    return Math.max(1, this.field(number, Row.OFFERED));
  }
  subscriberOf(number: number): number {
    return this.field(number, Row.SUBSCRIBER);
  }
  uplink(number: number): boolean {
    return (this.field(number, Row.FLAGS) & Flag.UPLINK) !== 0;
  }
  /** `Seen` bits. */
  seen(number: number): number {
    return this.field(number, Row.SEEN);
  }
  reverse(number: number): number {
    return this.field(number, Row.REVERSE);
  }
  /** IP version | protocol << 8; 0 where the flow is forgotten. */
  protocol(number: number): number {
    return this.field(number, Row.PROTOCOL);
  }
  /** Port of the side that is not the subscriber. */
  remotePort(number: number): number {
    const ports = this.field(number, Row.KEY + 2);
    return this.uplink(number) ? ports & 0xffff : ports >>> 16;
  }
  /** Writes the address of the side that is not the subscriber, as four words of which IPv4 uses the first. */
  remoteAddress(number: number, to: Int32Array, at: number): void {
    const row = this.rowOf(number);
    const up = this.uplink(number);
    for (let i = 0; i < 4; i++) to[at + i] = 0;
    if (row < 0) return;
    if ((this.protocol(number) & 255) === 4) to[at] = this.words[row + (up ? 1 : 0)] as number;
    else for (let i = 0; i < 4; i++) to[at + i] = this.addresses6[(number & this.mask) * 8 + (up ? 4 : 0) + i] as number;
  }

  /** Prints that each subscriber's flows ever offered, by number. */
  printsBySubscriber(): Float64Array {
    const prints = this.subscribers.forgottenPrints.slice();
    for (let n = Math.max(1, this.offered - this.mask); n <= this.offered; n++) {
      const r = this.rowOf(n);
      if (r < 0) continue;
      const s = this.words[r + Row.SUBSCRIBER] as number;
      prints[s] = (prints[s] as number) + (this.words[r + Row.OFFERED] as number);
    }
    return prints;
  }
}

/** Text of an address of four words (IPv4: the first of them). */
export function addressOfWords(words: Int32Array, at: number, version: number): string {
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 16; i++) bytes[i] = ((words[at + (i >> 2)] as number) >>> (24 - (i & 3) * 8)) & 255;
  return addressText(bytes, 0, version);
}

function be32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
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
