/**
 * undeclared-peer: an element exchanges traffic with an address that the declaration does not explain (`contract.md` §1, §3).
 *
 * Counts flows between a declared function (or host) and anybody else that no entry explains. Payload both ways makes it `corroborated`; one way only, refused,
 * ICMP, or a declared host that speaks another protocol than listed: at most `indication`. What the peer itself tries and never gets an answer to is
 * noise of every network and no finding. Without a declaration there is nothing that could be undeclared: the detector is silent.
 */
import type { Explained, NotExplained } from "#declaration/explain.ts";
import { GRADES, type FindingDraft, type Grade } from "#model/finding.ts";
import { NOTHING_UNENDED, type FlowObservation, type Observation } from "#model/observation.ts";
import { state, type Statement } from "#model/statement.ts";
import { BoundedActs } from "./bounded-acts.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { carrierOf, countWaiting, explanationOf, ipProtocolName } from "./flow-question.ts";
import { EvidenceGatherer } from "./gather.ts";
import { UnannouncedUsers } from "./unannounced-users.ts";

class Exchange {
  readonly first: NotExplained;
  readonly evidence = new EvidenceGatherer();
  readonly carriers: string[] = [];
  readonly layers: string[] = [];
  readonly applications = new Set<string>();
  readonly points = new Set<number>();
  flows = 0;
  packets = 0;
  octets = 0;
  grade: Grade = "indication";
  bothWays = false;
  /** Subscribers with places were read in what the element sent. */
  lists = false;
  /** Who sent payload, over all flows; where nobody did, who sent packets. */
  elementSent = false;
  peerSent = false;
  encrypted = false;
  firstMicros = Infinity;
  lastMicros = -Infinity;
  port: number | null = null;
  because: Statement;
  constructor(first: NotExplained) {
    this.first = first;
    this.because = first.because;
  }

  copy(): Exchange {
    return Object.assign(new Exchange(this.first), this, {
      evidence: this.evidence.copy(),
      carriers: [...this.carriers],
      layers: [...this.layers],
      applications: new Set(this.applications),
      points: new Set(this.points),
    });
  }
}

/** What was said both ways first, then by octets. */
function worthOf({ grade, octets }: Exchange): number {
  return GRADES.indexOf(grade) * Number.MAX_SAFE_INTEGER + octets;
}

/** What the flows told so far come to. */
class Sum {
  exchanges = new BoundedActs<Exchange>(worthOf);
  /** Flows that may be no finding, by the reason why. */
  readonly waiting = new Map<string, { readonly why: Statement; count: number }>();
  unanswered = 0;
  users = new UnannouncedUsers();

  copy(): Sum {
    const copy = new Sum();
    copy.exchanges = this.exchanges.copy((exchange) => exchange.copy());
    for (const [key, { why, count }] of this.waiting) copy.waiting.set(key, { why, count });
    copy.unanswered = this.unanswered;
    copy.users = this.users.copy();
    return copy;
  }
}

const ENCRYPTED = new Set(["tls", "ssh", "quic", "esp", "ike", "wireguard"]);
const LISTED_CARRIERS = 256;

