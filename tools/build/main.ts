/**
 * `npm run build`: bundles the command line to `dist/` (published packages must hold JavaScript: Node strips no types under
 * node_modules). Commands become chunks of their own that load when called. Native and large packages stay outside.
 */
import { hash } from "node:crypto";
import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { COMMANDS } from "#cli/commands.ts";
import { completionScript, SHELLS } from "#cli/completion.ts";
import { manualPages } from "#cli/manual.ts";
import { makeProgram } from "#cli/program.ts";
import { writeBuildFile } from "#run/seal/program.ts";
import { selfCheckBuild } from "#report/html/verifier-script.ts";
import { notices } from "../release/licences.ts";
import { buildVerifyPage } from "./verify-page.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const outdir = `${root}dist`;
const EXTERNAL = ["@duckdb/*", "fastify", "@fastify/*", "playwright-core", "esbuild", "@platformatic/kafka", "postgres"];

/** Worker threads are started by file: each gets an entry of its own, `src/<folder>/<name>-worker.ts` → `dist/<name>-worker.js`. */
const workers = globSync("src/**/*-worker.ts", { cwd: root }).map((file) => ({
  in: `${root}${file}`,
  out: file.slice(file.lastIndexOf("/") + 1, -3),
}));

rmSync(outdir, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: [{ in: `${root}src/cli/main.ts`, out: "cli" }, ...workers],
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  chunkNames: "chunks/[name]-[hash]",
  external: EXTERNAL,
  // CommonJS packages inside the bundle call `require` for Node's own modules
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
  minifySyntax: true,
  // Names are kept as they are not minified; `keepNames` would redefine each function's name whenever it is made, closures in hot paths too.
  legalComments: "external",
  metafile: true,
  logLevel: "warning",
});
// The verifier as one script for a browser: reports carry it (`src/report/html/verifier-script.ts` reads it from there).
await build({ ...selfCheckBuild(`${root}src/report/html/self-check-browser.ts`), outfile: `${outdir}/self-check.js`, logLevel: "warning" });
// The verifier as a page of its own, for a stranger who has nothing but a browser.
const page = buildVerifyPage();
writeFileSync(`${outdir}/verify.html`, page);
writeFileSync(`${outdir}/verify.html.sha256`, `${hash("sha256", page, "hex")}  verify.html\n`);
writeBuildFile(outdir, `${root}src`);
writeFileSync(`${outdir}/third-party.txt`, notices(root));
// Manual pages and shell completion, from the commands themselves.
const program = makeProgram(COMMANDS);
mkdirSync(`${outdir}/man`);
mkdirSync(`${outdir}/completion`);
const changed = process.env["SOURCE_DATE_EPOCH"];
const date = new Date(changed === undefined ? Date.now() : Number(changed) * 1000).toISOString().slice(0, 10);
for (const [name, text] of manualPages(program, date)) writeFileSync(`${outdir}/man/${name}`, text);
for (const shell of SHELLS) writeFileSync(`${outdir}/completion/tapproof.${shell}`, completionScript(shell, program));
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`dist/: ${Object.keys(result.metafile.outputs).length} files, ${Math.round(bytes / 1024)} KiB`);

const web = new URL("../../web/vite.config.ts", import.meta.url);
if (existsSync(web)) {
  const { build: buildWeb } = await import("vite");
  await buildWeb({ root: fileURLToPath(new URL(".", web)), configFile: fileURLToPath(web), logLevel: "warn" });
}
