/**
 * `node bench/floods.ts [--count N] [--kinds LIST]`: floods of tunnels, flows, subscribers, fragments, streams, holes, names, orders, Diameter and PFCP
 * transactions, made on the fly, through the engine that scan and watch have. Prints, for each, CPU a packet (user + system) against the same messages
 * of a thousand things that come again and again, the most memory that the process had, and what the run says it forgot.
 *
 * The default is a million of each; `--count 10000000` is by hand. `--memory SIZE` gives the process so much, as `scan` does. No figure makes it fail.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { keepHeapSmall } from "#run/heap.ts";
import { takeRoom } from "#run/memory.ts";
import { FLOODS, flood, type FloodName, type Flooded } from "./flood.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000000" },
    kinds: { type: "string" },
    memory: { type: "string" },
    child: { type: "string" },
  },
});
const count = Number(values.count);
if (values.memory !== undefined) process.env["TAPPROOF_MEMORY"] = values.memory;
if (values.child !== undefined) {
  keepHeapSmall();
  const flooded = flood(values.child as FloodName, count, takeRoom(process.env));
  process.send?.(flooded);
} else {
  const kinds = values.kinds?.split(",") ?? Object.keys(FLOODS);
  console.log(
    `| flood of ${count} | packets | ns a packet | of ordinary | peak memory, MiB | forgotten and told |\n| --- | ---: | ---: | ---: | ---: | --- |`,
  );
  for (const kind of kinds) {
    const { packets, nanos, ordinaryNanos, peakMiB, gaps } = await inItsOwn(kind);
    const told = gaps.map((gap) => `${gap.code} ${gap.count}`).join(", ");
    console.log(`| ${kind} | ${packets} | ${nanos.toFixed(0)} | ${(nanos / ordinaryNanos).toFixed(2)} | ${peakMiB.toFixed(0)} | ${told} |`);
  }
}

/** Each kind in a process of its own: memory is measured by process. */
function inItsOwn(kind: string): Promise<Flooded> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ["--child", kind, "--count", String(count)]);
    child.on("message", (flooded) => resolve(flooded as Flooded));
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${kind}: the process ended with ${code}`)));
  });
}
