/** The README's commands work as they stand there: each line is run by a shell in a folder that has what the clone has. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, it } from "vitest";

const root = mkdtempSync(join(tmpdir(), "tapproof-readme-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
symlinkSync(resolve("examples"), join(root, "examples"));
mkdirSync(join(root, "bin"));
writeFileSync(join(root, "bin", "npx"), `#!/bin/sh\nshift\nexec "${process.execPath}" "${resolve("bin/tapproof.cjs")}" "$@"\n`, {
  mode: 0o755,
});
const { TAPPROOF_HOME: _, XDG_CONFIG_HOME: __, ...inherited } = process.env;
const env = { ...inherited, HOME: root, PATH: `${join(root, "bin")}:${process.env["PATH"] ?? ""}` };

const lines = readFileSync("README.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("npx tapproof "));

it("there are four, and the last serves", () => {
  expect(lines).toHaveLength(4);
  expect(lines[3]).toMatch(/^npx tapproof serve /);
});
it.each(lines.slice(0, 3))("%s", { timeout: 60_000 }, (line) => {
  const { status, stderr } = spawnSync("bash", ["-c", line], { cwd: root, env, encoding: "utf8" });
  expect([status, stderr.replaceAll(/^tapproof: .*\n/gm, "")]).toEqual([0, ""]);
});
it("the page that is served answers", async () => {
  const child = spawn("bash", ["-c", `exec ${lines[3] ?? ""} --no-open`], { cwd: root, env, stdio: ["ignore", "pipe", "ignore"] });
  try {
    const address = await new Promise<string>((answer) => createInterface({ input: child.stdout }).once("line", answer));
    expect((await fetch(address)).status).toBe(200);
  } finally {
    child.kill("SIGTERM");
  }
});
