/** What GTPv2-C sets up and takes down: only what was accepted is over, and what is over may be set up again. */
import { describe, expect, it } from "vitest";
import { ALICE, BOB, Network } from "./for-tests.ts";
import { Gtpv2Type as T } from "./gtpv2.ts";

const [MME, SGW, ENB, OTHER_ENB, UE] = ["10.0.0.1", "10.0.0.5", "10.0.1.1", "10.0.1.2", "172.16.0.7"];
/** Interface types (TS 29.274 §8.22): S1-U of eNB and SGW, S11 of MME and SGW, forwarding at the SGW. */
const [S1U_ENB, S1U_SGW, S11_MME, S11_SGW, FORWARDING] = [0, 1, 10, 11, 23];
const [ACCEPTED, PARTIALLY, NOT_FOUND] = [16, 17, 64];

const fteid = (interfaceType: number, ipv4: string, teid: number): object => ({ interfaceType, instance: 0, teid, ipv4, ipv6: undefined });
const bearer = (ebi: number, fteids: readonly object[] = [], cause?: number): object => ({ ebi, fteids, cause });
const message = (type: number, teid: number, sequence: number, more: object = {}): object => ({
  protocol: "gtpv2",
  type,
  header: { teid, sequence },
  fteids: [],
  bearers: [],
  pdnConnections: [],
  ebis: [],
  ...more,
});

/** A session with its default bearer 5: MME's control TEID 1, gateway's 2; user TEIDs 11 at the gateway. */
function attach(network: Network, imsi: string = ALICE, address = UE, n = 0): Network {
  const create = message(T.CREATE_SESSION_REQUEST, 0, 100 + n, {
    imsi: [imsi],
    fteids: [fteid(S11_MME, MME, 1 + n)],
    bearers: [bearer(5)],
  });
  const created = message(T.CREATE_SESSION_RESPONSE, 1 + n, 100 + n, {
    cause: ACCEPTED,
    fteids: [fteid(S11_SGW, SGW, 2 + n)],
    bearers: [bearer(5, [fteid(S1U_SGW, SGW, 11 + n)])],
    ueAddresses: [address],
  });
  return network.see(MME, SGW, create).see(SGW, MME, created);
}
/** Asked by the MME, answered by the gateway. */
function order(network: Network, type: number, more: object, cause: number | undefined, answered: object = {}): Network {
  network.see(MME, SGW, message(type, 2, 200, more));
  return cause === undefined ? network : network.see(SGW, MME, message(type + 1, 1, 200, { cause, ...answered }));
}
const moveTo = (network: Network, enb: string, teid: number, cause?: number): Network =>
  order(network, T.MODIFY_BEARER_REQUEST, { bearers: [bearer(5, [fteid(S1U_ENB, enb, teid)])] }, cause);
const attached = (): Network => moveTo(attach(new Network()), ENB, 21, ACCEPTED);

describe("a session", () => {
  it("names both ends of its tunnel, and who holds the address", () => {
    const network = attached();
    expect([network.end(SGW, 11), network.end(ENB, 21), network.end(SGW, 99)]).toEqual(["up", "up", undefined]);
    expect([network.of(SGW, 11), network.holder(UE)]).toEqual([ALICE, ALICE]);
  });

  it("asked for inside a subscriber's own tunnel teaches nothing", () => {
    const asked = message(T.CREATE_SESSION_REQUEST, 0, 1, { imsi: [ALICE], bearers: [bearer(5, [fteid(S1U_SGW, SGW, 11)])] });
    expect(new Network().see(MME, SGW, asked, true).end(SGW, 11)).toBeUndefined();
  });

  it("may ask for an address: whoever is given it holds it", () => {
    const asked = message(T.CREATE_SESSION_REQUEST, 0, 1, { imsi: [ALICE], ueAddresses: [UE] });
    expect(new Network().see(MME, SGW, asked).holder(UE)).toBeUndefined();
  });

  it("whose address goes to another: each holds it in its time", () => {
    const network = attach(attach(new Network()), BOB, UE, 50);
    expect([network.holder(UE, 3), network.holder(UE, 4)]).toEqual([ALICE, BOB]);
  });
});

