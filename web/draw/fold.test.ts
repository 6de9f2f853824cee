import { describe, expect, test } from "vitest";
import type { NetworkEdge, NetworkNode } from "#serve/api/types.ts";
import type { Drawing } from "./drawing.ts";
import { layOut } from "./layout.ts";
import { placeNames } from "./names.ts";
import { widthOf } from "./text.ts";

const none = { indication: 0, corroborated: 0, proven: 0 };
const SITES = ["Lyon", "Brest", "Metz", "Nice"];

/** A core, `count` base stations, and as many acts as asked for, each with a receiver of its own. */
function network(count: number, acts: number): { nodes: NetworkNode[]; edges: NetworkEdge[] } {
  const node = (id: string, roles: string[], change: Partial<NetworkNode> = {}): NetworkNode => ({
    id,
    kind: "function",
    label: id,
    addresses: [],
    roles,
    vendor: null,
    vendorName: null,
    site: SITES[id.length % SITES.length] as string,
    declared: true,
    tier: "core",
    plane: "both",
    column: 0,
    row: 0,
    findings: none,
    stands: 1,
    ...change,
  });
  const edge = (a: string, b: string, name: string, change: Partial<NetworkEdge> = {}): NetworkEdge => ({
    id: `${a}>${b}:${name}`,
    a,
    b,
    name,
    plane: "user",
    status: "declared",
    messages: 0,
    packets: 1,
    bytes: 1000,
    first: null,
    last: null,
    findings: [],
    grade: null,
    ...change,
  });
  const core = [node("mme-1", ["MME"]), node("hss-1", ["HSS"]), node("spgw-1", ["SGW", "PGW"]), node("pcrf-1", ["PCRF"])];
  const stations = Array.from({ length: count }, (_, i) =>
    node(`enb-${i}`, ["eNB"], { site: SITES[i % 4] as string, findings: i < acts ? { ...none, proven: 1 } : none }),
  );
  const receivers = Array.from({ length: acts }, (_, i) => node(`203.0.113.${i}`, [], { kind: "receiver", declared: false }));
  return {
    nodes: [...core, ...stations, ...receivers],
    edges: [
      edge("mme-1", "hss-1", "S6a", { plane: "control" }),
      edge("mme-1", "spgw-1", "S11", { plane: "control" }),
      ...stations.flatMap((s) => [edge(s.id, "mme-1", "S1-MME", { plane: "control" }), edge(s.id, "spgw-1", "S1-U")]),
      ...receivers.map((r, i) => edge(`enb-${i}`, r.id, "vxlan", { status: "undeclared", findings: [`f${i}`], grade: "proven" })),
    ],
  };
}

const membersOf = (drawing: Drawing) => drawing.boxes.flatMap((b) => b.members.map((m) => m.id)).toSorted();

describe("a large network", () => {
  const { nodes, edges } = network(300, 3);
  const folded = layOut(nodes, edges, { judged: true });

  test("leads with findings, what they point at and what is next to them; base stations stand together, counted", () => {
    const alone = folded.boxes.filter((b) => b.members.length === 1).map((b) => b.id);
    expect(alone).toEqual(expect.arrayContaining(["enb-0", "enb-1", "enb-2", "203.0.113.0", "203.0.113.2", "mme-1", "spgw-1"]));
    expect(folded.boxes.length).toBeLessThan(24);
    const [group] = folded.boxes.filter((b) => b.opens !== null);
    expect([group?.node.stands, group?.node.roles]).toEqual([297, ["eNB"]]);
    expect(membersOf(folded)).toEqual(nodes.map((n) => n.id).toSorted());
  });

  test("opens step by step down to every element, and no step shows more than can be read", () => {
    let drawing = folded;
    const open = new Set<string>();
    for (let step = 0; step < 100; step++) {
      const next = drawing.boxes.find((b) => b.opens !== null)?.opens;
      if (next === undefined || next === null) break;
      open.add(next);
      const before = drawing.boxes.length;
      drawing = layOut(nodes, edges, { judged: true, open });
      expect(drawing.boxes.length - before).toBeLessThanOrEqual(24);
      expect(membersOf(drawing)).toEqual(nodes.map((n) => n.id).toSorted());
    }
    expect(drawing.boxes.every((b) => b.members.length === 1)).toBe(true);
  });

  test("a network without a finding leads with its core, and a small one is drawn whole", () => {
    const calm = network(300, 0);
    expect(layOut(calm.nodes, calm.edges, { judged: true }).boxes.map((b) => b.id)).toEqual(
      expect.arrayContaining(["mme-1", "hss-1", "spgw-1", "pcrf-1"]),
    );
    const small = network(16, 1);
    expect(layOut(small.nodes, small.edges, { judged: true }).boxes.every((b) => b.members.length === 1)).toBe(true);
  });

  test("where everything has a finding, some lead and the rest is one group that bears the strongest grade", () => {
    const all = network(200, 200);
    const drawing = layOut(all.nodes, all.edges, { judged: true });
    expect(drawing.boxes.length).toBeLessThan(40);
    expect(drawing.boxes.some((b) => b.opens !== null && b.node.findings.proven > 100)).toBe(true);
  });

  test("on a narrow screen findings and their receivers come first, side by side, inside its width", () => {
    const narrow = layOut(nodes, edges, { judged: true, narrow: 358 });
    const top = narrow.boxes.filter((b) => b.y < 190).map((b) => b.id);
    expect(top.toSorted()).toEqual(["203.0.113.0", "203.0.113.1", "203.0.113.2", "enb-0", "enb-1", "enb-2"]);
    for (const b of narrow.boxes) expect(b.x + b.width).toBeLessThanOrEqual(358);
    expect(narrow.lines.every((l) => l.edge.status === "undeclared")).toBe(true);
    expect(membersOf(narrow)).toEqual(membersOf(folded));
  });

  test("names of lines stand over no box and over no other name; the strongest line has one", () => {
    for (const count of [3, 30, 300]) {
      const { nodes: n, edges: e } = network(count, Math.min(count, 9));
      for (const narrow of [null, 358]) {
        const drawing = layOut(n, e, { judged: true, narrow });
        const named = placeNames(
          drawing,
          { name: (l) => `${l.edge.name} and its other name`, volume: (l) => (l.edge.grade === null ? null : "1,234.5 kB") },
          () => false,
        );
        const areas = [
          ...drawing.boxes.map((b) => [b.x, b.y, b.x + b.width, b.y + b.height] as const),
          ...named.flatMap(({ name, volume, x, y, volumeY }) =>
            [[name, y] as const, ...(volume === null ? [] : [[volume, volumeY] as const])].map(
              ([text, at]) => [x - widthOf(text, 11) / 2, at - 11, x + widthOf(text, 11) / 2, at + 3] as const,
            ),
          ),
        ];
        for (const [i, a] of areas.entries())
          for (const b of areas.slice(i + 1)) expect(a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]).toBe(true);
        expect(named[0]?.line.edge.grade).toBe("proven");
      }
    }
  });
});
