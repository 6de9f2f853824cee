import { expect, test } from "vitest";
import type { FrameBatch } from "#model/frame.ts";
import { Volumes } from "./volumes.ts";

function batchOf(frames: readonly { readonly point: number; readonly sec: number; readonly bytes: number }[]): FrameBatch {
  return {
    bytes: new Uint8Array(),
    count: frames.length,
    offset: new Int32Array(frames.length),
    captured: new Int32Array(frames.length),
    original: Int32Array.from(frames.map((f) => f.bytes)),
    sec: Float64Array.from(frames.map((f) => f.sec)),
    nsec: new Int32Array(frames.length),
    point: Int32Array.from(frames.map((f) => f.point)),
    firstFrame: 1,
  };
}

test("sums octets and packets by point and second, in whatever order they come", () => {
  const volumes = new Volumes();
  const frames = [
    { point: 0, sec: 100, bytes: 60 },
    { point: 0, sec: 100, bytes: 40 },
    { point: 1, sec: 100, bytes: 7 },
    { point: 0, sec: 99, bytes: 1 },
    { point: 0, sec: 100, bytes: 2 },
  ];
  volumes.batch(batchOf(frames), 0, 3);
  volumes.batch(batchOf(frames), 3, 5);
  expect([...volumes.all()].toSorted((a, b) => a.point - b.point || a.from - b.from)).toEqual([
    { point: 0, from: 99, seconds: 1, packets: 1, bytes: 1 },
    { point: 0, from: 100, seconds: 1, packets: 3, bytes: 102 },
    { point: 1, from: 100, seconds: 1, packets: 1, bytes: 7 },
  ]);
});

test("more slices than the limit become wider, and no octet is lost", () => {
  const volumes = new Volumes(16);
  const frames = Array.from({ length: 1000 }, (_, i) => ({ point: i % 3, sec: i * 37, bytes: i }));
  volumes.batch(batchOf(frames), 0, frames.length);
  const all = [...volumes.all()];
  expect(all.length).toBeLessThanOrEqual(16);
  expect(all.reduce((sum, v) => sum + v.bytes, 0)).toBe((999 * 1000) / 2);
  expect(all.reduce((sum, v) => sum + v.packets, 0)).toBe(1000);
  for (const v of all) expect(v.from % v.seconds).toBe(0);
});

test("times far apart at more points than there are slices end, whatever a capture claims", () => {
  const volumes = new Volumes(8);
  const frames = Array.from({ length: 200 }, (_, i) => ({ point: i, sec: (i % 2) * 4_294_967_295, bytes: 1 }));
  volumes.batch(batchOf(frames), 0, frames.length);
  expect([...volumes.all()].reduce((sum, v) => sum + v.packets, 0)).toBe(200);
});
