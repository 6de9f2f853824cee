/**
 * The evidence each carrier has against it: pairs with subscribers' flows (`pair-table.ts`), and what its packets have in common with
 * the originals: delay, TTL, frames. All of it is bounded, and none of it holds payload.
 */
import { Login } from "#bytes/login.ts";
import type { CopyPair } from "#model/copy.ts";
import { Content, RTP_BITS } from "./flow-row.ts";
import { FrameSet } from "./frame-set.ts";
import { limits } from "./limits.ts";
import { Pair, PairTable } from "./pair-table.ts";
import type { SubscriberFlows } from "./subscriber-flows.ts";

/** Legs of originals that are told apart for one carrier. */
const ORIGINAL_LEGS = 64;
/** TTL of the copy less that of the original: -8 or less, …, 8 or more. */
const TTL_REACH = 8;

/** What the originals on one leg show. */
export class Original {
  readonly leg: number;
  packets = 0;
  /** Packets by TTL of the copy less that of the original, from -8 on. */
  readonly ttl = new Int32Array(2 * TTL_REACH + 1);
  readonly delays: number[] = [];
  private stride = 1;

  constructor(leg: number) {
    this.leg = leg;
  }

  /** `ttlDelta`: NaN where the copy shows no TTL. */
  add(delay: number, ttlDelta: number): void {
    if (this.packets++ % this.stride === 0) {
      if (this.delays.length >= limits.delays) {
        // Every second one goes, and only every second one comes from now on: a sample spread over all the time.
        let n = 0;
        for (let i = 0; i < this.delays.length; i += 2) this.delays[n++] = this.delays[i] as number;
        this.delays.length = n;
        this.stride *= 2;
      }
      this.delays.push(delay);
    }
    if (Number.isNaN(ttlDelta)) return;
    const t = Math.max(0, Math.min(2 * TTL_REACH, ttlDelta + TTL_REACH));
    this.ttl[t] = (this.ttl[t] as number) + 1;
  }

  /** The commonest difference of TTL, and its share. */
  commonTtl(): { readonly delta: number; readonly share: number } {
    let best = 0;
    for (let i = 0; i < this.ttl.length; i++) if ((this.ttl[i] as number) > (this.ttl[best] as number)) best = i;
    return { delta: best - TTL_REACH, share: this.packets === 0 ? 0 : (this.ttl[best] as number) / this.packets };
  }
}

/** One subscriber's packets on one carrier. */
class SubscriberShare {
  /** A login in clear was among them. */
  login = false;
  readonly frames = new FrameSet();
  framesBeyond = 0;
  packets = 0;
  bytes = 0;
  firstMicros = Number.POSITIVE_INFINITY;
  lastMicros = Number.NEGATIVE_INFINITY;
}

/** What one match is worth, as the search found it. */
export interface Match {
  flow: number;
  /** By header print (else by payload alone), and whether payload prints agreed too. */
  byHeader: boolean;
  byPayload: boolean;
  /** A frame cut by the capture's snap length takes part. */
  weak: boolean;
  content: number;
  octets: number;
  protocol: number;
  /** TCP sequence and acknowledgement number of the packet at hand. */
  seq: number;
  ack: number;
  plainOthers: number;
  plainHolding: number;
}

export class Evidence {
  readonly leg: number;
  /** Distinct inputs with an original. */
  inputs = 0;
  packets = 0;
  bytes = 0;
  firstMicros = Number.POSITIVE_INFINITY;
  lastMicros = Number.NEGATIVE_INFINITY;
  /** Row of its first pair, 0 for none; the others follow by `Pair.NEXT_OF_LEG`. */
  firstPair = 0;
  readonly originals = new Map<number, Original>();
  readonly subscribers = new Map<number, SubscriberShare>();
  readonly samples: CopyPair[] = [];
  readonly transforms = new Set<string>();

  /** Flows whose sender asked for a password. */
  private readonly asked = new Set<number>();
  private lastPair = 0;
  private readonly pairs: PairTable;

  constructor(leg: number, pairs: PairTable) {
    this.leg = leg;
    this.pairs = pairs;
  }

  /** Row of the pair with this flow, 0 for none. */
  pairOf(flow: number): number {
    return this.pairs.find(this.leg, flow);
  }

  /** Whether it is known how many other subscribers hold what this pair's flow carries. */
  hasBackground(pair: number): boolean {
    return pair !== 0 && (this.pairs.words[pair + Pair.PLAIN_OTHERS] as number) >= 0;
  }

  /** A distinct input was matched for the first time. */
  match(row: number, m: Match): void {
    const w = this.pairs.words;
    if (m.weak) {
      count(w, row + Pair.WEAK);
      return;
    }
    count(w, row + Pair.MATCHES);
    if (!m.byHeader) count(w, row + Pair.BY_PAYLOAD);
    else if (!m.byPayload) count(w, row + Pair.SLICED);
    this.credit(w, row, m);
  }

  /** Row of the pair with this flow, made where there is none; 0 where the table is full. */
  pairFor(flow: number, flows: SubscriberFlows): number {
    const { pairs } = this;
    let row = pairs.find(this.leg, flow);
    if (row === 0) {
      row = pairs.add(this.leg, flow);
      if (row === 0) return 0;
      if (this.lastPair === 0) this.firstPair = row;
      else pairs.words[this.lastPair + Pair.NEXT_OF_LEG] = row;
      this.lastPair = row;
      const w = pairs.words;
      w[row + Pair.SUBSCRIBER] = flows.subscriberOf(flow);
      w[row + Pair.UPLINK] = flows.uplink(flow) ? 1 : 0;
      w[row + Pair.PROTOCOL] = flows.protocol(flow);
      w[row + Pair.REMOTE_PORT] = flows.remotePort(flow);
      w[row + Pair.SEEN] = flows.seen(flow);
      flows.remoteAddress(flow, w, row + Pair.REMOTE);
    }
    pairs.words[row + Pair.OFFERED] = flows.offeredOf(flow);
    return row;
  }

