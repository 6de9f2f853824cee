/**
 * Work of a stranger's making, in a process of its own with an end to its time and memory: a bundle, a declaration or a register may be built so
 * that reading it never ends.
 *
 * A process and not a thread: a thread of Node 24 is only ended where it runs JavaScript. `JSON.parse` of 60 MB in a thread allowed 96 MiB went
 * on for 90 s after `terminate()` and up to 828 MiB. A process is killed at once, whatever it is in the middle of.
 */
import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { JobInput, JobName, JobOutput, JobTold } from "./jobs.ts";

export interface Bounds {
  /** For the whole of it; Infinity where only silence ends it. */
  readonly seconds: number;
  /** Without a word of progress; Infinity for work that tells none. */
  readonly silenceSeconds: number;
  /** Of JavaScript objects. */
  readonly heapMiB: number;
  /** Of the process, buffers included. Held on Linux; elsewhere the heap alone is bounded. */
  readonly memoryMiB: number;
}

export type Bound = "seconds" | "silenceSeconds" | "memory";

/** The work was ended because it reached a bound: what it worked on is built so that it never ends, or is larger than this machine takes. */
export class OutOfBounds extends Error {
  override readonly name = "OutOfBounds";
  readonly bound: Bound;
  constructor(bound: Bound, bounds: Bounds) {
    super(
      bound === "seconds"
        ? `took more than ${bounds.seconds} s and was ended`
        : bound === "silenceSeconds"
          ? `got no further for ${bounds.silenceSeconds} s and was ended`
          : `took more than ${bounds.memoryMiB} MiB of memory and was ended`,
    );
    this.bound = bound;
  }
}

/** What the work threw; `exitCode` where that is the caller's to mend. */
export class WorkFailed extends Error {
  override readonly name: string;
  readonly exitCode?: number;
  constructor({ name, message, exitCode }: Thrown) {
    super(message);
    this.name = name;
    if (exitCode !== undefined) this.exitCode = exitCode;
  }
}

export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly exitCode?: number;
}

/** What the process says. */
export type Said =
  | { readonly kind: "told"; readonly told: unknown }
  | { readonly kind: "done"; readonly output: unknown }
  | { readonly kind: "thrown"; readonly thrown: Thrown };

export interface Watched<J extends JobName> {
  /** Hears of progress; any word ends the silence. */
  readonly told?: (told: JobTold<J>) => void;
  /** Ends the work: the answer is then an AbortError. */
  readonly signal?: AbortSignal;
}

/** Milliseconds between two looks at the memory. */
const LOOK = 100;

/** Throws `OutOfBounds`, `WorkFailed`, or the signal's reason. Input and output are copied (structured clone). */
export async function boundedWork<J extends JobName>(
  job: J,
  input: JobInput<J>,
  bounds: Bounds,
  { told, signal }: Watched<J> = {},
): Promise<JobOutput<J>> {
  signal?.throwIfAborted();
  const child = fork(workerFile(), [], {
    // The nursery, too, is memory: three times 16 MiB by default.
    execArgv: [`--max-old-space-size=${bounds.heapMiB}`, "--max-semi-space-size=8", "--no-warnings"],
    serialization: "advanced",
    // What a dying V8 prints is of no use to a reader.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  let timer: NodeJS.Timeout | undefined;
  let silence: NodeJS.Timeout | undefined;
  let look: NodeJS.Timeout | undefined;
  let aborted: (() => void) | undefined;
  try {
    return await new Promise<JobOutput<J>>((resolve, reject) => {
      const out = (bound: Bound): void => reject(new OutOfBounds(bound, bounds));
      const after = (seconds: number, bound: Bound): NodeJS.Timeout | undefined =>
        Number.isFinite(seconds) ? setTimeout(() => out(bound), seconds * 1000) : undefined;
      aborted = (): void => reject(signal?.reason as Error);
      signal?.addEventListener("abort", aborted, { once: true });
      timer = after(bounds.seconds, "seconds");
      silence = after(bounds.silenceSeconds, "silenceSeconds");
      look = setInterval(() => {
        if (residentMiB(child) > bounds.memoryMiB) out("memory");
      }, LOOK);
      child.on("message", (said: Said) => {
        if (said.kind === "told") {
          clearTimeout(silence);
          silence = after(bounds.silenceSeconds, "silenceSeconds");
          told?.(said.told as JobTold<J>);
        } else if (said.kind === "done") resolve(said.output as JobOutput<J>);
        else reject(new WorkFailed(said.thrown));
      });
      child.on("error", reject);
      // V8 aborts a process whose heap is full.
      child.on("exit", (code, ended) => {
        if (ended === "SIGABRT" || ended === "SIGTRAP" || code === 134 || code === 133) out("memory");
        else reject(new Error(`the process for ${job} ended with ${ended ?? code}`));
      });
      child.send({ job, input });
    });
  } finally {
    clearTimeout(timer);
    clearTimeout(silence);
    clearInterval(look);
    if (aborted !== undefined) signal?.removeEventListener("abort", aborted);
    child.removeAllListeners();
    // An error of the channel as it is torn down is nobody's.
    child.on("error", () => undefined);
    child.kill("SIGKILL");
  }
}

/** 0 where the system does not tell. */
function residentMiB({ pid }: ChildProcess): number {
  if (process.platform !== "linux" || pid === undefined) return 0;
  try {
    // proc(5): size and resident, in pages of 4 KiB on every Linux that Node runs on by default
    return (Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * 4) / 1024;
  } catch {
    return 0;
  }
}

/** Beside this file as source, in the bundle's folder when built (`tools/build`). */
function workerFile(): URL {
  const here = import.meta.url;
  if (here.endsWith(".ts")) return new URL("./bounded-worker.ts", here);
  return new URL(/\/chunks\/[^/]*$/.test(here) ? "../bounded-worker.js" : "./bounded-worker.js", here);
}
