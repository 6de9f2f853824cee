/**
 * TCP stream reassembly for a passive observer: RFC 9293 (sequence numbers §3.4, segment arrival §3.10.7.4,
 * keep-alives §3.8.4), per direction, from the first octet or from the middle.
 *
 * An observer sees losses that never happened, segments that the receiver threw away, and starts in mid-session. So
 * nothing is refused: what arrives in order is handed on at once and without a copy, what is early waits in a
 * bounded buffer, what came before is dropped, and a hole that stays open is reported as a gap.
 * Where two segments disagree about the same octets, the first one counts, and `contradicted` tells the caller of the second.
 */

import { scaled } from "#model/room.ts";
import { KeyTable } from "#bytes/key-table.ts";
import { copySighting, type Sighting } from "#model/sighting.ts";
import type { Instant } from "#model/time.ts";
import { TCP_LIMITS, type TcpLimits } from "./limits.ts";

/**
 * ```
 *  0  source port (2)   2  destination port (2)   4  sequence number (4)   8  acknowledgement number (4)
 * 12  data offset (4 bits), reserved   13  flags: CWR ECE URG ACK PSH RST SYN FIN   14  window (2) …
 * ```
 */
const SEQ = 4;
const ACK = 8;
const OFFSET = 12;
const FLAGS = 13;
const HEADER = 20;
const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACKED = 0x10;

/** One segment as the caller found it. The caller may reuse the object and its arrays. */
export interface TcpSegment {
  readonly bytes: Uint8Array;
  /** Offset of the TCP header. */
  readonly start: number;
  /** End of what was captured, and end of the segment by the IP length (`wireEnd >= end`). */
  readonly end: number;
  readonly wireEnd: number;
  /** Tells apart streams that must not be mixed: the capture, and whatever else the caller puts into it. */
  readonly scope: number;
  /** Four 32-bit words of the source address, then four of the destination (IPv4 as ::ffff:a.b.c.d). */
  readonly addresses: Uint32Array;
  readonly seen: Sighting;
}

/** One direction of one connection, told to whoever opens a consumer for it. */
export interface TcpFlow {
  /** Counts up from 0 over the life of the reassembler. */
  readonly serial: number;
  readonly scope: number;
  /** Eight words as in `TcpSegment`, signed: V8 keeps those without a box, and a list of them costs a tenth of a typed array. */
  readonly addresses: readonly number[];
  readonly srcPort: number;
  readonly dstPort: number;
  /** The connection's start was seen: the first octet handed on is the first octet sent. */
  readonly fromStart: boolean;
}

export type StreamEnd = "fin" | "rst" | "reuse" | "expired" | "evicted" | "flush";

/** Takes one direction of one connection. Called in stream order. */
export interface StreamConsumer {
  /**
   * The next octets: `bytes[start, end)`, at least one. They and `seen` are valid during the call only.
   * Answers whether it wants to go on; after `false` it is not called again.
   */
  data(bytes: Uint8Array, start: number, end: number, seen: Sighting): boolean;
  /** Octets that were sent but not seen; -1 when nobody knows how many. Answers like `data`. */
  gap(octets: number, seen: Sighting): boolean;
  /** Nothing more will come. */
  end(reason: StreamEnd): void;
}

interface Held {
  readonly seq: number;
  /** Octets by the IP length; `bytes` may hold fewer where the snap length cut them. */
  readonly length: number;
  readonly bytes: Uint8Array;
  readonly seen: Sighting;
}

const NONE_HELD: Held[] = [];

interface Closing {
  readonly slot: number;
  readonly stream: Stream;
  readonly micros: number;
  readonly seen: Sighting;
}

class Stream {
  flow: TcpFlow;
  consumer: StreamConsumer | null = null;
  /** Sequence number expected next; meaningless until `started`. */
  next = 0;
  started = false;
  /** First sequence number of the data, where the SYN was seen. */
  first = -1;
  closed = false;
  /** Its end was seen, and is believed when nothing goes on. */
  closing: StreamEnd | undefined = undefined;
  /** Sequence number after the FIN's data, -1 while no FIN was seen. */
  fin = -1;
  strangers = 0;
  lastMicros = 0;
  /** Time of the last segment that was not refused. */
  lastHeardMicros = 0;
  /** A SYN out of turn came: what does not follow is read elsewhere, too. */
  contested = false;
  holeMicros = 0;
  acknowledged = false;
  /** Replaced, never changed, while it is the shared empty list. */
  held: Held[] = NONE_HELD;
  heldOctets = 0;
  /** The octets handed on last, each at its sequence number modulo the ring's length; null where none are kept. */
  recent: Uint8Array | null = null;
  /** How many of them there are before `next`. */
  recentOctets = 0;

