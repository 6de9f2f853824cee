/**
 * Standing `attested` (docs/log.md, "Seal of declaration and tap map"): whether a seal in the bundle bears it out. The seal's signatures, its parties, its
 * time against the run's first frame, the declaration and tap map that it seals, and the record's own self-check are looked at. Who the
 * parties' keys belong to nobody can read from a bundle: ask them.
 */
import type { Bundle, LoggedRecord } from "./bundle.ts";
import { isObject, parseCanonical, writeCanonical, type Json, type JsonObject } from "./canonical.ts";
import { parseKey, parseNote, signedBy } from "./note.ts";
import { hex, utf8 } from "./octets.ts";
import { asObject, asObjects } from "./records.ts";
import { Failure } from "./result.ts";

const HEADER = "tapproof/seal/1\n";
const MEMBERS = "annexes,at,declaration,network,parties,points";

interface Party {
  readonly role: Json | undefined;
  readonly side: Json | undefined;
}

/** Throws `Failure` where no seal of the bundle fits this run. */
export async function sealFor(b: Bundle, run: LoggedRecord, finding: LoggedRecord): Promise<void> {
  const seals = b.of("seal");
  if (seals.length === 0) throw new Failure("is called attested, and no seal is in the bundle", finding.part);
  const whys: string[] = [];
  for (const seal of seals) {
    try {
      await fits(b, run, seal);
      return;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      whys.push(error.message);
    }
  }
  throw new Failure(`is called attested, and its seal does not bear it out: ${whys.join("; ")}`, finding.part);
}

async function fits(b: Bundle, run: LoggedRecord, seal: LoggedRecord): Promise<void> {
  const no = (why: string): Failure => new Failure(why, seal.part);
  const { note, selfCheck, standing } = seal.record;
  if (standing !== "attested" || typeof note !== "string") throw no("the seal record itself claims less");
  const parsed = parseNote(utf8(note), seal.part);
  if (!parsed.text.startsWith(HEADER)) throw no("it is no seal");
  const body = parseCanonical(utf8(parsed.text.slice(HEADER.length, -1)), seal.part);
  if (!isObject(body) || Object.keys(body).sort().join() !== MEMBERS) throw no("it is no seal");
  const signed = await signers(b, parsed, body, seal.part);
  if (!signed.some(({ role }) => role === "operator")) throw no("the operator did not sign it");
  if (!signed.some(({ role }) => role === "installer")) throw no("the installer did not sign it");
  if (!signed.some(({ role, side }) => role === "third-party" && side !== "accuser")) throw no("no independent party signed it");
  const declared = b.named(run.record["declaration"], "declaration", run).record;
  if (declared["sha256"] !== body["declaration"]) throw no("it seals another declaration");
  const points = asObject(declared["declaration"])["points"];
  const hash = Array.isArray(points) ? hex(await b.primitives.sha256(utf8(writeCanonical(points as Json)))) : "";
  if (hash !== body["points"]) throw no("it seals another tap map");
  const [at, from] = [time(body["at"]), time(run.record["from"])];
  if (!(at < from)) throw no("it is not older than the first frame");
  const { contradictions, points: watched } = asObject(selfCheck);
  if (!Array.isArray(contradictions) || contradictions.length > 0) throw no("the traffic contradicts the tap map");
  const named = asObjects(watched).filter(({ declared: entry }) => isObject(entry));
  if (!Array.isArray(watched) || watched.length === 0 || named.length !== watched.length)
    throw no("frames came from points that the tap map does not name");
}

function time(value: Json | undefined): number {
  return typeof value === "string" ? Date.parse(value) : Number.NaN;
}

/** Parties whose signature holds; all that are named must have signed. */
async function signers(b: Bundle, note: ReturnType<typeof parseNote>, body: JsonObject, part: string): Promise<Party[]> {
  const keys = new Set<string>();
  const signed: Party[] = [];
  for (const { key, role, side } of asObjects(body["parties"])) {
    const known = await parseKey(typeof key === "string" ? key : "", b.primitives, part);
    // One key for two parties would let one hand sign for both.
    keys.add(hex(known.publicKey));
    if (!(await signedBy(note, known, b.primitives))) throw new Failure(`${known.name} did not sign it`, part);
    signed.push({ role, side });
  }
  if (signed.length === 0 || keys.size !== signed.length) throw new Failure("one key stands for two parties", part);
  return signed;
}
