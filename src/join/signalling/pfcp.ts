// Joins what PFCP (3GPP TS 29.244) says of sessions, their subscribers and the tunnels of the user plane.
import type { ForwardingParameters, Pdr, PfcpFteid, PfcpMessage } from "#decode/pfcp/message.ts";
import type { MessageOrigin, ObservedMessage, TunnelEnd } from "#model/message.ts";
import { toMicros } from "#model/time.ts";
import { Handle, type Subscriber } from "#join/subscribers.ts";
import type { EndSide } from "#join/tunnel-ends.ts";
import { learnAddresses, learnIdentities, type Joined } from "./join.ts";
import type { SignallingProtocol } from "./protocol.ts";

/** Message types, TS 29.244 §7.3. */
export const PfcpType = {
  ASSOCIATION_SETUP_REQUEST: 5,
  ASSOCIATION_SETUP_RESPONSE: 6,
  SESSION_ESTABLISHMENT_REQUEST: 50,
  SESSION_ESTABLISHMENT_RESPONSE: 51,
  SESSION_MODIFICATION_REQUEST: 52,
  SESSION_MODIFICATION_RESPONSE: 53,
  SESSION_DELETION_REQUEST: 54,
  SESSION_DELETION_RESPONSE: 55,
  SESSION_REPORT_REQUEST: 56,
  SESSION_REPORT_RESPONSE: 57,
} as const;

/** Cause 1: request accepted; 2 and 3 are partial acceptances of later releases (§8.2.1). */
export const PFCP_ACCEPTED = 1;

const ACCESS = 0;

function joinPfcp(
  joined: Joined,
  message: PfcpMessage,
  origin: MessageOrigin,
  answers: ObservedMessage | undefined,
): Subscriber | undefined {
  const { subscribers, tunnels } = joined;
  const { type } = message;
  const micros = toMicros(origin.time);
  learnElements(joined, message, origin, answers, micros);
  if (type < PfcpType.SESSION_ESTABLISHMENT_REQUEST) return undefined;
  subscribers.begin();
  for (const imsi of message.imsi) subscribers.imsi(imsi);
  if (message.seid !== undefined) seidHandle(joined, origin.dst, message.seid);
  for (const fseid of message.fseids) {
    if (fseid.ipv4 !== undefined) seidHandle(joined, fseid.ipv4, fseid.seid);
    if (fseid.ipv6 !== undefined) seidHandle(joined, fseid.ipv6, fseid.seid);
  }
  if (answers?.message.protocol === "pfcp") {
    const request = answers.message as PfcpMessage;
    for (const fseid of request.fseids) seidHandle(joined, fseid.ipv4 ?? fseid.ipv6 ?? origin.dst, fseid.seid);
  }
  const ends = [...namedEnds(message)];
  for (const { end } of ends) subscribers.handleAt(Handle.GTP_U, end.address, end.teid);
  const subscriber = subscribers.resolve(micros);
  if (subscriber === undefined) return undefined;
  learnIdentities(subscriber, message);
  learnAddresses(joined, subscriber, message.ueAddresses, origin);
  const up = isFromControlPlane(type) ? origin.dst : origin.src;
  const owner = `pfcp ${subscriber.key} ${up}`;
  for (const { end, name, side } of ends) tunnels.setUp(end, { interface: name, side, by: "pfcp", owner }, origin, subscriber);
  if (type === PfcpType.SESSION_DELETION_RESPONSE && message.cause === PFCP_ACCEPTED) {
    for (const side of ["access", "core", "forwarding"] as const) tunnels.releaseOf(subscriber, side, owner, micros);
    // With no tunnel left, whatever addresses it had are free.
    if (subscriber.ends.size === 0) for (const address of subscriber.ueAddresses) subscribers.freeAddress(address, subscriber);
  }
  return subscriber;
}

function isFromControlPlane(type: number): boolean {
  const request = (type & 1) === 0;
  return type === PfcpType.SESSION_REPORT_REQUEST || type === PfcpType.SESSION_REPORT_RESPONSE ? !request : request;
}

