/**
 * Where octets come from: a file read in place, standard input, or a decompressor over either. The SHA-256 of what was given is
 * computed on the way, on the blocks that are in the cache anyway.
 */
import { createHash, type Hash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Readable, Transform } from "node:stream";
import { constants, createGunzip, createZstdDecompress } from "node:zlib";
import type { FileHash, HashThread } from "./hash-thread.ts";
import { CaptureError } from "./reader.ts";
import { ZstdFrames } from "./zstd-frames.ts";

/** Octets in order; the reader of records pulls as many as it has room for. */
export interface ByteSource {
  /** Octets of the input as given; -1 where unknown. */
  readonly size: number;
  /** Octets of the input as given that were read. */
  readonly position: number;
  /** Fills `into` from `at`, at most `max` octets; 0 at the end. A plain number where no waiting is needed. */
  read(into: Uint8Array, at: number, max: number): number | Promise<number>;
  /** Sentence that says why the octets ended early, if they did. */
  readonly broken: string | undefined;
  /** Reads what is left (for the hash), closes, and returns the SHA-256 in hex; undefined without hash. */
  finish(): Promise<string | undefined>;
  close(): void;
}

/** Smaller files are hashed as they are read: a thread would take longer to begin. */
const THREAD_FROM = 16 * 1024 * 1024;
/** A file whose reading went beyond its head is being read, and not only opened with a thousand others. */
const BEGUN = 65_536;

/** A file, read synchronously: 28-50 ns a packet against 136 with FileHandle.read and 188 with a stream (bench/README.md; an earlier study). */
export class FileSource implements ByteSource {
  readonly size: number;
  position = 0;
  readonly broken = undefined;
  readonly #path: string;
  readonly #hash: Hash | undefined;
  readonly #thread: HashThread | undefined;
  #beside: FileHash | undefined;
  #fd = -1;

