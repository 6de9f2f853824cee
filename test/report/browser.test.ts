/// <reference lib="dom" />
// Types of what runs inside the page, for the tests that drive a browser.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportPage } from "#report/html/page.ts";
import { verifierScript } from "#report/html/verifier-script.ts";
import { findChromium, PdfError, printPdf } from "#report/pdf.ts";
import { COPY, dataOf, hostile, removeAll, scratch } from "./cases.ts";

const executablePath = findChromium(process.env);
if (executablePath === undefined) console.warn("SKIPPED: no Chromium on the PATH; the report was not opened in a browser, no PDF was made");

let browser: Browser | undefined;
beforeAll(async () => {
  if (executablePath !== undefined)
    browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
});
afterAll(async () => {
  await browser?.close();
  removeAll();
});

/** What the page did that it must not do. */
async function open(html: string): Promise<{ page: Page; misdeeds: string[] }> {
  if (browser === undefined) throw new Error("no browser");
  const file = join(scratch("page"), "report.html");
  writeFileSync(file, html);
  const page = await browser.newPage();
  const misdeeds: string[] = [];
  page.on("dialog", (dialog) => {
    misdeeds.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(file).href && !request.url().startsWith("data:font/"))
      misdeeds.push(`request: ${request.url().slice(0, 200)}`);
  });
  page.on("console", (message) => misdeeds.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => misdeeds.push(`error: ${error.message}`));
  await page.goto(pathToFileURL(file).href);
  return { page, misdeeds };
}

describe.skipIf(executablePath === undefined)("in a browser", () => {
  it("checks the bundle that it carries, asks nothing of anybody, and keeps to its policy", async () => {
    const data = await dataOf(COPY);
    const { page, misdeeds } = await open(
      reportPage(data, { language: "en", liCleared: true, nowMillis: Date.now(), verifier: await verifierScript() }),
    );
    await page.click("#check-run");
    await page.waitForSelector("#check-list:not([hidden])");
    expect(await page.textContent("#check-head")).toContain("Level reached: L2");
    expect(await page.textContent("#check-list")).not.toContain("failed");
    expect(misdeeds).toEqual([]);
    await page.close();
  });

  it("says which part was changed", async () => {
    const data = await dataOf(COPY);
    const bytes = Uint8Array.from(data.bundle?.bytes ?? []);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    const bundle = { name: "x.tapproof", bytes };
    const { page } = await open(
      reportPage({ ...data, bundle }, { language: "fr", liCleared: true, nowMillis: 0, verifier: await verifierScript() }),
    );
    await page.click("#check-run");
    await page.waitForSelector("#check-list:not([hidden])");
    expect(await page.textContent("#check-head")).toContain("none");
    expect(await page.textContent("#check-list tr.failed")).toContain("échec");
    await page.close();
  });

  it("lets hostile words do nothing", async () => {
    const { page, misdeeds } = await open(
      reportPage(hostile(await dataOf(COPY)), { language: "en", liCleared: true, nowMillis: 0, verifier: await verifierScript() }),
    );
    await page.click("#check-run");
    await page.waitForSelector("#check-list:not([hidden])");
    expect(misdeeds).toEqual([]);
    expect(await page.evaluate("document.querySelectorAll('img, iframe, a[href^=javascript]').length")).toBe(0);
    await page.close();
  });

  it.each(["en", "fr"] as const)("reads without colour, mouse or sight, in %s (axe)", async (language) => {
    const { page } = await open(
      reportPage(await dataOf(COPY), { language, liCleared: false, nowMillis: 0, verifier: await verifierScript() }),
    );
    await page.evaluate(axe.source);
    const violations = await page.evaluate(
      "axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html.slice(0, 120)).slice(0, 3).join(' | ')))",
    );
    expect(violations).toEqual([]);
    await page.close();
  });

  it("prints to a PDF", async () => {
    const pdf = await printPdf(
      reportPage(await dataOf(COPY), { language: "fr", liCleared: true, nowMillis: 0, verifier: null }),
      process.env,
    );
    expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe("%PDF-");
    expect(pdf.length).toBeGreaterThan(20_000);
  });
});

it("says in one line that a PDF needs a browser", async () => {
  await expect(printPdf("", { PATH: "" })).rejects.toThrow(PdfError);
  await expect(printPdf("", { PATH: "" })).rejects.toThrow(/^report: a PDF needs Chromium.*any browser$/);
  await expect(printPdf("", { PATH: "/usr/bin", TAPPROOF_CHROMIUM: "/bin/false" })).rejects.toThrow(/made no PDF/);
});
