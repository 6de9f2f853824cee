import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { HashThread } from "./hash-thread.ts";
import { openCapture } from "./open.ts";

const dir = mkdtempSync(join(tmpdir(), "tapproof-hash-"));
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, octets: number): { path: string; sha256: string } {
  const bytes = new Uint8Array(octets);
  for (let i = 0; i < octets; i += 97) bytes[i] = i;
  // A pcap of one record that is cut.
  bytes.set([0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]);
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return { path, sha256: createHash("sha256").update(bytes).digest("hex") };
}

test("the thread's hash is the hash, of large files and small ones, several at a time", async () => {
  const thread = new HashThread();
  const files = [file("a.pcap", 17 * 1024 * 1024 + 5), file("b.pcap", 1000), file("c.pcap", 16 * 1024 * 1024)];
  const readers = await Promise.all(files.map(({ path }) => openCapture(path, { hashThread: thread })));
  await Promise.all(
    readers.map(async (reader) => {
      while ((await reader.next()) !== null);
    }),
  );
  expect(readers.map((reader) => reader.sha256)).toEqual(files.map(({ sha256 }) => sha256));
  await thread.close();
});

test("a file that grows is hashed as far as it was read; one that shrank has no hash", async () => {
  const thread = new HashThread();
  const { path, sha256 } = file("d.pcap", 2_000_000);
  const growing = thread.begin(path);
  appendFileSync(path, "more");
  expect(await growing.finish(2_000_000)).toBe(sha256);
  const shrinking = thread.begin(path);
  truncateSync(path, 1000);
  expect(await shrinking.finish(2_000_000)).toBeUndefined();
  await thread.close();
});

test("where the thread has gone the file is hashed all the same", async () => {
  const thread = new HashThread();
  const { path, sha256 } = file("e.pcap", 3_000_000);
  const hash = thread.begin(path);
  await thread.close();
  expect(await hash.finish(3_000_000)).toBe(sha256);
});
