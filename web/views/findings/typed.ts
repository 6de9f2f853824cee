/** Filters typed into the search: `claim:covert-copy grade:proven element:"epc 1"`; what else stands there are words. */

export interface Typed {
  /** Values of each filter that was typed whole, in order. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
  /** The text without them. */
  readonly rest: string;
  /** Words to search for: the rest without a filter that is still being typed. */
  readonly words: string;
}

const TERM = /(^|\s)([a-z]+):(?:"([^"]*)"|([^\s"]+))(?=\s|$)/g;

/**
 * `known` gives the value that a filter takes for what was typed (a code, or the word of the reader's language), null where there is none such:
 * the term then stays where it is. A term at the very end counts as typed whole when `ended` (Enter was pressed).
 */
export function takeTyped(text: string, known: (filter: string, value: string) => string | null, ended: boolean): Typed {
  const filters: Record<string, string[]> = {};
  let open = "";
  const rest = text.replaceAll(
    TERM,
    (term, before: string, filter: string, quoted: string | undefined, plain: string | undefined, at: number) => {
      const value = known(filter, quoted ?? plain ?? "");
      if (value === null) return term;
      if (at + term.length === text.length && quoted === undefined && !ended) {
        open = term;
        return term;
      }
      (filters[filter] ??= []).push(value);
      return before;
    },
  );
  const tidy = (s: string): string => s.replaceAll(/\s+/g, " ").trim();
  const unfinished = /(^|\s)(grade|claim|state|element|receiver|vendor|data|network|assignee):("[^"]*)?$/;
  return {
    filters,
    rest: tidy(rest),
    words: tidy((open === "" ? rest : rest.slice(0, rest.length - open.length)).replace(unfinished, "")),
  };
}
