import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { catalogue } from "#lab/scenarios/catalogue.ts";
import { CLAIMS } from "#model/finding.ts";

/** docs/detection.md names claims and scenarios that exist, and leaves no twin out. */
const text = readFileSync("docs/detection.md", "utf8");

it("has a section for every claim", () => {
  for (const claim of CLAIMS) expect(text).toContain(`\n## ${claim}\n`);
});

it("names every innocent twin of the lab, and none that is not there", () => {
  const named = new Set([...text.matchAll(/`(twin-[a-z0-9-]+)`/g)].map(([, name]) => name ?? ""));
  const known = new Set(catalogue.map(({ name }) => name));
  expect([...named].filter((name) => !known.has(name) && name !== "twin-")).toEqual([]);
  expect(catalogue.filter(({ kind, name }) => kind === "twin" && !named.has(name)).map(({ name }) => name)).toEqual([]);
});
