/**
 * undeclared-duplication: a user-plane rule duplicates or diverts a subscriber's packets to an undeclared receiver (`contract.md` §1).
 *
 * 3GPP TS 29.244: Apply Action DUPL with Duplicating Parameters (§5.2.1, §8.2.26, §7.5.2.3), in Create FAR and Update FAR; and what needs no DUPL: a FAR (of a second PDR, or
 * rewritten by Update FAR) whose outer header leads to an end that nobody declared and no access or core signalling named. A rewrite is judged only where that
 * session's other signalling is covered: some other end of it was named by S1AP, X2AP or GTP. Handover, service request, buffering, redirection, enrichment and redundant
 * transmission keep to declared ends or to ends that signalling names.
 */
import { scaled } from "#model/room.ts";
import { ApplyAction, type Far, type ForwardingParameters, type OuterHeaderCreation, type PfcpMessage } from "#decode/pfcp/message.ts";
import { GRADES, type FindingDraft, type Grade } from "#model/finding.ts";
import type { ObservedMessage } from "#model/message.ts";
import type { Observation, SubscriberView } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";
import { state, type StatementText } from "#model/statement.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { EvidenceGatherer } from "./gather.ts";
import { Port } from "#model/ports.ts";

const ACCEPTED = 1;
const LI_FUNCTION = 4;
/** Names of places in `details.named`, where the rule gives none. */
const LI_FUNCTION_NAME = "the LI function";
const NO_DESTINATION = "no destination given";
/** Orders kept; past it, new ones are not judged. */
const MAX_ORDERS = 200_000;
/** Names of predefined rules that the coverage shows. */
const SHOWN_NAMES = 8;
/** FARs whose apply action is remembered, for updates that only change where duplicates go. */
const MAX_FARS = 1_000_000;

/** An order and what became of it. Holds no message: those are forgotten when they have been answered. */
interface Order {
  readonly kind: "duplicate" | "divert";
  /** The user plane that is told. */
  readonly element: string;
  readonly capture: number;
  readonly point: number;
  readonly frames: readonly number[];
  readonly micros: number;
  /** The message was complete and without a fault. */
  readonly sound: boolean;
  readonly subscriber: SubscriberView | undefined;
  readonly address: string | undefined;
  readonly port: number | null;
  readonly teid: number | undefined;
  /** Name of a policy or network instance where no address is given. */
  readonly named: string | undefined;
  readonly toLiFunction: boolean;
  readonly farId: number | undefined;
  readonly dropsOriginal: boolean;
  outcome: "open" | "accepted" | "rejected";
}

