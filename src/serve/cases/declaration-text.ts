/** A declaration as YAML for people: from the checked form that a case keeps, or drafted from what the case saw. */
import { Document, isMap, isScalar, isSeq, visit } from "yaml";
import type { Declaration } from "#declaration/types.ts";
import type { CaseTables } from "./tables.ts";

/** What stands empty, is null or only restates another field is left out; vendors are keyed as in `network.yaml`. */
export function declarationYaml(d: Declaration): string {
  const vendors = Object.fromEntries(d.vendors.map((v) => [v.id, tidy({ name: v.name, country: v.country })]));
  const rest = tidy({ ...d, vendors: undefined, network: undefined }) as Record<string, unknown>;
  const { functions, ...others } = rest;
  const ordered = {
    network: tidy(d.network),
    ...(d.vendors.length > 0 ? { vendors } : {}),
    ...(functions === undefined ? { functions: [] } : { functions }),
    ...others,
  };
  const text = new Document(ordered);
  // one line an entry, as people write it
  visit(text, {
    Collection: (_key, node, path) => {
      const plain = node.items.every((item) => isScalar(item) || (isSeq(item) && item.items.every(isScalar)) || !isMap(item));
      if (path.length >= 4 && plain) node.flow = true;
    },
  });
  return text.toString({ lineWidth: 0 });
}

/** Values that mean "not given" in the checked form. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, v]): [string, unknown][] => {
    if (v === null || v === undefined || key.endsWith("Micros")) return [];
    if (key === "complete" && v === false) return [];
    if (key === "hides" && v === false) return [];
    if (key === "mayCarry" && Array.isArray(v) && v.length === 1 && v[0] === "none") return [];
    const inner = tidy(v);
    if (Array.isArray(inner) && inner.length === 0) return [];
    if (typeof inner === "object" && inner !== null && !Array.isArray(inner) && Object.keys(inner).length === 0) return [];
    return [[key, inner]];
  });
  return Object.fromEntries(entries);
}

/** Functions as signalling showed them; what else talked is listed as a comment, never declared (`learn` does more, from captures). */
export function draftYaml(tables: CaseTables): string {
  const roles = new Map<string, { role: string; because: string; seen: number }[]>();
  for (const r of tables.roles) roles.set(r.address, [...(roles.get(r.address) ?? []), r]);
  const quoted = (text: string): string => JSON.stringify(text);
  const functions = [...roles].map(([address, list]) => {
    const name = `${(list[0]?.role ?? "function").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}-${address.replaceAll(/[^0-9a-f]+/gi, "-")}`;
    return [
      ...list.map((r) => `  # ${printable(r.role)}: ${printable(r.because)}, ${r.seen} times`),
      `  - { name: ${quoted(name)}, roles: [${[...new Set(list.map((r) => r.role))].map(quoted).join(", ")}], addresses: [${quoted(address)}] }`,
    ].join("\n");
  });
  const others = tables.flows
    .filter((f) => !roles.has(f.responder) || !roles.has(f.initiator))
    .slice(0, 200)
    .map(
      (f) =>
        `# - ${printable(f.initiator)} > ${printable(f.responder)}: ${printable(f.application ?? `IP protocol ${f.protocol}`)} (${f.flows} flows)`,
    );
  return [
    "# Drafted from what this case saw. Review every line: a draft says what was seen, not what is permitted.",
    'network: { name: "draft" }',
    "",
    functions.length === 0 ? "functions: []" : "functions:",
    ...functions,
    "",
    "# Who may manage what cannot be learned from traffic. While this line stands, management is neither explained nor a finding;",
    "# list operators and grants, then take it out.",
    "unreviewed: [management]",
    "operators: []",
    "grants: []",
    "",
    others.length === 0 ? "# Unexplained: nothing" : "# Unexplained: seen, and not declared above. Find out what each of these is.",
    ...others,
    "",
  ].join("\n");
}

function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ").slice(0, 200);
}
