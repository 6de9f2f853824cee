/**
 * What a case folder says, read for rendering: documents, what its database knows of the network and of time, and its bundle. Reads
 * only; raw captures are never touched.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Declaration } from "#declaration/types.ts";
import { readCaseLog } from "#evidence/log/case-log.ts";
import { standingsInLog } from "#evidence/seal/standing-in-log.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { CaseFolder, type CaseMeta } from "#store/case-folder.ts";
import { queryCase } from "#store/query.ts";
import type { DossierCase, Watch } from "./dossier.ts";

/** A declared function or a bare address, as the signalling shows it. */
export interface SeenElement {
  readonly address: string;
  readonly role: string;
}

export interface SeenReference {
  readonly a: string;
  readonly b: string;
  readonly name: string;
  readonly messages: number;
}

/** Conversations of the network's own addresses, between two addresses, by application. */
export interface SeenFlow {
  readonly point: string;
  readonly a: string;
  readonly b: string;
  readonly application: string | null;
  readonly packets: number;
  readonly bytes: number;
  readonly firstMicros: number;
  readonly lastMicros: number;
}

/** User-plane tunnels between two addresses. */
export interface SeenTunnels {
  readonly source: string;
  readonly address: string;
  readonly interface: string | null;
  readonly tunnels: number;
  readonly packets: number;
  readonly bytes: number;
  readonly firstMicros: number;
  readonly lastMicros: number;
}

export interface SeenPoint {
  readonly name: string;
  readonly interface: string | null;
  readonly complete: boolean;
}

/** What the database knows; every list is empty where it cannot be read. */
export interface Observed {
  readonly points: readonly SeenPoint[];
  readonly elements: readonly SeenElement[];
  readonly references: readonly SeenReference[];
  readonly flows: readonly SeenFlow[];
  readonly tunnels: readonly SeenTunnels[];
  /** The database is there and could not be read, in whole or in part: drawings show less than was seen. */
  readonly unreadable: boolean;
}

export interface CaseData {
  readonly path: string;
  readonly name: string;
  readonly meta: CaseMeta;
  readonly document: FindingsDocument;
  readonly declaration: Declaration | null;
  readonly observed: Observed;
  /** Entries of the case's log; empty where there is none. */
  readonly log: readonly LoggedEntry[];
  /** The log's newest head, a signed note; empty where there is no log. */
  readonly checkpoint: string;
  /** The newest bundle of the case, where there is one. */
  readonly bundle: { readonly name: string; readonly bytes: Uint8Array } | null;
}

