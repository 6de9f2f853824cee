import type { LiStream, LiStreamSink, Probe } from "#model/interception.ts";
import type { HttpBody } from "./http.ts";
import { HttpSplitter, mayStartHttp } from "./http.ts";
import { X1_LIMITS } from "./limits.ts";
import { mayBeX1, readX1 } from "./message.ts";

/**
 * Finding X1 by its content, on any port: HTTP/1.1 whose bodies are documents of the X1 namespace. HTTP/2 in clear is
 * not read.
 */

export function probe(bytes: Uint8Array, start: number, end: number): Probe {
  if (!mayStartHttp(bytes, start, end)) return "no";
  const text = utf8(bytes.subarray(start, Math.min(end, start + X1_LIMITS.headerOctets)));
  return mayBeX1(text) ? "yes" : "more";
}

/** One direction of a TCP connection. Origins are kept: a caller that reuses an object must hand over a copy. */
export class X1Stream<O> implements LiStream<O> {
  state: Probe = "more";
  private readonly sink: LiStreamSink<O>;
  private readonly http = new HttpSplitter<O>();
  private searching: boolean;
  /** Joined in the middle or after a gap, so that octets that begin no message are no surprise. */
  private midway: boolean;
  private foreign = 0;
  private skipping = 0;

  /** `foreign`: segments that begin no HTTP message and were seen already. */
  constructor(sink: LiStreamSink<O>, options: { readonly fromStart: boolean; readonly foreign?: number }) {
    this.sink = sink;
    this.foreign = options.foreign ?? 0;
    this.searching = !options.fromStart;
    this.midway = !options.fromStart;
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
    if (this.searching && this.http.size === 0) {
      // Senders begin messages at the beginning of a segment.
      if (!mayStartHttp(bytes, from, end)) return this.strange();
      this.searching = false;
    }
    this.http.append(bytes, from, end, origin);
    return this.drain();
  }

  gap(missing: number): boolean {
    if (this.state === "no") return false;
    if (this.skipping > 0 && missing >= 0 && missing <= this.skipping) {
      this.skipping -= missing;
      return true;
    }
    const lacking = this.http.lacking;
    if (this.http.cutShort()) this.take(this.http.body);
    this.http.reset();
    this.skipping = 0;
    if (lacking >= 0 && missing >= 0 && missing <= lacking) this.skipping = lacking - missing;
    else this.searching = this.midway = true;
    return true;
  }

  end(): void {
    if (this.state !== "no" && this.http.cutShort()) this.take(this.http.body);
    this.http.reset();
  }

  private drain(): boolean {
    for (;;) {
      const event = this.http.next();
      if (event === "more") {
        // Anybody's download: an X1 document names its namespace at its beginning.
        if (this.state === "yes" || this.http.size <= X1_LIMITS.probeOctets) return true;
        if (mayBeX1(this.http.beginning(X1_LIMITS.probeOctets))) return true;
        this.state = "no";
        this.http.reset();
        return false;
      }
      if (event === "not-http") {
        this.http.reset();
        this.searching = true;
        return this.strange();
      }
      this.take(this.http.body);
      if (this.state === "more" && this.foreign >= X1_LIMITS.foreignMessages) {
        this.state = "no";
        this.http.reset();
        return false;
      }
    }
  }

  /** Octets that begin no HTTP message: an unknown stream is given up soon, a known one looks for the next. */
  private strange(): boolean {
    if (this.state === "yes") return true;
    this.foreign += 1;
    if (this.midway && this.foreign < X1_LIMITS.foreignMessages) return true;
    this.state = "no";
    return false;
  }

  private take(body: HttpBody<O> | undefined): void {
    if (body === undefined) return;
    if (body.bytes.length === 0) {
      this.foreign += 1;
      return;
    }
    const text = utf8(body.bytes);
    if (!mayBeX1(text)) {
      this.foreign += 1;
      return;
    }
    const { messages, faults } = readX1(text);
    if (messages.length > 0 || faults.length > 0) this.state = "yes";
    for (const message of messages) this.sink.message(message, body.bytes, 0, body.bytes.length, body.origins);
    for (const fault of faults) this.sink.fault(body.incomplete ? { ...fault, code: "incomplete" } : fault, body.origins);
  }
}

/** UTF-8 (RFC 3629) to text; what is not well-formed becomes U+FFFD. */
function utf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  let s = "";
  let i = 0;
  while (i < bytes.length) {
    const b = bytes[i] as number;
    let code = 0xfffd;
    let used = 1;
    if (b < 0x80) code = b;
    else if (b >= 0xc2 && b < 0xf5) {
      const more = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
      let value = b & (0x3f >> more);
      let ok = i + more < bytes.length;
      for (let n = 1; ok && n <= more; n += 1) {
        const c = bytes[i + n] as number;
        if ((c & 0xc0) !== 0x80) ok = false;
        else value = (value << 6) | (c & 0x3f);
      }
      const least = more === 1 ? 0x80 : more === 2 ? 0x800 : 0x10000;
      if (ok && value >= least && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff)) {
        code = value;
        used = more + 1;
      }
    }
    s += String.fromCodePoint(code);
    i += used;
    if (s.length > 8192) {
      parts.push(s);
      s = "";
    }
  }
  parts.push(s);
  return parts.join("");
}
