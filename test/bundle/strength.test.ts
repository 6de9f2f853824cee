/** Settings are part of how strong a finding is: what makes a run weaker than a whole scan is said in the verdict's first line. */
import { afterAll, expect, it } from "vitest";
import { resultText } from "#cli/verify.ts";
import { verifyBundle } from "#verify/verify.ts";
import type { JsonRecord } from "./forge.ts";
import { KEY, labSource, makeCase, removeTemporary } from "./make.ts";
import { resign } from "./resign.ts";

afterAll(removeTemporary);

it.each<[string, (settings: JsonRecord) => void, string, JsonRecord]>([
  ["no-copy-search", (r) => void ((r["options"] as JsonRecord)["copyBytes"] = 0), "copies were not searched for", {}],
  [
    "copy-budget",
    (r) => void ((r["options"] as JsonRecord)["copyBytes"] = 4096),
    "the search for copies had 4096 octets of memory",
    { octets: 4096 },
  ],
  ["sampled", (r) => void ((r["options"] as JsonRecord)["sample"] = 8), "copies were searched for in one packet of 8", { sample: 8 }],
  ["detector-off", (r) => void (r["detectors"] as unknown[]).splice(0, 1), "covert-copy was not looked for", { claim: "covert-copy" }],
  [
    "version",
    (r) => void ((r["tool"] as JsonRecord)["version"] = "0.0.9"),
    "scanned by version 0.0.9, this is 0.1.0",
    { scanned: "0.0.9", version: "0.1.0" },
  ],
])("%s", async (code, change, words, values) => {
  const made = await makeCase(labSource("clean-cups"));
  const octets = resign(made.octets, {
    record: (type, record) => {
      if (type === "settings") change(record);
      return record;
    },
  });
  const result = await verifyBundle(octets, { key: KEY, version: "0.1.0" });
  expect(result.weaknesses).toEqual([{ code, run: 0, words, values }]);
  expect(resultText(result, false).split("\n")[0]).toContain(`weaker than a whole scan: ${words}`);
  const whole = await verifyBundle(made.octets, { key: KEY });
  expect(whole.weaknesses).toEqual([]);
  expect(resultText(whole, false).split("\n")[0]).toBe("origin: test.example/tapproof");
});
