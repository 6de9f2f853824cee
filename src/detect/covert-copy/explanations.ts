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

const says = (explanation: string, status: Explanation["status"], because: string): Explanation => ({ explanation, status, because });

export function testExplanations(
  o: CopyObservation,
  context: DetectorContext,
  paths: CopyPaths,
  sender: string | undefined,
  receiver: string | undefined,
  seenBothWays: boolean,
): Tested {
  const q: Question = { o, context, paths, sender, receiver, outer: o.carrier.carriers[0], seenBothWays };
  const explanations = [...TESTS.map((test) => test(q)), ...(o.rhythm === undefined ? [] : rhythmExplanations(o.rhythm, seenBothWays))];
  return {
    explanations,
    innocent: explanations.find((e) => e.status === "supported"),
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
  const name = "load balancer, address translation, tunnel or re-route: the packet was moved, not copied";
  const flows = o.subscribers.flatMap((s) => s.flows);
  const strong = flows.filter(reached);
  const packets = strong.reduce((n, f) => n + f.packets, 0);
  const all = flows.reduce((n, f) => n + f.packets, 0);
  if (all === 0 || packets === 0) {
    return says(
      name,
      "supported",
      "no original was seen to reach its destination another way: one packet in, one packet out is forwarding",
    );
  }
  if (packets * 2 < all) {
    return says(name, "untestable", `for ${all - packets} of ${all} packets these points do not show that the original went on`);
  }
  return says(
    name,
    "excluded",
    `the originals of ${packets} of ${all} packets were seen to go on towards their destination, or were answered another way`,
  );
};

const onPath: Test = (q) => {
  const { o, receiver } = q;
  const name = "proxy, performance enhancer or cache: the receiver takes part in the subscriber's traffic";
  if (o.returned > 0) {
    return says(
      name,
      "supported",
      `${o.returned} packets came back from ${receiver ?? "the far end"} and were delivered: it is on the path`,
    );
  }
  if (q.outer !== undefined && q.o.rhythm === undefined && wholePackets(o)) {
    if (bothDirections(o))
      return says(name, "excluded", "what a subscriber sent and what it received both go to the receiver: no path does that");
    if (!q.seenBothWays)
      return says(
        name,
        "untestable",
        "no conversation at this point was seen both ways: what comes back, if anything does, would not show",
      );
  }
  return says(name, "excluded", "nothing that the receiver sent was seen to reach a subscriber");
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
  const name = "the subscriber's own relay (VPN, TURN, hairpin, call between subscribers)";
  if (receiver !== undefined && context.isUser(receiver)) return says(name, "supported", "the receiver is a subscriber");
  if (sender !== undefined && context.isUser(sender)) return says(name, "supported", "the sender is a subscriber");
  if (outer === undefined) return says(name, "excluded", "the packets left the network's own equipment unchanged, for another next hop");
  const flows = o.subscribers.flatMap((s) => s.flows);
  const relayed = flows.filter((f) => f.byPayload === f.matches && (f.remoteAddress === receiver || f.remoteAddress === sender));
  if (relayed.length * 2 > flows.length) {
    return says(
      name,
      "supported",
      "one end of the carrier is the other end of the subscriber's own conversation: it passes its content on",
    );
  }
  const remotes = new Set(o.subscribers.flatMap((s) => s.flows.map((f) => f.remoteAddress)));
  if (receiver !== undefined && remotes.has(receiver)) {
    return says(name, "untestable", "the receiver is also a destination of the subscriber's own traffic");
  }
  return says(name, "excluded", "the carrier begins at the network's own equipment, and its far end is no destination of the subscriber's");
};

const tapArtefact: Test = ({ o, outer }) => {
  const name = "tap artefact: the same frame mirrored twice, two taps, RSPAN, flooding";
  if (outer !== undefined) return says(name, "excluded", `the copies travel in a header of their own, from ${outer.src} to ${outer.dst}`);
  const { srcMac, dstMac } = o.carrier;
  if (srcMac === undefined || dstMac === undefined) return says(name, "untestable", "the link layer was not captured");
  const same = o.originals.find(
    (original) => original.leg.kind === "link" && original.leg.srcMac === srcMac && original.leg.dstMac === dstMac,
  );
  if (same !== undefined) return says(name, "supported", "original and copy have the same source and destination MAC");
  return says(name, "excluded", `the copies were sent to ${dstMac}, the originals to another next hop`);
};

const microLoop: Test = ({ o, outer }) => {
  const name = "micro-loop or path flap";
  if (outer !== undefined) return says(name, "excluded", "a loop does not wrap packets in a header towards another host");
  const links = o.originals.filter((original) => original.leg.kind === "link");
  const chained = links.find(
    (original) =>
      (original.leg.dstMac === o.carrier.srcMac && original.ttlDelta < 0) ||
      (original.leg.srcMac === o.carrier.dstMac && original.ttlDelta > 0),
  );
  if (chained !== undefined) return says(name, "supported", "the packets go from hop to hop and lose TTL: they are forwarded");
  if (links.length === 0) return says(name, "untestable", "no original was seen on a plain link, so that hops cannot be compared");
  return says(name, "excluded", "original and copy have the same TTL and leave the same hop for two next hops");
};

const retransmission: Test = ({ outer }) =>
  says(
    "retransmission",
    "excluded",
    outer === undefined
      ? "a retransmission goes to the same next hop; equal inputs were counted once"
      : "a retransmission goes to the same destination; equal inputs were counted once",
  );

const threeGppLeg: Test = ({ context, receiver, paths, o }) => {
  const name = "a leg of the 3GPP user plane (S1-U, S5/S8, N3/N9, forwarding, dual connectivity, redundant paths)";
  if (context.declaration === null) return says(name, "untestable", "without a declaration nobody says which ends are the network's own");
  if (o.carrier.carriers.length > 0) {
    const legs = o.carrier.carriers.map((c) => paths.explained(c, o.carrier.point));
    if (
      (o.carrier.kind === "tunnel" || o.rhythm !== undefined) &&
      legs.every((e) => e?.kind === "interface" || e?.kind === "own" || e?.kind === "partner")
    ) {
      return says(name, "supported", "both ends are declared functions of fitting roles");
    }
  }
  if (receiver === undefined) return says(name, "excluded", "the packets are not in a tunnel of the user plane");
  const f = context.declaration.functionAt(receiver);
  return f === undefined
    ? says(name, "excluded", `${receiver} is no declared function (as declared)`)
    : says(name, "excluded", `${f.name} is declared, but no interface of its roles carries this (as declared)`);
};

const icmpQuote: Test = ({ outer }) =>
  says(
    "an ICMP error that quotes the packet",
    "excluded",
    outer !== undefined && (outer.protocol === 1 || outer.protocol === 58)
      ? "its destination is not the source of the quoted packets"
      : "the carrier is no ICMP",
  );

const mirrorPair: Test = ({ context, sender, receiver, outer, paths, o }) => {
  const name = "high-availability mirror, middlebox or transfer that may carry content";
  if (context.declaration === null) return says(name, "untestable", "there is no declaration");
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
      return says(name, "supported", `declared: ${by.by}`);
    }
  }
  return says(name, "excluded", `no entry lets content pass from ${sender ?? "there"} to ${receiver ?? "there"} (as declared)`);
};

