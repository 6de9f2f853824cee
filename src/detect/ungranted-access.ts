/**
 * ungranted-access: management access to an element with no grant covering party, function, protocol and time (`contract.md` §1, §3).
 *
 * The protocol is recognised by content; a management port without readable content is at most `indication`. `proven` needs a handshake that completed with data both
 * ways; an attempt that was refused or never answered is no finding. Without a declaration the detector is silent.
 */
import type { NotExplained } from "#declaration/explain.ts";
import type { Exceeded } from "#declaration/question.ts";
import { GRADES, type FindingDraft, type Grade } from "#model/finding.ts";
import { NOTHING_UNENDED, type FlowObservation, type Observation } from "#model/observation.ts";
import { state, type Statement } from "#model/statement.ts";
import { microsToRfc3339 } from "#model/time.ts";
import { BoundedActs } from "./bounded-acts.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { carrierOf, countWaiting, explanationOf, ipProtocolName } from "./flow-question.ts";
import { EvidenceGatherer } from "./gather.ts";

class Access {
  readonly first: NotExplained;
  readonly evidence = new EvidenceGatherer();
  readonly carriers: string[] = [];
  readonly applications = new Set<string>();
  readonly points = new Set<number>();
  sessions = 0;
  packets = 0;
  octets = 0;
  grade: Grade = "indication";
  completed = false;
  byPort = false;
  firstMicros = Infinity;
  lastMicros = -Infinity;
  port: number | null = null;
  layers: readonly string[] = [];
  because: Statement;
  /** The earliest excess of a grant's period. */
  exceeded: Exceeded | undefined;
  constructor(first: NotExplained) {
    this.first = first;
    this.because = first.because;
  }

  copy(): Access {
    return Object.assign(new Access(this.first), this, {
      evidence: this.evidence.copy(),
      carriers: [...this.carriers],
      applications: new Set(this.applications),
      points: new Set(this.points),
    });
  }
}

/** What is surest first, then by octets. */
function worthOf({ grade, octets }: Access): number {
  return GRADES.indexOf(grade) * Number.MAX_SAFE_INTEGER + octets;
}

/** What the flows told so far come to. */
class Sum {
  accesses = new BoundedActs<Access>(worthOf);
  /** Flows that may be no finding, by the reason why. */
  readonly waiting = new Map<string, { readonly why: Statement; count: number }>();
  refused = 0;

  copy(): Sum {
    const copy = new Sum();
    copy.accesses = this.accesses.copy((access) => access.copy());
    for (const [key, { why, count }] of this.waiting) copy.waiting.set(key, { why, count });
    copy.refused = this.refused;
    return copy;
  }
}

const ENCRYPTED = new Set(["ssh", "tls", "quic", "rdp"]);

export function ungrantedAccess(context: DetectorContext): Detector {
  const ended = new Sum();

  function observe(observation: Observation): void {
    if (observation.kind === "flow") add(observation, ended);
  }

  function add(observation: FlowObservation, sum: Sum): void {
    const verdict = explanationOf(observation, context);
    if (verdict === undefined || verdict.explained || verdict.claim !== "ungranted-access") return;
    if (verdict.atMost === null) {
      countWaiting(sum.waiting, verdict.because);
      return;
    }
    if (wasNotAnswered(observation, verdict)) {
      sum.refused++;
      return;
    }
    const element = context.element(verdict.element.address);
    const key = `${element.name ?? element.address} ${verdict.peer.address}`;
    let access = sum.accesses.get(key);
    if (access === undefined) sum.accesses.add(key, (access = new Access(verdict)));
    gather(access, observation, verdict);
  }

  return {
    claim: "ungranted-access",
    observe,
    findings: (unended = NOTHING_UNENDED) => {
      const sum = unended.flows.length === 0 ? ended : ended.copy();
      for (const flow of unended.flows) add(flow, sum);
      for (const { why, count } of sum.waiting.values()) context.undecided({ claim: "ungranted-access", count, why });
      if (sum.refused > 0) context.undecided({ claim: "ungranted-access", count: sum.refused, why: state("undecided.access-refused") });
      const { forgotten } = sum.accesses;
      if (forgotten > 0) context.undecided({ claim: "ungranted-access", count: forgotten, why: state("undecided.pairs-forgotten") });
      return sum.accesses.values().map((access) => draft(context, access));
    },
  };
}

function wasNotAnswered(flow: FlowObservation, verdict: NotExplained): boolean {
  const element = flow.initiator.address === verdict.element.address ? flow.initiator : flow.responder;
  return flow.tcp.refused || element.payloadPackets === 0;
}

