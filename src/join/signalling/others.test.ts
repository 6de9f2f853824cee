/** GTPv1-C, X2AP and Diameter: what each sets up and takes down, whom it names, and who asks whom. */
import { describe, expect, it } from "vitest";
import { ALICE, BOB, Network } from "./for-tests.ts";

describe("GTPv1-C: a PDP context", () => {
  const [SGSN, GGSN, UE] = ["10.0.0.3", "10.0.0.6", "172.16.0.7"];
  const gtp = (type: number, teid: number, sequence: number, more: object = {}): object => ({
    protocol: "gtpv1",
    type,
    header: { teid, sequence },
    teidElements: [],
    gsnAddresses: [],
    cause: undefined,
    ...more,
  });
  /** TEID Data I 16, TEID Control 17 (TS 29.060 §7.7). */
  const teids = (control: number, data: number): object[] => [
    { ie: 17, teid: control },
    { ie: 16, teid: data },
  ];
  const created = (): Network =>
    new Network()
      .see(SGSN, GGSN, gtp(16, 0, 1, { imsi: [ALICE], teidElements: teids(1, 21), gsnAddresses: [SGSN, SGSN] }))
      .see(GGSN, SGSN, gtp(17, 1, 1, { cause: 128, teidElements: teids(2, 11), gsnAddresses: [GGSN, GGSN], ueAddresses: [UE] }));
  it("names both ends, and who holds the address", () => {
    const network = created();
    expect([network.end(GGSN, 11), network.end(SGSN, 21), network.of(GGSN, 11), network.holder(UE)]).toEqual(["up", "up", ALICE, ALICE]);
  });
  it.each([
    ["accepted", 128, 4],
    ["at the last cause that accepts", 191, 4],
    ["refused", 192, "up"],
    ["refused below", 127, "up"],
  ] as const)("deleted, %s", (_, cause, expected) => {
    const network = created()
      .see(SGSN, GGSN, gtp(20, 2, 2))
      .see(GGSN, SGSN, gtp(21, 1, 2, { cause }));
    expect([network.end(GGSN, 11), network.end(SGSN, 21)]).toEqual([expected, expected]);
  });
  it("deleted by an answer to nothing that was seen, goes on", () => {
    expect(
      created()
        .see(GGSN, SGSN, gtp(21, 1, 2, { cause: 128 }))
        .end(GGSN, 11),
    ).toBe("up");
  });
});

describe("X2AP: a handover", () => {
  const [SOURCE, TARGET] = ["10.0.1.1", "10.0.1.2"];
  const x2ap = (type: number, kind: string, more: object): object => ({ protocol: "x2ap", type, kind, bearers: [], ...more });
  const forwarding = { erabId: 5, end: "dl-forwarding", address: TARGET, teid: 41 };
  const prepared = (): Network =>
    new Network()
      .see(SOURCE, TARGET, x2ap(0, "initiating", { oldEnbUeId: 7, imsi: [ALICE] }))
      .see(TARGET, SOURCE, x2ap(0, "successful", { oldEnbUeId: 7, newEnbUeId: 8, bearers: [forwarding] }));
  it("sets up forwarding to the target", () => {
    const network = prepared();
    expect([network.end(TARGET, 41), network.of(TARGET, 41)]).toEqual(["up", ALICE]);
  });
  it("ends when the target releases the source: the ids are free, and forwarding may go on", () => {
    const network = prepared().see(TARGET, SOURCE, x2ap(5, "initiating", { oldEnbUeId: 7, newEnbUeId: 8 }));
    const last = network.told.at(-1);
    expect(last?.kind === "message" ? last.subscriber?.imsi : "").toBe(ALICE);
    expect(network.end(TARGET, 41)).toBe("up");
    network.see(SOURCE, TARGET, x2ap(0, "initiating", { oldEnbUeId: 7, imsi: [BOB] }));
    network.see(TARGET, SOURCE, x2ap(0, "successful", { oldEnbUeId: 7, newEnbUeId: 8, bearers: [{ ...forwarding, teid: 42 }] }));
    expect(network.of(TARGET, 42)).toBe(BOB);
  });
  it.each([
    ["successful", true],
    ["unsuccessful", false],
  ])("X2 Setup that was %s: seen (%s)", (kind, seen) => {
    const network = new Network().see(SOURCE, TARGET, x2ap(6, "initiating", {})).see(TARGET, SOURCE, x2ap(6, kind, {}));
    expect(network.told.some((o) => o.kind === "coverage" && o.association === "x2")).toBe(seen);
  });
});

describe("Diameter", () => {
  const [MME, HSS, UE] = ["10.0.0.1", "10.0.0.2", "172.16.0.7"];
  const [S6A, RX] = [16_777_251, 16_777_236];
  const diameter = (application: number, type: number, request: boolean, more: object = {}): object => ({
    protocol: "diameter",
    application,
    type,
    request,
    hopByHop: 1,
    endToEnd: 1,
    sessionId: undefined,
    ...more,
  });
  const roles = (network: Network, address: string): unknown[] =>
    ["MME", "HSS", "AF", "PCRF"].filter((role) => network.tracker.elements.hasRole(address, role));

  it("tells roles by who begins the command", () => {
    const update = new Network().see(MME, HSS, diameter(S6A, 316, true, { imsi: [ALICE] }));
    expect([roles(update, MME), roles(update, HSS)]).toEqual([["MME"], ["HSS"]]);
    const cancel = new Network().see(HSS, MME, diameter(S6A, 317, true, { imsi: [ALICE] }));
    expect([roles(cancel, MME), roles(cancel, HSS)]).toEqual([["MME"], ["HSS"]]);
  });
  it("an answer belongs to whoever the session is about", () => {
    const network = new Network()
      .see(MME, HSS, diameter(S6A, 316, true, { imsi: [ALICE], sessionId: "s;1" }))
      .see(HSS, MME, diameter(S6A, 316, false, { sessionId: "s;1", msisdn: ["33123456789"] }));
    const last = network.told.at(-1);
    expect(last?.kind === "message" ? [last.subscriber?.imsi, last.subscriber?.msisdn] : []).toEqual([ALICE, "33123456789"]);
  });
  it("a message of two subscribers is about neither", () => {
    const network = new Network().see(MME, HSS, diameter(S6A, 316, true, { imsi: [ALICE, BOB] }));
    expect(network.told.at(-1)).toMatchObject({ kind: "message", subscriber: undefined });
  });
  it("Rx names a subscriber by the address alone: whoever holds it then", () => {
    const given = { imsi: [ALICE], ueAddresses: [UE] };
    const network = new Network()
      .see(MME, HSS, diameter(16_777_238, 272, true, given))
      .see(MME, HSS, diameter(RX, 265, true, { ueAddresses: [UE], sessionId: "s;2" }));
    const last = network.told.at(-1);
    expect(last?.kind === "message" ? last.subscriber?.imsi : "").toBe(ALICE);
  });
});
