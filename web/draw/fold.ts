/**
 * What of a large network stays itself, and what folds into counted groups that open: findings and their neighbourhood lead, the rest stands
 * together by role. A group opens into its sites, a site into parts, a part into its elements, so that no step shows more than can be read.
 */
import type { NetworkEdge, NetworkNode } from "#serve/api/types.ts";
import { byName, findingsOf, joined, joinHosts, order, placeOf, type Item } from "./places.ts";

/** Up to so many, everything is drawn as itself. */
const WHOLE = 24;
/** Parties of findings drawn as themselves, the strongest first; their opposites come with them. */
const LEADING = 7;
const LEADING_WITH_OPPOSITES = 13;
/** Neighbours of these that stay themselves; base stations never do, there are hundreds. */
const NEIGHBOURS = 6;
/** An opened group shows so many parts at most. */
const PARTS = 12;
const SITES = 24;

const ACCESS = 0;

/** Nodes as they are drawn: `judged` tells that there is a declaration, `open` which groups the reader opened. */
export function gather(nodes: readonly NetworkNode[], edges: readonly NetworkEdge[], judged: boolean, open: ReadonlySet<string>): Item[] {
  const items = nodes.map((node): Item => ({ node, members: [node], opens: null, part: null, ...placeOf(node, judged) }));
  return fold(joinHosts(items, judged), edges, open);
}

function fold(items: readonly Item[], edges: readonly NetworkEdge[], open: ReadonlySet<string>): Item[] {
  if (items.length <= WHOLE) return [...items];
  const kept = leading(items, edges);
  const rest = items.filter((item) => !kept.has(item));
  const groups = Map.groupBy(rest, groupOf);
  return [...kept, ...[...groups].flatMap(([key, group]) => parted(key, group.toSorted(order), open))];
}

/** Findings first, then what they point at, then what is next to them. */
function leading(items: readonly Item[], edges: readonly NetworkEdge[]): Set<Item> {
  const itemOf = new Map<string, Item>();
  for (const item of items) for (const member of item.members) itemOf.set(member.id, item);
  const ends = (edge: NetworkEdge) => [itemOf.get(edge.a), itemOf.get(edge.b)] as const;
  const salient = items.filter((item) => findingsOf(item.node) > 0).toSorted((a, b) => weight(b.node) - weight(a.node) || order(a, b));
  const kept = new Set(salient.slice(0, LEADING));
  const between = (wanted: (edge: NetworkEdge) => boolean): Item[] => {
    const counted = new Map<Item, number>();
    for (const edge of edges) {
      if (!wanted(edge)) continue;
      const [a, b] = ends(edge);
      if (a === undefined || b === undefined || a === b || kept.has(a) === kept.has(b)) continue;
      const other = kept.has(a) ? b : a;
      counted.set(other, (counted.get(other) ?? 0) + 1);
    }
    return [...counted].toSorted(([a, m], [b, n]) => n - m || order(a, b)).map(([item]) => item);
  };
  for (const item of between((edge) => edge.findings.length > 0)) if (kept.size < LEADING_WITH_OPPOSITES) kept.add(item);
  // a network without a finding leads with its core
  if (kept.size === 0)
    for (const item of items.filter((i) => i.column !== ACCESS && i.members.length === 1).slice(0, LEADING)) kept.add(item);
  const near = between((edge) => edge.findings.length === 0).filter((item) => item.column !== ACCESS && findingsOf(item.node) === 0);
  for (const item of near.slice(0, NEIGHBOURS)) kept.add(item);
  // hosts that stand together already are one box, whatever else folds
  for (const item of items) if (item.members.length > 1) kept.add(item);
  return kept;
}

function groupOf(item: Item): string {
  const { node } = item;
  const what = node.roles.length > 0 ? node.roles.toSorted(byName.compare).join(" ") : node.kind;
  return `${what}${node.declared ? "" : " ?"}${findingsOf(node) > 0 ? " !" : ""}`;
}

function parted(key: string, group: readonly Item[], open: ReadonlySet<string>): Item[] {
  const first = group[0] as Item;
  const part = key.includes("/") ? key.slice(0, key.lastIndexOf("/")) : null;
  if (group.length === 1) return [{ ...first, part }];
  if (!open.has(key)) {
    const members = group.flatMap((item) => item.members);
    return [{ ...first, tall: false, members, node: { ...joined(members), id: `group:${key}` }, opens: key, part }];
  }
  if (group.length <= PARTS) return group.map((item) => ({ ...item, part: key }));
  const sites = Map.groupBy(group, (item) => item.node.site ?? "");
  if (sites.size > 1 && sites.size <= SITES)
    return [...sites].flatMap(([site, some]) => parted(`${key}/${site.replaceAll("/", " ")}`, some, open));
  const size = Math.max(PARTS, Math.ceil(group.length / SITES));
  const parts = Math.ceil(group.length / size);
  return Array.from({ length: parts }, (_, i) =>
    parted(`${key}/${i + 1}`, group.slice(Math.round((i * group.length) / parts), Math.round(((i + 1) * group.length) / parts)), open),
  ).flat();
}

function weight({ findings }: NetworkNode): number {
  return findings.proven * 1e6 + findings.corroborated * 1e3 + findings.indication;
}
