/** Filters kept under a name, in this browser: addresses of the queue, nothing of what it shows. */
import { useState } from "react";
import { useWords } from "#web/app/language.tsx";
import { useQuery } from "#web/app/router.ts";
import { fieldText } from "#web/ui/field-text.ts";
import { findings } from "#web/words/findings.ts";

interface Saved {
  readonly name: string;
  readonly filters: Readonly<Record<string, string>>;
}

const KEY = "tapproof.filters";
/** Names kept; the oldest goes. */
const MOST = 50;

function read(): Saved[] {
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isSaved) : [];
  } catch {
    return [];
  }
}

function isSaved(value: unknown): value is Saved {
  if (typeof value !== "object" || value === null) return false;
  const { name, filters } = value as Partial<Saved>;
  return (
    typeof name === "string" &&
    typeof filters === "object" &&
    filters !== null &&
    Object.values(filters).every((f) => typeof f === "string")
  );
}

export function SavedFilters({ keys }: { readonly keys: readonly string[] }) {
  const words = useWords(findings);
  const [query, setQuery] = useQuery();
  const [saved, setSaved] = useState(read);
  const now = Object.fromEntries(keys.flatMap((key) => (query.has(key) ? [[key, query.get(key) ?? ""]] : [])));
  const keep = (list: readonly Saved[]): void => {
    setSaved([...list]);
    try {
      window.localStorage.setItem(KEY, JSON.stringify(list));
    } catch {
      // a browser that keeps nothing shows them until the page is left
    }
  };
  const save = (form: FormData): void => {
    const name = fieldText(form, "name").trim();
    if (name !== "") keep([{ name, filters: now }, ...saved.filter((s) => s.name !== name)].slice(0, MOST));
  };
  if (saved.length === 0 && Object.keys(now).length === 0) return null;
  return (
    <fieldset className="facet saved">
      <legend>{words.saved}</legend>
      {saved.map((s) => (
        <div key={s.name} className="saved-row">
          <button
            type="button"
            className="button bare"
            onClick={() => setQuery({ ...Object.fromEntries(keys.map((key) => [key, null])), ...s.filters })}
          >
            {s.name}
          </button>
          <button
            type="button"
            className="button bare quiet"
            aria-label={words.forget(s.name)}
            onClick={() => keep(saved.filter((o) => o !== s))}
          >
            ×
          </button>
        </div>
      ))}
      {Object.keys(now).length > 0 && (
        <form action={save} className="saved-row">
          <input name="name" maxLength={60} aria-label={words.saveAs} placeholder={words.saveAs} />
          <button type="submit" className="button small">
            {words.save}
          </button>
        </form>
      )}
    </fieldset>
  );
}
