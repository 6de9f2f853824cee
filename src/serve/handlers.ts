/** What each route answers. One function a route, in the order of `api/routes.ts`. */
import { createReadStream, statSync } from "node:fs";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Readable } from "node:stream";
import type { FindingRecord } from "#findings/document.ts";
import type { Warrant } from "#register/types.ts";
import type { VerifyResult } from "#verify/result.ts";
import { VERSION } from "#run/version.ts";
import { accountKey, isCleared, readerOf, type Session as KnownSession } from "./access/sessions.ts";
import type { ROUTES, Route, RouteName } from "./api/routes.ts";
import type { Overview, Session, UploadList } from "./api/types.ts";
import { ALL, type CaseList } from "./cases/case-list.ts";
import { draftYaml } from "./cases/declaration-text.ts";
import type { OpenCase } from "./cases/open-case.ts";
import type { TacList } from "./cases/tac-list.ts";
import type { EventHub } from "./events.ts";
import { bounded } from "./jobs/bounded.ts";
import { run, stop, type Program } from "./jobs/program.ts";
import type { Queue } from "./jobs/queue.ts";
import type { Scans } from "./jobs/scans.ts";
import type { Uploads } from "./jobs/uploads.ts";
import { limits } from "./limits.ts";
import { notFound, Problem } from "./problem.ts";
import { carvedOf, packetsOf } from "./view/packets.ts";
import { DECLARATION_FILE, type DeclarationReading } from "./cases/declaration-reading.ts";
import { checkOf, declarationOf, draftOf, wholeText, type Strangers } from "./view/declaration.ts";
import { bundlePath, bundleRefused, entriesOf, evidenceOf, recordOf } from "./view/evidence.ts";
import { comparisonOf, lastBefore } from "./view/comparison.ts";
import { exploredOf, messagesOf, personOf } from "./view/explorer.ts";
import { exposureOf } from "./view/exposure.ts";
import { findingOf } from "./view/finding.ts";
import { handsetsOf } from "./view/handsets.ts";
import { overviewOf } from "./view/overview.ts";
import { registerOf } from "./view/register.ts";
import { timelineOf } from "./view/timeline.ts";
import { vendorOf, vendorsOf, type Dossiers } from "./view/vendors.ts";

/** What all handlers share. */
export interface World {
  readonly cases: CaseList;
  readonly uploads: Uploads;
  readonly scans: Scans;
  readonly events: EventHub;
  readonly dossiers: Dossiers;
  readonly queue: Queue;
  readonly loopback: boolean;
  readonly tacs: TacList | null;
  /** Held in memory alone. */
  readonly warrants: readonly Warrant[] | null;
  readonly program: Program | null;
  login(call: FastifyRequest, reply: FastifyReply, token: string, author: string): KnownSession;
}

type Parameter<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Parameter<Rest> : never;
type Output<T> = T extends z.ZodType ? z.output<T> : undefined;
type Body<R extends Route> = R extends { readonly octets: true } ? Readable : R extends { readonly body: infer B } ? Output<B> : undefined;

