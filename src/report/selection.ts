/**
 * What of a case a reader may see. Findings about interception, and what would betray them (their receivers, their exposure, lawful
 * addresses), are for readers cleared for interception (`method.md` §6); everybody else gets a count.
 */
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import type { CaseData, Observed } from "./case-data.ts";
import type { Reader } from "./reader.ts";
import { aboutInterception, entryAboutInterception, hasLawfulRole, lawfulAddresses, openCoverage } from "./interception.ts";

export interface Selection {
  readonly findings: readonly FindingRecord[];
  /** Findings about interception that were left out. */
  readonly withheld: number;
  readonly observed: Observed;
  readonly exposure: { readonly subscribers: number; readonly bytes: number; readonly receivers: readonly string[] };
  readonly liCleared: boolean;
  readonly reader: Reader;
  /** Interceptions that a warrant covers; null for those who may not know how many there are. */
  readonly covered: number | null;
}

export function select(data: Pick<CaseData, "document" | "declaration" | "observed">, reader: Reader): Selection {
  const { liCleared } = reader;
  const { document } = data;
  const findings = liCleared ? document.findings : document.findings.filter((f) => !aboutInterception(f));
  const left = document.findings.filter((f) => !findings.includes(f));
  const secret = new Set([
    ...(liCleared ? [] : lawfulAddresses(data.declaration)),
    ...left.flatMap((f) => [f.receiver?.address ?? null]).filter((a) => a !== null),
  ]);
  // A receiver that a finding shown names as well is no secret any more.
  for (const f of findings) for (const address of [f.receiver?.address, f.element.address]) secret.delete(address ?? "");
  const open = (...addresses: readonly string[]): boolean => !addresses.some((a) => secret.has(a));
  const { observed } = data;
  return {
    findings,
    withheld: left.length,
    liCleared,
    reader,
    covered: liCleared ? document.coverage.coveredInterceptions : null,
    observed: {
      points: observed.points,
      unreadable: observed.unreadable,
      elements: observed.elements.filter((e) => open(e.address)),
      references: observed.references.filter((r) => open(r.a, r.b)),
      flows: observed.flows.filter((f) => open(f.a, f.b)),
      tunnels: observed.tunnels.filter((t) => open(t.source, t.address)),
    },
    exposure: {
      subscribers: new Set(findings.flatMap((f) => f.subscribers.pseudonyms)).size,
      bytes: findings.reduce((sum, f) => sum + (f.data.includes("content") ? f.bytes : 0), 0),
      receivers: [...new Set(findings.flatMap((f) => (f.receiver === null ? [] : [receiverName(f)])))].sort(),
    },
  };
}

/** The case for a reader, as far as `select` does not say: coverage, log, declaration. */
export function openData(data: CaseData, { liCleared, findings }: Selection): CaseData {
  if (liCleared) return data;
  const shown = new Set(findings.map((f) => f.id));
  const hidden = new Set(data.document.findings.map((f) => f.id).filter((id) => !shown.has(id)));
  const { declaration } = data;
  return {
    ...data,
    document: { ...data.document, coverage: openCoverage(data.document.coverage, false) },
    log: data.log.filter((entry) => !entryAboutInterception(entry, (id) => hidden.has(id))),
    declaration: declaration === null ? null : { ...declaration, functions: declaration.functions.filter((f) => !hasLawfulRole(f.roles)) },
  };
}

export function withoutIdentities(document: FindingsDocument): FindingsDocument {
  return {
    ...document,
    findings: document.findings.map((f) => {
      const { count, pseudonyms } = f.subscribers;
      return { ...f, subscribers: { count, pseudonyms } };
    }),
  };
}

/** Name, identity or address of a finding's receiver; empty where there is none. */
export function receiverName(f: Pick<FindingRecord, "receiver">): string {
  return f.receiver?.name ?? f.receiver?.identity ?? f.receiver?.address ?? "";
}

export function elementName(f: Pick<FindingRecord, "element">): string {
  return f.element.name ?? f.element.address ?? "?";
}
