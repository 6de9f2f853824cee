/** One entry of the declaration in fields: a function that is there, or a stranger who is to be declared. */
import { useEffect, useRef, useState } from "react";
import { useWords } from "#web/app/language.tsx";
import { fieldText } from "#web/ui/field-text.ts";
import { editor as words_ } from "#web/words/editor.ts";
import { entryOf, type Entry, type ListName } from "./edit-text.ts";

export type Editing =
  | { readonly kind: "known"; readonly index: number; readonly label: string }
  | { readonly kind: "new"; readonly label: string; readonly addresses: readonly string[]; readonly roles: readonly string[] };

interface Props {
  readonly editing: Editing;
  readonly text: string;
  readonly apply: (list: ListName, index: number | null, entry: Entry) => void;
  readonly remove: (index: number) => void;
  readonly cancel: () => void;
}

const LISTS: readonly ListName[] = ["functions", "services", "operators", "partners"];
const list = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(", ") : "");
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const parts = (value: string): string[] =>
  value
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

export function EntryForm({ editing, text: source, apply, remove, cancel }: Props) {
  const words = useWords(words_);
  const [kind, setKind] = useState<ListName>("functions");
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => box.current?.querySelector("input")?.focus(), []);
  let known: Entry | undefined;
  try {
    known = editing.kind === "known" ? entryOf(source, "functions", editing.index) : undefined;
  } catch {
    known = undefined;
  }
  const start: Entry = known ?? {
    name: editing.kind === "new" && !/^[\d.:a-f]+$/i.test(editing.label) ? editing.label : "",
    roles: editing.kind === "new" ? editing.roles : [],
    addresses: editing.kind === "new" ? editing.addresses : [],
  };
  const submit = (form: FormData): void => {
    const field = (name: string): string | undefined => {
      const value = fieldText(form, name);
      return value === "" ? undefined : value;
    };
    const entry: Record<string, unknown> = { name: field("name"), addresses: parts(fieldText(form, "addresses")) };
    if (kind === "functions") {
      entry["roles"] = parts(fieldText(form, "roles"));
      entry["vendor"] = field("vendor");
      entry["site"] = field("site");
    }
    if (kind === "services") entry["protocols"] = parts(fieldText(form, "protocols"));
    const ordered = {
      name: entry["name"],
      ...(kind === "functions" ? { roles: entry["roles"], vendor: entry["vendor"], site: entry["site"] } : {}),
      addresses: entry["addresses"],
      ...(kind === "services" ? { protocols: entry["protocols"] } : {}),
    };
    apply(kind, editing.kind === "known" ? editing.index : null, ordered);
  };
  return (
    <form
      ref={box}
      className="entry-form"
      action={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape") cancel();
      }}
    >
      <h3>{editing.kind === "known" ? words.correct(editing.label) : editing.label === "" ? words.add : words.declare(editing.label)}</h3>
      <div className="entry-fields">
        {editing.kind === "new" && (
          <label className="field">
            <span>{words.declareAs}</span>
            <select value={kind} onChange={(event) => setKind(event.target.value as ListName)}>
              {LISTS.map((l) => (
                <option key={l} value={l}>
                  {words.lists[l]}
                </option>
              ))}
            </select>
          </label>
        )}
        <label className="field">
          <span>{words.name}</span>
          <input name="name" required maxLength={200} defaultValue={text(start["name"])} />
        </label>
        {kind === "functions" && (
          <>
            <label className="field">
              <span>
                {words.roles} ({words.commas})
              </span>
              <input name="roles" required maxLength={500} defaultValue={list(start["roles"])} />
            </label>
            <label className="field">
              <span>{words.vendor}</span>
              <input name="vendor" maxLength={200} defaultValue={text(start["vendor"])} />
            </label>
            <label className="field">
              <span>{words.site}</span>
              <input name="site" maxLength={200} defaultValue={text(start["site"])} />
            </label>
          </>
        )}
        {kind === "services" && (
          <label className="field">
            <span>
              {words.protocols} ({words.commas})
            </span>
            <input name="protocols" maxLength={500} />
          </label>
        )}
        <label className="field">
          <span>
            {words.addresses} ({words.commas})
          </span>
          <input name="addresses" className="mono" maxLength={2000} defaultValue={list(start["addresses"])} />
        </label>
      </div>
      <div className="row">
        <button type="submit" className="button primary">
          {words.apply}
        </button>
        <button type="button" className="button" onClick={cancel}>
          {words.cancel}
        </button>
        {editing.kind === "known" && (
          <button type="button" className="button bare" onClick={() => remove(editing.index)}>
            {words.remove}
          </button>
        )}
      </div>
    </form>
  );
}
