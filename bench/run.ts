/**
 * `npm run bench`: CPU (user + system) and peak memory of this tool and of others on the same capture, in pairs, several rounds.
 * Prints a Markdown table. Ratios, because absolute times of a shared machine say little; least values beside them, because
 * other load only ever adds. No figure makes it fail.
 *
 *   node bench/run.ts [--packets N] [--profile imix|small|gtpu] [--flow-packets N] [--rounds N] [--dir DIR]
 *                     [--what read-,read,track-,track,scan] [--peers tcpdump,nfpcapd,ndpiReader,tshark] [--cli FILE] [--keep] [--write]
 *
 * `--write` puts what was measured into bench/README.md, in the place of the same profile's last figures.
 *
 * `read`   reads, decodes and hashes every frame (bench/decode.ts, bundled)
 * `read-`  the same without the hash
 * `track-` reads and decodes every frame, tracks sessions, tunnels and flows, and joins the signalling (bench/tracked.ts, bundled): no hash, no judging
 * `track`  `tapproof scan --json --copy-memory 0`: sessions, tunnels, flows, signalling, all detectors but the search for copies
 * `scan`   `tapproof scan --json`
 *
 * `track` and `scan` run what users run: bin/tapproof.cjs with dist/ (`npm run build`); `--cli` names another built cli.js.
 */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { generate, IMIX, profileNamed, type Profile, type ProfileName } from "./generate.ts";
import { benchOptions } from "./options.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const options = benchOptions(
  "bench/run.ts [--packets N] [--profile imix|small|gtpu] [--flow-packets N] [--rounds N] [--dir DIR] [--what LIST] [--peers LIST] [--cli FILE] [--keep] [--write]",
);

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
  const began = performance.now();
  const before = childCpu();
  const timed = existsSync(TIME);
  const [program, ...args] = timed ? [TIME, "-f", "%U %S %M", ...command] : command;
  const result = spawnSync(program!, args, { stdio: ["ignore", "ignore", "pipe"], maxBuffer: 1 << 26 });
  const wall = (performance.now() - began) / 1000;
  const ok = result.status === 0;
  if (!timed) return { cpu: childCpu() - before, wall, memory: Number.NaN, ok };
  const [user, system, kib] = result.stderr.toString().trim().split("\n").at(-1)!.split(" ").map(Number);
  return { cpu: (user ?? 0) + (system ?? 0), wall, memory: (kib ?? 0) / 1024, ok };
}

