/** What targets begin with where they have no corpus yet: the captures that are committed. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openCapture } from "#capture/open.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { packed } from "./packets.ts";
import type { Target } from "./targets.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const SCTP = 132;
const MOST_FRAMES = 4_000;
/** Frames that a run of traffic begins with. */
const RUN = 12;

export async function seedsFor({ seeds }: Target): Promise<readonly Uint8Array[]> {
  if (typeof seeds !== "string") return seeds;
  const files = globSync("test/captures/**/*.{pcap,pcapng,pcap.gz,pcapng.gz}", { cwd: root }).toSorted();
  if (seeds === "captures")
    return files.map((file) => new Uint8Array(readFileSync(root + file))).filter((octets) => octets.length < 32_768);
  const found: Uint8Array[] = [];
  for (const file of files) {
    const frames = await framesOf(root + file);
    if (seeds === "payloads") found.push(...payloads(frames));
    else for (let i = 0; i < frames.length; i += RUN) found.push(packed(frames.slice(i, i + RUN)));
  }
  return found;
}

async function framesOf(path: string): Promise<Uint8Array[]> {
  const reader = await openCapture(path, { hash: false });
  const frames: Uint8Array[] = [];
  for (let batch = await reader.next(); batch !== null && frames.length < MOST_FRAMES; batch = await reader.next()) {
    for (let i = 0; i < batch.count; i++) {
      const at = batch.offset[i] as number;
      frames.push(batch.bytes.slice(at, at + (batch.captured[i] as number)));
    }
  }
  await reader.close();
  return frames;
}

/** Payloads of UDP and TCP, and of SCTP's data chunks, one of each length and beginning. */
function payloads(frames: readonly Uint8Array[]): Uint8Array[] {
  const view = new PacketView();
  const found = new Map<string, Uint8Array>();
  const keep = (octets: Uint8Array): void => {
    if (octets.length > 0) found.set(`${octets.length} ${octets.subarray(0, 2).join()}`, octets);
  };
  for (const frame of frames) {
    decodeFrame(view, frame, 0, frame.length, frame.length, 1);
    for (let level = 0; level < view.ipCount; level++) {
      const start = view.payloadStart[level] as number;
      const end = view.payloadEnd[level] as number;
      if (view.ipProtocol[level] !== SCTP) keep(frame.slice(start, end));
      else for (const chunk of chunks(frame.subarray(start, end))) keep(chunk);
    }
  }
  return [...found.values()];
}

/** User data of the DATA chunks (RFC 9260 §3.3.1). */
function chunks(b: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at + 16 <= b.length;) {
    const length = ((b[at + 2] as number) << 8) | (b[at + 3] as number);
    if (length < 4) break;
    if (b[at] === 0) found.push(b.slice(at + 16, at + length));
    at += (length + 3) & ~3;
  }
  return found;
}
