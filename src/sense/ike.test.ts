import { describe, expect, it } from "vitest";
import { Exchange, ike, Payload, type Proposal, sa, unhidden } from "#lab/wire/ike.ts";
import type { Octets } from "#lab/wire/octets.ts";
import { IkeContent, IkeWeakness } from "./ike.ts";

const SPIS: [Octets, Octets] = [new Uint8Array(8).fill(1), new Uint8Array(8).fill(2)];
const AES = { type: 1, id: 12, bits: 256 };
const NULL = { type: 1, id: 11 };
const SHA = { type: 3, id: 12 };

const init = (response: boolean, ...proposals: Proposal[]): Octets =>
  ike({ spis: SPIS, exchange: Exchange.init, response, id: 0, payloads: [[Payload.nonce, new Uint8Array(16)], sa(...proposals)] });
const suite = (protocol: number, ...transforms: Proposal["transforms"]): Proposal => ({ protocol, transforms });

function seen(...messages: (readonly [side: number, message: Octets])[]): IkeContent {
  const content = new IkeContent();
  for (const [side, message] of messages) content.look(message, 0, message.length, side);
  return content;
}

describe("what IKEv2 agreed on", () => {
  it("is what the answer repeats, whatever was offered beside it", () => {
    const offer = init(false, suite(1, NULL, SHA), suite(1, AES, SHA));
    expect(seen([0, offer]).chosen).toEqual([0, 0]);
    expect(seen([0, offer], [1, init(true, suite(1, AES, SHA))]).chosen).toEqual([0, 0]);
    const weak = seen([0, offer], [1, init(true, suite(1, NULL, SHA))]);
    expect([weak.chosen, weak.offerSeen]).toEqual([[0, IkeWeakness.IKE_NULL], true]);
    expect(seen([1, init(true, suite(1, NULL, SHA))]).offerSeen).toBe(false);
  });
  it("lacks integrity where no transform of it is chosen and the cipher has none of its own", () => {
    expect(seen([1, init(true, suite(1, AES))]).chosen[1]).toBe(IkeWeakness.IKE_NO_INTEGRITY);
    expect(seen([1, init(true, suite(1, AES, { type: 3, id: 0 }))]).chosen[1]).toBe(IkeWeakness.IKE_NO_INTEGRITY);
    expect(seen([1, init(true, suite(1, { type: 1, id: 20, bits: 128 }))]).chosen[1]).toBe(0);
    expect(seen([1, init(true, suite(3, { type: 1, id: 21, bits: 128 }))]).chosen[1]).toBe(IkeWeakness.ESP_NULL);
  });
  it("is no choice where an answer names several, or none", () => {
    expect(seen([1, init(true, suite(1, NULL, AES, SHA))]).chosen[1]).toBe(0);
    expect(seen([1, init(true, suite(1, NULL, SHA), suite(1, AES, SHA))]).chosen[1]).toBe(0);
    expect(seen([1, init(true)]).chosen[1]).toBe(0);
  });
  it("is read in the encrypted payload where IKE itself hides nothing, and only there", () => {
    const child = unhidden([sa(suite(3, NULL, SHA))], new Uint8Array(12));
    const auth = ike({ spis: SPIS, exchange: Exchange.auth, response: true, id: 1, payloads: [] }, child);
    expect(seen([1, auth]).chosen[1]).toBe(0);
    expect(seen([1, init(true, suite(1, AES, SHA))], [1, auth]).chosen[1]).toBe(0);
    expect(seen([1, init(true, suite(1, NULL, SHA))], [1, auth]).chosen[1]).toBe(IkeWeakness.IKE_NULL | IkeWeakness.ESP_NULL);
  });
  it("behind the marker of port 4500, cut at every length, and with every octet changed", () => {
    const whole = init(true, suite(1, NULL, SHA));
    const marked = Uint8Array.from([0, 0, 0, 0, ...whole]);
    expect(seen([1, marked]).chosen[1]).toBe(IkeWeakness.IKE_NULL);
    for (let n = 0; n < whole.length; n++) {
      expect(seen([1, whole.subarray(0, n)]).chosen[1]).toBe(0);
      for (const change of [0xff, 0x80, 1]) seen([1, whole.map((o, i) => (i === n ? o ^ change : o))]);
    }
  });
});
