import fc from "fast-check";
import { expect, test } from "vitest";
import type { CopyLeg } from "#model/copy.ts";
import { Crossings } from "./crossings.ts";

const leg = (index: number, point: number, kind: CopyLeg["kind"]): CopyLeg => ({
  index,
  point,
  capture: point,
  kind,
  carriers: [],
  srcMac: undefined,
  dstMac: undefined,
  vlan: -1,
  layers: [],
  firstMicros: 0,
});
const legs = [leg(0, 0, "tunnel"), leg(1, 1, "link")];

test("the clocks' difference lies within its bounds, whatever the ways take", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -2_000_000, max: 2_000_000 }),
      fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 5000 })), { minLength: 12, maxLength: 60 }),
      (ahead, packets) => {
        const c = new Crossings();
        for (const [uplink, takes] of packets) {
          // Uplink passes the tunnel first. The SGi clock (point 1) is ahead.
          const delay = (uplink ? takes : -takes) + ahead;
          c.add(0, 1, uplink, delay, -1);
          c.add(1, 0, uplink, -delay, 1);
        }
        const { low, high } = c.offset(1, 0, (i) => legs[i]!);
        expect(low).toBeLessThanOrEqual(ahead);
        expect(high).toBeGreaterThanOrEqual(ahead);
        const back = c.offset(0, 1, (i) => legs[i]!);
        // Packets of one direction alone leave the other bound infinite, both ways round.
        expect(back.low === -high).toBe(true);
        expect(back.high === -low).toBe(true);
      },
    ),
  );
});

test("one point has one clock; points without common packets bound nothing", () => {
  const c = new Crossings();
  expect(c.offset(3, 3, (i) => legs[i]!)).toEqual({ low: 0, high: 0 });
  expect(c.offset(1, 0, (i) => legs[i]!)).toEqual({ low: -Infinity, high: Infinity });
});
