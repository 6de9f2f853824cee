import { scaled } from "#model/room.ts";
import { heldPrefix } from "#bytes/held-prefix.ts";
import { Ipv4Set } from "#bytes/ipv4-set.ts";
import { RowTable } from "#bytes/row-table.ts";
import { SmallSet } from "#bytes/small-set.ts";
import type { SubscriberView } from "#model/observation.ts";
import { ipv4Number, type AddressBook } from "./address-book.ts";
import type { EndPlace, SignalledEnd } from "./tunnel-ends.ts";

/**
 * Who is meant: joins what many protocols call one subscriber.
 *
 * Each protocol names a subscriber by handles of its own (an S1AP id at an MME, a TEID at an address, an IMSI, …). Handles
 * that occur together name the same subscriber, unless two different IMSIs stand against it: then a handle was given
 * to somebody else, and belongs to the newer one.
 */
export const Handle = {
  IMSI: 1,
  /** MME UE S1AP ID at the MME's address. */
  S1_MME: 2,
  /** eNB UE S1AP ID at the eNB's address. */
  S1_ENB: 3,
  /** GTP-C TEID at its address. */
  GTP_C: 4,
  /** GTP-U TEID at its address. */
  GTP_U: 5,
  /** PFCP SEID at its address. */
  PFCP: 6,
  /** MME code and M-TMSI. */
  S_TMSI: 7,
  UE_ADDRESS: 8,
  /** Hash of a Diameter Session-Id. */
  DIAMETER: 9,
  MSISDN: 10,
  /** X2AP UE id at the eNB's address. */
  X2: 11,
} as const;

/** Past these the least recently used ones are forgotten, and counted. */
export const SUBSCRIBER_LIMITS = { subscribers: 200_000, handles: 2_000_000, addressesEach: 64, passed: 100_000 } as const;

const NONE: readonly string[] = [];

export class Subscriber implements SubscriberView {
  readonly key: number;
  imsi: string | undefined = undefined;
  msisdn: string | undefined = undefined;
  imei: string | undefined = undefined;
  // Lists of one as a rule, so they are made anew: a push or a spread would take room for seventeen.
  ueAddresses: readonly string[] = NONE;
  apns: readonly string[] = NONE;
  servingEnb: string | undefined = undefined;
  tai: string | undefined = undefined;
  ecgi: string | undefined = undefined;
  emergency = false;
  /** Tunnel ends that are up. */
  get ends(): SmallSet<SignalledEnd> {
    return (this.madeEnds ??= new SmallSet());
  }
  /** Some end of it was named by other signalling than PFCP. */
  namedOtherwise = false;
  /** Addresses at which it ever had one. */
  get endAddresses(): SmallSet<string> {
    return (this.madeAddresses ??= new SmallSet());
  }
  /** On which reference points it ever had one, and where (`EndAddress.places`). */
  get endPlaces(): SmallSet<EndPlace> {
    return (this.madePlaces ??= new SmallSet());
  }
  firstMicros: number;
  lastMicros: number;
  /** Set when this record turned out to be another one's. */
  mergedInto: Subscriber | undefined = undefined;
  // Made when first asked for: an empty set takes more than the rest of a record that is merged a moment later.
  private madeEnds: SmallSet<SignalledEnd> | undefined = undefined;
  private madeAddresses: SmallSet<string> | undefined = undefined;
  private madePlaces: SmallSet<EndPlace> | undefined = undefined;

  constructor(key: number, micros: number) {
    this.key = key;
    this.firstMicros = micros;
    this.lastMicros = micros;
  }

  /** Takes over the ends of a record that turned out to be this one's. */
  takeEnds(from: Subscriber): void {
    if (from.madeEnds !== undefined) for (const end of from.madeEnds) this.ends.add(end);
    from.madeEnds = undefined;
    if (from.madeAddresses !== undefined) for (const address of from.madeAddresses) this.endAddresses.add(address);
    if (from.madePlaces !== undefined) for (const place of from.madePlaces) this.endPlaces.add(place);
  }

  /** The record that this one has become. */
  resolve(): Subscriber {
    let at = this.mergedInto;
    if (at === undefined) return this;
    while (at.mergedInto !== undefined) at = at.mergedInto;
    return at;
  }
}

