/**
 * A witness (C2SP tlog-witness v1): cosigns the heads of logs it knows, each consistent with the one it cosigned before, and so never
 * two views of one log. It sees origins, sizes and roots; no entry ever reaches it.
 *
 * The state is one file a log: the last cosigned head with the log's signature and this witness's own, exactly what the monitoring
 * interface hands out. It is on disk before the answer leaves. Everything between reading the state and writing it runs without
 * a pause in one process that holds the folder's lock, so two requests cannot overtake each other.
 */
import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { formatVerifierKey, KEY_TYPE, type VerifierKey } from "#evidence/keys/note-key.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { makeFolder, writeWhole } from "#evidence/log/durable.ts";
import { FileLock } from "#evidence/log/lock.ts";
import { emptyRoot, equalHashes, verifyConsistency } from "#evidence/log/tree.ts";
import { cosign } from "#evidence/note/cosignature.ts";
import { parseCheckpoint, type Checkpoint } from "#evidence/note/checkpoint.ts";
import { formatNote, formatSignatureLine, openNote, parseNote, verifySignatures, type Note } from "#evidence/note/note.ts";
import { keysFor } from "./known-logs.ts";
import { parseAddCheckpoint } from "./request.ts";

export const WITNESS_LIMITS = {
  /** Octets of a request's body. */
  body: 128 * 1024,
  /** Logs that one witness keeps state for: a known key may open new origins below its name, and must not fill the disk. */
  logs: 100_000,
  /** Kept proofs that a log showed two views. */
  forks: 1_000,
} as const;

/** Signatures of the log itself kept beside our own, after a change of keys for instance. */
const MAX_LOG_SIGNATURES = 8;

export interface WitnessAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** For the witness's own journal; one line, no control characters from the request. */
  readonly why: string;
}

interface Seen {
  readonly checkpoint: Checkpoint;
  readonly note: Note;
  /** Seconds since the epoch of our cosignature. */
  readonly timestamp: number;
}

export class Witness {
  readonly #folder: string;
  readonly #signer: Signer;
  readonly #known: readonly VerifierKey[];
  readonly #lock: FileLock;
  #logs: number;

  /** Holds `folder` until `close`; throws `log-locked` where another witness runs on it. */
  constructor(folder: string, signer: Signer, known: readonly VerifierKey[]) {
    if (signer.key.type !== KEY_TYPE.cosignature)
      throw new EvidenceError("key-mismatch", `key ${signer.name} is not a witness's key (signature type 4)`);
    if (known.some((key) => Buffer.compare(key.publicKey, signer.key.publicKey) === 0)) {
      throw new EvidenceError("key-mismatch", `key ${signer.name}: a log that signs with the witness's own key would witness itself`);
    }
    makeFolder(join(folder, "forks"));
    this.#folder = folder;
    this.#signer = signer;
    this.#known = known;
    this.#lock = new FileLock(join(folder, "lock"));
    this.#lock.acquire(0);
    this.#logs = readdirSync(folder).filter((name) => name.endsWith(".checkpoint")).length;
  }

  close(): void {
    this.#lock.release();
    this.#lock.close();
  }

