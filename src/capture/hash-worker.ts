/** The thread of `hash-thread.ts`: reads files a second time (from the page cache, as a rule) and hashes them. */
import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort } from "node:worker_threads";

/** `begin` a file; `octets` says how many belong to the hash, and asks for the answer. */
export type HashOrder = { readonly id: number; readonly path: string } | { readonly id: number; readonly octets: number };
/** No hash where the file could not be read as far as asked: the asker then does it itself. */
export interface HashAnswer {
  readonly id: number;
  readonly sha256: string | undefined;
}

interface Job {
  readonly hash: Hash;
  fd: number;
  position: number;
  /** Octets asked for; Infinity while that is not known. */
  octets: number;
  /** Everything there was at the last look. */
  atEnd: boolean;
}

const block = new Uint8Array(1024 * 1024);
const jobs = new Map<number, Job>();
let running = false;

parentPort?.on("message", (order: HashOrder) => {
  if ("path" in order)
    jobs.set(order.id, { hash: createHash("sha256"), fd: open(order.path), position: 0, octets: Infinity, atEnd: false });
  else {
    const job = jobs.get(order.id);
    if (job !== undefined) job.octets = order.octets;
  }
  if (!running) {
    running = true;
    step();
  }
});

/** One block of the first file that has work, then a look at the messages. */
function step(): void {
  for (const [id, job] of jobs) {
    const room = Math.min(block.length, job.octets - job.position);
    const ready = job.octets !== Infinity && room <= 0;
    if (job.fd < 0 || ready) {
      if (job.octets === Infinity) continue;
      answer(id, job, ready && job.fd >= 0 && job.position === job.octets);
    } else if (!job.atEnd || job.octets !== Infinity) {
      let got = 0;
      try {
        got = readSync(job.fd, block, 0, room, job.position);
      } catch {
        got = -1;
      }
      if (got > 0) {
        job.hash.update(block.subarray(0, got));
        job.position += got;
      } else if (job.octets !== Infinity) answer(id, job, false);
      else job.atEnd = true;
    } else continue;
    setImmediate(step);
    return;
  }
  running = false;
}

function answer(id: number, job: Job, sound: boolean): void {
  jobs.delete(id);
  if (job.fd >= 0) closeSync(job.fd);
  parentPort?.postMessage({ id, sha256: sound ? job.hash.digest("hex") : undefined } satisfies HashAnswer);
}

function open(path: string): number {
  try {
    return openSync(path, "r");
  } catch {
    return -1;
  }
}
