// Joins what GTPv2-C (3GPP TS 29.274) says of subscribers, control sessions and user-plane tunnels.
import type { BearerContext, Fteid, Gtpv2Message } from "#decode/gtpv2/message.ts";
import type { MessageOrigin, ObservedMessage } from "#model/message.ts";
import { toMicros } from "#model/time.ts";
import { Handle, type Subscriber } from "#join/subscribers.ts";
import type { EndSide, SignalledEnd } from "#join/tunnel-ends.ts";
import { learnAddresses, learnIdentities, type Joined } from "./join.ts";
import { areaText, cellText } from "./lately.ts";
import type { SignallingProtocol } from "./protocol.ts";

/** Message types, TS 29.274 §6.1. */
export const Gtpv2Type = {
  ECHO_REQUEST: 1,
  CREATE_SESSION_REQUEST: 32,
  CREATE_SESSION_RESPONSE: 33,
  MODIFY_BEARER_REQUEST: 34,
  MODIFY_BEARER_RESPONSE: 35,
  DELETE_SESSION_REQUEST: 36,
  DELETE_SESSION_RESPONSE: 37,
  DELETE_BEARER_REQUEST: 99,
  DELETE_BEARER_RESPONSE: 100,
  DELETE_INDIRECT_FORWARDING_RESPONSE: 169,
  RELEASE_ACCESS_BEARERS_REQUEST: 170,
  RELEASE_ACCESS_BEARERS_RESPONSE: 171,
} as const;

/** Cause values that accept (§8.4): 16 … 63. */
export function accepted(cause: number | undefined): boolean {
  return cause !== undefined && cause >= 16 && cause <= 63;
}

/** Words of an end's evidence, by what it is called: made once, not for every message. */
const reasons = new Map<InterfaceType, readonly [named: string, itself: string]>();

function reason(known: InterfaceType, own: boolean): string {
  let words = reasons.get(known);
  if (words === undefined) {
    const as = `in GTPv2-C as the ${known.role}'s end of ${known.name}`;
    words = [`named ${as}`, `named itself ${as}`];
    reasons.set(known, words);
  }
  return own ? words[1] : words[0];
}

interface InterfaceType {
  readonly name: string;
  readonly role: string;
  /** Undefined for control-plane ends. */
  readonly side: EndSide | undefined;
}

/** F-TEID interface types, §8.22 table. */
const INTERFACES: readonly (InterfaceType | undefined)[] = [
  { name: "S1-U", role: "eNB", side: "access" },
  { name: "S1-U", role: "SGW-U", side: "core" },
  { name: "S12", role: "RNC", side: "access" },
  { name: "S12", role: "SGW-U", side: "core" },
  { name: "S5/S8-U", role: "SGW-U", side: "core" },
  { name: "S5/S8-U", role: "PGW-U", side: "core" },
  { name: "S5/S8-C", role: "SGW-C", side: undefined },
  { name: "S5/S8-C", role: "PGW-C", side: undefined },
  undefined,
  undefined,
  { name: "S11", role: "MME", side: undefined },
  { name: "S11", role: "SGW-C", side: undefined },
  { name: "S10", role: "MME", side: undefined },
  { name: "S3", role: "MME", side: undefined },
  { name: "S3", role: "SGSN", side: undefined },
  { name: "S4-U", role: "SGSN", side: "core" },
  { name: "S4-U", role: "SGW-U", side: "core" },
  { name: "S4", role: "SGSN", side: undefined },
  { name: "S16", role: "SGSN", side: undefined },
  { name: "eNB forwarding", role: "eNB", side: "forwarding" },
  { name: "eNB forwarding", role: "eNB", side: "forwarding" },
  { name: "RNC forwarding", role: "RNC", side: "forwarding" },
  { name: "SGSN forwarding", role: "SGSN", side: "forwarding" },
  { name: "SGW forwarding", role: "SGW-U", side: "forwarding" },
  undefined,
  undefined,
  undefined,
  undefined,
  { name: "SGW forwarding", role: "SGW-U", side: "forwarding" },
  undefined,
  { name: "S2b-C", role: "ePDG", side: undefined },
  { name: "S2b-U", role: "ePDG", side: "access" },
  { name: "S2b-C", role: "PGW-C", side: undefined },
  { name: "S2b-U", role: "PGW-U", side: "core" },
  { name: "S2a-U", role: "TWAN", side: "access" },
  { name: "S2a-C", role: "TWAN", side: undefined },
  { name: "S2a-C", role: "PGW-C", side: undefined },
  { name: "S2a-U", role: "PGW-U", side: "core" },
  { name: "S11-U", role: "MME", side: "access" },
  { name: "S11-U", role: "SGW-U", side: "core" },
  { name: "N26", role: "AMF", side: undefined },
];

