/**
 * Which packages a release is made of: those that are installed beside it, those whose code is inside its bundles, and those that only build or test it.
 * From the lock file and the imports in the source, so that no build is needed to know.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { builtinModules } from "node:module";

export type Place = "installed" | "bundled" | "build";

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX, as the package says; undefined where it says nothing. */
  readonly license: string | undefined;
  /** Folder in the project: `node_modules/…`. */
  readonly path: string;
  readonly place: Place;
}

interface LockEntry {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

/** Source that becomes part of the program or its pages. */
const SHIPPED_SOURCE = ["src/**/*.ts", "lab/**/*.ts", "web/**/*.{ts,tsx,css}"];
/** The build makes pages with these; none of their code stays. */
const BUILDS = new Set(["vite", "@vitejs/plugin-react", "esbuild"]);
const IMPORT = /(?:from|import|@import)\s*\(?\s*(?:url\()?["']([^"'#.\s][^"'\s]*)["']/g;

export function lockedPackages(root: string): LockedPackage[] {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, LockEntry> };
  const bundled = closure(packages, importedNames(root));
  return Object.entries(packages).flatMap(([path, entry]) => {
    if (path === "") return [];
    const place: Place = entry.dev !== true && entry.devOptional !== true ? "installed" : bundled.has(path) ? "bundled" : "build";
    return [{ name: nameOf(path), version: entry.version, license: entry.license, path, place }];
  });
}

/** Names of packages that shipped source imports. */
function importedNames(root: string): Set<string> {
  const names = new Set<string>();
  for (const file of globSync(SHIPPED_SOURCE, { cwd: root })) {
    if (/\.test\.tsx?$|(^|\/)vite\.config\.ts$/.test(file)) continue;
    for (const [, specifier = ""] of readFileSync(join(root, file), "utf8").matchAll(IMPORT)) {
      const name = specifier
        .split("/")
        .slice(0, specifier.startsWith("@") ? 2 : 1)
        .join("/");
      if (!builtinModules.includes(name) && !specifier.startsWith("node:") && !BUILDS.has(name)) names.add(name);
    }
  }
  return names;
}

/** Paths in the lock of the named packages and of all that they depend on. */
function closure(packages: Readonly<Record<string, LockEntry>>, names: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const follow = (from: string, name: string): void => {
    const path = resolved(packages, from, name);
    if (path === undefined || found.has(path)) return;
    found.add(path);
    for (const dependency of Object.keys(packages[path]?.dependencies ?? {})) follow(path, dependency);
  };
  for (const name of names) follow("", name);
  return found;
}

/** As Node looks for it: beside what asks, then further up. */
function resolved(packages: Readonly<Record<string, LockEntry>>, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("node_modules/") - 1))) {
    const path = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (at === "") return undefined;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}
