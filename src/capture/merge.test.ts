import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { mergeCaptures, openCaptures } from "./merge.ts";
import { findDuplicates } from "./duplicates.ts";
import { pcapFileHeader, pcapRecord } from "./write.ts";

const dir = mkdtempSync(join(tmpdir(), "tapproof-merge-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function write(name: string, times: readonly number[]): string {
  const path = join(dir, name);
  const frame = (sec: number, n: number) => ({ bytes: Uint8Array.of(n), offset: 0, captured: 1, original: 1, sec, nsec: 0 });
  writeFileSync(path, Buffer.concat([pcapFileHeader(1), ...times.map((sec, n) => pcapRecord(frame(sec, n)))]));
  return path;
}

async function merged(paths: readonly string[]): Promise<string[]> {
  const out: string[] = [];
  await mergeCaptures(await openCaptures(paths), (batch, from, to, reader) => {
    for (let i = from; i < to; i++) out.push(`${batch.sec[i]} ${reader.file} ${batch.firstFrame + i}`);
  });
  return out;
}

it("orders frames by time, then by the captures' names, whatever the order of the arguments", async () => {
  const a = write("a", [1, 4, 5, 9]);
  const b = write("b", [2, 4, 4, 10]);
  const c = write("c", [20, 21]);
  const expected = ["1 a 1", "2 b 1", "4 a 2", "4 b 2", "4 b 3", "5 a 3", "9 a 4", "10 b 4", "20 c 1", "21 c 2"];
  for (const order of [
    [a, b, c],
    [c, b, a],
    [b, a, c, b],
  ])
    expect(await merged(order)).toEqual(expected);
});

it("is a stable sort of sorted captures", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.nat(30), { maxLength: 20 }), { minLength: 1, maxLength: 6 }), async (captures) => {
      run++;
      const sorted = captures.map((times) => [...times].sort((x, y) => x - y));
      const paths = sorted.map((times, i) => write(`p${run}-${i}`, times));
      const all = sorted.flatMap((times, i) => times.map((sec, n) => ({ sec, line: `${sec} p${run}-${i} ${n + 1}` })));
      all.sort((x, y) => x.sec - y.sec);
      expect(await merged([...paths].reverse())).toEqual(all.map(({ line }) => line));
    }),
    { numRuns: 40, seed: 3 },
  );
});

it("keeps a capture's own order where it is not sorted", async () => {
  expect(await merged([write("x", [5, 3, 8]), write("y", [4])])).toEqual(["4 y 1", "5 x 1", "3 x 2", "8 x 3"]);
});

it("finds the same octets under several names, and keeps the name that is wanted", async () => {
  const [one, other, third] = [write("d1", [1, 2]), write("d2", [1, 2]), write("d3", [1, 2])];
  const [longer, alike] = [write("d4", [1, 2, 3]), write("d5", [1, 3])];
  const all = [one, other, third, longer, alike, "-", join(dir, "absent"), join(dir, "absent")];
  const none = (): boolean => false;
  expect(await findDuplicates(all, none)).toEqual([other, third].map((path) => ({ path, kept: one })));
  expect(await findDuplicates(all, (path) => path === third)).toEqual([one, other].map((path) => ({ path, kept: third })));
  const told: string[] = [];
  const inputs = await openCaptures([longer, other, one], { once: { prefer: none, told: ({ path }) => told.push(path) } });
  expect([inputs.length, told]).toEqual([2, [other]]);
  for (const { reader } of inputs) await reader.close();
});
