/** A capture that a reading thread reads, as the rest of the run knows captures. */
import { noStats, type CaptureGap, type CaptureReader, type CaptureStats } from "#capture/reader.ts";
import type { FrameBatch, Point } from "#model/frame.ts";
import { state } from "#model/statement.ts";
import type { Instant } from "#model/time.ts";
import type { ShedCounters, StatsMessage } from "./messages.ts";
import { lost, type ToolCounters } from "./tool.ts";

/** Its frames come by `ReaderThread`, not by `next`. */
export class LiveCapture implements CaptureReader {
  readonly compression = "none";
  readonly size = -1;
  position = 0;
  readonly points: Point[] = [];
  sha256: string | undefined = undefined;
  readonly stats: CaptureStats = noStats();
  shed: ShedCounters = { sampledOut: 0, rate: 1, dropped: 0, fromMicros: NaN, toMicros: NaN };
  tool: ToolCounters | null = null;
  unknown = 0;
  ended = false;
  /** Set where its packets are kept for a while (`RollingBuffer`). */
  kept?: NonNullable<CaptureReader["kept"]>;
  /** The capture program's name, for people. */
  program = "the capture program";
  /** Gaps that the reader of the format told. */
  private read: readonly CaptureGap[] = [];

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
      this.read = message.gaps;
      this.position = message.stats.bytes;
    }
    this.shed = message.shed;
    if (message.tool !== null) this.tool = message.tool;
    this.unknown = message.unknown;
    this.stats.gaps.splice(0, Infinity, ...this.read, ...this.own());
  }

  /** What this capture lost, sampled out or could not unwrap. */
  private own(): CaptureGap[] {
    const { shed, tool } = this;
    const gaps: CaptureGap[] = [];
    const point = this.points[0]?.index ?? -1;
    const whole = { point, from: this.stats.first, to: this.stats.last };
    const behind = { point, from: instant(shed.fromMicros), to: instant(shed.toMicros) };
    const missed = tool === null ? 0 : lost(tool);
    if (missed > 0)
      gaps.push({ kind: "drops", ...whole, count: missed, why: state("gap.live-lost", { program: this.program, packets: missed }) });
    if (shed.dropped > 0)
      gaps.push({ kind: "drops", ...behind, count: shed.dropped, why: state("gap.live-dropped", { packets: shed.dropped }) });
    if (shed.sampledOut > 0)
      gaps.push({
        kind: "shed",
        ...behind,
        count: shed.sampledOut,
        why: state("gap.live-shed", { packets: shed.sampledOut, rate: shed.rate }),
      });
    if (this.unknown > 0)
      gaps.push({ kind: "mirror", ...whole, count: this.unknown, why: state("gap.mirror-unknown", { datagrams: this.unknown }) });
    return gaps;
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

function instant(micros: number): Instant | null {
  return Number.isNaN(micros) ? null : { sec: Math.floor(micros / 1e6), nsec: Math.round((micros % 1e6) * 1e3) };
}