interface Bearer {
  readonly ebi: number;
  /** The default bearer it is linked to. */
  readonly linked: number;
  ends: readonly SignalledEnd[];
  /** User addresses that go away with it: those of the connection whose default bearer it is. */
  addresses: readonly string[];
}

const NO_ADDRESSES: readonly string[] = [];

/** A control session: one pair of control TEIDs, and the tunnels it has set up, by default bearer. */
class ControlSession {
  /** What its ends hang on, made once. */
  readonly owner: string;
  /** Sixteen at most; most sessions have one, so that lists take a fraction of what maps and sets would. */
  bearers: readonly Bearer[] = [];
  constructor(number: number) {
    this.owner = `gtp ${number}`;
  }
}

/** Ends kept of one bearer: far above what its moves leave; past it ends never count as released. */
const MAX_BEARER_ENDS = 64;
/** Past this many the oldest half is forgotten: their tunnels then never count as released. */
const MAX_CONTROL_SESSIONS = 400_000;

class Gtpv2Joiner {
  private readonly joined: Joined;
  /** By address and TEID. */
  private readonly sessions = new Map<number, ControlSession>();
  /** Of the message at hand. */
  private readonly keys: number[] = [];
  private made = 0;

  constructor(joined: Joined) {
    this.joined = joined;
  }

  join(message: Gtpv2Message, origin: MessageOrigin, answers: ObservedMessage | undefined): Subscriber | undefined {
    const { subscribers, elements } = this.joined;
    const micros = toMicros(origin.time);
    const fteids = allFteids(message);
    this.learnElements(message, fteids, origin, answers);
    subscribers.begin();
    for (const imsi of message.imsi) subscribers.imsi(imsi);
    const { teid } = message.header;
    if (teid !== undefined && teid !== 0) subscribers.handleAt(Handle.GTP_C, origin.dst, teid);
    for (const fteid of fteids) {
      const kind = INTERFACES[fteid.interfaceType]?.side === undefined ? Handle.GTP_C : Handle.GTP_U;
      if (fteid.teid === 0) continue;
      if (fteid.ipv4 !== undefined) subscribers.handleAt(kind, fteid.ipv4, fteid.teid);
      if (fteid.ipv6 !== undefined) subscribers.handleAt(kind, fteid.ipv6, fteid.teid);
    }
    if (message.guti !== undefined) subscribers.handle(Handle.S_TMSI, message.guti.mmeCode, message.guti.mTmsi, 0);
    const subscriber = subscribers.resolve(micros);
    if (subscriber === undefined) return undefined;
    learnIdentities(subscriber, message);
    // A request may ask for a static address; what counts is what the answer gives.
    if (message.type !== Gtpv2Type.CREATE_SESSION_REQUEST) learnAddresses(this.joined, subscriber, message.ueAddresses, origin);
    if (message.servingNetwork !== undefined) elements.plmn(message.servingNetwork);
    const { userLocation } = message;
    if (userLocation?.tai !== undefined) subscriber.tai = areaText(userLocation.tai);
    if (userLocation?.ecgi !== undefined) subscriber.ecgi = cellText(userLocation.ecgi);
    this.learnTunnels(message, origin, answers, subscriber, micros);
    return subscriber;
  }

  private learnElements(
    message: Gtpv2Message,
    fteids: readonly Fteid[],
    origin: MessageOrigin,
    answers: ObservedMessage | undefined,
  ): void {
    const { elements } = this.joined;
    for (const fteid of fteids) {
      const known = INTERFACES[fteid.interfaceType];
      const address = fteid.ipv4 ?? fteid.ipv6;
      if (known === undefined || address === undefined) continue;
      const own = address === origin.src && answers === undefined;
      elements.role(address, known.role, reason(known, own), origin.capture, origin.frame, own);
      if (known.side === undefined && (address === origin.src || address === origin.dst))
        elements.reference(origin.src, origin.dst, known.name);
    }
    if (message.header.teid === undefined) elements.reference(origin.src, origin.dst, "GTP-C");
  }

