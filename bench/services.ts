/**
 * What counting servers' names costs a user packet: `node bench/services.ts CAPTURE [ROUNDS]`.
 *
 * Two figures: frames decoded with and without the watch, and whole scans without the copy search with and without it, by turns; CPU of this process; the least of the rounds counts, since other load only ever adds.
 */
import { openCapture } from "#capture/open.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { quicPrimitives } from "#run/primitives.ts";
import { scan } from "#run/scan.ts";
import { ServiceWatch } from "#sense/services.ts";
import { Services } from "#run/engine/services.ts";
import { Tracker } from "#join/tracker.ts";

const path = process.argv[2]!;
const rounds = Number(process.argv[3] ?? 5);
const cpu = (): number => process.cpuUsage().user + process.cpuUsage().system;

interface Frame {
  readonly offset: number;
  readonly captured: number;
  readonly original: number;
  readonly linkType: number;
}
const reader = await openCapture(path, { hash: false });
let batch = (await reader.next())!;
// the first frames set tunnels up
for (let i = 0; i < 8; i++) batch = (await reader.next()) ?? batch;
const bytes = batch.bytes.slice();
const frames: Frame[] = [];
const view = new PacketView();
for (let i = 0; i < batch.count; i++) {
  const linkType = reader.points[batch.point[i]!]!.linkType;
  const frame = { offset: batch.offset[i]!, captured: batch.captured[i]!, original: batch.original[i]!, linkType };
  decodeFrame(view, bytes, frame.offset, frame.captured, frame.original, linkType);
  if (view.ipCount > 1 && view.gtpType[0] === 255) frames.push(frame);
}
const services = new Services(new Tracker(1, () => undefined), 1);
const watch = new ServiceWatch({ ...services.around, isSubscriber: () => false }, services.counter, quicPrimitives, 1);
/** Nanoseconds a frame, decoded and, perhaps, watched. */
function pass(watched: boolean): number {
  const times = Math.ceil(2e6 / frames.length);
  const began = cpu();
  for (let n = 0; n < times; n++) {
    for (let i = 0; i < frames.length; i++) {
      const { offset, captured, original, linkType } = frames[i]!;
      decodeFrame(view, bytes, offset, captured, original, linkType);
      if (watched) watch.packet(view, 1, n * 1e6);
    }
  }
  return ((cpu() - began) * 1000) / (times * frames.length);
}
const bare: number[] = [];
const watched: number[] = [];
for (let round = 0; round < rounds + 2; round++) {
  bare.push(pass(false));
  watched.push(pass(true));
}
const [least, both] = [Math.min(...bare.slice(2)), Math.min(...watched.slice(2))];
console.log(
  `${frames.length} G-PDUs: ${least.toFixed(1)} ns to decode, ${both.toFixed(1)} ns with the watch: ${(both - least).toFixed(1)} ns a packet`,
);

const taken: { off: number[]; on: number[] } = { off: [], on: [] };
let packets = 0;
for (let round = 0; round < rounds; round++) {
  for (const services of round % 2 === 0 ? [false, true] : [true, false]) {
    const began = cpu();
    const { document } = await scan({ paths: [path], declaration: null, skipBad: false, identities: false, copyBytes: 0, services });
    packets = document.captures.reduce((sum, { packets: n }) => sum + n, 0);
    taken[services ? "on" : "off"].push((cpu() - began) / 1e6);
  }
}
const [off, on] = [Math.min(...taken.off), Math.min(...taken.on)];
console.log(
  `scan of ${packets} packets, without the copy search: ${off.toFixed(3)} s, with names ${on.toFixed(3)} s CPU (${((on / off - 1) * 100).toFixed(1)} %)`,
);
console.log(JSON.stringify(taken));
