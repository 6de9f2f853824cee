/** Vendors: what each one's equipment did, and the conditions it held, broke, or that could not be observed (the report's dossier). */
import { saidOf } from "#findings/said.ts";
import type { FindingRecord } from "#findings/document.ts";
import { observedIn, watchOf } from "#report/case-data.ts";
import { DEFAULT_CONDITIONS } from "#report/default-conditions.ts";
import { dossier, type ConditionResult, type Dossier, type DossierEntry, type Reason } from "#report/dossier.ts";
import type { ByGrade, Condition, Vendor, VendorList, VendorSummary } from "#serve/api/types.ts";
import type { FindingIndex } from "#serve/cases/finding-index.ts";
import { readFindings } from "#serve/cases/findings-file.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { notFound } from "#serve/problem.ts";
import { shownValue } from "#serve/shown-text.ts";
import { WORDS, type Language, type Words } from "#words/words.ts";

/** Findings named with a condition. */
const MOST_NAMED = 100;

export class Dossiers {
  private readonly made = new Map<string, Promise<Dossier>>();

  /** Made once for what the cases now hold. */
  of(cases: readonly OpenCase[], cleared: boolean): Promise<Dossier> {
    const key = `${cleared} ${cases.map((c) => `${c.id}:${c.generation}`).join()}`;
    let known = this.made.get(key);
    if (known === undefined) {
      if (this.made.size > 20) this.made.clear();
      known = make(cases, cleared);
      this.made.set(key, known);
      known.catch(() => this.made.delete(key));
    }
    return known;
  }
}

async function make(cases: readonly OpenCase[], cleared: boolean): Promise<Dossier> {
  const read = [];
  for (const c of cases) {
    if (c.document === null) continue;
    const findings: FindingRecord[] = [];
    // what the dossier does not read is let go: a country's findings fit in memory that way
    await readFindings(c.folder.file("findings"), (f) =>
      findings.push({
        ...f,
        evidence: [],
        ruledOut: [],
        premises: [],
        arithmetic: [],
        sources: [],
        subscribers: { ...f.subscribers, pseudonyms: [] },
      }),
    );
    const document = { ...c.document, findings };
    const declaration = c.lookup?.declaration ?? null;
    const observed = await observedIn(c.folder.file("database"));
    read.push({ name: c.id, document, declaration, watched: watchOf({ declaration, document, observed }) });
  }
  return dossier(read, DEFAULT_CONDITIONS, { liCleared: cleared });
}

export async function vendorsOf(
  cases: readonly OpenCase[],
  index: FindingIndex,
  dossiers: Dossiers,
  cleared: boolean,
): Promise<VendorList> {
  const { entries } = await dossiers.of(cases, cleared);
  const byVendor = new Map<string, VendorSummary>();
  const none: ByGrade = { indication: 0, corroborated: 0, proven: 0 };
  const undeclared = { ...none };
  for (const entry of entries) {
    if (entry.vendor === null) continue;
    const known = byVendor.get(entry.vendor.id) ?? {
      id: entry.vendor.id,
      name: entry.vendor.name,
      country: entry.vendor.country,
      networks: [],
      cases: [],
      functions: 0,
      findings: { ...none },
      conditions: { held: 0, broken: 0, notObservable: 0 },
      subscribers: 0,
      bytes: 0,
    };
    if (entry.network !== null) known.networks.push(entry.network);
    known.cases.push(...entry.cases);
    known.functions += entry.functions.length;
    known.conditions.held += entry.tally.held;
    known.conditions.broken += entry.tally.broken;
    known.conditions.notObservable += entry.tally.notObservable;
    byVendor.set(entry.vendor.id, known);
  }
  for (const f of index.each(cleared)) {
    const vendor = f.vendor === null ? undefined : byVendor.get(f.vendor);
    if (vendor === undefined) {
      undeclared[f.grade]++;
      continue;
    }
    vendor.findings[f.grade]++;
    vendor.bytes += f.bytes;
    vendor.subscribers = Math.max(vendor.subscribers, f.subscribers);
  }
  return { vendors: [...byVendor.values()].sort((a, b) => weight(b) - weight(a) || (a.name < b.name ? -1 : 1)), undeclared };
}

const weight = (v: VendorSummary): number => v.findings.proven * 1e6 + v.findings.corroborated * 1e3 + v.findings.indication;

export async function vendorOf(
  cases: readonly OpenCase[],
  index: FindingIndex,
  dossiers: Dossiers,
  id: string,
  cleared: boolean,
  language: Language,
): Promise<Vendor> {
  const list = await vendorsOf(cases, index, dossiers, cleared);
  const summary = list.vendors.find((v) => v.id === id || shownValue(v.id) === id);
  if (summary === undefined) throw notFound("this vendor", id.slice(0, 100));
  const entries = (await dossiers.of(cases, cleared)).entries.filter((e) => e.vendor?.id === summary.id);
  const words = WORDS[language];
  return {
    vendor: summary,
    elements: entries.flatMap((entry) => elementsOf(entry, cases, cleared)),
    conditions: entries.flatMap((entry) => entry.conditions.map((c) => conditionOf(c, entry, entries.length > 1, language, words))),
    source: "report",
    sentence: words.dossier.blame,
  };
}

function elementsOf(entry: DossierEntry, cases: readonly OpenCase[], cleared: boolean): Vendor["elements"] {
  return entry.cases.flatMap((caseId) => {
    const of = cases.find((c) => c.id === caseId);
    if (of === undefined) return [];
    const nodes = of.model(cleared).nodes;
    return entry.functions.map((f) => {
      const node = nodes.get(f.name);
      return {
        id: f.name,
        case: caseId,
        roles: [...f.roles],
        site: node?.site ?? null,
        observed: node?.observed ?? false,
        findings: node?.findings ?? { indication: 0, corroborated: 0, proven: 0 },
      };
    });
  });
}

function conditionOf(c: ConditionResult, entry: DossierEntry, several: boolean, language: Language, words: Words): Condition {
  const named = [...c.findings, ...c.open].slice(0, MOST_NAMED);
  return {
    id: several ? `${c.id} (${entry.network ?? ""})` : c.id,
    claim: named[0]?.claim ?? null,
    statement: c.statement[language],
    status: c.status === "not observable" ? "not-observable" : c.status,
    because: c.reasons.map((r) => reasonText(r, words)).join(language === "fr" ? "\u00a0; " : "; "),
    findings: named.map((f) => ({ id: f.id, case: f.case, grade: f.grade, ...saidOf(f) })),
  };
}

function reasonText(r: Reason, words: Words): string {
  const { reason } = words.dossier;
  switch (r.code) {
    case "broken-by":
      return reason["broken-by"](r.findings, words.grades[r.strongest]);
    case "nothing-found":
      return reason["nothing-found"](r.watched.join(", "));
    case "open":
      return reason.open(r.findings);
    case "undecided":
      return reason.undecided(r.count);
    case "withheld":
      return reason.withheld(r.findings);
    case "not-watched":
      return reason["not-watched"](r.anyOf.join(", "), r.elements.join(", "));
    case "not-complete":
      return reason["not-complete"](r.anyOf.join(", "));
    case "no-declaration":
      return reason["no-declaration"]();
    case "not-declared":
      return reason["not-declared"](r.part);
    case "unreviewed":
      return reason.unreviewed(r.part);
    case "detector-failed":
      return reason["detector-failed"](r.count);
    case "lost-packets":
      return reason["lost-packets"](r.count);
    case "reservation-lost":
      return reason["reservation-lost"](r.count);
  }
}
