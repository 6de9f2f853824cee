/**
 * Compares CPU (user + system) of this tool with others on the same capture, in pairs, several rounds, and prints median, least
 * and greatest ratio. Ratios, because absolute times of a shared machine say little.
 *
 *   node bench/run.ts [--packets N] [--rounds N] [--dir DIR] [--profile imix|small] [--what decode|scan] [--peers tcpdump,tshark,…]
 *
 * `decode` (default) reads and decodes every frame and hashes the file; `scan` runs `tapproof scan --json`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generate, IMIX, type Profile } from "./generate.ts";

const here = dirname(fileURLToPath(import.meta.url));
const option = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};

interface Measured {
  /** Seconds, user and system. */
  readonly cpu: number;
  readonly wall: number;
  /** Peak resident set, MiB. */
  readonly memory: number;
  readonly ok: boolean;
}

/** GNU time gives the numbers of exactly one child; resource usage of this process would add all children up. */
const TIME = "/usr/bin/time";

function measure(command: readonly string[]): Measured {
  const started = performance.now();
  const timed = existsSync(TIME);
  const before = process.resourceUsage();
  const [program, ...args] = timed ? [TIME, "-f", "%U %S %M", ...command] : command;
  const result = spawnSync(program!, args, { stdio: ["ignore", "ignore", "pipe"], maxBuffer: 1 << 26 });
  const wall = (performance.now() - started) / 1000;
  if (timed) {
    const [user, system, kib] = result.stderr.toString().trim().split("\n").at(-1)!.split(" ").map(Number);
    return { cpu: (user ?? 0) + (system ?? 0), wall, memory: (kib ?? 0) / 1024, ok: result.status === 0 };
  }
  const after = process.resourceUsage();
  const cpu = childCpu() - lastChildCpu;
  lastChildCpu += cpu;
  void before;
  void after;
  return { cpu, wall, memory: Number.NaN, ok: result.status === 0 };
}

let lastChildCpu = 0;

/** CPU seconds of all children waited for, where GNU time is not installed. */
function childCpu(): number {
  const fields =
    spawnSync("cat", [`/proc/${process.pid}/stat`])
      .stdout.toString()
      .split(") ")[1]
      ?.split(" ") ?? [];
  // cutime and cstime, in ticks of 1/100 s.
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function installed(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

const profile: Profile = {
  packets: Number(option("packets", String(IMIX.packets))),
  sizes: option("profile", "imix") === "small" ? "small" : "imix",
  seed: IMIX.seed,
  flowPackets: Number(option("flow-packets", String(IMIX.flowPackets))),
};
const dir = option("dir", join(tmpdir(), "tapproof-bench"));
mkdirSync(dir, { recursive: true });
const file = join(dir, `${profile.sizes}-${profile.packets}.pcap`);
if (!existsSync(file)) generate(file, profile);

const peers: Record<string, readonly string[]> = {
  tcpdump: ["tcpdump", "-r", file, "-w", "/dev/null"],
  nfpcapd: ["nfpcapd", "-r", file, "-l", dir],
  ndpiReader: ["ndpiReader", "-i", file, "-t"],
  tshark: ["tshark", "-n", "-r", file, "-T", "fields", "-e", "gtp.teid", "-e", "ip.src", "-e", "ip.dst", "-e", "ip.id"],
};
const ours =
  option("what", "decode") === "scan"
    ? [process.execPath, join(here, "../src/cli/main.ts"), "scan", "--json", file]
    : [process.execPath, join(here, "decode.ts"), file];

const chosen = option("peers", "tcpdump,nfpcapd").split(",");
const rounds = Number(option("rounds", "5"));
console.log(`${file}: ${profile.packets} packets, ${(statSync(file).size / 1e6).toFixed(0)} MB; Node ${process.version}; ${rounds} rounds`);
// Into the page cache, and the first start of everything out of the way.
measure(["cat", file]);
for (const name of chosen) {
  const command = peers[name];
  if (command === undefined || !installed(command[0]!)) {
    console.log(`${name}: not installed`);
    continue;
  }
  const ratios: number[] = [];
  const own: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < rounds; round++) {
    // The order alternates, so that a drift of the machine's load cancels out.
    const pair = round % 2 === 0 ? [measure(ours), measure(command)] : [measure(command), measure(ours)].reverse();
    const [us, them] = pair as [Measured, Measured];
    if (!us.ok || !them.ok) console.log(`round ${round}: ${us.ok ? name : "tapproof"} failed`);
    own.push(us);
    theirs.push(them);
    ratios.push(us.cpu / them.cpu);
  }
  const range = (values: readonly number[], digits: number): string =>
    `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)})`;
  console.log(
    `${name}: CPU ratio ${range(ratios, 2)}; ours ${range(
      own.map((m) => m.cpu),
      2,
    )} s, theirs ${range(
      theirs.map((m) => m.cpu),
      2,
    )} s; ` +
      `peak memory ${Math.max(...own.map((m) => m.memory)).toFixed(0)} and ${Math.max(...theirs.map((m) => m.memory)).toFixed(0)} MiB`,
  );
}
