import { describe, expect, it } from "vitest";
import { AddressBook } from "./address-book.ts";
import { SUBSCRIBER_LIMITS, Subscribers, type Subscriber } from "./subscribers.ts";

function known(subscribers: Subscribers, imsi: string): Subscriber {
  subscribers.begin();
  subscribers.imsi(imsi);
  return subscribers.resolve(0) as Subscriber;
}

describe("who holds an address", () => {
  it("of IPv6: whoever was given its /64, since then", () => {
    const subscribers = new Subscribers(new AddressBook(), 1);
    const [a, b] = [known(subscribers, "208010000000001"), known(subscribers, "208010000000002")];
    subscribers.assignAddress("2001:db8:1:2::1", a, 100);
    expect(subscribers.holder("2001:db8:1:2:9c4f:1:2:3", 150)).toBe(a);
    expect(subscribers.isUserIpv6(0x20010db8, 0x00010002)).toBe(true);
    expect(subscribers.isUserIpv6(0x20010db8, 0x00010003)).toBe(false);
    expect(subscribers.holder("2001:db8:1:3::1", 150)).toBeUndefined();
    subscribers.assignAddress("2001:db8:1:2::1", b, 200);
    expect(subscribers.holder("2001:db8:1:2:9c4f:1:2:3", 199)).toBe(a);
    expect(subscribers.holder("2001:db8:1:2:9c4f:1:2:3", 200)).toBe(b);
  });
  it("two who were given addresses of one /64 keep their own", () => {
    const subscribers = new Subscribers(new AddressBook(), 1);
    const [a, b] = [known(subscribers, "208010000000001"), known(subscribers, "208010000000002")];
    subscribers.assignAddress("2001:db8:1:2::1", a, 100);
    subscribers.assignAddress("2001:db8:1:2::2", b, 200);
    expect(subscribers.holder("2001:db8:1:2::1", 300)).toBe(a);
    expect(subscribers.holder("2001:db8:1:2::2", 300)).toBe(b);
  });
  it("passes on only from a session that was seen to end, to another person", () => {
    const subscribers = new Subscribers(new AddressBook(), 1);
    const [a, b] = [known(subscribers, "208010000000001"), known(subscribers, "208010000000002")];
    subscribers.assignAddress("10.0.0.1", a, 100);
    subscribers.assignAddress("10.0.0.1", b, 200);
    expect(subscribers.passing("10.0.0.1", 300)).toBeUndefined();
    subscribers.freeAddress("10.0.0.1", a);
    expect(subscribers.passing("10.0.0.1", 300)).toBeUndefined();
    subscribers.freeAddress("10.0.0.1", b);
    subscribers.assignAddress("10.0.0.1", b, 400);
    subscribers.freeAddress("10.0.0.1", b);
    subscribers.assignAddress("10.0.0.1", a, 500);
    expect(subscribers.passing("10.0.0.1", 499)).toBeUndefined();
    expect(subscribers.passing("10.0.0.1", 500)).toEqual({ sinceMicros: 500, former: [b] });
    expect(subscribers.passed).toEqual(["10.0.0.1"]);
    expect(subscribers.givenSince("10.0.0.1")).toBe(100);
  });
  it("of IPv4, and of one link alone: to the last bit", () => {
    const subscribers = new Subscribers(new AddressBook(), 1);
    const a = known(subscribers, "208010000000001");
    subscribers.assignAddress("10.0.0.1", a, 100);
    subscribers.assignAddress("fe80::1", a, 100);
    expect(subscribers.holder("10.0.0.2", 150)).toBeUndefined();
    expect(subscribers.holder("fe80::2", 150)).toBeUndefined();
  });
  it("of IPv4, given anew: whoever had it then, and the first for what came before", () => {
    const subscribers = new Subscribers(new AddressBook(), 1);
    const [a, b, c] = [known(subscribers, "208010000000001"), known(subscribers, "208010000000002"), known(subscribers, "208010000000003")];
    [a, b, c].forEach((one, i) => subscribers.assignAddress("10.0.0.1", one, 100 * (i + 1)));
    const at = (micros: number): string | undefined => subscribers.holder("10.0.0.1", micros)?.imsi;
    expect([50, 100, 199].map(at), "the first").toEqual([a.imsi, a.imsi, a.imsi]);
    expect([200, 299].map(at), "the second").toEqual([b.imsi, b.imsi]);
    expect([300, Infinity].map(at), "the third").toEqual([c.imsi, c.imsi]);
  });
  it("named again to the one who has it, however often, forgets nobody", () => {
    const subscribers = new Subscribers(new AddressBook(), 1);
    const [a, b] = [known(subscribers, "208010000000001"), known(subscribers, "208010000000002")];
    subscribers.assignAddress("10.0.0.1", a, 100);
    for (let i = 0; i <= SUBSCRIBER_LIMITS.addressesEach; i++) subscribers.assignAddress("10.0.0.1", b, 200 + i);
    expect([199, 200].map((micros) => subscribers.holder("10.0.0.1", micros)?.imsi)).toEqual([a.imsi, b.imsi]);
  });
});
