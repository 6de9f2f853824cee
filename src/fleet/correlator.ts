/** A correlator: member of its network's group; gathers what is retained and what comes, judges meanwhile, and says when it has been quiet. */
import { FLEET_LIMITS } from "./limits.ts";
import type { FactsConsumer } from "./kafka.ts";
import type { Received } from "./received.ts";

export interface CorrelatorSettings {
  readonly network: string;
  readonly consumer: () => FactsConsumer;
  readonly received: Received;
  /** Ends after so many milliseconds without a record; undefined: never. */
  readonly idleMs: number | undefined;
  /** Judges what is there. `anew`: the network's partition was given to this member since the last time. */
  readonly stock: ((anew: boolean) => Promise<void>) | undefined;
  readonly say: (line: string) => void;
}

/** Milliseconds between two looks at the clock. */
const TICK_MS = 100;

/** Milliseconds of quiet, or of records that are no older than each other's coming, after which what was retained has been read. */
const CAUGHT_UP_MS = 1_000;

/** Whether what was retained has been read: records then come as fast as they were sent, or not at all. */
class CatchingUp {
  private caughtUp = false;
  private lastMs = Date.now();
  private windowMs = Date.now();
  private windowBrokerMs: number | null = null;
  private brokerMs = 0;

  record(brokerMs: number): void {
    this.lastMs = Date.now();
    this.brokerMs = brokerMs;
    this.windowBrokerMs ??= brokerMs;
  }

  get done(): boolean {
    const now = Date.now();
    if (this.caughtUp) return true;
    if (now - this.lastMs >= CAUGHT_UP_MS) this.caughtUp = true;
    else if (this.windowBrokerMs !== null && now - this.windowMs >= CAUGHT_UP_MS) {
      this.caughtUp = this.brokerMs - this.windowBrokerMs < 2 * (now - this.windowMs);
      this.windowMs = now;
      this.windowBrokerMs = this.brokerMs;
    }
    return this.caughtUp;
  }
}

/** Milliseconds before a lost connection is tried again. */
const AGAIN_MS = 1_000;

/**
 * Resolves when nothing came for the idle time, or when `stop` resolves. False where the network's partition was moved to another member, which has read it
 * from its beginning: what this one has is then not all.
 */
export async function gather(
  { network, consumer, received, idleMs, stock, say }: CorrelatorSettings,
  stop: Promise<void>,
): Promise<boolean> {
  let quietSince = Date.now();
  let over = false;
  let own: number | null = null;
  let partitions: readonly number[] = [];
  let catching = new CatchingUp();
  let current: FactsConsumer | null = null;
  const reading = (async () => {
    while (!over) {
      current = consumer();
      try {
        await current.read(network, ({ value, brokerMs, partition }) => {
          if (own === null) say("records of this network arrive here");
          own = partition;
          quietSince = Date.now();
          catching.record(brokerMs);
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
  let anew = true;
  let due = 0;
  let stocking: Promise<void> | null = null;
  const judge = async (): Promise<void> => {
    const began = Date.now();
    try {
      await stock?.(anew);
      anew = false;
    } catch (error) {
      say(`what was found could not be told (${error instanceof Error ? error.message : String(error)}); trying again`);
    }
    due = Date.now() + Math.max(FLEET_LIMITS.stockMs, (Date.now() - began) * 10);
    stocking = null;
  };
  while (!stopped && (idleMs === undefined || Date.now() - quietSince < idleMs)) {
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    const now = (current as FactsConsumer | null)?.partitions ?? [];
    // Who is just being given partitions has not been idle.
    if (now.join() !== partitions.join()) quietSince = Date.now();
    if (own !== null && now.includes(own) && !partitions.includes(own)) {
      anew = true;
      catching = new CatchingUp();
    }
    partitions = now;
    if (stock !== undefined && own !== null && now.includes(own) && catching.done && Date.now() >= due) stocking ??= judge();
  }
  over = true;
  await (stocking as Promise<void> | null);
  await (current as FactsConsumer | null)?.close();
  await reading;
  return own === null || partitions.includes(own);
}