  constructor(flow: TcpFlow) {
    this.flow = flow;
  }
}

export interface TcpCounters {
  segments: number;
  /** Segments whose header does not fit what IP says, or was cut. */
  malformed: number;
  retransmittedOctets: number;
  gaps: number;
  gapOctets: number;
  resynchronised: number;
  opened: number;
  evicted: number;
  /** Segments with other octets in the place of some that were read. */
  contradicted: number;
  /** Streams that went on after their end or reset: somebody else wrote that. */
  reopened: number;
}

export class TcpReassembler {
  readonly counters: TcpCounters = {
    segments: 0,
    malformed: 0,
    retransmittedOctets: 0,
    gaps: 0,
    gapOctets: 0,
    resynchronised: 0,
    opened: 0,
    evicted: 0,
    contradicted: 0,
    reopened: 0,
  };
  /** The last segment held other octets in the place of some that were read before. */
  contradicted = false;

  private readonly open: (flow: TcpFlow, seen: Sighting) => StreamConsumer | null;
  private readonly limits: TcpLimits;
  private readonly table: KeyTable;
  private readonly streams: (Stream | undefined)[] = [];
  private serial = 0;
  private heldTotal = 0;
  private recentTotal = 0;
  /** Rings of streams that ended, to be used again: a new one for each of many streams costs more than all else about it. */
  private readonly spareRings: Uint8Array[] = [];
  private elsewhere = false;
  /** Ends that wait to be believed, oldest first; before `closingsDone` they are settled. */
  private readonly closings: Closing[] = [];
  private closingsDone = 0;
  /** Streams that hold early segments: while there are none, acknowledgements need no look-up. */
  private holes = 0;

  /**
   * `open` is asked once a direction, at its first octet; null means that nobody is interested in it.
   */
  constructor(open: (flow: TcpFlow, seen: Sighting) => StreamConsumer | null, limits: Partial<TcpLimits> = {}, seed = 0x7461_7070) {
    this.open = open;
    const all = { ...TCP_LIMITS, ...limits };
    this.limits = { ...all, heldOctetsTotal: scaled(all.heldOctetsTotal), recentOctetsTotal: scaled(all.recentOctetsTotal) };
    this.table = new KeyTable(10, this.limits.streams, seed);
  }

  /** Streams known now. */
  get size(): number {
    return this.table.size;
  }

  /** Out-of-order octets held now. */
  get heldOctets(): number {
    return this.heldTotal;
  }

  /**
   * Takes one segment. Streams begin at a SYN or at the first segment with data. `elsewhere`: the caller reads what contradicts a
   * stream (`contradicted`) a second time, in another scope; then neither a SYN out of turn nor numbers far away end a stream that lives.
   */
  segment(s: TcpSegment, elsewhere = false): void {
    this.contradicted = false;
    this.elsewhere = elsewhere;
    const b = s.bytes;
    const at = s.start;
    if (s.end - at < HEADER) {
      this.counters.malformed++;
      return;
    }
    const dataAt = at + ((b[at + OFFSET] as number) >> 4) * 4;
    if (dataAt < at + HEADER || dataAt > s.wireEnd) {
      this.counters.malformed++;
      return;
    }
    this.counters.segments++;
    const flags = b[at + FLAGS] as number;
    const length = s.wireEnd - dataAt;
    if (this.holes > 0 && (flags & ACKED) !== 0) this.acknowledge(s);

    this.key(s, false);
    let slot = this.table.find();
    if (slot < 0) {
      if (length === 0 && (flags & SYN) === 0) return;
      slot = this.create(s);
    }
    const stream = this.streams[slot] as Stream;
    this.table.touch(slot);
    const micros = toMicros(s.seen.time);
    if (micros > stream.lastMicros) stream.lastMicros = micros;

    const seq = u32(b, at + SEQ);
    let dataSeq = seq;
    if ((flags & SYN) !== 0) {
      dataSeq = (seq + 1) >>> 0;
      this.synchronise(stream, dataSeq, s);
      if (this.contradicted) return;
    }
    stream.lastHeardMicros = micros;
    if (length > 0) this.accept(stream, dataSeq, b, dataAt, Math.max(dataAt, s.end), length, s.seen);
    if ((flags & RST) !== 0) this.close(slot, stream, "rst", s.seen);
    else if ((flags & FIN) !== 0 && stream.started && stream.fin < 0) {
      const fin = (dataSeq + length) >>> 0;
      if (((fin - stream.next) | 0) >= 0) stream.fin = fin;
    }
    if (stream.fin >= 0 && stream.started && stream.next === stream.fin) this.close(slot, stream, "fin", s.seen);
    this.settle(micros);
    this.expire(stream.lastMicros);
  }

