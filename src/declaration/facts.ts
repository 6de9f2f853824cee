/** A flow's two ends as the declaration sees them; what every rule of `explain.ts` starts from. */
import type { Lookup } from "./lookup.ts";
import { managementBy, type Spoken } from "./protocols.ts";
import type { FlowEnd, FlowQuestion } from "./question.ts";
import type { DeclaredFunction, DeclaredHost } from "./types.ts";

/** The question with what the declaration says about both ends. */
export interface Facts {
  readonly look: Lookup;
  readonly q: FlowQuestion;
  readonly flow: Spoken;
  readonly a: Side;
  readonly b: Side;
  /** `a` began and `b` is a function that is managed by it. */
  readonly management: "content" | "port" | "no";
}
export interface Side {
  readonly end: FlowEnd;
  readonly functions: readonly DeclaredFunction[];
  readonly host: DeclaredHost | undefined;
  /** Function or host: something that an element's rules apply to. */
  readonly element: boolean;
  readonly roles: readonly string[];
  readonly subscriber: boolean;
}

export function facts(look: Lookup, q: FlowQuestion): Facts {
  const flow: Spoken = {
    protocol: q.protocol,
    initiatorPort: q.initiator.port,
    responderPort: q.responder.port,
    initiatorKnown: q.initiatorKnown,
    application: q.application,
  };
  let a = side(look, q.initiator);
  let b = side(look, q.responder);
  let management = managementBy(flow);
  // amid a conversation, and over UDP always, the side with the well-known port is the one that answers
  if (!(q.initiatorKnown && q.protocol === 6) && managementBy({ ...flow, application: undefined }) === "no") {
    const turned: Spoken = { ...flow, initiatorPort: flow.responderPort, responderPort: flow.initiatorPort, application: undefined };
    if (managementBy(turned) === "port") {
      [a, b] = [b, a];
      if (management === "no") management = flow.application === undefined ? "port" : "no";
    }
  }
  return { look, q, flow, a, b, management: b.element ? management : "no" };
}

function side(look: Lookup, end: FlowEnd): Side {
  const functions = look.functions.text(end.address);
  const host = look.hostAt(end.address);
  return {
    end,
    functions,
    host,
    element: functions.length > 0 || host !== undefined,
    roles: functions.flatMap((f) => f.roles),
    subscriber: functions.length === 0 && (end.given === true || look.isSubscriber(end.address)),
  };
}
