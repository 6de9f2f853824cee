/**
 * What the facts of all sensors of a network say together: merged by time as one scan of all the captures would have met them, judged, as a document. At the
 * end it is built anew from all that is retained, so that it depends on nothing but the records: not on when they came, how often, or to whom. While facts
 * come it goes on from where it was (`running.ts`).
 */
import { randomBytes } from "node:crypto";
import type { LoadedDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import { networkName } from "#declaration/unreviewed.ts";
import { assemble } from "#findings/assemble.ts";
import { FINDINGS_SCHEMA, type CaptureRecord, type FindingsDocument, type GapRecord } from "#findings/document.ts";
import { exposure } from "#findings/exposure.ts";
import { codedLine, english, whyRecord } from "#findings/said.ts";
import type { Fact } from "#model/fact.ts";
import { isStatement, state, type Statement } from "#model/statement.ts";
import { microsToRfc3339 } from "#model/time.ts";
import type { WarrantRegister } from "#register/covers.ts";
import { gapsOf, notSeen } from "#run/coverage.ts";
import { JudgeEngine } from "#run/engine/judge.ts";
import { VERSION } from "#run/version.ts";
import { FactsReader, type StampedFact } from "./facts-file.ts";
import { Numbering } from "./numbering.ts";
import type { Received, SensorStream } from "./received.ts";

export interface JudgedSettings {
  readonly declaration: LoadedDeclaration;
  readonly register: WarrantRegister | null;
  readonly pseudonymKey: Uint8Array;
}

/** Facts that are told after the end of the input, in the order in which one point tells them. */
const CLOSING: Readonly<Record<Fact["kind"], number>> = {
  message: 0,
  fault: 0,
  missing: 0,
  flow: 1,
  use: 2,
  channel: 3,
  copy: 4,
  service: 5,
  gap: 5,
};

interface Head {
  readonly stream: SensorStream;
  readonly reader: FactsReader;
  next: StampedFact;
}

export function judge(received: Received, settings: JudgedSettings): FindingsDocument {
  const judgement = new Judgement(settings, "at-the-end");
  const { kept, again } = withoutRepeats([...received.streams.values()]);
  judgement.take(kept, Infinity);
  return judgement.document(received, kept, again);
}

/** Facts in the order of time, one engine, and what it says. */
export class Judgement {
  /** Latest time of a fact that was taken, microseconds. */
  private takenTo = -Infinity;
  private readonly settings: JudgedSettings;
  private readonly closing: "at-the-end" | "at-own-end";
  private readonly engine: JudgeEngine;
  private readonly numbering = new Numbering();
  private readonly readers = new Map<SensorStream, FactsReader>();
  private readonly unread = new Map<SensorStream, number>();
  private seconds = 0;

  /**
   * `closing`: what a sensor tells after its input ended is taken after all that has a time, as a scan tells it; or, where other inputs have no end in sight,
   * at the sensor's last time.
   */
  constructor(settings: JudgedSettings, closing: "at-the-end" | "at-own-end") {
    this.settings = settings;
    this.closing = closing;
    const lookup = new Lookup(settings.declaration.declaration);
    const { infos } = this.numbering;
    this.engine = new JudgeEngine({ declaration: lookup, register: settings.register, points: infos, seed: randomBytes(4).readInt32LE(0) });
  }

  /** Streams that facts were taken of. */
  get streams(): Iterable<SensorStream> {
    return this.readers.keys();
  }

  /** Whether a fact waits that belongs before one that was taken. */
  late(streams: readonly SensorStream[]): boolean {
    return streams.some((stream) => {
      const reader = this.reader(stream);
      const next = reader.peek();
      return next !== null && this.timeOf(next, reader) < this.takenTo;
    });
  }

  /** Takes facts up to and with the time `horizon`, microseconds, and at most so many; false where more wait. */
  take(streams: readonly SensorStream[], horizon: number, most = Infinity): boolean {
    const began = performance.now();
    const { numbering } = this;
    numbering.extend(streams);
    const heads: Head[] = [];
    for (const stream of streams) {
      const reader = this.reader(stream);
      const next = reader.peek();
      if (next !== null) heads.push({ stream, reader, next });
    }
    const rank = ({ stream, next }: Head): number => numbering.of(stream).captures[next.capture] ?? -1;
    const closing = ({ next }: Head): number => (next.fact === null ? 0 : CLOSING[next.fact.kind]);
    const before = (a: Head, b: Head): boolean => {
      const [x, y] = [this.timeOf(a.next, a.reader), this.timeOf(b.next, b.reader)];
      if (x !== y) return x < y;
      if (a.next.micros === Infinity || b.next.micros === Infinity) return closing(a) < closing(b);
      return rank(a) < rank(b);
    };
    let left = most;
    while (heads.length > 0 && left > 0) {
      left--;
      let least = heads[0] as Head;
      for (const head of heads) if (head !== least && before(head, least)) least = head;
      const { stream, reader, next } = least;
      const at = this.timeOf(next, reader);
      if (at > horizon) break;
      this.takenTo = Math.max(this.takenTo, at);
      this.one(stream, next);
      reader.skip();
      const following = reader.peek();
      if (following === null) heads.splice(heads.indexOf(least), 1);
      else least.next = following;
    }
    this.seconds += (performance.now() - began) / 1e3;
    return left > 0;
  }

  document(received: Received, kept: readonly SensorStream[], again: readonly SensorStream[]): FindingsDocument {
    const began = performance.now();
    const { engine, numbering, settings } = this;
    const { declaration, pseudonymKey } = settings;
    const { infos } = numbering;
    const judgement = engine.stock();
    const network = networkName(declaration.declaration);
    const captures = numbering.origins.map(({ stream, capture }): CaptureRecord => captureOf(stream, capture));
    const findings = assemble(judgement.drafts, {
      network,
      captureHash: (capture) => captures[capture]?.sha256 ?? "",
      pseudonymKey,
      identities: false,
      identitiesOf: (key) => engine.picture.identitiesOf(key),
      isUser: (address) => engine.picture.isUser(address),
      standing: "given",
    });
    const { knowledge } = engine.picture;
    const unseen = notSeen(knowledge, infos, copiesNotSeen(kept));
    const frames = kept.reduce((sum, { end }) => sum + (end?.frames ?? 0), 0);
    const unread = kept.map((stream) => this.unread.get(stream) ?? 0);
    const seconds = this.seconds + (performance.now() - began) / 1e3;
    return {
      schema: FINDINGS_SCHEMA,
      tool: { name: "tapproof", version: VERSION },
      network,
      captures,
      findings,
      declaration: declaration.sha256,
      coverage: {
        gaps: [
          ...gapsOf([], [], knowledge, infos, judgement.gaps),
          ...kept.flatMap(({ end }) => end?.gaps ?? []).map(told),
          ...fleetGaps(received, kept, again, unread, declaration.sha256),
        ],
        undecided: [...judgement.undecided],
        coveredInterceptions: judgement.coveredInterceptions,
        ...(judgement.awaitingAuthority === undefined ? {} : { awaitingAuthority: judgement.awaitingAuthority }),
        notSeen: unseen.map((line) => english(line)),
        notSeenCodes: unseen.map(codedLine),
      },
      exposure: exposure(findings, judgement.drafts, network, pseudonymKey),
      stats: {
        seconds: Math.round(seconds * 1e6) / 1e6,
        packetsPerSecond: Math.round(frames / Math.max(seconds, 1e-6)),
        peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      },
    };
  }

  private timeOf({ micros }: StampedFact, reader: FactsReader): number {
    // What cannot be read is passed by at once.
    if (Number.isNaN(micros)) return reader.lastMicros;
    return micros === Infinity && this.closing === "at-own-end" ? reader.lastMicros : micros;
  }

  private reader(stream: SensorStream): FactsReader {
    let reader = this.readers.get(stream);
    if (reader === undefined) this.readers.set(stream, (reader = new FactsReader(stream.file)));
    return reader;
  }

  /** A fact that no judge can take (it names what was never told of, or its members are not what its kind has) is counted. */
  private one(stream: SensorStream, { fact, micros, capture }: StampedFact): void {
    try {
      if (fact === null || Number.isNaN(micros) || capture < 0) throw new RangeError("no fact");
      this.engine.take(this.numbering.renumber(fact, stream));
    } catch (error) {
      if (process.env["TAPPROOF_DEBUG"] !== undefined) console.error(error);
      this.unread.set(stream, (this.unread.get(stream) ?? 0) + 1);
    }
  }
}

/** A sensor that was started anew on the same captures said the same twice: its last start counts, or the last that came to its end. */
export function withoutRepeats(streams: readonly SensorStream[]): { readonly kept: SensorStream[]; readonly again: SensorStream[] } {
  const kept: SensorStream[] = [];
  const again: SensorStream[] = [];
  const sorted = [...streams].sort((a, b) => Number(b.end !== null) - Number(a.end !== null) || (a.epoch < b.epoch ? 1 : -1));
  for (const stream of sorted) {
    const same = kept.find((other) => other.sensor === stream.sensor && covers(other, stream));
    (same === undefined ? kept : again).push(stream);
  }
  return { kept: kept.sort((a, b) => (a.sensor < b.sensor ? -1 : a.sensor > b.sensor ? 1 : a.epoch < b.epoch ? -1 : 1)), again };
}

/** A start on captures (whose content has a hash at the end) that names all that the other one names. */
function covers(whole: SensorStream, other: SensorStream): boolean {
  const files = whole.end === null ? null : new Map(whole.end.captures.map(({ file, sha256 }) => [file, sha256]));
  if (files === null || other.captures.length === 0) return false;
  const hashes = new Map((other.end?.captures ?? []).map(({ file, sha256 }) => [file, sha256]));
  return other.captures.every((file) => {
    const hash = files.get(file);
    return hash !== undefined && hash !== "" && (other.end === null || hashes.get(file) === hash);
  });
}

function captureOf(stream: SensorStream, capture: number): CaptureRecord {
  const record = stream.end?.captures[capture];
  const file = stream.captures[capture] ?? "";
  if (record === undefined)
    return { file, sha256: "", point: file, packets: 0, bytes: 0, first: null, last: null, truncated: 0, malformed: 0 };
  const { points, ...rest } = record;
  return { ...rest, ...(points === undefined ? {} : { points }) };
}

/** A sensor's own line: its English is ours where its code is one that we know. */
function told({ code, values, ...gap }: NonNullable<SensorStream["end"]>["gaps"][number]): GapRecord {
  const said = { code, values: values ?? {} };
  return isStatement(said.code, said.values) ? { ...gap, ...whyRecord({ code: said.code, values: said.values } as Statement) } : gap;
}

function copiesNotSeen(streams: readonly SensorStream[]): Statement[] {
  const lines = streams
    .flatMap(({ end }) => end?.notSeen ?? [])
    .flatMap(({ code, values }) => {
      const held = values ?? {};
      return isStatement(code, held) ? [{ code, values: held } as Statement] : [];
    });
  const sensors = new Set(streams.map(({ sensor }) => sensor)).size;
  return sensors > 1 ? [...lines, state("unseen.copies-across", { sensors })] : lines;
}

function fleetGaps(
  received: Received,
  kept: readonly SensorStream[],
  again: readonly SensorStream[],
  unread: readonly number[],
  declaration: string,
): GapRecord[] {
  const gaps: GapRecord[] = [];
  const add = (kind: string, count: number, why: Statement, from: number | null = null, to: number | null = null): void => {
    const time = (micros: number | null): string | null => (micros === null ? null : microsToRfc3339(micros));
    gaps.push({ kind, point: null, from: time(from), to: time(to), count, ...whyRecord(why) });
  };
  for (const { sensor, reason, count } of [...received.refused.values()].sort((a, b) => (a.sensor < b.sensor ? -1 : 1)))
    add("sensor-refused", count, state("gap.fleet-refused", { sensor, reason, records: count }));
  for (const [i, { sensor, missing, dropped, end, declaration: theirs }] of kept.entries()) {
    if (missing > 0) add("sensor-missing", missing, state("gap.fleet-missing", { sensor, records: missing }));
    if (dropped.facts > 0)
      add(
        "sensor-dropped",
        dropped.facts,
        state("gap.fleet-dropped", { sensor, facts: dropped.facts }),
        dropped.fromMicros,
        dropped.toMicros,
      );
    if (end === null) add("sensor-open", 1, state("gap.fleet-open", { sensor }));
    if (theirs !== declaration) add("sensor-declaration", 1, state("gap.fleet-declaration", { sensor }));
    const facts = unread[i] ?? 0;
    if (facts > 0) add("sensor-unread", facts, state("gap.fleet-unread", { sensor, facts }));
  }
  if (received.streams.size === 0) add("no-sensor", 1, state("gap.fleet-elsewhere"));
  for (const { sensor } of again) add("sensor-again", 1, state("gap.fleet-again", { sensor }));
  return gaps;
}
