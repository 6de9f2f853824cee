/** Runs one target in a thread, and ends it where an input hangs or fills its memory. */
import { Worker } from "node:worker_threads";
import { type FuzzDone, type FuzzFault, type FuzzOrder, HEAD } from "./order.ts";

/** Octets that any input may have. */
const LONGEST = 1 << 20;
const HANG_MS = 30_000;
const HEAP_MIB = 512;

export async function fuzz(order: Omit<FuzzOrder, "shared">): Promise<FuzzDone> {
  const shared = new SharedArrayBuffer(HEAD + LONGEST);
  const place = new Int32Array(shared, 0, 2);
  const atHand = (why: string): FuzzFault => ({ why, input: new Uint8Array(shared, HEAD, place[0]).slice() });
  const ended = (why: string): FuzzDone => ({ tried: place[1] as number, covered: 0, corpus: [], faults: [atHand(why)] });
  const hangMs = order.hangMs ?? HANG_MS;
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: { ...order, shared } satisfies FuzzOrder,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
  });
  let watch: NodeJS.Timeout | undefined;
  try {
    return await new Promise<FuzzDone>((resolve) => {
      let before = -1;
      // CPU of the process, so that a machine that does something else accuses nobody.
      let since = process.cpuUsage();
      watch = setInterval(() => {
        const { user, system } = process.cpuUsage(since);
        if (place[1] !== before) {
          before = place[1] as number;
          since = process.cpuUsage();
        } else if (before > 0 && (user + system) / 1000 > hangMs) resolve(ended(`no end after ${hangMs / 1000} s`));
      }, 500);
      worker.on("message", (done: FuzzDone) => resolve(done));
      worker.on("error", (error: NodeJS.ErrnoException) =>
        resolve(ended(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? `more than ${HEAP_MIB} MiB of objects` : (error.stack ?? error.message))),
      );
      worker.on("exit", () => resolve(ended("the thread ended")));
    });
  } finally {
    clearInterval(watch);
    await worker.terminate();
  }
}
