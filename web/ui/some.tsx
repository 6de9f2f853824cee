import { useState, type ReactNode } from "react";
import { useWords } from "#web/app/language.tsx";
import { shell } from "#web/words/shell.ts";
import { useQuantities } from "./quantity.ts";

/** Rows of a table that a page shows without being asked: what stands below it is still found. */
const SHOWN = 25;

/** The first rows, and what shows the rest; `more` is null where all are shown. */
export function useSome<T>(all: readonly T[]): { readonly some: readonly T[]; readonly more: ReactNode } {
  const words = useWords(shell);
  const q = useQuantities();
  const [whole, setWhole] = useState(false);
  if (whole || all.length <= SHOWN) return { some: all, more: null };
  return {
    some: all.slice(0, SHOWN),
    more: (
      <p>
        <button type="button" className="button" onClick={() => setWhole(true)}>
          {words.showAll(q.count(all.length))}
        </button>
      </p>
    ),
  };
}
