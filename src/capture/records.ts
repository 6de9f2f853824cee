/** What the readers of both formats share: the block of octets, the batch over it, the counters. */
import type { FrameBatch, Point } from "#model/frame.ts";
import { state, type Statement } from "#model/statement.ts";
import type { Instant } from "#model/time.ts";
import { compareInstants } from "#model/time.ts";
import { limits } from "./limits.ts";
import { noStats, type CaptureGap, type CaptureReader, type CaptureStats, type PointRegistry } from "./reader.ts";
import type { ByteSource } from "./source.ts";

/** What `openCapture` found out before a reader was made. */
export interface Opened {
  readonly capture: number;
  readonly path: string;
  readonly file: string;
  readonly compression: "none" | "gzip" | "zstd";
  readonly source: ByteSource;
  readonly registry: PointRegistry;
  readonly blockBytes: number;
  /** First octets of the capture, decompressed; already taken from the source. */
  readonly head: Uint8Array;
}

function emptyBatch(frames: number): Omit<FrameBatch, "bytes"> {
  return {
    count: 0,
    offset: new Int32Array(frames),
    captured: new Int32Array(frames),
    original: new Int32Array(frames),
    sec: new Float64Array(frames),
    nsec: new Int32Array(frames),
    point: new Int32Array(frames),
    firstFrame: 1,
  };
}

/** Largest record or packet block with its header: what must fit into the block of octets at once. */
const LARGEST_RECORD = Math.max(limits.frameBytes + 64, limits.packetBlockBytes, limits.controlBlockBytes);

export abstract class RecordReader implements CaptureReader {
  abstract readonly format: "pcap" | "pcapng";
  readonly capture: number;
  readonly path: string;
  readonly file: string;
  readonly compression: "none" | "gzip" | "zstd";
  readonly points: Point[] = [];
  readonly stats: CaptureStats = noStats();
  sha256: string | undefined;

  protected readonly registry: PointRegistry;
  /** The octets at hand are `block[at … filled)`. */
  protected block: Uint8Array;
  protected view: DataView;
  protected at = 0;
  protected filled: number;
  /** Octets to pass over before the next record (of a block too large to hold). */
  protected skip = 0;
  /** Where in the capture (decompressed) `block[0]` lies, for messages. */
  protected blockOffset = 0;
  protected batch: { -readonly [K in keyof FrameBatch]: FrameBatch[K] };
  /** Time stamp of the last frame, for records that have none and for gaps. */
  protected lastSec = 0;
  protected lastNsec = 0;
  /** Counted per batch and added to `stats` at its end: a frame costs no object and no field write. */
  protected batchBytes = 0;
  protected batchTruncated = 0;
  protected minSec = Number.POSITIVE_INFINITY;
  protected minNsec = 0;
  protected maxSec = Number.NEGATIVE_INFINITY;
  protected maxNsec = 0;

  readonly #source: ByteSource;
  readonly #blockBytes: number;
  #state: "head" | "reading" | "drained" | "done" = "head";

  constructor(opened: Opened) {
    this.capture = opened.capture;
    this.path = opened.path;
    this.file = opened.file;
    this.compression = opened.compression;
    this.registry = opened.registry;
    this.#source = opened.source;
    this.#blockBytes = opened.blockBytes;
    this.block = opened.head;
    this.view = new DataView(opened.head.buffer, opened.head.byteOffset, opened.head.length);
    this.filled = opened.head.length;
    this.batch = { bytes: opened.head, ...emptyBatch(0) };
  }

  get size(): number {
    return this.#source.size;
  }

  get position(): number {
    return this.#source.position;
  }

  /**
   * Takes whole records from `block[at … filled)` into the batch until one is incomplete or the batch is full.
   * Returns how many frames the batch holds.
   */
  protected abstract parse(): number;
  /** What is only known at the end: drop counters, unknown interfaces. */
  protected abstract end(): void;
  /** Time of the first frame where the head shows it, else null. */
  abstract firstTime(): Instant | null;

