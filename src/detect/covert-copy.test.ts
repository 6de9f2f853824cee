/** What makes copies on a carrier a finding, and what keeps them silent: packets of one subscriber in VXLAN to a stranger, changed in one thing at a time. */
import { describe, expect, it } from "vitest";
import type { CopyCarrier, CopyFlow, CopyObservation, CopyOriginal, CopySubscriber } from "#model/copy.ts";
import type { Observation } from "#model/observation.ts";
import { WarrantRegister } from "#register/covers.ts";
import { parseWarrants } from "#register/load.ts";
import { covertCopy } from "./covert-copy.ts";
import { contextOf, flow as conversation, judgedBy, message, side, type Judged } from "./for-tests.ts";

const [SGW, PGW, STRANGER, PROBE, LEMF, UE, SERVER] = [
  "10.0.0.5",
  "10.0.0.6",
  "203.0.113.9",
  "10.9.0.1",
  "192.0.2.10",
  "172.16.0.7",
  "198.51.100.1",
];
const NETWORK = `
network: { name: Exampletel, country: FR }
functions:
  - { name: sgw-1, roles: [SGW-U], addresses: [${SGW}] }
  - { name: pgw-1, roles: [PGW-U], addresses: [${PGW}] }
subscribers: { addresses: [172.16.0.0/24] }
monitoring: [{ name: probe, from: [sgw-1], to: [${PROBE}], encapsulation: vxlan, scope: quality }]
lawful: { monitoring: [${LEMF}] }
`;

const vxlan = (src: string, dst: string): CopyCarrier => ({ src, dst, protocol: 17, srcPort: 40_000, dstPort: 4789, tunnel: "vxlan" });
/** Ten packets up, of a session whose sequence numbers both sides drew. */
const uplink = (over: Partial<CopyFlow> = {}): CopyFlow => ({
  uplink: true,
  protocol: 6,
  remoteAddress: SERVER,
  remotePort: 443,
  offered: 20,
  matches: 10,
  byPayload: 0,
  sliced: 0,
  windows: 0,
  weak: 0,
  packets: 10,
  bytes: 1000,
  credits: { sequence: 64, cipher: 256, random: 0, dns: 0, ssrc: 0, plain: null },
  seenOnLink: true,
  seenInTunnel: true,
  answerSeen: false,
  ...over,
});
const subscriber = (...flows: CopyFlow[]): CopySubscriber => ({
  address: UE,
  packets: flows.reduce((n, f) => n + f.packets, 0),
  bytes: 1000,
  firstMicros: 1e6,
  lastMicros: 2e6,
  frames: { capture: 0, frames: [5, 6], total: 10 },
  flowsOffered: 2,
  printsOffered: 40,
  flows,
  flowsMatched: flows.length,
});
const original: CopyOriginal = {
  leg: { index: 0, point: 1, capture: 1, kind: "link", carriers: [], srcMac: "a", dstMac: "b", vlan: 0, layers: [], firstMicros: 1e6 },
  packets: 10,
  ttlDelta: 0,
  ttlShare: 1,
  delayMedian: 50,
  delayLow: 40,
  delayHigh: 60,
};
function copy(
  over: Partial<CopyObservation> = {},
  to = STRANGER,
  flows: readonly CopyFlow[] = [uplink(), uplink({ uplink: false })],
): CopyObservation {
  return {
    kind: "copy",
    carrier: {
      index: 3,
      point: 0,
      capture: 0,
      kind: "tunnel",
      carriers: [vxlan(SGW, to)],
      srcMac: undefined,
      dstMac: undefined,
      vlan: 0,
      layers: ["vxlan"],
      firstMicros: 1e6,
    },
    transform: "as is",
    trials: { flows: 100, carriers: 10, transforms: 1 },
    offered: 20,
    printBits: 64,
    sample: 1,
    packets: 20,
    bytes: 2000,
    firstMicros: 1e6,
    lastMicros: 2e6,
    subscribers: [subscriber(...flows)],
    originals: [original],
    returned: 0,
    unmatched: 0,
    macAddresses: { src: undefined, dst: undefined },
    samples: [],
    ...over,
  };
}
const known = { subscriberAt: (address: string) => (address === UE ? "imsi:208010000000001" : `ip:${address}`) };
const judge = (
  observations: readonly Observation[],
  over: Parameters<typeof contextOf>[1] = {},
  network: string | null = NETWORK,
): Judged => judgedBy(covertCopy, contextOf(network, { ...known, ...over }), observations);
const grades = ({ found }: Judged): string[] => found.map(({ grade }) => grade);
/** A tap that shows what comes back. */
const bothWays = conversation(side(SGW, 1), side(PGW, 2));

