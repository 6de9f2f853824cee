/**
 * `node tools/oracle/main.ts`: compares our reading of captures with tshark's.
 *
 *     --check           run tshark anew; its reading must equal the golden files, and ours must agree with it
 *     --write           write the golden files and docs/decode-agreement.md
 *     CAPTURE...        show the differences for these captures alone
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agreementPage, type Row } from "./agreement.ts";
import { committedCaptures, type OracleCapture, sharedCaptures } from "./captures.ts";
import { explanation } from "./differences.ts";
import { ourSummary } from "./ours.ts";
import { type Difference, differences, type Summary, summaryJson } from "./summary.ts";
import { tsharkSummary } from "./tshark.ts";

const ROOT = join(import.meta.dirname, "../..");
const GOLDEN = join(ROOT, "test/oracle/golden");
const PAGE = join(ROOT, "docs/decode-agreement.md");

const args = process.argv.slice(2);
const paths = args.filter((a) => !a.startsWith("--"));
const captures: OracleCapture[] =
  paths.length > 0
    ? paths.map((path) => ({ path, name: path.split("/").slice(-2).join("-") }))
    : [...new Map([...committedCaptures(ROOT), ...sharedCaptures(ROOT)].map((c) => [c.name, c])).values()];
if (captures.length === 0) throw new Error("no captures found");

let wrong = 0;
const rows: Row[] = [];
for (const capture of captures) {
  const theirs = await tsharkSummary(capture.path);
  const { summary: ours } = await ourSummary(capture.path);
  const all = differences(ours, theirs);
  rows.push({ name: capture.name, theirs, differences: all });
  for (const d of all.filter((x) => explanation(capture.name, x) === undefined)) tell(capture, describe(d));
  const golden = join(GOLDEN, `${capture.name}.json`);
  if (args.includes("--write")) writeFileSync(golden, summaryJson(theirs));
  else if (paths.length === 0 && !sameGolden(golden, theirs)) tell(capture, "tshark's reading differs from its golden file");
}
rows.sort((a, b) => (a.name < b.name ? -1 : 1));
if (args.includes("--write")) writeFileSync(PAGE, agreementPage(rows));
process.stdout.write(`${captures.length} captures, ${wrong} problems\n`);
process.exitCode = wrong === 0 ? 0 : 1;

function tell(capture: OracleCapture, what: string): void {
  wrong++;
  process.stdout.write(`${capture.name}: ${what}\n`);
}

function describe(d: Difference): string {
  return `${d.side}: ${d.protocol} ${d.what} ${d.entry}`;
}

function sameGolden(path: string, summary: Summary): boolean {
  return existsSync(path) && readFileSync(path, "utf8") === summaryJson(summary);
}
