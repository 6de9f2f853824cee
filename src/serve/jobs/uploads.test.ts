import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { limits } from "#serve/limits.ts";
import { fileName, Uploads } from "./uploads.ts";

const uploads = new Uploads();
const temporary = process.env["TMPDIR"];
afterEach(() => {
  if (temporary === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = temporary;
  uploads.close();
});

test("an upload that cannot be kept gives its place back", async () => {
  const nowhere = join(tmpdir(), `tapproof-nowhere-${process.pid}`);
  mkdirSync(nowhere);
  rmSync(nowhere, { recursive: true });
  process.env["TMPDIR"] = nowhere;
  for (let i = 0; i < limits.waitingUploads + 5; i++)
    await expect(uploads.take("c", "a.pcap", Readable.from([Buffer.from("x")]))).rejects.toThrow(/ENOENT/);
  delete process.env["TMPDIR"];
  expect((await uploads.take("c", "a.pcap", Readable.from([Buffer.from("x")]))).bytes).toBe(1);
});

test("a name of many octets is cut to what a file system takes, and keeps its ending", async () => {
  for (const letter of ["a", "é", "語", "\u{20000}"]) {
    const name = `${letter.repeat(400)}.pcap`;
    expect(Buffer.byteLength(fileName(name))).toBeLessThanOrEqual(255);
    expect(fileName(name).endsWith(`${letter}.pcap`)).toBe(true);
    expect((await uploads.take("c", name, Readable.from([Buffer.from("x")]))).file).toBe(fileName(name));
  }
});
