/** What the page says of work that waits, of a bundle that is checked in it, and which exports it has: in Debian's Chromium. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportQuery } from "#serve/api/routes.ts";
import { makeServer, type RunningServer } from "#serve/server.ts";
import type { Claim } from "#model/finding.ts";
import { verifyBundle } from "#verify/verify.ts";
import { attestedSaid, weaknessSaid } from "#words/verdict.ts";
import { WORDS } from "#words/words.ts";
import { scanCases, settingsFor, type TestCases } from "../serve/cases.ts";
import { buildPage, findChromium, launch, Watched } from "./browser.ts";

const chromium = findChromium();
if (chromium === undefined)
  console.warn("NOT TESTED: what the page says of waiting work, because no Chromium is on PATH (Debian: apt install chromium)");

describe.skipIf(chromium === undefined)("the page", { timeout: 60_000 }, () => {
  let cases: TestCases;
  let page: { readonly folder: string; remove(): void };
  let browser: Browser;
  let server: RunningServer;
  let base: string;

  beforeAll(async () => {
    cases = scanCases(["copy"]);
    page = await buildPage();
    server = await makeServer(settingsFor(cases, { web: page.folder, cleared: true }));
    base = await server.listen();
    browser = await launch(chromium as string);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    page?.remove();
    cases?.remove();
  });

  test("says at which place a report waits, that it is being made, and then nothing; asks no more when all is done", async () => {
    const w = await Watched.open(browser, base, {});
    let work: { kind: string; place: number }[] = [{ kind: "report", place: 3 }];
    let asked = 0;
    await w.page.route("**/api/v1/queue", (route) => {
      asked++;
      return route.fulfill({ json: { work } });
    });
    // the report itself is another test's
    await w.page.route("**/report?*", (route) => route.fulfill({ status: 204 }));
    await w.go("/copy/overview");
    expect(asked).toBe(0);
    await w.page.getByRole("link", { name: "CSV" }).click();
    const status = w.page.locator(".preferences [role=status]").first();
    const says = (text: string) => expect.poll(() => status.innerText(), { timeout: 10_000 }).toBe(text);
    await says("Report: waits at place 3.");
    work = [{ kind: "report", place: 1 }];
    await says("Report: waits at place 1.");
    work = [{ kind: "report", place: 0 }];
    await says("Report: being made.");
    work = [];
    await says("");
    // three empty answers, and no further question
    const done = asked + 2;
    await expect.poll(() => asked, { timeout: 10_000 }).toBe(done);
    await w.page.waitForTimeout(1500);
    expect(asked).toBe(done);
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("has every export that the server makes, in the language of the reader", async () => {
    const w = await Watched.open(browser, base, { french: true });
    await w.go("/copy/overview");
    const links = await w.page.locator("a.button[href*='/report?']").evaluateAll((all) => all.map((a) => a.getAttribute("href") ?? ""));
    const formats = links.map((href) => new URL(href, base).searchParams.get("format"));
    expect(new Set(formats)).toEqual(new Set(reportQuery.shape.format.unwrap().options));
    expect(links.every((href) => href.includes("lang=fr"))).toBe(true);
    await w.close();
  });

  for (const french of [false, true])
    test(`tells of a bundle what is weaker and what is attested only, ${french ? "in French" : "in English"}`, async () => {
      const w = await Watched.open(browser, base, { french });
      await w.go("/copy/evidence");
      await w.page
        .getByRole("button", { name: french ? /propre liasse|liasse de ce dossier|dossier/ : "Check this case's own bundle" })
        .first()
        .click();
      const verdict = w.page.locator(".verdict");
      await verdict.waitFor();
      const text = await verdict.innerText();
      const language = french ? "fr" : "en";
      const bundle = new Uint8Array(await (await fetch(`${base}/api/v1/cases/copy/bundle`)).arrayBuffer());
      const { attested, weaknesses } = await verifyBundle(bundle, {});
      expect(attested.length).toBeGreaterThan(3);
      for (const one of attested) expect(text).toContain(attestedSaid(one, language));
      for (const one of weaknesses)
        expect(text).toContain(weaknessSaid(one, language, (claim) => WORDS[language].claims[claim as Claim].name));
      expect(text).toContain(french ? "que les captures sont bien ce qui a circulé" : "that the captures are what went over the wires");
      expect(w.trouble).toEqual([]);
      await w.close();
    });
});
