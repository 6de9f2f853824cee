/** `tapproof scan CAPTURE...`: the main job (`contract.md` §2): read, decode, correlate, find; a case where one is asked for, a summary or one JSON document. */
import { hash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Writable } from "node:stream";
import { listCaptures } from "#capture/open.ts";
import { makeFolder } from "#evidence/log/durable.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import type { OpenedSeal } from "#evidence/seal/declaration-seal.ts";
import { loadDeclaration, problemText, type LoadedDeclaration } from "#declaration/load.ts";
import { GRADES, type Grade } from "#model/finding.ts";
import type { WarrantRegister } from "#register/covers.ts";
import { loadAuthority } from "#register/sealed/load.ts";
import { loadRegisters } from "#register/sealed/registers.ts";
import { keepHeapSmall } from "#run/heap.ts";
import { scan, type ScanResult } from "#run/scan.ts";
import { loadTlsKeyLog } from "#run/tls-key-log.ts";
import { VERSION } from "#run/version.ts";
import { runKeys, runsOf } from "#run/seal/run-keys.ts";
import { lockCase, recoverCase, recoveryText } from "#run/case-scan.ts";
import type { CaseKeys } from "#store/case-folder.ts";
import type { CaseWriter } from "#store/database.ts";
import type { CaseRecorder } from "#run/record-case.ts";
import { readCaseKeys } from "./case-keys.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { ifInterrupted } from "./interrupt.ts";
import { asTyped } from "./program-name.ts";
import { ProgressLine } from "./progress.ts";
import { summaryText } from "./scan-summary.ts";
import { writeQuestions } from "./warrant.ts";

export interface ScanArgs {
  readonly captures: readonly string[];
  readonly network?: string;
  readonly warrants?: string;
  readonly sealed?: readonly string[];
  readonly answers?: readonly string[];
  /** Files of authorities' public keys: whose sealed entries count, beside those that the declaration names. */
  readonly authorities?: readonly string[];
  /** TLS key log: the format of SSLKEYLOGFILE. */
  readonly tlsKeys?: string;
  readonly case?: string;
  readonly append: boolean;
  readonly json: boolean;
  /** `1/N`. */
  readonly sample?: string;
  /** MiB for the tables of the copy search; 0 leaves it out. */
  readonly copyMemory?: number;
  /** With more than one, the file's SHA-256 is computed beside the rest. */
  readonly threads?: number;
  readonly failOn?: string;
  readonly skipBad: boolean;
  readonly identities: boolean;
  readonly reason?: string;
  /** Newest public random value. */
  readonly beacon?: string;
  /** Seal of the declaration and tap map. */
  readonly seal?: string;
  /** On which ground the case is kept. */
  readonly basis?: string;
  /** Keys of a case (its `keys.json`) under which a new case is to be kept: the same inputs then give the same records. */
  readonly caseKeys?: string;
  /** Signing key of the log; default: the installation's own. */
  readonly signingKey?: string;
}

