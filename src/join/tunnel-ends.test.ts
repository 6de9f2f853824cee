import { describe, expect, it } from "vitest";
import type { MessageOrigin } from "#model/message.ts";
import { AddressBook } from "./address-book.ts";
import { Subscribers, type Subscriber } from "./subscribers.ts";
import { TunnelEnds, type SignalledEnd } from "./tunnel-ends.ts";

const SGW = "10.2.0.1";
const ENB = "10.1.0.1";
const origin = { time: { sec: 1, nsec: 0 } } as MessageOrigin;

function named(...peers: readonly (readonly [name: string, address: string])[]): { ends: TunnelEnds; end: SignalledEnd } {
  const subscribers = new Subscribers(new AddressBook(), 1);
  subscribers.begin();
  subscribers.imsi("208010000000001");
  const subscriber = subscribers.resolve(0) as Subscriber;
  // The eNB has a second address.
  const ends = new TunnelEnds(1, (address) => (address.startsWith(ENB) ? [ENB, `${ENB}9`] : [address]));
  const owner = "gtp 1";
  const end = ends.setUp({ address: SGW, teid: 7 }, { interface: "S1-U", side: "core", by: "gtpv2", owner }, origin, subscriber);
  for (const [name, address] of peers)
    ends.setUp({ address, teid: 8 }, { interface: name, side: "access", by: "s1ap", owner }, origin, subscriber);
  return { ends, end };
}

describe("who may use an end that was signalled", () => {
  it("whoever was named for the session, at any of its function's addresses, then and after a handover", () => {
    const { ends, end } = named(["S1-U", ENB], ["S1-U/N3", "10.1.0.2"]);
    for (const source of [ENB, `${ENB}9`, "10.1.0.2"]) expect(ends.user(end, SGW, source)).toBe("named");
    expect(ends.find(SGW, 7, "10.1.0.2")).toBe(end);
  });
  it("nobody else, once somebody was named for the far side", () => {
    const { ends, end } = named(["S1-U", ENB]);
    expect(ends.user(end, SGW, "203.0.113.9")).toBe("other");
    expect(ends.find(SGW, 7, "203.0.113.9")).toBeUndefined();
    expect(ends.find(SGW, 7)).toBe(end);
  });
  it("is not known where the far side was never named, or only that of another reference point", () => {
    for (const peers of [[], [["S5/S8-U", "10.3.0.1"] as const]]) {
      const { ends, end } = named(...peers);
      expect(ends.user(end, SGW, "203.0.113.9")).toBe("unknown");
    }
  });
});
