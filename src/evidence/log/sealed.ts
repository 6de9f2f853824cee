/**
 * `log/sealed/<size>`: heads of the log that were sent to witnesses, each a signed note that gathers the cosignatures. A head that
 * was witnessed stays so for ever; what is appended later is pending again until the next seal.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EvidenceError } from "#evidence/evidence-error.ts";
import type { VerifierKey } from "#evidence/keys/note-key.ts";
import { parseCheckpoint, type Checkpoint } from "#evidence/note/checkpoint.ts";
import { formatNote, openNote, parseNote, verifySignatures, type NoteSignature, type VerifiedSignature } from "#evidence/note/note.ts";
import { quorumTime, witnessKeys, type Policy } from "#evidence/note/policy.ts";
import { makeFolder, writeWhole } from "./durable.ts";

export interface SealedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The signed note: the log's signature first, then cosignatures. */
  readonly note: string;
  /** Of witnesses that the policy names. */
  readonly cosignatures: readonly VerifiedSignature[];
  /** Seconds since the epoch at which the quorum was complete; undefined: pending. */
  readonly witnessedAt: number | undefined;
}

export function sealedPath(caseFolder: string, size: number): string {
  return join(caseFolder, "log", "sealed", String(size));
}

/** Sizes of the heads that were sent to witnesses, smallest first. */
export function sealedSizes(caseFolder: string): number[] {
  const folder = join(caseFolder, "log", "sealed");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^[1-9][0-9]{0,15}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** One of them. Throws where its signatures are wrong or it is of another log. */
export function readSealed(caseFolder: string, size: number, origin: string, key: VerifierKey, policy: Policy): SealedCheckpoint {
  const note = openNote(readFileSync(sealedPath(caseFolder, size), "utf8"), [key]);
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== origin || checkpoint.size !== size) {
    throw new EvidenceError(
      "log-damaged",
      `${sealedPath(caseFolder, size)}: is a head of ${checkpoint.origin} with ${checkpoint.size} leaves`,
    );
  }
  const cosignatures = verifySignatures(note, witnessKeys(policy));
  return { checkpoint, note: formatNote(note), cosignatures, witnessedAt: quorumTime(policy, cosignatures) };
}

/**
 * Keeps a head and the cosignatures it has. Cosignatures of the same key are replaced by later ones only where there was none: the
 * earliest says most. The caller holds the log's lock.
 */
export function keepSealed(caseFolder: string, head: string, cosignatures: readonly NoteSignature[]): void {
  const note = parseNote(head);
  const { size } = parseCheckpoint(note.text);
  const path = sealedPath(caseFolder, size);
  makeFolder(join(caseFolder, "log", "sealed"));
  const known = existsSync(path) ? parseNote(readFileSync(path, "utf8")) : note;
  if (known.text !== note.text) throw new EvidenceError("log-damaged", `${path}: is another head of the same size`);
  const added = cosignatures.filter((mine) => !known.signatures.some((other) => other.name === mine.name && other.id === mine.id));
  if (known !== note && added.length === 0) return;
  writeWhole(path, formatNote({ text: known.text, signatures: [...known.signatures, ...added] }));
}
