/**
 * The capture program: `tcpdump` or `dumpcap` as a child process. It alone needs the privilege to open an interface; Tapproof reads its
 * standard output, and what it says of packets that it lost.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { LIVE_LIMITS } from "./limits.ts";

export type ToolName = "tcpdump" | "dumpcap";

/** What the program counted so far, as far as it says so; -1 where it does not. */
export interface ToolCounters {
  /** Packets that the kernel handed over or dropped; `tcpdump` includes the dropped ones. */
  received: number;
  captured: number;
  /** By the kernel, since the program's buffer was full. */
  dropped: number;
  /** By the interface, where the driver says so. */
  interfaceDropped: number;
}

export interface CaptureTool {
  readonly name: ToolName;
  readonly stdout: Readable;
  readonly counters: ToolCounters;
  /** Asks for fresh counters, where the program can be asked (`tcpdump`, SIGUSR1). */
  ask(): void;
  /** Asks it to end; resolves when it has. */
  stop(): Promise<void>;
  /** Resolves with a sentence when it ended by itself; why, in its own words. */
  readonly ended: Promise<string>;
}

/** Buffer in the kernel, MiB. At 2 MiB 15 % are lost at 250,000 packets a second, at 64 none at 200,000 (docs/watch.md). */
const KERNEL_BUFFER_MIB = 64;

/** The first of the two that is there. Undefined where none is. */
export function findTool(wanted?: ToolName): ToolName | undefined {
  const names: readonly ToolName[] = wanted === undefined ? ["tcpdump", "dumpcap"] : [wanted];
  return names.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).error === undefined);
}

/** The command line of the program; exported for its test and for `docs/watch.md`. */
export function toolArguments(name: ToolName, interfaceName: string): string[] {
  return name === "tcpdump"
    ? ["-i", interfaceName, "-w", "-", "-U", "-n", "-s", "0", "-B", String(KERNEL_BUFFER_MIB * 1024)]
    : ["-i", interfaceName, "-w", "-", "-q", "-s", "0", "-B", String(KERNEL_BUFFER_MIB)];
}

export function startTool(name: ToolName, interfaceName: string): CaptureTool {
  const child = spawn(name, toolArguments(name, interfaceName), { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const counters: ToolCounters = { received: -1, captured: -1, dropped: -1, interfaceDropped: -1 };
  const said: string[] = [];
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = (lines.pop() ?? "").slice(-LIVE_LIMITS.toolLine);
    for (const line of lines) {
      readCounters(line, counters);
      if (said.push(line.slice(0, LIVE_LIMITS.toolLine)) > 20) said.shift();
    }
  });
  let stopping = false;
  const exited = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(`${name} could not be started: ${error.message}`));
    child.on("close", (code, signal) => {
      readCounters(rest, counters);
      const last = [...said, rest].filter((line) => line.trim() !== "" && !COUNTER_LINE.test(line)).at(-1);
      resolve(
        `${name} ended${code === null ? ` by ${String(signal)}` : code === 0 ? "" : ` with ${code}`}${last === undefined ? "" : `: ${last.trim()}`}`,
      );
    });
  });
  return {
    name,
    stdout: child.stdout,
    counters,
    ask: () => {
      if (name === "tcpdump" && child.exitCode === null) signal(child, "SIGUSR1");
    },
    stop: async () => {
      if (!stopping) {
        stopping = true;
        signal(child, "SIGINT");
      }
      const timer = setTimeout(() => signal(child, "SIGKILL"), LIVE_LIMITS.endSeconds * 1000);
      await exited;
      clearTimeout(timer);
    },
    ended: exited,
  };
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    child.kill(name);
  } catch {
    // it is gone
  }
}

const COUNTER_LINE =
  /packets? (?:captured|received by filter|dropped by (?:kernel|interface))|Packets (?:captured|received\/dropped)|listening on|Capturing on|File:/i;

/** Reads a line of the program's standard error into `counters`; lines that count nothing are passed over. */
export function readCounters(line: string, counters: ToolCounters): void {
  // tcpdump, at the end and on SIGUSR1 (then all on one line): "12 packets captured, 15 packets received by filter, 3 packets dropped by kernel"
  counters.captured = numberBefore(line, / packets? captured/) ?? counters.captured;
  counters.received = numberBefore(line, / packets? received by filter/) ?? counters.received;
  counters.dropped = numberBefore(line, / packets? dropped by kernel/) ?? counters.dropped;
  counters.interfaceDropped = numberBefore(line, / packets? dropped by interface/) ?? counters.interfaceDropped;
  // dumpcap, at the end: "Packets captured: 12" and "Packets received/dropped on interface 'eth0': 12/3 (pcap:3/dumpcap:0/flushed:0/ps_ifdrop:0) (80.0%)"
  const captured = /Packets captured: (\d{1,15})/.exec(line);
  if (captured !== null) counters.captured = Number(captured[1]);
  const both = /Packets received\/dropped on interface .{0,200}: (\d{1,15})\/(\d{1,15})/.exec(line);
  if (both !== null) {
    counters.dropped = Number(both[2]);
    counters.received = Number(both[1]) + counters.dropped;
  }
}

function numberBefore(line: string, what: RegExp): number | undefined {
  const at = what.exec(line)?.index;
  if (at === undefined) return undefined;
  const digits = /(?<!\d)(\d{1,15})$/.exec(line.slice(0, at));
  return digits === null ? undefined : Number(digits[1]);
}

/**
 * Packets that the link had and Tapproof never saw. `tcpdump` abandons what is in its ring when it ends, uncounted: what was received
 * and not captured is lost, whatever "dropped" says.
 */
export function lost(counters: ToolCounters): number {
  const { received, captured, dropped, interfaceDropped } = counters;
  const kernel = received >= 0 && captured >= 0 ? Math.max(0, received - captured) : Math.max(0, dropped);
  return kernel + Math.max(0, interfaceDropped);
}