  /** Ends every stream: what waits behind a hole is handed on after a gap. */
  flush(): void {
    for (let slot = this.table.oldest(); slot >= 0; slot = this.table.oldest()) this.drop(slot, "flush");
  }

  private key(s: TcpSegment, reversed: boolean): void {
    const key = this.table.key;
    const b = s.bytes;
    const src = reversed ? s.start + 2 : s.start;
    const dst = reversed ? s.start : s.start + 2;
    key[0] = s.scope;
    key[1] = ((b[src] as number) << 24) | ((b[src + 1] as number) << 16) | ((b[dst] as number) << 8) | (b[dst + 1] as number);
    const first = reversed ? 4 : 0;
    for (let i = 0; i < 4; i++) {
      key[2 + i] = s.addresses[first + i] as number;
      key[6 + i] = s.addresses[4 - first + i] as number;
    }
  }

  private create(s: TcpSegment): number {
    let slot = this.table.add();
    if (slot < 0) {
      this.counters.evicted++;
      this.drop(this.table.oldest(), "evicted");
      // Removing an entry has used the key.
      this.key(s, false);
      slot = this.table.add();
    }
    const stream = new Stream(this.flowOf(s, false));
    stream.lastMicros = toMicros(s.seen.time);
    this.streams[slot] = stream;
    return slot;
  }

  private flowOf(s: TcpSegment, fromStart: boolean): TcpFlow {
    const b = s.bytes;
    return {
      serial: this.serial++,
      scope: s.scope,
      addresses: signedWords(s.addresses),
      srcPort: ((b[s.start] as number) << 8) | (b[s.start + 1] as number),
      dstPort: ((b[s.start + 2] as number) << 8) | (b[s.start + 3] as number),
      fromStart,
    };
  }

  /** A SYN: the start of a new stream, its own retransmission, or the reuse of the port pair. */
  private synchronise(stream: Stream, first: number, s: TcpSegment): void {
    if (stream.first === first) return;
    if (
      this.elsewhere &&
      stream.started &&
      !stream.closed &&
      toMicros(s.seen.time) - stream.lastHeardMicros < this.limits.reuseSeconds * 1e6
    ) {
      stream.contested = true;
      this.contradict();
      return;
    }
    if (stream.started) this.finish(stream, "reuse", s.seen);
    stream.flow = this.flowOf(s, true);
    stream.consumer = null;
    stream.first = first;
    stream.next = first;
    stream.started = true;
    stream.closed = false;
    stream.fin = -1;
    stream.strangers = 0;
    stream.contested = false;
    stream.recentOctets = 0;
    this.openFor(stream, s.seen);
  }

  private openFor(stream: Stream, seen: Sighting): void {
    this.counters.opened++;
    stream.consumer = this.open(stream.flow, seen);
  }