export function undeclaredDuplication(context: DetectorContext): Detector {
  const orders: Order[] = [];
  const byRequest = new WeakMap<ObservedMessage, Order[]>();
  const ruleNames = new Set<string>();
  let rulesByName = 0;
  const actions = new Map<string, number>();
  let halfDeclared = 0;

  function observe(observation: Observation): void {
    if (observation.kind !== "message" || observation.observed.message.protocol !== "pfcp" || observation.observed.origin.inTunnel) return;
    const { observed, subscriber, answers } = observation;
    const message = observed.message as PfcpMessage;
    if (answers !== undefined) {
      for (const order of byRequest.get(answers) ?? [])
        if (order.outcome === "open") order.outcome = message.cause === ACCEPTED ? "accepted" : "rejected";
      byRequest.delete(answers);
      return;
    }
    for (const name of message.activatedRules) {
      rulesByName++;
      if (ruleNames.size < SHOWN_NAMES) ruleNames.add(name);
    }
    for (const far of [...message.createFar, ...message.updateFar]) {
      const action = actionOf(far, message, observed);
      for (const order of far.duplicating) duplicate(order, far, action);
      // DUPL without parameters: what was set before stays in force, or a default that only the node knows (§7.5.2.3).
      if (
        far.duplicating.length === 0 &&
        (action & ApplyAction.DUPL) !== 0 &&
        far.applyAction !== undefined &&
        message.createFar.includes(far)
      ) {
        keep({
          ...base("duplicate", far, action),
          address: undefined,
          port: null,
          teid: undefined,
          named: NO_DESTINATION,
          toLiFunction: false,
        });
      }
      if (far.forwarding !== undefined) forward(far.forwarding, far, action);
    }

    function base(kind: Order["kind"], far: Far, action: number): Omit<Order, "address" | "port" | "teid" | "named" | "toLiFunction"> {
      const { origin } = observed;
      return {
        kind,
        element: origin.dst,
        capture: origin.capture,
        point: origin.point,
        frames: origin.frames.length > 0 ? origin.frames : [origin.frame],
        micros: toMicros(origin.time),
        sound: !origin.incomplete && message.faults.length === 0,
        subscriber,
        farId: far.id,
        dropsOriginal: (action & ApplyAction.DROP) !== 0,
        outcome: "open",
      };
    }

    function duplicate(to: ForwardingParameters, far: Far, action: number): void {
      const toLiFunction = to.destinationInterface === LI_FUNCTION;
      const places = addressesOf(to.outerHeaderCreation);
      if (places.some((address) => isEntitled(context, address, observed.origin.dst))) {
        // One outer header names one peer, by both its addresses where it has two (§8.2.56); which one is used the wire does not say.
        if (!places.every((address) => isEntitled(context, address, observed.origin.dst))) halfDeclared++;
        return;
      }
      for (const address of places) {
        keep({ ...base("duplicate", far, action), ...where(to.outerHeaderCreation, address), named: undefined, toLiFunction });
      }
      if (places.length > 0) return;
      const named = to.forwardingPolicy ?? to.networkInstance ?? (toLiFunction ? LI_FUNCTION_NAME : undefined);
      keep({ ...base("duplicate", far, action), address: undefined, port: null, teid: undefined, named, toLiFunction });
    }

    function forward(to: ForwardingParameters, far: Far, action: number): void {
      if (context.declaration === null || (action & ApplyAction.FORW) === 0) return;
      const places = addressesOf(to.outerHeaderCreation);
      if (places.some((address) => isEntitled(context, address, observed.origin.dst))) return;
      for (const address of places) {
        keep({ ...base("divert", far, action), ...where(to.outerHeaderCreation, address), named: undefined, toLiFunction: false });
      }
    }

    function keep(order: Order): void {
      if (orders.length >= scaled(MAX_ORDERS)) return;
      orders.push(order);
      const known = byRequest.get(observed);
      if (known === undefined) byRequest.set(observed, [order]);
      else known.push(order);
    }
  }

  /** The action in force: an update that does not state one leaves the old one (§7.5.4.3). */
  function actionOf(far: Far, message: PfcpMessage, observed: ObservedMessage): number {
    const key = `${observed.origin.dst} ${message.seid === undefined || /^0+$/.test(message.seid) ? (message.cpFSeid?.seid ?? "") : message.seid} ${far.id ?? ""}`;
    if (far.applyAction !== undefined) {
      if (actions.size >= scaled(MAX_FARS)) actions.clear();
      actions.set(key, far.applyAction);
      return far.applyAction;
    }
    return actions.get(key) ?? ApplyAction.FORW;
  }

  function findings(): FindingDraft[] {
    const groups = new Map<string, Order[]>();
    let uncovered = 0;
    for (const order of orders) {
      if (order.kind === "divert") {
        const verdict = diverts(context, order);
        if (verdict === "ordinary") continue;
        if (verdict === "uncovered") {
          uncovered++;
          continue;
        }
      }
      const element = context.element(order.element);
      const key = `${element.name ?? element.address} ${order.address ?? ""}`;
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [order]);
      else known.push(order);
    }
    if (uncovered > 0) {
      context.undecided({
        claim: "undeclared-duplication",
        count: uncovered,
        why: state("undecided.duplication-uncovered"),
      });
    }
    if (rulesByName > 0) {
      context.undecided({
        claim: "undeclared-duplication",
        count: rulesByName,
        why: state("undecided.duplication-by-name", { names: [...ruleNames].sort() }),
      });
    }
    if (halfDeclared > 0) {
      context.undecided({
        claim: "undeclared-duplication",
        count: halfDeclared,
        why: state("undecided.duplication-half-declared"),
      });
    }
    return [...groups.values()].map((group) => draft(context, group));
  }

  return { claim: "undeclared-duplication", settings: { mostOrders: MAX_ORDERS, mostFars: MAX_FARS }, observe, findings };
}

