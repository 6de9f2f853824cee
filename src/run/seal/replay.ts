/** L3: scans the captures of a bundle again, as its records say, and tells what comes out (`verify` compares). */
import { createHash, hash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { resolve } from "node:path";
import { listCaptures } from "#capture/open.ts";
import { declarationHash } from "#declaration/load.ts";
import { recordedDeclaration } from "#declaration/recorded.ts";
import type { WarrantRegister } from "#register/covers.ts";
import type { Progress } from "#model/progress.ts";
import type { TlsKeys } from "#model/tls-keys.ts";
import { scan, type ScanResult } from "#run/scan.ts";
import { FindingCommitments } from "#evidence/commit/commitments.ts";
import { coverageRecord, printKeysRecord } from "#evidence/records/build.ts";
import { carve, type CarvedFinding, type CarveWish } from "./carve.ts";
import { carveWhole } from "./carve-whole.ts";
import {
  baseRecords,
  capturesOf,
  findingRecords,
  maskingOf,
  pairUp,
  wishOf,
  type FindingMade,
  type ScanOptions,
  type SealInput,
} from "./seal.ts";

/** The shape of `verify`'s request and answer; this stage does not import the verifier, nor the verifier this stage. */
interface Request {
  readonly runs: readonly {
    readonly captures: readonly { readonly file: string; readonly sha256: string }[];
    readonly declaration: unknown;
    readonly register: { readonly given: boolean; readonly warrants: number };
    readonly settings: Readonly<Record<string, unknown>>;
    readonly printKeys: { readonly print: string; readonly sampling: string } | null;
    readonly findings: readonly Asked[];
  }[];
}

interface Asked {
  readonly id: string;
  readonly full: boolean;
  readonly opened: readonly {
    readonly kind: "frame" | "identity" | "subscriber" | "pair";
    readonly index: number;
    readonly content: string;
  }[];
}

type Plain = Readonly<Record<string, unknown>>;

interface Run {
  readonly missing: readonly string[];
  readonly settings: Plain;
  readonly records?: {
    readonly captures: readonly Plain[];
    readonly tapMap: Plain;
    readonly declaration: Plain;
    readonly register: Plain;
    readonly coverage: Plain;
  };
  readonly impossible?: string;
  readonly findings: readonly {
    readonly id: string;
    readonly record: Plain;
    readonly packets: string | null;
    readonly match: Plain;
    readonly carved: Plain;
    readonly full: string | null;
    readonly opened: readonly boolean[];
  }[];
}

export const limits = {
  /** The most that `scan --sample 1/N` takes; a bundle that says more was not made by it. */
  sample: 9_999_999,
  /** Octets that `scan --copy-memory` takes at most; a bundle that says more is not replayed. */
  copyBytes: 65_536 * 1024 * 1024,
} as const;

/** `given`: captures, or directories of captures. */
export function replayOn(
  given: readonly string[],
  register: WarrantRegister | null,
  tlsKeys?: TlsKeys,
  progress?: Progress,
): (request: Request) => Promise<{ readonly runs: readonly Run[] }> {
  return async (request) => {
    const paths = await hashCaptures(given, progress);
    const runs: Run[] = [];
    for (const run of request.runs) runs.push(await replayRun(run, paths, register, tlsKeys, progress));
    return { runs };
  };
}

async function replayRun(
  run: Request["runs"][number],
  paths: ReadonlyMap<string, string>,
  register: WarrantRegister | null,
  tlsKeys: TlsKeys | undefined,
  progress: Progress | undefined,
): Promise<Run> {
  const none = { settings: {}, findings: [] };
  const missing = run.captures.filter((c) => !paths.has(c.sha256)).map((c) => `${c.file} (${c.sha256.slice(0, 16)}…)`);
  if (missing.length > 0) return { ...none, missing };
  if (run.register.given && register === null)
    return { ...none, missing, impossible: "the run had a register of warrants; name it with --warrants" };
  if (run.register.given && register?.size !== run.register.warrants) {
    return {
      ...none,
      missing,
      impossible: `the run's register held ${run.register.warrants} warrants, the one given ${register?.size ?? 0}`,
    };
  }
  const options = optionsOf(run.settings);
  if (options === undefined) return { ...none, missing, impossible: "its options are none that a scan has" };
  const { sample, copyBytes } = options;
  if (options.tlsKeys && tlsKeys === undefined)
    return { ...none, missing, impossible: "the run had a TLS key log; name it with --tls-keys" };
  // Nothing is written, and no name from the bundle is ever a path: each capture is read where the reader keeps it, and only called as it was,
  // because tap maps match names.
  const names = new Map(run.captures.map(({ file, sha256 }) => [paths.get(sha256) as string, file]));
  if (names.size < run.captures.length) return { ...none, missing, impossible: "the run names one capture twice" };
  const declaration = run.declaration === null ? null : recordedDeclaration(run.declaration);
  if (declaration === undefined) return { ...none, missing, impossible: "its declaration is not in the form that a scan records" };
  const known = declaration === null ? null : { declaration, sha256: declarationHash(declaration) };
  const copyKeys =
    run.printKeys === null
      ? undefined
      : { print: Buffer.from(run.printKeys.print, "hex"), sampling: Buffer.from(run.printKeys.sampling, "hex") };
  progress?.stage("replaying", "octets");
  const result = await scan({
    ...(progress === undefined ? {} : { progress }),
    paths: [...names.keys()],
    names,
    declaration: known,
    register: run.register.given ? register : null,
    skipBad: false,
    identities: false,
    ...(copyKeys === undefined ? {} : { copyKeys }),
    sample,
    ...(copyBytes < 0 ? {} : { copyBytes }),
    ...(options.tlsKeys && tlsKeys !== undefined ? { tlsKeys } : {}),
  });
  const warrants = run.register.given && register !== null ? { warrants: register, fingerprint: "" } : null;
  return { missing, ...(await recordsOf(result, options, known, warrants, run.findings, progress)) };
}

/** Commitments of a replay hide nothing: who replays has the captures. A fixed key makes them comparable. */
const OPEN_KEY = new Uint8Array(32);

async function recordsOf(
  result: ScanResult,
  options: ScanOptions,
  declaration: SealInput["declaration"],
  register: SealInput["register"],
  asked: readonly Asked[],
  progress: Progress | undefined,
): Promise<Omit<Run, "missing">> {
  const captures = capturesOf(result);
  const found = pairUp(result);
  const wishes = found.map(({ draft, finding }) => wishOf(result, draft, finding));
  const carved = await carve(captures, wishes, OPEN_KEY, progress === undefined ? {} : { progress });
  const masking = maskingOf(result, declaration?.declaration ?? null);
  const made = found.map(({ draft, finding }, i) => findingRecords(result, draft, finding, carved[i] as CarvedFinding, OPEN_KEY, masking));
  const wanted = new Map(asked.map((a) => [a.id, a]));
  const pathOf = (sha256: string): string | undefined => captures.find((c) => c.sha256 === sha256)?.path;
  const whole = new Map<string, CarvedFinding | undefined>();
  for (const { finding, carved: record } of made)
    if (wanted.get(finding.id)?.full === true) whole.set(finding.id, await carveWhole(finding.id, record, pathOf, progress));
  const base = baseRecords({ result, options, declaration, register }, OPEN_KEY);
  const coverage = coverageRecord(
    {
      ...base,
      document: result.document,
      sequence: 0,
      previous: null,
      printKeys: printKeysRecord(0, result.copyKeys),
      findings: made.map(({ finding }) => finding),
      beacon: null,
    },
    masking,
  );
  const plain = (record: object): Plain => record as Plain;
  return {
    settings: plain(base.settings),
    records: {
      captures: base.captures.map(plain),
      tapMap: plain(base.tapMap),
      declaration: plain(base.declaration),
      register: plain(base.register),
      coverage: plain(coverage),
    },
    findings: made.map((m, i) => ({
      id: m.finding.id,
      record: plain(m.finding),
      packets: m.pcapng === null ? null : hash("sha256", m.pcapng, "hex"),
      match: plain(m.match),
      carved: plain(m.carved),
      full: pcapngHash(whole.get(m.finding.id)),
      opened: (wanted.get(m.finding.id)?.opened ?? []).map((opening) => holds(opening, m, wishes[i] as CarveWish)),
    })),
  };
}

function pcapngHash(carved: CarvedFinding | undefined): string | null {
  return carved === undefined || carved.pcapng === null ? null : hash("sha256", carved.pcapng, "hex");
}

/** Whether the captures hold what was opened: the same commitment comes of it, or it is among those that the finding concerns. */
function holds({ kind, index, content }: Asked["opened"][number], made: FindingMade, wish: CarveWish): boolean {
  const octets = Buffer.from(content, "base64");
  if (kind === "subscriber") return made.contents.subscribers.includes(octets.toString("utf8"));
  if (kind === "identity") return made.contents.identities.includes(octets.toString("utf8"));
  const commitments = new FindingCommitments(OPEN_KEY, wish.finding);
  if (kind === "frame") {
    const frame = made.carved.frames[index];
    if (frame === undefined) return false;
    return commitments.byPlace("frame", `${frame.capture} ${frame.frame}`, octets).commitment === frame.commitment;
  }
  const pair = made.match.pairs[index];
  if (pair === undefined) return false;
  const { commitment } = commitments.byContent("payload", "", octets);
  return commitment === pair.copyCommitment && commitment === pair.originalCommitment;
}

/** `undefined` where a scan has no such options. */
function optionsOf(settings: Plain): ScanOptions | undefined {
  const { sample, copyBytes, tlsKeys } = (settings["options"] ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof sample !== "number" || !Number.isSafeInteger(sample) || sample < 1 || sample > limits.sample) return undefined;
  if (typeof copyBytes !== "number" || !Number.isSafeInteger(copyBytes) || copyBytes < -1 || copyBytes > limits.copyBytes) return undefined;
  return typeof tlsKeys === "boolean" ? { sample, copyBytes, tlsKeys } : undefined;
}

/** Captures, or directories of captures, by the SHA-256 of the file as given. */
export async function hashCaptures(given: readonly string[], progress?: Progress): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const files = await listCaptures(given);
  const total = files.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
  let done = 0;
  progress?.stage("hashing captures", "octets");
  for (const path of files) {
    const sha256 = createHash("sha256");
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      sha256.update(chunk as Uint8Array);
      progress?.show((done += (chunk as Uint8Array).length), total);
    }
    found.set(sha256.digest("hex"), resolve(path));
  }
  return found;
}
