/**
 * The log of a case: one append-only list of everything that was recorded, in the folder of the case.
 *
 *   records/<sha256>.json    canonical JSON (RFC 8785) of a record, its `type` inside
 *   log/tile/...             C2SP tlog-tiles; a leaf is canonical JSON {"nonce": 32 hex, "record": sha256 hex, "type": "..."}
 *   log/checkpoint           newest head, a C2SP signed note: the log is what this says; all else is preparation or history
 *   log/sealed/<size>        heads that were sent to witnesses, with their cosignatures (see `seal/`)
 *   log/lock                 held while somebody writes
 *
 * The first leaf is the record `origin`: name of the log, its key, and the policy (C2SP tlog-policy) that says which witnesses make a
 * head "witnessed". Leaves carry a nonce and a hash, so that a proof tells nothing guessable about what else was recorded.
 *
 * For colleagues:
 *
 *   const log = openCaseLog(caseFolder, loadSigner(undefined, env));      // makes it on first use
 *   log.append("finding", finding);  log.appendAll([{ type, record }, …]);  // one head for all of a batch: prefer it
 *   for (const entry of log.records("comment")) entry.value …
 *   log.proofFile(index);  log.inclusion(index);  log.consistency(oldSize);  log.checkpoint();  log.status();
 *   readCaseLog(caseFolder)                                               // no key needed, cannot append
 *
 * Every call is synchronous; several processes and several objects may use one case; a kill at any moment leaves the log as it was before
 * or after the call. An append costs a few milliseconds (it waits for the disk).
 */
