// Joins what S1AP (3GPP TS 36.413) and the NAS it carries (TS 24.301) say of subscribers, tunnels and places.
import type { NasEpsMessage } from "#decode/nas-eps/message.ts";
import type { S1apMessage } from "#decode/s1ap/message.ts";
import type { DecodedMessage, MessageOrigin, ObservedMessage } from "#model/message.ts";
import { toMicros } from "#model/time.ts";
import { Handle, type Subscriber } from "#join/subscribers.ts";
import { learnAddresses, learnIdentities, type Joined } from "./join.ts";
import { areaText, cellText, s1Owner } from "./lately.ts";
import type { SignallingProtocol } from "./protocol.ts";

/** Procedure codes, TS 36.413 §9.3.2. */
export const S1apProcedure = {
  HANDOVER_PREPARATION: 0,
  HANDOVER_RESOURCE_ALLOCATION: 1,
  HANDOVER_NOTIFICATION: 2,
  PATH_SWITCH_REQUEST: 3,
  E_RAB_RELEASE: 7,
  E_RAB_RELEASE_INDICATION: 8,
  INITIAL_CONTEXT_SETUP: 9,
  PAGING: 10,
  INITIAL_UE_MESSAGE: 12,
  RESET: 14,
  S1_SETUP: 17,
  UE_CONTEXT_RELEASE: 23,
} as const;

/** Procedures that the MME begins (elementary procedures of §8; the others are begun by the eNB, 14, 15, 39 by either). */
const MME_BEGINS = new Set([1, 5, 6, 7, 9, 10, 11, 19, 21, 23, 25, 26, 27, 30, 31, 34, 35, 36, 38, 41, 43, 44, 46, 48, 52, 54, 59, 61]);
const EITHER_BEGINS = new Set([14, 15, 39]);

/** Address of the MME's end and of the eNB's end of the association that carried the message. */
export function s1Ends(message: S1apMessage, origin: MessageOrigin, isEnb: (address: string) => boolean): { mme: string; enb: string } {
  const { type, kind } = message;
  let fromMme: boolean;
  if (EITHER_BEGINS.has(type)) fromMme = isEnb(origin.dst) && !isEnb(origin.src);
  else fromMme = MME_BEGINS.has(type) === (kind === "initiating");
  return fromMme ? { mme: origin.src, enb: origin.dst } : { mme: origin.dst, enb: origin.src };
}

function joinS1ap(
  joined: Joined,
  message: S1apMessage,
  origin: MessageOrigin,
  answers: ObservedMessage | undefined,
): Subscriber | undefined {
  const { subscribers, elements } = joined;
  const micros = toMicros(origin.time);
  const { mme, enb } = s1Ends(message, origin, (address) => elements.hasRole(address, "eNB"));
  const { type, kind } = message;
  learnNetwork(joined, message, origin, mme, enb, micros, answers !== undefined);
  if (type === S1apProcedure.PAGING) return pagedSubscriber(joined, message);

  if (type === S1apProcedure.INITIAL_UE_MESSAGE && message.enbUeId !== undefined) {
    // A new UE context: whoever had this id before is gone (§8.6.2.1).
    subscribers.releaseAt(Handle.S1_ENB, enb, message.enbUeId);
  }
  if (type === S1apProcedure.HANDOVER_RESOURCE_ALLOCATION && kind === "successful" && message.enbUeId !== undefined) {
    subscribers.releaseAt(Handle.S1_ENB, enb, message.enbUeId);
  }
  subscribers.begin();
  for (const imsi of message.imsi) subscribers.imsi(imsi);
  const nas = nasMessages(message.inner);
  for (const one of nas) nasHandles(joined, one);
  if (message.sTmsi !== undefined) subscribers.handle(Handle.S_TMSI, message.sTmsi.mmeCode, message.sTmsi.mTmsi, 0);
  if (message.enbUeId !== undefined) subscribers.handleAt(Handle.S1_ENB, enb, message.enbUeId);
  if (message.mmeUeId !== undefined) subscribers.handleAt(Handle.S1_MME, mme, message.mmeUeId);
  if (message.sourceMmeUeId !== undefined) subscribers.handleAt(Handle.S1_MME, mme, message.sourceMmeUeId);
  for (const bearer of message.bearers) subscribers.handleAt(Handle.GTP_U, bearer.address, bearer.teid);
  const subscriber = subscribers.resolve(micros);
  if (subscriber === undefined) return undefined;

  learnIdentities(subscriber, message);
  for (const one of nas) learnNas(joined, subscriber, one, origin);
  if (message.tai !== undefined) subscriber.tai = areaText(message.tai);
  if (message.ecgi !== undefined) subscriber.ecgi = cellText(message.ecgi);
  if (message.establishmentCause === "emergency") subscriber.emergency = true;
  learnBearers(joined, subscriber, message, origin, enb);
  if (type === S1apProcedure.UE_CONTEXT_RELEASE && kind === "successful") releaseContext(joined, message, mme, enb, micros, subscriber);
  else if (type === S1apProcedure.PATH_SWITCH_REQUEST && kind === "successful") leaveOtherEnbs(joined, subscriber, enb, micros);
  if (kind !== "unsuccessful") subscriber.servingEnb = servingEnb(message, enb, subscriber);
  return subscriber;
}

