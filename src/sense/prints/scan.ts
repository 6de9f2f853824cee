/**
 * Looks for IP packets in octets that may be anything: as they are, through base64 (RFC 4648 §4, §5) and hex text, through
 * gzip (RFC 1952), zlib (RFC 1950) and zstd (RFC 8878), and through these in one another.
 *
 * Text is recognised by runs of its alphabet, compression by its magic. Decompression is handed in: a pure module has none.
 */
import { StreamTail } from "#sense/content/content-search.ts";
import type { InnerPacket } from "./inner-packet.ts";
import type { InnerSearch } from "./search.ts";

/** Decompresses as much as it can of a whole or cut member, at most `limit` octets; null where it is none. */
export type Inflate = (kind: "gzip" | "zlib" | "zstd", bytes: Uint8Array, limit: number) => Uint8Array | null;

export interface ScanSink {
  /**
   * `packet` is reused. `transform` names what led to it, outermost first, empty for none. `frames`: those that carried it, where
   * that is more than the frame at hand.
   */
  candidate(packet: InnerPacket, transform: string, frames: readonly number[] | undefined): void;
  /** Octets as they were sent, or as a transform gave them; a stream's come with some octets before them again, for windows across borders. */
  octets(bytes: Uint8Array, start: number, end: number, transform: string, frames: readonly number[] | undefined): void;
}

export const limits = {
  /** Octets a stream holds back, waiting for the rest of a packet. */
  hold: 66_000,
  /** Characters of a run of base64 or hex that are worth decoding: 40 octets and more. */
  base64Run: 56,
  hexRun: 80,
  /** Characters of a run kept before they are decoded. */
  runBuffer: 65_536,
  /** Compressed octets kept of one stream, and octets that come out of them. */
  compressed: 1 << 20,
  inflated: 4 << 20,
  /** Transforms within transforms. */
  depth: 3,
  /** Frames remembered of one encoded run or compressed member. */
  frames: 1000,
} as const;

export class PayloadScan {
  private readonly search: InnerSearch;
  private readonly sink: ScanSink;
  private readonly inflate: Inflate | undefined;
  private transform = "";
  private frames: readonly number[] | undefined = undefined;
  /** Where each octet of the stream at hand came from: end offsets, and the frames of each chunk, in order. */
  private ends: readonly number[] | undefined = undefined;
  private chunks: readonly (readonly number[])[] | undefined = undefined;

  constructor(search: InnerSearch, sink: ScanSink, inflate: Inflate | undefined) {
    this.search = search;
    this.sink = sink;
    this.inflate = inflate;
  }

  get dropped(): number {
    return this.search.dropped;
  }

  /** For the search's sink. */
  found(packet: InnerPacket): void {
    const { ends, chunks, frames } = this;
    if (ends === undefined || chunks === undefined) {
      this.sink.candidate(packet, this.transform, frames);
      return;
    }
    const of: number[] = [];
    for (let i = 0; i < ends.length; i++) {
      if ((ends[i] as number) > packet.start && (i === 0 || (ends[i - 1] as number) < packet.end))
        of.push(...(chunks[i] as readonly number[]));
    }
    this.sink.candidate(packet, this.transform, of);
  }

  /** One datagram's payload: nothing follows it. */
  datagram(bytes: Uint8Array, start: number, end: number): void {
    this.transform = "";
    this.frames = undefined;
    this.ends = undefined;
    this.search.run(bytes, start, end, end, false);
    this.sink.octets(bytes, start, end, "", undefined);
    this.transformed(bytes, start, end, "", 0);
  }

  /** One direction of a stream. */
  stream(): StreamScan {
    return new StreamScan(this, "", 0);
  }

  /** Searches, as the stream `name` says; octets before `ends[i]` came in the frames `chunks[i]`. Returns the offset to go on from. */
  run(
    bytes: Uint8Array,
    start: number,
    end: number,
    whole: boolean,
    name: string,
    ends: readonly number[],
    chunks: readonly (readonly number[])[],
  ): number {
    this.transform = name;
    this.ends = ends;
    this.chunks = chunks;
    return this.search.run(bytes, start, end, end, whole);
  }

  /** Whole octets of which any part may be encoded. */
  transformed(bytes: Uint8Array, start: number, end: number, name: string, depth: number): void {
    if (depth >= limits.depth || end - start < 24) return;
    const runs = new TextRuns((decoded, kind) => this.whole(decoded, join(name, kind), depth + 1));
    runs.feed(bytes, start, end);
    runs.end();
    const at = magic(bytes, start, end);
    if (at >= 0) this.unpack(bytes.subarray(at, end), name, depth);
  }

