/** Copies that a warrant covers leave a count, and nothing else. */
import { expect, test } from "vitest";
import { findScenario } from "#lab/scenarios/catalogue.ts";
import type { Scenario } from "#lab/scenarios/scenario.ts";
import { scanScenario } from "../../../test/lab-scan.ts";

test.each(["twin-copy-warranted-vxlan", "twin-copy-warranted-custom-header", "twin-copy-warranted-ipv6"])(
  "%s: one stream is counted, and the warrant is not said to have shown nothing",
  async (name) => {
    const document = await scanScenario(name, "covered");
    expect(document.findings).toEqual([]);
    expect(document.coverage.coveredInterceptions).toBe(1);
    expect(document.coverage.undecided.map(({ why }) => why)).not.toContainEqual(expect.stringContaining("warrants in force"));
  },
);

test("a warrant for somebody else covers nothing, and is said to have shown nothing", async () => {
  const document = await scanScenario("copy-beside-warrant", "covered");
  expect(document.findings.map(({ claim }) => claim)).toContain("covert-copy");
  expect(document.coverage.coveredInterceptions).toBe(0);
  expect(document.coverage.undecided.map(({ why }) => why)).toContainEqual(expect.stringContaining("warrants in force"));
});

test("whose packets they are, where neither pool nor signalling tells, is left open", async () => {
  const made = findScenario("twin-copy-warranted-ipv6") as Scenario;
  const late: Scenario = {
    ...made,
    play: (seed) => {
      const c = made.play(seed);
      c.recorder.startAt = c.subscriber(2).epochs[0]!.from + 1;
      return c;
    },
  };
  expect((await scanScenario(late, "covered")).findings).toEqual([]);
});
