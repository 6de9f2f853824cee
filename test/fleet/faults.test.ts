/** Sensors, brokers and correlators as they run, and each fault that they must outlast: the answer stays the one of `scan`, nothing lost, nothing doubled. */
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Signer } from "#evidence/keys/signer.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { FactsConsumer, FactsProducer, WordsConsumer, type Received } from "#fleet/kafka.ts";
import { RECORD_VERSION, writeRecord, type RecordHeader } from "#fleet/record.ts";
import { readWord } from "#fleet/word.ts";
import { KafkaCluster, kafkaMissing } from "../../tools/servers/kafka.ts";

const missing = kafkaMissing();
if (missing !== null) console.warn(`SKIPPED: ${missing}: nothing of the fleet was tested on real Kafka`);

const EXAMPLE = "examples/lte-lab-b1-vxlan-mirred";
/** A copy is found where one sensor sees it and its original. */
const HALVES = { a: ["sgi.pcap.gz", "oam.pcap.gz"], b: ["s1.pcap.gz"] } as const;
const root = mkdtempSync(join(tmpdir(), "tapproof-faults-"));
let cluster: KafkaCluster;
const started = new Set<ChildProcess>();

interface Running {
  readonly child: ChildProcess;
  /** Exit code, output and messages when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly said: string }>;
  /** Resolves when it has said something that has `text` in it. */
  said(text: string): Promise<void>;
}

