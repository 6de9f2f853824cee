/**
 * undeclared-trace: an order to trace a subscriber that delivers to a collector nobody declared (`contract.md` §1, 3GPP TS 32.422 §5).
 *
 * The order may stand in S1AP (Trace Start, Initial Context Setup, Handover Request, Cell Traffic Trace: TS 36.413 §8.10, §9.2.1.4), X2AP (TS 36.423 §9.2.2), GTPv2-C
 * (TS 29.274 §8.31), GTPv1-C (TS 29.060 §7.7.24), Diameter (Trace-Data, TS 29.272 §7.3.59) or PFCP (TS 29.244 §8.2.109). What is judged is the collector: bulk optimisation,
 * MDT, and traces that another PLMN of a shared network began are ordinary as long as they deliver where the declaration says.
 */
import { scaled } from "#model/room.ts";
import { parseAddress } from "#declaration/address.ts";
import type { DiameterMessage } from "#decode/diameter/message.ts";
import type { Gtpv1Message } from "#decode/gtpv1/message.ts";
import type { Gtpv2Message } from "#decode/gtpv2/message.ts";
import type { PfcpMessage } from "#decode/pfcp/message.ts";
import type { S1apMessage } from "#decode/s1ap/message.ts";
import type { X2apMessage } from "#decode/x2ap/message.ts";
import { GRADES, type Act, type FindingDraft, type Grade } from "#model/finding.ts";
import { addressInText } from "#model/host-address.ts";
import type { MessageOrigin, ObservedMessage } from "#model/message.ts";
import type { MessageObservation, Observation, SubscriberView } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";
import { state } from "#model/statement.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { EvidenceGatherer } from "./gather.ts";

/** One order as the message states it, whatever the protocol. */
interface TraceOrder {
  /** Addresses of the collector; empty where only a name or nothing is given. */
  readonly collectors: readonly string[];
  readonly collectorName: string | undefined;
  /** PLMN and trace id, for people. */
  readonly reference: string;
  readonly depth: string;
  readonly interfaces: string;
  readonly job: string;
  /** The function that is told to trace. */
  readonly element: string;
  /** Whether the protocol answers this order at all. */
  readonly answered: boolean;
  readonly source: string;
}

/** An order and what became of it. Holds no message: those are forgotten when they have been answered. */
interface Pending {
  readonly order: TraceOrder;
  readonly subscriber: SubscriberView | undefined;
  readonly protocol: string;
  readonly transport: string;
  readonly capture: number;
  readonly point: number;
  readonly frames: readonly number[];
  readonly micros: number;
  /** The message was complete and without a fault. */
  readonly sound: boolean;
  outcome: "open" | "accepted" | "rejected";
}

const S1AP = { INITIAL_CONTEXT_SETUP: 9, HANDOVER_RESOURCE_ALLOCATION: 1, TRACE_FAILURE: 28, CELL_TRAFFIC_TRACE: 42 } as const;
/** Orders kept; past it, new ones are not judged. */
const MAX_ORDERS = 200_000;

