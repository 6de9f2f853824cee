import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { CaseWriter } from "./database.ts";
import { queryCase } from "./query.ts";

const folder = mkdtempSync(join(tmpdir(), "case-database-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("what a killed run left is gone with the next run, and what finished runs wrote stays", async () => {
  const path = join(folder, "case.duckdb");
  const count = async (): Promise<unknown> =>
    (await queryCase(path, "SELECT run, count(*)::INTEGER FROM reference_points GROUP BY run ORDER BY run")).rows;
  const first = await CaseWriter.open(path);
  first.row("reference_points", ["a", "b", "S11", 1]);
  first.row("captures", [0, "a.pcap", "0", 1, 1, 0, 1, 0, 0]);
  await first.close();
  const killed = await CaseWriter.open(path);
  expect(killed.run).toBe(2);
  killed.row("reference_points", ["a", "c", "S11", 1]);
  killed.flush();
  await killed.close();
  expect(await count()).toEqual([
    [1, 1],
    [2, 1],
  ]);
  const next = await CaseWriter.open(path);
  expect(next.run).toBe(2);
  next.row("reference_points", ["a", "d", "S11", 1]);
  next.row("reference_points", ["a", "e", "S11", 1]);
  next.row("captures", [0, "b.pcap", "1", 1, 1, 0, 1, 0, 0]);
  await next.close();
  expect(await count()).toEqual([
    [1, 1],
    [2, 2],
  ]);
});
