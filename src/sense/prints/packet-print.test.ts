import fc from "fast-check";
import { expect, test } from "vitest";
import { InnerPacket } from "./inner-packet.ts";
import { PacketPrinter } from "./packet-print.ts";
import { InnerSearch } from "./search.ts";

const keys = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)] as const;

/** IPv4, TCP, 40 octets of payload. */
function tcp(seq: number, fill = 0xa5): Uint8Array {
  const b = new Uint8Array(80).fill(fill);
  b.set([0x45, 0, 0, 80, 0x12, 0x34, 0x40, 0, 64, 6, 0, 0, 100, 64, 0, 1, 198, 51, 100, 7]);
  b.set([0xc0, 0, 1, 0xbb, seq >>> 24, (seq >> 16) & 255, (seq >> 8) & 255, seq & 255, 9, 9, 9, 9, 0x50, 0x10, 1, 0, 0x77, 0x77, 0, 0], 20);
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += ((b[i] ?? 0) << 8) | (b[i + 1] ?? 0);
  sum = ~((sum & 0xffff) + (sum >>> 16)) & 0xffff;
  b[10] = sum >> 8;
  b[11] = sum & 255;
  return b;
}
function printOf(bytes: Uint8Array, end = bytes.length): { header: string; payload: string } {
  const p = new InnerPacket();
  expect(p.read(bytes, 0, end)).toBe(true);
  const printer = new PacketPrinter(...keys);
  printer.print(p);
  return {
    header: printer.hasHeader ? `${printer.headerHi} ${printer.headerLo}` : "",
    payload: printer.hasPayload ? `${printer.payloadHi} ${printer.payloadLo}` : "",
  };
}
const changed = (at: number, value: number): Uint8Array => {
  const b = tcp(1000);
  b[at] = value;
  return b;
};

test("forwarding does not change a print: TTL, DSCP, checksums, identification under DF", () => {
  for (const at of [1, 4, 5, 8, 10, 11, 36, 37]) expect(printOf(changed(at, 0x33))).toEqual(printOf(tcp(1000)));
});

test("translation leaves the payload print, slicing the header print", () => {
  const translated = printOf(changed(15, 99));
  expect(translated.payload).toBe(printOf(tcp(1000)).payload);
  expect(translated.header).not.toBe(printOf(tcp(1000)).header);
  const slice = printOf(tcp(1000), 32);
  expect(slice).toEqual({ header: printOf(tcp(1000)).header, payload: "" });
  expect(printOf(tcp(1000), 31).header).toBe("");
});

test("every bit of the input changes about half the print", () => {
  const p = new InnerPacket();
  const printer = new PacketPrinter(...keys);
  let flips = 0;
  let trials = 0;
  const take = (b: Uint8Array): [number, number] => {
    p.read(b, 0, b.length);
    printer.print(p);
    return [printer.headerLo, printer.headerHi];
  };
  const ones = (v: number): number => (v >>> 0).toString(2).replaceAll("0", "").length;
  for (let bit = 12 * 8; bit < 32 * 8; bit++) {
    const [lo, hi] = take(tcp(1000));
    const b = tcp(1000);
    b[bit >> 3] = (b[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const [lo2, hi2] = take(b);
    flips += ones(lo ^ lo2) + ones(hi ^ hi2);
    trials += 64;
  }
  expect(flips / trials).toBeGreaterThan(0.48);
  expect(flips / trials).toBeLessThan(0.52);
});

test("a quarter of a million neighbouring headers do not collide in 64 bits", () => {
  const p = new InnerPacket();
  const printer = new PacketPrinter(...keys);
  const seen = new Set<bigint>();
  for (let i = 0; i < 250_000; i++) {
    p.read(tcp(i), 0, 80);
    printer.print(p);
    seen.add((BigInt(printer.headerHi >>> 0) << 32n) | BigInt(printer.headerLo >>> 0));
  }
  expect(seen.size).toBe(250_000);
});

test("the sample keeps its share, and keeps the same packets behind translation", () => {
  const p = new InnerPacket();
  const printer = new PacketPrinter(...keys, 16);
  let kept = 0;
  for (let i = 0; i < 32_000; i++) {
    p.read(tcp(i * 1460), 0, 80);
    const here = printer.sampled(p);
    if (here) kept++;
    const b = tcp(i * 1460);
    b[15] = 77;
    b[21] = 3;
    p.read(b, 0, 80);
    expect(printer.sampled(p)).toBe(here);
  }
  expect(Math.abs(kept - 2000)).toBeLessThan(5 * Math.sqrt(2000));
});

test("a packet is found at any offset, cut or whole, and noise is not", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 60 }), (before, after) => {
      const at: number[] = [];
      const search = new InnerSearch(() => false, { candidate: (p) => at.push(p.start) });
      const b = new Uint8Array([...before, ...tcp(5), ...after]);
      search.run(b, 0, b.length, b.length, false);
      expect(at).toContain(before.length);
    }),
  );
});

test("no octets make reader or printer throw or read past their end", () => {
  const p = new InnerPacket();
  const printer = new PacketPrinter(...keys, 3);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0x45, 0x4f, 0x60), (b, first) => {
      if (b.length > 0) b[0] = first;
      if (!p.read(b, 0, b.length)) return;
      expect(p.end).toBeLessThanOrEqual(b.length);
      printer.sampled(p);
      printer.print(p);
    }),
    { numRuns: 3000 },
  );
});
