/** The catalogue of a language. */
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { typeset } from "./typeset.ts";

export type Words = typeof en;
export type Language = "en" | "fr";
export const WORDS: Readonly<Record<Language, Words>> = { en, fr: typeset(fr) };
