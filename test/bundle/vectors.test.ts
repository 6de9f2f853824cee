/** The published vectors (`docs/test-vectors/`) are what both verifiers say of them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifyBundle } from "#verify/verify.ts";
import { pythonAtHand, verifyManyInPython } from "./python.ts";
import { VECTORS, type Vector } from "./vectors.ts";

const { key, vectors } = JSON.parse(readFileSync(join(VECTORS, "vectors.json"), "utf8")) as { key: string; vectors: Vector[] };
const octets = vectors.map(({ file }) => readFileSync(join(VECTORS, file)));

describe("test vectors", () => {
  it("are one honest bundle and ten changed ones at least, and no file more", () => {
    expect(vectors.length).toBeGreaterThan(10);
    expect(vectors[0]).toMatchObject({ what: "honest", level: "L2" });
    expect(vectors.slice(1).every((v) => Object.values(v.checks).includes("failed"))).toBe(true);
    expect(readdirSync(VECTORS).filter((f) => f.endsWith(".tapproof"))).toEqual(vectors.map((v) => v.file));
    expect(existsSync(join(VECTORS, "vectors.json"))).toBe(true);
  });

  it.each(vectors.map((v, i) => [v.what, i] as const))("%s", async (_, i) => {
    const result = await verifyBundle(octets[i] as Buffer, { key });
    expect(Object.fromEntries(result.checks.map((c) => [c.code, c.status]))).toEqual(vectors[i]?.checks);
    expect(result.level).toBe(vectors[i]?.level);
  });

  it.skipIf(!pythonAtHand())("the second verifier fails the same checks", () => {
    const theirs = verifyManyInPython(octets, key);
    for (const [i, v] of vectors.entries()) {
      const failed = Object.keys(v.checks).filter((code) => v.checks[code] === "failed");
      expect(
        theirs[i]
          ?.filter((c) => c.status === "failed")
          .map((c) => c.code)
          .sort(),
        v.what,
      ).toEqual(failed.sort());
    }
  });
});
