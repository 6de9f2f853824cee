/**
 * The vendor dossier: for each vendor in each network, every condition as held, broken or not observable, with the findings that break
 * it or the coverage that supports it. A pure function of what cases say: no file, no clock.
 *
 * `held` is a statement about absence, so it needs that what would show a breach was watched, that the declaration it is measured
 * against was there, and that nothing was left open; else the answer is `not observable`, and says what is missing.
 */
import type { Declaration } from "#declaration/types.ts";
import { saidOf } from "#findings/said.ts";
import type { FindingRecord, FindingsDocument, GapRecord, StatementValues } from "#findings/document.ts";
import { isUnreviewed } from "#declaration/unreviewed.ts";
import { GRADES, type Claim, type Grade, type Standing } from "#model/finding.ts";
import { aboutInterception, openCoverage } from "./interception.ts";
import type { Condition, Conditions } from "./conditions.ts";

/** What one case says. `watched` comes from its database (`watch.ts`); without one only the points' names are known. */
export interface DossierCase {
  readonly name: string;
  readonly document: FindingsDocument;
  readonly declaration: Declaration | null;
  readonly watched: readonly Watch[];
}

/** An interface on which an element was seen. */
export interface Watch {
  readonly interface: string;
  /** Declared name of the element; null: the point shows this interface, whose elements its packets do not name. */
  readonly element: string | null;
  readonly point: string | null;
  /** The tap map says that all traffic of the link is captured. */
  readonly complete: boolean;
  /** RFC 3339, UTC. */
  readonly first: string | null;
  readonly last: string | null;
}

export type ConditionStatus = "held" | "broken" | "not observable";

/** Why a condition has its status, in no language: `words.dossier.reason` makes a sentence of it. */
export type Reason =
  | { readonly code: "broken-by"; readonly findings: number; readonly strongest: Grade }
  | { readonly code: "nothing-found"; readonly watched: readonly string[] }
  | { readonly code: "open"; readonly findings: number }
  | { readonly code: "undecided"; readonly count: number }
  | { readonly code: "withheld"; readonly findings: number }
  | { readonly code: "not-watched"; readonly anyOf: readonly string[]; readonly elements: readonly string[] }
  | { readonly code: "not-complete"; readonly anyOf: readonly string[] }
  | { readonly code: "no-declaration" }
  | { readonly code: "not-declared"; readonly part: string }
  | { readonly code: "unreviewed"; readonly part: string }
  | { readonly code: "detector-failed"; readonly count: number }
  | { readonly code: "lost-packets"; readonly count: number }
  | { readonly code: "reservation-lost"; readonly count: number };

export interface ConditionEvidence {
  readonly case: string;
  readonly id: string;
  readonly claim: Claim;
  readonly grade: Grade;
  readonly standing: Standing;
  readonly summary: string;
  readonly summaryCode?: string;
  readonly values?: StatementValues;
  readonly element: string | null;
  readonly first: string;
  readonly last: string;
}

export interface ConditionResult {
  readonly id: string;
  readonly statement: { readonly en: string; readonly fr: string };
  readonly status: ConditionStatus;
  readonly reasons: readonly Reason[];
  /** Findings that break it. */
  readonly findings: readonly ConditionEvidence[];
  /** Weaker ones, which a person has to judge. */
  readonly open: readonly ConditionEvidence[];
  /** What was watched and bears on it. */
  readonly coverage: readonly Watch[];
}

export interface DossierEntry {
  /** Null: functions to which the declaration gives no vendor. */
  readonly vendor: { readonly id: string; readonly name: string; readonly country: string | null } | null;
  readonly network: string | null;
  readonly functions: readonly { readonly name: string; readonly roles: readonly string[] }[];
  readonly cases: readonly string[];
  /** RFC 3339: first and last packet of these cases. */
  readonly first: string | null;
  readonly last: string | null;
  /** The weakest standing of the cases' findings; `given` where there is none. */
  readonly standing: Standing;
  /** A declaration among them is a machine's draft that nobody has reviewed. */
  readonly unreviewed: boolean;
  readonly conditions: readonly ConditionResult[];
  /** Ids of conditions that concern none of these functions. */
  readonly outside: readonly string[];
  readonly tally: { readonly held: number; readonly broken: number; readonly notObservable: number };
}

