/** What a carrier has against it, told at the end as one observation. */
import type { CopyFlow, CopyLeg, CopyObservation, CopyOriginal, CopySubscriber } from "#model/copy.ts";
import { Seen } from "./flow-row.ts";
import type { Evidence } from "./ledger.ts";
import type { Leg } from "./legs.ts";
import { limits } from "./limits.ts";
import { Pair, type PairTable } from "./pair-table.ts";
import { addressOfWords, type SubscriberFlows } from "./subscriber-flows.ts";

/** Flows listed of one subscriber, the strongest first. */
const FLOWS_LISTED = 64;
/** Of a flow's windows that others hold, one in so many makes all of it everybody's. */
const SHARED_PART = 8;

/** What of the whole run every observation needs. */
export interface RunFacts {
  readonly flows: SubscriberFlows;
  readonly pairs: PairTable;
  readonly legs: readonly Leg[];
  readonly trials: CopyObservation["trials"];
  /** One packet in so many was kept. */
  readonly sample: number;
  /** A window of plain content stands in another subscriber's flow as well. */
  readonly heldByOthers: (lo: number, hi: number, subscriber: number) => boolean;
  /** Prints that each subscriber's flows offered, by number. */
  readonly prints: Float64Array;
}

/** `returned`: subscribers' packets that came back from the far end. */
export function carrierObservation(
  evidence: Evidence,
  run: RunFacts,
  returned: number,
  macAddresses: CopyObservation["macAddresses"],
): CopyObservation {
  const leg = run.legs[evidence.leg] as Leg;
  return {
    kind: "copy",
    carrier: leg.description,
    transform: evidence.transforms.size === 0 ? "as is" : [...evidence.transforms].sort().join(", "),
    trials: run.trials,
    offered: leg.offered + leg.windows,
    printBits: 64,
    sample: run.sample,
    packets: evidence.packets,
    bytes: evidence.bytes,
    firstMicros: evidence.firstMicros,
    lastMicros: evidence.lastMicros,
    subscribers: subscribersOf(evidence, run, leg.description.capture),
    originals: originalsOf(evidence, run.legs),
    returned,
    unmatched: Math.max(0, leg.distinct - evidence.inputs),
    macAddresses,
    samples: evidence.samples,
    ...(leg.verdict === "path" && leg.forked ? { forked: true } : {}),
  };
}

function subscribersOf(evidence: Evidence, run: RunFacts, capture: number): CopySubscriber[] {
  const w = run.pairs.words;
  const bySubscriber = new Map<number, number[]>();
  for (let row = evidence.firstPair; row !== 0; row = w[row + Pair.NEXT_OF_LEG] as number) {
    const subscriber = w[row + Pair.SUBSCRIBER] as number;
    const rows = bySubscriber.get(subscriber);
    if (rows === undefined) bySubscriber.set(subscriber, [row]);
    else rows.push(row);
  }
  const strength = (row: number): number =>
    (w[row + Pair.SEQUENCE] as number) +
    cipherBits(w, row) +
    (w[row + Pair.RANDOM] as number) +
    (w[row + Pair.DNS] as number) +
    (w[row + Pair.SSRC] as number);
  const matches = (row: number): number => (w[row + Pair.MATCHES] as number) + (w[row + Pair.WINDOWS] as number);
  const subscribers = [...evidence.subscribers].map(([number, s]): CopySubscriber => {
    const rows = bySubscriber.get(number) ?? [];
    rows.sort((a, b) => strength(b) - strength(a) || matches(b) - matches(a));
    const frames = s.frames.sorted;
    return {
      address: run.flows.subscribers.address(number),
      packets: s.packets,
      bytes: s.bytes,
      firstMicros: s.firstMicros,
      lastMicros: s.lastMicros,
      frames: { capture, frames: frames.slice(0, limits.frames), total: frames.length + s.framesBeyond },
      flowsOffered: run.flows.subscribers.flows[number] ?? 1,
      printsOffered: run.prints[number] ?? 1,
      flows: rows.slice(0, FLOWS_LISTED).map((row) => flowOf(row, run)),
      flowsMatched: rows.length,
      ...(s.login ? { login: true } : {}),
    };
  });
  return subscribers.sort((a, b) => b.packets - a.packets);
}

