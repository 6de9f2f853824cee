/**
 * Innocent explanations of packets that were seen twice, and their tests (`method.md` §2; docs/copies.md §5).
 *
 * Each answers `excluded` (the traffic speaks against it), `supported` (the traffic speaks for it: then there is no finding), or
 * `untestable` (these points could not have shown it: it caps the grade). What only the declaration decides is excluded *as
 * declared*, and the declaration becomes a premise.
 */
import type { DetectorContext } from "#detect/detector.ts";
import type { CopyCarrier, CopyFlow, CopyObservation } from "#model/copy.ts";
import type { Explanation } from "#model/finding.ts";
import { state, type Statement } from "#model/statement.ts";
import { delayOf } from "./delay.ts";
import { rhythmExplanations } from "./rhythm.ts";
import type { CopyPaths } from "./paths.ts";

export interface Tested {
  readonly explanations: readonly Explanation[];
  /** The explanation that holds, if one does: the carrier is then no finding. */
  readonly innocent: Explanation | undefined;
  /** A declared monitoring feed of unstated scope: an indication at most. */
  readonly unstatedScope: boolean;
  /** The receiver is inside declared infrastructure: never proven where the path signalling is not covered. */
  readonly receiverInside: boolean;
  /** What comes back from the receiver would not show, and one direction alone goes there: a leg of the path looks the same. An indication at most, and no finding where the packets cannot be read. */
  readonly perhapsPath: boolean;
  /** Originals of most packets were seen to go on, or to be answered. */
  readonly originalsWentOn: boolean;
}

/** Everything that a test may look at. */
interface Question {
  readonly o: CopyObservation;
  readonly context: DetectorContext;
  readonly paths: CopyPaths;
  readonly sender: string | undefined;
  readonly receiver: string | undefined;
  /** The carrier's outermost IP header; undefined for a plain link. */
  readonly outer: CopyCarrier | undefined;
  /** The carrier's point shows conversations both ways, so that an answer of the receiver would show. */
  readonly seenBothWays: boolean;
}

type Test = (q: Question) => Explanation;

const says = (explanation: Statement, status: Explanation["status"], because: Statement): Explanation => ({ explanation, status, because });

export function testExplanations(
  o: CopyObservation,
  context: DetectorContext,
  paths: CopyPaths,
  sender: string | undefined,
  receiver: string | undefined,
  seenBothWays: boolean,
): Tested {
  const q: Question = { o, context, paths, sender, receiver, outer: o.carrier.carriers[0], seenBothWays };
  const explanations = [
    ...TESTS.map((test) => test(q)),
    ...(o.rhythm === undefined ? [] : rhythmExplanations(o.rhythm, seenBothWays)),
    ...(o.forked === true ? [signalledElsewhere] : []),
  ];
  return {
    explanations,
    innocent: explanations.find((e) => e.status === "supported"),
    originalsWentOn: explanations.some((e) => e.explanation.code === "explanation.forwarded" && e.status === "excluded"),
    unstatedScope: unstatedMonitoring(q) !== undefined,
    receiverInside: inside(q),
    // Acknowledgements keep the rhythm of what they acknowledge: a carrier of one direction follows both.
    perhapsPath: !seenBothWays && (o.rhythm !== undefined || (wholePackets(o) && !bothDirections(o))),
  };
}

/** A declared function receives, and the signalling of some subscriber concerned was not seen: a path nobody showed us may explain it. */
function inside({ o, context, receiver }: Question): boolean {
  if (receiver === undefined || context.declaration?.functionAt(receiver) === undefined) return false;
  return o.subscribers.some((s) => context.subscriberAt(s.address, s.firstMicros) === `ip:${s.address}`);
}

/** The original was seen to go on: on the link it leaves by (uplink), in the tunnel towards the access (downlink), or it was answered. */
export function reached(f: CopyFlow): boolean {
  return (f.uplink ? f.seenOnLink : f.seenInTunnel) || f.answerSeen;
}

const forwarding: Test = ({ o }) => {
  const name = state("explanation.forwarded");
  const flows = o.subscribers.flatMap((s) => s.flows);
  const strong = flows.filter(reached);
  const packets = strong.reduce((n, f) => n + f.packets, 0);
  const all = flows.reduce((n, f) => n + f.packets, 0);
  if (all === 0 || packets === 0) {
    return says(name, "supported", state("copy.no-original-went-on"));
  }
  if (packets * 2 < all) {
    return says(name, "untestable", state("copy.originals-partly-shown", { missing: all - packets, packets: all }));
  }
  return says(name, "excluded", state("copy.originals-went-on", { shown: packets, packets: all }));
};

