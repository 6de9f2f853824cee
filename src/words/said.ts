/** Sentences of a document, a case or a bundle in the reader's language: rendered from code and values, never from another language's sentence. */
import { saidBy } from "./say.ts";
import type { Language } from "./words.ts";

/** A sentence as documents have it: the English, and the code and values that other languages are rendered from. */
export interface Coded {
  readonly text: string;
  readonly code?: string | undefined;
  readonly values?: unknown;
}

/** In the language; undefined where it lacks the sentence, which is then shown in English and marked as such. */
export function inLanguage({ text, code, values }: Coded, language: Language): string | undefined {
  return language === "en" ? text : saidBy(code, values, language);
}

/** `inLanguage`, or the English. */
export function sentenceOf(coded: Coded, language: Language): string {
  return inLanguage(coded, language) ?? coded.text;
}
