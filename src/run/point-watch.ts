/**
 * Counts, for the passive self-check of the points (`evidence/seal/self-check.ts`), what a run sees at each: MAC addresses and directions, reference points,
 * directions of tunnels, and TTL and time of packets that two points share. Only where a seal is given: a run without one pays nothing.
 *
 * Packets are sampled by a hash of what forwarding does not change, so that all points keep the same ones.
 */
import { selfCheck, type PointPair, type PointTraffic, type SelfCheck } from "#evidence/seal/self-check.ts";
import type { PacketView } from "#decode/packet/view.ts";
import type { DeclaredPoint } from "#declaration/types.ts";
import type { PointInfo } from "#model/point.ts";
import type { Observation } from "#model/observation.ts";
import type { KnownReference } from "#model/knowledge.ts";
import type { FrameSighting, FrameWatcher } from "./pipeline.ts";

export const POINT_WATCH_LIMITS = {
  /** Ordered pairs of MAC addresses told apart at a point. */
  macPairs: 4096,
  /** Pairs of addresses that exchange messages at a point. */
  talks: 4096,
  /** Points; later ones are not checked. */
  points: 4096,
  /** One packet in so many is looked for at the other points. */
  sample: 16,
  /** Sampled packets remembered; the oldest is forgotten first. */
  remembered: 1 << 16,
  /** Pairs of points whose shared packets are counted. */
  pairs: 1024,
  /** Delays kept for each pair of points; later ones are not. */
  delays: 512,
} as const;

const ACCESS: ReadonlySet<string> = new Set(["eNB", "gNB", "en-gNB", "ng-eNB", "HeNB", "RNC"]);
const ACCESS_TUNNELS = /^(S1-U|N3)$/;

class Watched {
  frames = 0;
  /** Source MAC, then destination MAC, each a number of 48 bits. */
  readonly macs = new Map<number, Map<number, number>>();
  macPairs = 0;
  /** Messages by the two addresses. */
  readonly talks = new Map<string, number>();
  readonly references = new Map<string, number>();
  uplink = 0;
  downlink = 0;
}

class Shared {
  packets = 0;
  readonly steps = new Map<number, number>();
  readonly delays: number[] = [];
}

export class PointWatch implements FrameWatcher {
  private inner: FrameWatcher | null = null;
  private readonly points: Watched[] = [];
  private readonly seen = new Map<number, { point: number; ttl: number; micros: number }>();
  /** By two point numbers, the lower first, and by the way between them. */
  private readonly shared = new Map<number, Shared>();

  /** Stands before `inner`, which sees every frame as well: the copy search. */
  before(inner: FrameWatcher | null): this {
    this.inner = inner;
    return this;
  }

  frame(view: PacketView, sighting: FrameSighting): void {
    this.inner?.frame(view, sighting);
    const watched = this.at(sighting.point);
    if (watched === undefined) return;
    watched.frames++;
    if (view.mac >= 0) countMacs(watched, mac48(view.bytes, view.mac + 6), mac48(view.bytes, view.mac));
    if (view.ipCount > 0 && view.fragmentLevel < 0) this.packet(view, sighting);
  }

  /** Signalling and tunnels: told by the tracker. `rolesAt`: of an address, as declared or shown. */
  observe(observation: Observation, rolesAt: (address: string) => readonly string[]): void {
    if (observation.kind === "message") {
      const { origin } = observation.observed;
      const watched = origin.inTunnel ? undefined : this.at(origin.point);
      if (watched === undefined) return;
      const pair = pairName(origin.src, origin.dst);
      const known = watched.talks.get(pair);
      if (known !== undefined || watched.talks.size < POINT_WATCH_LIMITS.talks) watched.talks.set(pair, (known ?? 0) + 1);
    } else if (observation.kind === "tunnel" && observation.signalled !== undefined) {
      const watched = this.at(observation.point);
      if (watched === undefined) return;
      const { signalled, packets, end } = observation;
      watched.references.set(signalled.interface, (watched.references.get(signalled.interface) ?? 0) + packets);
      if (!ACCESS_TUNNELS.test(signalled.interface)) return;
      if (rolesAt(end.address).some((role) => ACCESS.has(role))) watched.downlink += packets;
      else watched.uplink += packets;
    }
  }

