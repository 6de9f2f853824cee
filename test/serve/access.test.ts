/** Who may ask what, and what a hostile request or a hostile case cannot do. */
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SECURITY_HEADERS } from "#serve/access/headers.ts";
import { HostNames } from "#serve/access/hosts.ts";
import { socketUser, userIn } from "#serve/access/peer-user.ts";
import { Rate } from "#serve/access/rate.ts";
import { ROUTES, type Route } from "#serve/api/routes.ts";
import type { FindingPage, Overview, Upload } from "#serve/api/types.ts";
import { fileName } from "#serve/jobs/uploads.ts";
import { limits } from "#serve/limits.ts";
import { makeServer } from "#serve/server.ts";
import { shownValue } from "#serve/shown-text.ts";
import { Page, PROGRAM, scanCases, settingsFor, type TestCases } from "./cases.ts";

let cases: TestCases;
let page: Page;

beforeAll(async () => {
  cases = scanCases(["copy"]);
  page = await Page.on(settingsFor(cases, { maxUpload: 100_000 }));
});
afterAll(async () => {
  await page.close();
  cases.remove();
});

const inject = (url: string, headers: Record<string, string> = {}, method: "GET" | "POST" = "GET") =>
  page.server.app.inject({ url, method, headers: { host: "127.0.0.1", ...headers } });

test("every answer, of whatever kind, carries the security headers", async () => {
  for (const url of [
    "/",
    "/copy/findings",
    "/api/v1/cases",
    "/api/v1/nothing",
    "/api/openapi.json",
    "/no/such.file",
    "/api/v1/cases/nobody",
  ]) {
    const answer = await inject(url);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) expect([url, name, answer.headers[name]]).toEqual([url, name, value]);
  }
  const policy = SECURITY_HEADERS["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe");
});

test("a name that is not this server's is refused (DNS rebinding)", async () => {
  for (const host of [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:80",
    "[::2]",
    "0.0.0.0",
    "127.0.0.1@evil.example",
  ]) {
    const answer = await page.server.app.inject({ url: "/api/v1/cases", headers: { host } });
    expect([host, answer.statusCode]).toEqual([host, 421]);
    expect(answer.json()).toMatchObject({ error: { code: "wrong-host" } });
  }
  for (const host of ["127.0.0.1", "127.0.0.1:4000", "localhost:1", "LOCALHOST", "[::1]:9"])
    expect([host, (await page.server.app.inject({ url: "/api/v1/cases", headers: { host } })).statusCode]).toEqual([host, 200]);
  expect(new HostNames("127.0.0.1", []).allows(undefined)).toBe(false);
  expect(new HostNames("192.0.2.1", ["tap.example"]).allows("tap.example:8443")).toBe(true);
});

test("another site's page gets nothing, read or write", async () => {
  expect((await inject("/api/v1/cases", { origin: "https://evil.example" })).statusCode).toBe(403);
  expect((await inject("/api/v1/cases", { origin: "null" })).statusCode).toBe(403);
  expect((await inject("/api/v1/cases", { "sec-fetch-site": "cross-site" })).statusCode).toBe(403);
  expect((await inject("/api/v1/cases", { "sec-fetch-site": "same-origin" })).statusCode).toBe(200);
  const answer = await inject("/api/v1/cases");
  expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
});

test("whatever changes something needs the session and its token", async () => {
  const { items } = await page.get<FindingPage>("/cases/copy/findings");
  for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
    if (route.method === "GET" || name === "login") continue;
    const url = `/api/v1${route.path
      .replaceAll("{case}", "copy")
      .replaceAll(/\{finding\}/g, items[0]?.id ?? "")
      .replaceAll(/\{\w+\}/g, "x")}`;
    for (const headers of [
      { host: "127.0.0.1" },
      { ...page.headers, "x-tapproof-csrf": "wrong" },
      { ...page.headers, cookie: "" },
      { host: "127.0.0.1", cookie: page.headers["cookie"] ?? "" },
    ]) {
      const answer = await page.server.app.inject({
        method: route.method as "POST",
        url,
        headers: { ...headers, "content-type": "application/json" },
        payload: "{}",
      });
      expect([name, answer.statusCode]).toEqual([name, 403]);
      expect(answer.json()).toMatchObject({ error: { code: "csrf" } });
    }
  }
});