const onPath: Test = (q) => {
  const { o, receiver } = q;
  const name = state("explanation.on-path");
  if (o.returned > 0) {
    return says(name, "supported", state("copy.came-back", { packets: o.returned, receiver: receiver ?? state("copy.far-end") }));
  }
  // Packets that somebody brings to a gateway in a tunnel are on their way: what follows is their forwarding, and whose the tunnel is, is ghost-tunnel's question.
  const inward = q.outer?.tunnel === "gtp-u" && o.carrier.kind === "tunnel" && q.sender !== undefined && receiver !== undefined;
  const at = q.context.declaration;
  if (inward && at?.functionAt(receiver) !== undefined && at.functionAt(q.sender) === undefined)
    return says(name, "supported", state("copy.brought-to-element", { receiver }));
  if (q.outer !== undefined && q.o.rhythm === undefined && wholePackets(o)) {
    if (bothDirections(o)) return says(name, "excluded", state("copy.both-directions-go"));
    if (!q.seenBothWays) return says(name, "untestable", state("copy.answers-would-not-show"));
  }
  return says(name, "excluded", state("copy.nothing-delivered"));
};

/** Packets themselves, not their content under other addresses: a leg of the path passes packets on, and cuts nothing anew. */
function wholePackets(o: CopyObservation): boolean {
  return o.subscribers.some(({ flows }) => flows.some((f) => f.matches > f.byPayload));
}

/** Both directions of some subscriber's traffic go the same way in the carrier: a path takes one there and brings the other back. */
function bothDirections(o: CopyObservation): boolean {
  return o.subscribers.some(({ flows }) => flows.some((f) => f.uplink) && flows.some((f) => !f.uplink));
}

const ownRelay: Test = ({ o, context, sender, receiver, outer }) => {
  const name = state("explanation.own-relay");
  if (receiver !== undefined && context.isUser(receiver)) return says(name, "supported", state("copy.receiver-is-subscriber"));
  if (sender !== undefined && context.isUser(sender)) return says(name, "supported", state("copy.sender-is-subscriber"));
  if (outer === undefined) return says(name, "excluded", state("copy.unchanged-to-next-hop"));
  const flows = o.subscribers.flatMap((s) => s.flows);
  const relayed = flows.filter((f) => f.byPayload === f.matches && (f.remoteAddress === receiver || f.remoteAddress === sender));
  if (relayed.length * 2 > flows.length) {
    return says(name, "supported", state("copy.passes-content-on"));
  }
  const remotes = new Set(o.subscribers.flatMap((s) => s.flows.map((f) => f.remoteAddress)));
  if (receiver !== undefined && remotes.has(receiver)) {
    return says(name, "untestable", state("copy.receiver-is-destination"));
  }
  // Only a declared sender is known to be the network's own equipment.
  const own = sender === undefined ? undefined : context.declaration?.functionAt(sender);
  return says(
    name,
    "excluded",
    own === undefined ? state("copy.ends-are-no-destination") : state("copy.sender-is-element", { sender: own.name }),
  );
};

const tapArtefact: Test = ({ o, outer }) => {
  const name = state("explanation.tap-artefact");
  if (outer !== undefined) return says(name, "excluded", state("copy.own-header", { from: outer.src, to: outer.dst }));
  const { srcMac, dstMac } = o.carrier;
  if (srcMac === undefined || dstMac === undefined) return says(name, "untestable", state("copy.no-link-layer"));
  const same = o.originals.find(
    (original) => original.leg.kind === "link" && original.leg.srcMac === srcMac && original.leg.dstMac === dstMac,
  );
  if (same !== undefined) return says(name, "supported", state("copy.same-macs"));
  return says(name, "excluded", state("copy.other-next-hop", { mac: dstMac }));
};

const microLoop: Test = ({ o, outer }) => {
  const name = state("explanation.micro-loop");
  if (outer !== undefined) return says(name, "excluded", state("copy.loop-wraps-nothing"));
  const links = o.originals.filter((original) => original.leg.kind === "link");
  const chained = links.find(
    (original) =>
      (original.leg.dstMac === o.carrier.srcMac && original.ttlDelta < 0) ||
      (original.leg.srcMac === o.carrier.dstMac && original.ttlDelta > 0),
  );
  if (chained !== undefined) return says(name, "supported", state("copy.hop-to-hop"));
  if (links.length === 0) return says(name, "untestable", state("copy.no-plain-original"));
  return says(name, "excluded", state("copy.two-next-hops"));
};

const retransmission: Test = ({ outer }) =>
  says(
    state("explanation.retransmission"),
    "excluded",
    outer === undefined ? state("copy.retransmission-next-hop") : state("copy.retransmission-destination"),
  );

