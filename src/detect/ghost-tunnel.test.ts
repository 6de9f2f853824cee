/** What makes a use of a tunnel a finding, and what keeps it silent: G-PDUs between a gateway and a stranger, changed in one thing at a time. */
import { describe, expect, it } from "vitest";
import type { TunnelObservation, TunnelSignalling } from "#model/observation.ts";
import { contextOf, judgedBy, subscriber, use, type Judged } from "./for-tests.ts";
import { ghostTunnel } from "./ghost-tunnel.ts";

const [ENB, OTHER_ENB, SGW, STRANGER, UE] = ["10.0.0.9", "10.0.0.8", "10.0.0.5", "203.0.113.9", "172.16.0.7"];
const NETWORK = `
network: { name: Exampletel, country: FR }
functions:
  - { name: enb-1, roles: [eNB], addresses: [${ENB}] }
  - { name: enb-2, roles: [eNB], addresses: [${OTHER_ENB}] }
  - { name: sgw-1, roles: [SGW-U], addresses: [${SGW}] }
subscribers: { addresses: [172.16.0.0/24] }
`;
type Over = Partial<TunnelObservation>;
const judge = (uses: readonly TunnelObservation[], over: Parameters<typeof contextOf>[1] = {}, network: string | null = NETWORK): Judged =>
  judgedBy(ghostTunnel, contextOf(network, over), uses);
const grades = ({ found }: Judged): string[] => found.map(({ grade }) => grade);
const SILENT = { found: [], undecided: [] };
const UNDECIDED = { found: [], undecided: ["undecided.tunnel-unseen"] };

describe("a tunnel that no signalling named", () => {
  /** The set-up of the gateway's association was seen before its first packet, and other tunnels of it were signalled. */
  const covered: Over = { setupSeen: { end: 1e6, source: undefined }, signalledNeighbours: { end: 3, source: 0 } };
  const ghost = (over: Over = {}): TunnelObservation => use(STRANGER, SGW, { ...covered, ...over });

  it("where it would have been seen: corroborated, never more", () => {
    expect(judge([ghost()]).found).toMatchObject([
      {
        grade: "corroborated",
        act: "effected",
        element: { name: "sgw-1" },
        receiver: { address: STRANGER, declared: false },
        packets: 20,
        details: { neverNamed: true, namedForOthers: false, afterRelease: false },
      },
    ]);
  });

  it.each<[string, () => Judged]>([
    ["of a gateway of which no other tunnel was signalled", () => judge([ghost({ signalledNeighbours: { end: 0, source: 0 } })])],
    ["without a declaration", () => judge([ghost()], {}, null)],
    [
      "of a subscriber whom signalling knows between these very ends: rather a message that was missed",
      () => judge([ghost({ innerAddresses: [UE] })], { servedBetween: (address) => address === UE }),
    ],
  ])("%s: a hint", (_, judging) => expect(grades(judging())).toEqual(["indication"]));

  it.each<[string, Over]>([
    ["no set-up was seen", { setupSeen: { end: undefined, source: undefined }, signalledNeighbours: { end: 0, source: 0 } }],
    ["the set-up was seen after its first packet", { setupSeen: { end: 11e6, source: undefined } }],
    ["pieces of the gateway's signalling are missing", { missingSince: { end: 5e6, source: undefined } }],
    ["pieces of the far end's signalling are missing", { missingSince: { end: undefined, source: 5e6 } }],
  ])("where %s: said, not accused", (_, over) => expect(judge([ghost(over)])).toEqual(UNDECIDED));

  it("that the first packet came in the instant of the set-up counts as after it", () => {
    expect(grades(judge([ghost({ setupSeen: { end: 10e6, source: undefined } })]))).toEqual(["corroborated"]);
  });

  it.each([
    [2, []],
    [3, ["corroborated"]],
  ])("of %i packets", (packets, expected) => expect(grades(judge([ghost({ packets })]))).toEqual(expected));

  it("uses of few packets are one finding together, and a hint", () => {
    expect(judge([ghost({ packets: 2 }), ghost({ packets: 2, end: { address: SGW, teid: 8 } })]).found).toMatchObject([
      { grade: "indication", packets: 4, details: { tunnels: 2 } },
    ]);
  });

  it("between base stations is forwarding, which X2 announces: silent", () => {
    expect(judge([use(ENB, OTHER_ENB, covered)], { interfaceless: () => true })).toEqual(SILENT);
  });

  it("of a subscriber whose other tunnels are used from there as well: moved by a message that was not captured", () => {
    const signalled: TunnelSignalling = {
      firstMicros: 0,
      interface: "S1-U",
      subscriber: subscriber(),
      user: "named",
      releasedMicros: undefined,
    };
    const known = { subscriberAt: () => `imsi:${subscriber().imsi ?? ""}` };
    const moved = use(ENB, SGW, { ...covered, innerAddresses: [UE] });
    expect(grades(judge([moved], known))).toEqual(["corroborated"]);
    expect(judge([use(ENB, SGW, { signalled, end: { address: SGW, teid: 9 } }), moved], known)).toEqual(UNDECIDED);
  });
});