  /**
   * A window of content was found. `print`, `high`: its print, `octets`: 0 for plain content, `packet`: which packet of the flow held it. Answers 1 where that is a packet
   * not counted so far, 0 where only the frame is new, -1 where nothing was kept.
   */
  window(flow: number, octets: number, print: number, high: number, packet: number, flows: SubscriberFlows): number {
    const row = this.pairFor(flow, flows);
    if (row === 0) return -1;
    const w = this.pairs.words;
    const { credited, plain, packets } = this.pairs.windowsOf(row);
    if (!credited.includes(print)) {
      count(w, row + Pair.WINDOWS);
      if (credited.length < limits.windowsCredited) {
        credited.push(print);
        if (octets === 0) plain.push(print, high);
        w[row + Pair.WINDOW_CIPHER] = (w[row + Pair.WINDOW_CIPHER] as number) + octets * 8;
      }
    }
    // Packets that were found whole are counted already.
    if ((w[row + Pair.MATCHES] as number) > 0 || packets.has(packet) || packets.size >= limits.framesKept) return 0;
    packets.add(packet);
    return 1;
  }

  private credit(w: Int32Array, row: number, m: Match): void {
    if (m.byHeader && m.protocol === 6) raise(w, row + Pair.SEQUENCE, m.ack === 0 ? 32 : 64);
    if (m.content === Content.DNS) {
      raise(w, row + Pair.DNS, m.byHeader ? 30 : m.byPayload ? 16 : 0);
      return;
    }
    if (m.content === Content.RTP) {
      raise(w, row + Pair.SSRC, RTP_BITS[m.octets] ?? 0);
      return;
    }
    if (!m.byPayload) return;
    if (m.content === Content.TLS_RANDOM) raise(w, row + Pair.RANDOM, Math.min(224, m.octets * 8));
    else if (m.content === Content.CIPHER) {
      const known = w[row + Pair.CIPHER] as number;
      if (known >= 256) return;
      if (m.protocol === 6) {
        const credited = this.pairs.creditedSequences(row);
        for (const seq of credited) if (Math.abs((seq - m.seq) | 0) < 24) return;
        credited.push(m.seq);
      }
      w[row + Pair.CIPHER] = Math.min(256, known + m.octets * 8);
    } else if (m.plainOthers > (w[row + Pair.PLAIN_OTHERS] as number)) {
      w[row + Pair.PLAIN_OTHERS] = m.plainOthers;
      w[row + Pair.PLAIN_HOLDING] = m.plainHolding;
    }
  }

  /** Counts `packets` copied packets of a flow in one frame. `pair`: its row, 0 where there is none. */
  count(
    pair: number,
    subscriber: number,
    packets: number,
    octets: number,
    frame: number,
    micros: number,
    frames?: readonly number[],
  ): void {
    if (pair !== 0) {
      const w = this.pairs.words;
      w[pair + Pair.PACKETS] = (w[pair + Pair.PACKETS] as number) + packets;
      this.pairs.addBytes(pair, octets);
    }
    this.packets += packets;
    this.bytes += octets;
    if (micros < this.firstMicros) this.firstMicros = micros;
    if (micros > this.lastMicros) this.lastMicros = micros;
    let s = this.subscribers.get(subscriber);
    if (s === undefined) {
      s = new SubscriberShare();
      this.subscribers.set(subscriber, s);
    }
    if (s.frames.size < limits.framesKept) s.frames.add(frame);
    else if (!s.frames.has(frame)) s.framesBeyond++;
    if (frames !== undefined) for (const f of frames) if (s.frames.size < limits.framesKept) s.frames.add(f);
    s.packets += packets;
    s.bytes += octets;
    if (micros < s.firstMicros) s.firstMicros = micros;
    if (micros > s.lastMicros) s.lastMicros = micros;
  }

  /** What a copied segment shows of a login (`Login`), in a flow and the flow the other way. */
  login(subscriber: number, flow: number, reverse: number, login: number): void {
    if (login === Login.ASKED) {
      if (this.asked.size < limits.asked) this.asked.add(flow);
      return;
    }
    if (login === Login.TYPED && !this.asked.delete(reverse)) return;
    const share = this.subscribers.get(subscriber);
    if (share !== undefined) share.login = true;
  }

  /** `ttlDelta`: NaN where the copy shows no TTL. */
  original(leg: number, delay: number, ttlDelta: number): void {
    let o = this.originals.get(leg);
    if (o === undefined) {
      if (this.originals.size >= ORIGINAL_LEGS) return;
      o = new Original(leg);
      this.originals.set(leg, o);
    }
    o.add(delay, ttlDelta);
  }
}

export class Ledger {
  readonly byLeg = new Map<number, Evidence>();
  readonly pairs: PairTable;

  constructor(seed: number) {
    this.pairs = new PairTable(seed);
  }

  of(leg: number): Evidence {
    let e = this.byLeg.get(leg);
    if (e === undefined) {
      e = new Evidence(leg, this.pairs);
      this.byLeg.set(leg, e);
    }
    return e;
  }
  /** Packets of this carrier that were found to be copies. */
  packets(leg: number): number {
    return this.byLeg.get(leg)?.packets ?? 0;
  }
}

function count(words: Int32Array, at: number): void {
  words[at] = (words[at] as number) + 1;
}
function raise(words: Int32Array, at: number, to: number): void {
  if ((words[at] as number) < to) words[at] = to;
}