  /** `declared`: what the tap map says of a point, by its number. `references`: who talks to whom, as the whole run showed it. */
  result(
    infos: readonly PointInfo[],
    declared: (point: number) => DeclaredPoint | undefined,
    references: Iterable<KnownReference>,
  ): SelfCheck {
    const spoken = new Map<string, string[]>();
    for (const { a, b, name: reference } of references) spoken.set(pairName(a, b), [...(spoken.get(pairName(a, b)) ?? []), reference]);
    for (const watched of this.points) {
      for (const [pair, count] of watched?.talks ?? []) {
        for (const reference of spoken.get(pair) ?? [])
          watched?.references.set(reference, (watched.references.get(reference) ?? 0) + count);
      }
      watched?.talks.clear();
    }
    const name = (point: number): string => infos[point]?.name ?? String(point);
    const names = new Map<string, string>();
    const traffic = this.points.flatMap((watched, point): PointTraffic[] => {
      if (watched === undefined || watched.frames === 0) return [];
      const entry = declared(point);
      return [
        {
          point: name(point),
          declared: entry === undefined ? null : { interface: entry.interface, direction: entry.direction, link: entry.link },
          frames: watched.frames,
          macPairs: watched.macPairs,
          busiest: busiest(watched, names),
          references: Object.fromEntries([...watched.references].sort(([a], [b]) => (a < b ? -1 : 1))),
          uplink: watched.uplink,
          downlink: watched.downlink,
        },
      ];
    });
    const pairs = [...this.shared]
      .sort(([a], [b]) => a - b)
      .map(([key, found]) => {
        const both = Math.floor(key / 2);
        return pairOf(name(Math.floor(both / 65_536)), name(both % 65_536), key % 2 === 1, found);
      });
    return selfCheck(traffic, pairs);
  }

  private at(point: number): Watched | undefined {
    return point < 0 || point >= POINT_WATCH_LIMITS.points ? undefined : (this.points[point] ??= new Watched());
  }

  private packet(view: PacketView, { point, time }: FrameSighting): void {
    const level = view.ipCount - 1;
    const key = packetKey(view, level);
    if (key === undefined) return;
    const micros = time.sec * 1e6 + time.nsec / 1e3;
    const start = view.ipStart[level] as number;
    const ttl = view.bytes[start + (view.ipVersion[level] === 4 ? 8 : 7)] as number;
    const known = this.seen.get(key);
    if (known === undefined) {
      if (this.seen.size >= POINT_WATCH_LIMITS.remembered) this.seen.delete(this.seen.keys().next().value as number);
      this.seen.set(key, { point, ttl, micros });
      return;
    }
    if (known.point === point) return;
    const forward = known.point < point;
    const step = forward ? known.ttl - ttl : ttl - known.ttl;
    // The two ways between two points are kept apart: by the TTL, or where it is the same by who was first.
    const turned = step < 0 || (step === 0 && !forward);
    const pair = (forward ? known.point * 65_536 + point : point * 65_536 + known.point) * 2 + (turned ? 1 : 0);
    let found = this.shared.get(pair);
    if (found === undefined) {
      if (this.shared.size >= POINT_WATCH_LIMITS.pairs) return;
      this.shared.set(pair, (found = new Shared()));
    }
    found.packets++;
    found.steps.set(step, (found.steps.get(step) ?? 0) + 1);
    if (found.delays.length < POINT_WATCH_LIMITS.delays) found.delays.push(forward ? micros - known.micros : known.micros - micros);
  }
}

