/** Two records of the same thing, made with different keys: alike but for their pseudonyms, each of which has one counterpart. */
import { writeCanonical, type Json, type JsonObject } from "./canonical.ts";

const PSEUDONYM = /s:[A-Za-z0-9_-]{16}(?![A-Za-z0-9_-])/g;
/** Characters of a value that a difference shows. */
const SHOWN = 60;

/** Pseudonyms of one run beside those of its replay: who is one subscriber here must be one there. */
export class Counterparts {
  readonly #there = new Map<string, string>();
  readonly #here = new Map<string, string>();

  same(a: string, b: string): boolean {
    if (a === b && !a.includes("s:")) return true;
    const [ours, theirs] = [a.match(PSEUDONYM) ?? [], b.match(PSEUDONYM) ?? []];
    if (ours.length !== theirs.length || a.replaceAll(PSEUDONYM, "s:") !== b.replaceAll(PSEUDONYM, "s:")) return false;
    return ours.every((one, i) => {
      const other = theirs[i] as string;
      if (!this.#there.has(one) && !this.#here.has(other)) {
        this.#there.set(one, other);
        this.#here.set(other, one);
      }
      return this.#there.get(one) === other && this.#here.get(other) === one;
    });
  }
}

/** Path of the first member that differs, with both values (bounded); undefined where all is the same. */
export function firstDifference(a: Json | undefined, b: Json | undefined, pseudonyms = new Counterparts(), path = ""): string | undefined {
  if (a === undefined || b === undefined) return a === b ? undefined : `${path} is there only once`;
  if (typeof a === "string" && typeof b === "string") return pseudonyms.same(a, b) ? undefined : `${path}: ${shown(a)}, now ${shown(b)}`;
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null || Array.isArray(a) !== Array.isArray(b)) {
    return a === b ? undefined : `${path}: ${shown(a)}, now ${shown(b)}`;
  }
  const left = a as JsonObject;
  const right = b as JsonObject;
  for (const name of [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()) {
    const differs = firstDifference(left[name], right[name], pseudonyms, path === "" ? name : `${path}.${name}`);
    if (differs !== undefined) return differs;
  }
  return undefined;
}

function shown(value: Json): string {
  const text = writeCanonical(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 3)}…` : text;
}
