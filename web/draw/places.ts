/**
 * Which place of the drawing each function has, and which are drawn as one. Places as in 3GPP figures (TS 23.401 figure 4.2.1-1, TS 23.501
 * figure 4.2.3-1): access left, core in the middle, outside right; registers and policy above, control below them, user plane at the bottom.
 */
import type { NetworkNode } from "#serve/api/types.ts";

/** From this many on, declared hosts that elements talk to (time, names, logs, management) are one box that names them. */
const HOSTS_APART = 3;

/** Column and row of each role. Columns: 0 access, 1 mobility and serving, 2 gateway, 3 outside. Rows: 0 registers and policy, 1 control, 2 user plane. */
const PLACE: Readonly<Record<string, readonly [number, number]>> = {
  ENB: [0, 1.5],
  GNB: [0, 1.5],
  NODEB: [0, 1.5],
  RNC: [0, 1.5],
  BTS: [0, 1.5],
  BSC: [0, 1.5],
  HENB: [0, 1.5],
  "NG-ENB": [0, 1.5],
  N3IWF: [0, 1.5],
  SECGW: [0, 1.5],
  MME: [1, 1],
  AMF: [1, 1],
  SGSN: [1, 1],
  MSC: [1, 1],
  VLR: [1, 1],
  SMSF: [1, 1],
  "SGW-C": [1, 1],
  "E-SMLC": [1, 0],
  LMF: [1, 0],
  GMLC: [1, 0],
  SMSC: [1, 0],
  HSS: [1, 0],
  HLR: [1, 0],
  UDM: [1, 0],
  UDR: [1, 0],
  AUSF: [1, 0],
  EIR: [1, 0],
  "5G-EIR": [1, 0],
  NRF: [1, 0],
  NSSF: [1, 0],
  AUC: [1, 0],
  DRA: [1, 0],
  DEA: [1, 0],
  STP: [1, 0],
  SCP: [1, 0],
  SMF: [2, 1],
  "PGW-C": [2, 1],
  PCRF: [2, 0],
  PCF: [2, 0],
  OCS: [2, 0],
  OFCS: [2, 0],
  CHF: [2, 0],
  CDF: [2, 0],
  CGF: [2, 0],
  AAA: [2, 0],
  SGW: [1, 2],
  "SGW-U": [1, 2],
  UPF: [2, 2],
  PGW: [2, 2],
  "PGW-U": [2, 2],
  GGSN: [2, 2],
  SPGW: [1.5, 2],
  SAEGW: [1.5, 2],
  "SAEGW-U": [1.5, 2],
  "SAEGW-C": [1.5, 1],
  TDF: [2, 2],
  ADMF: [3, 0],
  MDF: [3, 0],
  MDF2: [3, 0],
  MDF3: [3, 0],
  LEMF: [3, 0],
  SEPP: [3, 1],
  IPX: [3, 1],
  "P-CSCF": [3, 1],
  "S-CSCF": [3, 1],
  "I-CSCF": [3, 1],
  AF: [3, 1],
  AS: [3, 1],
};

const TIER_PLACE: Readonly<Record<NetworkNode["tier"], readonly [number, number]>> = {
  access: [0, 1.5],
  core: [1, 1],
  data: [1, 0],
  edge: [2, 2],
  management: [3, 0],
  lawful: [3, 0],
  outside: [3, 1],
};

export interface Item {
  readonly node: NetworkNode;
  readonly members: readonly NetworkNode[];
  /** The group that opens where this is chosen; null for what is itself. */
  readonly opens: string | null;
  /** The opened group that it is a part of; null outside one. */
  readonly part: string | null;
  /** Column key: functions of several columns stand between them. */
  column: number;
  readonly top: number;
  readonly bottom: number;
  /** Drawn across its rows, rather than centred in them. */
  readonly tall: boolean;
}

/** Column keys from here on are outside the network. */
export const OUTSIDE = 3;

