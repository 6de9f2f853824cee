/** A sensor: the half of a run that stands at the wire. Captures in, records of facts out; it judges nothing. */
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mergeCaptures, openCaptures } from "#capture/merge.ts";
import { PointRegistry, type CaptureReader } from "#capture/reader.ts";
import { captureName } from "#capture/open.ts";
import type { LoadedDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { codedLine } from "#findings/said.ts";
import { JoinedKnowledge } from "#join/knowledge.ts";
import { Tracker } from "#join/tracker.ts";
import type { LiveCapture } from "#live/live-capture.ts";
import type { LiveSource } from "#live/messages.ts";
import { ReaderThread } from "#live/reader-thread.ts";
import type { FrameBatch } from "#model/frame.ts";
import { drawCopyKeys } from "#run/copy-search.ts";
import { gapsOf } from "#run/coverage.ts";
import { SenseEngine } from "#run/engine/sense.ts";
import { PointIntake, PointTable } from "#run/points.ts";
import { captureRecord } from "#run/result.ts";
import { controlSettings } from "#run/scan.ts";
import { VERSION } from "#run/version.ts";
import { Batch } from "./batch.ts";
import { FLEET_LIMITS } from "./limits.ts";
import { Sender } from "./sender.ts";
import { SensorStatus, type Present } from "./status.ts";

export interface SensorSettings {
  readonly name: string;
  readonly declaration: LoadedDeclaration;
  readonly signer: Signer;
  /** Takes a record; resolves when it is acknowledged. */
  readonly producer: { send(network: string, value: Buffer): Promise<void> };
  /** Takes how the sensor is; undefined: nobody is told. */
  readonly status?: { send(network: string, words: readonly { readonly key: string; readonly value: Buffer }[]): Promise<void> };
  /** Folder of records that wait; default: one of its own under the system's temporary folder. */
  readonly spool?: string;
  readonly spoolBytes?: number;
  readonly say: (line: string) => void;
}

export interface SensorSummary {
  readonly frames: number;
  readonly records: number;
}

/** One boot of a sensor. */
class SensorRun {
  readonly registry = new PointRegistry();
  readonly readers: CaptureReader[] = [];
  readonly points: PointTable;
  readonly intake: PointIntake;
  readonly sense: SenseEngine;
  readonly sender: Sender;
  private readonly batch: Batch;
  private readonly knowledge: JoinedKnowledge;
  private readonly status: SensorStatus | null;
  private ended = false;
  private stockTook = 0;
  private stockAt = performance.now();

  constructor(settings: SensorSettings) {
    const { declaration, signer, producer } = settings;
    const network = declaration.declaration.network.name;
    const epoch = `${Date.now()}-${randomBytes(8).toString("hex")}`;
    const lookup = new Lookup(declaration.declaration);
    const seed = randomBytes(4).readInt32LE(0);
    this.points = new PointTable(lookup);
    this.intake = new PointIntake(this.points, this.registry, this.readers);
    this.sender = new Sender({
      signer,
      send: (value) => producer.send(network, value),
      spool: settings.spool ?? join(tmpdir(), `tapproof-spool-${epoch}`),
      spoolBytes: settings.spoolBytes ?? FLEET_LIMITS.spoolBytes,
      say: settings.say,
    });
    this.status =
      settings.status === undefined
        ? null
        : new SensorStatus({ network, sensor: settings.name, declaration: declaration.sha256, epoch, signer, send: settings.status });
    const origin = { network, sensor: settings.name, key: signer.vkey, tool: VERSION, declaration: declaration.sha256, epoch };
    this.batch = new Batch(origin, this.sender, this.points.infos, () => this.readers.map(({ file }) => file));
    // What this sensor hears of signalling saves it work; what it means is judged behind the stream.
    const addressesOf = (address: string): readonly string[] => lookup.functionAt(address)?.addresses ?? [address];
    const tracker = new Tracker(seed, () => undefined, addressesOf);
    this.knowledge = new JoinedKnowledge(tracker);
    this.sense = new SenseEngine({
      declaration: lookup,
      points: this.points,
      seed,
      tell: (fact) => {
        tracker.take(fact);
        this.batch.add(fact, this.ended ? null : this.sense.atMicros, this.ended ? 0 : this.sense.atCapture);
      },
      advice: tracker,
      copies: { keys: drawCopyKeys() },
      services: null,
      control: controlSettings({}),
    });
  }

  feed(batch: FrameBatch, from: number, to: number, capture: number): void {
    this.sense.feed(batch, from, to, capture, this.intake.meet(batch, from));
    this.batch.tick(this.sense.atMicros);
  }

  /** On a live link: tells what lasts and has changed, and sends what waits, though no frame comes. */
  tick(): void {
    const { sense } = this;
    if (sense.frames === 0) return;
    const now = performance.now();
    if (now - this.stockAt >= Math.max(FLEET_LIMITS.stockMs, this.stockTook * 10)) {
      sense.stock();
      this.stockAt = performance.now();
      this.stockTook = this.stockAt - now;
    }
    this.batch.tick(sense.atMicros);
  }

  /** Says how the sensor is, at most every few seconds; `live`: what the points lost. */
  tellStatus(live: readonly LiveCapture[] | null): void {
    this.status?.tell(() => this.present(live, false));
  }

  private present(live: readonly LiveCapture[] | null, ended: boolean): Present {
    const { sense, sender, readers, points } = this;
    return {
      watermark: sense.frames === 0 ? null : sense.atMicros,
      frames: sense.frames,
      records: sender.acknowledged,
      waiting: sender.waitingRecords,
      spooled: sender.spooledRecords,
      dropped: sender.droppedFacts,
      points: readers.map((reader, i) => {
        const { packets, bytes, last } = reader.stats;
        const capture = live?.[i];
        return {
          name: points.infos[reader.points[0]?.index ?? -1]?.name ?? reader.file,
          packets,
          bytes,
          drops: capture?.drops ?? 0,
          shed: capture?.shed.sampledOut ?? 0,
          ended: ended || capture?.ended === true,
          lastMs: last === null ? null : last.sec * 1000 + Math.floor(last.nsec / 1e6),
        };
      }),
      ended,
    };
  }

  /** The last words; resolves when all was acknowledged. */
  async finish(): Promise<SensorSummary> {
    const { sense, readers, points } = this;
    this.batch.send(sense.frames === 0 ? null : sense.atMicros);
    this.ended = true;
    sense.close();
    this.intake.noteLosses();
    this.batch.send(null, {
      captures: readers.map((reader) => ({ ...captureRecord(reader, sense, points) })),
      gaps: gapsOf(readers, sense.gaps(), this.knowledge, points.infos, []),
      notSeen: (sense.copiesNotSeen() ?? []).map(codedLine),
      frames: sense.frames,
    } as Parameters<Batch["send"]>[1]);
    await this.sender.flush();
    await this.status?.end(() => this.present(null, true));
    return { frames: sense.frames, records: this.sender.acknowledged };
  }
}

/** Senses captures and ends when all was acknowledged. Throws CaptureError where one cannot be used, before anything is sent. */
export async function senseCaptures(paths: readonly string[], settings: SensorSettings): Promise<SensorSummary> {
  const run = new SensorRun(settings);
  const lookup = new Lookup(settings.declaration.declaration);
  const inputs = await openCaptures(paths, {
    registry: run.registry,
    once: { prefer: (path) => lookup.pointFor(captureName(path)) !== undefined, told: () => undefined },
  });
  run.readers.push(...inputs.map(({ reader }) => reader));
  await mergeCaptures(inputs, (batch, from, to, reader) => {
    run.feed(batch, from, to, reader.capture);
    run.tellStatus(null);
    return run.sender.full ? run.sender.waitForRoom() : undefined;
  });
  return run.finish();
}

/** Senses live links until `stop` resolves or every source has ended. */
export async function senseLive(
  sources: readonly { readonly source: LiveSource; readonly name: string }[],
  settings: SensorSettings,
  stop: Promise<void>,
): Promise<SensorSummary> {
  const run = new SensorRun(settings);
  const shedKey = [randomBytes(4).readInt32LE(0), randomBytes(4).readInt32LE(0)] as const;
  let open = sources.length;
  let numbers = 0;
  let allEnded: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (allEnded = resolve));
  const taker = {
    began: (capture: LiveCapture) => void (run.readers[capture.capture] = capture),
    frames: (batch: FrameBatch, capture: LiveCapture) => run.feed(batch, 0, batch.count, capture.capture),
    ended: (thread: ReaderThread, why: string | null) => {
      if (why !== null) settings.say(`${thread.name}: ${why}; it is not watched any more`);
      if (--open === 0) allEnded();
    },
  };
  const threads = sources.map(
    ({ source, name }) => new ReaderThread({ source, name, shed: true, shedKey, registry: run.registry, number: () => numbers++ }, taker),
  );
  const live = (): LiveCapture[] => run.readers.filter((reader) => reader !== undefined) as LiveCapture[];
  const timer = setInterval(() => {
    run.tick();
    run.tellStatus(live());
  }, FLEET_LIMITS.batchMs);
  await Promise.race([stop, ended]);
  clearInterval(timer);
  await Promise.all(threads.map((thread) => thread.stop()));
  return run.finish();
}
