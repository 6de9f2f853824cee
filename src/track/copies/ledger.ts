/**
 * The evidence a carrier has against it, kept per subscriber's flow (a trial is a pair of both), and what its packets
 * have in common with the originals: delay, TTL, frames. All of it is bounded, and none of it holds payload.
 */
import type { CopyFlow, CopyLeg, CopyObservation, CopyOriginal, CopyPair, CopySubscriber } from "#model/copy.ts";
import type { Leg } from "./legs.ts";
import { limits } from "./limits.ts";
import { Content, Seen, type SubscriberFlows } from "./subscriber-flows.ts";

/** One trial. */
class Pair {
  readonly flow: number;
  readonly subscriber: number;
  offered = 0;
  matches = 0;
  byPayload = 0;
  sliced = 0;
  weak = 0;
  packets = 0;
  bytes = 0;
  sequence = 0;
  cipher = 0;
  random = 0;
  dns = 0;
  ssrc = 0;
  plainOthers = -1;
  plainHolding = 0;
  /** Distinct windows of ciphertext that matched, and what they are worth; packets of the flow that held them. */
  windows = 0;
  windowCipher = 0;
  readonly windowsCredited: number[] = [];
  readonly windowPackets = new Set<number>();
  /** Sequence numbers at which ciphertext was credited: no octet twice. */
  readonly credited: number[] = [];
  /** What the flow table said last: it may forget the flow before the end. */
  info: FlowFacts;
  constructor(flow: number, subscriber: number, info: FlowFacts) {
    this.flow = flow;
    this.subscriber = subscriber;
    this.info = info;
  }
}

interface FlowFacts {
  readonly uplink: boolean;
  readonly protocol: number;
  readonly remote: { readonly address: string; readonly port: number };
  seen: number;
  answer: boolean;
}

class Original {
  readonly leg: number;
  packets = 0;
  readonly ttl = new Int32Array(17);
  readonly delays: number[] = [];
  private stride = 1;
  constructor(leg: number) {
    this.leg = leg;
  }
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
    const t = ttlDelta < -8 ? 0 : ttlDelta > 8 ? 16 : ttlDelta + 8;
    this.ttl[t] = (this.ttl[t] as number) + 1;
  }
}

class PerSubscriber {
  readonly frames = new Set<number>();
  framesBeyond = 0;
  packets = 0;
  bytes = 0;
  firstMicros = Number.POSITIVE_INFINITY;
  lastMicros = Number.NEGATIVE_INFINITY;
}

