import type { LiMessage, LiStream, LiStreamSink, Probe } from "#model/interception.ts";
import { Pending } from "#bytes/pending.ts";
import { nextZero } from "#bytes/zero.ts";
import { X2X3_LIMITS } from "./limits.ts";
import { FIXED_HEADER, pduLength, probeHeader, readPdu } from "./pdu.ts";

/**
 * Finding X2/X3 by its content, on any port: ports are the suspect's choice.
 *
 * A stream is X2/X3 when two PDUs stand in a row, or when one whole PDU ends exactly where the octets end. One
 * 40-octet header agrees with random octets about once in 2^60, so one PDU that also fits its segment is enough.
 */

/** What both directions of a connection share: keepalives belong to whichever product the connection carries. */
export interface X2x3Connection {
  carries: "x2" | "x3" | undefined;
}

/** `yes`: whole PDUs, the last ending exactly at `end`, or at least two headers in a row; `more`: agrees so far. */
export function probe(bytes: Uint8Array, start: number, end: number): Probe {
  let at = start;
  for (let whole = 0; ; whole += 1) {
    if (at === end) return whole > 0 ? "yes" : "more";
    const header = probeHeader(bytes, at, end);
    if (header === "no") return "no";
    if (header === "more") return whole > 0 && end - at >= FIXED_HEADER ? "yes" : "more";
    // A second header that agrees settles it, whether or not its payload is all there.
    if (whole > 0) return "yes";
    const length = pduLength(bytes, at);
    if (at + length > end) return "more";
    at += length;
  }
}

/** A UDP payload that is nothing but whole PDUs; empty where it is not X2/X3. */
export function readDatagram(bytes: Uint8Array, start: number, end: number): { message: LiMessage; start: number; end: number }[] {
  const out: { message: LiMessage; start: number; end: number }[] = [];
  let carries: "x2" | "x3" | undefined;
  let at = start;
  while (at < end) {
    if (probeHeader(bytes, at, end) !== "yes") return [];
    const length = pduLength(bytes, at);
    if (at + length > end) return [];
    const message = readPdu(bytes, at, at + length, carries);
    if (message.product !== "keepalive") carries = message.protocol;
    out.push({ message, start: at, end: at + length });
    at += length;
  }
  return out;
}

/** One direction of a TCP connection. */
export class X2x3Stream<O> implements LiStream<O> {
  state: Probe = "more";
  private readonly sink: LiStreamSink<O>;
  private readonly connection: X2x3Connection;
  private readonly waiting: Pending<O>;
  /** Octets still to be passed over: the payload of a PDU that is too large to be kept. */
  private skipping = 0;
  /** The stream was joined in the middle, or octets are missing: PDUs must be searched for. */
  private searching: boolean;
  private searched = 0;

  /** `fromStart`: the connection's set-up was seen, so that a PDU must begin at the first octet. `searched`: octets that somebody has looked through already. */
  constructor(
    sink: LiStreamSink<O>,
    options: { readonly fromStart: boolean; readonly connection?: X2x3Connection; readonly searched?: number },
  ) {
    this.sink = sink;
    this.searched = options.searched ?? 0;
    this.connection = options.connection ?? { carries: undefined };
    this.searching = !options.fromStart;
    this.waiting = new Pending<O>(1024);
  }

  data(bytes: Uint8Array, start: number, end: number, origin: O): boolean {
    if (this.state === "no") return false;
    let from = start;
    if (this.skipping > 0) {
      const passed = Math.min(this.skipping, end - from);
      this.skipping -= passed;
      from += passed;
      if (from === end) return true;
    }
    // Octets that begin nothing are passed over where they lie, without a copy.
    if (this.searching && this.waiting.size === 0) {
      const at = firstPlace(bytes, from, end);
      this.searched += at - from;
      if (at === end) {
        if (this.state === "more" && this.searched > X2X3_LIMITS.searchOctets) this.reject();
        return this.going;
      }
      from = at;
    }
    this.waiting.append(bytes, from, end, origin);
    this.drain();
    return this.going;
  }