test("the cookie is out of scripts' and other sites' reach", async () => {
  const cookie = String((await inject("/api/v1/session")).headers["set-cookie"]);
  expect(cookie).toContain("HttpOnly");
  expect(cookie).toContain("SameSite=Strict");
  expect(cookie).toContain("Path=/");
});

test("no path leads out of the case or the page's folder", async () => {
  for (const path of [
    "/../../../../etc/passwd",
    "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2f..%2fetc%2fpasswd",
    "/assets/..%5c..%5cpackage.json",
    "/assets/../../cli.js",
    "/.env",
    "/%00",
  ]) {
    const answer = await inject(path);
    expect(answer.body).not.toContain("root:");
    expect(answer.body).not.toContain('"dependencies"');
    expect([path, answer.statusCode === 200 ? answer.headers["content-type"] : "refused"]).toEqual([
      path,
      answer.statusCode === 200 ? "text/html; charset=utf-8" : "refused",
    ]);
  }
  for (const id of ["..", "%2e%2e", "..%2fcopy", "copy%2f..", "__proto__", "constructor", "x".repeat(5000)]) {
    const { statusCode } = await inject(`/api/v1/cases/${id}/overview`);
    expect([id.slice(0, 20), statusCode >= 400 && statusCode < 500]).toEqual([id.slice(0, 20), true]);
  }
  for (const record of ["..%2f..%2fkeys", "keys.json", "a".repeat(64)])
    expect((await inject(`/api/v1/cases/copy/evidence/records/${record}`)).statusCode).toBe(404);
  expect(fileName("../../etc/passwd")).toBe("passwd");
  expect(fileName("..\\..\\boot.ini")).toBe("boot.ini");
  expect(fileName("--case")).toBe("case");
  expect(fileName("-")).toBe("capture");
  expect(fileName("a\u0000b\u202e\n.pcap")).toBe("ab.pcap");
});

test("what is too large is refused before it is kept", async () => {
  const big = await page.ask("POST", "/cases/copy/findings/" + "a".repeat(64) + "/comments", { text: "x".repeat(limits.jsonBody + 10) });
  expect(big.status).toBe(413);
  expect(big.body).toMatchObject({ error: { code: "too-large" } });
  const upload = await page.ask("POST", "/cases/copy/uploads?file=a.pcap", new Uint8Array(100_001));
  expect(upload.status).toBe(413);
  const fits = await page.ask("POST", "/cases/copy/uploads?file=a.pcap", new Uint8Array(100_000));
  expect(fits.status).toBe(200);
  expect((await page.ask("DELETE", `/cases/copy/uploads/${(fits.body as Upload).id}`)).status).toBe(200);
  expect((await page.ask("POST", "/cases/copy/uploads?file=a.pcap", new Uint8Array(0))).status).toBe(400);
});

test("strange bodies and queries are bad requests that say where", async () => {
  const odd = async (payload: string, type = "application/json"): Promise<number> =>
    (await page.server.app.inject({ method: "POST", url: "/api/v1/cases", headers: { ...page.headers, "content-type": type }, payload }))
      .statusCode;
  expect(await odd("{")).toBe(400);
  expect(await odd("[]")).toBe(400);
  expect(await odd("null")).toBe(400);
  expect(await odd('{"name":"x","__proto__":{"admin":true},"extra":1}')).toBe(400);
  expect(await odd("name=x", "application/x-www-form-urlencoded")).toBe(400);
  expect(await odd("name=x", "text/plain")).toBe(400);
  for (const query of [
    "limit=0",
    "limit=501",
    "limit=x",
    "grade=certain",
    "claim=a,b",
    "sort=id;drop",
    "from=yesterday",
    "cursor=%00",
    `q=${"x".repeat(201)}`,
  ]) {
    const answer = await inject(`/api/v1/cases/copy/findings?${query}`);
    expect([query, answer.statusCode]).toEqual([query, 400]);
  }
});