/** From the point with the higher TTL to the one with the lower. */
function pairOf(low: string, high: string, turned: boolean, { packets, steps, delays }: Shared): PointPair {
  const [step, times] = [...steps].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0]);
  const sorted = delays.toSorted((a, b) => a - b).map(Math.round);
  const [first = 0, middle = 0, last = 0] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)];
  const ttlPermille = Math.floor((times * 1000) / Math.max(1, packets));
  return {
    a: turned ? high : low,
    b: turned ? low : high,
    packets,
    ttlStep: Math.abs(step),
    ttlPermille,
    delayMicros: turned ? { low: -last, median: -middle, high: -first } : { low: first, median: middle, high: last },
  };
}

function pairName(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function countMacs(watched: Watched, from: number, to: number): void {
  let row = watched.macs.get(from);
  if (row === undefined) {
    if (watched.macPairs >= POINT_WATCH_LIMITS.macPairs) return;
    watched.macs.set(from, (row = new Map()));
  }
  const known = row.get(to);
  if (known === undefined) {
    if (watched.macPairs >= POINT_WATCH_LIMITS.macPairs) return;
    watched.macPairs++;
  }
  row.set(to, (known ?? 0) + 1);
}

/** The record is for strangers: of MAC addresses only which points share them is told, so pairs are called m1, m2, …  */
function busiest(watched: Watched, names: Map<string, string>): PointTraffic["busiest"] {
  let best: { a: number; b: number; forth: number; back: number } | undefined;
  for (const [from, row] of watched.macs) {
    for (const [to, forth] of row) {
      const back = watched.macs.get(to)?.get(from) ?? 0;
      if (forth >= back && (best === undefined || forth + back > best.forth + best.back)) best = { a: from, b: to, forth, back };
    }
  }
  if (best === undefined) return null;
  const pair = best.a < best.b ? `${best.a} ${best.b}` : `${best.b} ${best.a}`;
  const name = names.get(pair) ?? `m${names.size + 1}`;
  names.set(pair, name);
  return { pair: name, forth: best.forth, back: best.back };
}

function mac48(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 0; i < 6; i++) value = value * 256 + (bytes[at + i] as number);
  return value;
}

/** Octets of payload that enter: what a snap length of 96 still has behind the deepest header. */
const KEY_PAYLOAD = 24;

/**
 * 52 bits over addresses, protocol, length, identification and the first payload octets; undefined for packets that are not sampled, and for those
 * without payload, which repeat.
 */
function packetKey(view: PacketView, level: number): number | undefined {
  const { bytes } = view;
  const size = view.ipVersion[level] === 4 ? 4 : 16;
  const payload = view.ipPayload[level] as number;
  const end = Math.min(view.ipEnd[level] as number, payload + KEY_PAYLOAD);
  if (end - payload < 12) return undefined;
  let low = 0x811c9dc5 ^ (view.ipLength[level] as number) ^ ((view.ipProtocol[level] as number) << 24);
  let high = 0x9747b28c ^ (view.fragmentId[level] as number);
  const mix = (octet: number): void => {
    low = Math.imul(low ^ octet, 0x01000193);
    high = Math.imul(high ^ octet, 0x85ebca6b) ^ (high >>> 13);
  };
  const src = view.ipSrc[level] as number;
  const dst = view.ipDst[level] as number;
  for (let i = 0; i < size; i++) {
    mix(bytes[src + i] as number);
    mix(bytes[dst + i] as number);
  }
  // Checksums are written anew by some cards: TCP 16-17, UDP 6-7 are left out.
  const checksum = payload + (view.ipProtocol[level] === 6 ? 16 : 6);
  for (let i = payload; i < end; i++) if (i !== checksum && i !== checksum + 1) mix(bytes[i] as number);
  if ((low >>> 0) % POINT_WATCH_LIMITS.sample !== 0) return undefined;
  return (low >>> 0) * 0x100000 + (high >>> 12);
}
