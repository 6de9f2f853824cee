/** What makes null protection a finding, and what keeps it silent: one subscriber's security, changed in one thing at a time. */
import { describe, expect, it } from "vitest";
import type { MessageObservation, Observation, SubscriberView } from "#model/observation.ts";
import { contextOf, decoded, flow, judgedBy, message, side, subscriber, type Judged } from "./for-tests.ts";
import { weakenedProtection } from "./weakened-protection.ts";

const [ENB, MME, SGW] = ["10.0.0.9", "10.0.0.1", "10.0.0.5"];
const network = (more: string): string => `
network: { name: Exampletel, country: FR }
functions:
  - { name: enb-1, roles: [eNB], addresses: [${ENB}] }
  - { name: mme-1, roles: [MME], addresses: [${MME}] }
  - { name: sgw-1, roles: [SGW-U], addresses: [${SGW}] }
${more}
`;
const NEVER = network("policy: { ciphering: { EEA0: never }, integrity: { EIA0: never } }");
const EMERGENCY = network("policy: { ciphering: { EEA0: emergency }, integrity: { EIA0: emergency } }");
const ALLOWED = network("policy: { ciphering: { EEA0: allowed }, integrity: { EIA0: emergency } }");
const NO_POLICY = network("");

/** EEA0 to EEA3, and EEA0 alone (TS 24.301 §9.9.3.34). */
const [CAPABLE, INCAPABLE] = [0xf0, 0x80];
const ALICE = subscriber();
const BOB = subscriber({ key: 2, imsi: "208010000000002" });

const nas = (content: object): object => decoded({ protocol: "nas-eps", ...content });
const up = (content: object, about: SubscriberView = ALICE, type = 13): MessageObservation =>
  message(ENB, MME, { protocol: "s1ap", type, kind: "initiating", enbUeId: about.key, inner: [nas(content)] }, { about });
const down = (content: object, about: SubscriberView = ALICE, incomplete = false): MessageObservation =>
  message(
    MME,
    ENB,
    { protocol: "s1ap", type: 11, kind: "initiating", enbUeId: about.key, inner: [nas(content)] },
    { about, origin: { incomplete } },
  );

const attach = (about = ALICE, eea = CAPABLE): MessageObservation => up({ type: 65, offered: { eea, eia: eea } }, about, 12);
const command = (ciphering: number, integrity: number, about = ALICE, incomplete = false): MessageObservation =>
  down({ type: 93, selectedAlgorithms: { ciphering, integrity } }, about, incomplete);
const complete = (about = ALICE): MessageObservation => up({ type: 94 }, about);
const reject = (about = ALICE): MessageObservation => up({ type: 95 }, about);
/** What a device sends under the command's keys: nobody reads it, and it shows that the command was taken. */
const ciphered = (): MessageObservation => up({ type: undefined, ciphered: true });
const contextSetup = (encryption: number, about = ALICE): MessageObservation =>
  message(
    MME,
    ENB,
    { protocol: "s1ap", type: 9, kind: "initiating", enbUeId: about.key, ueSecurityCapabilities: { encryption, integrity: 0xe000 } },
    { about },
  );

const judge = (declared: string | null, ...observations: Observation[]): Judged =>
  judgedBy(weakenedProtection, contextOf(declared), observations);
const grades = ({ found }: Judged): string[] => found.map(({ grade, act }) => `${grade} ${act}`);

