/**
 * The case of a watch. What must not be lost is in the case's log within a second: each word on a finding and each coverage statement is a
 * record, appended and synced, so that a kill takes at most the last second. Observations, evidence and the bundle are written when the watch
 * ends, as a scan writes them.
 */
import { hash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { Writable } from "node:stream";
import type { LoadedDeclaration } from "#declaration/load.ts";
import { loadSigner } from "#evidence/keys/key-store.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { openCaseLog, type CaseLog } from "#evidence/log/case-log.ts";
import { makeFolder } from "#evidence/log/durable.ts";
import type { FileLock } from "#evidence/log/lock.ts";
import type { FindingRecord } from "#findings/document.ts";
import type { Observation } from "#model/observation.ts";
import type { WarrantRegister } from "#register/covers.ts";
import { lockCase, recoverCase, recoveryText } from "#run/case-scan.ts";
import type { NetworkPicture } from "#run/context.ts";
import type { CopyKeys } from "#run/copy-search.ts";
import type { CoverageWord } from "#run/coverage-chain.ts";
import { CaseRecorder } from "#run/record-case.ts";
import type { ScanResult } from "#run/scan.ts";
import { runKeys, runsOf } from "#run/seal/run-keys.ts";
import { logPrintKeys, sealScan } from "#run/seal/seal.ts";
import { VERSION } from "#run/version.ts";
import { CaseFolder, type CaseKeys } from "#store/case-folder.ts";
import { CaseWriter } from "#store/database.ts";
import { visible } from "./errors.ts";

export interface WatchCaseArgs {
  readonly append: boolean;
  readonly basis?: string;
  readonly signingKey?: string;
  readonly warrants?: string;
  readonly sealed?: readonly string[];
  readonly answers?: readonly string[];
  readonly network?: string;
  readonly copyMemory?: number;
  readonly tlsKeys?: string;
}

/** Record types of a watch in the case's log; they stay in the case. */
export const WATCH_RECORDS = { finding: "watch-finding", coverage: "watch-coverage" } as const;

interface Opened {
  readonly folder: CaseFolder;
  readonly args: WatchCaseArgs;
  readonly loaded: LoadedDeclaration | null;
  readonly register: WarrantRegister | null;
  readonly sample: number;
  readonly signer: Signer;
  readonly lock: FileLock;
  readonly log: CaseLog;
  readonly pseudonyms: Uint8Array;
  readonly copies: CopyKeys;
}

export class WatchCase {
  readonly pseudonymKey: Uint8Array;
  readonly copyKeys: CopyKeys;
  private writer: CaseWriter | undefined;
  private recorder: CaseRecorder | undefined;
  private finished = false;

  private readonly folder: CaseFolder;
  private readonly args: WatchCaseArgs;
  private readonly loaded: LoadedDeclaration | null;
  private readonly register: WarrantRegister | null;
  private readonly sample: number;
  private readonly signer: Signer;
  private readonly lock: FileLock;
  private readonly log: CaseLog;

  private constructor(parts: Opened) {
    this.folder = parts.folder;
    this.args = parts.args;
    this.loaded = parts.loaded;
    this.register = parts.register;
    this.sample = parts.sample;
    this.signer = parts.signer;
    this.lock = parts.lock;
    this.log = parts.log;
    this.pseudonymKey = parts.pseudonyms;
    this.copyKeys = parts.copies;
  }

  /** Opens the case before anything is watched. Throws CaseError where the folder cannot be used. */
  static async open(
    path: string,
    args: WatchCaseArgs,
    loaded: LoadedDeclaration | null,
    register: WarrantRegister | null,
    sample: number,
    io: { readonly stderr: Writable; readonly env: Readonly<Record<string, string | undefined>> },
  ): Promise<WatchCase> {
    const folder = CaseFolder.check(path, args.append);
    const signer = loadSigner(args.signingKey, io.env);
    makeFolder(folder.path);
    folder.create();
    const lock = lockCase(folder.path);
    const recovered = await recoverCase(folder, signer);
    if (recovered !== null) io.stderr.write(`tapproof: ${visible(recoveryText(folder.path, recovered))}\n`);
    const kept = folder.pseudonymKey() === undefined ? undefined : folder.readJson<CaseKeys>("keys");
    const secret = (text: string | undefined): Uint8Array => (text === undefined ? randomBytes(32) : Buffer.from(text, "base64"));
    const [pseudonyms, prints, sampling] = [secret(kept?.pseudonyms), secret(kept?.prints), secret(kept?.sampling)];
    const run = runsOf(folder.path);
    const copies = runKeys(prints, sampling, run);
    folder.begin();
    const text = (key: Uint8Array): string => Buffer.from(key).toString("base64");
    folder.keepKeys({ pseudonyms: text(pseudonyms), prints: text(prints), sampling: text(sampling) });
    logPrintKeys(folder.path, signer, run, copies);
    return new WatchCase({
      folder,
      args,
      loaded,
      register,
      sample,
      signer,
      lock,
      log: openCaseLog(folder.path, signer),
      pseudonyms,
      copies,
    });
  }

  /** Who keeps observations. */
  async record(picture: NetworkPicture): Promise<(observation: Observation) => void> {
    const writer = await CaseWriter.open(this.folder.file("database"));
    const recorder = new CaseRecorder(writer, this.pseudonymKey, false);
    recorder.picture = picture;
    this.writer = writer;
    this.recorder = recorder;
    return (observation) => recorder.observe(observation);
  }

  finding(finding: FindingRecord): void {
    this.log.append(WATCH_RECORDS.finding, { schema: "tapproof/watch-finding/1", at: new Date().toISOString(), finding });
  }

  coverage(word: CoverageWord): void {
    this.log.append(WATCH_RECORDS.coverage, { ...word });
  }

  /** The end of the watch: everything is stored and sealed as after a scan. Answers the bundle's path. */
  async finish(result: ScanResult): Promise<string> {
    const { folder, args, writer, recorder } = this;
    if (writer === undefined || recorder === undefined) throw new Error("the case was not opened");
    recorder.finish(result);
    folder.prepare(result.document, {
      tool: VERSION,
      basis: args.basis ?? null,
      declaration: this.loaded?.declaration ?? null,
      captures: result.readers.map((reader) => reader.file),
      identitiesReason: null,
      settings: { sample: `1/${this.sample}`, network: args.network ?? null, watch: true },
      databaseRun: writer.run,
      sequence: runsOf(folder.path),
    });
    this.finished = true;
    await writer.close();
    this.log.close();
    const files = [...(args.warrants === undefined ? [] : [args.warrants]), ...(args.sealed ?? []), ...(args.answers ?? [])];
    const fingerprint = files
      .filter((file) => existsSync(file))
      .map((file) => hash("sha256", readFileSync(file), "hex"))
      .join("\n");
    const { bundle } = await sealScan(folder.path, this.signer, {
      result,
      options: {
        sample: this.sample,
        copyBytes: args.copyMemory === undefined ? -1 : args.copyMemory * 1024 * 1024,
        tlsKeys: args.tlsKeys !== undefined,
      },
      declaration: this.loaded,
      register: this.register === null ? null : { warrants: this.register, fingerprint },
      beacon: null,
    });
    folder.finish();
    return bundle;
  }

  /** The watch failed: what was stored of it is taken out; the log keeps what was told. */
  async abandon(): Promise<void> {
    if (this.finished) return;
    await this.writer?.abandon();
    this.folder.abandon();
  }

  close(): void {
    if (!this.finished) this.log.close();
    this.lock.close();
  }
}
