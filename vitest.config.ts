import { defineConfig } from "vitest/config";
import { LANES, type Lane } from "./tools/test/lanes.ts";

/** Set by `npm test` and its lanes; without it (`npx vitest run PATH`) every test file is there. */
const lane = process.env["TAPPROOF_TEST_LANE"] as Lane | "default" | undefined;
const everything = ["src", "bench", "lab", "test", "tools", "web"].map((folder) => `${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    include: lane === undefined || lane === "default" ? everything : [...LANES[lane]],
    exclude: ["**/node_modules/**", ...(lane === "default" ? Object.values(LANES).flat() : [])],
    globalSetup: "tools/test/set-up.ts",
    setupFiles: "tools/test/properties.ts",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
