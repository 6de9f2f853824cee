import { useId, useState } from "react";
import { shell } from "#web/words/shell.ts";
import { useLanguage, useWords } from "./language.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { useConnected } from "./live.ts";
import { useQueue } from "./queue.ts";
import { useSession } from "./session.tsx";
import { applyTheme, storedTheme, type Theme } from "./theme.ts";
import { fieldText } from "#web/ui/field-text.ts";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Who signs, in which language, how it looks, whether it is live. */
export function Preferences({ openHelp }: { readonly openHelp: () => void }) {
  const words = useWords(shell);
  const { language, setLanguage } = useLanguage();
  const connected = useConnected();
  const queue = useQueue();
  const q = useQuantities();
  const { session, rename } = useSession();
  const [theme, setTheme] = useState(storedTheme);
  const [naming, setNaming] = useState(false);
  const [error, setError] = useState<string>();
  const themeId = useId();
  return (
    <div className="preferences">
      <div className="signs">
        <span className="small quiet">{words.author}</span>
        {naming ? (
          <form
            className="row"
            action={(form) => {
              rename(fieldText(form, "author")).then(
                () => setNaming(false),
                (e: unknown) => setError(e instanceof Error ? e.message : String(e)),
              );
            }}
          >
            <input
              name="author"
              className="box"
              aria-label={words.yourName}
              defaultValue={session.author}
              maxLength={100}
              required
              autoFocus
            />
            <button type="submit" className="button">
              {words.save}
            </button>
            {error !== undefined && <span role="alert">{error}</span>}
          </form>
        ) : session.role !== null ? (
          <span className="name" title={words.authorFixed}>
            {session.author}
          </span>
        ) : (
          <button type="button" className="button bare name" title={words.authorWhy} onClick={() => setNaming(true)}>
            {session.author}
          </button>
        )}
      </div>
      <div className="languages" role="group" aria-label={words.language}>
        <button type="button" lang="en" aria-pressed={language === "en"} onClick={() => setLanguage("en")}>
          English
        </button>
        <button type="button" lang="fr" aria-pressed={language === "fr"} onClick={() => setLanguage("fr")}>
          Français
        </button>
      </div>
      <div className="theme">
        <label htmlFor={themeId} className="small quiet">
          {words.theme}
        </label>
        <select
          id={themeId}
          value={theme}
          onChange={(event) => {
            const next = event.target.value as Theme;
            applyTheme(next);
            setTheme(next);
          }}
        >
          {THEMES.map((t) => (
            <option key={t} value={t}>
              {words.themes[t]}
            </option>
          ))}
        </select>
      </div>
      <button type="button" className="button bare small" onClick={openHelp}>
        {words.keys} <kbd>?</kbd>
      </button>
      <p className="small" role="status">
        {queue
          .map(({ kind, place }) => (place === 0 ? words.worked(words.works[kind]) : words.waits(words.works[kind], q.count(place))))
          .join(" ")}
      </p>
      <p className={connected ? "small quiet" : "small not-live"} role="status">
        {connected ? words.live : words.notLive}
      </p>
    </div>
  );
}
