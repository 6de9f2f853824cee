/**
 * What a sensor sends, in order and each record until it is acknowledged. While Kafka is away records wait in memory, then on disk within a budget; past it
 * a source that can wait waits, and what another tells is dropped and counted. Sent twice is told apart by (sensor, epoch, sequence).
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Signer } from "#evidence/keys/signer.ts";
import { FLEET_LIMITS } from "./limits.ts";
import { writeRecord, type RecordHeader } from "./record.ts";

/** What is known of a record before it is sent. */
export type Unsent = Omit<RecordHeader, "clock" | "spooled" | "dropped">;

export interface SenderSettings {
  readonly signer: Signer;
  /** Resolves when acknowledged. */
  readonly send: (value: Buffer) => Promise<void>;
  /** Folder of records that wait; made when the first one does. */
  readonly spool: string;
  readonly spoolBytes: number;
  /** A sentence for the operator. */
  readonly say: (line: string) => void;
  readonly now?: () => number;
}

/** Milliseconds without an answer after which Kafka counts as away. */
const AWAY_MS = 5_000;

interface Waiting {
  readonly header: Unsent;
  /** Null where they lie on disk. */
  readonly facts: readonly string[] | null;
  readonly bytes: number;
}

export class Sender {
  private readonly settings: SenderSettings;
  private readonly waiting: Waiting[] = [];
  private readonly dropped = { facts: 0, octets: 0, fromMicros: null as number | null, toMicros: null as number | null };
  private spooled = 0;
  private onDisk = 0;
  private away = false;
  private sending: Promise<void> | null = null;
  private room: (() => void) | null = null;
  acknowledged = 0;

  constructor(settings: SenderSettings) {
    this.settings = settings;
  }

  /** True where another record would not fit into the budget. */
  get full(): boolean {
    return this.waiting.length >= FLEET_LIMITS.queuedRecords && this.onDisk >= this.settings.spoolBytes;
  }

  /** Records that wait. */
  get waitingRecords(): number {
    return this.waiting.length;
  }

  /** Records that waited on disk. */
  get spooledRecords(): number {
    return this.spooled;
  }

  get droppedFacts(): number {
    return this.dropped.facts;
  }

  /** Takes a record to send; false where it had to be dropped, and its number is then free for the next. */
  put(header: Unsent, facts: readonly string[], keep: boolean): boolean {
    const bytes = facts.reduce((sum, fact) => sum + fact.length + 1, 0);
    if (this.full && !keep) {
      this.drop(header.stamps, bytes, facts.length);
      return false;
    }
    const memory = this.waiting.length < FLEET_LIMITS.queuedRecords;
    if (!memory) {
      mkdirSync(this.settings.spool, { recursive: true, mode: 0o700 });
      writeFileSync(this.file(header.sequence), facts.join("\n"), { mode: 0o600 });
      this.onDisk += bytes;
      this.spooled++;
    }
    this.waiting.push({ header, facts: memory ? facts : null, bytes });
    this.sending ??= this.sendAll();
    return true;
  }

  /** Counts facts that are not sent. */
  drop(stamps: Unsent["stamps"], octets: number, facts: number): void {
    const { dropped } = this;
    dropped.facts += facts;
    dropped.octets += octets;
    for (const [at] of stamps) {
      if (at === null) continue;
      dropped.fromMicros = Math.min(dropped.fromMicros ?? at, at);
      dropped.toMicros = Math.max(dropped.toMicros ?? at, at);
    }
  }

  /** Resolves when another record fits. */
  async waitForRoom(): Promise<void> {
    while (this.full) await new Promise<void>((resolve) => (this.room = resolve));
  }

  /** Resolves when everything was acknowledged. */
  async flush(): Promise<void> {
    while (this.sending !== null) await this.sending;
    rmSync(this.settings.spool, { recursive: true, force: true });
  }

  private async sendAll(): Promise<void> {
    // What was just put belongs to the same turn of the loop as what follows it.
    await Promise.resolve();
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      await this.sendOne(next);
      this.waiting.shift();
      this.acknowledged++;
      if (next.facts === null) {
        rmSync(this.file(next.header.sequence), { force: true });
        this.onDisk -= next.bytes;
      }
      this.room?.();
      this.room = null;
    }
    this.sending = null;
  }

  private async sendOne({ header, facts }: Waiting): Promise<void> {
    const { settings } = this;
    const kept = facts ?? readFileSync(this.file(header.sequence), "utf8").split("\n").slice(0, header.facts);
    for (let pause = 100; ; pause = Math.min(pause * 2, 2_000)) {
      const clock = (settings.now ?? Date.now)();
      const value = writeRecord({ ...header, clock, dropped: this.dropped, spooled: this.spooled }, kept, settings.signer);
      // A cut link gives no error for a long time.
      const silent = setTimeout(() => this.sayAway("no answer"), AWAY_MS);
      try {
        await settings.send(value);
        if (this.away) settings.say(`Kafka takes records again; ${this.waiting.length - 1} are waiting`);
        this.away = false;
        return;
      } catch (error) {
        this.sayAway(error instanceof Error ? error.message : String(error));
        await new Promise((resolve) => setTimeout(resolve, pause));
      } finally {
        clearTimeout(silent);
      }
    }
  }

  private sayAway(why: string): void {
    if (!this.away) {
      const { say, spool } = this.settings;
      say(`Kafka takes no records (${why}); they are kept in memory, then in ${spool}, and sent when it does`);
    }
    this.away = true;
  }

  private file(sequence: number): string {
    return join(this.settings.spool, `${String(sequence).padStart(12, "0")}.facts`);
  }
}
