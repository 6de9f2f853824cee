/**
 * SCTP for a passive observer: RFC 9260 (chunks §3, fragmentation §6.9, bundling §6.10, restart §5.2) and RFC 8260 (I-DATA).
 *
 * A direction of an association is known by addresses, ports and verification tag, so captures that begin in
 * mid-session work, and a restart (new tags) begins anew by itself. Further paths of a multi-homed association share
 * the state of the first one. User messages are handed on when they are complete, each once: a chunk counts as a
 * retransmission where its TSN *and* its octets were seen before. (Equal TSNs with other octets are no retransmission:
 * whoever writes the traffic could otherwise hide a message behind a harmless one.)
 */

import { HalfSipHash } from "#bytes/half-siphash.ts";
import { KeyTable } from "#bytes/key-table.ts";
import type { Fault } from "#model/fault.ts";
import { appendFrames, copySighting, framesOf, type Sighting } from "#model/sighting.ts";
import { type Fragment, FragmentStore, LateFragments, type Run } from "./fragments.ts";
import { PATH_DISTANCE, SCTP_LIMITS, type SctpLimits } from "./limits.ts";
import {
  BEGINNING,
  Chunk,
  CHUNK_FLAGS,
  CHUNK_HEADER,
  CHUNK_LENGTH,
  CHUNK_TYPE,
  COMMON_HEADER,
  DATA_PPID,
  DATA_SEQUENCE,
  DATA_STREAM,
  DATA_TSN,
  DATA_USER,
  ENDING,
  IDATA_MESSAGE,
  IDATA_PPID,
  IDATA_USER,
  KNOWN_CHUNKS,
  UNORDERED,
  VERIFICATION_TAG,
} from "./wire.ts";

/** One SCTP packet as the caller found it. The caller may reuse the object and its arrays. */
export interface SctpPacket {
  readonly bytes: Uint8Array;
  /** Offset of the common header. */
  readonly start: number;
  /** End of what was captured, and end of the packet by the IP length (`wireEnd >= end`). */
  readonly end: number;
  readonly wireEnd: number;
  /** Tells apart associations that must not be mixed. */
  readonly scope: number;
  /** Four 32-bit words of the source address, then four of the destination (IPv4 as ::ffff:a.b.c.d). */
  readonly addresses: Uint32Array;
  readonly seen: Sighting;
}

/** A complete user message: one object for all of them, as `bytes` valid during the call. `frames` may be kept. */
export interface UserMessage {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Payload protocol identifier; 0 where the sender stated none. */
  readonly ppid: number;
  readonly stream: number;
  readonly srcPort: number;
  readonly dstPort: number;
  /** Frames that carry its fragments, ascending; the last completes it. */
  readonly frames: readonly number[];
  readonly seen: Sighting;
  /** Octets are missing: the snap length cut a chunk. */
  readonly cut: boolean;
}

export type AssociationEvent = "init" | "init-ack" | "cookie-echo" | "abort" | "shutdown" | "shutdown-complete";

export interface SctpUser {
  message(message: UserMessage): void;
  fault(fault: Fault, seen: Sighting): void;
  /** Padding that is not zero (`type` undefined), or the content of a chunk of unknown type (RFC 9260 §3.2). */
  stray?(type: number | undefined, packet: SctpPacket, start: number, end: number): void;
  /** DATA chunks that were not seen although later ones of their direction were: so many more, or (negative) fewer, when late ones fill their places. */
  missing?(change: number, packet: SctpPacket): void;
  /** Beginnings and ends of associations, as far as they were seen. */
  association?(event: AssociationEvent, packet: SctpPacket): void;
}

