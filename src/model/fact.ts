/**
 * What stands at the wire tells what stands behind it: the facts of a point, as plain values. Nothing in them asks or answers a question of
 * signalling: whose a tunnel is, whether two addresses spoke otherwise, is joined to them behind the stream (`src/join`).
 */
import type { CopyObservation } from "./copy.ts";
import type { Fault } from "./fault.ts";
import type { MessageOrigin, ObservedMessage, TunnelEnd } from "./message.ts";
import type { ChannelObservation, FlowObservation, FrameList, GapObservation, ServiceObservation } from "./observation.ts";

export type Fact =
  | MessageFact
  | FaultFact
  | MissingFact
  | UseFact
  | ChannelFact
  | FlowFact
  | CopyObservation
  | ServiceObservation
  | GapObservation;

/**
 * What lasts (a flow, a use, a channel) is told as often as its point takes stock, each time in full: of all that is told under one kind and id the last
 * word counts, and `ended` says that no other comes.
 */
export interface Lasting {
  /** Of the thing; unique among those of its kind that one point's process tells. */
  readonly id: number;
  readonly ended: boolean;
}

export type FlowFact = FlowObservation & Lasting;

/** A control message, in the order in which the point completed it. */
export interface MessageFact {
  readonly kind: "message";
  readonly observed: ObservedMessage;
}

/** Octets that their port or association claims for a protocol, and that could not be read as it. */
export interface FaultFact {
  readonly kind: "fault";
  readonly fault: Fault;
  readonly origin: MessageOrigin;
}

/** Pieces of an association's messages that were not seen although later ones were: so many more, or (negative) fewer. */
export interface MissingFact {
  readonly kind: "missing";
  readonly change: number;
  readonly origin: MessageOrigin;
}

/** Use of a user-plane tunnel end at one point, as the point counts it. */
export interface UseFact extends Lasting {
  readonly kind: "use";
  readonly end: TunnelEnd;
  /** Sender of the G-PDUs. */
  readonly source: string;
  readonly point: number;
  /** It runs inside another tunnel, so that its ends may be subscribers' own addresses. */
  readonly withinTunnel: boolean;
  readonly packets: number;
  /** Subscriber IP octets (inner total length). */
  readonly bytes: number;
  readonly firstMicros: number;
  readonly lastMicros: number;
  /** Frames, as far as the point was not advised that signalling names the end; `total` counts those listed or left out. */
  readonly frames: FrameList;
  /** User addresses of the first packets, at most 8; where the point was not advised. */
  readonly innerAddresses: readonly string[];
  /** Packets after the release that the point was advised of, beyond the grace time. */
  readonly late: LateUse | undefined;
}

export interface LateUse {
  readonly packets: number;
  readonly bytes: number;
  readonly firstMicros: number;
  readonly lastMicros: number;
  readonly frames: FrameList;
}

/** A measure of octets where little belongs; who else the two are to one another is joined later. */
export type ChannelFact = Omit<ChannelObservation, "spokeOtherwise"> & Lasting;
