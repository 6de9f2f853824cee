/**
 * Every view of the page on cases that `scan` wrote, in Debian's Chromium: content, keyboard, French, dark, narrow, accessibility, hostile
 * names, and that nothing leaves the machine. Pictures go to `artifacts/web/`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeServer, type RunningServer } from "#serve/server.ts";
import type { FindingPage, Overview } from "#serve/api/types.ts";
import { CaseFolder } from "#store/case-folder.ts";
import { CaseWriter } from "#store/database.ts";
import { capturesOf, scanCases, settingsFor, type TestCases } from "../serve/cases.ts";
import { buildPage, findChromium, launch, Watched } from "./browser.ts";

const chromium = findChromium();
if (chromium === undefined) console.warn("NOT TESTED: the web application, because no Chromium is on PATH (Debian: apt install chromium)");

const VIEWS = [
  "overview",
  "findings",
  "explorer",
  "exposure",
  "register",
  "vendors",
  "evidence",
  "handsets",
  "declaration",
  "upload",
] as const;
const FRENCH: Readonly<Record<(typeof VIEWS)[number], string>> = {
  overview: "Vue d'ensemble",
  findings: "Constats",
  explorer: "Explorateur",
  exposure: "Exposition",
  register: "Registre",
  vendors: "Fournisseurs",
  evidence: "Preuves",
  handsets: "Terminaux",
  declaration: "Déclaration",
  upload: "Captures",
};

/** A further run's services, as a database holds them that somebody else has written. */
async function plantServices(database: string): Promise<void> {
  const writer = await CaseWriter.open(database);
  writer.row("captures", [0, "planted.pcap", "", 0, 0, null, null, 0, 0]);
  const rows = [
    ["35000001", "shop.example", "tls", 12, 40],
    ["35000001", "shop.example", "dns", 14, 33],
    ["35000001", "<img src=x onerror=\"document.title='pwned'\">", "tls", 3, 3],
    ["35000001", "com.\u202eelpmaxe", "quic", 3, 3],
    [null, "shop.example", "dns", 1, 2],
    [null, null, "dns", 1, 900],
  ] as const;
  for (const row of rows) writer.row("services", [...row, 1e15, 1e15]);
  await writer.close();
}

