/**
 * Sentences that detectors write (in English, with names and numbers in them), in the reader's language. A sentence that the phrase
 * book does not know is shown as it was written: a wrong translation in evidence would be worse.
 */
import { PHRASES_FR } from "./phrases-fr.ts";
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
  if (language === "en") return text;
  return saidBy(code, values, language) ?? french(text, 0);
}

/** `inLanguage`, or the English. */
export function sentenceOf(coded: Coded, language: Language): string {
  return inLanguage(coded, language) ?? coded.text;
}

interface Phrase {
  /** Fixed pieces of the English sentence; something varies between each two. */
  readonly pieces: readonly string[];
  /** Which place of `to` (1, 2, …) each gap fills. */
  readonly to: string;
}

/** Longest sentence looked up; longer ones come from a stranger's names. */
const LONGEST = 2_000;
/** A phrase within a phrase within a phrase: no sentence goes deeper. */
const DEEPEST = 3;

let sentences: ReadonlyMap<string, string> | undefined;
let patterns: readonly Phrase[] = [];

function compile(): ReadonlyMap<string, string> {
  const fixed = new Map<string, string>();
  const made: Phrase[] = [];
  for (const [en, fr] of PHRASES_FR) {
    if (en.includes("{}")) made.push({ pieces: en.split("{}"), to: fr });
    else fixed.set(en, fr);
  }
  // What wraps a whole sentence comes first; then the phrase with most fixed text, which is the most particular one.
  const rank = (phrase: Phrase): number =>
    /as declared|^declared: /.test(phrase.pieces.join("")) ? Number.MAX_SAFE_INTEGER : phrase.pieces.join("").length;
  patterns = made.sort((a, b) => rank(b) - rank(a));
  return fixed;
}

/** The sentence in the language; in English always as it was written. */
export function said(text: string, language: Language): string {
  return language === "en" ? text : (french(text, 0) ?? text);
}

/** Whether the language has the sentence: a page marks the others as English. */
export function isSaid(text: string, language: Language): boolean {
  return language === "en" || french(text, 0) !== undefined;
}

function french(text: string, depth: number): string | undefined {
  sentences ??= compile();
  const fixed = sentences.get(text);
  if (fixed !== undefined || text.length > LONGEST || depth > DEEPEST) return fixed;
  const several = listed(text, "; ", " ; ", depth) ?? listed(text, ", ", ", ", depth);
  if (several !== undefined) return several;
  for (const { pieces, to } of patterns) {
    const values = between(text, pieces);
    if (values === undefined) continue;
    let whole = true;
    const said = to.replaceAll(/\{(\d)(?::(said|num|must))?\}/g, (_, place: string, how: string | undefined) => {
      const value = values[Number(place) - 1] ?? "";
      if (how === "num") return value.replace("-", "−").replace(".", ",");
      // no name holds a semicolon: half a sentence was taken for one
      const known = how === undefined ? (value.includes("; ") ? undefined : value) : french(value, depth + 1);
      if (known === undefined && how !== "said") whole = false;
      return known ?? value;
    });
    if (whole) return said;
  }
  return undefined;
}

/** Several known sentences in one. */
function listed(text: string, separator: string, joined: string, depth: number): string | undefined {
  if (!text.includes(separator)) return undefined;
  const parts = text.split(separator).map((part) => french(part, depth + 1));
  return parts.every((part) => part !== undefined) ? parts.join(joined) : undefined;
}

/** What stands between the pieces, each piece taken where it first fits: linear, whatever a stranger's name holds. */
function between(text: string, pieces: readonly string[]): string[] | undefined {
  const first = pieces[0] ?? "";
  const last = pieces.at(-1) ?? "";
  if (!text.startsWith(first) || !text.endsWith(last)) return undefined;
  const values: string[] = [];
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = text.indexOf(piece, from + 1);
    if (at < 0) return undefined;
    values.push(text.slice(from, at));
    from = at + piece.length;
  }
  const end = text.length - last.length;
  if (end <= from) return undefined;
  values.push(text.slice(from, end));
  return values;
}
