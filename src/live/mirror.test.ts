import { expect, test } from "vitest";
import { LinkType } from "#model/frame.ts";
import { cat, type Octets, u16, u32, u8, zeros } from "#lab/wire/octets.ts";
import { udp } from "#lab/wire/ip.ts";
import { MirrorListener } from "./mirror.ts";

const packet = udp("10.0.0.1", "10.0.0.2", 2123, 2123, zeros(20));
const frame = cat(zeros(12), u16(0x0800), packet);

function unwrapped(port: number, datagram: Octets): { bytes: Octets; linkType: number }[] {
  const taken: { bytes: Octets; linkType: number }[] = [];
  const listener = new MirrorListener(port, (bytes, start, end, linkType) => void taken.push({ bytes: bytes.slice(start, end), linkType }));
  listener.datagram(datagram, 50_000);
  listener.close();
  return taken;
}

test("VXLAN: the Ethernet frame inside", () => {
  expect(unwrapped(4789, cat(u8(8), zeros(3), u32(42 << 8), frame))).toEqual([{ bytes: frame, linkType: LinkType.ETHERNET }]);
});

test("TZSP: the Ethernet frame behind its tags", () => {
  expect(unwrapped(37_008, cat(u8(1), u8(0), u16(1), u8(1), frame))).toEqual([{ bytes: frame, linkType: LinkType.ETHERNET }]);
});

test("GRE in UDP: the IP packet inside", () => {
  expect(unwrapped(4754, cat(u16(0), u16(0x0800), packet))).toEqual([{ bytes: packet, linkType: LinkType.RAW }]);
});

test("what holds no frame is counted, and nothing is handed on", () => {
  const listener = new MirrorListener(4789, () => expect.unreachable());
  for (let length = 0; length < 12; length++) listener.datagram(zeros(length), 50_000);
  listener.close();
  expect(listener.counters).toEqual({ datagrams: 12, unknown: 12 });
});
