import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { benchOptions } from "./options.ts";

const USAGE = "bench/x.ts FILE [--rounds N] [--seed TEXT] [--keep]";

it("reads the options that the usage names", () => {
  const options = benchOptions(USAGE, ["a.pcap", "--rounds", "7", "--keep"]);
  expect(options.positionals).toEqual(["a.pcap"]);
  expect([options.number("rounds", 5), options.text("seed", "s"), options.flag("keep")]).toEqual([7, "s", true]);
});

it.each([
  [["--help"], 0, /^usage: node bench\/generate\.ts OUT\.pcap /],
  [["out.pcap", "--pakets", "3"], 2, /Unknown option '--pakets'/],
  [["out.pcap", "--packets", "many"], 2, /--packets many: expected a number/],
])("generate.ts %j ends with %i and writes no file", (args, status, said) => {
  const folder = mkdtempSync(join(tmpdir(), "tapproof-options-"));
  const run = spawnSync(process.execPath, [resolve("bench/generate.ts"), ...args], { cwd: folder, encoding: "utf8" });
  expect([run.status, run.stdout + run.stderr]).toEqual([status, expect.stringMatching(said)]);
  expect(existsSync(folder) && readdirSync(folder)).toEqual([]);
});