export interface Call<R extends Route> {
  readonly world: World;
  readonly session: KnownSession;
  readonly params: Readonly<Record<Parameter<R["path"]>, string>>;
  readonly query: R extends { readonly query: infer Q } ? Output<Q> : undefined;
  readonly body: Body<R>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What a route that answers with a file has already sent. */
export interface Sent {
  readonly sent: true;
}
export const SENT: Sent = { sent: true };

type Answer<R extends Route> = R extends { readonly response: infer T } ? Output<T> : Sent;
type Handler<R extends Route> = (call: Call<R>) => Answer<R> | Promise<Answer<R>>;
type Handlers = { readonly [K in RouteName]: Handler<(typeof ROUTES)[K]> };

const FINDING = /^[0-9a-f]{64}$/;

export const HANDLERS: Handlers = {
  getSession: ({ world, session }) => sessionOf(world, session),
  putSession: ({ world, session, body }) => {
    if (session.role !== null && body.author !== session.author)
      throw new Problem("forbidden", "an account's name is fixed", "author", "log in as somebody else");
    session.author = body.author;
    return sessionOf(world, session);
  },
  login: ({ world, request, reply, body }) => sessionOf(world, world.login(request, reply, body.token, body.author)),
  listCases: ({ world, session }) => ({ cases: world.cases.all.map((c) => c.summary(isCleared(session))) }),
  newCase: async ({ world, body, session }) => {
    const made = await world.cases.create(body.name, body.basis ?? null);
    world.events.tell({ kind: "case", case: made.id, what: "created" });
    return made.summary(isCleared(session));
  },
  getCase: ({ world, params, session }) => world.cases.get(params.case).summary(isCleared(session)),
  overview: ({ world, params, session }) => kept(world.cases.get(params.case), isCleared(session)),
  elements: ({ world, params, query, session }) => {
    const words = (query.q ?? "").toLowerCase();
    const all = world.cases.get(params.case).model(isCleared(session)).elements();
    const found =
      words === ""
        ? all
        : all.filter((e) => `${e.id}\n${e.addresses.join("\n")}\n${e.vendorName ?? ""}\n${e.site ?? ""}`.toLowerCase().includes(words));
    const from = query.cursor === undefined ? 0 : Number(query.cursor);
    if (!Number.isInteger(from) || from < 0)
      throw new Problem("bad-request", "the cursor is none of this list", "cursor", "start again at the first page");
    const limit = query.limit ?? 100;
    return { total: found.length, next: from + limit < found.length ? String(from + limit) : null, items: found.slice(from, from + limit) };
  },
  findings: ({ world, params, query, session }) => world.cases.index(params.case).page(query, isCleared(session)),
  comparison: ({ world, params, query, session }) =>
    comparisonOf(
      query.before === undefined
        ? lastBefore(caseOf(world, params), world.cases.all, isCleared(session))
        : caseOf(world, { case: query.before }),
      caseOf(world, params),
      isCleared(session),
    ),
  finding: ({ world, params, session }) => findingOf(caseOf(world, params), findingId(params.finding), isCleared(session)),
  timeline: async ({ world, params, session }) => {
    const of = caseOf(world, params);
    return timelineOf(of, await of.finding(findingId(params.finding), isCleared(session)), isCleared(session));
  },
  packets: async ({ world, params, session }) => {
    const of = caseOf(world, params);
    return packetsOf(of, await of.finding(findingId(params.finding), isCleared(session)));
  },
  carved: async ({ world, params, reply, session }) => {
    const of = caseOf(world, params);
    const finding = await of.finding(findingId(params.finding), isCleared(session));
    const bytes = await carvedOf(of, finding);
    return attachment(reply, `${finding.claim}-${finding.id.slice(0, 12)}.pcapng`, "application/x-pcapng", bytes);
  },
  openIdentities: async ({ world, params, body, session }) => {
    const of = caseOf(world, params);
    const { id, subscribers } = await of.finding(findingId(params.finding), isCleared(session));
    if (subscribers.identities === undefined)
      throw new Problem(
        "not-there-yet",
        "this case holds pseudonyms only",
        of.name,
        "identities are kept by a scan with --identities and a reason",
      );
    // recorded first: what could not be recorded is not shown
    const logIndex = recorded(() =>
      of.records.custody({
        at: new Date().toISOString(),
        by: session.author,
        action: "showed-identities",
        basis: { law: null, authority: null, purpose: body.reason },
        note: `finding ${id}`,
      }),
    );
    tellOf(world, of, [id], "log");
    return { identities: [...subscribers.identities], logIndex };
  },
  newComment: ({ world, params, body, session }) => {
    const of = caseOf(world, params);
    const id = findingId(params.finding);
    if (!of.index.shows(of.id, id, isCleared(session))) throw notFound("this finding", id);
    const comment = recorded(() =>
      of.casework.comment({
        type: "comment",
        finding: id,
        at: new Date().toISOString(),
        author: session.author,
        text: body.text,
        cites: body.cites ?? [],
      }),
    );
    world.cases.triaged(of, id);
    tellOf(world, of, [id], "comment");
    return comment;
  },
  triage: ({ world, params, body, session }) => {
    if (body.state === undefined && body.assignee === undefined)
      throw new Problem("bad-request", "nothing was to be changed", "body", "name a state or an assignee");
    let logIndex: number | null = null;
    const changed: string[] = [];
    for (const of of world.cases.some(params.case)) {
      const ids = [...new Set(body.findings)].filter((id) => of.index.shows(of.id, id, isCleared(session)));
      if (ids.length === 0) continue;
      logIndex = recorded(() =>
        of.casework.change({
          type: "triage",
          findings: ids,
          at: new Date().toISOString(),
          author: session.author,
          ...(body.state === undefined ? {} : { state: body.state }),
          ...(body.assignee === undefined ? {} : { assignee: body.assignee }),
          ...(body.reason === undefined || body.reason === "" ? {} : { reason: body.reason }),
        }),
      );
      for (const id of ids) world.cases.triaged(of, id);
      changed.push(...ids);
      tellOf(world, of, ids, "triage");
    }
    if (changed.length === 0) throw notFound("none of these findings", "findings");
    const first = world.cases.some(params.case);
    const shown = changed.map((id) => {
      const of = first.find((c) => c.index.shows(c.id, id, isCleared(session))) as OpenCase;
      return [id, of.casework.triage(id)] as const;
    });
    return { changed: changed.length, logIndex, triage: Object.fromEntries(shown) };
  },
  explore: async ({ world, params, query, session }) => {
    const of = caseOf(world, params);
    return exploredOf(of, query, await about(of, query.finding, session), isCleared(session));
  },
  messages: async ({ world, params, query, session }) => {
    const of = caseOf(world, params);
    return messagesOf(of, query, await about(of, query.finding, session), isCleared(session));
  },
  lookUp: async ({ world, params, body, session }) => {
    const of = caseOf(world, params);
    // recorded first, and without the identity: the log is in every bundle
    const logIndex = recorded(() =>
      of.records.custody({
        at: new Date().toISOString(),
        by: session.author,
        action: "showed-identities",
        basis: { law: null, authority: null, purpose: body.reason },
        note: "looked up whether a finding is about a subscriber",
      }),
    );
    tellOf(world, of, [], "log");
    return { subscriber: await personOf(of, body.identity, isCleared(session)), logIndex };
  },
  exposure: ({ world, params, session }) => exposureOf(world.cases.some(params.case), world.cases.index(params.case), isCleared(session)),
  register: ({ world, params }) => registerOf(world.cases.get(params.case), world.warrants),
  vendors: ({ world, params, session }) =>
    vendorsOf(world.cases.some(params.case), world.cases.index(params.case), world.dossiers, isCleared(session)),
  vendor: ({ world, params, query, session }) =>
    vendorOf(
      world.cases.some(params.case),
      world.cases.index(params.case),
      world.dossiers,
      params.vendor,
      isCleared(session),
      query.lang ?? "en",
    ),
  evidence: ({ world, params, session }) => evidenceOf(world.cases.get(params.case), readerOf(session)),
  entries: ({ world, params, query, session }) =>
    entriesOf(world.cases.get(params.case), query.cursor, query.limit ?? 100, readerOf(session)),
  record: ({ world, params, session }) => {
    if (!/^[0-9a-f]{64}$/.test(params.record)) throw notFound("this record", params.record.slice(0, 100));
    return recordOf(world.cases.get(params.case), params.record, readerOf(session));
  },
  handsets: ({ world, params, session }) => handsetsOf(world.cases.get(params.case), world.tacs, isCleared(session)),
  declaration: ({ world, params, session }) => declarationOf(world.cases.get(params.case), isCleared(session), strangers(world, session)),
  putDeclaration: async ({ world, params, body, session }) => {
    const of = world.cases.get(params.case);
    const theirs = strangers(world, session);
    const text = isCleared(session) ? body.text : await wholeText(of, body.text, session.role === null, theirs);
    const check = await checkOf(of, text, isCleared(session), theirs);
    if (!check.ok) {
      const first = check.problems[0];
      throw new Problem(
        "unusable",
        first?.message ?? "the declaration is wrong",
        first === undefined ? DECLARATION_FILE : `${DECLARATION_FILE}:${first.line}:${first.column} ${first.field}`.trim(),
        "mend what is marked, then save again",
      );
    }
    of.folder.writeText(DECLARATION_FILE, text);
    recorded(() =>
      of.records.append("declaration-saved", {
        at: new Date().toISOString(),
        author: session.author,
        file: DECLARATION_FILE,
        sha256: check.sha256,
      }),
    );
    world.events.tell({ kind: "case", case: of.id, what: "declaration" });
    return declarationOf(of, isCleared(session), theirs);
  },
  checkDeclaration: async ({ world, params, body, session }) => {
    const of = world.cases.get(params.case);
    const theirs = strangers(world, session);
    const text = isCleared(session) ? body.text : await wholeText(of, body.text, session.role === null, theirs);
    return checkOf(of, text, isCleared(session), theirs);
  },
  draftDeclaration: async ({ world, params, body, session }) => {
    const of = world.cases.get(params.case);
    const uploads = body.uploads ?? [];
    const theirs = strangers(world, session);
    if (uploads.length === 0) return draftOf(of, draftYaml(of.tablesFor(isCleared(session))), isCleared(session), theirs);
    const paths = world.uploads.paths(of.id, uploads);
    const { code, stdout, said } = await program(world, session, "draft", ["learn", ...paths], 8 * 1024 * 1024);
    if (code !== 0)
      throw new Problem(
        "unusable",
        said === "" ? "no draft could be made" : said.replace(/^tapproof: /, ""),
        "uploads",
        "choose captures that can be read",
      );
    return draftOf(of, stdout.toString("utf8"), isCleared(session), theirs);
  },
  uploads: ({ world, params }) => uploadList(world, world.cases.get(params.case).id),
  upload: ({ world, params, query, body }) => world.uploads.take(world.cases.get(params.case).id, query.file, body),
  deleteUpload: ({ world, params }) => {
    const { id } = world.cases.get(params.case);
    world.uploads.remove(id, params.upload);
    return uploadList(world, id);
  },
  newScan: ({ world, params, body, session }) => {
    // captures made up for the purpose would tell, by what is withheld, whom a warrant names
    if (world.warrants !== null && !isCleared(session))
      throw new Problem(
        "li-cleared-needed",
        "this server holds a register of warrants, and a scan asks it",
        "scans",
        "ask somebody who is cleared for interception",
      );
    return world.scans.begin(world.cases.get(params.case), body, accountKey(session));
  },
  scan: ({ world, params }) => world.scans.get(params.case, params.scan),
  stopScan: ({ world, params }) => world.scans.stop(params.case, params.scan),
  bundle: ({ world, params, reply, session }) => {
    const of = world.cases.get(params.case);
    mayHaveBundle(session, of);
    const path = bundlePath(of);
    if (path === null)
      throw new Problem("not-there-yet", "this case has no bundle yet", of.name, `make one with: tapproof bundle ${of.name}`);
    reply.header("content-length", statSync(path).size);
    return attachment(reply, path.slice(path.lastIndexOf("/") + 1), "application/vnd.tapproof.bundle", createReadStream(path));
  },
  report: async ({ world, params, query, reply, session }) => {
    const of = world.cases.get(params.case);
    const format = query.format ?? "html";
    const { code, stdout, said } = await program(
      world,
      session,
      "report",
      [
        "report",
        of.folder.path,
        "--format",
        format,
        "--lang",
        query.lang ?? "en",
        "--out",
        "-",
        "--without-identities",
        `--by=${session.author}`,
        ...(isCleared(session) ? ["--li-cleared"] : []),
      ],
      256 * 1024 * 1024,
    );
    if (code !== 0)
      throw new Problem(
        "unusable",
        said === "" ? "no report could be made" : said.replace(/^tapproof: /, "").replaceAll(of.folder.path, of.name),
        "report",
        "look at the server's terminal",
      );
    const [type, ending] = REPORTS[format];
    const { withheld } = of.index.counts(isCleared(session));
    if (withheld > 0) reply.header("x-tapproof-withheld", String(withheld));
    return attachment(reply, `${of.name}.${ending}`, type, stdout);
  },
  verify: async ({ world, body, query, session }) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limits.bundle)
        throw new Problem("too-large", `the bundle is larger than ${limits.bundle} octets`, "body", "verify it with tapproof verify");
      chunks.push(chunk);
    }
    const whole = new Uint8Array(Buffer.concat(chunks));
    const result = await world.queue.run(accountKey(session), "verify", () =>
      bounded<VerifyResult>(
        { kind: "verify", bytes: whole, key: query.key ?? null },
        { milliseconds: limits.verifyMs, heapMiB: limits.verifyHeapMiB },
      ),
    );
    return {
      bundle: result.bundle,
      level: result.level,
      origin: result.origin,
      passed: result.passed,
      checks: result.checks.map((c) => ({
        code: c.code,
        level: c.level,
        name: c.name,
        status: c.status,
        detail: c.detail,
        ...(c.part === undefined ? {} : { part: c.part }),
      })),
      weaknesses: result.weaknesses.map((w) => ({ ...w })),
      attested: result.attested.map((a) => ({ ...a })),
    };
  },
  queue: ({ world, session }) => ({ work: world.queue.places(accountKey(session)) }),
  events: ({ world, reply, session }) => {
    const headers = Object.fromEntries(Object.entries(reply.getHeaders()).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
    reply.hijack();
    reply.raw.writeHead(200, {
      ...headers,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      connection: "keep-alive",
    });
    if (!world.events.add(reply.raw, { kind: "hello", version: VERSION }, accountKey(session), isCleared(session))) reply.raw.end();
    return SENT;
  },
};