  gap(missing: number): boolean {
    if (this.state === "no") return false;
    if (this.state === "more") {
      this.waiting.clear();
      this.searching = true;
      return true;
    }
    if (this.skipping > 0 && missing >= 0 && missing <= this.skipping) {
      this.skipping -= missing;
      return true;
    }
    const w = this.waiting;
    const known = w.size >= FIXED_HEADER && !this.searching && probeHeader(w.bytes, w.start, w.end) === "yes";
    const rest = known ? pduLength(w.bytes, w.start) - w.size : -1;
    if (known) this.emit(w.size);
    w.clear();
    this.skipping = 0;
    // Only what lies inside one PDU can be passed over exactly; otherwise the next PDU must be found again.
    if (known && missing >= 0 && missing <= rest) this.skipping = rest - missing;
    else this.searching = true;
    return true;
  }

  private get going(): boolean {
    return this.state !== "no";
  }

  end(): void {
    const w = this.waiting;
    if (this.state === "yes" && !this.searching && w.size >= FIXED_HEADER && probeHeader(w.bytes, w.start, w.end) === "yes")
      this.emit(w.size);
    w.clear();
  }

  private drain(): void {
    const w = this.waiting;
    if (this.searching && !this.findStart()) return;
    if (this.state === "more") {
      const answer = probe(w.bytes, w.start, w.end);
      if (answer === "no") return this.reject();
      if (answer === "more") {
        if (w.size > X2X3_LIMITS.heldOctets) this.reject();
        return;
      }
      this.state = "yes";
    }
    while (w.size >= FIXED_HEADER) {
      const header = probeHeader(w.bytes, w.start, w.end);
      if (header === "no") return this.lose();
      if (header === "more") return;
      const length = pduLength(w.bytes, w.start);
      if (length > w.size) {
        if (w.size <= X2X3_LIMITS.heldOctets) return;
        this.skipping = length - w.size;
        this.emit(w.size);
        return;
      }
      this.emit(length);
    }
    if (w.size > 0 && probeHeader(w.bytes, w.start, w.end) === "no") this.lose();
  }

  /** A known stream that no longer holds PDUs where they must be: counted, and searched from the next octet. */
  private lose(): void {
    const w = this.waiting;
    const fault = { layer: "x2x3", code: "value", field: "header", offset: 0, needed: FIXED_HEADER, had: w.size } as const;
    this.sink.fault(fault, w.originsOf(1));
    this.searching = true;
    this.searched = 0;
    w.consume(1);
    this.drain();
  }

  /** Moves to the first place where PDUs stand; false while there is none. */
  private findStart(): boolean {
    const w = this.waiting;
    let at = firstPlace(w.bytes, w.start, w.end);
    for (; at < w.end; at = firstPlace(w.bytes, at + 1, w.end)) {
      const answer = probe(w.bytes, at, w.end);
      if (answer === "no") continue;
      if (answer === "yes") {
        w.consume(at - w.start);
        this.searching = false;
        this.state = "yes";
        return true;
      }
      if (w.end - at < FIXED_HEADER || this.plausible(at)) break;
    }
    const passed = at - w.start;
    this.searched += passed;
    w.consume(passed);
    if (this.searched + w.size > X2X3_LIMITS.searchOctets) {
      // A known stream keeps looking; an unknown one has had its chance.
      if (this.state === "more") this.reject();
      else if (w.size > X2X3_LIMITS.heldOctets) w.consume(1);
    }
    return false;
  }

  /** Whether an unfinished candidate is worth waiting for: one whose whole PDU could still be kept. */
  private plausible(at: number): boolean {
    return pduLength(this.waiting.bytes, at) <= X2X3_LIMITS.heldOctets;
  }

  private reject(): void {
    this.state = "no";
    this.waiting.clear();
  }

  private emit(length: number): void {
    const w = this.waiting;
    const message = readPdu(w.bytes, w.start, w.start + length, this.connection.carries);
    if (message.product !== "keepalive") this.connection.carries = message.protocol;
    this.sink.message(message, w.bytes, w.start, w.start + length, w.originsOf(length));
    w.consume(length);
  }
}

/** The first octet in `bytes[from, end)` where a PDU may begin; `end` where there is none. */
function firstPlace(bytes: Uint8Array, from: number, end: number): number {
  let at = nextZero(bytes, from, end);
  while (at < end && probeHeader(bytes, at, end) === "no") at = nextZero(bytes, at + 1, end);
  return at;
}
