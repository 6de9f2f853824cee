/**
 * After a scan: carve, write the records, append them to the case's log, and make the bundle. Everything that must be the same on two machines is in
 * the records; what is not (paths, times, reasons of people) stays in the case.
 */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { bundleCase, bundlePath, carvedPath } from "#evidence/bundle/assemble.ts";
import { keepContents } from "#evidence/bundle/contents.ts";
import { FindingCommitments } from "#evidence/commit/commitments.ts";
import { caseSecret } from "#evidence/keys/case-secrets.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { openCaseLog, type LogItem } from "#evidence/log/case-log.ts";
import { createWhole, makeFolder, writeWhole } from "#evidence/log/durable.ts";
import {
  captureRecord,
  coverageRecord,
  declarationRecord,
  findingRecord,
  matchRecord,
  printKeysRecord,
  recordHash,
  registerRecord,
  settingsRecord,
  tapMapRecord,
} from "#evidence/records/build.ts";
import { KnownIdentities, Masking } from "#evidence/records/mask-text.ts";
import {
  RECORD_SCHEMA,
  type Carved,
  type CoverageStatement,
  type EvidenceRecord,
  type Finding,
  type Match,
  type Settings,
} from "#evidence/records/types.ts";
import { findingId, pseudonym } from "#findings/assemble.ts";
import type { FindingRecord } from "#findings/document.ts";
import type { FindingDraft } from "#model/finding.ts";
import type { Progress } from "#model/progress.ts";
import type { WarrantRegister } from "#register/covers.ts";
import type { CopyKeys } from "#run/copy-search.ts";
import type { ScanResult } from "#run/scan.ts";
import { VERSION } from "#run/version.ts";
import { carve, type CarveCapture, type CarvedFinding, type CarveWish } from "./carve.ts";
import { programHash } from "./program.ts";

/** What a scan was asked to do, as far as it decides what is found. */
export interface ScanOptions {
  readonly sample: number;
  /** Octets for the tables of the copy search; -1 is the default. */
  readonly copyBytes: number;
  /** Whether a TLS key log was given. */
  readonly tlsKeys: boolean;
}

export interface SealInput {
  readonly result: ScanResult;
  readonly options: ScanOptions;
  readonly declaration: { readonly declaration: object; readonly sha256: string } | null;
  readonly register: { readonly warrants: WarrantRegister; readonly fingerprint: string } | null;
  /** A public random value that nobody could know before: what is recorded with it is not older. */
  readonly beacon?: string | null;
  /** Hears how far carving, recording and bundling are. */
  readonly progress?: Progress;
}

export interface Sealed {
  readonly bundle: string;
  readonly bytes: number;
  readonly findings: readonly Finding[];
  readonly coverage: CoverageStatement;
}

/** Where captures lie, by SHA-256: for openings and full packets later. Not a record: another machine has other paths. */
export const SOURCES_FILE = "sources.json";

export async function sealScan(caseFolder: string, signer: Signer, input: SealInput): Promise<Sealed> {
  const { result, progress } = input;
  const log = openCaseLog(caseFolder, signer);
  try {
    const saltKey = caseSecret(caseFolder, "salts");
    const captures = capturesOf(result);
    const found = pairUp(result);
    const carved = await carve(
      captures,
      found.map(({ draft, finding }) => wishOf(result, draft, finding)),
      saltKey,
      progress === undefined ? {} : { progress },
    );
    makeFolder(join(caseFolder, "carved"));
    const base = baseRecords(input, saltKey);
    const masking = maskingOf(result, input.declaration?.declaration ?? null);
    const findings: Finding[] = [];
    const details: EvidenceRecord[] = [];
    progress?.stage("sealing", "findings");
    for (const [i, { draft, finding }] of found.entries()) {
      progress?.show(i, found.length);
      // between two findings a signal is heard, and other work goes on
      await setImmediate();
      const made = findingRecords(result, draft, finding, carved[i] as CarvedFinding, saltKey, masking);
      if (made.pcapng !== null) createWhole(carvedPath(caseFolder, made.carved.file?.sha256 ?? ""), made.pcapng);
      keepContents(caseFolder, saltKey, finding.id, recordHash(made.finding), made.contents);
      findings.push(made.finding);
      details.push(made.match, made.carved, made.finding);
    }
    let coverage: CoverageStatement | undefined;
    log.appendFrom((now) => {
      const before = now.last("coverage");
      const printKeys = printKeysRecord(before === undefined ? 0 : Number(before.value["sequence"]) + 1, result.copyKeys);
      // Logged before the first packet, unless the caller had no log then.
      const logged = [...now.records("print-keys")].some(({ record }) => record === recordHash(printKeys));
      const keys = logged ? [] : [printKeys];
      const records = [...base.captures, base.tapMap, base.declaration, base.register, base.settings, ...keys, ...details];
      coverage = coverageRecord(
        {
          ...base,
          document: result.document,
          sequence: before === undefined ? 0 : Number(before.value["sequence"]) + 1,
          previous: before?.record ?? null,
          printKeys,
          findings,
          beacon: input.beacon ?? null,
        },
        masking,
      );
      return [...records, coverage].map((record): LogItem => ({ type: record.type, record }));
    });
    keepSources(caseFolder, captures);
    const octets = bundleCase(caseFolder, log, signer, progress === undefined ? {} : { progress });
    return { bundle: bundlePath(caseFolder), bytes: octets.length, findings, coverage: coverage as CoverageStatement };
  } finally {
    log.close();
  }
}

