/**
 * Reads a network declaration: YAML 1.2 or JSON text in, checked declaration and its hash out. Errors name file, line,
 * column and field, and what was expected there; all of them are collected, the first is the one to show.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isMap, isScalar, LineCounter, type Node, parseAllDocuments } from "yaml";
import { canonicalJson } from "./canonical.ts";
import { checkNetwork, type Path } from "./check.ts";
import { declare } from "./declare.ts";
import { keysAt, unknownKeyText } from "#model/unknown-key.ts";
import { networkJsonSchema, networkSchema } from "./schema.ts";
import type { Declaration } from "./types.ts";

export const limits = {
  /** Octets of the file: stops a wrong file (a capture) from being parsed as text. */
  declarationBytes: 32 * 1024 * 1024,
  /** Expanded YAML aliases: stops "billion laughs". */
  yamlAliases: 100,
  /** Errors kept of one file. */
  problems: 100,
} as const;

export interface DeclarationProblem {
  readonly file: string;
  /** 1-based; 0 where the problem is not in the text. */
  readonly line: number;
  readonly column: number;
  /** `grants[0].party`; empty for the whole document. */
  readonly field: string;
  readonly message: string;
}

export function problemText(p: DeclarationProblem): string {
  const where = p.line > 0 ? `${p.file}:${p.line}:${p.column}` : p.file;
  return p.field === "" ? `${where}: ${p.message}` : `${where} ${p.field}: ${p.message}`;
}

/** The declaration cannot be used. The message is the first problem, in one line; `exitCode` is what the command ends with. */
export class DeclarationError extends Error {
  override readonly name = "DeclarationError";
  readonly exitCode = 2;
  readonly problems: readonly DeclarationProblem[];
  constructor(problems: readonly DeclarationProblem[]) {
    const first = problems[0];
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
    super(first === undefined ? "unusable declaration" : problemText(first) + more);
    this.problems = problems;
  }
}

export interface LoadedDeclaration {
  readonly declaration: Declaration;
  /** SHA-256, lower-case hex, of the declaration's canonical JSON: the same whatever its layout, comments or spelling of addresses. */
  readonly sha256: string;
  readonly warnings: readonly DeclarationProblem[];
}

/** Throws `DeclarationError`. */
export function loadDeclaration(path: string): LoadedDeclaration {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    const why = code === "ENOENT" ? "no such file" : code === "EISDIR" ? "is a directory" : code === "EACCES" ? "permission denied" : code;
    throw new DeclarationError([
      { file: path, line: 0, column: 0, field: "", message: `${why}, expected a network declaration (YAML or JSON)` },
    ]);
  }
  if (bytes.length > limits.declarationBytes || bytes.includes(0)) {
    throw new DeclarationError([
      { file: path, line: 0, column: 0, field: "", message: "is not text, expected a network declaration (YAML or JSON)" },
    ]);
  }
  return parseDeclaration(bytes.toString("utf8"), path);
}

/** `file` is only what errors name. Throws `DeclarationError`. */
export function parseDeclaration(text: string, file: string): LoadedDeclaration {
  const source = new Source(text, file);
  const parsed = networkSchema.safeParse(withoutNulls(source.value));
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => schemaProblems(issue as Issue, source));
    problems.sort((a, b) => a.line - b.line || a.column - b.column);
    throw new DeclarationError(problems.slice(0, limits.problems));
  }
  const remarks = checkNetwork(parsed.data);
  const at = (severity: string): DeclarationProblem[] =>
    remarks
      .filter((r) => r.severity === severity)
      .slice(0, limits.problems)
      .map((r) => source.problem(r.path, r.message));
  const errors = at("error");
  if (errors.length > 0) throw new DeclarationError(errors);
  const declaration = declare(parsed.data);
  return { declaration, sha256: declarationHash(declaration), warnings: at("warning") };
}

export function declarationHash(declaration: Declaration): string {
  return createHash("sha256").update(canonicalJson(declaration), "utf8").digest("hex");
}

/** The text, its value, and where each field stands in it. */
class Source {
  readonly value: unknown;
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #root: unknown;

