import { decodeDiameter } from "#decode/diameter/decode.ts";
import { diameterLength, DIAMETER_LIMITS, looksLikeDiameter, looksLikeTls } from "#decode/diameter/wire.ts";
import { HandoverStream } from "#decode/handover/recognise.ts";
import { type FramedMessages, type FramerBudget, type Framing, MessageFramer } from "#decode/tcp/framer.ts";
import type { StreamConsumer, StreamEnd, TcpFlow } from "#decode/tcp/reassembler.ts";
import { TlsConnection, type TlsDirection } from "#decode/tls/connection.ts";
import { X1Stream } from "#decode/x1/recognise.ts";
import { X2x3Stream, type X2x3Connection } from "#decode/x2x3/recognise.ts";
import type { Fault } from "#model/fault.ts";
import type { LiMessage, LiStream, LiStreamSink } from "#model/interception.ts";
import type { DecodedMessage } from "#model/message.ts";
import { appendFrames, copySighting, framesOf, type Sighting } from "#model/sighting.ts";
import type { TlsKeys } from "#model/tls-keys.ts";
import { CONTROL_LIMITS } from "./limits.ts";
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

/**
 * One direction of a TCP connection, read as whatever its content is: Diameter, X1, X2/X3, HI2/HI3. Each reader
 * looks until it is sure; the first that is sure has the stream for itself.
 */
export class ControlStream implements StreamConsumer {
  private readonly host: StreamHost;
  private readonly ends: Ends;
  private readonly announced: boolean;
  private diameter: MessageFramer | undefined;
  private diameterSeen = false;
  private looked = 0;
  private readers: LiStream<Sighting>[] = [];
  private first = true;
  /** Where the connection is TLS and keys were given: what is inside goes to a stream of its own. */
  private tls: TlsDirection<Sighting> | undefined;
  private inside: ControlStream | undefined;
  private readonly flow: TcpFlow;
  private readonly interception: boolean;
  private readonly connection: ControlConnection;

  /** `announced`: a Diameter port; `interception`: look for the interfaces of lawful interception too. */
  constructor(host: StreamHost, ends: Ends, flow: TcpFlow, announced: boolean, interception: boolean, connection: ControlConnection) {
    this.host = host;
    this.flow = flow;
    this.interception = interception;
    this.connection = connection;
    this.ends = ends;
    this.announced = announced;
    const framed: FramedMessages = {
      message: (bytes, start, end, octets, frames, last) => this.diameterMessage(bytes, start, end, octets, frames, last),
      lost: (octets, seen) => this.diameterLost(octets, seen),
    };
    this.diameter = new MessageFramer(announced ? ANNOUNCED : BY_CONTENT, framed, host.budget);
    if (interception) {
      const sink: LiStreamSink<Sighting> = {
        message: (message, _bytes, _start, _end, origins) => this.product(message, origins),
        fault: (fault, origins) => this.productFault(fault, origins),
      };
      const options = { fromStart: flow.fromStart };
      this.readers = [
        new X2x3Stream<Sighting>(sink, { ...options, connection }),
        new HandoverStream(sink, options),
        new X1Stream(sink, options),
      ];
    }
  }

  data(bytes: Uint8Array, start: number, end: number, seen: Sighting): boolean {
    if (this.first) {
      this.first = false;
      if (this.host.tlsKeys !== null && this.flow.fromStart && looksLikeTls(bytes, start, end)) this.tls = this.openTls(this.host.tlsKeys);
      else if (this.announced && looksLikeTls(bytes, start, end)) {
        this.host.encrypted("diameter tls");
        return false;
      }
    }
    if (this.tls !== undefined) return this.tls.data(bytes, start, end, copySighting(seen));
    if (this.diameter !== undefined && !this.diameter.data(bytes, start, end, seen)) this.diameter = undefined;
    if (this.readers.length > 0) {
      const kept = copySighting(seen);
      this.settle((reader) => reader.data(bytes, start, end, kept));
    }
    return this.going;
  }

  gap(octets: number, seen: Sighting): boolean {
    if (this.tls !== undefined) return this.tls.gap();
    if (this.diameter !== undefined && !this.diameter.gap(octets, seen)) this.diameter = undefined;
    this.settle((reader) => reader.gap(octets));
    return this.going;
  }

  end(reason: StreamEnd): void {
    this.inside?.end(reason);
    this.diameter?.end(reason);
    for (const reader of this.readers) reader.end();
    this.readers = [];
  }

  private openTls(keys: TlsKeys): TlsDirection<Sighting> {
    this.diameter = undefined;
    this.readers = [];
    this.connection.tls ??= new TlsConnection<Sighting>(keys);
    const inside = (this.inside = new ControlStream(
      { ...this.host, tlsKeys: null },
      this.ends,
      this.flow,
      this.announced,
      this.interception,
      this.connection,
    ));
    let wanted = true;
    return this.connection.tls.open({
      plain: (octets, seen) => {
        if (wanted) wanted = inside.data(octets, 0, octets.length, seen);
      },
      unreadable: (why) => {
        inside.end("flush");
        this.host.encrypted(why);
      },
    });
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
      this.readers = [];
      this.host.emit(message, this.ends, last, frames, incomplete);
    } else if (fault !== undefined) this.host.fault(fault, this.ends, last, frames);
  }

  /** Octets that are no Diameter: a fault where it was announced or seen, else a step towards giving up. */
  private diameterLost(octets: number, seen: Sighting): boolean {
    this.looked += octets;
    if (this.diameterSeen || this.announced) {
      const fault: Fault = { layer: "diameter", code: "value", field: "header", offset: 0, needed: -1, had: octets };
      this.host.fault(fault, this.ends, seen, framesOf(seen));
      return true;
    }
    return this.looked < CONTROL_LIMITS.diameterSearchOctets;
  }

  private product(message: LiMessage, origins: readonly Sighting[]): void {
    const { frames, last } = span(origins);
    this.host.emit(
      message,
      this.ends,
      last,
      frames,
      message.faults.some((f) => f.code === "cut" || f.code === "incomplete"),
    );
  }

  private productFault(fault: Fault, origins: readonly Sighting[]): void {
    const { frames, last } = span(origins);
    this.host.fault(fault, this.ends, last, frames);
  }
}

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
