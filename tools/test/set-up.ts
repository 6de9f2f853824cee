/**
 * Before any test of a lane: `dist/` is built where it is not what the source says, and what tests start is that program, as it ships. A
 * single file of tests (`npx vitest run PATH`) starts the program from source instead, and waits for no build.
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the build reads; a change of any makes it stale. */
const SOURCES = ["package.json", "{src,web,lab,tools/build,bin}/**/*.{ts,tsx,css,html,json,yaml,cjs}"];
const BUILT = ["dist/cli.js", "dist/web/index.html"];

export default function setUp(): () => void {
  const scanned = mkdtempSync(join(tmpdir(), "tapproof-scanned-"));
  process.env["TAPPROOF_TEST_SCANNED"] = scanned;
  const lane = process.env["TAPPROOF_TEST_LANE"] !== undefined;
  if (lane) buildOnce();
  process.env["TAPPROOF_FROM_SOURCE"] ??= lane ? "0" : "1";
  return () => rmSync(scanned, { recursive: true, force: true });
}

/** Throws where the build fails. */
export function buildOnce(): void {
  const built = Math.min(...BUILT.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
  const stale = globSync(SOURCES, { exclude: ["**/node_modules/**", "**/*.test.ts"] }).some((file) => statSync(file).mtimeMs > built);
  if (!stale) return;
  const build = spawnSync(process.execPath, ["tools/build/main.ts"], { encoding: "utf8" });
  if (build.status !== 0) throw new Error(`the build failed, so that the built program cannot be tested:\n${build.stdout}${build.stderr}`);
}
