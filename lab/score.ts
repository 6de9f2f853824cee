/**
 * Findings against truth (contract §5). Strict: an expectation is met only by a finding of the right claim, grade,
 * element, receiver, subscriber, data and frames; what is forbidden, or accuses somebody else, is a false accusation.
 */
import { type Act, type Claim, CLAIMS, GRADES, type Grade } from "#model/finding.ts";

/** One entry of `truth.json`'s `expect`. */
interface Expected {
  readonly claim: Claim;
  readonly claimAlso?: readonly Claim[];
  readonly minGrade: Grade;
  /** Exactly this grade and act, where the truth states them (the lab's does): an indication raised to `proven` is no less wrong than a miss. */
  readonly grade?: Grade;
  readonly act?: Act;
  readonly element: string;
  readonly elementAlso?: readonly string[];
  readonly elementAddresses?: readonly string[];
  readonly receiver: string | null;
  readonly receiverAlso?: readonly (string | null)[];
  readonly subscriber?: string | null;
  readonly data?: readonly string[];
  readonly file?: string;
  readonly frames?: readonly number[];
  readonly framesMode?: "all" | "any";
}

export interface CaseTruth {
  readonly case: string;
  readonly expect: readonly Expected[];
  readonly forbid?: readonly Claim[];
  readonly allowAtMost?: Readonly<Partial<Record<Claim, Grade>>>;
  readonly why?: string;
}

interface Evidence {
  readonly capture: string;
  readonly frames: readonly number[];
  readonly framesTotal?: number;
}

/** What this needs of a finding of `tapproof/findings/1`. */
export interface ScoredFinding {
  readonly id: string;
  readonly claim: Claim;
  readonly grade: Grade;
  readonly act?: Act;
  readonly summary?: string;
  readonly element: { readonly name: string | null; readonly address: string | null };
  readonly receiver: { readonly name: string | null; readonly address: string | null; readonly identity?: string } | null;
  readonly subscribers?: { readonly count: number; readonly identities?: readonly string[] };
  readonly data: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly witnesses?: readonly { readonly evidence?: readonly Evidence[] }[];
}

export interface ScoredDocument {
  readonly schema: string;
  readonly captures: readonly { readonly file: string; readonly sha256: string }[];
  readonly findings: readonly ScoredFinding[];
}

/** What a finding lacks for an expectation; empty where it meets it. */
type Lack = "claim" | "grade" | "exact grade" | "act" | "element" | "receiver" | "subscriber" | "data" | "frames";

interface Miss {
  readonly case: string;
  readonly expected: Expected;
  /** The finding that came nearest, and what it lacks. */
  readonly nearest: { readonly finding: ScoredFinding; readonly lacks: readonly Lack[] } | null;
}

interface Accusation {
  readonly case: string;
  readonly finding: ScoredFinding;
  readonly why: "forbidden" | "grade too high" | "wrong element or receiver";
}

export interface Score {
  readonly cases: number;
  readonly perClaim: ReadonlyMap<Claim, { due: number; found: number; falseAccusations: number }>;
  readonly misses: readonly Miss[];
  readonly accusations: readonly Accusation[];
  /** Cases of the truth for which there are no findings at all. */
  readonly unscored: readonly string[];
}

function elementFits(e: Expected, f: ScoredFinding): boolean {
  const names = [e.element, ...(e.elementAlso ?? [])];
  const { name, address } = f.element;
  if (name !== null && names.includes(name)) return true;
  return address !== null && (names.includes(address) || (e.elementAddresses ?? []).includes(address));
}

function receiverFits(e: Expected, f: ScoredFinding): boolean {
  const wanted = [e.receiver, ...(e.receiverAlso ?? [])];
  if (f.receiver === null) return wanted.includes(null);
  const { address, name, identity } = f.receiver;
  return [address, name, identity].some((x) => x !== null && x !== undefined && wanted.includes(x));
}

function subscriberFits(e: Expected, f: ScoredFinding): boolean {
  if (e.subscriber === null || e.subscriber === undefined) return true;
  const shown = f.subscribers?.identities;
  return shown === undefined ? (f.subscribers?.count ?? 0) > 0 : shown.includes(`imsi:${e.subscriber}`);
}

function baseName(file: string): string {
  return file.split("/").at(-1) ?? file;
}

