/** Sentences of detectors and server in the reader's language; one that no phrase book knows stays in English and is marked so. */
import { isSaid, said } from "#words/said.ts";
import type { Language } from "#words/words.ts";
import { useLanguage } from "#web/app/language.tsx";
import { typesetText } from "./typeset.ts";
import { SERVED_FR } from "#web/words/served.ts";

function served(text: string, language: Language): string | undefined {
  return language === "fr" && Object.hasOwn(SERVED_FR, text) ? SERVED_FR[text] : undefined;
}

export function Said({ children }: { readonly children: string }) {
  const { language } = useLanguage();
  const known = served(children, language) ?? (isSaid(children, language) ? said(children, language) : undefined);
  if (known !== undefined) return typesetText(known, language);
  return <span lang="en">{children}</span>;
}

export function useSaid(): (text: string) => string {
  const { language } = useLanguage();
  return (text) => typesetText(served(text, language) ?? said(text, language), language);
}
