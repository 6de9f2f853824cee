/** The fuzzer ends what hangs, and every target takes its corpus. */
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCorpus } from "./corpus.ts";
import { fuzz } from "./fuzz.ts";
import { mutated, dice } from "./mutate.ts";
import { TARGETS } from "./targets.ts";

const planted = (name: string): string => pathToFileURL(join(import.meta.dirname, "testdata", `${name}.ts`)).href;

describe("the fuzzer", () => {
  it("ends what hangs, and names the input", async () => {
    const { faults } = await fuzz({ target: "hanging", module: planted("hanging"), seconds: 60, seed: 1, seeds: false, hangMs: 1_000 });
    expect(faults[0]?.why).toBe("no end after 1 s");
    expect(faults[0]?.input.length).toBeGreaterThan(2);
  });

  it("makes the same inputs of the same seed, within the length allowed", () => {
    const make = (): Uint8Array[] => {
      const roll = dice(7);
      return Array.from({ length: 500 }, () => mutated(new Uint8Array(20), new Uint8Array(9), [], roll, 64));
    };
    expect(make()).toEqual(make());
    expect(Math.max(...make().map((one) => one.length))).toBeLessThanOrEqual(64);
  });
});

describe("the corpus", () => {
  it.each(TARGETS)("of $name passes", async ({ name, run }) => {
    const inputs = readCorpus(name);
    expect(inputs.length).toBeGreaterThan(0);
    for (const input of inputs) await run(input);
  });
});
