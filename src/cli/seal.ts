/**
 * `tapproof seal`: three uses.
 *
 *   seal DIR                       asks the witnesses of a case's log to cosign its head, and a time-stamping authority where one is named
 *   seal --network FILE --party …  seals declaration and tap map before anything is captured; signs as one of the parties
 *   seal --sign FILE               adds the signature of another party
 */
import { hash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Writable } from "node:stream";
import { loadDeclaration } from "#declaration/load.ts";
import { loadSigner, loadVerifierKey } from "#evidence/keys/key-store.ts";
import { KEY_TYPE, parseVerifierKey, type VerifierKey } from "#evidence/keys/note-key.ts";
import { openCaseLog } from "#evidence/log/case-log.ts";
import { createWhole, writeWhole } from "#evidence/log/durable.ts";
import { parsePolicy, type Policy } from "#evidence/note/policy.ts";
import {
  addSignature,
  makeSeal,
  openSeal,
  pointsHash,
  SEAL_ROLES,
  SEAL_SIDES,
  type OpenedSeal,
  type SealParty,
} from "#evidence/seal/declaration-seal.ts";
import { sealCase, type SealOutcome } from "#evidence/seal/seal-case.ts";
import { readAuthorities } from "#evidence/timestamp/client.ts";
import { openCaseToWrite } from "./open-case.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { ifInterrupted } from "./interrupt.ts";
import { asTyped } from "./program-name.ts";
import { ProgressLine } from "./progress.ts";

export interface SealArgs {
  readonly directory?: string;
  readonly witness: readonly string[];
  readonly witnessKey: readonly string[];
  readonly quorum?: number;
  readonly policy?: string;
  readonly tsa?: string;
  readonly tsaCa?: string;
  readonly network?: string;
  readonly points: readonly string[];
  readonly party: readonly string[];
  readonly sign?: string;
  readonly out?: string;
  readonly signingKey?: string;
  readonly json: boolean;
}