/** Whether a rewrite names an end that nobody else named, for a session of which others were named. */
function diverts(context: DetectorContext, order: Order): "ordinary" | "uncovered" | "diverts" {
  if (order.address === undefined) return "ordinary";
  if (order.teid !== undefined && context.namedBy({ teid: order.teid, address: order.address }).some((by) => by !== "pfcp"))
    return "ordinary";
  return order.subscriber !== undefined && context.namedOtherwise(order.subscriber) ? "diverts" : "uncovered";
}

function addressesOf(header: OuterHeaderCreation | undefined): string[] {
  if (header === undefined) return [];
  return [header.ipv4, header.ipv6].filter(
    (address): address is string => address !== undefined && address !== "0.0.0.0" && address !== "::",
  );
}

function where(header: OuterHeaderCreation | undefined, address: string): Pick<Order, "address" | "port" | "teid"> {
  return { address, port: header?.port ?? (header?.teid === undefined ? null : Port.GTP_U), teid: header?.teid };
}

/** Receivers that may get subscribers' packets: functions and boxes of the network, lawful delivery, a probe, group, service or transfer that may carry content. */
function isEntitled(context: DetectorContext, address: string, userPlane: string): boolean {
  const { declaration } = context;
  if (declaration === null) return false;
  if (declaration.functionAt(address) !== undefined || declaration.lawfulRole(address) !== undefined) return true;
  // Whether the warrant covers this person and content is the interception detector's question.
  if (context.warranted?.(address) === true) return true;
  if (declaration.partnerAt(address) !== undefined || declaration.hostAt(address) !== undefined) return true;
  if (declaration.middleboxes.text(address).some(({ side }) => side === "own")) return true;
  if (declaration.services.text(address).some(({ mayCarry }) => mayCarry.includes("content"))) return true;
  if (declaration.transfers.text(address).some(({ entry, end }) => end === "to" && entry.mayCarry.includes("content"))) return true;
  if (declaration.groups.text(address).some((group) => group.carries.includes("content"))) return true;
  return declaration.monitoring
    .text(address)
    .some(({ entry, end }) => end === "to" && (entry.from.length === 0 || declaration.tableOf(entry.from).text(userPlane).length > 0));
}

/**
 * Duplication is a breach by itself: no procedure of TS 29.244 sends a second copy to an end that is none of the network's. Forwarding is what a rule is for: only that
 * nobody declared the end speaks against it, which is absence (`contract.md` §1) and never proven; and a network may have forgotten one of its own. An end that takes
 * part in signalling of its own (a PFCP association, GTP-C, S1AP) is one that it most likely forgot: an indication.
 */
function gradeOf(context: DetectorContext, order: Order): Grade {
  if (context.declaration === null || !order.sound || order.outcome === "rejected" || order.address === undefined) return "indication";
  if (order.kind === "divert") return perhapsForgotten(context, order.address) ? "indication" : "corroborated";
  return order.outcome === "accepted" ? "proven" : "corroborated";
}

function perhapsForgotten(context: DetectorContext, address: string): boolean {
  return context.declaration?.isDeclared(address) === false && context.rolesAt(address).length > 0;
}

