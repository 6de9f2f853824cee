import { expect, test } from "vitest";
import { ranges } from "./ranges.ts";

test("runs of neighbouring frames", () => {
  expect(ranges([1, 2, 3, 7, 9, 10])).toEqual([
    [1, 3],
    [7, 7],
    [9, 10],
  ]);
  expect(ranges([])).toEqual([]);
});
