import { UsageError, visible } from "./errors.ts";

/** `HOST:PORT[,…]` of `--brokers`. Throws UsageError. */
export function brokersOf(command: string, text: string): string[] {
  const brokers = text.split(",").map((broker) => broker.trim());
  for (const broker of brokers) {
    const match = /^(?:\[[0-9a-fA-F:.]{2,45}\]|[\w.-]{1,253}):(\d{1,5})$/.exec(broker);
    const port = Number(match?.[1] ?? 0);
    if (port < 1 || port > 65_535) throw new UsageError(`${command}: --brokers ${visible(text)}: expected HOST:PORT[,HOST:PORT…]`);
  }
  return brokers;
}
