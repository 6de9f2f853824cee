/**
 * `npm run mutate -- FOLDER|FILE…`: changes the code in small ways (a bound, a condition, a dropped check), runs the tests that should notice, and says
 * how many did (Stryker). The survivors are listed one by one; `--json FILE` keeps the whole report, `--record` writes the scores into docs/mutation.md (reports
 * given in place of folders are recorded without a run). A command of its own: it takes hours.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { record } from "./record.ts";

/** Tests beyond a folder's own that are about it. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  "src/verify": ["quick-forgeries", "vectors"].map((name) => `test/bundle/${name}.test.ts`),
};

const { values, positionals } = parseArgs({
  options: {
    json: { type: "string" },
    concurrency: { type: "string", default: "1" },
    tests: { type: "string", multiple: true },
    record: { type: "boolean" },
  },
  allowPositionals: true,
});
if (positionals.length === 0) {
  console.error(
    "usage: npm run mutate -- FOLDER|FILE… [--tests GLOB]… [--json FILE] [--record] [--concurrency N]   or   npm run mutate -- REPORT.json…",
  );
  process.exit(2);
}
const today = new Date().toISOString().slice(0, 10);
if (positionals.every((given) => given.endsWith(".json"))) {
  record(positionals, today);
  process.exit(0);
}
const mutate: string[] = [];
const tests = new Set<string>(values.tests ?? []);
for (const given of positionals) {
  const folder = statSync(given).isDirectory();
  mutate.push(folder ? `${given}/**/*.ts` : given, "!**/*.test.ts", "!**/for-tests.ts");
  if (values.tests !== undefined) continue;
  const within = folder ? given : given.slice(0, given.lastIndexOf("/"));
  tests.add(`${within}/**/*.test.ts`);
  for (const [about, also] of Object.entries(ALSO)) if (given.startsWith(about)) for (const path of also) tests.add(path);
}
const temporary = mkdtempSync(join(tmpdir(), "tapproof-mutate-"));
const config = join(temporary, "stryker.conf.json");
const report = values.json ?? join(temporary, "report.json");
writeFileSync(
  config,
  JSON.stringify({
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "tools/mutate/vitest.config.ts", related: false },
    mutate,
    // TypeScript 7 has no API for Stryker to rewrite a tsconfig with; nothing at run time reads one.
    tsconfigFile: "none.json",
    coverageAnalysis: "perTest",
    concurrency: Number(values.concurrency),
    // Sentences may be worded differently: a test that fails for a word notices nothing.
    mutator: { excludedMutations: ["StringLiteral"] },
    // The schema of the configuration knows no other way to leave what is large out of the copy.
    ignorePatterns: ["dist", "web", "packaging", "bench"],
    ignoreStatic: true,
    tempDirName: join(temporary, "copy"),
    reporters: ["clear-text", "progress-append-only", "json"],
    jsonReporter: { fileName: report },
    clearTextReporter: { allowColor: false, reportTests: false, skipFull: true },
    allowConsoleColors: false,
    disableTypeChecks: false,
    timeoutMS: 20_000,
  }),
);
const run = spawnSync("npx", ["stryker", "run", config], {
  stdio: "inherit",
  env: { ...process.env, TAPPROOF_MUTATE_TESTS: [...tests].join(","), NODE_NO_WARNINGS: "1" },
});
if (values.record === true && run.status === 0) record([report], today);
rmSync(temporary, { recursive: true, force: true });
process.exit(run.status ?? 1);