export function undeclaredPeer(context: DetectorContext): Detector {
  const ended = new Sum();

  function observe(observation: Observation): void {
    if (observation.kind === "flow") add(observation, ended);
    else if (observation.kind === "tunnel") ended.users.note(observation, context);
  }

  function add(observation: FlowObservation, sum: Sum): void {
    const explanation = explanationOf(observation, context);
    if (explanation === undefined) return;
    const verdict = explanation.explained ? beyondCarriage(context, observation, explanation) : explanation;
    if (verdict === undefined || verdict.claim !== "undeclared-peer") return;
    if (context.warranted?.(verdict.peer.address) === true) return;
    if (verdict.atMost === null) {
      countWaiting(sum.waiting, verdict.because);
      return;
    }
    if (isUnansweredApproach(observation, verdict)) {
      sum.unanswered++;
      return;
    }
    const element = context.element(verdict.element.address);
    const key = `${element.name ?? element.address} ${verdict.peer.address}`;
    let exchange = sum.exchanges.get(key);
    if (exchange === undefined) sum.exchanges.add(key, (exchange = new Exchange(verdict)));
    gather(exchange, observation, verdict);
  }

  return {
    claim: "undeclared-peer",
    observe,
    findings: (unended = NOTHING_UNENDED) => {
      const sum = unended.flows.length + unended.tunnels.length === 0 ? ended : ended.copy();
      for (const flow of unended.flows) add(flow, sum);
      for (const use of unended.tunnels) sum.users.note(use, context);
      for (const { why, count } of sum.waiting.values()) context.undecided({ claim: "undeclared-peer", count, why });
      if (sum.unanswered > 0) {
        context.undecided({ claim: "undeclared-peer", count: sum.unanswered, why: state("undecided.peer-unanswered") });
      }
      const { forgotten } = sum.exchanges;
      if (forgotten > 0) context.undecided({ claim: "undeclared-peer", count: forgotten, why: state("undecided.pairs-forgotten") });
      const { users } = sum;
      const others = sum.exchanges.values().filter((exchange) => !users.has(exchange.first.peer.address));
      const subscribers = sum.exchanges.values().length - others.length;
      if (subscribers > 0) context.undecided({ claim: "undeclared-peer", count: subscribers, why: state("undecided.peer-in-tunnel") });
      return others.map((exchange) => draft(context, exchange, users.full));
    },
  };
}

/** Subscribers with their cells in one conversation, from which it is a list: logs and single records name a few. */
const LEAST_LISTED = 20;
/** The same where the exchange is unexplained anyway, and only what it carries is to be said. */
const LEAST_SHOWN = 3;
/** Transfers whose kind says that their records name subscribers and places (TS 32.298, TS 32.423, OMA MLP). */
const RECORD_KINDS = /^transfers\/(cdr|trace|lcs|emergency)\//;

/**
 * A declaration explains that a flow exists, never what it carries (contract §3): a list of subscribers with their cells on a flow whose entry lets it carry nothing of
 * the kind is not explained by that entry.
 */
function beyondCarriage(context: DetectorContext, flow: FlowObservation, explained: Explained): NotExplained | undefined {
  const { kind, by, mayCarry } = explained;
  const placed = flow.placedIdentities;
  if (
    placed === undefined ||
    (kind !== "service" && kind !== "transfer") ||
    mayCarry.some((what) => what !== "none") ||
    RECORD_KINDS.test(by)
  )
    return undefined;
  for (const [from, to, listed] of [
    [flow.initiator, flow.responder, placed.initiator],
    [flow.responder, flow.initiator, placed.responder],
  ] as const) {
    if (listed < LEAST_LISTED || context.declaration?.functionAt(from.address) === undefined) continue;
    return {
      explained: false,
      reason: "undeclared-peer",
      claim: "undeclared-peer",
      element: from,
      peer: to,
      // What an element logs of each procedure adds up to such a list as well.
      atMost: flow.application === "syslog" ? "indication" : "corroborated",
      nearly: by,
      because: state("peer.lists-subscribers", { identities: listed, entry: by }),
    };
  }
  return undefined;
}

/** The peer tried, the element said nothing or refused: a scan, a stray packet, a wrong number. */
function isUnansweredApproach(flow: FlowObservation, verdict: NotExplained): boolean {
  const elementSide = flow.initiator.address === verdict.element.address ? flow.initiator : flow.responder;
  const peerBegan = flow.initiator.address === verdict.peer.address;
  return peerBegan && elementSide.payloadPackets === 0 && !flow.tcp.established && flow.layers.length < 2;
}

