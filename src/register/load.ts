/**
 * Reads the register of warrants: a bare list in YAML 1.2 or JSON, or CSV (RFC 4180). One error refuses the whole
 * register: a scan never runs on half of one. Errors name file, line, column and field, and never a value.
 */
import { readFileSync } from "node:fs";
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from "yaml";
import { unknownKeyText } from "#model/unknown-key.ts";
import { WarrantRegister } from "./covers.ts";
import { readCsv } from "./csv.ts";
import { FIELDS, REQUIRED, toWarrant, warrantSchema, type Field, type WarrantFields } from "./fields.ts";
import { problemText, type RegisterProblem, type Warrant } from "./types.ts";

export const limits = {
  /** Octets of the file: stops a wrong file (a capture) from being parsed as text. */
  registerBytes: 64 * 1024 * 1024,
  /** Entries of one register. */
  warrants: 200_000,
  /** Errors kept of one file. */
  problems: 100,
} as const;

/** The register cannot be used. The message is the first problem, in one line; `exitCode` is what the command ends with. */
export class RegisterError extends Error {
  override readonly name = "RegisterError";
  readonly exitCode = 2;
  readonly problems: readonly RegisterProblem[];
  constructor(problems: readonly RegisterProblem[]) {
    const first = problems[0];
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
    super(first === undefined ? "unusable register" : problemText(first) + more);
    this.problems = problems;
  }
}

const EXPECTED = "expected a register of warrants (a list in YAML or JSON, or CSV)";

/** Throws `RegisterError`. */
export function loadRegister(path: string): WarrantRegister {
  return new WarrantRegister(loadWarrants(path));
}

/** Throws `RegisterError`. */
export function loadWarrants(path: string): readonly Warrant[] {
  return parseWarrants(readText(path), path);
}

/** The entries as written, for an authority to seal. Throws `RegisterError` where one of them could not be used. */
export function loadWarrantFields(path: string): readonly WarrantFields[] {
  return parseFields(readText(path), path).map(({ fields }) => fields);
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    const why = code === "ENOENT" ? "no such file" : code === "EISDIR" ? "is a directory" : code === "EACCES" ? "permission denied" : code;
    throw whole(path, `${why}, ${EXPECTED}`);
  }
  if (bytes.length > limits.registerBytes || bytes.includes(0)) throw whole(path, `is not text, ${EXPECTED}`);
  return bytes.toString("utf8");
}

/** `file` is what errors name; CSV is told by its name's ending, or by a header of the fields' names. Throws `RegisterError`. */
export function parseWarrants(text: string, file: string): readonly Warrant[] {
  return parseFields(text, file).map(({ warrant }) => warrant);
}

function parseFields(text: string, file: string): readonly { readonly fields: WarrantFields; readonly warrant: Warrant }[] {
  const entries = looksLikeCsv(text, file) ? fromCsv(text, file) : fromYaml(text, file);
  if (entries.length > limits.warrants) throw whole(file, `holds more than ${limits.warrants} warrants`);
  const problems: RegisterProblem[] = [];
  const warrants: { readonly fields: WarrantFields; readonly warrant: Warrant }[] = [];
  const lineOfId = new Map<string, number>();
  for (const e of entries) {
    const checked = warrantSchema.safeParse(e.values);
    if (!checked.success) {
      for (const issue of checked.error.issues) {
        const field = String(issue.path[0] ?? "") as Field;
        const missing = field !== ("" as Field) && !(field in e.values);
        problems.push(e.problem(field, missing ? `is missing, ${expectation(issue.message)}` : issue.message));
      }
      continue;
    }
    const w = toWarrant(checked.data);
    if ("problem" in w) {
      problems.push(e.problem("to", w.problem));
      continue;
    }
    const before = lineOfId.get(w.id);
    if (before !== undefined) problems.push(e.problem("id", `is the same as in line ${before}, expected each id once`));
    else lineOfId.set(w.id, e.line);
    warrants.push({ fields: checked.data, warrant: w });
  }
  if (problems.length > 0) {
    problems.sort((a, b) => a.line - b.line || a.column - b.column);
    throw new RegisterError(problems.slice(0, limits.problems));
  }
  return warrants;
}

function expectation(message: string): string {
  const at = message.indexOf("expected");
  return at < 0 ? message : message.slice(at);
}

interface Entry {
  readonly values: Readonly<Record<string, unknown>>;
  readonly line: number;
  problem(field: string, message: string): RegisterProblem;
}

function whole(file: string, message: string): RegisterError {
  return new RegisterError([{ file, line: 0, column: 0, field: "", message }]);
}

