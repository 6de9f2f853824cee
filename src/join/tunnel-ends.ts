import { scaled } from "#model/room.ts";
import { RowTable } from "#bytes/row-table.ts";
import type { MessageOrigin, TunnelEnd } from "#model/message.ts";
import type { TunnelSignalling } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";
import { SUBSCRIBER_LIMITS, type Subscriber } from "./subscribers.ts";

/** Ends named by signalling at one time; past it those named first are forgotten. */
export const MAX_ENDS = 400_000;
/** Addresses at which ends are named; those of further ones are not kept. */
export const MAX_END_ADDRESSES = 100_000;
/** Addresses of which pieces of signalling were not seen; past it all signalling counts as incomplete. */
const MAX_MISSING = 10_000;

/** Which kind of node owns an end. */
export type EndSide = "access" | "core" | "forwarding";

/** How signalling names an end. */
export interface EndNaming {
  /** Reference point: `S1-U`, `S5/S8-U`, `X2-U forwarding`, … */
  readonly interface: string;
  readonly side: EndSide;
  /** Protocol whose message names it: `s1ap`, `gtpv2`, `pfcp`, … */
  readonly by: string;
  /** What must go away for the end to go away: `s1 <eNB address>`, `gtp <number of the control session>`, … */
  readonly owner: string;
}

/** What signalling said about one end. There are several a subscriber: what no finding needs (the message, the addresses' texts) is not kept. */
export class SignalledEnd {
  readonly interface: string;
  readonly side: EndSide;
  owner: string;
  /** Protocols that have named it: a user plane's rule alone is an order, not an announcement. */
  namedBy: readonly string[];
  readonly firstMicros: number;
  subscriber: Subscriber | undefined;
  /** Undefined while the tunnel is up. */
  releasedMicros: number | undefined = undefined;
  /** Its place among the marks of `EndMarks`. */
  readonly mark: number;

  constructor(mark: number, naming: EndNaming, micros: number, subscriber: Subscriber | undefined) {
    this.mark = mark;
    this.interface = naming.interface;
    this.side = naming.side;
    this.owner = naming.owner;
    this.namedBy = named(NOBODY, naming.by);
    this.firstMicros = micros;
    this.subscriber = subscriber;
  }
}

const NOBODY: readonly string[] = [];
const namings = new Map<string, readonly string[]>();

/** `by` added to the protocols that name an end. Few combinations, many ends: one list for all that are alike. */
function named(names: readonly string[], by: string): readonly string[] {
  if (names.includes(by)) return names;
  const key = `${names.join(" ")} ${by}`;
  let made = namings.get(key);
  if (made === undefined) {
    made = [...names, by];
    namings.set(key, made);
  }
  return made;
}

/**
 * One number an end, which changes whenever the end goes down or is forgotten. A packet of a tunnel in order compares
 * two integers; following the use to its end and its subscriber would cost a cache miss each.
 */
export class EndMarks {
  values: Int32Array = new Int32Array(64);
  private next = 1;
  private used = 1;
  private readonly free: number[] = [];
  private readonly owners: (SignalledEnd | undefined)[] = [];

  constructor() {
    // Place 0 stands for what is not named yet: a fresh use holds value 0, which it never has.
    this.news();
  }

  /** Says that something was named or set up since: who settled for having no end asks again. */
  news(): void {
    this.change(0);
  }

  take(): number {
    const place = this.free.pop() ?? this.used++;
    if (place === this.values.length) {
      const wider = new Int32Array(this.values.length * 2);
      wider.set(this.values);
      this.values = wider;
    }
    this.change(place);
    return place;
  }

  own(end: SignalledEnd): void {
    this.owners[end.mark] = end;
  }

  /** False for an end that was forgotten or replaced: its place is another's, or nobody's. */
  owns(end: SignalledEnd): boolean {
    return this.owners[end.mark] === end;
  }

  change(place: number): void {
    // 0 is taken; after 2^32 changes one in as many uses might be taken for sound.
    this.next = (this.next + 1) | 0 || 1;
    this.values[place] = this.next;
  }

  give(place: number): void {
    this.change(place);
    this.owners[place] = undefined;
    this.free.push(place);
  }
}

/** What signalling shows of an address, for judging what it did not announce. Microseconds; undefined where it was not. */
export interface EndSurroundings {
  /** The set-up of a control association. */
  readonly setup: number | undefined;
  /** Since when pieces of its signalling are known to be missing. */
  readonly missingSince: number | undefined;
  /** The first message that named a tunnel end there. */
  readonly namedSince: number | undefined;
  /** Tunnel ends named there. */
  readonly ends: number;
}

