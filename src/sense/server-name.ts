/** From a server's name, what may be kept: whose server it is, not which of them, as the labels below can name a person or a session. */

/** Labels that registries of two-letter domains put below themselves: one label more is somebody's. */
export const REGISTRY_LABELS: ReadonlySet<string> = new Set(
  "ac co com ed edu gob gouv gov go gr id ind info lg ltd mil ne net nhs nic nom or org plc police sch school web".split(" "),
);

/** The most labels of a name that are kept. */
export const MOST_LABELS = 3;

/**
 * The registrable part of a name, in lower case: two labels, three below a registry's own (`co.uk`). There is no list of all public suffixes
 * here: of a name below one that is not recognised (`github.io`) the suffix itself is kept, which says less, never more.
 * Undefined for addresses, names of one label and whatever is no host name (letters, digits, hyphen, underscore: RFC 1123 §2.1, RFC 8552).
 */
export function registrableName(name: string): string | undefined {
  const text = (name.endsWith(".") ? name.slice(0, -1) : name).toLowerCase();
  if (text.length > 253 || !/^([a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{1,62}$/.test(text)) return undefined;
  const labels = text.split(".");
  const top = labels.at(-1) as string;
  // answers by address (RFC 1035 §3.5) name no service; what ends in `local` is at home
  if (top === "arpa" || top === "local") return undefined;
  const registry = top.length === 2 && REGISTRY_LABELS.has(labels.at(-2) as string);
  return labels.slice(registry ? -MOST_LABELS : -2).join(".");
}
