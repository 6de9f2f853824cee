/** `tapproof watch -i INTERFACE... | -r -` (`docs/contract.md` §2): the same as scan, on live traffic, without end. */
import { statSync } from "node:fs";
import type { Writable } from "node:stream";
import { loadDeclaration, problemText } from "#declaration/load.ts";
import { findTool, type ToolName } from "#live/tool.ts";
import { GRADES, type Grade } from "#model/finding.ts";
import { loadRegisters } from "#register/sealed/registers.ts";
import { loadTlsKeyLog } from "#run/tls-key-log.ts";
import { Watch, type WatchedSource } from "#run/watch.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { ifInterrupted } from "./interrupt.ts";
import { programName } from "./program-name.ts";
import { authoritiesOf } from "./scan.ts";
import { summaryText } from "./scan-summary.ts";
import { WatchAlerts, type AlertTargets } from "./watch-alerts.ts";
import { WatchCase } from "./watch-case.ts";
import { WatchServer } from "./watch-server.ts";

export interface WatchArgs extends AlertTargets {
  readonly interfaces: readonly string[];
  /** `-`, a named pipe, a capture file, or a folder into which captures are written. */
  readonly read: readonly string[];
  /** `[ADDRESS:]PORT` of mirrors in UDP. */
  readonly mirror: readonly string[];
  /** `HOST:PORT` of pcap over IP. */
  readonly pcapOverIp: readonly string[];
  readonly network?: string;
  readonly warrants?: string;
  readonly sealed?: readonly string[];
  readonly answers?: readonly string[];
  readonly authorities?: readonly string[];
  readonly tlsKeys?: string;
  readonly case?: string;
  readonly append: boolean;
  readonly basis?: string;
  readonly signingKey?: string;
  readonly json: boolean;
  readonly duration?: number;
  readonly sample?: string;
  readonly copyMemory?: number;
  readonly tool?: string;
  /** Samples and drops also where the source could wait. */
  readonly shed: boolean;
  readonly coverageEvery?: number;
  /** Port of the metrics and health endpoint on the loopback address; 0 for any. */
  readonly metricsPort?: number;
  readonly failOn?: string;
  readonly alertGrade?: string;
  readonly bufferMemory?: number;
  readonly bufferSeconds?: number;
}

/** What is kept of live links for carving, unless the caller says otherwise. */
const BUFFER_MIB = 128;
const BUFFER_SECONDS = 60;

