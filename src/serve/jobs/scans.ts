/** Scans of uploads into cases: one at a time, each a process of its own, so that a hostile capture can at worst end that process. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FindingRecord } from "#findings/document.ts";
import type { NewScan, ScanJob } from "#serve/api/types.ts";
import { declarationYaml } from "#serve/cases/declaration-text.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import type { EventHub } from "#serve/events.ts";
import { limits } from "#serve/limits.ts";
import { notFound, Problem } from "#serve/problem.ts";
import { DECLARATION_FILE } from "#serve/cases/declaration-reading.ts";
import { gradesOf, risenIn } from "./risen.ts";
import { run, stop, type Program, type Run } from "./program.ts";
import type { Uploads } from "./uploads.ts";

/** Octets that a scan may print (its summary); a process that prints more is stopped. */
const MAX_OUTPUT = 16 * 1024 * 1024;
/** A change of progress is told at most so often. */
const TELL_MS = 250;

interface Job {
  state: ScanJob;
  readonly of: OpenCase;
  readonly paths: readonly string[];
  readonly uploads: readonly string[];
  readonly settings: NewScan;
  /** Who asked for it. */
  readonly account: string;
  running: Run | undefined;
  told: number;
}

export class Scans {
  private readonly jobs = new Map<string, Job>();
  private readonly program: Program | null;
  private readonly uploads: Uploads;
  private readonly events: EventHub;
  private readonly warrants: string | null;
  private readonly signingKey: string | null;
  private readonly alert: ((finding: FindingRecord) => void) | null;
  private readonly cleared: boolean;
  private active: Job | undefined = undefined;
  private closed = false;

  /** `program` is null where this server cannot start scans. */
  constructor(
    program: Program | null,
    uploads: Uploads,
    events: EventHub,
    files: {
      readonly warrants: string | null;
      readonly signingKey: string | null;
      /** Told of what is new or stronger after a scan; about interception only where everybody here is cleared. */
      readonly alert: ((finding: FindingRecord) => void) | null;
      readonly cleared: boolean;
    },
  ) {
    this.program = program;
    this.uploads = uploads;
    this.events = events;
    this.warrants = files.warrants;
    this.signingKey = files.signingKey;
    this.alert = files.alert;
    this.cleared = files.cleared;
  }

  list(caseId: string): ScanJob[] {
    return [...this.jobs.values()].filter((job) => job.of.id === caseId).map((job) => this.placed(job));
  }

  get(caseId: string, id: string): ScanJob {
    return this.placed(this.job(caseId, id));
  }

  /** How many are done before a scan that waits; null where it does not wait. */
  private placed(job: Job): ScanJob {
    const waiting = [...this.jobs.values()].filter((j) => j.state.state === "waiting");
    const at = waiting.indexOf(job);
    return { ...job.state, place: at < 0 ? null : at + (this.active === undefined ? 0 : 1) };
  }

  begin(of: OpenCase, settings: NewScan, account: string): ScanJob {
    if (this.program === null)
      throw new Problem("not-there-yet", "this server cannot start scans", "scans", "scan with tapproof scan --case");
    if ([...this.jobs.values()].filter((job) => job.state.state === "waiting").length >= limits.waitingScans)
      throw new Problem("too-many", `${limits.waitingScans} scans wait already`, "scans", "wait until one is done");
    const own = [...this.jobs.values()].filter(
      (j) => j.account === account && (j.state.state === "waiting" || j.state.state === "running"),
    );
    if (own.length >= limits.scansOfOne)
      throw new Problem("too-many", `${own.length} of your scans are not done yet`, "scans", "wait until one is done");
    const paths = this.uploads.paths(of.id, settings.uploads);
    const uploads = this.uploads.list(of.id).filter((u) => settings.uploads.includes(u.id));
    const job: Job = {
      state: {
        id: randomBytes(9).toString("base64url"),
        case: of.id,
        state: "waiting",
        files: uploads.map((u) => u.file),
        done: 0,
        total: uploads.reduce((sum, u) => sum + u.bytes, 0),
        packets: 0,
        began: null,
        ended: null,
        why: null,
        findings: null,
        place: null,
      },
      of,
      account,
      paths,
      uploads: settings.uploads,
      settings,
      running: undefined,
      told: 0,
    };
    this.jobs.set(job.state.id, job);
    this.forgetOld();
    this.next();
    return this.placed(job);
  }

  stop(caseId: string, id: string): ScanJob {
    const job = this.job(caseId, id);
    if (job.state.state === "waiting") this.set(job, { state: "stopped", ended: new Date().toISOString(), why: "stopped before it began" });
    else if (job.running !== undefined && job.state.state === "running") {
      this.set(job, { state: "stopped", why: "stopped; what it had found so far is not kept" });
      stop(job.running.child);
    }
    return job.state;
  }

