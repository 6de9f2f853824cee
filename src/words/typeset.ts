/** French keeps its double punctuation on the line of the word it belongs to: narrow blanks that do not break before `: ; ! ? »` and after `«`. */

export function typesetText(text: string): string {
  return text.replaceAll(/ (?=[:;!?»])/g, "\u202f").replaceAll("« ", "«\u202f");
}

/** A catalogue with all of its sentences so set, those that its functions make among them. */
export function typeset<T>(words: T): T {
  if (typeof words === "string") return typesetText(words) as T;
  if (typeof words === "function") {
    const made = words as unknown as (...values: unknown[]) => unknown;
    return ((...values: unknown[]) => typeset(made(...values))) as T;
  }
  if (typeof words !== "object" || words === null) return words;
  if (Array.isArray(words)) return words.map((part) => typeset<unknown>(part)) as T;
  return Object.fromEntries(Object.entries(words).map(([key, part]) => [key, typeset<unknown>(part)])) as T;
}