/** An address at which signalling named tunnel ends. */
interface EndAddress {
  readonly number: number;
  readonly address: string;
  readonly firstMicros: number;
  /** Ends named there. */
  ends: number;
  /** One a reference point, made once: all subscribers with ends there share it. */
  readonly places: EndPlace[];
}

/** An address at which signalling named an end of one reference point. */
export interface EndPlace {
  readonly link: string;
  readonly address: string;
}

/** Reference points of which two named ends face one another, by the names that protocols have for them; forwarding has one end. */
const LINKS: Readonly<Record<string, string>> = {
  "S1-U": "S1-U",
  "S1-U/N3": "S1-U",
  "S5/S8-U": "S5/S8-U",
  "S5/S8-U/N9": "S5/S8-U",
};

/** Their IMSIs tell them apart: the TEID was given anew, though its release was not captured. */
function areTwo(a: Subscriber | undefined, b: Subscriber | undefined): boolean {
  return a?.imsi !== undefined && b?.imsi !== undefined && a.imsi !== b.imsi;
}

function linkOf(name: string): string | undefined {
  return LINKS[name];
}

function placeAt(at: EndAddress, link: string): EndPlace {
  let place = at.places.find((one) => one.link === link);
  if (place === undefined) at.places.push((place = { link, address: at.address }));
  return place;
}

/** User-plane tunnel ends as signalling names them, by (address, TEID), and what it shows of their addresses. */
export class TunnelEnds {
  /** Ends that were forgotten, or not kept. From the first on, that an end is not known means nothing: all signalling counts as incomplete. */
  forgotten = 0;
  /** Changes whenever an end is named that was not known, or an address's set-up is seen or lost: what was asked in vain may be asked again. */
  version = 0;
  readonly marks: EndMarks = new EndMarks();

  /** Keys are the number of the address and the TEID. */
  private readonly table: RowTable;
  private readonly addressesOf: (address: string) => readonly string[];
  private readonly bySlot: (SignalledEnd | undefined)[] = [];
  private readonly addresses = new Map<string, EndAddress>();
  /** Microseconds of the first set-up of a control association at an address. */
  private readonly setups = new Map<string, number>();
  /** Addresses of which pieces of signalling were not seen, and since when. */
  private readonly missing = new Map<string, { pieces: number; readonly sinceMicros: number }>();
  /** More addresses than `missing` has room for. */
  private missedMore = false;

  /** `seed`: for the hash table; the result does not depend on it. `addressesOf`: all addresses of the declared function at one of them. */
  constructor(seed: number, addressesOf: (address: string) => readonly string[] = (address) => [address]) {
    this.addressesOf = addressesOf;
    this.table = new RowTable(2, 0, scaled(MAX_ENDS), seed);
  }

  /** Signalling names an end: it is up from now on. */
  setUp(end: TunnelEnd, naming: EndNaming, origin: MessageOrigin, subscriber: Subscriber | undefined): SignalledEnd {
    const micros = toMicros(origin.time);
    if (subscriber !== undefined && naming.by !== "pfcp") subscriber.namedOtherwise = true;
    const link = linkOf(naming.interface);
    let at = this.addresses.get(end.address);
    if (at === undefined) {
      const room = this.addresses.size < scaled(MAX_END_ADDRESSES);
      at = { number: room ? this.addresses.size : -++this.forgotten, address: end.address, firstMicros: micros, ends: 0, places: [] };
      if (room) this.addresses.set(end.address, at);
    }
    if (subscriber !== undefined && link !== undefined && subscriber.endPlaces.size < SUBSCRIBER_LIMITS.addressesEach)
      subscriber.endPlaces.add(placeAt(at, link));
    let slot = this.slotOf(at.number, end.teid);
    const known = slot < 0 ? undefined : this.bySlot[slot];
    if (known !== undefined) {
      // A new owner after a release, or somebody who is known to be another, is a new tunnel; the same tunnel named again stays what it is.
      const before = known.subscriber?.resolve();
      const now = subscriber?.resolve();
      if (before === now || (known.releasedMicros === undefined && !areTwo(before, now))) {
        if (known.releasedMicros !== undefined) subscriber?.ends.add(known);
        known.releasedMicros = undefined;
        known.subscriber ??= subscriber;
        known.namedBy = named(known.namedBy, naming.by);
        return known;
      }
    } else {
      if (this.table.size >= scaled(MAX_ENDS)) this.forgetOldest();
      this.table.key[0] = at.number;
      this.table.key[1] = end.teid;
      slot = this.table.add();
      at.ends++;
    }
    if (known !== undefined) {
      known.subscriber?.resolve().ends.delete(known);
      this.marks.give(known.mark);
    }
    this.version++;
    const made = new SignalledEnd(this.marks.take(), naming, micros, subscriber);
    this.marks.own(made);
    this.bySlot[slot] = made;
    if (subscriber !== undefined) {
      subscriber.ends.add(made);
      if (subscriber.endAddresses.size < SUBSCRIBER_LIMITS.addressesEach) subscriber.endAddresses.add(end.address);
    }
    return made;
  }

