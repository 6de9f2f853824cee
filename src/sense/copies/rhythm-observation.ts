/** A carrier that could not be read, and follows subscribers in time and size, told at the end as one observation. */
import type { CopyFlow, CopyObservation, CopySubscriber } from "#model/copy.ts";
import type { FollowedTrain, FollowingCarrier, Rhythm } from "#sense/rhythm/rhythm.ts";
import type { Leg } from "./legs.ts";
import { limits } from "./limits.ts";
import type { SearchState } from "./state.ts";

/** A carrier that could not be read, and follows subscribers. */
export function rhythmObservation(
  f: FollowingCarrier,
  { legs, flows, rhythm }: SearchState,
  prints: Float64Array,
  trials: CopyObservation["trials"],
  at: (address: string | undefined) => string | undefined,
): CopyObservation {
  const leg = legs.all[f.leg] as Leg;
  const outer = leg.description.carriers[0];
  let reverse = 0;
  for (const other of legs.all) {
    const o = other.description.carriers[0];
    if (
      other.description.kind === "flow" &&
      o !== undefined &&
      o.src === outer?.dst &&
      o.dst === outer.src &&
      o.protocol === outer.protocol
    )
      reverse += other.carried;
  }
  const bySubscriber = new Map<number, FollowedTrain[]>();
  const places = new Map<number, { packets: number; delays: number[] }>();
  for (const t of f.trains.values()) {
    bySubscriber.set(t.train >> 2, [...(bySubscriber.get(t.train >> 2) ?? []), t]);
    const at = places.get(rhythm.leg(t.train)) ?? { packets: 0, delays: [] };
    at.packets += t.packets;
    at.delays.push(t.delayLow, t.delayHigh);
    places.set(rhythm.leg(t.train), at);
  }
  const trains = [...f.trains.values()];
  const total = (of: (t: FollowedTrain) => number): number => trains.reduce((n, t) => n + of(t), 0);
  return {
    kind: "copy",
    carrier: leg.description,
    transform: "encrypted",
    trials,
    offered: f.events,
    printBits: 64,
    sample: 1,
    packets: total((t) => t.packets),
    bytes: total((t) => t.octets),
    firstMicros: Math.min(...trains.map((t) => t.firstMicros)),
    lastMicros: Math.max(...trains.map((t) => t.lastMicros)),
    subscribers: [...bySubscriber].map(([number, list]): CopySubscriber => ({
      address: flows.subscribers.address(number),
      packets: list.reduce((n, t) => n + t.packets, 0),
      bytes: list.reduce((n, t) => n + t.octets, 0),
      firstMicros: Math.min(...list.map((t) => t.firstMicros)),
      lastMicros: Math.max(...list.map((t) => t.lastMicros)),
      frames: {
        capture: leg.description.capture,
        frames: [...new Set(list.flatMap((t) => t.frames))].sort((a, b) => a - b).slice(0, limits.frames),
        total: list.reduce((n, t) => n + t.packets, 0),
      },
      flowsOffered: flows.subscribers.flows[number] ?? 1,
      printsOffered: prints[number] ?? 1,
      flows: list.map((t) => flowOfTrain(t, rhythm)),
      flowsMatched: list.length,
    })),
    originals: [...places].flatMap(([place, at]) => {
      const original = legs.all[place];
      if (original === undefined) return [];
      const [low, high] = [Math.min(...at.delays), Math.max(...at.delays)];
      return [
        {
          leg: original.description,
          packets: at.packets,
          ttlDelta: 0,
          ttlShare: 0,
          delayMedian: (low + high) / 2,
          delayLow: low,
          delayHigh: high,
        },
      ];
    }),
    returned: 0,
    unmatched: Math.max(0, f.events - total((t) => t.packets)),
    macAddresses: { src: at(leg.description.srcMac), dst: at(leg.description.dstMac) },
    samples: trains.flatMap((t) => {
      const original = legs.all[rhythm.leg(t.train)];
      return original === undefined
        ? []
        : t.samples.map(([copy, frame]) => ({
            copy: { capture: leg.description.capture, frame: copy },
            original: { capture: original.description.capture, frame },
          }));
    }),
    rhythm: {
      pairs: rhythm.pairs,
      events: f.events,
      octets: f.octets,
      explained: f.explained,
      forward: leg.carried,
      reverse,
      trains: trains
        .sort((a, b) => b.pairBits - a.pairBits)
        .map(({ train, frames: _frames, samples: _samples, firstMicros: _first, lastMicros: _last, ...t }) => ({
          ...t,
          address: flows.subscribers.address(train >> 2),
          uplink: (train & 1) === 0,
        })),
    },
  };
}

function flowOfTrain(t: FollowedTrain, rhythm: Rhythm): CopyFlow {
  const subscriber = t.train >> 2;
  const uplink = (t.train & 1) === 0;
  return {
    uplink,
    protocol: 0,
    remoteAddress: "",
    remotePort: 0,
    offered: t.packets,
    matches: 0,
    byPayload: 0,
    sliced: 0,
    windows: 0,
    weak: 0,
    packets: t.packets,
    bytes: t.octets,
    credits: { sequence: 0, cipher: 0, random: 0, dns: 0, ssrc: 0, plain: null },
    seenOnLink: rhythm.seen(subscriber, uplink, false),
    seenInTunnel: rhythm.seen(subscriber, uplink, true),
    answerOnLink: rhythm.seen(subscriber, !uplink, false),
    answerSeen: rhythm.seen(subscriber, !uplink, false) || rhythm.seen(subscriber, !uplink, true),
  };
}
