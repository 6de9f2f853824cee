/** Writes the pages and schemas that are made from the source: `node tools/generated/main.ts`. A test fails while a committed copy differs. */
import { hash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildVerifyPage } from "../build/verify-page.ts";
import { casePage } from "./case-page.ts";
import { limitsPage } from "./limits-page.ts";
import { collectLimits } from "./limits-source.ts";
import { recordsPage } from "./records-page.ts";
import { schemaFiles } from "./schemas.ts";

/** Path from the repository's root, and what should stand there. */
export function generated(root: string): ReadonlyMap<string, string> {
  const prose = (name: string): string => readFileSync(join(root, "tools/generated", name), "utf8");
  return new Map([
    ["docs/limits.md", limitsPage(collectLimits(root), prose("limits.md"))],
    ["docs/case.md", casePage(prose("case.md"))],
    ["docs/bundle-records.md", recordsPage(root, prose("records-page.md"))],
    ["docs/verify-page.md", prose("verify-page.md").replace("{{sha256}}", hash("sha256", buildVerifyPage(), "hex"))],
    ...[...schemaFiles(root)].map(([name, text]) => [`schemas/${name}`, text] as const),
  ]);
}

if (import.meta.main) for (const [file, text] of generated(".")) writeFileSync(file, text);
