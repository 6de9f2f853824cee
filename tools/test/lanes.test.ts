import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { LANES } from "./lanes.ts";

const files = Object.values(LANES).flat();

it.each(files)("%s is there, in one lane", (file) => {
  expect(existsSync(file)).toBe(true);
  expect(files.filter((other) => other === file)).toHaveLength(1);
});

it.each(Object.keys(LANES))("lane %s has its script, and .ci/run runs it", (lane) => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  expect(scripts[`test:${lane}`]).toBe(`node tools/test/main.ts --lane ${lane}`);
  expect(readFileSync(".ci/run", "utf8")).toMatch(new RegExp(`^for lane in .*\\b${lane}\\b`, "m"));
});
