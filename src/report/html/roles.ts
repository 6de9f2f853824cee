import type { FindingRecord } from "#findings/document.ts";
import type { CaseData } from "#report/case-data.ts";

/** Roles of the element: as declared, else as its signalling shows. */
export function rolesOf(f: FindingRecord, data: CaseData): readonly string[] {
  const declared = data.declaration?.functions.find((x) => x.name === f.element.name)?.roles;
  return declared ?? data.observed.elements.filter((e) => e.address === f.element.address).map((e) => e.role);
}
