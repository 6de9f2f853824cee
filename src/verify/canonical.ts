/**
 * RFC 8785 canonical JSON, read strictly: octets are accepted only where writing their value again gives the same octets. Numbers are
 * integers of at most 53 bits (`method.md` §5.8), so that no two readers can differ about one.
 */
import { text } from "./octets.ts";
import { Failure } from "./result.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

/** Deeper than any record; stops a hostile one from exhausting the stack. */
const MAX_DEPTH = 64;

export function parseCanonical(octets: Uint8Array, part: string): Json {
  const spelled = text(octets, part);
  let value: Json;
  try {
    value = JSON.parse(spelled) as Json;
  } catch {
    throw new Failure("is not JSON", part);
  }
  // The text was decoded strictly, so that texts are equal where octets are.
  if (writeCanonical(value, part) !== spelled) throw new Failure("is not canonical JSON (RFC 8785)", part);
  return value;
}

export function writeCanonical(value: Json, part = "", depth = 0): string {
  if (depth > MAX_DEPTH) throw new Failure(`is nested deeper than ${MAX_DEPTH}`, part);
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw new Failure("holds a lone surrogate", part);
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      throw new Failure(`holds the number ${value}; only integers up to 2^53 are allowed`, part);
    return String(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map((item) => writeCanonical(item, part, depth + 1)).join(",")}]`;
  const object = value as JsonObject;
  const names = Object.keys(object).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${names.map((name) => `${writeCanonical(name, part)}:${writeCanonical(object[name] as Json, part, depth + 1)}`).join(",")}}`;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
