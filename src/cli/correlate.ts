/** `tapproof correlate` (`docs/contract.md` §2): joins and judges what a network's sensors sent, as a member of a consumer group. */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Writable } from "node:stream";
import { loadDeclaration, problemText } from "#declaration/load.ts";
import { loadCorrelatorSigner } from "#evidence/keys/key-store.ts";
import { parseVerifierKey } from "#evidence/keys/note-key.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { gather } from "#fleet/correlator.ts";
import { judge } from "#fleet/judged.ts";
import { FactsConsumer, FINDINGS_TOPIC, WordsProducer } from "#fleet/kafka.ts";
import { Received } from "#fleet/received.ts";
import { RunningJudgement } from "#fleet/running.ts";
import { Teller, type TellerSettings } from "#fleet/told.ts";
import { GRADES, type Grade } from "#model/finding.ts";
import { loadRegisters } from "#register/sealed/registers.ts";
import { kafkaOf, type BrokerArgs } from "./brokers.ts";
import { readCaseKeys } from "./case-keys.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { signalled } from "./signalled.ts";

export interface CorrelateArgs extends BrokerArgs {
  readonly network: string;
  /** Of this correlator. */
  readonly name?: string;
  readonly signingKey?: string;
  /** keys.json of a case. */
  readonly caseKeys?: string;
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
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function correlateCommand(args: CorrelateArgs, io: CorrelateIo): Promise<number> {
  const kafka = kafkaOf("correlate", args);
  const by = args.name ?? hostname();
  if (!/^[\w.:@-]{1,200}$/u.test(by)) throw new UsageError(`correlate: --name ${visible(by)}: expected letters, digits and . : @ _ -`);
  const declaration = loadDeclaration(args.network);
  for (const warning of declaration.warnings) io.stderr.write(`tapproof: warning: ${problemText(warning)}\n`);
  const network = declaration.declaration.network.name;
  const { register } = loadRegisters(args.warrants, [], [], network, []);
  const keys = args.sensors === undefined ? null : sensorKeys(args.sensors);
  const say = (line: string): void => void io.stderr.write(`tapproof: correlate: ${visible(line)}\n`);
  const received = new Received({ network, keys });
  const signer = loadCorrelatorSigner(args.signingKey, io.env);
  const settings = { declaration, register, pseudonymKey: pseudonymKeyOf(args.caseKeys, signer, network) };
  const producer = new WordsProducer(kafka, FINDINGS_TOPIC);
  const telling: TellerSettings = { by, declaration, signer, send: (of, words) => producer.send(of, words) };
  const running = new RunningJudgement(settings);
  let teller = new Teller(telling);
  try {
    const consumer = (): FactsConsumer => new FactsConsumer(kafka, network);
    const idleMs = args.idle === undefined ? undefined : args.idle * 1000;
    const stock = async (anew: boolean): Promise<void> => {
      if (anew) teller = new Teller(telling);
      await teller.tell(await running.stock(received, Date.now()), received, false);
    };
    const whole = await gather({ network, consumer, received, idleMs, stock, say }, signalled());
    if (!whole) {
      say("the network's records were moved to another member of the group, which judges them; nothing is judged here");
      received.forget();
    }
    say(`${received.taken} records of ${received.streams.size} starts of sensors taken, ${received.again} had come before`);
    for (const { sensor, reason, count } of received.refused.values()) say(`sensor ${sensor}: ${count} records refused (${reason})`);
    const document = judge(received, settings);
    if (whole && received.streams.size > 0)
      await teller
        .tell(document, received, true)
        .catch((error: unknown) => say(`the last findings could not be told (${error instanceof Error ? error.message : String(error)})`));
    const lines = document.findings.map(({ grade, summary }) => `${grade.padEnd(12)} ${visible(summary)}\n`);
    const text = args.json ? `${JSON.stringify(document)}\n` : lines.join("");
    await new Promise<void>((resolve, reject) => io.stdout.write(text, (error) => (error instanceof Error ? reject(error) : resolve())));
    const grades: readonly Grade[] = GRADES;
    const least = args.failOn === undefined ? -1 : grades.indexOf(args.failOn as Grade);
    const reached = least >= 0 && document.findings.some(({ grade }) => grades.indexOf(grade) >= least);
    return reached ? EXIT.FOUND : EXIT.DONE;
  } finally {
    await producer.close();
    received.close();
  }
}

/** One subscriber goes by one pseudonym as long as the correlator has its key; several correlators of a network are given a key to share. */
function pseudonymKeyOf(caseKeys: string | undefined, signer: Signer, network: string): Uint8Array {
  if (caseKeys !== undefined) return Buffer.from(readCaseKeys("correlate", caseKeys).keys.pseudonyms, "base64");
  return createHmac("sha256", signer.exportText()).update(`tapproof/pseudonyms/1\n${network}`).digest();
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
