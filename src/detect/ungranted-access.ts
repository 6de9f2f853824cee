/**
 * ungranted-access: management access to an element with no grant covering party, function, protocol and time (`contract.md` §1, §3).
 *
 * The protocol is recognised by content; a management port without readable content is at most `indication`. `proven` needs a handshake that completed with data both
 * ways; an attempt that was refused or never answered is no finding. Without a declaration the detector is silent.
 */
import { explainFlow, type NotExplained } from "#declaration/explain.ts";
import { GRADES, type FindingDraft, type Grade } from "#model/finding.ts";
import type { FlowObservation, Observation } from "#model/observation.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { carrierOf, ipProtocolName, questionOf } from "./flow-question.ts";
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
  because: string;
  constructor(first: NotExplained) {
    this.first = first;
    this.because = first.because;
  }
}

const ENCRYPTED = new Set(["ssh", "tls", "quic", "rdp"]);

export function ungrantedAccess(context: DetectorContext): Detector {
  const accesses = new Map<string, Access>();
  let refused = 0;

  /** Flows that may be no finding, by the reason why. */
  const waiting = new Map<string, number>();

  function observe(observation: Observation): void {
    if (observation.kind !== "flow" || context.declaration === null) return;
    const verdict = explainFlow(context.declaration, questionOf(observation, context.points));
    if (verdict.explained || verdict.claim !== "ungranted-access") return;
    if (verdict.atMost === null) {
      waiting.set(verdict.because, (waiting.get(verdict.because) ?? 0) + 1);
      return;
    }
    if (wasNotAnswered(observation, verdict)) {
      refused++;
      return;
    }
    const element = context.element(verdict.element.address);
    const key = `${element.name ?? element.address} ${verdict.peer.address}`;
    let access = accesses.get(key);
    if (access === undefined) accesses.set(key, (access = new Access(verdict)));
    gather(access, observation, verdict);
  }

  return {
    claim: "ungranted-access",
    observe,
    findings: () => {
      for (const [why, count] of waiting) context.undecided({ claim: "ungranted-access", count, why });
      if (refused > 0)
        context.undecided({ claim: "ungranted-access", count: refused, why: "attempts at management that were refused or never answered" });
      return [...accesses.values()].map((access) => draft(context, access));
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
  const who = party.name === null ? (party.address ?? "somebody") : `${party.name} (${party.address})`;
  const how = protocols.length > 0 ? protocols.join(", ") : "a management port";
  return {
    claim: "ungranted-access",
    grade: access.grade,
    summary: `${who} had management access to ${element.name ?? element.address} by ${how}; ${access.because}.`,
    element,
    receiver: party,
    act: access.completed ? "effected" : "sent",
    transport: { layers: access.layers, encrypted: protocols.some((name) => ENCRYPTED.has(name)), delaySeconds: null },
    subscribers: [],
    data: [],
    packets: access.packets,
    bytes: 0,
    firstMicros: access.firstMicros,
    lastMicros: access.lastMicros,
    bits: 0,
    chance: null,
    premises: [
      { id: "declaration", statement: "The grants list every permission to manage this element.", status: "declared" },
      {
        id: "addresses",
        statement: "Packets that bear the element's and the party's address were sent and received by them.",
        status: "assumed",
      },
    ],
    evidence: access.evidence.list(),
    ruledOut: [
      { explanation: "a grant for this party, function, protocol and time", status: "excluded", because: `as declared: ${access.because}` },
      {
        explanation: "an attempt that was refused",
        status: access.completed ? "excluded" : "untestable",
        because: access.completed ? "the handshake completed and data went both ways" : "no completed handshake was seen",
      },
      {
        explanation: "another protocol on a management port",
        status: protocols.length > 0 ? "excluded" : "untestable",
        because: protocols.length > 0 ? `the content is ${how}` : "the content could not be recognised",
      },
    ],
    sources: access.applications.has("ssh") ? ["RFC 4253 §4.2, §7.3"] : ["Tapproof contract §3 (grants)"],
    arithmetic: [],
    restsOn: ["declaration/grants", ...[...access.points].map((point) => `point ${point}`)],
    carriers: access.carriers,
    details: { sessions: access.sessions, octets: access.octets, protocols: how },
  };
}
