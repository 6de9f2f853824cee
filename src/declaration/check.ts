/**
 * What the shape cannot say: names that must exist, names that must not come twice, periods in order; and what only
 * deserves a warning. Paths are those of the file, so that the loader can point at line and column.
 */
import { canonicalPrefix } from "./address.ts";
import { nearest } from "#model/nearest.ts";
import { isKnownProtocol, PROTOCOL_NAMES } from "./protocols.ts";
import {
  GROUP_KINDS,
  isKnownRole,
  MIDDLEBOX_KINDS,
  MONITORING_KINDS,
  PARTNER_KINDS,
  ROLES,
  SIGNALLING_KINDS,
  TRANSFER_KINDS,
} from "./roles.ts";
import type { NetworkFile } from "./schema.ts";

export type Path = readonly (string | number)[];
export interface Remark {
  readonly path: Path;
  readonly severity: "error" | "warning";
  readonly message: string;
}

export function checkNetwork(file: NetworkFile): readonly Remark[] {
  const out: Remark[] = [];
  const error = (path: Path, message: string): unknown => out.push({ path, severity: "error", message });
  const warning = (path: Path, message: string): unknown => out.push({ path, severity: "warning", message });

  const unique = (section: string, list: readonly { readonly name: string }[] | undefined): Set<string> => {
    const seen = new Set<string>();
    for (const [i, e] of (list ?? []).entries()) {
      if (seen.has(e.name)) error([section, i, "name"], `"${e.name}" comes twice in ${section}, expected each name once`);
      seen.add(e.name);
    }
    return seen;
  };
  const functions = unique("functions", file.functions);
  const services = unique("services", file.services);
  const operators = unique("operators", file.operators);
  const hosts = unique("hosts", file.hosts);
  const signalling = unique("signalling", file.signalling);
  const partners = unique("partners", file.partners);
  unique("monitoring", file.monitoring);

  const mustName = (path: Path, name: string, known: ReadonlySet<string>, what: string): void => {
    if (known.has(name)) return;
    error(path, `"${name}" is not declared, expected ${what}${hint(name, known)}`);
  };
  const elements = new Set([...functions, ...hosts]);
  const anyone = new Set([...functions, ...hosts, ...services, ...operators, ...signalling, ...partners]);
  const mustBePlace = (section: string, i: number, field: string, list: readonly string[] | undefined): void => {
    for (const [j, v] of (list ?? []).entries())
      if (canonicalPrefix(v) === null) mustName([section, i, field, j], v, anyone, "an address, a prefix or a declared name");
  };
  const protocols = (section: string, i: number, list: readonly string[] | undefined): void => {
    for (const [j, v] of (list ?? []).entries())
      if (!isKnownProtocol(v))
        warning([section, i, "protocols", j], `protocol "${v}" is not known here${hint(v, new Set(PROTOCOL_NAMES))}`);
  };
  const kinds = (section: string, list: readonly { readonly kind?: string | undefined }[] | undefined, known: readonly string[]): void => {
    for (const [i, e] of (list ?? []).entries())
      if (e.kind !== undefined && !known.includes(e.kind.toLowerCase()))
        warning([section, i, "kind"], `kind "${e.kind}" is not known here, expected one of ${known.join(", ")}`);
  };

  const vendors = new Set(Object.keys(file.vendors ?? {}));
  const owners = new Map<string, string>();
  for (const [i, f] of (file.functions ?? []).entries()) {
    for (const [j, role] of f.roles.entries())
      if (!isKnownRole(role)) warning(["functions", i, "roles", j], `role "${role}" is not known here${hint(role, new Set(ROLES))}`);
    if (f.vendor !== undefined && !vendors.has(f.vendor))
      warning(["functions", i, "vendor"], `vendor "${f.vendor}" is not declared, expected a key of vendors${hint(f.vendor, vendors)}`);
    for (const [j, a] of (f.addresses ?? []).entries()) {
      const key = canonicalPrefix(a) ?? a;
      const other = owners.get(key);
      if (other !== undefined && other !== f.name) warning(["functions", i, "addresses", j], `${key} also belongs to function "${other}"`);
      owners.set(key, f.name);
    }
  }
  for (const [i, h] of (file.hosts ?? []).entries()) {
    for (const [j, r] of (h.runs ?? []).entries()) mustName(["hosts", i, "runs", j], r, functions, "the name of a function");
    if (h.vendor !== undefined && !vendors.has(h.vendor))
      warning(["hosts", i, "vendor"], `vendor "${h.vendor}" is not declared${hint(h.vendor, vendors)}`);
  }
  for (const [i, g] of (file.grants ?? []).entries()) {
    mustName(["grants", i, "party"], g.party, operators, "the name of one of operators");
    for (const [j, f] of g.functions.entries()) mustName(["grants", i, "functions", j], f, elements, "the name of a function or host");
    protocols("grants", i, g.protocols);
    const from = g.from === undefined ? -Infinity : Date.parse(g.from);
    const to = g.to === undefined ? Infinity : Date.parse(g.to);
    if (Number.isNaN(from))
      error(["grants", i, "from"], `"${g.from}" is not a date of the calendar, expected such as 2026-01-01T00:00:00Z`);
    if (Number.isNaN(to)) error(["grants", i, "to"], `"${g.to}" is not a date of the calendar, expected such as 2026-01-01T00:00:00Z`);
    if (from > to) error(["grants", i, "to"], `ends before it begins, expected a time not before ${g.from}`);
    if (g.to === undefined) warning(["grants", i], "has no end; expected to");
  }
  for (const [i, e] of (file.extensions ?? []).entries())
    for (const [j, f] of (e.functions ?? []).entries()) mustName(["extensions", i, "functions", j], f, functions, "the name of a function");
  for (const [i, s] of (file.services ?? []).entries()) protocols("services", i, s.protocols);
  for (const [i, t] of (file.transfers ?? []).entries()) {
    protocols("transfers", i, t.protocols);
    mustBePlace("transfers", i, "from", t.from);
    mustBePlace("transfers", i, "to", t.to);
  }
  for (const [i, m] of (file.monitoring ?? []).entries()) {
    mustBePlace("monitoring", i, "from", m.from);
    mustBePlace("monitoring", i, "to", m.to);
    if (m.scope === undefined) warning(["monitoring", i], "states no scope: what it covers is then still reported, as an indication");
  }
  for (const [i, g] of (file.groups ?? []).entries()) mustBePlace("groups", i, "members", g.members);
  kinds("groups", file.groups, GROUP_KINDS);
  kinds("middleboxes", file.middleboxes, MIDDLEBOX_KINDS);
  kinds("monitoring", file.monitoring, MONITORING_KINDS);
  kinds("signalling", file.signalling, SIGNALLING_KINDS);
  kinds("transfers", file.transfers, TRANSFER_KINDS);
  kinds("partners", file.partners, PARTNER_KINDS);
  for (const [i, u] of (file.unreviewed ?? []).entries())
    if (u.toLowerCase() !== "management") warning(["unreviewed", i], `"${u}" is not known here, expected management`);
  const matches = new Set<string>();
  for (const [i, p] of (file.points ?? []).entries()) {
    if (matches.has(p.match)) error(["points", i, "match"], `"${p.match}" comes twice in points, expected each match once`);
    matches.add(p.match);
  }
  return out;
}

function hint(name: string, known: ReadonlySet<string>): string {
  const near = nearest(name, known);
  return near === undefined ? "" : `; did you mean "${near}"?`;
}
