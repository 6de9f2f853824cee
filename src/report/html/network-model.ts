/**
 * What the map of the network shows: nodes in the places where 3GPP figures put their functions, and what passes between them. Computed
 * from what the case saw; the same case gives the same map.
 */
import { Lookup } from "#declaration/lookup.ts";
import type { Claim } from "#model/finding.ts";
import type { CaseData } from "#report/case-data.ts";
import { elementName, receiverName, type Selection } from "#report/selection.ts";
import { onlyOrdered, receiverStanding } from "#report/statements.ts";
import type { Voice } from "#report/voice.ts";
import { widthOf } from "./way.ts";

/** Columns: subscribers, access, serving, gateway and home, outside. Rows: home, control plane, user plane, management. */
export interface MapNode {
  readonly key: string;
  readonly label: string;
  readonly note: string;
  readonly column: number;
  readonly row: number;
  /** Columns and rows that a combined node spans beyond its own. */
  readonly columns: number;
  readonly rows: number;
  readonly kind: "function" | "outside" | "found" | "service" | "subscribers" | "more";
}

export interface MapEdge {
  readonly from: string;
  readonly to: string;
  readonly names: readonly string[];
  readonly amount: string;
  readonly kind: "declared" | "other" | "found" | "ordered" | "unseen";
  readonly width: number;
  /** Numbers of the findings drawn here. */
  readonly findings: readonly number[];
}

export interface NetworkMap {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  /** Findings that go nowhere: they stand at their function. */
  readonly marks: readonly { readonly node: string; readonly finding: number }[];
}

interface Slot {
  readonly column: number;
  readonly row: number;
}

const slot = (column: number, row: number): Slot => ({ column, row });

/** 3GPP TS 23.401 figure 4.2.1-1, TS 23.501 figure 4.2.3-1: access left, core in the middle, outside right; control above user plane. */
const SLOTS: readonly (readonly [RegExp, Slot])[] = [
  [/^(eNB|gNB|ng-eNB|en-gNB|HeNB.*|NodeB|RNC|BSC|BTS|ePDG|N3IWF|TWAG)$/, slot(1, 2)],
  [/^(MME|AMF|MSC|VLR|SGSN|E-SMLC|LMF|EIR|5G-EIR|MBMS-GW|CBC)$/, slot(2, 1)],
  [/^(SGW-C)$/, slot(2, 1)],
  [/^(SGW|SGW-U|HNB-GW)$/, slot(2, 2)],
  [/^(PGW-C|SMF|NWDAF|CHF|TDF-C)$/, slot(3, 1)],
  [/^(PGW|PGW-U|GGSN|UPF|SPGW|SAEGW|TDF-U)$/, slot(3, 2)],
  [/^(HSS|HLR|UDM|UDR|UDSF|AUSF|AuC|AAA|PCRF|PCF|OCS|OFCS|SPR)$/, slot(3, 0)],
  [/^(DRA|DEA|STP|SCP|NRF|NSSF|NEF|SEPP|GMLC|SMSC|SMSF|SCEF|BSF)$/, slot(2, 0)],
  [/CSCF|^(AS|AF|IBCF|BGCF|MGCF|MRF.*|SBC|ATCF|E-CSCF)$/, slot(4, 1)],
  [/^(ADMF|MDF|LEMF|LIPF)$/, slot(4, 0)],
  [/^(EMS|NMS|OSS|TCE|MDT)$/, slot(2, 3)],
];

/** Nodes in one place before the rest becomes one box "and n more". */
const STACKED = 5;
/** Services in the strip of management. */
const SERVICES = 7;

export function networkMap(data: CaseData, selection: Selection, voice: Voice): NetworkMap {
  return new Builder(data, selection, voice).build();
}

class Builder {
  readonly data: CaseData;
  readonly selection: Selection;
  readonly voice: Voice;
  readonly lookup: Lookup | null;
  readonly nodes = new Map<string, MapNode>();
  readonly edges = new Map<
    string,
    { from: string; to: string; names: Set<string>; amounts: string[]; kind: MapEdge["kind"]; width: number; findings: number[] }
  >();
  readonly marks: { node: string; finding: number }[] = [];
  /** Keys of nodes that a finding names: never folded away. */
  readonly named = new Set<string>();

  constructor(data: CaseData, selection: Selection, voice: Voice) {
    this.data = data;
    this.selection = selection;
    this.voice = voice;
    this.lookup = data.declaration === null ? null : new Lookup(data.declaration);
  }

