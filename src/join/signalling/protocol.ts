import type { Pairs } from "#join/exchange.ts";
import type { Subscriber } from "#join/subscribers.ts";
import type { MessageOrigin, ObservedMessage, Protocol } from "#model/message.ts";
import type { Joined } from "./join.ts";

/** Whom a message concerns, after what it says was joined to what was known. `answers`: the request that it answers. */
export type Join = (observed: ObservedMessage, answers: ObservedMessage | undefined) => Subscriber | undefined;

/** One protocol of the control plane as the tracker knows it: a row of `protocols.ts`. */
export interface SignallingProtocol {
  readonly protocol: Protocol;
  /** Its messages announce tunnels, so that one which was not read may have named an end. */
  readonly namesTunnels: boolean;
  /**
   * The request that a message answers; a request is remembered for its answer. `missing` is called where a message tells that so many others
   * were not seen, or (negative) came late.
   */
  pair(observed: ObservedMessage, pairs: Pairs, missing: (change: number, origin: MessageOrigin) => void): ObservedMessage | undefined;
  /** Called once for a tracker; what it keeps between messages is its own. */
  joiner(joined: Joined): Join;
}
