/** Masked frames: what stays, octet for octet; nothing else, whatever the frame; and cut frames too. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mergeCaptures, openCaptures } from "#capture/merge.ts";
import { PointRegistry } from "#capture/reader.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { contentOfBoth } from "./carve.ts";
import { PacketMask } from "./mask-packet.ts";

const ELEMENT = [10, 0, 0, 1];
const STRANGER = [203, 0, 113, 9];
const masks = { shows: (a: string) => a === "10.0.0.1" || a === "203.0.113.9", isUser: (a: string) => a.startsWith("172.16.") };

function ipv4(protocol: number, src: readonly number[], dst: readonly number[], payload: Uint8Array): Buffer {
  const head = Buffer.from([0x45, 0, 0, 0, 0xab, 0xcd, 0x40, 0, 63, protocol, 0x12, 0x34, ...src, ...dst]);
  head.writeUInt16BE(20 + payload.length, 2);
  return Buffer.concat([head, payload]);
}
function udp(src: number, dst: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(src, 0);
  head.writeUInt16BE(dst, 2);
  head.writeUInt16BE(8 + payload.length, 4);
  head.writeUInt16BE(0xbeef, 6);
  return Buffer.concat([head, payload]);
}
const ether = (payload: Uint8Array): Buffer => Buffer.concat([Buffer.from("0200000000010200000000020800", "hex"), payload]);
const secret = Buffer.from("the subscriber's own words");
const user = ipv4(17, [172, 16, 0, 2], [192, 0, 2, 77], udp(54_321, 53, secret));
const gtpu = (payload: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0x30, 255, payload.length >> 8, payload.length & 255, 0x12, 0x34, 0x56, 0x78]), payload]);

function masked(frame: Uint8Array, mask = new PacketMask(masks)): Buffer {
  const view = new PacketView();
  decodeFrame(view, frame, 0, frame.length, frame.length, 1);
  return Buffer.from(mask.apply(view));
}

describe("a masked frame", () => {
  it("GTP-U to a stranger: the ends stay, the subscriber is a number, the words are gone", () => {
    const out = masked(ether(ipv4(17, ELEMENT, STRANGER, udp(2152, 2152, gtpu(user)))));
    expect(out.subarray(0, 14).toString("hex")).toBe("0200000000010200000000020800");
    expect([...out.subarray(26, 34)]).toEqual([...ELEMENT, ...STRANGER]);
    expect(out.readUInt16BE(36)).toBe(2152);
    expect(out.subarray(46, 50).toString("hex")).toBe("e0000001");
    expect([...out.subarray(62, 70)]).toEqual([240, 0, 0, 1, 240, 0, 0, 2]);
    expect([out.readUInt16BE(70), out.readUInt16BE(72)]).toEqual([61_440, 53]);
    expect(out.length).toBe(14 + 20 + 8 + 8 + 20 + 8);
    for (const gone of [
      secret.subarray(0, 4),
      Buffer.of(172, 16, 0, 2),
      Buffer.of(192, 0, 2, 77),
      Buffer.from("12345678", "hex"),
      Buffer.from("abcd", "hex"),
      Buffer.from("beef", "hex"),
    ]) {
      expect(out.includes(gone), gone.toString("hex")).toBe(false);
    }
  });

  it("numbers the same one alike, in a finding", () => {
    const mask = new PacketMask(masks);
    const first = masked(ether(ipv4(17, ELEMENT, STRANGER, udp(2152, 2152, gtpu(user)))), mask);
    const again = masked(ether(user), mask);
    expect([...again.subarray(26, 34)]).toEqual([...first.subarray(62, 70)]);
  });

  it("in a subscriber's own header the other end is hidden too, be it an element", () => {
    const out = masked(ether(ipv4(17, [172, 16, 0, 2], ELEMENT, udp(40_000, 40_001, secret))));
    expect([...out.subarray(26, 34)]).toEqual([240, 0, 0, 1, 240, 0, 0, 2]);
    expect(out.includes(Buffer.of(10, 0, 0, 1))).toBe(false);
  });

  it("cut at any length it never reads or writes past its end", () => {
    const frame = ether(ipv4(17, ELEMENT, STRANGER, udp(2152, 2152, gtpu(user))));
    const whole = masked(frame);
    for (let n = 0; n < frame.length; n++) {
      const out = masked(frame.subarray(0, n));
      expect(out.length).toBeLessThanOrEqual(n);
      expect(out.includes(secret.subarray(0, 4))).toBe(false);
      if (out.length > 0) expect(out.subarray(0, 12).equals(whole.subarray(0, Math.min(12, out.length)))).toBe(true);
    }
  });
});

const SHARED = "../shared/captures";
if (!existsSync(SHARED)) console.warn(`mask-packet: ${SHARED} is absent, real captures are NOT masked`);

/** Of every frame of every capture at hand: no run of eight octets of payload, and never more octets than headers can have. */
it.skipIf(!existsSync(SHARED))(
  "real captures of every encapsulation: no payload is left",
  async () => {
    for (const file of readdirSync(SHARED).filter((f) => /\.(pcap|pcapng|cap)$/.test(f))) {
      const registry = new PointRegistry();
      const view = new PacketView();
      let frames = 0;
      await mergeCaptures(await openCaptures([join(SHARED, file)], { registry, hash: false }), (batch, from, to) => {
        for (let i = from; i < to && frames < 2000; i++, frames++) {
          const offset = batch.offset[i] as number;
          const captured = batch.captured[i] as number;
          decodeFrame(
            view,
            batch.bytes,
            offset,
            captured,
            batch.original[i] as number,
            registry.points[batch.point[i] as number]?.linkType ?? 1,
          );
          const out = Buffer.from(new PacketMask({ shows: () => false, isUser: () => true }).apply(view));
          const level = view.ipCount - 1;
          if (level < 0) continue;
          const payload = Buffer.from(view.bytes.subarray(view.payloadStart[level] as number, view.payloadEnd[level] as number));
          for (let at = 0; at + 8 <= Math.min(payload.length, 64); at += 8) {
            const piece = payload.subarray(at, at + 8);
            if (new Set(piece).size > 6) expect(out.includes(piece), `${file} frame ${batch.firstFrame + i}`).toBe(false);
          }
        }
      });
    }
  },
  60_000,
);

it("content of both: as it is, cut by the copier, too short, or not there", () => {
  const payload = Buffer.from("0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const copy = Buffer.concat([Buffer.from("header"), payload, Buffer.from("trailer")]);
  expect(contentOfBoth(copy, payload)).toMatchObject({ octets: payload.length });
  expect(contentOfBoth(copy.subarray(0, 40), payload)).toMatchObject({ octets: 34 });
  expect(contentOfBoth(copy, payload.subarray(0, 12))).toBeUndefined();
  expect(contentOfBoth(Buffer.from(copy.toString("base64")), payload)).toBeUndefined();
});
