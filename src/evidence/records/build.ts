/** From what a scan found to the records of it. Pure: the same inputs and keys give the same octets, wherever and whenever. */
import { hash } from "node:crypto";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { keyedHash, type FindingCommitments } from "#evidence/commit/commitments.ts";
import type { CaptureRecord, ExplanationRecord, FindingRecord, FindingsDocument, StatementValues, StepRecord } from "#findings/document.ts";
import type { CodeAndValues } from "#findings/said.ts";
import type { MatchTable } from "#model/match.ts";
import { oneLine, type Masking } from "./mask-text.ts";
import {
  RECORD_SCHEMA,
  type CaptureIntake,
  type Carved,
  type CoverageStatement,
  type DeclarationState,
  type EvidenceRecord,
  type Finding,
  type Hash,
  type Match,
  type PrintKeys,
  type RegisterState,
  type Settings,
  type TapMap,
} from "./types.ts";

/** Hash under which other records and the log name this one. */
export function recordHash(record: EvidenceRecord): Hash {
  return hash("sha256", canonicalJson(record), "hex");
}

/** Octets that file systems allow in a name. */
const LONGEST_NAME = 255;

/**
 * The name as a record may hold it (docs/bundle-format.md §3): the last part of a path, on every system. What no such name has (line ends, other
 * control characters, separators of other systems) is replaced.
 */
export function recordedName(file: string): string {
  const name = file
    .toWellFormed()
    .replaceAll(/[\p{Cc}/\\:]/gu, "\ufffd")
    .slice(0, LONGEST_NAME)
    .toWellFormed();
  return name === "" || name === "." || name === ".." ? "\ufffd" : name;
}

export function captureRecord(capture: CaptureRecord): CaptureIntake {
  const { file, sha256, packets, bytes, first, last, truncated, malformed } = capture;
  const points = (capture.points ?? [capture.point]).map(oneLine);
  return {
    schema: RECORD_SCHEMA,
    type: "capture",
    file: recordedName(file),
    sha256,
    packets,
    bytes,
    first,
    last,
    truncated,
    malformed,
    points,
  };
}

export function tapMapRecord(points: TapMap["points"]): TapMap {
  const shown = points.map((point) => ({
    ...point,
    name: oneLine(point.name),
    interface: point.interface === null ? null : oneLine(point.interface),
  }));
  return { schema: RECORD_SCHEMA, type: "tap-map", points: shown };
}

export function declarationRecord(declaration: object | null, sha256: Hash | null, network: string | null): DeclarationState {
  return { schema: RECORD_SCHEMA, type: "declaration", given: declaration !== null, sha256, network, declaration };
}

/** `fingerprint` goes into a keyed hash and nowhere else: it may hold what the warrants say. */
export function registerRecord(
  register: { readonly fingerprint: string; readonly warrants: number; readonly scopes: RegisterState["scopes"] } | null,
  saltKey: Uint8Array,
): RegisterState {
  return {
    schema: RECORD_SCHEMA,
    type: "register",
    given: register !== null,
    keyedHash: register === null ? null : keyedHash(saltKey, "register", register.fingerprint),
    warrants: register?.warrants ?? 0,
    scopes: register?.scopes ?? { iri: 0, cc: 0, both: 0 },
  };
}

export function settingsRecord(settings: Omit<Settings, "schema" | "type">): Settings {
  return { schema: RECORD_SCHEMA, type: "settings", ...settings };
}

export function printKeysRecord(run: number, keys: { readonly print: Uint8Array; readonly sampling: Uint8Array }): PrintKeys {
  const hex = (key: Uint8Array): string => Buffer.from(key).toString("hex");
  return { schema: RECORD_SCHEMA, type: "print-keys", run, print: hex(keys.print), sampling: hex(keys.sampling) };
}

/** What no capture of a core network can show, whatever was tapped. */
const BLIND_SPOTS: readonly string[] = [
  "Predefined rules of a user-plane function: they act without being named on N4 or Sx.",
  "What happens inside an element or its host: content copied to a disk or carried out by other means than the links tapped.",
  "Content under TLS, IPsec, QUIC or another cipher whose keys were not given, beyond its sizes, times and ends.",
  "Links, interfaces and times that the tap map does not name.",
];