  async next(): Promise<FrameBatch | null> {
    if (this.#state === "done") return null;
    if (this.#state === "head") this.#start();
    for (;;) {
      this.batch.firstFrame = this.stats.packets + 1;
      const count = this.parse();
      if (count > 0) {
        this.batch.count = count;
        this.#count(count);
        return this.batch;
      }
      // Reading a file is synchronous: awaiting a plain number would cost a turn of the event loop a block.
      const more = this.#state === "drained" ? 0 : this.#fill();
      if ((typeof more === "number" ? more : await more) === 0 && (await this.#finish())) return null;
    }
  }

  /** Memory is taken when reading begins, not when the capture is opened: a directory may hold thousands. */
  #start(): void {
    this.#resize(Math.max(this.#blockBytes, this.block.length));
    const frames = Math.min(limits.batchFrames, Math.max(64, this.#blockBytes >> 7));
    this.batch = { bytes: this.block, ...emptyBatch(frames) };
    this.#state = "reading";
  }

  #resize(octets: number): void {
    const larger = new Uint8Array(octets);
    larger.set(this.block.subarray(0, this.filled));
    this.block = larger;
    this.view = new DataView(larger.buffer);
    this.batch.bytes = larger;
  }

  /** Carries the incomplete record to the front and reads behind it. */
  #fill(): number | Promise<number> {
    const rest = this.filled - this.at;
    if (this.at > 0) {
      if (rest > 0) this.block.copyWithin(0, this.at, this.filled);
      this.blockOffset += this.at;
      this.at = 0;
      this.filled = rest;
    }
    if (this.filled === this.block.length) this.#resize(Math.min(Math.max(2 * this.block.length, 65_536), 2 * LARGEST_RECORD));
    const got = this.#source.read(this.block, this.filled, this.block.length - this.filled);
    return typeof got === "number" ? this.#took(got) : got.then((count) => this.#took(count));
  }

  #took(got: number): number {
    this.filled += got;
    if (this.skip > 0) {
      const passed = Math.min(this.skip, this.filled - this.at);
      this.at += passed;
      this.skip -= passed;
    }
    return got;
  }

  /** At the end of the octets; true where nothing more can come out of them. */
  async #finish(): Promise<boolean> {
    if (this.#state === "reading") {
      this.#state = "drained";
      // A parser that was looking for the next sound record may settle for less now.
      const before = this.at;
      if (this.filled > this.at && this.salvage()) return false;
      this.at = Math.max(this.at, before);
    }
    const left = this.filled - this.at;
    const broken = this.#source.broken;
    if (left > 0 || this.skip > 0) {
      this.stats.truncated++;
      this.gap("truncated-file", -1, left, state("gap.truncated-file", { octets: left }));
    } else if (broken !== undefined) this.stats.truncated++;
    if (broken !== undefined) this.gap("compression", -1, 0, state("gap.compression", { problem: broken }));
    this.end();
    this.#state = "done";
    this.sha256 = await this.#source.finish();
    // Ready for the collector although the reader stays referenced for its statistics.
    this.block = new Uint8Array(0);
    this.view = new DataView(this.block.buffer);
    this.batch = { bytes: this.block, ...emptyBatch(0) };
    return true;
  }

  /** Called once at the end of the octets with an incomplete record left; true where parsing should go on. */
  protected salvage(): boolean {
    return false;
  }

  #count(count: number): void {
    const stats = this.stats;
    stats.packets += count;
    stats.bytes += this.batchBytes;
    stats.truncated += this.batchTruncated;
    this.batchBytes = 0;
    this.batchTruncated = 0;
    if (this.minSec !== Number.POSITIVE_INFINITY) {
      const first = { sec: this.minSec, nsec: this.minNsec };
      const last = { sec: this.maxSec, nsec: this.maxNsec };
      if (stats.first === null || compareInstants(first, stats.first) < 0) stats.first = first;
      if (stats.last === null || compareInstants(last, stats.last) > 0) stats.last = last;
    }
    this.minSec = Number.POSITIVE_INFINITY;
    this.maxSec = Number.NEGATIVE_INFINITY;
  }

  protected lastTime(): Instant | null {
    return this.stats.packets > 0 || this.minSec !== Number.POSITIVE_INFINITY ? { sec: this.lastSec, nsec: this.lastNsec } : null;
  }

  protected gap(kind: CaptureGap["kind"], point: number, count: number, why: Statement): void {
    const gaps = this.stats.gaps;
    const from = this.lastTime();
    if (gaps.length < limits.gaps) {
      gaps.push({ kind, point, from, to: null, count, why });
      return;
    }
    const last = gaps[gaps.length - 1]!;
    gaps[gaps.length - 1] = { ...last, count: last.count + count, to: from, why: state("gap.further") };
  }

  protected addPoint(interfaceId: number, interfaceName: string | undefined, linkType: number, snapLength: number): Point {
    const point = this.registry.add({ capture: this.capture, interfaceId, interfaceName, linkType, snapLength });
    this.points.push(point);
    return point;
  }

  close(): Promise<void> {
    this.#state = "done";
    this.#source.close();
    return Promise.resolve();
  }
}