function gather(access: Access, flow: FlowObservation, verdict: NotExplained): void {
  access.sessions++;
  access.packets += flow.initiator.packets + flow.responder.packets;
  access.octets += flow.initiator.bytes + flow.responder.bytes;
  access.evidence.add(flow.payloadFrames);
  access.firstMicros = Math.min(access.firstMicros, flow.firstMicros);
  access.lastMicros = Math.max(access.lastMicros, flow.lastMicros);
  access.points.add(flow.point);
  if (access.carriers.length < 256) access.carriers.push(carrierOf(flow));
  if (flow.application !== undefined) access.applications.add(flow.application);
  else access.byPort = true;
  const party = flow.initiator.address === verdict.peer.address ? flow.initiator : flow.responder;
  if (access.port === null && party.port !== 0) access.port = party.port;
  if (access.layers.length === 0)
    access.layers = [ipProtocolName(flow.protocol), ...(flow.application === undefined ? [] : [flow.application])];
  access.completed ||= flow.handshakeCompleted;
  if (verdict.exceeded !== undefined && verdict.exceeded.atMicros < (access.exceeded?.atMicros ?? Infinity)) {
    access.exceeded = verdict.exceeded;
    if (access.because.code === verdict.because.code) access.because = verdict.because;
  }
  const grade = gradeOf(flow, verdict);
  if (GRADES.indexOf(grade) > GRADES.indexOf(access.grade)) {
    access.grade = grade;
    access.because = verdict.because;
  }
}

function gradeOf(flow: FlowObservation, verdict: NotExplained): Grade {
  const ceiling = verdict.atMost ?? "indication";
  if (ceiling === "indication") return "indication";
  if (flow.handshakeCompleted) return ceiling;
  return flow.application === undefined ? "indication" : "corroborated";
}

function draft(context: DetectorContext, access: Access): FindingDraft {
  const element = context.element(access.first.element.address);
  const party = context.receiver(access.first.peer.address, access.port, false);
  const protocols = [...access.applications].sort();
  const address = party.address ?? access.first.peer.address;
  const how = protocols.length > 0 ? protocols.join(", ") : state("access.management-port");
  return {
    claim: "ungranted-access",
    grade: access.grade,
    summary: state("access.summary", {
      party: party.name === null ? address : state("name.with-address", { name: party.name, address }),
      element: element.name ?? element.address ?? access.first.element.address,
      protocols: how,
      because: access.because,
    }),
    element,
    receiver: party,
    act: access.completed ? "effected" : "sent",
    transport: { layers: access.layers, encrypted: protocols.some((name) => ENCRYPTED.has(name)), delaySeconds: null },
    subscribers: context.isUser(address) ? [context.subscriberAt(address, access.firstMicros)] : [],
    data: [],
    packets: access.packets,
    bytes: 0,
    firstMicros: access.firstMicros,
    lastMicros: access.lastMicros,
    bits: 0,
    chance: null,
    premises: [
      { id: "declaration", statement: state("premise.grants"), status: "declared" },
      {
        id: "addresses",
        statement: state("premise.both-addresses"),
        status: "assumed",
      },
    ],
    evidence: access.evidence.list(),
    ruledOut: [
      { explanation: state("explanation.grant"), status: "excluded", because: state("as-declared", { what: access.because }) },
      {
        explanation: state("explanation.refused.access"),
        status: access.completed ? "excluded" : "untestable",
        because: state(access.completed ? "access.handshake-completed" : "access.no-handshake"),
      },
      {
        explanation: state("explanation.other-protocol"),
        status: protocols.length > 0 ? "excluded" : "untestable",
        because: protocols.length > 0 ? state("access.content-is", { protocols: how }) : state("access.content-unknown"),
      },
    ],
    sources: access.applications.has("ssh") ? ["RFC 4253 §4.2, §7.3"] : ["Tapproof contract §3 (grants)"],
    arithmetic: [],
    restsOn: ["declaration/grants", ...[...access.points].map((point) => `point ${point}`)],
    carriers: access.carriers,
    details: {
      sessions: access.sessions,
      octets: access.octets,
      protocols: protocols.join(", "),
      ...exceededDetails(access.exceeded),
    },
  };
}

/** Which grant, its period, and when that was first exceeded (`contract.md` §3: a grant is no secret). */
function exceededDetails(exceeded: Exceeded | undefined): Record<string, string> {
  if (exceeded === undefined) return {};
  const { grant, from, to, atMicros } = exceeded;
  return { grant, grantFrom: from ?? "", grantTo: to ?? "", firstExcess: microsToRfc3339(atMicros) };
}
