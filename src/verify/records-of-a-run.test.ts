/** What records say of times and settings: dates after their captures, and what makes a run weaker than a whole scan. */
import { describe, expect, it } from "vitest";
import type { JsonObject } from "./canonical.ts";
import { CATALOGUE } from "./claims.ts";
import { datesOf } from "./dates.ts";
import { answer, bundleOf } from "./for-tests.ts";
import { weaknessesOf } from "./strength.ts";

describe("dates", () => {
  const capture = { sha256: "c1", last: "2026-01-15T12:00:00.900000000Z" };
  const run = { to: "2026-01-15T13:00:00.000000000Z" };
  const of = (...records: readonly (readonly [string, JsonObject])[]): string =>
    answer(() => datesOf(bundleOf(records.map(([type, record], i) => [type, record, `${type}${i}`] as const))));
  const intake = (at: string, of_ = "c1"): readonly [string, JsonObject] => ["intake", { at, capture: of_ }];
  const reply = (at: string): readonly [string, JsonObject] => ["reply", { at }];

  it.each([
    ["2026-01-15T12:00:01Z", "1"],
    ["2026-01-15T12:00:00Z", "1"],
    ["2026-01-15T12:00:00.1Z", "1"],
    ["2026-01-15T11:59:59Z", "failed: is dated before the newest frame that it is about"],
    ["2026-01-15T12:00:01", "failed: is dated with what is not a time"],
    ["x2026-01-15T12:00:01Z", "failed: is dated with what is not a time"],
    ["2026-01-15T12:00:01Zx", "failed: is dated with what is not a time"],
    ["9999", "failed: is dated with what is not a time"],
  ])("an intake at %s of a capture whose last second is 12:00:00: %s", (at, expected) =>
    expect(of(["capture", capture], intake(at))).toBe(expected),
  );

  it("a reply comes after the newest frame of the runs before it", () => {
    const older = { to: "2026-01-15T12:30:00.000000000Z" };
    expect(of(["coverage", run], ["coverage", older], reply("2026-01-15T13:00:00Z"))).toBe("1");
    expect(of(["coverage", run], ["coverage", older], reply("2026-01-15T12:59:59Z"))).toContain("before the newest frame");
    expect(of(reply("2026-01-15T12:59:59Z"), ["coverage", run]), "not of those behind it").toBe("1");
  });

  it("an intake of a capture that is not here is about nothing; what is dated is counted", () => {
    expect(
      of(["capture", capture], intake("2026-01-15T11:00:00Z", "c9"), intake("2026-01-15T12:00:00Z"), reply("2026-01-15T12:00:00Z")),
    ).toBe("3");
    expect(of(["capture", capture], ["coverage", run])).toBe("not checked: nothing is dated: no intake, hand-over or reply");
  });
});

describe("what makes a run weaker", () => {
  const every = Object.keys(CATALOGUE).map((claim) => ({ claim }));
  const settings = { options: { sample: 1, copyBytes: -1 }, detectors: every, tool: { version: "1.0.0" } };
  const of = (more: JsonObject = {}, version: string | undefined = "1.0.0", given = true): string[] =>
    weaknessesOf(
      bundleOf([
        ["settings", { ...settings, ...more }],
        ["declaration", { given }],
        ["coverage", { sequence: 1, settings: "settings", declaration: "declaration" }],
      ]),
      version,
    ).map(({ code, words }) => `${code}: ${words}`);

  it("a whole scan has no weakness", () => {
    expect(of()).toEqual([]);
    expect(of({}, undefined)).toEqual([]);
  });
  it.each<[string, () => string[], string]>([
    ["a sample", () => of({ options: { sample: 64, copyBytes: -1 } }), "sampled: copies were searched for in one packet of 64"],
    ["no search for copies", () => of({ options: { sample: 1, copyBytes: 0 } }), "no-copy-search: copies were not searched for"],
    [
      "a budget of one octet",
      () => of({ options: { sample: 1, copyBytes: 1 } }),
      "copy-budget: the search for copies had 1 octets of memory",
    ],
    [
      "a detector that was off",
      () => of({ detectors: every.filter(({ claim }) => claim !== "ghost-tunnel") }),
      "detector-off: ghost-tunnel was not looked for",
    ],
    ["another version", () => of({ tool: { version: "0.9.0" } }), "version: scanned by version 0.9.0, this is 1.0.0"],
    ["no declaration", () => of({}, "1.0.0", false), "no-declaration: no declaration was given"],
  ])("%s", (_, found, expected) => expect(found()).toEqual([expected]));
  it.each(["", "a b", "x".repeat(41), "1.0.0\n"])("a version that is none (%j) is not repeated", (version) =>
    expect(of({ tool: { version } })).toEqual([]),
  );

  it("of several runs each is named", () => {
    const run = (sequence: number): readonly [string, JsonObject, string] => [
      "coverage",
      { sequence, settings: "settings", declaration: "declaration" },
      `run${sequence}`,
    ];
    const b = bundleOf([
      ["settings", { ...settings, options: { sample: 2, copyBytes: -1 } }],
      ["declaration", { given: true }],
      run(1),
      run(2),
    ]);
    expect(weaknessesOf(b, undefined)).toEqual(
      [1, 2].map((n) => ({
        code: "sampled",
        run: n,
        words: `copies were searched for in one packet of 2 (run ${n})`,
        values: { sample: 2, run: n },
      })),
    );
  });
});
