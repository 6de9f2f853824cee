/** `tapproof serve [DIR…]`: the web application on 127.0.0.1 (`contract.md` §2). The first line on stdout is its address. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadSigner } from "#evidence/keys/key-store.ts";
import { GRADES } from "#model/finding.ts";
import { loadWarrants } from "#register/load.ts";
import { AccountsError, loadAccounts, type Account } from "#serve/access/accounts.ts";
import { isLoopback } from "#serve/access/hosts.ts";
import { TacList } from "#serve/cases/tac-list.ts";
import type { Program } from "#serve/jobs/program.ts";
import { makeServer, type RunningServer } from "#serve/server.ts";
import type { CommandIo } from "./commands.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { WatchAlerts, type AlertTargets } from "./watch-alerts.ts";

export interface ServeArgs extends AlertTargets {
  readonly directories: readonly string[];
  readonly port: number;
  readonly host: string;
  readonly open: boolean;
  readonly allowHosts: readonly string[];
  /** Addresses or prefixes. */
  readonly trustProxy: readonly string[];
  readonly liCleared: boolean;
  /** File of accounts. */
  readonly users?: string;
  readonly warrants?: string;
  readonly tacList?: string;
  readonly tokenFile?: string;
  readonly signingKey?: string;
  /** Octets. */
  readonly maxUpload?: number;
  readonly anyUser: boolean;
  readonly alertGrade?: string;
}

export async function serveCommand(args: ServeArgs, io: CommandIo): Promise<number> {
  const loopback = isLoopback(args.host);
  const accounts = accountsOf(args);
  if (args.warrants !== undefined && !args.liCleared && accounts?.some((a) => a.rights.has("li-cleared")) !== true)
    throw new UsageError("serve: --warrants shows who is intercepted when; it needs --li-cleared, or a user with liCleared: true");
  // another name than the host's own means that a proxy speaks for others, who come from this machine
  const reachable = !loopback || args.allowHosts.length > 0 || args.trustProxy.length > 0;
  const token = accounts === null ? tokenOf(args, !reachable, io) : null;
  const alerts = new WatchAlerts(args, GRADES.find((g) => g === args.alertGrade) ?? "corroborated", io.stderr, "serve");
  let server: RunningServer;
  try {
    server = await makeServer({
      paths: args.directories,
      home: caseHome(io.env),
      host: args.host,
      port: args.port,
      allowHosts: args.allowHosts,
      trustProxy: args.trustProxy,
      cleared: args.liCleared,
      token,
      accounts,
      tacs: args.tacList === undefined ? null : TacList.load(args.tacList),
      warrants: args.warrants === undefined ? null : { path: args.warrants, list: loadWarrants(args.warrants) },
      ...(args.maxUpload === undefined ? {} : { maxUpload: args.maxUpload }),
      alert: (finding) => alerts.finding(finding),
      program: programOf(),
      signer: () => loadSigner(args.signingKey, io.env),
      signingKey: args.signingKey ?? null,
      web: webFolder(),
      log: (line) => io.stderr.write(`tapproof: ${visible(line)}\n`),
      ownUserOnly: !args.anyUser && token === null && accounts === null,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EACCES")
      throw new UsageError(`serve: ${(error as Error).message}; choose what you may read`);
    throw error;
  }
  let address: string;
  try {
    address = await server.listen();
  } catch (error) {
    await server.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") throw new UsageError(`serve: port ${args.port} of ${args.host} is taken; choose another with --port`);
    if (code === "EACCES") throw new UsageError(`serve: port ${args.port} may not be used; choose one above 1023 with --port`);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
      throw new UsageError(`serve: ${args.host} is not an address of this machine; choose another with --host`);
    throw error;
  }
  io.stdout.write(`${address}\n`);
  if (token !== null && args.tokenFile === undefined) io.stderr.write(`tapproof: token: ${token}\n`);
  if (!loopback)
    io.stderr.write("tapproof: others can reach this server, and the connection is not encrypted: put a TLS proxy before it\n");
  const { all } = server.cases;
  for (const { folder } of all) if (folder.notice !== null) io.stderr.write(`tapproof: warning: ${visible(folder.notice)}\n`);
  io.stderr.write(
    all.length === 0
      ? `tapproof: no case is open; drop captures on the page, the case is made in ${visible(server.cases.root)}\n`
      : `tapproof: ${all.length === 1 ? `case ${visible(all[0]?.name ?? "")}` : `${all.length} cases`}; stop with Ctrl-C\n`,
  );
  if (args.open && token === null) openBrowser(address, io.env);
  await new Promise<void>((resolve) => {
    const end = (): void => resolve();
    process.once("SIGINT", end);
    process.once("SIGTERM", end);
    process.once("SIGHUP", end);
  });
  await server.close();
  await alerts.close();
  return EXIT.DONE;
}

function accountsOf(args: ServeArgs): readonly Account[] | null {
  if (args.users === undefined) return null;
  if (args.liCleared) throw new UsageError("serve: with --users each user is cleared by himself (liCleared: true); leave --li-cleared out");
  if (args.tokenFile !== undefined) throw new UsageError("serve: with --users each user has a token of his own; leave --token-file out");
  try {
    return loadAccounts(args.users);
  } catch (error) {
    if (error instanceof AccountsError) throw new UsageError(`${error.message}; docs/web.md says what it holds`);
    throw error;
  }
}

/** On loopback no token is needed unless one is named: only this user's own connections are answered. */
function tokenOf(args: ServeArgs, loopback: boolean, io: CommandIo): string | null {
  if (args.tokenFile !== undefined) {
    let token: string;
    try {
      token = readFileSync(args.tokenFile, "utf8").trim();
    } catch (error) {
      throw new UsageError(
        `${args.tokenFile}: cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"}); name a file that holds the token`,
      );
    }
    if (token.length < 16 || token.length > 200)
      throw new UsageError(`${args.tokenFile}: holds ${token.length} characters; a token has 16 to 200`);
    return token;
  }
  if (loopback) return null;
  const given = io.env["TAPPROOF_TOKEN"];
  if (given !== undefined && given.length >= 16) return given;
  return randomBytes(24).toString("base64url");
}

function caseHome(env: CommandIo["env"]): string {
  const data = env["XDG_DATA_HOME"];
  return join(data !== undefined && data.startsWith("/") ? data : join(env["HOME"] ?? homedir(), ".local", "share"), "tapproof", "cases");
}

/** How this very program was started; null where that is not known (a test that calls the function). */
function programOf(): Program | null {
  const entry = process.argv[1];
  return entry !== undefined && /tapproof(\.cjs)?$/.test(entry) && existsSync(entry) ? [process.execPath, entry] : null;
}

/** `dist/web`, beside the bundled command line or beside the sources. */
function webFolder(): string {
  for (const place of ["./web", "../web", "../../dist/web", "../dist/web"]) {
    const folder = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(join(folder, "index.html")) && existsSync(join(folder, "assets"))) return folder;
  }
  return fileURLToPath(new URL("../../dist/web", import.meta.url));
}

function openBrowser(address: string, env: CommandIo["env"]): void {
  const linux = process.platform === "linux";
  if (linux && (env["DISPLAY"] ?? "") === "" && (env["WAYLAND_DISPLAY"] ?? "") === "") return;
  const [program, ...args] = linux
    ? ["xdg-open", address]
    : process.platform === "darwin"
      ? ["open", address]
      : ["cmd", "/c", "start", "", address];
  const child = spawn(program as string, args, { stdio: "ignore", detached: true });
  // no browser to open: the address stands on stdout
  child.on("error", () => undefined);
  child.unref();
}
