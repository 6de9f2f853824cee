/**
 * The tap map and the declaration, sealed and signed by several parties before anything is captured (`method.md` §5.9): then nobody can say that
 * they were made to fit the findings. One signed note (C2SP signed-note), one signature a party:
 *
 *   tapproof/seal/1
 *   {"annexes":[{"name","sha256"}],"at","declaration","parties":[{"key","name","role","side"}],"points","network"}      canonical JSON
 *   <empty line>
 *   — <key name> <signature>    of each party
 *
 *   declaration   SHA-256 of the declaration's canonical form: what `scan --json` gives as `declaration`
 *   points        SHA-256 of the canonical JSON of its `points` alone: the tap map
 *   annexes       further documents of the taps (protocol, photographs, plan), by hash
 *   role          operator | installer | third-party
 *   side          accuser | accused | neither: whose party this is, in the dispute that the captures may feed
 *
 * `at` is stated by all who sign: `sign` refuses when the signer's clock is more than a day off. Who a key belongs to is for the reader to find
 * out: the seal names keys, it does not vouch for people.
 */
import { hash } from "node:crypto";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { formatVerifierKey, KEY_TYPE, parseVerifierKey, type VerifierKey } from "#evidence/keys/note-key.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { formatNote, noteSignature, parseNote, signNote, verifySignatures } from "#evidence/note/note.ts";

export const SEAL_HEADER = "tapproof/seal/1";
export const SEAL_LIMITS = {
  /** Octets of a seal; a longer file is refused. */
  octets: 256 * 1024,
  /** Parties of one seal. */
  parties: 16,
  /** Documents of the taps that one seal names. */
  annexes: 256,
} as const;

/** How far a signer's clock may be from `at`, milliseconds. */
const CLOCK = 24 * 3600 * 1000;

export const SEAL_ROLES = ["operator", "installer", "third-party"] as const;
export type SealRole = (typeof SEAL_ROLES)[number];
export const SEAL_SIDES = ["accuser", "accused", "neither"] as const;
export type SealSide = (typeof SEAL_SIDES)[number];

export interface SealParty {
  readonly name: string;
  readonly role: SealRole;
  readonly side: SealSide;
  readonly key: VerifierKey;
}

export interface DeclarationSeal {
  /** RFC 3339, UTC, whole seconds. */
  readonly at: string;
  readonly network: string;
  readonly declaration: string;
  readonly points: string;
  readonly annexes: readonly { readonly name: string; readonly sha256: string }[];
  readonly parties: readonly SealParty[];
}

export interface OpenedSeal extends DeclarationSeal {
  /** The note, verbatim. */
  readonly note: string;
  /** Parties whose signature is there and right. */
  readonly signed: readonly SealParty[];
}

/** Hash of a tap map: of the canonical JSON of a declaration's `points`. */
export function pointsHash(points: readonly object[]): string {
  return hash("sha256", canonicalJson(points), "hex");
}

export function sealText(seal: DeclarationSeal): string {
  const body = {
    at: seal.at,
    network: seal.network,
    declaration: seal.declaration,
    points: seal.points,
    annexes: seal.annexes,
    parties: seal.parties.map(({ name, role, side, key }) => ({ name, role, side, key: formatVerifierKey(key) })),
  };
  const text = `${SEAL_HEADER}\n${canonicalJson(body)}\n`;
  parseSealText(text);
  return text;
}

/** A new seal with its first signature. `now`: milliseconds since the epoch. */
export function makeSeal(seal: DeclarationSeal, signer: Signer, now: number): string {
  const text = sealText(seal);
  mustSign(parseSealText(text), signer, now);
  return signNote(text, [signer]);
}

/** The seal with one more signature. Throws `seal-wrong` where the signer is no party, or the time is not now. */
export function addSignature(note: string, signer: Signer, now: number): string {
  const parsed = parseNote(note);
  const seal = openSeal(note);
  mustSign(seal, signer, now);
  const mine = noteSignature(parsed.text, signer);
  const others = parsed.signatures.filter(({ name, id }) => name !== mine.name || id !== mine.id);
  return formatNote({ text: parsed.text, signatures: [...others, mine] });
}

