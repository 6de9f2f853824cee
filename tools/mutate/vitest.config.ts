import { defineConfig } from "vitest/config";

/** The tests that are run against each mutant: `main.ts` names them. */
const tests = process.env["TAPPROOF_MUTATE_TESTS"]?.split(",") ?? ["src/**/*.test.ts"];

export default defineConfig({ test: { include: tests, testTimeout: 60_000, hookTimeout: 60_000, maxWorkers: 1 } });
