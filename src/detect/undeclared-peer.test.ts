/** What makes an exchange a finding, and what keeps it silent: one flow, changed in one thing at a time. */
import { describe, expect, it } from "vitest";
import { parseDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import type { FindingDraft } from "#model/finding.ts";
import type { FlowObservation, FlowSide, TunnelObservation } from "#model/observation.ts";
import type { DetectorContext } from "./detector.ts";
import { undeclaredPeer } from "./undeclared-peer.ts";

const [ENB, SGW] = ["10.1.0.1", "10.2.0.1"];
const [MME, STRANGER, REPORT, CDR, USAGE] = ["10.0.0.1", "203.0.113.9", "10.9.0.5", "10.9.0.6", "10.9.0.7"];
const NETWORK = `
network: { name: Exampletel, country: FR }
functions:
  - { name: mme-1, roles: [MME], addresses: [${MME}] }
  - { name: enb-1, roles: [eNB], addresses: [${ENB}] }
  - { name: sgw-1, roles: [SGW], addresses: [${SGW}] }
services:
  - { name: report-1, addresses: [${REPORT}], protocols: [http] }
  - { name: usage-1, addresses: [${USAGE}], protocols: [http], mayCarry: [usage] }
transfers: [{ kind: cdr, from: [mme-1], to: [${CDR}], protocols: [http] }]
`;

/** `uses`: tunnels told before the findings are asked for. */
function judge(
  flow: Partial<FlowObservation>,
  declared = true,
  uses: readonly TunnelObservation[] = [],
): { found: readonly FindingDraft[]; undecided: string[] } {
  const declaration = declared ? new Lookup(parseDeclaration(NETWORK, "network.yaml").declaration) : null;
  const undecided: string[] = [];
  const context = {
    declaration,
    points: [],
    element: (address: string) => ({ name: declaration?.functionAt(address)?.name ?? null, address, vendor: null, basis: "address" }),
    receiver: (address: string, port: number | null) => ({ name: declaration?.nameOf(address) ?? null, address, port, declared: false }),
    undecided: ({ why }: { why: { code: string } }) => void undecided.push(why.code),
    isUser: () => false,
  } as unknown as DetectorContext;
  const detector = undeclaredPeer(context);
  const frames = { capture: 0, frames: [1, 2], total: 2 };
  detector.observe({
    kind: "flow",
    point: 0,
    capture: 0,
    protocol: 6,
    vlan: 0,
    initiator: side(MME, 40_000, 3),
    responder: side(STRANGER, 443, 3),
    beginningSeen: true,
    tcp: { syn: true, synAck: true, refused: false, established: true },
    application: "tls",
    handshakeCompleted: true,
    serverName: undefined,
    icmp: undefined,
    layers: [],
    firstMicros: 0,
    lastMicros: 1e6,
    frames,
    payloadFrames: frames,
    ended: true,
    ...flow,
  });
  for (const use of uses) detector.observe(use);
  return { found: detector.findings(), undecided };
}

function side(address: string, port: number, payloadPackets: number): FlowSide {
  return { address, port, packets: 5, bytes: 500, payloadPackets, payloadBytes: payloadPackets * 80, mac: undefined };
}

describe("an exchange with a host that nobody declared", () => {
  it("is corroborated with payload both ways, and effected", () => {
    expect(judge({}).found).toMatchObject([{ grade: "corroborated", act: "effected", receiver: { address: STRANGER }, data: [] }]);
  });

  it.each([
    ["payload one way", { responder: side(STRANGER, 443, 0) }],
    ["refused", { responder: side(STRANGER, 443, 0), tcp: { syn: true, synAck: false, refused: true, established: false } }],
  ] as [string, Partial<FlowObservation>][])("%s is an indication, and sent", (_, flow) => {
    expect(judge(flow).found).toMatchObject([{ grade: "indication", act: "sent" }]);
  });

  it("that tried and was never answered is counted, and accuses nobody", () => {
    const flow = {
      initiator: side(STRANGER, 40_000, 1),
      responder: side(MME, 9999, 0),
      application: undefined,
      handshakeCompleted: false,
      tcp: { syn: true, synAck: false, refused: false, established: false },
    };
    expect(judge(flow)).toEqual({ found: [], undecided: ["undecided.peer-unanswered"] });
  });

  it("without a declaration is nothing: all would be undeclared", () => expect(judge({}, false).found).toEqual([]));
});

describe("a peer whose address lives inside a tunnel whose set-up was not seen", () => {
  const use = (source: string, end: string, ...innerAddresses: string[]): TunnelObservation =>
    ({
      kind: "tunnel",
      source,
      end: { address: end, teid: 7 },
      innerAddresses,
      signalled: undefined,
      withinTunnel: false,
      firstMicros: 9,
      setupSeen: {},
      missingSince: {},
    }) as unknown as TunnelObservation;

  it.each([
    ["going up, as its source", use(ENB, SGW, STRANGER, REPORT)],
    ["coming down, as its destination", use(SGW, ENB, REPORT, STRANGER)],
  ])("%s, is a subscriber of an older session: undecided", (_, tunnel) => {
    expect(judge({}, true, [tunnel])).toEqual({ found: [], undecided: ["undecided.peer-in-tunnel"] });
  });

  it.each([
    ["is the server that the subscriber talks to", use(ENB, SGW, REPORT, STRANGER)],
    ["stands in a tunnel from nowhere", use("203.0.113.50", SGW, STRANGER, REPORT)],
    ["stands in a tunnel between two gateways, which says not whose it is", use(SGW, SGW, STRANGER, REPORT)],
    [
      "stands in a tunnel whose set-up would have been seen",
      { ...use(ENB, SGW, STRANGER, REPORT), setupSeen: { end: undefined, source: 3 } },
    ],
    ["stands in a tunnel inside a subscriber's tunnel", { ...use(ENB, SGW, STRANGER, REPORT), withinTunnel: true }],
  ])("is none where it %s", (_, tunnel) => expect(judge({}, true, [tunnel]).found).toHaveLength(1));
});

describe("lists of subscribers with their cells", () => {
  const post = (to: string, listed: number, application = "http"): Partial<FlowObservation> => ({
    responder: side(to, 80, 2),
    application,
    placedIdentities: { initiator: listed, responder: 0 },
  });

  it("to a declared host whose entry lets it carry nothing of the kind", () => {
    expect(judge(post(REPORT, 60)).found).toMatchObject([
      { grade: "corroborated", receiver: { address: REPORT }, data: ["identity", "location"] },
    ]);
  });

  it.each([
    ["a handful of them", post(REPORT, 19)],
    ["to the host that gets charging records", post(CDR, 60)],
    ["to a service that may carry usage", post(USAGE, 60)],
    ["from the host to the element: a person looks", { ...post(REPORT, 0), placedIdentities: { initiator: 0, responder: 60 } }],
  ] as [string, Partial<FlowObservation>][])("%s: silent", (_, flow) => expect(judge(flow).found).toEqual([]));
});