const REPORTS = {
  html: ["text/html; charset=utf-8", "html"],
  pdf: ["application/pdf", "pdf"],
  stix: ["application/json", "stix.json"],
  case: ["application/ld+json", "case.jsonld"],
  ocsf: ["application/json", "ocsf.json"],
  misp: ["application/json", "misp.json"],
  eve: ["application/x-ndjson; charset=utf-8", "eve.json"],
  syslog: ["text/plain; charset=utf-8", "syslog"],
  zeek: ["text/plain; charset=utf-8", "zeek.log"],
  csv: ["text/csv; charset=utf-8", "csv"],
} as const;

function sessionOf(world: World, session: KnownSession): Session {
  return {
    version: VERSION,
    csrf: session.csrf,
    role: session.role,
    rights: [...session.rights].sort(),
    author: session.author,
    loopback: world.loopback,
    features: {
      upload: world.program !== null,
      casework: true,
      verify: true,
      bundle: true,
      report: world.program !== null,
      dossier: true,
      tacList: world.tacs !== null,
      warrants: world.warrants !== null,
    },
  };
}

/** The overview of a case costs a walk over its edges: kept until something changes, apart for those who may see more. */
const overviews = new WeakMap<OpenCase, Map<boolean, { readonly generation: number; readonly overview: Overview }>>();

