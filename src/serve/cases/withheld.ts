/**
 * What of a case's observations and of its declaration goes to nobody who is not cleared for interception (`method.md` §6): lawful functions and
 * addresses, what goes to and from them, and receivers that only findings about interception name.
 */
import { isMap, isPair, isScalar, isSeq, parseDocument, type Document, type YAMLMap } from "yaml";
import type { Lookup } from "#declaration/lookup.ts";
import { hasLawfulRole } from "#report/interception.ts";
import { Problem } from "#serve/problem.ts";
import type { FindingIndex } from "./finding-index.ts";
import type { CaseTables } from "./tables.ts";

export const INTERCEPTION_PROTOCOLS = ["x1", "x2", "x3", "hi2", "hi3"] as const;
const PROTOCOLS: ReadonlySet<string> = new Set(INTERCEPTION_PROTOCOLS);
/** Names of reference points of interception (TS 33.127, TS 33.107). */
export const INTERCEPTION_POINTS = /^(LI_)?(X1|X2|X3|HI1|HI2|HI3)\b/i;

/** Whether an address goes to cleared readers alone. */
export function hiddenAddress(
  tables: CaseTables,
  lookup: Lookup | null,
  index: FindingIndex,
  caseId: string,
): (address: string) => boolean {
  const secret = new Set<string>();
  const known = new Set<string>();
  for (const f of index.each(true)) {
    const ends = [f.elementAddress, f.receiverAddress].filter((a) => a !== null);
    const into = index.shows(caseId, f.id, false) ? known : secret;
    for (const end of ends) into.add(end);
  }
  for (const role of tables.roles) if (hasLawfulRole([role.role])) secret.add(role.address);
  return (address) => {
    if (lookup?.lawfulRole(address) !== undefined) return true;
    const declared = lookup?.functionAt(address);
    if (declared !== undefined) return hasLawfulRole(declared.roles);
    return secret.has(address) && !known.has(address) && lookup?.isDeclared(address) !== true;
  };
}

/** Tables as they are for those who are not cleared. */
export function openTables(tables: CaseTables, lookup: Lookup | null, index: FindingIndex, caseId: string): CaseTables {
  const closed = hiddenAddress(tables, lookup, index, caseId);
  const open = (...addresses: readonly string[]): boolean => !addresses.some(closed);
  return {
    ...tables,
    roles: tables.roles.filter((r) => open(r.address)),
    references: tables.references.filter((r) => open(r.a, r.b) && !INTERCEPTION_POINTS.test(r.name)),
    tunnels: tables.tunnels.filter((t) => open(t.source, t.address)),
    flows: tables.flows.filter(
      (f) => open(f.initiator, f.responder) && !PROTOCOLS.has(f.application ?? "") && f.explained?.startsWith("lawful/") !== true,
    ),
    services: tables.services.filter((s) => open(s.initiator, s.responder)),
  };
}

/** The text of a declaration without what is lawful in it; the same text where there is nothing of the kind, or it cannot be read. */
export function openDeclaration(text: string): string {
  const document = read(text);
  if (document === null || !holdsLawful(document)) return text;
  const root = document.contents as YAMLMap;
  root.delete("lawful");
  const list = root.get("functions");
  if (isSeq(list)) list.items = list.items.filter((item) => !isLawfulFunction(item));
  return written(document);
}

/**
 * What `openDeclaration` left out of `kept`, put back into what somebody wrote who never saw it. `mayDeclare`: who shares the server with its
 * owner may hand in a whole declaration of his own; an account that is not cleared may not say who is lawful.
 */
export function wholeDeclaration(text: string, kept: string, mayDeclare: boolean): string {
  const [document, former] = [read(text), read(kept)];
  // a text that cannot be read is refused for that, with the place
  if (document === null) return text;
  if (holdsLawful(document)) {
    if (mayDeclare) return text;
    throw new Problem(
      "li-cleared-needed",
      "it declares lawful functions or addresses",
      "lawful",
      "ask somebody who is cleared for interception",
    );
  }
  if (former === null || !holdsLawful(former)) return text;
  const root = document.contents as YAMLMap;
  const formerRoot = former.contents as YAMLMap;
  const [was, list] = [formerRoot.get("functions"), root.get("functions")];
  const hidden = isSeq(was) ? was.items.filter(isLawfulFunction) : [];
  if (isSeq(list)) list.items.push(...hidden);
  else if (hidden.length > 0) root.set("functions", document.createNode(hidden));
  const lawful = formerRoot.items.find((pair) => isPair(pair) && isScalar(pair.key) && pair.key.value === "lawful");
  root.delete("lawful");
  if (lawful !== undefined) root.items.push(lawful);
  return written(document);
}

function read(text: string): Document | null {
  try {
    const document = parseDocument(text, { version: "1.2", prettyErrors: false });
    return document.errors.length === 0 && isMap(document.contents) ? (document as Document) : null;
  } catch {
    return null;
  }
}

function holdsLawful(document: Document): boolean {
  const root = document.contents as YAMLMap;
  const [lawful, list] = [root.get("lawful"), root.get("functions")];
  return (
    (isMap(lawful) && lawful.items.some((pair) => !isSeq(pair.value) || pair.value.items.length > 0)) ||
    (isSeq(list) && list.items.some(isLawfulFunction))
  );
}

function isLawfulFunction(item: unknown): boolean {
  if (!isMap(item)) return false;
  const roles = item.get("roles");
  return isSeq(roles) && hasLawfulRole(roles.items.flatMap((r) => (isScalar(r) && typeof r.value === "string" ? [r.value] : [])));
}

/** An anchor whose only use or definition was taken out leaves a text that cannot be written. */
function written(document: Document): string {
  try {
    return document.toString({ lineWidth: 0 });
  } catch {
    throw new Problem(
      "li-cleared-needed",
      "the declaration ties lawful functions to others by anchors",
      "lawful",
      "ask somebody who is cleared for interception",
    );
  }
}
