/**
 * Batches of frames in, facts out. The half of a run that stands at the wire: scan, watch and sensor each have one, and give its facts to a `JudgeEngine`
 * (`take`) or to a stream.
 *
 *   const sense = new SenseEngine({ …, tell: (fact) => judge.take(fact) });
 *   sense.feed(batch, from, to, capture, linkTypes);
 *   sense.stock();             // tells what can be told again and again: the last word on each counts
 *   sense.close();             // the input has ended: the last words
 */
import type { ControlStackOptions } from "#decode/stack.ts";
import type { DeclarationLookup } from "#declaration/lookup.ts";
import type { Fact } from "#model/fact.ts";
import type { FrameBatch } from "#model/frame.ts";
import type { Statement } from "#model/statement.ts";
import type { Advice } from "#sense/advice.ts";
import type { CopyTracker } from "#sense/copies/tracker.ts";
import { ServiceWatch, type ServiceCounter, type ServiceSurroundings } from "#sense/services.ts";
import { copiesNotSeen, copySearch, type CopyKeys } from "#run/copy-search.ts";
import { senseGaps, type SenseGap } from "#run/coverage.ts";
import { Pipeline, type FrameWatcher } from "#run/pipeline.ts";
import type { PointTable } from "#run/points.ts";
import { quicPrimitives } from "#run/primitives.ts";

export interface SenseSettings {
  readonly declaration: DeclarationLookup | null;
  readonly points: PointTable;
  /** For the hash tables; the result does not depend on it. */
  readonly seed: number;
  readonly tell: (fact: Fact) => void;
  /** What the process knows of signalling; `NO_ADVICE` where it knows none. */
  readonly advice: Advice;
  /** Null leaves the search for copies out. */
  readonly copies: { readonly keys: CopyKeys; readonly sample?: number; readonly budgetBytes?: number } | null;
  /** Counts the servers that subscribers' devices name. */
  readonly services: { readonly counter: ServiceCounter; readonly around: Pick<ServiceSurroundings, "endAt" | "holderAt"> } | null;
  /** Sees every frame before the search for copies does, which is `inner`. */
  readonly watcher?: (inner: FrameWatcher | null) => FrameWatcher;
  readonly control: ControlStackOptions;
}

export class SenseEngine {
  private readonly pipeline: Pipeline;
  private readonly search: CopyTracker | null;
  private readonly tell: (fact: Fact) => void;

  constructor(settings: SenseSettings) {
    const { declaration, points, seed, tell, advice, copies, services, control } = settings;
    let search: CopyTracker | null = null;
    const watcher = (pipeline: Pipeline): FrameWatcher | null => {
      if (copies !== null) search = copySearch(pipeline, declaration, points.infos, copies.keys, copies.sample, copies.budgetBytes);
      return settings.watcher === undefined ? search : settings.watcher(search);
    };
    this.tell = tell;
    this.pipeline = new Pipeline(declaration, points, seed, tell, advice, watcher, control);
    this.search = search;
    if (services !== null) {
      const { isSubscriber } = this.pipeline;
      this.pipeline.watchServices(new ServiceWatch({ ...services.around, isSubscriber }, services.counter, quicPrimitives, seed));
    }
  }

  /** Frames `from` … `to` - 1 of a batch of capture `capture`. `linkTypes`: by point. */
  feed(batch: FrameBatch, from: number, to: number, capture: number, linkTypes: Int32Array): void {
    this.pipeline.batch(batch, from, to, capture, linkTypes);
  }

  /** Tells what lasts and has changed, and what each suspect carrier has against it so far: under the id of each, the last word counts. */
  stock(): void {
    this.pipeline.stock();
    this.copies();
  }

  private copies(): void {
    for (const fact of this.search?.observations() ?? []) this.tell(fact);
  }

  /** The end of the input: everything that is still open is told. */
  close(): void {
    this.pipeline.finish();
    this.search?.finish();
    this.copies();
  }

  /** Time of the frame at hand, microseconds, and its capture: asked while a fact is told. */
  get atMicros(): number {
    return this.pipeline.atMicros;
  }

  get atCapture(): number {
    return this.pipeline.atCapture;
  }

  get frames(): number {
    return this.pipeline.frames;
  }

  /** Frames with a malformed header, by capture. */
  malformed(capture: number): number {
    return this.pipeline.malformed[capture] ?? 0;
  }

  /** What was met and could not be read, and what a limit left out. */
  gaps(): SenseGap[] {
    return senseGaps(this.pipeline);
  }

  /** What the search for copies could not have seen; null where there was none. */
  copiesNotSeen(): Statement[] | null {
    return this.search === null ? null : copiesNotSeen(this.search);
  }

  /** The search for copies; null where there was none. */
  get copySearch(): CopyTracker | null {
    return this.search;
  }
}