const threeGppLeg: Test = ({ context, receiver, paths, o }) => {
  const name = state("explanation.3gpp-leg");
  if (o.forked === true && receiver !== undefined) return says(name, "excluded", state("copy.device-elsewhere", { receiver }));
  if (context.declaration === null) return says(name, "untestable", state("copy.no-declaration-of-ends"));
  if (o.carrier.carriers.length > 0) {
    const legs = o.carrier.carriers.map((c) => paths.explained(c, o.carrier.point));
    if (
      (o.carrier.kind === "tunnel" || o.rhythm !== undefined) &&
      legs.every((e) => e?.kind === "interface" || e?.kind === "own" || e?.kind === "partner")
    ) {
      return says(name, "supported", state("copy.fitting-roles"));
    }
  }
  if (receiver === undefined) return says(name, "excluded", state("copy.not-in-tunnel"));
  const f = context.declaration.functionAt(receiver);
  return f === undefined
    ? says(name, "excluded", state("copy.not-a-function", { address: receiver }))
    : says(name, "excluded", state("copy.no-fitting-interface", { name: f.name }));
};

/** Of two ends that get the same, which one no signalling leads to is known as far as signalling was seen. */
const signalledElsewhere = says(state("explanation.signalling-elsewhere"), "untestable", state("tunnel.no-hole-seen"));

const icmpQuote: Test = ({ outer }) =>
  says(
    state("explanation.icmp-quote"),
    "excluded",
    outer !== undefined && (outer.protocol === 1 || outer.protocol === 58) ? state("copy.quote-elsewhere") : state("copy.not-icmp"),
  );

const mirrorPair: Test = ({ context, sender, receiver, outer, paths, o }) => {
  const name = state("explanation.mirror");
  if (context.declaration === null) return says(name, "untestable", state("declaration.none"));
  if (outer !== undefined) {
    const by = paths.explained(outer, o.carrier.point);
    if (
      by !== null &&
      by.kind !== "monitoring" &&
      by.kind !== "lawful" &&
      by.kind !== "interface" &&
      by.kind !== "own" &&
      by.kind !== "partner"
    ) {
      return says(name, "supported", state("copy.declared-by", { entry: by.by }));
    }
  }
  return says(
    name,
    "excluded",
    state("copy.no-entry-for-content", { from: sender ?? state("copy.there"), to: receiver ?? state("copy.there") }),
  );
};

const monitoring: Test = (q) => {
  const { context, outer, paths, o, receiver } = q;
  const name = state("explanation.monitoring");
  if (context.declaration === null) return says(name, "untestable", state("declaration.none"));
  const by = outer === undefined ? null : paths.explained(outer, o.carrier.point);
  if (by?.kind === "monitoring" && unstatedMonitoring(q) === undefined)
    return says(name, "supported", state("copy.declared-by", { entry: by.by }));
  if (by?.kind === "monitoring") return says(name, "untestable", state("copy.no-scope", { entry: by.by }));
  if (receiver !== undefined && context.declaration.lawfulRole(receiver) !== undefined) {
    return says(name, "excluded", state("copy.lawful-not-covered"));
  }
  return says(name, "excluded", state("copy.no-monitoring-entry"));
};

/** The monitoring entry that covers the carrier without saying what for. */
function unstatedMonitoring({ context, outer, paths, o }: Question): string | undefined {
  if (outer === undefined || context.declaration === null) return undefined;
  const by = paths.explained(outer, o.carrier.point);
  if (by?.kind !== "monitoring") return undefined;
  const entry = context.declaration.declaration.monitoring.find((m) => by.by === `monitoring/${m.name}`);
  return entry !== undefined && entry.scope === null ? by.by : undefined;
}

const clocks: Test = ({ o }) => {
  const name = state("explanation.clocks");
  const nearest = o.originals.toSorted((a, b) => Math.abs(delayOf(a).median) - Math.abs(delayOf(b).median))[0];
  if (nearest === undefined) return says(name, "excluded", state("copy.order-does-not-matter"));
  const { low, high, clock } = delayOf(nearest);
  const spread = { low: Math.round(low), high: Math.round(high) };
  if (clock === undefined) return says(name, "excluded", state("copy.order-clocks-unknown", spread));
  if (clock.low === 0 && clock.high === 0) return says(name, "excluded", state("copy.order-one-clock", spread));
  const ahead = { aheadLow: Math.round(clock.low), aheadHigh: Math.round(clock.high) };
  return says(name, "excluded", state("copy.order-clocks-compared", { ...spread, ...ahead }));
};

const TESTS: readonly Test[] = [
  forwarding,
  onPath,
  ownRelay,
  tapArtefact,
  clocks,
  microLoop,
  retransmission,
  threeGppLeg,
  icmpQuote,
  mirrorPair,
  monitoring,
];
