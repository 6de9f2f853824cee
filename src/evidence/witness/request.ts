/**
 * C2SP tlog-witness v1, `add-checkpoint`: the body of a request.
 *
 *   "old " decimal "\n" { base64 hash "\n" } 0..63 "\n" <signed checkpoint>
 */
import { decodeDecimal, decodeHash, encodeBase64 } from "#evidence/note/base64.ts";
import { parseCheckpoint, type Checkpoint } from "#evidence/note/checkpoint.ts";
import { parseNote, type Note } from "#evidence/note/note.ts";

/** Hashes of a consistency proof in a request, as the specification has it. */
export const MAX_PROOF_LINES = 63;

export interface AddCheckpoint {
  /** Size of the head that the sender believes the witness cosigned last. */
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  readonly note: Note;
  readonly checkpoint: Checkpoint;
}

export function formatAddCheckpoint(oldSize: number, proof: readonly Uint8Array[], note: string): string {
  return [`old ${oldSize}`, ...proof.map((item) => encodeBase64(item)), "", note].join("\n");
}

/** Undefined for a body that is not exactly of this form. */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint | undefined {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
  const split = text.indexOf("\n\n");
  if (split < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, split).split("\n");
  const oldSize = first.startsWith("old ") ? decodeDecimal(first.slice(4)) : undefined;
  if (oldSize === undefined || lines.length > MAX_PROOF_LINES) return undefined;
  const proof: Uint8Array[] = [];
  for (const line of lines) {
    const value = decodeHash(line);
    if (value === undefined) return undefined;
    proof.push(value);
  }
  try {
    const note = parseNote(text.slice(split + 2));
    return { oldSize, proof, note, checkpoint: parseCheckpoint(note.text) };
  } catch {
    return undefined;
  }
}
