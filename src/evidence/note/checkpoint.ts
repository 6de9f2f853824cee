/**
 * C2SP tlog-checkpoint v1.0.0: the head of a log as the text of a signed note.
 *
 *   <origin> "\n" <size, decimal> "\n" base64(root hash) "\n" { <extension line> "\n" } 0..n
 */
import { EvidenceError } from "#evidence/evidence-error.ts";
import { decodeDecimal, decodeHash, encodeBase64 } from "./base64.ts";

export interface Checkpoint {
  readonly origin: string;
  /** Number of leaves; up to 2^53 - 1 here. */
  readonly size: number;
  /** 32 octets. */
  readonly root: Uint8Array;
  /** Opaque; nobody audits them, so this program writes none. */
  readonly extensions: readonly string[];
}

export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  return [origin, String(size), encodeBase64(root), ...extensions, ""].join("\n");
}

/** From the text of a note. Throws `checkpoint-malformed`. */
export function parseCheckpoint(text: string): Checkpoint {
  const bad = (why: string): EvidenceError => new EvidenceError("checkpoint-malformed", `checkpoint: ${why}`);
  if (!text.endsWith("\n")) throw bad("the text does not end with a newline");
  const [origin, sizeText, rootText, ...extensions] = text.slice(0, -1).split("\n");
  if (origin === undefined || origin === "") throw bad("no origin");
  const size = sizeText === undefined ? undefined : decodeDecimal(sizeText);
  if (size === undefined) throw bad("the size is not a decimal number below 2^53 without leading zeroes");
  const root = rootText === undefined ? undefined : decodeHash(rootText);
  if (root === undefined) throw bad("the root is not base64 of 32 octets");
  if (extensions.includes("")) throw bad("an empty extension line");
  return { origin, size, root, extensions };
}