  private accept(stream: Stream, seq: number, bytes: Uint8Array, from: number, to: number, length: number, seen: Sighting): void {
    if (!stream.started) {
      // In mid-session one octet may be a keep-alive, whose octet is not part of the stream (RFC 9293 §3.8.4).
      if (length === 1) return;
      stream.started = true;
      stream.next = seq;
      this.openFor(stream, seen);
    }
    const distance = (seq - stream.next) | 0;
    if (stream.closing !== undefined && distance >= 0 && distance < this.limits.strangeDistance) {
      this.counters.reopened++;
      stream.closing = undefined;
      stream.fin = -1;
    }
    if (stream.closed) {
      // After a reset or an end that the peer ignored (a forged one, say) the stream goes on where it was.
      if (distance < 0) {
        this.counters.retransmittedOctets += length;
        return;
      }
      this.counters.reopened++;
      stream.closed = false;
      stream.fin = -1;
      stream.flow = { ...stream.flow, serial: this.serial++, fromStart: false };
      stream.next = seq;
      this.openFor(stream, seen);
      this.accept(stream, seq, bytes, from, to, length, seen);
      return;
    }
    if (stream.consumer === null) {
      if (distance >= 0 && distance < this.limits.strangeDistance) stream.next = (seq + length) >>> 0;
      return;
    }
    if (distance > this.limits.strangeDistance || distance < -this.limits.strangeDistance) {
      this.stranger(stream, seq, bytes, from, to, length, seen);
      return;
    }
    stream.strangers = 0;
    if (distance !== 0 && stream.contested) this.contradicted = true;
    if (distance > 0) {
      this.hold(stream, seq, bytes, from, to, length, seen);
      return;
    }
    this.advance(stream, seq, bytes, from, to, length, seen);
    if (stream.held.length > 0) this.drain(stream, seen);
  }

  /** Hands on the part of a segment that is new; the segment begins at or before `next`. */
  private advance(stream: Stream, seq: number, bytes: Uint8Array, from: number, to: number, length: number, seen: Sighting): void {
    const known = (stream.next - seq) >>> 0;
    if (known > 0) {
      this.counters.retransmittedOctets += Math.min(known, length);
      if (stream.recent !== null) this.compare(stream, seq, bytes, from, Math.min(to, from + known), stream.recent);
    }
    if (known >= length) return;
    stream.next = (seq + length) >>> 0;
    const start = from + known;
    const missing = length - Math.max(known, to - from);
    if (start < to) this.deliver(stream, bytes, start, to, (stream.next - missing) >>> 0, seen);
    if (missing > 0) this.skip(stream, missing, seen);
  }

  /** Holds octets that claim places which were read before against what was read there. */
  private compare(stream: Stream, seq: number, bytes: Uint8Array, from: number, to: number, recent: Uint8Array): void {
    const mask = recent.length - 1;
    const skipped = Math.max(0, ((stream.next - stream.recentOctets - seq) | 0) as number);
    for (let at = from + skipped; at < to; at++) {
      if (recent[(seq + at - from) & mask] === bytes[at]) continue;
      this.contradict();
      return;
    }
  }

  private contradict(): void {
    this.counters.contradicted++;
    this.contradicted = true;
  }

  /** Keeps what is handed on; `end` stands at sequence number `next`. */
  private remember(stream: Stream, bytes: Uint8Array, start: number, end: number, next: number): void {
    if (stream.recent === null) {
      if (this.limits.recentOctets === 0) return;
      if (this.recentTotal + this.limits.recentOctets > this.limits.recentOctetsTotal) return;
      this.recentTotal += this.limits.recentOctets;
      stream.recent = this.spareRings.pop() ?? new Uint8Array(this.limits.recentOctets);
      stream.recentOctets = 0;
    }
    const { recent } = stream;
    const mask = recent.length - 1;
    const first = Math.max(start, end - recent.length);
    for (let at = first; at < end; at++) recent[(next - (end - at)) & mask] = bytes[at] as number;
    stream.recentOctets = Math.min(recent.length, stream.recentOctets + end - start);
  }

  private deliver(stream: Stream, bytes: Uint8Array, start: number, end: number, next: number, seen: Sighting): void {
    if (stream.consumer === null) return;
    this.remember(stream, bytes, start, end, next);
    if (!stream.consumer.data(bytes, start, end, seen)) this.abandon(stream);
  }

  private skip(stream: Stream, octets: number, seen: Sighting): void {
    this.counters.gaps++;
    if (octets > 0) this.counters.gapOctets += octets;
    // What stands before a hole is no longer in the places that the ring gives it.
    stream.recentOctets = 0;
    if (stream.consumer !== null && !stream.consumer.gap(octets, seen)) this.abandon(stream);
  }

