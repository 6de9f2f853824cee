// Joins what Diameter (RFC 6733 and the 3GPP applications) says of subscribers and of the roles of its ends.
import type { DiameterMessage } from "#decode/diameter/message.ts";
import type { MessageOrigin, ObservedMessage } from "#model/message.ts";
import { toMicros } from "#model/time.ts";
import { Handle, type Subscriber } from "#join/subscribers.ts";
import { learnAddresses, learnIdentities, type Joined } from "./join.ts";
import type { SignallingProtocol } from "./protocol.ts";

/** Which role asks and which answers, by application and command (TS 29.230; RFC 6733 §2.5). Commands that both send are left out. */
interface Asks {
  readonly name: string;
  readonly asker: string;
  readonly asked: string;
  /** Commands that the asked role begins. */
  readonly reversed: readonly number[];
}
const APPLICATIONS: Readonly<Record<number, Asks>> = {
  16777251: { name: "S6a", asker: "MME", asked: "HSS", reversed: [317, 319, 320, 322] },
  16777252: { name: "S13", asker: "MME", asked: "EIR", reversed: [] },
  16777216: { name: "Cx", asker: "CSCF", asked: "HSS", reversed: [304, 305] },
  16777217: { name: "Sh", asker: "AS", asked: "HSS", reversed: [309] },
  16777238: { name: "Gx", asker: "PGW-C", asked: "PCRF", reversed: [258] },
  16777236: { name: "Rx", asker: "AF", asked: "PCRF", reversed: [258, 274] },
  4: { name: "Gy", asker: "PGW-C", asked: "OCS", reversed: [258] },
  16777255: { name: "SLg", asker: "GMLC", asked: "MME", reversed: [8388621] },
  16777291: { name: "SLh", asker: "GMLC", asked: "HSS", reversed: [] },
};
const ABORT_SESSION = 274;

function joinDiameter(
  joined: Joined,
  message: DiameterMessage,
  origin: MessageOrigin,
  answers: ObservedMessage | undefined,
): Subscriber | undefined {
  const { subscribers, elements } = joined;
  const micros = toMicros(origin.time);
  const asks = APPLICATIONS[message.application];
  if (asks !== undefined && message.type !== ABORT_SESSION) {
    const fromAsker = message.request !== asks.reversed.includes(message.type);
    const [asker, asked] = fromAsker ? [origin.src, origin.dst] : [origin.dst, origin.src];
    const requester = message.request ? origin.src : origin.dst;
    for (const [address, role] of [
      [asker, asks.asker],
      [asked, asks.asked],
    ] as const) {
      // A Cancel-Location or Insert-Subscriber-Data makes its sender an HSS by its own word alone.
      const own = address === requester;
      elements.role(address, role, `${own ? "asked" : "was asked"} on ${asks.name} (Diameter)`, origin.capture, origin.frame, own);
    }
    elements.reference(asker, asked, asks.name);
  }
  if (message.originHost !== undefined) elements.name(origin.src, message.originHost);
  subscribers.begin();
  for (const imsi of message.imsi) subscribers.imsi(imsi);
  if (message.imsi.length === 0 && message.msisdn.length === 1 && message.msisdn[0] !== undefined) subscribers.msisdn(message.msisdn[0]);
  if (message.sessionId !== undefined) {
    const [high, low] = hash64(message.sessionId);
    subscribers.handle(Handle.DIAMETER, high, low, 0);
  }
  // More than one IMSI in a message names no one in particular.
  if (message.imsi.length > 1 || (message.imsi.length === 0 && message.sessionId === undefined && message.msisdn.length !== 1))
    return undefined;
  const subscriber =
    message.imsi.length === 0 && answers === undefined && message.msisdn.length === 0 ? subscribers.peek() : subscribers.resolve(micros);
  if (subscriber === undefined) return holderOf(joined, message, micros);
  learnIdentities(subscriber, message);
  if (subscriber.imsi !== undefined) learnAddresses(joined, subscriber, message.ueAddresses, origin);
  if (message.visitedPlmn !== undefined && message.request) elements.plmn(message.visitedPlmn);
  return subscriber;
}

/** Rx names a subscriber by the address alone. */
function holderOf(joined: Joined, message: DiameterMessage, micros: number): Subscriber | undefined {
  for (const address of message.ueAddresses) {
    const holder = joined.subscribers.holder(address, micros);
    if (holder !== undefined) return holder;
  }
  return undefined;
}

/** Two unsigned 32-bit words of a text: FNV-1a twice with different bases; only for joining, never for evidence. */
function hash64(text: string): readonly [number, number] {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x85ebca6b);
    b ^= b >>> 15;
  }
  return [a >>> 0, b >>> 0];
}

export const DIAMETER: SignallingProtocol = {
  protocol: "diameter",
  namesTunnels: false,
  joiner: (joined) => (observed, answers) => joinDiameter(joined, observed.message as DiameterMessage, observed.origin, answers),
  pair(observed, pairs) {
    const { hopByHop, endToEnd, type, request } = observed.message as DiameterMessage;
    const { src, dst } = observed.origin;
    if (request !== true) return pairs.answer(type, hopByHop, endToEnd, dst, src);
    pairs.ask(type, hopByHop, endToEnd, src, dst, observed);
    return undefined;
  },
};