describe("a command that chooses null ciphering for a capable device", () => {
  it("against the policy: proven once the device took it", () => {
    const { found } = judge(NEVER, attach(), command(0, 2), complete());
    expect(found).toMatchObject([
      { grade: "proven", act: "accepted", element: { name: "mme-1" }, subscribers: [`imsi:${ALICE.imsi}`], packets: 1 },
    ]);
    expect(found[0]?.details).toEqual({ reasons: "null-against-policy" });
  });

  it.each([
    ["a message under its keys", ciphered()],
    ["the bearer context that follows", contextSetup(0xe000)],
  ])("%s shows that it was taken as well", (_, after) =>
    expect(grades(judge(NEVER, attach(), command(0, 2), after))).toEqual(["proven accepted"]),
  );

  it("whose answer was not seen: corroborated, and sent", () => {
    expect(grades(judge(NEVER, attach(), command(0, 2)))).toEqual(["corroborated sent"]);
  });

  it("in a message that is cut: a hint", () => {
    expect(grades(judge(NEVER, attach(), command(0, 2, ALICE, true), complete()))).toEqual(["indication accepted"]);
  });

  it("null integrity counts as much", () =>
    expect(grades(judge(EMERGENCY, attach(), command(2, 0), complete()))).toEqual(["proven accepted"]));
});

describe("silent", () => {
  it.each<[string, string | null, Observation[]]>([
    ["a command with real algorithms", NEVER, [attach(), command(2, 2), complete()]],
    ["a command that the device rejected", NEVER, [attach(), command(0, 2), reject()]],
    ["what the policy allows", ALLOWED, [attach(), command(0, 2), complete()]],
    ["a device that offers nothing better", EMERGENCY, [attach(ALICE, INCAPABLE), command(0, 2), complete()]],
    ["an emergency", EMERGENCY, [attach(subscriber({ emergency: true })), command(0, 0, subscriber({ emergency: true })), complete()]],
    ["an emergency, without a policy", null, [attach(subscriber({ emergency: true })), command(0, 0, subscriber({ emergency: true }))]],
  ])("%s", (_, declared, observations) => expect(judge(declared, ...observations)).toEqual({ found: [], undecided: [] }));

  it("where the beginning was not seen it may be an emergency: said, not accused", () => {
    const seen = down({ type: 93, selectedAlgorithms: { ciphering: 0, integrity: 2 }, replayed: { eea: CAPABLE, eia: CAPABLE } });
    expect(judge(EMERGENCY, seen, complete())).toEqual({ found: [], undecided: ["undecided.protection-unbegun"] });
    expect(grades(judge(NEVER, seen, complete())), "a policy of never knows no emergency").toEqual(["proven accepted"]);
  });
});

describe("a policy of never", () => {
  it.each([
    ["an emergency", subscriber({ emergency: true }), CAPABLE],
    ["an incapable device", ALICE, INCAPABLE],
  ])("knows no exception: %s", (_, who, offers) => {
    expect(grades(judge(NEVER, attach(who, offers), command(0, 2, who), complete(who)))).toEqual(["proven accepted"]);
  });
});

describe("without a policy", () => {
  const nullForAlice = [attach(), command(0, 2), complete()];
  it("an element that gives others better: proven", () => {
    const { found } = judge(NO_POLICY, attach(BOB), command(2, 2, BOB), complete(BOB), ...nullForAlice);
    expect(found).toMatchObject([{ grade: "proven", subscribers: [`imsi:${ALICE.imsi}`] }]);
    expect(found[0]?.details).toEqual({ reasons: "null-for-capable" });
  });

  it.each<[string, Observation[]]>([
    ["nobody else's was seen", []],
    ["only the same subscriber got better", [attach(), command(2, 2), complete()]],
    ["another element gives others better", [attach(BOB), message("10.0.0.2", ENB, command(2, 2, BOB).observed.message, { about: BOB })]],
  ])("%s: a hint", (_, before) => expect(grades(judge(NO_POLICY, ...before, ...nullForAlice))).toEqual(["indication accepted"]));
});

