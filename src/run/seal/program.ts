/**
 * Which program this is: a hash over the stages that decide what is found. It stands in the settings record, so that a replay with another
 * threshold, detector or decoder is seen to be another program's.
 *
 * From source: over the files of those stages. Built: the build wrote that hash into `program.json`, with a hash of each file it made; a
 * build that was changed afterwards is a program of its own.
 */
import { hash } from "node:crypto";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folders under `src` whose code decides. */
const STAGES = ["model", "bytes", "capture", "decode", "declaration", "register", "track", "detect", "findings", "run"] as const;
const BUILD_FILE = "program.json";

interface BuildFile {
  readonly sources: string;
  readonly files: Readonly<Record<string, string>>;
}

let known: string | undefined;

/** 64 hex digits; computed once. */
export function programHash(): string {
  return (known ??= find(fileURLToPath(import.meta.url)));
}

function find(here: string): string {
  const folder = dirname(here);
  if (here.endsWith(".ts")) return sourcesHash(join(folder, "..", ".."));
  // A chunk lies one folder below the entry.
  const dist = basename(folder) === "chunks" ? join(folder, "..") : folder;
  const built = existsSync(join(dist, BUILD_FILE)) ? (JSON.parse(readFileSync(join(dist, BUILD_FILE), "utf8")) as BuildFile) : undefined;
  const files = globSync(["*.js", "chunks/*.js"], { cwd: dist });
  const intact =
    built !== undefined &&
    files.length === Object.keys(built.files).length &&
    files.every((file) => hash("sha256", readFileSync(join(dist, file)), "hex") === built.files[file.replaceAll("\\", "/")]);
  return intact ? built.sources : filesHash(dist, files);
}

/** What the build writes beside its output. `dist` holds its files and nothing else. */
export function writeBuildFile(dist: string, sources: string): void {
  const files = globSync(["*.js", "chunks/*.js"], { cwd: dist }).map((file) => [
    file.replaceAll("\\", "/"),
    hash("sha256", readFileSync(join(dist, file)), "hex"),
  ]);
  const built: BuildFile = { sources: sourcesHash(sources), files: Object.fromEntries(files) as Record<string, string> };
  writeFileSync(join(dist, BUILD_FILE), `${JSON.stringify(built, null, 2)}\n`);
}

/** Over names and contents of all source files of the stages, tests left out. `root` is `src`. */
export function sourcesHash(root: string): string {
  return filesHash(
    root,
    STAGES.flatMap((stage) => globSync(`${stage}/**/*.ts`, { cwd: root })).filter((file) => !file.endsWith(".test.ts")),
  );
}

function filesHash(root: string, files: readonly string[]): string {
  const lines = files
    .map((file) => `${hash("sha256", readFileSync(join(root, file)), "hex")}  ${file.replaceAll("\\", "/")}\n`)
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
  return hash("sha256", lines.join(""), "hex");
}
