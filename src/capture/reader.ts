/**
 * What the capture stage offers to the others: a reader of one capture (pcap, pcapng, gzip or zstd over either,
 * a file or standard input) that yields batches of frames, and what it learned about the file on the way.
 */
import type { HashThread } from "./hash-thread.ts";
import type { FrameBatch, Point } from "#model/frame.ts";
import type { Statement } from "#model/statement.ts";
import type { Instant } from "#model/time.ts";

/** Input that cannot be used at all; the command line shows one line of it and exits with 2. */
export class CaptureError extends Error {
  /** What is wrong: `empty file`, `unknown file type`, … */
  readonly what: string;
  /** The path as given, or `-`; empty where it concerns several. */
  readonly where: string;
  /** What the user can do about it. */
  readonly whatToDo: string;
  /** `unreadable` concerns the path, `unusable` the content. */
  readonly kind: "unreadable" | "unusable";
  constructor(what: string, where: string, whatToDo: string, kind: "unreadable" | "unusable" = "unusable") {
    super(`${where === "" ? "" : `${where}: `}${what}; ${whatToDo}`);
    this.name = "CaptureError";
    this.what = what;
    this.where = where;
    this.whatToDo = whatToDo;
    this.kind = kind;
  }
}

/** Something the capture does not show, or says it lost (`contract.md` §4, `coverage.gaps`). */
export interface CaptureGap {
  readonly kind: "truncated-file" | "corrupt" | "drops" | "unknown-interface" | "unsupported-section" | "compression" | "shed" | "mirror";
  /** Index of the point in this run; -1 where it concerns the whole file. */
  readonly point: number;
  /** Time of the last frame before and of the first after, where known. */
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** Packets lost where they were counted, else octets that could not be read, else 0. */
  readonly count: number;
  readonly why: Statement;
}

/** Counters of one pcapng interface as its last Interface Statistics Block says; -1 where not stated. */
export interface InterfaceStatistics {
  readonly point: number;
  /** isb_ifrecv, isb_ifdrop, isb_filteraccept, isb_osdrop, isb_usrdeliv. */
  readonly received: number;
  readonly dropped: number;
  readonly filterAccepted: number;
  readonly osDropped: number;
  readonly delivered: number;
}

/** What was counted so far; final once `next()` returned null. */
export interface CaptureStats {
  packets: number;
  /** Octets on the wire. */
  bytes: number;
  /** Earliest and latest time stamp, whatever the order in the file. */
  first: Instant | null;
  last: Instant | null;
  /** Frames cut by the snap length, plus one where the file ends inside a record (`contract.md` §4). */
  truncated: number;
  /** Records or blocks whose own fields break the file format; frames with malformed packets are counted by the decoder. */
  malformedRecords: number;
  /** Name Resolution Blocks, custom and unknown blocks passed over. */
  skippedBlocks: number;
  readonly interfaces: InterfaceStatistics[];
  /** Comments of sections, interfaces and packets, in file order (`limits.comments`). */
  readonly comments: string[];
  commentsTotal: number;
  readonly gaps: CaptureGap[];
}

/** Nothing counted yet. */
export function noStats(): CaptureStats {
  return {
    packets: 0,
    bytes: 0,
    first: null,
    last: null,
    truncated: 0,
    malformedRecords: 0,
    skippedBlocks: 0,
    interfaces: [],
    comments: [],
    commentsTotal: 0,
    gaps: [],
  };
}

/** Hands out point indexes: one registry a run, shared by all its readers. */
export class PointRegistry {
  readonly points: Point[] = [];
  add(point: Omit<Point, "index">): Point {
    const added: Point = { index: this.points.length, ...point };
    this.points.push(added);
    return added;
  }
}

export interface CaptureOptions {
  /** Index of this capture in the run; default 0. */
  readonly capture?: number;
  /** Shared by all readers of a run; default: one of its own. */
  readonly registry?: PointRegistry;
  /** False leaves `sha256` undefined (live streams without end); default true. */
  readonly hash?: boolean;
  /** A thread that hashes large files beside the reading. */
  readonly hashThread?: HashThread;
  /** What the capture is called; default: the base name of its path. Never made a path. */
  readonly name?: string;
  /** Octets read at a time; default `limits.blockBytes`. */
  readonly blockBytes?: number;
}

export interface CaptureReader {
  /** Index of this capture in the run. */
  readonly capture: number;
  /** The path as given, or `-`. */
  readonly path: string;
  /** Base name, as `captures[].file` shows it; `-` for standard input. */
  readonly file: string;
  readonly format: "pcap" | "pcapng";
  readonly compression: "none" | "gzip" | "zstd";
  /** Octets of the file as given; -1 where unknown (standard input). For progress bars. */
  readonly size: number;
  /** Octets of it read so far. */
  readonly position: number;
  /** Points found so far; pcapng may declare interfaces anywhere. */
  readonly points: readonly Point[];
  readonly stats: CaptureStats;
  /** SHA-256 (hex) over the file as given; undefined until `next()` returned null. */
  readonly sha256: string | undefined;
  /**
   * The next frames, or null at the end. The batch and its bytes are reused: valid until the next call.
   * Never throws for bad content: what cannot be read is counted in `stats`. Throws CaptureError where reading fails.
   */
  next(): Promise<FrameBatch | null>;
  /** Of a live capture, which cannot be read again: its points, and the frames that were kept for findings, by number. */
  readonly kept?: () => {
    readonly frames: readonly {
      readonly frame: number;
      readonly point: number;
      readonly original: number;
      readonly sec: number;
      readonly nsec: number;
      readonly bytes: Uint8Array;
    }[];
    readonly points: readonly Point[];
  };
  /** Frees the file. After an early stop the hash stays undefined. */
  close(): Promise<void>;
}
