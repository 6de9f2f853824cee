/**
 * weakened-protection: traffic that ought to be protected is not (`contract.md` §1, §3).
 *
 * 1. A NAS Security Mode Command that chooses EEA0 or EIA0 (3GPP TS 24.301 §8.2.20, §9.9.3.23), held against the declared policy. Emergency calls, devices that offer nothing better
 *    and commands that the device rejected are none. Whether it is an emergency, the beginning of the device's context says (Initial UE Message, Attach or TAU Request): where
 *    that was not captured and the policy lets emergencies, it cannot be decided. Without a policy: `proven` only where the same function gives other subscribers better in the run.
 * 2. Capabilities lowered on the way (TS 36.413 §9.2.1.40 against what the device offered): bidding down.
 * 3. Plain traffic of an interface that is declared as protected, or ESP with null encryption there (RFC 5879).
 */
import { scaled } from "#model/room.ts";
import { explainFlow } from "#declaration/explain.ts";
import { expandRoles } from "#declaration/interfaces.ts";
import type { NasEpsMessage } from "#decode/nas-eps/message.ts";
import type { S1apMessage } from "#decode/s1ap/message.ts";
import { GRADES, type FindingDraft, type Grade } from "#model/finding.ts";
import type { DecodedMessage, MessageOrigin } from "#model/message.ts";
import {
  NOTHING_UNENDED,
  type FlowObservation,
  type MessageObservation,
  type Observation,
  type SubscriberView,
} from "#model/observation.ts";
import { toMicros } from "#model/time.ts";
import { state, statementKey, type Statement } from "#model/statement.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { explanationOf, questionOf } from "./flow-question.ts";
import { EvidenceGatherer } from "./gather.ts";
import { Port } from "#model/ports.ts";

const INITIAL_UE_MESSAGE = 12;
const ATTACH_REQUEST = 65;
const TAU_REQUEST = 72;
const SECURITY_MODE_COMMAND = 93;
const SECURITY_MODE_COMPLETE = 94;
const SECURITY_MODE_REJECT = 95;
const INITIAL_CONTEXT_SETUP = 9;
/** Bits of algorithms 1 … 7: everything but the null one. */
const BETTER = 0x7f;

interface Command {
  readonly subscriber: SubscriberView;
  readonly origin: MessageOrigin;
  readonly micros: number;
  readonly ciphering: number;
  readonly integrity: number;
  readonly offeredEea: number;
  readonly offeredEia: number;
  readonly emergency: boolean;
  /** The beginning of the device's context was seen: it would have shown an emergency. */
  readonly beginningSeen: boolean;
  outcome: "open" | "accepted" | "rejected";
}

/** Flows in the clear over interfaces that are to be protected. */
interface Plain {
  readonly flows: { readonly flow: FlowObservation; readonly interface: string }[];
  /** Flows that a security gateway may protect on their way. */
  behindGateway: number;
  /** Conversations in which IKE agreed on something weak. */
  readonly agreements: FlowObservation[];
}

class Weak {
  readonly address: string;
  readonly evidence = new EvidenceGatherer();
  readonly subscribers = new Set<string>();
  readonly reasons = new Map<string, Statement>();
  readonly points = new Set<number>();
  grade: Grade = "indication";
  accepted = false;
  /** The plain traffic itself was seen. */
  effected = false;
  packets = 0;
  firstMicros = Infinity;
  lastMicros = -Infinity;
  constructor(address: string) {
    this.address = address;
  }
}

const SCTP = 132;
/** INIT, INIT ACK, COOKIE ECHO, COOKIE ACK: fewer packets carry no message. */
const SCTP_HANDSHAKE = 4;
/** Commands kept at most; later ones are only judged while they can be. */
const MAX_COMMANDS = 500_000;