export interface WatchIo {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function watchCommand(args: WatchArgs, io: WatchIo): Promise<number> {
  const failOn = gradeOf("--fail-on", args.failOn);
  const sources = sourcesOf(args);
  const loaded = args.network === undefined ? null : loadDeclaration(args.network);
  for (const warning of loaded?.warnings ?? []) io.stderr.write(`tapproof: warning: ${problemText(warning)}\n`);
  const { register } = loadRegisters(
    args.warrants,
    args.sealed ?? [],
    args.answers ?? [],
    loaded?.declaration.network.name ?? null,
    authoritiesOf(args.authorities ?? [], loaded),
  );
  const sample = sampleOf(args.sample);
  const line = (event: object): void => {
    if (args.json) io.stdout.write(`${JSON.stringify(event)}\n`);
  };
  const alerts = new WatchAlerts(args, gradeOf("--alert-grade", args.alertGrade) ?? "corroborated", io.stderr);
  const kept = args.case === undefined ? null : await WatchCase.open(args.case, args, loaded, register, sample, io);
  const watch = new Watch({
    sources,
    declaration: loaded,
    register,
    ...(args.tlsKeys === undefined ? {} : { tlsKeys: loadTlsKeyLog(args.tlsKeys) }),
    ...(args.copyMemory === undefined ? {} : { copyBytes: args.copyMemory * 1024 * 1024 }),
    ...(args.duration === undefined ? {} : { seconds: args.duration }),
    ...(args.coverageEvery === undefined ? {} : { coverageSeconds: args.coverageEvery }),
    sample,
    ...(kept === null
      ? {}
      : { buffer: { octets: (args.bufferMemory ?? BUFFER_MIB) * 1024 * 1024, seconds: args.bufferSeconds ?? BUFFER_SECONDS } }),
    ...(kept === null ? {} : { pseudonymKey: kept.pseudonymKey, copyKeys: kept.copyKeys, opened: (picture) => kept.record(picture) }),
    finding: (finding) => {
      kept?.finding(finding);
      line({ event: "finding", finding });
      alerts.finding(finding);
      if (!args.json) io.stdout.write(`${new Date().toISOString()} ${finding.grade.padEnd(12)} ${visible(finding.summary)}\n`);
    },
    coverage: (statement) => {
      kept?.coverage(statement);
      line({ event: "coverage", ...statement });
    },
    sourceEnded: (name, why) => {
      line({ event: "source-ended", point: name, why });
      io.stderr.write(`tapproof: ${visible(name)}: ${visible(why)}; it is not watched any more\n`);
    },
  });
  const server = args.metricsPort === undefined ? null : await WatchServer.listen(args.metricsPort, () => watch.status(), io.stderr);
  ifInterrupted(null);
  let asked = 0;
  const stop = (): void => {
    asked++;
    watch.stop();
    // Who asks twice does not want to wait for the case to be sealed.
    if (asked > 1) process.exit(EXIT.INTERNAL);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    const result = await watch.run();
    const bundle = await kept?.finish(result);
    await alerts.close();
    if (args.json) line({ event: "end", document: result.document });
    else
      io.stdout.write(
        summaryText(result, {
          colour: false,
          program: programName({ env: io.env, script: process.argv[1], folder: process.cwd() }),
          casePath: args.case,
          network: args.network,
          bundle,
          verifierKey: undefined,
        }),
      );
    await new Promise<void>((resolve) => io.stdout.write("", () => resolve()));
    if (result.readers.length === 0 && sources.length > 0)
      throw new UsageError(
        "watch: nothing could be watched; see above, and name an interface that is up, or give the capture program its privilege (docs/watch.md)",
      );
    const reached = failOn !== undefined && result.document.findings.some(({ grade }) => GRADES.indexOf(grade) >= GRADES.indexOf(failOn));
    return reached ? EXIT.FOUND : EXIT.DONE;
  } catch (error) {
    await kept?.abandon();
    throw error;
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    await server?.close();
    kept?.close();
  }
}

/** Where frames come from; throws UsageError for what cannot be watched. */
function sourcesOf(args: WatchArgs): WatchedSource[] {
  const sources: WatchedSource[] = [];
  if (args.interfaces.length > 0) {
    const wanted = args.tool;
    if (wanted !== undefined && wanted !== "tcpdump" && wanted !== "dumpcap")
      throw new UsageError(`watch: --tool ${wanted}: expected tcpdump or dumpcap`);
    const tool: ToolName | undefined = findTool(wanted);
    if (tool === undefined)
      throw new UsageError(
        `watch: ${wanted ?? "neither tcpdump nor dumpcap"} was ${wanted === undefined ? "" : "not "}found; install one of the two, it opens the interface`,
      );
    for (const name of args.interfaces) {
      if (!/^[\w.:@-]{1,64}$/u.test(name)) throw new UsageError(`watch: -i ${visible(name)}: is not the name of an interface`);
      sources.push({ source: { kind: "interface", interface: name, tool }, name, shed: true });
    }
  }
  for (const path of args.read) {
    if (path === "-") sources.push({ source: { kind: "pipe", path }, name: "-", shed: args.shed });
    else {
      const found = statSync(path, { throwIfNoEntry: false });
      if (found === undefined) throw new UsageError(`watch: -r ${visible(path)}: no such file or folder`);
      const name = path.slice(path.lastIndexOf("/") + 1);
      sources.push({ source: { kind: found.isDirectory() ? "folder" : "pipe", path }, name, shed: args.shed });
    }
  }
  for (const text of args.mirror) {
    const { host, port } = hostAndPort("--mirror", text, "::");
    sources.push({ source: { kind: "mirror", address: host, port }, name: `mirror-${port}`, shed: true });
  }
  for (const text of args.pcapOverIp) {
    const { host, port } = hostAndPort("--pcap-over-ip", text, undefined);
    sources.push({ source: { kind: "pcap-over-ip", host, port }, name: `${host}:${port}`, shed: args.shed });
  }
  if (sources.length === 0) throw new UsageError("watch: nothing to watch; name interfaces with -i, or -r - for standard input");
  return sources;
}

function hostAndPort(option: string, text: string, byDefault: string | undefined): { readonly host: string; readonly port: number } {
  const match = /^(?:(?:\[([0-9a-fA-F:.]{2,45})\]|([\w.-]{1,253})):)?(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2] ?? byDefault;
  const port = Number(match?.[3] ?? 0);
  if (host === undefined || port < 1 || port > 65_535)
    throw new UsageError(`watch: ${option} ${visible(text)}: expected ${byDefault === undefined ? "HOST:PORT" : "PORT or ADDRESS:PORT"}`);
  return { host, port };
}

function gradeOf(option: string, text: string | undefined): Grade | undefined {
  if (text === undefined) return undefined;
  const grade = GRADES.find((known) => known === text);
  if (grade === undefined) throw new UsageError(`watch: ${option} ${text}: no such grade, expected ${GRADES.join(", ")}`);
  return grade;
}

function sampleOf(text: string | undefined): number {
  if (text === undefined) return 1;
  const match = /^1\/([1-9][0-9]{0,6})$/.exec(text);
  if (match === null) throw new UsageError(`watch: --sample ${text}: expected 1/N with N from 1 to 9999999, as in 1/64`);
  return Number(match[1]);
}
