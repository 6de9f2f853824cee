/** Writes case folders: one scenario, or all of them for a seed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "./scenarios/catalogue.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** Writes one case into `directory` (made if missing); returns the files' names. */
export function writeCase(s: Scenario, seed: string, directory: string): string[] {
  const files = s.play(seed).finish();
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(directory, name), content);
  return [...files.keys()];
}

/** Every scenario (or those that `keep` wants) as `directory/NAME/`; returns the names. */
export function writeSuite(seed: string, directory: string, keep: (s: Scenario) => boolean = () => true): string[] {
  const chosen = catalogue.filter(keep);
  for (const s of chosen) writeCase(s, seed, join(directory, s.name));
  return chosen.map((s) => s.name);
}