export interface CoverageParts {
  readonly document: FindingsDocument;
  readonly sequence: number;
  readonly previous: Hash | null;
  readonly captures: readonly CaptureIntake[];
  readonly tapMap: TapMap;
  readonly declaration: DeclarationState;
  readonly register: RegisterState;
  readonly settings: Settings;
  readonly printKeys: PrintKeys;
  readonly findings: readonly Finding[];
  readonly beacon: string | null;
}

export function coverageRecord(parts: CoverageParts, masking: Masking): CoverageStatement {
  const { captures } = parts;
  const { coverage } = parts.document;
  const sum = (of: (c: CaptureIntake) => number): number => captures.reduce((n, c) => n + of(c), 0);
  const counted = (kind: string): number => coverage.gaps.reduce((n, gap) => n + (gap.kind === kind ? gap.count : 0), 0);
  const firsts = captures.flatMap((c) => (c.first === null ? [] : [c.first])).sort();
  const lasts = captures.flatMap((c) => (c.last === null ? [] : [c.last])).sort();
  return {
    schema: RECORD_SCHEMA,
    type: "coverage",
    sequence: parts.sequence,
    previous: parts.previous,
    captures: captures.map(recordHash),
    tapMap: recordHash(parts.tapMap),
    declaration: recordHash(parts.declaration),
    register: recordHash(parts.register),
    settings: recordHash(parts.settings),
    printKeys: recordHash(parts.printKeys),
    from: firsts[0] ?? null,
    to: lasts.at(-1) ?? null,
    packets: sum((c) => c.packets),
    bytes: sum((c) => c.bytes),
    truncated: sum((c) => c.truncated),
    malformed: sum((c) => c.malformed),
    drops: counted("drops"),
    undecoded: counted("undecoded"),
    encrypted: coverage.gaps
      .filter((gap) => gap.kind === "encrypted")
      .map((gap) => ({ what: masking.text(typeof gap.values?.["what"] === "string" ? gap.values["what"] : gap.why), count: gap.count })),
    gaps: coverage.gaps.map(({ kind, point, from, to, count, why, code, values }) => ({
      kind,
      point: point === null ? null : oneLine(point),
      from,
      to,
      count,
      why: masking.text(withoutFolder(why)),
      ...coded(code, values, masking),
    })),
    undecided: coverage.undecided.map(({ claim, why, count, code, values }) => ({
      claim,
      why: masking.text(why),
      count,
      ...coded(code, values, masking),
    })),
    coveredInterceptions: coverage.coveredInterceptions,
    awaitingAuthority: coverage.awaitingAuthority ?? 0,
    notSeen: coverage.notSeen.map((line) => masking.text(line)),
    ...(coverage.notSeenCodes === undefined
      ? {}
      : { notSeenCodes: coverage.notSeenCodes.map((one) => (one === null ? null : coded(one.code, one.values, masking))) }),
    blindSpots: BLIND_SPOTS,
    beacon: parts.beacon,
    findings: parts.findings.map((finding) => ({ id: finding.id, record: recordHash(finding) })),
  };
}

function coded(code: string | undefined, values: StatementValues | undefined, masking: Masking): CodeAndValues {
  if (code === undefined) return {};
  return values === undefined ? { code } : { code, values: masking.values(values) };
}

function codedSummary(
  { summaryCode, values }: Pick<FindingRecord, "summaryCode" | "values">,
  masking: Masking,
): Pick<FindingRecord, "summaryCode" | "values"> {
  const masked = coded(summaryCode, values, masking);
  return {
    ...(masked.code === undefined ? {} : { summaryCode: masked.code }),
    ...(masked.values === undefined ? {} : { values: masked.values }),
  };
}

type ReasonCodes = Pick<ExplanationRecord, "code" | "becauseCode" | "becauseValues">;

function codedReason({ code, becauseCode, becauseValues }: ReasonCodes, masking: Masking): ReasonCodes {
  const because = coded(becauseCode, becauseValues, masking);
  return {
    ...(code === undefined ? {} : { code }),
    ...(because.code === undefined ? {} : { becauseCode: because.code }),
    ...(because.values === undefined ? {} : { becauseValues: because.values }),
  };
}

