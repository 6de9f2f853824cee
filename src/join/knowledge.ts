import type { AddressPassing, KnownElement, Knowledge, KnowledgeCounts, KnownReference, KnownSubscriber } from "#model/knowledge.ts";
import type { TunnelEnd } from "#model/message.ts";
import type { SubscriberView } from "#model/observation.ts";
import type { Subscriber } from "./subscribers.ts";
import type { Tracker } from "./tracker.ts";

/** What a tracker has joined from the facts it took. */
export class JoinedKnowledge implements Knowledge {
  private readonly tracker: Tracker;

  constructor(tracker: Tracker) {
    this.tracker = tracker;
  }

  subscriberKey(subscriber: SubscriberView): string {
    const known = this.record(subscriber) ?? subscriber;
    if (known.imsi !== undefined) return `imsi:${known.imsi}`;
    const address = known.ueAddresses[0];
    if (address !== undefined) {
      const holder = this.tracker.subscribers.holder(address, Infinity);
      return holder?.imsi === undefined ? `ip:${address}` : `imsi:${holder.imsi}`;
    }
    if (known.msisdn !== undefined) return `msisdn:${known.msisdn}`;
    if (known.imei !== undefined) return `imei:${known.imei}`;
    return `unnamed:${known.key}`;
  }

  subscriberAt(ueAddress: string, micros: number): string {
    const holder = this.tracker.subscribers.holder(ueAddress, micros);
    return holder === undefined ? `ip:${ueAddress}` : this.subscriberKey(holder);
  }

  passedOn(ueAddress: string, micros: number): AddressPassing | undefined {
    const passing = this.tracker.subscribers.passing(ueAddress, micros);
    if (passing === undefined) return undefined;
    const former = passing.former.flatMap((s) => this.identitiesOf(this.subscriberKey(s)));
    return { sinceMicros: passing.sinceMicros, former: former.filter((identity) => !identity.startsWith("ip:")) };
  }

  givenSince(ueAddress: string): number | undefined {
    return this.tracker.subscribers.givenSince(ueAddress);
  }

  identitiesOf(key: string): readonly string[] {
    const identities = new Set<string>(key.startsWith("unnamed:") ? [] : [key]);
    if (key.startsWith("imsi:")) {
      for (const subscriber of this.tracker.subscribers.all()) {
        if (subscriber.imsi !== key.slice(5)) continue;
        if (subscriber.msisdn !== undefined) identities.add(`msisdn:${subscriber.msisdn}`);
        if (subscriber.imei !== undefined) identities.add(`imei:${subscriber.imei}`);
        for (const address of subscriber.ueAddresses) identities.add(`ip:${address}`);
      }
    }
    return [...identities];
  }

  isGiven(address: string): boolean {
    return this.tracker.subscribers.holder(address, Infinity) !== undefined;
  }

  shownRoles(address: string): readonly string[] {
    return [...(this.tracker.elements.at(address)?.roles.keys() ?? [])];
  }

  servedBetween(ueAddress: string, a: string, b: string, micros: number): boolean {
    const holder = this.tracker.subscribers.holder(ueAddress, micros);
    return holder !== undefined && holder.endAddresses.has(a) && holder.endAddresses.has(b);
  }

  namedBy(end: TunnelEnd): readonly string[] {
    return [...(this.tracker.tunnelEnds.find(end.address, end.teid)?.namedBy ?? [])];
  }

  namedOtherwise(subscriber: SubscriberView): boolean {
    return this.record(subscriber)?.namedOtherwise ?? false;
  }

  elements(): Iterable<KnownElement> {
    return this.tracker.elements.all;
  }

  references(): Iterable<KnownReference> {
    return this.tracker.elements.allReferences;
  }

  subscribers(): Iterable<KnownSubscriber> {
    return this.tracker.subscribers.all();
  }

  plmns(): ReadonlyMap<string, number> {
    return this.tracker.elements.plmns;
  }

  counts(): KnowledgeCounts {
    const { messages, uses, subscribers, tunnelEnds } = this.tracker;
    return { messages, uses, identitiesForgotten: subscribers.forgotten, tunnelEndsForgotten: tunnelEnds.forgotten };
  }

  private record({ key }: SubscriberView): Subscriber | undefined {
    return this.tracker.subscribers.records[key]?.resolve();
  }
}
