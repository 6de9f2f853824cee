/**
 * The built page in Debian's Chromium, watched: an error on the console, an exception, a dialog, or a request that leaves the machine is a
 * failure of whatever test ran then.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { build } from "vite";

const ROOT = join(import.meta.dirname, "../..");
export const SCREENSHOTS = join(ROOT, "artifacts/web");
const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Path of a Chromium; undefined where there is none. */
export function findChromium(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** Builds the page as it stands in the sources. */
export async function buildPage(): Promise<{ readonly folder: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "tapproof-web-"));
  // a test runner says "test", and then React would build its slower self
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  await build({
    configFile: join(ROOT, "web/vite.config.ts"),
    root: join(ROOT, "web"),
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true },
  });
  process.env["NODE_ENV"] = before;
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function launch(path: string): Promise<Browser> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  return chromium.launch({
    executablePath: path,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"],
  });
}

export interface Look {
  readonly dark?: boolean;
  readonly french?: boolean;
  readonly width?: number;
  readonly height?: number;
}

export class Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What must not happen, and did. */
  readonly trouble: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  static async open(browser: Browser, base: string, look: Look = {}): Promise<Watched> {
    const context = await browser.newContext({
      baseURL: base,
      colorScheme: look.dark === true ? "dark" : "light",
      locale: look.french === true ? "fr-FR" : "en-GB",
      timezoneId: "UTC",
      viewport: { width: look.width ?? 1280, height: look.height ?? 900 },
      reducedMotion: "reduce",
      acceptDownloads: true,
    });
    const page = await context.newPage();
    const watched = new Watched(context, page);
    const { origin } = new URL(base);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") watched.trouble.push(`console ${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => watched.trouble.push(`exception: ${error.message}`));
    page.on("dialog", (dialog) => {
      watched.trouble.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(`${origin}/`) && !url.startsWith("data:") && !url.startsWith("blob:"))
        watched.trouble.push(`outside request: ${url}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 500) watched.trouble.push(`${response.status()} ${response.url()}`);
    });
    page.setDefaultTimeout(15_000);
    return watched;
  }

  /** Opens an address of the application and waits until the view stands. */
  async go(path: string): Promise<void> {
    await this.page.goto(path);
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.page.locator("main h1").first().waitFor();
    await this.page.locator("main", { hasText: /(Reading|Lecture)…/ }).waitFor({ state: "detached" });
    // what runs in the page is text here: this program knows no DOM
    await this.page.evaluate("document.fonts.ready.then(() => undefined)");
  }

  /** The whole page as a picture, from its top. */
  async picture(name: string): Promise<void> {
    await this.page.evaluate("window.scrollTo(0, 0)");
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true, animations: "disabled" });
  }

  /** Violations that axe calls serious or critical. */
  async accessibility(): Promise<string[]> {
    // the page's policy lets no script of ours in by a tag; the debugger may
    await this.page.evaluate(axeSource);
    return this.page.evaluate(async () => {
      const axe = (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } }).axe;
      interface Violation {
        id: string;
        impact: string | null;
        nodes: { html: string; failureSummary?: string }[];
      }
      const { violations } = await axe.run({ resultTypes: ["violations"] });
      return violations
        .filter((v) => v.impact === "serious" || v.impact === "critical")
        .map(
          (v) =>
            `${v.id} (${v.impact}): ${v.nodes
              .slice(0, 3)
              .map((n) => `${n.html.slice(0, 160)} ${n.failureSummary?.split("\n")[1]?.slice(0, 140) ?? ""}`)
              .join(" | ")}`,
        );
    });
  }

  /** The window is as wide as its content: nothing sticks out at the side. */
  sticksOut(): Promise<boolean> {
    return this.page.evaluate<boolean>("document.documentElement.scrollWidth > window.innerWidth + 1");
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
