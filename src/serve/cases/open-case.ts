/** One case as the server holds it: read when it is opened, read again when a scan or another program changed it. */
import { statSync } from "node:fs";
import { basename } from "node:path";
import { Lookup } from "#declaration/lookup.ts";
import type { Declaration } from "#declaration/types.ts";
import { isUnreviewed } from "#declaration/unreviewed.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import { CaseFolder, type CaseMeta } from "#store/case-folder.ts";
import type { CaseSummary } from "#serve/api/types.ts";
import { notFound } from "#serve/problem.ts";
import { Casework } from "./casework.ts";
import { CaseLogRecords } from "./case-records.ts";
import { FindingIndex } from "./finding-index.ts";
import { readFindingAt, readFindings } from "./findings-file.ts";
import { NetworkModel } from "./network-model.ts";
import { openTables } from "./withheld.ts";
import { loadTables, NO_TABLES, type CaseTables } from "./tables.ts";

export type CaseDocument = Omit<FindingsDocument, "findings">;

export class OpenCase {
  readonly id: string;
  readonly name: string;
  readonly folder: CaseFolder;
  meta: CaseMeta;
  document: CaseDocument | null = null;
  lookup: Lookup | null = null;
  index = new FindingIndex();
  tables: CaseTables = NO_TABLES;
  casework: Casework;
  /** Counts up with every reading. */
  generation = 0;
  /** A scan writes into the case now: its database is not to be opened. */
  busy = false;
  /** Why the case's log cannot be read; null where it can. */
  logProblem: string | null = null;
  private stamp = "";
  private readonly models = new Map<boolean, NetworkModel>();
  private openedTables: CaseTables | undefined = undefined;

  readonly records: CaseLogRecords;

  private constructor(id: string, folder: CaseFolder, signer: () => Signer) {
    this.id = id;
    this.folder = folder;
    this.name = basename(folder.path);
    this.records = new CaseLogRecords(folder.path, signer);
    this.meta = folder.readJson<CaseMeta>("meta");
    this.casework = new Casework(this.records);
  }

  /** `signer` is asked for when something is to be recorded. */
  static async open(id: string, path: string, signer: () => Signer): Promise<OpenCase> {
    const made = new OpenCase(id, CaseFolder.open(path), signer);
    await made.read();
    return made;
  }

  /** Reads the case again; what was known stays until the new is whole. */
  async read(): Promise<void> {
    const stamp = this.currentStamp();
    const meta = this.folder.readJson<CaseMeta>("meta");
    const index = new FindingIndex();
    let document: CaseDocument | null = null;
    if (this.folder.has("findings")) {
      const path = this.folder.file("findings");
      document = await readFindings(path, (finding, place) => index.add(this.id, null, finding, place));
      index.nameNetwork(document.network);
    }
    const declaration = this.folder.has("declaration") ? this.folder.readJson<Declaration>("declaration") : null;
    const tables = this.folder.has("database") && !this.busy ? await loadTables(this.folder.file("database")) : this.tables;
    const casework = new Casework(this.records);
    this.logProblem = null;
    try {
      casework.load();
    } catch (error) {
      // said in the evidence view; the findings are there all the same
      this.logProblem = error instanceof Error ? error.message : "the log cannot be read";
    }
    for (const id of casework.touched()) index.setTriage(this.id, id, casework.triage(id));
    this.meta = meta;
    this.document = document;
    this.index = index;
    this.lookup = declaration === null ? null : new Lookup(declaration);
    this.tables = tables;
    this.casework = casework;
    this.stamp = stamp;
    this.models.clear();
    this.openedTables = undefined;
    this.generation++;
  }

  /** Whether another program changed the case since it was read. */
  changed(): boolean {
    return this.currentStamp() !== this.stamp;
  }

  private currentStamp(): string {
    return (["meta", "findings", "declaration"] as const)
      .map((name) => {
        try {
          const { mtimeMs, size, ino } = statSync(this.folder.file(name));
          return `${mtimeMs}:${size}:${ino}`;
        } catch {
          return "-";
        }
      })
      .join(" ");
  }

  async finding(id: string, cleared: boolean): Promise<FindingRecord> {
    const place = this.index.place(this.id, id);
    if (place === undefined || !this.index.shows(this.id, id, cleared)) throw notFound("this finding", id);
    return readFindingAt(this.folder.file("findings"), place);
  }

  /** Sums of what was observed, without what only those may see who are cleared for interception. */
  tablesFor(cleared: boolean): CaseTables {
    return cleared ? this.tables : (this.openedTables ??= openTables(this.tables, this.lookup, this.index, this.id));
  }

  model(cleared: boolean): NetworkModel {
    const known = this.models.get(cleared);
    if (known !== undefined) return known;
    const made = new NetworkModel({ lookup: this.lookup, tables: this.tablesFor(cleared), index: this.index, cleared });
    this.models.set(cleared, made);
    return made;
  }

  summary(cleared: boolean): CaseSummary {
    const { document, meta } = this;
    const counts = this.index.counts(cleared);
    const captures = document?.captures ?? [];
    const times = captures.flatMap((c) => (c.first === null || c.last === null ? [] : [[c.first, c.last] as const]));
    return {
      id: this.id,
      name: this.name,
      network: document?.network ?? null,
      country: this.lookup?.declaration.network.country ?? null,
      created: meta.created,
      basis: meta.basis,
      captures: captures.length,
      packets: captures.reduce((sum, c) => sum + c.packets, 0),
      bytes: captures.reduce((sum, c) => sum + c.bytes, 0),
      first: times.length === 0 ? null : times.map(([first]) => first).reduce((a, b) => (a < b ? a : b)),
      last: times.length === 0 ? null : times.map(([, last]) => last).reduce((a, b) => (a > b ? a : b)),
      grades: counts.grades,
      findings: counts.all,
      withheld: counts.withheld,
      declared: this.lookup !== null,
      unreviewed: this.lookup !== null && isUnreviewed(this.lookup.declaration),
      empty: document === null,
      identitiesShown: meta.runs.some((run) => run.identitiesReason !== null),
    };
  }
}