export interface Dossier {
  readonly schema: "tapproof/dossier/1";
  readonly entries: readonly DossierEntry[];
}

export interface DossierOptions {
  /** Id or name; all vendors where it is left out. */
  readonly vendor?: string;
  /** The reader may see findings about interception (`method.md` §6); for others they are counted, and judge nothing. */
  readonly liCleared?: boolean;
}

/** One entry a vendor and network, by network, then vendor. */
export function dossier(cases: readonly DossierCase[], conditions: Conditions, options: DossierOptions = {}): Dossier {
  const networks = new Map<string | null, DossierCase[]>();
  for (const one of cases) {
    const name = one.document.network;
    networks.set(name, [...(networks.get(name) ?? []), one]);
  }
  const entries: DossierEntry[] = [];
  for (const [network, members] of [...networks].sort(([a], [b]) => compare(a ?? "", b ?? ""))) {
    for (const vendor of vendorsOf(members)) {
      const named = vendor !== null && [vendor.id.toLowerCase(), vendor.name.toLowerCase()].includes(options.vendor?.toLowerCase() ?? "");
      if (options.vendor !== undefined && !named) continue;
      entries.push(entryOf(vendor, network, members, conditions, options));
    }
  }
  return { schema: "tapproof/dossier/1", entries };
}

type VendorName = NonNullable<DossierEntry["vendor"]> | null;

/** Vendors that the declarations name, those that only findings name, and null where something has none. */
function vendorsOf(cases: readonly DossierCase[]): VendorName[] {
  const known = new Map<string, NonNullable<VendorName>>();
  let nameless = false;
  for (const { declaration, document } of cases) {
    for (const v of declaration?.vendors ?? []) if (!known.has(v.id)) known.set(v.id, { id: v.id, name: v.name, country: v.country });
    const used = [
      ...(declaration?.functions ?? []).map((f) => f.vendor),
      ...(declaration?.hosts ?? []).map((h) => h.vendor),
      ...document.findings.map((f) => f.element.vendor),
    ];
    for (const id of used) {
      if (id === null) nameless = true;
      else if (!known.has(id)) known.set(id, { id, name: id, country: null });
    }
    if (declaration === null) nameless = true;
  }
  const named = [...known.values()].sort((a, b) => compare(a.id, b.id));
  return nameless ? [...named, null] : named;
}

function entryOf(
  vendor: VendorName,
  network: string | null,
  cases: readonly DossierCase[],
  { conditions }: Conditions,
  options: DossierOptions,
): DossierEntry {
  const id = vendor?.id ?? null;
  const functions = new Map<string, { name: string; roles: readonly string[] }>();
  for (const { declaration } of cases)
    for (const f of declaration?.functions ?? []) if (f.vendor === id) functions.set(f.name, { name: f.name, roles: f.roles });
  const own = [...functions.values()];
  const results: ConditionResult[] = [];
  const outside: string[] = [];
  for (const condition of conditions) {
    const meant = condition.vendors === undefined || (id !== null && condition.vendors.includes(id));
    const here = condition.networks === undefined || (network !== null && condition.networks.includes(network));
    const concerned = condition.roles.length === 0 ? own : own.filter((f) => f.roles.some((role) => condition.roles.includes(role)));
    const found = findingsOf(cases, id, condition);
    if (!meant || !here || (concerned.length === 0 && own.length > 0 && found.length === 0)) outside.push(condition.id);
    else
      results.push(
        judge(
          condition,
          cases,
          id,
          concerned.map((f) => f.name),
          found,
          options,
        ),
      );
  }
  const of = (status: ConditionStatus): number => results.filter((r) => r.status === status).length;
  const captures = cases.flatMap((c) => c.document.captures);
  const standings = cases.flatMap((c) => c.document.findings.map((f) => f.standing));
  return {
    vendor,
    network,
    functions: own,
    cases: cases.map((c) => c.name),
    first: least(captures.map((c) => c.first)),
    last: most(captures.map((c) => c.last)),
    standing: standings.length === 0 || standings.includes("given") ? "given" : standings.includes("attested") ? "attested" : "witnessed",
    unreviewed: cases.some(({ declaration }) => declaration !== null && isUnreviewed(declaration)),
    conditions: results,
    outside,
    tally: { held: of("held"), broken: of("broken"), notObservable: of("not observable") },
  };
}