describe("an order to delete", () => {
  it.each([
    ["accepted: both ends are free", ACCEPTED, [6, 6]],
    ["refused: it goes on", NOT_FOUND, ["up", "up"]],
    ["whose answer was not seen: nobody knows", undefined, ["up", "up"]],
  ] as const)("the session, %s", (_, cause, expected) => {
    const network = order(attached(), T.DELETE_SESSION_REQUEST, { ebis: [5] }, cause);
    expect([network.end(SGW, 11), network.end(ENB, 21)]).toEqual(expected);
  });

  it("one connection leaves the other as it is", () => {
    const network = attached();
    network.see(MME, SGW, message(T.CREATE_SESSION_REQUEST, 2, 300, { bearers: [bearer(6)] }));
    network.see(SGW, MME, message(T.CREATE_SESSION_RESPONSE, 1, 300, { cause: ACCEPTED, bearers: [bearer(6, [fteid(S1U_SGW, SGW, 12)])] }));
    order(network, T.DELETE_SESSION_REQUEST, { ebis: [6] }, ACCEPTED);
    expect([network.end(SGW, 11), network.end(SGW, 12)]).toEqual(["up", 8]);
  });

  it.each([
    ["accepted", ACCEPTED, undefined, 8],
    ["accepted in part, and not this one", PARTIALLY, NOT_FOUND, "up"],
    ["refused", NOT_FOUND, undefined, "up"],
  ] as const)("a dedicated bearer, %s", (_, cause, own, expected) => {
    const network = attached();
    network.see(SGW, MME, message(95, 1, 300, { ebis: [5], bearers: [bearer(0, [fteid(S1U_SGW, SGW, 13)])] }));
    network.see(
      MME,
      SGW,
      message(96, 2, 300, { cause: ACCEPTED, bearers: [bearer(7, [fteid(S1U_SGW, SGW, 13), fteid(S1U_ENB, ENB, 23)])] }),
    );
    network.see(SGW, MME, message(T.DELETE_BEARER_REQUEST, 1, 301, { bearers: [bearer(7)] }));
    network.see(MME, SGW, message(T.DELETE_BEARER_RESPONSE, 2, 301, { cause, bearers: [bearer(7, [], own)] }));
    expect(network.end(ENB, 23)).toBe(expected);
    expect(network.end(SGW, 11), "the default bearer goes on").toBe("up");
  });
});

describe("release of the access bearers", () => {
  it.each([
    ["accepted: the base station's end is free, the gateway's stays", ACCEPTED, 6],
    ["refused: both go on", NOT_FOUND, "up"],
  ] as const)("%s", (_, cause, expected) => {
    const network = order(attached(), T.RELEASE_ACCESS_BEARERS_REQUEST, {}, cause);
    expect([network.end(ENB, 21), network.end(SGW, 11)]).toEqual([expected, "up"]);
  });

  it("set up again, it is up again", () => {
    const released = order(attached(), T.RELEASE_ACCESS_BEARERS_REQUEST, {}, ACCEPTED);
    expect(moveTo(released, ENB, 21, ACCEPTED).end(ENB, 21)).toBe("up");
  });
});

describe("a bearer that moves to another base station", () => {
  it.each([
    ["accepted: the old end is free", ACCEPTED, 6],
    ["refused: the old end goes on", NOT_FOUND, "up"],
    ["whose answer was not seen: the old end may go on", undefined, "up"],
  ] as const)("%s", (_, cause, expected) => {
    const network = moveTo(attached(), OTHER_ENB, 31, cause);
    expect([network.end(ENB, 21), network.end(OTHER_ENB, 31), network.end(SGW, 11)]).toEqual([expected, "up", "up"]);
  });

  it("named again where it is, it stays", () => expect(moveTo(attached(), ENB, 21, ACCEPTED).end(ENB, 21)).toBe("up"));
});

it.each([
  ["accepted", ACCEPTED, 6],
  ["refused", NOT_FOUND, "up"],
] as const)("indirect forwarding, deleted and %s", (_, cause, expected) => {
  const network = attached();
  network.see(SGW, MME, message(167, 1, 300, { fteids: [fteid(FORWARDING, SGW, 41)] }));
  network.see(SGW, MME, message(T.DELETE_INDIRECT_FORWARDING_RESPONSE, 1, 301, { cause }));
  expect(network.end(SGW, 41)).toBe(expected);
});

describe("an end that is given anew", () => {
  const again = (network: Network): Network => attach(network, BOB, "172.16.0.8", 0);
  it("after its release is the new subscriber's", () => {
    const network = again(order(attached(), T.DELETE_SESSION_REQUEST, { ebis: [5] }, ACCEPTED));
    expect([network.end(SGW, 11), network.of(SGW, 11)]).toEqual(["up", BOB]);
  });
  it("though its release was not captured, is the new subscriber's as well", () => {
    const network = again(attached());
    expect([network.end(SGW, 11), network.of(SGW, 11)]).toEqual(["up", BOB]);
  });
});