function learnElements(
  joined: Joined,
  message: PfcpMessage,
  origin: MessageOrigin,
  answers: ObservedMessage | undefined,
  micros: number,
): void {
  const { elements, tunnels } = joined;
  const { type } = message;
  elements.reference(origin.src, origin.dst, "Sx/N4");
  if (type === PfcpType.SESSION_ESTABLISHMENT_REQUEST) {
    elements.role(origin.src, "CP", "established PFCP sessions", origin.capture, origin.frame);
    elements.role(origin.dst, "UP", "was given PFCP sessions", origin.capture, origin.frame);
  }
  if (type === PfcpType.ASSOCIATION_SETUP_RESPONSE && message.cause === PFCP_ACCEPTED && answers !== undefined) {
    // Either side may begin the association (§6.2.6); a control plane's address carries no tunnels that this could accuse.
    for (const end of [origin.src, origin.dst]) for (const address of joined.addressesOf(end)) tunnels.setupSeen(address, micros);
    joined.association("pfcp", origin.dst, origin.src, micros);
  }
}

interface NamedEnd {
  readonly end: TunnelEnd;
  readonly name: string;
  readonly side: EndSide;
}

/** F-TEIDs are the user plane's own ends; an outer header of GTP-U is the far end (§8.2.3, §8.2.56). */
function* namedEnds(message: PfcpMessage): Generator<NamedEnd> {
  for (const pdr of [...message.createPdr, ...message.updatePdr]) yield* pdrEnds(pdr);
  for (const pdr of message.createdPdr) for (const fteid of pdr.fteids) yield* fteidEnds(fteid, "Sx/N4 user plane", "core");
  for (const endpoint of message.createTrafficEndpoint)
    for (const fteid of endpoint.fteids) yield* fteidEnds(fteid, "Sx/N4 user plane", "core");
  for (const far of [...message.createFar, ...message.updateFar]) if (far.forwarding !== undefined) yield* headerEnds(far.forwarding);
}

function* pdrEnds(pdr: Pdr): Generator<NamedEnd> {
  if (pdr.pdi === undefined) return;
  const name = pdr.pdi.sourceInterface === ACCESS ? "S1-U/N3" : "S5/S8-U/N9";
  for (const fteid of pdr.pdi.fteids) yield* fteidEnds(fteid, name, "core");
}

function* fteidEnds(fteid: PfcpFteid, name: string, side: EndSide): Generator<NamedEnd> {
  if (fteid.choose || fteid.teid === undefined) return;
  if (fteid.ipv4 !== undefined) yield { end: { teid: fteid.teid, address: fteid.ipv4 }, name, side };
  if (fteid.ipv6 !== undefined) yield { end: { teid: fteid.teid, address: fteid.ipv6 }, name, side };
}

/** Only where forwarded packets go: where duplicates go is an order to copy, not a bearer. */
function* headerEnds(forwarding: ForwardingParameters): Generator<NamedEnd> {
  const header = forwarding.outerHeaderCreation;
  if (header?.teid === undefined) return;
  const access = forwarding.destinationInterface === ACCESS;
  const name = access ? "S1-U/N3" : "S5/S8-U/N9";
  for (const address of [header.ipv4, header.ipv6]) {
    if (address !== undefined) yield { end: { teid: header.teid, address }, name, side: access ? "access" : "core" };
  }
}

function seidHandle(joined: Joined, address: string, seid: string): void {
  const high = Number.parseInt(seid.slice(0, 8), 16);
  const low = Number.parseInt(seid.slice(8), 16);
  if (Number.isNaN(high) || Number.isNaN(low) || (high === 0 && low === 0)) return;
  joined.subscribers.handleAt(Handle.PFCP, address, high, low);
}

/** Answers to what sets up and changes sessions (§7.3). */
const SESSION_ANSWERS: ReadonlySet<number> = new Set([
  PfcpType.SESSION_ESTABLISHMENT_RESPONSE,
  PfcpType.SESSION_MODIFICATION_RESPONSE,
  PfcpType.SESSION_DELETION_RESPONSE,
]);

export const PFCP: SignallingProtocol = {
  protocol: "pfcp",
  namesTunnels: true,
  joiner: (joined) => (observed, answers) => joinPfcp(joined, observed.message as PfcpMessage, observed.origin, answers),
  pair(observed, pairs, missing) {
    const { type, header } = observed.message as PfcpMessage;
    const { sequence } = header;
    const { src, dst } = observed.origin;
    // §7.3: answers have the request's type plus one, and are odd from 51 on, even below 16.
    const request = pairs.answer(0, sequence, type - 1, dst, src);
    if (request !== undefined) return request;
    // An answer to a session's request that nobody saw: the request is missing from the capture, or comes late.
    if (SESSION_ANSWERS.has(type)) missing(1, observed.origin);
    else if (SESSION_ANSWERS.has(type + 1) && pairs.answer(0, sequence, type + 1, dst, src) !== undefined) missing(-1, observed.origin);
    pairs.ask(0, sequence, type, src, dst, observed);
    return undefined;
  },
};