describe.skipIf(chromium === undefined)("the page", { timeout: 120_000 }, () => {
  let cases: TestCases;
  let page: { readonly folder: string; remove(): void };
  let browser: Browser;
  let viewer: RunningServer;
  let cleared: RunningServer;
  let base: string;
  let clearedBase: string;
  let copyId = "";

  beforeAll(async () => {
    cases = scanCases(["copy", "interception", "ungranted-access", "unreasoned-query", "undeclared-trace", "weakened-protection"]);
    await plantServices(CaseFolder.open(join(cases.root, "interception")).file("database"));
    page = await buildPage();
    viewer = await makeServer(settingsFor(cases, { web: page.folder }));
    cleared = await makeServer(settingsFor(cases, { web: page.folder, cleared: true }));
    base = await viewer.listen();
    clearedBase = await cleared.listen();
    browser = await launch(chromium as string);
    const list = (await (await fetch(`${base}/api/v1/cases/copy/findings`)).json()) as FindingPage;
    copyId = list.items.find((f) => f.claim === "covert-copy")?.id ?? "";
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await viewer?.close();
    await cleared?.close();
    page?.remove();
    cases?.remove();
  });

  const paths = (): string[] => [
    ...VIEWS.map((v) => `/copy/${v}`),
    `/copy/findings/${copyId}`,
    "/copy/vendors/acme",
    "/",
    "/all/overview",
    "/all/findings",
    "/all/evidence",
    "/all/register",
    "/all/upload",
    "/all/exposure",
    "/all/vendors",
  ];
  const named = (path: string): string =>
    path === "/"
      ? "cases"
      : path
          .slice(1)
          .replaceAll("/", "-")
          .replace(/-[0-9a-f]{64}/, "-one");

  async function look(name: string, on: string, how: Parameters<typeof Watched.open>[2], paths: readonly string[]): Promise<void> {
    const w = await Watched.open(browser, on, how);
    const wrong: string[] = [];
    for (const path of paths) {
      await w.go(path);
      // the map of the world comes when it is looked at
      if (path.endsWith("/exposure")) await w.page.locator("main svg path").nth(20).waitFor();
      await w.picture(`${name}-${named(path)}`);
      for (const violation of await w.accessibility()) wrong.push(`${path}: ${violation}`);
      if (await w.sticksOut()) wrong.push(`${path}: sticks out at the side`);
      for (const trouble of w.trouble.splice(0)) wrong.push(`${path}: ${trouble}`);
    }
    await w.close();
    expect(wrong).toEqual([]);
  }

  test("every view, light, English", () => look("light-en", base, {}, paths()));
  test("every view, dark, French", () => look("dark-fr", base, { dark: true, french: true }, paths()));
  test("every view, narrow", () => look("narrow-en", base, { width: 390, height: 844 }, paths()));
  test("every view, narrow, dark, French", () =>
    look("narrow-dark-fr", base, { width: 390, height: 844, dark: true, french: true }, paths()));
  test("the register and interception, for who is cleared", () =>
    look("cleared", clearedBase, {}, [
      "/copy/register",
      "/interception/overview",
      "/interception/findings",
      "/interception/register",
      "/interception/handsets",
    ]));

  test("content: what happened, how sure, to whom, what else, how to check", async () => {
    const w = await Watched.open(browser, base);
    await w.go("/copy/overview");
    const overview = (await (await fetch(`${base}/api/v1/cases/copy/overview`)).json()) as Overview;
    const main = w.page.locator("main");
    await expectText(main, [/203\.0\.113\.77/, /S1-MME/, /epc/, /No S6a was seen/]);
    expect(await w.page.locator("svg .net-node").count()).toBeGreaterThanOrEqual(4);
    expect(overview.captures.length).toBeGreaterThan(0);
    await w.go(`/copy/findings/${copyId}`);
    await expectText(main, [
      /were copied by epc to 203\.0\.113\.77/,
      /proven/,
      /load balancer/,
      /RFC 5475/,
      /Session|session-unique/,
      /2⁻|2-128|−128|128/,
    ]);
    await w.go("/copy/exposure");
    await expectText(main, [/203\.0\.113\.77/, /s:[A-Za-z0-9_-]{8}/]);
    await w.go("/copy/vendors/acme");
    await expectText(main, [/Acme Networks/, /No copy of subscriber traffic leaves/]);
    await w.go("/copy/evidence");
    await expectText(main, [/tapproof\//]);
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("French throughout: every heading, and no English left in navigation", async () => {
    const w = await Watched.open(browser, base, { french: true });
    for (const view of VIEWS) {
      await w.go(`/copy/${view}`);
      expect(await w.page.locator("html").getAttribute("lang")).toBe("fr");
      expect(await w.page.locator("nav [aria-current=page]").first().innerText()).toContain(FRENCH[view]);
    }
    await w.go(`/copy/findings/${copyId}`);
    await expectText(w.page.locator("main"), [/copie clandestine/i, /prouvé/i]);
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("handsets: services by device type, hostile names as text, apart from what elements talk to", async () => {
    const w = await Watched.open(browser, base);
    await w.go("/interception/handsets");
    const main = w.page.locator("main");
    await expectText(main, [
      /What subscribers' devices talk to/,
      /35000001/,
      /<img src=x onerror/,
      /\\u202e/,
      /DNS, TLS|TLS, DNS/,
      /further names/,
    ]);
    expect(await w.page.title()).not.toBe("pwned");
    expect(await main.locator("img").count()).toBe(0);
    const elements = main.locator("section", { hasText: "What network elements talk to" }).last();
    expect(await elements.innerText()).not.toContain("shop.example");
    await w.picture("light-en-handsets-services");
    expect(await w.accessibility()).toEqual([]);
    await w.go("/copy/handsets");
    await expectText(main, [/shop\.example/, /Type not told/]);
    expect(w.trouble).toEqual([]);
    await w.close();
    const narrow = await Watched.open(browser, base, { width: 390, height: 844, dark: true, french: true });
    await narrow.go("/interception/handsets");
    await expectText(narrow.page.locator("main"), [/À quoi parlent les appareils des abonnés/, /Type non indiqué/]);
    expect(await narrow.sticksOut()).toBe(false);
    expect(await narrow.accessibility()).toEqual([]);
    await narrow.picture("narrow-dark-fr-handsets-services");
    expect(narrow.trouble).toEqual([]);
    await narrow.close();
  });

  test("without a mouse: views by letter, findings by j, k and Enter, search by /, help by ?", async () => {
    const w = await Watched.open(browser, base);
    await w.go("/all/findings");
    const { keyboard } = w.page;
    await w.page.locator(".rows-row").first().waitFor();
    await keyboard.press("j");
    await keyboard.press("j");
    await keyboard.press("k");
    await keyboard.press("Enter");
    await w.page.waitForURL(/\/findings\/[0-9a-f]{64}/);
    await w.settled();
    await keyboard.press("g");
    await keyboard.press("e");
    await w.page.waitForURL(/\/exposure/);
    await w.settled();
    await keyboard.press("g");
    await keyboard.press("f");
    await w.page.waitForURL(/\/findings/);
    await w.settled();
    await keyboard.press("/");
    await keyboard.type("copied");
    await w.page.waitForURL(/q=copied/);
    await keyboard.press("Escape");
    await w.page.locator("body").click({ position: { x: 1, y: 1 } });
    await keyboard.press("?");
    await w.page.locator("dialog[open]").waitFor();
    await keyboard.press("Escape");
    // the first Tab leads past the table of contents
    await w.go("/copy/overview");
    await keyboard.press("Tab");
    expect(await w.page.evaluate("document.activeElement?.className")).toBe("skip");
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("the whole view is in the address", async () => {
    const w = await Watched.open(browser, base);
    await w.go("/all/findings?grade=proven&claim=covert-copy");
    const main = w.page.locator("main");
    await expectText(main, [/were copied by epc/, /1 of \d+/]);
    await w.page.reload();
    await w.settled();
    await expectText(main, [/were copied by epc/]);
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("the explorer: from a finding to the messages around it and back; an address leads on", async () => {
    const w = await Watched.open(browser, base);
    const list = (await (await fetch(`${base}/api/v1/cases/unreasoned-query/findings`)).json()) as FindingPage;
    const asked = list.items.find((f) => f.claim === "unreasoned-query");
    await w.go(`/unreasoned-query/findings/${asked?.id}`);
    await w.page.getByRole("link", { name: "Messages, tunnels and flows around this finding" }).click();
    await w.page.waitForURL(/explorer\?finding=/);
    const ladder = w.page.locator("svg.ladder");
    await ladder.waitFor();
    expect(await ladder.locator(".ladder-row.found").count()).toBeGreaterThan(1);
    expect(await ladder.locator(".ladder-line.answer").count()).toBeGreaterThan(0);
    // no name is wider than its box
    const wide = await ladder.evaluate((svg) =>
      [...svg.querySelectorAll("rect.net-box")].flatMap((box) => {
        const room = box.getBoundingClientRect().width;
        return [...(box.parentElement?.querySelectorAll("text") ?? [])].filter((t) => t.getBoundingClientRect().width > room).length;
      }),
    );
    expect(wide.every((n) => n === 0)).toBe(true);
    await w.page.getByRole("link", { name: "Back to the finding" }).click();
    await w.page.waitForURL(/\/findings\/[0-9a-f]{64}/);
    await w.go("/copy/explorer");
    await w.page.getByRole("searchbox").fill("203.0.113.77");
    await w.page.getByRole("button", { name: "Search" }).click();
    await w.page.waitForURL(/q=203\.0\.113\.77/);
    await w.page.getByText("No tunnel fits").waitFor();
    await expectText(w.page.locator("main"), [/203\.0\.113\.77/, /nothing declared/, /No tunnel fits/]);
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("filters are typed and kept under a name; a mark that a filter hides is left alone", async () => {
    const w = await Watched.open(browser, base);
    await w.go("/all/findings");
    await w.page.locator(".rows-row").first().waitFor();
    await w.page.locator(".finding-row", { hasText: "copied by epc" }).getByRole("checkbox").check();
    await w.page.getByText("1 marked").first().waitFor();
    const search = w.page.getByRole("searchbox");
    await search.fill("claim:unreasoned-query asked");
    await w.page.waitForURL(/claim=unreasoned-query/);
    await w.page.waitForURL(/q=asked/);
    expect(await search.inputValue()).toBe("asked");
    await w.page.getByText("1 marked finding is hidden by the filters and is not acted upon.").waitFor();
    expect(await w.page.locator(".triage-bar").count()).toBe(0);
    await w.page.getByPlaceholder("Save these as").fill("Who asks");
    await w.page.getByPlaceholder("Save these as").press("Enter");
    await w.page.getByRole("button", { name: "Clear filters" }).click();
    await w.page.waitForURL((url) => url.search === "");
    await w.page.locator(".triage-bar").waitFor();
    await w.page.reload();
    await w.settled();
    await w.page.getByRole("button", { name: "Who asks", exact: true }).click();
    await w.page.waitForURL(/claim=unreasoned-query/);
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("interception is not shown to a viewer, and that it is withheld is said", async () => {
    const w = await Watched.open(browser, base);
    await w.go("/interception/findings");
    const text = await w.page.locator("main").innerText();
    expect(text).not.toMatch(/product for|unwarranted interception$/im);
    expect(text).toMatch(/withheld|li-cleared|interception/i);
    await w.go("/interception/register");
    await expectText(w.page.locator("main"), [/li-cleared/]);
    await w.close();
  });

  test("triage and a comment from the page are in the case", async () => {
    const w = await Watched.open(browser, base);
    await w.go(`/copy/findings/${copyId}`);
    const hostile = "<b>Seen</b> <img src=x onerror=\"document.title='pwned'\"> in frame 13";
    await w.page.locator("form textarea").first().fill(hostile);
    await w.page.locator("form:has(textarea) button[type=submit]").first().click();
    await w.page.getByText(hostile).first().waitFor();
    expect(await w.page.title()).not.toBe("pwned");
    await w.picture("light-en-finding-with-comment");
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("the declaration: a wrong entry is marked where it stands; corrected on the map; saved", async () => {
    const w = await Watched.open(browser, base);
    await w.go("/copy/declaration");
    const area = w.page.locator("textarea");
    const text = await area.inputValue();
    await area.fill(text.replace("10.45.1.11", "10.45.1.999"));
    await w.page.locator(".text-margin .error").waitFor();
    const line = text.split("\n").findIndex((l) => l.includes("10.45.1.11")) + 1;
    expect(await w.page.locator(".text-margin .error").innerText()).toContain(String(line));
    await expectText(w.page.locator(".text-problems"), [/10\.45\.1\.999/, new RegExp(`line ${line}`)]);
    expect(await w.page.getByRole("button", { name: "Save network.yaml" }).isDisabled()).toBe(true);
    await w.picture("light-en-declaration-wrong");
    await area.fill(text);
    await w.page.locator(".text-margin .error").waitFor({ state: "detached" });
    await w.page
      .getByRole("button", { name: /^enb1,/ })
      .first()
      .click();
    await w.page.locator(".entry-form input[name=site]").fill("Lyon <b>");
    await w.picture("light-en-declaration-form");
    await w.page.getByRole("button", { name: "Put into the text" }).click();
    await expect.poll(() => area.inputValue()).toContain("Lyon <b>");
    await w.page
      .getByRole("button", { name: /^203\.0\.113\.77,/ })
      .first()
      .click();
    await w.page.locator(".entry-form select").selectOption("services");
    await w.page.locator(".entry-form input[name=name]").fill("probe");
    await w.page.locator(".entry-form input[name=protocols]").fill("vxlan");
    await w.page.getByRole("button", { name: "Put into the text" }).click();
    await expect.poll(() => area.inputValue()).toMatch(/name: probe, addresses: \[203\.0\.113\.77\]/);
    const save = w.page.getByRole("button", { name: "Save network.yaml" });
    await w.page.locator("button:enabled", { hasText: "Save network.yaml" }).waitFor();
    await save.click();
    await w.page.getByText("Saved.").waitFor();
    expect(readFileSync(join(cases.root, "copy/network.yaml"), "utf8")).toContain("probe");
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("a bundle is checked in the page itself", async () => {
    // Its declaration names lawful functions: the bundle is for cleared readers.
    const w = await Watched.open(browser, clearedBase);
    await w.go("/copy/evidence");
    await w.page.getByRole("button", { name: "Check this case's own bundle" }).click();
    await w.page
      .getByText(/L2: integrity and arithmetic/)
      .first()
      .waitFor({ timeout: 60_000 });
    await w.picture("light-en-evidence-checked");
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("captures handed in are read, and the case grows", async () => {
    const w = await Watched.open(browser, base);
    const { captures } = capturesOf("undeclared-peer");
    await w.go("/weakened-protection/upload");
    await w.page.locator("input[type=file]").setInputFiles(captures);
    await w.page.getByRole("button", { name: "Read them into the case" }).waitFor();
    await w.picture("light-en-upload-waiting");
    await w.page.getByRole("button", { name: "Read them into the case" }).click();
    await w.page.getByRole("link", { name: "To the findings" }).waitFor({ timeout: 60_000 });
    await w.page.getByText(/^2 · /).waitFor();
    await w.picture("light-en-upload-done");
    const grown = (await (await fetch(`${base}/api/v1/cases/weakened-protection/overview`)).json()) as Overview;
    expect(grown.captures.length).toBeGreaterThan(capturesOf("weakened-protection").captures.length);
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("hostile names in a case do nothing in any view", async () => {
    const folder = join(cases.root, "hostile");
    mkdirSync(folder, { mode: 0o700 });
    const evil = `"><script>window.pwned=1</script><img src=x onerror="window.pwned=1"><svg onload=window.pwned=1> javascript:window.pwned=1 {{7*7}} \u202egnp.exe \u0000 %3Cscript%3E`;
    const safeKeys = /^(id|claim|grade|status|first|last|from|to|sha256|capture|schema|act|basis|standing|kind|data|from|to|ticketless)$/;
    const inject = (value: unknown, key = ""): unknown =>
      typeof value === "string"
        ? safeKeys.test(key)
          ? value
          : `${evil} ${key}`
        : Array.isArray(value)
          ? value.map((v) => inject(v, key))
          : typeof value === "object" && value !== null
            ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, inject(v, k)]))
            : value;
    for (const file of ["case.json", "findings.json", "declaration.json"])
      writeFileSync(
        join(folder, file),
        JSON.stringify(inject(JSON.parse(readFileSync(join(cases.root, "copy", file), "utf8")) as unknown)),
      );
    for (const file of ["case.duckdb"]) writeFileSync(join(folder, file), readFileSync(join(cases.root, "copy", file)));
    const server = await makeServer(settingsFor(cases, { web: page.folder, cleared: true }));
    const on = await server.listen();
    const w = await Watched.open(browser, on);
    for (const path of [...paths(), "/"].map((p) => p.replace("/copy/", "/hostile/").replace("/acme", `/${encodeURIComponent("acme")}`))) {
      await w.page.goto(path);
      await w.page.locator("main h1").first().waitFor();
      await w.page.waitForTimeout(300);
      expect([path, await w.page.evaluate("window.pwned")]).toEqual([path, undefined]);
      // whatever the page holds, it made itself
      expect([
        path,
        await w.page
          .locator("main script, main iframe, main object, main embed, main [onerror], main [onload], main a[href^='javascript']")
          .count(),
      ]).toEqual([path, 0]);
      expect([path, w.trouble.splice(0).filter((t) => !t.includes("404"))]).toEqual([path, []]);
    }
    await w.go("/hostile/findings");
    await w.picture("light-en-hostile-findings");
    await w.go("/hostile/overview");
    await w.picture("light-en-hostile-overview");
    await w.close();
    await server.close();
  });

  test("captures dropped where no case is make one", async () => {
    const server = await makeServer(settingsFor(cases, { paths: [], home: join(cases.home, "dropped"), web: page.folder }));
    const w = await Watched.open(browser, await server.listen());
    await w.go("/");
    await w.page.locator("input[type=file]").setInputFiles(capturesOf("copy").captures.slice(0, 1));
    await w.page.waitForURL(/\/oam\/upload/);
    await w.page.getByRole("rowheader", { name: "oam.pcap.gz" }).waitFor();
    expect(w.trouble).toEqual([]);
    await w.close();
    await server.close();
  });

  test("a server without a case makes one on the page", async () => {
    const server = await makeServer(settingsFor(cases, { paths: [], home: join(cases.home, "new"), web: page.folder }));
    const on = await server.listen();
    const w = await Watched.open(browser, on);
    await w.go("/");
    await w.picture("light-en-no-case");
    await w.page.locator("input[name=name]").fill("First light");
    await w.page.locator("input[name=basis]").fill("Test");
    await w.page.getByRole("button", { name: "Make the case" }).click();
    await w.page.waitForURL(/\/first-light\/upload/);
    await w.settled();
    expect(existsSync(join(cases.home, "new/first-light/case.json"))).toBe(true);
    for (const view of VIEWS) {
      await w.go(`/first-light/${view}`);
      await w.picture(`light-en-empty-${view}`);
    }
    expect(w.trouble).toEqual([]);
    await w.close();
    await server.close();
  });
});

async function expectText(where: { innerText(): Promise<string> }, patterns: readonly RegExp[]): Promise<void> {
  const text = await where.innerText();
  for (const pattern of patterns) expect(text).toMatch(pattern);
}
