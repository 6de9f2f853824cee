/** A case folder may be handed on by a stranger: what lies or is written in it never leads out of it, and what it was changed to is told. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { scoreCommand } from "#cli/score.ts";
import { bundleCase, carvedPath } from "#evidence/bundle/assemble.ts";
import { openCaseLog } from "#evidence/log/case-log.ts";
import { writeWhole } from "#evidence/log/durable.ts";
import { CaseFolder } from "#store/case-folder.ts";
import { labSource, makeCase, removeTemporary, SIGNER, temporaryFolder } from "./make.ts";

afterAll(removeTemporary);

it("carved packets that were exchanged are not put into a bundle", async () => {
  const { folder } = await makeCase(labSource("copy-vxlan"));
  const carved = join(folder, "carved");
  writeFileSync(join(carved, readdirSync(carved)[0] as string), "something else");
  const log = openCaseLog(folder, SIGNER);
  expect(() => bundleCase(folder, log, SIGNER)).toThrow(/is not what the log says/);
  log.close();
}, 30_000);

it.each(["../../etc/passwd", "", "a/b", "A".repeat(64), "0".repeat(63)])("%j names no carved packets", (sha256) => {
  expect(() => carvedPath("/case", sha256)).toThrow(/not a SHA-256/);
});

it("a link where a file is written beside is never followed", () => {
  const root = temporaryFolder();
  const victim = join(root, "victim");
  writeFileSync(victim, "mine");
  const path = join(root, "case");
  mkdirSync(path);
  const folder = CaseFolder.check(path, false);
  symlinkSync(victim, join(path, "note.json.tmp"));
  folder.writeText("note.json", "theirs");
  symlinkSync(victim, join(path, "head.tmp"));
  writeWhole(join(path, "head"), "theirs", { alone: true });
  expect(readFileSync(victim, "utf8")).toBe("mine");
  expect(readFileSync(join(path, "note.json"), "utf8") + readFileSync(join(path, "head"), "utf8")).toBe("theirstheirs");
});

it("a truth whose case is a path is refused", () => {
  const root = temporaryFolder();
  const findings = join(root, "findings");
  mkdirSync(findings);
  writeFileSync(join(root, "truth.json"), JSON.stringify({ case: "../secret", expect: [] }));
  writeFileSync(join(root, "secret.json"), "{}");
  let said = "";
  const io = { stdout: { write: () => true }, stderr: { write: (text: string) => (said += text) } };
  expect(scoreCommand({ truth: join(root, "truth.json"), findings, json: false }, io)).toBe(2);
  expect(said).toContain("give it a name without a path");
  expect(existsSync(join(root, "secret.json"))).toBe(true);
});
