/** What S1AP sets up, moves and takes down at base stations, and who began. */
import { describe, expect, it } from "vitest";
import { ALICE, BOB, Network } from "./for-tests.ts";
import { S1apProcedure as P, s1Ends } from "./s1ap.ts";

const [MME, ENB, OTHER_ENB, SGW] = ["10.0.0.1", "10.0.1.1", "10.0.1.2", "10.0.0.5"];
type Kind = "initiating" | "successful" | "unsuccessful";
const s1ap = (type: number, kind: Kind, more: object = {}): object => ({
  protocol: "s1ap",
  type,
  kind,
  bearers: [],
  servedGummeis: [],
  ...more,
});
const bearer = (end: string, address: string, teid: number): object => ({ erabId: 5, end, address, teid, qci: 9 });
const nas = (more: object): object => ({
  protocol: "nas-eps",
  imsi: [],
  msisdn: [],
  imei: [],
  apn: [],
  ueAddresses: [],
  inner: [],
  ...more,
});

/** A device of this eNB, its bearer set up: TEID 11 at the gateway, 21 at the base station. */
function attached(network = new Network(), imsi: string = ALICE, ids = { enbUeId: 7, mmeUeId: 70 }): Network {
  return network
    .see(ENB, MME, s1ap(P.INITIAL_UE_MESSAGE, "initiating", { enbUeId: ids.enbUeId, inner: [nas({ imsi: [imsi] })] }))
    .see(MME, ENB, s1ap(P.INITIAL_CONTEXT_SETUP, "initiating", { ...ids, bearers: [bearer("sgw", SGW, 11)] }))
    .see(ENB, MME, s1ap(P.INITIAL_CONTEXT_SETUP, "successful", { ...ids, bearers: [bearer("enb", ENB, 21)] }));
}
const IDS = { enbUeId: 7, mmeUeId: 70 };
const ends = (network: Network): unknown[] => [network.end(SGW, 11), network.end(ENB, 21)];

describe("a context", () => {
  it("names both ends of its bearer, and whose they are", () => {
    const network = attached();
    expect([...ends(network), network.of(SGW, 11), network.of(ENB, 21)]).toEqual(["up", "up", ALICE, ALICE]);
  });

  it.each([
    ["the release is complete: the base station's end is free, the gateway's stays", "successful", ["up", 5]],
    ["the release was only ordered: it goes on", undefined, ["up", "up"]],
  ] as const)("%s", (_, kind, expected) => {
    const network = attached().see(MME, ENB, s1ap(P.UE_CONTEXT_RELEASE, "initiating", IDS));
    if (kind !== undefined) network.see(ENB, MME, s1ap(P.UE_CONTEXT_RELEASE, kind, IDS));
    expect(ends(network)).toEqual(expected);
  });

  it("set up again by a service request, its end is up again", () => {
    const network = attached()
      .see(MME, ENB, s1ap(P.UE_CONTEXT_RELEASE, "initiating", IDS))
      .see(ENB, MME, s1ap(P.UE_CONTEXT_RELEASE, "successful", IDS));
    expect(ends(attached(network))).toEqual(["up", "up"]);
  });

  it("whose ids are given anew is another's", () => {
    const network = attached()
      .see(MME, ENB, s1ap(P.UE_CONTEXT_RELEASE, "initiating", IDS))
      .see(ENB, MME, s1ap(P.UE_CONTEXT_RELEASE, "successful", IDS));
    attached(network, BOB);
    expect(network.of(ENB, 21)).toBe(BOB);
  });

  it("a new one with the id of one that was never released is another's as well", () => {
    const network = attached().see(ENB, MME, s1ap(P.INITIAL_UE_MESSAGE, "initiating", { enbUeId: 7, inner: [nas({ imsi: [BOB] })] }));
    network.see(ENB, MME, s1ap(13, "initiating", { enbUeId: 7, bearers: [bearer("enb", ENB, 99)] }));
    expect([network.of(ENB, 99), network.of(ENB, 21)]).toEqual([BOB, ALICE]);
  });
});

describe("a path switch", () => {
  const moved = (kind: Kind | undefined): Network => {
    const there = { enbUeId: 8, mmeUeId: 71 };
    const network = attached();
    network.see(
      OTHER_ENB,
      MME,
      s1ap(P.PATH_SWITCH_REQUEST, "initiating", { enbUeId: 8, sourceMmeUeId: 70, bearers: [bearer("enb", OTHER_ENB, 31)] }),
    );
    return kind === undefined ? network : network.see(MME, OTHER_ENB, s1ap(P.PATH_SWITCH_REQUEST, kind, there));
  };
  it.each([
    ["acknowledged: the old base station's end is free", "successful", 5],
    ["refused: it goes on", "unsuccessful", "up"],
    ["not answered: it may go on", undefined, "up"],
  ] as const)("%s", (_, kind, expected) => {
    const network = moved(kind);
    expect([network.end(ENB, 21), network.end(OTHER_ENB, 31), network.end(SGW, 11)]).toEqual([expected, "up", "up"]);
    expect(network.of(OTHER_ENB, 31)).toBe(ALICE);
  });
  it("is told of the subscriber's place only where it was not refused", () => {
    const at = (network: Network): unknown => network.tracker.tunnelEnds.find(SGW, 11)?.subscriber?.resolve().servingEnb;
    expect([at(attached()), at(moved("successful"))]).toEqual([ENB, OTHER_ENB]);
  });
});

describe("S1 Setup", () => {
  const seen = (kind: Kind | undefined, asked = true): boolean => {
    const network = new Network();
    if (asked) network.see(ENB, MME, s1ap(P.S1_SETUP, "initiating"));
    if (kind !== undefined) network.see(MME, ENB, s1ap(P.S1_SETUP, kind));
    return network.tracker.tunnelEnds.setupMicros(ENB) !== undefined;
  };
  it.each([
    ["asked and accepted", "successful", true, true],
    ["refused", "unsuccessful", true, false],
    ["not answered", undefined, true, false],
    ["of which one direction alone was captured", "successful", false, false],
  ] as const)("%s", (_, kind, asked, expected) => expect(seen(kind, asked)).toBe(expected));
});

describe("who is the base station", () => {
  const origin = { src: "a", dst: "b" } as Parameters<typeof s1Ends>[1];
  const enbOf = (type: number, kind: Kind, isEnb: (address: string) => boolean = () => false): string =>
    s1Ends({ type, kind } as Parameters<typeof s1Ends>[0], origin, isEnb).enb;
  it("follows from who begins the procedure", () => {
    expect([enbOf(P.INITIAL_CONTEXT_SETUP, "initiating"), enbOf(P.INITIAL_CONTEXT_SETUP, "successful")]).toEqual(["b", "a"]);
    expect([enbOf(P.INITIAL_UE_MESSAGE, "initiating"), enbOf(P.S1_SETUP, "successful")]).toEqual(["a", "b"]);
  });
  it("of what either begins, from what is known", () => {
    expect([
      enbOf(P.RESET, "initiating"),
      enbOf(P.RESET, "initiating", (x) => x === "b"),
      enbOf(P.RESET, "initiating", () => true),
    ]).toEqual(["a", "b", "a"]);
  });
});
