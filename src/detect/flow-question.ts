import { statementKey, type Statement } from "#model/statement.ts";
import { explainFlow, type FlowExplanation, type FlowQuestion } from "#declaration/explain.ts";
import type { DeclarationLookup } from "#declaration/lookup.ts";
import type { FlowEnd } from "#declaration/question.ts";
import type { FlowObservation } from "#model/observation.ts";
import type { PointInfo } from "#model/point.ts";

/** What the declaration needs to know of a flow to say whether it explains it. */
export function questionOf(
  flow: FlowObservation,
  known: { readonly points: readonly PointInfo[]; isUser(address: string): boolean },
): FlowQuestion {
  const end = ({ address, port }: FlowObservation["initiator"]): FlowEnd => ({ address, port, given: known.isUser(address) });
  return {
    initiator: end(flow.initiator),
    responder: end(flow.responder),
    initiatorKnown: flow.beginningSeen,
    protocol: flow.protocol,
    application: flow.application,
    icmp: flow.icmp,
    interface: known.points[flow.point]?.interface,
    refused: flow.tcp.refused,
    bothWays: flow.initiator.payloadPackets > 0 && flow.responder.payloadPackets > 0,
    firstMicros: flow.firstMicros,
    lastMicros: flow.lastMicros,
  };
}

/** The last flow that was asked about: several ask about each, one after the other. */
export interface LastExplained {
  flow: FlowObservation | undefined;
  answer: FlowExplanation | undefined;
}

/** What the declaration says of a flow; undefined without a declaration. `explained` is worked out once for all who ask, and is to be emptied where what is known has changed. */
export function explanationOf(
  flow: FlowObservation,
  known: {
    readonly declaration: DeclarationLookup | null;
    readonly points: readonly PointInfo[];
    readonly explained?: LastExplained;
    isUser(address: string): boolean;
  },
): FlowExplanation | undefined {
  const { declaration, explained } = known;
  if (declaration === null) return undefined;
  if (explained?.flow === flow && explained.answer !== undefined) return explained.answer;
  const answer = explainFlow(declaration, questionOf(flow, known));
  if (explained !== undefined) {
    explained.flow = flow;
    explained.answer = answer;
  }
  return answer;
}

const IP_PROTOCOLS: Readonly<Record<number, string>> = {
  1: "icmp",
  4: "ipip",
  6: "tcp",
  17: "udp",
  41: "ipip",
  47: "gre",
  50: "esp",
  58: "icmpv6",
  132: "sctp",
};

export function ipProtocolName(protocol: number): string {
  return IP_PROTOCOLS[protocol] ?? `ip/${protocol}`;
}

/** `udp 10.0.0.1:4789 > 203.0.113.9:4789`: two findings that share one describe the same act. */
export function carrierOf(flow: FlowObservation): string {
  const { initiator: a, responder: b } = flow;
  return `${ipProtocolName(flow.protocol)} ${a.address}:${a.port} > ${b.address}:${b.port}`;
}

/** One more flow that may be no finding, by the reason why. */
export function countWaiting(waiting: Map<string, { readonly why: Statement; count: number }>, why: Statement): void {
  const key = statementKey(why);
  const known = waiting.get(key);
  if (known === undefined) waiting.set(key, { why, count: 1 });
  else known.count++;
}