function flowOf(row: number, { flows, pairs, heldByOthers }: RunFacts): CopyFlow {
  const w = pairs.words;
  const field = (at: number): number => w[row + at] as number;
  const flow = field(Pair.FLOW);
  const seen = field(Pair.SEEN) | flows.seen(flow);
  const others = field(Pair.PLAIN_OTHERS);
  const protocol = field(Pair.PROTOCOL);
  const plain = pairs.plainOf(row);
  // What others hold in part, they hold: which windows of a flow are kept depends on how it was cut.
  let ownPlain = 0;
  for (let i = 0; i < plain.length; i += 2)
    if (!heldByOthers(plain[i] as number, plain[i + 1] as number, field(Pair.SUBSCRIBER))) ownPlain++;
  return {
    uplink: field(Pair.UPLINK) !== 0,
    protocol: protocol >> 8,
    remoteAddress: protocol === 0 ? "" : addressOfWords(w, row + Pair.REMOTE, protocol & 255),
    remotePort: field(Pair.REMOTE_PORT),
    offered: Math.max(field(Pair.OFFERED), flows.offeredOf(flow)),
    matches: field(Pair.MATCHES) + field(Pair.WINDOWS),
    byPayload: field(Pair.BY_PAYLOAD) + field(Pair.WINDOWS),
    windows: field(Pair.WINDOWS),
    ...(plain.length === 0 ? {} : { ownPlain: (plain.length / 2 - ownPlain) * SHARED_PART >= plain.length / 2 ? 0 : ownPlain }),
    sliced: field(Pair.SLICED),
    weak: field(Pair.WEAK),
    packets: field(Pair.PACKETS),
    bytes: pairs.bytes(row),
    credits: {
      sequence: field(Pair.SEQUENCE),
      cipher: cipherBits(w, row),
      random: field(Pair.RANDOM),
      dns: field(Pair.DNS),
      ssrc: field(Pair.SSRC),
      plain: others < 0 ? null : { others, holding: field(Pair.PLAIN_HOLDING) },
    },
    seenOnLink: (seen & Seen.PLAIN) !== 0,
    seenInTunnel: (seen & Seen.TUNNEL) !== 0,
    answerOnLink: (flows.seen(flows.reverse(flow)) & Seen.PLAIN) !== 0,
    answerSeen: (flows.seen(flows.reverse(flow)) & (Seen.PLAIN | Seen.TUNNEL)) !== 0,
  };
}

/** By whole packets, or by windows; what both show is the same ciphertext. */
function cipherBits(w: Int32Array, row: number): number {
  return Math.max(w[row + Pair.CIPHER] as number, Math.min(256, w[row + Pair.WINDOW_CIPHER] as number));
}

function originalsOf(evidence: Evidence, legs: readonly Leg[]): CopyOriginal[] {
  const originals = [...evidence.originals.values()].map((o): CopyOriginal => {
    const delays = o.delays.toSorted((a, b) => a - b);
    const ttl = o.commonTtl();
    return {
      leg: (legs[o.leg] as Leg).description as CopyLeg,
      packets: o.packets,
      ttlDelta: ttl.delta,
      ttlShare: ttl.share,
      delayMedian: delays[delays.length >> 1] ?? 0,
      delayLow: delays[0] ?? 0,
      delayHigh: delays[delays.length - 1] ?? 0,
    };
  });
  return originals.sort((a, b) => b.packets - a.packets || Math.abs(a.delayMedian) - Math.abs(b.delayMedian));
}
