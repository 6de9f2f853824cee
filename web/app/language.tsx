/** English and French: the reader's choice, kept in the browser; `?lang=fr` in an address sets it. */
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { WORDS, type Language, type Words } from "#words/words.ts";
import { typeset } from "#web/ui/typeset.ts";

interface Spoken {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

const KEY = "tapproof.language";
const Context = createContext<Spoken | null>(null);

function initial(): Language {
  const asked = new URLSearchParams(window.location.search).get("lang") ?? window.localStorage.getItem(KEY) ?? navigator.language;
  return asked.toLowerCase().startsWith("fr") ? "fr" : "en";
}

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(initial);
  useEffect(() => {
    document.documentElement.lang = language;
    window.localStorage.setItem(KEY, language);
  }, [language]);
  const spoken = useMemo(() => ({ language, setLanguage }), [language]);
  return <Context value={spoken}>{children}</Context>;
}

export function useLanguage(): Spoken {
  const spoken = useContext(Context);
  if (spoken === null) throw new Error("no language around this component");
  return spoken;
}

/** The catalogue of a view in the reader's language: `useWords(words)` where `words` is `{ en, fr }`. */
export function useWords<T>(words: Readonly<Record<Language, T>>): T {
  const { language } = useLanguage();
  return typeset(words[language], language);
}

/** Claims, grades and kinds of data, as terminal and report call them. */
export function useShared(): Words {
  const { language } = useLanguage();
  return typeset(WORDS[language], language);
}