/** A record as the case's log has it. */
export interface LoggedEntry {
  readonly index: number;
  readonly type: string;
  readonly sha256: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Entries of a log that a report reads; a longer log is told in the bundle. */
const ENTRIES = 20_000;

const NOTHING_OBSERVED: Observed = { points: [], elements: [], references: [], flows: [], tunnels: [], unreadable: false };

/** Rows of a query that a drawing can use: the rest is counted nowhere, so queries aggregate first. */
const ROWS = 5_000;

/** Throws `CaseError` where the folder is no case. */
export async function readCase(path: string): Promise<CaseData> {
  const folder = CaseFolder.open(path);
  const bundle = readdirSync(path)
    .filter((file) => file.endsWith(".tapproof"))
    .map((file) => ({ file, at: statSync(join(path, file)).mtimeMs }))
    .sort((a, b) => a.at - b.at || (a.file < b.file ? -1 : 1))
    .at(-1)?.file;
  return {
    path,
    name: basename(resolve(path)),
    meta: folder.readJson<CaseMeta>("meta"),
    document: withStanding(path, folder.readJson<FindingsDocument>("findings")),
    declaration: folder.has("declaration") ? folder.readJson<Declaration>("declaration") : null,
    observed: existsSync(folder.file("database")) ? await observedIn(folder.file("database")) : NOTHING_OBSERVED,
    ...logOf(path),
    bundle: bundle === undefined ? null : { name: bundle, bytes: readFileSync(join(path, bundle)) },
  };
}

/** A scan cannot know who will cosign: what was attested then is witnessed as soon as the log's head is. */
function withStanding(path: string, document: FindingsDocument): FindingsDocument {
  if (document.findings.every((f) => f.standing === "given")) return document;
  const log = readCaseLog(path);
  const standings = standingsInLog(log, document.findings);
  log?.close();
  return { ...document, findings: document.findings.map((f) => ({ ...f, standing: standings.get(f.id) ?? f.standing })) };
}

function logOf(path: string): Pick<CaseData, "log" | "checkpoint"> {
  const entries: LoggedEntry[] = [];
  const log = readCaseLog(path);
  if (log === undefined) return { log: entries, checkpoint: "" };
  for (const { index, type, record, value } of log.records()) {
    if (entries.length === ENTRIES) break;
    entries.push({ index, type, sha256: record, value });
  }
  const checkpoint = log.checkpoint();
  log.close();
  return { log: entries, checkpoint };
}

/** A row that tells no amount and no time (`docs/register.md`) stands for one packet at least, within the period of what was read. */
const BEGIN = "(SELECT min(epoch_us(c.first)) FROM captures c)";
const END = "(SELECT max(epoch_us(c.last)) FROM captures c)";

/** A database that another process writes, or of an older make, gives an empty answer: the report then says less, not nothing. */
export async function observedIn(database: string): Promise<Observed> {
  let unreadable = false;
  const rows = async <T>(sql: string, make: (row: readonly unknown[]) => T): Promise<T[]> => {
    try {
      return (await queryCase(database, sql, ROWS)).rows.map(make);
    } catch {
      unreadable = true;
      return [];
    }
  };
  const text = (value: unknown): string =>
    value === null || value === undefined ? "" : typeof value === "string" ? value : `${value as number | bigint | boolean}`;
  const maybe = (value: unknown): string | null => (text(value) === "" ? null : text(value));
  const number = (value: unknown): number => Number(value ?? 0);
  const seen = {
    points: await rows("SELECT name, interface, bool_or(complete) FROM points GROUP BY ALL ORDER BY ALL", ([name, face, complete]) => ({
      name: text(name),
      interface: maybe(face),
      complete: complete === true,
    })),
    elements: await rows("SELECT DISTINCT address, role FROM elements ORDER BY ALL", ([address, role]) => ({
      address: text(address),
      role: text(role),
    })),
    references: await rows("SELECT a, b, name, sum(messages) FROM reference_points GROUP BY ALL ORDER BY ALL", ([a, b, name, n]) => ({
      a: text(a),
      b: text(b),
      name: text(name),
      messages: number(n),
    })),
    flows: await rows(
      `SELECT coalesce(p.name, ''), f.initiator, f.responder, f.application, sum(coalesce(f.packets, 1)), sum(coalesce(f.bytes, 1)),
         coalesce(min(epoch_us(f.first)), ${BEGIN}), coalesce(max(epoch_us(f.last)), ${END})
       FROM flows f LEFT JOIN points p ON p.run = f.run AND p.point = f.point
       WHERE f.initiator NOT LIKE 's:%' AND f.responder NOT LIKE 's:%'
       GROUP BY ALL ORDER BY ALL`,
      ([point, a, b, application, packets, bytes, first, last]) => ({
        point: text(point),
        a: text(a),
        b: text(b),
        application: maybe(application),
        packets: number(packets),
        bytes: number(bytes),
        firstMicros: number(first),
        lastMicros: number(last),
      }),
    ),
    tunnels: await rows(
      `SELECT source, address, interface, count(*), sum(coalesce(packets, 1)), sum(coalesce(bytes, 1)),
         coalesce(min(epoch_us(first)), ${BEGIN}), coalesce(max(epoch_us(last)), ${END})
       FROM tunnels GROUP BY ALL ORDER BY ALL`,
      ([source, address, face, count, packets, bytes, first, last]) => ({
        source: text(source),
        address: text(address),
        interface: maybe(face),
        tunnels: number(count),
        packets: number(packets),
        bytes: number(bytes),
        firstMicros: number(first),
        lastMicros: number(last),
      }),
    ),
  };
  return { ...seen, unreadable };
}

/** The case as the dossier reads it. */
export function dossierCase(data: Pick<CaseData, "name" | "document" | "declaration" | "observed">): DossierCase {
  return { name: data.name, document: data.document, declaration: data.declaration, watched: watchOf(data) };
}

/** Interfaces on which each declared function was seen: by signalling, by tunnels, and by flows at a point whose interface is declared. */
export function watchOf({ declaration, document, observed }: Pick<CaseData, "document" | "declaration" | "observed">): Watch[] {
  const names = new Map<string, string>();
  for (const f of declaration?.functions ?? []) for (const address of f.addresses) names.set(address, f.name);
  const found = new Map<string, Watch>();
  const add = (face: string, element: string | null, point: SeenPoint | undefined, first: string | null, last: string | null): void => {
    const key = JSON.stringify([face, element, point?.name ?? null]);
    const known = found.get(key);
    found.set(key, {
      interface: face,
      element,
      point: point?.name ?? null,
      complete: point?.complete ?? false,
      first: known?.first !== undefined && known.first !== null && (first === null || known.first < first) ? known.first : first,
      last: known?.last !== undefined && known.last !== null && (last === null || known.last > last) ? known.last : last,
    });
  };
  const captures = document.captures.filter((c) => c.packets > 0);
  const from =
    captures
      .map((c) => c.first ?? "")
      .filter(Boolean)
      .sort()[0] ?? null;
  const to =
    captures
      .map((c) => c.last ?? "")
      .filter(Boolean)
      .sort()
      .at(-1) ?? null;
  const points = new Map(observed.points.map((p) => [p.name, p]));
  for (const p of observed.points) {
    if (p.interface === null) continue;
    const links = declaration?.points.filter((d) => d.interface === p.interface && d.link !== null) ?? [];
    const ends = new Set(links.map((d) => (d.link as string).split("/")[0] as string).filter((name) => [...names.values()].includes(name)));
    if (p.complete && ends.size > 0) for (const end of ends) add(p.interface, end, p, from, to);
    else add(p.interface, null, p, from, to);
  }
  if (observed.points.length === 0) {
    for (const c of captures)
      for (const name of c.points ?? [c.point])
        if (declaration?.points.some((p) => p.interface === name) === true)
          add(
            name,
            null,
            { name, interface: name, complete: declaration.points.some((p) => p.interface === name && p.complete) },
            c.first,
            c.last,
          );
  }
  for (const r of observed.references)
    for (const address of [r.a, r.b]) {
      const name = names.get(address);
      if (name !== undefined) add(r.name, name, undefined, from, to);
    }
  for (const t of observed.tunnels)
    for (const address of [t.source, t.address]) {
      const name = names.get(address);
      if (name !== undefined && t.interface !== null) add(t.interface, name, undefined, rfc3339(t.firstMicros), rfc3339(t.lastMicros));
    }
  for (const f of observed.flows) {
    const point = points.get(f.point);
    if (point?.interface === null || point === undefined) continue;
    for (const address of [f.a, f.b]) {
      const name = names.get(address);
      if (name !== undefined) add(point.interface, name, point, rfc3339(f.firstMicros), rfc3339(f.lastMicros));
    }
  }
  return [...found.values()].sort((a, b) => order(a) - order(b) || (key(a) < key(b) ? -1 : 1));
}

const order = (w: Watch): number => (w.element === null ? 0 : 1);
const key = (w: Watch): string => JSON.stringify([w.interface, w.element, w.point]);

function rfc3339(micros: number): string {
  return new Date(micros / 1000).toISOString();
}
