/**
 * RFC 8785 for plain data of strings, integers, booleans, lists and maps. The evidence stage has the full serialiser;
 * it lies downstream of here, so this folder has these lines of its own, and a test that both agree.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const map = value as Record<string, unknown>;
  return `{${Object.keys(map)
    .toSorted()
    .map((k) => `${JSON.stringify(k)}:${canonicalJson(map[k])}`)
    .join(",")}}`;
}
