/** One reading of a case's database for the explorer, by what a role may see; and the parts of the questions that are put to it. */
import { pseudonym } from "#findings/assemble.ts";
import type { FindingRecord } from "#findings/document.ts";
import type { Lifeline } from "#serve/api/types.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { rfc3339 } from "#serve/cases/tables.ts";
import { hiddenAddress, INTERCEPTION_PROTOCOLS } from "#serve/cases/withheld.ts";
import { limits } from "#serve/limits.ts";
import { Problem } from "#serve/problem.ts";
import { readCase, type Ask } from "#store/query.ts";

type Value = string | number;
export type Row = Readonly<Record<string, unknown>>;

/** Parts of a WHERE clause and the values for their question marks, in order. */
export class Conditions {
  readonly parts: string[] = [];
  readonly values: Value[] = [];

  add(part: string, ...values: readonly Value[]): void {
    this.parts.push(part);
    this.values.push(...values);
  }

  /** One of the columns holds one of the values; no value at all: nothing fits. */
  among(columns: readonly string[], values: readonly Value[]): void {
    if (values.length === 0) return this.add("false");
    const list = marks(values);
    this.add(`(${columns.map((c) => `${c} IN (${list})`).join(" OR ")})`, ...columns.flatMap(() => values));
  }

  none(columns: readonly string[], values: readonly Value[]): void {
    if (values.length === 0) return;
    for (const c of columns) this.add(`(${c} IS NULL OR ${c} NOT IN (${marks(values)}))`, ...values);
  }

  any(): string {
    return `(${this.parts.join(" OR ")})`;
  }

  /** With what a run that was killed may have left taken out. */
  all(): string {
    return ["run IN (SELECT run FROM captures)", ...this.parts].join(" AND ");
  }
}

export function marks(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}

/** What a search is for: the first of these that is there. */
export interface Wanted {
  readonly teid: number | null;
  readonly addresses: readonly string[];
  /** As the database has them. */
  readonly subscribers: readonly string[];
  readonly text: string | null;
  /** Sought is what goes to cleared readers alone: nothing fits. */
  readonly nothing: boolean;
}

const ANYTHING: Wanted = { teid: null, addresses: [], subscribers: [], text: null, nothing: false };

/** `work` asks the case's database; refused while a scan writes into it. */
export async function reading<T>(of: OpenCase, cleared: boolean, work: (source: Source) => Promise<T>): Promise<T> {
  if (!of.folder.has("database"))
    throw new Problem("not-there-yet", "nothing was scanned into this case yet", of.name, "hand in captures, and scan them");
  if (of.busy) throw new Problem("conflict", "a scan writes into the case", of.name, "ask again when it is done");
  return readCase(of.folder.file("database"), async (ask) => {
    const closed = cleared ? [] : await closedAddresses(of, ask);
    return work(new Source(of, cleared, ask, closed));
  });
}

/** Addresses of the database that go to cleared readers alone. */
async function closedAddresses(of: OpenCase, ask: Ask): Promise<string[]> {
  const hidden = hiddenAddress(of.tables, of.lookup, of.index, of.id);
  const { rows } = await ask(
    `SELECT source FROM messages UNION SELECT destination FROM messages UNION SELECT source FROM tunnels UNION SELECT address FROM tunnels
     UNION SELECT initiator FROM flows UNION SELECT responder FROM flows UNION SELECT serving_enb FROM sessions`,
    [],
    limits.tableRows,
  );
  return rows.flatMap(([address]) => (typeof address === "string" && hidden(address) ? [address] : []));
}

export class Source {
  private readonly of: OpenCase;
  private readonly cleared: boolean;
  private readonly ask: Ask;
  private readonly closed: readonly string[];
  private readonly key: Uint8Array | undefined;
  private about: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(of: OpenCase, cleared: boolean, ask: Ask, closed: readonly string[]) {
    this.of = of;
    this.cleared = cleared;
    this.ask = ask;
    this.closed = closed;
    this.key = of.folder.pseudonymKey();
  }

