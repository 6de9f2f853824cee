/** What makes content of a place that should have none a finding, and what keeps it silent: echoes of one element, changed in one thing at a time. */
import { describe, expect, it } from "vitest";
import type { ChannelObservation, ContentSummary, Observation } from "#model/observation.ts";
import { covertChannel } from "./covert-channel.ts";
import { contextOf, judgedBy, message, type Judged } from "./for-tests.ts";

const [MME, SGW, STRANGER, SUBSCRIBER, OTHER] = ["10.0.0.1", "10.0.0.5", "203.0.113.9", "172.16.0.7", "198.51.100.2"];
const network = (extensions = ""): string => `
network: { name: Exampletel, country: FR }
functions:
  - { name: mme-1, roles: [MME], addresses: [${MME}] }
  - { name: sgw-1, roles: [SGW-C], addresses: [${SGW}] }
subscribers: { addresses: [172.16.0.0/24] }
${extensions}
`;

/** New each time, spread as if drawn at random. */
const RANDOM: ContentSummary = {
  contents: 20,
  octets: 1120,
  compared: 20,
  distinct: 20,
  uniform: "octets",
  spread: true,
  printable: 0.37,
  known: 0,
};
/** New each time, and structured. */
const STRUCTURED: ContentSummary = { ...RANDOM, uniform: undefined, spread: false };

function channel(over: Partial<ChannelObservation> = {}, content: Partial<ContentSummary> = {}): ChannelObservation {
  return {
    kind: "channel",
    place: "icmp-echo",
    label: undefined,
    source: MME,
    destination: STRANGER,
    receivers: 1,
    point: 0,
    packets: 20,
    content: { ...RANDOM, ...content },
    spokeOtherwise: false,
    pointFrames: 0,
    pointTrailers: 0,
    names: undefined,
    frames: { capture: 0, frames: [1], total: 20 },
    firstMicros: 0,
    lastMicros: 1e6,
    ...over,
  };
}
const judge = (observations: readonly Observation[], declared: string | null = network(), over = {}): Judged =>
  judgedBy(covertChannel, contextOf(declared, over), observations);
const grades = ({ found }: Judged): string[] => found.map(({ grade }) => grade);

describe("echoes of an element", () => {
  it("with random content are corroborated, and never more: a feature that encrypts looks the same", () => {
    expect(judge([channel()]).found).toMatchObject([
      { grade: "corroborated", act: "sent", element: { name: "mme-1" }, receiver: { address: STRANGER }, packets: 20 },
    ]);
  });

  it("that come from outside name the element all the same", () => {
    expect(judge([channel({ source: STRANGER, destination: MME })]).found).toMatchObject([
      { element: { name: "mme-1" }, receiver: { address: STRANGER } },
    ]);
  });

  it.each<[string, () => Judged]>([
    ["new each time, and structured", () => judge([channel({}, STRUCTURED)])],
    ["random, without a declaration", () => judge([channel()], null, { rolesAt: (address: string) => (address === MME ? ["MME"] : []) })],
  ])("%s: a hint", (_, judging) => expect(grades(judging())).toEqual(["indication"]));

  it.each<[string, Observation]>([
    ["the same each time, as a ping's", channel({}, { distinct: 1 })],
    ["one in nine the same: a counter that comes back", channel({}, { distinct: 17 })],
    ["fewer than eight", channel({}, { contents: 7, compared: 7, distinct: 7 })],
    ["between hosts that are no elements", channel({ source: OTHER })],
    ["of a subscriber", channel({ source: SUBSCRIBER })],
  ])("silent: %s", (_, one) => expect(judge([one]).found).toEqual([]));

  it("of fewer octets than tell random from other content: a hint", () => {
    expect(grades(judge([channel({}, { octets: 511 })]))).toEqual(["indication"]);
    expect(grades(judge([channel({}, { octets: 512 })]))).toEqual(["corroborated"]);
  });

  it("in both directions are one act", () => {
    const found = judge([channel(), channel({ source: STRANGER, destination: MME })]).found;
    expect(found).toHaveLength(1);
    expect(found[0]?.packets).toBe(40);
  });
});

describe("padding of frames", () => {
  const padding = (over: Partial<ChannelObservation> = {}, content: Partial<ContentSummary> = {}): ChannelObservation =>
    channel({ place: "frame-padding", destination: SGW, pointFrames: 1000, pointTrailers: 20, ...over }, content);

  it("that is random is a hint: a driver may leak", () => expect(grades(judge([padding()]))).toEqual(["indication"]));
  it("that is new text each time is a hint", () => {
    expect(grades(judge([padding({}, { ...STRUCTURED, printable: 0.95 })]))).toEqual(["indication"]);
  });

  it.each<[string, readonly Observation[]]>([
    ["a tenth stood in earlier frames: a driver that leaks its buffers", [padding({}, { known: 2 })]],
    [
      "three senders have it: their driver's, or the tap's",
      [padding(), padding({ source: SGW, destination: MME }), padding({ source: OTHER })],
    ],
    ["frames of others have it as well", [padding({ pointTrailers: 40 })]],
    ["too few frames of others tell", [padding({ pointFrames: 69 })]],
    ["structured, and no text", [padding({}, { ...STRUCTURED, printable: 0.94 })]],
  ])("silent where %s", (_, observations) => expect(judge(observations).found).toEqual([]));
});