export function weakenedProtection(context: DetectorContext): Detector {
  const commands: Command[] = [];
  const open = new Map<number, Command>();
  const offered = new Map<number, { eea: number; eia: number }>();
  const lowered: { observation: MessageObservation; message: S1apMessage; offered: number }[] = [];
  /** Functions and whom they gave better algorithms: one subscriber, or several. */
  const betterCiphering = new Map<string, SubscriberView | "several">();
  const betterIntegrity = new Map<string, SubscriberView | "several">();
  /** Devices' contexts (eNB and its id, or the subscriber they turned out to be) whose beginning was seen. */
  const begun = new Set<string>();
  let unbegun = 0;
  const ended: Plain = { flows: [], behindGateway: 0, agreements: [] };

  function observe(observation: Observation): void {
    if (observation.kind === "message") message(observation);
    else if (observation.kind === "flow") flow(observation, ended);
  }

  function message(observation: MessageObservation): void {
    const { observed, subscriber } = observation;
    if (observed.message.protocol !== "s1ap" || subscriber === undefined) return;
    const s1ap = observed.message as S1apMessage;
    if (s1ap.type === INITIAL_UE_MESSAGE && s1ap.enbUeId !== undefined && begun.size < scaled(MAX_COMMANDS))
      begun.add(contextOf(observed.origin.src, s1ap.enbUeId));
    for (const nas of emm(s1ap.inner)) security(nas, subscriber, observed.origin, s1ap.enbUeId);
    if (s1ap.type === INITIAL_CONTEXT_SETUP && s1ap.kind === "initiating") {
      // The bearer context comes after NAS security: the device has taken the command.
      settle(subscriber, "accepted");
      const better = (offered.get(subscriber.key)?.eea ?? 0) & BETTER;
      if (better !== 0 && s1ap.ueSecurityCapabilities?.encryption === 0 && lowered.length < scaled(MAX_COMMANDS)) {
        lowered.push({ observation, message: s1ap, offered: better });
      }
    }
  }

  function nameOf(address: string): string {
    return context.element(address).name ?? address;
  }

  function gaveBetter(better: Map<string, SubscriberView | "several">, function_: string, subscriber: SubscriberView): void {
    const known = better.get(function_);
    if (known === undefined) better.set(function_, subscriber);
    else if (known !== "several" && context.subscriberKey(known) !== context.subscriberKey(subscriber)) better.set(function_, "several");
  }

  /** The function gave better to somebody else: it can, and does. */
  function givesOthersBetter(better: ReadonlyMap<string, SubscriberView | "several">, command: Command): boolean {
    const known = better.get(nameOf(command.origin.src));
    if (known === undefined || known === "several") return known === "several";
    return context.subscriberKey(known) !== context.subscriberKey(command.subscriber);
  }

  function security(nas: NasEpsMessage, subscriber: SubscriberView, origin: MessageOrigin, enbUeId: number | undefined): void {
    if (nas.type === ATTACH_REQUEST || nas.type === TAU_REQUEST) {
      if (begun.size < scaled(MAX_COMMANDS)) begun.add(String(subscriber.key));
      if (nas.offered !== undefined) offered.set(subscriber.key, nas.offered);
    } else if (nas.type === SECURITY_MODE_COMMAND && nas.selectedAlgorithms !== undefined) {
      const { ciphering, integrity } = nas.selectedAlgorithms;
      if (ciphering !== 0) gaveBetter(betterCiphering, nameOf(origin.src), subscriber);
      if (integrity !== 0) gaveBetter(betterIntegrity, nameOf(origin.src), subscriber);
      const own = offered.get(subscriber.key);
      const command: Command = {
        subscriber,
        origin,
        micros: toMicros(origin.time),
        ciphering,
        integrity,
        offeredEea: own?.eea ?? nas.replayed?.eea ?? 0,
        offeredEia: own?.eia ?? nas.replayed?.eia ?? 0,
        emergency: subscriber.emergency,
        beginningSeen: begun.has(String(subscriber.key)) || (enbUeId !== undefined && begun.has(contextOf(origin.dst, enbUeId))),
        outcome: "open",
      };
      open.set(subscriber.key, command);
      if ((ciphering === 0 || integrity === 0) && commands.length < scaled(MAX_COMMANDS)) commands.push(command);
    } else if (nas.type === SECURITY_MODE_COMPLETE) settle(subscriber, "accepted");
    else if (nas.type === SECURITY_MODE_REJECT) settle(subscriber, "rejected");
    // The complete is ciphered where ciphering was chosen: any protected uplink after the command shows that it was taken.
    else if (nas.type === undefined && nas.ciphered === true) settle(subscriber, "accepted");
  }

  function settle(subscriber: SubscriberView, outcome: "accepted" | "rejected"): void {
    const command = open.get(subscriber.key);
    if (command === undefined) return;
    if (command.outcome === "open") command.outcome = outcome;
    open.delete(subscriber.key);
  }

  function flow(observation: FlowObservation, plain: Plain): void {
    const { declaration } = context;
    if (observation.ike !== undefined && plain.agreements.length < scaled(MAX_COMMANDS)) plain.agreements.push(observation);
    if (declaration === null || declaration.declaration.protected.length === 0) return;
    const verdict = explanationOf(observation, context);
    if (verdict === undefined || !verdict.explained || !verdict.by.startsWith("interface ")) return;
    const name = verdict.by.slice("interface ".length);
    if (isNullEsp(observation)) {
      const inside = protectedInside(observation);
      if (inside !== undefined) plain.flows.push({ flow: observation, interface: inside });
      return;
    }
    if (
      !declaration.isProtected(name) ||
      observation.protocol === 50 ||
      observation.application === "ike" ||
      observation.application === "esp"
    )
      return;
    if ([observation.initiator.port, observation.responder.port].some((port) => port === Port.IKE || port === Port.IPSEC_NAT)) return;
    if (observation.application === "tls" || observation.protocol === 51) return;
    if (observation.initiator.payloadPackets + observation.responder.payloadPackets === 0 && observation.protocol !== SCTP) return;
    // An association that was tried and refused (INIT, ABORT; RFC 9260 §5.1) carried nothing.
    if (observation.protocol === SCTP && observation.initiator.packets + observation.responder.packets < SCTP_HANDSHAKE) return;
    if (
      declaration.declaration.middleboxes.some((box) => box.kind === "secgw") ||
      declaration.declaration.functions.some(({ roles }) => expandRoles(roles).roles.has("SecGW"))
    ) {
      plain.behindGateway++;
      return;
    }
    plain.flows.push({ flow: observation, interface: name });
  }

  /** The protected interface that two ends of an IPsec tunnel have, by what they would speak without it. */
  function protectedInside(observation: FlowObservation): string | undefined {
    const { declaration } = context;
    if (declaration === null) return undefined;
    const asked = questionOf(observation, context);
    for (const { protocol, port, application } of SECURED) {
      for (const [from, to] of [
        [asked.initiator.address, asked.responder.address],
        [asked.responder.address, asked.initiator.address],
      ] as const) {
        const bare = { ...asked, protocol, application, initiator: { address: from, port }, responder: { address: to, port } };
        const verdict = explainFlow(declaration, bare);
        const name = verdict.explained && verdict.by.startsWith("interface ") ? verdict.by.slice("interface ".length) : "";
        if (declaration.isProtected(name)) return name;
      }
    }
    return undefined;
  }

  function findings(unended = NOTHING_UNENDED): FindingDraft[] {
    unbegun = 0;
    const plain: Plain = { flows: [...ended.flows], behindGateway: ended.behindGateway, agreements: [...ended.agreements] };
    for (const lasting of unended.flows) flow(lasting, plain);
    const weak = new Map<string, Weak>();
    const at = (address: string): Weak => {
      const key = context.element(address).name ?? address;
      let known = weak.get(key);
      if (known === undefined) weak.set(key, (known = new Weak(address)));
      return known;
    };
    for (const command of commands) {
      judge(at, command, "EEA0", command.ciphering, command.offeredEea, betterCiphering);
      judge(at, command, "EIA0", command.integrity, command.offeredEia, betterIntegrity);
    }
    for (const { observation, message: s1ap } of lowered) bidDown(at, observation, s1ap);
    for (const { flow: seen, interface: name } of plain.flows) plainFlow(at, seen, name);
    for (const seen of plain.agreements) agreement(at, seen);
    if (unbegun > 0) {
      context.undecided({
        claim: "weakened-protection",
        count: unbegun,
        why: state("undecided.protection-unbegun"),
      });
    }
    if (plain.behindGateway > 0) {
      context.undecided({
        claim: "weakened-protection",
        count: plain.behindGateway,
        why: state("undecided.protection-behind-gateway"),
      });
    }
    return [...weak.values()].map((found) => draft(context, found));
  }

  function judge(
    at: (address: string) => Weak,
    command: Command,
    algorithm: string,
    chosen: number,
    offers: number,
    better: ReadonlyMap<string, SubscriberView | "several">,
  ): void {
    if (chosen !== 0 || command.outcome === "rejected") return;
    const policy = context.declaration?.policyFor(algorithm);
    const emergency = command.emergency || command.subscriber.emergency;
    if (policy === "allowed" || (emergency && policy !== "never")) return;
    // A device that offers nothing better leaves the network no choice but to refuse it; only a policy of `never` asks for that.
    if ((offers & BETTER) === 0 && policy !== "never") return;
    if (policy !== "never" && !command.beginningSeen) {
      unbegun++;
      return;
    }
    let grade: Grade;
    if (policy === undefined) grade = givesOthersBetter(better, command) ? "proven" : "indication";
    else grade = "proven";
    if (grade === "proven" && command.outcome !== "accepted") grade = "corroborated";
    if (command.origin.incomplete) grade = "indication";
    const found = at(command.origin.src);
    note(found, grade, command.origin, command.outcome === "accepted");
    found.subscribers.add(context.subscriberKey(command.subscriber));
    because(
      found,
      policy === undefined
        ? state("protection.null-for-capable", { algorithm })
        : state("protection.null-against-policy", { algorithm, policy }),
    );
  }

  function bidDown(at: (address: string) => Weak, observation: MessageObservation, s1ap: S1apMessage): void {
    const policy = context.declaration?.policyFor("EEA0");
    if (policy === "allowed" || observation.subscriber?.emergency === true || s1ap.faults.length > 0) return;
    const found = at(observation.observed.origin.src);
    note(found, policy === undefined ? "indication" : "corroborated", observation.observed.origin, false);
    if (observation.subscriber !== undefined) found.subscribers.add(context.subscriberKey(observation.subscriber));
    because(found, state("protection.lowered"));
  }

  function plainFlow(at: (address: string) => Weak, seen: FlowObservation, name: string): void {
    const found = at(seen.initiator.address);
    found.evidence.add(seen.payloadFrames.total > 0 ? seen.payloadFrames : seen.frames);
    found.packets += seen.initiator.packets + seen.responder.packets;
    found.firstMicros = Math.min(found.firstMicros, seen.firstMicros);
    found.lastMicros = Math.max(found.lastMicros, seen.lastMicros);
    found.points.add(seen.point);
    found.grade = "proven";
    found.accepted = true;
    found.effected = true;
    because(found, state(isNullEsp(seen) ? "protection.null-esp" : "protection.plain", { interface: name }));
  }

  /** Whoever chooses answers for it; two ends of which one is nobody's of this network (a subscriber's tunnel, a stranger's) agree on what they like. */
  function agreement(at: (address: string) => Weak, seen: FlowObservation): void {
    const { ike, initiator, responder } = seen;
    if (ike === undefined || !secures(initiator.address) || !secures(responder.address)) return;
    const inside =
      context.declaration === null ? undefined : (protectedInside(seen) ?? behindSecurityGateway(initiator.address, responder.address));
    for (const [side, chosen] of [
      [initiator, ike.initiator],
      [responder, ike.responder],
    ] as const) {
      if (chosen === 0) continue;
      const found = at(side.address);
      found.evidence.add(seen.payloadFrames.total > 0 ? seen.payloadFrames : seen.frames);
      found.packets += side.packets;
      found.firstMicros = Math.min(found.firstMicros, seen.firstMicros);
      found.lastMicros = Math.max(found.lastMicros, seen.lastMicros);
      found.points.add(seen.point);
      found.accepted = true;
      const grade = inside === undefined ? "indication" : ike.offerSeen ? "proven" : "corroborated";
      if (GRADES.indexOf(grade) > GRADES.indexOf(found.grade)) found.grade = grade;
      for (const [bit, what] of LACKS)
        if ((chosen & bit) !== 0)
          because(
            found,
            inside === undefined ? state("protection.ike", { what }) : state("protection.ike-protected", { what, interface: inside }),
          );
    }
  }

  /** A declared function, or a security gateway. */
  function secures(address: string): boolean {
    const { declaration } = context;
    return declaration === null
      ? context.rolesAt(address).length > 0
      : declaration.functionAt(address) !== undefined || isSecurityGateway(address);
  }

  function isSecurityGateway(address: string): boolean {
    const { declaration } = context;
    if (declaration === null) return false;
    const boxes = declaration.middleboxes.text(address);
    return boxes.some(({ box }) => box.kind === "secgw") || expandRoles(declaration.functionAt(address)?.roles ?? []).roles.has("SecGW");
  }

  /** What a base station sends to a security gateway is what is declared as protected (TS 33.210, TS 33.401 §11). */
  function behindSecurityGateway(a: string, b: string): string | undefined {
    const { declaration } = context;
    return declaration !== null && declaration.declaration.protected.length > 0 && (isSecurityGateway(a) || isSecurityGateway(b))
      ? declaration.declaration.protected.join(", ")
      : undefined;
  }

  return { claim: "weakened-protection", observe, findings };
}

