/**
 * A watch: a scan whose input does not end. Reading threads hand over frames; the two engines are those of `scan`; stock is taken about once a
 * second, and whatever a finding says last counts. At its end (a duration, a signal, the end of all sources) it closes like a scan.
 */
import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { PointRegistry } from "#capture/reader.ts";
import { Lookup } from "#declaration/lookup.ts";
import type { FindingRecord } from "#findings/document.ts";
import type { LiveCapture } from "#live/live-capture.ts";
import type { LiveSource } from "#live/messages.ts";
import { ReaderThread } from "#live/reader-thread.ts";
import { RollingBuffer, type BufferSettings } from "#live/rolling-buffer.ts";
import type { FrameBatch } from "#model/frame.ts";
import type { Gap } from "#model/observation.ts";
import { state } from "#model/statement.ts";
import { drawCopyKeys } from "./copy-search.ts";
import { CoverageChain, type CoverageWord } from "./coverage-chain.ts";
import { JudgeEngine } from "./engine/judge.ts";
import { SenseEngine } from "./engine/sense.ts";
import { PointIntake, PointTable } from "./points.ts";
import { resultOf, type RunParts, type ScanResult } from "./result.ts";
import { CARVE_LIMITS } from "./seal/carve.ts";
import { controlSettings, copySettings, type ScanSettings } from "./scan.ts";
import { Volumes } from "./volumes.ts";

export const WATCH_LIMITS = {
  /** Milliseconds between two stocks, at least; a stock that takes long comes less often (it may take a tenth of the time). */
  stockMs: 1_000,
  /** Milliseconds between two words on one finding whose grade stays: counts of a copy change with every packet. */
  retellMs: 5_000,
  /** Captures that the status lists, the newest; the document lists all. */
  captures: 10_000,
} as const;

export interface WatchedSource {
  readonly source: LiveSource;
  /** Name of the point. */
  readonly name: string;
  /** When the analysis is behind, sample and drop; else the source waits. */
  readonly shed: boolean;
}

export interface WatchSettings extends Pick<
  ScanSettings,
  "declaration" | "register" | "pseudonymKey" | "copyKeys" | "sample" | "copyBytes" | "tlsKeys" | "opened"
> {
  readonly sources: readonly WatchedSource[];
  /** Seconds after which the watch ends by itself. */
  readonly seconds?: number;
  /** Seconds between two coverage statements; default 60. */
  readonly coverageSeconds?: number;
  /** A finding is new, or says something else than before. */
  readonly finding?: (finding: FindingRecord) => void;
  readonly coverage?: (word: CoverageWord) => void;
  /** A source ended although it should not have. */
  readonly sourceEnded?: (name: string, why: string) => void;
  /** Keeps the last packets, so that evidence of live links can be carved; needed only where a case is kept. */
  readonly buffer?: BufferSettings;
}

/** What the page, the metrics and the health endpoint ask. */
export interface WatchStatus {
  readonly sinceMs: number;
  readonly points: readonly {
    readonly name: string;
    readonly packets: number;
    readonly bytes: number;
    readonly drops: number;
    readonly shed: number;
    readonly queued: number;
    readonly ended: boolean;
    readonly lastMs: number | null;
  }[];
  readonly findings: readonly FindingRecord[];
  readonly stockMs: number;
  readonly stockAtMs: number;
  readonly coveredInterceptions: number;
}

export class Watch {
  private readonly settings: WatchSettings;
  private readonly threads: ReaderThread[] = [];
  private readonly captures: LiveCapture[] = [];
  private readonly told = new Map<string, { readonly said: string; readonly grade: string; readonly atMs: number }>();
  private findings: readonly FindingRecord[] = [];
  private readonly gaps: Gap[] = [];
  private readonly beganMs = Date.now();
  private stockTook = 0;
  private stockAt = 0;
  private covered = 0;
  private parts: RunParts | null = null;
  private chain: CoverageChain | null = null;
  private stopping = false;
  private wake: (() => void) | null = null;
  private readonly buffer: RollingBuffer | null;
  /** Frames that the buffer was asked for, by capture. */
  private readonly asked: Set<number>[] = [];

