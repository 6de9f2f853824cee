/**
 * Asks witnesses to cosign the head of a case's log (C2SP tlog-witness v1, the client's side). What comes back counts only if it is a
 * cosignature of that head by the key that the policy names.
 */
import { EvidenceError } from "#evidence/evidence-error.ts";
import type { VerifierKey } from "#evidence/keys/note-key.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { decodeDecimal } from "#evidence/note/base64.ts";
import { parseCheckpoint } from "#evidence/note/checkpoint.ts";
import { noteSignature, parseNote, parseSignatureLine, signNote, verifySignatures, type NoteSignature } from "#evidence/note/note.ts";
import { MAX_PROOF_LINES, formatAddCheckpoint } from "./request.ts";

/** What a client needs of a log: a case's log has it. */
export interface ProvenLog {
  consistency(oldSize: number, newSize: number): Uint8Array[];
}

export const CLIENT_LIMITS = {
  /** Milliseconds for one request. */
  request: 15_000,
  /** Octets of an answer. */
  answer: 128 * 1024,
  /** Seconds that a witness's clock may be from ours. */
  clock: 24 * 3600,
  /** A witness that goes on answering 409 with other sizes is not asked more often. */
  attempts: 4,
} as const;

export interface WitnessTarget {
  readonly name: string;
  /** Submission prefix. */
  readonly url: string;
  readonly key: VerifierKey;
}

/**
 * The witness's cosignature of `head` (a signed note). `lastSize`: size of a head that this witness cosigned before, if known.
 * Throws `witness-unreachable`, `witness-refused`, and `log-rolled-back` where the witness has seen more of this log than there is here,
 * or another log of the same name: then this copy is old, or there are two.
 */
export async function requestCosignature(
  log: ProvenLog,
  head: string,
  signer: Signer,
  target: WitnessTarget,
  lastSize = 0,
): Promise<NoteSignature> {
  const note = parseNote(head);
  const { origin, size } = parseCheckpoint(note.text);
  // A strict witness knows a log by a key of the origin's name: sign for it under that name too.
  const submitted = signNote(note.text, [signer], [...note.signatures, noteSignature(note.text, signer.as(origin))]);
  let oldSize = Math.min(lastSize, size);
  for (let attempt = 0; attempt < CLIENT_LIMITS.attempts; attempt++) {
    const proof = log.consistency(oldSize, size);
    if (proof.length > MAX_PROOF_LINES) throw new EvidenceError("witness-refused", `${target.name}: the log is too large`);
    const { status, body } = await post(target, formatAddCheckpoint(oldSize, proof, submitted));
    if (status === 200) return cosignatureIn(body, note.text, target);
    if (status === 409) {
      const theirs = decodeDecimal(body.trimEnd());
      if (theirs === undefined) throw new EvidenceError("witness-refused", `${target.name}: answered 409 without a size`);
      if (theirs > size) {
        throw new EvidenceError(
          "log-rolled-back",
          `${target.name} has cosigned ${theirs} entries of this log, here are ${size}: this copy of the case is older, or was cut`,
        );
      }
      oldSize = theirs;
      continue;
    }
    if (status === 422) {
      throw new EvidenceError(
        "log-rolled-back",
        `${target.name} knows another history of this log (${origin}) than the one here: one of two copies was written anew`,
      );
    }
    const hint = status === 404 || status === 403 ? `; its operator must list this log's key (${signer.vkey})` : "";
    throw new EvidenceError("witness-refused", `${target.name}: answered ${status}${hint}`);
  }
  throw new EvidenceError("witness-refused", `${target.name}: its size of this log changes with every request`);
}

function cosignatureIn(body: string, text: string, target: WitnessTarget): NoteSignature {
  for (const line of body.split("\n").filter((part) => part !== "")) {
    let signature: NoteSignature;
    try {
      signature = parseSignatureLine(line);
    } catch {
      continue;
    }
    if (signature.name !== target.key.name || signature.id !== target.key.id) continue;
    try {
      const [verified] = verifySignatures({ text, signatures: [signature] }, [target.key]);
      const off = Math.abs((verified?.timestamp ?? 0) - Date.now() / 1000);
      if (verified !== undefined && off <= CLIENT_LIMITS.clock) return signature;
      if (verified !== undefined)
        throw new EvidenceError("witness-refused", `${target.name}: states a time ${Math.round(off / 3600)} hours from ours; not taken`);
    } catch (error) {
      if (error instanceof EvidenceError && error.code === "witness-refused") throw error;
      throw new EvidenceError("witness-refused", `${target.name}: its cosignature is not by the key of the policy, or not of this head`);
    }
  }
  throw new EvidenceError("witness-refused", `${target.name}: answered without a cosignature by ${target.key.name}`);
}

async function post(target: WitnessTarget, body: string): Promise<{ status: number; body: string }> {
  const url = `${target.url.replace(/\/+$/, "")}/add-checkpoint`;
  if (!/^https?:\/\//.test(url)) throw new EvidenceError("witness-refused", `${target.name}: ${target.url} is not an http(s) address`);
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      redirect: "error",
      headers: { "content-type": "text/plain; charset=utf-8" },
      signal: AbortSignal.timeout(CLIENT_LIMITS.request),
    });
    return { status: response.status, body: (await bounded(response, CLIENT_LIMITS.answer)).toString("utf8") };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    throw new EvidenceError("witness-unreachable", `${target.name} at ${target.url}: ${cause}`);
  }
}

/** A body up to a length; longer ones are an error, and not read to their end. */
export async function bounded(response: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    octets += bytes.length;
    if (octets > limit) throw new Error(`the answer is longer than ${limit} octets`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
