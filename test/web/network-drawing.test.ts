/** The network's drawing in Debian's Chromium, for 5 to 300 elements with long names: measured, not looked at. */
import { join } from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeServer, type RunningServer } from "#serve/server.ts";
import type { Comparison } from "#serve/api/types.ts";
import { scanCases, settingsFor, type TestCases } from "../serve/cases.ts";
import { writeBigCase } from "./big-case.ts";
import { buildPage, findChromium, launch, Watched } from "./browser.ts";
import { networkOf } from "./network-case.ts";

const SOURCES = ["copy", "ungranted-access", "unreasoned-query"];
const SIZES = [
  [5, 2],
  [30, 6],
  [100, 9],
  [300, 40],
] as const;
/** Screen pixels below which a text cannot be read. */
const READABLE = 9;

interface Rect {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
interface Measured {
  readonly boxes: readonly { readonly box: Rect; readonly texts: readonly Rect[]; readonly red: boolean }[];
  readonly names: readonly Rect[];
  readonly smallest: number;
  readonly frame: Rect;
}

// what runs in the page is text here: this program knows no DOM
const MEASURE = `(() => {
  const svg = document.querySelector("svg.network");
  const rect = (e) => { const r = e.getBoundingClientRect(); return { text: e.textContent, left: r.left, right: r.right, top: r.top, bottom: r.bottom }; };
  const boxes = [...svg.querySelectorAll(".net-node")].map((node) => ({
    box: rect(node.querySelector("rect")),
    texts: [...node.nextElementSibling.querySelectorAll("text")].map(rect),
    red: node.nextElementSibling.querySelector("g.vermilion") !== null || node.querySelector("rect").classList.contains("undeclared"),
  }));
  const names = [...svg.querySelectorAll(".line-name text")].map(rect);
  const scale = svg.getScreenCTM().a;
  const smallest = Math.min(...[...svg.querySelectorAll("text")].map((t) => parseFloat(getComputedStyle(t).fontSize) * scale));
  return { boxes, names, smallest, frame: rect(svg) };
})()`;

const chromium = findChromium();
if (chromium === undefined)
  console.warn("NOT TESTED: the network's drawing, because no Chromium is on PATH (Debian: apt install chromium)");

describe.skipIf(chromium === undefined)("the network's drawing", { timeout: 120_000 }, () => {
  let cases: TestCases;
  let root: string;
  let page: { readonly folder: string; remove(): void };
  let browser: Browser;
  let server: RunningServer;
  let base: string;

  beforeAll(async () => {
    cases = scanCases(SOURCES);
    root = mkdtempSync(join(tmpdir(), "tapproof-networks-"));
    for (const [elements, findings] of SIZES)
      await writeBigCase(
        SOURCES.map((name) => join(cases.root, name)),
        join(root, `net-${elements}`),
        { findings, elements, functions: networkOf(elements) },
      );
    page = await buildPage();
    server = await makeServer({ ...settingsFor(cases, { web: page.folder }), paths: [root] });
    base = await server.listen();
    browser = await launch(chromium as string);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    page?.remove();
    cases?.remove();
    if (root !== undefined) rmSync(root, { recursive: true, force: true });
  });

  const measured = (w: Watched) => w.page.evaluate<Measured>(MEASURE);

  /** No name outside its box, none over another or over a box, none too small; sentences about what is wrong. */
  function wrongIn({ boxes, names, smallest }: Measured): string[] {
    const over = (a: Rect, b: Rect) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 2 && b.top < a.bottom - 2;
    const wrong: string[] = smallest < READABLE ? [`text of ${smallest.toFixed(1)} pixels`] : [];
    for (const { box, texts } of boxes)
      for (const t of texts)
        if (t.left < box.left || t.right > box.right || t.top < box.top - 1 || t.bottom > box.bottom + 1)
          wrong.push(`outside its box: ${t.text}`);
    for (const [i, name] of names.entries()) {
      for (const other of names.slice(i + 1)) if (over(name, other)) wrong.push(`${name.text} over ${other.text}`);
      for (const { box, texts } of boxes) if (over(name, box)) wrong.push(`${name.text} over the box ${texts[0]?.text}`);
    }
    for (const [i, { box }] of boxes.entries())
      for (const other of boxes.slice(i + 1)) if (over(box, other.box)) wrong.push(`box over box`);
    return wrong;
  }

  for (const [elements] of SIZES)
    for (const width of [1280, 390])
      for (const french of [false, true])
        test(`${elements} elements, ${width} pixels, ${french ? "French" : "English"}: every name in its place and readable`, async () => {
          const w = await Watched.open(browser, base, { width, height: width === 390 ? 844 : 900, french });
          await w.go(`/net-${elements}/overview`);
          await w.page.locator("svg.network .net-node").first().waitFor();
          const first = await measured(w);
          expect(wrongIn(first)).toEqual([]);
          expect(first.boxes.length).toBeLessThanOrEqual(40);
          const red = first.boxes.filter((b) => b.red);
          expect(red.length).toBeGreaterThan(0);
          // what was found is in the part that is shown; on a phone it is what is shown first
          expect(
            red.some(({ box }) => box.left >= first.frame.left - 1 && box.right <= first.frame.right + 1 && box.top >= first.frame.top - 1),
          ).toBe(true);
          if (width === 390) {
            const topmost = first.boxes.toSorted((a, b) => a.box.top - b.box.top).slice(0, 2);
            expect(topmost.every((b) => b.red)).toBe(true);
            expect(first.boxes.every(({ box }) => box.left >= 0 && box.right <= width)).toBe(true);
          }
          if (!french) await w.picture(`network-${elements}-${width}`);
          const groups = w.page.locator(".net-node[aria-label*='Opens'], .net-node[aria-label*='Ouvrir']");
          if ((await groups.count()) > 0 && width === 1280) {
            await groups.first().press("Enter");
            await w.page.waitForURL(/open=/);
            expect(wrongIn(await measured(w))).toEqual([]);
          }
          expect([await w.sticksOut(), w.trouble]).toEqual([false, []]);
          await w.close();
        });

  test("moves and grows by wheel, two fingers, keys and buttons; a plain wheel scrolls the page", async () => {
    const w = await Watched.open(browser, base, {});
    await w.go("/net-300/overview");
    const svg = w.page.locator("svg.network");
    const view = async () => ((await svg.getAttribute("viewBox")) ?? "").split(" ").map(Number) as [number, number, number, number];
    await svg.scrollIntoViewIfNeeded();
    const at = (await svg.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await w.page.mouse.move(at.x + 300, at.y + 200);
    const first = await view();
    await w.page.mouse.wheel(0, 40);
    expect(await view()).toEqual(first);
    await w.page.keyboard.down("Control");
    await w.page.mouse.wheel(0, -50);
    await w.page.keyboard.up("Control");
    await expect.poll(async () => (await view())[2]).toBeLessThan(first[2] * 0.9);
    const grown = await view();
    await w.page.getByRole("button", { name: "Smaller" }).click();
    await expect.poll(async () => (await view())[2]).toBeGreaterThan(grown[2]);
    await w.page.getByRole("button", { name: "Larger" }).click();
    await w.page.getByRole("button", { name: "Larger" }).click();
    await w.page.locator(".net-node").first().focus();
    const before = await view();
    await w.page.keyboard.press("ArrowRight");
    await expect.poll(async () => (await view())[0]).toBeGreaterThan(before[0]);
    await w.page.keyboard.press("+");
    await expect.poll(async () => (await view())[2]).toBeLessThan(before[2]);
    await w.page.keyboard.press("0");
    await expect.poll(async () => (await view())[2]).toBe(first[2]);
    // dragged: moved, and nothing chosen
    await w.page.keyboard.press("+");
    await w.page.keyboard.press("+");
    await expect.poll(async () => (await view())[2]).toBeLessThan(first[2] * 0.7);
    const still = await view();
    await svg.scrollIntoViewIfNeeded();
    const now = (await svg.boundingBox()) ?? at;
    await w.page.mouse.move(now.x + 500, now.y + 300);
    await w.page.mouse.down();
    await w.page.mouse.move(now.x + 480, now.y + 220, { steps: 4 });
    await w.page.mouse.up();
    await expect.poll(async () => (await view())[1]).not.toBe(still[1]);
    expect(w.page.url()).not.toMatch(/node=|open=/);
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("the overview says what is new since an earlier scan of the same network, and what has gone", async () => {
    const w = await Watched.open(browser, base, {});
    await w.go("/net-300/overview?before=net-100");
    const section = w.page.locator("section", { hasText: "Since an earlier scan" });
    for (const before of ["net-100", "net-30"]) {
      await section.locator("select").selectOption(before);
      const told = (await (await fetch(`${base}/api/v1/cases/net-300/comparison?before=${before}`)).json()) as Comparison;
      expect(told.fresh.total).toBeGreaterThan(30);
      expect(told.gone.total).toBeGreaterThan(0);
      await section.getByRole("heading", { name: `New (${told.fresh.total})` }).waitFor();
      await section.getByRole("heading", { name: `Found before, not now (${told.gone.total})` }).waitFor();
      await section.getByText(`${told.same} finding`).waitFor();
    }
    expect(w.trouble).toEqual([]);
    await w.close();
  });

  test("two fingers on a phone make the whole network larger", async () => {
    const w = await Watched.open(browser, base, { width: 390, height: 844 });
    await w.go("/net-100/overview?places=1");
    const svg = w.page.locator("svg.network");
    await svg.scrollIntoViewIfNeeded();
    const width = async () => Number(((await svg.getAttribute("viewBox")) ?? "").split(" ")[2]);
    const first = await width();
    const at = (await svg.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const session = await w.context.newCDPSession(w.page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", apart: number) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints:
          type === "touchEnd"
            ? []
            : [
                { x: at.x + 150 - apart, y: at.y + 150, id: 1 },
                { x: at.x + 150 + apart, y: at.y + 150, id: 2 },
              ],
      });
    await touch("touchStart", 20);
    for (const apart of [30, 40, 60]) await touch("touchMove", apart);
    await touch("touchEnd", 0);
    await expect.poll(width).toBeLessThan(first * 0.7);
    expect(w.trouble).toEqual([]);
    await w.close();
  });
});