  constructor(settings: WatchSettings) {
    this.settings = settings;
    this.buffer = settings.buffer === undefined ? null : new RollingBuffer(settings.buffer);
  }

  /** Asks the watch to end; `run` then resolves. */
  stop(): void {
    this.stopping = true;
    this.wake?.();
  }

  /** Watches until it is stopped, its time is over, or every source has ended. */
  async run(): Promise<ScanResult> {
    const { settings } = this;
    const parts = await this.begin();
    const { sense } = parts;
    const registry = parts.registry;
    const intake = parts.intake;
    let open = settings.sources.length;
    const { buffer } = this;
    const shedKey = [randomBytes(4).readInt32LE(0), randomBytes(4).readInt32LE(0)] as const;
    const taker = {
      began: (capture: LiveCapture) => {
        this.captures[capture.capture] = capture;
        // A file, or what came by standard input, is somewhere: it can be read again.
        if (buffer !== null && !isFile(capture)) capture.kept = () => ({ frames: buffer.frames(capture.capture), points: capture.points });
      },
      frames: (batch: FrameBatch, capture: LiveCapture) => {
        if (capture.kept !== undefined) buffer?.put(batch, capture.capture);
        sense.feed(batch, 0, batch.count, capture.capture, intake.meet(batch, 0));
        parts.volumes?.batch(batch, 0, batch.count);
      },
      ended: (thread: ReaderThread, why: string | null) => {
        open--;
        if (why !== null && !this.stopping) {
          this.gaps.push({
            kind: "source-ended",
            point: thread.captures.at(-1)?.points[0]?.index ?? -1,
            fromMicros: Date.now() * 1e3,
            toMicros: NaN,
            count: 1,
            why: state("gap.source-ended", { source: thread.name, reason: why }),
          });
          settings.sourceEnded?.(thread.name, why);
        }
        if (open === 0) this.stop();
      },
    };
    let numbers = 0;
    for (const { source, name, shed } of settings.sources)
      this.threads.push(new ReaderThread({ source, name, shed, shedKey, registry, number: () => numbers++ }, taker));
    const until = settings.seconds === undefined ? Infinity : this.beganMs + settings.seconds * 1000;
    while (!this.stopping) {
      const pause = Math.max(WATCH_LIMITS.stockMs, this.stockTook * 10);
      await this.sleep(Math.max(0, Math.min(pause, until - Date.now())));
      if (Date.now() >= until) this.stopping = true;
      if (!this.stopping) this.takeStock(false, parts);
    }
    await Promise.all(this.threads.map((thread) => thread.stop()));
    sense.close();
    return this.takeStock(true, parts);
  }

  /** How things stand, for whoever asks. */
  status(): WatchStatus {
    return {
      sinceMs: this.beganMs,
      points: this.captures.flatMap((capture, i) => {
        const { stats } = capture;
        const thread = this.threads.find(({ captures }) => captures.includes(capture));
        const last = stats.last === null ? null : stats.last.sec * 1000 + Math.floor(stats.last.nsec / 1e6);
        return i < this.captures.length - WATCH_LIMITS.captures
          ? []
          : [
              {
                name: this.parts?.points.infos[capture.points[0]?.index ?? -1]?.name ?? capture.file,
                packets: stats.packets,
                bytes: stats.bytes,
                drops: capture.drops,
                shed: capture.shed.sampledOut,
                queued: thread?.queued ?? 0,
                ended: capture.ended,
                lastMs: last,
              },
            ];
      }),
      findings: this.findings,
      stockMs: this.stockTook,
      stockAtMs: this.stockAt,
      coveredInterceptions: this.covered,
    };
  }

