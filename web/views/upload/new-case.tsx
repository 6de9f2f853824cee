/** Makes a case from the page: for a server that was started without one, or for another network. */
import { useState } from "react";
import type { CaseSummary, NewCase } from "#serve/api/types.ts";
import { invalidate, send } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { fieldText } from "#web/ui/field-text.ts";
import { address, navigate } from "#web/app/router.ts";
import { Section, Trouble } from "#web/ui/page.tsx";
import { upload as words_ } from "#web/words/upload.ts";

export function NewCaseForm() {
  const words = useWords(words_);
  const [error, setError] = useState<Error>();
  const make = (form: FormData): void => {
    setError(undefined);
    const basis = fieldText(form, "basis");
    const body: NewCase = { name: fieldText(form, "name"), ...(basis === "" ? {} : { basis }) };
    send<CaseSummary>("POST", "/cases", body).then(
      (made) => {
        invalidate((path) => path === "/cases");
        navigate(address([made.id, "upload"]));
      },
      (e: unknown) => setError(e instanceof Error ? e : new Error(String(e))),
    );
  };
  return (
    <Section title={words.newCase} note={words.newCaseLede}>
      <form action={make} className="row end">
        <label className="field">
          <span>{words.name}</span>
          <input name="name" required maxLength={80} />
        </label>
        <label className="field">
          <span>{words.basis}</span>
          <input name="basis" maxLength={500} size={40} />
        </label>
        <button type="submit" className="button primary">
          {words.make}
        </button>
      </form>
      {error !== undefined && <Trouble error={error} />}
    </Section>
  );
}
