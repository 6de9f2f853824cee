/** Licences of everything a release is made of, and the notices that those inside its bundles ask for. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lockedPackages, type LockedPackage } from "./packages.ts";

/** May be inside the program, which is Apache-2.0, or installed beside it. */
const PERMISSIVE = new Set(["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0", "CC0-1.0", "Unlicense"]);
/** Fonts may be bundled with a program of another licence (OFL §1, §5). */
const FONTS = new Set(["OFL-1.1"]);
/** May build and test it: none of their code is handed on. */
const FOR_BUILDING = new Set(["MPL-2.0", "CC-BY-4.0", "Python-2.0"]);

/** One line a package whose licence does not allow what is done with it. */
export function licenceProblems(packages: readonly LockedPackage[]): string[] {
  return packages.flatMap(({ name, version, license, place }) => {
    const fine =
      license !== undefined &&
      (PERMISSIVE.has(license) ||
        (place !== "installed" && FONTS.has(license) && name.startsWith("@fontsource/")) ||
        (place === "build" && FOR_BUILDING.has(license)));
    return fine ? [] : [`${name} ${version} (${place}): ${license ?? "states no licence"}`];
  });
}

/** Texts of the licences of what is inside the bundles: they ask to go along with every copy. */
export function notices(root: string): string {
  const bundled = lockedPackages(root)
    .filter(({ place }) => place === "bundled")
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const parts = bundled.map(({ name, version, license, path }) => {
    const folder = join(root, path);
    const file = existsSync(folder) ? readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry)) : undefined;
    const text =
      file === undefined ? `Licence: ${license}; the package carries no text of it.` : readFileSync(join(folder, file), "utf8").trim();
    return `${"=".repeat(72)}\n${name} ${version} (${license})\n${"=".repeat(72)}\n\n${text}\n`;
  });
  return `Code of these packages is inside the program and its pages.\n\n${parts.join("\n")}`;
}
