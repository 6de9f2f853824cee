// Joins what X2AP (3GPP TS 36.423) says: handover between eNBs and the forwarding tunnels it sets up.
import type { X2apMessage } from "#decode/x2ap/message.ts";
import type { MessageOrigin } from "#model/message.ts";
import { toMicros } from "#model/time.ts";
import { Handle, type Subscriber } from "#join/subscribers.ts";
import { learnIdentities, type Joined } from "./join.ts";
import type { SignallingProtocol } from "./protocol.ts";

/** Procedure codes, TS 36.423 §9.3.7. */
export const X2apProcedure = { HANDOVER_PREPARATION: 0, UE_CONTEXT_RELEASE: 5, X2_SETUP: 6 } as const;

function joinX2ap(joined: Joined, message: X2apMessage, origin: MessageOrigin): Subscriber | undefined {
  const { subscribers, tunnels, elements } = joined;
  const micros = toMicros(origin.time);
  elements.role(origin.src, "eNB", "spoke X2AP", origin.capture, origin.frame);
  elements.role(origin.dst, "eNB", "spoke X2AP", origin.capture, origin.frame);
  elements.reference(origin.src, origin.dst, "X2-C");
  if (message.type === X2apProcedure.X2_SETUP && message.kind === "successful") joined.association("x2", origin.dst, origin.src, micros);
  // Ids are the eNB's own: `old` belongs to the source of the handover, `new` to its target (§9.2.24), which is the one that releases the source (§8.2.3).
  const fromSource = (message.kind === "initiating") !== (message.type === X2apProcedure.UE_CONTEXT_RELEASE);
  const [source, target] = fromSource ? [origin.src, origin.dst] : [origin.dst, origin.src];
  subscribers.begin();
  for (const imsi of message.imsi) subscribers.imsi(imsi);
  if (message.oldEnbUeId !== undefined) subscribers.handleAt(Handle.X2, source, message.oldEnbUeId);
  if (message.newEnbUeId !== undefined) subscribers.handleAt(Handle.X2, target, message.newEnbUeId);
  for (const bearer of message.bearers) subscribers.handleAt(Handle.GTP_U, bearer.address, bearer.teid);
  const subscriber = subscribers.resolve(micros);
  if (subscriber === undefined) return undefined;
  learnIdentities(subscriber, message);
  for (const bearer of message.bearers) {
    const side = bearer.end === "sgw" ? "core" : bearer.end === "enb" ? "access" : "forwarding";
    const name = side === "forwarding" ? "X2-U forwarding" : "S1-U";
    tunnels.setUp(
      { teid: bearer.teid, address: bearer.address },
      { interface: name, side, by: "x2ap", owner: `x2 ${source}` },
      origin,
      subscriber,
    );
  }
  if (message.type === X2apProcedure.UE_CONTEXT_RELEASE) {
    // Forwarding goes on as long as packets come (§8.2.3): its ends are free at a time that no message tells.
    if (message.oldEnbUeId !== undefined) subscribers.releaseAt(Handle.X2, source, message.oldEnbUeId);
    if (message.newEnbUeId !== undefined) subscribers.releaseAt(Handle.X2, target, message.newEnbUeId);
  }
  return subscriber;
}

/** What pairs an answer: the procedure with the source's id of the device, or without one where the message has none. */
const By = { OLD_ID: 0, NO_ID: 1 } as const;

export const X2AP: SignallingProtocol = {
  protocol: "x2ap",
  namesTunnels: true,
  joiner: (joined) => (observed) => joinX2ap(joined, observed.message as X2apMessage, observed.origin),
  pair(observed, pairs) {
    const { type, kind, oldEnbUeId } = observed.message as X2apMessage;
    const { src, dst } = observed.origin;
    const by = oldEnbUeId === undefined ? By.NO_ID : By.OLD_ID;
    if (kind !== "initiating") return pairs.answer(by, type, oldEnbUeId ?? 0, dst, src);
    pairs.ask(by, type, oldEnbUeId ?? 0, src, dst, observed);
    return undefined;
  },
};