  /** `thread`: hashes large files there. */
  constructor(path: string, hash: boolean, thread?: HashThread) {
    this.#path = path;
    this.#open();
    const stat = fstatSync(this.#fd);
    // A named pipe or a device has no size; reading it in place still works.
    this.size = stat.isFile() ? stat.size : -1;
    this.#thread = hash && this.size >= THREAD_FROM ? thread : undefined;
    this.#hash = hash && this.#thread === undefined ? createHash("sha256") : undefined;
  }

  #open(): void {
    try {
      this.#fd = openSync(this.#path, "r");
    } catch (error) {
      throw unreadable(this.#path, error);
    }
  }

  /** Gives the descriptor back until the next read: a directory may hold more captures than a process may open. */
  suspend(): void {
    if (this.size >= 0) this.close();
  }

  read(into: Uint8Array, at: number, max: number): number {
    if (this.#fd < 0) this.#open();
    if (this.position >= BEGUN && this.#beside === undefined) this.#beside = this.#thread?.begin(this.#path);
    let got: number;
    try {
      got = readSync(this.#fd, into, at, max, this.size < 0 ? null : this.position);
    } catch (error) {
      throw unreadable(this.#path, error);
    }
    this.position += got;
    if (got > 0) this.#hash?.update(into.subarray(at, at + got));
    return got;
  }

  finish(): Promise<string | undefined> {
    if (this.#hash !== undefined || this.#thread !== undefined) {
      const rest = new Uint8Array(65_536);
      while (this.read(rest, 0, rest.length) > 0);
    }
    this.close();
    if (this.#thread !== undefined) return (this.#beside ?? this.#thread.begin(this.#path)).finish(this.position);
    return Promise.resolve(this.#hash?.digest("hex"));
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }
}

/** Standard input or any other stream; what one read brings is handed on at once, so that live traffic is not held back. */
export class StreamSource implements ByteSource {
  readonly size = -1;
  position = 0;
  readonly broken = undefined;
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #hash: Hash | undefined;
  #chunk: Uint8Array = new Uint8Array(0);
  #used = 0;
  #ended = false;

  constructor(stream: Readable, hash: boolean) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    this.#hash = hash ? createHash("sha256") : undefined;
  }

  async read(into: Uint8Array, at: number, max: number): Promise<number> {
    while (this.#used === this.#chunk.length) {
      if (this.#ended) return 0;
      let next: IteratorResult<Uint8Array>;
      try {
        next = await this.#chunks.next();
      } catch (error) {
        throw unreadable("-", error);
      }
      if (next.done === true) {
        this.#ended = true;
        return 0;
      }
      this.#chunk = next.value;
      this.#used = 0;
      this.position += next.value.length;
      this.#hash?.update(next.value);
    }
    const count = Math.min(max, this.#chunk.length - this.#used);
    into.set(this.#chunk.subarray(this.#used, this.#used + count), at);
    this.#used += count;
    return count;
  }

  async finish(): Promise<string | undefined> {
    if (this.#hash !== undefined && !this.#ended) {
      const rest = new Uint8Array(65_536);
      while ((await this.read(rest, 0, rest.length)) > 0);
    }
    return this.#hash?.digest("hex");
  }

  close(): void {
    this.#stream.destroy();
  }
}

/** Octets of compressed input that go into the decompressor at a time. */
const COMPRESSED_CHUNK = 65_536;
/** Octets that come out of it at a time. */
const PLAIN_CHUNK = 262_144;
/** Largest zstd window that a frame may ask for, as a power of two (128 MiB, zstd's own limit for `--long`). */
const ZSTD_WINDOW_LOG = 27;

/**
 * gzip (RFC 1952, several members) or zstd (RFC 8878, several frames) over another source. A stream that ends or breaks early
 * yields what came out until then; `broken` says so.
 */
export class InflateSource implements ByteSource {
  broken: string | undefined;
  readonly #inner: ByteSource;
  readonly #kind: "gzip" | "zstd";
  readonly #ready: Uint8Array[] = [];
  readonly #frames = new ZstdFrames();
  /** Octets of the first chunk of `#ready` that were handed on. */
  #used = 0;
  #input: Uint8Array;
  #inputUsed = 0;
  #engine: Transform | undefined;
  #done = false;

  /** `head` holds the octets that were already taken from `inner` to recognise the format. */
  constructor(inner: ByteSource, kind: "gzip" | "zstd", head: Uint8Array) {
    this.#inner = inner;
    this.#kind = kind;
    this.#input = head;
  }

  get size(): number {
    return this.#inner.size;
  }

  get position(): number {
    return this.#inner.position;
  }

  async read(into: Uint8Array, at: number, max: number): Promise<number> {
    for (;;) {
      const chunk = this.#ready[0];
      if (chunk !== undefined) {
        const count = Math.min(max, chunk.length - this.#used);
        into.set(chunk.subarray(this.#used, this.#used + count), at);
        this.#used += count;
        if (this.#used === chunk.length) {
          this.#ready.shift();
          this.#used = 0;
        }
        return count;
      }
      if (this.#done) return 0;
      await this.#advance();
    }
  }

  /** Gives the decompressor one more piece and collects what comes out. */
  async #advance(): Promise<void> {
    if (this.#inputUsed === this.#input.length) {
      const buffer = new Uint8Array(COMPRESSED_CHUNK);
      const got = await this.#inner.read(buffer, 0, buffer.length);
      this.#input = buffer.subarray(0, got);
      this.#inputUsed = 0;
      if (got === 0) {
        if (this.#engine !== undefined) await this.#feed(undefined);
        if (this.#kind === "zstd" && !this.#frames.atBoundary) this.broken ??= `the zstd stream ends early`;
        this.#done = true;
        return;
      }
    }
    const from = this.#inputUsed;
    if (this.#kind === "gzip") {
      this.#inputUsed = this.#input.length;
      await this.#feed(this.#input.subarray(from));
      return;
    }
    const before = this.#frames.piece;
    const count = this.#frames.take(this.#input, from);
    this.#inputUsed += count;
    if (this.#frames.piece === "garbage") return this.#fail();
    // A skippable frame shows itself with its magic number, whose octets the decompressor passes over as well.
    if (before === "skippable" && this.#frames.piece === "skippable") return;
    await this.#feed(this.#input.subarray(from, from + count));
    if (this.#frames.atBoundary && this.#engine !== undefined) {
      await this.#feed(undefined);
      this.#engine = undefined;
    }
  }

  /**
   * Writes one piece (undefined: the end) and waits until its output is out. The end is a write of its own, so that all earlier
   * output is out before the decompressor may complain that the rest is missing.
   */
  #feed(piece: Uint8Array | undefined): Promise<void> {
    this.#engine ??= this.#start();
    const engine = this.#engine;
    return new Promise((resolve) => {
      const failed = (error: Error & { code?: string }): void => {
        this.#engine = undefined;
        this.#fail(error.code === "Z_BUF_ERROR");
        resolve();
      };
      engine.once("error", failed);
      const written = (): void => {
        engine.off("error", failed);
        resolve();
      };
      if (piece === undefined) {
        engine.once("end", written);
        engine.end();
      } else engine.write(piece, written);
    });
  }

  #start(): Transform {
    const engine: Transform =
      this.#kind === "gzip"
        ? createGunzip({ chunkSize: PLAIN_CHUNK })
        : createZstdDecompress({ chunkSize: PLAIN_CHUNK, params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } });
    engine.on("data", (chunk: Uint8Array) => this.#ready.push(chunk));
    return engine;
  }

  #fail(early = false): void {
    this.broken ??= early ? `the ${this.#kind} stream ends early` : `the ${this.#kind} stream is damaged`;
    this.#done = true;
  }

  async finish(): Promise<string | undefined> {
    this.#engine?.destroy();
    return this.#inner.finish();
  }

  close(): void {
    this.#engine?.destroy();
    this.#inner.close();
  }
}

function unreadable(path: string, error: unknown): CaptureError {
  const code = (error as { code?: string }).code ?? "";
  const reasons: Record<string, readonly [string, string]> = {
    ENOENT: ["no such file", "check the path"],
    EACCES: ["permission denied", "check who may read it"],
    EISDIR: ["is a directory", "name the captures in it"],
  };
  const [what, whatToDo] = reasons[code] ?? [`cannot be read${code === "" ? "" : ` (${code})`}`, "check the file and its device"];
  return new CaptureError(what, path, whatToDo, "unreadable");
}
