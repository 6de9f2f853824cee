import { randomBytes } from "node:crypto";
import type { Duplicate } from "#capture/duplicates.ts";
import { HashThread } from "#capture/hash-thread.ts";
import { mergeCaptures, openCaptures } from "#capture/merge.ts";
import { captureName } from "#capture/open.ts";
import { CaptureError, PointRegistry, type CaptureReader } from "#capture/reader.ts";
import type { Declaration, DeclaredPoint } from "#declaration/types.ts";
import { pointsHash, type OpenedSeal } from "#evidence/seal/declaration-seal.ts";
import type { SelfCheck } from "#evidence/seal/self-check.ts";
import { standingOf, type StandingVerdict } from "#evidence/seal/standing.ts";
import { Lookup } from "#declaration/lookup.ts";
import { covertCopyWith } from "#detect/covert-copy.ts";
import { Enclosure } from "#detect/covert-copy/enclosure.ts";
import { unwarrantedInterception } from "#detect/unwarranted-interception.ts";
import type { WarrantRegister } from "#register/covers.ts";
import type { CopyTracker } from "#track/copies/tracker.ts";
import { ServiceWatch } from "#track/services.ts";
import { conservationNotes, copiesNotSeen, copySearch, drawCopyKeys, type CopyKeys } from "./copy-search.ts";
import type { Detector } from "#detect/detector.ts";
import { assemble } from "#findings/assemble.ts";
import { FINDINGS_SCHEMA, type CaptureRecord, type FindingsDocument } from "#findings/document.ts";
import { exposure } from "#findings/exposure.ts";
import { codedLine, english } from "#findings/said.ts";
import { mergeActs, withoutDeclaration } from "#findings/merge.ts";
import type { Claim, FindingDraft, Standing } from "#model/finding.ts";
import type { Gap, Observation } from "#model/observation.ts";
import { state } from "#model/statement.ts";
import { toRfc3339 } from "#model/time.ts";
import type { TlsKeys } from "#model/tls-keys.ts";
import { RunContext } from "./context.ts";
import { gapsOf, notSeen } from "./coverage.ts";
import { DETECTORS } from "./detectors.ts";
import { Pipeline, type FrameWatcher } from "./pipeline.ts";
import { PointWatch } from "./point-watch.ts";
import { PointTable } from "./points.ts";
import { Volumes } from "./volumes.ts";
import { quicPrimitives } from "./primitives.ts";
import { VERSION } from "./version.ts";

export interface ScanSettings {
  readonly paths: readonly string[];
  /** What captures are called where that is not the base name of their path, by path. Tap maps match it; it is never made a path. */
  readonly names?: ReadonlyMap<string, string>;
  /** Names of captures that were passed over because nothing is in them yet; listed in the gaps. */
  readonly empty?: readonly string[];
  readonly declaration: { readonly declaration: Declaration; readonly sha256: string } | null;
  /** Warrants; null or absent where no register was given. */
  readonly register?: WarrantRegister | null;
  /** Go on without captures that cannot be used, and list them in the gaps. */
  readonly skipBad: boolean;
  readonly identities: boolean;
  readonly pseudonymKey?: Uint8Array;
  /** Those of an earlier scan of the same case; default: drawn for this run. */
  readonly copyKeys?: CopyKeys;
  /** One packet in so many takes part in the copy search; default 1. */
  readonly sample?: number;
  /** Octets for the tables of the copy search; 0 leaves the search out, default `limits.budgetBytes` of `track/copies`. */
  readonly copyBytes?: number;
  /** Counts the servers that subscribers' devices name, by device type; told as observations at the end. */
  readonly services?: boolean;
  /** Secrets of TLS connections that the operator logged. */
  readonly tlsKeys?: TlsKeys;
  /** With more than one, files are hashed by a thread of their own; the result does not depend on it. */
  readonly threads?: number;
  /** Seal of the declaration and tap map; with it the points are checked against the traffic, and findings may be attested. */
  readonly seal?: OpenedSeal;
  /** Called about ten times a second with octets read and octets in all (-1 where unknown). */
  readonly progress?: (done: number, total: number, packets: number) => void;
  /** Called when every input is known to be usable; answers who sees each observation, in order (the case keeps them). */
  readonly opened?: (context: RunContext) => Promise<(observation: Observation) => void>;
}

