import { explained, followByTime, type Followed, limits as alignLimits } from "./align.ts";
import { EventLog, trainsOf, type Train } from "./events.ts";
import { followByOrder } from "./sequence.ts";

/** What a carrier has in common with one train over all epochs, the best epoch's test, and the packets that agree. */
export interface FollowedTrain {
  /** Subscriber's number << 2, plus 2 in tunnels (0: on plain links), plus 1 for downlink. */
  readonly train: number;
  bursts: number;
  followed: number;
  chanceShare: number;
  pairBits: number;
  delayLow: number;
  delayHigh: number;
  overheadLow: number;
  overheadHigh: number;
  packets: number;
  octets: number;
  sizes: number;
  firstMicros: number;
  lastMicros: number;
  /** Frames of the carrier, and pairs of frames (copy, original), at most 1,000 and 64. */
  readonly frames: number[];
  readonly samples: (readonly [number, number])[];
}

/** One carrier that follows somebody. */
export interface FollowingCarrier {
  readonly leg: number;
  /** Events and octets of the epochs in which it was judged, and octets of those events that agree with a subscriber's packet. */
  events: number;
  octets: number;
  explained: number;
  readonly trains: Map<number, FollowedTrain>;
}

export const limits = {
  /** A pair below this many bits is not kept: family-wise it could not count. */
  leastBits: 6,
  /** From so many on neither another test nor another reading of the same stream is tried. */
  clearBits: 40,
  /** Frames of a carrier, and pairs of frames, that the evidence lists; further ones are counted. */
  frames: 1000,
  samples: 64,
  /** Events below which a train is not tried. */
  leastTrainEvents: 8,
  /** Pause after which a train is looked for on another kind of way. */
  silenceMicros: 2_000_000,
} as const;

/** Collects events, and judges them when a log is full or the input ends. */
export class Rhythm {
  /** Tests ever made: two for each pair of a carrier and a train. */
  pairs = 0;
  epochs = 0;
  readonly following = new Map<number, FollowingCarrier>();

  private readonly subscribers: EventLog;
  private readonly carriers: EventLog;
  /** Two numbers a train: leg on which it is followed + 1 (0 none yet), and time of its last packet there. Side by side: every packet asks both. */
  private places = new Float64Array(2048);
  protected loaded = 0;
  private readonly eligible: (leg: number) => boolean;

  /** `eligible`: whether a leg is still unreadable and unexplained. */
  constructor(budgetBytes: number, eligible: (leg: number) => boolean) {
    const events = Math.max(4096, Math.min(1 << 20, Math.floor(budgetBytes / 24)));
    this.subscribers = new EventLog(events);
    this.carriers = new EventLog(Math.max(4096, events >> 2));
    this.eligible = eligible;
  }

  get bytes(): number {
    return this.subscribers.bytes + this.carriers.bytes;
  }

  /**
   * A subscriber's packet on an explained way. Each kind of way has a train of its own: a copy keeps time with the leg it was taken from, and
   * gateways take their time. Of each kind one leg is followed, or each packet would count as often as its path has legs: the first, until that one
   * is silent while another goes on (a handover).
   */
  packet(subscriber: number, uplink: boolean, tunnel: boolean, leg: number, micros: number, size: number, frame: number): void {
    const train = (subscriber << 2) | (tunnel ? 2 : 0) | (uplink ? 0 : 1);
    const at = train << 1;
    if (at >= this.places.length) this.widen(at);
    const { places } = this;
    if (places[at] !== leg + 1) {
      if (places[at] !== 0 && micros - (places[at + 1] as number) < limits.silenceMicros) return;
      places[at] = leg + 1;
    }
    places[at + 1] = micros;
    // Without a carrier to judge, the oldest events need not be kept.
    if (this.subscribers.full) {
      if (this.carriers.length === 0) this.subscribers.clear();
      else this.judge();
    }
    this.subscribers.add(train, micros, size, frame);
  }

  /** Packets of these subscribers come next: fetches where their trains stand into the cache. Changes nothing. */
  approach(subscribers: Int32Array): void {
    const { places } = this;
    let all = 0;
    for (let i = 0; i < subscribers.length; i++) {
      const at = (subscribers[i] as number) << 3;
      if (at < places.length) all += places[at] as number;
    }
    // Kept, or the compiler would leave the loads out.
    this.loaded = all;
  }

  /** A packet or message of a carrier that cannot be read; `reading` tells two readings of one stream apart (0 or 1). */
  carrier(leg: number, micros: number, size: number, frame: number, reading = 0): void {
    if (this.carriers.full) this.judge();
    this.carriers.add((leg << 1) | reading, micros, size, frame);
  }

  /** Whether any packet of this train was ever seen. */
  seen(subscriber: number, uplink: boolean, tunnel: boolean): boolean {
    return this.leg((subscriber << 2) | (tunnel ? 2 : 0) | (uplink ? 0 : 1)) >= 0;
  }
  /** Leg on which the train was followed last, -1 for none. */
  leg(train: number): number {
    return (this.places[train << 1] ?? 0) - 1;
  }

