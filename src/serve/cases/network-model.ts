/**
 * The network of a case as nodes and edges: what the declaration names, what traffic showed, and what findings point at. Built once a case and
 * role; positions are computed, so that the drawing never jumps.
 */
import type { Lookup } from "#declaration/lookup.ts";
import { GRADES, type Grade } from "#model/finding.ts";
import type { ByGrade, Element, NetworkEdge, NetworkNode, Plane, Tier } from "#serve/api/types.ts";
import { limits } from "#serve/limits.ts";
import type { FindingIndex } from "./finding-index.ts";
import { gridOf, placeOf } from "./places.ts";
import type { CaseTables, RoleRow } from "./tables.ts";
import { INTERCEPTION_POINTS } from "./withheld.ts";

type Kind = NetworkNode["kind"];

interface Node {
  readonly id: string;
  readonly kind: Kind;
  readonly addresses: Set<string>;
  readonly roles: Map<string, { because: string; seen: number }>;
  readonly vendor: string | null;
  readonly vendorName: string | null;
  readonly site: string | null;
  readonly declared: boolean;
  tier: Tier;
  plane: Plane;
  readonly findings: { indication: number; corroborated: number; proven: number };
  packets: number;
  bytes: number;
  observed: boolean;
}

interface Edge {
  readonly a: string;
  readonly b: string;
  readonly name: string;
  plane: Plane;
  status: NetworkEdge["status"];
  messages: number;
  packets: number;
  bytes: number;
  first: string | null;
  last: string | null;
  readonly findings: string[];
  grade: Grade | null;
}

const FINDINGS_PER_EDGE = 20;
const IP_NAMES: Readonly<Record<number, string>> = { 1: "ICMP", 6: "TCP", 17: "UDP", 47: "GRE", 50: "ESP", 58: "ICMPv6", 132: "SCTP" };

export interface ModelSource {
  readonly lookup: Lookup | null;
  readonly tables: CaseTables;
  readonly index: FindingIndex;
  /** May see lawful functions and what goes to them. */
  readonly cleared: boolean;
}

export class NetworkModel {
  readonly nodes = new Map<string, Node>();
  private readonly edges = new Map<string, Edge>();
  private readonly byAddress = new Map<string, string>();
  private readonly source: ModelSource;
  private readonly rolesAt = new Map<string, RoleRow[]>();

  constructor(source: ModelSource) {
    this.source = source;
    for (const role of source.tables.roles) {
      const known = this.rolesAt.get(role.address);
      if (known === undefined) this.rolesAt.set(role.address, [role]);
      else known.push(role);
    }
    for (const f of source.lookup?.declaration.functions ?? []) this.declaredFunction(f.name);
    for (const address of this.rolesAt.keys()) this.nodeAt(address, false);
    this.readTables();
    this.readFindings();
    if (!source.cleared) this.withoutInterception();
  }

  /** The node that an address belongs to; `outside` says what an unknown one is. */
  nodeAt(address: string, outside: boolean): Node {
    const known = this.byAddress.get(address);
    if (known !== undefined) return this.nodes.get(known) as Node;
    const { lookup } = this.source;
    const f = lookup?.functionAt(address);
    let node: Node;
    if (f !== undefined) node = this.declaredFunction(f.name);
    else {
      const roles = this.rolesAt.get(address) ?? [];
      const lawful = lookup?.lawfulRole(address);
      const [kind, name]: readonly [Kind, string | undefined] =
        lookup === null
          ? [roles.length > 0 ? "function" : outside ? "receiver" : "unknown", undefined]
          : lawful !== undefined
            ? ["lawful", lookup.nameOf(address) ?? undefined]
            : lookup.serviceAt(address) !== undefined
              ? ["service", lookup.serviceAt(address)?.name]
              : lookup.operatorAt(address) !== undefined
                ? ["operator", lookup.operatorAt(address)?.name]
                : lookup.partnerAt(address) !== undefined
                  ? ["partner", lookup.partnerAt(address)?.name]
                  : lookup.monitoring.text(address)[0] !== undefined
                    ? ["monitoring", lookup.monitoring.text(address)[0]?.entry.name]
                    : [roles.length > 0 ? "function" : outside ? "receiver" : "unknown", lookup.nameOf(address) ?? undefined];
      const host = lookup?.hostAt(address);
      node = this.make(name ?? address, kind, {
        vendor: host?.vendor ?? null,
        vendorName: host === undefined ? null : (lookup?.vendorOf(host)?.name ?? null),
        site: null,
        declared: lookup?.isDeclared(address) === true,
        roles: roles.map((r) => r.role),
      });
    }
    node.addresses.add(address);
    for (const role of this.rolesAt.get(address) ?? []) {
      const seen = node.roles.get(role.role);
      node.roles.set(role.role, { because: role.because, seen: (seen?.seen ?? 0) + role.seen });
      node.observed = true;
    }
    this.byAddress.set(address, node.id);
    return node;
  }

