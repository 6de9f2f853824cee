/**
 * The logs that a witness serves: a text file in the syntax of C2SP tlog-policy, of which only `log` lines count.
 *
 *   # regulator's list
 *   log tapproof/33b907b259ebbf74+e1...+AQ...
 *
 * A line admits the origin that is the key's name, and all origins below it (`<name>/...`): an installation of Tapproof keeps one log
 * a case, all signed by its one key. Several lines may admit one origin: the old key and the new one.
 */
import { EvidenceError } from "#evidence/evidence-error.ts";
import { KEY_TYPE, parseVerifierKey, type VerifierKey } from "#evidence/keys/note-key.ts";

export const KNOWN_LOG_LIMITS = {
  /** Octets of the file. */
  octets: 1 << 20,
  /** Keys listed; more are an error. */
  lines: 10_000,
} as const;

export function parseKnownLogs(source: string): VerifierKey[] {
  if (source.length > KNOWN_LOG_LIMITS.octets)
    throw new EvidenceError("policy-malformed", `known logs: longer than ${KNOWN_LOG_LIMITS.octets} octets`);
  const keys: VerifierKey[] = [];
  for (const [index, line] of source.split("\n").entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== "");
    const [keyword, vkey = ""] = words;
    if (keyword === undefined || keyword.startsWith("#")) continue;
    const fail = (why: string): EvidenceError => new EvidenceError("policy-malformed", `known logs: line ${index + 1}: ${why}`);
    // A bare vkey, as in tapproof.pub, is what people paste.
    const text = keyword === "log" ? vkey : words.length === 1 ? keyword : "";
    if (text === "") throw fail("expected log <vkey>");
    let key: VerifierKey;
    try {
      key = parseVerifierKey(text);
    } catch (error) {
      throw fail(error instanceof Error ? error.message : "malformed key");
    }
    if (key.type !== KEY_TYPE.note) throw fail("this is a witness's key");
    if (keys.push(key) > KNOWN_LOG_LIMITS.lines) throw fail(`more than ${KNOWN_LOG_LIMITS.lines} logs`);
  }
  return keys;
}

/**
 * Keys that may sign for an origin; none: the origin is unknown. Of several names that an origin lies below, the longest alone counts: whoever is listed
 * as `a` has no say in the logs of `a/b`.
 */
export function keysFor(origin: string, known: readonly VerifierKey[]): VerifierKey[] {
  const above = known.filter(({ name }) => origin === name || origin.startsWith(`${name}/`));
  const longest = Math.max(0, ...above.map(({ name }) => name.length));
  return above.filter(({ name }) => name.length === longest);
}
