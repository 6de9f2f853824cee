/**
 * The lies of the library that can be told of the published vector, told at once: no scan and no second program, so that a change of a single
 * check is tried against all of them in seconds (`npm run mutate`). `forgeries.test.ts` tells all of them, of every case, to both verifiers.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifyBundle } from "#verify/verify.ts";
import type { Cases } from "./forgeries/forgery.ts";
import { LIBRARY } from "./forgeries/library.ts";
import { KEY, type Made } from "./make.ts";
import { VECTORS } from "./vectors.ts";

const octets = readFileSync(join(VECTORS, "00.tapproof"));
/** Every case is the vector: lies about other cases are left to `forgeries.test.ts`. */
const cases = new Proxy({} as Cases, { get: (): Made => ({ octets }) as Made });
const told = LIBRARY.filter(({ about }) => about === "copy");

describe("lies about the published vector", () => {
  it("are most of the library; the vector itself holds", async () => {
    expect(told.length).toBeGreaterThan(LIBRARY.length / 2);
    const { checks, level } = await verifyBundle(octets, { key: KEY });
    expect(checks.filter(({ status }) => status === "failed")).toEqual([]);
    expect(level).toBe("L2");
  });
  it.each(told)("$lie ($check)", async ({ check, make }) => {
    const { checks } = await verifyBundle(make(cases), { key: KEY });
    expect(checks.filter(({ status }) => status === "failed").map(({ code }) => code)).toContain(check);
  });
});
