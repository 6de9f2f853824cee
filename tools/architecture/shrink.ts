/** Lowers `exceptions.json` to what the code still needs: `node tools/architecture/shrink.ts`. It raises nothing and adds nothing. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CAPS, type Exceptions, needed, shrunk } from "./caps.ts";

const LISTED = "tools/architecture/exceptions.json";

export function listed(): Exceptions {
  return JSON.parse(readFileSync(LISTED, "utf8")) as Exceptions;
}

/** What the code would need as exceptions, were none listed. */
export function neededNow(): Exceptions {
  const folder = mkdtempSync(join(tmpdir(), "tapproof-caps-"));
  try {
    const config = join(folder, "caps.json");
    const rules = Object.fromEntries(Object.entries(CAPS).map(([rule, settings]) => [rule, ["error", settings]]));
    writeFileSync(config, JSON.stringify({ categories: { correctness: "off" }, rules, ignorePatterns: ["dist", "node_modules"] }));
    const run = spawnSync(resolve("node_modules/.bin/oxlint"), ["-c", config, "-f", "json", "."], { encoding: "utf8", maxBuffer: 1 << 26 });
    return needed((JSON.parse(run.stdout) as { diagnostics: Parameters<typeof needed>[0] }).diagnostics);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) writeFileSync(LISTED, `${JSON.stringify(shrunk(listed(), neededNow()), null, 2)}\n`);
