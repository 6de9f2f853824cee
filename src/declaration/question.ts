/** What is asked of a declaration about one flow, and what it answers. */
import type { Statement } from "#model/statement.ts";
import type { Carriage, Ceiling } from "./types.ts";

export interface FlowEnd {
  /** Canonical text. */
  readonly address: string;
  /** 0 where the protocol has none. */
  readonly port: number;
  /** Signalling gave the address to a subscriber, whatever the declared pools are. */
  readonly given?: boolean;
}

export interface FlowQuestion {
  readonly initiator: FlowEnd;
  readonly responder: FlowEnd;
  /** False where the beginning was not seen: who began is then a guess. */
  readonly initiatorKnown: boolean;
  /** IP protocol number. */
  readonly protocol: number;
  /** Recognised from content (`decode/recognise`), undefined where nothing was. */
  readonly application: string | undefined;
  readonly icmp: { readonly type: number; readonly code: number } | undefined;
  /** Declared interface of the point (`SGi`, `OAM`, …). */
  readonly interface: string | undefined;
  /** SYN answered by RST, or an ICMP unreachable that names the flow. */
  readonly refused: boolean;
  /** Both sides sent payload. */
  readonly bothWays: boolean;
  readonly firstMicros: number;
  readonly lastMicros: number;
}

export type ExplainedBy =
  | "interface"
  | "own"
  | "service"
  | "grant"
  | "lawful"
  | "trace"
  | "partner"
  | "signalling"
  | "group"
  | "middlebox"
  | "monitoring"
  | "transfer"
  | "icmp"
  | "link-local"
  | "subscriber"
  | "bystander";

export type Unexplained =
  /** nobody declared the other side */
  | "undeclared-peer"
  /** management of an element without a grant: none for this party, not this function, not this protocol, not at this time */
  | "no-grant"
  | "grant-other-function"
  | "grant-other-protocol"
  | "grant-other-time"
  /** the other side is declared, but not for this protocol */
  | "protocol-not-listed"
  /** two declared functions whose roles have no interface that speaks this */
  | "no-fitting-interface"
  /** plain subscriber traffic where none belongs */
  | "subscriber-elsewhere"
  /** the declaration says of itself that this has not been reviewed */
  | "unreviewed";

export interface Exceeded {
  /** Ticket of the grant, else its party. */
  readonly grant: string;
  /** As declared, null where the period is open. */
  readonly from: string | null;
  readonly to: string | null;
  /** First time of the access that lies outside. */
  readonly atMicros: number;
}

export type FlowExplanation = Explained | NotExplained;

export interface Explained {
  readonly explained: true;
  readonly kind: ExplainedBy;
  /** The entry, as a finding's `restsOn` names it: `services/dns-core`, `interface S1-U`, `grants/CHG-1`. */
  readonly by: string;
  /** Subscriber data that the entry lets the flow carry. `content` for user planes and subscribers' own traffic. */
  readonly mayCarry: readonly Carriage[];
}

export interface NotExplained {
  readonly explained: false;
  readonly reason: Unexplained;
  /** `ungranted-access` where somebody manages an element, else `undeclared-peer`. */
  readonly claim: "ungranted-access" | "undeclared-peer";
  /** The core's side: what is accessed, or what exchanges traffic with the peer. */
  readonly element: FlowEnd;
  readonly peer: FlowEnd;
  /** The strongest grade that a finding on this flow may have. */
  readonly atMost: Ceiling;
  /** The entry that nearly explains it, null where there is none. */
  readonly nearly: string | null;
  /** Why not. */
  readonly because: Statement;
  /** The grant whose period was exceeded (`grant-other-time`), and when it first was. */
  readonly exceeded?: Exceeded;
}
