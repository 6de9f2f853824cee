/** The web server: access, the API's routes, the page's files. Listens where it is told, answers nobody else. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import compress from "@fastify/compress";
import fastifyStatic from "@fastify/static";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { FindingRecord } from "#findings/document.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import type { Warrant } from "#register/types.ts";
import { VERSION } from "#run/version.ts";
import { accountOf, sharedRights, type Account } from "./access/accounts.ts";
import { SECURITY_HEADERS } from "./access/headers.ts";
import { HostNames, isLoopback } from "./access/hosts.ts";
import { socketUser } from "./access/peer-user.ts";
import { Rate } from "./access/rate.ts";
import { sameSecret, Sessions, type Session } from "./access/sessions.ts";
import { openApi } from "./api/openapi.ts";
import { ROUTES, type Route } from "./api/routes.ts";
import type { Right } from "./api/schemas.ts";
import { CaseList } from "./cases/case-list.ts";
import type { TacList } from "./cases/tac-list.ts";
import { EventHub } from "./events.ts";
import { HANDLERS, SENT, warm, type Call, type World } from "./handlers.ts";
import type { Program } from "./jobs/program.ts";
import { Queue } from "./jobs/queue.ts";
import { Scans } from "./jobs/scans.ts";
import { Uploads } from "./jobs/uploads.ts";
import { limits } from "./limits.ts";
import { internal, notFound, Problem } from "./problem.ts";
import { shownText } from "./shown-text.ts";
import { Dossiers } from "./view/vendors.ts";

export interface ServerSettings {
  /** Cases, or folders of cases. */
  readonly paths: readonly string[];
  /** Where new cases go if no folder of cases was named. */
  readonly home: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Names besides the host's own that a request may use. */
  readonly allowHosts: readonly string[];
  /** Addresses or prefixes of proxies whose `X-Forwarded-For` and `-Proto` are believed; empty: nobody's. */
  readonly trustProxy: readonly string[];
  /** Whoever uses this server may see interception. */
  readonly cleared: boolean;
  /** What one has to know to use it; null only on loopback, or where there are accounts. */
  readonly token: string | null;
  /** Users with rights of their own; null: everybody may the same. */
  readonly accounts: readonly Account[] | null;
  readonly tacs: TacList | null;
  readonly warrants: { readonly path: string; readonly list: readonly Warrant[] } | null;
  readonly maxUpload?: number;
  /** Told of what a scan of this server found anew, or found stronger; null: nobody. */
  readonly alert: ((finding: FindingRecord) => void) | null;
  /** How the command line is started for scans; null: this server starts none. */
  readonly program: Program | null;
  readonly signer: () => Signer;
  /** File of the key that `signer` loads, for scans; null: the installation's own. */
  readonly signingKey: string | null;
  /** The built client; where there is none a page says so. */
  readonly web: string;
  /** Errors that nobody foresaw. */
  readonly log: (line: string) => void;
  /** Refuse loopback connections of other users of the machine. */
  readonly ownUserOnly: boolean;
}

export interface RunningServer {
  readonly app: FastifyInstance;
  readonly cases: CaseList;
  listen(): Promise<string>;
  close(): Promise<void>;
}

