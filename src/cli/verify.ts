/** `tapproof verify BUNDLE`: the checks of `src/verify`, as a list; exit 0 only if everything holds, 1 otherwise, 2 where it is no bundle. */
import { hash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import type { VerifyInput } from "#bounded/jobs.ts";
import { VERIFY_BOUNDS } from "#bounded/limits.ts";
import { boundedWork, OutOfBounds } from "#bounded/work.ts";
import { formatVerifierKey } from "#evidence/keys/note-key.ts";
import { verifierKeyFromText } from "#evidence/keys/key-store.ts";
import { parseCheckpoint } from "#evidence/note/checkpoint.ts";
import { parseNote } from "#evidence/note/note.ts";
import { verifyBundle, type Check, type Replay, type VerifyResult } from "#verify/verify.ts";
import { VERSION } from "#run/version.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { asTyped } from "./program-name.ts";
import { ProgressLine } from "./progress.ts";

export interface VerifyArgs {
  readonly bundle: string;
  readonly key?: string;
  readonly anySigner: boolean;
  readonly checkpoint?: string;
  readonly witnesses: readonly string[];
  /** Files of keys: installer and parties of a seal whom the reader knows. */
  readonly parties?: readonly string[];
  readonly captures: readonly string[];
  readonly warrants?: string;
  readonly sealed: readonly string[];
  readonly answers: readonly string[];
  /** Files of authorities' public keys that the reader trusts: whose sealed entries count in the replay. */
  readonly authorities?: readonly string[];
  readonly tlsKeys?: string;
  readonly json: boolean;
}

interface Io {
  readonly stdout: Writable;
  readonly stderr?: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function verifyCommand(args: VerifyArgs, io: Io): Promise<number> {
  const octets = read(args.bundle, "a bundle (*.tapproof)");
  const text = (file: string, what: string): string => read(file, what).toString("utf8");
  for (const path of args.captures)
    if (!existsSync(path)) throw new UsageError(`verify: --captures ${path}: no such file or folder; name where the captures lie`);
  const options = {
    ...(args.key === undefined ? {} : { key: keyOf(text(args.key, "the signer's key"), args.key, octets) }),
    anySigner: args.anySigner,
    ...(args.checkpoint === undefined ? {} : { checkpoint: checkpointOf(text(args.checkpoint, "a checkpoint"), args.checkpoint) }),
    parties: (args.parties ?? []).map((file) => keyOf(text(file, "a party's key"), file, octets)),
    version: VERSION,
    witnesses: args.witnesses.map((file) => keyOf(text(file, "a witness's key"), file, octets)),
  };
  const progress = io.stderr === undefined ? undefined : new ProgressLine(io.stderr, io.env);
  const reading = readBounded(args.bundle, octets, options);
  const unreplayed = await (progress?.during("checking", reading) ?? reading);
  progress?.clear();
  if (typeof unreplayed === "string") {
    await new Promise<void>((resolve) => io.stdout.write(unreplayed, () => resolve()));
    return EXIT.FOUND;
  }
  // What holds at L1 and L2, within its bounds, is replayed here.
  const result =
    args.captures.length === 0
      ? unreplayed
      : await verifyBundle(octets, {
          ...options,
          replay: await replayWith(args, (line) => void io.stderr?.write(`${visible(line)}\n`), progress),
          primitives: { sha256: (data) => hash("sha256", data, "buffer") },
        });
  progress?.clear();
  if (!result.bundle)
    throw new UsageError(
      `verify: ${args.bundle}: is not a bundle; name a *.tapproof file that "${asTyped(io.env)} scan --case" or "${asTyped(io.env)} bundle" wrote`,
    );
  const shown = args.json ? `${JSON.stringify(withoutContents(result))}\n` : resultText(result, args.anySigner);
  await new Promise<void>((resolve, reject) => io.stdout.write(shown, (error) => (error instanceof Error ? reject(error) : resolve())));
  return result.passed ? EXIT.DONE : EXIT.FOUND;
}

/**
 * L1 and L2 in a process of its own, with an end to its time and memory: the bundle is a stranger's. A sentence, with its line's end, where it reached
 * a bound: such a bundle is not verified, and nothing of it is replayed.
 */
async function readBounded(name: string, octets: Uint8Array, options: VerifyInput["options"]): Promise<VerifyResult | string> {
  try {
    return await boundedWork("verify", { octets, options }, VERIFY_BOUNDS);
  } catch (error) {
    if (!(error instanceof OutOfBounds)) throw error;
    return `origin: not checked\nNOT VERIFIED: reading ${visible(name)} ${error.message}; a bundle of an honest scan takes seconds\n`;
  }
}

/** The rest of the program, only where it has to replay. */
async function replayWith(args: VerifyArgs, say: (line: string) => void, progress: ProgressLine | undefined): Promise<Replay> {
  const [{ replayOn }, { loadRegisters }, { loadAuthority }, { loadTlsKeyLog }] = await Promise.all([
    import("#run/seal/replay.ts"),
    import("#register/sealed/registers.ts"),
    import("#register/sealed/load.ts"),
    import("#run/tls-key-log.ts"),
  ]);
  // The reader's own word alone: a bundle's declaration may name whom its maker likes.
  const authorities = (args.authorities ?? []).map((file) => loadAuthority(file).signing);
  const beside = args.warrants === undefined ? registerBeside(args.captures) : undefined;
  let register;
  let taken = true;
  try {
    ({ register } = loadRegisters(args.warrants ?? beside, args.sealed, args.answers, null, authorities));
  } catch (error) {
    // What only happens to lie there and is no register counts as none: a run that had one then says that it needs it.
    if (beside === undefined) throw error;
    taken = false;
    ({ register } = loadRegisters(undefined, args.sealed, args.answers, null, authorities));
  }
  const replay = replayOn(args.captures, register, args.tlsKeys === undefined ? undefined : loadTlsKeyLog(args.tlsKeys), progress);
  if (beside === undefined) return replay;
  return (request) => {
    if (request.runs.some((run) => run.register.given))
      say(
        taken
          ? `tapproof: verify: ${beside} lies beside the captures and is taken as the register of warrants; --warrants names another`
          : `tapproof: verify: ${beside} lies beside the captures and is not a register of warrants; name it with --warrants`,
      );
    return replay(request);
  };
}

/** A register that lies beside the captures under its plain name: whoever may have those has it there. A run without one ignores it. */
function registerBeside(captures: readonly string[]): string | undefined {
  const names = ["warrants.yaml", "warrants.yml", "warrants.json", "warrants.csv"];
  return captures.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
}

function read(path: string, what: string): Buffer {
  try {
    if (statSync(path).isDirectory()) throw new UsageError(`verify: ${path}: is a directory, name ${what}`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`verify: ${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"}), name ${what}`);
  }
}

/** What is no checkpoint at all is the caller's mistake; one that is, and does not fit, is for the verifier to tell. */
function checkpointOf(text: string, file: string): string {
  try {
    parseCheckpoint(parseNote(text).text);
    return text;
  } catch (error) {
    const why = error instanceof Error ? error.message : "unreadable";
    throw new UsageError(
      `verify: --checkpoint ${file}: is not a checkpoint (${why}); name a log/checkpoint or log/sealed file that was kept`,
    );
  }
}

/** A PEM key has no name: it is taken under the one that the bundle signs with. */
function keyOf(text: string, file: string, bundle: Uint8Array): string {
  const signedAs = /\n\n— (\S+) /u.exec(new TextDecoder().decode(bundle.subarray(0, 1 << 20)))?.[1];
  return formatVerifierKey(verifierKeyFromText(text, file, signedAs));
}

/** Records may be large, and whoever wants them reads the bundle. */
function withoutContents({ contents, ...rest }: VerifyResult): object {
  return { ...rest, log: contents?.log ?? null, parts: contents?.parts.length ?? 0 };
}

const MARKS = { passed: "ok      ", failed: "FAILED  ", "not checked": "open    " } as const;

export function resultText(result: VerifyResult, anySigner: boolean): string {
  const { origin } = result;
  const signatureSeen = result.checks.some(({ code, status }) => code === "signature" && status !== "not checked");
  const first =
    origin.status === "checked"
      ? `origin: ${origin.name}`
      : origin.status === "wrong"
        ? signatureSeen
          ? "origin: WRONG, this is not signed by the key given"
          : "origin: WRONG, the bundle is not whole, and so not what was signed"
        : `origin: not checked${origin.key === "" ? "" : ` (signed by ${origin.key})`}`;
  const weaker = result.weaknesses.length === 0 ? "" : `; weaker than a whole scan: ${result.weaknesses.map((w) => w.words).join(", ")}`;
  const attested = result.level !== "L3" ? [] : [`attested only, no replay shows it: ${result.attested.map((a) => a.words).join("; ")}`];
  const lines = [`${first}${weaker}`, ...attested, ""];
  let level = "";
  for (const check of result.checks) {
    if (check.level !== level) {
      level = check.level;
      lines.push(`${level} ${TITLES[check.level]}`);
    }
    lines.push(`  ${MARKS[check.status]}${check.code.padEnd(16)} ${check.name}${check.detail === "" ? "" : `: ${check.detail}`}`);
  }
  lines.push("", `level: ${result.level}`);
  const failed = result.checks.filter((c) => c.status === "failed");
  if (failed.length > 0) lines.push(`FAILED: ${failed.map((c) => (c.part === undefined ? c.code : `${c.code} (${c.part})`)).join(", ")}`);
  else if (origin.status !== "checked" && !anySigner)
    lines.push("Not verified: who signed it is unknown. Name the signer's key with --key, or accept any with --any-signer.");
  else if (!result.passed) lines.push("Not verified: a check that you asked for could not be made; it stands above as open.");
  else lines.push(standing(result));
  return `${lines.map((line) => visible(line)).join("\n")}\n`;
}

const TITLES: Readonly<Record<Check["level"], string>> = {
  L1: "integrity: what was signed, by whom, and that it stands in the log",
  L2: "arithmetic: what the records say follows from what they disclose",
  L3: "replay: the detectors on the full captures",
};

/** What the level is worth, in a sentence: absence is shown by replay only. */
function standing(result: VerifyResult): string {
  if (result.level === "L3" && result.weaknesses.length > 0)
    return "What was looked for comes out again; what was not is said in the first line. The captures themselves are as good as who took them.";
  if (result.level === "L3")
    return "Everything holds. The captures themselves are as good as who took them: this shows integrity since sealing.";
  return "Everything that was checked holds. That something is absent (no path, no warrant) is attested here; replay with --captures shows it.";
}