  private declaredFunction(name: string): Node {
    const known = this.nodes.get(name);
    if (known !== undefined) return known;
    const { lookup } = this.source;
    const f = lookup?.functionNamed(name);
    const node = this.make(name, "function", {
      vendor: f?.vendor ?? null,
      vendorName: f === undefined ? null : (lookup?.vendorOf(f)?.name ?? null),
      site: f?.site ?? null,
      declared: true,
      roles: f?.roles ?? [],
    });
    for (const address of f?.addresses ?? []) node.addresses.add(address);
    for (const role of f?.roles ?? []) node.roles.set(role, { because: "declared", seen: 0 });
    return node;
  }

  private make(
    id: string,
    kind: Kind,
    of: {
      readonly vendor: string | null;
      readonly vendorName: string | null;
      readonly site: string | null;
      readonly declared: boolean;
      readonly roles: readonly string[];
    },
  ): Node {
    const known = this.nodes.get(id);
    if (known !== undefined) return known;
    const place =
      kind === "function"
        ? placeOf(of.roles)
        : kind === "service" || kind === "operator" || kind === "monitoring"
          ? ({ tier: "management", plane: "management" } as const)
          : kind === "lawful"
            ? ({ tier: "lawful", plane: "control" } as const)
            : ({ tier: "outside", plane: "user" } as const);
    const node: Node = {
      id,
      kind,
      addresses: new Set(),
      roles: new Map(),
      vendor: of.vendor,
      vendorName: of.vendorName,
      site: of.site,
      declared: of.declared,
      tier: place.tier,
      plane: place.plane,
      findings: { indication: 0, corroborated: 0, proven: 0 },
      packets: 0,
      bytes: 0,
      observed: false,
    };
    this.nodes.set(id, node);
    return node;
  }

  private readTables(): void {
    const { tables, lookup } = this.source;
    const judged = (a: Node, b: Node): NetworkEdge["status"] =>
      lookup === null ? "unjudged" : a.declared && b.declared ? "declared" : "undeclared";
    for (const r of tables.references) {
      const a = this.nodeAt(r.a, false);
      const b = this.nodeAt(r.b, false);
      this.edge(a, b, r.name, "control", judged(a, b)).messages += r.messages;
    }
    for (const t of tables.tunnels) {
      const a = this.nodeAt(t.source, false);
      const b = this.nodeAt(t.address, false);
      this.amount(this.edge(a, b, t.interface ?? "GTP-U", "user", judged(a, b)), t, [a, b]);
    }
    for (const f of tables.flows) {
      const a = this.nodeAt(f.initiator, false);
      const b = this.nodeAt(f.responder, false);
      if (a === b) continue;
      const named = /^interface (.+)$/.exec(f.explained ?? "")?.[1];
      const name = named ?? f.application ?? IP_NAMES[f.protocol] ?? `IP ${f.protocol}`;
      const managed = [a, b].some((n) => n.tier === "management");
      const status = lookup === null ? "unjudged" : f.explained === null ? "undeclared" : "declared";
      this.amount(this.edge(a, b, name, named === undefined ? (managed ? "management" : "user") : "control", status), f, [a, b]);
    }
  }

  private amount(
    edge: Edge,
    of: { readonly packets: number; readonly bytes: number; readonly first: string; readonly last: string },
    ends: readonly Node[],
  ): void {
    edge.packets += of.packets;
    edge.bytes += of.bytes;
    edge.first = edge.first === null || of.first < edge.first ? of.first : edge.first;
    edge.last = edge.last === null || of.last > edge.last ? of.last : edge.last;
    for (const node of ends) {
      node.packets += of.packets;
      node.bytes += of.bytes;
      node.observed = true;
    }
  }

