import { expect, test } from "vitest";
import { addWords, crc32cOfSctp, fold } from "./checksum.ts";

test("RFC 1071 §3: the worked example", () => {
  const bytes = Uint8Array.from([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]);
  expect(fold(addWords(0, bytes, 0, 8))).toBe(0xddf2);
  expect(fold(addWords(0, bytes, 0, 7))).toBe(0xdcfb);
});

test("CRC32c of SCTP: 32 octets of zeros but for the checksum's own place (RFC 3720 B.4 vector)", () => {
  const bytes = new Uint8Array(32);
  bytes.fill(0xaa, 8, 12);
  expect(crc32cOfSctp(bytes, 0, 32)).toBe(0x8a9136aa);
});

test("CRC32c: unaligned ends agree with octet after octet", () => {
  const bytes = Uint8Array.from({ length: 80 }, (_, i) => (i * 37) & 0xff);
  for (let length = 12; length < 80; length++) {
    let crc = 0xffffffff;
    for (let i = 0; i < length; i++) {
      crc ^= i >= 8 && i < 12 ? 0 : (bytes[i] as number);
      for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    }
    expect(crc32cOfSctp(bytes, 0, length)).toBe(~crc >>> 0);
  }
});
