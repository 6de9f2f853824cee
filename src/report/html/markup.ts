/**
 * Markup as a value of its own kind: text becomes markup only by `ml` or `text`, which escape. Names, hosts and comments come from
 * strangers; nothing that they write can end an attribute, an element or a script, reorder the line, or hide in it.
 */
export class Markup {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
  toString(): string {
    return this.source;
  }
}

type Piece = Markup | string | number | readonly Piece[] | null | undefined | false;

/** Template whose values are escaped, unless they are markup already. */
export function ml(strings: TemplateStringsArray, ...values: readonly Piece[]): Markup {
  let out = strings[0] ?? "";
  values.forEach((value, i) => (out += write(value) + (strings[i + 1] ?? "")));
  return new Markup(out);
}

function write(value: Piece): string {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Markup) return value.source;
  if (typeof value === "number") return Number.isFinite(value) ? String(round(value)) : "";
  if (typeof value === "string") return escape(value);
  return value.map(write).join("");
}

/** Coordinates with two decimals: the same on every machine, and short. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;" };

/** Control and formatting characters (line reordering, zero width) are written as `\u202e`, so that a reader sees them. */
export function escape(text: string): string {
  return visible(text).replaceAll(/[&<>"'`]/g, (c) => ENTITIES[c] ?? c);
}

/** Soft hyphens stay out, line ends become blanks, what else cannot be seen is spelt. Lone surrogates cannot be written at all. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\r\n\t]+/g, " ")
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

export const EMPTY = new Markup("");

export function join(parts: readonly Markup[], between = ""): Markup {
  return new Markup(parts.map((part) => part.source).join(between));
}
