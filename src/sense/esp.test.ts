import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { EspContent, isClear } from "./esp.ts";

const drawn = (n: number, length: number): Buffer =>
  Buffer.concat(Array.from({ length: Math.ceil(length / 32) }, (_, i) => createHash("sha256").update(`${n} ${i}`).digest())).subarray(
    0,
    length,
  );

function ipv4(payload: Buffer): Buffer {
  const header = Buffer.from("450000000001000040110000c0000201c0000202", "hex");
  header.writeUInt16BE(20 + payload.length, 2);
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += header.readUInt16BE(i);
  header.writeUInt16BE(0xffff - ((sum & 0xffff) + (sum >>> 16)), 10);
  return Buffer.concat([header, payload]);
}

function esp(payload: Buffer, nextHeader: number, o: { iv?: number; icv?: number } = {}): Buffer {
  const pad = (4 - ((payload.length + 2) % 4)) % 4;
  const padding = Buffer.from(Array.from({ length: pad }, (_, i) => i + 1));
  return Buffer.concat([drawn(1, 8), drawn(2, o.iv ?? 0), payload, padding, Buffer.from([pad, nextHeader]), drawn(3, o.icv ?? 12)]);
}
const clear = (b: Buffer): boolean => isClear(b, 0, b.length);

it.each([
  ["a tunnel, HMAC-SHA1-96", esp(ipv4(drawn(5, 61)), 4)],
  ["a tunnel, HMAC-SHA-256-128", esp(ipv4(drawn(5, 62)), 4, { icv: 16 })],
  ["a tunnel, AES-GMAC with its IV", esp(ipv4(drawn(5, 63)), 4, { icv: 16, iv: 8 })],
  ["a tunnel without integrity", esp(ipv4(drawn(5, 64)), 4, { icv: 0 })],
  ["transport of UDP", esp(Buffer.concat([Buffer.from("0868086800280000", "hex"), drawn(6, 32)]), 17)],
  ["transport of SCTP", esp(Buffer.concat([drawn(7, 12), Buffer.from("04000008aabbccdd", "hex")]), 132)],
])("null encryption is told: %s", (_, packet) => expect(clear(packet)).toBe(true));

it("encrypted packets are not clear, whatever their length", () => {
  const content = new EspContent();
  for (let n = 0; n < 20_000; n++) {
    const packet = drawn(100 + n, 24 + (n % 200));
    expect(clear(packet)).toBe(false);
    content.look(packet, 0, packet.length);
  }
  expect(content).toMatchObject({ packets: 64, clear: 0 });
});

it("cut at every length, it reads nothing outside", () => {
  const packet = esp(ipv4(drawn(5, 61)), 4);
  for (let n = 0; n < packet.length; n++) isClear(packet, 0, n);
});
