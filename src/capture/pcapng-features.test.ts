/** What pcapng allows and few tools write (draft-ietf-opsawg-pcapng), made here octet by octet and read by tshark as the oracle. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { toRfc3339 } from "#model/time.ts";
import { openCapture } from "./open.ts";

const folder = mkdtempSync(join(tmpdir(), "tapproof-pcapng-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
if (!hasTshark) console.warn("SKIPPED: tshark is missing: pcapng features are not compared with it");

/** Blocks of a section in one byte order. */
class Section {
  private readonly little: boolean;
  readonly blocks: Buffer[] = [];

  constructor(little: boolean) {
    this.little = little;
    this.block(0x0a0d0d0a, Buffer.concat([this.u32(0x1a2b3c4d), this.u16(1), this.u16(0), Buffer.alloc(8, 0xff)]));
  }

  u16(value: number): Buffer {
    const b = Buffer.alloc(2);
    if (this.little) b.writeUInt16LE(value);
    else b.writeUInt16BE(value);
    return b;
  }

  u32(value: number): Buffer {
    const b = Buffer.alloc(4);
    if (this.little) b.writeUInt32LE(value >>> 0);
    else b.writeUInt32BE(value >>> 0);
    return b;
  }

  /** Signed or unsigned 64 bits in the section's order. */
  u64(value: bigint): Buffer {
    const b = Buffer.alloc(8);
    if (this.little) b.writeBigInt64LE(BigInt.asIntN(64, value));
    else b.writeBigInt64BE(BigInt.asIntN(64, value));
    return b;
  }