  private async begin(): Promise<RunParts> {
    const { settings } = this;
    const lookup = settings.declaration === null ? null : new Lookup(settings.declaration.declaration);
    const registry = new PointRegistry();
    const points = new PointTable(lookup);
    const seed = randomBytes(4).readInt32LE(0);
    const copyKeys = settings.copyKeys ?? drawCopyKeys();
    const judge = new JudgeEngine({ declaration: lookup, register: settings.register ?? null, points: points.infos, seed });
    const sense = new SenseEngine({
      declaration: lookup,
      points,
      seed,
      tell: (fact) => judge.take(fact),
      advice: judge.advice,
      copies: settings.copyBytes === 0 ? null : copySettings(settings, copyKeys),
      services: null,
      control: controlSettings(settings),
    });
    const recorder = await settings.opened?.(judge.picture);
    if (recorder !== undefined) judge.record(recorder);
    this.chain = new CoverageChain((settings.coverageSeconds ?? 60) * 1000);
    this.parts = {
      began: process.hrtime.bigint(),
      registry,
      points,
      intake: new PointIntake(points, registry, this.captures),
      sense,
      judge,
      readers: this.captures,
      gaps: this.gaps,
      copyKeys,
      volumes: recorder === undefined ? null : new Volumes(),
      declaration: settings.declaration,
      pseudonymKey: settings.pseudonymKey ?? randomBytes(32),
      identities: false,
      standing: () => null,
    };
    return this.parts;
  }

  /** Judges what was taken so far and tells what changed. */
  private takeStock(last: boolean, parts: RunParts): ScanResult {
    const { settings } = this;
    const began = performance.now();
    if (!last) parts.sense.stock();
    const result = resultOf(parts);
    const { document } = result;
    this.findings = document.findings;
    this.covered = document.coverage.coveredInterceptions;
    if (this.buffer !== null) this.keepEvidence(result, this.buffer);
    for (const finding of document.findings) {
      const said = JSON.stringify(finding);
      const before = this.told.get(finding.id);
      if (before?.said === said) continue;
      const now = Date.now();
      if (!last && before !== undefined && before.grade === finding.grade && now - before.atMs < WATCH_LIMITS.retellMs) continue;
      this.told.set(finding.id, { said, grade: finding.grade, atMs: now });
      settings.finding?.(finding);
    }
    const word = this.chain?.due(last, () => ({ document, points: this.status().points }));
    if (word !== undefined) settings.coverage?.(word);
    this.stockTook = performance.now() - began;
    this.stockAt = Date.now();
    return result;
  }

  /** Frames of findings that were not asked for yet stay when the buffer moves on. */
  private keepEvidence({ drafts }: ScanResult, buffer: RollingBuffer): void {
    for (const { evidence, matchedPairs } of drafts) {
      for (const { capture, frames } of evidence) this.keepOnce(buffer, capture, frames.slice(0, CARVE_LIMITS.framesEach));
      for (const { copy, original } of matchedPairs ?? []) {
        this.keepOnce(buffer, copy.capture, [copy.frame]);
        this.keepOnce(buffer, original.capture, [original.frame]);
      }
    }
  }

  private keepOnce(buffer: RollingBuffer, capture: number, frames: readonly number[]): void {
    if (this.captures[capture]?.kept === undefined) return;
    const asked = (this.asked[capture] ??= new Set());
    const fresh = frames.filter((frame) => !asked.has(frame));
    if (fresh.length === 0 || asked.size > CARVE_LIMITS.frames) return;
    for (const frame of fresh) asked.add(frame);
    buffer.keep(capture, fresh);
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        resolve();
      }
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.stopping) this.wake();
    });
  }
}

function isFile(capture: LiveCapture): boolean {
  return capture.path !== "-" && statSync(capture.path, { throwIfNoEntry: false })?.isFile() === true;
}
