/** French keeps its double punctuation on the line of the word it belongs to. */
import type { Language } from "#words/words.ts";

/** Blanks before `: ; ! ? »` and after `«` do not break. */
export function typesetText(text: string, language: Language): string {
  return language === "fr" ? text.replaceAll(/ (?=[:;!?»])/g, "\u00a0").replaceAll("« ", "«\u00a0") : text;
}

const done = new WeakMap<object, unknown>();

/** A catalogue, or a part of one, with all of its sentences so set; the same object for the same catalogue. */
export function typeset<T>(words: T, language: Language): T {
  if (language !== "fr") return words;
  if (typeof words === "string") return typesetText(words, language) as T;
  if (typeof words === "function") {
    const made = words as unknown as (...values: unknown[]) => unknown;
    return ((...values: unknown[]) => typeset(made(...values), language)) as T;
  }
  if (typeof words !== "object" || words === null) return words;
  const known = done.get(words);
  if (known !== undefined) return known as T;
  const set: unknown = Array.isArray(words)
    ? words.map((part) => typeset<unknown>(part, language))
    : Object.fromEntries(Object.entries(words).map(([key, part]) => [key, typeset<unknown>(part, language)]));
  done.set(words, set);
  return set as T;
}
