/** What a scan found anew, or found stronger than before: that, and nothing else, is news. */
import type { FindingRecord } from "#findings/document.ts";
import { GRADES, type Grade } from "#model/finding.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { limits } from "#serve/limits.ts";

/** Grades by finding, before a scan; `cleared`: also of findings about interception. */
export function gradesOf(of: OpenCase, cleared: boolean): ReadonlyMap<string, Grade> {
  return new Map([...of.index.each(cleared)].map((f) => [f.id, f.grade]));
}

/** The findings, the strongest first, without identities: an alert holds what the summary holds. */
export async function risenIn(of: OpenCase, before: ReadonlyMap<string, Grade>, cleared: boolean): Promise<FindingRecord[]> {
  const rank = (grade: Grade): number => GRADES.indexOf(grade);
  const risen = [...of.index.each(cleared)]
    .filter((f) => {
      const known = before.get(f.id);
      return known === undefined || rank(f.grade) > rank(known);
    })
    .sort((a, b) => rank(b.grade) - rank(a.grade))
    .slice(0, limits.alertsOfScan);
  const records: FindingRecord[] = [];
  for (const { id } of risen) {
    const record = await of.finding(id, cleared);
    const { identities: _, ...subscribers } = record.subscribers;
    records.push({ ...record, subscribers });
  }
  return records;
}
