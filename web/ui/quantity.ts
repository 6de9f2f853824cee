/** Numbers, sizes and times in the reader's language. Times are UTC: captures come from several places, and one clock is told. */
import { bitsSaid, octetsSaid } from "#words/amounts.ts";
import type { Language } from "#words/words.ts";
import { useLanguage } from "#web/app/language.tsx";

export interface Quantities {
  /** French puts a space before it. */
  readonly colon: string;
  readonly count: (n: number) => string;
  /** A sentence with its counts as `count` has them. */
  readonly counted: (text: string) => string;
  readonly bytes: (n: number) => string;
  readonly bits: (n: number) => string;
  readonly percent: (share: number) => string;
  /** `24 Nov 2026 03:05:33 UTC` */
  readonly time: (iso: string) => string;
  readonly day: (iso: string) => string;
  /** `03:05:33` */
  readonly clock: (iso: string) => string;
  /** `24 Nov 2026 03:05:33 – 03:06:09 UTC`; the day is said once where it is the same. */
  readonly period: (from: string | null, to: string | null) => string;
  /** `36 s`, `0.18 ms`, `2 min 4 s` */
  readonly seconds: (s: number) => string;
  readonly country: (code: string) => string;
}

export function quantities(language: Language): Quantities {
  const locale = language === "fr" ? "fr-FR" : "en-GB";
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const date = new Intl.DateTimeFormat(locale, { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
  const clock = new Intl.DateTimeFormat(locale, { timeZone: "UTC", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
  const regions = new Intl.DisplayNames(locale, { type: "region" });
  /** A minus sign, not a hyphen. */
  const signed = (text: string) => text.replace(/^-/, "\u2212");
  // U+2009 thin space would not be in the fonts' subset; a no-break space is
  const unit = (value: string, name: string) => `${signed(value)}\u00a0${name}`;
  const bytes = (n: number) => octetsSaid(n, language).replaceAll(" ", "\u00a0");
  const valid = (iso: string) => {
    const at = new Date(iso);
    return Number.isNaN(at.getTime()) ? null : at;
  };
  const time = (iso: string) => {
    const at = valid(iso);
    return at === null ? iso : `${date.format(at)} ${clock.format(at)} UTC`;
  };
  return {
    colon: language === "fr" ? "\u00a0:" : ":",
    count: (n) => signed(integer.format(n)),
    counted: (text) => text.replaceAll(/\d{4,}/g, (n) => integer.format(Number(n))),
    bytes,
    bits: (n) => bitsSaid(n, language),
    percent: (share) => percent.format(share),
    time,
    day: (iso) => {
      const at = valid(iso);
      return at === null ? iso : date.format(at);
    },
    clock: (iso) => {
      const at = valid(iso);
      return at === null ? iso : clock.format(at);
    },
    period: (from, to) => {
      if (from === null && to === null) return "–";
      if (from === null || to === null) return `${from === null ? "…" : time(from)} – ${to === null ? "…" : time(to)}`;
      const [a, b] = [valid(from), valid(to)];
      if (a === null || b === null) return `${from} – ${to}`;
      if (date.format(a) !== date.format(b)) return `${date.format(a)} ${clock.format(a)} – ${time(to)}`;
      if (clock.format(a) === clock.format(b)) return time(from);
      return `${date.format(a)} ${clock.format(a)} – ${clock.format(b)} UTC`;
    },
    seconds: (s) => {
      const size = Math.abs(s);
      if (size === 0) return unit("0", "s");
      if (size < 0.001) return unit(short.format(s * 1e6), "µs");
      if (size < 1) return unit(short.format(s * 1e3), "ms");
      if (size < 120) return unit(short.format(s), "s");
      if (size < 7200) return `${unit(integer.format(Math.trunc(s / 60)), "min")} ${unit(integer.format(Math.abs(s % 60)), "s")}`;
      if (size < 172_800)
        return `${unit(integer.format(Math.trunc(s / 3600)), "h")} ${unit(integer.format(Math.abs((s % 3600) / 60)), "min")}`;
      return unit(short.format(s / 86_400), language === "fr" ? "jours" : "days");
    },
    country: (code) => {
      try {
        return regions.of(code) ?? code;
      } catch {
        return code;
      }
    },
  };
}

const made: Partial<Record<Language, Quantities>> = {};

export function useQuantities(): Quantities {
  const { language } = useLanguage();
  // Intl's formatters take a millisecond to make: once a language, not once a row
  return (made[language] ??= quantities(language));
}
