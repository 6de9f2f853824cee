/** A correlator: member of its network's group; gathers what is retained and what comes, and says when it has been quiet. */
import type { FactsConsumer } from "./kafka.ts";
import type { Received } from "./received.ts";

export interface CorrelatorSettings {
  readonly network: string;
  readonly consumer: () => FactsConsumer;
  readonly received: Received;
  /** Ends after so many milliseconds without a record; undefined: never. */
  readonly idleMs: number | undefined;
  readonly say: (line: string) => void;
}

/** Milliseconds between two looks at the clock. */
const TICK_MS = 100;

/** Milliseconds before a lost connection is tried again. */
const AGAIN_MS = 1_000;

/**
 * Resolves when nothing came for the idle time, or when `stop` resolves. False where the network's partition was moved to another member, which has read it
 * from its beginning: what this one has is then not all.
 */
export async function gather({ network, consumer, received, idleMs, say }: CorrelatorSettings, stop: Promise<void>): Promise<boolean> {
  let quietSince = Date.now();
  let over = false;
  let own: number | null = null;
  let partitions: readonly number[] = [];
  let current: FactsConsumer | null = null;
  const reading = (async () => {
    while (!over) {
      current = consumer();
      try {
        await current.read(network, ({ value, brokerMs, partition }) => {
          if (own === null) say("records of this network arrive here");
          own = partition;
          quietSince = Date.now();
          received.take(value, brokerMs);
        });
      } catch (error) {
        if (over) return;
        say(`the connection to Kafka was lost (${error instanceof Error ? error.message : String(error)}); trying again`);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  })();
  let stopped = false;
  void stop.then(() => (stopped = true));
  while (!stopped && (idleMs === undefined || Date.now() - quietSince < idleMs)) {
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    const now = (current as FactsConsumer | null)?.partitions ?? [];
    // Who is just being given partitions has not been idle.
    if (now.join() !== partitions.join()) quietSince = Date.now();
    partitions = now;
  }
  over = true;
  await (current as FactsConsumer | null)?.close();
  await reading;
  return own === null || partitions.includes(own);
}
