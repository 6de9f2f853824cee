/** What makes a session with an element a finding, and what keeps it silent: one SSH session, changed in one thing at a time. */
import { describe, expect, it } from "vitest";
import type { FlowObservation } from "#model/observation.ts";
import { contextOf, flow, judgedBy, side, type Judged } from "./for-tests.ts";
import { ungrantedAccess } from "./ungranted-access.ts";

const [MME, NOC, VENDOR, STRANGER, UE] = ["10.0.0.1", "10.9.8.1", "10.9.8.9", "203.0.113.9", "172.16.0.7"];
const NETWORK = `
network: { name: Exampletel, country: FR }
functions: [{ name: mme-1, roles: [MME], addresses: [${MME}] }]
subscribers: { addresses: [172.16.0.0/24] }
operators:
  - { name: noc, addresses: [${NOC}] }
  - { name: vendor, addresses: [${VENDOR}] }
grants:
  - { party: noc, functions: [mme-1], protocols: [ssh, snmp], from: 2026-01-01T00:00:00Z, to: 2026-01-01T01:00:00Z, ticket: CHG-1 }
`;
const HOUR = 3600e6;
const BEGIN = Date.parse("2026-01-01T00:00:00Z") * 1000;

/** To port 22 of the element, and a minute long, half an hour after the grant's beginning. */
function session(from: string, over: Partial<FlowObservation> = {}): FlowObservation {
  const times = { firstMicros: BEGIN + HOUR / 2, lastMicros: BEGIN + HOUR / 2 + 60e6 };
  return flow(side(from, 40_000), side(MME, 22), { application: "ssh", ...times, ...over });
}
const judge = (network: string | null, ...flows: FlowObservation[]): Judged => judgedBy(ungrantedAccess, contextOf(network), flows);
const grades = ({ found }: Judged): string[] => found.map(({ grade, act }) => `${grade} ${act}`);

describe("a session that no grant covers", () => {
  it("is proven and effected where its handshake completed", () => {
    const { found } = judge(NETWORK, session(STRANGER));
    expect(found).toMatchObject([
      {
        grade: "proven",
        act: "effected",
        element: { name: "mme-1" },
        receiver: { address: STRANGER, port: 40_000, declared: false },
        packets: 10,
      },
    ]);
  });

  it("without a handshake: corroborated, and sent", () => {
    expect(grades(judge(NETWORK, session(STRANGER, { handshakeCompleted: false })))).toEqual(["corroborated sent"]);
  });

  it("of unreadable content is a hint: a port is not yet a protocol", () => {
    const unread = session(STRANGER, { application: undefined, handshakeCompleted: false });
    expect(grades(judge(NETWORK, unread))).toEqual(["indication sent"]);
  });

  it.each([
    ["by a party that has none", session(VENDOR)],
    ["by a protocol that the grant does not name", session(NOC, { application: "telnet", responder: side(MME, 23) })],
  ])("%s", (_, seen) => expect(grades(judge(NETWORK, seen))).toEqual(["proven effected"]));

  it("is the subscriber's by name where the party is one", () => {
    expect(judge(NETWORK, session(UE)).found).toMatchObject([{ grade: "proven", subscribers: [`ip:${UE}`] }]);
  });

  it("of one party on one element is one finding, however many sessions; of another party another", () => {
    const { found } = judge(NETWORK, session(STRANGER), session(STRANGER, { handshakeCompleted: false }), session(VENDOR));
    expect(found.map(({ details, grade }) => `${String(details?.["sessions"])} ${grade}`)).toEqual(["2 proven", "1 proven"]);
  });
});

describe("the period of a grant", () => {
  const begun = (firstMicros: number, lastMicros = firstMicros + 60e6): Judged => judge(NETWORK, session(NOC, { firstMicros, lastMicros }));
  it("covers a session within it", () => expect(begun(BEGIN + HOUR / 2)).toEqual({ found: [], undecided: [] }));
  it.each([
    ["before its beginning", BEGIN - HOUR],
    ["after its end", BEGIN + 2 * HOUR],
  ])("does not cover one %s, and the finding says which grant, and when", (_, first) => {
    expect(begun(first).found).toMatchObject([
      { grade: "proven", details: { grant: "CHG-1", grantFrom: "2026-01-01T00:00:00Z", grantTo: "2026-01-01T01:00:00Z" } },
    ]);
  });
});

describe("silent", () => {
  const refused = { tcp: { syn: true, synAck: false, refused: true, established: false } };
  it.each<[string, FlowObservation]>([
    ["one that was refused", session(STRANGER, { ...refused, responder: side(MME, 22, 0), handshakeCompleted: false })],
    ["one that the element never answered", session(STRANGER, { responder: side(MME, 22, 0), handshakeCompleted: false })],
  ])("%s: an attempt is counted, and accuses nobody", (_, seen) => {
    expect(judge(NETWORK, seen)).toEqual({ found: [], undecided: ["undecided.access-refused"] });
  });

  it.each<[string, string | null, FlowObservation]>([
    ["without a declaration nobody knows who may", null, session(STRANGER)],
    ["a trap to the party of the grant", NETWORK, { ...session(MME, { application: "snmp", protocol: 17 }), responder: side(NOC, 162) }],
    ["what is no management is another detector's", NETWORK, session(STRANGER, { application: "diameter", responder: side(MME, 3868) })],
  ])("%s", (_, network, seen) => expect(judge(network, seen)).toEqual({ found: [], undecided: [] }));
});

describe("a session that lasts", () => {
  it("is judged as far as it got, and leaves nothing behind when stock is taken again", () => {
    const { context, undecided } = contextOf(NETWORK);
    const detector = ungrantedAccess(context);
    const lasting = { flows: [session(STRANGER, { ended: false })], tunnels: [], channels: [], complete: true };
    expect(detector.findings(lasting)).toMatchObject([{ grade: "proven", packets: 10 }]);
    expect(detector.findings()).toEqual([]);
    detector.observe(session(STRANGER));
    expect(detector.findings(lasting)).toMatchObject([{ packets: 20, details: { sessions: 2 } }]);
    expect(detector.findings()).toMatchObject([{ packets: 10, details: { sessions: 1 } }]);
    expect(undecided).toEqual([]);
  });
});
