/** From the checked file to the declaration: lists filled in, addresses canonical, periods in microseconds too. */
import { canonicalPrefix } from "./address.ts";
import type { NetworkFile } from "./schema.ts";
import type { Carriage, Declaration, Period } from "./types.ts";

export function declare(file: NetworkFile): Declaration {
  const places = (list: readonly string[] | undefined): readonly string[] => (list ?? []).map((a) => canonicalPrefix(a) ?? a);
  const orNull = (v: string | undefined): string | null => v ?? null;
  return {
    network: { name: file.network.name, country: orNull(file.network.country), plmns: file.network.plmns ?? [] },
    vendors: Object.entries(file.vendors ?? {}).map(([id, v]) => ({ id, name: v.name ?? id, country: orNull(v.country) })),
    functions: (file.functions ?? []).map((f) => ({
      name: f.name,
      roles: f.roles,
      vendor: orNull(f.vendor),
      site: orNull(f.site),
      addresses: places(f.addresses),
      plmns: f.plmns ?? [],
      slices: texts(f.slices),
      dnns: f.dnns ?? [],
      identities: f.identities ?? [],
    })),
    points: (file.points ?? []).map((p) => ({
      match: p.match,
      interface: orNull(p.interface),
      link: orNull(p.link),
      direction: p.direction ?? null,
      method: p.method ?? null,
      complete: p.complete ?? false,
      snaplen: p.snaplen ?? null,
      clock: openText(p.clock),
    })),
    extensions: (file.extensions ?? []).map((e) => ({
      enterprise: e.enterprise,
      functions: e.functions ?? [],
      content: orNull(e.content),
    })),
    subscribers: { addresses: places(file.subscribers?.addresses) },
    services: (file.services ?? []).map((s) => ({
      name: s.name,
      addresses: places(s.addresses),
      protocols: s.protocols ?? [],
      mayCarry: carriage(s.mayCarry),
    })),
    operators: (file.operators ?? []).map((o) => ({ name: o.name, addresses: places(o.addresses) })),
    grants: (file.grants ?? []).map((g) => ({
      party: g.party,
      functions: g.functions,
      protocols: g.protocols,
      ticket: orNull(g.ticket),
      ...period(g.from, g.to),
    })),
    lawful: {
      administration: places(file.lawful?.administration),
      mediation: places(file.lawful?.mediation),
      monitoring: places(file.lawful?.monitoring),
      location: places(file.lawful?.location),
      gateways: places(file.lawful?.gateways),
      providers: places(texts(file.lawful?.providers)),
      countries: file.lawful?.countries ?? [],
      profile: openText(file.lawful?.profile),
      buffer: openText(file.lawful?.buffer),
      ...(file.lawful?.authorities === undefined ? {} : { authorities: file.lawful.authorities.map(({ name, key }) => ({ name, key })) }),
    },
    partners: (file.partners ?? []).map((p) => ({
      name: p.name,
      plmns: p.plmns ?? [],
      addresses: places(p.addresses),
      realms: p.realms ?? [],
      globalTitles: p.globalTitles ?? [],
      via: texts(p.via),
      kind: orNull(p.kind),
      agreement: openText(p.agreement),
    })),
    trace: { collectors: places(file.trace?.collectors), plmns: file.trace?.plmns ?? [], jobs: texts(file.trace?.jobs) },
    protected: file.protected ?? [],
    links: (file.links ?? []).map((l) => ({ a: l.a, b: l.b, vlans: l.vlans ?? [] })),
    hosts: (file.hosts ?? []).map((h) => ({ name: h.name, runs: h.runs ?? [], vendor: orNull(h.vendor), addresses: places(h.addresses) })),
    groups: (file.groups ?? []).map((g) => ({
      kind: g.kind,
      members: places(g.members),
      virtual: places(g.virtual),
      carries: g.carries ?? [],
    })),
    middleboxes: (file.middleboxes ?? []).map((m) => ({
      name: orNull(m.name),
      kind: m.kind,
      addresses: places(m.addresses),
      inside: places(m.inside),
      outside: places(m.outside),
      payload: orNull(m.payload),
    })),
    monitoring: (file.monitoring ?? []).map((m) => ({
      name: m.name,
      kind: orNull(m.kind),
      from: places(m.from),
      to: places(m.to),
      encapsulation: orNull(m.encapsulation),
      scope: openText(m.scope),
      purpose: orNull(m.purpose),
    })),
    signalling: (file.signalling ?? []).map((s) => ({
      name: s.name,
      kind: s.kind,
      addresses: places(s.addresses),
      realms: s.realms ?? [],
      identities: s.identities ?? [],
      hides: s.hides ?? false,
    })),
    queries: (file.queries ?? []).map((q) => ({
      asker: texts(q.asker),
      procedures: q.procedures ?? [],
      data: q.data ?? [],
      purpose: orNull(q.purpose),
    })),
    transfers: (file.transfers ?? []).map((t) => ({
      kind: t.kind,
      from: places(t.from),
      to: places(t.to),
      protocols: t.protocols ?? [],
      mayCarry: carriage(t.mayCarry),
    })),
    ...(file.places === undefined
      ? {}
      : {
          places: file.places.map((p) => ({
            prefix: canonicalPrefix(p.prefix) ?? p.prefix,
            country: p.country?.toUpperCase() ?? null,
            operator: orNull(p.operator),
          })),
        }),
    policy: file.policy === undefined ? null : { ciphering: upper(file.policy.ciphering), integrity: upper(file.policy.integrity) },
    unreviewed: (file.unreviewed ?? []).map((u) => u.toLowerCase()),
    sealed: file.sealed === undefined ? null : { by: texts(file.sealed.by), at: orNull(file.sealed.at) },
  };
}

function period(from: string | undefined, to: string | undefined): Period {
  return { from: from ?? null, to: to ?? null, fromMicros: micros(from), toMicros: micros(to) };
}

/** Exact to the microsecond: `Date.parse` alone would cut at the millisecond. */
function micros(moment: string | undefined): number | null {
  if (moment === undefined) return null;
  const fraction = /\.(\d+)/.exec(moment)?.[1] ?? "";
  const whole = Date.parse(moment.replace(/\.\d+/, ""));
  return whole * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

function carriage(value: Carriage | readonly Carriage[] | undefined): readonly Carriage[] {
  if (value === undefined) return ["none"];
  return typeof value === "string" ? [value] : value.length === 0 ? ["none"] : value;
}

function upper<T>(map: Readonly<Record<string, T>> | undefined): Record<string, T> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([k, v]) => [k.toUpperCase(), v]));
}

function openText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A word or a list of words or small maps: the words, and of a map its name or addresses. */
function texts(value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [openText(value) ?? ""];
  return value.flatMap((v: unknown) => {
    if (typeof v !== "object" || v === null || Array.isArray(v)) return [openText(v) ?? ""];
    const { name, addresses } = v as { name?: unknown; addresses?: unknown };
    const inside = Array.isArray(addresses) ? addresses.filter((a): a is string => typeof a === "string") : [];
    return [
      ...(typeof name === "string" ? [name] : []),
      ...inside,
      ...(typeof name !== "string" && inside.length === 0 ? [openText(v) ?? ""] : []),
    ];
  });
}
