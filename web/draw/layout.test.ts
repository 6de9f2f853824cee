import { describe, expect, test } from "vitest";
import type { NetworkEdge, NetworkNode } from "#serve/api/types.ts";
import type { Drawing } from "./drawing.ts";
import { layOut } from "./layout.ts";

const none = { indication: 0, corroborated: 0, proven: 0 };

function node(id: string, change: Partial<NetworkNode> = {}): NetworkNode {
  return {
    id,
    kind: "function",
    label: id,
    addresses: [],
    roles: [],
    vendor: null,
    vendorName: null,
    site: null,
    declared: true,
    tier: "core",
    plane: "both",
    column: 0,
    row: 0,
    findings: none,
    stands: 1,
    ...change,
  };
}

function edge(a: string, b: string, change: Partial<NetworkEdge> = {}): NetworkEdge {
  return {
    id: `${a}-${b}-${change.name ?? "S1-U"}`,
    a,
    b,
    name: "S1-U",
    plane: "user",
    status: "declared",
    messages: 0,
    packets: 1,
    bytes: 100,
    first: null,
    last: null,
    findings: [],
    grade: null,
    ...change,
  };
}

const nodes = [
  node("enb-1", { roles: ["eNB"], site: "Lyon" }),
  node("enb-2", { roles: ["eNB"], site: "Brest" }),
  node("mme-1", { roles: ["MME"] }),
  node("hss-1", { roles: ["HSS"] }),
  node("spgw-1", { roles: ["SGW", "PGW"] }),
  node("dns", { kind: "service" }),
  node("ntp", { kind: "service" }),
  node("log", { kind: "service" }),
  node("203.0.113.9", { kind: "receiver", declared: false, findings: { ...none, proven: 1 } }),
];
const edges = [
  edge("enb-1", "mme-1", { name: "S1-MME", plane: "control" }),
  edge("enb-1", "spgw-1"),
  edge("enb-1", "spgw-1", { name: "S1-U/N3", bytes: 50 }),
  edge("mme-1", "203.0.113.9", { name: "SLg", plane: "control", status: "undeclared" }),
  edge("spgw-1", "dns", { name: "dns", plane: "management" }),
  edge("spgw-1", "ntp", { name: "ntp", plane: "management" }),
];

const placesOf = (drawing: Drawing) => drawing.boxes.map((b) => `${b.id} ${b.x} ${b.y} ${b.height}`).toSorted();
const box = (drawing: Drawing, id: string) => {
  const found = drawing.boxes.find((b) => b.id === id || b.members.some((m) => m.id === id));
  if (found === undefined) throw new Error(`${id} is not drawn`);
  return found;
};

describe("the network's drawing", () => {
  const drawing = layOut(nodes, edges, { judged: true });

  test("does not depend on the order in which elements are named, nor on traffic", () => {
    expect(placesOf(layOut(nodes.toReversed(), edges, { judged: true }))).toEqual(placesOf(drawing));
    expect(placesOf(layOut(nodes, [], { judged: true }))).toEqual(placesOf(drawing));
  });

  test("places as 3GPP figures do: access left, outside right, registers above control above user plane", () => {
    expect(box(drawing, "enb-1").x).toBeLessThan(box(drawing, "mme-1").x);
    expect(box(drawing, "spgw-1").x).toBeLessThan(box(drawing, "203.0.113.9").x);
    expect(box(drawing, "hss-1").y).toBeLessThan(box(drawing, "mme-1").y);
    expect(box(drawing, "mme-1").y).toBeLessThan(box(drawing, "spgw-1").y);
  });

  test("no two boxes overlap, and none lies outside", () => {
    for (const a of drawing.boxes) {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.y + a.height).toBeLessThanOrEqual(drawing.height);
      expect(a.x + a.width).toBeLessThanOrEqual(drawing.width);
      for (const b of drawing.boxes)
        if (a !== b) expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
    }
  });

  test("declared hosts are one box that names them; an undeclared receiver stays itself", () => {
    expect(box(drawing, "dns")).toBe(box(drawing, "ntp"));
    expect(box(drawing, "203.0.113.9").members).toHaveLength(1);
  });

  test("what a port alone tells and what signalling named is one line, its volumes added", () => {
    const user = drawing.lines.filter((l) => l.edge.name.startsWith("S1-U"));
    expect(user).toHaveLength(1);
    expect(user[0]?.edge.bytes).toBe(150);
  });

  test("where there is a declaration, a function that it does not name stands outside", () => {
    const strange = node("203.0.113.180", { roles: ["GMLC"], declared: false });
    expect(box(layOut([...nodes, strange], edges, { judged: true }), strange.id).x).toBe(box(drawing, "203.0.113.9").x);
    expect(box(layOut([...nodes, strange], edges, { judged: false }), strange.id).x).toBeLessThan(box(drawing, "203.0.113.9").x);
  });

  test("10,000 elements: few boxes, each element in one of them, fast", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => node(`enb-${i}`, { roles: ["eNB"], site: `site-${i % 300}` }));
    const lines = many.map((n) => edge(n.id, "mme-1", { name: "S1-MME", plane: "control" }));
    const begin = performance.now();
    const big = layOut([...nodes, ...many], lines, { judged: true });
    expect(performance.now() - begin).toBeLessThan(2000);
    expect(big.boxes.length).toBeLessThanOrEqual(60);
    expect(big.boxes.reduce((sum, b) => sum + b.members.length, 0)).toBe(nodes.length + many.length);
    expect(big.lines.length).toBeLessThanOrEqual(60);
  });

  test("nothing to draw", () => {
    expect(layOut([], [], { judged: true }).boxes).toEqual([]);
    expect(layOut([node("alone", { roles: ["UPF"] })], [edge("alone", "gone")], { judged: true }).lines).toEqual([]);
  });
});
