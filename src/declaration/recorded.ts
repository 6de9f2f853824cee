/** A declaration as a record of a bundle holds it: checked as strictly as a file, because a stranger may have written it. */
import { canonicalJson } from "./canonical.ts";
import { parseDeclaration } from "./load.ts";
import type { Declaration } from "./types.ts";

/** Undefined where no file would give this declaration: what the checks of a file would refuse, and what they would have written otherwise. */
export function recordedDeclaration(value: unknown): Declaration | undefined {
  try {
    const { declaration } = parseDeclaration(JSON.stringify(asFile(value)), "the bundle's declaration");
    return canonicalJson(declaration) === canonicalJson(value) ? declaration : undefined;
  } catch {
    return undefined;
  }
}

/** Back to the form of a file: what is null is left out there, vendors stand under their ids, and moments once. */
function asFile(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asFile);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name, member]) => member !== null && name !== "fromMicros" && name !== "toMicros");
  return Object.fromEntries(kept.map(([name, member]) => [name, name === "vendors" ? byId(member) : asFile(member)]));
}

function byId(vendors: unknown): unknown {
  if (!Array.isArray(vendors)) return vendors;
  return Object.fromEntries(
    vendors.map((vendor: unknown) => {
      const { id, ...rest } = asFile(vendor) as Readonly<Record<string, unknown>>;
      return [String(id), rest];
    }),
  );
}
