import { describe, expect, it } from "vitest";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { ip, udp } from "#lab/wire/ip.ts";
import { dataChunk, sctp } from "#lab/wire/sctp.ts";
import { cat, type Octets, u16, u32, u8, zeros } from "#lab/wire/octets.ts";
import { rateFor, Shedder } from "./shed.ts";

const RAW = 101;
const user = (i: number, ttl = 64): Octets => udp("172.16.0.9", "203.0.113.5", 4000 + i, 443, zeros(40), { ttl, id: i });
const inTunnel = (packet: Octets): Octets =>
  udp("10.0.0.1", "10.0.0.2", 2152, 2152, cat(u8(0x30), u8(255), u16(packet.length), u32(7), packet));
const inGre = (packet: Octets): Octets => ip("10.0.0.2", "198.51.100.1", 47, cat(u16(0), u16(0x0800), packet));

function view(packet: Octets): PacketView {
  const v = new PacketView();
  decodeFrame(v, packet, 0, packet.length, packet.length, RAW);
  return v;
}

describe("shedding", () => {
  const shedder = new Shedder([1, 2]);

  it("keeps the same user packets in every wrapping, whatever their TTL", () => {
    let kept = 0;
    for (let i = 0; i < 400; i++) {
      const plain = shedder.keeps(view(user(i)), 4);
      expect(shedder.keeps(view(inTunnel(user(i))), 4)).toBe(plain);
      expect(shedder.keeps(view(inGre(user(i, 63))), 4)).toBe(plain);
      if (plain) kept++;
    }
    expect(kept).toBeGreaterThan(60);
    expect(kept).toBeLessThan(140);
  });

  it("keeps all signalling", () => {
    const s1ap = ip("10.0.0.1", "10.0.0.3", 132, sctp(36412, 36412, 1, [dataChunk(1, 0, 0, 18, 3, zeros(20))]));
    for (let i = 0; i < 64; i++) {
      expect(shedder.keeps(view(s1ap), 64)).toBe(true);
      expect(shedder.keeps(view(udp("10.0.0.1", "10.0.0.2", 2123, 2123, cat(u32(i), zeros(20)))), 64)).toBe(true);
      expect(shedder.keeps(view(udp("10.0.0.1", "10.0.0.2", 8805, 8805, cat(u32(i), zeros(20)))), 64)).toBe(true);
    }
  });

  it("keeps everything while the analysis keeps pace, and less and less as the queue fills", () => {
    expect([0, 0.3, 0.6, 0.9].map(rateFor)).toEqual([1, 4, 16, 64]);
    for (let i = 0; i < 50; i++) expect(shedder.keeps(view(user(i)), 1)).toBe(true);
  });
});
