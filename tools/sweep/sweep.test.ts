import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { damages } from "./damage.ts";
import { captureFiles, sweep } from "./main.ts";

const scratch = mkdtempSync(join(tmpdir(), "tapproof-sweep-test-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe("damage", () => {
  it("is every cut and flip of the first 64 KiB and 2,000 offsets beyond", () => {
    const all = damages(1_000_000, 7);
    expect(all).toHaveLength(2 * (65_536 + 2_000));
    expect(new Set(all.map(({ kind, offset }) => `${kind} ${offset}`)).size).toBe(all.length);
    expect(all.every(({ offset }) => offset < 1_000_000)).toBe(true);
  });
  it("is the same for the same seed", () => {
    expect(damages(5_000, 7, 50)).toEqual(damages(5_000, 7, 50));
    expect(damages(5_000, 8, 50)).not.toEqual(damages(5_000, 7, 50));
  });
});

it("a process that cannot scan at all is a failure", async () => {
  const result = await sweep({ file: join(scratch, "absent.pcap"), scratch: join(scratch, "copy.pcap"), seed: 1, sample: 1 });
  expect(result.failures).toHaveLength(1);
});

it.each(captureFiles("test/captures").concat(captureFiles("examples")))("%s damaged: no crash, no hang", async (file) => {
  const suffix = /\.(gz|zst)$/.exec(file)?.[0] ?? "";
  const result = await sweep({ file, scratch: join(scratch, `damaged.pcap${suffix}`), seed: 1, sample: 12 });
  expect(result.failures).toEqual([]);
  expect(result.tried).toBe(12);
});
