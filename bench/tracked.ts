/** Reads and decodes every frame of a capture and tracks sessions, tunnels and flows, without judging them: for `run.ts`. */
import { openCapture } from "#capture/open.ts";
import { Tracker } from "#join/tracker.ts";
import { Pipeline } from "#run/pipeline.ts";
import { PointTable } from "#run/points.ts";
import { keepHeapSmall } from "#run/heap.ts";

keepHeapSmall();
const path = process.argv[2]!;
const reader = await openCapture(path, { hash: process.argv[3] !== "--no-hash" });
const points = new PointTable(null);
let observations = 0;
const tracker = new Tracker(1, () => observations++);
const pipeline = new Pipeline(null, points, 1, (fact) => tracker.take(fact), tracker, null);
const linkTypes = new Int32Array(4096);
for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
  for (let i = points.infos.length; i < reader.points.length; i++) {
    points.add(reader.points[i]!, reader.file, reader.points.length > 1, (batch.sec[0] as number) * 1e6);
    linkTypes[i] = reader.points[i]!.linkType;
  }
  pipeline.batch(batch, 0, batch.count, 0, linkTypes);
}
pipeline.finish();
console.log(JSON.stringify({ packets: pipeline.frames, observations, sha256: reader.sha256 }));
if (process.argv.includes("--usage")) {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.error(
    `user ${(userCPUTime / 1e6).toFixed(2)} s, system ${(systemCPUTime / 1e6).toFixed(2)} s, peak ${(maxRSS / 1024).toFixed(0)} MiB`,
  );
}
