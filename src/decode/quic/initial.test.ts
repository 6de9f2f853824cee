import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientHelloName } from "#decode/recognise/tls.ts";
import { A2_CRYPTO, cryptoPiece, quicInitial } from "#lab/wire/quic.ts";
import { quicPrimitives } from "#run/primitives.ts";
import { isQuicInitial, QuicHello } from "./initial.ts";

// RFC 9001, appendix A.2: first and last octets of the client's Initial packet under protection.
const PROTECTED_BEGIN = "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11";
const PROTECTED_END = "7e78bfe706ca4cf5e9c5453e9f7cfd2b8b4c8d169a44e55c88d4a9a7f9474241e221af44860018ab0856972e194cd934";

const PACKET = quicInitial(A2_CRYPTO, 2);
const nameOf = (packets: readonly Uint8Array[]): string | undefined => {
  const hello = QuicHello.at(quicPrimitives, packets[0] as Uint8Array, 0, (packets[0] as Uint8Array).length);
  for (const packet of packets) hello?.datagram(packet, 0, packet.length);
  return hello === undefined ? undefined : clientHelloName(hello.bytes, 4, hello.prefix);
};

describe("QUIC Initial packets of clients", () => {
  it("reads the example of RFC 9001 A.2, bit by bit the RFC's own packet", () => {
    expect(Buffer.from(PACKET).toString("hex").startsWith(PROTECTED_BEGIN)).toBe(true);
    expect(Buffer.from(PACKET).toString("hex").endsWith(PROTECTED_END)).toBe(true);
    expect(isQuicInitial(PACKET, 0, PACKET.length)).toBe(true);
    expect(nameOf([PACKET])).toBe("example.com");
  });
  it("reads version 2 (RFC 9369)", () => {
    expect(nameOf([quicInitial(A2_CRYPTO, 2, "quicv2")])).toBe("example.com");
  });
  it("puts a ClientHello together from pieces in any order, over several packets", () => {
    const all = A2_CRYPTO.length - 4;
    const mixed = Buffer.concat([
      cryptoPiece(120, 200),
      Buffer.from([1, 0, 0]),
      cryptoPiece(0, 40),
      cryptoPiece(200, all),
      cryptoPiece(40, 120),
    ]);
    expect(nameOf([quicInitial(mixed, 0)])).toBe("example.com");
    const first = quicInitial(Buffer.concat([cryptoPiece(60, all)]), 0);
    const second = quicInitial(Buffer.concat([Buffer.from([2, 0, 0, 0, 0]), cryptoPiece(0, 60)]), 1);
    expect(nameOf([first])).toBeUndefined();
    expect(nameOf([first, second])).toBe("example.com");
  });
  it("opens nothing where one bit differs", () => {
    fc.assert(
      fc.property(fc.nat(PACKET.length * 8 - 1), (bit) => {
        const bent = PACKET.slice();
        bent[bit >> 3] = (bent[bit >> 3] as number) ^ (1 << (bit & 7));
        // the two reserved bits and the packet number are authenticated, too
        expect(nameOf([bent])).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
  it("cut at every length: silence", () => {
    for (let end = 0; end < PACKET.length; end++) {
      expect(QuicHello.at(quicPrimitives, PACKET, 0, end)).toBeUndefined();
      expect(() => nameOf([PACKET.slice(0, end)])).not.toThrow();
    }
  });
  it("whatever frames say, it ends and stays within its bounds", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 1162 }), (frames) => {
        const packet = quicInitial(frames, 7);
        const hello = QuicHello.at(quicPrimitives, packet, 0, packet.length) as QuicHello;
        expect(hello.datagram(packet, 0, packet.length)).toBe(true);
        expect(hello.prefix).toBeLessThanOrEqual(hello.bytes.length);
      }),
      { numRuns: 300 },
    );
  });
});
