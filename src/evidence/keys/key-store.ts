/**
 * Keys of this installation: who signs as "this Tapproof". Kept in `$TAPPROOF_HOME`, else `$XDG_CONFIG_HOME/tapproof`, else
 * `~/.config/tapproof` (0700), each made on first use (0600):
 *
 *   signing.key    signs logs and seals; SECRET          tapproof.pub    its vkey: hand this out, it is what `verify --key` takes
 *   witness.key    cosigns as a witness; SECRET          witness.pub     its vkey: what a policy file names
 *   sensor.key     signs a sensor's records; SECRET      sensor.pub      its vkey: what a correlator's list of sensors names
 *   correlator.key signs a correlator's words; SECRET    correlator.pub  its vkey: what a hub's list of correlators names
 *
 * For colleagues: `loadSigner(file, env)` and `loadVerifierKey(file)` are all that is needed. Keys of a case (pseudonyms, salts,
 * prints, nonces) are drawn independently of these and of one another (`method.md` §5.1): see `case-secrets.ts`.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { createWhole, makeFolder } from "#evidence/log/durable.ts";
import { KEY_TYPE, parseVerifierKey, publicKeyFromPem, verifierKey, type KeyType, type VerifierKey } from "./note-key.ts";
import { Signer } from "./signer.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** A key file is one line or a short PEM. */
const MAX_KEY_FILE = 16_384;

export function homeFolder(env: Env = process.env): string {
  const own = env["TAPPROOF_HOME"];
  if (own !== undefined && own !== "") return own;
  const config = env["XDG_CONFIG_HOME"];
  return join(config !== undefined && config.startsWith("/") ? config : join(env["HOME"] ?? homedir(), ".config"), "tapproof");
}

/**
 * The key that signs: from `file` where one is named (text form or PEM PKCS#8; it must exist), else the installation's own, made on
 * first use. Throws `key-malformed`, and `key-unsafe` where others may read the file.
 */
export function loadSigner(file?: string, env: Env = process.env): Signer {
  return file === undefined ? installationKey("signing.key", "tapproof.pub", KEY_TYPE.note, env) : readSigner(file, KEY_TYPE.note);
}

/** The key of `tapproof witness`: another one, because a cosigner's key may sign nothing else (C2SP tlog-cosignature). */
export function loadWitnessSigner(file?: string, env: Env = process.env): Signer {
  return file === undefined
    ? installationKey("witness.key", "witness.pub", KEY_TYPE.cosignature, env)
    : readSigner(file, KEY_TYPE.cosignature);
}

/** The key of `tapproof sensor`: what it sends is no bundle, and must not be signed as one. */
export function loadSensorSigner(file?: string, env: Env = process.env): Signer {
  return file === undefined ? installationKey("sensor.key", "sensor.pub", KEY_TYPE.note, env) : readSigner(file, KEY_TYPE.note);
}

/** The key of `tapproof correlate`: what it tells a hub while it runs is no bundle either. */
export function loadCorrelatorSigner(file?: string, env: Env = process.env): Signer {
  return file === undefined ? installationKey("correlator.key", "correlator.pub", KEY_TYPE.note, env) : readSigner(file, KEY_TYPE.note);
}

/**
 * What `verify --key FILE` takes: one vkey on a line of its own (lines that begin with # are comments), or a PEM public key, which then
 * needs the name that the log signs under. Throws `key-malformed`.
 */
export function loadVerifierKey(file: string, nameForPem?: string): VerifierKey {
  return verifierKeyFromText(readSmall(file), file, nameForPem);
}

export function verifierKeyFromText(text: string, where: string, nameForPem?: string): VerifierKey {
  if (text.includes("-----BEGIN")) {
    const publicKey = publicKeyFromPem(text);
    if (publicKey === undefined) throw new EvidenceError("key-malformed", `${where}: the PEM holds no Ed25519 public key`);
    return verifierKey(nameForPem ?? `tapproof/${Buffer.from(publicKey.subarray(0, 8)).toString("hex")}`, KEY_TYPE.note, publicKey);
  }
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const [line] = lines;
  if (line === undefined || lines.length > 1)
    throw new EvidenceError("key-malformed", `${where}: expected one verifier key, found ${lines.length} lines`);
  try {
    return parseVerifierKey(line);
  } catch (error) {
    if (error instanceof EvidenceError) throw new EvidenceError(error.code, `${where}: ${error.message}`);
    throw error;
  }
}

/** Where the verifier key of the installation lies: what whoever checks its bundles gives to `verify --key`. */
export function verifierKeyFile(env: Env = process.env): string {
  return join(homeFolder(env), "tapproof.pub");
}

function installationKey(secretName: string, publicName: string, type: KeyType, env: Env): Signer {
  const folder = homeFolder(env);
  const path = join(folder, secretName);
  if (!existsSync(path)) {
    try {
      makeFolder(folder);
      createWhole(path, Signer.generate(undefined, type).exportText());
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? "not writable";
      throw new EvidenceError("key-unsafe", `${folder}: no key can be kept there (${why}); set TAPPROOF_HOME, or name a key of your own`);
    }
  }
  const signer = readSigner(path, type);
  const published = join(folder, publicName);
  try {
    if (!existsSync(published)) createWhole(published, `${signer.vkey}\n`, 0o644);
  } catch {
    // A read-only home with a key in it is good enough to sign: the public half is printed wherever it is needed.
  }
  return signer;
}

function readSigner(path: string, type: KeyType): Signer {
  const text = readSmall(path);
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
    throw new EvidenceError("key-unsafe", `${path}: others may read this signing key; chmod 600 it, or make a new one if they did`);
  }
  return Signer.parse(text, type);
}

function readSmall(path: string): string {
  try {
    if (statSync(path).size > MAX_KEY_FILE) throw new EvidenceError("key-malformed", `${path}: too long for a key file`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof EvidenceError) throw error;
    throw new EvidenceError("key-malformed", `${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"})`);
  }
}
