/** `tapproof custody DIR`: who did what with a case and on which basis; adds an entry, or the intake of a capture. */
import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import type { Writable } from "node:stream";
import { WITHOUT_KEYS } from "#evidence/keys/key-place.ts";
import { loadSigner } from "#evidence/keys/key-store.ts";
import { openCaseLog, readCaseLog, type CaseLog } from "#evidence/log/case-log.ts";
import type { CoverageStatement } from "#evidence/records/types.ts";
import { auditCaseLog } from "#evidence/log/audit.ts";
import {
  addCustody,
  addIntake,
  CUSTODY_ACTIONS,
  custodyOf,
  TAP_METHODS,
  type CustodyEntry,
  type CustodyLine,
  type Intake,
} from "#evidence/custody/custody.ts";
import type { CaseFolder, CaseMeta } from "#store/case-folder.ts";
import { account } from "./account.ts";
import { checkHandOver, copyWithoutKeys } from "./hand-over.ts";
import { openCase } from "./open-case.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { asTyped } from "./program-name.ts";

export interface CustodyArgs {
  readonly directory: string;
  /** What was done: one of `CUSTODY_ACTIONS`. */
  readonly add?: string;
  readonly by?: string;
  readonly note?: string;
  readonly law?: string;
  readonly authority?: string;
  readonly purpose?: string;
  /** A new folder that gets a copy of the case without its keys. */
  readonly handOver?: string;
  /** A capture whose intake is recorded: its file, or its SHA-256. */
  readonly intake?: string;
  readonly place?: string;
  readonly method?: string;
  readonly tool?: string;
  readonly drops?: number;
  readonly from?: string;
  readonly check: boolean;
  /** Print the C2SP tlog-proof of this entry. */
  readonly proof?: number;
  readonly signingKey?: string;
  readonly json: boolean;
}

