/** Grants: a party, functions, protocols, a period. What one covers, and why none covers an access that happened. */
import type { Facts, Side } from "./facts.ts";
import { expandRoles } from "./interfaces.ts";
import type { Lookup } from "./lookup.ts";
import { isInteractive, protocolName, speaks } from "./protocols.ts";
import type { FlowQuestion, NotExplained } from "./question.ts";
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
  const what = q.application ?? "management";
  const [reason, because, near] =
    spoken.length > 0
      ? (["grant-other-time", `the grant of ${who} for ${element} does not cover this time`, spoken[0]] as const)
      : here.length > 0
        ? (["grant-other-protocol", `the grant of ${who} for ${element} does not list ${what}`, here[0]] as const)
        : grants.length > 0
          ? (["grant-other-function", `no grant of ${who} covers ${element}`, grants[0]] as const)
          : (["no-grant", `no grant lets ${who} manage ${element}`, undefined] as const);
  const nearly = near === undefined ? (look.nameOf(a.end.address) ?? null) : `grants/${near.ticket ?? near.party}`;
  return {
    explained: false,
    reason,
    claim: "ungranted-access",
    element: b.end,
    peer: a.end,
    atMost: accessCeiling({ look, q, a, b, flow, management }),
    nearly,
    because,
  };
}

/** By its port alone, refused, or by a protocol that programs speak for other purposes too, access is not certain. */
function accessCeiling({ look, q, a, b, management }: Facts): Ceiling {
  if (management === "port" || q.refused || !q.bothWays) return "indication";
  if (look.lawfulRole(a.end.address) !== undefined || sharesGroup(look, a, b)) return "indication";
  // an element manager among the functions manages by its role (TS 32.101 §5.2.2), though no grant says so
  if (a.roles.some((r) => expandRoles([r]).roles.has("EMS") || expandRoles([r]).roles.has("NMS"))) return "indication";
  const ambiguous = !isInteractive(q.application) && protocolName(q.application ?? "") !== "snmp";
  if (ambiguous && look.isDeclared(a.end.address) && look.operatorOnly(a.end.address) === false) return "indication";
  return q.initiatorKnown ? "proven" : "corroborated";
}

function sharesGroup(look: Lookup, a: Side, b: Side): boolean {
  const theirs = look.groups.text(b.end.address);
  return look.groups.text(a.end.address).some((g) => theirs.includes(g));
}