  private abandon(stream: Stream): void {
    stream.consumer = null;
    this.release(stream);
    this.forgetRecent(stream);
  }

  private forgetRecent(stream: Stream): void {
    if (stream.recent === null) return;
    this.recentTotal -= stream.recent.length;
    this.spareRings.push(stream.recent);
    stream.recent = null;
    stream.recentOctets = 0;
  }

  private hold(stream: Stream, seq: number, bytes: Uint8Array, from: number, to: number, length: number, seen: Sighting): void {
    if (stream.held === NONE_HELD) stream.held = [];
    const held = stream.held;
    let at = held.length;
    while (at > 0 && (((held[at - 1] as Held).seq - seq) | 0) > 0) at--;
    const before = held[at - 1];
    if (
      (before !== undefined && disagree(before, seq, bytes, from, to)) ||
      (held[at] !== undefined && disagree(held[at] as Held, seq, bytes, from, to))
    )
      this.contradict();
    if (before !== undefined && ((seq + length - (before.seq + before.length)) | 0) <= 0) {
      this.counters.retransmittedOctets += length;
      return;
    }
    if (held.length === 0) {
      this.holes++;
      stream.holeMicros = toMicros(seen.time);
      stream.acknowledged = false;
    }
    const octets = to - from;
    held.splice(at, 0, {
      seq,
      length,
      bytes: bytes.slice(from, to),
      seen: copySighting(seen),
    });
    stream.heldOctets += octets;
    this.heldTotal += octets;
    if (
      held.length > this.limits.heldSegments ||
      stream.heldOctets > this.limits.heldOctets ||
      this.heldTotal > this.limits.heldOctetsTotal ||
      (stream.acknowledged && held.length >= this.limits.heldAfterAcknowledgement) ||
      toMicros(seen.time) - stream.holeMicros > this.limits.holeSeconds * 1e6
    ) {
      this.closeHole(stream, seen);
    }
  }

  /** Gives up on the octets before the first held segment. */
  private closeHole(stream: Stream, seen: Sighting): void {
    const first = stream.held[0];
    if (first === undefined) return;
    const missing = (first.seq - stream.next) >>> 0;
    stream.next = first.seq;
    this.skip(stream, missing, seen);
    this.drain(stream, seen);
  }

  /** Hands on held segments that have become due. */
  private drain(stream: Stream, seen: Sighting): void {
    const held = stream.held;
    let taken = 0;
    while (taken < held.length) {
      const h = held[taken] as Held;
      if (((h.seq - stream.next) | 0) > 0) break;
      taken++;
      this.heldTotal -= h.bytes.length;
      stream.heldOctets -= h.bytes.length;
      this.advance(stream, h.seq, h.bytes, 0, h.bytes.length, h.length, h.seen);
      // `advance` may have lost the consumer, and with it the held segments.
      if (stream.held !== held) return;
    }
    if (taken === 0) return;
    held.splice(0, taken);
    if (held.length === 0) this.holes--;
    else {
      stream.holeMicros = toMicros(seen.time);
      stream.acknowledged = false;
    }
  }

  private release(stream: Stream): void {
    if (stream.held.length > 0) this.holes--;
    this.heldTotal -= stream.heldOctets;
    stream.heldOctets = 0;
    stream.held = NONE_HELD;
  }

  /** The other side's acknowledgement: octets in a hole below it arrived there and will not be sent again. */
  private acknowledge(s: TcpSegment): void {
    this.key(s, true);
    const slot = this.table.find();
    if (slot < 0) return;
    const stream = this.streams[slot] as Stream;
    const first = stream.held[0];
    if (first === undefined || stream.acknowledged) return;
    stream.acknowledged = ((u32(s.bytes, s.start + ACK) - first.seq) | 0) >= 0;
    if (stream.acknowledged && stream.held.length >= this.limits.heldAfterAcknowledgement) this.closeHole(stream, s.seen);
  }