/**
 * Before the first packet: the hash of the keys of prints enters the log (`method.md` §5.1), so that nobody can say that they were chosen to make packets
 * agree.
 */
export function logPrintKeys(caseFolder: string, signer: Signer, run: number, keys: CopyKeys): void {
  const log = openCaseLog(caseFolder, signer);
  try {
    log.appendFrom((now) => {
      const record = printKeysRecord(run, keys);
      const logged = [...now.records("print-keys")].some((entry) => entry.record === recordHash(record));
      return logged ? [] : [{ type: record.type, record }];
    });
  } finally {
    log.close();
  }
}

/** Where to read each capture again, and what its points are called. */
export function capturesOf(result: ScanResult): CarveCapture[] {
  return result.readers.map((reader) => ({
    ...(reader.kept === undefined ? {} : { kept: reader.kept }),
    path: reader.path === "-" ? undefined : resolve(reader.path),
    sha256: reader.sha256 ?? "",
    names: result.picture.points.filter((point) => point.capture === reader.capture).map((point) => point.name),
  }));
}

export interface Found {
  readonly draft: FindingDraft;
  readonly finding: FindingRecord;
}

/** Findings of the document with the drafts they were made from. */
export function pairUp(result: ScanResult): Found[] {
  const { document, drafts } = result;
  const byId = new Map(drafts.map((draft) => [findingId(draft, document.network), draft]));
  return document.findings.flatMap((finding) => {
    const draft = byId.get(finding.id);
    return draft === undefined ? [] : [{ draft, finding }];
  });
}

export function wishOf(result: ScanResult, draft: FindingDraft, finding: FindingRecord): CarveWish {
  const { picture } = result;
  const ends = new Set([draft.element.address, draft.receiver?.address]);
  const { declaration } = picture;
  return {
    finding: finding.id,
    evidence: [...draft.evidence].sort((a, b) => a.capture - b.capture),
    pairs: draft.matchedPairs ?? [],
    masks: {
      isUser: (address) => picture.isUser(address),
      shows: (address) =>
        ends.has(address) || (declaration === null ? picture.rolesAt(address).length > 0 : declaration.nameOf(address) !== null),
    },
  };
}

/** Records about the run as a whole. */
export function baseRecords(input: SealInput, saltKey: Uint8Array) {
  const { result, declaration, register } = input;
  const { document, picture } = result;
  return {
    captures: document.captures.map(captureRecord),
    tapMap: tapMapRecord(
      picture.points.map((point) => ({
        capture: document.captures[point.capture]?.sha256 ?? "",
        name: point.name,
        interface: point.interface ?? null,
        complete: point.complete,
      })),
    ),
    declaration: declarationRecord(declaration?.declaration ?? null, declaration?.sha256 ?? null, document.network),
    register: registerRecord(
      register === null ? null : { fingerprint: register.fingerprint, warrants: register.warrants.size, scopes: register.warrants.scopes },
      saltKey,
    ),
    settings: settingsOf(result, input.options),
  };
}

