/** The report as PDF: printed from the same page by a headless Chromium that the machine has. */
import { execFile } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

/** No PDF can be made; the command line shows the message and ends with 2. */
export class PdfError extends Error {
  override readonly name = "PdfError";
  readonly exitCode = 2;
}

const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];
const MAC = ["/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
/** Milliseconds after which a browser that does not answer is given up. */
const PATIENCE = 120_000;

/** `env.TAPPROOF_CHROMIUM` names one; else the first of the usual names on PATH. Undefined where there is none. */
export function findChromium(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const named = env["TAPPROOF_CHROMIUM"];
  const places = (env["PATH"] ?? "").split(delimiter).filter((p) => p !== "");
  const candidates = named !== undefined && named !== "" ? [named] : [...BROWSERS.flatMap((b) => places.map((p) => join(p, b))), ...MAC];
  return candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Throws `PdfError`. */
export async function printPdf(page: string, env: Readonly<Record<string, string | undefined>>): Promise<Uint8Array> {
  const browser = findChromium(env);
  if (browser === undefined)
    throw new PdfError(
      "report: a PDF needs Chromium or Chrome on the PATH (or TAPPROOF_CHROMIUM=FILE); the HTML report prints the same from any browser",
    );
  const folder = mkdtempSync(join(tmpdir(), "tapproof-pdf-"));
  try {
    const [source, target] = [join(folder, "report.html"), join(folder, "report.pdf")];
    writeFileSync(source, page, { mode: 0o600 });
    await run(browser, [
      "--headless",
      "--disable-gpu",
      "--no-first-run",
      "--disable-extensions",
      "--disable-background-networking",
      // the page needs no network; without one nothing can leave it either
      "--host-resolver-rules=MAP * ~NOTFOUND",
      `--user-data-dir=${join(folder, "profile")}`,
      // Chromium refuses to build its sandbox as root
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--no-pdf-header-footer",
      `--print-to-pdf=${target}`,
      pathToFileURL(source).href,
    ]);
    return readFileSync(target);
  } catch (error) {
    if (error instanceof PdfError) throw error;
    throw new PdfError(
      `report: ${browser} made no PDF (${(error as Error).message.split("\n")[0]}); the HTML report prints the same from any browser`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function run(browser: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(browser, [...args], { timeout: PATIENCE, maxBuffer: 1 << 24 }, (error) => (error === null ? resolve() : reject(error)));
  });
}
