/** Every time axis of the page in Debian's Chromium, from one second to ten years, narrow and wide, in both languages: no name over another. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeServer, type RunningServer } from "#serve/server.ts";
import type { Exposure, FindingPage, Overview, Register, Timeline } from "#serve/api/types.ts";
import { scanCases, settingsFor, type TestCases } from "../serve/cases.ts";
import { buildPage, findChromium, launch, Watched } from "./browser.ts";

const SPANS = { "one second": 1000, "forty hours": 40 * 3_600_000, "ten years": 87_660 * 3_600_000 };
const WIDTHS = [320, 390, 800, 1280, 1900];
const FROM = Date.parse("2026-11-24T03:03:35.417Z");

// what runs in the page is text here: this program knows no DOM
const OVERPRINTED = `(() => {
  const wrong = [];
  let names = 0;
  for (const svg of document.querySelectorAll("main svg")) {
    const frame = svg.getBoundingClientRect();
    const rects = [...svg.querySelectorAll(".time-name")].map((t) => ({ text: t.textContent, r: t.getBoundingClientRect() })).sort((a, b) => a.r.left - b.r.left);
    names += rects.length;
    for (const [i, { text, r }] of rects.entries()) {
      if (r.left < frame.left - 1 || r.right > frame.right + 1) wrong.push(text + " outside its drawing");
      const next = rects[i + 1];
      if (next && next.r.left < r.right + 1) wrong.push(text + " over " + next.text);
    }
  }
  return { wrong, names };
})()`;

const chromium = findChromium();
if (chromium === undefined) console.warn("NOT TESTED: time axes, because no Chromium is on PATH (Debian: apt install chromium)");

/** Times of an answer, moved so that the whole lasts as long as wanted. */
function stretched<T>(value: T, low: number, high: number, span: number): T {
  const move = (v: unknown): unknown => {
    if (typeof v === "string" && /^\d{4}-\d\d-\d\dT/.test(v)) {
      const share = (Date.parse(v) - low) / Math.max(1, high - low);
      return new Date(FROM + Math.min(1, Math.max(0, share)) * span).toISOString();
    }
    if (Array.isArray(v)) return v.map(move);
    return typeof v === "object" && v !== null ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, move(x)])) : v;
  };
  return move(value) as T;
}

describe.skipIf(chromium === undefined)("time axes", { timeout: 120_000 }, () => {
  let cases: TestCases;
  let page: { readonly folder: string; remove(): void };
  let browser: Browser;
  let server: RunningServer;
  let base: string;
  let finding = "";

  beforeAll(async () => {
    cases = scanCases(["copy", "ungranted-access"]);
    page = await buildPage();
    server = await makeServer(settingsFor(cases, { web: page.folder, cleared: true }));
    base = await server.listen();
    browser = await launch(chromium as string);
    const list = (await (await fetch(`${base}/api/v1/cases/copy/findings`)).json()) as FindingPage;
    finding = list.items[0]?.id ?? "";
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    page?.remove();
    cases?.remove();
  });

  for (const [name, span] of Object.entries(SPANS))
    for (const french of [false, true])
      test(`over ${name}, ${french ? "French" : "English"}: no name over another, none outside its drawing`, async () => {
        const w = await Watched.open(browser, base, { french, height: 900 });
        const bounds = (answer: unknown): [number, number] => {
          const times = (JSON.stringify(answer).match(/"\d{4}-\d\d-\d\dT[^"]+"/g) ?? []).map((t) => Date.parse(t.slice(1, -1)));
          return [Math.min(...times), Math.max(...times)];
        };
        await w.page.route(/\/api\/v1\/.*\/(timeline|overview|exposure|register)$/, async (route) => {
          const response = await route.fetch();
          const answer = (await response.json()) as Timeline | Overview | Exposure | Register;
          await route.fulfill({ response, json: stretched(answer, ...bounds(answer), span) });
        });
        for (const path of [`/copy/findings/${finding}`, "/copy/overview", "/copy/exposure", "/ungranted-access/register"])
          for (const [i, width] of WIDTHS.entries()) {
            await w.page.setViewportSize({ width, height: 900 });
            if (i === 0) {
              await w.go(path);
              await w.page.locator(".time-name").first().waitFor();
            }
            // a drawing is laid out anew once the window has told its width
            await w.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(undefined))))");
            const { wrong, names } = await w.page.evaluate<{ wrong: string[]; names: number }>(OVERPRINTED);
            expect([path, width, wrong]).toEqual([path, width, []]);
            expect(names).toBeGreaterThan(0);
            expect([path, width, await w.sticksOut()]).toEqual([path, width, false]);
          }
        expect(w.trouble).toEqual([]);
        await w.close();
      });
});
