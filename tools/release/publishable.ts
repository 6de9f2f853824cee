/** Whether `npm publish --provenance` of this folder would hand on what it should and nothing else. Nothing is sent. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { npm } from "./sbom.ts";

/** What a package must hold. */
const NEEDED = [
  "package.json",
  "LICENSE",
  "README.md",
  "CHANGELOG.md",
  "bin/tapproof.cjs",
  "dist/cli.js",
  "dist/third-party.txt",
  "tools/verify/verify.py",
];
/** What must never be handed on: secrets, cases, tests, sources, maps. */
const NEVER = [
  /(^|\/)keys\.(json|id)$/,
  /\.key$/,
  /\.pem$/,
  /\.env$/,
  /\.tapproof$/,
  /\.duckdb$/,
  /\.test\.ts$/,
  /\.map$/,
  /^src\//,
  /(^|\/)\.git/,
  /^\.ci\//,
];

interface Manifest {
  readonly private?: boolean;
  readonly repository?: { readonly url?: string } | string;
  readonly license?: string;
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly scripts?: Readonly<Record<string, string>>;
}

export interface Publishable {
  readonly files: readonly string[];
  readonly problems: readonly string[];
  /** What only the place that it is published from can settle. */
  readonly open: readonly string[];
}

export function publishable(root: string): Publishable {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  const [packed] = JSON.parse(npm(root, ["pack", "--dry-run", "--json", "--ignore-scripts"])) as [{ files: { path: string }[] }];
  const files = packed.files.map(({ path }) => path);
  const problems = [
    ...NEEDED.filter((path) => !files.includes(path)).map((path) => `${path} would not be in the package`),
    ...files.filter((path) => NEVER.some((pattern) => pattern.test(path))).map((path) => `${path} would be in the package`),
    ...(manifest.private === true ? ["package.json says private"] : []),
    ...(manifest.publishConfig?.provenance === true ? [] : ["package.json does not ask for provenance (publishConfig.provenance)"]),
    ...(manifest.publishConfig?.access === "public" ? [] : ["package.json does not say that access is public (publishConfig.access)"]),
    ...["preinstall", "install", "postinstall"]
      .filter((script) => manifest.scripts?.[script] !== undefined)
      .map((script) => `${script} would run on every user's machine`),
  ];
  const { repository } = manifest;
  const url = typeof repository === "string" ? repository : repository?.url;
  const open = url === undefined ? ["package.json names no repository: provenance says from which one a package was built"] : [];
  return { files, problems, open };
}