export interface ScanIo {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function scanCommand(args: ScanArgs, io: ScanIo): Promise<number> {
  keepHeapSmall();
  const failOn = gradeOf(args.failOn);
  const sample = sampleOf(args.sample);
  if (args.identities && args.case !== undefined && (args.reason ?? "").trim() === "") {
    throw new UsageError("scan: --identities with --case needs --reason TEXT, which is recorded in the case");
  }
  if (args.beacon !== undefined && !/^[\u0021-\u007e ]{1,400}$/.test(args.beacon)) {
    throw new UsageError("scan: --beacon: expected up to 400 printable characters: source, round and value of a public random beacon");
  }
  const loaded = args.network === undefined ? null : loadDeclaration(args.network);
  for (const warning of loaded?.warnings ?? []) io.stderr.write(`tapproof: warning: ${problemText(warning)}\n`);
  const { register, sealed } = loadRegisters(
    args.warrants,
    args.sealed ?? [],
    args.answers ?? [],
    loaded?.declaration.network.name ?? null,
    authoritiesOf(args.authorities ?? [], loaded),
  );
  if (args.seal !== undefined && loaded === null) throw new UsageError("scan: --seal needs the declaration that it seals: --network FILE");
  const beforehand = args.seal === undefined ? undefined : await readSeal(args.seal);
  const empty: string[] = [];
  const paths = await listCaptures(args.captures, (path) => empty.push(basename(path)));
  const progress = new ProgressLine(io.stderr, io.env);
  const keys = randomBytes(32);
  const { CaseFolder } = await import("#store/case-folder.ts");
  const folder = args.case === undefined ? undefined : CaseFolder.check(args.case, args.append);
  // Before anything is read of the case that another scan might change; a new folder is made when the inputs are known to be usable.
  let lock = folder === undefined || !existsSync(folder.path) ? undefined : lockCase(folder.path);
  const given = args.caseKeys === undefined ? undefined : readCaseKeys("scan", args.caseKeys);
  // a case that has a log but no scan yet has some keys, and none for pseudonyms
  const kept = folder?.pseudonymKey() === undefined ? undefined : folder.readJson<CaseKeys>("keys");
  const known = kept ?? given?.keys;
  const secrets = secretsOf(known);
  const runNumber = folder === undefined ? 0 : runsOf(folder.path);
  const copyKeys = runKeys(secrets.prints, secrets.sampling, runNumber);
  let recorder: CaseRecorder | undefined;
  let writer: CaseWriter | undefined;
  let sealing = false;
  ifInterrupted(() => interruptedText(args, asTyped(io.env), writer !== undefined, sealing));
  try {
    const result = await scan({
      paths,
      empty,
      declaration: loaded,
      register,
      ...(args.tlsKeys === undefined ? {} : { tlsKeys: loadTlsKeyLog(args.tlsKeys) }),
      skipBad: args.skipBad,
      identities: args.identities,
      pseudonymKey: known === undefined ? keys : Buffer.from(known.pseudonyms, "base64"),
      copyKeys,
      sample,
      ...(beforehand === undefined ? {} : { seal: beforehand }),
      ...(args.copyMemory === undefined ? {} : { copyBytes: args.copyMemory * 1024 * 1024 }),
      ...(args.threads === undefined ? {} : { threads: args.threads }),
      progress,
      ...(folder === undefined
        ? {}
        : {
            services: true,
            // Inputs are known to be usable by now: nothing was written before.
            opened: async (picture) => {
              const { loadSigner } = await import("#evidence/keys/key-store.ts");
              const signer = loadSigner(args.signingKey, io.env);
              makeFolder(folder.path);
              folder.create();
              lock ??= lockCase(folder.path);
              CaseFolder.check(folder.path, args.append);
              const recovered = await recoverCase(folder, signer);
              if (recovered !== null) io.stderr.write(`tapproof: ${visible(recoveryText(folder.path, recovered))}\n`);
              folder.begin();
              if (given !== undefined && !folder.has("keys")) folder.giveKeys(given.text);
              const [{ CaseWriter: Writer }, { CaseRecorder: Recorder }, { logPrintKeys }] = await Promise.all([
                import("#store/database.ts"),
                import("#run/record-case.ts"),
                import("#run/seal/seal.ts"),
              ]);
              folder.keepKeys({
                pseudonyms: known?.pseudonyms ?? Buffer.from(keys).toString("base64"),
                prints: Buffer.from(secrets.prints).toString("base64"),
                sampling: Buffer.from(secrets.sampling).toString("base64"),
              });
              logPrintKeys(folder.path, signer, runNumber, copyKeys);
              writer = await Writer.open(folder.file("database"));
              recorder = new Recorder(writer, folder.pseudonymKey() ?? keys, args.identities);
              recorder.picture = picture;
              return (observation) => recorder?.observe(observation);
            },
          }),
    });
    if ((result.standing?.missing ?? []).length > 0) progress.clear();
    for (const why of result.standing?.missing ?? []) io.stderr.write(`tapproof: not attested: ${visible(why)}\n`);
    let bundle: string | undefined;
    if (folder !== undefined && recorder !== undefined && writer !== undefined) {
      recorder.finish(result);
      folder.prepare(result.document, {
        tool: VERSION,
        basis: args.basis ?? null,
        declaration: loaded?.declaration ?? null,
        captures: result.readers.map((reader) => reader.file),
        identitiesReason: args.identities ? (args.reason ?? null) : null,
        settings: { sample: `1/${sample}`, network: args.network ?? null },
        databaseRun: writer.run,
        sequence: runsOf(folder.path),
      });
      sealing = true;
      await progress.during("keeping observations", writer.close());
      bundle = await seal(folder.path, result, args, register, loaded, sample, io, progress);
      if (sealed !== null) writeQuestions(folder, await sealed.questions());
      folder.finish();
    }
    progress.clear();
    await print(result, args, io, folder?.path, bundle);
    const reached =
      failOn !== undefined && result.document.findings.some((finding) => GRADES.indexOf(finding.grade) >= GRADES.indexOf(failOn));
    return reached ? EXIT.FOUND : EXIT.DONE;
  } catch (error) {
    // What had begun to be stored stays marked: the log decides what becomes of it.
    if (folder !== undefined && writer !== undefined && !sealing) {
      await writer.abandon();
      folder.abandon();
    }
    throw error;
  } finally {
    progress.clear();
    ifInterrupted(null);
    lock?.close();
  }
}

/** What the caller finds after Ctrl-C. The case's steps are those of `run/case-scan.ts`: none of them leaves half a scan. */
function interruptedText(args: ScanArgs, program: string, begun: boolean, sealing: boolean): string {
  if (args.case === undefined || !begun) return "nothing was written; run the same command again";
  const again = `run the same command again${args.append ? "" : " with --append"}`;
  return sealing
    ? `${args.case} was being sealed and keeps this scan whole or not at all; ${again}, or look with: ${program} custody ${args.case}`
    : `${args.case} keeps what it held before, and nothing of this scan; ${again}`;
}

/** Writes the records into the case's log and the bundle beside it; answers the bundle's path. */
async function seal(
  folder: string,
  result: ScanResult,
  args: ScanArgs,
  register: WarrantRegister | null,
  declaration: LoadedDeclaration | null,
  sample: number,
  io: ScanIo,
  progress: ProgressLine,
): Promise<string> {
  const [{ sealScan }, { loadSigner }] = await Promise.all([import("#run/seal/seal.ts"), import("#evidence/keys/key-store.ts")]);
  const files = [...(args.warrants === undefined ? [] : [args.warrants]), ...(args.sealed ?? []), ...(args.answers ?? [])];
  const fingerprint = files.map((file) => hash("sha256", readFileSync(file), "hex")).join("\n");
  const signer = loadSigner(args.signingKey, io.env);
  await recordSeal(folder, signer, result);
  const { bundle } = await sealScan(folder, signer, {
    result,
    options: {
      sample,
      copyBytes: args.copyMemory === undefined ? -1 : args.copyMemory * 1024 * 1024,
      tlsKeys: args.tlsKeys !== undefined,
    },
    declaration,
    register: register === null ? null : { warrants: register, fingerprint },
    beacon: args.beacon ?? null,
    progress,
  });
  return bundle;
}

async function readSeal(file: string): Promise<OpenedSeal> {
  const { openSeal } = await import("#evidence/seal/declaration-seal.ts");
  if (!existsSync(file)) throw new UsageError(`scan: --seal ${file}: no such file`);
  return openSeal(readFileSync(file));
}

/** What the standing of the findings rests on, ahead of them in the log. */
async function recordSeal(folder: string, signer: Signer, { standing }: ScanResult): Promise<void> {
  if (standing === null) return;
  const { openCaseLog } = await import("#evidence/log/case-log.ts");
  const log = openCaseLog(folder, signer);
  const { note, selfCheck, missing } = standing;
  log.append("seal", { schema: "tapproof/seal-record/1", note, standing: standing.standing, missing, selfCheck });
  log.close();
}

async function print(
  result: ScanResult,
  args: ScanArgs,
  io: ScanIo,
  casePath: string | undefined,
  bundle: string | undefined,
): Promise<void> {
  const own = bundle !== undefined && args.signingKey === undefined ? await import("#evidence/keys/key-store.ts") : undefined;
  const verifierKey = own?.verifierKeyFile(io.env);
  const text = args.json
    ? `${JSON.stringify(result.document)}\n`
    : summaryText(result, {
        colour: wantsColour(io),
        columns: (io.stdout as { columns?: number }).columns,
        program: asTyped(io.env),
        casePath,
        network: args.network,
        bundle,
        verifierKey,
      });
  await new Promise<void>((resolve, reject) => io.stdout.write(text, (error) => (error instanceof Error ? reject(error) : resolve())));
}

/** From which the keys of each run are derived; drawn where the case has none yet. */
function secretsOf(keys: CaseKeys | undefined): { readonly prints: Uint8Array; readonly sampling: Uint8Array } {
  const kept = (text: string | undefined): Uint8Array => (text === undefined ? randomBytes(32) : Buffer.from(text, "base64"));
  return { prints: kept(keys?.prints), sampling: kept(keys?.sampling) };
}

function wantsColour(io: ScanIo): boolean {
  return (io.stdout as { isTTY?: boolean }).isTTY === true && (io.env["NO_COLOR"] ?? "") === "";
}

function gradeOf(text: string | undefined): Grade | undefined {
  if (text === undefined) return undefined;
  const grade = GRADES.find((known) => known === text);
  if (grade === undefined) throw new UsageError(`scan: --fail-on ${text}: no such grade, expected ${GRADES.join(", ")}`);
  return grade;
}

function sampleOf(text: string | undefined): number {
  if (text === undefined) return 1;
  const match = /^1\/([1-9][0-9]{0,6})$/.exec(text);
  if (match === null) throw new UsageError(`scan: --sample ${text}: expected 1/N with N from 1 to 9999999, as in 1/64`);
  return Number(match[1]);
}

/** Signing keys of the authorities that the command line and the declaration name. */
export function authoritiesOf(files: readonly string[], loaded: LoadedDeclaration | null): string[] {
  return [...files.map((file) => loadAuthority(file).signing), ...(loaded?.declaration.lawful.authorities ?? []).map(({ key }) => key)];
}
