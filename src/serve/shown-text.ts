/**
 * Names in captures are written by strangers. Characters that nobody sees, and those that turn the order of others around (UTR 36 §3.1: a
 * name that reads as another), are shown as their number instead. Letters that join (200C, 200D) stay: languages need them.
 */
const UNSEEN = /[\u0080-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Of JSON text, or of a single value. */
export function shownText(text: string): string {
  return text.replace(UNSEEN, (c) => `\\\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

/** As `shownText`, of a value that is no JSON. */
export function shownValue(text: string): string {
  return text.replace(UNSEEN, (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}
