/** Sentences of the detectors in the reader's language; one that the phrase book does not know stays in English and is marked so. */
import { isSaid, said } from "#words/said.ts";
import { useLanguage } from "#web/app/language.tsx";

export function Said({ children }: { readonly children: string }) {
  const { language } = useLanguage();
  return isSaid(children, language) ? said(children, language) : <span lang="en">{children}</span>;
}

export function useSaid(): (text: string) => string {
  const { language } = useLanguage();
  return (text) => said(text, language);
}