function draft(context: DetectorContext, group: readonly Order[]): FindingDraft {
  const first = group.reduce((a, b) => (GRADES.indexOf(gradeOf(context, b)) > GRADES.indexOf(gradeOf(context, a)) ? b : a));
  const element = context.element(first.element);
  const receiver = first.address === undefined ? null : context.receiver(first.address, first.port, false);
  const evidence = new EvidenceGatherer();
  const subscribers = new Set<string>();
  let grade: Grade = "indication";
  let accepted = false;
  for (const order of group) {
    evidence.addFrames(order.capture, order.frames);
    if (order.subscriber !== undefined) subscribers.add(context.subscriberKey(order.subscriber));
    const own = gradeOf(context, order);
    if (GRADES.indexOf(own) > GRADES.indexOf(grade)) grade = own;
    accepted ||= order.outcome === "accepted";
  }
  const to = receiver?.name ?? first.address ?? namedPlace(first);
  const verb = first.kind === "divert" ? "divert" : first.dropsOriginal ? "dropped" : "copy";
  const micros = group.map((order) => order.micros);
  return {
    claim: "undeclared-duplication",
    grade,
    summary: state("duplication.summary", {
      element: element.name ?? element.address ?? state("name.user-plane"),
      verb,
      subscribers: subscribers.size,
      receiver: to,
      known: knownAs(context, first),
    }),
    element,
    receiver,
    act: accepted ? "accepted" : "sent",
    transport: { layers: first.teid === undefined ? ["udp"] : ["udp", "gtp-u"], encrypted: false, delaySeconds: null },
    subscribers: [...subscribers].sort(),
    data: ["content"],
    packets: group.length,
    bytes: 0,
    firstMicros: micros.reduce((a, b) => Math.min(a, b)),
    lastMicros: micros.reduce((a, b) => Math.max(a, b)),
    bits: 0,
    chance: null,
    premises: [
      {
        id: "declaration",
        statement: state("premise.duplication-declaration"),
        status: "declared",
      },
      { id: "decoder", statement: state("premise.decoder-pfcp"), status: "assumed" },
    ],
    evidence: evidence.list(),
    ruledOut: [
      {
        explanation: state("explanation.declared-receiver"),
        status: "excluded",
        because: state("as-declared", { what: state("duplication.not-declared-receiver", { receiver: to }) }),
      },
      {
        explanation: state("explanation.mobility"),
        status: "excluded",
        because: first.kind === "divert" ? state("duplication.end-not-signalled") : state("duplication.not-part-of-mobility"),
      },
      ...(first.kind === "divert" ? [forgotten(context, first.address)] : []),
      {
        explanation: state("explanation.refused.rule"),
        status: accepted ? "excluded" : "untestable",
        because: state(accepted ? "answer.accepted-by-user-plane" : "answer.no-success-seen"),
      },
    ],
    sources: ["3GPP TS 29.244 §8.2.26, §8.2.56, §7.5.2.3"],
    arithmetic: [],
    lacksAnswer: grade === "corroborated" && group.some((order) => order.sound && order.outcome === "open" && order.kind === "duplicate"),
    restsOn: ["declaration", `point ${first.point}`, "decoder pfcp"],
    details: {
      farId: first.farId ?? -1,
      teid: first.teid ?? -1,
      liFunction: first.toLiFunction,
      kind: first.kind,
      named: first.named ?? "",
    },
  };
}

/** What the declaration says of the receiver. */
function knownAs({ declaration }: DetectorContext, { address }: Order): string {
  if (declaration === null) return "none";
  if (address === undefined) return "unnamed";
  return declaration.isDeclared(address) ? "declared" : "undeclared";
}

/** A place that a rule names without an address. */
function namedPlace({ named }: Order): StatementText {
  if (named === LI_FUNCTION_NAME) return state("name.li-function");
  if (named === NO_DESTINATION) return state("name.no-destination");
  return named ?? state("name.unnamed-place");
}

function forgotten(context: DetectorContext, address: string | undefined): FindingDraft["ruledOut"][number] {
  const roles = address === undefined ? [] : context.rolesAt(address);
  return {
    explanation: state("explanation.forgotten-function"),
    status: "untestable",
    because: roles.length > 0 ? state("duplication.signals-as", { roles }) : state("duplication.no-signalling-seen"),
  };
}
