import { expect, it } from "vitest";
import { udp } from "#lab/wire/ip.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { ControlStack } from "#decode/stack.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
/** Eight octets of a shim (session counted), and the header of a packet without content. */
const shim = (session: number): Uint8Array =>
  hex(`40000001 ${session.toString(16).padStart(8, "0")} 45000014000100004011 66d6 0a0000010a000002`);
const other = new TextEncoder().encode("hello world, hello world, hello");

/** Messages of datagrams that one host sends to one port of another. */
function read(payloads: readonly Uint8Array[], srcPort = 40_000): readonly string[] {
  const found: string[] = [];
  const stack = new ControlStack({ message: ({ message }) => void found.push(message.name), fault: () => undefined });
  const view = new PacketView();
  for (const [i, payload] of payloads.entries()) {
    const packet = udp("10.0.0.2", "198.51.100.9", srcPort, 30_031, payload);
    decodeFrame(view, packet, 0, packet.length, packet.length, 101);
    if (stack.wants(view)) stack.packet(view, { capture: 0, point: 0, frame: i + 1, frames: undefined, time: { sec: i, nsec: 0 } });
  }
  return found;
}

it("a flow whose datagrams agree is a shim from the fourth on", () => {
  expect(read([1, 2, 3, 4, 5].map(shim))).toEqual(["ip-udp-shim packet", "ip-udp-shim packet"]);
});

it("a candidate is unmade by one datagram that is no shim", () => {
  expect(read([shim(1), other, ...[2, 3, 4, 5, 6].map(shim)])).toEqual([]);
});

it("a confirmed flow only loses the datagram that is none", () => {
  expect(read([...[1, 2, 3, 4].map(shim), other, shim(5)])).toEqual(["ip-udp-shim packet", "ip-udp-shim packet"]);
});

it("what was sent before the first that agrees says nothing", () => {
  expect(read([other, ...[1, 2, 3, 4].map(shim)])).toEqual(["ip-udp-shim packet"]);
});
