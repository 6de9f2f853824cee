/** Captures, frames, and frames one after the other, up to findings. */
import { Readable } from "node:stream";
import { openStream } from "#capture/open.ts";
import { CaptureError } from "#capture/reader.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { ControlStack } from "#decode/stack.ts";
import { Lookup } from "#declaration/lookup.ts";
import { parseDeclaration } from "#declaration/load.ts";
import { LinkType, type FrameBatch } from "#model/frame.ts";
import { JudgeEngine } from "#run/engine/judge.ts";
import { SenseEngine } from "#run/engine/sense.ts";
import { PointTable } from "#run/points.ts";
import type { Target } from "./targets.ts";

const LINK_TYPES: readonly number[] = Object.values(LinkType);
const MOST_FRAMES = 64;
const START = 1_767_225_600;

/** Frames of one input: each is its length (two octets), a step of time (one octet, in quarters of a second) and its octets. */
export function packed(frames: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(frames.flatMap((frame) => [Uint8Array.of(frame.length >>> 8, frame.length & 255, 1), frame]));
}

function unpacked(input: Uint8Array): FrameBatch {
  const offset = new Int32Array(MOST_FRAMES);
  const captured = new Int32Array(MOST_FRAMES);
  const sec = new Float64Array(MOST_FRAMES);
  const nsec = new Int32Array(MOST_FRAMES);
  let count = 0;
  let quarters = 0;
  for (let at = 0; at + 3 <= input.length && count < MOST_FRAMES;) {
    const length = Math.min(((input[at] as number) << 8) | (input[at + 1] as number), input.length - at - 3);
    quarters += input[at + 2] as number;
    offset[count] = at + 3;
    captured[count] = length;
    sec[count] = START + (quarters >>> 2);
    nsec[count] = (quarters & 3) * 250_000_000;
    count++;
    at += 3 + length;
  }
  return { bytes: input, count, offset, captured, original: captured, sec, nsec, point: new Int32Array(MOST_FRAMES), firstFrame: 1 };
}

async function readCapture(input: Uint8Array): Promise<void> {
  try {
    const reader = await openStream(Readable.from([input]), { hash: false });
    let frames = 0;
    for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
      for (let i = 0; i < batch.count; i++) {
        const at = batch.offset[i] as number;
        const length = batch.captured[i] as number;
        if (at < 0 || length < 0 || at + length > batch.bytes.length)
          throw new Error(`frame ${batch.firstFrame + i} lies outside its block`);
        if (reader.points.every((point) => point.index !== batch.point[i])) throw new Error(`frame ${batch.firstFrame + i} has no point`);
      }
      frames += batch.count;
    }
    await reader.close();
    if (frames * 16 > input.length + 64 && input[0] !== 0x1f && input[0] !== 0x28) throw new Error("more frames than octets can hold");
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
  }
}

const view = new PacketView();

function decode(input: Uint8Array): void {
  const linkType = LINK_TYPES[(input[0] ?? 0) % LINK_TYPES.length] as number;
  decodeFrame(view, input, 1, Math.max(0, input.length - 1), input.length + 3, linkType);
  for (let level = 0; level < view.ipCount; level++) {
    const start = view.payloadStart[level] as number;
    const end = view.payloadEnd[level] as number;
    if (end > input.length || (end > 0 && start > end)) throw new Error(`payload of level ${level} lies outside its frame`);
    if ((view.ipEnd[level] as number) > input.length) throw new Error(`packet of level ${level} ends outside its frame`);
  }
}

function control(input: Uint8Array, asReceived: boolean): void {
  let messages = 0;
  const stack = new ControlStack({ message: () => void messages++, fault: () => undefined }, { asReceived, key: [1, 2] });
  const batch = unpacked(input);
  for (let i = 0; i < batch.count; i++) {
    const length = batch.captured[i] as number;
    decodeFrame(view, batch.bytes, batch.offset[i] as number, length, length, LinkType.ETHERNET);
    const time = { sec: batch.sec[i] as number, nsec: batch.nsec[i] as number };
    if (stack.wants(view)) stack.packet(view, { capture: 0, point: 0, frame: i + 1, frames: undefined, time });
  }
  stack.flush();
  if (messages > input.length + 64) throw new Error(`${messages} messages out of ${input.length} octets`);
}

const NETWORK = new Lookup(
  parseDeclaration(
    JSON.stringify({
      network: { name: "Exampletel", country: "FR", plmns: ["20801"] },
      functions: [
        { name: "mme-1", roles: ["MME"], addresses: ["10.0.0.1"] },
        { name: "spgw-1", roles: ["SGW", "PGW"], addresses: ["10.0.0.2", "10.0.1.2"] },
        { name: "enb-1", roles: ["eNB"], addresses: ["10.0.1.1"] },
      ],
      subscribers: { addresses: ["172.16.0.0/24"] },
    }),
    "network.json",
  ).declaration,
);

/** From frames to findings. The search for copies is left out: its tables would be made anew for each input. */
function engine(input: Uint8Array): void {
  const declared = input.length % 2 === 0 ? NETWORK : null;
  const points = new PointTable(declared);
  points.add(
    { index: 0, capture: 0, interfaceId: 0, interfaceName: undefined, linkType: LinkType.ETHERNET, snapLength: 0 },
    "core.pcap",
    false,
    0,
  );
  const judge = new JudgeEngine({ declaration: declared, register: null, points: points.infos, seed: 1 });
  const sense = new SenseEngine({
    declaration: declared,
    points,
    seed: 1,
    tell: (fact) => judge.take(fact),
    advice: judge.advice,
    copies: null,
    services: null,
    control: { key: [1, 2], asReceived: false },
  });
  const batch = unpacked(input);
  sense.feed(batch, 0, batch.count, 0, Int32Array.of(LinkType.ETHERNET));
  judge.stock();
  sense.close();
  const { gaps } = judge.stock();
  if (gaps.length > 0) throw new Error(`a detector failed: ${JSON.stringify(gaps)}`);
  if (sense.frames !== batch.count) throw new Error(`${batch.count} frames in, ${sense.frames} counted`);
}

export const packets: readonly Target[] = [
  { name: "capture", run: readCapture, seeds: "captures", longest: 32_768 },
  { name: "frame", run: decode, seeds: "traffic" },
  { name: "control", run: (input) => control(input, false), seeds: "traffic", longest: 16_384 },
  { name: "control-as-received", run: (input) => control(input, true), seeds: "traffic", longest: 16_384 },
  { name: "engine", run: engine, seeds: "traffic", longest: 16_384 },
];