export interface ScanResult {
  readonly document: FindingsDocument;
  readonly drafts: readonly FindingDraft[];
  readonly pipeline: Pipeline;
  readonly context: RunContext;
  readonly readers: readonly CaptureReader[];
  readonly pseudonymKey: Uint8Array;
  /** Keys of prints and of the sample, drawn for this run; kept with the case until they are opened or forgotten (`method.md` §5.1). */
  readonly copyKeys: CopyKeys;
  /** What the findings' standing rests on; null where no seal was given. */
  readonly standing: (StandingVerdict & { readonly note: string; readonly selfCheck: SelfCheck }) | null;
  /** Octets over time at each point; null where nothing is recorded. */
  readonly volumes: Volumes | null;
  /** Detectors that judged, with their thresholds, by claim. */
  readonly detectors: readonly { readonly claim: Claim; readonly settings: Readonly<Record<string, number | string>> }[];
}

/** One scan: captures in, findings out. A scan is a watch whose input ends. */
export async function scan(settings: ScanSettings): Promise<ScanResult> {
  const began = process.hrtime.bigint();
  const registry = new PointRegistry();
  const gaps: Gap[] = (settings.empty ?? []).map(notBegun);
  const hashThread = (settings.threads ?? 1) > 1 ? new HashThread() : undefined;
  const lookup = settings.declaration === null ? null : new Lookup(settings.declaration.declaration);
  const inputs = await openCaptures(settings.paths, {
    registry,
    ...(settings.names === undefined ? {} : { names: settings.names }),
    once: {
      prefer: (path) => lookup?.pointFor(settings.names?.get(path) ?? captureName(path)) !== undefined,
      told: (duplicate) => gaps.push(again(duplicate)),
    },
    ...(hashThread === undefined ? {} : { hashThread }),
    ...(settings.skipBad ? { onBad: (error: CaptureError) => gaps.push(skipped(error)) } : {}),
  });
  const readers = inputs.map(({ reader }) => reader);
  const points = new PointTable(lookup);
  const detectors: Detector[] = [];
  const recorders: ((observation: Observation) => void)[] = [];
  const failed = new Set<Detector>();
  const tell = (observation: Observation): void => {
    for (const record of recorders) record(observation);
    // No closures: this runs for every message and every detector.
    for (const detector of detectors) {
      if (failed.size > 0 && failed.has(detector)) continue;
      try {
        detector.observe(observation);
      } catch (error) {
        leaveOut(detector, failed, gaps, error);
      }
    }
  };
  const seed = randomBytes(4).readInt32LE(0);
  let search: CopyTracker | undefined;
  const copyKeys = settings.copyKeys ?? drawCopyKeys();
  let pointWatch: PointWatch | undefined;
  const watcher = (made: Pipeline): FrameWatcher | null => {
    if (settings.copyBytes !== 0) search = copySearch(made, lookup, points.infos, copyKeys, settings.sample, settings.copyBytes);
    if (settings.seal === undefined) return search ?? null;
    pointWatch = new PointWatch(search ?? null);
    return pointWatch;
  };
  const key = [randomBytes(4).readInt32LE(0), randomBytes(4).readInt32LE(0)] as const;
  const control = settings.tlsKeys === undefined ? { key } : { key, tlsKeys: settings.tlsKeys };
  const pipeline = new Pipeline(lookup, points, seed, tell, watcher, control);
  const services = settings.services === true ? new ServiceWatch(pipeline, quicPrimitives, seed) : null;
  pipeline.services = services;
  const context = new RunContext(lookup, points.infos, pipeline.tracker, settings.register ?? null);
  const register = settings.register ?? null;
  let covered = (): number => 0;
  let awaiting = (): number => 0;
  const interception = (ctx: RunContext): Detector => {
    const made = unwarrantedInterception(register)(ctx);
    covered = () => made.coveredInterceptions();
    awaiting = () => made.awaitingAuthority();
    return made;
  };
  const enclosure = new Enclosure(lookup, points.infos);
  recorders.push((observation) => enclosure.observe(observation));
  detectors.push(interception(context), covertCopyWith(register, enclosure)(context));
  for (const make of DETECTORS) detectors.push(make(context));

  const recorder = await settings.opened?.(context);
  const volumes = recorder === undefined ? null : new Volumes();
  if (recorder !== undefined) recorders.push(recorder);
  const watch = pointWatch;
  if (watch !== undefined) recorders.push((observation) => watch.observe(observation, (address) => context.rolesAt(address)));

  const total = readers.some((reader) => reader.size < 0) ? -1 : readers.reduce((sum, reader) => sum + reader.size, 0);
  let linkTypes = new Int32Array(16);
  let nextReport = 0;
  await mergeCaptures(inputs, (batch, from, to, reader) => {
    for (let i = points.infos.length; i < registry.points.length; i++) {
      const point = registry.points[i];
      if (point === undefined) continue;
      const owner = readers[point.capture];
      points.add(point, owner?.file ?? "", (owner?.points.length ?? 1) > 1, (batch.sec[from] as number) * 1e6);
      if (i >= linkTypes.length) {
        const wider = new Int32Array(linkTypes.length * 2 + i);
        wider.set(linkTypes);
        linkTypes = wider;
      }
      linkTypes[i] = point.linkType;
    }
    pipeline.batch(batch, from, to, reader.capture, linkTypes);
    volumes?.batch(batch, from, to);
    if (settings.progress !== undefined && Date.now() >= nextReport) {
      nextReport = Date.now() + 100;
      settings.progress(
        readers.reduce((sum, { position }) => sum + position, 0),
        total,
        pipeline.frames,
      );
    }
  });
  await hashThread?.close();
  pipeline.finish();
  services?.finish(settings.identities, tell);
  search?.finish();
  for (const observation of search?.observations() ?? []) tell(observation);

  for (const info of points.infos) {
    const { gaps: lost, truncated } = readers[info.capture]?.stats ?? { gaps: [], truncated: 0 };
    info.lossy = truncated > 0 || lost.length > 0;
  }

  const merged = mergeActs(
    detectors.flatMap((detector) => (failed.has(detector) ? [] : (isolated(detector, failed, gaps, () => detector.findings()) ?? []))),
  );
  const drafts = lookup === null ? withoutDeclaration(merged) : merged;
  const pseudonymKey = settings.pseudonymKey ?? randomBytes(32);
  const network = settings.declaration?.declaration.network.name ?? null;
  const captures = readers.map((reader) => captureRecord(reader, pipeline, points));
  const standing =
    settings.seal === undefined || pointWatch === undefined
      ? null
      : judgeStanding(settings, settings.seal, pointWatch, { pipeline, points, lookup, registry, readers, captures });
  const findings = assemble(drafts, {
    network,
    captureHash: (capture) => captures[capture]?.sha256 ?? "",
    pseudonymKey,
    identities: settings.identities,
    identitiesOf: (key) => context.identitiesOf(key),
    standing: (standing?.standing ?? "given") satisfies Standing,
  });
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const copies =
    search === undefined
      ? [state("unseen.copies-not-searched")]
      : [...copiesNotSeen(search), ...conservationNotes(search, lookup, enclosure)];
  const unseen = notSeen(pipeline, points.infos, copies);
  const document: FindingsDocument = {
    schema: FINDINGS_SCHEMA,
    tool: { name: "tapproof", version: VERSION },
    network,
    captures,
    findings,
    declaration: settings.declaration?.sha256 ?? null,
    coverage: {
      gaps: gapsOf(readers, pipeline, points.infos, gaps),
      undecided: context.undecidedRecords,
      coveredInterceptions: covered(),
      ...(register === null || register.awaiting === null ? {} : { awaitingAuthority: awaiting() }),
      notSeen: unseen.map((line) => english(line)),
      notSeenCodes: unseen.map(codedLine),
    },
    exposure: exposure(findings, drafts, network, pseudonymKey),
    stats: {
      seconds: Math.round(seconds * 1e6) / 1e6,
      packetsPerSecond: Math.round(pipeline.frames / Math.max(seconds, 1e-6)),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    },
  };
  const judging = detectors.map(({ claim, settings: thresholds }) => ({ claim, settings: thresholds ?? {} }));
  return { document, drafts, pipeline, context, readers, pseudonymKey, copyKeys, standing, volumes, detectors: judging };
}

