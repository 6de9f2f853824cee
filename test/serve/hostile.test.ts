/** What a stranger, or a user who means harm, may cost the server: it goes on answering others, and says why it refuses. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAccounts } from "#serve/access/accounts.ts";
import type { DeclarationCheck } from "#serve/api/types.ts";
import { Queue } from "#serve/jobs/queue.ts";
import { makeServer } from "#serve/server.ts";
import { Page, scanCases, settingsFor, type TestCases } from "./cases.ts";

let cases: TestCases;
let page: Page;

beforeAll(async () => {
  cases = scanCases(["ungranted-access"]);
  page = await Page.on(settingsFor(cases));
}, 60_000);

afterAll(async () => {
  await page.close();
  cases.remove();
});

const check = (text: string): Promise<{ readonly status: number; readonly body: unknown }> =>
  page.ask("POST", "/cases/ungranted-access/declaration/check", { text });

/** The longest that the server's own thread stood still while something was worked on. */
async function stoodStill(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 10);
  await work;
  clearInterval(timer);
  return longest;
}

describe("a declaration that costs much", () => {
  const many = Array.from(
    { length: 25_000 },
    (_, i) => `  - { name: f${i}, roles: [MME], addresses: [10.${i >> 16}.${(i >> 8) & 255}.${i & 255}] }`,
  );
  for (const [what, text] of [
    ["400,000 brackets", "functions: ".padEnd(400_000, "[")],
    ["25,000 functions", `network: { name: x }\nfunctions:\n${many.join("\n")}\n`],
  ] as const)
    test(`${what}: others are answered meanwhile`, { timeout: 120_000 }, async () => {
      let answer: Awaited<ReturnType<typeof check>> | undefined;
      const begun = performance.now();
      const still = await stoodStill(check(text).then((a) => (answer = a)));
      const all = performance.now() - begun;
      console.log(`${what}: ${Math.round(all)} ms in a thread of its own; the server stood for ${Math.round(still)} ms`);
      expect([200, 422]).toContain(answer?.status);
      // no time is asserted: on the server's own thread the two would be the same
      if (all > 2000) expect(still).toBeLessThan(all / 2);
      expect((await page.ask("GET", "/cases")).status).toBe(200);
    });

  test("an ordinary one is checked as before", async () => {
    const { status, body } = await check("network: { name: x }\nfunctions: [{ name: a, roles: [MME], addresses: [10.0.0.1] }]\n");
    expect(status).toBe(200);
    expect((body as DeclarationCheck).functions.map((f) => f.name)).toEqual(["a"]);
  });
});

describe("a queue", () => {
  test("says where one stands, and takes so many of one account", async () => {
    const queue = new Queue({ running: 1, waiting: 2, perAccount: 2 });
    let end: () => void = () => undefined;
    const first = queue.run("a", "report", () => new Promise<void>((resolve) => (end = resolve)));
    const second = queue.run("a", "verify", () => Promise.resolve());
    const other = queue.run("b", "report", () => Promise.resolve());
    await Promise.resolve();
    expect(queue.places("a")).toEqual([
      { kind: "report", place: 0 },
      { kind: "verify", place: 1 },
    ]);
    expect(queue.places("b")).toEqual([{ kind: "report", place: 2 }]);
    await expect(queue.run("a", "report", () => Promise.resolve())).rejects.toMatchObject({ code: "too-many" });
    await expect(queue.run("c", "report", () => Promise.resolve())).rejects.toMatchObject({ code: "too-many" });
    end();
    await Promise.all([first, second, other]);
    expect(queue.places("a")).toEqual([]);
  });

  test("goes on after work that failed", async () => {
    const queue = new Queue({ running: 1, waiting: 2, perAccount: 2 });
    await expect(queue.run("a", "report", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await queue.run("a", "report", () => Promise.resolve(1))).toBe(1);
  });

  test("is told to its owner through the API", async () => {
    expect(await page.get("/queue")).toEqual({ work: [] });
  });
});

describe("who may come in", () => {
  const TOKEN = "a-token-that-nobody-guesses";
  const login = (token: string): object => ({
    method: "POST",
    url: "/api/v1/login",
    headers: { host: "127.0.0.1", "content-type": "application/json" },
    payload: JSON.stringify({ token, author: "Ann" }),
  });

  test("wrong tokens are limited before they are compared: the right one is refused, too", async () => {
    const server = await makeServer(settingsFor(cases, { token: TOKEN }));
    const { app } = server;
    const codes: number[] = [];
    for (let i = 0; i < 10; i++) codes.push((await app.inject(login("wrong"))).statusCode);
    codes.push((await app.inject(login(TOKEN))).statusCode);
    expect(codes).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
    await server.close();
  });

  test("a name besides the host's own opens no case to whoever sends it", async () => {
    await expect(makeServer(settingsFor(cases, { allowHosts: ["tapproof.example"] }))).rejects.toThrow("needs a token");
    await expect(makeServer(settingsFor(cases, { trustProxy: ["127.0.0.1"] }))).rejects.toThrow("needs a token");
  });

  test("behind TLS the cookie is Secure; who is no trusted proxy cannot say so", async () => {
    for (const [trustProxy, secure] of [
      [["127.0.0.1"], true],
      [[], false],
    ] as const) {
      const server = await makeServer(settingsFor(cases, { token: TOKEN, trustProxy }));
      const { app } = server;
      const request = login(TOKEN) as { headers: Record<string, string> };
      const answer = await app.inject({
        ...request,
        headers: { ...request.headers, "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.7" },
      });
      expect([answer.statusCode, String(answer.headers["set-cookie"]).includes("; Secure")]).toEqual([200, secure]);
      expect(answer.headers["strict-transport-security"] !== undefined).toBe(secure);
      await server.close();
    }
  });

  test("behind a trusted proxy each client has its own share of wrong tokens", async () => {
    const server = await makeServer(settingsFor(cases, { token: TOKEN, trustProxy: ["127.0.0.1"] }));
    const { app } = server;
    const from = async (client: string, token: string): Promise<number> => {
      const request = login(token) as { headers: Record<string, string> };
      return (await app.inject({ ...request, headers: { ...request.headers, "x-forwarded-for": client } })).statusCode;
    };
    for (let i = 0; i < 10; i++) await from("192.0.2.1", "wrong");
    expect([await from("192.0.2.1", TOKEN), await from("192.0.2.2", TOKEN)]).toEqual([429, 200]);
    await server.close();
  });

  test("an account that logs in again and again ends its own sessions, not others'", async () => {
    const sha = (token: string): string => createHash("sha256").update(token).digest("hex");
    const users = ["Ann", "Eve"].map((name) => `  - { name: ${name}, role: reader, tokenSha256: ${sha(`token of ${name}`)} }`);
    const server = await makeServer(settingsFor(cases, { accounts: parseAccounts(`users:\n${users.join("\n")}\n`, "users.yaml") }));
    const { app } = server;
    const ann = String((await app.inject(login("token of Ann"))).headers["set-cookie"]).split(";")[0] ?? "";
    const eves: string[] = [];
    for (let i = 0; i < 51; i++) eves.push(String((await app.inject(login("token of Eve"))).headers["set-cookie"]).split(";")[0] ?? "");
    const seen = async (cookie: string): Promise<number> =>
      (await app.inject({ url: "/api/v1/cases", headers: { host: "127.0.0.1", cookie } })).statusCode;
    expect([await seen(ann), await seen(eves[0] ?? ""), await seen(eves[50] ?? "")]).toEqual([200, 401, 200]);
    await server.close();
  });
});
