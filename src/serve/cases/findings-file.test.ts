import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { readFindingAt, readFindings } from "./findings-file.ts";

const folder = mkdtempSync(join(tmpdir(), "findings-file-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "findings.json");

test("whatever JSON stands in it, findings and rest are what JSON.parse reads", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.boolean(),
      async (findings, before, after, pretty) => {
        const whole = { ...before, findings, ...after };
        writeFileSync(path, JSON.stringify(whole, null, pretty ? 2 : undefined));
        const expected = JSON.parse(JSON.stringify(whole)) as Record<string, unknown>;
        const list = Array.isArray(expected["findings"]) ? (expected["findings"] as unknown[]) : [];
        if ("findings" in after || "findings" in before) return;
        const seen: unknown[] = [];
        const places: { offset: number; length: number }[] = [];
        const rest = await readFindings(path, (finding, place) => {
          seen.push(finding);
          places.push(place);
        });
        expect(seen).toEqual(list);
        expect({ ...rest, findings: list }).toEqual(expected);
        for (const [i, place] of places.entries()) expect(await readFindingAt(path, place)).toEqual(list[i]);
      },
    ),
    { numRuns: 200 },
  );
});

test("findings that lie across chunks, and quotes and brackets inside strings", async () => {
  const odd = 'a "quoted" \\ [bracket] {brace} \u2028 é';
  const findings = Array.from({ length: 3000 }, (_, i) => ({
    id: String(i),
    summary: odd.repeat(1 + (i % 97)),
    deep: { list: [{ x: odd }] },
  }));
  writeFileSync(path, JSON.stringify({ schema: odd, findings, coverage: { findings: [{ no: "finding" }] } }, null, 1));
  const seen: string[] = [];
  const rest = await readFindings(path, (finding) => seen.push(finding.id));
  expect(seen).toHaveLength(3000);
  expect(rest).toEqual({ schema: odd, findings: [], coverage: { findings: [{ no: "finding" }] } });
});

test("what is no JSON is an error that names the file", async () => {
  writeFileSync(path, '{"findings": [{]}');
  await expect(readFindings(path, () => undefined)).rejects.toThrow(/findings\.json/);
});
