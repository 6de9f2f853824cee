import { expect, test } from "vitest";
import type { FrameBatch } from "#model/frame.ts";
import { RollingBuffer } from "./rolling-buffer.ts";

function batch(firstFrame: number, sec: number, sizes: readonly number[]): FrameBatch {
  const bytes = new Uint8Array(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  const offset = sizes.map((size, i) => {
    const start = at;
    bytes.fill(firstFrame + i, at, (at += size));
    return start;
  });
  return {
    bytes,
    count: sizes.length,
    offset: Int32Array.from(offset),
    captured: Int32Array.from(sizes),
    original: Int32Array.from(sizes, (size) => size + 1),
    sec: Float64Array.from(sizes, () => sec),
    nsec: Int32Array.from(sizes, (_, i) => i),
    point: Int32Array.from(sizes, () => 3),
    firstFrame,
  };
}

test("a finding's frames are kept as captured, also after the rest was forgotten", () => {
  const buffer = new RollingBuffer({ octets: 1_000_000, seconds: 10 });
  buffer.put(batch(1, 100, [60, 80]), 0);
  buffer.put(batch(3, 101, [100]), 0);
  buffer.put(batch(1, 101, [90]), 1);
  buffer.keep(0, [2, 3, 99]);
  buffer.put(batch(4, 200, [60]), 0);
  buffer.keep(0, [1]);
  expect(buffer.frames(0).map((frame) => ({ ...frame, bytes: Uint8Array.from(frame.bytes) }))).toEqual([
    { frame: 2, point: 3, original: 81, sec: 100, nsec: 1, bytes: new Uint8Array(80).fill(2) },
    { frame: 3, point: 3, original: 101, sec: 101, nsec: 0, bytes: new Uint8Array(100).fill(3) },
  ]);
  expect(buffer.frames(1)).toEqual([]);
  // 99 never was, 1 was forgotten.
  expect(buffer.missed).toBe(2);
});

test("no more octets than the budget: the oldest go first", () => {
  const buffer = new RollingBuffer({ octets: 5_000, seconds: 1e9 });
  for (let i = 1; i <= 100; i++) buffer.put(batch(i, i, [1_000]), 0);
  buffer.keep(
    0,
    Array.from({ length: 100 }, (_, i) => i + 1),
  );
  expect(buffer.frames(0).map(({ frame }) => frame)).toEqual([97, 98, 99, 100]);
});

test("nothing is readable in memory: neither frames nor what is kept for findings stand in clear", () => {
  const buffer = new RollingBuffer({ octets: 1_000_000, seconds: 10 });
  const secret = batch(1, 1, [64]);
  secret.bytes.set(Buffer.from("IMSI 208201234567890, and what he wrote to whom"), 0);
  buffer.put(secret, 0);
  buffer.keep(0, [1]);
  const octets: Buffer[] = [];
  const walk = (value: unknown): void => {
    if (value instanceof Uint8Array) octets.push(Buffer.from(value));
    else if (value instanceof Map) for (const item of value.values()) walk(item);
    else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) walk(item);
  };
  walk(buffer);
  expect(octets.length).toBeGreaterThan(4);
  for (const part of octets) expect(part.includes("208201234567890")).toBe(false);
});
