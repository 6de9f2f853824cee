/** Standing of a case's findings as its log bears it out now: `witnessed` comes with cosignatures, after everything that was written down. */
import type { CaseLog } from "#evidence/log/case-log.ts";
import type { Standing } from "#model/finding.ts";
import { standingInLog } from "./standing.ts";

/**
 * By finding id, of those that are not `given`. A finding is witnessed where the record that calls it attested lies under a witnessed head; where
 * a log has no such record it is not even attested. Without a log nothing is more than attested.
 */
export function standingsInLog(
  log: CaseLog | undefined,
  findings: readonly { readonly id: string; readonly standing: Standing }[],
): ReadonlyMap<string, Standing> {
  const wanted = new Map(findings.filter((f) => f.standing !== "given").map((f): [string, Standing] => [f.id, "given"]));
  if (wanted.size === 0) return wanted;
  if (log === undefined) return new Map([...wanted.keys()].map((id): [string, Standing] => [id, "attested"]));
  for (const { index, value } of log.records("finding")) {
    const { id, standing } = value as { readonly id?: unknown; readonly standing?: unknown };
    if (typeof id !== "string" || !wanted.has(id)) continue;
    // Of several runs the last one speaks.
    wanted.set(id, standing === "attested" ? standingInLog("attested", log.witnessedAt(index)) : "given");
  }
  return wanted;
}