/** What one match is worth, as the tracker found it. */
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
  /** Distinct inputs with an original. */
  inputs = 0;
  packets = 0;
  bytes = 0;
  firstMicros = Number.POSITIVE_INFINITY;
  lastMicros = Number.NEGATIVE_INFINITY;
  readonly pairs = new Map<number, Pair>();
  readonly originals = new Map<number, Original>();
  readonly subscribers = new Map<number, PerSubscriber>();
  readonly samples: CopyPair[] = [];
  readonly transforms = new Set<string>();

  /** A distinct input was matched for the first time. */
  match(m: Match, flows: SubscriberFlows, ledger: Ledger): Pair | undefined {
    const pair = this.pairFor(m.flow, flows, ledger);
    if (pair === undefined) return undefined;
    if (m.weak) {
      pair.weak++;
      return pair;
    }
    pair.matches++;
    if (!m.byHeader) pair.byPayload++;
    else if (!m.byPayload) pair.sliced++;
    this.credit(pair, m);
    return pair;
  }

  private pairFor(flow: number, flows: SubscriberFlows, ledger: Ledger): Pair | undefined {
    let pair = this.pairs.get(flow);
    if (pair === undefined) {
      if (ledger.pairCount >= limits.pairs) {
        ledger.dropped++;
        return undefined;
      }
      ledger.pairCount++;
      pair = new Pair(flow, flows.subscriberNumber(flow), {
        uplink: flows.uplink(flow),
        protocol: flows.protocolOf(flow),
        remote: flows.remote(flow),
        seen: flows.seen(flow),
        answer: false,
      });
      this.pairs.set(flow, pair);
    }
    pair.offered = flows.offeredOf(flow);
    return pair;
  }

  /**
   * A window of ciphertext was found. `print`: low half of its print, `packet`: which packet of the flow held it. Answers 1 where that is a packet
   * not counted so far, 0 where only the frame is new, -1 where nothing was kept.
   */
  window(flow: number, octets: number, print: number, packet: number, flows: SubscriberFlows, ledger: Ledger): number {
    const pair = this.pairFor(flow, flows, ledger);
    if (pair === undefined) return -1;
    if (!pair.windowsCredited.includes(print)) {
      pair.windows++;
      if (pair.windowsCredited.length < limits.windowsCredited) {
        pair.windowsCredited.push(print);
        pair.windowCipher += octets * 8;
      }
    }
    // Packets that were found whole are counted already.
    if (pair.matches > 0 || pair.windowPackets.has(packet) || pair.windowPackets.size >= limits.framesKept) return 0;
    pair.windowPackets.add(packet);
    return 1;
  }

  private credit(pair: Pair, m: Match): void {
    if (m.byHeader && m.protocol === 6) pair.sequence = Math.max(pair.sequence, m.ack === 0 ? 32 : 64);
    if (m.content === Content.DNS) {
      pair.dns = Math.max(pair.dns, m.byHeader ? 30 : m.byPayload ? 16 : 0);
      return;
    }
    if (m.content === Content.RTP) {
      pair.ssrc = 32;
      return;
    }
    if (!m.byPayload) return;
    if (m.content === Content.TLS_RANDOM) pair.random = Math.max(pair.random, Math.min(224, m.octets * 8));
    else if (m.content === Content.CIPHER) {
      if (pair.cipher >= 256) return;
      if (m.protocol === 6) {
        for (const seq of pair.credited) if (Math.abs((seq - m.seq) | 0) < 24) return;
        pair.credited.push(m.seq);
      }
      pair.cipher = Math.min(256, pair.cipher + m.octets * 8);
    } else if (m.plainOthers > pair.plainOthers) {
      pair.plainOthers = m.plainOthers;
      pair.plainHolding = m.plainHolding;
    }
  }

  /** Counts `packets` copied packets of a flow in one frame. */
  count(
    pair: Pair | undefined,
    subscriber: number,
    packets: number,
    octets: number,
    frame: number,
    micros: number,
    frames?: readonly number[],
  ): void {
    if (pair !== undefined) {
      pair.packets += packets;
      pair.bytes += octets;
    }
    this.packets += packets;
    this.bytes += octets;
    if (micros < this.firstMicros) this.firstMicros = micros;
    if (micros > this.lastMicros) this.lastMicros = micros;
    let s = this.subscribers.get(subscriber);
    if (s === undefined) {
      s = new PerSubscriber();
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

  /** `ttlDelta`: NaN where the copy shows no TTL. */
  original(leg: number, delay: number, ttlDelta: number): void {
    let o = this.originals.get(leg);
    if (o === undefined) {
      if (this.originals.size >= 64) return;
      o = new Original(leg);
      this.originals.set(leg, o);
    }
    o.add(delay, ttlDelta);
  }

  pairOf(flow: number): Pair | undefined {
    return this.pairs.get(flow);
  }

  observation(
    leg: Leg,
    legs: readonly Leg[],
    flows: SubscriberFlows,
    trials: CopyObservation["trials"],
    sample: number,
    returned: number,
    macAddresses: CopyObservation["macAddresses"],
  ): CopyObservation {
    const bySubscriber = new Map<number, CopyFlow[]>();
    for (const pair of this.pairs.values()) {
      pair.info.seen |= flows.seen(pair.flow);
      const answer = flows.seen(flows.reverse(pair.flow)) & (Seen.PLAIN | Seen.TUNNEL);
      const list = bySubscriber.get(pair.subscriber) ?? [];
      bySubscriber.set(pair.subscriber, list);
      list.push({
        uplink: pair.info.uplink,
        protocol: pair.info.protocol,
        remoteAddress: pair.info.remote.address,
        remotePort: pair.info.remote.port,
        offered: Math.max(pair.offered, flows.offeredOf(pair.flow)),
        matches: pair.matches + pair.windows,
        byPayload: pair.byPayload + pair.windows,
        windows: pair.windows,
        sliced: pair.sliced,
        weak: pair.weak,
        packets: pair.packets,
        bytes: pair.bytes,
        credits: {
          sequence: pair.sequence,
          cipher: Math.max(pair.cipher, Math.min(256, pair.windowCipher)),
          random: pair.random,
          dns: pair.dns,
          ssrc: pair.ssrc,
          plain: pair.plainOthers < 0 ? null : { others: pair.plainOthers, holding: pair.plainHolding },
        },
        seenOnLink: (pair.info.seen & Seen.PLAIN) !== 0,
        seenInTunnel: (pair.info.seen & Seen.TUNNEL) !== 0,
        answerSeen: answer !== 0,
      });
    }
    const strength = (f: CopyFlow): number => f.credits.sequence + f.credits.cipher + f.credits.random + f.credits.dns + f.credits.ssrc;
    const subscribers: CopySubscriber[] = [];
    for (const [number, s] of this.subscribers) {
      const all = bySubscriber.get(number) ?? [];
      all.sort((a, b) => strength(b) - strength(a) || b.matches - a.matches);
      subscribers.push({
        address: flows.addressOf(number),
        packets: s.packets,
        bytes: s.bytes,
        firstMicros: s.firstMicros,
        lastMicros: s.lastMicros,
        frames: frameList(s.frames, s.framesBeyond, leg.description.capture),
        flowsOffered: flows.flowsOfSubscriber[number] ?? 1,
        printsOffered: flows.printsOfSubscriber[number] ?? 1,
        flows: all.slice(0, 64),
        flowsMatched: all.length,
      });
    }
    subscribers.sort((a, b) => b.packets - a.packets);
    const originals: CopyOriginal[] = [];
    for (const o of this.originals.values()) {
      const d = o.delays.toSorted((a, b) => a - b);
      let best = 0;
      for (let i = 0; i < 17; i++) if ((o.ttl[i] as number) > (o.ttl[best] as number)) best = i;
      originals.push({
        leg: (legs[o.leg] as Leg).description as CopyLeg,
        packets: o.packets,
        ttlDelta: best - 8,
        ttlShare: o.packets === 0 ? 0 : (o.ttl[best] as number) / o.packets,
        delayMedian: d[d.length >> 1] ?? 0,
        delayLow: d[0] ?? 0,
        delayHigh: d[d.length - 1] ?? 0,
      });
    }
    originals.sort((a, b) => b.packets - a.packets || Math.abs(a.delayMedian) - Math.abs(b.delayMedian));
    return {
      kind: "copy",
      carrier: leg.description,
      transform: this.transforms.size === 0 ? "as is" : [...this.transforms].sort().join(", "),
      trials,
      offered: leg.offered + leg.windows,
      printBits: 64,
      sample,
      packets: this.packets,
      bytes: this.bytes,
      firstMicros: this.firstMicros,
      lastMicros: this.lastMicros,
      subscribers,
      originals,
      returned,
      unmatched: Math.max(0, leg.distinct - this.inputs),
      macAddresses,
      samples: this.samples,
    };
  }
}

function frameList(frames: ReadonlySet<number>, beyond: number, capture: number): CopySubscriber["frames"] {
  const sorted = [...frames].sort((a, b) => a - b);
  return { capture, frames: sorted.slice(0, limits.frames), total: sorted.length + beyond };
}

export class Ledger {
  readonly byLeg = new Map<number, Evidence>();
  pairCount = 0;
  /** Matches of pairs past the limit: counted in packets, without evidence of their own. */
  dropped = 0;

  of(leg: number): Evidence {
    let e = this.byLeg.get(leg);
    if (e === undefined) {
      e = new Evidence();
      this.byLeg.set(leg, e);
    }
    return e;
  }
}
