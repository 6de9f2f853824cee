/** kill -9 within the database's own commit: the scan is there whole or not at all, and the next one goes on. And what a stranger's database may not do. */
import { fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, it } from "vitest";
import { CaseWriter } from "#store/database.ts";
import { queryCase } from "#store/query.ts";

const folder = mkdtempSync(join(tmpdir(), "tapproof-commit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = 60_000;

/** Commits a scan; with `delay`, kills so many milliseconds after the commit began. Answers whether it was killed. */
function commit(path: string, delay?: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("commit-at-once.ts", import.meta.url)), [path, String(ROWS)]);
    child.on("error", reject);
    child.on("message", () => {
      if (delay !== undefined) setTimeout(() => child.kill("SIGKILL"), delay);
    });
    child.on("exit", (_, signal) => resolve(signal === "SIGKILL"));
  });
}

async function runs(path: string): Promise<readonly (readonly unknown[])[]> {
  const sql = `SELECT r.run, count(*)::INTEGER, (SELECT count(*)::INTEGER FROM captures c WHERE c.run = r.run)
    FROM reference_points r GROUP BY r.run ORDER BY r.run`;
  return (await queryCase(path, sql)).rows;
}

it("a scan that is killed while it commits is there whole or not at all", { timeout: 240_000 }, async () => {
  const path = join(folder, "case.duckdb");
  await commit(path);
  let [whole, killed] = [1, 0];
  for (const delay of [0, 1, 2, 4, 8, 16, 32, 64]) {
    if (await commit(path, delay)) killed++;
    const found = await runs(path);
    for (const [, rows, captures] of found) expect([rows, captures]).toEqual([ROWS, 1]);
    expect([whole, whole + 1]).toContain(found.length);
    whole = found.length;
  }
  expect(killed).toBeGreaterThan(0);
  await commit(path);
  expect(await runs(path)).toHaveLength(whole + 1);
});

it("a stranger's database has nothing else read when a scan is added to it", async () => {
  const secret = join(folder, "secret.csv");
  writeFileSync(secret, "run\n41\n");
  const path = join(folder, "stranger.duckdb");
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(`CREATE VIEW captures AS SELECT * FROM read_csv('${secret}')`);
  connection.closeSync();
  instance.closeSync();
  // Whoever opens it without care would take the file's number for a scan's.
  await expect(CaseWriter.open(path)).rejects.toThrow();
  await expect(queryCase(path, "SELECT * FROM captures")).rejects.toThrow(/disabled|not allowed|permission/i);
});