  option(code: number, value: Buffer): Buffer {
    return Buffer.concat([this.u16(code), this.u16(value.length), value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
  }

  block(type: number, body: Buffer): this {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    const length = this.u32(padded.length + 12);
    this.blocks.push(Buffer.concat([type === 0x0a0d0d0a ? Buffer.from("0a0d0d0a", "hex") : this.u32(type), length, padded, length]));
    return this;
  }

  interface(linkType: number, options: { resolution?: number; offset?: bigint; snap?: number } = {}): this {
    const list: Buffer[] = [];
    if (options.resolution !== undefined) list.push(this.option(9, Buffer.from([options.resolution])));
    if (options.offset !== undefined) list.push(this.option(14, this.u64(options.offset)));
    if (list.length > 0) list.push(this.option(0, Buffer.alloc(0)));
    return this.block(1, Buffer.concat([this.u16(linkType), this.u16(0), this.u32(options.snap ?? 0), ...list]));
  }

  private time(ticks: bigint): Buffer {
    return Buffer.concat([this.u32(Number(ticks >> 32n)), this.u32(Number(ticks & 0xffffffffn))]);
  }

  enhanced(index: number, ticks: bigint, packet: Buffer): this {
    const data = Buffer.concat([packet, Buffer.alloc((4 - (packet.length % 4)) % 4)]);
    return this.block(6, Buffer.concat([this.u32(index), this.time(ticks), this.u32(packet.length), this.u32(packet.length), data]));
  }

  simple(packet: Buffer, original = packet.length): this {
    return this.block(3, Buffer.concat([this.u32(original), packet]));
  }

  /** The obsolete Packet Block: interface 2 | drops 2 | time 8 | captured 4 | original 4. */
  obsolete(index: number, ticks: bigint, packet: Buffer): this {
    const head = [this.u16(index), this.u16(0xffff), this.time(ticks), this.u32(packet.length), this.u32(packet.length)];
    return this.block(2, Buffer.concat([...head, packet]));
  }

  statistics(index: number, ticks: bigint, received: bigint, dropped: bigint): this {
    const options = [this.option(4, this.u64(received)), this.option(5, this.u64(dropped)), this.option(0, Buffer.alloc(0))];
    return this.block(5, Buffer.concat([this.u32(index), this.time(ticks), ...options]));
  }
}

const ethernet = (n: number): Buffer =>
  Buffer.from(`02000000000102000000000208004500001c000${n}00004011${"0000"}0a0000010a000002003500350008${"0000"}`, "hex");
const rawIp = (n: number): Buffer => ethernet(n).subarray(14);

const FILES: readonly { readonly name: string; readonly sections: readonly Section[] }[] = [
  {
    name: "power of two resolution, offset, decimal resolution of 12 digits",
    sections: [
      new Section(true)
        .interface(1, { resolution: 0x80 | 20 })
        .interface(1, { resolution: 6, offset: 1_700_000_000n })
        .interface(1, { resolution: 12 })
        .interface(1, { resolution: 0x80 | 33, offset: -3n })
        .enhanced(0, (1_700_000_000n << 20n) + 12_345n, ethernet(1))
        .enhanced(1, 5_250_001n, ethernet(2))
        // Below 2^64 / 1e9 units of fraction: above, tshark 4.0's own arithmetic overflows.
        .enhanced(2, 2_899_551_018_000_123_456n, ethernet(3))
        .enhanced(3, (7n << 33n) + 99n, ethernet(4)),
    ],
  },
  {
    name: "obsolete packet blocks, simple packets without time, statistics, unknown blocks",
    sections: [
      new Section(false)
        .interface(1, { snap: 100 })
        .block(0x80000bad, Buffer.from("never seen before"))
        .obsolete(0, 1_700_000_000_000_000n, ethernet(1))
        .simple(ethernet(2))
        .statistics(0, 1_700_000_001_000_000n, 10n, 3n),
    ],
  },
  {
    name: "sections of both byte orders, each with interfaces of its own and of several link types",
    sections: [
      new Section(true)
        .interface(1)
        .interface(101)
        .enhanced(1, 1_700_000_000_000_000n, rawIp(1))
        .enhanced(0, 1_700_000_001_000_000n, ethernet(2)),
      new Section(false).interface(101).enhanced(0, 1_700_000_002_000_000n, rawIp(3)),
      new Section(true)
        .interface(228)
        .interface(1)
        .enhanced(0, 1_700_000_003_000_000n, rawIp(4))
        .enhanced(1, 1_700_000_004_000_001n, ethernet(5)),
    ],
  },
];

async function ours(path: string) {
  const reader = await openCapture(path, { hash: false });
  const rows: { time: string; link: number | undefined; octets: string }[] = [];
  for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
    for (let i = 0; i < batch.count; i++) {
      const at = batch.offset[i] as number;
      const link = reader.points.find(({ index }) => index === batch.point[i])?.linkType;
      rows.push({
        time: toRfc3339({ sec: batch.sec[i] as number, nsec: batch.nsec[i] as number }),
        link,
        octets: Buffer.from(batch.bytes.subarray(at, at + (batch.captured[i] as number))).toString("hex"),
      });
    }
  }
  await reader.close();
  return { rows, reader };
}

it.each(FILES)("$name", async ({ name, sections }) => {
  const path = join(folder, `${name.replaceAll(/\W/g, "-")}.pcapng`);
  writeFileSync(path, Buffer.concat(sections.flatMap(({ blocks }) => blocks)));
  const { rows } = await ours(path);
  expect(rows.length).toBeGreaterThan(1);
  if (!hasTshark) return;
  const fields = ["frame.time_epoch", "frame.encap_type", "frame.len"].flatMap((field) => ["-e", field]);
  const read = spawnSync("tshark", ["-r", path, "-T", "fields", ...fields], { encoding: "utf8", env: { ...process.env, TZ: "UTC" } });
  const theirs = read.stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  expect(theirs.map(([, , length]) => Number(length))).toEqual(rows.map(({ octets }) => octets.length / 2));
  // A packet without a time has none for tshark; for us it has the time of the packet before it.
  theirs.forEach(([epoch], i) => {
    if (epoch === "") return;
    const row = rows[i]?.time ?? "";
    expect(`${Date.parse(`${row.slice(0, 19)}Z`) / 1000}.${row.slice(20, 29)}`, `frame ${i + 1}`).toBe(epoch);
  });
  const encapsulations = new Map([
    [1, "1"],
    [101, "7"],
    [228, "129"],
  ]);
  expect(rows.map(({ link }) => encapsulations.get(link ?? -1))).toEqual(theirs.map(([, encapsulation]) => encapsulation));
});

it("drops that interface statistics tell are kept", async () => {
  const path = join(folder, "drops.pcapng");
  writeFileSync(
    path,
    Buffer.concat(
      new Section(true).interface(1).enhanced(0, 1_700_000_000_000_000n, ethernet(1)).statistics(0, 1_700_000_001_000_000n, 10n, 3n).blocks,
    ),
  );
  const { reader } = await ours(path);
  expect(JSON.stringify(reader.stats, (_key, value: unknown) => (value instanceof Map ? [...value] : value))).toContain("3");
});