/** Throws `CaseError` where a path is no case. */
export async function makeServer(settings: ServerSettings): Promise<RunningServer> {
  const loopback = isLoopback(settings.host);
  const reachable = !loopback || settings.allowHosts.length > 0 || settings.trustProxy.length > 0;
  // a name besides the host's own means a proxy before it: its connections come from this machine, whoever sends them
  if (reachable && settings.token === null && settings.accounts === null) throw new Error("a server that others can reach needs a token");
  const cases = await CaseList.open(settings.paths, settings.home, settings.signer);
  const events = new EventHub();
  const uploads = new Uploads(settings.maxUpload ?? limits.upload);
  const scans = new Scans(settings.program, uploads, events, {
    warrants: settings.warrants?.path ?? null,
    signingKey: settings.signingKey,
    alert: settings.alert,
    cleared: settings.cleared,
  });
  let port = settings.port;
  const sessions = new Sessions(() => port);
  const shared = sharedRights(settings.cleared);
  /** Reads on loopback need no session; what changes something was stopped before (`guard`). */
  const nobody: Session = { id: "", csrf: "", author: "nobody", rights: shared, role: null };
  const logins = new Rate(limits.failedLogins, 15 * 60_000);
  const allLogins = new Rate(limits.failedLoginsInAll, 15 * 60_000);
  const world: World = {
    cases,
    uploads,
    scans,
    events,
    dossiers: new Dossiers(),
    queue: new Queue({ running: limits.workRunning, waiting: limits.workWaiting, perAccount: limits.workOfOne }),
    loopback,
    tacs: settings.tacs,
    warrants: settings.warrants?.list ?? null,
    program: settings.program,
    login: (request, reply, token, author) => {
      // before anything is compared: whoever guesses learns nothing more, not even that he guessed right
      if (logins.spent(request.ip) || allLogins.spent("all"))
        throw new Problem("too-many", "too many wrong tokens", "token", "wait a quarter of an hour");
      const account = settings.accounts === null ? undefined : accountOf(settings.accounts, token);
      if (account === undefined && (settings.token === null || !sameSecret(token, settings.token))) {
        logins.allow(request.ip);
        allLogins.allow("all");
        throw settings.accounts === null
          ? new Problem("wrong-token", "this is not the server's token", "token", "look at the terminal that started the server")
          : new Problem("wrong-token", "nobody has this token", "token", "ask whoever keeps the server's users");
      }
      const session = account === undefined ? sessions.begin(shared, author) : sessions.begin(account.rights, account.name, account.role);
      reply.header("set-cookie", sessions.cookie(session, request.protocol === "https"));
      return session;
    },
  };

  const app = Fastify({
    logger: false,
    bodyLimit: limits.jsonBody,
    routerOptions: { maxParamLength: 400 },
    requestTimeout: 0,
    connectionTimeout: 0,
    keepAliveTimeout: 30_000,
    forceCloseConnections: true,
    return503OnClosing: true,
    trustProxy: settings.trustProxy.length === 0 ? false : [...settings.trustProxy],
    // uploads may take long, so no limit on a whole request: heads have one, JSON bodies and idle uploads have their own
    http: { headersTimeout: limits.headersMs, requestTimeout: 0, connectionsCheckingInterval: 1000 },
  });
  app.server.maxConnections = limits.connections;
  app.server.maxHeadersCount = 100;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body), safeKey));
    } catch {
      done(new Problem("bad-request", "the body is not JSON", "body", "send JSON"));
    }
  });
  // octets come as a stream; a route that expects JSON refuses them by its schema
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));

  app.setErrorHandler((error, request, reply) => refuse(toProblem(error, request, settings), reply));
  guard(app, settings, sessions, reachable);
  // on loopback compressing costs more time than it saves
  if (!loopback) await app.register(compress, { threshold: 2048, encodings: ["gzip"], globalDecompression: false });

  app.get("/api/openapi.json", () => openApi(VERSION));
  for (const [name, route] of Object.entries(ROUTES) as [keyof typeof ROUTES, Route][]) {
    app.route({
      method: route.method,
      url: `/api/v1${route.path.replaceAll(/\{(\w+)\}/g, ":$1")}`,
      handler: async (request, reply) => {
        const session = sessionFor(request, reply, route, settings, sessions, nobody);
        if (route.needs !== undefined && !session.rights.has(route.needs)) throw missing(route.needs, route.path);
        const call = {
          world,
          session,
          params: request.params,
          query: route.query === undefined ? undefined : parsed(route.query, request.query, "query"),
          body: bodyOf(request, route),
          request,
          reply,
        };
        const handler = HANDLERS[name] as unknown as (call: Call<Route>) => unknown;
        const answer = await handler(call as unknown as Call<Route>);
        if (answer === SENT) return reply;
        reply.header("cache-control", "no-store");
        reply.header("content-type", "application/json; charset=utf-8");
        const text = JSON.stringify(answer);
        return route.verbatim === true ? text : shownText(text);
      },
    });
  }
  await pages(app, settings.web);

  // the first look at a large case is not the one that waits
  for (const c of cases.all) if (c.index.size > WARM_FROM) warm(c, settings.cleared);
  let refreshing = false;
  const watcher = setInterval(() => {
    if (refreshing) return;
    refreshing = true;
    void refresh(cases, events, settings).finally(() => (refreshing = false));
  }, 2000);
  watcher.unref();
  return {
    app,
    cases,
    listen: async () => {
      // a name of several addresses would get several servers, and what guards this one would not guard the others
      const host = settings.host === "localhost" ? "127.0.0.1" : settings.host;
      const address = await app.listen({ host, port: settings.port });
      port = (app.server.address() as { port: number }).port;
      return address.replace("[::1]", "localhost");
    },
    close: async () => {
      clearInterval(watcher);
      events.close();
      scans.close();
      uploads.close();
      for (const c of cases.all) c.records.close();
      await app.close();
    },
  };
}