test("a head or body that trickles is given up, and others are served meanwhile", { timeout: 60_000 }, async () => {
  const server = await makeServer(settingsFor(cases));
  (server.app.server as { headersTimeout: number }).headersTimeout = 500;
  const { port } = new URL(await server.listen());
  const slow = connect(Number(port), "127.0.0.1");
  const closed = new Promise<void>((resolve) => slow.on("close", () => resolve()));
  slow.on("error", () => undefined);
  slow.resume();
  slow.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ");
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/cases`);
  expect(answer.status).toBe(200);
  await closed;
  await server.close();
});

test("an upload that stops sending leaves nothing behind", { timeout: 60_000 }, async () => {
  const server = await makeServer(settingsFor(cases));
  const address = await server.listen();
  const session = await fetch(`${address}/api/v1/session`);
  const cookie = session.headers.get("set-cookie")?.split(";")[0] ?? "";
  const { csrf } = (await session.json()) as { csrf: string };
  const sending = httpRequest(`${address}/api/v1/cases/copy/uploads?file=a.pcap`, {
    method: "POST",
    headers: { cookie, "x-tapproof-csrf": csrf, "content-type": "application/octet-stream" },
  });
  sending.on("error", () => undefined);
  sending.write(Buffer.alloc(1000));
  await new Promise((resolve) => setTimeout(resolve, 200));
  sending.destroy();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const list = (await (await fetch(`${address}/api/v1/cases/copy/uploads`)).json()) as { uploads: unknown[] };
  expect(list.uploads).toEqual([]);
  await server.close();
});

test("on anything but loopback nothing is answered without the token, and guesses run out", async () => {
  await expect(makeServer(settingsFor(cases, { host: "192.0.2.1" }))).rejects.toThrow(/token/);
  const token = "correct horse battery staple";
  const server = await makeServer(settingsFor(cases, { host: "192.0.2.1", token }));
  const ask = (method: "GET" | "POST", url: string, payload?: unknown, headers = {}) =>
    server.app.inject({
      method,
      url: `/api/v1${url}`,
      headers: { host: "192.0.2.1:8443", "content-type": "application/json", ...headers },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
    });
  for (const [, route] of Object.entries(ROUTES) as [string, Route][]) {
    if (route.method !== "GET") continue;
    expect([route.path, (await ask("GET", route.path.replaceAll(/\{\w+\}/g, "x"))).statusCode]).toEqual([route.path, 401]);
  }
  const right = await ask("POST", "/login", { token, author: "Ada" });
  expect(right.statusCode).toBe(200);
  const cookie = String(right.headers["set-cookie"]).split(";")[0] ?? "";
  expect((await ask("GET", "/cases", undefined, { cookie })).statusCode).toBe(200);
  expect(right.json()).toMatchObject({ author: "Ada", loopback: false });
  const codes: number[] = [];
  for (let i = 0; i < limits.failedLogins + 5; i++)
    codes.push((await ask("POST", "/login", { token: `guess number ${i}`, author: "x" })).statusCode);
  expect(codes[0]).toBe(401);
  expect(codes.at(-1)).toBe(429);
  await server.close();
});

test("requests from elsewhere are counted, keys bounded", () => {
  const rate = new Rate(3, 1000);
  expect([1, 2, 3, 4].map(() => rate.allow("a", 10))).toEqual([true, true, true, false]);
  expect(rate.allow("b", 10)).toBe(true);
  expect(rate.allow("a", 1100)).toBe(false);
  expect(rate.allow("a", 2500)).toBe(true);
});

test("another user of the machine is told apart on loopback (Linux)", async () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1 0 100 0 0 10 0",
    "   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 2 1 0 20 4 30 10 -1",
  ].join("\n");
  expect(userIn(table, "127.0.0.1", "C350")).toBe(1001);
  expect(userIn(table, "127.0.0.1", "1F90")).toBe(1000);
  expect(userIn(table, "127.0.0.2", "C350")).toBeUndefined();
  if (process.platform !== "linux") {
    console.warn("NOT TESTED: owners of sockets are read on Linux alone");
    return;
  }
  const server = await makeServer(settingsFor(cases));
  const { port } = new URL(await server.listen());
  const socket = connect(Number(port), "127.0.0.1");
  await new Promise<void>((resolve) => socket.on("connect", () => resolve()));
  expect(socketUser(socket.localAddress ?? "", socket.localPort ?? 0)).toBe(process.getuid?.());
  socket.destroy();
  await server.close();
});

test("a hostile case: names that are markup, SQL or paths are data everywhere", async () => {
  const folder = join(cases.root, "hostile");
  mkdirSync(folder, { mode: 0o700 });
  for (const file of ["case.json", "findings.json", "declaration.json", "case.duckdb"])
    writeFileSync(join(folder, file), readFileSync(join(cases.root, "copy", file)));
  const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'; DROP TABLE findings; -- ../../../etc/passwd \u202e\u0007 __proto__`;
  const document = JSON.parse(readFileSync(join(folder, "findings.json"), "utf8")) as Record<string, never>;
  const inject = (value: unknown, key = ""): unknown =>
    typeof value === "string"
      ? /^(id|claim|grade|status|first|last|from|to|sha256|capture|schema|act|basis|standing|kind|data)$/.test(key)
        ? value
        : evil
      : Array.isArray(value)
        ? value.map((v) => inject(v, key))
        : typeof value === "object" && value !== null
          ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, inject(v, k)]))
          : value;
  writeFileSync(join(folder, "findings.json"), JSON.stringify(inject(document)));
  const server = await makeServer(settingsFor(cases));
  const hostile = await Page.open(server);
  const { items } = await hostile.get<FindingPage>("/cases/hostile/findings");
  expect(items[0]?.summary).toBe(shownValue(evil));
  const id = items[0]?.id ?? "";
  for (const [, route] of Object.entries(ROUTES) as [string, Route][]) {
    if (route.method !== "GET" || route.response === undefined || route.needs === "li-cleared" || route.open === true) continue;
    const path = route.path.replaceAll("{case}", "hostile").replaceAll("{finding}", id).replaceAll("{vendor}", encodeURIComponent("acme"));
    if (path.includes("{")) continue;
    const { status, body, headers } = await hostile.ask("GET", path);
    expect([path, status === 200 || status === 404]).toEqual([path, true]);
    expect(String(headers["content-type"])).toContain("application/json");
    if (status === 200) expect([path, route.response.safeParse(body).success]).toEqual([path, true]);
  }
  expect((await hostile.get<FindingPage>(`/cases/hostile/findings?element=${encodeURIComponent(evil)}`)).total).toBe(items.length);
  expect((await hostile.get<FindingPage>(`/cases/hostile/findings?element=${encodeURIComponent(shownValue(evil))}`)).total).toBe(
    items.length,
  );
  expect((await hostile.get<FindingPage>(`/cases/hostile/findings?q=${encodeURIComponent("' OR 1=1 --")}`)).total).toBe(0);
  expect((await hostile.get<Overview>("/cases/hostile/overview")).network.nodes.some((n) => n.id === shownValue(evil))).toBe(true);
  const download = await hostile.ask("GET", `/cases/hostile/findings/${id}/carved.pcapng`);
  expect(JSON.stringify(download.headers["content-disposition"] ?? "")).not.toMatch(/\\[rn]|</);
  await hostile.close();
});