export function undeclaredTrace(context: DetectorContext): Detector {
  const orders: Pending[] = [];
  const byMessage = new WeakMap<ObservedMessage, Pending[]>();
  /** By eNB and its id of the device, for failures that are told later. */
  const byDevice = new Map<string, Pending[]>();
  let named = 0;
  let halfDeclared = 0;

  function observe(observation: Observation): void {
    if (observation.kind !== "message" || observation.observed.origin.inTunnel) return;
    if (observation.answers !== undefined) settle(observation, byMessage.get(observation.answers) ?? []);
    const { message } = observation.observed;
    if (message.protocol === "s1ap" && message.type === S1AP.TRACE_FAILURE) refuse(message as S1apMessage, observation.observed.origin);
    if (!bearsTrace(message)) return;
    for (const stated of ordersOf(observation.observed, observation.answers)) {
      const order = withAddress(stated);
      if (orders.length >= scaled(MAX_ORDERS) || isDeclared(order)) continue;
      const pending = pendingOf(order, observation);
      orders.push(pending);
      const known = byMessage.get(observation.observed);
      if (known === undefined) byMessage.set(observation.observed, [pending]);
      else known.push(pending);
      if (message.protocol === "s1ap") remember(deviceOf(order.element, (message as S1apMessage).enbUeId), pending);
    }
  }

  function remember(device: string, pending: Pending): void {
    const known = byDevice.get(device);
    if (known === undefined) byDevice.set(device, [pending]);
    else if (known.length < 64) known.push(pending);
  }

  function settle(answer: MessageObservation, pending: readonly Pending[]): void {
    const outcome = outcomeOf(answer.observed);
    for (const one of pending) if (one.outcome === "open" && outcome !== undefined) one.outcome = outcome;
  }

  /** Trace Failure Indication (TS 36.413 §8.10.2): the eNB did not begin. */
  function refuse(failure: S1apMessage, origin: MessageOrigin): void {
    for (const one of byDevice.get(deviceOf(origin.src, failure.enbUeId)) ?? []) one.outcome = "rejected";
  }

  function isDeclared(order: TraceOrder): boolean {
    const { declaration } = context;
    if (declaration === null) return false;
    const trusted = (address: string): boolean =>
      declaration.collectorAt(address) ||
      declaration.functionAt(order.element)?.addresses.includes(address) === true ||
      // `transfers` of traces name where records go as well as `trace.collectors` does.
      declaration.transfers.text(address).some(({ entry, end }) => end === "to" && entry.kind === "trace");
    if (order.collectors.some(trusted)) {
      // One collector is named by both its addresses where it has two (TS 36.413 §9.2.2.1); which one is used the wire does not say.
      if (!order.collectors.every(trusted)) halfDeclared++;
      return true;
    }
    if (order.collectors.length > 0) return false;
    const { collectors } = declaration.declaration.trace;
    if (order.collectorName !== undefined) {
      const name = order.collectorName.toLowerCase();
      if (collectors.some((collector) => collector.toLowerCase() === name)) return true;
      // Collectors are declared by address, and this one has a name: it may be one of them (`method.md` §4).
      if (collectors.length > 0 && collectors.every((collector) => parseAddress(collector.split("/")[0] ?? "") !== null)) {
        named++;
        return true;
      }
      return false;
    }
    // No collector in the message: the element's own configuration decides where records go, and the wire cannot show it.
    return true;
  }

  function findings(): FindingDraft[] {
    const groups = new Map<string, Pending[]>();
    for (const one of orders) {
      const shown = context.element(one.order.element);
      const key = `${shown.name ?? one.order.element} ${one.order.collectors[0] ?? one.order.collectorName ?? ""}`;
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [one]);
      else known.push(one);
    }
    if (named > 0) {
      context.undecided({
        claim: "undeclared-trace",
        count: named,
        why: state("undecided.trace-named"),
      });
    }
    if (halfDeclared > 0) {
      context.undecided({
        claim: "undeclared-trace",
        count: halfDeclared,
        why: state("undecided.trace-half-declared"),
      });
    }
    return [...groups.values()].map((group) => {
      // An attempt says nothing more where others were not refused.
      const standing = group.filter(({ outcome }) => outcome !== "rejected");
      return draft(context, standing.length > 0 ? standing : group);
    });
  }

  return { claim: "undeclared-trace", settings: { mostOrders: MAX_ORDERS }, observe, findings };
}

/** Asked of every message, so that few pay for more. */
function bearsTrace(message: ObservedMessage["message"]): boolean {
  switch (message.protocol) {
    case "s1ap":
    case "x2ap":
    case "gtpv1":
      return (message as S1apMessage | X2apMessage | Gtpv1Message).trace !== undefined;
    case "gtpv2":
    case "diameter":
    case "pfcp":
      return (message as Gtpv2Message | DiameterMessage | PfcpMessage).traces.length > 0;
    default:
      return false;
  }
}

function deviceOf(enb: string, enbUeId: number | undefined): string {
  return `${enb} ${enbUeId ?? ""}`;
}

function pendingOf(order: TraceOrder, { observed: { message, origin }, subscriber }: MessageObservation): Pending {
  return {
    order,
    subscriber,
    protocol: message.protocol,
    transport: origin.transport,
    capture: origin.capture,
    point: origin.point,
    frames: origin.frames.length > 0 ? origin.frames : [origin.frame],
    micros: toMicros(origin.time),
    sound: !origin.incomplete && message.faults.length === 0,
    outcome: "open",
  };
}

