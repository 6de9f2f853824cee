import { scrollable } from "#web/ui/scrollable.ts";
import { useRef, useState } from "react";
import type { Comment, Finding, NewComment } from "#serve/api/types.ts";
import { send } from "#web/app/api.ts";
import { useWords } from "#web/app/language.tsx";
import { useSession } from "#web/app/session.tsx";
import { Section, Trouble } from "#web/ui/page.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { Term } from "#web/ui/term.tsx";
import { findings } from "#web/words/findings.ts";
import { finding as words_ } from "#web/words/finding.ts";
import { fieldText } from "#web/ui/field-text.ts";

/** Comments are part of the case and of its custody log; so is every change of state. */
export function Discussion({ finding, base, changed }: { readonly finding: Finding; readonly base: string; readonly changed: () => void }) {
  const words = useWords(words_);
  const { states } = useWords(findings);
  const q = useQuantities();
  const { session } = useSession();
  const form = useRef<HTMLFormElement>(null);
  const [error, setError] = useState<Error>();
  const publish = async (data: FormData) => {
    const cites = fieldText(data, "cites")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
    const body: NewComment = { text: fieldText(data, "text"), ...(cites.length === 0 ? {} : { cites }) };
    try {
      await send<Comment>("POST", `${base}/comments`, body);
      setError(undefined);
      form.current?.reset();
      changed();
    } catch (e) {
      setError(e instanceof Error ? e : new Error(String(e)));
    }
  };
  const log = (index: number | null) => (index === null ? "" : ` · ${words.logAt(q.count(index))}`);
  return (
    <Section id="discussion" title={words.discussion} note={<Term name="custody" />}>
      {finding.comments.length === 0 ? (
        <p className="prose quiet">{words.discussionNone}</p>
      ) : (
        <ol className="comments">
          {finding.comments.map((c) => (
            <li key={c.id}>
              <p className="small">
                <strong>{c.author}</strong>{" "}
                <span className="quiet">
                  {q.time(c.at)}
                  {log(c.logIndex)}
                </span>
              </p>
              <p className="prose said">{c.text}</p>
              {c.cites.length > 0 && (
                <ul className="small quiet cites">
                  {c.cites.map((cite) => (
                    <li key={cite}>{cite}</li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ol>
      )}
      {session.features.casework && session.rights.includes("annotate") && (
        <form ref={form} className="comment-form" action={publish}>
          <label className="field">
            <span>{words.write}</span>
            <textarea name="text" rows={4} required maxLength={10_000} />
          </label>
          <label className="field">
            <span>{words.cites}</span>
            <textarea name="cites" rows={2} className="mono" placeholder={words.citesHint} />
          </label>
          <p className="row">
            <button type="submit" className="button primary">
              {words.publish}
            </button>
            <span className="small quiet">{words.signed(session.author)}</span>
          </p>
          {error !== undefined && <Trouble error={error} />}
        </form>
      )}
      <h3>{words.history}</h3>
      <div className="scroll-x" ref={scrollable}>
        <table className="table history">
          <tbody>
            {finding.history.map((h, i) => (
              <tr key={i}>
                <td className="nowrap quiet">{q.time(h.at)}</td>
                <th scope="row">{h.author}</th>
                <td>
                  {words.historyKinds[h.kind]}
                  {h.state !== null && <>{`${q.colon} ${states[h.state]}`}</>}
                  {h.kind === "assignee" && <>{`${q.colon} ${h.assignee ?? words.nobody}`}</>}
                </td>
                <td>{h.kind === "comment" ? null : h.text}</td>
                <td className="quiet nowrap">{h.logIndex === null ? "" : words.logAt(q.count(h.logIndex))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
