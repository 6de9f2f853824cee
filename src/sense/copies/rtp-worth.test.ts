import { expect, test } from "vitest";
import { scanScenario } from "../../../test/lab-scan.ts";

/** The credit of the first flow, as the finding's arithmetic states it. */
async function firstFlow(name: string): Promise<number | undefined> {
  const { findings } = await scanScenario(name, "worth");
  return findings[0]?.arithmetic.find(({ code }) => code === "step.first-flow")?.bits;
}

test("a call whose clock begins at zero is worth its SSRC; one that begins at random, 43 bits more", async () => {
  expect(await firstFlow("copy-call-zero")).toBe(32);
  expect(await firstFlow("copy-call-random")).toBe(75);
});