function outcomeOf({ message }: ObservedMessage): "accepted" | "rejected" | undefined {
  switch (message.protocol) {
    case "s1ap":
    case "x2ap":
      return message.kind === "successful" ? "accepted" : "rejected";
    case "gtpv2": {
      const { cause } = message as Gtpv2Message;
      return cause === undefined ? undefined : cause >= 16 && cause <= 63 ? "accepted" : "rejected";
    }
    case "gtpv1": {
      const { cause } = message as Gtpv1Message;
      return cause === undefined ? undefined : cause >= 128 && cause <= 191 ? "accepted" : "rejected";
    }
    case "diameter":
      return (message as DiameterMessage).success === true ? "accepted" : "rejected";
    case "pfcp":
      return (message as PfcpMessage).cause === 1 ? "accepted" : "rejected";
    default:
      return undefined;
  }
}

function* ordersOf(observed: ObservedMessage, answers: ObservedMessage | undefined): Generator<TraceOrder> {
  const { message, origin } = observed;
  switch (message.protocol) {
    case "s1ap":
      yield* radioOrder(message as S1apMessage, origin, "3GPP TS 36.413 §9.2.1.4");
      return;
    case "x2ap":
      yield* radioOrder(message as X2apMessage, origin, "3GPP TS 36.423 §9.2.2");
      return;
    case "gtpv2":
      for (const trace of (message as Gtpv2Message).traces) {
        yield {
          collectors: trace.collector === undefined ? [] : [trace.collector],
          collectorName: undefined,
          reference: `${trace.reference.plmn}-${hex(trace.reference.traceId)}`,
          depth: String(trace.depth ?? ""),
          interfaces: trace.interfaces,
          job: "",
          element: origin.dst,
          // Trace Session Activation (71) has no answer (TS 29.274 §7.12.1).
          answered: message.type !== 71,
          source: "3GPP TS 29.274 §8.31",
        };
      }
      return;
    case "gtpv1": {
      const { trace } = message as Gtpv1Message;
      if (trace === undefined) return;
      yield {
        collectors: [],
        collectorName: trace.omcIdentity,
        reference: String(trace.reference ?? ""),
        depth: String(trace.traceType ?? ""),
        interfaces: "",
        job: "",
        element: origin.dst,
        answered: true,
        source: "3GPP TS 29.060 §7.7.24",
      };
      return;
    }
    case "diameter":
      for (const trace of (message as DiameterMessage).traces) {
        const request = (message as DiameterMessage).request;
        yield {
          collectors: trace.collector === undefined ? [] : [trace.collector],
          collectorName: trace.omcId,
          reference: trace.reference === undefined ? "" : `${trace.reference.plmn}-${hex(trace.reference.traceId)}`,
          depth: String(trace.depth ?? ""),
          interfaces: trace.interfaces,
          job: trace.jobType === undefined ? "" : `MDT job ${trace.jobType}`,
          element: request ? origin.dst : (answers?.origin.src ?? origin.dst),
          answered: request,
          source: "3GPP TS 29.272 §7.3.59",
        };
      }
      return;
    case "pfcp":
      for (const trace of (message as PfcpMessage).traces) {
        yield {
          collectors: trace.collector === undefined ? [] : [trace.collector],
          collectorName: undefined,
          reference: `${trace.reference.plmn}-${hex(trace.reference.traceId)}`,
          depth: String(trace.depth ?? ""),
          interfaces: trace.interfaces,
          job: "",
          element: origin.dst,
          answered: true,
          source: "3GPP TS 29.244 §8.2.109",
        };
      }
      return;
    default:
  }
}

/** A collector whose name is an address, or a URI with one, is that address. */
function withAddress(order: TraceOrder): TraceOrder {
  const address = order.collectors.length > 0 || order.collectorName === undefined ? undefined : addressInText(order.collectorName);
  return address === undefined ? order : { ...order, collectors: [address] };
}