  /** A segment far from what is expected: ignored, unless several in a row follow one another. */
  private stranger(stream: Stream, seq: number, bytes: Uint8Array, from: number, to: number, length: number, seen: Sighting): void {
    if (this.elsewhere) {
      this.contradict();
      return;
    }
    if (++stream.strangers < this.limits.strangers) return;
    stream.strangers = 0;
    this.counters.resynchronised++;
    this.release(stream);
    stream.next = seq;
    stream.fin = -1;
    this.skip(stream, -1, seen);
    this.advance(stream, seq, bytes, from, to, length, seen);
  }

  /** An end or a reset: at once, or where decoys are reckoned with, when nothing went on after it for a while. */
  private close(slot: number, stream: Stream, reason: StreamEnd, seen: Sighting): void {
    if (stream.closed) return;
    if (!this.elsewhere || !stream.started) {
      this.finish(stream, reason, seen);
      return;
    }
    if (stream.closing !== undefined) return;
    stream.closing = reason;
    this.closings.push({ slot, stream, micros: toMicros(seen.time), seen: copySighting(seen) });
  }

  /** Ends streams whose end was seen `closeSeconds` ago; those that went on have no end any more. */
  private settle(nowMicros: number): void {
    while (this.closingsDone < this.closings.length) {
      const next = this.closings[this.closingsDone] as Closing;
      const tooMany = this.closings.length - this.closingsDone > this.limits.closings;
      if (!tooMany && nowMicros - next.micros <= this.limits.closeSeconds * 1e6) break;
      this.closingsDone++;
      if (this.streams[next.slot] === next.stream && next.stream.closing !== undefined)
        this.finish(next.stream, next.stream.closing, next.seen);
    }
    if (this.closingsDone > 1024 && this.closingsDone * 2 > this.closings.length) {
      this.closings.splice(0, this.closingsDone);
      this.closingsDone = 0;
    }
  }

  private finish(stream: Stream, reason: StreamEnd, seen: Sighting): void {
    if (stream.closed) return;
    while (stream.held.length > 0) this.closeHole(stream, seen);
    stream.closed = true;
    stream.closing = undefined;
    const consumer = stream.consumer;
    stream.consumer = null;
    consumer?.end(reason);
  }

  private expire(nowMicros: number): void {
    // Two a segment: the table can't fall behind, and no segment pays for a long sweep.
    for (let i = 0; i < 2; i++) {
      const slot = this.table.oldest();
      if (slot < 0 || nowMicros - (this.streams[slot] as Stream).lastMicros < this.limits.idleSeconds * 1e6) return;
      this.drop(slot, "expired");
    }
  }

  private drop(slot: number, reason: StreamEnd): void {
    const stream = this.streams[slot] as Stream;
    const last = stream.held[stream.held.length - 1];
    this.finish(stream, stream.closing ?? reason, last?.seen ?? NOWHERE);
    this.release(stream);
    this.forgetRecent(stream);
    this.table.remove(slot);
    this.streams[slot] = undefined;
  }
}

/** Only handed on where a stream without held segments ends, so that nothing reads it. */
const NOWHERE: Sighting = { capture: 0, point: 0, frame: 0, frames: undefined, time: { sec: 0, nsec: 0 } };

/** Two segments have different octets where they overlap. */
function disagree(h: Held, seq: number, bytes: Uint8Array, from: number, to: number): boolean {
  const shift = (seq - h.seq) | 0;
  const first = Math.max(0, -shift);
  const last = Math.min(to - from, h.bytes.length - shift);
  for (let i = first; i < last; i++) if (h.bytes[i + shift] !== bytes[from + i]) return true;
  return false;
}

function signedWords(w: Uint32Array): readonly number[] {
  return [
    (w[0] as number) | 0,
    (w[1] as number) | 0,
    (w[2] as number) | 0,
    (w[3] as number) | 0,
    (w[4] as number) | 0,
    (w[5] as number) | 0,
    (w[6] as number) | 0,
    (w[7] as number) | 0,
  ];
}

function toMicros(time: Instant): number {
  return time.sec * 1e6 + time.nsec / 1e3;
}

function u32(b: Uint8Array, at: number): number {
  return (((b[at] as number) << 24) | ((b[at + 1] as number) << 16) | ((b[at + 2] as number) << 8) | (b[at + 3] as number)) >>> 0;
}
