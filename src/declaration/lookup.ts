/**
 * A declaration compiled for questions: whose address is this, what may it do. Pure; built once a run, then read
 * for each flow. All methods that take an address come in three forms: text, int32 (IPv4, host order), octets.
 */
import { parseAddress, parsePrefix, PrefixTable } from "./address.ts";
import { globMatches } from "./glob.ts";
import type {
  AlgorithmPolicy,
  Declaration,
  DeclaredFunction,
  DeclaredGroup,
  DeclaredHost,
  DeclaredOperator,
  DeclaredPlace,
  DeclaredPoint,
  DeclaredQuery,
  DeclaredService,
  Grant,
  LawfulRole,
  Middlebox,
  Monitoring,
  Partner,
  SignallingNode,
  Transfer,
  Vendor,
} from "./types.ts";

export interface MiddleboxSide {
  readonly box: Middlebox;
  /** `own`: the box's address; `inside`, `outside`: an address it translates from or to. */
  readonly side: "own" | "inside" | "outside";
}
export interface End<T> {
  readonly entry: T;
  readonly end: "from" | "to";
}

export class Lookup {
  readonly declaration: Declaration;
  readonly functions: PrefixTable<DeclaredFunction>;
  readonly subscribers: PrefixTable<true>;
  readonly services: PrefixTable<DeclaredService>;
  readonly operators: PrefixTable<DeclaredOperator>;
  readonly lawful: PrefixTable<LawfulRole>;
  readonly partners: PrefixTable<Partner>;
  readonly collectors: PrefixTable<true>;
  readonly hosts: PrefixTable<DeclaredHost>;
  readonly groups: PrefixTable<DeclaredGroup>;
  readonly middleboxes: PrefixTable<MiddleboxSide>;
  readonly monitoring: PrefixTable<End<Monitoring>>;
  readonly signalling: PrefixTable<SignallingNode>;
  readonly transfers: PrefixTable<End<Transfer>>;
  readonly places: PrefixTable<DeclaredPlace>;
  readonly #byName = new Map<string, DeclaredFunction>();
  readonly #byIdentity = new Map<string, DeclaredFunction>();
  readonly #vendors = new Map<string, Vendor>();
  readonly #grants = new Map<string, Grant[]>();