describe("copies to a stranger", () => {
  it("are proven where content ties them to the subscriber, and every innocent explanation is excluded", () => {
    expect(judge([bothWays, copy()]).found).toMatchObject([
      {
        grade: "proven",
        act: "effected",
        element: { name: "sgw-1" },
        receiver: { address: STRANGER, port: 4789 },
        subscribers: ["imsi:208010000000001"],
        packets: 20,
      },
    ]);
  });

  it("told again, are told once: the last word counts", () => {
    expect(judge([copy({ packets: 5 }), copy()]).found).toMatchObject([{ packets: 20 }]);
  });

  it.each<[string, () => Judged]>([
    ["without a declaration", () => judge([copy()], {}, null)],
    ["of one direction alone, where answers would not show", () => judge([copy({}, STRANGER, [uplink()])])],
  ])("%s: a hint", (_, judging) => expect(grades(judging())).toEqual(["indication"]));

  it("of one direction, where answers would show: proven as well", () => {
    expect(grades(judge([bothWays, copy({}, STRANGER, [uplink()])]))).toEqual(["proven"]);
  });

  it("of whose originals only some were seen to go on: corroborated", () => {
    const lost = uplink({ seenOnLink: false, seenInTunnel: false, packets: 30 });
    expect(grades(judge([bothWays, copy({}, STRANGER, [uplink(), uplink({ uplink: false }), lost])]))).toEqual(["corroborated"]);
  });

  it.each([
    [2, []],
    [3, ["indication"]],
  ])("of %i packets without content of their own", (matches, expected) => {
    const credits = { sequence: 0, cipher: 0, random: 0, dns: 0, ssrc: 0, plain: null };
    const few = uplink({ matches, packets: matches, credits });
    expect(grades(judge([bothWays, copy({}, STRANGER, [few])]))).toEqual(expected);
  });
});

describe("silent", () => {
  const unseen = { seenOnLink: false, seenInTunnel: false };
  it.each<[string, CopyObservation]>([
    ["no original was seen to go on: the carrier is the path", copy({}, STRANGER, [uplink(unseen), uplink({ ...unseen, uplink: false })])],
    ["packets came back on it: the carrier is the path", copy({ returned: 1 })],
    ["the receiver is a subscriber", copy({}, "172.16.0.9")],
    ["the receiver is a declared probe with a purpose", copy({}, PROBE)],
  ])("where %s", (_, one) => expect(judge([bothWays, one])).toEqual({ found: [], undecided: [] }));

  it("where the carrier is an interface of its two functions", () => {
    const s5: CopyCarrier = { src: SGW, dst: PGW, protocol: 17, srcPort: 2152, dstPort: 2152, tunnel: "gtp-u" };
    const one = copy();
    expect(judge([bothWays, { ...one, carrier: { ...one.carrier, carriers: [s5] } }]).found).toEqual([]);
  });

  it("where a stranger brings packets to an element in a tunnel: whose that is, is ghost-tunnel's question", () => {
    const inward: CopyCarrier = { src: STRANGER, dst: SGW, protocol: 17, srcPort: 2152, dstPort: 2152, tunnel: "gtp-u" };
    const one = copy();
    expect(judge([bothWays, { ...one, carrier: { ...one.carrier, carriers: [inward] } }]).found).toEqual([]);
  });
});

