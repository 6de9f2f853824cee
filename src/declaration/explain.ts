/**
 * What a declaration explains (`contract.md` §3): for one flow, the entry that lets it exist, or why none does and how
 * strong a finding about it may be. A declaration explains that a flow exists, never what it carries: `mayCarry` says
 * what subscriber data the entry allows, and the content detectors judge that.
 *
 * Pure. The rules stand in one list, in the order in which they are tried; each reads alone.
 */
import { facts, type Facts } from "./facts.ts";
import { coversElement, coversTime, ungranted } from "./grants.ts";
import { CORE_PROTOCOLS, expandRoles, fittingInterface, haveInterface, PARTNER_ROLES, SHARED_RAN_ROLES } from "./interfaces.ts";
import type { Lookup } from "./lookup.ts";
import { isInteractive, isRouting, managementBy, speaks } from "./protocols.ts";
import type { Explained, ExplainedBy, FlowExplanation, FlowQuestion, NotExplained } from "./question.ts";
import { state, type StatementText } from "#model/statement.ts";
import { isGroup, isLinkGroup, isLinkUnicast } from "./scopes.ts";
import type { Carriage } from "./types.ts";

export type { Explained, FlowExplanation, FlowQuestion, NotExplained } from "./question.ts";

const CONTENT: readonly Carriage[] = ["content", "usage", "signalling"];
const NONE: readonly Carriage[] = ["none"];
const SIGNALLING: readonly Carriage[] = ["signalling"];

export function explainFlow(look: Lookup, q: FlowQuestion): FlowExplanation {
  const f = facts(look, q);
  return (
    linkLocal(f) ??
    icmp(f) ??
    own(f) ??
    interception(f) ??
    declaredInterface(f) ??
    monitored(f) ??
    transferred(f) ??
    granted(f) ??
    traceDelivery(f) ??
    signallingNode(f) ??
    partner(f) ??
    group(f) ??
    service(f) ??
    middlebox(f) ??
    subscriber(f) ??
    bystander(f) ??
    unexplained(f)
  );
}

const explained = (kind: ExplainedBy, by: string, mayCarry: readonly Carriage[] = NONE): Explained => ({
  explained: true,
  kind,
  by,
  mayCarry,
});

/** RFC 3927, RFC 4291 §2.5.6, RFC 5771 §4: what no router forwards stays on the link. Management is judged all the same. */
function linkLocal({ a, b, management }: Facts): Explained | null {
  if (isLinkGroup(b.end.address) || isLinkGroup(a.end.address)) return explained("link-local", "link-local multicast or broadcast");
  // Functions of a laboratory live on loopback addresses: between two declared ones, their interfaces decide.
  const declared = a.functions.length > 0 && b.functions.length > 0;
  if (!declared && management !== "content" && (isLinkUnicast(a.end.address) || isLinkUnicast(b.end.address)))
    return explained("link-local", "link-local addresses");
  return null;
}

/** Errors of routers from anywhere; echo and errors with a declared host. What an echo carries is another question. */
function icmp({ look, q, a, b }: Facts): Explained | null {
  if (q.icmp === undefined || (q.protocol !== 1 && q.protocol !== 58)) return null;
  if (q.protocol === 1 ? ICMP_ERRORS.has(q.icmp.type) : q.icmp.type < 128) return explained("icmp", "ICMP errors");
  if (q.protocol === 58 && q.icmp.type >= 130 && q.icmp.type <= 137) return explained("link-local", "neighbour discovery");
  const [other] = a.element ? [b] : [a];
  if (other !== undefined && look.isDeclared(other.end.address)) return explained("icmp", "ICMP with a declared host");
  return null;
}
/** RFC 792, RFC 1256: unreachable, source quench, redirect, router advertisement, time exceeded, parameter problem. */
const ICMP_ERRORS = new Set([3, 4, 5, 9, 11, 12]);

/** Addresses of one function among themselves. */
function own({ a, b }: Facts): Explained | null {
  const same = a.functions.find((f) => b.functions.includes(f));
  return same === undefined ? null : explained("own", `functions/${same.name}`, CONTENT);
}

/**
 * Lawful addresses: X1 from and to the ADMF, product to mediation, product from mediation to the LEMF. An interactive
 * session that such an address opens on an element is none of these.
 */
function interception({ look, q, a, b, management }: Facts): Explained | null {
  const role = look.lawfulRole(a.end.address) ?? look.lawfulRole(b.end.address);
  if (role === undefined) return null;
  if (management === "content" && isInteractive(q.application) && look.lawfulRole(a.end.address) !== undefined) return null;
  return explained("lawful", `lawful/${role}`, CONTENT);
}