function* radioOrder(message: S1apMessage | X2apMessage, origin: MessageOrigin, source: string): Generator<TraceOrder> {
  const { trace, type, kind } = message;
  if (trace === undefined || kind !== "initiating") return;
  const begunByEnb = message.protocol === "s1ap" && type === S1AP.CELL_TRAFFIC_TRACE;
  yield {
    collectors: trace.collector,
    collectorName: trace.collectorUri,
    reference: `${trace.plmn}-${hex(trace.traceId)}`,
    depth: String(trace.depth ?? ""),
    interfaces: trace.interfaces === undefined ? "" : trace.interfaces.toString(16).padStart(2, "0"),
    job: trace.mdt === undefined ? "" : "MDT",
    element: begunByEnb ? origin.src : origin.dst,
    answered: message.protocol === "x2ap" || type === S1AP.INITIAL_CONTEXT_SETUP || type === S1AP.HANDOVER_RESOURCE_ALLOCATION,
    source,
  };
}

function hex(id: number): string {
  return id.toString(16).padStart(6, "0");
}

function gradeOf(one: Pending, declared: boolean): Grade {
  // Somebody who tells an element to deliver to a stranger is worth a look, whether or not it obeyed.
  if (!declared || !one.sound || one.outcome === "rejected") return "indication";
  return one.order.answered && one.outcome !== "accepted" ? "corroborated" : "proven";
}

function draft(context: DetectorContext, group: readonly Pending[]): FindingDraft {
  const first = group[0] as Pending;
  const { order } = first;
  const element = context.element(order.element);
  const address = order.collectors[0];
  const receiver = address === undefined ? null : context.receiver(address, null, false);
  const evidence = new EvidenceGatherer();
  const subscribers = new Set<string>();
  let grade: Grade = "indication";
  let accepted = false;
  for (const one of group) {
    evidence.addFrames(one.capture, one.frames);
    if (one.subscriber !== undefined) subscribers.add(context.subscriberKey(one.subscriber));
    const own = gradeOf(one, context.declaration !== null);
    if (GRADES.indexOf(own) > GRADES.indexOf(grade)) grade = own;
    accepted ||= one.outcome === "accepted";
  }
  const act: Act = accepted ? "accepted" : "sent";
  const refused = group.every(({ outcome }) => outcome === "rejected");
  const who = element.name ?? order.element;
  const where = receiver?.name ?? address ?? order.collectorName ?? state("name.unnamed-collector");
  const references = [...new Set(group.map((one) => one.order.reference))].filter((text) => text !== "");
  const micros = group.map(({ micros: at }) => at);
  return {
    claim: "undeclared-trace",
    grade,
    summary: state("trace.summary", {
      element: who,
      subscribers: subscribers.size,
      receiver: where,
      known: context.declaration === null ? "none" : "undeclared",
      refused: refused ? "yes" : "no",
    }),
    element,
    receiver,
    act,
    transport: { layers: [first.transport, first.protocol], encrypted: false, delaySeconds: null },
    subscribers: [...subscribers].sort(),
    data: refused ? [] : ["metadata", "location"],
    packets: group.length,
    bytes: 0,
    firstMicros: micros.reduce((a, b) => Math.min(a, b)),
    lastMicros: micros.reduce((a, b) => Math.max(a, b)),
    bits: 0,
    chance: null,
    premises: [
      { id: "declaration", statement: state("premise.trace-declaration"), status: "declared" },
      { id: "decoder", statement: state("premise.decoder-order"), status: "assumed" },
    ],
    evidence: evidence.list(),
    ruledOut: [
      {
        explanation: state("explanation.trace-job"),
        status: context.declaration === null ? "untestable" : "excluded",
        because:
          context.declaration === null
            ? state("declaration.none")
            : state("as-declared", { what: state("trace.not-a-collector", { receiver: where }) }),
      },
      {
        explanation: state("explanation.refused.order"),
        status: refused ? "supported" : accepted || !order.answered ? "excluded" : "untestable",
        because: refused
          ? state("trace.was-refused")
          : accepted
            ? state("answer.success-seen")
            : order.answered
              ? state("answer.none-seen")
              : state("answer.not-answered-by-protocol"),
      },
    ],
    sources: [...new Set(group.map((one) => one.order.source)), "3GPP TS 32.422 §5"],
    arithmetic: [],
    lacksAnswer: grade === "corroborated",
    restsOn: ["declaration/trace", `point ${first.point}`, `decoder ${first.protocol}`],
    details: {
      traceReference: references.join(", "),
      depth: order.depth,
      interfaces: order.interfaces,
      job: order.job,
      collectorName: order.collectorName ?? "",
    },
  };
}
