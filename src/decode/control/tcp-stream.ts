import { decodeDiameter } from "#decode/diameter/decode.ts";
import { diameterLength, DIAMETER_LIMITS, looksLikeDiameter, looksLikeTls } from "#decode/diameter/wire.ts";
import { HANDOVER_LIMITS } from "#decode/handover/limits.ts";
import { HandoverStream } from "#decode/handover/recognise.ts";
import { type FramedMessages, type FramerBudget, type Framing, MessageFramer } from "#decode/tcp/framer.ts";
import type { StreamConsumer, StreamEnd, TcpFlow } from "#decode/tcp/reassembler.ts";
import { TlsConnection, type TlsDirection } from "#decode/tls/connection.ts";
import { X1_LIMITS } from "#decode/x1/limits.ts";
import { X1Stream } from "#decode/x1/recognise.ts";
import { X2X3_LIMITS } from "#decode/x2x3/limits.ts";
import { X2x3Stream, type X2x3Connection } from "#decode/x2x3/recognise.ts";
import type { Fault } from "#model/fault.ts";
import type { LiMessage, LiStream, LiStreamSink } from "#model/interception.ts";
import type { DecodedMessage } from "#model/message.ts";
import { appendFrames, copySighting, framesOf, type Sighting } from "#model/sighting.ts";
import type { TlsKeys } from "#model/tls-keys.ts";
import { CONTROL_LIMITS } from "./limits.ts";
import { Looking, somethingBegins } from "./first-look.ts";
import type { Ends } from "./where.ts";

/** What a stream needs of the dispatch. */
export interface StreamHost {
  emit(message: DecodedMessage, ends: Ends, seen: Sighting, frames: readonly number[], incomplete: boolean): void;
  fault(fault: Fault, ends: Ends, seen: Sighting, frames: readonly number[]): void;
  /** Recognised, and not readable. */
  encrypted(what: string): void;
  readonly budget: FramerBudget;
  /** Secrets that the operator logged; null where it gave none. */
  readonly tlsKeys: TlsKeys | null;
}

/** What both directions of a TCP connection share. */
export interface ControlConnection extends X2x3Connection {
  tls: TlsConnection<Sighting> | undefined;
}

/** Diameter where its port announces it: the header must hold. */
const ANNOUNCED: Framing = { length: diameterLength, limit: DIAMETER_LIMITS.messageOctets };

/** Diameter anywhere else: the first AVP must hold too, so more octets are asked for before there is an answer. */
const BY_CONTENT: Framing = {
  length(bytes, start, end) {
    const length = diameterLength(bytes, start, end);
    return length > 0 && !looksLikeDiameter(bytes, start, end) ? -1 : length;
  },
  limit: DIAMETER_LIMITS.messageOctets,
};

/** How a stream learns what it needs only where something in it may be signalling: its ends as text, and what it shares with the other direction. */
export interface StreamPlace {
  readonly ends: (flow: TcpFlow) => Ends;
  readonly connection: (flow: TcpFlow) => ControlConnection;
}

/**
 * One direction of a TCP connection, read as whatever its content is: Diameter, X1, X2/X3, HI2/HI3. Each reader
 * looks until it is sure; the first that is sure has the stream for itself.
 *
 * Readers are made when the first octets come that one of them would keep. Until then a stream is a few numbers that say what the readers would have
 * counted: of thousands of plain streams, few ever show such octets.
 */
export class ControlStream implements StreamConsumer {
  private readonly host: StreamHost;
  private readonly place: StreamPlace;
  private readonly flow: TcpFlow;
  private readonly announced: boolean;
  private readonly interception: boolean;
  private first = true;
  /** Before there are readers: which of them would still look, octets and segments that began nothing, and whether a message may begin at any octet. */
  private looking: number;
  private passedOctets = 0;
  private passedSegments = 0;
  private anywhere: boolean;
  private gapSeen = false;

  private ends: Ends | undefined = undefined;
  private connection: ControlConnection | undefined = undefined;
  private diameter: MessageFramer | undefined = undefined;
  private diameterSeen = false;
  private looked = 0;
  private readers: LiStream<Sighting>[] = NO_READERS;
  /** Where the connection is TLS and keys were given: what is inside goes to a stream of its own. */
  private tls: TlsDirection<Sighting> | undefined = undefined;
  private inside: ControlStream | undefined = undefined;