/** Findings from which on a case's overview is made before somebody asks. */
const WARM_FROM = 5000;

/** `__proto__` in a body is no key of ours. */
function safeKey(key: string, value: unknown): unknown {
  return key === "__proto__" ? undefined : value;
}

/** Everything that is checked before a route is looked at. */
function guard(app: FastifyInstance, settings: ServerSettings, sessions: Sessions, reachable: boolean): void {
  const hosts = new HostNames(settings.host, settings.allowHosts);
  const rate = new Rate(limits.requestsPerMinute, 60_000);
  const own = process.getuid?.();
  if (!reachable && settings.ownUserOnly && own !== undefined) {
    app.server.on("connection", (socket) => {
      const user = socketUser(socket.remoteAddress ?? "", socket.remotePort ?? 0);
      if (user !== undefined && user !== own && user !== 0) socket.destroy();
    });
  }
  app.addHook("onRequest", (request, reply, done) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) reply.header(name, value);
    if (request.protocol === "https") reply.header("strict-transport-security", "max-age=31536000");
    if (!hosts.allows(request.headers.host)) {
      done(
        new Problem(
          "wrong-host",
          "this server is not known by that name",
          "host",
          "use the address it printed, or start it with --allow-host",
        ),
      );
      return;
    }
    const { origin } = request.headers;
    const site = request.headers["sec-fetch-site"];
    if (
      (origin !== undefined && !hosts.allowsOrigin(origin)) ||
      (request.url.startsWith("/api/") && (site === "cross-site" || site === "same-site"))
    ) {
      done(new Problem("forbidden", "a page of another site asked", "origin", "open the application at its own address"));
      return;
    }
    if (reachable && !rate.allow(request.ip)) {
      done(new Problem("too-many", "too many requests", "rate", "wait a minute"));
      return;
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      const session = sessions.find(request.headers.cookie);
      const token = request.headers["x-tapproof-csrf"];
      const login = request.url.split("?")[0] === "/api/v1/login";
      if (!login && (session === undefined || typeof token !== "string" || !sameSecret(token, session.csrf))) {
        done(new Problem("csrf", "the request does not come from this server's page", "x-tapproof-csrf", "load the page again"));
        return;
      }
    }
    done();
  });
  // a body that trickles holds a connection, not the server: it is given up
  app.addHook("preParsing", (request, _reply, payload, done) => {
    const json = (request.headers["content-type"] ?? "").startsWith("application/json");
    if (json) {
      const timer = setTimeout(() => request.raw.destroy(), limits.requestMs);
      payload.on("end", () => clearTimeout(timer));
      payload.on("close", () => clearTimeout(timer));
    }
    done(null, payload);
  });
}