const monitoring: Test = (q) => {
  const { context, outer, paths, o, receiver } = q;
  const name = "declared monitoring, warrant or mediation";
  if (context.declaration === null) return says(name, "untestable", "there is no declaration");
  const by = outer === undefined ? null : paths.explained(outer, o.carrier.point);
  if (by?.kind === "monitoring" && unstatedMonitoring(q) === undefined) return says(name, "supported", `declared: ${by.by}`);
  if (by?.kind === "monitoring") return says(name, "untestable", `${by.by} covers the flow but states no scope`);
  if (receiver !== undefined && context.declaration.lawfulRole(receiver) !== undefined) {
    return says(name, "excluded", "the far end is a lawful address, but no warrant covers these subscribers, this time and this receiver");
  }
  return says(name, "excluded", "no entry for monitoring, and no lawful address, covers this carrier (as declared)");
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
  const nearest = o.originals.toSorted((a, b) => Math.abs(delayOf(a).median) - Math.abs(delayOf(b).median))[0];
  if (nearest === undefined) return says("order and clocks of the points", "excluded", ORDER_DOES_NOT_MATTER);
  const { low, high, clock } = delayOf(nearest);
  const spread = `copies were captured between ${seconds(low)} and ${seconds(high)} after their originals`;
  const known =
    clock === undefined
      ? "by clocks that nothing compares"
      : clock.low === 0 && clock.high === 0
        ? "by one clock"
        : `the one clock being ${seconds(clock.low)} to ${seconds(clock.high)} ahead of the other, as packets seen by both show`;
  return says("order and clocks of the points", "excluded", `${ORDER_DOES_NOT_MATTER}; ${spread}, ${known}`);
};
const ORDER_DOES_NOT_MATTER = "that a packet was seen twice does not depend on which was seen first";

function seconds(micros: number): string {
  return `${(micros / 1e6).toFixed(6)} s`;
}

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