/** What the interfaces that are secured speak: S1-U and its like, S1-MME, X2-C, GTP-C, PFCP, Diameter. */
const SECURED = [
  { protocol: 17, port: Port.GTP_U, application: "gtp-u" },
  { protocol: 132, port: Port.S1AP, application: "s1ap" },
  { protocol: 132, port: Port.X2AP, application: "x2ap" },
  { protocol: 17, port: Port.GTP_C, application: "gtp-c" },
  { protocol: 17, port: Port.PFCP, application: "pfcp" },
  { protocol: 132, port: Port.DIAMETER, application: "diameter" },
] as const;

/** `IkeWeakness` of `sense/ike.ts`, as the words name them. */
const LACKS = [
  [1, "ikeEncryption"],
  [2, "ikeIntegrity"],
  [4, "espEncryption"],
  [8, "espIntegrity"],
] as const;

/** Packets of ESP that can be read without a key, from which nobody encrypts; and the share of those looked at. */
const LEAST_CLEAR = 8;
const CLEAR_SHARE = 0.9;

/** Integrity alone (RFC 2410, RFC 4543): whoever hears the link reads it. */
function isNullEsp({ esp }: FlowObservation): boolean {
  return esp !== undefined && esp.clear >= LEAST_CLEAR && esp.clear >= CLEAR_SHARE * esp.packets;
}

