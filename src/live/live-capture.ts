/** A capture that a reading thread reads, as the rest of the run knows captures. */
import type { CaptureGap, CaptureReader, CaptureStats } from "#capture/reader.ts";
import type { FrameBatch, Point } from "#model/frame.ts";
import type { ShedCounters, StatsMessage } from "./messages.ts";
import { lost, type ToolCounters } from "./tool.ts";

/** Its frames come by `ReaderThread`, not by `next`. */
export class LiveCapture implements CaptureReader {
  readonly compression = "none";
  readonly size = -1;
  position = 0;
  readonly points: Point[] = [];
  sha256: string | undefined = undefined;
  readonly stats: CaptureStats = {
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
  shed: ShedCounters = { sampledOut: 0, rate: 1, dropped: 0, fromMicros: NaN, toMicros: NaN };
  tool: ToolCounters | null = null;
  unknown = 0;
  ended = false;

  readonly capture: number;
  readonly file: string;
  readonly path: string;
  readonly format: "pcap" | "pcapng";

  constructor(capture: number, file: string, path: string, format: "pcap" | "pcapng") {
    this.capture = capture;
    this.file = file;
    this.path = path;
    this.format = format;
  }

  take(message: StatsMessage): void {
    if (message.stats !== null) {
      Object.assign(this.stats, message.stats);
      this.stats.gaps.splice(0, Infinity, ...(message.gaps as CaptureGap[]));
      this.position = message.stats.bytes;
    }
    this.shed = message.shed;
    if (message.tool !== null) this.tool = message.tool;
    this.unknown = message.unknown;
  }

  /** Packets that the link had and that were never read, as far as they are known. */
  get drops(): number {
    return (this.tool === null ? 0 : lost(this.tool)) + this.shed.dropped;
  }

  next(): Promise<FrameBatch | null> {
    return Promise.resolve(null);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
