import { RowTable } from "#bytes/row-table.ts";
import { addressText } from "#bytes/address.ts";
import type { PacketView } from "#decode/packet/view.ts";
import type { MessageOrigin, TunnelEnd } from "#model/message.ts";
import type { TunnelObservation } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";
import { FrameCollector, NO_FRAMES, type FrameBudget } from "./frame-list.ts";
import { SUBSCRIBER_LIMITS, type Subscriber } from "./subscribers.ts";

/**
 * User-plane tunnel ends: what signalling says of each (address, TEID), and what G-PDUs are sent to it.
 *
 * Signalling and use are joined only when a use is told, since a packet may be captured before the message that announced its tunnel.
 */
export const TUNNEL_LIMITS = {
  /** Ends named by signalling, and (point, source, destination, TEID) uses, at one time; the least recently used are told and forgotten. */
  ends: 400_000,
  uses: 1_000_000,
  /** User addresses kept of one use; further ones are counted. */
  innerAddresses: 8,
  /** Microseconds in which packets may still arrive after a release: buffered, in flight, or late by another point's clock. */
  graceMicros: 10e6,
} as const;

/** Address texts kept to be used again; addresses of which signalling was not seen. */
const MAX_TEXTS = 10_000;

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

/** What signalling said about one end. */
export class SignalledEnd {
  readonly end: TunnelEnd;
  readonly interface: string;
  readonly side: EndSide;
  owner: string;
  /** Protocols that have named it: a user plane's rule alone is an order, not an announcement. */
  namedBy: readonly string[];
  readonly origin: MessageOrigin;
  readonly firstMicros: number;
  subscriber: Subscriber | undefined;
  /** Undefined while the tunnel is up. */
  releasedMicros: number | undefined = undefined;
  /** Earlier releases that were followed by a new set-up are forgotten: the end is up again. */
  lastMicros: number;
  /** Its place among the marks of `EndMarks`. */
  readonly mark: number;

