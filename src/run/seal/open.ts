/**
 * Openings (`method.md` §5.4, §5.5): one subscriber, one identity, one packet, or the pairs that a public random value picks. Each is a record in the
 * case's log before it is in any bundle.
 */
import { hash } from "node:crypto";
import { join } from "node:path";
import { openCaptures } from "#capture/merge.ts";
import { PointRegistry } from "#capture/reader.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { carveWhole } from "./carve-whole.ts";
import { carvedPath } from "#evidence/bundle/assemble.ts";
import { hiddenContents } from "#evidence/bundle/contents.ts";
import { CHALLENGE_LIMITS, challengedPairs } from "#evidence/commit/challenge.ts";
import { FindingCommitments } from "#evidence/commit/commitments.ts";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { caseSecret } from "#evidence/keys/case-secrets.ts";
import type { CaseLog, LogEntry } from "#evidence/log/case-log.ts";
import { createWhole, makeFolder } from "#evidence/log/durable.ts";
import {
  RECORD_SCHEMA,
  type Carved,
  type CarvedFull,
  type Challenge,
  type Finding,
  type FramePlace,
  type Match,
  type Opening,
} from "#evidence/records/types.ts";
import type { Progress } from "#model/progress.ts";
import { Breath } from "#run/breath.ts";
import { CARVE_LIMITS, contentOfBoth } from "./carve.ts";

export type OpeningKind = "subscriber" | "identity" | "packet";

/** The newest record of a finding, and what belongs to it. */
export interface FindingInCase {
  readonly record: string;
  readonly finding: Finding;
  readonly match: Match;
  readonly matchRecord: string;
  readonly carved: Carved;
}

/** By its id, or by as many first digits of it as no other has; the only one where none is named. Throws `record-invalid`. */
export function findingInCase(log: CaseLog, id: string | undefined): FindingInCase {
  const byId = new Map<string, LogEntry>();
  const records = new Map<string, LogEntry>();
  for (const entry of log.records()) {
    if (entry.type === "finding") byId.set(String(entry.value["id"]), entry);
    if (entry.type === "match" || entry.type === "carved") records.set(entry.record, entry);
  }
  const fits = [...byId].filter(([known]) => id === undefined || (id !== "" && known.startsWith(id.toLowerCase())));
  const only = fits.length === 1 ? fits[0]?.[1] : undefined;
  if (only === undefined)
    throw new EvidenceError(
      "record-invalid",
      whichOf(
        id,
        [...byId.keys()],
        fits.map(([known]) => known),
      ),
    );
  const finding = only.value as unknown as Finding;
  const match = records.get(finding.match)?.value as unknown as Match;
  const carved = records.get(finding.carved)?.value as unknown as Carved;
  return { record: only.record, finding, match, matchRecord: finding.match, carved };
}

/** Ids listed where a prefix fits several, or none. */
const IDS_LISTED = 8;

/** Why no one finding is meant, and which there are, each as short as it can be told from all others. */
function whichOf(id: string | undefined, all: readonly string[], fits: readonly string[]): string {
  if (all.length === 0) return "the case has no finding";
  const short = (known: string): string => {
    let length = Math.min(8, known.length);
    while (length < known.length && all.some((other) => other !== known && other.startsWith(known.slice(0, length)))) length++;
    return known.slice(0, length);
  };
  const listed = (ids: readonly string[]): string =>
    `${ids.slice(0, IDS_LISTED).map(short).join(", ")}${ids.length > IDS_LISTED ? ` and ${ids.length - IDS_LISTED} more` : ""}`;
  if (id === undefined) return `the case has ${all.length} findings; name one with --finding: ${listed(all)}`;
  return fits.length === 0
    ? `no finding begins with ${id === "" ? "nothing" : id}; the case has ${listed(all)}`
    : `${fits.length} findings begin with ${id}: ${listed(fits)}; give more digits`;
}

