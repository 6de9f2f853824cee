import { expect, test } from "vitest";
import { isFault } from "#decode/per/pdu.ts";
import { decodeX2ap } from "./decode.ts";
import type { X2apMessage } from "./message.ts";

/** Made with another encoder: one E-RAB admitted with both forwarding tunnels. */
const HANDOVER_REQUEST_ACKNOWLEDGE =
  "20000033000004000a40020001000940020fff0001401a00000040156281f00a0000080000000803e00a00000900000009000c40020100";

function read(hex: string): X2apMessage {
  const octets = Buffer.from(hex, "hex");
  const message = decodeX2ap(octets, 0, octets.length);
  if (isFault(message)) throw new Error(message.field);
  return message;
}

test("handover request acknowledge: both UE ids, both forwarding ends", () => {
  const message = read(HANDOVER_REQUEST_ACKNOWLEDGE);
  expect(message).toMatchObject({ type: 0, kind: "successful", oldEnbUeId: 1, newEnbUeId: 4095, faults: [] });
  expect(message.bearers.map(({ teid, address, end, erabId }) => [teid, address, end, erabId])).toEqual([
    [8, "10.0.0.8", "ul-forwarding", 5],
    [9, "10.0.0.9", "dl-forwarding", 5],
  ]);
});

test("cut at every length: a fault, and the ids as soon as they are there", () => {
  const whole = Buffer.from(HANDOVER_REQUEST_ACKNOWLEDGE, "hex");
  for (let length = 0; length < whole.length; length++) {
    const message = decodeX2ap(whole, 0, length, true);
    if (isFault(message)) expect(length).toBeLessThan(4);
    else {
      expect(message.faults.length).toBeGreaterThan(0);
      if (length >= 13) expect(message.oldEnbUeId).toBe(1);
    }
  }
});