describe("capabilities lowered on the way", () => {
  const lowered = (declared: string): string[] => grades(judge(declared, attach(), command(2, 2), complete(), contextSetup(0)));
  it("against a policy corroborated, without one a hint, with leave nothing", () => {
    expect(lowered(NEVER)).toEqual(["corroborated sent"]);
    expect(lowered(NO_POLICY)).toEqual(["indication sent"]);
    expect(lowered(ALLOWED)).toEqual([]);
  });
  it.each<[string, Observation[]]>([
    ["the device offered none", [attach(ALICE, INCAPABLE), contextSetup(0)]],
    ["they stand as offered", [attach(), contextSetup(0xe000)]],
    ["what it offered was not seen", [contextSetup(0)]],
  ])("silent where %s", (_, observations) => expect(judge(NEVER, ...observations).found).toEqual([]));
});

describe("IKE that chose null encryption", () => {
  const agreed = (offerSeen: boolean, far = SGW): Observation =>
    flow(side(ENB, 500), side(far, 500), { protocol: 17, application: "ike", ike: { initiator: 0, responder: 1, offerSeen } });
  it("for an interface declared as protected: proven with its offer, corroborated without; a hint for any other", () => {
    expect(grades(judge(network("protected: [S1-U]"), agreed(true)))).toEqual(["proven accepted"]);
    expect(grades(judge(network("protected: [S1-U]"), agreed(false)))).toEqual(["corroborated accepted"]);
    expect(grades(judge(network("protected: [X2]"), agreed(true)))).toEqual(["indication accepted"]);
  });
  it("is nobody's affair where one end is not of this network", () => {
    expect(judge(network("protected: [S1-U]"), agreed(true, "198.51.100.9")).found).toEqual([]);
  });
});

describe("plain traffic of an interface that is declared as protected", () => {
  const declared = network("protected: [S1-U]");
  const s1u = (over: Parameters<typeof flow>[2] = {}): Observation =>
    flow(side(ENB, 2152), side(SGW, 2152), { protocol: 17, application: "gtp-u", ...over });
  const ipsec = (clear: number, packets: number): Observation =>
    flow(side(ENB, 0), side(SGW, 0), { protocol: 50, application: "esp", esp: { packets, clear } });

  it("is proven as it stands, and in ESP with null encryption as well", () => {
    expect(grades(judge(declared, s1u()))).toEqual(["proven effected"]);
    const { found } = judge(declared, ipsec(9, 10));
    expect(found).toMatchObject([{ grade: "proven", act: "effected", details: { reasons: "null-esp" } }]);
  });

  it.each<[string, string, Observation]>([
    ["of an interface that is not", network("protected: [X2-U]"), s1u()],
    ["in ESP", declared, ipsec(0, 100)],
    ["in ESP of which eight in ten can be read", declared, ipsec(8, 10)],
    ["in ESP of which fewer were read than tell", declared, ipsec(7, 7)],
    [
      "of which nothing but empty packets was seen",
      declared,
      flow(side(ENB, 2152, 0), side(SGW, 2152, 0), { protocol: 17, application: "gtp-u" }),
    ],
    ["of a gateway's keys", declared, flow(side(ENB, 500), side(SGW, 500), { protocol: 17, application: "ike" })],
  ])("silent: %s", (_, text, observation) => expect(judge(text, observation)).toEqual({ found: [], undecided: [] }));

  it("an SCTP association that was refused carried nothing; one that began did", () => {
    const s1 = (packets: number): Observation =>
      flow({ ...side(ENB, 36_412, 0), packets }, { ...side(MME, 36_412, 0), packets: 1 }, { protocol: 132, application: undefined });
    const text = network("protected: [S1-MME]");
    expect(judge(text, s1(2)).found).toEqual([]);
    expect(grades(judge(text, s1(3)))).toEqual(["proven effected"]);
  });

  it("behind a gateway it may be protected on its way: said, not accused", () => {
    const behind = network("protected: [S1-U]\nmiddleboxes: [{ name: gw, kind: secgw, addresses: [10.0.0.99] }]");
    expect(judge(behind, s1u())).toEqual({ found: [], undecided: ["undecided.protection-behind-gateway"] });
  });
});
