/** Writes `.oxlintrc.json` from the table of layers and the caps: `node tools/architecture/write.ts`. */
import { readdirSync, writeFileSync } from "node:fs";
import { lintConfig } from "./config.ts";
import { listed } from "./shrink.ts";

export function protocolFolders(): string[] {
  return readdirSync("src/decode", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

if (import.meta.main) writeFileSync(".oxlintrc.json", `${JSON.stringify(lintConfig(protocolFolders(), listed()), null, 2)}\n`);
