import { describe, expect, it } from "vitest";
import type { MessageOrigin } from "#model/message.ts";
import { AddressBook } from "./address-book.ts";
import { Handle, Subscribers, type Subscriber } from "./subscribers.ts";
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

describe("an end that is given anew", () => {
  const two = (a: string | undefined, b: string | undefined): readonly [TunnelEnds, Subscriber, Subscriber] => {
    const subscribers = new Subscribers(new AddressBook(), 1);
    const [one, other] = [a, b].map((imsi, i) => {
      subscribers.begin();
      subscribers.handle(Handle.S1_MME, 1, i, 0);
      if (imsi !== undefined) subscribers.imsi(imsi);
      return subscribers.resolve(0) as Subscriber;
    }) as [Subscriber, Subscriber];
    const ends = new TunnelEnds(1);
    for (const subscriber of [one, other])
      ends.setUp({ address: SGW, teid: 7 }, { interface: "S1-U", side: "core", by: "gtpv2", owner: "gtp 1" }, origin, subscriber);
    return [ends, one, other];
  };
  const owners = ([ends, one, other]: ReturnType<typeof two>): unknown[] => [
    ends.find(SGW, 7)?.subscriber === other,
    [...one.ends].length,
    [...other.ends].length,
  ];
  it("is another's where their IMSIs tell them apart, and the first has it no longer", () => {
    expect(owners(two("208010000000001", "208010000000002"))).toEqual([true, 0, 1]);
  });
  it.each([
    [undefined, "208010000000002"],
    ["208010000000001", undefined],
  ])("stays what it is where one of them is not known (%s, %s)", (a, b) => expect(owners(two(a, b))).toEqual([false, 1, 0]));
});

describe("pieces of signalling that were not seen", () => {
  const since = (...changes: readonly (readonly [change: number, micros: number])[]): number | undefined => {
    const ends = new TunnelEnds(1);
    for (const [change, micros] of changes) ends.signallingMissing(SGW, change, micros);
    return ends.surroundings(SGW).missingSince;
  };
  it("are told with the time of the first", () => {
    expect(since([2, 100], [1, 200])).toBe(100);
    expect(new TunnelEnds(1).surroundings(SGW).missingSince).toBeUndefined();
  });
  it("heal when as many came late, and only then", () => {
    expect(since([2, 100], [-1, 200])).toBe(100);
    expect(since([2, 100], [-2, 200])).toBeUndefined();
    expect(since([2, 100], [-2, 200], [1, 300]), "a new gap begins anew").toBe(300);
  });
});

describe("the set-up of an association", () => {
  it("is that of the first, and is lost in a gap", () => {
    const ends = new TunnelEnds(1);
    ends.setupSeen(ENB, 100);
    ends.setupSeen(ENB, 200);
    expect([ends.setupMicros(ENB), ends.announces(ENB, SGW), ends.announces(SGW, ENB), ends.announces(SGW, SGW)]).toEqual([
      100,
      true,
      true,
      false,
    ]);
    ends.setupLost(ENB);
    expect([ends.setupMicros(ENB), ends.announces(ENB, SGW)]).toEqual([undefined, false]);
  });
});
