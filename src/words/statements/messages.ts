/** Messages of a part of the catalogue: each code in each language, in ICU MessageFormat (an apostrophe is an apostrophe: nothing is quoted). */
import type { Language } from "#words/words.ts";

export type Messages<Part> = Readonly<Record<keyof Part, Readonly<Record<Language, string>>>>;