describe("user messages over SCTP under an identifier that nobody assigned", () => {
  const payload = (over: Partial<ChannelObservation> = {}): ChannelObservation =>
    channel({ place: "sctp-payload", label: "4711", destination: SGW, ...over });
  it("count amid messages that decoders read", () => expect(grades(judge([payload({ spokeOtherwise: true })]))).toEqual(["corroborated"]));
  it("of an association that speaks nothing else is another protocol: silent", () => expect(judge([payload()]).found).toEqual([]));
});

describe("names that an element asks", () => {
  const names = { longest: 60, entropy: 4.5, answerOctets: 0, otherQueries: 10, otherDistinct: 2, otherOctets: 30 };
  const asked = (over: Partial<ChannelObservation> = {}, content: Partial<ContentSummary> = {}): ChannelObservation =>
    channel(
      { place: "dns-name", label: "example.net", names, ...over },
      { contents: 40, compared: 40, distinct: 40, octets: 2000, ...content },
    );

  it("long, new each time and dense: corroborated", () => expect(grades(judge([asked()]))).toEqual(["corroborated"]));
  it("ten of them: a hint", () => {
    expect(grades(judge([asked({}, { contents: 10, compared: 10, distinct: 10, octets: 500 })]))).toEqual(["indication"]);
  });
  it.each<[string, readonly Observation[]]>([
    ["fewer than ten", [asked({}, { contents: 9, compared: 9, distinct: 9, octets: 450 })]],
    ["short ones", [asked({}, { octets: 40 * 31 })]],
    ["ones that come back", [asked({}, { distinct: 31 })]],
    ["ones of little information", [asked({ names: { ...names, entropy: 3.4 } })]],
    ["no longer than twice the asker's other names", [asked({ names: { ...names, otherOctets: 60 } })]],
  ])("silent: %s", (_, observations) => expect(judge(observations).found).toEqual([]));

  it("asked by a resolver are those of whoever asked it: silent", () => {
    const of = (source: string, destination: string): ChannelObservation => asked({ source, destination });
    expect(judge([of(MME, STRANGER), of(OTHER, MME)]).found.map(({ receiver }) => receiver?.address)).toEqual([OTHER]);
    expect(judge([of(MME, STRANGER)], network(), { rolesAt: () => ["DNS"] }).found).toEqual([]);
  });
});

describe("a vendor's extension in GTPv2-C", () => {
  const octets = (n: number): Uint8Array => Uint8Array.from({ length: 64 }, (_, i) => Math.imul(n * 64 + i + 1, 0x9e3779b1) >>> 24);
  const carrying = (bytes: Uint8Array, origin = {}): Observation =>
    message(
      MME,
      SGW,
      {
        protocol: "gtpv2",
        type: 32,
        header: { spare: 0, octets: 12 },
        bytes,
        ies: [],
        privateExtensions: [{ enterprise: 4242, start: 0, length: bytes.length }],
        trailingOctets: 0,
        uncovered: undefined,
      },
      { origin },
    );
  const fresh = Array.from({ length: 40 }, (_, n) => octets(n));
  const extension = (more: string): string => network(`extensions: [{ enterprise: 4242, functions: [mme-1]${more} }]`);

  it("new and random each time: corroborated; declared: silent", () => {
    expect(grades(judge(fresh.map((one) => carrying(one))))).toEqual(["corroborated"]);
    expect(
      judge(
        fresh.map((one) => carrying(one)),
        extension(""),
      ).found,
    ).toEqual([]);
  });
  it("declared as constant, and new each time: corroborated", () => {
    expect(
      grades(
        judge(
          fresh.map((one) => carrying(one)),
          extension(", content: constant"),
        ),
      ),
    ).toEqual(["corroborated"]);
  });
  it.each<[string, Observation[]]>([
    ["the same each time", fresh.map(() => carrying(octets(0)))],
    ["seven times", fresh.slice(0, 7).map((one) => carrying(one))],
    ["sent by a subscriber inside a tunnel", fresh.map((one) => carrying(one, { inTunnel: true }))],
    ["in messages that are cut", fresh.map((one) => carrying(one, { incomplete: true }))],
  ])("silent: %s", (_, observations) => expect(judge(observations).found).toEqual([]));
});
