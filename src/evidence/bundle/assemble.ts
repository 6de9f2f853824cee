/**
 * From a case's log and folder to the parts of a bundle: the records that a third party needs, each with its proof, the checkpoint, the
 * leaves, the carved packets (docs/bundle-format.md). What only the investigators need (custody, comments, states) stays in the case.
 */
import { hash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { formatVerifierKey } from "#evidence/keys/note-key.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import type { CaseLog, LogEntry } from "#evidence/log/case-log.ts";
import { writeWhole } from "#evidence/log/durable.ts";
import { formatProof } from "#evidence/log/proof-file.ts";
import { TileReader } from "#evidence/log/tile-reader.ts";
import { FolderStorage } from "#evidence/log/tile-storage.ts";
import type { Carved, CarvedFull, CoverageStatement, Finding } from "#evidence/records/types.ts";
import type { Progress } from "#model/progress.ts";
import { BUNDLE_SUFFIX, writeBundle, type BundlePart } from "./write.ts";

export const BUNDLE_LIMITS = {
  /** Leaves of the log that travel along, so that any earlier checkpoint can be checked; a longer log goes without. */
  leaves: 65_536,
} as const;

/** Taken whole: who signs, who witnesses, what was sealed before, who handed captures over, what the accused answered. */
const ALWAYS: ReadonlySet<string> = new Set(["origin", "policy", "seal", "intake", "reply"]);

export interface BundleChoice {
  /** Ids of the findings to take; all where absent. */
  readonly findings?: readonly string[];
  /** Places in the log of openings, answers to challenges and full packets that go along: nothing is opened unless it is named here. */
  readonly opened?: readonly number[];
  /** Hears how many records are laid out. */
  readonly progress?: Progress;
}

/** Name of the bundle of a case: `<case>/<name of the folder>.tapproof`. */
export function bundlePath(caseFolder: string): string {
  const folder = resolve(caseFolder);
  return join(folder, `${basename(folder)}${BUNDLE_SUFFIX}`);
}

/** Throws `EvidenceError` where it is no hash: a case may come from a stranger, and what its log says is never a path. */
export function carvedPath(caseFolder: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new EvidenceError("log-damaged", `carved packets are named by what is not a SHA-256`);
  return join(caseFolder, "carved", `${sha256}.pcapng`);
}

/** Writes the bundle whole or not at all; answers its octets. Throws `EvidenceError`. */
export function bundleCase(
  caseFolder: string,
  log: CaseLog,
  signer: Signer,
  choice: BundleChoice = {},
  path = bundlePath(caseFolder),
): Buffer {
  const octets = writeBundle(partsOf(caseFolder, log, choice), signer);
  writeWhole(path, octets);
  return octets;
}

export function partsOf(caseFolder: string, log: CaseLog, choice: BundleChoice): BundlePart[] {
  const { entries, carved } = select(log, choice);
  const checkpoint = log.checkpoint();
  const parts: BundlePart[] = [
    { name: "signer.vkey", octets: Buffer.from(`${formatVerifierKey(log.key)}\n`) },
    { name: "log/checkpoint", octets: Buffer.from(checkpoint) },
  ];
  const witnessed = log.sealed().findLast((head) => head.witnessedAt !== undefined);
  if (witnessed !== undefined) parts.push({ name: "log/witnessed", octets: Buffer.from(witnessed.note) });
  if (log.size <= BUNDLE_LIMITS.leaves) {
    const tiles = new TileReader(new FolderStorage(join(caseFolder, "log")), log.size);
    parts.push({ name: "log/leaves", octets: Buffer.concat(Array.from({ length: log.size }, (_, i) => tiles.leafHash(i))) });
  }
  choice.progress?.stage("bundling", "records");
  for (const [n, entry] of entries.entries()) {
    choice.progress?.show(n, entries.length);
    const place = String(entry.index).padStart(8, "0");
    parts.push(
      { name: `records/${place}.json`, octets: Buffer.from(canonicalJson(entry.value)) },
      {
        name: `proofs/${place}.tlog-proof`,
        octets: Buffer.from(formatProof({ index: entry.index, extra: entry.leaf, hashes: log.inclusion(entry.index), checkpoint })),
      },
    );
  }
  for (const [name, sha256] of carved) {
    const file = carvedPath(caseFolder, sha256);
    if (!existsSync(file)) throw new EvidenceError("log-damaged", `${file}: carved packets are missing`);
    const octets = readFileSync(file);
    if (hash("sha256", octets, "hex") !== sha256) throw new EvidenceError("log-damaged", `${file}: is not what the log says`);
    parts.push({ name, octets });
  }
  return parts;
}

/** Entries in the order of the log, each record once, and the files of carved packets by part name. */
function select(log: CaseLog, choice: BundleChoice): { entries: LogEntry[]; carved: [string, string][] } {
  const first = new Map<string, LogEntry>();
  const taken = new Map<number, LogEntry>();
  const runs: LogEntry[] = [];
  for (const entry of log.records()) {
    if (ALWAYS.has(entry.type) || choice.opened?.includes(entry.index) === true) taken.set(entry.index, entry);
    else if (entry.type === "coverage") {
      taken.set(entry.index, entry);
      runs.push(entry);
    }
    if (!first.has(entry.record)) first.set(entry.record, entry);
  }
  const take = (record: string): LogEntry => {
    const entry = first.get(record);
    if (entry === undefined) throw new EvidenceError("log-damaged", `record ${record} is named by another and not in the log`);
    taken.set(entry.index, entry);
    return entry;
  };
  const carved = new Map<string, string>();
  const full = new Map<string, string>();
  const unknown = new Set(choice.findings ?? []);
  for (const run of runs) {
    const coverage = run.value as unknown as CoverageStatement;
    for (const record of [...coverage.captures, coverage.tapMap, coverage.declaration, coverage.register, coverage.settings]) take(record);
    let prints = false;
    for (const { id, record } of coverage.findings) {
      if (choice.findings !== undefined && !choice.findings.includes(id)) continue;
      unknown.delete(id);
      const finding = take(record).value as unknown as Finding;
      take(finding.match);
      prints ||= [finding, ...finding.witnesses].some(({ claim }) => claim === "covert-copy");
      const packets = take(finding.carved).value as unknown as Carved;
      if (packets.file !== null) carved.set(`carved/${id}.pcapng`, packets.file.sha256);
    }
    if (prints) take(coverage.printKeys);
  }
  const stranger = [...unknown][0];
  if (stranger !== undefined) throw new EvidenceError("record-invalid", `no finding ${stranger} in this case`);
  for (const entry of taken.values()) {
    if (entry.type !== "carved-full") continue;
    const { finding, file } = entry.value as unknown as CarvedFull;
    full.set(`carved-full/${finding}.pcapng`, file.sha256);
  }
  const byName = (map: Map<string, string>): [string, string][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return { entries: [...taken.values()].sort((a, b) => a.index - b.index), carved: [...byName(carved), ...byName(full)] };
}
