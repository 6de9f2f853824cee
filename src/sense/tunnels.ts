import { scaled } from "#model/room.ts";
import { RowTable } from "#bytes/row-table.ts";
import { addressText } from "#bytes/address.ts";
import { i32 } from "#bytes/read.ts";
import { AT_IP_DST, AT_IP_LENGTH, AT_IP_SRC, AT_IP_VERSION, AT_TUNNEL_ID } from "#decode/packet/layout.ts";
import { Layer, type PacketView } from "#decode/packet/view.ts";
import type { UseFact } from "#model/fact.ts";
import type { TunnelEnd } from "#model/message.ts";
import type { AdvisedEnd, AdvisedEnds, AdvisedMarks } from "./advice.ts";
import { FrameCollector, MAX_LISTED_FRAMES, NO_FRAMES, type FrameBudget } from "./frame-list.ts";
import { Suspect } from "./suspect-use.ts";

/**
 * Use of user-plane tunnel ends: what G-PDUs are sent to each (address, TEID). What signalling says of the end is joined to it behind the stream
 * (`join/uses.ts`); where somebody advises the point of it, a use in order only counts.
 */
export const TUNNEL_LIMITS = {
  /** (Point, source, destination, TEID) uses at one time; the least recently used are told and forgotten. */
  uses: 1_000_000,
  /** Frames kept of a use whose end nobody named while no set-up was seen that would have announced it; past it packets are only counted. */
  unannouncedFrames: 16,
  /** Microseconds in which packets may still arrive after a release: buffered, in flight, or late by another point's clock. */
  graceMicros: 10e6,
} as const;

/** Address texts kept to be used again. */
const MAX_TEXTS = 10_000;
/**
 * Microseconds of capture time after which uses without an end ask again where something was named since. Far below `graceMicros`, so that nothing
 * that counts is missed; at every message, a capture that begins in mid-session would ask at most packets (2.5 million: 6.2 s, now 0.1 s).
 */
const NEWS_MICROS = 1e6;

// A use's words behind the key (`RowTable.payload`): the mark of its end and the mark's value when the end was last seen to be up. An end that nobody
// named has mark 0, whose value changes when something was named since.
const MARK = 0;
const SEEN = 1;
const USE_WORDS = 10;
// Its doubles.
const PACKETS = 1;
const BYTES = 2;
const FIRST = 3;
const LAST = 4;

export class Tunnels {
  /** Number of (point, source, destination, TEID) uses ever seen. */
  usesSeen = 0;
  /** Uses told early because the table was full. */
  evicted = 0;
  /** Slot of the use that the last `gpdu` counted. */
  slot = -1;

  private readonly ends: AdvisedEnds;
  private readonly marks: AdvisedMarks;
  private readonly v4: UseTable;
  private readonly v6: UseTable;
  private readonly texts = new Map<string, string>();
  private readonly frames: FrameBudget;
  private readonly told: (use: UseFact) => void;
  private version = 0;
  private nextNews = -Infinity;

  constructor(ends: AdvisedEnds, frames: FrameBudget, seed: number, told: (use: UseFact) => void, mostUses: number = TUNNEL_LIMITS.uses) {
    this.ends = ends;
    this.marks = ends.marks;
    this.frames = frames;
    this.told = told;
    this.v4 = new UseTable(4, seed, mostUses);
    this.v6 = new UseTable(6, seed, mostUses);
  }

