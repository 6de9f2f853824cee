/** Our reading of captures against tshark's golden reading (`tools/oracle/main.ts --write`); `npm test` needs no tshark for it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { committedCaptures, sharedCaptures } from "./captures.ts";
import { explanation } from "./differences.ts";
import { ourSummary } from "./ours.ts";
import { differences, type Summary } from "./summary.ts";

const ROOT = join(import.meta.dirname, "../..");
const shared = sharedCaptures(ROOT);
if (shared.length === 0) console.warn("SKIPPED: ../shared/captures is not here, only the committed captures are compared with tshark");
const captures = [...new Map([...shared, ...committedCaptures(ROOT)].map((c) => [c.name, c])).values()];

test("captures are there", () => {
  expect(captures.length).toBeGreaterThan(15);
});

test.each(captures.map((c) => [c.name, c.path] as const))("%s is read as tshark reads it", async (name, path) => {
  const golden = join(ROOT, "test/oracle/golden", `${name}.json`);
  expect(existsSync(golden), `no golden file: run node tools/oracle/main.ts --write`).toBe(true);
  const theirs = JSON.parse(readFileSync(golden, "utf8")) as Summary;
  const { summary } = await ourSummary(path);
  expect(differences(summary, theirs).filter((d) => explanation(name, d) === undefined)).toEqual([]);
});
