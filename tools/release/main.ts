/**
 * `node tools/release/main.ts sbom [FILE] | licences | publish`: what a release is made of (CycloneDX; standard output by default), whether licences allow it, and
 * whether `npm publish --provenance` would hand on what it should. Ends with 1 where something is wrong. Nothing is sent anywhere.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { licenceProblems } from "./licences.ts";
import { lockedPackages } from "./packages.ts";
import { publishable } from "./publishable.ts";
import { makeSbom } from "./sbom.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const [what, file] = process.argv.slice(2);

function say(problems: readonly string[], fine: string): void {
  console.log(problems.length === 0 ? fine : problems.join("\n"));
  if (problems.length > 0) process.exitCode = 1;
}

if (what === "sbom") {
  const text = `${JSON.stringify(makeSbom(root), null, 2)}\n`;
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
} else if (what === "licences") {
  const packages = lockedPackages(root);
  say(licenceProblems(packages), `${packages.length} packages, all under licences that allow what is done with them`);
} else if (what === "publish") {
  const { files, problems, open } = publishable(root);
  say(problems, `${files.length} files, as they should be`);
  for (const line of open) console.log(`open: ${line}`);
} else {
  console.error("expected sbom, licences or publish");
  process.exitCode = 2;
}
