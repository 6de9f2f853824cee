/**
 * What people make of findings: state, assignment, comments. Each change is a record of the case, appended to its log, and read back from
 * there: the case remembers, the server does not.
 */
import type { Comment, HistoryEntry, Triage, TriageState } from "#serve/api/types.ts";
import { TRIAGE_STATES } from "./finding-index.ts";

/** The case's log, as far as casework needs it. */
export interface CaseRecords {
  append(type: string, record: Readonly<Record<string, unknown>>): number;
  /** Records of these types in the log's order. */
  entries(types: readonly string[]): Iterable<{ readonly index: number; readonly type: string; readonly record: unknown }>;
}

export const NEW: Triage = { state: "new", assignee: null, comments: 0, changed: null };

interface Work {
  triage: Triage;
  readonly comments: Comment[];
  readonly history: HistoryEntry[];
}

export const TRIAGE_RECORD = "triage";
export const COMMENT_RECORD = "comment";

export interface TriageRecord {
  readonly type: "triage";
  readonly findings: readonly string[];
  readonly at: string;
  readonly author: string;
  readonly state?: TriageState;
  readonly assignee?: string | null;
  readonly reason?: string;
}

export interface CommentRecord {
  readonly type: "comment";
  readonly finding: string;
  readonly at: string;
  readonly author: string;
  readonly text: string;
  readonly cites: readonly string[];
}

export class Casework {
  private readonly byFinding = new Map<string, Work>();
  private readonly records: CaseRecords;

  constructor(records: CaseRecords) {
    this.records = records;
  }

  /** Reads what the log holds. Throws `EvidenceError` where it is damaged. */
  load(): this {
    for (const { index, type, record } of this.records.entries([TRIAGE_RECORD, COMMENT_RECORD])) {
      if (type === TRIAGE_RECORD && isTriage(record)) this.applyTriage(record, index);
      else if (type === COMMENT_RECORD && isComment(record)) this.applyComment(record, index);
    }
    return this;
  }

  triage(finding: string): Triage {
    return this.byFinding.get(finding)?.triage ?? NEW;
  }

  comments(finding: string): readonly Comment[] {
    return this.byFinding.get(finding)?.comments ?? [];
  }

  history(finding: string): readonly HistoryEntry[] {
    return this.byFinding.get(finding)?.history ?? [];
  }

  /** Findings that somebody worked on. */
  touched(): IterableIterator<string> {
    return this.byFinding.keys();
  }

  change(record: TriageRecord): number {
    const index = this.records.append(TRIAGE_RECORD, { ...record });
    this.applyTriage(record, index);
    return index;
  }

  comment(record: CommentRecord): Comment {
    const index = this.records.append(COMMENT_RECORD, { ...record });
    return this.applyComment(record, index);
  }

  private work(finding: string): Work {
    const known = this.byFinding.get(finding);
    if (known !== undefined) return known;
    const made: Work = { triage: NEW, comments: [], history: [] };
    this.byFinding.set(finding, made);
    return made;
  }

  private applyTriage(record: TriageRecord, index: number): void {
    const { at, author } = record;
    for (const finding of record.findings) {
      const work = this.work(finding);
      const { state, assignee } = record;
      if (state !== undefined)
        work.history.push({ at, author, kind: "state", text: record.reason ?? null, state, assignee: null, logIndex: index });
      if (assignee !== undefined)
        work.history.push({
          at,
          author,
          kind: "assignee",
          text: state === undefined ? (record.reason ?? null) : null,
          state: null,
          assignee,
          logIndex: index,
        });
      work.triage = {
        ...work.triage,
        ...(state === undefined ? {} : { state }),
        ...(assignee === undefined ? {} : { assignee }),
        changed: at,
      };
    }
  }

  private applyComment(record: CommentRecord, index: number): Comment {
    const work = this.work(record.finding);
    const comment: Comment = {
      id: `c${index}`,
      at: record.at,
      author: record.author,
      text: record.text,
      cites: [...record.cites],
      logIndex: index,
    };
    work.comments.push(comment);
    work.history.push({
      at: record.at,
      author: record.author,
      kind: "comment",
      text: record.text,
      state: null,
      assignee: null,
      logIndex: index,
    });
    work.triage = { ...work.triage, comments: work.triage.comments + 1, changed: record.at };
    return comment;
  }
}

function isTriage(value: unknown): value is TriageRecord {
  const r = value as Partial<TriageRecord> | null;
  return (
    typeof r === "object" &&
    r !== null &&
    Array.isArray(r.findings) &&
    typeof r.at === "string" &&
    typeof r.author === "string" &&
    (r.state === undefined || TRIAGE_STATES.includes(r.state))
  );
}

function isComment(value: unknown): value is CommentRecord {
  const r = value as Partial<CommentRecord> | null;
  return (
    typeof r === "object" &&
    r !== null &&
    typeof r.finding === "string" &&
    typeof r.text === "string" &&
    typeof r.at === "string" &&
    typeof r.author === "string" &&
    Array.isArray(r.cites)
  );
}
