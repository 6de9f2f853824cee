import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { listCaptures, openCapture } from "./open.ts";
import { CaptureError, type CaptureReader } from "./reader.ts";
import { pcapFileHeader, pcapngInterface, pcapngPacket, pcapngSection, pcapRecord } from "./write.ts";

const CAPTURES = "../shared/captures";
const dir = mkdtempSync(join(tmpdir(), "tapproof-capture-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let files = 0;
function file(content: Uint8Array): string {
  const path = join(dir, `f${files++}`);
  writeFileSync(path, content);
  return path;
}

interface Seen {
  readonly reader: CaptureReader;
  readonly frames: { sec: number; nsec: number; captured: number; original: number; point: number; first: number }[];
}

async function readAll(path: string, blockBytes?: number): Promise<Seen> {
  const reader = await openCapture(path, blockBytes === undefined ? {} : { blockBytes });
  const frames: Seen["frames"] = [];
  for (let b = await reader.next(); b !== null; b = await reader.next()) {
    for (let i = 0; i < b.count; i++) {
      expect(b.offset[i]! + b.captured[i]!).toBeLessThanOrEqual(b.bytes.length);
      frames.push({
        sec: b.sec[i]!,
        nsec: b.nsec[i]!,
        captured: b.captured[i]!,
        original: b.original[i]!,
        point: b.point[i]!,
        first: b.bytes[b.offset[i]!] ?? -1,
      });
    }
  }
  return { reader, frames };
}

const frame = (n: number, captured = 60, original = captured) => ({
  bytes: new Uint8Array(captured).fill(n & 255),
  offset: 0,
  captured,
  original,
  sec: 1_700_000_000 + n,
  nsec: 123_456_789,
});
const pcap = (count: number): Buffer =>
  Buffer.concat([pcapFileHeader(1), ...Array.from({ length: count }, (_, n) => pcapRecord(frame(n)))]);

/** Swaps the file to big-endian with microseconds, by hand. */
function bigEndianMicros(count: number): Buffer {
  const out = Buffer.alloc(24 + count * 20);
  out.writeUInt32BE(0xa1b2c3d4, 0);
  out.writeUInt16BE(2, 4);
  out.writeUInt16BE(4, 6);
  out.writeUInt32BE(65_535, 16);
  out.writeUInt32BE(101, 20);
  for (let n = 0; n < count; n++) [100 + n, 7, 4, 9].forEach((v, k) => out.writeUInt32BE(v, 24 + n * 20 + k * 4));
  return out;
}

describe("openCapture", () => {
  it("reads its own pcap and pcapng, plain, gzip (several members) and zstd (several frames)", async () => {
    const plain = pcap(50);
    const ng = Buffer.concat([
      pcapngSection("test", "whole"),
      pcapngInterface({ linkType: 1, snapLength: 0, name: "eth0" }),
      ...Array.from({ length: 50 }, (_, n) => pcapngPacket(0, frame(n), n === 3 ? ["look here"] : [])),
    ]);
    const forms = [
      plain,
      ng,
      gzipSync(plain),
      zstdCompressSync(ng),
      Buffer.concat([gzipSync(plain.subarray(0, 700)), gzipSync(plain.subarray(700))]),
      Buffer.concat([zstdCompressSync(plain.subarray(0, 700)), zstdCompressSync(plain.subarray(700))]),
    ];
    for (const form of forms) {
      const { reader, frames } = await readAll(file(form));
      expect(frames.length).toBe(50);
      expect(frames[7]).toEqual({ sec: 1_700_000_007, nsec: 123_456_789, captured: 60, original: 60, point: 0, first: 7 });
      expect(reader.sha256).toBe(createHash("sha256").update(form).digest("hex"));
      expect(reader.stats).toMatchObject({ packets: 50, bytes: 3000, truncated: 0, malformedRecords: 0, gaps: [] });
      expect(reader.stats.last).toEqual({ sec: 1_700_000_049, nsec: 123_456_789 });
      if (reader.format === "pcapng") expect(reader.stats.comments).toEqual(["whole", "look here"]);
    }
  });

  it("reads big-endian microseconds, snapped frames, and a header without packets", async () => {
    const { reader, frames } = await readAll(file(bigEndianMicros(3)));
    expect(frames[2]).toMatchObject({ sec: 102, nsec: 7000, captured: 4, original: 9 });
    expect(reader.stats).toMatchObject({ packets: 3, bytes: 27, truncated: 3 });
    expect(reader.points[0]!.linkType).toBe(101);
    expect((await readAll(file(pcap(0)))).reader.stats.packets).toBe(0);
  });

  it("says what is wrong with what cannot be used", async () => {
    const kinds: [string, RegExp][] = [
      [file(new Uint8Array(0)), /is empty/],
      [file(Buffer.from("hello, this is no capture")), /not a capture of a known type/],
      [join(dir, "absent"), /no such file/],
      [dir, /is a directory/],
      [file(pcap(0).subarray(0, 20)), /inside the file header/],
      [file(gzipSync(Buffer.from("plain text in gzip, long enough"))), /not a capture of a known type/],
    ];
    for (const [path, what] of kinds) {
      const error = await openCapture(path).then(
        () => undefined,
        (e: unknown) => e,
      );
      expect(error).toBeInstanceOf(CaptureError);
      expect((error as CaptureError).what).toMatch(what);
      expect((error as CaptureError).whatToDo).not.toBe("");
    }
  });

  it("reads a capture cut at every length to its last whole packet", async () => {
    const whole = pcap(4);
    for (let cut = 24; cut <= whole.length; cut++) {
      const { reader } = await readAll(file(whole.subarray(0, cut)));
      expect(reader.stats.packets).toBe(Math.floor((cut - 24) / 76));
      expect(reader.stats.truncated).toBe((cut - 24) % 76 === 0 ? 0 : 1);
    }
  });

  it("uses what came out of a compressed stream that ends early", async () => {
    for (const compressed of [gzipSync(pcap(2000)), zstdCompressSync(pcap(2000))]) {
      const { reader } = await readAll(file(compressed.subarray(0, compressed.length - 1)));
      expect(reader.stats.truncated).toBe(1);
      expect(reader.stats.gaps.some((gap) => gap.kind === "compression")).toBe(true);
    }
  });

  it("goes on behind a record that claims an impossible length", async () => {
    const damaged = pcap(40);
    damaged.writeUInt32LE(0xfffffff0, 24 + 10 * 76 + 8);
    const { reader, frames } = await readAll(file(damaged));
    expect(frames.length).toBe(39);
    expect(reader.stats.malformedRecords).toBe(1);
    expect(reader.stats.gaps[0]).toMatchObject({ kind: "corrupt", count: 76 });
  });

  it("survives flipped octets of pcap and pcapng, and counts stay consistent", async () => {
    const ng = Buffer.concat([
      pcapngSection(),
      pcapngInterface({ linkType: 1, snapLength: 0 }),
      ...Array.from({ length: 8 }, (_, n) => pcapngPacket(0, frame(n))),
    ]);
    let seed = 7;
    const random = (n: number): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) % n;
    for (const form of [pcap(8), ng]) {
      for (let round = 0; round < 400; round++) {
        const flipped = Buffer.from(form);
        flipped[random(flipped.length)] = random(256);
        const seen = await readAll(file(flipped)).catch((error: unknown) => error);
        if (seen instanceof Error) expect(seen).toBeInstanceOf(CaptureError);
        else expect((seen as Seen).frames.length).toBe((seen as Seen).reader.stats.packets);
      }
    }
  });

  it("gives the same frames whatever the block size", async () => {
    const path = file(
      Buffer.concat([pcapFileHeader(1), ...Array.from({ length: 300 }, (_, n) => pcapRecord(frame(n, 1 + ((n * 7919) % 3000))))]),
    );
    const { frames } = await readAll(path);
    for (const blockBytes of [65_536, 131_072, 4_194_304]) expect((await readAll(path, blockBytes)).frames).toEqual(frames);
  });

  it("lists a directory's captures by name", async () => {
    const sub = mkdtempSync(join(dir, "d"));
    await expect(listCaptures([sub])).rejects.toThrow(/without captures/);
    writeFileSync(join(sub, "b.x"), pcap(1));
    writeFileSync(join(sub, "a.gz"), gzipSync(pcap(1)));
    writeFileSync(join(sub, "notes.txt"), "none");
    expect(await listCaptures([sub, "-"])).toEqual([join(sub, "a.gz"), join(sub, "b.x"), "-"]);
  });
});

describe("public captures", () => {
  if (!existsSync(CAPTURES)) {
    console.warn(`SKIPPED: ${CAPTURES} is absent, public captures were not read`);
    it.skip("captures are absent");
    return;
  }
  const links: Record<string, number> = { ether: 1, "linux-sll": 113, rawip: 101 };
  for (const line of readFileSync(join(CAPTURES, "MANIFEST.tsv"), "utf8").trim().split("\n").slice(1)) {
    const [name, sha256, packets, link] = line.split("\t") as [string, string, string, string];
    it(`${name} has the packets, link type and hash of the manifest`, async () => {
      const { reader } = await readAll(join(CAPTURES, name));
      expect(reader.stats.packets).toBe(Number(packets));
      expect(reader.sha256).toBe(sha256);
      if (links[link] !== undefined) for (const point of reader.points) expect(point.linkType).toBe(links[link]);
      expect(reader.stats.malformedRecords).toBe(0);
    });
  }
});

describe("written pcapng", () => {
  it("is read by tshark with comment and nanoseconds", () => {
    const path = file(
      Buffer.concat([
        pcapngSection("t"),
        pcapngInterface({ linkType: 1, snapLength: 0, name: "eth7" }),
        pcapngPacket(0, frame(1), ["evidence"]),
      ]),
    );
    let out: string;
    try {
      out = execFileSync(
        "tshark",
        ["-r", path, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.comment", "-e", "frame.interface_name"],
        { stdio: ["ignore", "pipe", "ignore"] },
      ).toString();
    } catch {
      console.warn("SKIPPED: tshark is not installed");
      return;
    }
    expect(out.trim().split("\t")).toEqual(["1700000001.123456789", "evidence", "eth7"]);
  });
});
