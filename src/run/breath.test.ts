import { expect, it } from "vitest";
import { parseDeclaration } from "#declaration/load.ts";
import { Breath } from "./breath.ts";
import { scan } from "./scan.ts";

it("is due at once, and then not before some work was done", async () => {
  const breath = new Breath();
  await breath.due();
  expect(breath.due()).toBeUndefined();
});

it("a scan of files lets signals and timers in while it reads", async () => {
  let [heard, heardBeforeEnd] = [false, false];
  await scan({
    paths: ["test/captures/claims-examples/ghost-tunnel/core.pcap"],
    declaration: parseDeclaration("network: { name: X }", "x"),
    skipBad: false,
    identities: false,
    opened: () => {
      setImmediate(() => (heard = true));
      return Promise.resolve(() => undefined);
    },
    progress: {
      show: () => undefined,
      stage: (name) => {
        if (name === "judging") heardBeforeEnd = heard;
      },
    },
  });
  expect(heardBeforeEnd).toBe(true);
});
