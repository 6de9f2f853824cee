/** `tapproof correlate` (`docs/contract.md` §2): joins and judges what a network's sensors sent, as a member of a consumer group. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Writable } from "node:stream";
import { loadDeclaration, problemText } from "#declaration/load.ts";
import { parseVerifierKey } from "#evidence/keys/note-key.ts";
import { gather } from "#fleet/correlator.ts";
import { judge } from "#fleet/judged.ts";
import { FactsConsumer } from "#fleet/kafka.ts";
import { Received } from "#fleet/received.ts";
import { GRADES, type Grade } from "#model/finding.ts";
import { loadRegisters } from "#register/sealed/registers.ts";
import { brokersOf } from "./brokers.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { signalled } from "./signalled.ts";

export interface CorrelateArgs {
  readonly brokers: string;
  readonly network: string;
  readonly warrants?: string;
  /** Names and verifier keys of sensors. */
  readonly sensors?: string;
  readonly idle?: number;
  readonly failOn?: string;
  readonly json: boolean;
}

export interface CorrelateIo {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

export async function correlateCommand(args: CorrelateArgs, io: CorrelateIo): Promise<number> {
  const brokers = brokersOf("correlate", args.brokers);
  const declaration = loadDeclaration(args.network);
  for (const warning of declaration.warnings) io.stderr.write(`tapproof: warning: ${problemText(warning)}\n`);
  const network = declaration.declaration.network.name;
  const { register } = loadRegisters(args.warrants, [], [], network, []);
  const keys = args.sensors === undefined ? null : sensorKeys(args.sensors);
  const say = (line: string): void => void io.stderr.write(`tapproof: correlate: ${visible(line)}\n`);
  const received = new Received({ network, keys });
  try {
    const consumer = (): FactsConsumer => new FactsConsumer(brokers, network);
    const idleMs = args.idle === undefined ? undefined : args.idle * 1000;
    const whole = await gather({ network, consumer, received, idleMs, say }, signalled());
    if (!whole) {
      say("the network's records were moved to another member of the group, which judges them; nothing is judged here");
      received.forget();
    }
    say(`${received.taken} records of ${received.streams.size} starts of sensors taken, ${received.again} had come before`);
    for (const { sensor, reason, count } of received.refused.values()) say(`sensor ${sensor}: ${count} records refused (${reason})`);
    const document = judge(received, { declaration, register, pseudonymKey: randomBytes(32) });
    const lines = document.findings.map(({ grade, summary }) => `${grade.padEnd(12)} ${visible(summary)}\n`);
    const text = args.json ? `${JSON.stringify(document)}\n` : lines.join("");
    await new Promise<void>((resolve, reject) => io.stdout.write(text, (error) => (error instanceof Error ? reject(error) : resolve())));
    const grades: readonly Grade[] = GRADES;
    const least = args.failOn === undefined ? -1 : grades.indexOf(args.failOn as Grade);
    const reached = least >= 0 && document.findings.some(({ grade }) => grades.indexOf(grade) >= least);
    return reached ? EXIT.FOUND : EXIT.DONE;
  } finally {
    received.close();
  }
}

/** A line each: name, white space, verifier key. Lines that begin with # are comments. */
function sensorKeys(file: string): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [i, line] of readFileSync(file, "utf8").split("\n").entries()) {
    const [name, key, more] = line.trim().split(/\s+/);
    if (name === undefined || name === "" || name.startsWith("#")) continue;
    if (key === undefined || more !== undefined)
      throw new UsageError(`correlate: --sensors ${file}: line ${i + 1}: expected a name and a verifier key`);
    try {
      parseVerifierKey(key);
    } catch {
      throw new UsageError(`correlate: --sensors ${file}: line ${i + 1}: ${visible(key)} is not a verifier key`);
    }
    keys.set(name, key);
  }
  return keys;
}