interface Assignment {
  readonly micros: number;
  readonly subscriber: Subscriber;
  /** The session that had it was seen to end, and nobody of that name took it up again. */
  ended: boolean;
}

/** Since when somebody holds an address that others held before. */
export interface Passing {
  readonly sinceMicros: number;
  readonly former: readonly Subscriber[];
}

function keyOf({ high, low }: { readonly high: number; readonly low: number }): string {
  return `${high.toString(16)} ${low.toString(16)}/64`;
}

export class Subscribers {
  readonly records: Subscriber[] = [];
  /** Handles and assignments forgotten because a limit was reached. */
  forgotten = 0;

  /** Addresses that somebody got whose former holder's session was seen to end, in order; past the limit a copy's packets count for the holder before. */
  readonly passed: string[] = [];

  private readonly addresses: AddressBook;
  private readonly table: RowTable;
  private owners: (Subscriber | undefined)[] = [];
  private readonly assignments = new Map<string, Assignment[]>();
  /** IPv4 addresses of users, for the packet path. */
  private readonly ueIpv4 = new Ipv4Set(scaled(SUBSCRIBER_LIMITS.subscribers) * 4);
  /** First 64 bits of IPv6 addresses of users, for the packet path. */
  private readonly uePrefixes: RowTable;

  // Handles of the message at hand, four words each.
  private readonly pending = new Uint32Array(4 * 64);
  /** Their slots when they were looked up; -1 for unknown ones. */
  private readonly slots = new Int32Array(64);
  private pendingCount = 0;
  private imsiOfMessage: string | undefined = undefined;

  constructor(addresses: AddressBook, seed: number) {
    this.addresses = addresses;
    this.table = new RowTable(4, 0, scaled(SUBSCRIBER_LIMITS.handles), seed);
    this.uePrefixes = new RowTable(2, 0, scaled(SUBSCRIBER_LIMITS.subscribers) * 4, seed);
  }

  /** Starts collecting the handles of one message. */
  begin(): void {
    this.pendingCount = 0;
    this.imsiOfMessage = undefined;
  }

  /** Adds a handle of the message at hand. Handles past 64 are ignored: no message names one subscriber so often. */
  handle(kind: number, a: number, b: number, c: number): void {
    if (this.pendingCount >= 64) return;
    const at = this.pendingCount++ * 4;
    this.pending[at] = kind;
    this.pending[at + 1] = a;
    this.pending[at + 2] = b;
    this.pending[at + 3] = c;
  }

  handleAt(kind: number, address: string, value: number, more = 0): void {
    const id = this.addresses.id(address);
    if (id !== 0) this.handle(kind, id, value, more);
  }

  imsi(digits: string): void {
    if (digits.length < 5 || digits.length > 15) return;
    this.imsiOfMessage ??= digits;
    const value = Number(digits);
    if (Number.isFinite(value)) this.handle(Handle.IMSI, Math.floor(value / 2 ** 32), value % 2 ** 32, digits.length);
  }

  msisdn(digits: string): void {
    const value = Number(digits);
    if (digits.length < 5 || digits.length > 15 || !Number.isFinite(value)) return;
    this.handle(Handle.MSISDN, Math.floor(value / 2 ** 32), value % 2 ** 32, digits.length);
  }

  /** Forgets a handle: it was released, or is about to be given anew. */
  release(kind: number, a: number, b: number, c: number): void {
    const slot = this.lookup(kind, a, b, c);
    if (slot < 0) return;
    this.owners[slot] = undefined;
    this.table.remove(slot);
  }

  releaseAt(kind: number, address: string, value: number, more = 0): void {
    const id = this.addresses.find(address);
    if (id !== 0) this.release(kind, id, value, more);
  }

  find(kind: number, a: number, b: number, c: number): Subscriber | undefined {
    const slot = this.lookup(kind, a, b, c);
    return slot < 0 ? undefined : this.owners[slot]?.resolve();
  }

  findAt(kind: number, address: string, value: number, more = 0): Subscriber | undefined {
    const id = this.addresses.find(address);
    return id === 0 ? undefined : this.find(kind, id, value, more);
  }