class Direction {
  /** TSNs seen last, by their low bits, each with a keyed hash of its chunk (two halves; the first is odd where the entry is used). */
  readonly tsn: Uint32Array;
  readonly hash: Uint32Array;
  readonly hashHi: Uint32Array;
  readonly fragments = new FragmentStore();
  readonly lately = new LateFragments();
  highest = 0;
  any = false;
  /** Places below `highest` where no chunk was seen. */
  missing = 0;
  lastMicros = 0;
  lastSeen: Sighting | undefined;
  paths = 1;
  readonly name: string;
  constructor(remembered: number, name: string) {
    this.tsn = new Uint32Array(remembered);
    this.hash = new Uint32Array(remembered);
    this.hashHi = new Uint32Array(remembered);
    this.name = name;
  }
}

export interface SctpCounters {
  packets: number;
  chunks: number;
  retransmitted: number;
  messages: number;
  /** Messages given up because fragments never came. */
  incomplete: number;
  malformed: number;
  evicted: number;
  /** Chunks whose TSN was seen before with other octets: both were read. */
  contradicted: number;
}

export class SctpReassembler {
  readonly counters: SctpCounters = {
    packets: 0,
    chunks: 0,
    retransmitted: 0,
    messages: 0,
    incomplete: 0,
    malformed: 0,
    evicted: 0,
    contradicted: 0,
  };
  private readonly user: SctpUser;
  private readonly limits: SctpLimits;
  private readonly table: KeyTable;
  private readonly hash: HalfSipHash;
  private readonly directions: (Direction | undefined)[] = [];
  /** By scope, ports and tag alone: where further paths find their association. */
  private readonly associations = new Map<string, Direction>();
  private fragmentOctets = 0;
  private readonly handed: { -readonly [K in keyof UserMessage]: UserMessage[K] } = {
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    ppid: 0,
    stream: 0,
    srcPort: 0,
    dstPort: 0,
    frames: [],
    seen: { capture: 0, point: 0, frame: 0, frames: undefined, time: { sec: 0, nsec: 0 } },
    cut: false,
  };

  /** `key`: 64 bits that whoever writes the traffic cannot know. */
  constructor(user: SctpUser, limits: Partial<SctpLimits> = {}, key: readonly [number, number] = [0x7363_7470, 0x6b65_7964]) {
    this.user = user;
    this.limits = { ...SCTP_LIMITS, ...limits };
    this.table = new KeyTable(11, this.limits.directions, key[0]);
    this.hash = new HalfSipHash(key[0], key[1]);
  }

  /** Directions known now. */
  get size(): number {
    return this.table.size;
  }

  packet(p: SctpPacket): void {
    this.counters.packets++;
    if (p.end - p.start < COMMON_HEADER) {
      this.bad(p, p.wireEnd - p.start < COMMON_HEADER ? "short" : "cut", "common header", 0, COMMON_HEADER, p.end - p.start);
      return;
    }
    let direction: Direction | undefined;
    let at = p.start + COMMON_HEADER;
    while (at < p.wireEnd) {
      if (p.end - at < CHUNK_HEADER) {
        // Up to three octets of padding may stand at the end; what the snap length took is no fault of the packet.
        if (p.wireEnd > p.end) this.bad(p, "cut", "chunk header", at - p.start, CHUNK_HEADER, Math.max(0, p.end - at));
        else if (p.wireEnd - at > 3) this.bad(p, "short", "chunk header", at - p.start, CHUNK_HEADER, p.wireEnd - at);
        return;
      }
      const length = u16(p.bytes, at + CHUNK_LENGTH);
      if (length < CHUNK_HEADER || at + length > p.wireEnd) {
        this.bad(p, "length", "chunk length", at - p.start, Math.max(length, CHUNK_HEADER), p.wireEnd - at);
        return;
      }
      this.counters.chunks++;
      const type = p.bytes[at + CHUNK_TYPE] as number;
      if (type === Chunk.DATA || type === Chunk.I_DATA) {
        direction ??= this.directionOf(p);
        this.data(p, direction, at, length, type === Chunk.I_DATA);
      } else if (this.user.association !== undefined) {
        const event = EVENTS[type];
        if (event !== undefined) this.user.association(event, p);
      }
      if (this.user.stray !== undefined) this.strays(p, type, at, length);
      at += (length + 3) & ~3;
    }
  }