  close(): void {
    this.closed = true;
    for (const job of this.jobs.values()) job.running?.child.kill("SIGKILL");
  }

  private job(caseId: string, id: string): Job {
    const found = this.jobs.get(id);
    if (found === undefined || found.of.id !== caseId) throw notFound("this scan", id);
    return found;
  }

  private next(): void {
    if (this.active !== undefined || this.closed) return;
    const job = [...this.jobs.values()].find((j) => j.state.state === "waiting");
    if (job === undefined) return;
    this.active = job;
    void this.work(job).finally(() => {
      this.active = undefined;
      this.next();
      // those that wait have moved up
      for (const waiting of this.jobs.values())
        if (waiting.state.state === "waiting") this.events.tell({ kind: "scan", scan: this.placed(waiting) });
    });
  }

  private async work(job: Job): Promise<void> {
    const { of, settings } = job;
    this.set(job, { state: "running", began: new Date().toISOString() });
    const temporary = mkdtempSync(join(tmpdir(), "tapproof-scan-"));
    try {
      of.busy = true;
      const before = this.alert === null ? null : gradesOf(of, this.cleared);
      const network = networkFile(of, temporary);
      const args = [
        "scan",
        ...job.paths,
        "--case",
        of.folder.path,
        "--append",
        ...(network === null ? [] : ["--network", network]),
        ...(this.warrants === null ? [] : ["--warrants", this.warrants]),
        ...(this.signingKey === null ? [] : ["--signing-key", this.signingKey]),
        ...(settings.skipBad === true ? ["--skip-bad"] : []),
        ...(settings.basis === undefined || settings.basis === "" ? [] : ["--basis", settings.basis]),
      ];
      job.running = run(this.program as Program, args, {
        heapMiB: limits.scanHeapMiB,
        silenceMs: limits.scanSilenceMs,
        maxOutput: MAX_OUTPUT,
        progress: (line) => this.progress(job, line),
      });
      const { code, said } = await job.running.ended;
      of.busy = false;
      if (this.closed) return;
      if (code === 0 || code === 1) {
        await of.read();
        for (const id of job.uploads) this.uploads.remove(of.id, id);
        this.set(job, { state: "done", done: job.state.total, ended: new Date().toISOString(), findings: of.index.counts(false).grades });
        this.events.tell({ kind: "case", case: of.id, what: "findings" });
        if (before !== null && this.alert !== null) for (const finding of await risenIn(of, before, this.cleared)) this.alert(finding);
      } else if (job.state.state === "stopped") this.set(job, { ended: new Date().toISOString() });
      else {
        const why = said === "" ? `the scan ended with ${code === null ? "a signal" : `code ${code}`}` : said.replace(/^tapproof: /, "");
        this.set(job, { state: "failed", ended: new Date().toISOString(), why: withoutPaths(why, [...job.paths, of.folder.path]) });
      }
    } catch (error) {
      this.set(job, {
        state: "failed",
        ended: new Date().toISOString(),
        why: error instanceof Error ? error.message : "the scan could not be started",
      });
    } finally {
      of.busy = false;
      job.running = undefined;
      rmSync(temporary, { recursive: true, force: true });
    }
  }

  private progress(job: Job, line: Readonly<Record<string, unknown>>): void {
    const { done, total, packets } = line;
    if (typeof done !== "number" || typeof packets !== "number") return;
    job.state = { ...job.state, done, packets, ...(typeof total === "number" ? { total } : {}) };
    if (Date.now() - job.told < TELL_MS) return;
    job.told = Date.now();
    this.events.tell({ kind: "scan", scan: this.placed(job) });
  }

  private set(job: Job, change: Partial<ScanJob>): void {
    job.state = { ...job.state, ...change };
    this.events.tell({ kind: "scan", scan: this.placed(job) });
  }

  private forgetOld(): void {
    for (const [id, job] of this.jobs) {
      if (this.jobs.size <= limits.rememberedScans) return;
      if (job.state.state !== "waiting" && job.state.state !== "running") this.jobs.delete(id);
    }
  }
}

/** The declaration to judge by: what was saved, else what the last scan had. */
function networkFile(of: OpenCase, temporary: string): string | null {
  const saved = join(of.folder.path, DECLARATION_FILE);
  if (existsSync(saved)) return saved;
  if (of.lookup === null) return null;
  const path = join(temporary, DECLARATION_FILE);
  writeFileSync(path, declarationYaml(of.lookup.declaration), { mode: 0o600 });
  return path;
}

/** A message for the page names files as the user knows them. */
function withoutPaths(message: string, paths: readonly string[]): string {
  return paths.reduce((text, path) => text.replaceAll(path, path.slice(path.lastIndexOf("/") + 1)), message);
}