  constructor(mark: number, end: TunnelEnd, naming: EndNaming, origin: MessageOrigin, micros: number, subscriber: Subscriber | undefined) {
    this.mark = mark;
    this.end = end;
    this.interface = naming.interface;
    this.side = naming.side;
    this.owner = naming.owner;
    this.namedBy = named(NOBODY, naming.by);
    this.origin = origin;
    this.firstMicros = micros;
    this.lastMicros = micros;
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

// A use's words behind the key (`RowTable.payload`): the mark of its end and the mark's value when the end was last seen to be up.
const MARK = 0;
const SEEN = 1;
const USE_WORDS = 10;
// Its doubles.
const PACKETS = 1;
const BYTES = 2;
const FIRST = 3;
const LAST = 4;

/**
 * One number an end, which changes whenever the end goes down or is forgotten. A packet of a tunnel in order compares
 * two integers; following the use to its end and its subscriber would cost a cache miss each.
 */
class EndMarks {
  values: Int32Array = new Int32Array(64);
  private next = 1;
  private used = 1;
  private readonly free: number[] = [];
  private readonly owners: (SignalledEnd | undefined)[] = [];

  constructor() {
    // Place 0 belongs to nobody: a use without an end holds value 0, which it never has.
    this.values[0] = -1;
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
    // 0 and -1 are taken; after 2^32 changes one in as many uses might be taken for sound.
    this.next = (this.next + 1) | 0 || 1;
    if (this.next === -1) this.next = 1;
    this.values[place] = this.next;
  }

  give(place: number): void {
    this.change(place);
    this.owners[place] = undefined;
    this.free.push(place);
  }
}

/** The part of a use that only ends without signalling, or after their release, have. */
class Suspect {
  readonly frames: FrameCollector;
  readonly inner: string[] = [];
  readonly late: FrameCollector;
  latePackets = 0;
  lateBytes = 0;
  lateFirst = 0;
  lateLast = 0;
  constructor(capture: number) {
    this.frames = new FrameCollector(capture);
    this.late = new FrameCollector(capture);
  }
}

export class Tunnels {
  forgotten = 0;
  /** Number of (point, source, destination, TEID) uses ever seen. */
  usesSeen = 0;

  private readonly signalledByKey = new Map<string, SignalledEnd>();
  private readonly endsAt = new Map<string, number>();
  /** Microseconds of the first message that named a tunnel end at an address. */
  private readonly namedSince = new Map<string, number>();
  /** Microseconds of the first set-up of a control association at an address. */
  private readonly setups = new Map<string, number>();
  /** Addresses of which pieces of signalling were not seen, and since when. */
  private readonly missing = new Map<string, { pieces: number; readonly sinceMicros: number }>();
  private readonly marks = new EndMarks();
  private readonly v4: UseTable;
  private readonly v6: UseTable;
  private readonly texts = new Map<string, string>();
  private readonly frames: FrameBudget;
  private readonly told: (use: TunnelObservation) => void;

  constructor(frames: FrameBudget, seed: number, told: (use: TunnelObservation) => void) {
    this.frames = frames;
    this.told = told;
    this.v4 = new UseTable(4, seed);
    this.v6 = new UseTable(6, seed);
  }

  // --- signalling

  /** Signalling names an end: it is up from now on. */
  setUp(end: TunnelEnd, naming: EndNaming, origin: MessageOrigin, subscriber: Subscriber | undefined): SignalledEnd {
    const key = keyOf(end.address, end.teid);
    const micros = toMicros(origin.time);
    if (subscriber !== undefined && naming.by !== "pfcp") subscriber.namedOtherwise = true;
    const known = this.signalledByKey.get(key);
    if (known !== undefined) {
      // A new owner after a release is a new tunnel; the same tunnel named again stays what it is.
      if (known.releasedMicros === undefined || known.subscriber?.resolve() === subscriber?.resolve()) {
        if (known.releasedMicros !== undefined) subscriber?.ends.add(known);
        known.releasedMicros = undefined;
        known.lastMicros = micros;
        known.subscriber ??= subscriber;
        known.namedBy = named(known.namedBy, naming.by);
        return known;
      }
    } else {
      if (this.signalledByKey.size >= TUNNEL_LIMITS.ends) this.forgetOlderEnds();
      this.endsAt.set(end.address, (this.endsAt.get(end.address) ?? 0) + 1);
      if (!this.namedSince.has(end.address)) this.namedSince.set(end.address, micros);
    }
    if (known !== undefined) this.marks.give(known.mark);
    const made = new SignalledEnd(this.marks.take(), end, naming, origin, micros, subscriber);
    this.marks.own(made);
    this.signalledByKey.set(key, made);
    if (subscriber !== undefined) {
      subscriber.ends.add(made);
      if (subscriber.endAddresses.size < SUBSCRIBER_LIMITS.addressesEach) subscriber.endAddresses.add(end.address);
    }
    return made;
  }

  find(address: string, teid: number): SignalledEnd | undefined {
    return this.signalledByKey.get(keyOf(address, teid));
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
    if (!this.setups.has(address)) this.setups.set(address, micros);
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
    else if (this.missing.size < MAX_TEXTS) this.missing.set(address, { pieces, sinceMicros: micros });
  }

  /** A gap in an association's signalling: what was set up in it cannot be told from what was not. */
  setupLost(address: string): void {
    this.setups.delete(address);
  }

  get ends(): Iterable<SignalledEnd> {
    return this.signalledByKey.values();
  }

  // --- use, on the packet path

  /**
   * Counts the G-PDU that IP level `level` of the view carries. `innerOctets`: total length of the subscriber's packet, 0 where none could be read.
   */
  gpdu(view: PacketView, level: number, capture: number, point: number, frame: number, micros: number): void {
    const uses = view.ipVersion[level] === 4 ? this.v4 : this.v6;
    const { table } = uses;
    uses.writeKey(view, level, point);
    let slot = table.find();
    if (slot < 0) {
      slot = table.add();
      if (slot < 0) {
        this.tell(uses, table.oldest());
        uses.writeKey(view, level, point);
        slot = table.add();
      }
      this.usesSeen++;
      this.examine(uses, slot, view, level, capture, point, micros);
    }
    const at = slot * table.stride + table.payload;
    const n = table.doubles;
    const d = at >> 1;
    const inner = level + 1 < view.ipCount ? (view.ipLength[level + 1] as number) : 0;
    n[d + PACKETS] = (n[d + PACKETS] as number) + 1;
    n[d + BYTES] = (n[d + BYTES] as number) + inner;
    if (micros - (n[d + LAST] as number) > 1e6) table.touch(slot);
    n[d + LAST] = micros;
    const { rows } = table;
    if (rows[at + SEEN] !== this.marks.values[rows[at + MARK] as number]) this.unsure(uses, slot, view, level, frame, micros, inner);
  }

  /**
   * Says that the Ethernet frame of `captured` octets at `offset` comes some frames later. Where it looks like a G-PDU over IPv4, its
   * tunnel is fetched into the cache; a wrong guess costs nothing else. Returns where an IPv4 packet inside may begin, -1 for none.
   */
  approach(bytes: Uint8Array, offset: number, captured: number, point: number): number {
    if (captured < 62) return -1;
    const p = bytes[offset + 12] === 0x81 && bytes[offset + 13] === 0 ? offset + 18 : offset + 14;
    // IPv4 without options, UDP, destination port 2152; the TEID is in the second word behind the UDP header.
    if (bytes[p] !== 0x45 || bytes[p + 9] !== 17 || bytes[p + 22] !== 8 || bytes[p + 23] !== 0x68) return -1;
    this.v4.table.approach(word32(bytes, p + 12), word32(bytes, p + 16), word32(bytes, p + 32), point);
    // Behind the GTP header of 8 octets, its 4 optional ones, and one extension header.
    const flags = bytes[p + 28] as number;
    let inner = p + 36;
    if ((flags & 7) !== 0) inner += (flags & 4) !== 0 && bytes[p + 39] !== 0 ? 4 + (bytes[p + 40] as number) * 4 : 4;
    return inner + 24 <= offset + captured && bytes[inner] === 0x45 ? inner : -1;
  }

  /** Tells all uses; for the end of the run. */
  finish(): void {
    for (const uses of [this.v4, this.v6]) {
      for (let slot = uses.table.oldest(); slot >= 0; slot = uses.table.oldest()) this.tell(uses, slot);
    }
  }

  /** The same text once: gateways have many tunnels. */
  private one(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    if (this.texts.size >= MAX_TEXTS) this.texts.clear();
    this.texts.set(text, text);
    return text;
  }

  private examine(uses: UseTable, slot: number, view: PacketView, level: number, capture: number, point: number, micros: number): void {
    const version = view.ipVersion[level] as number;
    const source = this.one(addressText(view.bytes, view.ipSrc[level] as number, version));
    const address = this.one(addressText(view.bytes, view.ipDst[level] as number, version));
    const teid = view.tunnelId[level] as number;
    const use = new Use({ teid, address }, source, capture, point);
    use.signalled = this.find(address, teid);
    uses.uses[slot] = use;
    const { doubles, stride, payload } = uses.table;
    const d = (slot * stride + payload) >> 1;
    doubles[d + FIRST] = micros;
    doubles[d + LAST] = micros;
  }

  /** A packet of a use whose end was not known to be up: looks after it, and marks the use where it is. */
  private unsure(uses: UseTable, slot: number, view: PacketView, level: number, frame: number, micros: number, inner: number): void {
    const use = uses.uses[slot] as Use;
    if (use.signalled === undefined || use.signalled.releasedMicros !== undefined) this.suspicious(use, view, level, frame, micros, inner);
    const { signalled } = use;
    if (signalled === undefined || signalled.releasedMicros !== undefined) return;
    // An end that was forgotten or replaced has lost its mark; its uses go on being looked after.
    if (!this.marks.owns(signalled)) return;
    const { rows, stride, payload } = uses.table;
    rows[slot * stride + payload + MARK] = signalled.mark;
    rows[slot * stride + payload + SEEN] = this.marks.values[signalled.mark] as number;
  }

  /** Frames are kept only where the absence of signalling means something: an association of either end was seen from its start. */
  private suspicious(use: Use, view: PacketView, level: number, frame: number, micros: number, innerOctets: number): void {
    if (use.signalled === undefined) {
      use.signalled = this.find(use.end.address, use.end.teid);
      if (use.signalled !== undefined && use.signalled.releasedMicros === undefined) return;
    }
    const released = use.signalled?.releasedMicros;
    if (use.signalled === undefined) {
      use.suspect ??= new Suspect(use.capture);
      if (this.setups.has(use.end.address) || this.setups.has(use.source) || use.suspect.frames.total < 16)
        use.suspect.frames.add(frame, this.frames);
      const { inner } = use.suspect;
      if (inner.length < TUNNEL_LIMITS.innerAddresses && level + 1 < view.ipCount) {
        const version = view.ipVersion[level + 1] as number;
        for (const at of [view.ipSrc[level + 1] as number, view.ipDst[level + 1] as number]) {
          const text = addressText(view.bytes, at, version);
          if (!inner.includes(text) && inner.length < TUNNEL_LIMITS.innerAddresses) inner.push(text);
        }
      }
    } else if (released !== undefined && micros > released + TUNNEL_LIMITS.graceMicros) {
      const suspect = (use.suspect ??= new Suspect(use.capture));
      if (suspect.latePackets === 0) suspect.lateFirst = micros;
      suspect.latePackets++;
      suspect.lateBytes += innerOctets;
      suspect.lateLast = micros;
      suspect.late.add(frame, this.frames);
    }
  }

  private tell(uses: UseTable, slot: number): void {
    const { table } = uses;
    const use = uses.uses[slot] as Use;
    const at = (slot * table.stride + table.payload) >> 1;
    const n = table.doubles;
    const signalled = this.find(use.end.address, use.end.teid) ?? use.signalled;
    const { suspect } = use;
    this.told({
      kind: "tunnel",
      end: use.end,
      source: use.source,
      point: use.point,
      packets: n[at + PACKETS] as number,
      bytes: n[at + BYTES] as number,
      firstMicros: n[at + FIRST] as number,
      lastMicros: n[at + LAST] as number,
      frames: signalled === undefined ? (suspect?.frames.list() ?? NO_FRAMES) : NO_FRAMES,
      innerAddresses: suspect?.inner ?? [],
      signalled:
        signalled === undefined
          ? undefined
          : {
              firstMicros: signalled.firstMicros,
              interface: signalled.interface,
              subscriber: signalled.subscriber?.resolve(),
              releasedMicros: signalled.releasedMicros,
              origin: signalled.origin,
            },
      // Only while the end stays down: one that was set up again later carried somebody's packets rightly.
      afterRelease:
        suspect === undefined || suspect.latePackets === 0 || signalled === undefined || signalled.releasedMicros === undefined
          ? undefined
          : {
              packets: suspect.latePackets,
              bytes: suspect.lateBytes,
              firstMicros: suspect.lateFirst,
              lastMicros: suspect.lateLast,
              frames: suspect.late.list(),
            },
      setupSeen: { end: this.setups.get(use.end.address), source: this.setups.get(use.source) },
      missingSince: { end: this.missing.get(use.end.address)?.sinceMicros, source: this.missing.get(use.source)?.sinceMicros },
      signalledSince: { end: this.namedSince.get(use.end.address), source: this.namedSince.get(use.source) },
      signalledNeighbours: { end: this.endsAt.get(use.end.address) ?? 0, source: this.endsAt.get(use.source) ?? 0 },
    });
    suspect?.frames.release(this.frames);
    suspect?.late.release(this.frames);
    uses.uses[slot] = undefined;
    table.remove(slot);
  }

  /** The older half goes in one pass: deleting a Map's first key one by one re-scans its holes each time. */
  private forgetOlderEnds(): void {
    let left = this.signalledByKey.size >>> 1;
    for (const [key, end] of this.signalledByKey) {
      if (left-- <= 0) break;
      this.signalledByKey.delete(key);
      this.marks.give(end.mark);
      this.forgotten++;
    }
  }
}

class Use {
  readonly end: TunnelEnd;
  readonly source: string;
  readonly capture: number;
  readonly point: number;
  signalled: SignalledEnd | undefined = undefined;
  suspect: Suspect | undefined = undefined;
  constructor(end: TunnelEnd, source: string, capture: number, point: number) {
    this.end = end;
    this.source = source;
    this.capture = capture;
    this.point = point;
  }
}

/** Uses of tunnels over one IP version: source, destination, TEID, point are the key. */
class UseTable {
  readonly table: RowTable;
  readonly uses: (Use | undefined)[] = [];
  private readonly octets: number;

  constructor(version: 4 | 6, seed: number) {
    this.octets = version === 4 ? 4 : 16;
    this.table = new RowTable(version === 4 ? 4 : 10, USE_WORDS, TUNNEL_LIMITS.uses, seed);
  }

  writeKey(view: PacketView, level: number, point: number): void {
    const { bytes } = view;
    const { key } = this.table;
    const src = view.ipSrc[level] as number;
    const dst = view.ipDst[level] as number;
    let word = 0;
    for (let i = 0; i < this.octets; i += 4) {
      key[word] = word32(bytes, src + i);
      key[word + 1] = word32(bytes, dst + i);
      word += 2;
    }
    key[word] = view.tunnelId[level] as number;
    key[word + 1] = point;
  }
}

function keyOf(address: string, teid: number): string {
  return `${address} ${teid}`;
}

function word32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
