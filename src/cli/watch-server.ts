/** What monitoring asks of a watch: Prometheus text (version 0.0.4) at /metrics, and /health, on the loopback address only. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Writable } from "node:stream";
import { GRADES } from "#model/finding.ts";
import type { WatchStatus } from "#run/watch.ts";

/** A stock that is older than this many of its usual pauses means that the watch stands. */
const STALE_MS = 30_000;

export class WatchServer {
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  /** Listens on 127.0.0.1; `port` 0 takes any free one, which is told on standard error. */
  static async listen(port: number, status: () => WatchStatus, stderr: Writable): Promise<WatchServer> {
    const server = createServer((request, response) => {
      const answer = (code: number, type: string, text: string): void => {
        response.writeHead(code, { "content-type": type, "cache-control": "no-store" });
        response.end(request.method === "HEAD" ? "" : text);
      };
      // A page of somebody else's may reach a loopback port under a name of its own (DNS rebinding).
      if (!/^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/.test(request.headers.host ?? "")) answer(403, "text/plain", "ask for 127.0.0.1\n");
      else if (request.method !== "GET" && request.method !== "HEAD") answer(405, "text/plain", "GET only\n");
      else if (request.url === "/metrics") answer(200, "text/plain; version=0.0.4; charset=utf-8", metricsText(status()));
      else if (request.url === "/health") {
        const health = healthOf(status());
        answer(health.ok ? 200 : 503, "application/json", `${JSON.stringify(health)}\n`);
      } else answer(404, "text/plain", "see /metrics and /health\n");
    });
    server.requestTimeout = 5_000;
    server.maxConnections = 32;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    stderr.write(`tapproof: metrics at http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics\n`);
    return new WatchServer(server);
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

export function healthOf(status: WatchStatus, nowMs: number = Date.now()): { readonly ok: boolean; readonly why: readonly string[] } {
  const why: string[] = [];
  for (const { name, ended } of status.points) if (ended) why.push(`${name} is not watched any more`);
  if (status.stockAtMs > 0 && nowMs - status.stockAtMs > STALE_MS + status.stockMs * 20) why.push("nothing was judged for too long");
  return { ok: why.length === 0, why };
}

export function metricsText(status: WatchStatus): string {
  const lines: string[] = [];
  const family = (
    name: string,
    type: "counter" | "gauge",
    help: string,
    rows: readonly (readonly [labels: string, value: number])[],
  ): void => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [labels, value] of rows) lines.push(`${name}${labels === "" ? "" : `{${labels}}`} ${value}`);
  };
  const points = status.points.map((point) => ({ ...point, label: `point="${escaped(point.name)}"` }));
  family(
    "tapproof_packets_total",
    "counter",
    "Packets read at a point.",
    points.map(({ label, packets }) => [label, packets]),
  );
  family(
    "tapproof_octets_total",
    "counter",
    "Octets on the wire of the packets read.",
    points.map(({ label, bytes }) => [label, bytes]),
  );
  family(
    "tapproof_drops_total",
    "counter",
    "Packets lost before they could be read.",
    points.map(({ label, drops }) => [label, drops]),
  );
  family(
    "tapproof_shed_total",
    "counter",
    "User packets that a consistent sample left out.",
    points.map(({ label, shed }) => [label, shed]),
  );
  family(
    "tapproof_queue_octets",
    "gauge",
    "Octets that wait for the analysis.",
    points.map(({ label, queued }) => [label, queued]),
  );
  family(
    "tapproof_point_up",
    "gauge",
    "1 while a point is watched.",
    points.map(({ label, ended }) => [label, ended ? 0 : 1]),
  );
  family(
    "tapproof_findings",
    "gauge",
    "Findings by grade.",
    GRADES.map((grade) => [`grade="${grade}"`, status.findings.filter((finding) => finding.grade === grade).length]),
  );
  family("tapproof_stock_seconds", "gauge", "Time that the last judgement took.", [["", status.stockMs / 1000]]);
  family("tapproof_resident_octets", "gauge", "Memory of the process.", [["", process.memoryUsage.rss()]]);
  return `${lines.join("\n")}\n`;
}

function escaped(label: string): string {
  return label.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