  private edge(a: Node, b: Node, name: string, plane: Plane, status: NetworkEdge["status"]): Edge {
    const [from, to] = status === "undeclared" || a.id < b.id ? [a.id, b.id] : [b.id, a.id];
    const key = `${from}\n${to}\n${name}\n${status}`;
    const known = this.edges.get(key);
    if (known !== undefined) return known;
    const edge: Edge = {
      a: from,
      b: to,
      name,
      plane,
      status,
      messages: 0,
      packets: 0,
      bytes: 0,
      first: null,
      last: null,
      findings: [],
      grade: null,
    };
    this.edges.set(key, edge);
    return edge;
  }

  private readFindings(): void {
    /** Edges of a pair of nodes that nobody declared. */
    const undeclared = new Map<string, Edge[]>();
    const pair = (a: string, b: string): string => (a < b ? `${a}\n${b}` : `${b}\n${a}`);
    for (const edge of this.edges.values()) {
      if (edge.status === "declared") continue;
      const key = pair(edge.a, edge.b);
      undeclared.set(key, [...(undeclared.get(key) ?? []), edge]);
    }
    for (const f of this.source.index.each(this.source.cleared)) {
      const element =
        f.element !== null && this.nodes.has(f.element)
          ? (this.nodes.get(f.element) as Node)
          : f.elementAddress === null
            ? this.make(f.element ?? "not known", "unknown", NOTHING)
            : this.nodeAt(f.elementAddress, false);
      element.findings[f.grade]++;
      if (f.receiver === null) continue;
      const receiver =
        f.receiverAddress !== null
          ? this.nodeAt(f.receiverAddress, true)
          : (this.nodes.get(f.receiver) ?? this.make(f.receiver, "receiver", NOTHING));
      if (receiver === element) continue;
      const key = pair(element.id, receiver.id);
      let edges = undeclared.get(key);
      if (edges === undefined) {
        const made = this.edge(element, receiver, f.claim, "user", "undeclared");
        made.packets += f.packets;
        made.bytes += f.bytes;
        made.first = f.first;
        made.last = f.last;
        edges = [made];
        undeclared.set(key, edges);
      }
      for (const edge of edges) {
        if (edge.findings.length < FINDINGS_PER_EDGE) edge.findings.push(f.id);
        if (edge.grade === null || GRADES.indexOf(f.grade) > GRADES.indexOf(edge.grade)) edge.grade = f.grade;
        edge.status = "undeclared";
      }
    }
  }

  /** What shows whom the law listens to is for `li-cleared` alone (`method.md` §6). */
  private withoutInterception(): void {
    const hidden = new Set([...this.nodes.values()].filter((n) => n.kind === "lawful" || n.tier === "lawful").map((n) => n.id));
    for (const id of hidden) this.nodes.delete(id);
    for (const [key, edge] of this.edges) {
      if (hidden.has(edge.a) || hidden.has(edge.b) || INTERCEPTION_POINTS.test(edge.name)) this.edges.delete(key);
    }
  }

  elements(): Element[] {
    return [...this.nodes.values()]
      .filter((n) => n.kind === "function")
      .map((n) => ({
        id: n.id,
        addresses: [...n.addresses],
        roles: [...n.roles].map(([role, { because, seen }]) => ({ role, because, seen })),
        vendor: n.vendor,
        vendorName: n.vendorName,
        site: n.site,
        declared: n.declared,
        tier: n.tier,
        findings: n.findings,
        packets: n.packets,
        bytes: n.bytes,
      }))
      .sort((a, b) => weight(b.findings) - weight(a.findings) || (a.id < b.id ? -1 : 1));
  }

