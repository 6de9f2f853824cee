/** From `learn` to a report without a person in between: everything says that nobody reviewed the declaration, and nothing is proven. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, expect, it } from "vitest";
import { run } from "#cli/main.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { WORDS } from "#words/words.ts";
import { COPY, env, removeAll, scratch } from "./cases.ts";

afterAll(removeAll);

async function tapproof(...args: readonly string[]): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const out: Buffer[] = [];
  stdout.on("data", (chunk: Buffer) => out.push(chunk));
  stderr.resume();
  expect(await run(args, { stdin: new PassThrough(), stdout, stderr, env })).toBe(0);
  return Buffer.concat(out).toString("utf8");
}

it("a draft proves nothing, names no network, and is said first", async () => {
  const folder = scratch("unreviewed");
  const captures = readdirSync(COPY)
    .filter((f) => f.endsWith(".pcap.gz"))
    .map((f) => join(COPY, f));
  const network = join(folder, "network.yaml");
  const path = join(folder, "case");
  await tapproof("learn", ...captures, "--out", network);
  const said = await tapproof("scan", ...captures, "--network", network, "--case", path);
  const found = JSON.parse(readFileSync(join(path, "findings.json"), "utf8")) as FindingsDocument;
  expect(found.network).toBeNull();
  expect(found.findings.map((f) => [f.claim, f.grade, f.bits >= 64])).toContainEqual(["covert-copy", "corroborated", true]);
  expect(found.findings.flatMap((f) => f.premises.map((p) => p.status))).not.toContain("declared");
  expect(said.replaceAll(/\s+/g, " ")).toContain(WORDS.en.report.lead.draft.trim());
  for (const lang of ["en", "fr"] as const) {
    const page = await tapproof("report", path, "--lang", lang, "--out", "-");
    const words = WORDS[lang].report;
    expect(page.replaceAll("&#39;", "'")).toContain(`<p class="lead">${words.lead.draft}`);
    expect(page).not.toMatch(/<title>[^<]*\bdraft\b/);
  }
});