  /** Counts the G-PDU that IP level `level` of the view carries. */
  gpdu(view: PacketView, level: number, capture: number, point: number, frame: number, micros: number): void {
    // Also where time leapt back: one wrong stamp in the far future must not stop the asking.
    if (micros >= this.nextNews || micros < this.nextNews - 2 * NEWS_MICROS) this.news(micros);
    // Read from the one block of numbers: half the time of the arrays' windows.
    const numbers = view.n;
    const uses = numbers[AT_IP_VERSION + level] === 4 ? this.v4 : this.v6;
    const { table } = uses;
    let slot = uses.find(view, level, point);
    if (slot < 0) {
      slot = table.add();
      if (slot < 0) {
        this.evicted++;
        this.tell(uses, table.oldest());
        uses.writeKey(view, level, point);
        slot = table.add();
      }
      this.usesSeen++;
      this.examine(uses, slot, view, level, capture, point, micros);
    }
    this.slot = slot;
    const within = level + 1;
    if (within >= view.ipCount) this.count(uses, slot, view.bytes, 0, 0, 0, 0, frame, micros);
    else {
      const version = numbers[AT_IP_VERSION + within] as number;
      const octets = numbers[AT_IP_LENGTH + within] as number;
      const src = numbers[AT_IP_SRC + within] as number;
      const dst = numbers[AT_IP_DST + within] as number;
      this.count(uses, slot, view.bytes, version, octets, src, dst, frame, micros);
    }
  }

  /** Whether the slot still holds the use of the tunnel `teid` between these two IPv4 addresses at this point. */
  knows(slot: number, source: number, destination: number, teid: number, point: number): boolean {
    return this.v4.table.holds4(slot, source, destination, teid, point);
  }

  /** Loads what is counted of the use in `slot` into the cache; what it answers means nothing. */
  near(slot: number): number {
    const { rows, stride, payload } = this.v4.table;
    const at = slot * stride + payload;
    return (rows[at] as number) ^ (rows[at + USE_WORDS - 1] as number);
  }

  /** Counts a further G-PDU of a use over IPv4, as `gpdu` does: one that carries the IPv4 packet of `octets` at `at`. */
  again(slot: number, bytes: Uint8Array, at: number, octets: number, frame: number, micros: number): void {
    if (micros >= this.nextNews || micros < this.nextNews - 2 * NEWS_MICROS) this.news(micros);
    this.count(this.v4, slot, bytes, 4, octets, at + 12, at + 16, frame, micros);
  }

  /** `version`, `octets`, `src`, `dst`: of the packet inside; 0 where there is none. */
  private count(
    uses: UseTable,
    slot: number,
    bytes: Uint8Array,
    version: number,
    octets: number,
    src: number,
    dst: number,
    frame: number,
    micros: number,
  ): void {
    const { table } = uses;
    const at = slot * table.stride + table.payload;
    const n = table.doubles;
    const d = at >> 1;
    n[d + PACKETS] = (n[d + PACKETS] as number) + 1;
    n[d + BYTES] = (n[d + BYTES] as number) + octets;
    table.use(slot);
    n[d + LAST] = micros;
    const { rows } = table;
    if (rows[at + SEEN] !== this.marks.values[rows[at + MARK] as number])
      this.unsure(uses, slot, bytes, version, src, dst, frame, micros, octets);
  }

  /**
   * Says that the Ethernet frame of `captured` octets at `offset` comes some frames later. Where it looks like a G-PDU over IPv4, `fetch` loads its
   * tunnel into the cache; a wrong guess costs nothing else. Returns where an IPv4 packet inside may begin, -1 for none.
   */
  approach(bytes: Uint8Array, offset: number, captured: number, point: number): number {
    if (captured < 62) return -1;
    const p = bytes[offset + 12] === 0x81 && bytes[offset + 13] === 0 ? offset + 18 : offset + 14;
    // IPv4 without options, UDP, destination port 2152; the TEID is in the second word behind the UDP header.
    if (bytes[p] !== 0x45 || bytes[p + 9] !== 17 || bytes[p + 22] !== 8 || bytes[p + 23] !== 0x68) return -1;
    this.v4.table.approach(i32(bytes, p + 12), i32(bytes, p + 16), i32(bytes, p + 32), point);
    // Behind the GTP header of 8 octets, its 4 optional ones, and one extension header.
    const flags = bytes[p + 28] as number;
    let inner = p + 36;
    if ((flags & 7) !== 0) inner += (flags & 4) !== 0 && bytes[p + 39] !== 0 ? 4 + (bytes[p + 40] as number) * 4 : 4;
    return inner + 24 <= offset + captured && bytes[inner] === 0x45 ? inner : -1;
  }