  drawing(): { readonly nodes: NetworkNode[]; readonly edges: NetworkEdge[]; readonly notDrawn: number; readonly sites: string[] } {
    const touched = new Set<string>();
    for (const edge of this.edges.values()) touched.add(edge.a).add(edge.b);
    // services, parties and strangers are drawn where something connects them; functions always
    const candidates = [...this.nodes.values()]
      .filter((n) => n.kind === "function" || touched.has(n.id) || weight(n.findings) > 0)
      .sort((a, b) => weight(b.findings) - weight(a.findings) || b.bytes - a.bytes || (a.id < b.id ? -1 : 1));
    const drawn = candidates.slice(0, limits.drawnNodes);
    const rest = candidates.slice(limits.drawnNodes);
    const stands = new Map<string, Node[]>();
    const shownAs = new Map<string, string>();
    for (const n of drawn) shownAs.set(n.id, n.id);
    for (const n of rest) {
      const key = `more:${n.kind === "function" ? n.tier : n.kind}`;
      stands.set(key, [...(stands.get(key) ?? []), n]);
      shownAs.set(n.id, key);
    }
    const nodes = [...drawn.map(shown), ...[...stands].map(([id, of]) => more(id, of))];
    return {
      nodes: placed(nodes),
      edges: this.drawnEdges(shownAs),
      notDrawn: rest.length,
      sites: [...new Set(nodes.flatMap((n) => (n.site === null ? [] : [n.site])))].sort(),
    };
  }

  private drawnEdges(shownAs: ReadonlyMap<string, string>): NetworkEdge[] {
    const merged = new Map<string, NetworkEdge>();
    const ordered = [...this.edges.values()].sort(
      (a, b) => Number(b.status === "undeclared") - Number(a.status === "undeclared") || b.bytes + b.messages - (a.bytes + a.messages),
    );
    for (const edge of ordered) {
      const a = shownAs.get(edge.a);
      const b = shownAs.get(edge.b);
      if (a === undefined || b === undefined || a === b) continue;
      const id = `${a}>${b}:${edge.name}:${edge.status}`;
      const known = merged.get(id);
      if (known === undefined) {
        if (merged.size < limits.drawnEdges) merged.set(id, { ...edge, id, a, b });
        continue;
      }
      merged.set(id, {
        ...known,
        messages: known.messages + edge.messages,
        packets: known.packets + edge.packets,
        bytes: known.bytes + edge.bytes,
        first: known.first === null || (edge.first !== null && edge.first < known.first) ? edge.first : known.first,
        last: known.last === null || (edge.last !== null && edge.last > known.last) ? edge.last : known.last,
        findings: [...known.findings, ...edge.findings].slice(0, FINDINGS_PER_EDGE),
        grade: higher(known.grade, edge.grade),
      });
    }
    return [...merged.values()];
  }
}

const NOTHING = { vendor: null, vendorName: null, site: null, declared: false, roles: [] } as const;

function weight(g: ByGrade): number {
  return g.proven * 1e6 + g.corroborated * 1e3 + g.indication;
}

function higher(a: Grade | null, b: Grade | null): Grade | null {
  if (a === null || b === null) return a ?? b;
  return GRADES.indexOf(a) > GRADES.indexOf(b) ? a : b;
}

function shown(n: Node): NetworkNode {
  return {
    id: n.id,
    kind: n.kind,
    label: n.id,
    addresses: [...n.addresses].slice(0, 20),
    roles: [...n.roles.keys()],
    vendor: n.vendor,
    vendorName: n.vendorName,
    site: n.site,
    declared: n.declared,
    tier: n.tier,
    plane: n.plane,
    column: 0,
    row: 0,
    findings: n.findings,
    stands: 1,
  };
}

function more(id: string, of: readonly Node[]): NetworkNode {
  const first = of[0] as Node;
  const sum = (grade: Grade): number => of.reduce((total, n) => total + n.findings[grade], 0);
  return {
    ...shown(first),
    id,
    kind: "more",
    label: `${of.length}`,
    addresses: [],
    roles: [...new Set(of.flatMap((n) => [...n.roles.keys()]))].slice(0, 20),
    vendor: null,
    vendorName: null,
    site: null,
    declared: of.every((n) => n.declared),
    findings: { indication: sum("indication"), corroborated: sum("corroborated"), proven: sum("proven") },
    stands: of.length,
  };
}

/** Column by tier; rows counted down each column in the order of bands, sites and names. */
function placed(nodes: readonly NetworkNode[]): NetworkNode[] {
  const ordered = [...nodes].sort((a, b) => {
    const [x, y] = [gridOf(a.tier, a.plane), gridOf(b.tier, b.plane)];
    return x.column - y.column || x.band - y.band || compare(a.site ?? "~", b.site ?? "~") || compare(a.id, b.id);
  });
  const next = new Map<number, number>();
  return ordered.map((n) => {
    const { column } = gridOf(n.tier, n.plane);
    const row = next.get(column) ?? 0;
    next.set(column, row + 1);
    return { ...n, column, row };
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