  /** `announced`: a Diameter port; `interception`: look for the interfaces of lawful interception too. */
  constructor(host: StreamHost, place: StreamPlace, flow: TcpFlow, announced: boolean, interception: boolean) {
    this.host = host;
    this.place = place;
    this.flow = flow;
    this.announced = announced;
    this.interception = interception;
    this.anywhere = !flow.fromStart;
    this.looking = interception ? Looking.DIAMETER | INTERCEPTION : Looking.DIAMETER;
  }

  data(bytes: Uint8Array, start: number, end: number, seen: Sighting): boolean {
    if (this.first) {
      this.first = false;
      if (this.host.tlsKeys !== null && this.flow.fromStart && looksLikeTls(bytes, start, end)) this.tls = this.openTls(this.host.tlsKeys);
      else if (this.announced && looksLikeTls(bytes, start, end)) {
        this.host.encrypted("diameter tls");
        this.looking = 0;
        return false;
      }
    }
    if (this.tls !== undefined) return this.tls.data(bytes, start, end, copySighting(seen));
    if (this.looking !== 0) {
      if (!this.announced && !somethingBegins(bytes, start, end, this.looking, this.anywhere)) return this.pass(end - start);
      this.makeReaders(seen);
    }
    if (this.diameter !== undefined && !this.diameter.data(bytes, start, end, seen)) this.diameter = undefined;
    if (this.readers.length > 0) {
      const kept = copySighting(seen);
      this.settle((reader) => reader.data(bytes, start, end, kept));
    }
    return this.going;
  }

  gap(octets: number, seen: Sighting): boolean {
    if (this.tls !== undefined) return this.tls.gap();
    if (this.looking !== 0) {
      this.anywhere = this.gapSeen = true;
      return true;
    }
    if (this.diameter !== undefined && !this.diameter.gap(octets, seen)) this.diameter = undefined;
    this.settle((reader) => reader.gap(octets));
    return this.going;
  }

  /** Octets in which nothing begins: each reader that would give up now is not made any more. */
  private pass(octets: number): boolean {
    this.passedOctets += octets;
    this.passedSegments++;
    if (!this.anywhere) this.looking &= ~INTERCEPTION;
    if (this.passedSegments >= X1_LIMITS.foreignMessages) this.looking &= ~Looking.X1;
    if (this.passedOctets > X2X3_LIMITS.searchOctets) this.looking &= ~Looking.X2X3;
    if (this.passedOctets > HANDOVER_LIMITS.searchOctets) this.looking &= ~Looking.HANDOVER;
    if (this.passedOctets >= CONTROL_LIMITS.diameterSearchOctets) this.looking &= ~Looking.DIAMETER;
    return this.looking !== 0;
  }

  /** Makes the readers that still look, as they would be after what has passed. */
  private makeReaders(seen: Sighting): void {
    const { looking, host, flow } = this;
    this.looking = 0;
    if ((looking & Looking.DIAMETER) !== 0) {
      const framed: FramedMessages = {
        message: (bytes, start, end, octets, frames, last) => this.diameterMessage(bytes, start, end, octets, frames, last),
        lost: (octets, at) => this.diameterLost(octets, at),
      };
      this.diameter = new MessageFramer(this.announced ? ANNOUNCED : BY_CONTENT, framed, host.budget);
      this.looked = this.passedOctets;
      if (this.gapSeen || this.passedSegments > 0) this.diameter.gap(-1, seen);
    }
    if ((looking & INTERCEPTION) === 0) return;
    const sink: LiStreamSink<Sighting> = {
      message: (message, _bytes, _start, _end, origins) => this.product(message, origins),
      fault: (fault, origins) => this.productFault(fault, origins),
    };
    const options = { fromStart: !this.anywhere, searched: this.passedOctets, foreign: this.passedSegments };
    const connection = (this.connection = this.place.connection(flow));
    const readers: LiStream<Sighting>[] = [];
    if ((looking & Looking.X2X3) !== 0) readers.push(new X2x3Stream<Sighting>(sink, { ...options, connection }));
    if ((looking & Looking.HANDOVER) !== 0) readers.push(new HandoverStream(sink, options));
    if ((looking & Looking.X1) !== 0) readers.push(new X1Stream(sink, options));
    this.readers = readers;
  }

