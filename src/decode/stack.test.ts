/** The whole decode path over real captures, cut and changed: no exception, bounded state, and what is whole is still read. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCapture } from "#capture/open.ts";
import type { ObservedMessage } from "#model/message.ts";
import { decodeFrame } from "./packet/decode.ts";
import { PacketView } from "./packet/view.ts";
import { ControlStack } from "./stack.ts";

const ROOT = join(import.meta.dirname, "../..");
const CAPTURES = ["unreasoned-query", "undeclared-duplication", "unwarranted-interception", "clean-handover"].map((name) =>
  join(ROOT, "test/captures/claims-examples", name, "core.pcap"),
);

interface Frame {
  readonly bytes: Uint8Array;
  readonly original: number;
  readonly linkType: number;
}

async function framesOf(path: string): Promise<Frame[]> {
  const reader = await openCapture(path, { hash: false });
  const frames: Frame[] = [];
  for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
    for (let i = 0; i < batch.count; i++) {
      const at = batch.offset[i] as number;
      const bytes = batch.bytes.slice(at, at + (batch.captured[i] as number));
      frames.push({ bytes, original: batch.original[i] as number, linkType: reader.points[0]?.linkType ?? 1 });
    }
  }
  await reader.close();
  return frames;
}

function run(frames: readonly Frame[]): { messages: ObservedMessage[]; stack: ControlStack } {
  const messages: ObservedMessage[] = [];
  const stack = new ControlStack({ message: (m) => void messages.push(m), fault: () => undefined });
  const view = new PacketView();
  frames.forEach((f, i) => {
    decodeFrame(view, f.bytes, 0, f.bytes.length, f.original, f.linkType);
    if (stack.wants(view)) stack.packet(view, { capture: 0, point: 0, frame: i + 1, frames: undefined, time: { sec: i, nsec: 0 } });
  });
  stack.flush();
  return { messages, stack };
}

/** xorshift, so that a failure can be repeated. */
function random(seed: number): () => number {
  let x = seed | 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
}

const there = CAPTURES.filter((c) => existsSync(c));
if (there.length === 0) console.warn("SKIPPED: test/captures is missing");

test.each(there)("%s with octets changed", async (path) => {
  const frames = await framesOf(path);
  const next = random(20_260_101);
  for (let round = 0; round < 20; round++) {
    const changed = frames.map((f) => {
      if (next() % 3 !== 0) return f;
      const bytes = f.bytes.slice();
      for (let i = 0; i <= next() % 4; i++) bytes[next() % bytes.length] = next() & 255;
      return { ...f, bytes };
    });
    const { stack } = run(changed);
    expect(stack.tcp.heldOctets).toBe(0);
    expect(stack.tcp.size + stack.sctp.size).toBe(0);
  }
});

test.each(there)("%s with every frame cut", async (path) => {
  const frames = await framesOf(path);
  const whole = run(frames).messages.length;
  for (let snap = 14; snap < 400; snap += 13) {
    const { messages } = run(frames.map((f) => ({ ...f, bytes: f.bytes.slice(0, snap) })));
    expect(messages.length).toBeLessThanOrEqual(whole);
  }
});

test.each(there)("%s with its frames repeated: retransmitted chunks and segments are read once", async (path) => {
  const frames = await framesOf(path);
  const ofStreams = (all: readonly ObservedMessage[]): number => all.filter((m) => m.origin.transport !== "udp").length;
  const once = ofStreams(run(frames).messages);
  expect(ofStreams(run(frames.flatMap((f) => [f, f])).messages)).toBe(once);
});
