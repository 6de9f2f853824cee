import type { TunnelEnd } from "./message.ts";
import type { SubscriberView } from "./observation.ts";

/** A subscriber with what a case keeps of it, as far as it is known by now. */
export interface KnownSubscriber extends SubscriberView {
  readonly firstMicros: number;
  readonly lastMicros: number;
}

/** An address of the network, with the roles that its signalling shows. */
export interface KnownElement {
  readonly address: string;
  readonly roles: ReadonlyMap<string, KnownRole>;
  /** eNB name, Diameter identity, … as the element itself says. */
  readonly names: ReadonlySet<string>;
}

export interface KnownRole {
  /** `sent S1 Setup Request`, … */
  readonly because: string;
  readonly count: number;
  readonly capture: number;
  readonly frame: number;
  /** Nobody but the element itself said so. */
  readonly ownWord: boolean;
}

/** Messages of one reference point between two addresses. */
export interface KnownReference {
  readonly a: string;
  readonly b: string;
  readonly name: string;
  readonly messages: number;
}

/** What is forgotten because a limit was reached, and how much was taken. */
export interface KnowledgeCounts {
  readonly messages: number;
  /** Uses of tunnel ends told. */
  readonly uses: number;
  readonly identitiesForgotten: number;
  readonly tunnelEndsForgotten: number;
}

export interface AddressPassing {
  readonly sinceMicros: number;
  readonly former: readonly string[];
}

/**
 * What signalling has told, as far as facts have come: the one door to it. It is built behind the stream, from facts alone; a process that only judges has
 * the same as one that also reads the wire.
 */
export interface Knowledge {
  /** Stable key of a subscriber: `imsi:…` where known, else the best identity at hand. */
  subscriberKey(subscriber: SubscriberView): string;
  /** Key of the subscriber who held this address at that time, `ip:…` where nobody is known. */
  subscriberAt(ueAddress: string, micros: number): string;
  /**
   * Where whoever held this address then had got it from somebody else, whose session was seen to end: since when, and all identities of those before.
   * Undefined where that was not seen, or one of them is not known by IMSI.
   */
  passedOn(ueAddress: string, micros: number): AddressPassing | undefined;
  /** When the address was first seen to be given to somebody, microseconds: who had it before is not known. */
  givenSince(ueAddress: string): number | undefined;
  /** All identities that signalling gave the subscriber behind a key. */
  identitiesOf(key: string): readonly string[];
  /** The address was given to a subscriber at some time. */
  isGiven(address: string): boolean;
  /** Roles that signalling shows of an address. */
  shownRoles(address: string): readonly string[];
  /** A subscriber with this user address had a signalled tunnel between the two ends at that time. */
  servedBetween(ueAddress: string, a: string, b: string, micros: number): boolean;
  /** Protocols whose messages named this tunnel end. */
  namedBy(end: TunnelEnd): readonly string[];
  /** Whether some tunnel end of this subscriber was named by signalling other than the user plane's own rules. */
  namedOtherwise(subscriber: SubscriberView): boolean;
  elements(): Iterable<KnownElement>;
  references(): Iterable<KnownReference>;
  subscribers(): Iterable<KnownSubscriber>;
  /** PLMNs that messages of the network itself name, with how often. */
  plmns(): ReadonlyMap<string, number>;
  counts(): KnowledgeCounts;
}
