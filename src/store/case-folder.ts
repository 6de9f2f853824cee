import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FindingsDocument } from "#findings/document.ts";
import { joinDocuments } from "#findings/join.ts";

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

export interface CaseMeta {
  readonly schema: "tapproof/case/1";
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
  readonly pseudonymKey: Uint8Array;
  readonly otherKeys?: Omit<CaseKeys, "pseudonyms">;
  readonly captures: readonly string[];
  readonly settings: CaseRun["settings"];
  readonly identitiesReason: string | null;
}

export class CaseFolder {
  readonly path: string;
  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Whether a case may be written there: a folder that is new or empty; one that holds something only with `append`, and then it must be a case.
   * Writes nothing.
   */
  static check(path: string, append: boolean): CaseFolder {
    if (existsSync(path)) {
      if (!statSync(path).isDirectory()) throw new CaseError(`${path}: is a file, name a folder for the case`);
      const entries = readdirSync(path);
      if (entries.length > 0 && !append) throw new CaseError(`${path}: the folder is not empty, name a new one or add --append`);
      if (entries.length > 0 && !entries.includes(CASE_FILES.meta)) throw new CaseError(`${path}: is no case, name a new folder or a case`);
    }
    return new CaseFolder(path);
  }

  /** The folder above must be there. */
  create(): void {
    if (!existsSync(this.path)) mkdirSync(this.path, { mode: 0o700 });
    chmodSync(this.path, 0o700);
  }

  /** The key of an existing case's pseudonyms, so that an appended scan names the same people the same way. */
  pseudonymKey(): Uint8Array | undefined {
    const known = this.has("keys") ? this.readJson<Partial<CaseKeys>>("keys").pseudonyms : undefined;
    return known === undefined ? undefined : Buffer.from(known, "base64");
  }

  /** An existing case. */
  static open(path: string): CaseFolder {
    if (!existsSync(join(path, CASE_FILES.meta)))
      throw new CaseError(`${path}: is no case (no ${CASE_FILES.meta}), name a folder that "tapproof scan --case" wrote`);
    return new CaseFolder(path);
  }

  file(name: keyof typeof CASE_FILES): string {
    return join(this.path, CASE_FILES[name]);
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
    this.writeText(CASE_FILES[name], `${JSON.stringify(value, null, 2)}\n`);
  }

  writeText(name: string, text: string | Uint8Array): void {
    const path = join(this.path, name);
    writeFileSync(`${path}.tmp`, text, { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  }

  /** Writes what a scan found: the findings document (joined with what an earlier scan found), the declaration, the keys, and who did it how. */
  store(document: FindingsDocument, made: ScanRecord): void {
    const earlier = this.has("meta") ? this.readJson<CaseMeta>("meta") : undefined;
    const joined = this.has("findings") ? joinDocuments(this.readJson<FindingsDocument>("findings"), document) : document;
    this.writeJson("findings", joined);
    if (made.declaration !== null) this.writeJson("declaration", made.declaration);
    // Other secrets may be there already: the log of a case draws its own.
    const keys = this.has("keys") ? this.readJson<Partial<CaseKeys>>("keys") : {};
    if (keys.pseudonyms === undefined) {
      this.writeJson("keys", {
        ...keys,
        pseudonyms: Buffer.from(made.pseudonymKey).toString("base64"),
        ...made.otherKeys,
      } satisfies CaseKeys);
    }
    const now = new Date().toISOString();
    const meta: CaseMeta = {
      schema: "tapproof/case/1",
      created: earlier?.created ?? now,
      tool: { name: "tapproof", version: made.tool },
      basis: made.basis ?? earlier?.basis ?? null,
      runs: [
        ...(earlier?.runs ?? []),
        { at: now, captures: made.captures, settings: made.settings, identitiesReason: made.identitiesReason },
      ],
    };
    this.writeJson("meta", meta);
    this.protect();
  }

  /** The database is made by its library with the process's mask; this puts it right. */
  protect(): void {
    for (const entry of readdirSync(this.path, { withFileTypes: true })) {
      if (entry.isFile()) chmodSync(join(this.path, entry.name), 0o600);
    }
  }
}
