import fc from "fast-check";
import { expect, it } from "vitest";
import { microsToRfc3339, toMicros, toRfc3339 } from "./time.ts";

const nanosecond = fc.record({ sec: fc.integer({ min: 0, max: 2_250_000_000 }), nsec: fc.integer({ min: 0, max: 999_999_999 }) });

it("prints of microseconds held as a double the digits that it has, and no other", () => {
  fc.assert(
    fc.property(nanosecond, (t) => {
      const shown = microsToRfc3339(toMicros(t));
      expect(shown).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}000Z$/);
      // cut off, not rounded: never more than a microsecond before, and a quarter of one after at most
      const late = (Date.parse(`${shown.slice(0, 19)}Z`) / 1000 - t.sec) * 1e9 + Number(shown.slice(20, 29)) - t.nsec;
      expect(late).toBeLessThanOrEqual(125);
      expect(late).toBeGreaterThan(-1000);
    }),
  );
});

it("prints microseconds exactly", () => {
  fc.assert(
    fc.property(nanosecond, ({ sec, nsec }) => {
      const t = { sec, nsec: Math.floor(nsec / 1000) * 1000 };
      expect(microsToRfc3339(toMicros(t))).toBe(toRfc3339(t));
    }),
  );
});
