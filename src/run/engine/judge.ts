/**
 * Facts in; findings, what is undecided and what is known out. The half of a run that stands behind the stream: it has no file, no clock and no packet, and
 * does not know whether facts come by a function call or from a topic.
 *
 *   const judge = new JudgeEngine({ declaration, register, points, seed });
 *   judge.take(fact);          // in the order of the stream
 *   judge.stock();             // as often as wanted: it changes nothing
 *
 * A scan takes stock once, when the input has ended; watch and a correlator whenever somebody wants to know.
 */
import type { DeclarationLookup } from "#declaration/lookup.ts";
import { isUnreviewed } from "#declaration/unreviewed.ts";
import { Enclosure } from "#detect/covert-copy/enclosure.ts";
import type { Detector } from "#detect/detector.ts";
import type { UndecidedRecord } from "#findings/document.ts";
import { againstDraft, mergeActs, withoutDeclaration } from "#findings/merge.ts";
import { JoinedKnowledge } from "#join/knowledge.ts";
import { Tracker } from "#join/tracker.ts";
import type { Fact } from "#model/fact.ts";
import type { Claim, FindingDraft } from "#model/finding.ts";
import type { Gap, Observation } from "#model/observation.ts";
import type { PointInfo } from "#model/point.ts";
import { state } from "#model/statement.ts";
import type { WarrantRegister } from "#register/covers.ts";
import type { Advice } from "#sense/advice.ts";
import { RunContext, type NetworkPicture } from "#run/context.ts";
import { DETECTORS } from "#run/detectors.ts";

export interface JudgeSettings {
  readonly declaration: DeclarationLookup | null;
  readonly register: WarrantRegister | null;
  /** The points of the facts, by their number; it may grow while facts come. */
  readonly points: readonly PointInfo[];
  /** For the hash tables; the result does not depend on it. */
  readonly seed: number;
}

/** What is judged of everything taken so far. */
export interface Judgement {
  readonly drafts: readonly FindingDraft[];
  readonly undecided: readonly UndecidedRecord[];
  readonly coveredInterceptions: number;
  /** Undefined where no authority has sealed entries. */
  readonly awaitingAuthority: number | undefined;
  /** Detectors that failed and were left out. */
  readonly gaps: readonly Gap[];
}

export class JudgeEngine {
  readonly picture: NetworkPicture;
  readonly tracker: Tracker;
  /** What is known of tapped links. */
  readonly enclosure: Enclosure;
  private readonly context: RunContext;
  private readonly detectors: readonly Detector[];
  private readonly failed = new Set<Detector>();
  private readonly gaps: Gap[] = [];
  private readonly recorders: ((observation: Observation) => void)[] = [];

  constructor({ declaration, register, points, seed }: JudgeSettings) {
    const addressesOf = (address: string): readonly string[] => declaration?.functionAt(address)?.addresses ?? [address];
    this.tracker = new Tracker(seed, (observation) => this.tell(observation), addressesOf);
    this.enclosure = new Enclosure(declaration, points);
    this.context = new RunContext(declaration, points, new JoinedKnowledge(this.tracker), register, this.enclosure);
    this.picture = this.context;
    this.detectors = DETECTORS.map((make) => make(this.context));
  }

  /** Lets somebody see each observation before it is judged: the case's recorder, the check of points. */
  record(recorder: (observation: Observation) => void): void {
    this.recorders.push(recorder);
  }

  /** What a point in the same process may be told of signalling, so that it keeps less. */
  get advice(): Advice {
    return this.tracker;
  }

  take(fact: Fact): void {
    this.tracker.take(fact);
  }

  /** Judges what was taken so far. Taken twice, it answers the same; what comes later is judged with what came before. */
  stock(): Judgement {
    const unended = this.tracker.unended();
    this.enclosure.stock(unended.flows);
    const drafts = this.context.stock(() => {
      const all: FindingDraft[] = [];
      for (const detector of this.detectors) {
        if (this.failed.has(detector)) continue;
        try {
          all.push(...detector.findings(unended));
        } catch (error) {
          this.leaveOut(detector, error);
        }
      }
      return mergeActs(all);
    });
    let covered = 0;
    let awaiting: number | undefined;
    for (const detector of this.detectors) {
      const counts = this.failed.has(detector) ? undefined : detector.counts?.();
      if (counts === undefined) continue;
      covered += counts.covered;
      if (counts.awaiting !== undefined) awaiting = (awaiting ?? 0) + counts.awaiting;
    }
    return {
      drafts: this.asFarAsDeclared(drafts),
      undecided: this.context.undecidedRecords,
      coveredInterceptions: covered,
      awaitingAuthority: awaiting,
      gaps: this.gaps,
    };
  }

  /** Detectors that judge, with their thresholds. */
  settings(): { readonly claim: Claim; readonly settings: Readonly<Record<string, number | string>> }[] {
    return this.detectors.map(({ claim, settings }) => ({ claim, settings: settings ?? {} }));
  }

  private asFarAsDeclared(drafts: FindingDraft[]): FindingDraft[] {
    const { declaration } = this.context;
    if (declaration === null) return withoutDeclaration(drafts);
    return isUnreviewed(declaration.declaration) ? againstDraft(drafts) : drafts;
  }

  private tell(observation: Observation): void {
    this.enclosure.observe(observation);
    for (const record of this.recorders) record(observation);
    // No closures: this runs for every message and every detector.
    for (const detector of this.detectors) {
      if (this.failed.size > 0 && this.failed.has(detector)) continue;
      try {
        detector.observe(observation);
      } catch (error) {
        this.leaveOut(detector, error);
      }
    }
  }

  /** A detector that throws has a bug: it is left out, and the coverage says so. */
  private leaveOut(detector: Detector, error: unknown): void {
    this.failed.add(detector);
    const why = state("gap.detector-failed", { detector: detector.claim, error: error instanceof Error ? error.message : String(error) });
    this.gaps.push({ kind: "detector", point: -1, fromMicros: NaN, toMicros: NaN, count: 1, why });
    if (process.env["TAPPROOF_DEBUG"] !== undefined) console.error(error);
  }
}