/** `given` or `attested`: whether seal, tap map and traffic fit one another (`method.md` §5.9). */
function judgeStanding(
  settings: ScanSettings,
  seal: OpenedSeal,
  watch: PointWatch,
  run: {
    readonly pipeline: Pipeline;
    readonly points: PointTable;
    readonly lookup: Lookup | null;
    readonly registry: PointRegistry;
    readonly readers: readonly CaptureReader[];
    readonly captures: readonly CaptureRecord[];
  },
): StandingVerdict & { readonly note: string; readonly selfCheck: SelfCheck } {
  const { lookup, registry } = run;
  const declared = (index: number): DeclaredPoint | undefined => {
    const point = registry.points[index];
    return point === undefined ? undefined : lookup?.pointFor(run.readers[point.capture]?.file ?? "", point.interfaceName);
  };
  const check = watch.result(run.points.infos, declared, run.pipeline.tracker.elements.allReferences);
  const firsts = run.captures.flatMap(({ first }) => (first === null ? [] : [first])).sort();
  const verdict = standingOf({
    seal,
    declaration: settings.declaration?.sha256 ?? null,
    points: settings.declaration === null ? null : pointsHash(settings.declaration.declaration.points),
    allPointsDeclared: run.points.infos.every((info) => declared(info.index) !== undefined),
    firstFrame: firsts[0] ?? null,
    selfCheck: check,
  });
  return { ...verdict, note: seal.note, selfCheck: check };
}