function kept(of: OpenCase, cleared: boolean): Overview {
  const made = overviews.get(of) ?? new Map<boolean, { readonly generation: number; readonly overview: Overview }>();
  overviews.set(of, made);
  const known = made.get(cleared);
  if (known?.generation === of.generation)
    return { ...known.overview, counts: { ...known.overview.counts, states: of.index.counts(cleared).states } };
  const overview = overviewOf(of, cleared);
  made.set(cleared, { generation: of.generation, overview });
  return overview;
}

/** Makes what the first views of a case need. */
export function warm(of: OpenCase, cleared: boolean): void {
  kept(of, cleared);
  of.index.page({}, cleared);
}

/** Who may not see any of these findings is not told that somebody works on them. */
function tellOf(world: World, of: OpenCase, findings: readonly string[], what: "comment" | "triage" | "log"): void {
  const open = findings.some((id) => of.index.shows(of.id, id, false));
  world.events.tell({ kind: "case", case: of.id, what }, !open);
}

function caseOf(world: World, params: { readonly case: string }): OpenCase {
  if (params.case === ALL) throw new Problem("bad-request", "a finding belongs to one case", "case", "name the case");
  return world.cases.get(params.case);
}

/** The finding that a question is about; undefined asks about none. */
function about(of: OpenCase, id: string | undefined, session: KnownSession): Promise<FindingRecord> | null {
  return id === undefined ? null : of.finding(id, isCleared(session));
}