function framesFit(e: Expected, f: ScoredFinding, d: ScoredDocument): boolean {
  if (e.frames === undefined || e.frames.length === 0) return true;
  const files = new Set(d.captures.filter((c) => e.file === undefined || baseName(c.file) === baseName(e.file)).map((c) => c.sha256));
  const evidence = [...f.evidence, ...(f.witnesses ?? []).flatMap((w) => w.evidence ?? [])].filter((x) => files.has(x.capture));
  const frames = new Set(evidence.flatMap((x) => [...x.frames]));
  if (e.framesMode !== "all") return e.frames.some((n) => frames.has(n));
  // A list that was cut at its limit cannot be held against the finding.
  const cut = evidence.some((x) => (x.framesTotal ?? x.frames.length) > x.frames.length);
  return e.frames.every((n) => frames.has(n)) || (cut && e.frames.some((n) => frames.has(n)));
}

function lacks(e: Expected, f: ScoredFinding, d: ScoredDocument): Lack[] {
  const out: Lack[] = [];
  if (f.claim !== e.claim && e.claimAlso?.includes(f.claim) !== true) out.push("claim");
  if (GRADES.indexOf(f.grade) < GRADES.indexOf(e.minGrade)) out.push("grade");
  else if (e.grade !== undefined && f.grade !== e.grade) out.push("exact grade");
  if (e.act !== undefined && f.act !== e.act) out.push("act");
  if (!elementFits(e, f)) out.push("element");
  if (!receiverFits(e, f)) out.push("receiver");
  if (!subscriberFits(e, f)) out.push("subscriber");
  if (!(e.data ?? []).every((k) => f.data.includes(k))) out.push("data");
  if (!framesFit(e, f, d)) out.push("frames");
  return out;
}

function nearest(e: Expected, d: ScoredDocument): Miss["nearest"] {
  let best: Miss["nearest"] = null;
  for (const finding of d.findings) {
    const l = lacks(e, finding, d);
    if (best === null || l.length < best.lacks.length) best = { finding, lacks: l };
  }
  return best !== null && best.lacks.length < 4 ? best : null;
}

/** `documents` by case name. */
export function score(truths: readonly CaseTruth[], documents: ReadonlyMap<string, ScoredDocument>): Score {
  const perClaim = new Map(CLAIMS.map((c) => [c, { due: 0, found: 0, falseAccusations: 0 }]));
  const row = (c: Claim): { due: number; found: number; falseAccusations: number } =>
    perClaim.get(c) ?? { due: 0, found: 0, falseAccusations: 0 };
  const misses: Miss[] = [];
  const accusations: Accusation[] = [];
  const unscored: string[] = [];
  for (const t of truths) {
    const d = documents.get(t.case);
    if (d === undefined) unscored.push(t.case);
    const document = d ?? { schema: "", captures: [], findings: [] };
    const right = new Set<ScoredFinding>();
    for (const e of t.expect) {
      row(e.claim).due++;
      const met = document.findings.filter((f) => lacks(e, f, document).length === 0);
      if (met.length > 0) row(e.claim).found++;
      else misses.push({ case: t.case, expected: e, nearest: nearest(e, document) });
      for (const f of met) right.add(f);
    }
    for (const finding of document.findings) {
      const why = right.has(finding) ? null : accusation(t, finding);
      if (why === null) continue;
      row(finding.claim).falseAccusations++;
      accusations.push({ case: t.case, finding, why });
    }
  }
  return { cases: truths.length, perClaim, misses, accusations, unscored };
}

function accusation(t: CaseTruth, f: ScoredFinding): Accusation["why"] | null {
  if (t.forbid?.includes(f.claim) === true) return "forbidden";
  const highest = t.allowAtMost?.[f.claim];
  if (highest !== undefined) return GRADES.indexOf(f.grade) > GRADES.indexOf(highest) ? "grade too high" : null;
  const due = t.expect.filter((e) => e.claim === f.claim);
  if (due.length === 0) return null;
  // The right parties with too little else is a miss, already counted; other parties are accused without ground.
  return due.some((e) => elementFits(e, f) && receiverFits(e, f)) ? null : "wrong element or receiver";
}

export function perfect(s: Score): boolean {
  return s.misses.length === 0 && s.accusations.length === 0 && s.unscored.length === 0;
}
