/** Where Kafka is and what it asks for: the options that sensor and correlate share. */
import { readFileSync } from "node:fs";
import { Option, type Command } from "commander";
import type { KafkaSettings } from "#fleet/kafka.ts";
import { UsageError, visible } from "./errors.ts";

const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;

export interface BrokerArgs {
  readonly brokers: string;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tls?: boolean;
  readonly saslUser?: string;
  readonly saslPasswordFile?: string;
  readonly saslMechanism?: string;
}

/** Adds the options to a command. */
export function brokerOptions(command: Command): Command {
  return command
    .option("--tls", "speak TLS with the brokers, whose certificates this machine's authorities have signed")
    .option("--tls-ca <file>", "authority that has signed the brokers' certificates (PEM); implies --tls")
    .option("--tls-cert <file>", "certificate to show to the brokers (PEM); implies --tls")
    .option("--tls-key <file>", "its key (PEM)")
    .option("--sasl-user <name>", "user name for the brokers")
    .option("--sasl-password-file <file>", "file that holds the password")
    .addOption(new Option("--sasl-mechanism <name>", "how it is shown (default: SCRAM-SHA-512)").choices([...MECHANISMS]));
}

/** Throws UsageError. */
export function kafkaOf(command: string, args: BrokerArgs): KafkaSettings {
  const brokers = brokersOf(command, args.brokers);
  const { tlsCa, tlsCert, tlsKey, saslUser, saslPasswordFile } = args;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new UsageError(`${command}: --tls-cert and --tls-key go together`);
  if ((saslUser === undefined) !== (saslPasswordFile === undefined))
    throw new UsageError(`${command}: --sasl-user and --sasl-password-file go together`);
  const tls = args.tls === true || tlsCa !== undefined || tlsCert !== undefined;
  const mechanism = MECHANISMS.find((known) => known === (args.saslMechanism ?? "SCRAM-SHA-512")) ?? "SCRAM-SHA-512";
  if (mechanism === "PLAIN" && saslUser !== undefined && !tls)
    throw new UsageError(`${command}: --sasl-mechanism PLAIN shows the password to whoever listens; add --tls`);
  const text = (option: string, file: string): string => {
    try {
      return readFileSync(file, "utf8");
    } catch (error) {
      throw new UsageError(
        `${command}: ${option} ${visible(file)}: cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"})`,
      );
    }
  };
  return {
    brokers,
    ...(tls
      ? {
          tls: {
            ...(tlsCa === undefined ? {} : { ca: text("--tls-ca", tlsCa) }),
            ...(tlsCert === undefined || tlsKey === undefined ? {} : { cert: text("--tls-cert", tlsCert), key: text("--tls-key", tlsKey) }),
          },
        }
      : {}),
    ...(saslUser === undefined || saslPasswordFile === undefined
      ? {}
      : { sasl: { mechanism, username: saslUser, password: text("--sasl-password-file", saslPasswordFile).replace(/\r?\n$/, "") } }),
  };
}

/** `HOST:PORT[,…]`. */
function brokersOf(command: string, text: string): string[] {
  const brokers = text.split(",").map((broker) => broker.trim());
  for (const broker of brokers) {
    const match = /^(?:\[[0-9a-fA-F:.]{2,45}\]|[\w.-]{1,253}):(\d{1,5})$/.exec(broker);
    const port = Number(match?.[1] ?? 0);
    if (port < 1 || port > 65_535) throw new UsageError(`${command}: --brokers ${visible(text)}: expected HOST:PORT[,HOST:PORT…]`);
  }
  return brokers;
}