function sessionFor(
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  settings: ServerSettings,
  sessions: Sessions,
  nobody: Session,
): Session {
  const known = sessions.find(request.headers.cookie);
  if (known !== undefined) return known;
  if (settings.token !== null || settings.accounts !== null) {
    if (route === ROUTES.login) return nobody;
    throw new Problem(
      "login-needed",
      "nobody is logged in",
      "session",
      settings.accounts === null ? "log in with the token that the server printed" : "log in with your token",
    );
  }
  if (route !== ROUTES.getSession) return nobody;
  const session = sessions.begin(nobody.rights);
  reply.header("set-cookie", sessions.cookie(session, request.protocol === "https"));
  return session;
}

function missing(right: Right, path: string): Problem {
  return right === "li-cleared"
    ? new Problem("li-cleared-needed", "this is for the role li-cleared alone", path, "ask somebody who is cleared for interception")
    : new Problem("forbidden", `this needs the right "${right}"`, path, "ask whoever keeps the server's users");
}

function bodyOf(request: FastifyRequest, route: Route): unknown {
  if (route.octets === true) {
    const { body } = request;
    if (typeof body !== "object" || body === null || !("pipe" in body))
      throw new Problem("bad-request", "the body is not a stream of octets", "content-type", "send application/octet-stream");
    return body as Readable;
  }
  return route.body === undefined ? undefined : parsed(route.body, isStream(request.body) ? undefined : request.body, "body");
}

function isStream(value: unknown): boolean {
  return typeof value === "object" && value !== null && "pipe" in value;
}

function parsed(schema: NonNullable<Route["body"]>, value: unknown, where: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const at = issue === undefined || issue.path.length === 0 ? where : `${where}.${issue.path.map(String).join(".")}`;
  throw new Problem("bad-request", issue?.message ?? "it does not fit", at.slice(0, 200), "see /api/openapi.json");
}

function refuse(problem: Problem, reply: FastifyReply): void {
  reply.header("cache-control", "no-store");
  reply.header("content-type", "application/json; charset=utf-8");
  void reply.code(problem.status).send(JSON.stringify(problem.body()));
}

function toProblem(error: unknown, request: FastifyRequest, settings: ServerSettings): Problem {
  if (error instanceof Problem) return error;
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return new Problem("too-large", `the body is larger than ${limits.jsonBody} octets`, "body", "send less");
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new Problem("bad-request", (message ?? "it cannot be read").slice(0, 200), "request", "see /api/openapi.json");
  settings.log(
    `${request.method} ${request.url.split("?")[0]}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return internal(request.url.split("?")[0] ?? "");
}

/** The built client, and for every address of it the one page. */
async function pages(app: FastifyInstance, web: string): Promise<void> {
  const index = join(web, "index.html");
  const built = existsSync(index);
  if (built)
    await app.register(fastifyStatic, {
      root: web,
      index: false,
      wildcard: false,
      dotfiles: "deny",
      // names of assets hold a hash of their content
      setHeaders: (reply, path) => {
        reply.header("cache-control", path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  const page = built ? readFileSync(index) : Buffer.from(NOT_BUILT);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "/";
    if (path.startsWith("/api/") || request.method !== "GET" || path.includes(".")) {
      refuse(notFound("this", path.slice(0, 200)), reply);
      return;
    }
    reply.header("cache-control", "no-cache");
    void reply.code(200).type("text/html; charset=utf-8").send(page);
  });
}

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Tapproof</title><h1>Tapproof</h1>
<p>The web application was not built: run <code>npm run build</code>. The API answers at <a href="/api/openapi.json">/api/openapi.json</a>.</p></html>`;

/** Cases that another program changed are read again. */
async function refresh(cases: CaseList, events: EventHub, settings: ServerSettings): Promise<void> {
  for (const c of cases.all) {
    if (c.busy || !c.changed()) continue;
    try {
      await c.read();
      events.tell({ kind: "case", case: c.id, what: "findings" });
    } catch (error) {
      settings.log(`${c.name}: cannot be read now (${error instanceof Error ? error.message : String(error)})`);
    }
  }
}
