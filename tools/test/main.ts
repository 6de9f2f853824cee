/** `npm test`: runs all tests and ends with the one line `N passed, N failed`. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const report = join(mkdtempSync(join(tmpdir(), "tapproof-test-")), "report.json");
const run = spawnSync("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)], {
  stdio: "inherit",
});
if (!existsSync(report)) {
  console.log("0 passed, 1 failed");
  process.exit(run.status === 0 ? 1 : (run.status ?? 1));
}
const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
const failed = (numFailedTests ?? 0) + (numFailedTests === 0 ? (numFailedTestSuites ?? 0) : 0);
console.log(`${numPassedTests ?? 0} passed, ${failed} failed`);
process.exit(run.status ?? 1);
