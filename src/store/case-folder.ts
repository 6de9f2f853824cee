import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { caseKeysFile, KEYS_ID, keysMissing, placeKeys, WITHOUT_KEYS } from "#evidence/keys/key-place.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { joinDocuments } from "#findings/join.ts";
import { readUnfinished, SCAN_LOCK, UNFINISHED_FILE, unfinishedText, type Unfinished } from "./unfinished.ts";

/** The folder cannot be used as a case; the command line shows the message and ends with 2. */
export class CaseError extends Error {
  override readonly name = "CaseError";
  readonly exitCode = 2;
}

/** Files of a case folder. All are the owner's alone. */
export const CASE_FILES = {
  meta: "case.json",
  findings: "findings.json",
  declaration: "declaration.json",
  database: "case.duckdb",
  keys: "keys.json",
  report: "report.html",
} as const;

/** A case holds keys: wherever it lies, neither `git add` nor `npm pack` takes it along. */
const IGNORED_BY_GIT = ".gitignore";

const CASE_SCHEMA = "tapproof/case/1";
/** What a scan will put in the place of the file without it, as soon as the log holds the scan. */
const NEXT = ".next";

export interface CaseMeta {
  readonly schema: typeof CASE_SCHEMA;
  readonly created: string;
  readonly tool: { readonly name: "tapproof"; readonly version: string };
  /** On which ground the case is kept: law, authority, purpose; null until somebody states it. */
  readonly basis: string | null;
  /** One entry a scan. */
  readonly runs: readonly CaseRun[];
}

export interface CaseRun {
  readonly at: string;
  readonly captures: readonly string[];
  readonly settings: Readonly<Record<string, string | number | boolean | null>>;
  /** Why identities are shown in clear; null where they are not. */
  readonly identitiesReason: string | null;
}

/** Secrets of a case: whoever has them can tell who stands behind a pseudonym. */
export interface CaseKeys {
  /** Base64; 32 octets. Independent of one another (`method.md` §5.1). */
  readonly pseudonyms: string;
  readonly prints?: string;
  readonly sampling?: string;
}

export interface ScanRecord {
  readonly tool: string;
  readonly basis: string | null;
  readonly declaration: unknown;
  readonly captures: readonly string[];
  readonly settings: CaseRun["settings"];
  readonly identitiesReason: string | null;
  /** Numbers of the scan in the database and, of its coverage statement, in the log. */
  readonly databaseRun: number;
  readonly sequence: number;
}

export class CaseFolder {
  readonly path: string;
  /** That a scan is under way or was cut short, of which the case shows nothing, or that the case is here without its keys; null where neither is. */
  readonly notice: string | null;
  private constructor(path: string, notice: string | null = null) {
    this.path = path;
    this.notice = notice;
  }

  /**
   * Whether a case may be written there: a folder that is new or empty; one that holds something only with `append`, and then it must be a case.
   * Writes nothing.
   */
  static check(path: string, append: boolean): CaseFolder {
    if (existsSync(path)) {
      if (!statSync(path).isDirectory()) throw new CaseError(`${path}: is a file, name a folder for the case`);
      const entries = readdirSync(path).filter(
        (name) => !name.startsWith(SCAN_LOCK) && name !== `${UNFINISHED_FILE}.tmp` && name !== IGNORED_BY_GIT && name !== KEYS_ID,
      );
      const left = readUnfinished(path);
      if (left !== undefined && !append && !entries.includes(CASE_FILES.meta))
        throw new CaseError(`${path}: ${unfinishedText(left, false)}`);
      if (entries.length > 0 && !append) throw new CaseError(`${path}: the folder is not empty, name a new one or add --append`);
      if (entries.length > 0 && left === undefined && !entries.includes(CASE_FILES.meta))
        throw new CaseError(`${path}: is not a case, name a new folder or a case`);
      if (entries.includes(CASE_FILES.meta)) checkSchema(path);
      const missing = keysMissing(path);
      if (missing !== undefined) throw new CaseError(`${path}: ${missing}: ${WITHOUT_KEYS}`);
    }
    return new CaseFolder(path);
  }

