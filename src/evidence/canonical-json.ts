/**
 * RFC 8785, JSON Canonicalization Scheme: one byte sequence for one value, so that it can be hashed and signed.
 *
 * ECMAScript's own number and string serialisation is what the RFC prescribes (§3.2.2); what is left is the order of
 * the keys (§3.2.3, UTF-16 code units) and the refusal of what JSON cannot say.
 */

/** Deeper than any record of ours; stops a hostile record from exhausting the stack. */
const MAX_DEPTH = 64;

export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new RangeError(`canonical JSON: nested deeper than ${MAX_DEPTH}`);
  switch (typeof value) {
    case "string":
      if (!value.isWellFormed()) throw new RangeError("canonical JSON: a string holds a lone surrogate");
      return JSON.stringify(value);
    case "number":
      if (!Number.isFinite(value)) throw new RangeError("canonical JSON: a number is not finite");
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      break;
    default:
      throw new RangeError(`canonical JSON: a ${typeof value} has no JSON form`);
  }
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  const record = value as Record<string, unknown>;
  const members: string[] = [];
  for (const key of Object.keys(record).sort(byCodeUnits)) {
    const member = record[key];
    // As JSON.stringify does: a member that is undefined is not there.
    if (member !== undefined) members.push(`${write(key, depth)}:${write(member, depth + 1)}`);
  }
  return `{${members.join(",")}}`;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
