/** The process of `work.ts`: does one job and is then killed. */
import { JOBS, type JobInput, type JobName } from "./jobs.ts";
import type { Said } from "./work.ts";

const say = (said: Said): void => void process.send?.(said);

// Whoever asked is gone, and with him the reason to work.
process.on("disconnect", () => process.exit(0));

process.once("message", (order: { readonly job: JobName; readonly input: JobInput<JobName> }) => {
  void work(order.job, order.input);
});

async function work(job: JobName, input: JobInput<JobName>): Promise<void> {
  try {
    const run = JOBS[job] as (input: unknown, tell: (told: unknown) => void) => Promise<unknown>;
    say({ kind: "done", output: await run(input, (told) => say({ kind: "told", told })) });
  } catch (error) {
    const { name, message, exitCode } = (error instanceof Error ? error : new Error(String(error))) as Error & { exitCode?: unknown };
    say({ kind: "thrown", thrown: { name, message, ...(typeof exitCode === "number" ? { exitCode } : {}) } });
  }
}