interface SealIo {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function sealCommand(args: SealArgs, io: SealIo): Promise<number> {
  const uses =
    [args.directory, args.sign].filter((use) => use !== undefined).length + (args.network !== undefined && args.sign === undefined ? 1 : 0);
  if (uses !== 1) throw new UsageError("seal: name a case folder, or --network FILE with --party, or --sign FILE");
  if (args.directory !== undefined) return sealTheCase(args.directory, args, io);
  return args.sign === undefined ? sealDeclaration(args, io) : signSeal(args.sign, args, io);
}

async function sealTheCase(directory: string, args: SealArgs, io: SealIo): Promise<number> {
  const signer = loadSigner(args.signingKey, io.env);
  const { path } = await openCaseToWrite(directory, io, () => signer);
  const policy = args.policy === undefined ? undefined : parsePolicy(read(args.policy));
  const given = policy ?? policyOf(args);
  const log = openCaseLog(path, signer, given === undefined ? {} : { policy: given });
  try {
    if (given !== undefined) log.setPolicy(given);
    ifInterrupted(
      () => `${directory} is as whole as before, and may stay pending though a witness has cosigned; run the same command again`,
    );
    const progress = new ProgressLine(io.stderr, io.env);
    const asked = sealCase(log, signer, {
      ...(args.witness.length > 0 ? { witnesses: targets(args, log.policy()) } : {}),
      ...(args.tsa === undefined ? {} : { tsa: args.tsa }),
      ...(args.tsaCa === undefined ? {} : { tsaAuthorities: readAuthorities(read(args.tsaCa)) }),
    });
    const outcome = await progress.during(
      `asking ${args.tsa === undefined ? "witnesses" : "witnesses and the time-stamping authority"}`,
      asked,
    );
    progress.clear();
    io.stdout.write(
      args.json
        ? `${JSON.stringify({ origin: log.origin, key: signer.vkey, originKey: signer.as(log.origin).vkey, ...outcome })}\n`
        : outcomeText(outcome),
    );
    if (!args.json && outcome.status.state === "witnessed")
      io.stderr.write(`${asTyped(io.env)} bundle ${directory}  puts the cosignatures into the bundle\n`);
    return outcome.witnesses.every(({ cosigned }) => cosigned) ? EXIT.DONE : EXIT.FOUND;
  } finally {
    ifInterrupted(null);
    log.close();
  }
}

/** `--witness` with `--witness-key`, in pairs, as a policy: all of them, or `--quorum` of them. */
function policyOf(args: SealArgs): Policy | undefined {
  if (args.witnessKey.length === 0) return undefined;
  if (args.witness.length !== args.witnessKey.length) throw new UsageError("seal: as many --witness-key as --witness, in the same order");
  const quorum = args.quorum ?? args.witness.length;
  if (quorum > args.witness.length) throw new UsageError(`seal: --quorum ${quorum} of ${args.witness.length} witnesses cannot be reached`);
  const witnesses = args.witness.map((url, i) => ({ name: `w${i + 1}`, key: keyOf(args.witnessKey[i] as string), url }));
  return {
    logs: [],
    witnesses,
    groups: [{ name: "witnesses", threshold: quorum, members: witnesses.map(({ name }) => name) }],
    quorum: "witnesses",
  };
}

/** Addresses on the command line, for witnesses that the log's policy names. */
function targets(args: SealArgs, policy: Policy): { name: string; url: string; key: VerifierKey }[] {
  return args.witness.map((url, i) => {
    const text = args.witnessKey[i];
    const key = text === undefined ? undefined : keyOf(text);
    const known = policy.witnesses.filter((witness) =>
      key === undefined ? witness.url === url || policy.witnesses.length === 1 : witness.key.id === key.id,
    );
    const [witness] = known;
    if (witness === undefined || known.length > 1)
      throw new UsageError(`seal: ${url}: which witness of the log's policy is this? add --witness-key`);
    return { name: witness.name, key: witness.key, url };
  });
}

function keyOf(text: string): VerifierKey {
  if (existsSync(text)) return loadVerifierKey(text);
  try {
    return parseVerifierKey(text);
  } catch (error) {
    throw new UsageError(`seal: --witness-key ${text}: no such file, and ${error instanceof Error ? error.message : "no verifier key"}`);
  }
}

function outcomeText({ status, witnesses, timestamp }: SealOutcome): string {
  return [
    status.state === "witnessed"
      ? `witnessed: all ${status.size} entries, sealed at ${status.sealedAt ?? ""} by the witnesses' clocks`
      : `pending: ${status.size} entries, ${status.witnessedSize === 0 ? "none" : `the first ${status.witnessedSize}`} of them witnessed`,
    ...witnesses.map(
      ({ name, cosigned, why }) => `  ${cosigned ? "cosigned" : "not cosigned"}  ${visible(name)}${cosigned ? "" : `: ${visible(why)}`}`,
    ),
    ...(witnesses.length === 0 ? ["  no witness was asked: name one with --witness and --witness-key, or --policy"] : []),
    ...(timestamp === null
      ? []
      : [`  time stamp    ${timestamp.time} by ${visible(timestamp.authority)}; chain ${timestamp.chain}, revocation not checked`]),
    "",
  ].join("\n");
}

function sealDeclaration(args: SealArgs, io: SealIo): number {
  const { declaration, sha256 } = loadDeclaration(args.network as string);
  const out = args.out ?? `${args.network ?? ""}.seal`;
  if (existsSync(out)) throw new UsageError(`seal: ${out} is there already, name a new file with --out`);
  const parties = args.party.map(partyOf);
  if (parties.length === 0) throw new UsageError("seal: --network needs at least one --party ROLE,SIDE,NAME,KEY: who is to sign");
  const annexes = args.points.map((path) => ({ name: basename(path), sha256: hash("sha256", readBytes(path), "hex") }));
  if (declaration.points.length === 0) io.stderr.write("tapproof: warning: the declaration has no points: there is no tap map to attest\n");
  const now = Date.now();
  const at = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const note = makeSeal(
    { at, network: declaration.network.name, declaration: sha256, points: pointsHash(declaration.points), annexes, parties },
    loadSigner(args.signingKey, io.env),
    now,
  );
  if (!createWhole(out, note, 0o644)) throw new UsageError(`seal: ${out} is there already, name a new file with --out`);
  io.stdout.write(args.json ? `${JSON.stringify(shown(openSeal(note)))}\n` : sealLines(out, openSeal(note), asTyped(io.env)));
  return EXIT.DONE;
}

function signSeal(path: string, args: SealArgs, io: SealIo): number {
  const seal = openSeal(readBytes(path));
  if (args.network !== undefined) {
    const { declaration, sha256 } = loadDeclaration(args.network);
    if (sha256 !== seal.declaration || pointsHash(declaration.points) !== seal.points) {
      throw new UsageError(`seal: ${path} seals another declaration than ${args.network}; not signed`);
    }
  } else io.stderr.write("tapproof: warning: signed without --network FILE: compare the hashes with what you were shown\n");
  const note = addSignature(seal.note, loadSigner(args.signingKey, io.env), Date.now());
  writeWhole(path, note, { mode: 0o644 });
  io.stdout.write(args.json ? `${JSON.stringify(shown(openSeal(note)))}\n` : sealLines(path, openSeal(note), asTyped(io.env)));
  return EXIT.DONE;
}

/** `ROLE,SIDE,NAME,KEY`: the key is a vkey or its file. */
function partyOf(text: string): SealParty {
  const [role = "", side = "", name = "", key = "", ...rest] = text.split(",").map((part) => part.trim());
  const knownRole = SEAL_ROLES.find((word) => word === role);
  const knownSide = SEAL_SIDES.find((word) => word === side);
  if (knownRole === undefined || knownSide === undefined || name === "" || key === "" || rest.length > 0) {
    throw new UsageError(
      `seal: --party ${text}: expected ROLE,SIDE,NAME,KEY with ROLE ${SEAL_ROLES.join("|")} and SIDE ${SEAL_SIDES.join("|")}`,
    );
  }
  const parsed = keyOf(key);
  if (parsed.type !== KEY_TYPE.note) throw new UsageError(`seal: --party ${name}: this is a witness's key`);
  return { role: knownRole, side: knownSide, name, key: parsed };
}

function shown(seal: OpenedSeal): object {
  const names = (parties: readonly SealParty[]): object[] =>
    parties.map(({ name, role, side, key }) => ({ name, role, side, key: key.name }));
  const { at, network, declaration, points, annexes } = seal;
  return { at, network, declaration, points, annexes, parties: names(seal.parties), signed: names(seal.signed) };
}

function sealLines(path: string, seal: OpenedSeal, program: string): string {
  const waits = seal.parties.filter((party) => !seal.signed.includes(party));
  return [
    `${path}`,
    `  declaration  ${seal.declaration}`,
    `  tap map      ${seal.points}`,
    `  stated time  ${seal.at}`,
    ...seal.signed.map(({ role, name }) => `  signed       ${role}: ${visible(name)}`),
    ...waits.map(({ role, name }) => `  waits for    ${role}: ${visible(name)} (${program} seal --sign ${path} --network FILE)`),
    "",
  ].join("\n");
}

function read(path: string): string {
  return readBytes(path).toString("utf8");
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`seal: ${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"})`);
  }
}
