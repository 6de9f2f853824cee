import type { DeclarationLookup } from "#declaration/lookup.ts";
import type { Claim, FindingDraft } from "#model/finding.ts";
import type { AddressPassing } from "#model/knowledge.ts";
import type { Statement } from "#model/statement.ts";
import type { WarrantRegister } from "#register/covers.ts";
import type { Enclosure } from "./covert-copy/enclosure.ts";
import type { LastExplained } from "./flow-question.ts";
import type { TunnelEnd } from "#model/message.ts";
import type { PointInfo } from "#model/point.ts";
import type { Observation, SubscriberView, Unended } from "#model/observation.ts";

/** What a detector may know besides the observations. No clock, no files. */
export interface DetectorContext {
  /** Null when no declaration was given: findings that need one are then at most `indication`. */
  readonly declaration: DeclarationLookup | null;
  readonly points: readonly PointInfo[];
  /** Warrants; null or absent where no register was given. */
  readonly register?: WarrantRegister | null;
  /** What is known of tapped links. */
  readonly enclosure?: Enclosure | undefined;
  /** What the declaration says of the flow at hand, for all detectors; absent where each works it out. */
  readonly explained?: LastExplained;
  /** The declared function at an address, else the address alone, as a finding's element. */
  element(address: string): FindingDraft["element"];
  /** Who sits at an address, as a finding's receiver. `entitled`: whether declaration or warrant entitles it to this. */
  receiver(address: string, port: number | null, entitled: boolean): NonNullable<FindingDraft["receiver"]>;
  /** The stable key of a subscriber for `FindingDraft.subscribers`: `imsi:…` where known, else the best identity at hand. */
  subscriberKey(subscriber: SubscriberView): string;
  /** Key of the subscriber who held this address at that time, `ip:…` where nobody is known. */
  subscriberAt(ueAddress: string, micros: number): string;
  /** Whether whoever held this address then had got it from somebody else, as signalling shows (`Knowledge.passedOn`). */
  passedOn?(ueAddress: string, micros: number): AddressPassing | undefined;
  /** When the address was first seen to be given to somebody (`Knowledge.givenSince`). */
  givenSince?(ueAddress: string): number | undefined;
  /** Whether an address is a subscriber's: in a declared pool, or given by signalling. */
  isUser(address: string): boolean;
  /** Roles of an address: declared ones, else those inferred from what it speaks. */
  rolesAt(address: string): readonly string[];
  /** Both ends are of the access (X2-U forwarding): no control association in the core announces their tunnels. */
  interfaceless(a: string, b: string): boolean;
  /** A subscriber with this user address had a signalled tunnel between the two ends at that time. */
  servedBetween(ueAddress: string, a: string, b: string, micros: number): boolean;
  /** Protocols whose messages named this tunnel end in the whole run (`s1ap`, `gtpv2`, `pfcp`, …). */
  namedBy(end: TunnelEnd): readonly string[];
  /** Whether some tunnel end of this subscriber was named by signalling other than the user plane's own rules. */
  namedOtherwise(subscriber: SubscriberView): boolean;
  /** A warrant names this address as its receiver: that it gets product is then the interception detector's question. */
  warranted?(address: string): boolean;
  /** Something that cannot be decided: a line under `coverage.undecided`, never an accusation. */
  undecided(what: { readonly claim: Claim; readonly why: Statement; readonly count: number }): void;
}

/**
 * One file, one claim. A detector is pure: the same observations in the same order give the same findings.
 * It never throws for anything that came from the wire; one that throws is isolated and reported by the run.
 */
export interface Detector {
  readonly claim: Claim;
  /** Thresholds it judges by, for the record of settings: a replay with others is seen to be another's. */
  readonly settings?: Readonly<Record<string, number | string>>;
  observe(observation: Observation): void;
  /**
   * Judges what was observed so far, and what lasts (`unended`) as if it had ended now. Called whenever stock is taken: it changes nothing, and what it leaves undecided is said anew each
   * time.
   */
  findings(unended?: Unended): readonly FindingDraft[];
  /** As of the last `findings`: streams that a warrant covers, and those that wait for an authority (undefined where none has sealed entries). */
  counts?(): { readonly covered: number; readonly awaiting: number | undefined };
}

export type DetectorFactory = (context: DetectorContext) => Detector;
