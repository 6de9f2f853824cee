/** The fleet's topics on Apache Kafka, or what speaks its protocol. The client is loaded when it is needed. */
import { hash, randomBytes } from "node:crypto";
import type { Admin, Consumer, MessagesStream, Producer } from "@platformatic/kafka";

/** One topic for all networks; the version of its records stands in its name. */
const FACTS_TOPIC = "tapproof.facts.v1";
/** Words of correlators, and of sensors on themselves: under one key the last word counts. */
export const FINDINGS_TOPIC = "tapproof.findings.v1";
export const STATUS_TOPIC = "tapproof.status.v1";

/** Partitions of a topic. All of one network lies in one partition, in order. */
const PARTITIONS = 16;

/** Milliseconds for which facts are kept where Tapproof makes the topic: a correlator that starts anew rebuilds from what is retained. */
const RETENTION_MS = 7 * 24 * 3_600_000;

const COMPACTED = [
  { name: "cleanup.policy", value: "compact" },
  { name: "segment.ms", value: "3600000" },
] as const;

const TOPICS: Readonly<Record<string, readonly { readonly name: string; readonly value: string }[]>> = {
  [FACTS_TOPIC]: [{ name: "retention.ms", value: String(RETENTION_MS) }],
  [FINDINGS_TOPIC]: COMPACTED,
  [STATUS_TOPIC]: COMPACTED,
};

export interface Received {
  readonly value: Buffer;
  /** When the broker appended it, milliseconds since 1970. */
  readonly brokerMs: number;
  readonly partition: number;
}

/** Where the brokers are, and what they ask for. */
export interface KafkaSettings {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** PEM texts; undefined: no TLS. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: { readonly mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512"; readonly username: string; readonly password: string };
}

function connection({ brokers, tls, sasl }: KafkaSettings) {
  return {
    bootstrapBrokers: [...brokers],
    timeout: 10_000,
    connectTimeout: 5_000,
    retries: 3,
    retryDelay: 250,
    ...(tls === undefined ? {} : { tls: { ...tls, rejectUnauthorized: true, minVersion: "TLSv1.2" as const }, tlsServerName: true }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } }),
  };
}

/** Makes the topic where it is not there yet. Throws where no broker answers. */
async function ensureTopic(kafka: KafkaSettings, topic: string): Promise<void> {
  const { Admin: Client } = await import("@platformatic/kafka");
  const admin: Admin = new Client({ clientId: "tapproof", ...connection(kafka) });
  try {
    const topics = await admin.listTopics();
    if (topics.includes(topic)) return;
    const { brokers: known } = await admin.metadata({ topics: [] });
    await admin.createTopics({
      topics: [topic],
      partitions: PARTITIONS,
      replicas: Math.min(3, known.size),
      configs: [{ name: "message.timestamp.type", value: "LogAppendTime" }, ...(TOPICS[topic] ?? [])],
    });
  } catch (error) {
    // Another sensor made it at the same moment.
    if (!JSON.stringify(error, errorMembers).includes("TOPIC_ALREADY_EXISTS")) throw error;
  } finally {
    await admin.close().catch(() => undefined);
  }
}

function errorMembers(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (!(value instanceof Error)) return value;
  const { code, apiId, response, cause } = value as Error & Readonly<Record<string, unknown>>;
  return { message: value.message, code, apiId, response, cause, ...(value instanceof AggregateError ? { errors: value.errors } : {}) };
}

/** Sends to one topic. */
class TopicProducer {
  private readonly kafka: KafkaSettings;
  private readonly topic: string;
  private producer: Producer | null = null;

  constructor(kafka: KafkaSettings, topic: string) {
    this.kafka = kafka;
    this.topic = topic;
  }

  protected async put(messages: readonly { readonly key: Buffer; readonly value: Buffer; readonly partition?: number }[]): Promise<void> {
    if (this.producer === null) {
      const { Producer: Client } = await import("@platformatic/kafka");
      await ensureTopic(this.kafka, this.topic);
      this.producer = new Client({ clientId: "tapproof-sensor", ...connection(this.kafka) });
    }
    try {
      await this.producer.send({ acks: -1, messages: messages.map((message) => ({ topic: this.topic, ...message })) });
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const { producer } = this;
    this.producer = null;
    await producer?.close(true).catch(() => undefined);
  }
}

export class FactsProducer extends TopicProducer {
  constructor(kafka: KafkaSettings) {
    super(kafka, FACTS_TOPIC);
  }

