/** `verify.html` in Debian's Chromium: what it says is what the command says, and it asks nothing of anybody. */
import { hash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyPageHash } from "#report/html/verify-page.ts";
import { findChromium } from "#report/pdf.ts";
import { verifyBundle } from "#verify/verify.ts";
import { KEY, labSource, makeCase, removeTemporary, type Made } from "../bundle/make.ts";
import { resign } from "../bundle/resign.ts";
import { buildVerifyPage } from "../../tools/build/verify-page.ts";

const executablePath = findChromium(process.env);
if (executablePath === undefined) console.warn("SKIPPED: no Chromium on the PATH; verify.html was not opened in a browser");

const html = buildVerifyPage();
let folder: string;
let made: Made;
let browser: Browser | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tapproof-page-"));
  writeFileSync(join(folder, "verify.html"), html);
  made = await makeCase(labSource("copy-vxlan"));
  if (executablePath !== undefined) browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
  removeTemporary();
});

it("is one file, and the same each time; its hash is what reports state", async () => {
  expect(buildVerifyPage()).toBe(html);
  expect(html).not.toMatch(/<(?:link|img|iframe|form)\b|\bsrc=/i);
  expect(await verifyPageHash()).toBe(hash("sha256", html, "hex"));
});

describe.skipIf(executablePath === undefined)("in a browser", () => {
  /** What the page says of a bundle. */
  async function say(octets: Uint8Array, key: string, look: { readonly french?: boolean; readonly shot?: string } = {}) {
    const page = await (browser as Browser).newPage({ locale: look.french === true ? "fr-FR" : "en-GB" });
    const trouble: string[] = [];
    const own = pathToFileURL(join(folder, "verify.html")).href;
    page.on("request", (request) => void (request.url() === own || trouble.push(request.url())));
    page.on("console", (message) => trouble.push(message.text()));
    page.on("pageerror", (error) => trouble.push(error.message));
    await page.goto(own);
    await page.fill("#key", key);
    await page.setInputFiles("#file", { name: "x.tapproof", mimeType: "application/octet-stream", buffer: Buffer.from(octets) });
    await page.waitForSelector("#result:not([hidden])");
    const verdict = (await page.textContent("#verdict")) ?? "";
    const attested = (await page.textContent("#attested")) ?? "";
    const rows = await page
      .locator("#checks tr")
      .evaluateAll((list) => list.map((r) => (r as { innerText: string }).innerText.split("\t")));
    if (look.shot !== undefined) {
      mkdirSync("artifacts/web", { recursive: true });
      await page.screenshot({ path: `artifacts/web/${look.shot}.png`, fullPage: true });
    }
    await page.close();
    expect(trouble).toEqual([]);
    return { verdict, attested, rows };
  }

  it("answers each check as the command does", async () => {
    const { verdict, attested, rows } = await say(made.octets, KEY, { shot: "verify-page" });
    expect(verdict).toContain("signed by the key given");
    expect(verdict).toContain("L2: intact");
    const ours = await verifyBundle(made.octets, { key: KEY });
    expect(attested).toBe(`Attested only, no replay shows it: ${ours.attested.map((a) => a.words).join("; ")}.`);
    for (const w of ours.weaknesses) expect(verdict).toContain(w.words);
    expect((await say(made.octets, KEY, { french: true })).attested).toContain("que les captures sont bien ce qui a circulé");
    const spelled = { passed: "holds", failed: "FAILED", "not checked": "open" } as const;
    expect(rows.map((r) => [r[0], r[2]])).toEqual(ours.checks.map((c) => [spelled[c.status], c.code]));
  });

  it("tells a lie that is signed anew, a stranger's key, and what is no bundle", async () => {
    const forged = resign(made.octets, {
      record: (type, record) => (type === "finding" ? { ...record, packets: 50_000_000 } : record),
    });
    const { verdict, rows } = await say(forged, KEY, { shot: "verify-page-failed", french: true });
    expect(verdict).toContain("L1\u202f: intacte, mais");
    expect(rows.find((r) => r[2] === "counts")?.[0]).toBe("ÉCHEC");
    expect((await say(made.octets, "")).verdict).toContain("origin not checked");
    expect((await say(Buffer.from("hello"), KEY)).verdict).toContain("this is not a bundle");
  });
});
