// Joins what GTPv1-C (3GPP TS 29.060) says of subscribers and PDP contexts.
import type { Gtpv1Message } from "#decode/gtpv1/message.ts";
import type { MessageOrigin, ObservedMessage } from "#model/message.ts";
import { toMicros } from "#model/time.ts";
import { Handle, type Subscriber } from "#join/subscribers.ts";
import { learnAddresses, learnIdentities, type Joined } from "./join.ts";
import type { SignallingProtocol } from "./protocol.ts";

/** Message types, TS 29.060 §7.1. */
export const Gtpv1Type = {
  CREATE_PDP_REQUEST: 16,
  CREATE_PDP_RESPONSE: 17,
  UPDATE_PDP_REQUEST: 18,
  UPDATE_PDP_RESPONSE: 19,
  DELETE_PDP_REQUEST: 20,
  DELETE_PDP_RESPONSE: 21,
} as const;

/** Cause values that accept (§7.7.1): 128 … 191. */
function accepted(cause: number | undefined): boolean {
  return cause !== undefined && cause >= 128 && cause <= 191;
}

const TEID_DATA_I = 16;
const TEID_CONTROL = 17;

function joinGtpv1(
  joined: Joined,
  message: Gtpv1Message,
  origin: MessageOrigin,
  answers: ObservedMessage | undefined,
): Subscriber | undefined {
  const { subscribers, elements, tunnels } = joined;
  const { type } = message;
  // GTP-U's own signalling (echo, error indication, end marker) names no subscriber that it could teach us.
  if (type < Gtpv1Type.CREATE_PDP_REQUEST || type > 128) return undefined;
  const micros = toMicros(origin.time);
  const request = (type & 1) === 0;
  if (type >= Gtpv1Type.CREATE_PDP_REQUEST && type <= Gtpv1Type.CREATE_PDP_RESPONSE) {
    const [sgsn, ggsn] = request ? [origin.src, origin.dst] : [origin.dst, origin.src];
    elements.role(sgsn, "SGSN", "asked for a PDP context in GTPv1-C", origin.capture, origin.frame, true);
    elements.role(ggsn, "GGSN", "was asked for a PDP context in GTPv1-C", origin.capture, origin.frame);
    elements.reference(sgsn, ggsn, "Gn/Gp");
  }
  subscribers.begin();
  for (const imsi of message.imsi) subscribers.imsi(imsi);
  if (message.header.teid !== undefined && message.header.teid !== 0) subscribers.handleAt(Handle.GTP_C, origin.dst, message.header.teid);
  const [control, user] = message.gsnAddresses;
  for (const element of message.teidElements) {
    if (element.ie === TEID_CONTROL) subscribers.handleAt(Handle.GTP_C, control ?? origin.src, element.teid);
    else if (element.ie === TEID_DATA_I) subscribers.handleAt(Handle.GTP_U, user ?? control ?? origin.src, element.teid);
  }
  const subscriber = subscribers.resolve(micros);
  if (subscriber === undefined) return undefined;
  learnIdentities(subscriber, message);
  if (!request) learnAddresses(joined, subscriber, message.ueAddresses, origin);
  const owner = `gtpv1 ${subscriber.key}`;
  for (const element of message.teidElements) {
    if (element.ie !== TEID_DATA_I) continue;
    const address = user ?? control ?? origin.src;
    tunnels.setUp(
      { teid: element.teid, address },
      { interface: "Gn/Gp-U", side: request ? "access" : "core", by: "gtpv1", owner },
      origin,
      subscriber,
    );
  }
  if (type === Gtpv1Type.DELETE_PDP_RESPONSE && accepted(message.cause) && answers !== undefined) {
    tunnels.releaseOf(subscriber, "access", owner, micros);
    tunnels.releaseOf(subscriber, "core", owner, micros);
  }
  return subscriber;
}

export const GTPV1: SignallingProtocol = {
  protocol: "gtpv1",
  namesTunnels: true,
  joiner: (joined) => (observed, answers) => joinGtpv1(joined, observed.message as Gtpv1Message, observed.origin, answers),
  pair(observed, pairs) {
    const { sequence } = (observed.message as Gtpv1Message).header;
    if (sequence === undefined) return undefined;
    const { src, dst } = observed.origin;
    const request = pairs.answer(0, sequence, 0, dst, src);
    if (request !== undefined && request.message.type !== observed.message.type) return request;
    pairs.ask(0, sequence, 0, src, dst, observed);
    return undefined;
  },
};
