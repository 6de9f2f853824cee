import { useState } from "react";
import type { LookedUp } from "#serve/api/types.ts";
import { send } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { address, navigate } from "#web/app/router.ts";
import { useSession } from "#web/app/session.tsx";
import { fieldText } from "#web/ui/field-text.ts";
import { Trouble } from "#web/ui/page.tsx";
import { explorer } from "#web/words/explorer.ts";

/** From an identity to its pseudonym, for whoever may ask, with a reason that is recorded first; only whom a finding is about is told. */
export function LookUp({ caseId }: { readonly caseId: string }) {
  const words = useWords(explorer);
  const { session } = useSession();
  const [nobody, setNobody] = useState(false);
  const [error, setError] = useState<Error>();
  const ask = async (form: FormData) => {
    setError(undefined);
    setNobody(false);
    try {
      const body = { identity: fieldText(form, "identity"), reason: fieldText(form, "reason") };
      const { subscriber } = await send<LookedUp>("POST", `/cases/${encodeURIComponent(caseId)}/explore/identity`, body);
      if (subscriber === null) setNobody(true);
      else navigate(address([caseId, "explorer"], { subscriber }));
    } catch (e) {
      setError(e instanceof Error ? e : new Error(String(e)));
    }
  };
  return (
    <details className="more">
      <summary>{words.identity}</summary>
      <form className="explorer-look-up" action={ask}>
        <label className="field">
          <span>{words.identityLabel}</span>
          <input name="identity" required pattern="(imsi|msisdn|imei|ip):[0-9A-Za-z.:]+" maxLength={71} placeholder={words.identityHint} />
        </label>
        <label className="field">
          <span>{words.reason}</span>
          <input name="reason" required minLength={5} maxLength={500} />
        </label>
        <button type="submit" className="button">
          {words.lookUp}
        </button>
        <p className="small quiet">{words.identityWhy(session.author)}</p>
        {nobody && <p role="status">{words.notConcerned}</p>}
        {error !== undefined && <Trouble error={error} />}
      </form>
    </details>
  );
}
