/** Amounts as people read them: one rounding for terminal, report and page. */
import type { Language } from "./words.ts";

const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", fr: "fr-FR" };
const UNITS: Readonly<Record<Language, readonly [string, string, string, string]>> = {
  en: ["bytes", "kB", "MB", "GB"],
  fr: ["octets", "ko", "Mo", "Go"],
};

/** Whole bytes below ten thousand, then thousands, millions, thousand millions with one decimal. */
export function octetsSaid(n: number, language: Language): string {
  const [bytes, kilo, mega, giga] = UNITS[language];
  const [value, unit] = n < 10_000 ? [n, bytes] : n < 10_000_000 ? [n / 1e3, kilo] : n < 1e10 ? [n / 1e6, mega] : [n / 1e9, giga];
  const digits = unit === bytes ? 0 : 1;
  return `${value.toLocaleString(LOCALES[language], { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}

/** Bits to a tenth, rounded down: evidence is never stated greater than it is. */
export function tenthOfBits(bits: number): number {
  return Math.floor(bits * 10 + 1e-9) / 10;
}

/** `1,328.7`; a true minus. */
export function bitsSaid(bits: number, language: Language): string {
  const shown = tenthOfBits(bits).toLocaleString(LOCALES[language], { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return shown.replace("-", "−");
}