  /** Resolves when all in-sync replicas have it. Throws where no broker takes it; it may have arrived all the same. */
  send(network: string, value: Buffer): Promise<void> {
    return this.put([{ key: Buffer.from(network), value }]);
  }
}

/** Words of one network: in one partition, so that they are read in the order in which they were said. */
export class WordsProducer extends TopicProducer {
  /** As `FactsProducer.send`. */
  async send(network: string, words: readonly { readonly key: string; readonly value: Buffer }[]): Promise<void> {
    const partition = partitionOf(network);
    if (words.length > 0) await this.put(words.map(({ key, value }) => ({ key: Buffer.from(key), value, partition })));
  }
}

function partitionOf(network: string): number {
  return hash("sha256", network, "buffer").readUInt32BE(0) % PARTITIONS;
}

export interface ReceivedWord extends Received {
  readonly topic: string;
  readonly offset: bigint;
}

/** Reads findings and status from where it was told, all partitions, until it is closed. */
export class WordsConsumer {
  private readonly kafka: KafkaSettings;
  private consumer: Consumer | null = null;
  private stream: MessagesStream<Buffer, Buffer, Buffer, Buffer> | null = null;

  constructor(kafka: KafkaSettings) {
    this.kafka = kafka;
  }

  /** `from`: the next offset by topic and partition, where it is known. `take` may answer a promise that is waited for. */
  async read(from: (topic: string, partition: number) => bigint, take: (word: ReceivedWord) => Promise<void> | void): Promise<void> {
    const { Consumer: Client } = await import("@platformatic/kafka");
    const topics = [FINDINGS_TOPIC, STATUS_TOPIC];
    for (const topic of topics) await ensureTopic(this.kafka, topic);
    // It keeps its place itself; nobody shares its work.
    const groupId = `tapproof.hub.${randomBytes(8).toString("hex")}`;
    const consumer: Consumer = new Client({
      clientId: "tapproof-hub",
      groupId,
      sessionTimeout: 10_000,
      rebalanceTimeout: 20_000,
      heartbeatInterval: 1_000,
      ...connection(this.kafka),
    });
    this.consumer = consumer;
    try {
      const first = await consumer.listOffsets({ topics, timestamp: -2n });
      const last = await consumer.listOffsets({ topics, timestamp: -1n });
      const offsets = topics.flatMap((topic) =>
        (first.get(topic) ?? []).map((earliest, partition) => {
          const next = from(topic, partition);
          // A topic that was made anew begins anew.
          const there = next > earliest && next <= (last.get(topic)?.[partition] ?? -1n);
          return { topic, partition, offset: there ? next : earliest };
        }),
      );
      this.stream = await consumer.consume({ topics, mode: "manual", offsets, autocommit: false, maxWaitTime: 200, maxBytes: 8 << 20 });
      for await (const { topic, partition, offset, value, timestamp } of this.stream) {
        // A key that was deleted has no value.
        if (value !== null && value !== undefined) await take({ topic, partition, offset, value, brokerMs: Number(timestamp) });
      }
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    const { stream, consumer } = this;
    this.stream = null;
    this.consumer = null;
    await stream?.close().catch(() => undefined);
    await consumer?.close(true).catch(() => undefined);
  }
}

/**
 * A member of the network's group. It never commits: whoever is given the partition reads it from its beginning, because what a correlator knows is made
 * of all that is retained. What it reads twice is told apart by its sequence.
 */
export class FactsConsumer {
  private readonly kafka: KafkaSettings;
  private readonly group: string;
  private consumer: Consumer | null = null;
  private stream: MessagesStream<Buffer, Buffer, Buffer, Buffer> | null = null;

  constructor(kafka: KafkaSettings, network: string) {
    this.kafka = kafka;
    this.group = `tapproof.correlate.${Buffer.from(network).toString("base64url")}`;
  }

  /** Partitions of the topic that this member was given. */
  get partitions(): readonly number[] {
    return (this.consumer?.assignments ?? []).flatMap(({ partitions }) => partitions);
  }

  /** Reads until `close`; throws where the connection is lost for good. */
  async read(network: string, take: (record: Received) => void): Promise<void> {
    const { Consumer: Client } = await import("@platformatic/kafka");
    await ensureTopic(this.kafka, FACTS_TOPIC);
    const consumer: Consumer = new Client({
      clientId: "tapproof-correlate",
      groupId: this.group,
      sessionTimeout: 10_000,
      rebalanceTimeout: 20_000,
      heartbeatInterval: 1_000,
      ...connection(this.kafka),
    });
    this.consumer = consumer;
    try {
      this.stream = await consumer.consume({
        topics: [FACTS_TOPIC],
        mode: "earliest",
        autocommit: false,
        maxWaitTime: 200,
        maxBytes: 8 << 20,
      });
      const key = Buffer.from(network);
      for await (const message of this.stream) {
        if (message.value !== null && message.value !== undefined && key.equals(message.key ?? Buffer.alloc(0)))
          take({ value: message.value, brokerMs: Number(message.timestamp), partition: message.partition });
      }
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    const { stream, consumer } = this;
    this.stream = null;
    this.consumer = null;
    await stream?.close().catch(() => undefined);
    await consumer?.close(true).catch(() => undefined);
  }
}