interface Found {
  readonly of: DossierCase;
  readonly finding: FindingRecord;
  readonly grade: Grade;
  /** The witness that bears on the condition, where it is not the finding's own claim. */
  readonly witness?: FindingRecord["witnesses"][number];
}

/** Findings about this vendor's equipment that bear on a condition: by their claim, or by a witness of it (one act, one finding). */
function findingsOf(cases: readonly DossierCase[], vendor: string | null, condition: Condition): Found[] {
  const found: Found[] = [];
  for (const of of cases) {
    for (const finding of of.document.findings) {
      if (finding.element.vendor !== vendor || !fits(finding, condition)) continue;
      if (condition.claims.includes(finding.claim)) found.push({ of, finding, grade: finding.grade });
      else {
        const witnesses = finding.witnesses.filter((w) => condition.claims.includes(w.claim));
        const grade = GRADES.findLast((g) => witnesses.some((w) => w.grade === g));
        const witness = witnesses.find((w) => w.grade === grade);
        if (grade !== undefined && witness !== undefined) found.push({ of, finding, grade, witness });
      }
    }
  }
  return found;
}

function fits(finding: FindingRecord, { when }: Condition): boolean {
  if (when === undefined) return true;
  if (when.data !== undefined && !when.data.some((kind) => finding.data.includes(kind))) return false;
  if (when.layers !== undefined && !when.layers.some((layer) => finding.transport.layers.includes(layer))) return false;
  return Object.entries(when.detail ?? {}).every(([key, text]) => String(finding.details[key] ?? "").includes(text));
}

function judge(
  condition: Condition,
  cases: readonly DossierCase[],
  vendor: string | null,
  concerned: readonly string[],
  found: readonly Found[],
  options: DossierOptions,
): ConditionResult {
  const weakest = GRADES.indexOf(condition.breaks);
  const shown = found.filter((f) => options.liCleared === true || !aboutInterception(f.finding));
  const breaking = shown.filter((f) => GRADES.indexOf(f.grade) >= weakest);
  const open = shown.filter((f) => GRADES.indexOf(f.grade) < weakest);
  const coverage = cases.flatMap((c) => [...c.watched]).filter((w) => bears(w, condition, concerned));
  const statement =
    typeof condition.statement === "string"
      ? { en: condition.statement, fr: condition.statement }
      : { en: condition.statement.en, fr: condition.statement.fr ?? condition.statement.en };
  const result = { id: condition.id, statement, findings: breaking.map(evidenceOf), open: open.map(evidenceOf), coverage };
  const strongest = GRADES.findLast((g) => breaking.some((f) => f.grade === g));
  if (strongest !== undefined)
    return { ...result, status: "broken", reasons: [{ code: "broken-by", findings: breaking.length, strongest }] };

  const missing: Reason[] = [];
  if (shown.length < found.length) missing.push({ code: "withheld", findings: found.length - shown.length });
  if (open.length > 0) missing.push({ code: "open", findings: open.length });
  const undecided = cases
    .flatMap((c) => openCoverage(c.document.coverage, options.liCleared === true).undecided)
    .filter((u) => condition.claims.includes(u.claim));
  if (undecided.length > 0) missing.push({ code: "undecided", count: undecided.reduce((n, u) => n + u.count, 0) });
  missing.push(...declarationMissing(condition, cases));
  missing.push(...watchMissing(condition, coverage, concerned));
  const gaps = cases.flatMap((c) => openCoverage(c.document.coverage, options.liCleared === true).gaps);
  const failed = gaps.filter((gap) => gap.kind === "detector").length;
  if (failed > 0) missing.push({ code: "detector-failed", count: failed });
  const lost = gaps.filter(losesPackets);
  const lostCount = lost.reduce((n, gap) => n + gap.count, 0);
  const strict = condition.needs.some((n) => n.complete);
  if (lostCount > 0 && strict) missing.push({ code: "lost-packets", count: lostCount });
  if (missing.length > 0) return { ...result, status: "not observable", reasons: missing };
  const reasons: Reason[] = [{ code: "nothing-found", watched: unique(coverage.map((w) => w.interface)) }];
  if (lostCount > 0) reasons.push({ code: "reservation-lost", count: lostCount });
  return { ...result, status: "held", reasons };
}