/** The target serves from the path switch or the handover notification on; preparation does not move the subscriber. */
function servingEnb(message: S1apMessage, enb: string, subscriber: Subscriber): string {
  const preparing = message.type === S1apProcedure.HANDOVER_RESOURCE_ALLOCATION || message.type === S1apProcedure.HANDOVER_PREPARATION;
  return preparing ? (subscriber.servingEnb ?? enb) : enb;
}

function learnNetwork(
  joined: Joined,
  message: S1apMessage,
  origin: MessageOrigin,
  mme: string,
  enb: string,
  micros: number,
  answers: boolean,
): void {
  const { elements, tunnels } = joined;
  const setup = message.type === S1apProcedure.S1_SETUP;
  elements.role(enb, "eNB", setup ? "spoke the eNB's part of S1 Setup" : "spoke the eNB's part of S1AP", origin.capture, origin.frame);
  elements.role(mme, "MME", setup ? "spoke the MME's part of S1 Setup" : "spoke the MME's part of S1AP", origin.capture, origin.frame);
  elements.reference(enb, mme, "S1-MME");
  if (setup && message.kind === "initiating") {
    if (message.enbName !== undefined) elements.name(enb, message.enbName);
    if (message.globalEnbId !== undefined) elements.plmn(message.globalEnbId.plmn);
  }
  if (setup && message.kind === "successful") {
    if (message.mmeName !== undefined) elements.name(mme, message.mmeName);
    for (const served of message.servedGummeis) for (const plmn of served.plmns) elements.plmn(plmn);
    // Request and answer: what shows one direction of an association shows half of what it announces.
    if (answers) for (const address of joined.addressesOf(enb)) tunnels.setupSeen(address, micros);
    joined.association("s1", enb, mme, micros);
  }
  if (origin.incomplete) for (const address of joined.addressesOf(enb)) tunnels.setupLost(address);
}

function pagedSubscriber(joined: Joined, message: S1apMessage): Subscriber | undefined {
  joined.subscribers.begin();
  for (const imsi of message.imsi) joined.subscribers.imsi(imsi);
  if (message.sTmsi !== undefined) joined.subscribers.handle(Handle.S_TMSI, message.sTmsi.mmeCode, message.sTmsi.mTmsi, 0);
  return joined.subscribers.peek();
}

function learnBearers(joined: Joined, subscriber: Subscriber, message: S1apMessage, origin: MessageOrigin, enb: string): void {
  const { tunnels, elements } = joined;
  for (const bearer of message.bearers) {
    const forwarding = bearer.end === "dl-forwarding" || bearer.end === "ul-forwarding";
    const side = forwarding ? "forwarding" : bearer.end === "enb" ? "access" : "core";
    tunnels.setUp(
      { teid: bearer.teid, address: bearer.address },
      { interface: forwarding ? "S1-U forwarding" : "S1-U", side, by: "s1ap", owner: s1Owner(enb) },
      origin,
      subscriber,
    );
    if (forwarding) continue;
    if (bearer.end === "sgw")
      elements.role(bearer.address, "SGW-U", "named in S1AP as the gateway's end of S1-U", origin.capture, origin.frame);
    else {
      elements.role(bearer.address, "eNB", "named in S1AP as the eNB's end of S1-U", origin.capture, origin.frame);
      // The S1AP end stands for the eNB's user-plane address from here on: its tunnels are announced in this association.
      const setup = tunnels.setupMicros(enb);
      if (setup !== undefined) tunnels.setupSeen(bearer.address, setup);
    }
  }
}

