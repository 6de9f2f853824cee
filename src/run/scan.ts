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
import type { WarrantRegister } from "#register/covers.ts";
import { drawCopyKeys, type CopyKeys } from "./copy-search.ts";
import { type CaptureRecord } from "#findings/document.ts";
import type { Fact } from "#model/fact.ts";
import type { Gap, Observation } from "#model/observation.ts";
import type { Progress } from "#model/progress.ts";
import { state } from "#model/statement.ts";
import type { TlsKeys } from "#model/tls-keys.ts";
import { Breath } from "./breath.ts";
import type { NetworkPicture } from "./context.ts";
import { JudgeEngine, type Judgement } from "./engine/judge.ts";
import { SenseEngine, type SenseSettings } from "./engine/sense.ts";
import { Services } from "./engine/services.ts";
import { PointWatch } from "./point-watch.ts";
import { PointIntake, PointTable } from "./points.ts";
import { resultOf, type ScanResult } from "./result.ts";
import { Volumes } from "./volumes.ts";

export type { ScanResult } from "./result.ts";

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
  /** Octets for the tables of the copy search; 0 leaves the search out, default `limits.budgetBytes` of `sense/copies`. */
  readonly copyBytes?: number;
  /** Counts the servers that subscribers' devices name, by device type; told as observations at the end. */
  readonly services?: boolean;
  /** Secrets of TLS connections that the operator logged. */
  readonly tlsKeys?: TlsKeys;
  /** With more than one, files are hashed by a thread of their own; the result does not depend on it. */
  readonly threads?: number;
  /** Seal of the declaration and tap map; with it the points are checked against the traffic, and findings may be attested. */
  readonly seal?: OpenedSeal;
  /** What stands between the point and whoever judges: answers who is told each fact, and hands it to `take`. Default: nothing. */
  readonly between?: (take: (fact: Fact) => void) => (fact: Fact) => void;
  /** Takes stock each time so many frames have come, as a watch does by its clock. What the scan ends with does not depend on it. */
  readonly stocks?: { readonly every: number; readonly taken?: (judgement: Judgement) => void };
  /** Hears about ten times a second of octets read, in a stage that the caller names, and then that the drafts are judged. */
  readonly progress?: Progress;
  /** Called when every input is known to be usable; answers who sees each observation, in order (the case keeps them). */
  readonly opened?: (picture: NetworkPicture) => Promise<(observation: Observation) => void>;
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
  const seed = randomBytes(4).readInt32LE(0);
  const copyKeys = settings.copyKeys ?? drawCopyKeys();
  const judge = new JudgeEngine({ declaration: lookup, register: settings.register ?? null, points: points.infos, seed });
  const { picture } = judge;
  const take = (fact: Fact): void => judge.take(fact);
  const services = settings.services === true ? new Services(judge.tracker, seed) : null;
  const pointWatch = settings.seal === undefined ? undefined : new PointWatch();
  const sense = new SenseEngine({
    declaration: lookup,
    points,
    seed,
    tell: settings.between?.(take) ?? take,
    advice: judge.advice,
    copies: settings.copyBytes === 0 ? null : copySettings(settings, copyKeys),
    services,
    ...(pointWatch === undefined ? {} : { watcher: (inner) => pointWatch.before(inner) }),
    control: controlSettings(settings),
  });
  const recorder = await settings.opened?.(picture);
  const volumes = recorder === undefined ? null : new Volumes();
  if (recorder !== undefined) judge.record(recorder);
  if (pointWatch !== undefined) judge.record((observation) => pointWatch.observe(observation, (address) => picture.rolesAt(address)));

  const total = readers.some((reader) => reader.size < 0) ? -1 : readers.reduce((sum, reader) => sum + reader.size, 0);
  const intake = new PointIntake(points, registry, readers);
  const breath = new Breath();
  const every = settings.stocks?.every ?? Infinity;
  await mergeCaptures(inputs, (batch, from, to, reader) => {
    const linkTypes = intake.meet(batch, from);
    for (let at = from; at < to; at += every) {
      sense.feed(batch, at, Math.min(to, at + every), reader.capture, linkTypes);
      if (settings.stocks === undefined) break;
      sense.stock();
      const judgement = judge.stock();
      settings.stocks.taken?.(judgement);
    }
    volumes?.batch(batch, from, to);
    const pause = breath.due();
    if (pause !== undefined) {
      settings.progress?.show(
        readers.reduce((sum, { position }) => sum + position, 0),
        total,
        sense.frames,
      );
    }
    return pause;
  });
  settings.progress?.stage("judging", "wait");
  settings.progress?.show(0, -1);
  await hashThread?.close();
  sense.close();
  services?.finish(settings.identities, take);
  return resultOf({
    began,
    registry,
    points,
    intake,
    sense,
    judge,
    readers,
    gaps,
    copyKeys,
    volumes,
    declaration: settings.declaration,
    pseudonymKey: settings.pseudonymKey ?? randomBytes(32),
    identities: settings.identities,
    standing: (captures) =>
      settings.seal === undefined || pointWatch === undefined
        ? null
        : judgeStanding(settings, settings.seal, pointWatch, { picture, registry, readers, captures }),
  });
}

export function copySettings(
  { sample, copyBytes }: Pick<ScanSettings, "sample" | "copyBytes">,
  keys: CopyKeys,
): NonNullable<SenseSettings["copies"]> {
  return { keys, ...(sample === undefined ? {} : { sample }), ...(copyBytes === undefined ? {} : { budgetBytes: copyBytes }) };
}

export function controlSettings({ tlsKeys }: Pick<ScanSettings, "tlsKeys">): SenseSettings["control"] {
  const key = [randomBytes(4).readInt32LE(0), randomBytes(4).readInt32LE(0)] as const;
  return tlsKeys === undefined ? { key } : { key, tlsKeys };
}

/** `given` or `attested`: whether seal, tap map and traffic fit one another (`method.md` §5.9). */
function judgeStanding(
  settings: ScanSettings,
  seal: OpenedSeal,
  watch: PointWatch,
  run: {
    readonly picture: NetworkPicture;
    readonly registry: PointRegistry;
    readonly readers: readonly CaptureReader[];
    readonly captures: readonly CaptureRecord[];
  },
): StandingVerdict & { readonly note: string; readonly selfCheck: SelfCheck } {
  const { picture, registry } = run;
  const declared = (index: number): DeclaredPoint | undefined => {
    const point = registry.points[index];
    return point === undefined ? undefined : picture.declaration?.pointFor(run.readers[point.capture]?.file ?? "", point.interfaceName);
  };
  const check = watch.result(picture.points, declared, picture.knowledge.references());
  const firsts = run.captures.flatMap(({ first }) => (first === null ? [] : [first])).sort();
  const verdict = standingOf({
    seal,
    declaration: settings.declaration?.sha256 ?? null,
    points: settings.declaration === null ? null : pointsHash(settings.declaration.declaration.points),
    allPointsDeclared: picture.points.every((info) => declared(info.index) !== undefined),
    firstFrame: firsts[0] ?? null,
    selfCheck: check,
  });
  return { ...verdict, note: seal.note, selfCheck: check };
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
