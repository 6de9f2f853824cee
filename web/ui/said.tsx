/** Statements of detectors in the reader's language, from their code and values; what has none stays as it was written, in English, and is marked so. */
import { inLanguage, type Coded } from "#words/said.ts";
import { useLanguage } from "#web/app/language.tsx";
import { typesetText } from "./typeset.ts";
import { SERVED_FR } from "#web/words/served.ts";

function spoken(said: Coded, language: "en" | "fr"): string | undefined {
  const served = language === "fr" && Object.hasOwn(SERVED_FR, said.text) ? SERVED_FR[said.text] : undefined;
  return served ?? inLanguage(said, language);
}

interface SaidProps {
  readonly children: string;
  readonly code?: string | undefined;
  readonly values?: unknown;
}

export function Said({ children: text, code, values }: SaidProps) {
  const { language } = useLanguage();
  const known = spoken({ text, code, values }, language);
  if (known !== undefined) return typesetText(known, language);
  return <span lang="en">{text}</span>;
}

export function useSaid(): (text: string, code?: string, values?: unknown) => string {
  const { language } = useLanguage();
  return (text, code, values) => typesetText(spoken({ text, code, values }, language) ?? text, language);
}