/** The interfaces that 3GPP gives to these roles, secured or not. */
function declaredInterface({ flow, a, b, management }: Facts): Explained | null {
  if (a.functions.length === 0 || b.functions.length === 0) return null;
  const name = fittingInterface(a.roles, b.roles, flow);
  if (name !== undefined) return explained("interface", `interface ${name}`, CONTENT);
  if (
    speaks("ipsec", flow) &&
    (haveInterface(a.roles, b.roles) || [...a.roles, ...b.roles].some((r) => expandRoles([r]).roles.has("SecGW")))
  )
    return explained("interface", "interface protected by IPsec", CONTENT);
  const unknown = expandRoles(a.roles).unknown || expandRoles(b.roles).unknown;
  if (unknown && management === "no" && CORE_PROTOCOLS.some((p) => speaks(p, flow)))
    return explained("interface", "interface of a role that is not known here", CONTENT);
  return null;
}

function monitored({ look, flow, a, b, management }: Facts): Explained | null {
  if (management === "content" && isInteractive(flow.application)) return null;
  for (const [x, y] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const { entry, end } of look.monitoring.text(y.end.address)) {
      if (end !== "to" || !(entry.from.length === 0 || fromEntry(look, entry.from, x.end.address))) continue;
      const fits = entry.encapsulation === null || speaks(entry.encapsulation, flow);
      if (fits) return explained("monitoring", `monitoring/${entry.name}`, CONTENT);
    }
  }
  return null;
}

function transferred({ look, flow, a, b }: Facts): Explained | null {
  for (const [x, y] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const { entry, end } of look.transfers.text(y.end.address)) {
      if (end !== "to" || !(entry.from.length === 0 || fromEntry(look, entry.from, x.end.address))) continue;
      if (entry.protocols.length === 0 || entry.protocols.some((p) => speaks(p, flow)))
        return explained("transfer", `transfers/${entry.kind}/${entry.to.join(",")}`, entry.mayCarry);
    }
  }
  return null;
}

function fromEntry(look: Lookup, from: readonly string[], address: string): boolean {
  const key = from.join("\n");
  let tables = fromTables.get(look);
  if (tables === undefined) fromTables.set(look, (tables = new Map()));
  let table = tables.get(key);
  if (table === undefined) tables.set(key, (table = look.tableOf(from)));
  return table.text(address).length > 0;
}
const fromTables = new WeakMap<Lookup, Map<string, ReturnType<Lookup["tableOf"]>>>();

/** A party, a function, a protocol, a time. Traps and call-home go from the element to the party. */
function granted({ look, q, flow, a, b }: Facts): Explained | null {
  for (const [party, managed] of [
    [a, b],
    [b, a],
  ] as const) {
    if (!managed.element) continue;
    for (const operator of look.operators.text(party.end.address)) {
      for (const grant of look.grantsOf(operator.name)) {
        if (coversElement(grant, managed) && coversTime(grant, q) && grant.protocols.some((p) => speaks(p, flow)))
          return explained("grant", `grants/${grant.ticket ?? `${grant.party} on ${grant.functions.join(",")}`}`);
      }
    }
  }
  return null;
}

/** TS 32.422 §5: trace records go to the collection entity; it does not manage elements. */
function traceDelivery({ look, a, b, management }: Facts): Explained | null {
  const delivered = (a.element && look.collectorAt(b.end.address)) || (b.element && look.collectorAt(a.end.address) && management === "no");
  return delivered ? explained("trace", "trace/collectors", ["signalling", "usage"]) : null;
}

const NODE_PROTOCOLS: Readonly<Record<string, readonly string[]>> = {
  dra: ["diameter", "ipsec"],
  dea: ["diameter", "ipsec"],
  stp: ["sigtran", "ipsec"],
  scp: ["http", "https"],
  sepp: ["http", "https"],
  ipx: ["diameter", "sigtran", "gtp-c", "gtp-u", "dns", "http", "https", "sip", "ipsec"],
  smsfw: ["sigtran", "diameter", "sip"],
};