function findingId(id: string): string {
  if (!FINDING.test(id)) throw notFound("this finding", id.slice(0, 100));
  return id;
}

/** Appends to the case's log; what stands in the way is said, not thrown as a fault of the server. */
function recorded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    throw new Problem(
      "conflict",
      // where the case lies on the server is nobody's business
      `it could not be recorded in the case's log: ${error instanceof Error ? error.message.replace(/^\/[^:]*: /, "") : "unknown"}`,
      typeof code === "string" ? code : "log",
      "see the evidence view; nothing was changed",
    );
  }
}

/** A bundle goes to those alone who may see all of it. */
function mayHaveBundle(session: KnownSession, of: OpenCase): void {
  const lacking = bundleRefused(of, readerOf(session));
  if (lacking === "li-cleared")
    throw new Problem(
      "li-cleared-needed",
      "the bundle of a case that was given lawful functions or a register of warrants, or has findings about interception, is for cleared readers",
      of.name,
      "ask somebody who is cleared for it (--li-cleared, or liCleared of an account)",
    );
  if (lacking === "identities")
    throw new Problem(
      "forbidden",
      'this needs the right "identities": something in this case was opened by a person, for a reason',
      of.name,
      "ask whoever keeps the server's users",
    );
}

function uploadList(world: World, caseId: string): UploadList {
  return { uploads: world.uploads.list(caseId), scans: world.scans.list(caseId), maxBytes: world.uploads.maxBytes };
}