/** Where there is a declaration, what it does not name stands outside, whatever part it plays. */
function isOutside(node: NetworkNode, judged: boolean): boolean {
  return (node.kind !== "function" && node.kind !== "more") || (judged && !node.declared);
}

export function placeOf(node: NetworkNode, judged: boolean): Omit<Item, "node" | "members" | "opens" | "part"> {
  if (isOutside(node, judged)) return { column: OUTSIDE, top: 0, bottom: 2, tall: false };
  const places = node.roles.map((role) => PLACE[role.toUpperCase()]).filter((place) => place !== undefined);
  if (places.length === 0) places.push(TIER_PLACE[node.tier]);
  const columns = places.map((p) => p[0]);
  const rows = places.map((p) => p[1]);
  const column = (Math.min(...columns) + Math.max(...columns)) / 2;
  const [top, bottom] = [Math.floor(Math.min(...rows)), Math.ceil(Math.max(...rows))];
  return { column, top, bottom, tall: bottom > top && column > 0 };
}

export const byName = new Intl.Collator("en", { numeric: true });

const OUTSIDE_RANK: Readonly<Partial<Record<NetworkNode["kind"], number>>> = {
  lawful: 0,
  operator: 1,
  service: 2,
  monitoring: 3,
  partner: 4,
  unknown: 5,
  receiver: 6,
};

export function order(a: Item, b: Item): number {
  const rank = (OUTSIDE_RANK[a.node.kind] ?? 0) - (OUTSIDE_RANK[b.node.kind] ?? 0);
  if (rank !== 0) return rank;
  return (
    Number(a.opens !== null) - Number(b.opens !== null) ||
    byName.compare(a.node.site ?? "", b.node.site ?? "") ||
    byName.compare(a.node.label, b.node.label) ||
    byName.compare(a.node.id, b.node.id)
  );
}

function asOne(group: readonly Item[]): Item {
  const first = group[0] as Item;
  const members = group.flatMap((item) => item.members);
  return group.length === 1 ? first : { ...first, members, node: joined(members) };
}

/**
 * Declared hosts without a finding are background: one box, so that the network is not hidden behind its clocks and logs. Where there is no
 * declaration, so are addresses that played no known part.
 */
export function joinHosts(items: readonly Item[], judged: boolean): Item[] {
  // the server may have drawn hosts together already
  const host = ({ node }: Item) =>
    (["service", "operator", "monitoring"].includes(node.kind) || /^more:(service|operator|monitoring)$/.test(node.id)) &&
    node.declared &&
    findingsOf(node) === 0;
  const stranger = ({ node }: Item) => !judged && ["unknown", "receiver"].includes(node.kind) && findingsOf(node) === 0;
  const hosts = items.filter(host);
  const strangers = items.filter(stranger);
  const joined: Item[] = [];
  if (hosts.reduce((sum, { node }) => sum + node.stands, 0) >= HOSTS_APART) {
    const one = asOne(hosts.toSorted(order));
    joined.push({ ...one, node: { ...one.node, kind: "service" } });
  } else joined.push(...hosts);
  joined.push(...(strangers.length >= HOSTS_APART ? [asOne(strangers.toSorted(order))] : strangers));
  return [...items.filter((item) => !host(item) && !stranger(item)), ...joined];
}

export function findingsOf(node: NetworkNode): number {
  return node.findings.proven + node.findings.corroborated + node.findings.indication;
}

export function joined(members: readonly NetworkNode[]): NetworkNode {
  const first = members[0] as NetworkNode;
  const sites = new Set(members.map((m) => m.site));
  const findings = { indication: 0, corroborated: 0, proven: 0 };
  for (const m of members) {
    findings.indication += m.findings.indication;
    findings.corroborated += m.findings.corroborated;
    findings.proven += m.findings.proven;
  }
  return {
    ...first,
    id: `group:${first.id}`,
    kind: "more",
    label: "",
    roles: [...new Set(members.flatMap((m) => m.roles))].slice(0, 3),
    site: sites.size === 1 ? first.site : null,
    findings,
    stands: members.reduce((sum, m) => sum + m.stands, 0),
  };
}
