import type { DeclarationLookup } from "#declaration/lookup.ts";
import type { DetectorContext, PointInfo } from "#detect/detector.ts";
import type { UndecidedRecord } from "#findings/document.ts";
import { whyRecord } from "#findings/said.ts";
import type { Claim, FindingDraft } from "#model/finding.ts";
import type { Statement } from "#model/statement.ts";
import type { TunnelEnd } from "#model/message.ts";
import type { SubscriberView } from "#model/observation.ts";
import type { WarrantRegister } from "#register/covers.ts";
import type { Tracker } from "#track/tracker.ts";

const ACCESS: ReadonlySet<string> = new Set(["eNB", "gNB", "en-gNB", "ng-eNB", "HeNB", "RNC"]);

/** What detectors may ask: the declaration, the tap map, and what tracking has joined. */
export class RunContext implements DetectorContext {
  readonly declaration: DeclarationLookup | null;
  readonly points: readonly PointInfo[];
  private readonly tracker: Tracker;
  private readonly undecidedLines = new Map<string, UndecidedRecord>();

  private readonly register: WarrantRegister | null;

  constructor(
    declaration: DeclarationLookup | null,
    points: readonly PointInfo[],
    tracker: Tracker,
    register: WarrantRegister | null = null,
  ) {
    this.register = register;
    this.declaration = declaration;
    this.points = points;
    this.tracker = tracker;
  }

  element(address: string): FindingDraft["element"] {
    const declared = this.declaration?.functionAt(address);
    const host = declared === undefined ? this.declaration?.hostAt(address) : undefined;
    return {
      name: declared?.name ?? host?.name ?? null,
      address,
      vendor: declared?.vendor ?? host?.vendor ?? null,
      basis: declared === undefined && this.declaration === null ? "inferred" : "address",
    };
  }

  receiver(address: string, port: number | null, entitled: boolean): NonNullable<FindingDraft["receiver"]> {
    return { name: this.declaration?.nameOf(address) ?? null, address, port, declared: entitled };
  }

  subscriberKey(subscriber: SubscriberView): string {
    const known = this.tracker.subscribers.records[subscriber.key]?.resolve() ?? subscriber;
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

  isUser(address: string): boolean {
    if (this.declaration !== null && this.declaration.functionAt(address) !== undefined) return false;
    return this.declaration?.isSubscriber(address) === true || this.tracker.subscribers.holder(address, Infinity) !== undefined;
  }

  rolesAt(address: string): readonly string[] {
    const declared = this.declaration?.functionAt(address);
    if (declared !== undefined) return declared.roles;
    return [...(this.tracker.elements.at(address)?.roles.keys() ?? [])];
  }

  interfaceless(a: string, b: string): boolean {
    const access = (address: string): boolean => {
      const roles = this.rolesAt(address);
      return roles.length > 0 && roles.every((role) => ACCESS.has(role));
    };
    return access(a) && access(b);
  }

  servedBetween(ueAddress: string, a: string, b: string, micros: number): boolean {
    const holder = this.tracker.subscribers.holder(ueAddress, micros);
    return holder !== undefined && holder.endAddresses.has(a) && holder.endAddresses.has(b);
  }

  namedBy(end: TunnelEnd): readonly string[] {
    return [...(this.tracker.tunnelEnds.find(end.address, end.teid)?.namedBy ?? [])];
  }

  namedOtherwise(subscriber: SubscriberView): boolean {
    return this.tracker.subscribers.records[subscriber.key]?.resolve().namedOtherwise ?? false;
  }

  warranted(address: string): boolean {
    return this.register?.namesReceiver(address) === true;
  }

  undecided({ claim, why, count }: { readonly claim: Claim; readonly why: Statement; readonly count: number }): void {
    const said = whyRecord(why);
    const key = `${claim} ${said.why}`;
    const known = this.undecidedLines.get(key);
    this.undecidedLines.set(key, { claim, ...said, count: count + (known?.count ?? 0) });
  }

  get undecidedRecords(): UndecidedRecord[] {
    return [...this.undecidedLines.values()].sort((a, b) => (`${a.claim} ${a.why}` < `${b.claim} ${b.why}` ? -1 : 1));
  }

  /** All identities that signalling gave the subscriber behind a key of `subscriberKey`. */
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
}