  /** Judges what the logs hold, and empties them. */
  judge(): void {
    const carriers = [...trainsOf(this.carriers, alignLimits.leastEvents).values()]
      .filter((c) => this.eligible(c.owner >> 1))
      .sort((a, b) => b.times.length - a.times.length)
      .slice(0, alignLimits.carriers)
      .map((c) => first(c, alignLimits.carrierEvents));
    if (carriers.length > 0 && this.subscribers.length > 0) {
      const trains = trainsOf(this.subscribers, limits.leastTrainEvents);
      this.epochs++;
      this.pairs += 2 * carriers.length * trains.size;
      const log = {
        times: this.subscribers.times.subarray(0, this.subscribers.length),
        owners: this.subscribers.owners,
        sizes: this.subscribers.sizes,
      };
      const found = new Set<number>();
      for (const carrier of carriers) {
        const leg = carrier.owner >> 1;
        if (found.has(leg)) continue;
        const strong = (f: Followed, _: number, all: readonly Followed[]): boolean =>
          f.pairBits >= limits.leastBits || all.some((o) => o.train.owner === (f.train.owner ^ 1) && o.pairBits >= limits.leastBits);
        const byTime = followByTime(carrier, trains, log).filter(strong);
        // Two tests a pair: the family is twice as large.
        const byOrder = most(byTime) >= limits.clearBits ? [] : followByOrder(carrier, trains, log).filter(strong);
        const followed = betterWay(most(byOrder) > most(byTime) ? byOrder : byTime);
        if (followed.length === 0) continue;
        if (followed.some((f) => f.pairBits >= limits.clearBits)) found.add(leg);
        else if (this.following.has(leg)) continue;
        let at = this.following.get(leg);
        if (at === undefined) {
          at = { leg, events: 0, octets: 0, explained: 0, trains: new Map() };
          this.following.set(leg, at);
        }
        at.events += carrier.times.length;
        at.octets += carrier.sizes.reduce((a, b) => a + b, 0);
        for (const k of explained(carrier, log, followed)) at.explained += carrier.sizes[k] as number;
        for (const f of followed) {
          const times = f.pairs.map(([k]) => carrier.times[k] as number);
          let t = at.trains.get(f.train.owner);
          if (t === undefined) {
            t = {
              train: f.train.owner,
              bursts: 0,
              followed: 0,
              chanceShare: 1,
              pairBits: 0,
              delayLow: 0,
              delayHigh: 0,
              overheadLow: 0,
              overheadHigh: 0,
              packets: 0,
              octets: 0,
              sizes: 0,
              firstMicros: Infinity,
              lastMicros: -Infinity,
              frames: [],
              samples: [],
            };
            at.trains.set(f.train.owner, t);
          }
          if (f.pairBits > t.pairBits || t.bursts === 0) {
            t.bursts = f.bursts;
            t.followed = f.followed;
            t.chanceShare = f.chanceShare;
            t.pairBits = f.pairBits;
            t.delayLow = f.delayLow;
            t.delayHigh = f.delayHigh;
            t.overheadLow = f.overheadLow;
            t.overheadHigh = f.overheadHigh;
          }
          t.packets += f.pairs.length;
          t.octets += f.octets;
          t.sizes = Math.max(t.sizes, f.sizes);
          for (const time of times) {
            if (time < t.firstMicros) t.firstMicros = time;
            if (time > t.lastMicros) t.lastMicros = time;
          }
          for (const [k, i] of f.pairs) {
            const frame = carrier.frames[k] as number;
            if (t.frames.length < limits.frames) t.frames.push(frame);
            if (t.samples.length < limits.samples) t.samples.push([frame, f.train.frames[i] as number]);
          }
        }
      }
    }
    this.subscribers.clear();
    this.carriers.clear();
  }

  private widen(at: number): void {
    const places = new Float64Array(Math.max(at + 2, this.places.length * 2));
    places.set(this.places);
    this.places = places;
  }
}

/** The first events of a train: enough to judge it. */
function first(train: Train, most: number): Train {
  if (train.times.length <= most) return train;
  return {
    owner: train.owner,
    times: train.times.subarray(0, most),
    sizes: train.sizes.subarray(0, most),
    frames: train.frames.subarray(0, most),
  };
}

/** Of each subscriber the kind of way that is followed better: both show the same packets. */
function betterWay(followed: readonly Followed[]): Followed[] {
  const bits = new Map<number, number>();
  for (const f of followed) bits.set(f.train.owner >> 1, (bits.get(f.train.owner >> 1) ?? 0) + f.pairBits + 1e-3 * f.pairs.length);
  return followed.filter((f) => {
    const way = f.train.owner >> 1;
    const [here, there] = [bits.get(way) ?? 0, bits.get(way ^ 1) ?? -1];
    return here > there || (here === there && (way & 1) === 0);
  });
}

function most(followed: readonly Followed[]): number {
  return followed.reduce((bits, f) => Math.max(bits, f.pairBits), 0);
}