  /** `frames`: those that carried the compressed octets, for streams. */
  unpack(bytes: Uint8Array, name: string, depth: number, frames?: readonly number[]): void {
    if (frames !== undefined) {
      this.frames = frames;
      this.ends = undefined;
    }
    if (this.inflate === undefined || depth >= limits.depth) return;
    const kind = bytes[0] === 0x1f ? "gzip" : bytes[0] === 0x28 ? "zstd" : "zlib";
    const out = this.inflate(kind, bytes, limits.inflated);
    if (out !== null) this.whole(out, join(name, kind), depth + 1);
  }

  /** For streams' octets. */
  content(bytes: Uint8Array, start: number, end: number, name: string, frames: readonly number[]): void {
    this.sink.octets(bytes, start, end, name, frames);
  }

  private whole(bytes: Uint8Array, name: string, depth: number): void {
    this.transform = name;
    this.search.run(bytes, 0, bytes.length, bytes.length, false);
    this.sink.octets(bytes, 0, bytes.length, name, this.frames);
    this.transformed(bytes, 0, bytes.length, name, depth);
  }
}

/** State of one stream: packets and encoded runs may lie across its segments. */
export class StreamScan {
  private readonly scan: PayloadScan;
  private readonly name: string;
  private readonly depth: number;
  private held: Uint8Array = EMPTY;
  /** Frames of the octets held, and where each one's octets end. */
  private heldEnds: number[] = [];
  private heldFrames: (readonly number[])[] = [];
  private readonly tail = new StreamTail();
  private runs: TextRuns | undefined = undefined;
  private runFrames: number[] = [];
  private decoded: StreamScan | undefined = undefined;
  private packed: Uint8Array[] = [];
  private packedFrames: number[] = [];
  private packedOctets = -1;

  constructor(scan: PayloadScan, name: string, depth: number) {
    this.scan = scan;
    this.name = name;
    this.depth = depth;
  }

  /** The next octets. `frames`: those that carried them. */
  data(bytes: Uint8Array, start: number, end: number, frames: readonly number[]): void {
    this.plain(bytes, start, end, frames);
    this.tail.next(bytes, start, end, (b, from, to) => this.scan.content(b, from, to, this.name, frames));
    if (this.depth >= limits.depth) return;
    if (this.runFrames.length < limits.frames) this.runFrames.push(...frames);
    this.runs ??= new TextRuns((decoded, kind, fresh) => {
      if (fresh || this.decoded === undefined) {
        this.decoded?.end();
        this.decoded = new StreamScan(this.scan, join(this.name, kind), this.depth + 1);
      }
      this.decoded.data(decoded, 0, decoded.length, this.runFrames);
      this.runFrames = [...frames];
    });
    this.runs.feed(bytes, start, end);
    if (this.runs.empty) this.runFrames = [];
    if (this.packedOctets < 0) {
      const at = magic(bytes, start, end);
      if (at >= 0) {
        this.packed = [bytes.slice(at, end)];
        this.packedFrames = [...frames];
        this.packedOctets = end - at;
      }
    } else if (this.packedOctets < limits.compressed) {
      this.packed.push(bytes.slice(start, end));
      if (this.packedFrames.length < limits.frames) this.packedFrames.push(...frames);
      this.packedOctets += end - start;
      if (this.packedOctets >= limits.compressed) this.unpack();
    }
  }

  gap(): void {
    this.tail.gap();
    this.flushHeld();
    this.runs?.end();
    this.unpack();
  }

  end(): void {
    this.gap();
    this.decoded?.end();
  }

  private plain(bytes: Uint8Array, start: number, end: number, frames: readonly number[]): void {
    let b = bytes;
    let from = start;
    let to = end;
    const held = this.held.length;
    if (held > 0) {
      b = new Uint8Array(held + end - start);
      b.set(this.held);
      b.set(bytes.subarray(start, end), held);
      from = 0;
      to = b.length;
    }
    const ends = [...this.heldEnds];
    const of = [...this.heldFrames];
    ends.push(to);
    of.push(frames);
    let at = this.scan.run(b, from, to, true, this.name, ends, of);
    // A header that states more than ever comes must not hold the stream back: it is taken as cut, and passed over.
    while (to - at > limits.hold) {
      this.scan.run(b, at, at + 1, false, this.name, ends, of);
      at = this.scan.run(b, at + 1, to, true, this.name, ends, of);
    }
    if (at >= to) {
      this.held = EMPTY;
      this.heldEnds = [];
      this.heldFrames = [];
      return;
    }
    this.held = b.slice(at, to);
    const keep = ends.findIndex((e) => e > at);
    this.heldEnds = ends.slice(keep).map((e) => e - at);
    this.heldFrames = of.slice(keep);
  }

  private flushHeld(): void {
    if (this.held.length > 0) this.scan.run(this.held, 0, this.held.length, false, this.name, this.heldEnds, this.heldFrames);
    this.held = EMPTY;
    this.heldEnds = [];
    this.heldFrames = [];
  }

