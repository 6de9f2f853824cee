/** Ctrl-C: the program ends by the signal, and says what is kept and how to go on. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";

const root = mkdtempSync(join(tmpdir(), "tapproof-interrupted-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const EXAMPLE = "test/captures/claims-examples/ghost-tunnel";

/** A scan of standard input that has read half of a capture, and is interrupted when `ready` says so. */
async function interrupted(args: readonly string[], ready: () => boolean): Promise<{ signal: string | null; said: string }> {
  const child = spawn(process.execPath, ["bin/tapproof.cjs", "scan", "-", ...args], {
    env: { ...process.env, TAPPROOF_HOME: join(root, "home"), TAPPROOF_PROGRESS: "json" },
    stdio: ["pipe", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const octets = readFileSync(`${EXAMPLE}/core.pcap`);
  child.stdin.write(octets.subarray(0, octets.length >> 1));
  const ended = new Promise<string | null>((resolve) => child.on("exit", (_, signal) => resolve(signal)));
  // Standard input stays open, so the scan waits for more.
  for (let i = 0; i < 600 && !ready(); i++) await wait(50);
  await wait(300);
  child.kill("SIGINT");
  const signal = await ended;
  return { signal, said: said.replaceAll(/^\{.*\n/gm, "") };
}

it("without a case nothing was written", async () => {
  const began = Date.now();
  const { signal, said } = await interrupted([], () => Date.now() - began > 3000);
  expect([signal, said]).toEqual(["SIGINT", "tapproof: interrupted; nothing was written; run the same command again\n"]);
});

it("with a case: what it held before is kept, and --append goes on", async () => {
  const folder = join(root, "case");
  const { signal, said } = await interrupted(["--case", folder], () => existsSync(join(folder, "case.duckdb")));
  expect([signal, said]).toEqual([
    "SIGINT",
    `tapproof: interrupted; ${folder} keeps what it held before, and nothing of this scan; run the same command again with --append\n`,
  ]);
});
