/** How a language writes numbers, amounts and times; and the catalogue's sentences. Same output on every machine: no time zone, no locale of the host. */
import { bitsSaid, octetsSaid } from "#words/amounts.ts";
import { sup } from "#words/report-en.ts";
import { WORDS, type Language, type Words } from "#words/words.ts";

export class Voice {
  readonly language: Language;
  readonly words: Words;
  readonly #whole: Intl.NumberFormat;
  readonly #tenth: Intl.NumberFormat;
  readonly #list: Intl.ListFormat;
  readonly #day: Intl.DateTimeFormat;

  constructor(language: Language) {
    this.language = language;
    this.words = WORDS[language];
    const locale = language === "fr" ? "fr-FR" : "en-GB";
    this.#whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.#tenth = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.#list = new Intl.ListFormat(locale, { type: "conjunction" });
    this.#day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }

  /** A colon as the language sets it. */
  get colon(): string {
    return this.language === "fr" ? "\u202f:" : ":";
  }

  number(n: number): string {
    return this.#whole.format(n === 0 ? 0 : n).replace("-", "−");
  }
  tenth(n: number): string {
    return this.#tenth.format(n).replace("-", "−");
  }
  /** Signed, one decimal, with a true minus. */
  signed(n: number): string {
    const text = this.#tenth.format(Math.abs(n));
    return n < 0 ? `−${text}` : `+${text}`;
  }

  bytes(n: number): string {
    if (n === 0) return "";
    return octetsSaid(n, this.language);
  }
  bits(n: number): string {
    return bitsSaid(n, this.language);
  }

  packets(n: number): string {
    return this.words.packets(n).replace(/^\d+/, this.number(n));
  }
  subscribers(n: number): string {
    return this.words.subscribers(n).replace(/^\d+/, this.number(n));
  }

  list(items: readonly string[]): string {
    return this.#list.format(items);
  }

  /** `24 November 2026`. */
  day(rfc3339: string): string {
    const micros = Date.parse(rfc3339);
    const text = Number.isFinite(micros) ? this.#day.format(micros) : rfc3339;
    return this.language === "fr" ? text.replace(/^1 /, "1er ") : text;
  }
  /** `24 November 2026, 03:05:33 UTC`. */
  moment(rfc3339: string): string {
    return `${this.day(rfc3339)}${this.language === "fr" ? " à " : ", "}${rfc3339.slice(11, 19)} UTC`;
  }
  /** Two moments, the day said once where it is the same. */
  span(from: string, to: string): string {
    if (from.slice(0, 19) === to.slice(0, 19)) return this.words.report.who.at(this.moment(from));
    if (from.slice(0, 10) !== to.slice(0, 10)) return this.words.report.who.when(this.moment(from), this.moment(to));
    return this.language === "fr"
      ? `Le ${this.day(from)}, de ${from.slice(11, 19)} à ${to.slice(11, 19)} UTC.`
      : `On ${this.day(from)}, from ${from.slice(11, 19)} to ${to.slice(11, 19)} UTC.`;
  }

  /** Seconds as a delay, with the unit that gives two or three digits. */
  delay(seconds: number): string {
    const sign = seconds < 0 ? "−" : "";
    const s = Math.abs(seconds);
    const f = (n: number): string => (n >= 100 || Number.isInteger(n) ? this.number(n) : this.tenth(n));
    if (s >= 1) return `${sign}${f(s)} s`;
    return s >= 0.001 ? `${sign}${f(s * 1e3)} ms` : `${sign}${f(Math.round(s * 1e7) / 10)} µs`;
  }

  /** A probability as a power of two where it is tiny. */
  chance(p: number): string {
    return p === 0 ? "0" : `2⁻${sup(Math.round(-Math.log2(p)))}`;
  }
}
