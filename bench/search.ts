/**
 * The search for copies alone: reads and decodes a capture, and hands each frame to the search as the pipeline does; prints CPU a packet of
 * decoding, of decoding with the search, and of the search's last step (what it found, as observations). Without a declaration GTP-U is the path.
 *
 *   node bench/search.ts CAPTURE
 *
 * Finer than `copies.ts`, which compares whole scans; no signalling is read here, subscribers are the addresses of 100.64.0.0/10.
 */
import { openCapture } from "#capture/open.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { CopyTracker } from "#sense/copies/tracker.ts";
import { CopyPaths } from "#detect/covert-copy/paths.ts";

const path = process.argv[2];
if (path === undefined) throw new Error("usage: node bench/search.ts CAPTURE");

/** Frames announced ahead, as `run/pipeline.ts` does. */
const AHEAD = 8;

const isSubscriber = (bytes: Uint8Array, at: number, length: number): boolean =>
  length === 4 && bytes[at] === 100 && ((bytes[at + 1] ?? 0) & 0xc0) === 64;

/** Where the inner IPv4 packet of a G-PDU over Ethernet and IPv4 begins; -1 where the frame is none. */
function innerAt(bytes: Uint8Array, offset: number, captured: number): number {
  if (captured < 62) return -1;
  const p = bytes[offset + 12] === 0x81 ? offset + 18 : offset + 14;
  if (bytes[p] !== 0x45 || bytes[p + 9] !== 17 || bytes[p + 22] !== 8 || bytes[p + 23] !== 0x68) return -1;
  const inner = p + (((bytes[p + 28] ?? 0) & 7) === 0 ? 36 : 44);
  return inner + 24 <= offset + captured && bytes[inner] === 0x45 ? inner : -1;
}

async function pass(search: CopyTracker | null): Promise<{ packets: number; ns: number }> {
  const reader = await openCapture(path as string, { hash: false });
  const view = new PacketView();
  const seen = { capture: 0, point: 0, frame: 0, frames: undefined, time: { sec: 0, nsec: 0 } };
  let packets = 0;
  const began = process.cpuUsage();
  for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
    const { bytes, offset, captured, original, count } = batch;
    for (let i = 0; i < count; i++) {
      if (search !== null && (i & (AHEAD - 1)) === 0) {
        for (let k = i + AHEAD; k < Math.min(i + 2 * AHEAD, count); k++) {
          const inner = innerAt(bytes, offset[k] as number, captured[k] as number);
          if (inner >= 0) search.approach(bytes, inner);
        }
      }
      decodeFrame(view, bytes, offset[i] as number, captured[i] as number, original[i] as number, 1);
      seen.frame = batch.firstFrame + i;
      seen.time.sec = batch.sec[i] as number;
      seen.time.nsec = batch.nsec[i] as number;
      if (search !== null) search.frame(view, seen);
    }
    packets += count;
  }
  search?.finish();
  const { user, system } = process.cpuUsage(began);
  return { packets, ns: ((user + system) * 1000) / packets };
}

const decoded = await pass(null);
const search = new CopyTracker({
  printKey: new Uint8Array(16).fill(3),
  samplingKey: new Uint8Array(16).fill(5),
  judge: new CopyPaths(null, []),
  isSubscriber,
});
const searched = await pass(search);
const began = process.cpuUsage();
const found = search.observations().reduce((n, o) => n + o.packets, 0);
const { user, system } = process.cpuUsage(began);
console.log(
  `${searched.packets} packets, ${found} copies: decoding ${decoded.ns.toFixed(0)} ns a packet, with the search ${searched.ns.toFixed(0)}, ` +
    `the search alone ${(searched.ns - decoded.ns).toFixed(0)}; observations ${((user + system) / 1000).toFixed(0)} ms; ` +
    `peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`,
);