function looksLikeCsv(text: string, file: string): boolean {
  if (/\.csv$/i.test(file)) return true;
  if (/\.(ya?ml|json)$/i.test(file)) return false;
  const first = (text.replace(/^\ufeff/, "").split(/\r?\n/, 1)[0] ?? "").split(",").map((c) => c.replaceAll('"', "").trim());
  return first.length > 1 && first.every((c) => (FIELDS as readonly string[]).includes(c));
}

function fromCsv(text: string, file: string): Entry[] {
  const read = readCsv(text);
  if ("message" in read) throw new RegisterError([{ file, line: read.line, column: read.column, field: "", message: read.message }]);
  const [header, ...rows] = read.rows;
  const at = (line: number, column: number, field: string, message: string): RegisterProblem => ({ file, line, column, field, message });
  if (header === undefined) throw whole(file, `is empty, expected a header: ${FIELDS.join(",")}`);
  const names: Field[] = [];
  for (const cell of header) {
    const name = cell.text.trim() as Field;
    if (!FIELDS.includes(name))
      throw new RegisterError([at(cell.line, cell.column, "", unknownKeyText(name, FIELDS, "an unknown column"))]);
    if (names.includes(name)) throw new RegisterError([at(cell.line, cell.column, name, "stands twice in the header")]);
    names.push(name);
  }
  const missing = REQUIRED.find((f) => !names.includes(f));
  if (missing !== undefined) throw new RegisterError([at(1, 1, missing, "is missing in the header")]);
  return rows.map((row) => {
    const line = row[0]?.line ?? 0;
    if (row.length !== names.length) {
      throw new RegisterError([at(line, 1, "", `has ${row.length} fields, expected ${names.length} as in the header`)]);
    }
    const values: Record<string, string> = {};
    // An empty optional field is a field that is not there.
    names.forEach((name, i) => {
      const value = row[i]?.text ?? "";
      if (value !== "" || REQUIRED.includes(name)) values[name] = value;
    });
    const problem = (field: string, message: string): RegisterProblem => {
      const cell = row[names.indexOf(field as Field)];
      return at(cell?.line ?? line, cell?.column ?? 1, field, message);
    };
    return { values, line, problem };
  });
}

function fromYaml(text: string, file: string): Entry[] {
  const lines = new LineCounter();
  const at = (offset: number, field: string, message: string): RegisterProblem => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, field, message };
  };
  let docs;
  try {
    docs = parseAllDocuments(text, { lineCounter: lines, version: "1.2", prettyErrors: false });
  } catch {
    throw whole(file, `is nested too deeply, ${EXPECTED}`);
  }
  const doc = Array.isArray(docs) ? docs[0] : undefined;
  if (doc === undefined) throw whole(file, `is empty, ${EXPECTED}`);
  const fault = doc.errors[0];
  // The parser's own text may quote the file: only its code is shown.
  if (fault !== undefined) throw new RegisterError([at(fault.pos[0], "", `is not YAML or JSON (${fault.code}), ${EXPECTED}`)]);
  if (docs.length > 1) throw whole(file, "holds several YAML documents, expected one");
  const root: unknown = doc.contents;
  if (!isSeq(root)) throw new RegisterError([at(offsetOf(root), "", `is not a list, ${EXPECTED}`)]);
  return root.items.map((item, index) => yamlEntry(item, index, at, file));
}

function yamlEntry(
  item: unknown,
  index: number,
  at: (offset: number, field: string, message: string) => RegisterProblem,
  file: string,
): Entry {
  const name = (field: string): string => `[${index}]${field === "" ? "" : `.${field}`}`;
  const start = offsetOf(item);
  if (!isMap(item))
    throw new RegisterError([at(start, name(""), "is not a warrant, expected fields id, target, scope, from, to, receiver, authority")]);
  const values: Record<string, unknown> = {};
  const offsets = new Map<string, number>();
  for (const pair of item.items) {
    const key: unknown = isPair(pair) ? pair.key : undefined;
    const field = isScalar(key) ? String(key.value) : "";
    if (!(FIELDS as readonly string[]).includes(field)) {
      throw new RegisterError([at(offsetOf(key) || start, name(""), unknownKeyText(field, FIELDS, "an unknown field"))]);
    }
    const value: unknown = pair.value;
    if (value === null || (isScalar(value) && value.value === null)) continue;
    offsets.set(field, offsetOf(value));
    // A plain number such as 0042 means what is written: identifiers are text.
    if (isScalar(value)) values[field] = typeof value.value === "string" ? value.value : (value.source ?? String(value.value));
    else values[field] = {};
  }
  const problem = (field: string, message: string): RegisterProblem => at(offsets.get(field) ?? start, name(field), message);
  return { values, line: problem("", "").line, problem: (f, m) => ({ ...problem(f, m), file }) };
}

function offsetOf(node: unknown): number {
  return (node as Node | null | undefined)?.range?.[0] ?? 0;
}
