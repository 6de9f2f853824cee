/**
 * What the log costs: appending leaves in batches, and proofs in a large log, from tiles on disk, with a cold tile cache for each proof.
 *
 *   node bench/log.ts [--leaves N] [--grow N]
 *
 * `--leaves` (default 1,000,000) are appended through the writer, entries of 130 octets as a case's leaves are, and made durable in batches of
 * 10,000. `--grow` (default 10,000,000) makes a log of that size for the proofs. Times are of this process (CPU, user + system) and of the clock.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderStorage } from "#evidence/log/tile-storage.ts";
import { TileReader } from "#evidence/log/tile-reader.ts";
import { TileWriter } from "#evidence/log/tile-writer.ts";
import { leafHash, verifyConsistency, verifyInclusion } from "#evidence/log/tree.ts";
import { benchOptions } from "./options.ts";

const options = benchOptions("bench/log.ts [--leaves N] [--grow N]");
const leaves = options.number("leaves", 1_000_000);
const grow = options.number("grow", 10_000_000);
const BATCH = 10_000;

const folder = mkdtempSync(join(tmpdir(), "tapproof-bench-log-"));
const storage = new FolderStorage(folder);
const entry = Buffer.alloc(130, 0x61);
const numbered = (index: number): Buffer => {
  entry.writeUInt32BE(index, 10);
  return entry;
};

function append(from: number, to: number, batch: number): { readonly micros: number; readonly cpu: number } {
  const began = performance.now();
  const cpu = process.cpuUsage();
  const writer = new TileWriter(storage, from);
  for (let index = from; index < to; index++) {
    writer.append(numbered(index));
    if ((index + 1) % batch === 0) {
      writer.flush();
      writer.root();
      writer.tidy();
    }
  }
  writer.flush();
  writer.tidy();
  const { user, system } = process.cpuUsage(cpu);
  return { micros: ((performance.now() - began) * 1000) / (to - from), cpu: (user + system) / (to - from) };
}

const first = append(0, leaves, BATCH);
console.log(`append   ${leaves} leaves, durable each ${BATCH}: ${first.micros.toFixed(2)} µs a leaf (${first.cpu.toFixed(2)} µs of CPU)`);
let size = leaves;
if (grow > size) {
  const rest = append(size, grow, 1_000_000);
  console.log(`grow     to ${grow} leaves, durable each 1000000: ${rest.micros.toFixed(2)} µs a leaf (${rest.cpu.toFixed(2)} µs of CPU)`);
  size = grow;
}

const opened = performance.now();
const root = new TileReader(storage, size).root();
console.log(`open     root of ${size} leaves from tiles: ${(performance.now() - opened).toFixed(2)} ms`);

const timed = (name: string, work: (n: number) => boolean): void => {
  const times: number[] = [];
  for (let n = 0; n < 200; n++) {
    const began = performance.now();
    if (!work(n)) throw new Error(`${name}: a proof does not verify`);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  console.log(
    `${name} median ${times[100]?.toFixed(2)} ms, worst of 200 ${times[199]?.toFixed(2)} ms (tiles read anew for each, verified)`,
  );
};
let seed = 1;
const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
timed("include ", () => {
  const index = random(size);
  return verifyInclusion(index, size, leafHash(numbered(index)), new TileReader(storage, size).inclusion(index), root);
});
timed("consist ", () => {
  const old = 1 + random(size - 1);
  const reader = new TileReader(storage, size);
  const proof = reader.consistency(old);
  return verifyConsistency(old, size, reader.root(old), root, proof);
});
rmSync(folder, { recursive: true, force: true });