/** A detector that throws has a bug: it is left out, and the coverage says so. */
function isolated<T>(detector: Detector, failed: Set<Detector>, gaps: Gap[], act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    leaveOut(detector, failed, gaps, error);
    return undefined;
  }
}

function leaveOut(detector: Detector, failed: Set<Detector>, gaps: Gap[], error: unknown): void {
  failed.add(detector);
  const why = state("gap.detector-failed", { detector: detector.claim, error: error instanceof Error ? error.message : String(error) });
  gaps.push({ kind: "detector", point: -1, fromMicros: NaN, toMicros: NaN, count: 1, why });
  if (process.env["TAPPROOF_DEBUG"] !== undefined) console.error(error);
}

/** Rotating capture makes the next file before there is anything to write. */
function notBegun(file: string): Gap {
  const why = state("gap.empty-capture", { file });
  return { kind: "empty-capture", point: -1, fromMicros: NaN, toMicros: NaN, count: 1, why };
}

/** Two names, two paths or two declared points: the octets were captured once, and were seen where the name that is kept says. */
function again({ path, kept }: Duplicate): Gap {
  const [file, other] = [captureName(path), captureName(kept)];
  const why = state("gap.duplicate-capture", { file, kept: other, same: file === other ? "yes" : "no" });
  return { kind: "duplicate-capture", point: -1, fromMicros: NaN, toMicros: NaN, count: 1, why };
}

function skipped(error: CaptureError): Gap {
  const why = state("gap.unusable-capture", { file: captureName(error.where), problem: error.what, remedy: error.whatToDo });
  return { kind: "unusable-capture", point: -1, fromMicros: NaN, toMicros: NaN, count: 1, why };
}

function captureRecord(reader: CaptureReader, pipeline: Pipeline, points: PointTable): CaptureRecord {
  const { stats } = reader;
  const names = reader.points.map((point) => points.infos[point.index]?.name ?? reader.file);
  return {
    file: reader.file,
    sha256: reader.sha256 ?? "",
    point: names[0] ?? reader.file,
    packets: stats.packets,
    bytes: stats.bytes,
    first: stats.first === null ? null : toRfc3339(stats.first),
    last: stats.last === null ? null : toRfc3339(stats.last),
    truncated: stats.truncated,
    malformed: (pipeline.malformed[reader.capture] ?? 0) + stats.malformedRecords,
    ...(names.length > 1 ? { points: names } : {}),
  };
}