  /** The subscriber whom the collected handles name: a known one, several joined into one, or a new one; undefined without any handle. */
  resolve(micros: number): Subscriber | undefined {
    if (this.pendingCount === 0) return undefined;
    const imsi = this.imsiOfMessage;
    let chosen: Subscriber | undefined;
    // The IMSI decides; else the first handle that is known.
    for (let i = 0; i < this.pendingCount; i++) {
      const found = this.ownerOf(i);
      if (found === undefined || (imsi !== undefined && found.imsi !== undefined && found.imsi !== imsi)) continue;
      if (chosen === undefined) chosen = found;
      else if (found !== chosen && !(found.imsi !== undefined && chosen.imsi !== undefined && found.imsi !== chosen.imsi)) {
        chosen = this.merge(chosen, found);
      }
    }
    chosen ??= this.create(micros);
    if (imsi !== undefined) chosen.imsi ??= imsi;
    chosen.lastMicros = micros;
    const { forgotten } = this;
    for (let i = 0; i < this.pendingCount; i++) {
      const slot = this.slots[i] as number;
      // A slot found above still is the handle's, unless others were forgotten meanwhile.
      if (slot >= 0 && this.forgotten === forgotten) {
        this.table.touch(slot);
        this.owners[slot] = chosen;
      } else this.bind(i, chosen);
    }
    return chosen;
  }