function signallingNode({ look, flow, a, b }: Facts): Explained | null {
  const node = look.signallingAt(a.end.address) ?? look.signallingAt(b.end.address);
  if (node === undefined) return null;
  const kind = node.kind.toLowerCase();
  const protocols = (Object.hasOwn(NODE_PROTOCOLS, kind) ? NODE_PROTOCOLS[kind] : undefined) ?? CORE_PROTOCOLS;
  const other = look.signallingAt(a.end.address) === undefined ? a : b;
  if (!look.isDeclared(other.end.address)) return null;
  return protocols.some((p) => speaks(p, flow)) ? explained("signalling", `signalling/${node.name}`, SIGNALLING) : null;
}

function partner({ look, flow, a, b, management }: Facts): Explained | null {
  for (const [x, y] of [
    [a, b],
    [b, a],
  ] as const) {
    const p = look.partnerAt(x.end.address);
    if (p === undefined || y.functions.length === 0) continue;
    const by = `partners/${p.name}`;
    const unknown = expandRoles(y.roles).unknown;
    if (fittingInterface(PARTNER_ROLES, y.roles, flow, true) !== undefined) return explained("partner", by, CONTENT);
    if (p.kind === "mocn" || p.kind === "mvno" || p.kind === "sponsor") {
      const shared = [...PARTNER_ROLES, ...(p.kind === "mocn" ? SHARED_RAN_ROLES : [])];
      if (fittingInterface(shared, y.roles, flow) !== undefined) return explained("partner", by, CONTENT);
    }
    if (speaks("ipsec", flow)) return explained("partner", by, CONTENT);
    if (unknown && management === "no" && CORE_PROTOCOLS.some((n) => speaks(n, flow))) return explained("partner", by, CONTENT);
  }
  return null;
}

/** Members of a group keep each other's state; a session with a shell is not that. */
function group({ look, q, a, b, management }: Facts): Explained | null {
  if (management === "content" && isInteractive(q.application)) return null;
  for (const g of look.groups.text(a.end.address)) {
    if (!look.groups.text(b.end.address).includes(g)) continue;
    return explained("group", `groups/${g.kind}/${g.members.join(",")}`, g.carries.includes("content") ? CONTENT : SIGNALLING);
  }
  return null;
}

/** Hosts that elements may talk to, by the protocols listed. That an element answers a shell they open needs a grant. */
function service({ look, flow, a, b, management }: Facts): Explained | null {
  for (const [x, y] of [
    [b, a],
    [a, b],
  ] as const) {
    if (!y.element && !y.subscriber) continue;
    for (const s of look.services.text(x.end.address)) {
      const opens = x === a && management === "content" && flow.application !== "snmp";
      if (!opens && s.protocols.some((p) => speaks(p, flow))) return explained("service", `services/${s.name}`, s.mayCarry);
    }
  }
  return null;
}

/** Outside addresses of a translator stand for subscribers; its own addresses for the box. */
function middlebox({ look, flow, a, b, management }: Facts): Explained | null {
  for (const [x, y] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const { box, side: where } of look.middleboxes.text(x.end.address)) {
      const by = `middleboxes/${box.name ?? `${box.kind} ${box.addresses[0] ?? ""}`}`;
      if (where === "outside" && (!y.element || management === "no")) return explained("middlebox", by, CONTENT);
      if (where !== "own") continue;
      if (box.kind === "secgw") {
        if (speaks("ipsec", flow) || CORE_PROTOCOLS.some((n) => speaks(n, flow))) return explained("middlebox", by, CONTENT);
      } else if (!y.element || (management === "no" && CARRIED.some((n) => speaks(n, flow)))) return explained("middlebox", by, CONTENT);
    }
  }
  return null;
}
/** What a gateway hands to a box on SGi on behalf of subscribers, and what keeps the pair together. */
const CARRIED = [
  "http",
  "https",
  "quic",
  "dns",
  "gre",
  "ipip",
  "vxlan",
  "l2tp",
  "bfd",
  "bgp",
  "ospf",
  "vrrp",
  "icmp",
  "radius",
  "diameter",
];

/**
 * Subscribers' own traffic where subscribers' traffic belongs; web pages of an element that serves subscribers too (XCAP, portals), never a shell on it. An
 * element that does not serve them is managed by whoever opens its pages, files, databases or procedures, and opens none at a device.
 */
