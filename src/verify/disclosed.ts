/** L2, arithmetic: what the records say follows from what they disclose. */
import { boundsOf, isScore, refuseImpossible, Work } from "./arithmetic.ts";
import { NotChecked, type Bundle, type CheckList, type LoggedRecord } from "./bundle.ts";
import { writeCanonical, type Json, type JsonObject } from "./canonical.ts";
import type { Container } from "./container.ts";
import { allowedGrade, GRADES } from "./grades.ts";
import { parseKey } from "./note.ts";
import { fromBase64, hex, utf8 } from "./octets.ts";
import { challengedPairs, commitmentOf, type CommitmentClass } from "./openings.ts";
import { countPackets } from "./packets.ts";
import { asNumber, asObject, asObjects, asText } from "./records.ts";
import { Failure, type VerifyOptions } from "./result.ts";
import { attributionOf, evidenceOf } from "./evidence.ts";
import { claimOf } from "./claims.ts";
import { countsOf, coverageOf } from "./counts.ts";
import { datesOf } from "./dates.ts";
import { stepsOf } from "./steps.ts";
import { sealFor, untold } from "./standing.ts";

/** Bits that rhythm may state: its model of bursts says no more (docs/copies.md §7). */
const MOST_STATED = 40;

const MASKED = "with a subscriber's address, whose id only a replay makes again (L3)";

/** Whether what names an end in a finding's id is the pseudonym of an address: no name stands before it. */
function isPseudonym(address: Json | undefined, name: Json | undefined): boolean {
  return (name ?? null) === null && typeof address === "string" && /^s:[A-Za-z0-9_-]{16}$/.test(address);
}

/** Openings that are recomputed: each is a person's act. */
const MOST_OPENINGS = 10_000;
/** Challenges that are recomputed. */
const MOST_CHALLENGES = 1000;
/** Pairs that a finding lays side by side. */
const MOST_PAIRS = 64;

/** Shorter contents are committed to by their place, so that equality says nothing. */
const SHORTEST = 16;