  private unpack(): void {
    if (this.packedOctets < 0) return;
    const all = new Uint8Array(this.packedOctets);
    let at = 0;
    for (const part of this.packed) {
      all.set(part, at);
      at += part.length;
    }
    this.packed = [];
    this.packedOctets = -1;
    this.scan.unpack(all, this.name, this.depth, this.packedFrames);
  }
}

const EMPTY = new Uint8Array(0);

function join(name: string, kind: string): string {
  return name === "" ? kind : `${name} > ${kind}`;
}

/** Offset of a gzip (1f 8b 08), zstd (28 b5 2f fd) or, at the very start, zlib header; -1 for none. */
function magic(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at + 4 <= end; at++) {
    const b = bytes[at] as number;
    if (b === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8) return at;
    if (b === 0x28 && bytes[at + 1] === 0xb5 && bytes[at + 2] === 0x2f && bytes[at + 3] === 0xfd) return at;
  }
  if (end - start > 6 && bytes[start] === 0x78 && (((bytes[start] as number) << 8) | (bytes[start + 1] as number)) % 31 === 0) return start;
  return -1;
}

/** 0 … 63 for the base64 alphabets, 64 otherwise. */
const BASE64 = new Uint8Array(256).fill(64);
const HEX = new Uint8Array(256).fill(16);
for (let i = 0; i < 26; i++) {
  BASE64[65 + i] = i;
  BASE64[97 + i] = 26 + i;
}
for (let i = 0; i < 10; i++) {
  BASE64[48 + i] = 52 + i;
  HEX[48 + i] = i;
}
for (let i = 0; i < 6; i++) {
  HEX[65 + i] = 10 + i;
  HEX[97 + i] = 10 + i;
}
BASE64[43] = 62;
BASE64[45] = 62;
BASE64[47] = 63;
BASE64[95] = 63;

/** Runs of base64 or hex text in a stream, decoded as they grow. */
class TextRuns {
  private readonly out: (decoded: Uint8Array, kind: string, fresh: boolean) => void;
  private run: Uint8Array = new Uint8Array(256);
  private length = 0;
  private hex = true;
  private fresh = true;
  /** A line break may stand inside a run (RFC 2045 §6.8), and must not be taken for its end at once. */
  private breaks = 0;

  constructor(out: (decoded: Uint8Array, kind: string, fresh: boolean) => void) {
    this.out = out;
  }

  get empty(): boolean {
    return this.length === 0;
  }

  feed(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; at++) {
      const b = bytes[at] as number;
      if ((BASE64[b] as number) < 64) {
        this.breaks = 0;
        if (this.length === this.run.length) this.grow();
        this.run[this.length++] = b;
        if ((HEX[b] as number) === 16) this.hex = false;
        if (this.length >= limits.runBuffer) this.decode(false);
      } else if ((b === 13 || b === 10) && this.length >= limits.base64Run && this.length % 4 === 0 && this.breaks < 2) this.breaks++;
      else if (this.length > 0) this.end();
    }
  }

  end(): void {
    this.decode(true);
    this.fresh = true;
    this.breaks = 0;
    this.hex = true;
  }

  private grow(): void {
    const wider = new Uint8Array(this.run.length * 2);
    wider.set(this.run);
    this.run = wider;
  }

  private decode(last: boolean): void {
    const n = this.length;
    this.length = 0;
    if (n < (this.hex ? limits.hexRun : limits.base64Run) && this.fresh) return;
    if (this.hex) this.out(hexOf(this.run, n), "hex", this.fresh);
    else {
      const use = last ? n : n - (n % 4);
      this.out(base64Of(this.run, use), "base64", this.fresh);
    }
    this.fresh = false;
  }
}

function hexOf(text: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length >> 1);
  for (let i = 0; i < out.length; i++) out[i] = ((HEX[text[i * 2] as number] as number) << 4) | (HEX[text[i * 2 + 1] as number] as number);
  return out;
}

function base64Of(text: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(Math.floor((length * 3) / 4));
  let at = 0;
  for (let i = 0; i + 1 < length; i += 4) {
    const a = BASE64[text[i] as number] as number;
    const b = BASE64[text[i + 1] as number] as number;
    const c = i + 2 < length ? (BASE64[text[i + 2] as number] as number) : 0;
    const d = i + 3 < length ? (BASE64[text[i + 3] as number] as number) : 0;
    const word = (a << 18) | (b << 12) | (c << 6) | d;
    if (at < out.length) out[at++] = word >> 16;
    if (at < out.length) out[at++] = (word >> 8) & 255;
    if (at < out.length) out[at++] = word & 255;
  }
  return out;
}
