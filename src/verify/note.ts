/**
 * C2SP signed-note and tlog-checkpoint, Ed25519 only, and tlog-cosignature (cosignature/v1) of witnesses.
 *
 * ```
 * text           one or more lines, each ended by U+000A
 *                (an empty line)
 * — name base64(key hash (4) || signature)      one line a signature
 * ```
 */
import { base64, fromBase64, hex, joined, sameOctets, text, utf8, wholeNumber } from "./octets.ts";
import { Failure, type Primitives } from "./result.ts";

export interface Key {
  readonly name: string;
  readonly hash: Uint8Array;
  readonly publicKey: Uint8Array;
  /** 1: Ed25519 signature of the text; 4: Ed25519 cosignature with a time stamp. */
  readonly algorithm: number;
  readonly spelled: string;
}

const ED25519 = 1;
const COSIGNATURE = 4;

/** `name+hash+base64(algorithm || public key)`; the hash is the first four octets of SHA-256(name || 0x0A || algorithm || key). */
export async function parseKey(spelled: string, primitives: Primitives, part: string): Promise<Key> {
  const line = spelled.endsWith("\n") ? spelled.slice(0, -1) : spelled;
  // oxlint-disable-next-line no-control-regex -- a name has none of them
  const match = /^([^\s+\u0000-\u001f\u007f-\u009f]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(line);
  const octets = match === null ? undefined : fromBase64(match[3] as string);
  if (match === null || octets === undefined || octets.length !== 33) throw new Failure("is not a verifier key (name+hash+base64)", part);
  const name = match[1] as string;
  const algorithm = octets[0] as number;
  if (algorithm !== ED25519 && algorithm !== COSIGNATURE) throw new Failure(`is a key of type ${algorithm}, expected Ed25519`, part);
  const hash = (await primitives.sha256(joined(utf8(`${name}\n`), octets))).slice(0, 4);
  if (hex(hash) !== match[2]) throw new Failure("its key hash does not belong to its key", part);
  if (isSmallOrder(octets.subarray(1))) throw new Failure("is a key of small order: anybody can sign with it", part);
  return { name, hash, publicKey: octets.slice(1), algorithm, spelled: line };
}

/** y coordinates of the points whose order divides 8, the two spellings that are not reduced among them. */
const SMALL_ORDER: readonly string[] = [
  `${"00".repeat(32)}`,
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
];

function isSmallOrder(publicKey: Uint8Array): boolean {
  const y = publicKey.slice();
  y[31] = (y[31] as number) & 127;
  return SMALL_ORDER.includes(hex(y));
}

export interface SignatureLine {
  readonly name: string;
  readonly octets: Uint8Array;
}

export interface Note {
  /** What is signed, its last line feed included. */
  readonly text: string;
  readonly signatures: readonly SignatureLine[];
}

/** More lines than any quorum of witnesses. */
const MAX_SIGNATURES = 100;

export function parseNote(octets: Uint8Array, part: string): Note {
  const whole = text(octets, part);
  const split = whole.lastIndexOf("\n\n");
  if (split < 0 || !whole.endsWith("\n") || whole.startsWith("\n")) throw new Failure("is not a signed note", part);
  if (/[^\n\u0020-\uffff]/u.test(whole.replaceAll(/[\u{10000}-\u{10ffff}]/gu, ""))) throw new Failure("holds control characters", part);
  const lines = whole.slice(split + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) throw new Failure(`has more than ${MAX_SIGNATURES} signatures`, part);
  const signatures = lines.map((line): SignatureLine => {
    const match = /^— ([^\s+\u007f-\u009f]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
    const signature = match === null ? undefined : fromBase64(match[2] as string);
    if (match === null || signature === undefined || signature.length < 5) throw new Failure("has a malformed signature line", part);
    return { name: match[1] as string, octets: signature };
  });
  return { text: whole.slice(0, split + 1), signatures };
}

/** Whether exactly one signature of the note is of this key, and holds. */
export async function signedBy(note: Note, key: Key, primitives: Primitives): Promise<boolean> {
  const own = note.signatures.filter((s) => s.name === key.name && sameOctets(s.octets.subarray(0, 4), key.hash));
  const only = own[0];
  if (only === undefined || own.length !== 1 || key.algorithm !== ED25519 || only.octets.length !== 68) return false;
  return primitives.ed25519(key.publicKey, only.octets.subarray(4), utf8(note.text));
}

/**
 * When the witness says it saw this, seconds since the epoch; undefined where it did not cosign. tlog-cosignature: 8 octets of time, then
 * the signature over "cosignature/v1", "time" and the note's text. Of several the earliest counts.
 */
export async function cosignedAt(note: Note, key: Key, primitives: Primitives): Promise<number | undefined> {
  let earliest: number | undefined;
  for (const { name, octets } of note.signatures) {
    if (key.algorithm !== COSIGNATURE || name !== key.name || octets.length !== 76 || !sameOctets(octets.subarray(0, 4), key.hash))
      continue;
    const time = new DataView(octets.buffer, octets.byteOffset).getBigUint64(4, false);
    const message = utf8(`cosignature/v1\ntime ${time}\n${note.text}`);
    if (time > MOST_SECONDS || !(await primitives.ed25519(key.publicKey, octets.subarray(12), message))) continue;
    if (earliest === undefined || Number(time) < earliest) earliest = Number(time);
  }
  return earliest;
}

/** The year 9999: later times have no spelling. */
const MOST_SECONDS = 253_402_300_799n;

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: Note;
}

/** Origin, size, root; extension lines are allowed and carry nothing here. */
export function parseCheckpoint(octets: Uint8Array, part: string): Checkpoint {
  const note = parseNote(octets, part);
  const lines = note.text.slice(0, -1).split("\n");
  const size = wholeNumber(lines[1] ?? "");
  const root = fromBase64(lines[2] ?? "");
  if (lines.length < 3 || lines.includes("") || size === undefined || root?.length !== 32) throw new Failure("is not a checkpoint", part);
  return { origin: lines[0] as string, size, root, note };
}

export function spelledRoot(checkpoint: Checkpoint): string {
  return base64(checkpoint.root);
}
