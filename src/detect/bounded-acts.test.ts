import { describe, expect, it } from "vitest";
import { BoundedActs } from "./bounded-acts.ts";

function flooded(limit: number, flood: number): BoundedActs<{ worth: number }> {
  const acts = new BoundedActs<{ worth: number }>((act) => act.worth, limit);
  acts.add("worth most", { worth: 1_000 });
  for (let i = 0; i < flood; i++) acts.add(`flood ${i}`, { worth: i % 7 });
  return acts;
}

describe("acts that are bounded", () => {
  it("keeps what is worth most through a flood, and counts what went", () => {
    const acts = flooded(64, 10_000);
    expect(acts.get("worth most")).toEqual({ worth: 1_000 });
    expect(acts.values()).toHaveLength(64);
    expect(acts.forgotten).toBe(10_001 - 64);
  });

  it("forgets nothing while there is room", () => {
    const acts = flooded(64, 63);
    expect(acts.forgotten).toBe(0);
    expect(acts.get("flood 0")).toBeDefined();
  });

  it("goes on by itself as a copy", () => {
    const acts = flooded(64, 100);
    const copy = acts.copy((act) => ({ ...act }));
    copy.add("one more", { worth: 1 });
    expect(copy.forgotten).toBe(acts.forgotten + 1);
    expect(acts.get("one more")).toBeUndefined();
    expect(copy.values()).toHaveLength(64);
  });
});
