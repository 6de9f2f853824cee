import fc from "fast-check";
import { expect, test } from "vitest";
import { FrameSet } from "./frame-set.ts";

test("is a sorted set, whatever the order", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (frames) => {
      const set = new FrameSet();
      for (const frame of frames) set.add(frame);
      expect(set.sorted).toEqual([...new Set(frames)].sort((a, b) => a - b));
      for (let f = 0; f < 62; f++) expect(set.has(f)).toBe(frames.includes(f));
    }),
  );
});