  constructor(declaration: Declaration) {
    const d = declaration;
    this.declaration = d;
    for (const f of d.functions) {
      this.#byName.set(f.name, f);
      for (const id of f.identities) this.#byIdentity.set(id.toLowerCase(), f);
    }
    for (const v of d.vendors) this.#vendors.set(v.id, v);
    for (const g of d.grants) this.#grants.set(g.party, [...(this.#grants.get(g.party) ?? []), g]);
    const place = (name: string): readonly string[] => this.addressesOf(name);
    const virtual = d.groups.flatMap((g) => g.virtual.flatMap((a) => g.members.flatMap((m) => pair(a, this.#byName.get(m)))));
    this.functions = new PrefixTable([...each(d.functions), ...virtual]);
    this.subscribers = new PrefixTable(d.subscribers.addresses.map((a) => [a, true] as const));
    this.services = new PrefixTable(each(d.services));
    this.operators = new PrefixTable(each(d.operators));
    this.partners = new PrefixTable(each(d.partners));
    this.hosts = new PrefixTable(each(d.hosts));
    this.signalling = new PrefixTable(each(d.signalling));
    this.collectors = new PrefixTable(d.trace.collectors.flatMap(place).map((a) => [a, true] as const));
    this.lawful = new PrefixTable(LAWFUL_ROLES.flatMap((r) => d.lawful[r].flatMap(place).map((a) => [a, r] as const)));
    this.places = new PrefixTable((d.places ?? []).map((p) => [p.prefix, p] as const));
    this.groups = new PrefixTable(d.groups.flatMap((g) => [...g.members.flatMap(place), ...g.virtual].map((a) => [a, g] as const)));
    this.middleboxes = new PrefixTable(d.middleboxes.flatMap(sides));
    this.monitoring = new PrefixTable(d.monitoring.flatMap((m) => ends(m, place)));
    this.transfers = new PrefixTable(d.transfers.flatMap((t) => ends(t, place)));
  }

  /** Addresses of a declared name (function, host, service, operator, signalling node), or the address itself. */
  addressesOf(name: string): readonly string[] {
    const d = this.declaration;
    if (parsePrefix(name) !== null) return [name];
    const f = this.#byName.get(name);
    if (f !== undefined) return f.addresses;
    for (const list of [d.hosts, d.services, d.operators, d.signalling, d.partners]) {
      const found = list.find((e) => e.name === name);
      if (found !== undefined) return found.addresses;
    }
    return [];
  }

  /** A table of the addresses that names or addresses stand for. */
  tableOf(places: readonly string[]): PrefixTable<true> {
    return new PrefixTable(places.flatMap((p) => this.addressesOf(p)).map((a) => [a, true] as const));
  }

  /** True where the address is declared as a party and as nothing else; being listed as a party permits nothing. */
  operatorOnly(address: string): boolean {
    if (this.operatorAt(address) === undefined) return false;
    return !this.#hostTables.some((t) => t !== this.operators && t.text(address).length > 0);
  }

  functionNamed(name: string): DeclaredFunction | undefined {
    return this.#byName.get(name);
  }

  /** By Diameter host, FQDN, NF instance id or global title, as `functions[].identities` gives them. */
  functionByIdentity(identity: string): DeclaredFunction | undefined {
    return this.#byIdentity.get(identity.toLowerCase());
  }

  functionAt(address: string): DeclaredFunction | undefined {
    return this.functions.text(address)[0];
  }
  functionAtV4(address: number): DeclaredFunction | undefined {
    return this.functions.v4(address)[0];
  }
  functionAtBytes(data: Uint8Array, offset: number, length: number): DeclaredFunction | undefined {
    return this.functions.bytes(data, offset, length)[0];
  }

  /** The narrowest entry of the operator's own table in which an address lies; says where it is, never that it is declared. */
  placeAt(address: string): DeclaredPlace | undefined {
    return this.places.text(address)[0];
  }

  /** In a subscriber pool. A declared function inside the pool is a function: ask `functionAt` first. */
  isSubscriber(address: string): boolean {
    return this.subscribers.text(address).length > 0;
  }
  isSubscriberV4(address: number): boolean {
    return this.subscribers.v4(address).length > 0;
  }
  isSubscriberBytes(data: Uint8Array, offset: number, length: number): boolean {
    return this.subscribers.bytes(data, offset, length).length > 0;
  }

  /** Most specific first; one host may be several services: `services.text(…)` gives all. */
  serviceAt(address: string): DeclaredService | undefined {
    return this.services.text(address)[0];
  }
  operatorAt(address: string): DeclaredOperator | undefined {
    return this.operators.text(address)[0];
  }
  lawfulRole(address: string): LawfulRole | undefined {
    return this.lawful.text(address)[0];
  }
  partnerAt(address: string): Partner | undefined {
    return this.partners.text(address)[0];
  }
  collectorAt(address: string): boolean {
    return this.collectors.text(address).length > 0;
  }
  signallingAt(address: string): SignallingNode | undefined {
    return this.signalling.text(address)[0];
  }
  hostAt(address: string): DeclaredHost | undefined {
    return this.hosts.text(address)[0];
  }

  /** Whether any entry of the declaration names this address: it is then a declared host. */
  isDeclared(address: string): boolean {
    const words = parseAddress(address);
    if (words === null) return false;
    const { family, w0, w1, w2, w3 } = words;
    const box = family === 4 ? this.middleboxes.v4(w3) : this.middleboxes.v6(w0, w1, w2, w3);
    if (box.some((b) => b.side === "own")) return true;
    return this.#hostTables.some((t) => (family === 4 ? t.v4(w3) : t.v6(w0, w1, w2, w3)).length > 0);
  }
  get #hostTables(): readonly PrefixTable<unknown>[] {
    return [
      this.functions,
      this.services,
      this.operators,
      this.lawful,
      this.partners,
      this.collectors,
      this.hosts,
      this.groups,
      this.monitoring,
      this.signalling,
      this.transfers,
    ];
  }

  /** Name under which a finding shows an address: function, service, operator, signalling node, partner, host. */
  nameOf(address: string): string | null {
    const e =
      this.functionAt(address) ??
      this.serviceAt(address) ??
      this.operatorAt(address) ??
      this.signallingAt(address) ??
      this.partnerAt(address) ??
      this.hostAt(address);
    return e?.name ?? null;
  }

  vendorOf(f: DeclaredFunction | DeclaredHost): Vendor | undefined {
    return f.vendor === null ? undefined : this.#vendors.get(f.vendor);
  }

  grantsOf(party: string): readonly Grant[] {
    return this.#grants.get(party) ?? [];
  }

  /** Queries that this asker (name, identity or address of it) is declared to make. */
  queriesOf(asker: string): readonly DeclaredQuery[] {
    const names = new Set([asker.toLowerCase()]);
    const f = this.functionByIdentity(asker) ?? this.functionNamed(asker);
    const named = f?.name ?? this.nameOf(asker);
    if (named !== null && named !== undefined) names.add(named.toLowerCase());
    for (const id of f?.identities ?? []) names.add(id.toLowerCase());
    return this.declaration.queries.filter((q) => q.asker.some((a) => names.has(a.toLowerCase())));
  }

  /**
   * The point a capture's packets belong to. `fileBase` is the file's base name, `interfaceName` a pcapng
   * interface's. An entry for `file#interface` goes before one for the interface, that before one for the file.
   */
  pointFor(fileBase: string, interfaceName?: string): DeclaredPoint | undefined {
    const points = this.declaration.points;
    if (interfaceName !== undefined) {
      const both = `${fileBase}#${interfaceName}`;
      const exact = points.find((p) => p.match.includes("#") && globMatches(p.match, both));
      const named = exact ?? points.find((p) => globMatches(p.match, interfaceName) && !globMatches(p.match, fileBase));
      if (named !== undefined) return named;
    }
    return points.find((p) => globMatches(p.match, fileBase));
  }

  /** `EEA0`, `NIA0`, …; undefined where the policy says nothing about it. */
  policyFor(algorithm: string): AlgorithmPolicy | undefined {
    const policy = this.declaration.policy;
    const name = algorithm.toUpperCase();
    return policy?.ciphering[name] ?? policy?.integrity[name];
  }

  /** Whether an interface is declared as protected; spelling by case and dashes does not matter. */
  isProtected(interfaceName: string): boolean {
    const key = plain(interfaceName);
    return this.declaration.protected.some((i) => plain(i) === key);
  }
}

export const LAWFUL_ROLES: readonly LawfulRole[] = ["administration", "mediation", "monitoring", "location", "gateways", "providers"];

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

function each<T extends { readonly addresses: readonly string[] }>(list: readonly T[]): (readonly [string, T])[] {
  return list.flatMap((e) => e.addresses.map((a) => [a, e] as const));
}

function pair<T>(address: string, entry: T | undefined): (readonly [string, T])[] {
  return entry === undefined ? [] : [[address, entry]];
}

function sides(box: Middlebox): (readonly [string, MiddleboxSide])[] {
  const own = { box, side: "own" } as const;
  const inside = { box, side: "inside" } as const;
  const outside = { box, side: "outside" } as const;
  return [
    ...box.addresses.map((a) => [a, own] as const),
    ...box.inside.map((a) => [a, inside] as const),
    ...box.outside.map((a) => [a, outside] as const),
  ];
}

function ends<T extends { readonly from: readonly string[]; readonly to: readonly string[] }>(
  entry: T,
  place: (name: string) => readonly string[],
): (readonly [string, End<T>])[] {
  const from = { entry, end: "from" } as const;
  const to = { entry, end: "to" } as const;
  return [...entry.from.flatMap(place).map((a) => [a, from] as const), ...entry.to.flatMap(place).map((a) => [a, to] as const)];
}

export type DeclarationLookup = Lookup;