/** Throws `seal-malformed`, `note-malformed`, and `note-bad-signature` where a party's signature is wrong. */
export function openSeal(note: string | Uint8Array): OpenedSeal {
  if (note.length > SEAL_LIMITS.octets) throw bad(`longer than ${SEAL_LIMITS.octets} octets`);
  const parsed = parseNote(note);
  const seal = parseSealText(parsed.text);
  const verified = verifySignatures(
    parsed,
    seal.parties.map(({ key }) => key),
  );
  const signed = seal.parties.filter((party) => verified.some(({ key }) => key === party.key));
  return { ...seal, note: formatNote(parsed), signed };
}

function mustSign(seal: DeclarationSeal, signer: Signer, now: number): void {
  if (!seal.parties.some(({ key }) => formatVerifierKey(key) === signer.vkey)) {
    throw new EvidenceError(
      "seal-wrong",
      `seal: ${signer.name} is none of its parties (${seal.parties.map(({ key }) => key.name).join(", ")})`,
    );
  }
  if (Math.abs(Date.parse(seal.at) - now) > CLOCK) {
    throw new EvidenceError(
      "seal-wrong",
      `seal: states ${seal.at}, which is more than a day from now: a signer states a time that it knows`,
    );
  }
}

function parseSealText(text: string): DeclarationSeal {
  const [header, body, ...rest] = text.split("\n");
  if (header !== SEAL_HEADER || body === undefined || rest.length !== 1 || rest[0] !== "")
    throw bad(`does not begin with ${SEAL_HEADER} and one line`);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw bad("is not JSON");
  }
  const fields = exactly(value, ["annexes", "at", "declaration", "network", "parties", "points"]);
  if (canonicalJson(value) !== body) throw bad("is not canonical JSON");
  const { at, declaration, network, points } = fields;
  if (typeof at !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at) || !Number.isFinite(Date.parse(at)))
    throw bad("at is not a time");
  if (typeof network !== "string" || network.length > 200) throw bad("network is not a name");
  if (!isHash(declaration) || !isHash(points)) throw bad("declaration or points is not a SHA-256");
  const annexes = listOf(fields["annexes"], SEAL_LIMITS.annexes).map((item) => {
    const { name, sha256 } = exactly(item, ["name", "sha256"]);
    if (typeof name !== "string" || name.length > 200 || !isHash(sha256)) throw bad("an annex is not a name and SHA-256");
    return { name, sha256 };
  });
  const parties = listOf(fields["parties"], SEAL_LIMITS.parties).map((item): SealParty => {
    const { key, name, role, side } = exactly(item, ["key", "name", "role", "side"]);
    if (typeof name !== "string" || name === "" || name.length > 200) throw bad("a party has no name");
    if (!isOneOf(role, SEAL_ROLES) || !isOneOf(side, SEAL_SIDES)) throw bad(`${name}: its role or side is none that there is`);
    if (typeof key !== "string") throw bad(`${name}: has no key`);
    const parsed = parseVerifierKey(key);
    if (parsed.type !== KEY_TYPE.note) throw bad(`${name}: its key signs cosignatures only`);
    return { key: parsed, name, role, side };
  });
  // One key in two roles would let one hand sign for two parties.
  const keys = new Set(parties.map(({ key }) => Buffer.from(key.publicKey).toString("hex")));
  if (parties.length === 0 || keys.size !== parties.length) throw bad("no party, or one key for two parties");
  return { at, network, declaration, points, annexes, parties };
}

function exactly(value: unknown, keys: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad("an object was expected");
  if (Object.keys(value).sort().join() !== keys.join()) throw bad(`an object must have exactly ${keys.join(", ")}`);
  return value as Record<string, unknown>;
}

function listOf(value: unknown, limit: number): unknown[] {
  if (!Array.isArray(value) || value.length > limit) throw bad(`a list of at most ${limit} was expected`);
  return value;
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function isOneOf<T extends string>(value: unknown, words: readonly T[]): value is T {
  return words.includes(value as T);
}

function bad(why: string): EvidenceError {
  return new EvidenceError("seal-malformed", `seal: ${why}`);
}
