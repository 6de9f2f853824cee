/** What sets claims apart, once: a new claim does not compile before each of these is said of it. The verifier keeps its own, by design. */
import type { Claim } from "./finding.ts";

export interface ClaimTraits {
  /** Told to be done: its effect, or an answer, is another matter than its being sent. */
  readonly told: boolean;
  /** An order, a question or a session: sent, accepted and effected are three things. */
  readonly stepwise: boolean;
  /** An order to deliver what is a subscriber's; what comes of it may be seen as an act of its own. */
  readonly deliveryOrder: boolean;
  /** What may come of such an order. */
  readonly effect: boolean;
  /** The bare exchange or tunnel, in which another act may travel. */
  readonly carriage: boolean;
  /** From the element to the other party, to the element, or both. */
  readonly course: "out" | "in" | "both";
  /** The other party acts, and the element is acted upon. */
  readonly byOther: boolean;
  /** Data branches off the subscriber's way at the element. */
  readonly branches: boolean;
  /** What branches off is content. */
  readonly movesContent: boolean;
}

export const CLAIM_TRAITS: Readonly<Record<Claim, ClaimTraits>> = {
  "unwarranted-interception": {
    told: true,
    stepwise: true,
    deliveryOrder: true,
    effect: false,
    carriage: false,
    course: "out",
    byOther: false,
    branches: true,
    movesContent: true,
  },
  "undeclared-duplication": {
    told: true,
    stepwise: true,
    deliveryOrder: true,
    effect: false,
    carriage: false,
    course: "out",
    byOther: false,
    branches: true,
    movesContent: true,
  },
  "undeclared-trace": {
    told: true,
    stepwise: true,
    deliveryOrder: true,
    effect: false,
    carriage: false,
    course: "out",
    byOther: false,
    branches: true,
    movesContent: false,
  },
  "unreasoned-query": {
    told: true,
    stepwise: true,
    deliveryOrder: false,
    effect: false,
    carriage: false,
    course: "both",
    byOther: true,
    branches: false,
    movesContent: false,
  },
  "covert-copy": {
    told: false,
    stepwise: false,
    deliveryOrder: false,
    effect: true,
    carriage: false,
    course: "out",
    byOther: false,
    branches: true,
    movesContent: true,
  },
  "covert-channel": {
    told: false,
    stepwise: false,
    deliveryOrder: false,
    effect: false,
    carriage: false,
    course: "out",
    byOther: false,
    branches: true,
    movesContent: false,
  },
  "ghost-tunnel": {
    told: false,
    stepwise: false,
    deliveryOrder: false,
    effect: true,
    carriage: true,
    course: "out",
    byOther: false,
    branches: true,
    movesContent: false,
  },
  "ungranted-access": {
    told: false,
    stepwise: true,
    deliveryOrder: false,
    effect: false,
    carriage: false,
    course: "in",
    byOther: true,
    branches: false,
    movesContent: false,
  },
  "undeclared-peer": {
    told: false,
    stepwise: false,
    deliveryOrder: false,
    effect: true,
    carriage: true,
    course: "both",
    byOther: false,
    branches: false,
    movesContent: false,
  },
  "weakened-protection": {
    told: true,
    stepwise: true,
    deliveryOrder: false,
    effect: false,
    carriage: false,
    course: "out",
    byOther: false,
    branches: false,
    movesContent: false,
  },
};
