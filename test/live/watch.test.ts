import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { readCaseLog } from "#evidence/log/case-log.ts";
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";

/** `tapproof watch` as a user starts it: standard input, a rotating folder, a real interface in a network namespace of the test's own, signals and kills. */
const EXAMPLES = "test/captures/claims-examples";
const TRACE = `${EXAMPLES}/undeclared-trace`;
const root = mkdtempSync(join(tmpdir(), "tapproof-watch-"));
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Event =
  | { event: "finding"; finding: FindingRecord }
  | { event: "coverage"; sequence: number; previous: string | null; points: { name: string; packets: number; drops: number }[] }
  | { event: "end"; document: FindingsDocument }
  | { event: "source-ended"; why: string };

class Watching {
  readonly events: (Event & { atMs: number })[] = [];
  err = "";
  readonly child: ChildProcess;
  readonly closed: Promise<number | null>;

  constructor(args: readonly string[], { input, prefix = [] }: { input?: string | number; prefix?: readonly string[] } = {}) {
    const command = [...prefix, process.execPath, "bin/tapproof.cjs", "watch", "--json", ...args];
    const stdin = typeof input === "string" ? openSync(input, "r") : (input ?? "ignore");
    this.child = spawn(command[0] as string, command.slice(1), {
      env: { ...process.env, TAPPROOF_FROM_SOURCE: "1", TAPPROOF_HOME: join(root, "home") },
      stdio: [stdin, "pipe", "pipe"],
    });
    running.push(this.child);
    let rest = "";
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.events.push({ ...(JSON.parse(line) as Event), atMs: Date.now() });
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.err += text));
    this.closed = new Promise((resolve) => this.child.on("close", resolve));
  }

  ids(): string[] {
    return [...new Set(this.events.flatMap((e) => (e.event === "finding" ? [e.finding.id] : [])))].sort();
  }

  get document(): FindingsDocument {
    const end = this.events.at(-1);
    if (end?.event !== "end") throw new Error(`no end: ${this.err}`);
    return end.document;
  }

  async until(what: string, ready: () => boolean, seconds = 30): Promise<void> {
    for (const began = Date.now(); !ready(); await new Promise((resolve) => setTimeout(resolve, 50)))
      if (Date.now() - began > seconds * 1000 || this.child.exitCode !== null)
        throw new Error(`${what}: not within ${seconds} s; ${this.err}`);
  }
}

