/** Grants: a party, functions, protocols, a period. What one covers, and why none covers an access that happened. */
import type { Facts, Side } from "./facts.ts";
import { expandRoles } from "./interfaces.ts";
import type { Lookup } from "./lookup.ts";
import { isInteractive, protocolName, speaks } from "./protocols.ts";
import { state } from "#model/statement.ts";
import { microsToRfc3339 } from "#model/time.ts";
import type { Exceeded, FlowQuestion, NotExplained } from "./question.ts";
import type { Ceiling, Grant } from "./types.ts";

export function coversElement(grant: Grant, managed: Side): boolean {
  return (
    managed.functions.some((f) => grant.functions.includes(f.name)) ||
    (managed.host !== undefined && grant.functions.includes(managed.host.name))
  );
}
export function coversTime(grant: Grant, q: FlowQuestion): boolean {
  return (grant.fromMicros === null || q.firstMicros >= grant.fromMicros) && (grant.toMicros === null || q.lastMicros <= grant.toMicros);
}

/** Somebody manages an element: which of the grant's four conditions fails. */
export function ungranted({ look, q, a, b, flow, management }: Facts): NotExplained | null {
  const parties = look.operators.text(a.end.address);
  const grants = parties.flatMap((p) => look.grantsOf(p.name));
  const here = grants.filter((g) => coversElement(g, b));
  const spoken = here.filter((g) => g.protocols.some((p) => speaks(p, flow)));
  const who = look.nameOf(a.end.address) ?? a.end.address;
  const element = look.nameOf(b.end.address) ?? b.end.address;
  const what = q.application ?? state("flow.management");
  const near = spoken[0] ?? here[0] ?? grants[0];
  const base = {
    explained: false,
    claim: "ungranted-access",
    element: b.end,
    peer: a.end,
    atMost: accessCeiling({ look, q, a, b, flow, management }),
    nearly: near === undefined ? (look.nameOf(a.end.address) ?? null) : `grants/${nameOf(near)}`,
  } as const;
  if (spoken[0] !== undefined) {
    const exceeded = excess(spoken[0], q);
    const from = exceeded.from ?? "";
    const to = exceeded.to ?? "";
    const bounds = from !== "" && to !== "" ? "both" : from !== "" ? "from" : to !== "" ? "to" : "none";
    const at = Number.isFinite(exceeded.atMicros) ? second(microsToRfc3339(exceeded.atMicros)) : "";
    const because = state("flow.grant-other-time", { who, element, grant: exceeded.grant, from, to, bounds, at });
    return { ...base, reason: "grant-other-time", because, exceeded };
  }
  if (here[0] !== undefined) {
    const { protocols } = here[0];
    const because = state("flow.grant-other-protocol", { who, element, grant: nameOf(here[0]), protocols, protocol: what });
    return { ...base, reason: "grant-other-protocol", because };
  }
  if (grants.length > 0) {
    const functions = [...new Set(grants.flatMap((g) => g.functions))].slice(0, SHOWN_FUNCTIONS);
    return { ...base, reason: "grant-other-function", because: state("flow.grant-other-function", { who, element, functions }) };
  }
  return { ...base, reason: "no-grant", because: state("flow.no-grant", { who, element }) };
}

/** Functions of a party's grants that a sentence lists. */
const SHOWN_FUNCTIONS = 8;

function nameOf(grant: Grant): string {
  return grant.ticket ?? grant.party;
}

/** When the access first lay outside the grant's period: before it began, or after it ended. */
function excess(grant: Grant, q: FlowQuestion): Exceeded {
  const { from, to, fromMicros, toMicros } = grant;
  const early = fromMicros !== null && q.firstMicros < fromMicros;
  const atMicros = early || toMicros === null ? q.firstMicros : Math.max(q.firstMicros, toMicros);
  return { grant: nameOf(grant), from, to, atMicros };
}

/** To the second: `2026-01-01T00:00:00Z`. */
function second(rfc3339: string): string {
  return `${rfc3339.slice(0, 19)}Z`;
}

/** By its port alone, refused, or by a protocol that programs speak for other purposes too, access is not certain. */
function accessCeiling({ look, q, a, b, management }: Facts): Ceiling {
  if (management === "port" || q.refused || !q.bothWays) return "indication";
  if (look.lawfulRole(a.end.address) !== undefined || sharesGroup(look, a, b)) return "indication";
  // an element manager among the functions manages by its role (TS 32.101 §5.2.2), though no grant says so
  if (a.roles.some((r) => expandRoles([r]).roles.has("EMS") || expandRoles([r]).roles.has("NMS"))) return "indication";
  const ambiguous = !isInteractive(q.application) && protocolName(q.application ?? "") !== "snmp";
  // A page may be meant for subscribers, and the entry that says so forgotten.
  if (a.subscriber && isPage(q.application))
    return PORTALS.some((role) => expandRoles(b.roles).roles.has(role)) ? "indication" : "corroborated";
  if (ambiguous && look.isDeclared(a.end.address) && look.operatorOnly(a.end.address) === false) return "indication";
  return q.initiatorKnown ? "proven" : "corroborated";
}

function isPage(application: string | undefined): boolean {
  return application !== undefined && PAGES.has(application);
}
/** Gateways on the plain side, which may show a page of their own to a subscriber without credit. */
const PORTALS = ["PGW-U", "UPF", "GGSN"] as const;
const PAGES: ReadonlySet<string> = new Set(["http", "http2", "tls", "quic", "grpc"]);

function sharesGroup(look: Lookup, a: Side, b: Side): boolean {
  const theirs = look.groups.text(b.end.address);
  return look.groups.text(a.end.address).some((g) => theirs.includes(g));
}
