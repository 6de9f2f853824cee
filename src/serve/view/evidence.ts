/** The case's log: what was recorded, under which head, cosigned by whom. */
import { createHash } from "node:crypto";
import { createReadStream, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CaseLog, LogEntry as CaseLogEntry } from "#evidence/log/case-log.ts";
import { formatVerifierKey } from "#evidence/keys/note-key.ts";
import { standingsInLog } from "#evidence/seal/standing-in-log.ts";
import type { FindingRecord } from "#findings/document.ts";
import type { EntryPage, Evidence, LogEntry } from "#serve/api/types.ts";
import { bundleLacking, lineLacking, recordLacking, type Lacking, type Reader } from "#report/reader.ts";
import { readFindings } from "#serve/cases/findings-file.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { notFound, Problem } from "#serve/problem.ts";

const FIRST_ENTRIES = 100;

export async function evidenceOf(of: OpenCase, reader: Reader): Promise<Evidence> {
  const log = reading(of);
  const bundleLacks = bundlePath(of) === null ? null : bundleRefused(of, reader);
  const bundle = bundleLacks === null ? await bundleOf(of) : null;
  const why =
    of.logProblem ??
    (log === undefined ? "Nothing was recorded in this case yet; scan with evidence, or comment on a finding, and the log begins." : null);
  const sealed = log === undefined ? [] : safely(() => log.sealed(), []);
  const page = log === undefined ? { total: 0, items: [] } : entriesFrom(of, log, log.size, FIRST_ENTRIES, reader);
  return {
    standing: await standingOf(of),
    log: {
      present: log !== undefined,
      why,
      origin: log?.origin ?? null,
      size: log?.size ?? 0,
      root: log === undefined ? null : Buffer.from(log.root).toString("hex"),
      checkpoint: log?.checkpoint() ?? null,
      signer: log === undefined ? null : formatVerifierKey(log.key),
    },
    checkpoints: sealed
      .map((s) => ({
        size: s.checkpoint.size,
        root: Buffer.from(s.checkpoint.root).toString("hex"),
        at: s.witnessedAt === undefined ? null : new Date(s.witnessedAt * 1000).toISOString(),
        signatures: signaturesOf(s.note),
      }))
      .reverse(),
    witnesses: witnessesOf(log),
    entries: page.items,
    entriesTotal: page.total,
    bundle,
    bundleLacks,
    captures: (of.document?.captures ?? []).map((c) => ({ file: c.file, sha256: c.sha256, point: c.point })),
    premises: [],
  };
}

export function entriesOf(of: OpenCase, cursor: string | undefined, limit: number, reader: Reader): EntryPage {
  const log = reading(of);
  if (log === undefined) return { total: 0, next: null, items: [] };
  const from = cursor === undefined ? log.size : Number(cursor);
  if (!Number.isInteger(from) || from < 0 || from > log.size)
    throw new Problem("bad-request", "the cursor is none of this list", "cursor", "start again at the first page");
  const { items, next } = entriesFrom(of, log, from, limit, reader);
  return { total: log.size, next: next === 0 ? null : String(next), items };
}

/** A record as it stands in the case, for whoever may see it. */
export function recordOf(of: OpenCase, hash: string, reader: Reader): Readonly<Record<string, unknown>> {
  const log = reading(of);
  if (log !== undefined) {
    for (const entry of log.records()) {
      if (entry.record !== hash) continue;
      const lacking = recordLacking(entry, hides(of), reader);
      if (lacking === "li-cleared") throw notFound("this record", hash);
      if (lacking === "identities")
        throw new Problem(
          "forbidden",
          'this needs the right "identities": it was opened by a person, for a reason',
          "record",
          "ask whoever keeps the server's users",
        );
      return entry.value;
    }
  }
  throw notFound("this record", hash);
}

export function reading(of: OpenCase): CaseLog | undefined {
  try {
    return of.records.reading();
  } catch (error) {
    of.logProblem = error instanceof Error ? error.message : "the log cannot be read";
    return undefined;
  }
}