  /** `source`: who uses the end; for somebody whom signalling does not let use it, the end is not theirs. */
  find(address: string, teid: number, source?: string): SignalledEnd | undefined {
    const at = this.addresses.get(address);
    if (at === undefined) return undefined;
    const slot = this.slotOf(at.number, teid);
    const end = slot < 0 ? undefined : this.bySlot[slot];
    if (end === undefined || source === undefined || this.user(end, address, source) !== "other") return end;
    return undefined;
  }

  /**
   * Whether signalling names `source` for the session that the end at `address` belongs to, at any time of the run (handover, path switch, release and
   * forwarding bring further addresses, an address of the same declared function is that function): `named`; `other`, where somebody else was named at
   * the far side of the end's own reference point; or `unknown`, where nobody was.
   */
  user(end: SignalledEnd, address: string, source: string): "named" | "other" | "unknown" {
    const subscriber = end.subscriber?.resolve();
    const link = linkOf(end.interface);
    if (subscriber === undefined || link === undefined || this.forgotten > 0) return "unknown";
    if (this.addressesOf(source).some((one) => subscriber.endAddresses.has(one))) return "named";
    // Addresses past the limit were not kept: one of them may be this one.
    if (subscriber.endAddresses.size >= SUBSCRIBER_LIMITS.addressesEach) return "unknown";
    const own = this.addressesOf(address);
    if (own.includes(source)) return "named";
    for (const place of subscriber.endPlaces) if (place.link === link && !own.includes(place.address)) return "other";
    return "unknown";
  }

  /** Signalling takes an end down. */
  release(end: SignalledEnd, micros: number): void {
    if (end.releasedMicros === undefined) {
      end.releasedMicros = micros;
      this.marks.change(end.mark);
    }
    end.subscriber?.resolve().ends.delete(end);
  }

  /** Takes down the ends of a subscriber on one side that hang on `owner`. */
  releaseOf(subscriber: Subscriber, side: EndSide, owner: string, micros: number): void {
    for (const end of subscriber.ends) if (end.side === side && end.owner === owner) this.release(end, micros);
  }

  /** The set-up of a control association was seen: from then on tunnels at this address are announced in the capture. */
  setupSeen(address: string, micros: number): void {
    if (this.setups.has(address)) return;
    this.setups.set(address, micros);
    this.version++;
  }

  /** True where the set-up of an association at one of the two addresses was seen: their tunnels are announced in the capture. */
  announces(a: string, b: string): boolean {
    return this.setups.size > 0 && (this.setups.has(a) || this.setups.has(b));
  }

  /** When the set-up at this address was seen, microseconds. */
  setupMicros(address: string): number | undefined {
    return this.setups.get(address);
  }

  /** Pieces of an association at this address were not seen (`change` more, or fewer): what they set up cannot be told from what nobody did. */
  signallingMissing(address: string, change: number, micros: number): void {
    const known = this.missing.get(address);
    const pieces = (known?.pieces ?? 0) + change;
    if (pieces <= 0) this.missing.delete(address);
    else if (known !== undefined) known.pieces = pieces;
    else if (this.missing.size < MAX_MISSING) this.missing.set(address, { pieces, sinceMicros: micros });
    else this.missedMore = true;
  }

  /** A gap in an association's signalling: what was set up in it cannot be told from what was not. */
  setupLost(address: string): void {
    if (this.setups.delete(address)) this.version++;
  }

  surroundings(address: string): EndSurroundings {
    const at = this.addresses.get(address);
    const complete = this.forgotten === 0 && !this.missedMore;
    return {
      setup: this.setups.get(address),
      missingSince: complete ? this.missing.get(address)?.sinceMicros : -Infinity,
      namedSince: complete ? at?.firstMicros : undefined,
      ends: at?.ends ?? 0,
    };
  }

  private slotOf(address: number, teid: number): number {
    const { key } = this.table;
    key[0] = address;
    key[1] = teid;
    return this.table.find();
  }

  private forgetOldest(): void {
    const slot = this.table.oldest();
    const end = this.bySlot[slot];
    if (end !== undefined) this.marks.give(end.mark);
    this.bySlot[slot] = undefined;
    this.table.remove(slot);
    this.forgotten++;
  }
}

/** What signalling said about an end, as an observation of its use tells it. */
export function signalling(end: SignalledEnd, user: TunnelSignalling["user"]): TunnelSignalling {
  return {
    firstMicros: end.firstMicros,
    interface: end.interface,
    user,
    subscriber: end.subscriber?.resolve(),
    releasedMicros: end.releasedMicros,
  };
}