function contextOf(enb: string, enbUeId: number): string {
  return `${enb} ${enbUeId}`;
}

function* emm(inner: readonly DecodedMessage[]): Generator<NasEpsMessage> {
  for (const message of inner) if (message.protocol === "nas-eps") yield message as NasEpsMessage;
}

function because(found: Weak, reason: Statement): void {
  found.reasons.set(statementKey(reason), reason);
}

function note(found: Weak, grade: Grade, origin: MessageOrigin, accepted: boolean): void {
  found.evidence.addFrames(origin.capture, origin.frames.length > 0 ? origin.frames : [origin.frame]);
  const micros = toMicros(origin.time);
  found.firstMicros = Math.min(found.firstMicros, micros);
  found.lastMicros = Math.max(found.lastMicros, micros);
  found.points.add(origin.point);
  found.packets++;
  found.accepted ||= accepted;
  if (GRADES.indexOf(grade) > GRADES.indexOf(found.grade)) found.grade = grade;
}

function draft(context: DetectorContext, found: Weak): FindingDraft {
  const element = context.element(found.address);
  const reasons = [...found.reasons].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reason]) => reason);
  const subscribers = [...found.subscribers].sort();
  return {
    claim: "weakened-protection",
    grade: found.grade,
    summary: state("protection.summary", {
      element: element.name ?? element.address ?? state("name.function"),
      subscribers: subscribers.length,
      reasons,
    }),
    element,
    receiver: null,
    act: found.effected ? "effected" : found.accepted ? "accepted" : "sent",
    transport: { layers: [], encrypted: false, delaySeconds: null },
    subscribers,
    data: [],
    packets: found.packets,
    bytes: 0,
    firstMicros: found.firstMicros,
    lastMicros: found.lastMicros,
    bits: 0,
    chance: null,
    premises: [
      context.declaration === null
        ? { id: "policy", statement: state("premise.no-policy"), status: "assumed" }
        : { id: "policy", statement: state("premise.policy"), status: "declared" },
      { id: "decoder", statement: state("premise.nas-decoders"), status: "assumed" },
    ],
    evidence: found.evidence.list(),
    ruledOut: [
      {
        explanation: state("explanation.emergency"),
        status: "excluded",
        because: state("protection.no-emergency"),
      },
      { explanation: state("explanation.incapable"), status: "excluded", because: state("protection.offered-better") },
      {
        explanation: state("explanation.refused.command"),
        status: found.accepted ? "excluded" : "untestable",
        because: state(found.accepted ? "protection.went-on" : "answer.none-seen"),
      },
    ],
    sources: ["3GPP TS 24.301 §8.2.20, §9.9.3.23", "3GPP TS 33.401 §5.1.3"],
    arithmetic: [],
    restsOn: ["declaration/policy", ...[...found.points].map((point) => `point ${point}`)],
    details: { reasons: [...new Set(reasons.map(({ code }) => code.slice("protection.".length)))].join(", ") },
  };
}