  private learnTunnels(
    message: Gtpv2Message,
    origin: MessageOrigin,
    answers: ObservedMessage | undefined,
    subscriber: Subscriber,
    micros: number,
  ): void {
    const session = this.sessionOf(message, origin, answers);
    const request = answers?.message.protocol === "gtpv2" ? (answers.message as Gtpv2Message) : undefined;
    for (const bearer of message.bearers) this.learnBearer(bearer, message, request, session, origin, subscriber);
    for (const pdn of message.pdnConnections) {
      for (const bearer of pdn.bearers) this.learnBearer(bearer, message, request, session, origin, subscriber);
    }
    // Forwarding ends may stand at message level (Forward Relocation Response, §7.3.2).
    for (const fteid of message.fteids) this.setUp(fteid, session, origin, subscriber);
    switch (message.type) {
      case Gtpv2Type.DELETE_SESSION_RESPONSE:
        if (accepted(message.cause)) this.releasePdn(session, subscriber, request?.ebis[0], micros);
        break;
      case Gtpv2Type.DELETE_BEARER_RESPONSE:
        if (accepted(message.cause) && request !== undefined) {
          for (const ebi of request.ebis) this.releasePdn(session, subscriber, ebi, micros);
          // Of several bearers each has its own cause (§7.2.10.2): one that was refused goes on.
          const refused = new Set(message.bearers.filter(({ cause }) => cause !== undefined && !accepted(cause)).map(({ ebi }) => ebi));
          for (const { ebi } of request.bearers)
            if (ebi !== undefined && !refused.has(ebi)) this.releaseBearer(session, subscriber, ebi, micros);
        }
        break;
      case Gtpv2Type.MODIFY_BEARER_RESPONSE:
        if (accepted(message.cause) && request !== undefined) for (const bearer of request.bearers) this.moved(session, bearer, micros);
        break;
      case Gtpv2Type.RELEASE_ACCESS_BEARERS_RESPONSE:
        if (!accepted(message.cause)) break;
        for (const bearer of session.bearers) for (const end of bearer.ends) if (end.side === "access") this.release(bearer, end, micros);
        break;
      case Gtpv2Type.DELETE_INDIRECT_FORWARDING_RESPONSE:
        if (accepted(message.cause)) this.joined.tunnels.releaseOf(subscriber, "forwarding", session.owner, micros);
        break;
      default:
    }
  }

  private learnBearer(
    bearer: BearerContext,
    message: Gtpv2Message,
    request: Gtpv2Message | undefined,
    session: ControlSession,
    origin: MessageOrigin,
    subscriber: Subscriber,
  ): void {
    const isDefault = message.type === Gtpv2Type.CREATE_SESSION_REQUEST || message.type === Gtpv2Type.CREATE_SESSION_RESPONSE;
    const ebi = bearer.ebi ?? 0;
    let known = session.bearers.find((one) => one.ebi === ebi);
    if (known === undefined) {
      known = { ebi, linked: isDefault ? ebi : (request?.ebis[0] ?? message.ebis[0] ?? ebi), ends: [], addresses: NO_ADDRESSES };
      // An EBI is four bits on the wire (§8.8): a session cannot grow beyond sixteen bearers.
      if (session.bearers.length < 16) session.bearers = session.bearers.concat(known);
    }
    if (message.type === Gtpv2Type.CREATE_SESSION_RESPONSE && message.ueAddresses.length > 0) known.addresses = message.ueAddresses;
    for (const fteid of bearer.fteids) {
      for (const end of this.setUp(fteid, session, origin, subscriber)) {
        if (!known.ends.includes(end) && known.ends.length < MAX_BEARER_ENDS) known.ends = known.ends.concat(end);
      }
    }
  }

  /** Another end of the same kind was asked for, and granted: the bearer has moved (handover, service request), and its old end is free. */
  private moved(session: ControlSession, asked: BearerContext, micros: number): void {
    const bearer = session.bearers.find(({ ebi }) => ebi === asked.ebi);
    if (bearer === undefined) return;
    const { tunnels } = this.joined;
    const here = new Set<SignalledEnd>();
    for (const { teid, ipv4, ipv6 } of asked.fteids)
      for (const address of [ipv4, ipv6]) {
        const end = address === undefined ? undefined : tunnels.find(address, teid);
        if (end?.side === "access") here.add(end);
      }
    for (const old of bearer.ends)
      if (old.side === "access" && !here.has(old) && [...here].some((end) => end.interface === old.interface))
        this.release(bearer, old, micros);
  }

  private setUp(fteid: Fteid, session: ControlSession, origin: MessageOrigin, subscriber: Subscriber): SignalledEnd[] {
    const known = INTERFACES[fteid.interfaceType];
    if (known?.side === undefined || fteid.teid === 0) return [];
    const naming = { interface: known.name, side: known.side, by: "gtpv2", owner: session.owner };
    const made: SignalledEnd[] = [];
    for (const address of [fteid.ipv4, fteid.ipv6]) {
      if (address !== undefined) made.push(this.joined.tunnels.setUp({ teid: fteid.teid, address }, naming, origin, subscriber));
    }
    return made;
  }

