import { Pending } from "#bytes/pending.ts";
import { berHeader, EndFinder, readBer, isValue } from "#decode/ber/cursor.ts";
import type { HandoverMessage, LiStream, LiStreamSink, Probe } from "#model/interception.ts";
import { HANDOVER_LIMITS } from "./limits.ts";
import { firstPlace, probeHeader, readPdu } from "./pdu.ts";

/**
 * Finding HI2/HI3 by its content, on any port. The domain object identifier, 40 bits that occur nowhere else, inside
 * nested lengths and followed by the identifier of the interception, is enough to decide.
 */

export function probe(bytes: Uint8Array, start: number, end: number): Probe {
  return probeHeader(bytes, start, end).answer;
}

/** A UDP payload that is nothing but whole PDUs; empty where it is no handover. */
export function readDatagram(bytes: Uint8Array, start: number, end: number): { message: HandoverMessage; start: number; end: number }[] {
  const out: { message: HandoverMessage; start: number; end: number }[] = [];
  let at = start;
  while (at < end) {
    if (probe(bytes, at, end) !== "yes") return [];
    const value = readBer(bytes, at, end);
    if (!isValue(value)) return [];
    const message = readPdu(bytes, at, value.value.end, true);
    if (message === undefined) return [];
    out.push({ message, start: at, end: value.value.end });
    at = value.value.end;
  }
  return out;
}

/** One direction of a TCP connection. Origins are kept: a caller that reuses an object must hand over a copy. */
export class HandoverStream<O> implements LiStream<O> {
  state: Probe = "more";
  private readonly sink: LiStreamSink<O>;
  private readonly waiting: Pending<O>;
  private skipping = 0;
  private searching: boolean;
  private searched = 0;
  /** Search for the end of an indefinite-length PDU that is still arriving. */
  private finder: EndFinder | undefined;

  /** `searched`: octets that somebody has looked through already. */
  constructor(sink: LiStreamSink<O>, options: { readonly fromStart: boolean; readonly searched?: number }) {
    this.sink = sink;
    this.searching = !options.fromStart;
    this.searched = options.searched ?? 0;
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
    // Octets that begin nothing are passed over where they lie: copying them first took four fifths of the search.
    if (this.searching && this.waiting.size === 0) {
      const at = firstPlace(bytes, from, end);
      this.searched += at - from;
      if (at === end) return this.stillSearching();
      from = at;
    }
    this.waiting.append(bytes, from, end, origin);
    while (this.step());
    return this.going;
  }

  gap(missing: number): boolean {
    if (this.state === "no") return false;
    if (this.skipping > 0 && missing >= 0 && missing <= this.skipping) {
      this.skipping -= missing;
      return true;
    }
    const w = this.waiting;
    let rest = -1;
    if (!this.searching && w.size > 0 && probe(w.bytes, w.start, w.end) === "yes") {
      const h = berHeader(w.bytes, w.start, w.end);
      if (!("problem" in h) && h.length >= 0) rest = h.content + h.length - w.start - w.size;
      this.emit(w.size, false);
    }
    w.clear();
    this.finder = undefined;
    this.skipping = 0;
    if (rest >= 0 && missing >= 0 && missing <= rest) this.skipping = rest - missing;
    else this.searching = true;
    return true;
  }

  end(): void {
    const w = this.waiting;
    if (this.state === "yes" && !this.searching && w.size > 0 && probe(w.bytes, w.start, w.end) === "yes") this.emit(w.size, false);
    w.clear();
  }

  private get going(): boolean {
    return this.state !== "no";
  }

  /** One PDU taken, or one place moved; false when more octets are needed. */
  private step(): boolean {
    const w = this.waiting;
    if (w.size === 0) return false;
    if (this.searching && !this.findStart()) return false;
    const answer = probe(w.bytes, w.start, w.end);
    if (answer === "more") return false;
    if (answer === "no") {
      if (this.state === "more") {
        this.state = "no";
        w.clear();
        return false;
      }
      this.sink.fault({ layer: "handover", code: "value", field: "PDU", offset: 0, needed: -1, had: w.size }, w.originsOf(1));
      return this.lose();
    }
    this.state = "yes";
    const h = berHeader(w.bytes, w.start, w.end);
    if ("problem" in h) return false;
    let length: number;
    if (h.length >= 0) {
      length = h.content + h.length - w.start;
    } else {
      this.finder ??= new EndFinder();
      const close = this.finder.advance(w.bytes, h.content, w.end);
      if (typeof close === "number") length = close + 2 - w.start;
      else if (close.problem === "more" && w.size <= HANDOVER_LIMITS.heldOctets) return false;
      else {
        // Broken inside, or longer than is kept: what its header says stands; the next PDU must be found again.
        this.emit(w.size, false);
        this.searching = true;
        return false;
      }
      this.finder = undefined;
    }
    if (length > w.size) {
      if (w.size <= HANDOVER_LIMITS.heldOctets) return false;
      this.skipping = length - w.size;
      this.emit(w.size, false);
      return false;
    }
    this.emit(length, true);
    return true;
  }

  private lose(): boolean {
    this.searching = true;
    this.searched = 0;
    this.finder = undefined;
    this.waiting.consume(1);
    return true;
  }

  /** Moves to the first place where a PDU starts or may start; false while there is none. */
  private findStart(): boolean {
    const w = this.waiting;
    let at = w.start;
    let found = false;
    for (at = firstPlace(w.bytes, at, w.end); at < w.end; at = firstPlace(w.bytes, at + 1, w.end)) {
      const answer = probe(w.bytes, at, w.end);
      if (answer === "no") continue;
      found = answer === "yes";
      break;
    }
    this.searched += at - w.start;
    w.consume(at - w.start);
    if (found) this.searching = false;
    else this.stillSearching();
    return found;
  }

  /** Gives an unknown stream up that was searched for long enough; false then. */
  private stillSearching(): boolean {
    if (this.state !== "more" || this.searched <= HANDOVER_LIMITS.searchOctets) return true;
    this.state = "no";
    this.waiting.clear();
    return false;
  }

  private emit(length: number, whole: boolean): void {
    const w = this.waiting;
    const message = readPdu(w.bytes, w.start, w.start + length, whole);
    if (message !== undefined) this.sink.message(message, w.bytes, w.start, w.start + length, w.originsOf(length));
    this.finder = undefined;
    w.consume(length);
  }
}