  end(reason: StreamEnd): void {
    this.inside?.end(reason);
    this.diameter?.end(reason);
    for (const reader of this.readers) reader.end();
    this.readers = NO_READERS;
  }

  private openTls(keys: TlsKeys): TlsDirection<Sighting> {
    this.looking = 0;
    const connection = (this.connection = this.place.connection(this.flow));
    connection.tls ??= new TlsConnection<Sighting>(keys);
    const place: StreamPlace = { ends: this.place.ends, connection: () => connection };
    const inside = new ControlStream({ ...this.host, tlsKeys: null }, place, this.flow, this.announced, this.interception);
    this.inside = inside;
    let wanted = true;
    return connection.tls.open({
      plain: (octets, seen) => {
        if (wanted) wanted = inside.data(octets, 0, octets.length, seen);
      },
      unreadable: (why) => {
        inside.end("flush");
        this.host.encrypted(why);
      },
    });
  }

  private get at(): Ends {
    return (this.ends ??= this.place.ends(this.flow));
  }

  private get going(): boolean {
    return this.diameter !== undefined || this.readers.length > 0;
  }

  /** Shows each reader what came, and drops the ones that are out. */
  private settle(show: (reader: LiStream<Sighting>) => boolean): void {
    if (this.readers.length === 0) return;
    this.readers = this.readers.filter(show);
    const sure = this.readers.find((reader) => reader.state === "yes");
    if (sure === undefined) return;
    this.readers = [sure];
    this.diameter = undefined;
  }

  private diameterMessage(bytes: Uint8Array, start: number, end: number, octets: number, frames: readonly number[], last: Sighting): void {
    const incomplete = end - start < octets;
    const { message, fault } = decodeDiameter(bytes, start, end, incomplete);
    if (message !== undefined) {
      this.diameterSeen = true;
      this.readers = NO_READERS;
      this.host.emit(message, this.at, last, frames, incomplete);
    } else if (fault !== undefined) this.host.fault(fault, this.at, last, frames);
  }

  /** Octets that are no Diameter: a fault where it was announced or seen, else a step towards giving up. */
  private diameterLost(octets: number, seen: Sighting): boolean {
    this.looked += octets;
    if (this.diameterSeen || this.announced) {
      const fault: Fault = { layer: "diameter", code: "value", field: "header", offset: 0, needed: -1, had: octets };
      this.host.fault(fault, this.at, seen, framesOf(seen));
      return true;
    }
    return this.looked < CONTROL_LIMITS.diameterSearchOctets;
  }

  private product(message: LiMessage, origins: readonly Sighting[]): void {
    const { frames, last } = span(origins);
    this.host.emit(
      message,
      this.at,
      last,
      frames,
      message.faults.some((f) => f.code === "cut" || f.code === "incomplete"),
    );
  }

  private productFault(fault: Fault, origins: readonly Sighting[]): void {
    const { frames, last } = span(origins);
    this.host.fault(fault, this.at, last, frames);
  }
}

const INTERCEPTION = Looking.X1 | Looking.X2X3 | Looking.HANDOVER;
const NO_READERS: LiStream<Sighting>[] = [];
const NOWHERE: Sighting = { capture: 0, point: 0, frame: 0, frames: undefined, time: { sec: 0, nsec: 0 } };

/** Frames of the chunks that carried a message, ascending, and the latest chunk. */
function span(origins: readonly Sighting[]): { readonly frames: readonly number[]; readonly last: Sighting } {
  let last = origins[0] ?? NOWHERE;
  const frames: number[] = [];
  for (const seen of origins) {
    appendFrames(frames, seen);
    if (seen.frame > last.frame) last = seen;
  }
  return { frames: [...new Set(frames)].sort((a, b) => a - b), last };
}