import { createHmac, hash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { caseSecret, leafNonce } from "#evidence/keys/case-secrets.ts";
import { formatVerifierKey, parseVerifierKey, type VerifierKey } from "#evidence/keys/note-key.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { formatCheckpoint, parseCheckpoint, type Checkpoint } from "#evidence/note/checkpoint.ts";
import { openNote, parseNote, signNote } from "#evidence/note/note.ts";
import { formatPolicy, NO_WITNESS, parsePolicy, type Policy } from "#evidence/note/policy.ts";
import { createWhole, makeFolder, writeWhole } from "./durable.ts";
import { checked, LOG_LIMITS, type CheckedItem, type LogItem } from "./item.ts";
import { leafFields } from "./leaf.ts";
import { formatProof } from "./proof-file.ts";
import { FileLock } from "./lock.ts";
import { readSealed, sealedSizes, type SealedCheckpoint } from "./sealed.ts";
import { FolderStorage } from "./tile-storage.ts";
import { TileReader } from "./tile-reader.ts";
import { TileWriter } from "./tile-writer.ts";
import { equalHashes } from "./tree.ts";

export type { LogItem } from "./item.ts";

export const ORIGIN_SCHEMA = "tapproof/log/1";

export interface Appended {
  readonly index: number;
  /** SHA-256 (hex) of the record's canonical JSON: also its file's name. */
  readonly record: string;
}

export interface LogEntry extends Appended {
  readonly type: string;
  /** 32 hex digits. */
  readonly nonce: string;
  /** Octets of the leaf, as they are hashed. */
  readonly leaf: Uint8Array;
  /** The record, parsed; its hash was checked. */
  readonly value: Readonly<Record<string, unknown>>;
}

export interface OriginRecord {
  readonly type: "origin";
  readonly schema: typeof ORIGIN_SCHEMA;
  /** Origin line of all checkpoints. */
  readonly origin: string;
  /** vkey that signs them. */
  readonly key: string;
  /** C2SP tlog-policy text. */
  readonly policy: string;
}

export interface LogStatus {
  /** `pending` until the quorum of the policy has cosigned a head that holds everything recorded so far. */
  readonly state: "pending" | "witnessed";
  readonly size: number;
  /** Leaves under the largest witnessed head. */
  readonly witnessedSize: number;
  /** *Sealed (witnessed)*: when its quorum was complete, RFC 3339, by the witnesses' clocks; null while nothing is witnessed. */
  readonly sealedAt: string | null;
}

export interface CaseLogOptions {
  /** For a log that is made now: who must witness it. Default: nobody (`quorum none`), and then it stays `pending`. */
  readonly policy?: Policy;
}

/** Opens the log of a case to append to it, and makes it where there is none. Throws `log-foreign` for a log of another key. */
export function openCaseLog(caseFolder: string, signer: Signer, options: CaseLogOptions = {}): CaseLog {
  try {
    makeFolder(join(caseFolder, "log"));
    makeFolder(join(caseFolder, "records"));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? "not writable";
    throw new EvidenceError("log-locked", `${caseFolder}: its log cannot be written (${why})`);
  }
  return new CaseLog(caseFolder, signer, options.policy ?? NO_WITNESS);
}

/** Opens the log of a case to read it; undefined where the case has none. */
export function readCaseLog(caseFolder: string): CaseLog | undefined {
  return existsSync(join(caseFolder, "log", "checkpoint")) ? new CaseLog(caseFolder, undefined, NO_WITNESS) : undefined;
}

export class CaseLog {
  readonly folder: string;
  readonly #signer: Signer | undefined;
  readonly #storage: FolderStorage;
  readonly #lock: FileLock;
  #key: VerifierKey;
  #note = "";
  #head: Checkpoint;
  #reader: TileReader;
  #writer: TileWriter | undefined = undefined;
  #nonces: Uint8Array | undefined = undefined;

  /** Use `openCaseLog` or `readCaseLog`. */
  constructor(caseFolder: string, signer: Signer | undefined, policy: Policy) {
    this.folder = caseFolder;
    this.#signer = signer;
    this.#storage = new FolderStorage(join(caseFolder, "log"));
    this.#lock = new FileLock(this.#path("lock"));
    this.#head = { origin: "", size: 0, root: new Uint8Array(32), extensions: [] };
    this.#reader = new TileReader(this.#storage, 0);
    if (signer !== undefined && !existsSync(this.#path("checkpoint"))) {
      this.#key = signer.key;
      this.#lock.hold(() => {
        if (!existsSync(this.#path("checkpoint"))) this.#begin(signer, policy);
      });
    }
    const origin = this.#readOrigin();
    this.#key = parseVerifierKey(origin.key);
    if (signer !== undefined && formatVerifierKey(signer.key) !== origin.key) {
      throw new EvidenceError(
        "log-foreign",
        `${caseFolder}: this log is signed by ${this.#key.name}, not by ${signer.name}; name its key with --signing-key`,
      );
    }
    this.refresh();
    if (origin.origin !== this.#head.origin) throw this.#damaged("the first leaf names another origin than the checkpoint");
  }

  get origin(): string {
    return this.#head.origin;
  }

  /** Leaves, all of them committed. */
  get size(): number {
    return this.#head.size;
  }

  /** Key that signs this log, as its first leaf states it. Whether that is the right key is for the reader to know. */
  get key(): VerifierKey {
    return this.#key;
  }

  get root(): Uint8Array {
    return this.#head.root;
  }

  append(type: string, record: object): Appended {
    return this.appendAll([{ type, record }])[0] as Appended;
  }

  /** All or none; one signed head for all. Throws `record-invalid` before anything is written. */
  appendAll(items: readonly LogItem[]): Appended[] {
    return this.appendFrom(() => items);
  }

  /**
   * Appends what `make` answers while nobody else can append: for records that refer to the ones before (sequence numbers, hashes of the
   * last one). `make` may read this log.
   */
  appendFrom(make: (log: CaseLog) => readonly LogItem[]): Appended[] {
    if (this.#signer === undefined) throw new EvidenceError("log-foreign", `${this.folder}: the log was opened for reading only`);
    const signer = this.#signer;
    return this.#lock.hold(() => {
      this.refresh();
      const items = make(this);
      if (items.length === 0) return [];
      if (items.length > LOG_LIMITS.batch)
        throw new EvidenceError("record-invalid", `${items.length} records at once, at most ${LOG_LIMITS.batch}`);
      return this.#commit(signer, this.#head.origin, items.map(checked));
    });
  }

  /** The newest head: a signed note. */
  checkpoint(): string {
    return this.#note;
  }

  /** RFC 6962 path of a leaf in the tree of `size` (default: the newest). */
  inclusion(index: number, size = this.size): Uint8Array[] {
    return this.#reader.inclusion(index, size);
  }

  /** RFC 6962 proof that the tree of `oldSize` is the beginning of the tree of `newSize` (default: the newest). */
  consistency(oldSize: number, newSize = this.size): Uint8Array[] {
    return this.#reader.consistency(oldSize, newSize);
  }

  /** Root of the tree when it had `size` leaves. */
  rootAt(size: number): Uint8Array {
    return this.#reader.root(size);
  }

  /** C2SP tlog-proof of a leaf, against the best head: the smallest witnessed one that holds it, else the newest. */
  proofFile(index: number): string {
    const sealed = this.#witnessedOver(index);
    const size = sealed?.checkpoint.size ?? this.size;
    return formatProof({ index, extra: undefined, hashes: this.inclusion(index, size), checkpoint: sealed?.note ?? this.#note });
  }

  /** One entry; its leaf and record were checked against the hashes, the leaf against its tile. Throws `log-damaged`. */
  entry(index: number): LogEntry {
    return this.#parse(index, this.#reader.entry(index));
  }

  /** Entries in order, of one type or all. */
  *records(type?: string): Generator<LogEntry> {
    const reader = this.#reader;
    for (let bundle = 0; bundle * 256 < reader.size; bundle++) {
      for (const [place, leaf] of reader.bundle(bundle).entries()) {
        if (type === undefined || leafFields(leaf)?.type === type) yield this.#parse(bundle * 256 + place, leaf);
      }
    }
  }

  /** The newest entry of a type. */
  last(type: string): LogEntry | undefined {
    const reader = this.#reader;
    for (let bundle = Math.ceil(reader.size / 256) - 1; bundle >= 0; bundle--) {
      const leaves = reader.bundle(bundle);
      for (let place = leaves.length - 1; place >= 0; place--) {
        const leaf = leaves[place] as Uint8Array;
        if (leafFields(leaf)?.type === type) return this.#parse(bundle * 256 + place, leaf);
      }
    }
    return undefined;
  }

  /**
   * Who must witness: the first policy in the log that asks for anybody. A log that began with `quorum none` may add one later, once; nobody
   * can replace witnesses by more obliging ones.
   */
  policy(): Policy {
    const first = parsePolicy(this.#readOrigin().policy);
    if (first.quorum !== null) return first;
    for (const { value } of this.records("policy")) {
      const later = parsePolicy(String(value["policy"]));
      if (later.quorum !== null) return later;
    }
    return first;
  }

  /** Throws `policy-malformed` where the log has one that asks for witnesses and it is not this one. */
  setPolicy(policy: Policy): void {
    const now = this.policy();
    if (formatPolicy(now) === formatPolicy(policy) || policy.quorum === null) return;
    if (now.quorum !== null)
      throw new EvidenceError("policy-malformed", `${this.folder}: this log has its witnesses; they cannot be changed`);
    this.append("policy", { policy: formatPolicy(policy) });
  }

  /**
   * Heads that were sent to witnesses, smallest first. Their signatures were checked, and that they are heads of this very tree: a
   * cosigned head of another history must not lend its witnesses to this one.
   */
  sealed(): SealedCheckpoint[] {
    return [...this.#sealedHeads(sealedSizes(this.folder))];
  }

  status(): LogStatus {
    // From the newest: a log that is sealed every minute has many heads.
    const newest = firstWitnessed(this.#sealedHeads(sealedSizes(this.folder).reverse()));
    const { size } = this;
    if (newest?.witnessedAt === undefined) return { state: "pending", size, witnessedSize: 0, sealedAt: null };
    const witnessedSize = newest.checkpoint.size;
    const sealedAt = `${new Date(newest.witnessedAt * 1000).toISOString().slice(0, 19)}Z`;
    return { state: witnessedSize >= size ? "witnessed" : "pending", size, witnessedSize, sealedAt };
  }

  /** Whether a leaf is under a witnessed head, and since when (seconds since the epoch). */
  witnessedAt(index: number): number | undefined {
    return this.#witnessedOver(index)?.witnessedAt;
  }

  #witnessedOver(index: number): SealedCheckpoint | undefined {
    return firstWitnessed(this.#sealedHeads(sealedSizes(this.folder).filter((size) => size > index)));
  }

  *#sealedHeads(sizes: readonly number[]): Generator<SealedCheckpoint> {
    const policy = this.policy();
    for (const size of sizes) {
      const head = readSealed(this.folder, size, this.origin, this.#key, policy);
      if (size > this.size || !equalHashes(this.#reader.root(size), head.checkpoint.root)) {
        throw this.#damaged(`log/sealed/${size} is not a head of this log: it was cut, or written anew`);
      }
      yield head;
    }
  }

  /** Runs `work` while no other process appends. */
  alone<T>(work: () => T): T {
    return this.#lock.hold(() => {
      this.refresh();
      return work();
    });
  }

  /** Takes in what other processes appended. Throws `log-damaged` where the checkpoint does not fit its tiles, `log-rolled-back` where it shrank. */
  refresh(): void {
    let note: string;
    try {
      note = readFileSync(this.#path("checkpoint"), "utf8");
    } catch (error) {
      throw this.#damaged(`log/checkpoint cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"})`);
    }
    if (note === this.#note) return;
    const head = parseCheckpoint(openNote(note, [this.#key]).text);
    const reader = new TileReader(this.#storage, head.size);
    if (!equalHashes(reader.root(), head.root)) throw this.#damaged("the tiles do not lead to the checkpoint's root");
    if (this.#note !== "") {
      if (head.size < this.#head.size)
        throw new EvidenceError("log-rolled-back", `${this.folder}: the log had ${this.#head.size} leaves and has ${head.size} now`);
      if (!equalHashes(reader.root(this.#head.size), this.#head.root))
        throw this.#damaged("the log was written anew: what was there before is not in it");
    }
    this.#note = note;
    this.#head = head;
    this.#reader = reader;
    this.#writer = undefined;
  }

  close(): void {
    this.#lock.close();
  }

  /** The name says which installation, and tells cases apart without saying anything about them. */
  #begin(signer: Signer, policy: Policy): void {
    const id = createHmac("sha256", this.#secret()).update("tapproof/origin/1\n").digest("hex").slice(0, 16);
    const origin = `${signer.name}/${id}`;
    const record: OriginRecord = {
      type: "origin",
      schema: ORIGIN_SCHEMA,
      origin,
      key: formatVerifierKey(signer.key),
      policy: formatPolicy(policy),
    };
    this.#commit(signer, origin, [checked({ type: "origin", record })]);
  }

  #commit(signer: Signer, origin: string, items: readonly CheckedItem[]): Appended[] {
    const nonces = this.#secret();
    const writer = (this.#writer ??= new TileWriter(this.#storage, this.#head.size));
    try {
      const made = items.map(({ type, text, record }) => {
        const nonce = leafNonce(nonces, writer.size, record);
        const path = join(this.folder, "records", `${record}.json`);
        // The same record twice is two leaves and one file.
        if (!createWhole(path, text) && readText(path) !== text) throw this.#damaged(`records/${record}.json was changed`);
        return { index: writer.append(Buffer.from(canonicalJson({ nonce, record, type }))), record };
      });
      writer.flush();
      const head: Checkpoint = { origin, size: writer.size, root: writer.root(), extensions: [] };
      const note = signNote(formatCheckpoint(head), [signer]);
      // From here on the records are in the log.
      writeWhole(this.#path("checkpoint"), note, { alone: true });
      writer.tidy();
      this.#note = note;
      this.#head = head;
      this.#reader = new TileReader(this.#storage, head.size);
      return made;
    } catch (error) {
      // The edge in memory is ahead of the checkpoint: the next append begins from disk.
      this.#writer = undefined;
      throw error;
    }
  }

  #parse(index: number, leaf: Uint8Array): LogEntry {
    const fields = leafFields(leaf);
    if (fields === undefined) throw this.#damaged(`leaf ${index} is not of the form {nonce, record, type}`);
    if (!equalHashes(hash("sha256", Buffer.concat([Buffer.of(0), leaf]), "buffer"), this.#reader.leafHash(index))) {
      throw this.#damaged(`leaf ${index} is not what its tile says`);
    }
    const text = this.#recordText(fields.record);
    if (text === undefined) throw this.#damaged(`records/${fields.record}.json is missing (leaf ${index})`);
    if (hash("sha256", text, "hex") !== fields.record) throw this.#damaged(`records/${fields.record}.json was changed (leaf ${index})`);
    const value = objectOf(text);
    if (value?.["type"] !== fields.type) throw this.#damaged(`records/${fields.record}.json is no record of type ${fields.type}`);
    return { index, record: fields.record, type: fields.type, nonce: fields.nonce, leaf, value };
  }

  /** The first leaf, checked against its own hash only: it names the key, so it cannot be checked by it yet. */
  #readOrigin(): OriginRecord {
    const note = this.#note === "" ? readText(this.#path("checkpoint")) : this.#note;
    const size = note === undefined ? 0 : parseCheckpoint(parseNote(note).text).size;
    if (size === 0) throw this.#damaged("has no first leaf");
    const leaf = leafFields(new TileReader(this.#storage, size).entry(0));
    const text = leaf === undefined ? undefined : this.#recordText(leaf.record);
    const value = text !== undefined && hash("sha256", text, "hex") === leaf?.record ? objectOf(text) : undefined;
    const { type, schema, origin, key, policy } = value ?? {};
    if (
      type !== "origin" ||
      schema !== ORIGIN_SCHEMA ||
      typeof origin !== "string" ||
      typeof key !== "string" ||
      typeof policy !== "string"
    ) {
      throw this.#damaged("the first leaf is not an origin of a log that this version knows");
    }
    return { type, schema, origin, key, policy };
  }

  #recordText(record: string): string | undefined {
    return readText(join(this.folder, "records", `${record}.json`));
  }

  #secret(): Uint8Array {
    return (this.#nonces ??= caseSecret(this.folder, "nonces"));
  }

  #path(name: string): string {
    return join(this.folder, "log", name);
  }

  #damaged(why: string): EvidenceError {
    return new EvidenceError("log-damaged", `${this.folder}: ${why}`);
  }
}

function firstWitnessed(heads: Iterable<SealedCheckpoint>): SealedCheckpoint | undefined {
  for (const head of heads) if (head.witnessedAt !== undefined) return head;
  return undefined;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