/** UE Context Release Complete (§8.3.3.2): the eNB's ids and tunnel ends are free; the gateway's ends stay for the next service request. */
function releaseContext(joined: Joined, message: S1apMessage, mme: string, enb: string, micros: number, subscriber: Subscriber): void {
  if (message.enbUeId !== undefined) joined.subscribers.releaseAt(Handle.S1_ENB, enb, message.enbUeId);
  if (message.mmeUeId !== undefined) joined.subscribers.releaseAt(Handle.S1_MME, mme, message.mmeUeId);
  joined.tunnels.releaseOf(subscriber, "access", s1Owner(enb), micros);
  joined.tunnels.releaseOf(subscriber, "forwarding", s1Owner(enb), micros);
}

/** Path Switch Request Acknowledge (§8.4.4): downlink data goes to this eNB from now on, the source's ends are free. */
function leaveOtherEnbs(joined: Joined, subscriber: Subscriber, enb: string, micros: number): void {
  for (const end of subscriber.ends) {
    if (end.side === "access" && end.interface === "S1-U" && end.owner.startsWith("s1 ") && end.owner !== s1Owner(enb))
      joined.tunnels.release(end, micros);
  }
}

const NO_NAS: readonly NasEpsMessage[] = [];

/** NAS messages and those inside them, outermost first. */
function nasMessages(inner: readonly DecodedMessage[]): readonly NasEpsMessage[] {
  if (inner.length === 0) return NO_NAS;
  const only = inner.length === 1 ? inner[0] : undefined;
  if (only !== undefined && only.protocol === "nas-eps" && only.inner.length === 0) return inner as readonly NasEpsMessage[];
  return inner.flatMap((message) => (message.protocol === "nas-eps" ? [message as NasEpsMessage, ...nasMessages(message.inner)] : []));
}

function nasHandles(joined: Joined, nas: NasEpsMessage): void {
  const { subscribers } = joined;
  for (const imsi of nas.imsi) subscribers.imsi(imsi);
  if (nas.guti !== undefined) subscribers.handle(Handle.S_TMSI, nas.guti.mmeCode, nas.guti.mTmsi, 0);
}

function learnNas(joined: Joined, subscriber: Subscriber, nas: NasEpsMessage, origin: MessageOrigin): void {
  learnIdentities(subscriber, nas);
  learnAddresses(joined, subscriber, nas.ueAddresses, origin);
  if (nas.emergency) subscriber.emergency = true;
}

/** Procedures without a response (class 2, TS 36.413 §8.1 table 2): what would wait for one only takes memory. */
const UNANSWERED: ReadonlySet<number> = new Set([
  2, 8, 10, 11, 12, 13, 15, 16, 18, 19, 20, 22, 24, 25, 26, 27, 28, 31, 32, 33, 34, 35, 37, 38, 40, 41, 42, 44, 45, 46, 47, 49, 51, 52, 54,
  57, 58, 59, 60, 61, 62,
]);
/** What pairs an answer: the procedure with either end's id of the device, or without one where the message has none. */
const By = { ENB_ID: 0, MME_ID: 1, NO_ENB_ID: 2, NO_MME_ID: 3 } as const;

export const S1AP: SignallingProtocol = {
  protocol: "s1ap",
  namesTunnels: true,
  joiner: (joined) => (observed, answers) => joinS1ap(joined, observed.message as S1apMessage, observed.origin, answers),
  pair(observed, pairs) {
    const { type, kind, enbUeId, mmeUeId } = observed.message as S1apMessage;
    const { src, dst } = observed.origin;
    const byEnb = enbUeId === undefined ? By.NO_ENB_ID : By.ENB_ID;
    const byMme = mmeUeId === undefined ? By.NO_MME_ID : By.MME_ID;
    if (kind !== "initiating")
      return pairs.answer(byEnb, type, enbUeId ?? 0, dst, src) ?? pairs.answer(byMme, type, mmeUeId ?? 0, dst, src);
    if (UNANSWERED.has(type)) return undefined;
    pairs.ask(byEnb, type, enbUeId ?? 0, src, dst, observed);
    // A Handover Request has no eNB id yet; its answer does.
    if (enbUeId === undefined) pairs.ask(byMme, type, mmeUeId ?? 0, src, dst, observed);
    return undefined;
  },
};
