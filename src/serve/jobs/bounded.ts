/** Work of a stranger's making: a thread of its own for each, ended when it takes too long or too much memory. The server goes on meanwhile. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { Problem } from "#serve/problem.ts";
import type { Answer, Order } from "./stranger-worker.ts";

export interface Bounds {
  readonly milliseconds: number;
  /** Of the thread's heap; octets that it is handed are not part of it. */
  readonly heapMiB: number;
}

/** Throws the `Problem` that the work found, or `unusable` where it went beyond its bounds. */
export function bounded<T>(order: Order, { milliseconds, heapMiB }: Bounds): Promise<T> {
  const beyond = (what: string): Problem =>
    new Problem("unusable", `reading it took more than ${what}`, "body", "send something smaller, or use the command line");
  return new Promise<T>((resolve, reject) => {
    const worker = new Worker(workerFile(), {
      workerData: order,
      resourceLimits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
      stderr: true,
      stdout: true,
    });
    const timer = setTimeout(() => {
      reject(beyond(`${Math.round(milliseconds / 1000)} s`));
      void worker.terminate();
    }, milliseconds);
    worker.on("message", (answer: Answer) => {
      if ("problem" in answer) reject(Problem.of(answer.problem));
      else resolve(answer.value as T);
    });
    worker.on("error", (error: NodeJS.ErrnoException) => {
      const large = error.code === "ERR_WORKER_OUT_OF_MEMORY" || error instanceof RangeError;
      reject(large ? beyond(`${heapMiB} MiB`) : error);
    });
    worker.on("exit", () => {
      clearTimeout(timer);
      reject(new Error("the thread ended without an answer"));
    });
  });
}

/** `dist/stranger-worker.js` beside the bundled program, else the source. */
function workerFile(): string {
  for (const place of ["./stranger-worker.js", "../stranger-worker.js", "./stranger-worker.ts"]) {
    const file = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(file)) return file;
  }
  throw new Error("stranger-worker is missing: build the program again");
}