function scanned(captures: readonly string[], network: string): FindingsDocument {
  const { stdout, stderr } = spawnSync(process.execPath, ["bin/tapproof.cjs", "scan", ...captures, "--network", network, "--json"], {
    env: { ...process.env, TAPPROOF_FROM_SOURCE: "1" },
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as FindingsDocument;
}

const idsOf = (document: FindingsDocument): string[] => document.findings.map(({ id }) => id).sort();

describe("watch", { timeout: 120_000 }, () => {
  it("standard input: the findings of scan, each as an event, and scan's document at the end", async () => {
    const watching = new Watching(["-r", "-", "--network", `${TRACE}/network.yaml`], { input: `${TRACE}/core.pcap` });
    expect(await watching.closed).toBe(0);
    const expected = scanned([`${TRACE}/core.pcap`], `${TRACE}/network.yaml`);
    const { document } = watching;
    expect(document.schema).toBe("tapproof/findings/1");
    expect(idsOf(document)).toEqual(idsOf(expected));
    expect(watching.ids()).toEqual(idsOf(expected));
    expect(document.findings.map(({ grade }) => grade)).toEqual(expected.findings.map(({ grade }) => grade));
    expect(document.captures.map(({ packets, sha256 }) => ({ packets, sha256 }))).toEqual(
      expected.captures.map(({ packets, sha256 }) => ({ packets, sha256 })),
    );
    expect(watching.events.filter(({ event }) => event === "coverage")).toHaveLength(1);
  });

  it("--fail-on: exit 1; bad usage and identities: exit 2 with one line", async () => {
    const found = new Watching(["-r", "-", "--network", `${TRACE}/network.yaml`, "--fail-on", "proven"], { input: `${TRACE}/core.pcap` });
    expect(await found.closed).toBe(1);
    for (const args of [[], ["-r", "nowhere"], ["-i", "no/such"], ["-r", "-", "--identities"], ["-r", "-", "--duration", "0"]]) {
      const refused = new Watching(args);
      expect(await refused.closed, args.join(" ")).toBe(2);
      expect(refused.err.trim().split("\n")).toHaveLength(1);
    }
  });

  it("a rotating folder: files are taken up as they come, and SIGTERM ends the watch like the end of a scan", async () => {
    const folder = join(root, "rotating");
    mkdirSync(folder);
    const example = `${EXAMPLES}/covert-copy`;
    const watching = new Watching(["-r", folder, "--network", `${example}/network.yaml`]);
    copyFileSync(`${example}/core.pcap`, join(folder, "core.pcap"));
    await watching.until("first file", () => watching.err === "" && existsSync(join(folder, "core.pcap")));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    copyFileSync(`${example}/sgi.pcap`, join(folder, "sgi.pcap"));
    const expected = scanned([`${example}/core.pcap`, `${example}/sgi.pcap`], `${example}/network.yaml`);
    await watching.until("both files", () => watching.ids().length >= expected.findings.length);
    watching.child.kill("SIGTERM");
    expect(await watching.closed).toBe(0);
    expect(idsOf(watching.document)).toEqual(idsOf(expected));
    expect(watching.document.captures.map(({ sha256 }) => sha256).sort()).toEqual(expected.captures.map(({ sha256 }) => sha256).sort());
  });

  it("--duration ends a pipe that nobody closes", async () => {
    const pipe = join(root, "pipe");
    spawnSync("mkfifo", [pipe]);
    const writer = spawn("sh", ["-c", `(cat ${TRACE}/core.pcap; sleep 60) > ${pipe}`], { stdio: "ignore" });
    running.push(writer);
    const watching = new Watching(["-r", pipe, "--network", `${TRACE}/network.yaml`, "--duration", "3"]);
    expect(await watching.closed).toBe(0);
    expect(watching.document.findings.length).toBeGreaterThan(0);
  });

  it("kill -9: the log keeps what was told, and the case takes the next scan", async () => {
    const folder = join(root, "killed");
    const pipe = join(root, "pipe-killed");
    spawnSync("mkfifo", [pipe]);
    running.push(spawn("sh", ["-c", `(cat ${TRACE}/core.pcap; sleep 60) > ${pipe}`], { stdio: "ignore" }));
    const watching = new Watching(["-r", pipe, "--network", `${TRACE}/network.yaml`, "--case", folder, "--coverage-every", "1"]);
    await watching.until(
      "a finding and a statement",
      () => watching.ids().length > 0 && watching.events.some(({ event }) => event === "coverage"),
    );
    const told = watching.ids();
    watching.child.kill("SIGKILL");
    await watching.closed;
    const log = readCaseLog(folder);
    const kept = [...(log?.records("watch-finding") ?? [])].map(({ value }) => (value["finding"] as FindingRecord).id);
    log?.close();
    expect(new Set(kept)).toEqual(new Set(told));
    const again = spawnSync(
      process.execPath,
      ["bin/tapproof.cjs", "scan", `${TRACE}/core.pcap`, "--network", `${TRACE}/network.yaml`, "--case", folder, "--append", "--json"],
      { env: { ...process.env, TAPPROOF_FROM_SOURCE: "1", TAPPROOF_HOME: join(root, "home") }, encoding: "utf8" },
    );
    expect(again.status).toBe(0);
    expect(idsOf(JSON.parse(again.stdout) as FindingsDocument)).toEqual(told);
  });

  it("a case of a watch is sealed at its end, and its bundle verifies", async () => {
    const folder = join(root, "sealed");
    const watching = new Watching(["-r", "-", "--network", `${TRACE}/network.yaml`, "--case", folder], { input: `${TRACE}/core.pcap` });
    expect(await watching.closed).toBe(0);
    const verified = spawnSync(
      process.execPath,
      ["bin/tapproof.cjs", "verify", join(folder, "sealed.tapproof"), "--key", join(root, "home", "tapproof.pub")],
      { env: { ...process.env, TAPPROOF_FROM_SOURCE: "1" }, encoding: "utf8" },
    );
    expect(verified.stdout + verified.stderr).toContain("L2");
    expect(verified.status).toBe(0);
  });

  it("an alert goes out once a finding reaches its grade; metrics and health answer on the loopback address", async () => {
    const posted: { finding: FindingRecord }[] = [];
    const server = createServer((posting, response) => {
      let text = "";
      posting.setEncoding("utf8").on("data", (part: string) => (text += part));
      posting.on("end", () => {
        posted.push(JSON.parse(text) as { finding: FindingRecord });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const eve = join(root, "eve.json");
    const pipe = join(root, "pipe-alerts");
    spawnSync("mkfifo", [pipe]);
    running.push(spawn("sh", ["-c", `(cat ${TRACE}/core.pcap; sleep 60) > ${pipe}`], { stdio: "ignore" }));
    const webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alert`;
    const watching = new Watching(
      `-r ${pipe} --network ${TRACE}/network.yaml --alert-webhook ${webhook} --alert-eve ${eve} --alert-grade proven --metrics-port 0`.split(
        " ",
      ),
    );
    await watching.until("an alert", () => posted.length > 0);
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(watching.err)?.[0] ?? "";
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).toMatch(/^tapproof_findings\{grade="proven"\} 1$/m);
    expect(metrics).toMatch(/^tapproof_packets_total\{point=".*"\} [1-9]\d*$/m);
    expect(await (await fetch(`${address}/health`)).json()).toMatchObject({ ok: true });
    // Under a name of somebody else's that leads here, nothing is told.
    const rebound = await new Promise<number | undefined>((resolve, reject) =>
      request(`${address}/metrics`, { headers: { host: "page.example" } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on("error", reject)
        .end(),
    );
    expect(rebound).toBe(403);
    watching.child.kill("SIGTERM");
    await watching.closed;
    server.closeAllConnections();
    server.close();
    expect(posted.map(({ finding }) => finding.grade)).toEqual(["proven"]);
    const lines = readFileSync(eve, "utf8").trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { event_type: string }).event_type)).toEqual(["alert"]);
  });
});

const namespaces =
  process.getuid?.() === 0 && spawnSync("ip", ["netns", "list"]).status === 0 && spawnSync("tcpdump", ["--version"]).error === undefined;
if (!namespaces) console.error("SKIPPED: watching a live interface needs root, `ip netns` and tcpdump; none of it was tested here");

describe.skipIf(!namespaces)("watch on an interface of a network namespace of the test's own", { timeout: 120_000 }, () => {
  const name = `tapproof-${process.pid}`;
  afterAll(() => void spawnSync("ip", ["netns", "del", name]));

  it("finds what scan finds within five seconds of its last packet, and loses nothing", async () => {
    const inside = (command: string): ReturnType<typeof spawnSync> =>
      spawnSync("ip", ["netns", "exec", name, ...command.split(" ")], { encoding: "utf8" });
    expect(spawnSync("ip", ["netns", "add", name]).status).toBe(0);
    inside("ip link add tap0 type veth peer name tap1");
    // Nothing of the kernel's own may pass there.
    for (const link of ["tap0", "tap1"]) {
      inside(`sysctl -qw net.ipv6.conf.${link}.disable_ipv6=1`);
      inside(`ip link set ${link} up`);
    }
    const network = join(root, "live.yaml");
    writeFileSync(network, readFileSync(`${TRACE}/network.yaml`, "utf8"));
    const folder = join(root, "live-case");
    const watching = new Watching(["-i", "tap1", "--network", network, "--case", folder], { prefix: ["ip", "netns", "exec", name] });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const sent = inside(`python3 ${process.cwd()}/test/live/replay.py tap0 ${process.cwd()}/${TRACE}/core.pcap 2000`);
    const lastMs = Date.now();
    const expected = scanned([`${TRACE}/core.pcap`], `${TRACE}/network.yaml`);
    await watching.until("the findings", () => watching.ids().length >= expected.findings.length);
    const tookMs = Math.max(...watching.events.map(({ atMs }) => atMs)) - lastMs;
    watching.child.kill("SIGTERM");
    expect(await watching.closed).toBe(0);
    expect(idsOf(watching.document)).toEqual(idsOf(expected));
    expect(watching.document.captures[0]).toMatchObject({ file: "tap1", packets: Number(String(sent.stdout).trim()) });
    expect(watching.document.coverage.gaps.filter(({ kind }) => kind === "drops")).toEqual([]);
    console.log(`findings ${tookMs} ms after the last packet`);
    // The frames that the finding names were kept while they were there, and are carved, masked.
    expect(readdirSync(join(folder, "carved"))).toHaveLength(expected.findings.length);
    const verified = spawnSync(
      process.execPath,
      ["bin/tapproof.cjs", "verify", join(folder, "live-case.tapproof"), "--key", join(root, "home", "tapproof.pub")],
      { env: { ...process.env, TAPPROOF_FROM_SOURCE: "1" }, encoding: "utf8" },
    );
    expect(verified.status, verified.stdout).toBe(0);
  });
});
