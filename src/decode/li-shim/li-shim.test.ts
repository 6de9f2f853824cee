import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SHIM_LIMITS, type ShimFlow, ShimRecogniser, viewShim } from "./li-shim.ts";

const ip = (payload: number): Buffer => {
  const b = Buffer.alloc(20 + payload, 0x61);
  Buffer.from("4500000000010000401100000a0000010a000002", "hex").copy(b);
  b.writeUInt16BE(b.length, 2);
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += b.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  b.writeUInt16BE(~sum & 0xffff, 10);
  return b;
};
const jmirror = (payload: number, session = 7): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(0x40000001, 0);
  head.writeUInt32BE(session, 4);
  return Buffer.concat([head, ip(payload)]);
};

const flow = (srcPort: number, dstPort: number): ShimFlow => ({
  point: 0,
  addresses: Uint32Array.of(0, 0, 0xffff, 1, 0, 0, 0xffff, 2),
  srcPort,
  dstPort,
});

describe("interception shims", () => {
  it("sees a packet that fills the rest exactly, and nothing else", () => {
    const b = jmirror(40);
    expect(viewShim(b, 0, b.length)).toMatchObject({ octets: 8, interceptId: 1, sessionId: 7, version: 4 });
    expect(viewShim(b, 0, b.length - 1)).toBeUndefined();
    const broken = Buffer.from(b);
    broken[8 + 8] = 3;
    expect(viewShim(broken, 0, broken.length)).toBeUndefined();
    expect(viewShim(Buffer.concat([Buffer.from([0, 0, 0, 9]), ip(9)]), 0, 4 + 29)).toMatchObject({ octets: 4, interceptId: 9 });
  });

  it("confirms a flow by repetition with one intercept id", () => {
    const r = new ShimRecogniser();
    const got = Array.from({ length: 6 }, (_, i) => jmirror(10 + i)).map((b) => r.datagram(flow(1, 30030), b, 0, b.length));
    expect(got.filter((m) => m === undefined).length).toBe(SHIM_LIMITS.agreeing - 1);
    expect(got.at(-1)).toMatchObject({
      shim: "jmirror",
      interceptId: 1,
      sessionId: 7,
      contents: [{ offset: 8, length: 35 }],
      product: "cc",
    });
    const other = new ShimRecogniser();
    for (let i = 0; i < 10; i += 1) {
      // Four octets that count are a sequence number, not an intercept id.
      const head = Buffer.alloc(4);
      head.writeUInt32BE(i, 0);
      const b = Buffer.concat([head, ip(5)]);
      expect(other.datagram(flow(1, 5000), b, 0, b.length)).toBeUndefined();
    }
  });

  it("is unmade by one datagram that disagrees, and bounded", () => {
    const r = new ShimRecogniser();
    const good = jmirror(10);
    r.datagram(flow(1, 1), good, 0, good.length);
    r.datagram(flow(1, 1), Buffer.from("hello world, hello world, hello"), 0, 31);
    for (let i = 0; i < 10; i += 1) expect(r.datagram(flow(1, 1), good, 0, good.length)).toBeUndefined();
    for (let i = 0; i < SHIM_LIMITS.flows + 10; i += 1) r.datagram(flow(2 + i, 1), good, 0, good.length);
  });

  it("reads no octet outside", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (b) => {
        viewShim(b, 0, b.length);
      }),
      { seed: 8, numRuns: 1000 },
    );
  });
});