function gather(exchange: Exchange, flow: FlowObservation, verdict: NotExplained): void {
  exchange.flows++;
  exchange.packets += flow.initiator.packets + flow.responder.packets;
  exchange.octets += flow.initiator.bytes + flow.responder.bytes;
  exchange.evidence.add(flow.payloadFrames.total > 0 ? flow.payloadFrames : flow.frames);
  exchange.firstMicros = Math.min(exchange.firstMicros, flow.firstMicros);
  exchange.lastMicros = Math.max(exchange.lastMicros, flow.lastMicros);
  exchange.points.add(flow.point);
  if (exchange.carriers.length < LISTED_CARRIERS) exchange.carriers.push(carrierOf(flow));
  if (flow.application !== undefined) {
    exchange.applications.add(flow.application);
    if (ENCRYPTED.has(flow.application)) exchange.encrypted = true;
  }
  if (exchange.layers.length === 0) exchange.layers.push(...(flow.layers.length > 0 ? flow.layers : [ipProtocolName(flow.protocol)]));
  const peer = flow.initiator.address === verdict.peer.address ? flow.initiator : flow.responder;
  if (exchange.port === null && peer.port !== 0) exchange.port = peer.port;
  if (flow.initiator.payloadPackets > 0 && flow.responder.payloadPackets > 0) exchange.bothWays = true;
  const own = peer === flow.initiator ? flow.responder : flow.initiator;
  const placed = own === flow.initiator ? flow.placedIdentities?.initiator : flow.placedIdentities?.responder;
  if ((placed ?? 0) >= LEAST_SHOWN) exchange.lists = true;
  const silent = own.payloadPackets === 0 && peer.payloadPackets === 0;
  exchange.elementSent ||= silent ? own.packets > 0 : own.payloadPackets > 0;
  exchange.peerSent ||= silent ? peer.packets > 0 : peer.payloadPackets > 0;
  if (verdict.atMost === "corroborated" || verdict.atMost === "proven") {
    if (exchange.grade === "indication") exchange.because = verdict.because;
    exchange.grade = "corroborated";
  }
}

/** `anybody`: so many subscribers were not announced that the peer may be one. */
function draft(context: DetectorContext, exchange: Exchange, anybody: boolean): FindingDraft {
  const element = context.element(exchange.first.element.address);
  const receiver = context.receiver(exchange.first.peer.address, exchange.port, false);
  const protocols = [...exchange.applications].sort();
  return {
    claim: "undeclared-peer",
    grade: anybody ? "indication" : exchange.grade,
    summary: state("peer.summary", {
      element: element.name ?? element.address ?? state("name.unknown-element"),
      peer: receiver.name ?? receiver.address ?? state("name.address"),
      direction: exchange.elementSent && exchange.peerSent ? "both" : exchange.peerSent ? "received" : "sent",
      spoken: protocols.length > 0 ? "known" : "unknown",
      protocols,
      because: exchange.because,
    }),
    element,
    receiver,
    act: exchange.bothWays ? "effected" : "sent",
    transport: { layers: exchange.layers, encrypted: exchange.encrypted, delaySeconds: null },
    subscribers: [],
    data: exchange.lists ? ["identity", "location"] : [],
    packets: exchange.packets,
    bytes: 0,
    firstMicros: exchange.firstMicros,
    lastMicros: exchange.lastMicros,
    bits: 0,
    chance: null,
    premises: [
      { id: "declaration", statement: state("premise.peer-declaration"), status: "declared" },
      { id: "addresses", statement: state("premise.element-address"), status: "assumed" },
    ],
    evidence: exchange.evidence.list(),
    ruledOut: [
      {
        explanation: state("explanation.declared-host"),
        status: "excluded",
        because: state("as-declared", { what: exchange.because }),
      },
      {
        explanation: state("explanation.stray"),
        status: exchange.bothWays ? "excluded" : "untestable",
        because: state(exchange.bothWays ? "peer.both-sent" : "peer.one-way"),
      },
      {
        explanation: state("explanation.subscribers-own"),
        status: anybody ? "untestable" : "excluded",
        because: state(anybody ? "peer.may-be-subscriber" : "peer.not-a-subscriber"),
      },
    ],
    sources: ["Tapproof contract §3 (what a declaration explains)"],
    arithmetic: [],
    restsOn: ["declaration", ...[...exchange.points].map((point) => `point ${point}`)],
    carriers: exchange.carriers,
    details: { flows: exchange.flows, octets: exchange.octets },
  };
}