  /** Whom the collected handles name, without binding any or making a new record. */
  peek(): Subscriber | undefined {
    for (let i = 0; i < this.pendingCount; i++) {
      const found = this.ownerOf(i);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  assignAddress(address: string, subscriber: Subscriber, micros: number): void {
    if (!subscriber.ueAddresses.includes(address)) {
      if (subscriber.ueAddresses.length >= SUBSCRIBER_LIMITS.addressesEach) this.forgotten++;
      else subscriber.ueAddresses = subscriber.ueAddresses.concat(address);
    }
    const v4 = ipv4Number(address);
    if (v4 > 0) this.ueIpv4.add(v4);
    this.assign(address, subscriber, micros);
    const held = heldPrefix(address);
    if (held === undefined) return;
    if (!this.isUserIpv6(held.high, held.low) && this.uePrefixes.add() < 0) this.forgotten++;
    this.assign(keyOf(held), subscriber, micros);
  }

  private assign(key: string, subscriber: Subscriber, micros: number): void {
    const history = this.assignments.get(key);
    if (history === undefined) {
      if (this.assignments.size >= scaled(SUBSCRIBER_LIMITS.subscribers) * 4) this.forgotten++;
      else this.assignments.set(key, [{ micros, subscriber, ended: false }]);
      return;
    }
    const last = history.at(-1);
    if (last !== undefined && last.subscriber.resolve() === subscriber) {
      last.ended = false;
      return;
    }
    if (history.length >= SUBSCRIBER_LIMITS.addressesEach) history.shift();
    if (last?.ended === true && this.passed.length < SUBSCRIBER_LIMITS.passed) this.passed.push(key);
    history.push({ micros, subscriber, ended: false });
  }

  /** The session that held this address ended: who gets it next is its new holder. */
  freeAddress(address: string, subscriber: Subscriber): void {
    const held = heldPrefix(address);
    for (const key of held === undefined ? [address] : [address, keyOf(held)]) {
      const last = this.assignments.get(key)?.at(-1);
      if (last !== undefined && last.subscriber.resolve() === subscriber) last.ended = true;
    }
  }

  /**
   * Whether whoever held the address then had got it from somebody else: each session before was seen to end (in networks whose pools overlap two may
   * hold one address at a time, and neither got it from the other), and both are known by IMSI.
   */
  passing(address: string, micros: number): Passing | undefined {
    const history = this.historyOf(address);
    if (history === undefined) return undefined;
    let at = history.length - 1;
    while (at > 0 && (history[at] as Assignment).micros > micros) at--;
    const { subscriber, micros: sinceMicros } = history[at] as Assignment;
    const holder = subscriber.resolve();
    const former: Subscriber[] = [];
    while (--at >= 0 && (history[at] as Assignment).ended) {
      const before = (history[at] as Assignment).subscriber.resolve();
      if (before.imsi !== undefined && before.imsi !== holder.imsi) former.push(before);
    }
    return holder.imsi === undefined || former.length === 0 ? undefined : { sinceMicros, former };
  }

  /**
   * Who held the address then; the first holder also for times before the assignment (the capture's order of points is not exact). An IPv6 address that
   * signalling does not name is whoever holds its /64.
   */
  holder(address: string, micros: number): Subscriber | undefined {
    const history = this.historyOf(address);
    if (history === undefined) return undefined;
    let holder = history[0];
    for (const assignment of history) if (assignment.micros <= micros) holder = assignment;
    return holder?.subscriber.resolve();
  }

  /** When the address was first given to somebody. */
  givenSince(address: string): number | undefined {
    return this.historyOf(address)?.[0]?.micros;
  }

  private historyOf(address: string): Assignment[] | undefined {
    const history = this.assignments.get(address);
    if (history !== undefined) return history;
    const held = heldPrefix(address);
    return held === undefined ? undefined : this.assignments.get(keyOf(held));
  }

  /** The first 64 bits of an IPv6 address, two words, are those of an address that was given to a subscriber. */
  isUserIpv6(high: number, low: number): boolean {
    const { key } = this.uePrefixes;
    key[0] = high;
    key[1] = low;
    return this.uePrefixes.find() >= 0;
  }

  isUserIpv4(address: number): boolean {
    return this.ueIpv4.has(address);
  }

  /** Records that stand for somebody: merged ones left out. */
  *all(): Generator<Subscriber> {
    for (const record of this.records) if (record.mergedInto === undefined) yield record;
  }

  private create(micros: number): Subscriber {
    const record = new Subscriber(this.records.length, micros);
    if (this.records.length < scaled(SUBSCRIBER_LIMITS.subscribers)) this.records.push(record);
    else this.forgotten++;
    return record;
  }

  /** The older record stays, so that keys do not depend on which handle came first. */
  private merge(a: Subscriber, b: Subscriber): Subscriber {
    const [into, from] = a.key <= b.key ? [a, b] : [b, a];
    into.imsi ??= from.imsi;
    into.msisdn ??= from.msisdn;
    into.imei ??= from.imei;
    into.servingEnb = from.servingEnb ?? into.servingEnb;
    into.tai = from.tai ?? into.tai;
    into.ecgi = from.ecgi ?? into.ecgi;
    into.emergency ||= from.emergency;
    into.namedOtherwise ||= from.namedOtherwise;
    for (const address of from.ueAddresses) if (!into.ueAddresses.includes(address)) into.ueAddresses = into.ueAddresses.concat(address);
    for (const apn of from.apns) if (!into.apns.includes(apn)) into.apns = into.apns.concat(apn);
    into.takeEnds(from);
    into.firstMicros = Math.min(into.firstMicros, from.firstMicros);
    from.mergedInto = into;
    return into;
  }

  private ownerOf(pending: number): Subscriber | undefined {
    const at = pending * 4;
    const slot = this.lookup(this.pending[at] ?? 0, this.pending[at + 1] ?? 0, this.pending[at + 2] ?? 0, this.pending[at + 3] ?? 0);
    this.slots[pending] = slot;
    return slot < 0 ? undefined : this.owners[slot]?.resolve();
  }

  private bind(pending: number, subscriber: Subscriber): void {
    const at = pending * 4;
    let slot = this.lookup(this.pending[at] ?? 0, this.pending[at + 1] ?? 0, this.pending[at + 2] ?? 0, this.pending[at + 3] ?? 0);
    if (slot < 0) {
      slot = this.table.add();
      if (slot < 0) {
        const oldest = this.table.oldest();
        const { key } = this.table;
        const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = key;
        this.owners[oldest] = undefined;
        this.table.remove(oldest);
        this.forgotten++;
        key[0] = k0;
        key[1] = k1;
        key[2] = k2;
        key[3] = k3;
        slot = this.table.add();
      }
    } else this.table.touch(slot);
    this.owners[slot] = subscriber;
  }

  private lookup(kind: number, a: number, b: number, c: number): number {
    const { key } = this.table;
    key[0] = kind;
    key[1] = a;
    key[2] = b;
    key[3] = c;
    return this.table.find();
  }
}
