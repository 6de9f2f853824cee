/** What a release is made of: everything in the lock, each with its place and a licence that allows it; and nothing that must stay at home. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { licenceProblems, notices } from "./licences.ts";
import { lockedPackages, type LockedPackage } from "./packages.ts";
import { publishable } from "./publishable.ts";
import { makeSbom } from "./sbom.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const packages = lockedPackages(root);
const placeOf = (name: string): string | undefined => packages.find((p) => p.name === name && p.path === `node_modules/${name}`)?.place;

describe("packages", () => {
  it("are installed beside the program, inside it, or only build it", () => {
    expect(placeOf("fastify")).toBe("installed");
    expect(["commander", "zod", "react", "intl-messageformat", "@hpke/core"].map(placeOf)).toEqual(Array(5).fill("bundled"));
    expect(["vitest", "typescript", "vite", "oxlint"].map(placeOf)).toEqual(Array(4).fill("build"));
    // A dependency of what is inside is inside as well.
    expect(placeOf("d3-array")).toBe("bundled");
  });

  it("are under licences that allow what is done with them", () => {
    expect(licenceProblems(packages)).toEqual([]);
  });

  it("are refused under another, or under none", () => {
    const one = (license: string | undefined, place: LockedPackage["place"]): LockedPackage => ({
      name: "x",
      version: "1.0.0",
      license,
      path: "node_modules/x",
      place,
    });
    expect(
      licenceProblems([
        one("GPL-3.0-only", "bundled"),
        one(undefined, "build"),
        one("MPL-2.0", "installed"),
        one("MPL-2.0", "build"),
        one("MIT", "bundled"),
      ]),
    ).toEqual(["x 1.0.0 (bundled): GPL-3.0-only", "x 1.0.0 (build): states no licence", "x 1.0.0 (installed): MPL-2.0"]);
  });

  it("that are inside the program have their notices beside it", () => {
    const text = notices(root);
    for (const { name, version } of packages.filter(({ place }) => place === "bundled")) expect(text).toContain(`${name} ${version} (`);
    expect(text).toContain("Permission is hereby granted");
  });
});

describe("the bill of materials", () => {
  const bom = makeSbom(root);
  const lock = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")) as { packages: Record<string, { version: string }> };

  it("lists every locked package, and says which are not handed on", () => {
    expect([bom.bomFormat, bom.metadata.component.name]).toEqual(["CycloneDX", "tapproof"]);
    const listed = new Set(bom.components.map(({ name, version }) => `${name}@${version}`));
    const missing = packages.filter(({ name, version, place }) => place !== "build" && !listed.has(`${name}@${version}`));
    expect(missing).toEqual([]);
    expect(Object.keys(lock.packages).length).toBeGreaterThan(listed.size);
    expect(bom.components.filter(({ name }) => name === "vitest").map(({ scope }) => scope)).toEqual(["excluded"]);
    expect(bom.components.filter(({ name }) => name === "zod").map(({ scope }) => scope === "excluded")).toEqual([false]);
  });

  it("is the same for the same lock", () => {
    expect(JSON.stringify(makeSbom(root))).toBe(JSON.stringify(bom));
  });
});

describe("a package to publish", () => {
  it("holds nothing that must stay at home; only where it is published from is open", () => {
    const { problems, open } = publishable(root);
    // What the build makes is looked for by CI (`npm run release -- publish`): here there may be none, or an old one.
    expect(problems.filter((problem) => !problem.startsWith("dist/"))).toEqual([]);
    expect(open.every((line) => line.includes("repository"))).toBe(true);
  });
});