test("the command prints its address as the first line, and nothing else, and ends when told", { timeout: 60_000 }, async () => {
  const [node, entry] = PROGRAM;
  const child = spawn(node, [entry, "serve", join(cases.root, "copy"), "--no-open"], {
    env: { ...process.env, TAPPROOF_HOME: cases.home },
  });
  let out = "";
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes("\n")) resolve(out.split("\n")[0] ?? "");
    });
    child.on("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
  expect(line).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const answer = await fetch(`${line}/api/v1/cases`);
  expect(await answer.json()).toMatchObject({ cases: [{ id: "copy" }] });
  child.removeAllListeners("exit");
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(out.trim().split("\n")).toEqual([line]);
});

test("usage errors: no case, taken port, warrants without the role", { timeout: 60_000 }, async () => {
  const [node, entry] = PROGRAM;
  const run = (...args: string[]) =>
    new Promise<{ code: number | null; err: string; out: string }>((resolve) => {
      const child = spawn(node, [entry, "serve", ...args, "--no-open"], { env: { ...process.env, TAPPROOF_HOME: cases.home } });
      let err = "";
      let stdout = "";
      child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
      child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
      child.on("exit", (code) => resolve({ code, err, out: stdout }));
    });
  for (const args of [["/no/such/folder"], [join(cases.root, "copy", "log")], [join(cases.root, "copy"), "--warrants", "w.yaml"]]) {
    const { code, err, out } = await run(...args);
    expect([args[0], code, out]).toEqual([args[0], 2, ""]);
    expect(err.trim().split("\n")).toHaveLength(1);
  }
});