function evidenceOf({ of, finding, grade, witness }: Found): ConditionEvidence {
  return {
    case: of.name,
    id: finding.id,
    claim: witness?.claim ?? finding.claim,
    grade,
    standing: finding.standing,
    ...saidOf(witness ?? finding),
    element: finding.element.name ?? finding.element.address,
    first: finding.first,
    last: finding.last,
  };
}

/** A statement about absence is measured against the declaration: without it, or with parts nobody reviewed, nothing is held. */
function declarationMissing(condition: Condition, cases: readonly DossierCase[]): Reason[] {
  const declarations = cases.map((c) => c.declaration);
  if (declarations.some((d) => d === null)) return [{ code: "no-declaration" }];
  const reasons: Reason[] = [];
  for (const part of condition.declared) {
    for (const declaration of declarations) {
      if (declaration === null) continue;
      if (part === "grants" && declaration.unreviewed.includes("management")) reasons.push({ code: "unreviewed", part: "grants" });
      if (part === "policy" && declaration.policy === null) reasons.push({ code: "not-declared", part: "policy" });
    }
  }
  return uniqueReasons(reasons);
}

/** Every need must be met for every function concerned. */
function watchMissing(condition: Condition, coverage: readonly Watch[], concerned: readonly string[]): Reason[] {
  const reasons: Reason[] = [];
  for (const need of condition.needs) {
    const on = coverage.filter((w) => need.anyOf.some((name) => shows(w.interface, name)));
    const unwatched = concerned.filter((name) => !on.some((w) => w.element === name || (w.element === null && standsForAll(w))));
    if (on.length === 0 || (concerned.length > 0 && unwatched.length === concerned.length))
      reasons.push({ code: "not-watched", anyOf: need.anyOf, elements: [] });
    else if (unwatched.length > 0) reasons.push({ code: "not-watched", anyOf: need.anyOf, elements: unwatched });
    else if (need.complete && !on.some((w) => w.complete)) reasons.push({ code: "not-complete", anyOf: need.anyOf });
  }
  return uniqueReasons(reasons);
}

/**
 * A point without known elements stands for every function only where subscribers' own packets pass (they bear no address of the
 * network), or where the tap map says that it misses nothing: else a function that was never seen there was not watched there.
 */
function standsForAll(watch: Watch): boolean {
  return watch.complete || /^(sgi|gi|n6)$/i.test(watch.interface);
}

function bears(watch: Watch, condition: Condition, concerned: readonly string[]): boolean {
  const mine = watch.element === null || concerned.includes(watch.element);
  return mine && condition.needs.some((need) => need.anyOf.some((name) => shows(watch.interface, name)));
}

/** Whether a point that is named `watched` shows the interface `wanted`: a tap on "S1" shows S1-MME and S1-U. */
export function shows(watched: string, wanted: string): boolean {
  const [w, x] = [watched.toLowerCase(), wanted.toLowerCase()];
  return w === x || x.startsWith(`${w}-`) || w.split(/[/+, ]/).some((part) => part === x) || x.split("/").some((part) => part === w);
}

/** Gaps in which packets themselves are missing; those that could not be decoded are another matter. */
function losesPackets(gap: GapRecord): boolean {
  return /drop|lost|truncated|corrupt|cut-frames|unknown-interface|unsupported-section|compression|limit|skipped/.test(gap.kind);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
function unique(list: readonly string[]): string[] {
  return [...new Set(list)].sort();
}
function uniqueReasons(reasons: readonly Reason[]): Reason[] {
  const seen = new Map(reasons.map((r) => [JSON.stringify(r), r]));
  return [...seen.values()];
}
function least(times: readonly (string | null)[]): string | null {
  return times.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null);
}
function most(times: readonly (string | null)[]): string | null {
  return times.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
}
