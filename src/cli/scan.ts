/** `tapproof scan CAPTURE...`: the main job (`contract.md` §2): read, decode, correlate, find; a case where one is asked for, a summary or one JSON document. */
import { randomBytes } from "node:crypto";
import type { Writable } from "node:stream";
import { listCaptures } from "#capture/open.ts";
import { loadDeclaration, problemText } from "#declaration/load.ts";
import { GRADES, type Grade } from "#model/finding.ts";
import { loadRegisters } from "#register/sealed/registers.ts";
import { scan, type ScanResult } from "#run/scan.ts";
import { loadTlsKeyLog } from "#run/tls-key-log.ts";
import { VERSION } from "#run/version.ts";
import type { CopyKeys } from "#run/copy-search.ts";
import type { CaseKeys } from "#store/case-folder.ts";
import type { CaseRecorder } from "#run/record-case.ts";
import { EXIT, UsageError } from "./errors.ts";
import { ProgressLine } from "./progress.ts";
import { summaryText } from "./scan-summary.ts";
import { writeQuestions } from "./warrant.ts";

export interface ScanArgs {
  readonly captures: readonly string[];
  readonly network?: string;
  readonly warrants?: string;
  readonly sealed?: readonly string[];
  readonly answers?: readonly string[];
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
  /** On which ground the case is kept. */
  readonly basis?: string;
}

export interface ScanIo {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function scanCommand(args: ScanArgs, io: ScanIo): Promise<number> {
  const failOn = gradeOf(args.failOn);
  const sample = sampleOf(args.sample);
  if (args.identities && args.case !== undefined && (args.reason ?? "").trim() === "") {
    throw new UsageError("scan: --identities with --case needs --reason TEXT, which is recorded in the case");
  }
  const loaded = args.network === undefined ? null : loadDeclaration(args.network);
  for (const warning of loaded?.warnings ?? []) io.stderr.write(`tapproof: warning: ${problemText(warning)}\n`);
  const { register, sealed } = loadRegisters(
    args.warrants,
    args.sealed ?? [],
    args.answers ?? [],
    loaded?.declaration.network.name ?? null,
  );
  const paths = await listCaptures(args.captures);
  const progress = new ProgressLine(io.stderr, io.env);
  const keys = randomBytes(32);
  const { CaseFolder } = await import("#store/case-folder.ts");
  const folder = args.case === undefined ? undefined : CaseFolder.check(args.case, args.append);
  let recorder: CaseRecorder | undefined;
  let close = (): void => undefined;
  const result = await scan({
    paths,
    declaration: loaded,
    register,
    ...(args.tlsKeys === undefined ? {} : { tlsKeys: loadTlsKeyLog(args.tlsKeys) }),
    skipBad: args.skipBad,
    identities: args.identities,
    pseudonymKey: folder?.pseudonymKey() ?? keys,
    ...(folder?.has("keys") === true ? copyKeysOf(folder.readJson<CaseKeys>("keys")) : {}),
    sample,
    ...(args.copyMemory === undefined ? {} : { copyBytes: args.copyMemory * 1024 * 1024 }),
    ...(args.threads === undefined ? {} : { threads: args.threads }),
    progress: (done, total, packets) => progress.show(done, total, packets),
    ...(folder === undefined
      ? {}
      : {
          // Inputs are known to be usable by now: nothing was written before.
          opened: async (context) => {
            folder.create();
            const [{ CaseWriter }, { CaseRecorder: Recorder }] = await Promise.all([
              import("#store/database.ts"),
              import("#run/record-case.ts"),
            ]);
            const writer = await CaseWriter.open(folder.file("database"));
            recorder = new Recorder(writer, folder.pseudonymKey() ?? keys, args.identities);
            recorder.context = context;
            close = () => writer.close();
            return (observation) => recorder?.observe(observation);
          },
        }),
  });
  progress.clear();
  if (folder !== undefined && recorder !== undefined) {
    recorder.finish(result);
    close();
    folder.store(result.document, {
      tool: VERSION,
      basis: args.basis ?? null,
      declaration: loaded?.declaration ?? null,
      pseudonymKey: result.pseudonymKey,
      otherKeys: {
        prints: Buffer.from(result.copyKeys.print).toString("base64"),
        sampling: Buffer.from(result.copyKeys.sampling).toString("base64"),
      },
      captures: result.readers.map((reader) => reader.file),
      identitiesReason: args.identities ? (args.reason ?? null) : null,
      settings: { sample: `1/${sample}`, network: args.network ?? null },
    });
  }
  if (folder !== undefined && sealed !== null) writeQuestions(folder, await sealed.questions());
  await print(result, args, io, folder?.path);
  const reached =
    failOn !== undefined && result.document.findings.some((finding) => GRADES.indexOf(finding.grade) >= GRADES.indexOf(failOn));
  return reached ? EXIT.FOUND : EXIT.DONE;
}

async function print(result: ScanResult, args: ScanArgs, io: ScanIo, casePath: string | undefined): Promise<void> {
  const text = args.json
    ? `${JSON.stringify(result.document)}\n`
    : summaryText(result, { colour: wantsColour(io), casePath, network: args.network });
  await new Promise<void>((resolve, reject) => io.stdout.write(text, (error) => (error instanceof Error ? reject(error) : resolve())));
}

/** An appended scan makes the same prints as the scans before it. */
function copyKeysOf({ prints, sampling }: CaseKeys): { copyKeys?: CopyKeys } {
  if (prints === undefined || sampling === undefined) return {};
  return { copyKeys: { print: Buffer.from(prints, "base64"), sampling: Buffer.from(sampling, "base64") } };
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
