/**
 * HTTP/1.1 as X1 uses it (RFC 9112: message format §2, Content-Length and Transfer-Encoding §6, chunked §7.1):
 * cuts one direction of a connection into bodies. Requests and responses alike; several on one connection.
 */
import { Pending } from "#bytes/pending.ts";
import { X1_LIMITS } from "./limits.ts";

export interface HttpBody<O> {
  /** Request line or status line. */
  readonly startLine: string;
  readonly bytes: Uint8Array;
  readonly origins: readonly O[];
  /** Octets are missing, or the body was too long to be kept. */
  readonly incomplete: boolean;
  /** Octets of the whole message, headers included. */
  readonly octets: number;
}

export type HttpEvent = "body" | "more" | "not-http" | "skipped";

interface Head {
  readonly startLine: string;
  readonly length: number;
  readonly contentLength: number;
  readonly chunked: boolean;
  /** A response without a length ends with the connection. */
  readonly untilEnd: boolean;
}

const START = /^(?:(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE) \S{1,4096} HTTP\/1\.[01]|HTTP\/1\.[01] \d{3}(?: [^\r\n]*)?)$/;

/** Whether octets can begin an HTTP/1 message; only what is there is judged. */
export function mayStartHttp(bytes: Uint8Array, start: number, end: number): boolean {
  if (start < end && FIRST_LETTERS[bytes[start] as number] === 0) return false;
  const text = ascii(bytes, start, Math.min(end, start + 8));
  return STARTS.some((s) => (s.length < text.length ? text.startsWith(s) : s.startsWith(text)));
}

const STARTS = ["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ", "HTTP/1.1", "HTTP/1.0"];

/** Most streams are no HTTP, and need no text for it. */
const FIRST_LETTERS = new Uint8Array(256);
for (const start of STARTS) FIRST_LETTERS[start.charCodeAt(0)] = 1;

/** Takes octets in order; `next` hands out one message at a time. */
export class HttpSplitter<O> {
  private readonly waiting = new Pending<O>(2048);
  private head: Head | undefined;
  /** Where the search for the end of the header block, or the reading of chunks, stands (from the message's start). */
  private progress = 0;
  private parts: { from: number; to: number }[] = [];
  body: HttpBody<O> | undefined;

  append(bytes: Uint8Array, start: number, end: number, origin: O): void {
    this.waiting.append(bytes, start, end, origin);
  }

  get size(): number {
    return this.waiting.size;
  }

  /** The first octets of what waits, as text. */
  beginning(octets: number): string {
    const w = this.waiting;
    return ascii(w.bytes, w.start, Math.min(w.end, w.start + octets));
  }

  /** Whether the rest of the message that is arriving is only a body of stated length, and how many octets it lacks. */
  get lacking(): number {
    return this.head === undefined || this.head.chunked ? -1 : this.head.length + this.head.contentLength - this.waiting.size;
  }

  next(): HttpEvent {
    const w = this.waiting;
    if (this.head === undefined) {
      // Blank lines between messages are allowed (RFC 9112 §2.2).
      while (w.size > 0 && (w.bytes[w.start] === 13 || w.bytes[w.start] === 10)) w.consume(1);
      if (w.size === 0) return "more";
      if (!mayStartHttp(w.bytes, w.start, w.end)) return "not-http";
      const found = this.headEnd();
      if (found < 0) return w.size > X1_LIMITS.headerOctets ? "not-http" : "more";
      const head = readHead(ascii(w.bytes, w.start, w.start + found), found);
      if (head === undefined) return "not-http";
      this.head = head;
      this.progress = head.length;
      this.parts = [];
    }
    const head = this.head;
    if (head.chunked) return this.chunks(head);
    const total = head.length + head.contentLength;
    if (head.untilEnd) return w.size > X1_LIMITS.bodyOctets ? "not-http" : "more";
    if (w.size < total) return w.size > X1_LIMITS.bodyOctets ? "not-http" : "more";
    this.parts = [{ from: head.length, to: total }];
    return this.take(total, false);
  }

