import { useState } from "react";
import type { Finding, TriageChange, TriageResult, TriageState } from "#serve/api/types.ts";
import { send } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { useSession } from "#web/app/session.tsx";
import { Trouble } from "#web/ui/page.tsx";
import { findings } from "#web/words/findings.ts";
import { finding as words_ } from "#web/words/finding.ts";
import { fieldText } from "#web/ui/field-text.ts";

const STATES: readonly TriageState[] = ["new", "examining", "confirmed", "explained", "closed"];

/** State and assignment, each change with its reason. */
export function Casework({ finding, changed }: { readonly finding: Finding; readonly changed: () => void }) {
  const words = useWords(words_);
  const { states } = useWords(findings);
  const [open, setOpen] = useState(false);
  const [error, setError] = useState<Error>();
  const { session } = useSession();
  const { triage } = finding;
  const record = async (form: FormData) => {
    const assignee = fieldText(form, "assignee");
    const reason = fieldText(form, "reason");
    const body: TriageChange = {
      findings: [finding.id],
      state: fieldText(form, "state") as TriageState,
      assignee: assignee === "" ? null : assignee,
      ...(reason === "" ? {} : { reason }),
    };
    try {
      await send<TriageResult>("POST", `/cases/${encodeURIComponent(finding.case)}/triage`, body);
      setOpen(false);
      setError(undefined);
      changed();
    } catch (e) {
      setError(e instanceof Error ? e : new Error(String(e)));
    }
  };
  if (!open)
    return (
      <div className="casework">
        <dl>
          <dt>{words.state}</dt>
          <dd>{states[triage.state]}</dd>
          <dt>{words.assignee}</dt>
          <dd>{triage.assignee ?? <span className="quiet">{words.nobody}</span>}</dd>
        </dl>
        {session.rights.includes("annotate") && (
          <button type="button" className="button" onClick={() => setOpen(true)}>
            {words.changeIt}
          </button>
        )}
      </div>
    );
  return (
    <form className="casework" action={record}>
      <label className="field">
        <span>{words.state}</span>
        <select name="state" defaultValue={triage.state}>
          {STATES.map((s) => (
            <option key={s} value={s}>
              {states[s]}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{words.assignee}</span>
        <input name="assignee" defaultValue={triage.assignee ?? ""} maxLength={100} />
      </label>
      <label className="field">
        <span>{words.reason}</span>
        <textarea name="reason" rows={3} maxLength={2000} />
      </label>
      <button type="submit" className="button primary">
        {words.record}
      </button>
      <p className="small quiet">{words.recordWhy}</p>
      {error !== undefined && <Trouble error={error} />}
    </form>
  );
}