  private strays(p: SctpPacket, type: number, at: number, length: number): void {
    const content = Math.min(at + length, p.end);
    // A PAD chunk (RFC 4820 §3) may hold any octets and has no reason to hold others than zeros.
    if (!KNOWN_CHUNKS.has(type) || (type === Chunk.PAD && !isZero(p.bytes, at + CHUNK_HEADER, content)))
      this.user.stray?.(type, p, at + CHUNK_HEADER, content);
    const end = Math.min(at + ((length + 3) & ~3), p.end);
    if (!isZero(p.bytes, at + length, end)) this.user.stray?.(undefined, p, at + length, end);
  }

  /** The end of the input: what still waits is incomplete. */
  flush(): void {
    for (let slot = this.table.oldest(); slot >= 0; slot = this.table.oldest()) this.forget(slot);
  }

  private data(p: SctpPacket, direction: Direction, at: number, length: number, interleaved: boolean): void {
    const header = interleaved ? IDATA_USER : DATA_USER;
    const b = p.bytes;
    if (length < header) {
      this.bad(p, "length", interleaved ? "I-DATA length" : "DATA length", at - p.start, header, length);
      return;
    }
    if (at + header > p.end) {
      this.bad(p, "cut", "DATA header", at - p.start, header, p.end - at);
      return;
    }
    const start = at + header;
    const end = Math.min(at + length, p.end);
    const tsn = u32(b, at + DATA_TSN);
    this.count(p, direction, tsn);
    const contradicted = this.counters.contradicted;
    if (this.repeated(direction, tsn, b, at + CHUNK_FLAGS, end)) {
      this.counters.retransmitted++;
      return;
    }
    const flags = b[at + CHUNK_FLAGS] as number;
    const first = (flags & BEGINNING) !== 0;
    const last = (flags & ENDING) !== 0;
    const stream = u16(b, at + DATA_STREAM);
    const field = u32(b, at + (interleaved ? IDATA_PPID : DATA_PPID));
    const cut = at + length > p.end;
    if (first && last) {
      this.deliver(p, b, start, end, field, stream, framesOf(p.seen), p.seen, cut);
      return;
    }
    const micros = p.seen.time.sec * 1e6 + p.seen.time.nsec / 1e3;
    const fragment: Fragment = {
      position: interleaved ? (first ? 0 : field) : tsn,
      first,
      last,
      ppid: first || !interleaved ? field : 0,
      bytes: b.slice(start, end),
      cut,
      seen: copySighting(p.seen),
      next: undefined,
    };
    const space = interleaved
      ? `${stream}/${flags & UNORDERED}/${u32(b, at + IDATA_MESSAGE)}:`
      : `${stream}/${flags & UNORDERED}/${u16(b, at + DATA_SEQUENCE)}:`;
    if (this.counters.contradicted > contradicted) {
      // Another fragment in the place of one that was read: the message is read a second time with it.
      direction.lately.add(space, fragment);
      const second = direction.lately.around(space, fragment);
      if (second !== undefined) this.joined(p, second, stream);
      return;
    }
    direction.lately.add(space, fragment);
    const store = direction.fragments;
    this.fragmentOctets -= store.octets;
    const run = store.add(space, fragment, micros);
    this.fragmentOctets += store.octets;
    this.bound(direction, micros);
    if (run !== undefined) this.join(p, run, stream);
  }

  /** Tells how many chunks are missing, before this one is noted. A leap past all distances is another association, not a loss. */
  private count(p: SctpPacket, direction: Direction, tsn: number): void {
    if (!direction.any) return;
    const ahead = (tsn - direction.highest) | 0;
    let change = 0;
    if (ahead > 1 && ahead < PATH_DISTANCE) change = ahead - 1;
    else if (ahead < 0 && ahead > -this.limits.remembered && direction.missing > 0) {
      const at = tsn & (this.limits.remembered - 1);
      if (direction.hash[at] === 0 || direction.tsn[at] !== tsn) change = -1;
    }
    if (change === 0) return;
    direction.missing += change;
    this.user.missing?.(change, p);
  }

