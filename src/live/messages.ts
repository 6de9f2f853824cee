/** What a reading thread is told, and what it tells the analysis. Plain values; frames travel in transferred memory. */
import type { CaptureGap, CaptureStats } from "#capture/reader.ts";
import type { ToolCounters, ToolName } from "./tool.ts";

/** Where frames come from. */
export type LiveSource =
  /** A network interface, through a capture program. */
  | { readonly kind: "interface"; readonly interface: string; readonly tool: ToolName }
  /** Standard input, or a named pipe: a capture that goes on. */
  | { readonly kind: "pipe"; readonly path: string }
  /** A folder into which another program writes captures, one after the other. */
  | { readonly kind: "folder"; readonly path: string }
  /** pcap over IP: a capture from a TCP connection. */
  | { readonly kind: "pcap-over-ip"; readonly host: string; readonly port: number }
  /** Mirrored frames in UDP datagrams: VXLAN, TZSP, ERSPAN and GRE in UDP. */
  | { readonly kind: "mirror"; readonly address: string; readonly port: number };

export interface ThreadOrder {
  readonly source: LiveSource;
  /** Name of the point. */
  readonly name: string;
  /** Shared words: see `Word`. */
  readonly words: SharedArrayBuffer;
  /** When behind, user packets are sampled and batches dropped; else the source waits. */
  readonly shed: boolean;
  readonly shedKey: readonly [number, number];
}

/** Words that both sides read while they work. */
export const Word = {
  /** Octets of frames that were handed over and not yet analysed. */
  QUEUED: 0,
  /** Not 0: the thread shall end. */
  STOP: 1,
  COUNT: 2,
} as const;

export interface FramesMessage {
  readonly kind: "frames";
  /** Number of the capture in this thread. */
  readonly capture: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly count: number;
  readonly offset: Int32Array<ArrayBuffer>;
  readonly captured: Int32Array<ArrayBuffer>;
  readonly original: Int32Array<ArrayBuffer>;
  readonly sec: Float64Array<ArrayBuffer>;
  readonly nsec: Int32Array<ArrayBuffer>;
  /** Number of the point in its capture. */
  readonly point: Int32Array<ArrayBuffer>;
  readonly firstFrame: number;
}

/** What was left out because the analysis was behind. */
export interface ShedCounters {
  /** User packets that the sample left out, and the sparsest sample taken: one in so many. */
  sampledOut: number;
  rate: number;
  /** Packets of batches that were dropped whole, signalling included. */
  dropped: number;
  /** Capture time of the first and the last such packet, microseconds; NaN while there is none. */
  fromMicros: number;
  toMicros: number;
}

export interface StatsMessage {
  readonly kind: "stats";
  readonly capture: number;
  /** Null where only the capture program's counters are new. */
  readonly stats: Pick<CaptureStats, "packets" | "bytes" | "first" | "last" | "truncated" | "malformedRecords"> | null;
  readonly gaps: readonly CaptureGap[];
  readonly shed: ShedCounters;
  readonly tool: ToolCounters | null;
  /** Datagrams of a mirror that held no frame. */
  readonly unknown: number;
}

export type ThreadMessage =
  | { readonly kind: "capture"; readonly capture: number; readonly file: string; readonly path: string; readonly format: "pcap" | "pcapng" }
  | {
      readonly kind: "point";
      readonly capture: number;
      readonly interfaceId: number;
      readonly interfaceName: string | undefined;
      readonly linkType: number;
      readonly snapLength: number;
    }
  | FramesMessage
  | StatsMessage
  | { readonly kind: "captured"; readonly capture: number; readonly sha256: string | undefined }
  /** The source is at its end; `why` where it should not be. */
  | { readonly kind: "end"; readonly why: string | null };