  /** The folder above must be there. */
  create(): void {
    if (!existsSync(this.path)) mkdirSync(this.path, { mode: 0o700 });
    chmodSync(this.path, 0o700);
    if (!existsSync(join(this.path, IGNORED_BY_GIT))) writeFileSync(join(this.path, IGNORED_BY_GIT), "*\n", { mode: 0o600 });
    placeKeys(this.path);
  }

  /** The key of an existing case's pseudonyms, so that an appended scan names the same people the same way. */
  pseudonymKey(): Uint8Array | undefined {
    const known = this.has("keys") ? this.readJson<Partial<CaseKeys>>("keys").pseudonyms : undefined;
    return known === undefined ? undefined : Buffer.from(known, "base64");
  }

  /** An existing case. Throws `CaseError` where a scan was cut short so that the case cannot be shown, or is of a later version. */
  static open(path: string): CaseFolder {
    const left = readUnfinished(path);
    const inCase = existsSync(join(path, CASE_FILES.meta));
    if (left !== undefined && (left.phase === "storing" || !inCase)) throw new CaseError(`${path}: ${unfinishedText(left, inCase)}`);
    if (!existsSync(join(path, CASE_FILES.meta)))
      throw new CaseError(`${path}: is not a case (no ${CASE_FILES.meta}), name a folder that "tapproof scan --case" wrote`);
    checkSchema(path);
    const missing = keysMissing(path);
    const notices = [
      ...(left === undefined ? [] : [unfinishedText(left, true)]),
      ...(missing === undefined ? [] : [`${missing}: ${WITHOUT_KEYS}`]),
    ];
    return new CaseFolder(path, notices.length === 0 ? null : `${path}: ${notices.join("; ")}`);
  }

  file(name: keyof typeof CASE_FILES): string {
    return name === "keys" ? caseKeysFile(this.path) : join(this.path, CASE_FILES[name]);
  }

  has(name: keyof typeof CASE_FILES): boolean {
    return existsSync(this.file(name));
  }

  readJson<T>(name: keyof typeof CASE_FILES): T {
    try {
      return JSON.parse(readFileSync(this.file(name), "utf8")) as T;
    } catch (error) {
      throw new CaseError(
        `${this.file(name)}: cannot be read (${error instanceof Error ? error.message : "unreadable"}); scan again into a new case`,
      );
    }
  }

  /** Whole or not at all: written beside and renamed, so that a kill leaves the old file or the new one. */
  writeJson(name: keyof typeof CASE_FILES, value: unknown): void {
    writeWhole(this.file(name), jsonText(value));
  }

  writeText(name: string, text: string | Uint8Array): void {
    writeWhole(join(this.path, name), text);
  }

  /** The mark of a scan that is under way or was cut short. */
  unfinished(): Unfinished | undefined {
    return readUnfinished(this.path);
  }

  /** A scan begins: until `finish` the case says so. */
  begin(): void {
    this.mark({ schema: "tapproof/unfinished/1", phase: "reading", at: new Date().toISOString(), process: process.pid });
  }

  /** Keeps keys, as far as the case has none of its own. */
  keepKeys(drawn: CaseKeys): void {
    // Other secrets may be there already: the log of a case draws its own.
    const keys = this.has("keys") ? this.readJson<Partial<CaseKeys>>("keys") : {};
    if (keys.pseudonyms === undefined) this.writeJson("keys", { ...keys, ...drawn } satisfies CaseKeys);
  }