  /** Loads the tunnels of the frames announced. */
  fetch(): void {
    this.v4.table.fetch();
  }

  private news(micros: number): void {
    this.nextNews = micros + NEWS_MICROS;
    this.v4.table.tick();
    this.v6.table.tick();
    if (this.version === this.ends.version) return;
    this.version = this.ends.version;
    this.marks.news();
  }

  /**
   * Tells the uses that go on and have changed since they were last told, from the second stock of each on: the message that names the end may be on its way
   * from another point. A use in order is told once, so that it is known from where the end is used; only its counts change.
   */
  stock(): void {
    for (const uses of [this.v4, this.v6]) {
      const { table } = uses;
      for (let slot = 0; slot < uses.uses.length; slot++) {
        const use = uses.uses[slot];
        if (use === undefined) continue;
        const packets = table.doubles[((slot * table.stride + table.payload) >> 1) + PACKETS] as number;
        const changed = packets !== use.stocked && (use.stocked === 0 || use.suspect !== undefined);
        if (use.stocked >= 0 && changed) this.told(this.factOf(uses, slot, false));
        use.stocked = use.stocked < 0 ? 0 : packets;
      }
    }
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
    const use = new Use(this.usesSeen, { teid, address }, source, capture, point);
    for (let outer = 0; outer < level; outer++) if (view.tunnelKind[outer] === Layer.GTPU) use.withinTunnel = true;
    use.signalled = this.ends.find(address, teid, source);
    use.asked = this.ends.version;
    uses.uses[slot] = use;
    const { doubles, stride, payload } = uses.table;
    const d = (slot * stride + payload) >> 1;
    doubles[d + FIRST] = micros;
    doubles[d + LAST] = micros;
  }

  /** A packet of a use whose end was not known to be up: looks after it, and marks the use where nothing more is to be done for its packets. */
  private unsure(
    uses: UseTable,
    slot: number,
    bytes: Uint8Array,
    version: number,
    src: number,
    dst: number,
    frame: number,
    micros: number,
    inner: number,
  ): void {
    const use = uses.uses[slot] as Use;
    const { ends, marks } = this;
    if (use.signalled === undefined && use.asked !== ends.version) {
      use.signalled = ends.find(use.end.address, use.end.teid, use.source);
      use.asked = ends.version;
    }
    const { signalled } = use;
    let mark = 0;
    if (signalled === undefined) {
      if (!this.unannounced(use, bytes, version, src, dst, frame)) return;
    } else if (signalled.releasedMicros !== undefined) {
      if (micros > signalled.releasedMicros + TUNNEL_LIMITS.graceMicros) this.late(use, frame, micros, inner);
      return;
    } else {
      // An end that was forgotten or replaced has lost its mark; its uses go on being looked after.
      if (!marks.owns(signalled)) return;
      ({ mark } = signalled);
    }
    const { rows, stride, payload } = uses.table;
    rows[slot * stride + payload + MARK] = mark;
    rows[slot * stride + payload + SEEN] = marks.values[mark] as number;
  }

  /**
   * A packet to an end that nobody named. Many frames are kept only where that means something: the set-up of an association of either end was
   * seen. True where its next packets need only be counted.
   */
  private unannounced(use: Use, bytes: Uint8Array, version: number, src: number, dst: number, frame: number): boolean {
    const suspect = (use.suspect ??= new Suspect(use.capture));
    const { frames } = suspect;
    const wanted = this.ends.announces(use.end.address, use.source) ? MAX_LISTED_FRAMES : TUNNEL_LIMITS.unannouncedFrames;
    if (frames.kept < wanted) frames.add(frame, this.frames);
    suspect.search(bytes, version, src, dst);
    return frames.kept >= wanted && suspect.addressesKnown;
  }

