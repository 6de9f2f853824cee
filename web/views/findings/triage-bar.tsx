import { useState } from "react";
import type { FindingRow, TriageChange, TriageResult, TriageState } from "#serve/api/types.ts";
import { send } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { Trouble } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { findings } from "#web/words/findings.ts";
import { fieldText } from "#web/ui/field-text.ts";

const STATES: readonly TriageState[] = ["new", "examining", "confirmed", "explained", "closed"];

/** One change to all that are marked; recorded under the reader's name. */
export function TriageBar({
  caseId,
  marks,
  rows,
  done,
  all,
  none,
}: {
  readonly caseId: string;
  readonly marks: ReadonlySet<string>;
  readonly rows: readonly FindingRow[];
  readonly done: (result: TriageResult["triage"]) => void;
  readonly all: () => void;
  readonly none: () => void;
}) {
  const words = useWords(findings);
  const q = useQuantities();
  const [error, setError] = useState<Error>();
  const apply = async (form: FormData) => {
    const state = fieldText(form, "state");
    const assignee = fieldText(form, "assignee");
    const reason = fieldText(form, "reason");
    const change = {
      ...(state === "" ? {} : { state: state as TriageState }),
      ...(assignee === "" ? {} : { assignee: assignee === "-" ? null : assignee }),
      ...(reason === "" ? {} : { reason }),
    };
    // `all` joins cases: each case keeps its own log
    const byCase = Map.groupBy(
      rows.filter((row) => marks.has(row.id)),
      (row) => (caseId === "all" ? row.case : caseId),
    );
    try {
      const changed: TriageResult["triage"] = {};
      for (const [id, list] of byCase) {
        const body: TriageChange = { findings: list.map((row) => row.id), ...change };
        Object.assign(changed, (await send<TriageResult>("POST", `/cases/${encodeURIComponent(id)}/triage`, body)).triage);
      }
      done(changed);
    } catch (e) {
      setError(e instanceof Error ? e : new Error(String(e)));
    }
  };
  return (
    <form className="triage-bar" action={apply} aria-label={words.marked(q.count(marks.size))}>
      <strong className="nowrap">{words.marked(q.count(marks.size))}</strong>
      <label className="field">
        <span>{words.setState}</span>
        <select name="state" defaultValue="">
          <option value="">{words.keep}</option>
          {STATES.map((s) => (
            <option key={s} value={s}>
              {words.states[s]}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{words.assign}</span>
        <input name="assignee" maxLength={100} placeholder={words.assignHint} />
      </label>
      <label className="field grow">
        <span>{words.reason}</span>
        <input name="reason" maxLength={2000} placeholder={words.reasonHint} />
      </label>
      <button type="submit" className="button primary">
        {words.apply}
      </button>
      <button type="button" className="button bare" onClick={all}>
        {words.markAll}
      </button>
      <button type="button" className="button bare" onClick={none}>
        {words.unmark}
      </button>
      {error !== undefined && <Trouble error={error} />}
    </form>
  );
}