  /**
   * Puts what a scan found beside what the case shows: the findings document (joined with what earlier scans found), the declaration, and who
   * did it how. Nothing of it counts before the log holds the scan; then `finish` puts it in its place.
   */
  prepare(document: FindingsDocument, made: ScanRecord): void {
    const joined = this.has("findings") ? joinDocuments(this.readJson<FindingsDocument>("findings"), document) : document;
    this.writeText(`${CASE_FILES.findings}${NEXT}`, jsonText(joined));
    if (made.declaration !== null) this.writeText(`${CASE_FILES.declaration}${NEXT}`, jsonText(made.declaration));
    const began = this.unfinished()?.at ?? new Date().toISOString();
    const { captures, settings, identitiesReason, databaseRun, sequence, basis, tool } = made;
    const run: CaseRun = { at: new Date().toISOString(), captures, settings, identitiesReason };
    const next = { run, runsBefore: this.meta()?.runs.length ?? 0, basis, tool, databaseRun, sequence };
    this.mark({ schema: "tapproof/unfinished/1", phase: "storing", at: began, process: process.pid, next });
  }

  /** The scan is in the log: what was prepared takes its place. May be called again after a kill. */
  finish(): void {
    const next = this.unfinished()?.next;
    if (next === undefined) return;
    for (const name of ["findings", "declaration"] as const) {
      const path = this.file(name);
      if (existsSync(`${path}${NEXT}`)) renameSync(`${path}${NEXT}`, path);
    }
    const earlier = this.meta();
    const runs = earlier?.runs ?? [];
    const meta: CaseMeta = {
      // what others keep there (replies) stays
      ...earlier,
      schema: CASE_SCHEMA,
      created: earlier?.created ?? next.run.at,
      tool: { name: "tapproof", version: next.tool },
      basis: next.basis ?? earlier?.basis ?? null,
      runs: runs.length === next.runsBefore ? [...runs, next.run] : runs,
    };
    this.writeJson("meta", meta);
    this.protect();
    rmSync(join(this.path, UNFINISHED_FILE), { force: true });
  }

  /** Nothing of the scan is in the log: the case is what it was. A folder that never was a case keeps the mark. */
  abandon(): void {
    for (const name of ["findings", "declaration"] as const) rmSync(`${this.file(name)}${NEXT}`, { force: true });
    const left = this.unfinished();
    if (this.has("meta")) rmSync(join(this.path, UNFINISHED_FILE), { force: true });
    else if (left !== undefined && left.phase === "storing")
      this.mark({ schema: left.schema, phase: "reading", at: left.at, process: left.process });
  }

  private meta(): CaseMeta | undefined {
    return this.has("meta") ? this.readJson<CaseMeta>("meta") : undefined;
  }

  /** Keys of another case, under which this one is to be kept. */
  giveKeys(text: string): void {
    writeWhole(this.file("keys"), text);
  }

  private mark(mark: Unfinished): void {
    this.writeText(UNFINISHED_FILE, jsonText(mark));
  }

  /** The database is made by its library with the process's mask; this puts it right. */
  protect(): void {
    for (const entry of readdirSync(this.path, { withFileTypes: true })) {
      if (entry.isFile()) chmodSync(join(this.path, entry.name), 0o600);
    }
  }
}

function writeWhole(path: string, text: string | Uint8Array): void {
  // A case may come from a stranger: what lies under this name goes, and a link there is never followed.
  rmSync(`${path}.tmp`, { force: true });
  writeFileSync(`${path}.tmp`, text, { mode: 0o600, flag: "wx" });
  sync(`${path}.tmp`);
  renameSync(`${path}.tmp`, path);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A case of a later version may mean other things by the same names. */
function checkSchema(path: string): void {
  const file = join(path, CASE_FILES.meta);
  let schema: unknown;
  try {
    ({ schema } = JSON.parse(readFileSync(file, "utf8")) as Partial<CaseMeta>);
  } catch (error) {
    throw new CaseError(`${file}: cannot be read (${error instanceof Error ? error.message : "unreadable"}); scan again into a new case`);
  }
  if (schema !== CASE_SCHEMA)
    throw new CaseError(`${path}: is a case of another version (${String(schema)}, this is ${CASE_SCHEMA}); use the tapproof that made it`);
}

function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