function run(args: readonly string[]): Running {
  const child = spawn(process.execPath, ["bin/tapproof.cjs", ...args], { env: { ...process.env, TAPPROOF_HOME: join(root, "home") } });
  started.add(child);
  let out = "";
  let said = "";
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (said += data.toString()));
  const ended = new Promise<{ code: number | null; out: string; said: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      started.delete(child);
      resolve({ code, out, said });
    });
  });
  return {
    child,
    ended,
    said: async (text) => {
      while (!said.includes(text)) {
        if (child.exitCode !== null) throw new Error(`ended without "${text}": ${said}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

/** The example as a network of its own, so that tests share a topic. */
function network(name: string): string {
  const file = join(root, `${name}.yaml`);
  cpSync(`${EXAMPLE}/network.yaml`, file);
  const text = readFileSync(file, "utf8").replace(/^(\s*(?:network:\s*\{\s*)?name:\s*)[^,\n}]+/m, `$1${name}`);
  writeFileSync(file, text);
  return file;
}

const sensor = (half: keyof typeof HALVES, file: string, more: readonly string[] = []): Running =>
  run([
    "sensor",
    "--brokers",
    cluster.brokers.join(","),
    "--network",
    file,
    "--name",
    `${half}`,
    ...more,
    ...HALVES[half].map((capture) => `${EXAMPLE}/${capture}`),
  ]);
const correlate = (file: string, idle: number): Running =>
  run([
    "correlate",
    "--brokers",
    cluster.brokers.join(","),
    "--network",
    file,
    "--warrants",
    `${EXAMPLE}/warrants.yaml`,
    "--idle",
    String(idle),
    "--json",
  ]);

async function done(running: Running): Promise<string> {
  const { code, said, out } = await running.ended;
  expect(code, said).toBe(0);
  return out;
}

const ids = (text: string): string[] => (JSON.parse(text) as FindingsDocument).findings.map(({ id }) => id).sort();
const gaps = (text: string): FindingsDocument["coverage"]["gaps"] => (JSON.parse(text) as FindingsDocument).coverage.gaps;

async function expected(file: string): Promise<string[]> {
  const found = ids(await done(run(["scan", EXAMPLE, "--network", file, "--warrants", `${EXAMPLE}/warrants.yaml`, "--json"])));
  expect(found.length).toBeGreaterThan(0);
  return found;
}

/** All records of a network as they lie in the topic. */
async function recordsOf(name: string): Promise<Received[]> {
  const consumer = new FactsConsumer({ brokers: cluster.brokers }, `${name}-reader`);
  const records: Received[] = [];
  let last = Date.now();
  const reading = consumer.read(name, (record) => {
    records.push(record);
    last = Date.now();
  });
  while (records.length === 0 || Date.now() - last < 1_500) await new Promise((resolve) => setTimeout(resolve, 100));
  await consumer.close();
  await reading.catch(() => undefined);
  return records;
}

beforeAll(async () => {
  if (missing === null) cluster = await KafkaCluster.start(join(root, "kafka"), 3);
}, 300_000);
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  if (missing === null) await cluster.stop();
  rmSync(root, { recursive: true, force: true });
}, 60_000);

describe.skipIf(missing !== null)("a fleet on three brokers", { timeout: 300_000 }, () => {
  it("gives with two sensors and two correlators what scan gives, once", async () => {
    const file = network("plain");
    const correlators = [correlate(file, 15), correlate(file, 15)];
    await Promise.all([done(sensor("a", file)), done(sensor("b", file))]);
    const answers = await Promise.all(correlators.map(done));
    expect(answers.flatMap(ids).sort()).toEqual(await expected(file));
  });

  it("tells what it finds while it runs, and says so when it ends", async () => {
    const file = network("running");
    const correlator = correlate(file, 600);
    const found = new Map<string, boolean>();
    let ended = false;
    const words = new WordsConsumer({ brokers: cluster.brokers });
    const reading = words.read(
      () => 0n,
      ({ value, brokerMs }) => {
        const word = readWord(value, brokerMs);
        if (word.kind === "refused" || word.network !== "running") return;
        if (word.kind === "finding") found.set(word.id, word.finding !== null);
        if (word.kind === "judgement") ({ ended } = word);
      },
    );
    const ids = await expected(file);
    await Promise.all([done(sensor("a", file)), done(sensor("b", file))]);
    const holds = (): string[] => [...found].flatMap(([id, there]) => (there ? [id] : [])).sort();
    while (holds().join() !== ids.join()) await new Promise((resolve) => setTimeout(resolve, 100));
    expect([correlator.child.exitCode, ended]).toEqual([null, false]);
    correlator.child.kill("SIGTERM");
    await done(correlator);
    while (!ended) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(holds()).toEqual(ids);
    await words.close();
    await reading.catch(() => undefined);
  });

  it("outlasts a correlator that is killed half-way: the other one takes over", async () => {
    const file = network("killed");
    const correlators = [correlate(file, 25), correlate(file, 25)];
    await done(sensor("a", file));
    const owner = await Promise.race(correlators.map(async (one, i) => (await one.said("records of this network arrive"), i)));
    correlators[owner]?.child.kill("SIGKILL");
    await done(sensor("b", file));
    expect(ids(await done(correlators[1 - owner] as Running))).toEqual(await expected(file));
  });

  it("outlasts a broker that is killed and comes back", async () => {
    const file = network("broker");
    const correlator = correlate(file, 25);
    await done(sensor("a", file));
    await cluster.stopNode(0, "SIGKILL");
    const late = sensor("b", file);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await cluster.startNode(0);
    await done(late);
    expect(ids(await done(correlator))).toEqual(await expected(file));
  });

  it("outlasts a minute without Kafka: the sensor spools, says so, and catches up", async () => {
    const file = network("cut-off");
    // longer than the silence, or it would be over when the brokers come back
    const correlator = correlate(file, 90);
    await done(sensor("a", file));
    cluster.freeze(true);
    const late = sensor("b", file, ["--spool", join(root, "spool")]);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    expect(late.child.exitCode).toBeNull();
    cluster.freeze(false);
    const { code, said } = await late.ended;
    expect(code, said).toBe(0);
    expect(said).toContain("Kafka takes no records");
    expect(said).toContain("Kafka takes records again");
    const out = await done(correlator);
    expect(ids(out)).toEqual(await expected(file));
    expect(gaps(out).filter(({ kind }) => kind.startsWith("sensor-"))).toEqual([]);
  });

  it("takes each record once, though all of them come twice and a sensor is started again", async () => {
    const file = network("twice");
    await Promise.all([done(sensor("a", file)), done(sensor("b", file))]);
    const producer = new FactsProducer({ brokers: cluster.brokers });
    const records = await recordsOf("twice");
    for (const { value } of records) await producer.send("twice", value);
    await producer.close();
    await done(sensor("b", file));
    const correlator = correlate(file, 5);
    const { said, out } = await correlator.ended;
    expect(said).toContain(`${records.length} had come before`);
    expect(ids(out)).toEqual(await expected(file));
    expect(gaps(out).map(({ kind }) => kind)).toContain("sensor-again");
  });

  it("judges once though partitions move while records come", async () => {
    const file = network("moves");
    const first = correlate(file, 25);
    await done(sensor("a", file));
    await first.said("records of this network arrive");
    const second = correlate(file, 25);
    const third = correlate(file, 25);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await done(sensor("b", file));
    const answers = await Promise.all([first, second, third].map(done));
    expect(answers.flatMap(ids).sort()).toEqual(await expected(file));
  });

  it("refuses what it cannot trust, counts it, and names the sensor", async () => {
    const file = network("hostile");
    await Promise.all([done(sensor("a", file)), done(sensor("b", file))]);
    const stranger = Signer.generate();
    const header = (sensorName: string, change: Partial<RecordHeader> = {}): RecordHeader => ({
      v: RECORD_VERSION,
      network: "hostile",
      sensor: sensorName,
      key: stranger.vkey,
      tool: "0",
      declaration: "0".repeat(64),
      epoch: `${Date.now()}-${"0".repeat(16)}`,
      sequence: 0,
      clock: Date.now(),
      watermark: null,
      dropped: { facts: 0, octets: 0, fromMicros: null, toMicros: null },
      spooled: 0,
      facts: 0,
      stamps: [],
      ...change,
    });
    const flipped = writeRecord(header("forger"), [], stranger);
    flipped[flipped.indexOf("forger")] = 0x46;
    const producer = new FactsProducer({ brokers: cluster.brokers });
    for (const value of [
      writeRecord({ ...header("newer"), v: RECORD_VERSION + 1 } as unknown as RecordHeader, [], stranger),
      flipped,
      writeRecord(header("slow-clock", { clock: Date.now() - 3_600_000 }), [], stranger),
      writeRecord(header("a"), [], stranger),
      Buffer.alloc(950_000, 0x20),
      Buffer.from("{"),
    ])
      await producer.send("hostile", value);
    await producer.close();
    const out = await done(correlate(file, 5));
    expect(ids(out)).toEqual(await expected(file));
    const refused = gaps(out).filter(({ kind }) => kind === "sensor-refused");
    expect(refused.map(({ values }) => JSON.stringify([values?.["sensor"], values?.["reason"]])).sort()).toEqual([
      '["?","malformed"]',
      '["?","oversized"]',
      '["Forger","signature"]',
      '["a","name"]',
      '["newer","version"]',
      '["slow-clock","clock"]',
    ]);
  });
});