  constructor(text: string, file: string) {
    this.#file = file;
    let docs;
    try {
      docs = parseAllDocuments(text, { lineCounter: this.#lines, version: "1.2", prettyErrors: false });
    } catch {
      throw new DeclarationError([this.#whole("is nested too deeply, expected a network declaration")]);
    }
    const doc = Array.isArray(docs) ? docs[0] : undefined;
    if (doc === undefined) throw new DeclarationError([this.#whole("is empty, expected a network declaration")]);
    const fault = doc.errors[0];
    if (fault !== undefined) {
      const said = (fault.message.split("\n")[0] ?? "").trim().replace(/\.$/, "");
      const message = said.startsWith("Maximum call stack") ? "is nested too deeply" : said;
      throw new DeclarationError([{ ...this.#position(fault.pos[0]), field: "", message: `${message}, expected YAML 1.2 or JSON` }]);
    }
    if (docs.length > 1) throw new DeclarationError([this.#whole("holds several YAML documents, expected one")]);
    this.#root = doc.contents;
    try {
      this.value = doc.toJS({ maxAliasCount: limits.yamlAliases });
    } catch (error) {
      throw new DeclarationError([this.#whole(`${(error as Error).message}, expected a network declaration`)]);
    }
    if (!isMap(this.#root)) {
      throw new DeclarationError([
        this.#whole(`holds ${this.value === null ? "nothing" : "no map"}, expected a network declaration (network: …, functions: …)`),
      ]);
    }
  }

  problem(path: Path, message: string): DeclarationProblem {
    return { ...this.#position(this.#offset(path, false)), field: fieldName(path), message };
  }
  keyProblem(path: Path, key: string, message: string): DeclarationProblem {
    return { ...this.#position(this.#offset([...path, key], true)), field: fieldName([...path, key]), message };
  }

  /** Start of the value at `path`, of its key where `ofKey`; of the nearest thing around it where it is missing. */
  #offset(path: Path, ofKey: boolean): number {
    let node: unknown = this.#root;
    let offset = start(node) ?? 0;
    for (const [depth, part] of path.entries()) {
      if (isMap(node)) {
        const pair = node.items.find((i) => isScalar(i.key) && String(i.key.value) === String(part));
        if (pair === undefined) return offset;
        if (ofKey && depth === path.length - 1) return start(pair.key) ?? offset;
        offset = start(pair.value) ?? start(pair.key) ?? offset;
        node = pair.value;
      } else {
        const items = (node as { items?: unknown[] } | null)?.items;
        node = typeof part === "number" ? items?.[part] : undefined;
        offset = start(node) ?? offset;
      }
    }
    return offset;
  }

  #position(offset: number): { file: string; line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }
  #whole(message: string): DeclarationProblem {
    return { file: this.#file, line: 1, column: 1, field: "", message };
  }
}

function start(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function fieldName(path: Path): string {
  return path.map((p, i) => (typeof p === "number" ? `[${p}]` : i === 0 ? p : `.${p}`)).join("");
}

interface Issue {
  readonly code: string;
  readonly path: Path;
  readonly message: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly Issue[])[];
  readonly input?: unknown;
}

function schemaProblems(issue: Issue, source: Source): DeclarationProblem[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(networkJsonSchema(), issue.path);
    return (issue.keys ?? []).map((key) => source.keyProblem(issue.path, key, unknownKeyText(key, known)));
  }
  const value = valueAt(source.value, issue.path);
  if (value === undefined && issue.path.length > 0) return [source.problem(issue.path, `missing, ${issue.message}`)];
  // of "a word or a list of words", the word in the list that does not fit says more than the whole
  const inner = issue.errors?.flat().find((e) => e.path.length > 0);
  if (issue.code === "invalid_union" && inner !== undefined)
    return schemaProblems({ ...inner, path: [...issue.path, ...inner.path] }, source);
  const told = /^(expected)/.test(issue.message) ? `${shown(value)}, ${issue.message}` : issue.message;
  return [source.problem(issue.path, told)];
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "is a list";
  if (typeof value === "object" && value !== null) return "is a map";
  return `${JSON.stringify(value)?.slice(0, 60) ?? "nothing"} does not fit`;
}

function valueAt(value: unknown, path: Path): unknown {
  let v = value;
  for (const p of path) v = (v as Record<string | number, unknown> | null | undefined)?.[p] ?? undefined;
  return v;
}

/** `services:` with nothing behind it means the same as no `services` at all. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([k, v]) => (v === null ? [] : [[k, withoutNulls(v)]])));
}