function settingsOf(result: ScanResult, options: ScanOptions): Settings {
  const detectors = result.detectors.map(({ claim, settings }) => ({
    claim,
    // A record holds whole numbers only.
    settings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, Number.isSafeInteger(value) ? value : String(value)]),
    ),
  }));
  return settingsRecord({ tool: { name: "tapproof", version: VERSION }, program: programHash(), options, detectors });
}

export interface FindingMade {
  readonly finding: Finding;
  readonly match: Match;
  readonly carved: Carved;
  readonly pcapng: Uint8Array | null;
  readonly contents: { readonly subscribers: readonly string[]; readonly identities: readonly string[] };
}

export function findingRecords(
  result: ScanResult,
  draft: FindingDraft,
  finding: FindingRecord,
  packets: CarvedFinding,
  saltKey: Uint8Array,
  masking: Masking,
): FindingMade {
  const subscribers = draft.subscribers
    .map((key) => ({ key, pseudonym: pseudonym(result.pseudonymKey, key) }))
    .sort((a, b) => (a.pseudonym < b.pseudonym ? -1 : 1));
  const commitments = new FindingCommitments(saltKey, finding.id);
  const identities = commitments.shuffled([...new Set(draft.subscribers.flatMap((key) => result.picture.identitiesOf(key)))]);
  const match = matchRecord(finding, draft.matchTable, packets.pairs, (draft.matchedPairs?.length ?? 0) - packets.pairs.length);
  const carved: Carved = {
    schema: RECORD_SCHEMA,
    type: "carved",
    finding: finding.id,
    file: packets.pcapng === null ? null : { bytes: packets.pcapng.length, sha256: hash("sha256", packets.pcapng, "hex") },
    why: packets.why,
    framesTotal: finding.evidence.reduce((n, e) => n + e.framesTotal, 0),
    frames: packets.frames,
  };
  return {
    finding: findingRecord({ finding, network: result.document.network, subscribers, identities, commitments, match, carved }, masking),
    match,
    carved,
    pcapng: packets.pcapng,
    contents: { subscribers: subscribers.map((s) => s.key), identities },
  };
}

/** What captures are called: no host is. */
const CAPTURE_NAME = /\.(?:pcap|pcapng|cap)(?:\.gz|\.zst)?$/i;

export function maskingOf(result: ScanResult, declaration: object | null): Masking {
  const { picture, document } = result;
  const names = new Set<string>();
  collectTexts(declaration, names);
  for (const capture of document.captures) for (const name of [capture.file, ...(capture.points ?? [capture.point])]) names.add(name);
  for (const point of picture.points) names.add(point.name);
  for (const { element, receiver } of document.findings)
    for (const name of [element.name, receiver?.name, receiver?.identity]) if (typeof name === "string") names.add(name);
  let digits: KnownIdentities | undefined;
  return new Masking({
    isUser: (address) => picture.isUser(address),
    mayName: (name) => names.has(name) || CAPTURE_NAME.test(name),
    isIdentity: (text) => (digits ??= identitiesOf(result)).has(text),
    pseudonym: (identity) => pseudonym(result.pseudonymKey, identity),
  });
}

function identitiesOf(result: ScanResult): KnownIdentities {
  const known = new KnownIdentities();
  for (const { imsi, msisdn, imei } of result.picture.knowledge.subscribers()) {
    if (imsi !== undefined) known.add(imsi);
    if (msisdn !== undefined) known.add(msisdn);
    if (imei !== undefined) known.addDevice(imei);
  }
  for (const key of result.drafts.flatMap((draft) => draft.subscribers)) {
    const identity = key.slice(key.indexOf(":") + 1);
    if (key.startsWith("imei:")) known.addDevice(identity);
    else known.add(identity);
  }
  return known;
}

function collectTexts(value: unknown, into: Set<string>): void {
  if (typeof value === "string") into.add(value);
  else if (typeof value === "object" && value !== null) for (const member of Object.values(value)) collectTexts(member, into);
}

function keepSources(caseFolder: string, captures: readonly CarveCapture[]): void {
  const path = join(caseFolder, SOURCES_FILE);
  const known = readSources(caseFolder);
  for (const { path: file, sha256 } of captures) if (file !== undefined) known[sha256] = file;
  writeWhole(path, `${JSON.stringify(known, null, 2)}\n`);
}

export function readSources(caseFolder: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(join(caseFolder, SOURCES_FILE), "utf8")) as Record<string, string>;
  } catch {
    return {};
  }
}