  build(): NetworkMap {
    const { observed, findings } = this.selection;
    findings.forEach((f, i) => this.finding(f, i + 1));
    for (const r of observed.references) this.link(r.a, r.b, r.name, this.voice.words.report.map.messages(this.voice.number(r.messages)));
    for (const t of observed.tunnels) this.link(t.source, t.address, t.interface ?? "GTP-U", this.voice.packets(t.packets));
    for (const f of observed.flows) {
      if (f.application === null || /^(gtp|sctp|pfcp|diameter|s1ap|ngap|x2ap)/.test(f.application)) continue;
      this.link(f.a, f.b, f.application, this.voice.packets(f.packets));
    }
    this.path();
    return this.fold();
  }

  /** The node an address belongs to; `undefined` where a map need not show it. */
  node(address: string, always: boolean): string | undefined {
    const f = this.lookup?.functionAt(address);
    if (f !== undefined) return this.functionNode(f.name, f.roles, f.site);
    const service = this.#hostAt(address);
    if (service !== undefined)
      return this.add({ key: `s:${service}`, label: service, note: "", ...slot(2, 3), columns: 1, rows: 1, kind: "service" });
    if (this.nodes.has(`a:${address}`)) return `a:${address}`;
    const roles = this.selection.observed.elements.filter((e) => e.address === address).map((e) => e.role);
    if (roles.length > 0 && !always) return this.functionNode(address, roles, null);
    if (!always) return undefined;
    return this.add({ key: `a:${address}`, label: address, note: "", ...slot(4, 2), columns: 1, rows: 1, kind: "outside" });
  }