  /** Notes a chunk's TSN and octets; true where both were seen before. */
  private repeated(direction: Direction, tsn: number, b: Uint8Array, start: number, end: number): boolean {
    this.hash.digest(b, start, end);
    const hash = (this.hash.lo | 1) >>> 0; // 0 marks an unused entry
    const hashHi = this.hash.hi >>> 0;
    const at = tsn & (this.limits.remembered - 1);
    if (direction.tsn[at] === tsn && direction.hash[at] !== 0) {
      if (direction.hash[at] === hash && direction.hashHi[at] === hashHi) return true;
      this.counters.contradicted++;
    }
    // A late, older TSN must not push out a newer one.
    if (direction.hash[at] === 0 || ((tsn - (direction.tsn[at] as number)) | 0) >= 0) {
      direction.tsn[at] = tsn;
      direction.hash[at] = hash;
      direction.hashHi[at] = hashHi;
    }
    if (!direction.any || ((tsn - direction.highest) | 0) > 0) direction.highest = tsn;
    direction.any = true;
    return false;
  }

  private join(p: SctpPacket, run: Run, stream: number): void {
    const fragments: Fragment[] = [];
    for (let f: Fragment | undefined = run.head; f !== undefined; f = f.next) fragments.push(f);
    this.joined(p, fragments, stream);
  }

  private joined(p: SctpPacket, fragments: readonly Fragment[], stream: number): void {
    const head = fragments[0] as Fragment;
    const bytes = new Uint8Array(fragments.reduce((octets, f) => octets + f.bytes.length, 0));
    const frames: number[] = [];
    let at = 0;
    let cut = false;
    let last = head.seen;
    for (const f of fragments) {
      // Octets behind a cut fragment would stand in the wrong place: the message ends where its first hole is.
      if (!cut) {
        bytes.set(f.bytes, at);
        at += f.bytes.length;
      }
      cut ||= f.cut;
      appendFrames(frames, f.seen);
      if (f.seen.frame > last.frame) last = f.seen;
    }
    const sorted = [...new Set(frames)].sort((a, b) => a - b);
    this.deliver(p, bytes, 0, at, head.ppid, stream, sorted, last, cut);
  }

  private deliver(
    p: SctpPacket,
    bytes: Uint8Array,
    start: number,
    end: number,
    ppid: number,
    stream: number,
    frames: readonly number[],
    seen: Sighting,
    cut: boolean,
  ): void {
    this.counters.messages++;
    const srcPort = u16(p.bytes, p.start);
    const dstPort = u16(p.bytes, p.start + 2);
    const m = this.handed;
    m.bytes = bytes;
    m.start = start;
    m.end = end;
    m.ppid = ppid;
    m.stream = stream;
    m.srcPort = srcPort;
    m.dstPort = dstPort;
    m.frames = frames;
    m.seen = seen;
    m.cut = cut;
    this.user.message(m);
  }

  /** Gives up messages that waited too long or take too much. */
  private bound(direction: Direction, micros: number): void {
    const store = direction.fragments;
    for (let run = store.oldest(); run !== undefined; run = store.oldest()) {
      const tooMuch =
        store.count > this.limits.fragments ||
        store.octets > this.limits.fragmentOctets ||
        this.fragmentOctets > this.limits.fragmentOctetsTotal;
      if (!tooMuch && micros - run.micros <= this.limits.fragmentSeconds * 1e6) return;
      this.giveUp(direction, run);
    }
  }

  private giveUp(direction: Direction, run: Run): void {
    this.fragmentOctets -= run.octets;
    direction.fragments.drop(run);
    this.counters.incomplete++;
    this.user.fault(
      {
        layer: "sctp",
        code: "incomplete",
        field: run.head.first ? "ending fragment" : "beginning fragment",
        offset: 0,
        needed: -1,
        had: run.octets,
      },
      run.tail.seen,
    );
  }