export async function arithmeticChecks(b: Bundle, list: CheckList, options: VerifyOptions): Promise<void> {
  const findings = b.of("finding");
  const none = (): void => {
    if (findings.length === 0) throw new NotChecked("there is no finding");
  };
  await list.check("finding-ids", "L2", "Each finding's id is the hash of what it asserts about whom", async () => {
    none();
    let masked = 0;
    for (const f of findings) {
      const { claim, network, element, receiver, id } = f.record;
      const e = asObject(element);
      const r = asObject(receiver);
      // An element is a function of the network, never a subscriber: a pseudonym in its place would only hide what the id was made of.
      if (asText(e["address"]).startsWith("s:")) throw new Failure("names a pseudonym as the element", f.part);
      // The id was made of a subscriber's address; what stands here is a pseudonym of it. Names and identities are never masked.
      if (isPseudonym(r["address"], r["name"] ?? r["identity"])) {
        masked++;
        continue;
      }
      const to = receiver === null ? null : (r["name"] ?? r["identity"] ?? r["address"] ?? null);
      const asserted = writeCanonical(["tapproof/findings/1", claim as Json, network as Json, e["name"] ?? e["address"] ?? null, to]);
      if (hex(await b.primitives.sha256(utf8(asserted))) !== id) throw new Failure("its id is not the hash of its assertion", f.part);
    }
    if (masked === findings.length) throw new NotChecked(`${masked} ${MASKED}`);
    return `${findings.length - masked}${masked === 0 ? "" : `; not checked: ${masked} ${MASKED}`}`;
  });
  await list.check("bits", "L2", "Each score follows from its match table", () => {
    none();
    let computed = 0;
    let stated = 0;
    const work = new Work();
    for (const f of findings) {
      const match = b.named(f.record["match"], "match", f);
      const bits = Number(f.record["bits"]);
      const chance = bits === 0 && f.record["chance"] === null ? null : `2^-${Math.min(bits, 128)}`;
      if (f.record["chance"] !== chance && f.record["chance"] !== null) throw new Failure("its chance does not go with its bits", f.part);
      if (match.record["table"] === null) {
        if (f.record["claim"] === "covert-copy" && f.record["grade"] === "proven")
          throw new Failure("is proven without a match table", f.part);
        // Rhythm (docs/copies.md §7) states bits of a model, never more than this; what is read directly has no chance.
        const copy = [f.record, ...asObjects(f.record["witnesses"])].some((r) => r["claim"] === "covert-copy");
        if (bits > (copy ? MOST_STATED : 0)) throw new Failure(`states ${bits} bits without a match table`, f.part);
        if (bits > 0) stated++;
        continue;
      }
      work.count(match.record["table"] as Json, match.part);
      const bounds = boundsOf(match.record["table"] as Json, match.part);
      refuseImpossible(match.record["table"] as Json, match.part);
      if (!isScore(bits, bounds)) {
        throw new Failure(`claims ${bits} bits; its match table gives ${Math.floor(Math.min(bounds.hash, bounds.source))}`, f.part);
      }
      computed++;
    }
    const direct = findings.length - computed - stated;
    return `${computed} computed again, ${direct} read directly${stated === 0 ? "" : `, ${stated} stated without a table`}`;
  });
  await list.check("grades", "L2", "No finding is graded higher than its own record allows", async () => {
    none();
    for (const run of b.of("coverage")) {
      const declared = b.named(run.record["declaration"], "declaration", run).record["given"] === true;
      for (const { record } of asObjects(run.record["findings"])) {
        if (!b.has(asText(record))) continue;
        const f = b.named(record, "finding", run);
        const allowed = allowedGrade(f.record, declared);
        if (GRADES.indexOf(f.record["grade"] as (typeof GRADES)[number]) > allowed.grade) {
          throw new Failure(`is graded ${asText(f.record["grade"])}; at most ${String(GRADES[allowed.grade])}: ${allowed.because}`, f.part);
        }
      }
    }
    return `${findings.length}`;
  });
  await list.check("standing", "L2", "What is called attested has a seal that bears it out", async () => {
    none();
    let attested = 0;
    const told = new Set<string>();
    for (const spelled of options.parties ?? []) told.add(hex((await parseKey(spelled, b.primitives, "the party's key")).publicKey));
    const strangers = new Map<string, string>();
    for (const [run, f] of b.findingsByRun()) {
      if (f.record["standing"] === "given") continue;
      for (const { role, key } of untold(await sealFor(b, run, f), told)) strangers.set(key.spelled, `${asText(role)} ${key.spelled}`);
      attested++;
    }
    if (attested === 0) throw new NotChecked("given: nobody but the accuser vouches for declaration and tap map");
    if (strangers.size > 0) {
      const who = [...strangers.values()].join(", ");
      const asked = told.size > 0;
      throw new NotChecked(
        `sealed as it should be, by keys that you did not name: ${who}; ask who they are, and name them (--party)`,
        asked,
      );
    }
    const witnessed = list.checks.some((c) => c.code === "witnesses" && c.status === "passed");
    return `${attested} attested of ${findings.length}${witnessed ? "; under a witnessed head as far as that reaches" : ""}`;
  });
  await list.check("evidence", "L2", "Evidence lies in captures of its run, and vendors are those declared", () => {
    none();
    let frames = 0;
    for (const run of b.of("coverage")) {
      for (const { record } of asObjects(run.record["findings"])) {
        if (!b.has(asText(record))) continue;
        const f = b.named(record, "finding", run);
        frames += evidenceOf(b, run, f);
        attributionOf(b, run, f);
      }
    }
    return `${frames} frames listed`;
  });
  await list.check("counts", "L2", "Counts are those of their lists, and no finding has more than its run", () => {
    none();
    let counted = 0;
    for (const [run, f] of b.findingsByRun()) counted += countsOf(b, run, f);
    return `${counted} counts`;
  });
  await list.check("claims", "L2", "Explanations, data and witnesses are such as the claim can have, and none is left out", () => {
    none();
    return `${findings.reduce((n, f) => n + claimOf(b, f), 0)} explanations`;
  });
  await list.check("arithmetic", "L2", "The steps of the arithmetic are those of the match table", () => {
    none();
    if (list.checks.some((c) => c.code === "bits" && c.status === "failed")) throw new NotChecked("because bits failed");
    return `${findings.reduce((n, f) => n + stepsOf(b, f), 0)} steps`;
  });
  await list.check("dates", "L2", "Nothing that follows from a capture is dated before it", () => datesOf(b));
  await list.check("declaration", "L2", "The declaration is the one whose hash was stated", async () => {
    for (const d of b.of("declaration")) {
      const { given, sha256, declaration } = d.record;
      if ((given === true) !== (declaration !== null) || (given === true) !== (sha256 !== null))
        throw new Failure("contradicts itself", d.part);
      if (given === true && hex(await b.primitives.sha256(utf8(writeCanonical(declaration as Json)))) !== sha256)
        throw new Failure("is not what its hash says", d.part);
    }
    return `${b.of("declaration").length}`;
  });
  await list.check("coverage", "L2", "What each run says it watched is what its captures, points and register say", () => {
    for (const run of b.of("coverage")) coverageOf(b, run);
    return `${b.of("coverage").length}`;
  });
  await list.check("pairs", "L2", "Copies and originals are committed to the same content", () => {
    none();
    let all = 0;
    for (const m of b.of("match")) {
      const pairs = asObjects(m.record["pairs"]);
      const differs = pairs.findIndex((p) => p["copyCommitment"] !== p["originalCommitment"] || Number(p["octets"]) < SHORTEST);
      if (differs >= 0) throw new Failure(`pair ${differs} is not of equal content`, m.part);
      all += pairs.length;
    }
    if (all === 0) throw new NotChecked("no finding shows copies beside their originals");
    return `${all} pairs`;
  });
  await list.check("carved", "L2", "Carved packets are all there, and those that the records name", () => carved(b));
  await list.check("openings", "L2", "What was opened is what had been committed to", () => openings(b));
  await list.check("challenges", "L2", "The pairs opened are those that the public random value picks", () => challenges(b));
  await list.check("absence", "L2", "What is asserted to be absent (no path, no warrant)", () => {
    throw new NotChecked("attested here; only replay on the full captures (L3) shows it");
  });
}

