/**
 * What the search for copies costs: CPU (user + system) of `tapproof scan --json` without and with it, in pairs, several rounds; prints the median
 * packet rate with the search as a share of that without (the goal is 0.5 or more), and the peak memory of both.
 *
 *   node bench/copies.ts [CAPTURE...] [--rounds N] [--packets N] [--dir DIR] [--network FILE]
 *
 * Without a capture it makes the benchmark's own (`generate.ts`), and the worst case of it: every packet a flow of its own.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generate, IMIX } from "./generate.ts";
import { benchOptions } from "./options.ts";

const options = benchOptions("bench/copies.ts [CAPTURE…] [--rounds N] [--packets N] [--dir DIR] [--network FILE]");
const captures = [...options.positionals];
const rounds = options.number("rounds", 3);
const packets = options.number("packets", IMIX.packets);
const dir = options.text("dir", join(tmpdir(), "tapproof-bench"));
const main = fileURLToPath(new URL("../bin/tapproof.cjs", import.meta.url));

function made(name: string, flowPackets: number): string {
  const path = join(dir, `${name}-${packets}.pcap`);
  mkdirSync(dir, { recursive: true });
  if (!existsSync(path)) generate(path, { ...IMIX, packets, flowPackets });
  return path;
}
if (captures.length === 0) captures.push(made("imix", IMIX.flowPackets), made("imix-worst", 1));

interface Measured {
  readonly cpu: number;
  readonly megabytes: number;
}

function measure(capture: string, memory: number): Measured {
  const network = options.text("network", "");
  const args = [main, "scan", capture, "--json", "--copy-memory", String(memory), ...(network === "" ? [] : ["--network", network])];
  const run = spawnSync("/usr/bin/time", ["-f", "%U %S %M", process.execPath, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    env: { ...process.env, TAPPROOF_FROM_SOURCE: "1" },
  });
  if (run.status !== 0) throw new Error(`scan of ${capture} failed: ${run.stderr}`);
  const [user = 0, system = 0, kib = 0] = (run.stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  return { cpu: user + system, megabytes: kib / 1024 };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const shown = (values: readonly number[], digits: number): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)})`;

for (const capture of captures) {
  const pairs: { without: Measured; with: Measured }[] = [];
  for (let i = 0; i < rounds; i++) pairs.push({ without: measure(capture, 0), with: measure(capture, 1024) });
  console.log(
    `${basename(capture)}: rate with copies / without ${shown(
      pairs.map((p) => p.without.cpu / p.with.cpu),
      2,
    )}; CPU ${shown(
      pairs.map((p) => p.without.cpu),
      2,
    )} s and ${shown(
      pairs.map((p) => p.with.cpu),
      2,
    )} s; peak ${median(pairs.map((p) => p.without.megabytes)).toFixed(0)} and ${median(pairs.map((p) => p.with.megabytes)).toFixed(0)} MiB; ${rounds} rounds`,
  );
}
