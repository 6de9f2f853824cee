import { expect, test } from "vitest";
import { Info, PrintStore } from "./print-store.ts";

const BOTH = Info.HAS_HEADER | Info.HAS_PAYLOAD;

test.each([10_000, 100_000])("finds what was put in, newest first, through growth: %i records", (records) => {
  const s = new PrintStore(128 * records);
  for (let i = 1; i <= records; i++) s.insert(i * 7, i, i * 13, i, BOTH, i & 0xffff, i, i, i, 100);
  s.insert(7, 1, 13, 1, BOTH, 99, 0, 1, records + 1, 100);
  for (let i = 2; i <= records; i++) {
    const p = s.firstHeader(i * 7, i);
    if (s.leg(p) !== (i & 0xffff) || s.flow(p) !== i || s.length(p) !== 100) expect.fail(`record ${i}`);
    if (s.time(s.firstPayload(i * 13, i)) !== i || s.olderHeader(p, i * 7, i) !== 0) expect.fail(`record ${i}`);
  }
  const p = s.firstHeader(7, 1);
  expect(s.leg(p)).toBe(99);
  expect(s.leg(s.olderHeader(p, 7, 1))).toBe(1);
  expect(s.firstHeader(7, 2)).toBe(0);
});

test("memory has a bound, and the horizon says what it costs", () => {
  const s = new PrintStore(1024 * 64);
  expect(s.maxRecords).toBe(1024);
  for (let i = 1; i <= 5000; i++) s.insert(i, i, 0, 0, Info.HAS_HEADER, 0, 0, i, i * 1000, 1);
  expect(s.size).toBe(1024);
  expect(s.bytes).toBeLessThanOrEqual(1024 * 64);
  expect(s.horizonMicros).toBe(1023 * 1000);
  expect(s.firstHeader(5000 - 1023, 5000 - 1023)).not.toBe(0);
  expect(s.firstHeader(5000 - 1024, 5000 - 1024)).toBe(0);
  expect([...s.positions()].length).toBe(1024);
});

test("equal prints without end cost a bounded walk", () => {
  const s = new PrintStore(1024 * 64 * 16);
  const begin = process.hrtime.bigint();
  for (let i = 1; i <= 200_000; i++) {
    s.insert(5, 5, 6, 6, BOTH, 0, 0, i, i, 1);
    s.firstHeader(5 + 65536 * 64, 5);
  }
  expect(Number(process.hrtime.bigint() - begin) / 1e9).toBeLessThan(5);
});

test.each([500, 5000, 300_000])("whoever asks late finds what the ring still holds, and nothing else: %i records", (records) => {
  const s = new PrintStore(1024 * 64 * 64);
  expect(s.firstHeader(1, 1)).toBe(0);
  const late = new PrintStore(1024 * 64 * 64);
  for (let i = 1; i <= records; i++) {
    for (const store of [s, late]) store.insert(i * 7, i, i * 13, i, BOTH, 0, i, i, i, 100);
    s.firstPayload(i * 13, i);
  }
  expect(late.bytes).toBeLessThan(s.bytes);
  for (let i = 1; i <= records + 1; i++) {
    const p = late.firstHeader(i * 7, i);
    if (p !== s.firstHeader(i * 7, i) || late.firstPayload(i * 13, i) !== s.firstPayload(i * 13, i)) expect.fail(`record ${i}`);
    if ((p !== 0) !== (i <= records && i > records - s.maxRecords)) expect.fail(`record ${i}`);
  }
  expect(late.bytes).toBe(s.bytes);
});
