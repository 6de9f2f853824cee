import { useEffect, useState } from "react";
import type { DataKind, Claim, Grade } from "#model/finding.ts";
import type { FindingPage, TriageState } from "#serve/api/types.ts";
import { useShared, useWords } from "#web/app/language.tsx";
import { useQuery } from "#web/app/router.ts";
import { GradeMark } from "#web/ui/marks.tsx";
import { useQuantities } from "#web/ui/quantity.ts";
import { findings } from "#web/words/findings.ts";
import { SavedFilters } from "./saved.tsx";
import { takeTyped } from "./typed.ts";

export const FACETS = ["grade", "claim", "state", "element", "receiver", "vendor", "data", "network", "assignee"] as const;
type Facet = (typeof FACETS)[number];
const SORTS = ["grade", "last", "first", "bytes", "subscribers", "bits"] as const;
/** Values shown of a filter until the reader asks for all. */
const SHOWN = 7;
/** Typing is one step: the address changes when the reader pauses. */
const PAUSE_MILLIS = 250;

/** Filters as an index in the margin: what there is, how much of it, a click narrows. */
export function Filters({ facets }: { readonly facets: FindingPage["facets"] }) {
  const words = useWords(findings);
  const shared = useShared();
  const [query, setQuery] = useQuery();
  const [text, setText] = useState(query.get("q") ?? "");
  const [open, setOpen] = useState(false);
  const asked = query.get("q") ?? "";
  // another address is another search; what is still being typed here stays
  useEffect(() => setText((now) => (takeTyped(now, () => now, false).words === asked ? now : asked)), [asked]);
  const take = (ended: boolean): void => {
    const { filters, rest, words: sought } = takeTyped(text, known, ended);
    const added = Object.entries(filters).map(([key, values]): [string, string] => [
      key,
      [...new Set([...(query.get(key) ?? "").split(",").filter((v) => v !== ""), ...values])].join(","),
    ]);
    if (added.length > 0) setText(rest);
    if (added.length > 0 || sought !== asked) setQuery({ ...Object.fromEntries(added), q: sought }, true);
  };
  /** What a filter takes for what was typed: a code, or the reader's own word for it; any name of an open list. */
  const known = (filter: string, value: string): string | null => {
    if (!FACETS.some((f) => f === filter) || value === "") return null;
    const lists: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      grade: shared.grades,
      claim: Object.fromEntries(Object.entries(shared.claims).map(([code, { name }]) => [code, name])),
      data: shared.data,
      state: words.states,
    };
    const list = lists[filter];
    if (list === undefined) return value.includes(",") ? null : value;
    const low = value.toLowerCase();
    return Object.entries(list).find(([code, name]) => code === low || name.toLowerCase() === low)?.[0] ?? null;
  };
  useEffect(() => {
    if (text === asked) return;
    const timer = window.setTimeout(() => take(false), PAUSE_MILLIS);
    return () => window.clearTimeout(timer);
    // the rest is read anew by each of these
  }, [text, asked]);
  const narrowed = [...FACETS, "q", "from", "to"].filter((key) => query.has(key));
  const sort = query.get("sort") ?? "grade";
  return (
    <aside className="filters" aria-label={words.filter}>
      <label className="field">
        <span>{words.search}</span>
        <input
          type="search"
          data-search
          value={text}
          placeholder={words.searchHint}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") take(true);
          }}
        />
      </label>
      <label className="field">
        <span>{words.sort}</span>
        <select
          value={sort}
          onChange={(event) =>
            setQuery({
              sort: event.target.value === "grade" ? null : event.target.value,
              order: event.target.value === "first" ? "asc" : null,
            })
          }
        >
          {SORTS.map((s) => (
            <option key={s} value={s}>
              {words.sorts[s]}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="button filters-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
        {words.filter}
        {narrowed.length > 0 && ` (${narrowed.length})`}
      </button>
      <div className={open ? "facets open" : "facets"}>
        {narrowed.length > 0 && (
          <button
            type="button"
            className="button bare clear"
            onClick={() => setQuery(Object.fromEntries(narrowed.map((key) => [key, null])))}
          >
            {words.clear}
          </button>
        )}
        <SavedFilters keys={[...FACETS, "q", "from", "to", "sort", "order"]} />
        {FACETS.map((facet) => (
          <FacetList key={facet} facet={facet} values={facets?.[facet] ?? []} />
        ))}
        <div className="facet period">
          <Instant name="from" label={words.from} />
          <Instant name="to" label={words.to} />
        </div>
      </div>
    </aside>
  );
}

function Instant({ name, label }: { readonly name: "from" | "to"; readonly label: string }) {
  const [query, setQuery] = useQuery();
  const value = query.get(name)?.slice(0, 16) ?? "";
  return (
    <label className="field">
      <span>{label}</span>
      <input
        type="datetime-local"
        value={value}
        onChange={(event) => setQuery({ [name]: event.target.value === "" ? null : `${event.target.value}:00Z` })}
      />
    </label>
  );
}

function FacetList({
  facet,
  values,
}: {
  readonly facet: Facet;
  readonly values: readonly { readonly value: string; readonly count: number }[];
}) {
  const words = useWords(findings);
  const shared = useShared();
  const q = useQuantities();
  const [query, setQuery] = useQuery();
  const [all, setAll] = useState(false);
  const chosen = (query.get(facet) ?? "").split(",").filter((v) => v !== "");
  // one value that everything shares narrows nothing
  if (values.length < 2 && chosen.length === 0) return null;
  const label = (value: string): string => {
    if (facet === "grade") return shared.grades[value as Grade] ?? value;
    if (facet === "claim") return shared.claims[value as Claim]?.name ?? value;
    if (facet === "data") return shared.data[value as DataKind] ?? value;
    if (facet === "state") return words.states[value as TriageState] ?? value;
    return value === "" ? words.nobody : value;
  };
  const missing = chosen.filter((v) => !values.some((f) => f.value === v)).map((value) => ({ value, count: 0 }));
  const listed = [...values, ...missing];
  const shown = all ? listed : listed.filter((f, i) => i < SHOWN || chosen.includes(f.value));
  const toggle = (value: string) => {
    const next = chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value];
    setQuery({ [facet]: next.join(",") });
  };
  return (
    <fieldset className="facet">
      <legend>{words.filters[facet]}</legend>
      {shown.map(({ value, count }) => (
        <label key={value} className="facet-value">
          <input type="checkbox" className="check" checked={chosen.includes(value)} onChange={() => toggle(value)} />
          <span className={facet === "element" || facet === "receiver" ? "mono" : undefined} title={value}>
            {facet === "grade" && <GradeMark grade={value as Grade} />} {label(value)}
          </span>
          <span className="num quiet">{q.count(count)}</span>
        </label>
      ))}
      {!all && listed.length > shown.length && (
        <button type="button" className="button bare" onClick={() => setAll(true)}>
          {words.more(q.count(listed.length - shown.length))}
        </button>
      )}
    </fieldset>
  );
}
