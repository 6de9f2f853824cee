import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fact } from "#model/fact.ts";
import { decodeFact, encodeFact, FACT_VERSION } from "./codec.ts";

const gap = (why: unknown): Fact => ({ kind: "gap", gap: { kind: "x", why } }) as unknown as Fact;

const leaf = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.double(),
  fc.constantFrom(-0, NaN, Infinity, -Infinity, 2 ** 60),
  fc.bigInt(),
  fc.uint8Array(),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie("any")),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("$u", "$b", "$o", "__proto__")), tie("any"), {
      noNullPrototype: true,
    }),
    fc.array(leaf).map((members) => new Set(members)),
    fc.array(fc.tuple(leaf, leaf)).map((members) => new Map(members)),
  ),
})).any;

describe("facts as lines", () => {
  it("give back what was written, whatever it holds", () => {
    fc.assert(
      fc.property(value, (held) => {
        expect(decodeFact(encodeFact(gap(held)))).toStrictEqual(gap(held));
      }),
    );
  });

  it("are one line each", () => {
    fc.assert(
      fc.property(value, (held) => {
        expect(encodeFact(gap(held))).not.toContain("\n");
      }),
    );
  });

  it("hold base64 that others read", () => {
    const octets = Uint8Array.from({ length: 256 }, (_, i) => i);
    for (const length of [0, 1, 2, 3, 255, 256])
      expect(encodeFact(gap(octets.subarray(0, length)))).toContain(
        `{"$b":"${Buffer.from(octets.subarray(0, length)).toString("base64")}"}`,
      );
  });

  it.each([
    "",
    "{}",
    "[]",
    "null",
    `{"v":${FACT_VERSION + 1},"fact":{"kind":"gap"}}`,
    `{"v":${FACT_VERSION},"fact":{"kind":"song"}}`,
    `{"v":${FACT_VERSION},"fact":{"kind":"gap","gap":{"$x":1}}}`,
    `{"v":${FACT_VERSION},"fact":{"kind":"gap","gap":{"$b":"a"}}}`,
    `{"v":${FACT_VERSION},"fact":{"kind":"gap","gap":{"$b":7}}}`,
    `{"v":${FACT_VERSION},"fact":{"kind":"gap","gap":{"$i":"1.5"}}}`,
    `{"v":${FACT_VERSION},"fact":{"kind":"gap","gap":${"[".repeat(100)}${"]".repeat(100)}}}`,
  ])("refuse %s", (line) => expect(decodeFact(line)).toBeNull());

  it("pass over members that a later writer added", () => {
    const line = encodeFact({ ...gap("y"), later: 1 } as unknown as Fact);
    expect(decodeFact(line)).toMatchObject(gap("y"));
  });
});

it("writes what a message makes only where it is asked for", () => {
  class Lazy {
    readonly made = 1;
    get asked(): readonly number[] {
      return [this.made, 2];
    }
  }
  expect(decodeFact(encodeFact(gap(new Lazy())))).toEqual(gap({ made: 1, asked: [1, 2] }));
});
