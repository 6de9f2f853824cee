import { expect, it } from "vitest";
import { tableText } from "./query.ts";

const COLUMNS = ["id", "summary"];
const ROWS = [["1", "x".repeat(30)]];

it.each([undefined, 34])("rows under their columns where the screen (%s) has room", (screen) =>
  expect(tableText(COLUMNS, ROWS, screen)).toBe(`id  summary\n──  ${"─".repeat(30)}\n1   ${"x".repeat(30)}\n`),
);
it("a column a line where it has not", () =>
  expect(tableText(COLUMNS, ROWS, 33)).toBe(`── row 1 ${"─".repeat(24)}\nid       1\nsummary  ${"x".repeat(30)}\n`));
