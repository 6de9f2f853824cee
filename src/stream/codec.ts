/**
 * Facts as lines of text: JSON (RFC 8259) with the few values that JSON lacks written as an object of one member whose name begins with `$`:
 *
 *   {"$u":0}                  undefined
 *   {"$n":"NaN"}              NaN, Infinity, -Infinity, and -0 as "-0"
 *   {"$i":"18446744073709551615"}  an integer of more than 53 bits
 *   {"$b":"AAEC"}             octets, base64 (RFC 4648 §4)
 *   {"$l":[…]} {"$m":[[k,v]…]}  a set; a map
 *   {"$o":{…}}                an object that has a member whose name begins with `$`
 *
 * `decodeFact(encodeFact(fact))` equals the fact, member by member. A reader passes over members it does not know; see `docs/stream.md`.
 */
import type { Fact } from "#model/fact.ts";

/** Version of the lines (`docs/stream.md`). */
export const FACT_VERSION = 1;

export const STREAM_LIMITS = {
  /** Characters of a line; a longer one is refused. The longest fact lists 1,000 frames a capture and octets of one message. */
  line: 16 * 1024 * 1024,
  /** Levels of lists and objects in one another. */
  depth: 64,
} as const;

const KINDS: ReadonlySet<string> = new Set(["message", "fault", "missing", "use", "channel", "flow", "copy", "service", "gap"]);

/** One line without its end. */
export function encodeFact(fact: Fact): string {
  return JSON.stringify({ v: FACT_VERSION, fact: plain(fact) });
}

/** Null for what is no fact of this version: another version, another kind, not JSON, too long or too deep. */
export function decodeFact(line: string): Fact | null {
  if (line.length > STREAM_LIMITS.line) return null;
  try {
    const read: unknown = JSON.parse(line);
    if (!isRecord(read) || read["v"] !== FACT_VERSION) return null;
    const fact = whole(read["fact"], 0);
    return isRecord(fact) && typeof fact["kind"] === "string" && KINDS.has(fact["kind"]) ? (fact as unknown as Fact) : null;
  } catch {
    return null;
  }
}

function plain(value: unknown): unknown {
  switch (typeof value) {
    case "undefined":
      return { $u: 0 };
    case "bigint":
      return { $i: value.toString() };
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { $n: Object.is(value, -0) ? "-0" : String(value) };
    case "object":
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (value instanceof Uint8Array) return { $b: base64(value) };
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Set) return { $l: [...value].map(plain) };
  if (value instanceof Map) return { $m: [...value].map(([key, member]) => [plain(key), plain(member)]) };
  // A name may be any, `__proto__` too: own members only.
  const members = [...Object.entries(value), ...viewsOf(value)];
  const made = Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
  return members.some(([name]) => name.startsWith("$")) ? { $o: made } : made;
}

/** Members that a message makes only where somebody asks for them: accessors of its class. */
function viewsOf(value: object): [string, unknown][] {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null || prototype === Object.prototype) return [];
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(prototype));
  return descriptors.flatMap(([name, accessor]) => ("get" in accessor ? [[name, Reflect.get(value, name)] as [string, unknown]] : []));
}

function whole(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > STREAM_LIMITS.depth) throw new RangeError("too deep");
  if (Array.isArray(value)) return value.map((member) => whole(member, depth + 1));
  const names = Object.keys(value);
  if (names.length === 1 && (names[0] as string).startsWith("$")) return special(names[0] as string, Object.values(value)[0], depth);
  return record(value, depth);
}

function special(name: string, held: unknown, depth: number): unknown {
  switch (name) {
    case "$u":
      return undefined;
    case "$n":
      return Number(held);
    case "$i":
      return BigInt(held as string);
    case "$b":
      return octets(held as string);
    case "$l":
      return new Set((held as unknown[]).map((member) => whole(member, depth + 1)));
    case "$m":
      return new Map((held as [unknown, unknown][]).map(([key, member]) => [whole(key, depth + 1), whole(member, depth + 1)]));
    case "$o":
      return record(held as object, depth);
    default:
      throw new TypeError("unknown mark");
  }
}

/** A name may be any, `__proto__` too: own members only. */
function record(value: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, whole(member, depth + 1)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const word = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += `${DIGITS[word >>> 18] ?? ""}${DIGITS[(word >>> 12) & 63] ?? ""}`;
    text += left > 1 ? (DIGITS[(word >>> 6) & 63] ?? "") : "=";
    text += left > 2 ? (DIGITS[word & 63] ?? "") : "=";
  }
  return text;
}

function octets(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw new TypeError("no base64");
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const made = new Uint8Array((text.length / 4) * 3 - padding);
  for (let i = 0, at = 0; i < text.length; i += 4) {
    let word = 0;
    for (let k = 0; k < 4; k++) {
      const c = text[i + k] as string;
      const digit = c === "=" && i + k >= text.length - padding ? 0 : DIGITS.indexOf(c);
      if (digit < 0) throw new TypeError("no base64");
      word = (word << 6) | digit;
    }
    for (let shift = 16; shift >= 0 && at < made.length; shift -= 8) made[at++] = (word >>> shift) & 255;
  }
  return made;
}