  private directionOf(p: SctpPacket): Direction {
    const key = this.table.key;
    const b = p.bytes;
    key[0] = p.scope;
    key[1] = u32(b, p.start);
    key[2] = u32(b, p.start + VERIFICATION_TAG);
    for (let i = 0; i < 8; i++) key[3 + i] = p.addresses[i] as number;
    const micros = p.seen.time.sec * 1e6 + p.seen.time.nsec / 1e3;
    let slot = this.table.find();
    if (slot < 0) slot = this.begin(p);
    else this.table.touch(slot);
    const direction = this.directions[slot] as Direction;
    if (micros > direction.lastMicros) direction.lastMicros = micros;
    // Two a packet: no packet pays for a long sweep.
    for (let i = 0; i < 2; i++) {
      const old = this.table.oldest();
      if (old < 0 || old === slot || micros - (this.directions[old] as Direction).lastMicros < this.limits.idleSeconds * 1e6) break;
      this.forget(old);
    }
    return direction;
  }

  private begin(p: SctpPacket): number {
    const tag = this.table.key[2] as number;
    const name = `${p.scope}/${this.table.key[1]}/${tag}`;
    let slot = this.table.add();
    if (slot < 0) {
      const wanted = this.table.key.slice();
      this.counters.evicted++;
      this.forget(this.table.oldest());
      this.table.key.set(wanted);
      slot = this.table.add();
    }
    const known = this.associations.get(name);
    const tsn = firstTsn(p);
    if (known !== undefined && tag > 0xffff && tsn >= 0 && Math.abs((tsn - known.highest) | 0) < PATH_DISTANCE) {
      // Another path of a multi-homed association: tags are random numbers of 32 bits (§3.3.2), equal ones with
      // neighbouring TSNs do not meet by chance.
      known.paths++;
      this.directions[slot] = known;
    } else {
      const direction = new Direction(this.limits.remembered, name);
      this.directions[slot] = direction;
      this.associations.set(name, direction);
    }
    return slot;
  }

  private forget(slot: number): void {
    const direction = this.directions[slot] as Direction;
    this.table.remove(slot);
    this.directions[slot] = undefined;
    if (--direction.paths > 0) return;
    for (let run = direction.fragments.oldest(); run !== undefined; run = direction.fragments.oldest()) this.giveUp(direction, run);
    if (this.associations.get(direction.name) === direction) this.associations.delete(direction.name);
  }

  private bad(p: SctpPacket, code: Fault["code"], field: string, offset: number, needed: number, had: number): void {
    if (code !== "cut") this.counters.malformed++;
    this.user.fault({ layer: "sctp", code, field, offset, needed, had }, p.seen);
  }
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}

const EVENTS: Readonly<Record<number, AssociationEvent>> = {
  [Chunk.INIT]: "init",
  [Chunk.INIT_ACK]: "init-ack",
  [Chunk.ABORT]: "abort",
  [Chunk.SHUTDOWN]: "shutdown",
  [Chunk.COOKIE_ECHO]: "cookie-echo",
  [Chunk.SHUTDOWN_COMPLETE]: "shutdown-complete",
};

/** TSN of the packet's first DATA or I-DATA chunk, -1 without one. */
function firstTsn(p: SctpPacket): number {
  for (let at = p.start + COMMON_HEADER; at + DATA_STREAM <= p.end;) {
    const type = p.bytes[at + CHUNK_TYPE] as number;
    if (type === Chunk.DATA || type === Chunk.I_DATA) return u32(p.bytes, at + DATA_TSN);
    const length = u16(p.bytes, at + CHUNK_LENGTH);
    if (length < CHUNK_HEADER) return -1;
    at += (length + 3) & ~3;
  }
  return -1;
}

function u16(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 8) | (b[at + 1] as number);
}

function u32(b: Uint8Array, at: number): number {
  return (((b[at] as number) << 24) | ((b[at + 1] as number) << 16) | ((b[at + 2] as number) << 8) | (b[at + 3] as number)) >>> 0;
}