/** Messages about unusable inputs begin with the path as given: another machine has another folder. */
function withoutFolder(why: string): string {
  return why.replace(/^(?:[A-Za-z]:)?[^\s:]*[/\\]([^/\\:]+): /, "$1: ");
}

export interface FindingParts {
  readonly finding: FindingRecord;
  readonly network: string | null;
  /** Keys of the subscribers (`imsi:…`, `ip:…`), in the order of their pseudonyms. */
  readonly subscribers: readonly { readonly pseudonym: string; readonly key: string }[];
  /** All identities of all subscribers, in an order that tells nothing. */
  readonly identities: readonly string[];
  readonly commitments: FindingCommitments;
  readonly match: Match;
  readonly carved: Carved;
}

export function findingRecord(parts: FindingParts, masking: Masking): Finding {
  const { finding: f, commitments } = parts;
  const bits = Math.max(0, Math.floor(f.bits));
  return {
    schema: RECORD_SCHEMA,
    type: "finding",
    id: f.id,
    claim: f.claim,
    grade: f.grade,
    network: parts.network,
    summary: masking.text(f.summary),
    ...codedSummary(f, masking),
    element: { ...f.element, address: masking.address(f.element.address) },
    receiver:
      f.receiver === null
        ? null
        : {
            name: f.receiver.name,
            address: masking.address(f.receiver.address),
            port: f.receiver.port,
            declared: f.receiver.declared,
            ...(f.receiver.identity === undefined ? {} : { identity: f.receiver.identity }),
            ...(f.receiver.via === undefined ? {} : { via: masking.text(f.receiver.via) }),
          },
    act: f.act,
    transport: {
      layers: f.transport.layers,
      encrypted: f.transport.encrypted,
      delayMicros: f.transport.delaySeconds === null ? null : Math.round(f.transport.delaySeconds * 1e6),
    },
    subscribers: {
      count: f.subscribers.count,
      pseudonyms: parts.subscribers.map((s) => s.pseudonym),
      commitments: parts.subscribers.map((s, i) => commitments.byPlace("subscriber", String(i), Buffer.from(s.key)).commitment),
    },
    identities: {
      count: parts.identities.length,
      commitments: parts.identities.map((identity, i) => commitments.byPlace("identity", String(i), Buffer.from(identity)).commitment),
    },
    data: f.data,
    packets: f.packets,
    bytes: f.bytes,
    first: f.first,
    last: f.last,
    bits,
    chance: f.chance === null ? null : `2^-${Math.min(bits, 128)}`,
    standing: f.standing,
    premises: f.premises.map(({ id, statement, status, code, values }) => ({
      id,
      statement: masking.text(statement),
      status,
      ...coded(code, values, masking),
    })),
    evidence: f.evidence,
    ruledOut: f.ruledOut.map(({ explanation, status, because, ...codes }) => ({
      explanation,
      status,
      because: masking.text(because),
      ...codedReason(codes, masking),
    })),
    witnesses: f.witnesses.map((w) => ({
      claim: w.claim,
      grade: w.grade,
      summary: masking.text(w.summary),
      ...codedSummary(w, masking),
      evidence: w.evidence,
    })),
    sources: f.sources,
    details: masking.details(f.details),
    match: recordHash(parts.match),
    carved: recordHash(parts.carved),
  };
}

/** Steps of the arithmetic stand as codes, so that whoever verifies words them himself (docs/bundle-format.md §6). */
function stepCode({ code, label }: StepRecord): string {
  if (code === undefined) throw new Error(`a step of the arithmetic without a code: ${label}`);
  return code.slice("step.".length);
}

export function matchRecord(finding: FindingRecord, table: MatchTable | undefined, pairs: Match["pairs"], pairsLeftOut: number): Match {
  return {
    schema: RECORD_SCHEMA,
    type: "match",
    finding: finding.id,
    arithmetic: finding.arithmetic.map((step) => ({ code: stepCode(step), microbits: Math.round(step.bits * 1e6) })),
    table: table ?? null,
    pairs,
    pairsLeftOut,
  };
}