interface CustodyIo {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function custodyCommand(args: CustodyArgs, io: CustodyIo): Promise<number> {
  const folder = openCase(args.directory, io);
  if (args.add !== undefined && args.intake !== undefined) throw new UsageError("custody: either --add or --intake");
  if (args.handOver !== undefined) return handOver(folder, args, args.handOver, io);
  if (args.check) return check(folder.path, io);
  if (args.proof !== undefined) return proof(folder.path, args.proof, io);
  if (args.add !== undefined || args.intake !== undefined) await add(folder, args, io);
  const log = readCaseLog(folder.path);
  const entries = log === undefined ? [] : custodyOf(log);
  const lines = [...(log === undefined ? [] : scansOf(log, folder.readJson<CaseMeta>("meta"))), ...entries].sort(
    (a, b) => a.index - b.index,
  );
  const shown = args.json ? lines : lines.slice(-SHOWN);
  if (shown.length < lines.length) io.stdout.write(`        … ${lines.length - shown.length} earlier entries; --json lists all\n`);
  io.stdout.write(shown.map((line) => (args.json ? `${JSON.stringify(line)}\n` : lineText(line))).join(""));
  if (!args.json && entries.length === 0)
    io.stderr.write(
      `tapproof: nothing else was recorded; ${asTyped(io.env)} custody ${args.directory} --add opened --purpose TEXT begins\n`,
    );
  log?.close();
  return EXIT.DONE;
}

/** The newest entries are shown; the rest is counted. */
const SHOWN = 100;

/** A scan as custody shows it: what the log and the case say of it, and who signed. */
interface ScanLine {
  readonly index: number;
  readonly type: "scan";
  readonly value: {
    /** RFC 3339, UTC; claimed. Null where the case does not say. */
    readonly at: string | null;
    readonly captures: number;
    readonly findings: number;
    readonly tool: string;
    /** Name of the key that signs the log. */
    readonly key: string;
    readonly basis: string | null;
    readonly identitiesReason: string | null;
  };
  readonly witnessedAt: number | undefined;
}

/** Nobody has to record that a scan was made: its records are in the log. */
function scansOf(log: CaseLog, meta: CaseMeta): ScanLine[] {
  return [...log.records("coverage")].map(({ index, value }) => {
    const { sequence, captures, findings } = value as unknown as CoverageStatement;
    const run = meta.runs[sequence];
    return {
      index,
      type: "scan",
      value: {
        at: run === undefined ? null : `${run.at.slice(0, 19)}Z`,
        captures: captures.length,
        findings: findings.length,
        tool: `${meta.tool.name} ${meta.tool.version}`,
        key: log.key.name,
        basis: meta.basis,
        identitiesReason: run?.identitiesReason ?? null,
      },
      witnessedAt: log.witnessedAt(index),
    };
  });
}

/** The log says first that the case was handed over, so that the copy says so, too. */
async function handOver(folder: CaseFolder, args: CustodyArgs, target: string, io: CustodyIo): Promise<number> {
  if (args.add !== undefined || args.intake !== undefined)
    throw new UsageError("custody: --hand-over records itself; leave --add and --intake out");
  checkHandOver(folder, target);
  await add(folder, { ...args, add: "handed-over" }, io);
  copyWithoutKeys(folder.path, target);
  io.stdout.write(`${visible(target)}: a copy of the case without its keys: ${WITHOUT_KEYS}\n`);
  return EXIT.DONE;
}

async function add(folder: CaseFolder, args: CustodyArgs, io: CustodyIo): Promise<void> {
  const at = `${new Date().toISOString().slice(0, 19)}Z`;
  const by = args.by ?? account(io.env);
  const capture = args.intake === undefined ? undefined : await hashOf(args.intake);
  const log = openCaseLog(folder.path, loadSigner(args.signingKey, io.env));
  try {
    if (capture !== undefined) {
      addIntake(log, {
        at,
        by,
        capture,
        place: needed(args.place, "--place, where it was captured"),
        method: oneOf(args.method ?? "unknown", TAP_METHODS, "--method"),
        tool: needed(args.tool, "--tool, what captured it"),
        drops: args.drops ?? null,
        from: args.from ?? null,
        note: args.note ?? null,
      });
      return;
    }
    const stated = folder.readJson<CaseMeta>("meta").basis;
    const purpose = args.purpose ?? (args.law === undefined && args.authority === undefined ? undefined : (stated ?? undefined));
    if (purpose === undefined && (args.law !== undefined || args.authority !== undefined))
      throw new UsageError("custody: a basis needs --purpose");
    const basis = purpose === undefined ? null : { law: args.law ?? null, authority: args.authority ?? null, purpose };
    const first = log.last("custody") === undefined && stated !== null ? { law: null, authority: null, purpose: stated } : null;
    addCustody(log, {
      at,
      by,
      action: oneOf(args.add as string, CUSTODY_ACTIONS, "--add"),
      basis: basis ?? first,
      note: args.note ?? null,
    });
  } finally {
    log.close();
  }
}

/** The whole log, read and computed again. */
function check(path: string, io: CustodyIo): number {
  const { size, problems } = auditCaseLog(path);
  io.stdout.write(
    problems.length === 0 ? `${size} entries, all as the signed head says\n` : problems.map((problem) => `${visible(problem)}\n`).join(""),
  );
  return problems.length === 0 ? EXIT.DONE : EXIT.FOUND;
}

/** Against the smallest witnessed head that holds the entry, else the newest head. */
function proof(path: string, index: number, io: CustodyIo): number {
  const log = readCaseLog(path);
  if (log === undefined || index >= log.size)
    throw new UsageError(`custody: --proof ${index}: the log has ${log?.size ?? 0} entries, counted from 0`);
  io.stdout.write(log.proofFile(index));
  return EXIT.DONE;
}

function lineText({ index, type, value, witnessedAt }: CustodyLine | ScanLine): string {
  const sealed = witnessedAt === undefined ? "pending" : `sealed ${new Date(witnessedAt * 1000).toISOString().slice(0, 19)}Z (witnessed)`;
  const head = `${String(index).padStart(6)}  ${value.at === null ? "time not recorded" : `${value.at} (claimed)`}  ${sealed}\n        `;
  if (type === "scan") {
    const { captures, findings, tool, key, basis, identitiesReason } = value;
    const amount = `${captures} capture${captures === 1 ? "" : "s"}, ${findings} finding${findings === 1 ? "" : "s"}`;
    const clear = identitiesReason === null ? "" : `; identities shown: ${identitiesReason}`;
    return `${head}${visible(`scan with ${tool}, signed by ${key}: ${amount}; basis: ${basis ?? "not stated"}${clear}`)}\n`;
  }
  if (type === "intake") {
    const { by, capture, place, method, tool, drops, from, note } = value as Intake;
    const what = `intake by ${by}${from === null ? "" : `, handed over by ${from}`}: ${capture}, ${method} at ${place}, ${tool}, ${drops === null ? "drops not known" : `${drops} dropped`}`;
    return `${head}${visible(what)}${note === null ? "" : `; ${visible(note)}`}\n`;
  }
  const { by, action, basis, note } = value as CustodyEntry;
  const ground = [basis.law, basis.authority, basis.purpose].filter((part) => part !== null).join(", ");
  return `${head}${visible(`${action} by ${by}; basis: ${ground}`)}${note === null ? "" : `; ${visible(note)}`}\n`;
}

async function hashOf(capture: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(capture)) return capture;
  const file = statSync(capture, { throwIfNoEntry: false });
  if (file === undefined) throw new UsageError(`custody: ${capture}: no such file, and no SHA-256`);
  if (file.isDirectory()) throw new UsageError(`custody: ${capture}: is a folder; name one capture, or its SHA-256`);
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(capture)) digest.update(chunk as Buffer);
  return digest.digest("hex");
}

function needed(value: string | undefined, what: string): string {
  if (value === undefined) throw new UsageError(`custody: --intake needs ${what}`);
  return value;
}

function oneOf<T extends string>(text: string, words: readonly T[], option: string): T {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new UsageError(`custody: ${option} ${text}: expected one of ${words.join(", ")}`);
  return found;
}
