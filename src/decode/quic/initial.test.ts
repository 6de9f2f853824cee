import { createCipheriv, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientHelloName } from "#decode/recognise/tls.ts";
import { quicPrimitives } from "#run/primitives.ts";
import { isQuicInitial, QuicHello } from "./initial.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));

// RFC 9001, appendix A.2: the client's Initial packet, before protection; padded with zeros to 1,162 octets.
const DCID = hex("8394c8f03e515708");
const HEADER = hex("c300000001088394c8f03e5157080000449e00000002");
const CRYPTO = hex(`
  060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578
  616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e000500050100000000003300260024001d00209370b2c9caa47fba
  baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d00020101001c0002400100
  3900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e51570806048000ffff`);
// Its first and last octets under protection.
const PROTECTED_BEGIN = "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11";
const PROTECTED_END = "7e78bfe706ca4cf5e9c5453e9f7cfd2b8b4c8d169a44e55c88d4a9a7f9474241e221af44860018ab0856972e194cd934";

const SALTS = { quic: "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", quicv2: "0dede3def700a6db819381be6e269dcbf9bd2ed9" } as const;

function label(secret: Uint8Array, name: string, octets: number): Buffer {
  const text = Buffer.from(`tls13 ${name}`);
  const info = Buffer.concat([Buffer.from([0, octets, text.length]), text, Buffer.from([0, 1])]);
  return createHmac("sha256", secret).update(info).digest().subarray(0, octets);
}

/** A client's Initial packet of packet number `number` (four octets), written apart from the reader. */
function protect(frames: Uint8Array, number: number, prefix: keyof typeof SALTS = "quic"): Uint8Array {
  const secret = label(createHmac("sha256", hex(SALTS[prefix])).update(DCID).digest(), "client in", 32);
  const [key, iv, hp] = [label(secret, `${prefix} key`, 16), label(secret, `${prefix} iv`, 12), label(secret, `${prefix} hp`, 16)];
  const payload = Buffer.concat([frames], 1162);
  const header = Buffer.from(HEADER);
  header.writeUInt32BE(number, 18);
  if (prefix === "quicv2") {
    header[0] = 0xd3;
    header.writeUInt32BE(0x6b3343cf, 1);
  }
  iv.writeUInt32BE((iv.readUInt32BE(8) ^ number) >>> 0, 8);
  const cipher = createCipheriv("aes-128-gcm", key, iv);
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  const mask = createCipheriv("aes-128-ecb", hp, null).update(sealed.subarray(0, 16));
  header[0] = (header[0] as number) ^ ((mask[0] as number) & 0x0f);
  for (let i = 0; i < 4; i++) header[18 + i] = (header[18 + i] as number) ^ (mask[1 + i] as number);
  return Uint8Array.from(Buffer.concat([header, sealed]));
}

const PACKET = protect(CRYPTO, 2);
const nameOf = (packets: readonly Uint8Array[]): string | undefined => {
  const hello = QuicHello.at(quicPrimitives, packets[0] as Uint8Array, 0, (packets[0] as Uint8Array).length);
  for (const packet of packets) hello?.datagram(packet, 0, packet.length);
  return hello === undefined ? undefined : clientHelloName(hello.bytes, 4, hello.prefix);
};
/** CRYPTO frame of octets `from` … `to` of the example's ClientHello. */
const piece = (from: number, to: number): Uint8Array =>
  Buffer.concat([
    Buffer.from([6, 0x40 | (from >> 8), from & 255, 0x40 | ((to - from) >> 8), (to - from) & 255]),
    CRYPTO.subarray(4 + from, 4 + to),
  ]);

describe("QUIC Initial packets of clients", () => {
  it("reads the example of RFC 9001 A.2, bit by bit the RFC's own packet", () => {
    expect(Buffer.from(PACKET).toString("hex").startsWith(PROTECTED_BEGIN)).toBe(true);
    expect(Buffer.from(PACKET).toString("hex").endsWith(PROTECTED_END)).toBe(true);
    expect(isQuicInitial(PACKET, 0, PACKET.length)).toBe(true);
    expect(nameOf([PACKET])).toBe("example.com");
  });
  it("reads version 2 (RFC 9369)", () => {
    expect(nameOf([protect(CRYPTO, 2, "quicv2")])).toBe("example.com");
  });
  it("puts a ClientHello together from pieces in any order, over several packets", () => {
    const all = CRYPTO.length - 4;
    const mixed = Buffer.concat([piece(120, 200), Buffer.from([1, 0, 0]), piece(0, 40), piece(200, all), piece(40, 120)]);
    expect(nameOf([protect(mixed, 0)])).toBe("example.com");
    const first = protect(Buffer.concat([piece(60, all)]), 0);
    const second = protect(Buffer.concat([Buffer.from([2, 0, 0, 0, 0]), piece(0, 60)]), 1);
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
        const packet = protect(frames, 7);
        const hello = QuicHello.at(quicPrimitives, packet, 0, packet.length) as QuicHello;
        expect(hello.datagram(packet, 0, packet.length)).toBe(true);
        expect(hello.prefix).toBeLessThanOrEqual(hello.bytes.length);
      }),
      { numRuns: 300 },
    );
  });
});