  /** A packet to an end that was released so long ago that none should be on its way. */
  private late(use: Use, frame: number, micros: number, innerOctets: number): void {
    const suspect = (use.suspect ??= new Suspect(use.capture));
    if (suspect.latePackets === 0) suspect.lateFirst = micros;
    suspect.latePackets++;
    suspect.lateBytes += innerOctets;
    suspect.lateLast = micros;
    (suspect.late ??= new FrameCollector(use.capture)).add(frame, this.frames);
  }

  private tell(uses: UseTable, slot: number): void {
    const { suspect } = uses.uses[slot] as Use;
    this.told(this.factOf(uses, slot, true));
    suspect?.frames.release(this.frames);
    suspect?.late?.release(this.frames);
    uses.uses[slot] = undefined;
    uses.table.remove(slot);
  }

  private factOf(uses: UseTable, slot: number, ended: boolean): UseFact {
    const { table } = uses;
    const use = uses.uses[slot] as Use;
    const at = (slot * table.stride + table.payload) >> 1;
    const n = table.doubles;
    const { suspect } = use;
    const packets = n[at + PACKETS] as number;
    return {
      kind: "use",
      id: use.id,
      ended,
      end: use.end,
      source: use.source,
      point: use.point,
      withinTunnel: use.withinTunnel,
      packets,
      bytes: n[at + BYTES] as number,
      firstMicros: n[at + FIRST] as number,
      lastMicros: n[at + LAST] as number,
      // All packets are counted, also those whose frames were not kept.
      frames: suspect === undefined ? NO_FRAMES : { ...suspect.frames.list(), total: packets },
      innerAddresses: suspect?.addresses() ?? [],
      late:
        suspect === undefined || suspect.latePackets === 0
          ? undefined
          : {
              packets: suspect.latePackets,
              bytes: suspect.lateBytes,
              firstMicros: suspect.lateFirst,
              lastMicros: suspect.lateLast,
              frames: suspect.late?.list() ?? NO_FRAMES,
            },
    };
  }
}

class Use {
  /** Number of the use in its point's process, and packets when stock was last taken of it (-1: never). */
  readonly id: number;
  stocked = -1;
  readonly end: TunnelEnd;
  readonly source: string;
  readonly capture: number;
  readonly point: number;
  signalled: AdvisedEnd | undefined = undefined;
  suspect: Suspect | undefined = undefined;
  withinTunnel = false;
  /** What signalling had named (`TunnelEnds.version`) when it was last asked for the end. */
  asked = -1;
  constructor(id: number, end: TunnelEnd, source: string, capture: number, point: number) {
    this.id = id;
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

  constructor(version: 4 | 6, seed: number, limit: number) {
    this.octets = version === 4 ? 4 : 16;
    this.table = new RowTable(version === 4 ? 4 : 10, USE_WORDS, scaled(limit), seed);
  }

  /** The slot of the use that IP level `level` of the view is of, or -1; then its key is written. */
  find(view: PacketView, level: number, point: number): number {
    if (this.octets !== 4) {
      this.writeKey(view, level, point);
      return this.table.find();
    }
    const { bytes, n } = view;
    const src = i32(bytes, n[AT_IP_SRC + level] as number);
    const dst = i32(bytes, n[AT_IP_DST + level] as number);
    return this.table.find4(src, dst, n[AT_TUNNEL_ID + level] as number, point);
  }

  writeKey(view: PacketView, level: number, point: number): void {
    const { bytes } = view;
    const { key } = this.table;
    const src = view.ipSrc[level] as number;
    const dst = view.ipDst[level] as number;
    let word = 0;
    for (let i = 0; i < this.octets; i += 4) {
      key[word] = i32(bytes, src + i);
      key[word + 1] = i32(bytes, dst + i);
      word += 2;
    }
    key[word] = view.tunnelId[level] as number;
    key[word + 1] = point;
  }
}