  async rows(sql: string, values: readonly Value[]): Promise<Row[]> {
    const { columns, rows } = await this.ask(sql, values, limits.tableRows);
    return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null])));
  }

  /** The first rows, and how many there are. */
  async listed(sql: string, values: readonly Value[]): Promise<{ readonly rows: Row[]; readonly total: number }> {
    const rows = await this.rows(`${sql} LIMIT ${limits.exploredRows}`, values);
    return { rows, total: rows.length < limits.exploredRows ? rows.length : await this.total(`SELECT count(*) FROM (${sql})`, values) };
  }

  async total(sql: string, values: readonly Value[]): Promise<number> {
    return Number((await this.ask(sql, values)).rows[0]?.[0] ?? 0);
  }

  onlyOpen(on: Conditions, columns: readonly string[]): void {
    on.none(columns, this.closed);
  }

  /** Subscribers of the tunnels that fit, as a subquery. */
  owners(which: Conditions): string {
    this.onlyOpen(which, ["source", "address"]);
    return `SELECT subscriber FROM tunnels WHERE subscriber IS NOT NULL AND ${which.all()}`;
  }

  /** Sessions that something besides interception shows. */
  seenOpenly(on: Conditions): void {
    const [messages, tunnels] = [new Conditions(), new Conditions()];
    messages.none(["source", "destination"], this.closed);
    messages.none(["protocol"], INTERCEPTION_PROTOCOLS);
    tunnels.none(["source", "address"], this.closed);
    on.add(
      `(subscriber IN (SELECT subscriber FROM messages WHERE subscriber IS NOT NULL AND ${messages.all()}) OR subscriber IN
        (SELECT subscriber FROM tunnels WHERE subscriber IS NOT NULL AND ${tunnels.all()}))`,
      ...messages.values,
      ...tunnels.values,
    );
  }

  /** What somebody typed: `teid:26`, `teid:0x1a`, an address, a pseudonym, a function's name; else words. */
  async wanted(typed: string): Promise<Wanted> {
    const q = typed.trim();
    if (q === "") return ANYTHING;
    const teid = /^(?:teid\s*[:=]?\s*)(0x[0-9a-f]{1,8}|[0-9]{1,10})$/i.exec(q)?.[1];
    if (teid !== undefined) return { ...ANYTHING, teid: Number(teid) };
    if (/^s:[A-Za-z0-9_-]{16}$/.test(q)) return { ...ANYTHING, subscribers: await this.stored([q]), addresses: [q] };
    if (/^[0-9a-f:.]{3,45}$/i.test(q) && /[:.]/.test(q))
      return { ...ANYTHING, addresses: [q.toLowerCase()], nothing: this.closed.includes(q.toLowerCase()) };
    const named = this.of
      .model(this.cleared)
      .elements()
      .filter((e) => e.id.toLowerCase() === q.toLowerCase())
      .flatMap((e) => e.addresses);
    return named.length > 0 ? { ...ANYTHING, addresses: named } : { ...ANYTHING, text: q.toLowerCase() };
  }

  /** The two ends and the subscribers of a finding. */
  async around({ element, receiver, subscribers }: FindingRecord): Promise<Wanted> {
    const addresses = [element.address, receiver?.address ?? null].filter((a) => a !== null);
    return { ...ANYTHING, addresses, subscribers: await this.stored(subscribers.pseudonyms) };
  }

  /** Pseudonyms as the database has them: the same, but where a case holds identities in clear. */
  async stored(pseudonyms: readonly string[]): Promise<string[]> {
    if (!this.of.meta.runs.some((run) => run.identitiesReason !== null)) return [...pseudonyms];
    const asked = new Set(pseudonyms);
    const rows = await this.rows(
      "SELECT subscriber FROM sessions UNION SELECT subscriber FROM tunnels UNION SELECT subscriber FROM messages",
      [],
    );
    const clear = rows.flatMap((r) =>
      typeof r["subscriber"] === "string" && asked.has(this.person(r["subscriber"]) ?? "") ? [r["subscriber"]] : [],
    );
    return [...pseudonyms, ...clear];
  }

  /** A subscriber, or an address of his, never in clear. */
  person(stored: unknown): string | null {
    if (typeof stored !== "string" || stored === "") return null;
    if (stored.startsWith("s:")) return stored;
    return this.key === undefined ? "s:?" : pseudonym(this.key, stored);
  }

  /** An address of the network with its name; a subscriber's as a pseudonym. */
  end(stored: unknown): Lifeline {
    const address = typeof stored === "string" ? stored : "";
    if (/^(s|ip):/.test(address)) return { address: this.person(address) ?? "", name: null };
    return { address, name: this.of.lookup?.nameOf(address) ?? null };
  }

  /** Ids of the findings about a pseudonym that this role may see. */
  findingsAbout(person: string | null): string[] {
    this.about ??= this.of.index.about(this.cleared);
    return person === null ? [] : [...(this.about.get(person) ?? [])];
  }
}

export function text(cell: unknown): string | null {
  return typeof cell === "string" ? cell : null;
}

/** Null is an amount that is not told, and not nought. */
export function count(cell: unknown): number | null {
  return cell === null || cell === undefined ? null : Number(cell);
}

export function time(cell: unknown): string | null {
  return typeof cell === "string" ? rfc3339(cell) : null;
}

/** RFC 3339 as DuckDB reads it. */
export function bare(at: string): string {
  return at.replace("T", " ").replace(/Z$/, "").slice(0, 26);
}
