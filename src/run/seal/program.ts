/**
 * Which program this is: a hash over the stages that decide what is found. It stands in the settings record, so that a replay with another
 * threshold, detector or decoder is seen to be another program's.
 *
 * From source: over the files of those stages. Built: the build wrote that hash into `program.json`, with a hash of each file it made; a
 * build that was changed afterwards is a program of its own.
 */
import { hash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
  if (here.endsWith(".ts")) return sourcesHash(join(dirname(here), "..", ".."));
  // A chunk lies one folder below the entry.
  const folder = [dirname(here), join(dirname(here), "..")].find((path) => existsSync(join(path, BUILD_FILE)));
  if (folder === undefined) return filesHash(join(dirname(here), ".."), globSync("**/*.js", { cwd: join(dirname(here), "..") }));
  const built = JSON.parse(readFileSync(join(folder, BUILD_FILE), "utf8")) as BuildFile;
  const intact = Object.entries(built.files).every(([file, sha256]) => hash("sha256", readFileSync(join(folder, file)), "hex") === sha256);
  return intact ? built.sources : filesHash(folder, Object.keys(built.files));
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