describe("a tunnel to a stranger, of a function whose tunnels were being signalled", () => {
  const strangers = (over: Over = {}, source = STRANGER): TunnelObservation =>
    use(source, SGW, { signalledSince: { end: 5e6, source: undefined }, signalledNeighbours: { end: 3, source: 0 }, ...over });

  it("is a hint, though no set-up was seen", () => expect(grades(judge([strangers()]))).toEqual(["indication"]));

  it.each<[string, TunnelObservation, Parameters<typeof contextOf>[1]]>([
    ["its tunnels were signalled only later", strangers({ signalledSince: { end: 10e6, source: undefined } }), {}],
    ["signalling knows the stranger", strangers({ signalledNeighbours: { end: 3, source: 1 } }), {}],
    ["the far end is declared", strangers({}, ENB), {}],
    ["the far end is a subscriber", strangers({}, UE), {}],
    ["a warrant names the far end", strangers(), { warranted: () => true }],
    ["two packets are too few", strangers({ packets: 2 }), {}],
  ])("where %s: said, not accused", (_, one, over) => expect(judge([one], over)).toEqual(UNDECIDED));
});

describe("a tunnel that signalling named for somebody else", () => {
  const signalled = (user: TunnelSignalling["user"]): TunnelSignalling => ({
    firstMicros: 0,
    interface: "S1-U",
    subscriber: subscriber(),
    user,
    releasedMicros: undefined,
  });
  /** The base station that was named goes on until the end. */
  const named = use(ENB, SGW, { signalled: signalled("named"), lastMicros: 20e6 });
  const other = (source: string, over: Over = {}): TunnelObservation => use(source, SGW, { signalled: signalled("other"), ...over });

  it("used by a stranger: corroborated, for the subscriber whose it is", () => {
    expect(judge([named, other(STRANGER)]).found).toMatchObject([
      {
        grade: "corroborated",
        receiver: { address: STRANGER },
        subscribers: [`imsi:${subscriber().imsi ?? ""}`],
        details: { namedForOthers: true },
      },
    ]);
  });

  it("used by two packets of a stranger: too few", () => expect(judge([named, other(STRANGER, { packets: 2 })]).found).toEqual([]));

  it("used by another base station while the named one goes on: a hint", () => {
    expect(grades(judge([named, other(OTHER_ENB, { setupSeen: { end: undefined, source: 1e6 } })]))).toEqual(["indication"]);
  });

  it.each<[string, TunnelObservation[]]>([
    ["nobody whom signalling names is seen at that end: addresses may be translated on the way", [other(STRANGER)]],
    [
      "the named base station ends within a second: a handover",
      [{ ...named, lastMicros: 11e6 }, other(OTHER_ENB, { setupSeen: { end: undefined, source: 1e6 } })],
    ],
    ["the other base station's set-up was not seen: a handover may be missing", [named, other(OTHER_ENB)]],
    ["pieces of the signalling are missing", [named, other(STRANGER, { missingSince: { end: 1, source: undefined } })]],
  ])("where %s: said, not accused", (_, uses) => expect(judge(uses)).toEqual(UNDECIDED));

  it("a stranger that takes part in signalling is no stranger", () => {
    const roles = { rolesAt: (address: string) => (address === SGW ? ["SGW-U"] : ["eNB"]) };
    expect(judge([named, other(STRANGER)], roles)).toEqual(UNDECIDED);
  });
});

describe("a tunnel that was released", () => {
  const late = { packets: 10, bytes: 1000, firstMicros: 15e6, lastMicros: 20e6, frames: { capture: 0, frames: [9], total: 1 } };
  const signalled: TunnelSignalling = { firstMicros: 0, interface: "S1-U", subscriber: subscriber(), user: "named", releasedMicros: 12e6 };
  const released = (over: Over = {}, end = SGW): TunnelObservation => use(ENB, end, { signalled, afterRelease: late, ...over });

  it("and goes on: corroborated at the gateway, with only what came after", () => {
    expect(judge([released()]).found).toMatchObject([
      { grade: "corroborated", packets: 10, evidence: [{ frames: [9] }], details: { afterRelease: true, neverNamed: false } },
    ]);
  });
  it("at a base station a hint: its ends are freed on links that may not be captured", () => {
    expect(grades(judge([{ ...released({}, ENB), source: SGW }]))).toEqual(["indication"]);
  });
  it("two packets in flight are none", () => expect(judge([released({ afterRelease: { ...late, packets: 2 } })])).toEqual(SILENT));
  it("and set up again is a tunnel like any other", () => expect(judge([released({ afterRelease: undefined })])).toEqual(SILENT));
  it("where signalling is missing it may have been set up again: said, not accused", () => {
    expect(judge([released({ missingSince: { end: 13e6, source: undefined } })])).toEqual(UNDECIDED);
  });
});

describe("what lasts", () => {
  const lasting = use(STRANGER, SGW, { setupSeen: { end: 1e6, source: undefined }, signalledNeighbours: { end: 3, source: 0 } });
  const stock = (complete: boolean): Judged =>
    judgedBy(ghostTunnel, contextOf(NETWORK), [], { flows: [], tunnels: [lasting], channels: [], complete });
  it("is judged as if it had ended", () => expect(grades(stock(true))).toEqual(["corroborated"]));
  it("waits for its end where not all that lasts is held: what is missing may explain it", () => expect(stock(false)).toEqual(UNDECIDED));
});
