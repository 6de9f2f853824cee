/** Reads and decodes every frame of a capture, and prints what it counted: the data plane alone, for `run.ts`. */
import { openCapture } from "#capture/open.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";

const path = process.argv[2]!;
const hash = process.argv[3] !== "--no-hash";
const decode = process.argv[3] !== "--read-only" && process.argv[4] !== "--read-only";
const reader = await openCapture(path, { hash });
const view = new PacketView();
let tunnelled = 0;
let malformed = 0;
for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
  if (!decode) continue;
  const { bytes, offset, captured, original, point, count } = batch;
  for (let i = 0; i < count; i++) {
    const linkType = reader.points[point[i]!]!.linkType;
    decodeFrame(view, bytes, offset[i]!, captured[i]!, original[i]!, linkType);
    if (view.ipCount > 1) tunnelled++;
    if (view.malformed()) malformed++;
  }
}
console.log(JSON.stringify({ packets: reader.stats.packets, tunnelled, malformed, sha256: reader.sha256 }));
if (process.argv.includes("--usage")) {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.error(
    `user ${(userCPUTime / 1e6).toFixed(2)} s, system ${(systemCPUTime / 1e6).toFixed(2)} s, peak ${(maxRSS / 1024).toFixed(0)} MiB`,
  );
}