/** What a stranger wrote is read in a thread that can be ended, and each has so many of them. */
function strangers(world: World, session: KnownSession): Strangers {
  const bounds = { milliseconds: limits.declarationMs, heapMiB: limits.declarationHeapMiB };
  const own = accountKey(session);
  return {
    declaration: (text, cleared) =>
      world.queue.run(own, "declaration", () => bounded<DeclarationReading>({ kind: "declaration", text, cleared }, bounds)),
    whole: (text, kept, mayDeclare) =>
      world.queue.run(own, "declaration", () => bounded<string>({ kind: "whole", text, kept, mayDeclare }, bounds)),
  };
}

async function program(
  world: World,
  session: KnownSession,
  kind: "draft" | "report",
  args: readonly string[],
  maxOutput: number,
): Promise<{ code: number | null; stdout: Buffer; said: string }> {
  if (world.program === null)
    throw new Problem("not-there-yet", "this server cannot start other programs", "server", "use the command line");
  const started = world.program;
  return world.queue.run(accountKey(session), kind, async () => {
    const { child, ended } = run(started, args, { heapMiB: limits.scanHeapMiB, silenceMs: limits.scanSilenceMs, maxOutput });
    const timer = setTimeout(() => stop(child), limits.programMs);
    return ended.finally(() => clearTimeout(timer));
  });
}

/** `filename*` holds any name; the plain one only what every reader takes. */
function attachment(reply: FastifyReply, name: string, type: string, content: Buffer | Readable): Sent {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]/g, "_");
  reply.header("content-type", type);
  reply.header(
    "content-disposition",
    `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", "%27")}`,
  );
  reply.header("cache-control", "no-store");
  void reply.send(content);
  return SENT;
}
