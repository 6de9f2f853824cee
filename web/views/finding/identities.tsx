import { useState } from "react";
import type { Finding, Identities as Opened, OpenIdentities } from "#serve/api/types.ts";
import { send } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { useSession } from "#web/app/session.tsx";
import { fieldText } from "#web/ui/field-text.ts";
import { Trouble } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { finding as words_ } from "#web/words/finding.ts";

/** Who the subscribers are, for whoever may ask, with a reason that is recorded before anything is shown. Leaving the page closes it again. */
export function Identities({ finding }: { readonly finding: Finding }) {
  const words = useWords(words_);
  const q = useQuantities();
  const { session } = useSession();
  const [asking, setAsking] = useState(false);
  const [opened, setOpened] = useState<Opened>();
  const [error, setError] = useState<Error>();
  if (!session.rights.includes("identities")) return <p className="small quiet">{words.identitiesClosed}</p>;
  if (opened !== undefined)
    return (
      <div className="identities">
        <ul className="mono">
          {opened.identities.map((identity) => (
            <li key={identity}>{identity}</li>
          ))}
        </ul>
        <p className="small quiet">
          {words.identitiesOpened} · {words.logAt(q.count(opened.logIndex))}
        </p>
      </div>
    );
  if (!asking)
    return (
      <button type="button" className="button small" onClick={() => setAsking(true)}>
        {words.identitiesOpen}
      </button>
    );
  const open = async (form: FormData) => {
    try {
      const body: OpenIdentities = { reason: fieldText(form, "reason") };
      setOpened(
        await send<Opened>(
          "POST",
          `/cases/${encodeURIComponent(finding.case)}/findings/${encodeURIComponent(finding.id)}/identities`,
          body,
        ),
      );
    } catch (e) {
      setError(e instanceof Error ? e : new Error(String(e)));
    }
  };
  return (
    <form className="identities" action={open}>
      <label className="field">
        <span>{words.identitiesReason}</span>
        <input name="reason" required minLength={5} maxLength={500} autoFocus />
      </label>
      <button type="submit" className="button primary">
        {words.identitiesOpen}
      </button>
      <p className="small quiet">{words.identitiesWhy(session.author)}</p>
      {error !== undefined && <Trouble error={error} />}
    </form>
  );
}
