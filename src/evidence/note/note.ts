/**
 * C2SP signed-note v1.0.0: text signed by one or more keys.
 *
 *   <text, ends with newline> <newline> { "— " <key name> " " base64(key id, 4 octets, big-endian || signature) <newline> } 1..n
 *
 * Strict: UTF-8, no control character but newline, canonical base64, nothing before, between or after. One note has one spelling,
 * so its octets can be hashed, compared and signed.
 */
import { EvidenceError } from "#evidence/evidence-error.ts";
import { formatKeyId, isKeyName, KEY_TYPE, verifyEd25519, type VerifierKey } from "#evidence/keys/note-key.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { cosignedMessage, splitCosignature } from "./cosignature.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";

export const NOTE_LIMITS = {
  /** Octets of a whole note: bounds the work on a stranger's file. */
  octets: 1 << 20,
  /** Signature lines; the specification asks for at least 16. */
  signatures: 100,
} as const;

export interface NoteSignature {
  readonly name: string;
  readonly id: number;
  /** What follows the key id. */
  readonly signature: Uint8Array;
}

export interface Note {
  /** Includes its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** Cosignatures: seconds since the epoch at which the cosigner says it saw this. */
  readonly timestamp: number | undefined;
}

export interface OpenedNote extends Note {
  /** One a key, however often it signed. */
  readonly verified: readonly VerifiedSignature[];
}

const SEPARATOR = "\n\n";
const LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u;

/** Throws `note-malformed`. */
export function parseNote(source: string | Uint8Array): Note {
  const bad = (why: string): EvidenceError => new EvidenceError("note-malformed", `signed note: ${why}`);
  if (source.length > NOTE_LIMITS.octets) throw bad(`longer than ${NOTE_LIMITS.octets} octets`);
  const whole = typeof source === "string" ? source : decodeUtf8(source);
  if (whole === undefined || !whole.isWellFormed()) throw bad("not UTF-8");
  if (hasControl(whole)) throw bad("holds a control character");
  const split = whole.lastIndexOf(SEPARATOR);
  if (split < 0) throw bad("no empty line before the signatures");
  const text = whole.slice(0, split + 1);
  if (text === "\n") throw bad("no text");
  const rest = whole.slice(split + SEPARATOR.length);
  if (!rest.endsWith("\n")) throw bad("no signature, or its line does not end");
  const lines = rest.slice(0, -1).split("\n");
  if (lines.length > NOTE_LIMITS.signatures) throw bad(`more than ${NOTE_LIMITS.signatures} signatures`);
  return { text, signatures: lines.map((line) => parseSignatureLine(line)) };
}

/** One line without its newline. Throws `note-malformed`. */
export function parseSignatureLine(line: string): NoteSignature {
  const match = LINE.exec(line);
  const [, name = "", encoded = ""] = match ?? [];
  const bytes = match === null || !isKeyName(name) ? undefined : decodeBase64(encoded);
  if (bytes === undefined || bytes.length < 5) throw new EvidenceError("note-malformed", "signed note: a signature line is malformed");
  return { name, id: Buffer.from(bytes).readUInt32BE(0), signature: bytes.subarray(4) };
}

export function formatNote(note: Note): string {
  if (
    !note.text.endsWith("\n") ||
    note.text === "\n" ||
    hasControl(note.text) ||
    !note.text.isWellFormed() ||
    note.signatures.length === 0
  ) {
    throw new EvidenceError("note-malformed", "signed note: the text cannot stand in a note");
  }
  return `${note.text}\n${note.signatures.map((signature) => `${formatSignatureLine(signature)}\n`).join("")}`;
}

export function formatSignatureLine({ name, id, signature }: NoteSignature): string {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(id);
  return `— ${name} ${encodeBase64(Buffer.concat([head, signature]))}`;
}

/** A plain Ed25519 signature (type 0x01) over the text. */
export function noteSignature(text: string, signer: Signer): NoteSignature {
  if (signer.key.type !== KEY_TYPE.note) throw new EvidenceError("key-mismatch", `key ${signer.name} is for cosignatures only`);
  return { name: signer.name, id: signer.key.id, signature: signer.sign(Buffer.from(text)) };
}

/** Text signed by one or more keys; signatures already there by the same keys are replaced. */
export function signNote(text: string, signers: readonly Signer[], others: readonly NoteSignature[] = []): string {
  const made = signers.map((signer) => noteSignature(text, signer));
  const kept = others.filter((other) => !made.some((mine) => mine.name === other.name && mine.id === other.id));
  return formatNote({ text, signatures: [...made, ...kept] });
}

/**
 * Verifies against known keys. Signatures of unknown keys are ignored; one of a known key that does not verify makes the whole note
 * worthless (`note-bad-signature`); none of a known key: `note-unsigned`.
 */
export function openNote(source: string | Uint8Array | Note, keys: readonly VerifierKey[]): OpenedNote {
  const note = typeof source === "object" && "signatures" in source ? source : parseNote(source);
  const verified = verifySignatures(note, keys);
  if (verified.length === 0)
    throw new EvidenceError("note-unsigned", `signed note: no signature of ${keys.map((key) => key.name).join(", ")}`);
  return { ...note, verified };
}

/** Like `openNote`, but a note that none of the keys signed is an empty list. Throws `note-bad-signature`. */
export function verifySignatures(note: Note, keys: readonly VerifierKey[]): VerifiedSignature[] {
  const verified = new Map<string, VerifiedSignature>();
  for (const signature of note.signatures) {
    const { name, id } = signature;
    const key = keys.find((known) => known.name === name && known.id === id);
    if (key === undefined) continue;
    const timestamp = verifyOne(note.text, signature, key);
    if (timestamp === false)
      throw new EvidenceError("note-bad-signature", `signed note: the signature of ${name}+${formatKeyId(id)} is wrong`);
    const unique = `${name}+${id}`;
    const before = verified.get(unique);
    // Several cosignatures of one key: the earliest time counts, the key counts once.
    if (before === undefined || (timestamp !== undefined && timestamp < (before.timestamp ?? Infinity)))
      verified.set(unique, { key, timestamp });
  }
  return [...verified.values()];
}

/** False where it is wrong, else the time it states, if its kind states one. */
function verifyOne(text: string, { signature }: NoteSignature, key: VerifierKey): number | undefined | false {
  if (key.type === KEY_TYPE.note) return verifyEd25519(key.publicKey, Buffer.from(text), signature) ? undefined : false;
  const parts = splitCosignature(signature);
  if (parts === undefined) return false;
  return verifyEd25519(key.publicKey, cosignedMessage(text, parts.timestamp), parts.signature) ? parts.timestamp : false;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
}