/** Answers the place of the opening in the log. */
export async function openOne(
  caseFolder: string,
  log: CaseLog,
  of: FindingInCase,
  kind: OpeningKind,
  index: number,
  reason: string,
  captures: ReadonlyMap<string, string>,
  progress?: Progress,
): Promise<number> {
  const saltKey = caseSecret(caseFolder, "salts");
  const commitments = new FindingCommitments(saltKey, of.finding.id);
  const name = kind === "packet" ? "frame" : kind;
  const content = kind === "packet" ? await packet(of, index, captures, progress) : hidden(caseFolder, saltKey, of, kind, index);
  const packetAt = of.carved.frames[index];
  const place = kind === "packet" && packetAt !== undefined ? `${packetAt.capture} ${packetAt.frame}` : String(index);
  const { salt, commitment } = commitments.byPlace(name, place, content);
  const committed =
    kind === "packet"
      ? of.carved.frames[index]?.commitment
      : kind === "subscriber"
        ? of.finding.subscribers.commitments[index]
        : of.finding.identities.commitments[index];
  if (commitment !== committed) {
    throw new EvidenceError(
      "record-invalid",
      `${kind} ${index}: what is at hand is not what was committed to (another key, or another capture)`,
    );
  }
  const record: Opening = {
    schema: RECORD_SCHEMA,
    type: "opening",
    finding: of.finding.id,
    class: name,
    index,
    salt: base64(salt),
    content: base64(content),
    reason,
  };
  return log.append("opening", record).index;
}

function hidden(caseFolder: string, saltKey: Uint8Array, of: FindingInCase, kind: "subscriber" | "identity", index: number): Uint8Array {
  const contents = hiddenContents(caseFolder, saltKey, of.finding.id, of.record);
  const content = (kind === "subscriber" ? contents?.subscribers : contents?.identities)?.[index];
  if (content === undefined) throw new EvidenceError("record-invalid", `the finding has no ${kind} ${index}`);
  return Buffer.from(content);
}

async function packet(
  of: FindingInCase,
  index: number,
  captures: ReadonlyMap<string, string>,
  progress: Progress | undefined,
): Promise<Uint8Array> {
  const place = of.carved.frames[index];
  if (place === undefined) throw new EvidenceError("record-invalid", `the finding has no carved packet ${index}`);
  const read = await readFrames([place], captures, progress);
  return (read.get(keyOf(place)) as ReadFrame).frame;
}

/** Opens the pairs that the random value picks; answers the place of the record in the log. */
export async function answerChallenge(
  log: CaseLog,
  caseFolder: string,
  of: FindingInCase,
  random: string,
  wanted: number,
  reason: string,
  captures: ReadonlyMap<string, string>,
  progress?: Progress,
): Promise<number> {
  const picked = picksOf(of, random, wanted);
  const places = picked.flatMap((i) => {
    const pair = of.match.pairs[i];
    return pair === undefined ? [] : [pair.copy, pair.original];
  });
  const read = await readFrames(places, captures, progress);
  const commitments = new FindingCommitments(caseSecret(caseFolder, "salts"), of.finding.id);
  const pairs = picked.map((i): Challenge["pairs"][number] => {
    const pair = of.match.pairs[i] as Match["pairs"][number];
    const copy = read.get(keyOf(pair.copy)) as ReadFrame;
    const original = read.get(keyOf(pair.original)) as ReadFrame;
    const both = contentOfBoth(copy.frame.subarray(0, 2 * CARVE_LIMITS.pairOctets), original.payload);
    if (both === undefined) throw new EvidenceError("record-invalid", `pair ${i}: the captures no longer show it`);
    const ours = commitments.byContent("payload", `copy ${i}`, both.copy);
    const theirs = commitments.byContent("payload", `original ${i}`, both.original);
    if (ours.commitment !== pair.copyCommitment || theirs.commitment !== pair.originalCommitment) {
      throw new EvidenceError("record-invalid", `pair ${i}: what is at hand is not what was committed to`);
    }
    return {
      pair: i,
      copySalt: base64(ours.salt),
      originalSalt: base64(theirs.salt),
      content: base64(both.copy),
      originalContent: base64(both.original),
    };
  });
  const record: Challenge = {
    schema: RECORD_SCHEMA,
    type: "challenge",
    finding: of.finding.id,
    match: of.matchRecord,
    random,
    wanted,
    pairs,
    reason,
  };
  return log.append("challenge", record).index;
}

