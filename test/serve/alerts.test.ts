/** A server tells outside what its scans find anew: once, stronger findings again, and nothing about interception unless everybody here is cleared. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FindingRecord } from "#findings/document.ts";
import type { FindingPage, ScanJob, Upload } from "#serve/api/types.ts";
import { capturesOf, Page, PROGRAM, scanCases, settingsFor, type TestCases } from "./cases.ts";

let cases: TestCases;
beforeAll(() => {
  cases = scanCases(["copy"]);
}, 60_000);
afterAll(() => cases?.remove());

async function scanned(page: Page, id: string, name: string): Promise<void> {
  const { captures, network } = capturesOf(name);
  await page.ask("PUT", `/cases/${id}/declaration`, { text: readFileSync(network, "utf8") });
  const uploads: string[] = [];
  for (const path of captures) {
    const sent = await page.ask(
      "POST",
      `/cases/${id}/uploads?file=${encodeURIComponent(path.slice(path.lastIndexOf("/") + 1))}`,
      new Uint8Array(readFileSync(path)),
    );
    uploads.push((sent.body as Upload).id);
  }
  let job = (await page.ask("POST", `/cases/${id}/scans`, { uploads })).body as ScanJob;
  await expect
    .poll(
      async () => {
        job = await page.get<ScanJob>(`/cases/${id}/scans/${job.id}`);
        return job.state;
      },
      { timeout: 60_000 },
    )
    .toBe("done");
}

for (const clearance of [false, true])
  test(
    `what a scan finds goes out once, ${clearance ? "to a cleared server about interception too" : "and nothing about interception"}`,
    { timeout: 120_000 },
    async () => {
      const told: FindingRecord[] = [];
      const home = join(cases.home, `alerts-${clearance}`);
      const page = await Page.on(settingsFor(cases, { paths: [], home, cleared: clearance, alert: (finding) => told.push(finding) }));
      // first: once the next one's news has come, its own had gone out
      await page.ask("POST", "/cases", { name: "lawful" });
      await scanned(page, "lawful", "interception");
      await page.ask("POST", "/cases", { name: "peer" });
      await scanned(page, "peer", "undeclared-peer");
      const found = await page.get<FindingPage>("/cases/peer/findings");
      const open = () => told.filter((f) => f.claim !== "unwarranted-interception");
      await expect.poll(() => open().length).toBe(found.total);
      expect(told.some((f) => f.claim === "unwarranted-interception")).toBe(clearance);
      expect(
        open()
          .map((f) => f.id)
          .toSorted(),
      ).toEqual(found.items.map((f) => f.id).toSorted());
      expect(JSON.stringify(told)).not.toContain('"identities"');
      // the same captures again are no news
      await scanned(page, "peer", "undeclared-peer");
      expect(open()).toHaveLength(found.total);
      await page.server.close();
    },
  );

test("an outlet that cannot be is refused before anything is served", () => {
  const [node, entry] = PROGRAM;
  const { status, stderr } = spawnSync(
    node,
    [entry, "serve", join(cases.root, "copy"), "--no-open", "--alert-webhook", "ftp://somewhere"],
    {
      encoding: "utf8",
      env: { ...process.env, TAPPROOF_HOME: cases.home },
      timeout: 30_000,
    },
  );
  expect(status).toBe(2);
  expect(stderr).toMatch(/^tapproof: serve: --alert-webhook ftp:\/\/somewhere: expected an http or https address$/m);
});
