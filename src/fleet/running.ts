/**
 * The judgement while facts come: it goes on from where it was, and begins anew only where it must (a fact belongs before one that was taken, or a start of a
 * sensor turned out to be a repetition). What it says is provisional in one respect: a sensor that is silent is not waited for.
 */
import { setImmediate } from "node:timers/promises";
import type { FindingsDocument } from "#findings/document.ts";
import { Judgement, withoutRepeats, type JudgedSettings } from "./judged.ts";
import type { Received, SensorStream } from "./received.ts";

/** Facts that are taken at once; between two such lots the process answers others: a member of a group that is silent loses its partitions. */
const LOT = 20_000;

/** Milliseconds without a fact after which a sensor is not waited for. */
const SILENT_MS = 2_000;

export class RunningJudgement {
  private readonly settings: JudgedSettings;
  private judgement: Judgement;
  /** Times that it began anew. */
  restarts = 0;

  constructor(settings: JudgedSettings) {
    this.settings = settings;
    this.judgement = new Judgement(settings, "at-own-end");
  }

  /** What is known by now. `nowMs`: this process's clock, as `Received` notes it. */
  async stock(received: Received, nowMs: number): Promise<FindingsDocument> {
    const { kept, again } = withoutRepeats([...received.streams.values()]);
    const keptSet = new Set(kept);
    if ([...this.judgement.streams].some((stream) => !keptSet.has(stream)) || this.judgement.late(kept)) {
      this.judgement = new Judgement(this.settings, "at-own-end");
      this.restarts++;
    }
    const horizon = kept.reduce((least, stream) => Math.min(least, toldUntil(stream, nowMs)), Infinity);
    while (!this.judgement.take(kept, horizon, LOT)) await setImmediate();
    return this.judgement.document(received, kept, again);
  }
}

/** Up to which time everything of this stream is here, or will not be waited for. */
function toldUntil({ end, watermark, factAtMs }: SensorStream, nowMs: number): number {
  return end !== null || nowMs - factAtMs > SILENT_MS ? Infinity : (watermark ?? -Infinity);
}
