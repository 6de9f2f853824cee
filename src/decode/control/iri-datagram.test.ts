import { expect, it } from "vitest";
import { udp } from "#lab/wire/ip.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { ControlStack } from "#decode/stack.ts";

function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts);
  return Uint8Array.from([tag, body.length, ...body]);
}
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

it("an IRI record that stands bare in a datagram is read, on any port (TS 33.108 annex B.9)", () => {
  const record = tlv(
    0xa4,
    tlv(0x80, hex("0400020204081100")),
    tlv(0x81, text("LIID9")),
    tlv(0xa3, tlv(0xa0, tlv(0x80, text("20260101120000Z")), tlv(0x81, hex("00")))),
    tlv(0x84, hex("01")),
  );
  const packet = udp("10.0.0.2", "198.51.100.9", 40_000, 17_999, record);
  const found: (readonly [string, string | undefined])[] = [];
  const stack = new ControlStack({
    message: ({ message }) => void found.push([message.protocol, "liid" in message ? (message.liid as string) : undefined]),
    fault: () => undefined,
  });
  const view = new PacketView();
  decodeFrame(view, packet, 0, packet.length, packet.length, 101);
  expect(stack.wants(view)).toBe(true);
  stack.packet(view, { capture: 0, point: 0, frame: 1, frames: undefined, time: { sec: 0, nsec: 0 } });
  expect(found).toEqual([["hi2", "LIID9"]]);
});
