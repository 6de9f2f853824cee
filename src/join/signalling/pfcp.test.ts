/** What PFCP sets up and takes down, and whose word counts for what the user plane has. */
import { describe, expect, it } from "vitest";
import { ALICE, Network } from "./for-tests.ts";
import { PfcpType as T } from "./pfcp.ts";

const [CP, UP, ENB, UE] = ["10.0.0.4", "10.0.0.5", "10.0.1.1", "172.16.0.7"];
const [ACCEPTED, NO_CONTEXT] = [1, 65];
const pfcp = (type: number, sequence: number, more: object = {}): object => ({
  protocol: "pfcp",
  type,
  header: { sequence },
  seid: undefined,
  fseids: [],
  createPdr: [],
  updatePdr: [],
  createdPdr: [],
  createTrafficEndpoint: [],
  createFar: [],
  updateFar: [],
  cause: undefined,
  ...more,
});
const fseid = (ipv4: string, n: number): object => ({ seid: n.toString(16).padStart(16, "0"), ipv4, ipv6: undefined });
const seid = (n: number): string => n.toString(16).padStart(16, "0");
const fteid = (ipv4: string, teid: number, choose = false): object => ({ choose, teid: choose ? undefined : teid, ipv4, ipv6: undefined });
const far = (ipv4: string, teid: number, destinationInterface = 0): object => ({
  forwarding: { destinationInterface, outerHeaderCreation: { teid, ipv4 } },
  duplicating: [],
});

/** Asked for by the control plane with SEID 1, answered by the user plane with SEID 2, which chose TEID 11. */
function established(network = new Network(), cause: number = ACCEPTED): Network {
  const asked = pfcp(T.SESSION_ESTABLISHMENT_REQUEST, 1, {
    imsi: [ALICE],
    fseids: [fseid(CP, 1)],
    createPdr: [{ pdi: { sourceInterface: 0, fteids: [fteid(UP, 0, true)] } }],
    createFar: [far(ENB, 21)],
  });
  const answered = pfcp(T.SESSION_ESTABLISHMENT_RESPONSE, 1, {
    seid: seid(1),
    cause,
    fseids: [fseid(UP, 2)],
    createdPdr: [{ fteids: [fteid(UP, 11)] }],
    ueAddresses: [UE],
  });
  return network.see(CP, UP, asked).see(UP, CP, answered);
}

describe("a session", () => {
  it("names the end that the user plane chose, and the far end of its header", () => {
    const network = established();
    expect([network.end(UP, 11), network.end(ENB, 21), network.of(UP, 11), network.of(ENB, 21)]).toEqual(["up", "up", ALICE, ALICE]);
    expect(network.holder(UE)).toBe(ALICE);
  });

  it("is told again by either end's SEID", () => {
    const network = established();
    network.see(CP, UP, pfcp(T.SESSION_MODIFICATION_REQUEST, 2, { seid: seid(2), updateFar: [far("10.0.1.2", 31)] }));
    expect(network.of("10.0.1.2", 31)).toBe(ALICE);
  });

  it("where duplicates go is no end of it", () => {
    const network = new Network();
    const to = { destinationInterface: 1, outerHeaderCreation: { teid: 66, ipv4: "203.0.113.9" } };
    const copy = { forwarding: undefined, duplicating: [to] };
    network.see(CP, UP, pfcp(T.SESSION_ESTABLISHMENT_REQUEST, 1, { imsi: [ALICE], fseids: [fseid(CP, 1)], createFar: [copy] }));
    expect(network.end("203.0.113.9", 66)).toBeUndefined();
  });

  it.each([
    ["accepted: its ends are free", ACCEPTED, [4, 4]],
    ["refused: it goes on", NO_CONTEXT, ["up", "up"]],
    ["whose answer was not seen: nobody knows", undefined, ["up", "up"]],
  ] as const)("deleted, %s", (_, cause, expected) => {
    const network = established().see(CP, UP, pfcp(T.SESSION_DELETION_REQUEST, 3, { seid: seid(2) }));
    if (cause !== undefined) network.see(UP, CP, pfcp(T.SESSION_DELETION_RESPONSE, 3, { seid: seid(1), cause }));
    expect([network.end(UP, 11), network.end(ENB, 21)]).toEqual(expected);
  });
});

describe("the set-up of an association", () => {
  const seen = (cause: number | undefined, asked = true): boolean => {
    const network = new Network();
    if (asked) network.see(CP, UP, pfcp(T.ASSOCIATION_SETUP_REQUEST, 9));
    if (cause !== undefined) network.see(UP, CP, pfcp(T.ASSOCIATION_SETUP_RESPONSE, 9, { cause }));
    const told = network.told.some(({ kind }) => kind === "coverage");
    expect(network.tracker.tunnelEnds.setupMicros(UP) !== undefined).toBe(told);
    return told;
  };
  it.each([
    ["asked and accepted", ACCEPTED, true, true],
    ["refused", NO_CONTEXT, true, false],
    ["not answered", undefined, true, false],
    ["of which one direction alone was captured", ACCEPTED, false, false],
  ] as const)("%s", (_, cause, asked, expected) => expect(seen(cause, asked)).toBe(expected));
});

describe("an answer whose request was not seen", () => {
  const missing = (network: Network): number | undefined => network.tracker.tunnelEnds.surroundings(UP).missingSince;
  const answer = pfcp(T.SESSION_DELETION_RESPONSE, 5, { seid: seid(1), cause: ACCEPTED });
  it("is a piece that is missing, until the request comes late", () => {
    const network = established().see(UP, CP, answer);
    expect(missing(network)).toBe(3e6);
    network.see(CP, UP, pfcp(T.SESSION_DELETION_REQUEST, 5, { seid: seid(2) }));
    expect(missing(network)).toBeUndefined();
  });
  it("after its request is none", () => {
    const network = established()
      .see(CP, UP, pfcp(T.SESSION_DELETION_REQUEST, 5, { seid: seid(2) }))
      .see(UP, CP, answer);
    expect(missing(network)).toBeUndefined();
  });
});
