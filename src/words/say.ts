/** Statements as sentences of a language: the message of their code, their values set into it (plural, agreement and numbers by ICU MessageFormat). */
import IntlMessageFormat from "intl-messageformat";
import { isStatement, STATEMENTS, type Statement, type StatementCode, type StatementText, type StatementValue } from "#model/statement.ts";
import { MESSAGES } from "./statements/catalogue.ts";
import { typesetText } from "./typeset.ts";
import type { Language } from "./words.ts";

const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", fr: "fr-FR" };
/** How one text follows another. */
const JOINTS: Readonly<Record<Language, Readonly<Record<"list" | "clauses", string>>>> = {
  en: { list: ", ", clauses: "; " },
  fr: { list: ", ", clauses: "\u202f; " },
};

/** Made once a code and language: a case renders few codes many times. */
const formats = new Map<string, IntlMessageFormat>();

export function say(statement: Statement, language: Language): string {
  const kinds: Readonly<Record<string, string>> = STATEMENTS[statement.code];
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(statement.values)) values[name] = shown(value, kinds[name] ?? "text", language);
  return String(formatOf(statement.code, language).format(values));
}

/**
 * What a document, a case or a bundle says, in the reader's language, from its code and values. Undefined where it has none of this catalogue (an older
 * document, a stranger's): then the English that stands there is all there is.
 */
export function saidBy(code: unknown, values: unknown, language: Language): string | undefined {
  const given = values ?? {};
  return isStatement(code, given) ? say({ code, values: given as Statement["values"] }, language) : undefined;
}

function shown(value: StatementValue, kind: string, language: Language): string | number {
  if (typeof value === "number") return value;
  if (Array.isArray(value)) {
    const texts = (value as readonly StatementText[]).map((one) => text(one, language));
    return texts.join(JOINTS[language][kind === "clauses" ? "clauses" : "list"]);
  }
  return text(value as StatementText, language);
}

function text(value: StatementText, language: Language): string {
  return typeof value === "string" ? value : say(value, language);
}

function formatOf(code: StatementCode, language: Language): IntlMessageFormat {
  const key = `${language} ${code}`;
  let format = formats.get(key);
  if (format === undefined) {
    const message = MESSAGES[code][language].replaceAll("'", "''");
    formats.set(key, (format = new IntlMessageFormat(language === "fr" ? typesetText(message) : message, LOCALES[language])));
  }
  return format;
}