  /** What is there of the message that was arriving when octets went missing or the connection ended. */
  cutShort(): boolean {
    const w = this.waiting;
    const head = this.head;
    if (head === undefined || w.size <= head.length) return false;
    if (!head.chunked) this.parts = [{ from: head.length, to: w.size }];
    this.take(w.size, !head.untilEnd);
    return true;
  }

  reset(): void {
    this.waiting.clear();
    this.head = undefined;
    this.progress = 0;
    this.parts = [];
  }

  private take(octets: number, incomplete: boolean): HttpEvent {
    const w = this.waiting;
    const origins = w.originsOf(octets);
    const size = this.parts.reduce((n, p) => n + p.to - p.from, 0);
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const p of this.parts) {
      bytes.set(w.bytes.subarray(w.start + p.from, w.start + p.to), at);
      at += p.to - p.from;
    }
    this.body = { startLine: this.head?.startLine ?? "", bytes, origins, incomplete, octets };
    w.consume(octets);
    this.head = undefined;
    this.progress = 0;
    this.parts = [];
    return "body";
  }

  /** Octets up to and including the blank line; -1 while it is not there. Goes on where it stopped. */
  private headEnd(): number {
    const w = this.waiting;
    for (let i = Math.max(3, this.progress); i < w.size; i += 1) {
      const at = w.start + i;
      if (w.bytes[at] === 10 && w.bytes[at - 1] === 13 && w.bytes[at - 2] === 10 && w.bytes[at - 3] === 13) return i + 1;
    }
    this.progress = w.size;
    return -1;
  }

  private chunks(head: Head): HttpEvent {
    const w = this.waiting;
    for (;;) {
      if (w.size - head.length > X1_LIMITS.bodyOctets) return "not-http";
      const lineEnd = this.lineEnd(this.progress);
      if (lineEnd < 0) return w.size - this.progress > 1024 ? "not-http" : "more";
      const line = ascii(w.bytes, w.start + this.progress, w.start + lineEnd);
      const m = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/.exec(line);
      if (m === null) return "not-http";
      const size = Number.parseInt(m[1] as string, 16);
      const from = lineEnd + 2;
      if (size === 0) return this.trailer(from);
      if (size > X1_LIMITS.bodyOctets) return "not-http";
      if (w.size < from + size + 2) return "more";
      this.parts.push({ from, to: from + size });
      this.progress = from + size + 2;
    }
  }

  /** Trailer fields up to a blank line. */
  private trailer(from: number): HttpEvent {
    let at = from;
    for (;;) {
      const end = this.lineEnd(at);
      if (end < 0) return this.waiting.size - from > X1_LIMITS.headerOctets ? "not-http" : "more";
      if (end === at) return this.take(end + 2, false);
      at = end + 2;
    }
  }

  private lineEnd(from: number): number {
    const w = this.waiting;
    const to = Math.min(w.size - 1, from + 4096);
    for (let i = from; i < to; i += 1) if (w.bytes[w.start + i] === 13 && w.bytes[w.start + i + 1] === 10) return i;
    return -1;
  }
}

function readHead(text: string, length: number): Head | undefined {
  const lines = text.split("\r\n");
  const startLine = lines[0] as string;
  if (!START.test(startLine)) return undefined;
  const response = startLine.startsWith("HTTP/");
  const status = response ? Number(startLine.slice(9, 12)) : 0;
  let contentLength: number | undefined;
  let chunked = false;
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === "content-length" && /^[0-9]{1,12}$/.test(value)) contentLength = Number(value);
    if (name === "transfer-encoding") chunked = /(^|,)\s*chunked$/i.test(value);
  }
  const bodiless = response && (status < 200 || status === 204 || status === 304);
  const untilEnd = response && !bodiless && !chunked && contentLength === undefined;
  return { startLine, length, contentLength: bodiless ? 0 : (contentLength ?? 0), chunked: chunked && !bodiless, untilEnd };
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  let s = "";
  for (let i = start; i < end; i += 1) s += String.fromCharCode(bytes[i] as number);
  return s;
}
