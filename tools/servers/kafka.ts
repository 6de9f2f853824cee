/**
 * Real Apache Kafka (KRaft, broker and controller in one process) on the loopback address, from Maven Central's jars: for tests and for trying things out.
 * Needs `java` (17 or later) and, once, `mvn`.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const KAFKA_VERSION = "4.3.1";

/** Milliseconds until a broker must have started. */
const READY_MS = 120_000;

/** Why Kafka cannot be started here; null where it can. */
export function kafkaMissing(): string | null {
  if (spawnSync("java", ["-version"]).status !== 0) return "no java";
  if (!existsSync(join(jarFolder(), "complete")) && spawnSync("mvn", ["--version"]).status !== 0) return "no mvn to fetch Kafka with";
  return null;
}

/** Folder of the jars: one a machine, not one a clone. */
function jarFolder(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(process.env["HOME"] ?? homedir(), ".cache");
  return join(cache, "tapproof", `kafka-${KAFKA_VERSION}`);
}

/** Fetches the jars where they are not there yet. Throws with Maven's words. */
function fetchJars(): string {
  const folder = jarFolder();
  if (existsSync(join(folder, "complete"))) return folder;
  mkdirSync(folder, { recursive: true });
  const pom = fileURLToPath(new URL("pom.xml", import.meta.url));
  const run = spawnSync(
    "mvn",
    [
      "-q",
      "-B",
      "-f",
      pom,
      `-Dkafka.version=${KAFKA_VERSION}`,
      "dependency:copy-dependencies",
      "-DincludeScope=runtime",
      `-DoutputDirectory=${folder}`,
    ],
    { encoding: "utf8" },
  );
  if (run.status !== 0) throw new Error(`Kafka's jars could not be fetched: ${run.stdout}${run.stderr}`);
  writeFileSync(join(folder, "complete"), "");
  return folder;
}

export class KafkaCluster {
  readonly brokers: readonly string[];
  private readonly folder: string;
  private readonly jars: string;
  private readonly running = new Map<number, ChildProcess>();

  private constructor(folder: string, jars: string, ports: readonly number[]) {
    this.folder = folder;
    this.jars = jars;
    this.brokers = ports.map((port) => `127.0.0.1:${port}`);
  }

  /** Starts `nodes` brokers (1 or 3) that keep what they have in `folder`. */
  static async start(folder: string, nodes: 1 | 3): Promise<KafkaCluster> {
    const jars = fetchJars();
    const ports = await freePorts(nodes * 2);
    const cluster = new KafkaCluster(folder, jars, ports.slice(0, nodes));
    const controllers = ports.slice(nodes).map((port) => `127.0.0.1:${port}`);
    const id = uuid();
    const directories = controllers.map(() => uuid());
    const voters = controllers.map((at, i) => `${i + 1}@${at}:${directories[i]}`).join(",");
    for (let i = 0; i < nodes; i++) {
      const home = cluster.home(i);
      mkdirSync(home, { recursive: true });
      writeFileSync(join(home, "server.properties"), properties(i + 1, cluster.brokers[i] as string, controllers, home, nodes));
      const format = spawnSync(
        "java",
        [
          ...JAVA,
          "-Xmx128m",
          "-cp",
          `${jars}/*`,
          "kafka.tools.StorageTool",
          "format",
          "-t",
          id,
          "-c",
          join(home, "server.properties"),
          "--initial-controllers",
          voters,
        ],
        { encoding: "utf8" },
      );
      if (format.status !== 0) throw new Error(`Kafka's storage could not be formatted: ${format.stdout}${format.stderr}`);
    }
    await Promise.all(cluster.brokers.map((_, i) => cluster.startNode(i)));
    return cluster;
  }

  /** Starts a broker that was stopped or killed, with what it had. */
  async startNode(node: number): Promise<void> {
    const home = this.home(node);
    const log = openSync(join(home, "server.log"), "w");
    const child = spawn(
      "java",
      [
        ...JAVA,
        "-Xms64m",
        "-Xmx384m",
        "-XX:MaxDirectMemorySize=256m",
        "-cp",
        `${this.jars}/*`,
        "kafka.Kafka",
        join(home, "server.properties"),
      ],
      {
        stdio: ["ignore", log, log],
      },
    );
    this.running.set(node, child);
    process.once("exit", () => child.kill("SIGKILL"));
    const until = Date.now() + READY_MS;
    const port = Number((this.brokers[node] as string).split(":")[1]);
    while (!readFileSync(join(home, "server.log"), "utf8").includes("Kafka Server started") || !(await answers(port))) {
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`broker ${node} did not start: ${readFileSync(join(home, "server.log"), "utf8").slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ends one broker; `SIGKILL` is what a failing machine does. Resolves when it is gone. */
  async stopNode(node: number, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.running.get(node);
    this.running.delete(node);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.kill(signal);
    });
  }

  /** All brokers stand still, as behind a cut link, or go on. */
  freeze(still: boolean): void {
    for (const child of this.running.values()) child.kill(still ? "SIGSTOP" : "SIGCONT");
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.keys()].map((node) => this.stopNode(node, "SIGKILL")));
  }

  private home(node: number): string {
    return join(this.folder, `node${node + 1}`);
  }
}

const JAVA = [
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-Djava.awt.headless=true",
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
  "-Dorg.slf4j.simpleLogger.showDateTime=true",
];

function properties(id: number, broker: string, controllers: readonly string[], home: string, nodes: number): string {
  const controller = controllers[id - 1] as string;
  const replicas = nodes >= 3 ? 3 : 1;
  const inSync = nodes >= 3 ? 2 : 1;
  return [
    "process.roles=broker,controller",
    `node.id=${id}`,
    `listeners=PLAINTEXT://${broker},CONTROLLER://${controller}`,
    `advertised.listeners=PLAINTEXT://${broker},CONTROLLER://${controller}`,
    "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name=PLAINTEXT",
    "controller.listener.names=CONTROLLER",
    `controller.quorum.bootstrap.servers=${controllers.join(",")}`,
    `log.dirs=${join(home, "data")}`,
    `default.replication.factor=${replicas}`,
    `min.insync.replicas=${inSync}`,
    "auto.create.topics.enable=false",
    `offsets.topic.replication.factor=${replicas}`,
    "offsets.topic.num.partitions=4",
    `transaction.state.log.replication.factor=${replicas}`,
    `transaction.state.log.min.isr=${inSync}`,
    `share.coordinator.state.topic.replication.factor=${replicas}`,
    "group.initial.rebalance.delay.ms=0",
    "num.network.threads=2",
    "num.io.threads=4",
    "broker.session.timeout.ms=3000",
    "log.cleaner.dedupe.buffer.size=16777216",
    "",
  ].join("\n");
}

function uuid(): string {
  for (;;) {
    const text = randomBytes(16).toString("base64url");
    if (!text.startsWith("-")) return text;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket.destroy() !== null));
    socket.once("error", () => resolve(false));
  });
}
