/** `tapproof sensor` (`docs/contract.md` §2): near the wire, captures and sends facts to Kafka. */
import { hostname } from "node:os";
import type { Writable } from "node:stream";
import { listCaptures } from "#capture/open.ts";
import { loadDeclaration, problemText } from "#declaration/load.ts";
import { loadSensorSigner } from "#evidence/keys/key-store.ts";
import { FactsProducer, STATUS_TOPIC, WordsProducer } from "#fleet/kafka.ts";
import { senseCaptures, senseLive, type SensorSettings } from "#fleet/sensor.ts";
import { findTool } from "#live/tool.ts";
import { kafkaOf, type BrokerArgs } from "./brokers.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { signalled } from "./signalled.ts";

export interface SensorArgs extends BrokerArgs {
  readonly captures: readonly string[];
  readonly interfaces: readonly string[];
  readonly network: string;
  readonly name?: string;
  readonly signingKey?: string;
  readonly spool?: string;
  /** MiB. */
  readonly spoolSize?: number;
}

export interface SensorIo {
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function sensorCommand(args: SensorArgs, io: SensorIo): Promise<number> {
  const kafka = kafkaOf("sensor", args);
  const name = args.name ?? hostname();
  if (!/^[\w.:@-]{1,200}$/u.test(name)) throw new UsageError(`sensor: --name ${visible(name)}: expected letters, digits and . : @ _ -`);
  if (args.captures.length > 0 === args.interfaces.length > 0)
    throw new UsageError("sensor: name captures, or interfaces with -i, and not both");
  const declaration = loadDeclaration(args.network);
  for (const warning of declaration.warnings) io.stderr.write(`tapproof: warning: ${problemText(warning)}\n`);
  const say = (line: string): void => void io.stderr.write(`tapproof: sensor ${name}: ${visible(line)}\n`);
  const producer = new FactsProducer(kafka);
  const status = new WordsProducer(kafka, STATUS_TOPIC);
  const settings: SensorSettings = {
    name,
    declaration,
    signer: loadSensorSigner(args.signingKey, io.env),
    producer,
    status,
    say,
    ...(args.spool === undefined ? {} : { spool: args.spool }),
    ...(args.spoolSize === undefined ? {} : { spoolBytes: args.spoolSize * 1024 * 1024 }),
  };
  try {
    const { frames, records } =
      args.captures.length > 0
        ? await senseCaptures(await listCaptures(args.captures, () => undefined), settings)
        : await senseLive(sourcesOf(args.interfaces), settings, signalled());
    say(`${frames} frames sensed, ${records} records acknowledged`);
  } finally {
    await producer.close();
    await status.close();
  }
  return EXIT.DONE;
}

function sourcesOf(interfaces: readonly string[]): Parameters<typeof senseLive>[0] {
  const tool = findTool(undefined);
  if (tool === undefined)
    throw new UsageError("sensor: neither tcpdump nor dumpcap was found; install one of the two, it opens the interface");
  return interfaces.map((name) => {
    if (!/^[\w.:@-]{1,64}$/u.test(name)) throw new UsageError(`sensor: -i ${visible(name)}: is not the name of an interface`);
    return { source: { kind: "interface", interface: name, tool }, name };
  });
}
