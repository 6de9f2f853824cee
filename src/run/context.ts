import type { DeclarationLookup } from "#declaration/lookup.ts";
import type { Enclosure } from "#detect/covert-copy/enclosure.ts";
import type { DetectorContext } from "#detect/detector.ts";
import type { LastExplained } from "#detect/flow-question.ts";
import type { UndecidedRecord } from "#findings/document.ts";
import { whyRecord } from "#findings/said.ts";
import type { Claim, FindingDraft } from "#model/finding.ts";
import type { Statement } from "#model/statement.ts";
import type { AddressPassing, Knowledge } from "#model/knowledge.ts";
import type { TunnelEnd } from "#model/message.ts";
import type { SubscriberView } from "#model/observation.ts";
import type { PointInfo } from "#model/point.ts";
import type { WarrantRegister } from "#register/covers.ts";

const ACCESS: ReadonlySet<string> = new Set(["eNB", "gNB", "en-gNB", "ng-eNB", "HeNB", "RNC"]);

/** What was watched and what is known of it: for whoever shows or keeps a result. */
export interface NetworkPicture {
  readonly declaration: DeclarationLookup | null;
  readonly points: readonly PointInfo[];
  readonly knowledge: Knowledge;
  element(address: string): FindingDraft["element"];
  isUser(address: string): boolean;
  warranted(address: string): boolean;
  rolesAt(address: string): readonly string[];
  subscriberKey(subscriber: SubscriberView): string;
  identitiesOf(key: string): readonly string[];
}

/** What detectors may ask: the declaration, the register, the tap map, and what is known from facts. */
export class RunContext implements DetectorContext, NetworkPicture {
  readonly declaration: DeclarationLookup | null;
  readonly points: readonly PointInfo[];
  readonly knowledge: Knowledge;
  readonly register: WarrantRegister | null;
  readonly enclosure: Enclosure | undefined;
  readonly explained: LastExplained = { flow: undefined, answer: undefined };
  /** Said while facts came, once each; and while stock is taken, anew each time. */
  private readonly standing = new Map<string, UndecidedRecord>();
  private stocked = new Map<string, UndecidedRecord>();
  private takingStock = false;

  constructor(
    declaration: DeclarationLookup | null,
    points: readonly PointInfo[],
    knowledge: Knowledge,
    register: WarrantRegister | null = null,
    enclosure?: Enclosure,
  ) {
    this.register = register;
    this.declaration = declaration;
    this.points = points;
    this.knowledge = knowledge;
    this.enclosure = enclosure;
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
    return this.knowledge.subscriberKey(subscriber);
  }

  subscriberAt(ueAddress: string, micros: number): string {
    return this.knowledge.subscriberAt(ueAddress, micros);
  }

  passedOn(ueAddress: string, micros: number): AddressPassing | undefined {
    return this.knowledge.passedOn(ueAddress, micros);
  }

  givenSince(ueAddress: string): number | undefined {
    return this.knowledge.givenSince(ueAddress);
  }

  isUser(address: string): boolean {
    if (this.declaration !== null && this.declaration.functionAt(address) !== undefined) return false;
    return this.declaration?.isSubscriber(address) === true || this.knowledge.isGiven(address);
  }

  rolesAt(address: string): readonly string[] {
    const declared = this.declaration?.functionAt(address);
    return declared === undefined ? this.knowledge.shownRoles(address) : declared.roles;
  }

  interfaceless(a: string, b: string): boolean {
    const access = (address: string): boolean => {
      const roles = this.rolesAt(address);
      return roles.length > 0 && roles.every((role) => ACCESS.has(role));
    };
    return access(a) && access(b);
  }

  servedBetween(ueAddress: string, a: string, b: string, micros: number): boolean {
    return this.knowledge.servedBetween(ueAddress, a, b, micros);
  }

  namedBy(end: TunnelEnd): readonly string[] {
    return this.knowledge.namedBy(end);
  }

  namedOtherwise(subscriber: SubscriberView): boolean {
    return this.knowledge.namedOtherwise(subscriber);
  }

  identitiesOf(key: string): readonly string[] {
    return this.knowledge.identitiesOf(key);
  }

  warranted(address: string): boolean {
    return this.register?.namesReceiver(address) === true;
  }

  undecided({ claim, why, count }: { readonly claim: Claim; readonly why: Statement; readonly count: number }): void {
    const lines = this.takingStock ? this.stocked : this.standing;
    add(lines, { claim, ...whyRecord(why), count });
  }

  /** Runs `judge`; what it leaves undecided replaces what the stock before it left. */
  stock<T>(judge: () => T): T {
    this.stocked = new Map();
    // What lasts is the same object at each stock, and more may be known of it by now.
    this.explained.flow = undefined;
    this.takingStock = true;
    try {
      return judge();
    } finally {
      this.takingStock = false;
      this.explained.flow = undefined;
    }
  }

  /** What could not be decided, as of the last stock. */
  get undecidedRecords(): UndecidedRecord[] {
    const lines = new Map(this.standing);
    for (const line of this.stocked.values()) add(lines, line);
    return [...lines.values()].sort((a, b) => (`${a.claim} ${a.why}` < `${b.claim} ${b.why}` ? -1 : 1));
  }
}

function add(lines: Map<string, UndecidedRecord>, line: UndecidedRecord): void {
  const key = `${line.claim} ${line.why}`;
  lines.set(key, { ...line, count: line.count + (lines.get(key)?.count ?? 0) });
}