  private releasePdn(session: ControlSession, subscriber: Subscriber, ebi: number | undefined, micros: number): void {
    for (const bearer of session.bearers)
      if (ebi === undefined || bearer.linked === ebi || bearer.ebi === ebi) this.releaseBearer(session, subscriber, bearer.ebi, micros);
  }

  private releaseBearer(session: ControlSession, subscriber: Subscriber, ebi: number, micros: number): void {
    const at = session.bearers.findIndex((one) => one.ebi === ebi);
    const bearer = session.bearers[at];
    if (bearer === undefined) return;
    for (const end of bearer.ends) this.release(bearer, end, micros);
    for (const address of bearer.addresses) this.joined.subscribers.freeAddress(address, subscriber);
    session.bearers = session.bearers.toSpliced(at, 1);
  }

  private release(bearer: Bearer, end: SignalledEnd, micros: number): void {
    bearer.ends = bearer.ends.filter((one) => one !== end);
    this.joined.tunnels.release(end, micros);
  }

  /** The control session that a message belongs to: by the TEID in its header, by the request it answers, or a new one. */
  private sessionOf(message: Gtpv2Message, origin: MessageOrigin, answers: ObservedMessage | undefined): ControlSession {
    const { keys } = this;
    keys.length = 0;
    this.controlEnds(message, origin);
    if (answers?.message.protocol === "gtpv2") this.controlEnds(answers.message as Gtpv2Message, answers.origin);
    let session: ControlSession | undefined;
    for (const key of keys) session ??= this.sessions.get(key);
    session ??= new ControlSession(++this.made);
    for (const key of keys) if (!this.sessions.has(key)) this.sessions.set(key, session);
    if (this.sessions.size > MAX_CONTROL_SESSIONS) {
      let left = MAX_CONTROL_SESSIONS >>> 1;
      for (const key of this.sessions.keys()) {
        if (left-- <= 0) break;
        this.sessions.delete(key);
      }
    }
    return session;
  }

  /** Adds the keys of a message: the TEID in its header, and the sender's own control ends on S11 and S5/S8 (instance 0: sender F-TEID, §7.2.1). */
  private controlEnds(message: Gtpv2Message, origin: MessageOrigin): void {
    this.controlEnd(origin.dst, message.header.teid ?? 0);
    for (const fteid of message.fteids) {
      if (fteid.instance !== 0 || INTERFACES[fteid.interfaceType]?.side !== undefined) continue;
      if (fteid.ipv4 !== undefined) this.controlEnd(fteid.ipv4, fteid.teid);
      if (fteid.ipv6 !== undefined) this.controlEnd(fteid.ipv6, fteid.teid);
    }
  }

  private controlEnd(address: string, teid: number): void {
    if (teid === 0) return;
    const id = this.joined.addresses.id(address);
    // An address has twenty bits, a TEID 32: a double holds both.
    if (id !== 0) this.keys.push(id * 2 ** 32 + teid);
  }
}

function allFteids(message: Gtpv2Message): readonly Fteid[] {
  let all = message.fteids;
  for (const bearer of message.bearers) all = joined(all, bearer.fteids);
  for (const pdn of message.pdnConnections) {
    all = joined(all, pdn.fteids);
    for (const bearer of pdn.bearers) all = joined(all, bearer.fteids);
  }
  return all;
}

function joined(a: readonly Fteid[], b: readonly Fteid[]): readonly Fteid[] {
  return a.length === 0 ? b : b.length === 0 ? a : a.concat(b);
}

export const GTPV2: SignallingProtocol = {
  protocol: "gtpv2",
  namesTunnels: true,
  joiner(joined) {
    const joiner = new Gtpv2Joiner(joined);
    return (observed, answers) => joiner.join(observed.message as Gtpv2Message, observed.origin, answers);
  },
  pair(observed, pairs) {
    const { sequence } = (observed.message as Gtpv2Message).header;
    const { src, dst } = observed.origin;
    // Requests and their answers alternate in the type table (TS 29.274 §6.1), with few exceptions that pair by sequence all the same.
    const request = pairs.answer(0, sequence, 0, dst, src);
    if (request !== undefined && request.message.type !== observed.message.type) return request;
    pairs.ask(0, sequence, 0, src, dst, observed);
    return undefined;
  },
};