describe("a declared probe whose entry does not say what for", () => {
  it("is a hint", () => {
    expect(grades(judge([bothWays, copy({}, PROBE)], {}, NETWORK.replace(", scope: quality", "")))).toEqual(["indication"]);
  });
});

describe("copies to whom a warrant or the declaration lets receive interception", () => {
  const register = (...entries: object[]): WarrantRegister =>
    new WarrantRegister(
      parseWarrants(
        JSON.stringify(
          entries.map((entry, i) => ({
            id: `W-${i}`,
            target: "imsi:208010000000001",
            scope: "both",
            from: "1970-01-01T00:00:00Z",
            to: "1970-01-01T00:00:02Z",
            receiver: LEMF,
            authority: "court",
            ...entry,
          })),
        ),
        "w.json",
      ),
    );
  const lawful = copy({}, LEMF);
  const held = (made: WarrantRegister | null): Judged & { covered: number } => {
    const context = contextOf(NETWORK, { ...known, register: made });
    const detector = covertCopy(context.context);
    detector.observe(bothWays);
    detector.observe(lawful);
    const found = detector.findings();
    return { found, undecided: context.undecided, covered: detector.counts?.().covered ?? -1 };
  };

  it("covered to the last packet: counted, and nothing else", () => {
    expect(held(register({}))).toEqual({ found: [], undecided: [], covered: 1 });
  });
  it.each([
    ["the last packet came after the end", { to: "1970-01-01T00:00:01.999999Z" }],
    ["the first came before the beginning", { from: "1970-01-01T00:00:01.000001Z" }],
    ["it is another person's", { target: "imsi:208010000000002" }],
    ["it is for events alone", { scope: "iri" }],
  ])("not covered where %s", (_, entry) => {
    expect(held(register(entry))).toMatchObject({ found: [{ receiver: { address: LEMF } }], undecided: [], covered: 0 });
  });
  it("of an identity whose mapping was not seen: said, not accused", () => {
    expect(held(register({ target: "msisdn:33123456789" }))).toEqual({ found: [], undecided: ["undecided.copy-unmapped"], covered: 0 });
  });
  it("without a register: said, not accused", () => {
    expect(held(null)).toEqual({ found: [], undecided: ["undecided.copy-no-register"], covered: 0 });
  });
  it("product that was read between the two is the interception detector's question", () => {
    const x3 = message(SGW, LEMF, { protocol: "x3" });
    const one = copy({}, LEMF);
    const inFlow: CopyObservation = { ...one, carrier: { ...one.carrier, kind: "flow" } };
    expect(judge([bothWays, x3, inFlow], { register: register() })).toEqual({ found: [], undecided: [] });
    expect(grades(judge([bothWays, inFlow], { register: register() }))).toEqual(["proven"]);
  });
});

describe("plain content that was cut anew", () => {
  const read = (ownPlain: number, over: Partial<CopyFlow> = {}): CopyFlow =>
    uplink({
      uplink: false,
      offered: 40,
      matches: 8,
      byPayload: 8,
      windows: 8,
      ownPlain,
      credits: { sequence: 0, cipher: 0, random: 0, dns: 0, ssrc: 0, plain: null },
      ...over,
    });
  it("is a hint where nobody else was seen to hold five windows of it", () => {
    expect(grades(judge([bothWays, copy({}, STRANGER, [read(5)])]))).toEqual(["indication"]);
  });
  it.each<[string, CopyFlow[]]>([
    ["less of it", [read(4)]],
    ["what others read as well, or the rest of the same page", [read(0), read(8)]],
    ["what an element showed the subscriber", [read(8, { remoteAddress: PGW })]],
  ])("is none: %s", (_, flows) => expect(grades(judge([bothWays, copy({}, STRANGER, flows)]))).toEqual([]));
  it("is none from a sender that is no function of the network", () => {
    expect(
      grades(
        judge([bothWays, copy({ carrier: { ...copy().carrier, carriers: [vxlan("198.51.100.77", STRANGER)] } }, STRANGER, [read(8)])]),
      ),
    ).toEqual([]);
  });
});
