import { expect, it } from "vitest";
import type { ChannelFact } from "#model/fact.ts";
import { UNENDED_LIMITS, UnendedFacts } from "./unended.ts";

const channel = (id: number, packets: number, ended: boolean): ChannelFact => ({
  kind: "channel",
  id,
  ended,
  place: "frame-padding",
  label: undefined,
  source: "10.0.0.1",
  destination: "10.0.0.2",
  receivers: 1,
  point: 0,
  packets,
  content: { contents: 0, octets: 0, compared: 0, distinct: 0, uniform: undefined, spread: false, printable: 0, known: 0 },
  pointFrames: 0,
  pointTrailers: 0,
  names: undefined,
  frames: { capture: 0, frames: [], total: 0 },
  firstMicros: 0,
  lastMicros: 0,
});

it("of what lasts the last word is held, and the end takes it away", () => {
  const held = new UnendedFacts();
  expect(held.hold(channel(1, 3, false))).toBe(true);
  expect(held.hold(channel(1, 5, false))).toBe(true);
  expect([...held.channels.values()].map(({ packets }) => packets)).toEqual([5]);
  expect(held.hold(channel(1, 6, true))).toBe(false);
  expect(held.channels.size).toBe(0);
});

it("what never says whether it has ended was told once", () => {
  const { ended: _, ...before } = channel(1, 3, true);
  expect(new UnendedFacts().hold(before as ChannelFact)).toBe(false);
});

it("past the limit nothing is held, and it says so; what is held is still replaced", () => {
  const held = new UnendedFacts();
  for (let id = 0; id < UNENDED_LIMITS.things; id++) held.hold(channel(id, 1, false));
  expect(held.complete).toBe(true);
  held.hold(channel(0, 2, false));
  expect(held.complete).toBe(true);
  held.hold(channel(UNENDED_LIMITS.things, 1, false));
  expect([held.channels.size, held.complete, held.channels.get(0)?.packets]).toEqual([UNENDED_LIMITS.things, false, 2]);
});
