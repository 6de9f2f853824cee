/** Cases for tests of the server and the page: real ones, written by `tapproof scan` itself, and a server on them. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSigner } from "#evidence/keys/key-store.ts";
import { makeServer, type RunningServer, type ServerSettings } from "#serve/server.ts";

export const ROOT = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const EXAMPLE = join(ROOT, "examples/lte-lab-b1-vxlan-mirred");
const CLAIMS = join(ROOT, "test/captures/claims-examples");
export const PROGRAM = [process.execPath, join(ROOT, "bin/tapproof.cjs")] as const;
process.env["TAPPROOF_FROM_SOURCE"] ??= "1";

export interface TestCases {
  /** A folder of cases. */
  readonly root: string;
  /** A home for keys, never the user's own. */
  readonly home: string;
  remove(): void;
}

/** `copy`: the example (a proven covert copy); `interception`: product without a warrant; others by the name of their claim. */
export function scanCases(names: readonly string[]): TestCases {
  const root = mkdtempSync(join(tmpdir(), "tapproof-cases-"));
  const home = mkdtempSync(join(tmpdir(), "tapproof-home-"));
  process.env["TAPPROOF_HOME"] = home;
  for (const name of names) scanCase(name, join(root, name), home);
  return {
    root,
    home,
    remove: () => {
      rmSync(root, { recursive: true, force: true });
      rmSync(home, { recursive: true, force: true });
    },
  };
}

export function capturesOf(name: string): { readonly captures: string[]; readonly network: string; readonly warrants: string | null } {
  const folder = name === "copy" ? EXAMPLE : join(CLAIMS, name === "interception" ? "unwarranted-interception" : name);
  const files = readdirSync(folder);
  return {
    captures: files.filter((f) => /\.pcap(\.gz)?$/.test(f)).map((f) => join(folder, f)),
    network: join(folder, "network.yaml"),
    warrants: files.includes("warrants.yaml") ? join(folder, "warrants.yaml") : null,
  };
}

function scanCase(name: string, out: string, home: string): void {
  const { captures, network, warrants } = capturesOf(name);
  const [node, entry] = PROGRAM;
  const args = [entry, "scan", ...captures, "--network", network, ...(warrants === null ? [] : ["--warrants", warrants]), "--case", out];
  const { status, stderr } = spawnSync(node, args, { encoding: "utf8", env: { ...process.env, TAPPROOF_HOME: home } });
  if (status !== 0) throw new Error(`scan of ${name} ended with ${status}: ${stderr}`);
}

export function settingsFor(cases: TestCases, change: Partial<ServerSettings> = {}): ServerSettings {
  return {
    paths: [cases.root],
    home: join(cases.home, "cases"),
    host: "127.0.0.1",
    port: 0,
    allowHosts: [],
    trustProxy: [],
    cleared: false,
    token: null,
    accounts: null,
    tacs: null,
    warrants: null,
    alert: null,
    program: PROGRAM,
    signer: () => loadSigner(undefined, { TAPPROOF_HOME: cases.home }),
    signingKey: null,
    web: join(ROOT, "dist/web"),
    log: (line) => console.error(line),
    ownUserOnly: true,
    ...change,
  };
}

/** Speaks to a server as its page does: with cookie and token. */
export class Page {
  readonly server: RunningServer;
  private cookie = "";
  private csrf = "";

  private constructor(server: RunningServer) {
    this.server = server;
  }

  static async open(server: RunningServer): Promise<Page> {
    const page = new Page(server);
    const answer = await server.app.inject({ url: "/api/v1/session", headers: { host: "127.0.0.1" } });
    page.cookie = String(answer.headers["set-cookie"]).split(";")[0] ?? "";
    page.csrf = answer.json<{ csrf: string }>().csrf;
    return page;
  }

  static async on(settings: ServerSettings): Promise<Page> {
    return Page.open(await makeServer(settings));
  }

  get headers(): Record<string, string> {
    return { host: "127.0.0.1", cookie: this.cookie, "x-tapproof-csrf": this.csrf };
  }

  async ask(
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown; readonly headers: Record<string, unknown> }> {
    const octets = body instanceof Uint8Array;
    const answer = await this.server.app.inject({
      method,
      url: `/api/v1${path}`,
      headers: {
        ...this.headers,
        ...(body === undefined ? {} : { "content-type": octets ? "application/octet-stream" : "application/json" }),
      },
      ...(body === undefined ? {} : { payload: octets ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const json = String(answer.headers["content-type"] ?? "").startsWith("application/json");
    return { status: answer.statusCode, body: json ? answer.json() : answer.rawPayload, headers: answer.headers };
  }

  async get<T>(path: string): Promise<T> {
    const { status, body } = await this.ask("GET", path);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  }

  async close(): Promise<void> {
    await this.server.close();
  }
}