async function carved(b: Bundle): Promise<string> {
  const container = b.container as Container;
  const expected = new Map<string, string>();
  let packets = 0;
  const check = async (name: string, file: Json | undefined, frames: number, by: LoggedRecord): Promise<void> => {
    const { bytes, sha256 } = asObject(file);
    const part = b.part(name);
    if (part.octets.length !== bytes || hex(await b.primitives.sha256(part.octets)) !== sha256)
      throw new Failure(`is not what ${by.part} says`, name);
    const found = countPackets(part.octets, name);
    if (found !== frames) throw new Failure(`holds ${found} packets, ${by.part} lists ${frames}`, name);
    packets += found;
    expected.set(name, by.part);
  };
  // Of several runs that carved for one finding, the last one's packets travel along.
  const last = new Map(b.of("carved").flatMap((r) => (r.record["file"] === null ? [] : [[r.record["finding"], r] as const])));
  for (const r of b.of("carved")) {
    const frames = asObjects(r.record["frames"]).length;
    if (r.record["file"] === null) {
      if (typeof r.record["why"] !== "string" || r.record["why"] === "" || frames > 0)
        throw new Failure("has no packets and does not say why", r.part);
    } else if (last.get(r.record["finding"] as Json) === r)
      await check(`carved/${asText(r.record["finding"])}.pcapng`, r.record["file"], frames, r);
  }
  for (const r of b.of("carved-full"))
    await check(`carved-full/${asText(r.record["finding"])}.pcapng`, r.record["file"], Number(r.record["frames"]), r);
  for (const { name } of container.parts)
    if (name.startsWith("carved") && !expected.has(name)) throw new Failure("belongs to no record", name);
  if (expected.size === 0) throw new NotChecked("no packets were carved");
  return `${packets} packets in ${expected.size} file${expected.size === 1 ? "" : "s"}`;
}