  /** Name of the declared service, party, partner or signalling node at an address. */
  #hostAt(address: string): string | undefined {
    const look = this.lookup;
    if (look === null) return undefined;
    const entry = [look.services, look.signalling, look.partners, look.operators].flatMap((t) => t.text(address))[0];
    return entry?.name;
  }

  private functionNode(name: string, roles: readonly string[], site: string | null): string {
    const slots = roles.map((role) => SLOTS.find(([pattern]) => pattern.test(role))?.[1]).filter((s) => s !== undefined);
    const [first, ...rest] = slots.length > 0 ? slots : [slot(2, 3)];
    const left = rest.reduce((n, s) => Math.min(n, s.column), first?.column ?? 2);
    const right = rest.reduce((n, s) => Math.max(n, s.column), first?.column ?? 2);
    const top = rest.reduce((n, s) => Math.min(n, s.row), first?.row ?? 3);
    const bottom = rest.reduce((n, s) => Math.max(n, s.row), first?.row ?? 3);
    const note = [[...new Set(roles)].join(" "), site ?? ""].filter((p) => p !== "" && p !== name).join(", ");
    return this.add({
      key: `f:${name}`,
      label: name,
      note,
      column: left,
      row: top,
      columns: right - left + 1,
      rows: bottom - top + 1,
      kind: this.lookup?.functionNamed(name) === undefined ? "outside" : "function",
    });
  }

  private add(node: MapNode): string {
    if (!this.nodes.has(node.key)) this.nodes.set(node.key, node);
    return node.key;
  }

  private finding(f: Selection["findings"][number], number: number): void {
    const element =
      (f.element.address === null ? undefined : this.node(f.element.address, true)) ?? this.functionNode(elementName(f), [], null);
    this.named.add(element);
    if (f.receiver === null) {
      this.marks.push({ node: element, finding: number });
      return;
    }
    const { address } = f.receiver;
    const receiver =
      address === null
        ? this.add({ key: `a:${receiverName(f)}`, label: receiverName(f), note: "", ...slot(4, 2), columns: 1, rows: 1, kind: "outside" })
        : (this.node(address, true) as string);
    const node = this.nodes.get(receiver);
    if (node !== undefined && node.kind === "outside") {
      const row = f.claim === "unreasoned-query" || f.claim === "undeclared-trace" ? 1 : f.claim === "ungranted-access" ? 3 : 2;
      this.nodes.set(receiver, {
        ...node,
        kind: "found",
        row,
        note: f.receiver.name ?? f.receiver.identity ?? receiverStanding(f, this.voice),
      });
    }
    this.named.add(receiver);
    const inward: readonly Claim[] = ["ungranted-access", "unreasoned-query"];
    const [from, to] = inward.includes(f.claim) ? [receiver, element] : [element, receiver];
    const kind = onlyOrdered(f) ? "ordered" : "found";
    const amount = [this.voice.packets(f.packets), this.voice.bytes(f.bytes)].filter((p) => p !== "").join(", ");
    this.edge(from, to, this.voice.words.claims[f.claim].name, amount, kind, widthOf(f), number);
  }

  private link(a: string, b: string, name: string, amount: string): void {
    const [from, to] = [this.node(a, false), this.node(b, false)];
    if (from === undefined || to === undefined || from === to) return;
    // What a finding is about is drawn once, as that.
    if (
      [
        [from, to],
        [to, from],
      ].some((ends) => this.edges.has(JSON.stringify([...ends, true])))
    )
      return;
    const known = (key: string): boolean =>
      key.startsWith("s:") || (key.startsWith("f:") && this.lookup?.functionNamed(key.slice(2)) !== undefined);
    this.edge(from, to, name, amount, known(from) && known(to) ? "declared" : "other", 1);
  }

  private edge(from: string, to: string, name: string, amount: string, kind: MapEdge["kind"], width: number, finding = 0): void {
    const found = kind === "found" || kind === "ordered";
    const ends = found || from < to ? [from, to] : [to, from];
    const key = JSON.stringify([...ends, found]);
    const known = this.edges.get(key);
    if (known === undefined) {
      this.edges.set(key, {
        from: ends[0] as string,
        to: ends[1] as string,
        names: new Set([name]),
        amounts: [amount],
        kind,
        width,
        findings: finding > 0 ? [finding] : [],
      });
      return;
    }
    if (!known.names.has(name)) {
      known.names.add(name);
      known.amounts.push(amount);
    }
    known.width = Math.max(known.width, width);
    if (finding > 0) known.findings.push(finding);
  }

  /** The subscribers' own way: radio, which no capture shows, and the packet network behind the gateway. */
  private path(): void {
    const words = this.voice.words.report;
    const nodes = [...this.nodes.values()];
    const access = nodes.filter((n) => n.column === 1);
    const gateways = nodes.filter((n) => n.key.startsWith("f:") && n.column + n.columns - 1 === 3 && n.row + n.rows - 1 === 2);
    if (access.length > 0) {
      const ue = this.add({ key: "ue", label: words.map.subscribers, note: "", ...slot(0, 2), columns: 1, rows: 1, kind: "subscribers" });
      for (const n of access) this.edge(ue, n.key, words.way.access, "", "unseen", 1);
    }
    if (gateways.length > 0) {
      const net = this.add({ key: "net", label: words.way.outside, note: "SGi / N6", ...slot(4, 2), columns: 1, rows: 1, kind: "outside" });
      for (const n of gateways) this.edge(n.key, net, "SGi", "", "declared", 1);
    }
  }

  /** Too many in one place become one box; what a finding names stays. */
  private fold(): NetworkMap {
    const places = new Map<string, MapNode[]>();
    for (const node of this.nodes.values()) {
      const key = `${node.column} ${node.row}`;
      places.set(key, [...(places.get(key) ?? []), node]);
    }
    const kept: MapNode[] = [];
    const renamed = new Map<string, string>();
    for (const [key, members] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const limit = key.endsWith(" 3") ? SERVICES : STACKED;
      const sorted = members.sort((a, b) => Number(this.named.has(b.key)) - Number(this.named.has(a.key)) || (a.label < b.label ? -1 : 1));
      const stay = sorted.length <= limit ? sorted : sorted.filter((n, i) => i < limit - 1 || this.named.has(n.key));
      kept.push(...stay);
      const rest = sorted.filter((n) => !stay.includes(n));
      if (rest.length === 0) continue;
      const more: MapNode = {
        ...(rest[0] as MapNode),
        key: `more ${key}`,
        label: this.voice.words.report.map.more(rest.length),
        note: "",
        columns: 1,
        rows: 1,
        kind: "more",
      };
      kept.push(more);
      for (const n of rest) renamed.set(n.key, more.key);
    }
    const edges = new Map<string, MapEdge>();
    for (const e of this.edges.values()) {
      const [from, to] = [renamed.get(e.from) ?? e.from, renamed.get(e.to) ?? e.to];
      const key = JSON.stringify([from, to, e.kind]);
      const known = edges.get(key);
      const amount = e.amounts.filter((a) => a !== "").join("; ");
      edges.set(
        key,
        known === undefined
          ? { from, to, names: [...e.names], amount, kind: e.kind, width: e.width, findings: e.findings }
          : { ...known, names: [...new Set([...known.names, ...e.names])] },
      );
    }
    return { nodes: kept, edges: [...edges.values()].filter((e) => e.from !== e.to), marks: this.marks };
  }
}