function subscriber({ q, a, b, flow, management }: Facts): FlowExplanation | null {
  if (!a.subscriber && !b.subscriber) return null;
  if (a.element || b.element) {
    const shell = isInteractive(q.application) || q.application === "snmp";
    const manages = a.subscriber && management === "content" && (shell || !servesSubscribers(b.roles));
    // The other way round nobody is managed; but what has an element that serves no device to say to one?
    const calls = a.element && b.subscriber && q.initiatorKnown && managementBy(flow) === "content" && !servesSubscribers(a.roles);
    return manages || calls ? null : explained("subscriber", "subscribers", CONTENT);
  }
  if (q.interface !== undefined && NO_SUBSCRIBERS.test(q.interface)) {
    const [ue, peer] = a.subscriber ? [a, b] : [b, a];
    return {
      explained: false,
      reason: "subscriber-elsewhere",
      claim: "undeclared-peer",
      element: ue.end,
      peer: peer.end,
      atMost: null,
      nearly: null,
      because: state("flow.subscriber-elsewhere", { interface: q.interface }),
    };
  }
  return explained("subscriber", "subscribers", CONTENT);
}

/**
 * Functions whose peer is the device itself (TS 23.228 §4, TS 24.623, TS 33.220, TS 23.402, OMA-AD-SUPL), and roles that are not known here. Of a host that is
 * declared without roles nothing says that it serves anybody.
 */
function servesSubscribers(roles: readonly string[]): boolean {
  const { roles: atoms, unknown } = expandRoles(roles);
  return unknown || SERVES_SUBSCRIBERS.some((role) => atoms.has(role));
}
const SERVES_SUBSCRIBERS = [
  "P-CSCF",
  "E-CSCF",
  "AS",
  "AF",
  "BSF",
  "SLP",
  "SBC",
  "IMS-AGW",
  "ATCF",
  "MRFC",
  "MRFP",
  "ePDG",
  "N3IWF",
  "TWAG",
  "BM-SC",
  "MBMS-GW",
  "DNS",
  "NTP",
  "DHCP",
] as const;
const NO_SUBSCRIBERS = /^(oam|o&m|mgmt|management|oob|x1|x2|x3|hi[123]|s1-mme|s6a|n2|n4|sx.?|gx|gy)$/i;

/** Neither end is an element: no claim of ours is about it. */
function bystander({ a, b }: Facts): Explained | null {
  return a.element || b.element ? null : explained("bystander", "no element takes part");
}

function unexplained(f: Facts): NotExplained {
  const answer = judged(f);
  const waiting = f.look.declaration.unreviewed.includes("management") && managementBy(f.flow) !== "no";
  return waiting ? { ...answer, reason: "unreviewed", atMost: null, because: state("flow.unreviewed") } : answer;
}

function judged(f: Facts): NotExplained {
  const { look, q, a, b, flow, management } = f;
  if (b.element && management !== "no") {
    const access = ungranted(f);
    if (access !== null) return access;
  }
  const [element, peer] = a.element && !(b.element && !a.element) ? [a, b] : [b, a];
  const base = { explained: false, claim: "undeclared-peer", element: element.end, peer: peer.end } as const;
  const name = look.nameOf(peer.end.address);
  const who = name ?? peer.end.address;
  const what: StatementText = q.application ?? ipName(q.protocol);
  if (peer.element) {
    return {
      ...base,
      reason: "no-fitting-interface",
      atMost: "indication",
      nearly: name === null ? null : `functions/${name}`,
      because: state("flow.no-fitting-interface", { protocol: what }),
    };
  }
  if (look.isDeclared(peer.end.address)) {
    return {
      ...base,
      reason: "protocol-not-listed",
      atMost: "indication",
      nearly: name,
      because: state("flow.not-for-protocol", { who, protocol: what }),
    };
  }
  const weak = q.refused || !q.bothWays || isRouting(flow) || q.icmp !== undefined || isGroup(peer.end.address) || peer.subscriber;
  return {
    ...base,
    reason: "undeclared-peer",
    atMost: weak ? "indication" : "corroborated",
    nearly: null,
    because: state("flow.undeclared", { address: peer.end.address, weakness: weak ? weakness(f) : "none" }),
  };
}

function weakness({ q, flow }: Facts): string {
  if (q.refused) return "refused";
  if (q.icmp !== undefined) return "icmp";
  if (isRouting(flow)) return "routing";
  return q.bothWays ? "none" : "oneway";
}

function ipName(protocol: number): StatementText {
  const named = { 1: "ICMP", 47: "GRE", 50: "ESP", 58: "ICMPv6" }[protocol];
  if (named !== undefined) return named;
  if (protocol === 6) return state("flow.over-tcp");
  if (protocol === 17) return state("flow.over-udp");
  return protocol === 132 ? state("flow.over-sctp") : state("flow.ip-protocol", { protocol: String(protocol) });
}