/** CPU seconds of all children waited for so far, where GNU time is not installed. */
function childCpu(): number {
  const { stdout } = spawnSync("cat", [`/proc/${process.pid}/stat`]);
  const fields = stdout.toString().split(") ")[1]?.split(" ") ?? [];
  // cutime and cstime, in ticks of 1/100 s.
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function installed(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}

/** Whole scan, times tcpdump: without the hash of the file, with it. */
const GOALS: Partial<Record<ProfileName, readonly [number, number]>> = { gtpu: [1.6, 2.9], imix: [3, 4.3] };
/** Least CPU seconds by what and peer. */
const leastOf = new Map<string, { readonly own: number; readonly theirs: number }>();

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const least = (values: readonly number[]): number => Math.min(...values);
const most = (values: readonly number[]): number => Math.max(...values);

function capture(profile: Profile): string {
  const file = join(dir, `${profileName}-${profile.packets}-${profile.flowPackets}.pcap`);
  if (!existsSync(file)) {
    const made = generate(file, profile);
    console.error(`made ${file}: ${JSON.stringify(made)}`);
  }
  return file;
}

async function ours(what: string): Promise<(file: string) => readonly string[]> {
  if (what === "track" || what === "scan") {
    const more = what === "track" ? ["--copy-memory", "0"] : [];
    const other = options.text("cli", "");
    if (other !== "") {
      const start = `import(${JSON.stringify(pathToFileURL(resolve(other)).href)}).then((cli) => cli.start())`;
      return (file) => [process.execPath, "--eval", start, "tapproof", "scan", "--json", ...more, file];
    }
    const built = join(root, "dist/cli.js");
    if (!existsSync(built)) console.error("WARNING: dist/ is not built, so that sources are run; `npm run build` first");
    else {
      const newest = most(globSync("src/**/*.ts", { cwd: root }).map((path) => statSync(join(root, path)).mtimeMs));
      if (statSync(built).mtimeMs < newest) console.error("WARNING: dist/ is older than the sources; `npm run build` first");
    }
    return (file) => [process.execPath, join(root, "bin/tapproof.cjs"), "scan", "--json", ...more, file];
  }
  const source = what.startsWith("track") ? "tracked" : "decode";
  const bundle = join(dir, `${source}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, `bench/${source}.ts`)],
    outfile: bundle,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    minifySyntax: true,
    logLevel: "warning",
  });
  return (file) => [process.execPath, bundle, file, ...(what.endsWith("-") ? ["--no-hash"] : [])];
}

function commit(): string {
  const { stdout } = spawnSync("git", ["rev-parse", "--short", "HEAD"], { cwd: root });
  return stdout.toString().trim() || "unknown";
}

/** SHA-256 of the file as a line of its own, and the whole scan without it, against the goals; where the parts were measured. */
function goals(): void {
  const of = (what: string): { own: number; theirs: number } | undefined => leastOf.get(`${what} tcpdump`);
  const [read, bare, scan] = [of("read"), of("read-"), of("scan")];
  if (read === undefined || bare === undefined || scan === undefined) return;
  const hash = Math.max(0, read.own - bare.own);
  const tcpdump = Math.min(read.theirs, bare.theirs, scan.theirs);
  const line = (name: string, seconds: number, goal: number | undefined): void => {
    const verdict = goal === undefined ? "" : `${goal}, ${seconds / tcpdump <= goal ? "met" : "**missed**"}`;
    tell(`| ${name} | ${seconds.toFixed(2)} | ${(seconds / tcpdump).toFixed(2)} | ${verdict} |`);
  };
  const goal = GOALS[profileName];
  tell("\n| parts, of least values | CPU, s | times tcpdump | goal |\n| --- | --- | --- | --- |");
  line("SHA-256 of the file (`read` less `read-`)", hash, undefined);
  line("whole scan without it", scan.own - hash, goal?.[0]);
  line("whole scan with it", scan.own, goal?.[1]);
}

/** Puts what was told between the profile's two marks. */
function write(): void {
  const path = join(root, "bench/README.md");
  const text = readFileSync(path, "utf8");
  const [begin, end] = [`<!-- measured: ${profileName} -->`, `<!-- end of ${profileName} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`bench/README.md has no place for ${profileName}: ${begin} … ${end}`);
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n\n${told.join("\n").trim()}\n\n${text.slice(to)}`);
}

interface Peer {
  readonly command: (file: string) => readonly string[];
  /** What it does that is comparable, for the table. */
  readonly does: string;
  /** Packets of the capture it is given: those that take minutes a gigabyte get a shorter one, and so do we. */
  readonly packets: number;
  readonly rounds: number;
}

const packets = options.number("packets", IMIX.packets);
const rounds = options.number("rounds", 5);
const dir = options.text("dir", join(tmpdir(), "tapproof-bench"));
const flows = join(dir, "nfpcapd");
mkdirSync(flows, { recursive: true });
const shorter = Math.min(packets, 200_000);
const peers: Record<string, Peer> = {
  tcpdump: { command: (f) => ["tcpdump", "-r", f, "-w", "/dev/null"], does: "reads records, no decoding", packets, rounds },
  nfpcapd: { command: (f) => ["nfpcapd", "-r", f, "-w", flows], does: "outer flows", packets, rounds },
  ndpiReader: {
    command: (f) => ["ndpiReader", "-q", "-t", "-i", f],
    does: "inner flows, protocols",
    packets: shorter,
    rounds: Math.min(rounds, 3),
  },
  tshark: {
    command: (f) => ["tshark", "-n", "-r", f, "-T", "fields", "-e", "gtp.teid", "-e", "ip.src", "-e", "ip.dst", "-e", "ip.id"],
    does: "all protocols, four fields",
    packets: shorter,
    rounds: Math.min(rounds, 2),
  },
};

const profileName = options.text("profile", "imix") as ProfileName;
const profile: Profile = {
  packets,
  ...profileNamed(profileName),
  seed: IMIX.seed,
  flowPackets: options.number("flow-packets", IMIX.flowPackets),
};
const named = options.text("peers", Object.keys(peers).join(",")).split(",");
const chosen = named.filter((name) => peers[name] !== undefined && installed(name));
const absent = named.filter((name) => !chosen.includes(name));
const load = spawnSync("cat", ["/proc/loadavg"]).stdout.toString().split(" ", 3).join(" ");
const large = capture(profile);
/** What is printed, for `--write`. */
const told: string[] = [];
function tell(line: string): void {
  told.push(line);
  console.log(line);
}
tell(
  `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC, ${cpus().length} cores of ${cpus()[0]?.model ?? "unknown"}, commit ${commit()}: ${profile.packets} packets, ${(statSync(large).size / 1e6).toFixed(0)} MB, profile ${profileName}, ${profile.flowPackets} packets a flow; ` +
    `Node ${process.version}; up to ${rounds} rounds; load at the beginning ${load}\n`,
);
if (absent.length > 0) tell(`**NOT MEASURED, as not installed: ${absent.join(", ")}**\n`);
tell("| we | peer | CPU ratio: of least values | median of pairs (range) | our CPU, s, least | theirs | our peak, MiB | theirs |");
tell("| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const what of options.text("what", "read-,read,track-,track,scan").split(",")) {
  const command = await ours(what);
  for (const name of chosen) {
    const peer = peers[name]!;
    // What takes minutes is compared with the whole of our work alone.
    if (peer.packets < packets && what !== "track" && what !== "scan") continue;
    const file = peer.packets === packets ? large : capture({ ...profile, packets: peer.packets });
    // Into the page cache.
    measure(["cat", file]);
    const own: Measured[] = [];
    const theirs: Measured[] = [];
    for (let round = 0; round < peer.rounds; round++) {
      // The order alternates, so that a drift of the machine's load cancels out.
      if (round % 2 === 0) own.push(measure(command(file)));
      theirs.push(measure(peer.command(file)));
      if (round % 2 === 1) own.push(measure(command(file)));
    }
    const failed = [...own.map(({ ok }) => ok || what), ...theirs.map(({ ok }) => ok || name)].filter((ok) => ok !== true);
    if (failed.length > 0) tell(`\n**FAILED: ${failed.join(", ")}**\n`);
    const ratios = own.map(({ cpu }, i) => cpu / theirs[i]!.cpu);
    const ownCpu = least(own.map(({ cpu }) => cpu));
    const theirCpu = least(theirs.map(({ cpu }) => cpu));
    const size = peer.packets === packets ? "" : `, ${peer.packets} packets`;
    leastOf.set(`${what} ${name}`, { own: ownCpu, theirs: theirCpu });
    tell(
      `| ${what} | ${name} (${peer.does}${size}) | **${(ownCpu / theirCpu).toFixed(2)}** | ` +
        `${median(ratios).toFixed(2)} (${least(ratios).toFixed(2)}-${most(ratios).toFixed(2)}) | ${ownCpu.toFixed(2)} | ${theirCpu.toFixed(2)} | ` +
        `${most(own.map(({ memory }) => memory)).toFixed(0)} | ${most(theirs.map(({ memory }) => memory)).toFixed(0)} |`,
    );
  }
}

goals();

const example = join(root, "examples/lte-lab-b1-vxlan-mirred/s1.pcap.gz");
if (existsSync(example)) {
  const command = (await ours("scan"))(example);
  const starts = Array.from({ length: 7 }, () => measure(command));
  tell(
    `\nSmall capture (examples/…/s1.pcap.gz), start to end: ${least(starts.map(({ wall }) => wall)).toFixed(2)} s at least, ` +
      `${median(starts.map(({ wall }) => wall)).toFixed(2)} s median; CPU ${least(starts.map(({ cpu }) => cpu)).toFixed(2)} s; goal below 0.5 s`,
  );
}
if (options.flag("write")) write();
if (!options.flag("keep") && !options.flag("dir")) rmSync(dir, { recursive: true });