  get vkey(): string {
    return formatVerifierKey(this.#signer.key);
  }

  /** `now`: seconds since the epoch. Never throws for a request's sake; a disk that fails is 500, and then nothing was cosigned. */
  addCheckpoint(body: Uint8Array, now: number): WitnessAnswer {
    if (body.length > WITNESS_LIMITS.body) return answer(413, "body too long");
    const request = parseAddCheckpoint(body);
    if (request === undefined) return answer(400, "malformed request");
    const { oldSize, proof, note, checkpoint } = request;
    const keys = keysFor(checkpoint.origin, this.#known);
    if (keys.length === 0) return answer(404, "unknown log");
    try {
      openNote(note, keys);
    } catch {
      return answer(403, "no valid signature of this log");
    }
    if (oldSize > checkpoint.size) return answer(400, "old size above the checkpoint's");
    try {
      return this.#judge(oldSize, proof, note, checkpoint, keys, now);
    } catch (error) {
      return answer(500, `state: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Monitoring interface: `<sha256 hex of the origin>`. */
  checkpointOf(originHash: string): WitnessAnswer {
    if (!/^[0-9a-f]{64}$/.test(originHash)) return answer(404, "not found");
    const path = this.#path(originHash);
    if (!existsSync(path)) return answer(404, "not found");
    return { status: 200, contentType: "text/plain; charset=utf-8", body: readFileSync(path, "utf8"), why: "checkpoint" };
  }

  #judge(
    oldSize: number,
    proof: readonly Uint8Array[],
    note: Note,
    checkpoint: Checkpoint,
    keys: readonly VerifierKey[],
    now: number,
  ): WitnessAnswer {
    const originHash = hash("sha256", checkpoint.origin, "hex");
    const seen = this.#seen(originHash, checkpoint.origin);
    const lastSize = seen?.checkpoint.size ?? 0;
    // A second head of the size we cosigned is proof of two views, whatever else is wrong with the request.
    if (seen !== undefined && checkpoint.size === lastSize && !equalHashes(checkpoint.root, seen.checkpoint.root)) {
      this.#keepFork(seen.note, note);
      if (oldSize === lastSize) return answer(422, "another root for a size that was cosigned");
    }
    if (oldSize !== lastSize)
      return { status: 409, contentType: "text/x.tlog.size", body: `${lastSize}\n`, why: `old size is ${lastSize}` };
    if (checkpoint.size === 0 && !equalHashes(checkpoint.root, emptyRoot())) return answer(422, "an empty tree with another root");
    const oldRoot = seen?.checkpoint.root ?? emptyRoot();
    if (!verifyConsistency(oldSize, checkpoint.size, oldRoot, checkpoint.root, proof)) return answer(422, "the consistency proof is wrong");
    if (seen === undefined && this.#logs >= WITNESS_LIMITS.logs) return answer(507, "too many logs");
    if (seen !== undefined && now < seen.timestamp) return answer(503, "the clock went back");
    const timestamp = Math.floor(now);
    const cosignature = cosign(note.text, this.#signer, timestamp);
    // One a key: a note may repeat a line, and a state that outgrows what a note may hold could not be read again.
    const kept = keys
      .flatMap((key) => note.signatures.find(({ name, id }) => key.name === name && key.id === id) ?? [])
      .slice(0, MAX_LOG_SIGNATURES);
    writeWhole(this.#path(originHash), formatNote({ text: note.text, signatures: [...kept, cosignature] }));
    if (seen === undefined) this.#logs++;
    return {
      status: 200,
      contentType: "text/plain; charset=utf-8",
      body: `${formatSignatureLine(cosignature)}\n`,
      why: `cosigned ${lastSize} to ${checkpoint.size}`,
    };
  }

  /** Throws where the state is damaged: a witness that forgot what it cosigned must not begin again at zero. */
  #seen(originHash: string, origin: string): Seen | undefined {
    const path = this.#path(originHash);
    if (!existsSync(path)) return undefined;
    const note = parseNote(readFileSync(path, "utf8"));
    const [own] = verifySignatures(note, [this.#signer.key]);
    const checkpoint = parseCheckpoint(note.text);
    if (own?.timestamp === undefined || checkpoint.origin !== origin) {
      throw new EvidenceError("log-damaged", `${path}: is not what this witness wrote`);
    }
    return { checkpoint, note, timestamp: own.timestamp };
  }

  #keepFork(first: Note, second: Note): void {
    const folder = join(this.#folder, "forks");
    if (readdirSync(folder).length >= WITNESS_LIMITS.forks) return;
    const text = `${formatNote(first)}\n${formatNote(second)}`;
    writeWhole(join(folder, `${hash("sha256", text, "hex")}.txt`), text);
  }

  #path(originHash: string): string {
    return join(this.#folder, `${originHash}.checkpoint`);
  }
}

function answer(status: number, why: string): WitnessAnswer {
  return { status, contentType: "text/plain; charset=utf-8", body: `${why}\n`, why };
}
