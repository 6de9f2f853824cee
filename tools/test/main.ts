/** `npm test [-- --lane LANE]`: runs a lane of tests (`lanes.ts`) and ends with the one line `N passed, N failed`. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LANES } from "./lanes.ts";

const given = process.argv.slice(2);
const at = given.indexOf("--lane");
const lane = at < 0 ? "default" : given.splice(at, 2)[1];
if (lane !== "default" && !Object.hasOwn(LANES, lane ?? "")) {
  console.error(`--lane ${lane ?? ""}: expected one of default, ${Object.keys(LANES).join(", ")}`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "tapproof-test-"));
const report = join(folder, "report.json");
const run = spawnSync("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...given], {
  stdio: "inherit",
  env: { ...process.env, TAPPROOF_TEST_LANE: lane },
});
if (!existsSync(report)) {
  console.log("0 passed, 1 failed");
  process.exit(run.status === 0 ? 1 : (run.status ?? 1));
}
const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
rmSync(folder, { recursive: true, force: true });
const failed = (numFailedTests ?? 0) + (numFailedTests === 0 ? (numFailedTestSuites ?? 0) : 0);
console.log(`${numPassedTests ?? 0} passed, ${failed} failed`);
process.exit(run.status ?? 1);
