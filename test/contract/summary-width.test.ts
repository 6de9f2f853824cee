import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { summaryText } from "#cli/scan-summary.ts";
import { loadDeclaration } from "#declaration/load.ts";
import { scan } from "#run/scan.ts";

/** A terminal of 80 columns shows the summary as it was set. */
it.each(["examples/lte-lab-b1-vxlan-mirred", "test/captures/claims-examples/unreasoned-query"])("%s fits 80 columns", async (folder) => {
  const paths = readdirSync(folder)
    .filter((file) => file.includes(".pcap"))
    .map((file) => join(folder, file));
  const result = await scan({ paths, declaration: loadDeclaration(join(folder, "network.yaml")), skipBad: false, identities: false });
  const text = summaryText(result, { colour: false, casePath: undefined, network: undefined, bundle: undefined });
  expect(text.split("\n").filter((line) => line.length > 80 && line.includes(" "))).toEqual([]);
});
