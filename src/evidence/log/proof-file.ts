/**
 * C2SP tlog-proof v1: one file that shows, offline, that an entry is in a log and who witnessed it.
 *
 *   "c2sp.org/tlog-proof@v1" / ["extra " base64] / "index " decimal / { base64 hash } 0..n / "" / <signed checkpoint, verbatim>
 */
import { EvidenceError } from "#evidence/evidence-error.ts";
import { decodeBase64, decodeDecimal, decodeHash, encodeBase64 } from "#evidence/note/base64.ts";
import { parseCheckpoint, type Checkpoint } from "#evidence/note/checkpoint.ts";
import { openNote, parseNote, verifySignatures, type VerifiedSignature } from "#evidence/note/note.ts";
import { quorumTime, witnessKeys, type Policy } from "#evidence/note/policy.ts";
import type { VerifierKey } from "#evidence/keys/note-key.ts";
import { verifyInclusion } from "./tree.ts";

const HEADER = "c2sp.org/tlog-proof@v1";
/** A tree has at most 53 levels here, a checkpoint at most 1 MiB. */
const LIMITS = { octets: (1 << 20) + 8192, extra: 65_536, hashes: 63 } as const;

export interface LogProof {
  readonly index: number;
  /** Opaque and unauthenticated. */
  readonly extra: Uint8Array | undefined;
  readonly hashes: readonly Uint8Array[];
  /** Signed note, verbatim. */
  readonly checkpoint: string;
}

export function formatProof({ index, extra, hashes, checkpoint }: LogProof): string {
  return [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map((item) => encodeBase64(item)),
    "",
    checkpoint,
  ].join("\n");
}

/** Throws `proof-malformed`; the checkpoint within is parsed only by `verifyProof`. */
export function parseProof(text: string): LogProof {
  const bad = (why: string): EvidenceError => new EvidenceError("proof-malformed", `log proof: ${why}`);
  if (text.length > LIMITS.octets) throw bad(`longer than ${LIMITS.octets} octets`);
  const split = text.indexOf("\n\n");
  if (split < 0) throw bad("no empty line before the checkpoint");
  const lines = text.slice(0, split).split("\n");
  if (lines.shift() !== HEADER) throw bad(`does not begin with ${HEADER}`);
  let extra: Uint8Array | undefined;
  if (lines[0]?.startsWith("extra ") === true) {
    extra = decodeBase64((lines.shift() as string).slice(6));
    if (extra === undefined || extra.length > LIMITS.extra) throw bad("the extra line is not base64, or too long");
  }
  const indexLine = lines.shift();
  const index = indexLine?.startsWith("index ") === true ? decodeDecimal(indexLine.slice(6)) : undefined;
  if (index === undefined) throw bad("no index line");
  if (lines.length > LIMITS.hashes) throw bad(`more than ${LIMITS.hashes} hashes`);
  const hashes = lines.map((line) => {
    const value = decodeHash(line);
    if (value === undefined) throw bad("a line is not a hash in base64");
    return value;
  });
  return { index, extra, hashes, checkpoint: text.slice(split + 2) };
}

export interface VerifiedProof {
  readonly checkpoint: Checkpoint;
  readonly cosignatures: readonly VerifiedSignature[];
  /** Second at which the quorum was complete; undefined: pending. */
  readonly witnessedAt: number | undefined;
}

/**
 * The four steps of tlog-proof: the leaf's hash (the caller's), the log's signature, the witnesses', the path.
 * Throws `note-*`, `checkpoint-malformed` or `proof-wrong`; a missing quorum is no error but `witnessedAt` undefined.
 */
export function verifyProof(proof: LogProof, leaf: Uint8Array, origin: string, logKey: VerifierKey, policy: Policy): VerifiedProof {
  const note = parseNote(proof.checkpoint);
  openNote(note, [logKey]);
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== origin) throw new EvidenceError("proof-wrong", `log proof: from the log ${checkpoint.origin}, not ${origin}`);
  const cosignatures = verifySignatures(note, witnessKeys(policy));
  if (!verifyInclusion(proof.index, checkpoint.size, leaf, proof.hashes, checkpoint.root)) {
    throw new EvidenceError("proof-wrong", `log proof: the path does not lead from leaf ${proof.index} to the checkpoint's root`);
  }
  return { checkpoint, cosignatures, witnessedAt: quorumTime(policy, cosignatures) };
}
