/** Writes `docs/limits.md` from the source: `node tools/limits/main.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { collectLimits } from "./collect.ts";
import { page } from "./page.ts";

export function limitsPage(root: string): string {
  return page(collectLimits(root), readFileSync(join(root, "tools/limits/prose.md"), "utf8"));
}

if (import.meta.main) writeFileSync("docs/limits.md", limitsPage("."));
