import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { collectLimits, limitsOf } from "./limits-source.ts";
import { generated } from "./main.ts";

it.each([...generated(".")])("%s is what the source says", (file, text) => {
  expect(readFileSync(file, "utf8") === text, "run `npm run generate`").toBe(true);
});

it("every limit says what it bounds", () => {
  expect(collectLimits(".").flatMap(({ file, name, meaning }) => (meaning === "" ? [`${file} ${name}`] : []))).toEqual([]);
});

it("reads objects, constants, and comments on an interface's members", () => {
  const text = [
    "export interface Limits {",
    "  /** Streams at once;",
    "   * past it the oldest goes. */",
    "  readonly streams: number;",
    "}",
    "export const TCP_LIMITS: Limits = {",
    "  streams: 4 * 1024,",
    "};",
    "/** Deeper is refused. */",
    "const MAX_DEPTH = 8;",
    "/** Both small. */",
    "export const X_LIMITS = { a: 1, b: 2 } as const;",
  ].join("\n");
  expect(limitsOf("f.ts", text).map(({ name, value, meaning }) => [name, value, meaning])).toEqual([
    ["streams", 4096, "Streams at once; past it the oldest goes."],
    ["MAX_DEPTH", 8, "Deeper is refused."],
    ["a", 1, "Both small."],
    ["b", 2, "Both small."],
  ]);
});
