/** The fleet's topic on Apache Kafka, or what speaks its protocol. The client is loaded when it is needed. */
import type { Admin, Consumer, MessagesStream, Producer } from "@platformatic/kafka";

/** One topic for all networks; the version of its records stands in its name. */
export const FACTS_TOPIC = "tapproof.facts.v1";

/** Partitions of the topic. Records are keyed by network: all facts of one network lie in one partition, in order. */
const PARTITIONS = 16;

/** Milliseconds for which the topic is kept where Tapproof makes it: a correlator that starts anew rebuilds from what is retained. */
const RETENTION_MS = 7 * 24 * 3_600_000;

export interface Received {
  readonly value: Buffer;
  /** When the broker appended it, milliseconds since 1970. */
  readonly brokerMs: number;
  readonly partition: number;
}

const CONNECT = { timeout: 10_000, connectTimeout: 5_000, retries: 3, retryDelay: 250 } as const;

/** Makes the topic where it is not there yet. Throws where no broker answers. */
export async function ensureTopic(brokers: readonly string[]): Promise<void> {
  const { Admin: Client } = await import("@platformatic/kafka");
  const admin: Admin = new Client({ clientId: "tapproof", bootstrapBrokers: [...brokers], ...CONNECT });
  try {
    const topics = await admin.listTopics();
    if (topics.includes(FACTS_TOPIC)) return;
    const { brokers: known } = await admin.metadata({ topics: [] });
    await admin.createTopics({
      topics: [FACTS_TOPIC],
      partitions: PARTITIONS,
      replicas: Math.min(3, known.size),
      configs: [
        { name: "message.timestamp.type", value: "LogAppendTime" },
        { name: "retention.ms", value: String(RETENTION_MS) },
      ],
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

export class FactsProducer {
  private readonly brokers: readonly string[];
  private producer: Producer | null = null;

  constructor(brokers: readonly string[]) {
    this.brokers = brokers;
  }

  /** Resolves when all in-sync replicas have it. Throws where no broker takes it; it may have arrived all the same. */
  async send(network: string, value: Buffer): Promise<void> {
    if (this.producer === null) {
      const { Producer: Client } = await import("@platformatic/kafka");
      await ensureTopic(this.brokers);
      this.producer = new Client({ clientId: "tapproof-sensor", bootstrapBrokers: [...this.brokers], ...CONNECT });
    }
    try {
      await this.producer.send({ acks: -1, messages: [{ topic: FACTS_TOPIC, key: Buffer.from(network), value }] });
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

/**
 * A member of the network's group. It never commits: whoever is given the partition reads it from its beginning, because what a correlator knows is made
 * of all that is retained. What it reads twice is told apart by its sequence.
 */
export class FactsConsumer {
  private readonly brokers: readonly string[];
  private readonly group: string;
  private consumer: Consumer | null = null;
  private stream: MessagesStream<Buffer, Buffer, Buffer, Buffer> | null = null;

  constructor(brokers: readonly string[], network: string) {
    this.brokers = brokers;
    this.group = `tapproof.correlate.${Buffer.from(network).toString("base64url")}`;
  }

  /** Partitions of the topic that this member was given. */
  get partitions(): readonly number[] {
    return (this.consumer?.assignments ?? []).flatMap(({ partitions }) => partitions);
  }

  /** Reads until `close`; throws where the connection is lost for good. */
  async read(network: string, take: (record: Received) => void): Promise<void> {
    const { Consumer: Client } = await import("@platformatic/kafka");
    await ensureTopic(this.brokers);
    const consumer: Consumer = new Client({
      clientId: "tapproof-correlate",
      groupId: this.group,
      bootstrapBrokers: [...this.brokers],
      sessionTimeout: 10_000,
      rebalanceTimeout: 20_000,
      heartbeatInterval: 1_000,
      ...CONNECT,
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
