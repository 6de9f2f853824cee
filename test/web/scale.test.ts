/** A case of 100,000 findings and 10,000 elements: how long until something can be read, and that the queue stays smooth. Printed, and bounded. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeServer, type RunningServer } from "#serve/server.ts";
import { scanCases, settingsFor, type TestCases } from "../serve/cases.ts";
import { writeBigCase } from "./big-case.ts";
import { buildPage, findChromium, launch, Watched } from "./browser.ts";

const SIZE = { findings: 100_000, elements: 10_000 } as const;
const SOURCES = ["copy", "ungranted-access", "unreasoned-query", "undeclared-peer", "weakened-protection"];
/** Compressed octets of everything the page needs before it shows something (issue: below 300 kB). */
const INITIAL_SCRIPT = 300_000;

const chromium = findChromium();
if (chromium === undefined)
  console.warn("NOT TESTED: first paint of a large case, because no Chromium is on PATH (Debian: apt install chromium)");

describe("a case of 100,000 findings", { timeout: 180_000 }, () => {
  let cases: TestCases;
  let root: string;
  let page: { readonly folder: string; remove(): void };
  let server: RunningServer;
  let base: string;

  beforeAll(async () => {
    cases = scanCases(SOURCES);
    root = mkdtempSync(join(tmpdir(), "tapproof-big-"));
    await writeBigCase(
      SOURCES.map((name) => join(cases.root, name)),
      join(root, "country"),
      SIZE,
    );
    page = await buildPage();
    const began = performance.now();
    server = await makeServer({ ...settingsFor(cases, { web: page.folder }), paths: [root] });
    base = await server.listen();
    console.log(`opening the case: ${Math.round(performance.now() - began)} ms`);
  }, 180_000);
  afterAll(async () => {
    await server?.close();
    page?.remove();
    cases?.remove();
    if (root !== undefined) rmSync(root, { recursive: true, force: true });
  });

  test("the API answers a page, a filter, a search and an overview in a tenth of a second", async () => {
    const wanted = [
      "findings?limit=100",
      "findings?limit=100&sort=bytes",
      "findings?limit=100&grade=proven&vendor=acme",
      "findings?limit=100&q=spgw-7",
      "overview",
      "elements?limit=100",
    ];
    const times: number[] = [];
    for (const path of wanted) {
      await (await fetch(`${base}/api/v1/cases/country/${path}`)).arrayBuffer();
      let best = Infinity;
      for (let i = 0; i < 3; i++) {
        const began = performance.now();
        const answer = await fetch(`${base}/api/v1/cases/country/${path}`);
        await answer.arrayBuffer();
        expect(answer.status).toBe(200);
        best = Math.min(best, performance.now() - began);
      }
      times.push(best);
      console.log(`${path}: ${Math.round(best)} ms`);
    }
    // bounded with room for a busy machine; what is printed is what was measured
    expect(Math.max(...times)).toBeLessThan(500);
  });

  test("every finding is in the pages, once", async () => {
    const seen = new Set<string>();
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const answer = await fetch(`${base}/api/v1/cases/country/findings?limit=500&grade=proven${next}`);
      const body = (await answer.json()) as { items: { id: string }[]; next: string | null; total: number };
      for (const { id } of body.items) seen.add(id);
      cursor = body.next;
      if (cursor === null) expect(seen.size).toBe(body.total);
    } while (cursor !== null);
    expect(seen.size).toBeGreaterThan(SIZE.findings / 4);
  });

  test("the scripts that the first view needs are small", () => {
    const html = readFileSync(join(page.folder, "index.html"), "utf8");
    const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((m) => m[1] as string);
    const view = readdirSync(join(page.folder, "assets")).filter((f) => f.endsWith(".js"));
    const size = (file: string): number => gzipSync(readFileSync(join(page.folder, file))).length;
    const initial = first.reduce((sum, file) => sum + size(file), 0);
    const all = view.reduce((sum, file) => sum + size(`assets/${file}`), 0);
    console.log(`initial script: ${Math.round(initial / 1000)} kB compressed; all views together: ${Math.round(all / 1000)} kB`);
    expect(initial).toBeLessThan(INITIAL_SCRIPT);
  });

  test.skipIf(chromium === undefined)("the first meaningful paint is below a second, and 100,000 rows scroll", async () => {
    const browser: Browser = await launch(chromium as string);
    try {
      const paints: number[] = [];
      for (let i = 0; i < 3; i++) {
        const w = await Watched.open(browser, base);
        await w.page.goto("/country/findings", { waitUntil: "commit" });
        // meaningful: a finding's sentence is there to read
        await w.page.locator("main .rows-row, main [role=row] ").first().waitFor();
        const millis = await w.page.evaluate(() => performance.now());
        paints.push(millis);
        expect(w.trouble).toEqual([]);
        await w.close();
      }
      const overview = await Watched.open(browser, base);
      await overview.page.goto("/country/overview", { waitUntil: "commit" });
      await overview.page.locator("main h2").first().waitFor();
      const first = await overview.page.evaluate(() => performance.now());
      await overview.settled();
      await overview.picture("scale-overview");
      await overview.close();
      console.log(`first meaningful paint, findings: ${paints.map((p) => Math.round(p)).join(", ")} ms; overview: ${Math.round(first)} ms`);
      const [load = 0] = loadavg();
      if (load > cpus().length)
        console.warn(
          `NOT JUDGED: the first paint, because the machine is busy with other things (load ${load.toFixed(1)} on ${cpus().length} cores)`,
        );
      expect(Math.min(...paints)).toBeLessThan(load > cpus().length ? 1000 * (load / cpus().length) : 1000);

      const w = await Watched.open(browser, base);
      await w.go("/country/findings");
      const rows = w.page.locator(".rows");
      const drawn = await w.page.locator(".rows-row").count();
      expect(drawn).toBeLessThan(200);
      const began = performance.now();
      for (const share of [0.25, 0.5, 0.9, 1]) {
        await rows.evaluate((box, at) => (box.scrollTop = box.scrollHeight * at), share);
        await w.page.waitForTimeout(50);
      }
      console.log(`four jumps through the list: ${Math.round(performance.now() - began - 200)} ms`);
      await w.picture("scale-findings");
      expect(w.trouble).toEqual([]);
      await w.close();
    } finally {
      await browser.close();
    }
  });
});