/** Pairs that a public random value picks. Throws where there is nothing to pick from, or the value is no plain text. */
export function picksOf(of: FindingInCase, random: string, wanted: number): number[] {
  if (!/^[\x21-\x7e]+$/.test(random) || random.length > CHALLENGE_LIMITS.randomCharacters) {
    throw new EvidenceError(
      "record-invalid",
      `the random value: expected 1 to ${CHALLENGE_LIMITS.randomCharacters} printable characters without spaces`,
    );
  }
  if (of.match.pairs.length === 0) throw new EvidenceError("record-invalid", "this finding has no copies beside their originals to open");
  return challengedPairs(of.matchRecord, random, wanted, of.match.pairs.length);
}

/** The carved frames again, as they were captured; answers the place of the record in the log. */
export async function carveFull(
  caseFolder: string,
  log: CaseLog,
  of: FindingInCase,
  reason: string,
  captures: ReadonlyMap<string, string>,
  progress?: Progress,
): Promise<number> {
  const made = await carveWhole(of.finding.id, of.carved, (sha256) => pathOf(sha256, captures), progress);
  if (made === undefined || made.pcapng === null)
    throw new EvidenceError("record-invalid", "no packet of this finding could be read again");
  const sha256 = hash("sha256", made.pcapng, "hex");
  makeFolder(join(caseFolder, "carved"));
  createWhole(carvedPath(caseFolder, sha256), made.pcapng);
  const record: CarvedFull = {
    schema: RECORD_SCHEMA,
    type: "carved-full",
    finding: of.finding.id,
    file: { bytes: made.pcapng.length, sha256 },
    frames: made.frames.length,
    reason,
  };
  return log.append("carved-full", record).index;
}

interface ReadFrame {
  readonly frame: Uint8Array;
  /** Innermost transport payload, its first octets. */
  readonly payload: Uint8Array;
}

function keyOf({ capture, frame }: FramePlace): string {
  return `${capture} ${frame}`;
}

function pathOf(sha256: string, captures: ReadonlyMap<string, string>): string {
  const path = captures.get(sha256);
  if (path === undefined)
    throw new EvidenceError("record-invalid", `the capture ${sha256} is not at hand; name its folder with --captures`);
  return path;
}

async function readFrames(
  places: readonly FramePlace[],
  captures: ReadonlyMap<string, string>,
  progress: Progress | undefined,
): Promise<Map<string, ReadFrame>> {
  const found = new Map<string, ReadFrame>();
  const breath = new Breath();
  const view = new PacketView();
  for (const sha256 of new Set(places.map((p) => p.capture))) {
    const wanted = new Set(places.filter((p) => p.capture === sha256).map((p) => p.frame));
    const last = Math.max(...wanted);
    const registry = new PointRegistry();
    const [input] = await openCaptures([pathOf(sha256, captures)], { registry, hash: false });
    if (input === undefined) continue;
    const { reader } = input;
    progress?.stage("reading packets again", "octets");
    for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
      for (let i = 0; i < batch.count; i++) {
        const frame = batch.firstFrame + i;
        if (!wanted.has(frame)) continue;
        const offset = batch.offset[i] as number;
        const captured = batch.captured[i] as number;
        const point = registry.points[batch.point[i] as number];
        decodeFrame(view, batch.bytes, offset, captured, batch.original[i] as number, point?.linkType ?? 1);
        const level = view.ipCount - 1;
        const from = level < 0 ? 0 : (view.payloadStart[level] as number);
        const to = level < 0 ? 0 : (view.payloadEnd[level] as number);
        found.set(keyOf({ capture: sha256, frame }), {
          frame: batch.bytes.slice(offset, offset + captured),
          payload: batch.bytes.slice(from, Math.min(to, from + CARVE_LIMITS.pairOctets)),
        });
      }
      if (batch.firstFrame + batch.count > last) break;
      progress?.show(reader.position, reader.size);
      await breath.due();
    }
    await reader.close();
  }
  const missing = places.find((place) => !found.has(keyOf(place)));
  if (missing !== undefined)
    throw new EvidenceError("record-invalid", `frame ${missing.frame} of ${missing.capture} is not in its capture`);
  return found;
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString("base64");
}