async function openings(b: Bundle): Promise<string> {
  const all = b.of("opening");
  if (all.length === 0) throw new NotChecked("nothing was opened");
  if (all.length > MOST_OPENINGS) throw new Failure(`is one of more than ${MOST_OPENINGS} openings`, all[MOST_OPENINGS]?.part);
  for (const o of all) {
    const index = Number(o.record["index"]);
    const kind = o.record["class"] as CommitmentClass;
    const salt = fromBase64(asText(o.record["salt"]));
    const content = fromBase64(asText(o.record["content"]));
    // A longer salt could take octets of the content: another content for the same commitment.
    if (salt?.length !== 32 || content === undefined) throw new Failure("its base64 is not canonical", o.part);
    const made = await commitmentOf(kind, salt, content, b.primitives);
    const holds = b.findingsOf(o.record["finding"]).some((f) => {
      // The lists are of their shape (L1): one place is looked at, however long they are.
      const listed = (value: Json | undefined): Json | undefined => (value as readonly Json[])[index];
      if (kind === "subscriber") return listed(asObject(f.record["subscribers"])["commitments"]) === made;
      if (kind === "identity") return listed(asObject(f.record["identities"])["commitments"]) === made;
      return asObject(listed(b.named(f.record["carved"], "carved", f).record["frames"]))["commitment"] === made;
    });
    if (!holds) throw new Failure(`opens no commitment of its finding (${kind} ${index})`, o.part);
  }
  return `${all.length}`;
}

async function challenges(b: Bundle): Promise<string> {
  const all = b.of("challenge");
  if (all.length === 0) throw new NotChecked("no challenge was answered");
  if (all.length > MOST_CHALLENGES) throw new Failure(`is one of more than ${MOST_CHALLENGES} challenges`, all[MOST_CHALLENGES]?.part);
  let opened = 0;
  for (const c of all) {
    const match = b.named(c.record["match"], "match", c);
    if (match.record["finding"] !== c.record["finding"]) throw new Failure("is answered with pairs of another finding", c.part);
    const pairs = asObjects(match.record["pairs"]);
    if (pairs.length > MOST_PAIRS) throw new Failure("is of more pairs than a finding has", c.part);
    const wanted = Number(c.record["wanted"]);
    const picked = await challengedPairs(match.sha256, asText(c.record["random"]), wanted, pairs.length, b.primitives);
    const answers = asObjects(c.record["pairs"]);
    if (picked.length === 0 || c.record["random"] === "") throw new Failure("asks for nothing", c.part);
    if (answers.map((a) => asNumber(a["pair"])).join() !== picked.join())
      throw new Failure(`opens other pairs than those picked (${picked.join(", ")})`, c.part);
    for (const a of answers) {
      const pair = pairs[Number(a["pair"])] as JsonObject;
      const sides: readonly [Json | undefined, Json | undefined, Json | undefined][] = [
        [a["copySalt"], a["content"], pair["copyCommitment"]],
        [a["originalSalt"], a["originalContent"], pair["originalCommitment"]],
      ];
      for (const [s, t, commitment] of sides) {
        const salt = fromBase64(asText(s));
        const content = fromBase64(asText(t));
        if (salt?.length !== 32 || content === undefined) throw new Failure("its base64 is not canonical", c.part);
        if ((await commitmentOf("payload", salt, content, b.primitives)) !== commitment)
          throw new Failure(`pair ${asText(a["pair"])} is not what was committed to`, c.part);
        if (content.length !== pair["octets"]) throw new Failure(`pair ${asText(a["pair"])} has another length than stated`, c.part);
      }
      if (a["content"] !== a["originalContent"]) throw new Failure(`pair ${asText(a["pair"])}: copy and original differ`, c.part);
      opened++;
    }
  }
  return `${opened} pairs opened`;
}