/** Newest first. */
function entriesFrom(
  of: OpenCase,
  log: CaseLog,
  before: number,
  limit: number,
  reader: Reader,
): { readonly total: number; readonly items: LogEntry[]; readonly next: number } {
  const items: LogEntry[] = [];
  let index = before;
  while (index > 0 && items.length < limit) {
    index--;
    try {
      const entry = log.entry(index);
      items.push(
        lineLacking(entry, hides(of), reader) !== null
          ? // not even what kind of record, or when: that would be a calendar of the law's questions
            { index, type: "withheld", at: null, record: "", summary: "for the role li-cleared" }
          : {
              index,
              type: entry.type,
              at: typeof entry.value["at"] === "string" ? entry.value["at"] : null,
              record: entry.record,
              summary: summaryOf(entry),
            },
      );
    } catch (error) {
      items.push({ index, type: "damaged", at: null, record: "", summary: error instanceof Error ? error.message : "cannot be read" });
    }
  }
  return { total: log.size, items, next: index };
}

/** Findings of a case that are for cleared readers alone. */
function hides(of: OpenCase): (finding: string) => boolean {
  return (id) => of.index.place(of.id, id) !== undefined && !of.index.shows(of.id, id, false);
}

/** The right that a reader lacks for the case's bundle. */
export function bundleRefused(of: OpenCase, reader: Reader): Lacking {
  if (of.document === null) return null;
  return bundleLacking(
    {
      declaration: of.lookup?.declaration ?? null,
      coverage: of.document.coverage,
      hidden: of.index.counts(false).withheld,
      log: reading(of)?.records() ?? [],
    },
    reader,
  );
}

function summaryOf({ value, type }: CaseLogEntry): string {
  for (const key of ["summary", "text", "what", "statement", "reason", "file", "origin", "action", "name"]) {
    const found = value[key];
    if (typeof found === "string" && found !== "") return found.slice(0, 300);
  }
  if (type === "triage") {
    const list = Array.isArray(value["findings"]) ? value["findings"].length : 0;
    return `${String(value["author"])}: ${typeof value["state"] === "string" ? value["state"] : "assigned"}, ${list} finding${list === 1 ? "" : "s"}`;
  }
  const finding = value["finding"];
  if (typeof finding === "string") return `${type} of finding ${finding.slice(0, 12)}`;
  const { packets, captures } = value;
  if (typeof packets === "number" && Array.isArray(captures))
    return `${packets} packets of ${captures.length} capture${captures.length === 1 ? "" : "s"}`;
  return type;
}

function signaturesOf(note: string): string[] {
  return note.split("\n").flatMap((line) => (line.startsWith("— ") ? [line.split(" ")[1] ?? ""] : []));
}

function witnessesOf(log: CaseLog | undefined): Evidence["witnesses"] {
  if (log === undefined) return [];
  const sealed = safely(() => log.sealed(), []);
  const named = safely(() => [...log.policy().witnesses], []);
  return named.map((w) => {
    const head = sealed.filter((s) => signaturesOf(s.note).includes(w.key.name)).at(-1);
    return {
      name: w.name,
      key: formatVerifierKey(w.key),
      at: head?.witnessedAt === undefined ? null : new Date(head.witnessedAt * 1000).toISOString(),
      size: head?.checkpoint.size ?? null,
      state: head === undefined ? "pending" : "cosigned",
    };
  });
}

function safely<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

async function standingOf(of: OpenCase): Promise<string> {
  const seen = new Set<string>();
  const attested: Pick<FindingRecord, "id" | "standing">[] = [];
  if (of.document !== null && of.index.size <= 10_000)
    await readFindings(of.folder.file("findings"), (f) => {
      if (f.standing === "given") seen.add("given");
      else attested.push({ id: f.id, standing: f.standing });
    });
  for (const standing of standingsInLog(reading(of), attested).values()) seen.add(standing);
  return ["given", "attested", "witnessed"].find((s) => seen.has(s)) ?? "given";
}

const hashes = new Map<string, string>();

export function bundlePath(of: OpenCase): string | null {
  const name = readdirSync(of.folder.path)
    .filter((file) => file.endsWith(".tapproof"))
    .sort()
    .at(-1);
  return name === undefined ? null : join(of.folder.path, name);
}

async function bundleOf(of: OpenCase): Promise<Evidence["bundle"]> {
  const path = bundlePath(of);
  if (path === null) return null;
  const { size, mtimeMs } = statSync(path);
  const key = `${path} ${size} ${mtimeMs}`;
  let sha256 = hashes.get(key);
  if (sha256 === undefined) {
    const sum = createHash("sha256");
    for await (const chunk of createReadStream(path)) sum.update(chunk as Buffer);
    sha256 = sum.digest("hex");
    if (hashes.size > 1000) hashes.clear();
    hashes.set(key, sha256);
  }
  return { file: path.slice(path.lastIndexOf("/") + 1), bytes: size, sha256, made: new Date(mtimeMs).toISOString() };
}
