/**
 * Standing `attested` (docs/log.md, "Seal of declaration and tap map"): whether a seal in the bundle bears it out. The seal's signatures, its parties, its
 * time against the run's first frame, the declaration and tap map that it seals, and the record's own self-check are looked at. Who the
 * parties' keys belong to nobody can read from a bundle: ask them.
 */
import type { Bundle, LoggedRecord } from "./bundle.ts";
import { isObject, parseCanonical, writeCanonical, type Json, type JsonObject } from "./canonical.ts";
import { parseKey, parseNote, signedBy, type Key } from "./note.ts";
import { hex, utf8 } from "./octets.ts";
import { asObject, asObjects, asText } from "./records.ts";
import { Failure } from "./result.ts";

const HEADER = "tapproof/seal/1\n";
const MEMBERS = "annexes,at,declaration,network,parties,points";

/** Seals of one bundle that are looked at; more fail the check. */
const MOST_SEALS = 16;
/** Parties of one seal, each a signature; as whoever writes a seal has it (docs/log.md). */
const MOST_PARTIES = 16;

interface Party {
  readonly role: Json | undefined;
  readonly side: Json | undefined;
  readonly key: Key;
}

/** Who signed the seal that bears a run out; throws `Failure` where none of the bundle does. */
export async function sealFor(b: Bundle, run: LoggedRecord, finding: LoggedRecord): Promise<readonly Party[]> {
  const seals = b.of("seal");
  if (seals.length === 0) throw new Failure("is called attested, and no seal is in the bundle", finding.part);
  if (seals.length > MOST_SEALS) throw new Failure(`is one of more than ${MOST_SEALS} seals`, seals[MOST_SEALS]?.part);
  const whys: string[] = [];
  for (const seal of seals) {
    const verdict = await remembered(b, run, seal);
    if (!(verdict instanceof Failure)) return verdict;
    whys.push(verdict.message);
  }
  throw new Failure(`is called attested, and its seal does not bear it out: ${whys.join("; ")}`, finding.part);
}

const verdicts = new WeakMap<Bundle, Map<string, Promise<readonly Party[] | Failure>>>();

/** Each seal is held against each run once, however many findings lean on it. */
function remembered(b: Bundle, run: LoggedRecord, seal: LoggedRecord): Promise<readonly Party[] | Failure> {
  const known = verdicts.get(b) ?? new Map<string, Promise<readonly Party[] | Failure>>();
  verdicts.set(b, known);
  const name = `${seal.part} ${run.part}`;
  let verdict = known.get(name);
  if (verdict === undefined) {
    verdict = fits(b, run, seal).catch((error: unknown) => {
      if (error instanceof Failure) return error;
      throw error;
    });
    known.set(name, verdict);
  }
  return verdict;
}

/** Parties whose word counts as that of others than the accuser, and whom the reader did not name; empty where he named all. */
export function untold(parties: readonly Party[], told: ReadonlySet<string>): readonly Party[] {
  return parties.filter(({ role, key }) => role !== "operator" && !told.has(hex(key.publicKey)));
}

async function fits(b: Bundle, run: LoggedRecord, seal: LoggedRecord): Promise<readonly Party[]> {
  const no = (why: string): Failure => new Failure(why, seal.part);
  const { note, selfCheck, standing } = seal.record;
  if (standing !== "attested" || typeof note !== "string") throw no("the seal record itself claims less");
  const parsed = parseNote(utf8(note), seal.part);
  if (!parsed.text.startsWith(HEADER)) throw no("it is not a seal");
  const body = parseCanonical(utf8(parsed.text.slice(HEADER.length, -1)), seal.part);
  if (!isObject(body) || Object.keys(body).sort().join() !== MEMBERS) throw no("it is not a seal");
  const signed = await signers(b, parsed, body, seal.part);
  if (!signed.some(({ role }) => role === "operator")) throw no("the operator did not sign it");
  if (!signed.some(({ role }) => role === "installer")) throw no("the installer did not sign it");
  const own = b.signer === undefined ? "" : hex(b.signer.publicKey);
  if (!signed.some(({ role, side, key }) => role === "third-party" && side !== "accuser" && hex(key.publicKey) !== own))
    throw no("no independent party signed it");
  const declared = b.named(run.record["declaration"], "declaration", run).record;
  if (declared["sha256"] !== body["declaration"]) throw no("it seals another declaration");
  const points = asObject(declared["declaration"])["points"];
  const hash = Array.isArray(points) ? hex(await b.primitives.sha256(utf8(writeCanonical(points as Json)))) : "";
  if (hash !== body["points"]) throw no("it seals another tap map");
  const at = /^[0-9-]{10}T[0-9:]{8}Z$/.test(asText(body["at"])) ? Date.parse(asText(body["at"])) : Number.NaN;
  const from = Date.parse(asText(run.record["from"]));
  if (!(at < from)) throw no("it is not older than the first frame");
  const { contradictions, points: watched } = asObject(selfCheck);
  if (!Array.isArray(contradictions) || contradictions.length > 0) throw no("the traffic contradicts the tap map");
  const named = asObjects(watched).filter(({ declared: entry }) => isObject(entry));
  if (!Array.isArray(watched) || watched.length === 0 || named.length !== watched.length)
    throw no("frames came from points that the tap map does not name");
  return signed;
}

/** Parties whose signature holds; all that are named must have signed. */
async function signers(b: Bundle, note: ReturnType<typeof parseNote>, body: JsonObject, part: string): Promise<Party[]> {
  const keys = new Set<string>();
  const signed: Party[] = [];
  const named = asObjects(body["parties"]);
  if (named.length > MOST_PARTIES) throw new Failure(`it names more than ${MOST_PARTIES} parties`, part);
  for (const { key, role, side } of named) {
    const known = await parseKey(typeof key === "string" ? key : "", b.primitives, part);
    // One key for two parties would let one hand sign for both.
    keys.add(hex(known.publicKey));
    if (!(await signedBy(note, known, b.primitives))) throw new Failure(`${known.spelled} did not sign it`, part);
    signed.push({ role, side, key: known });
  }
  if (signed.length === 0 || keys.size !== signed.length) throw new Failure("one key stands for two parties", part);
  return signed;
}
