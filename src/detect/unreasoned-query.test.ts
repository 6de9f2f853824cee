/** What makes a question about a subscriber a finding, and what keeps it silent: one IDR for the place, with its answer, changed in one thing at a time. */
import { describe, expect, it } from "vitest";
import type { MessageObservation, Observation } from "#model/observation.ts";
import { contextOf, IMSI, judgedBy, message, type Judged } from "./for-tests.ts";
import { unreasonedQuery } from "./unreasoned-query.ts";

const [MME, HSS, TAS, DRA, PARTNER, STRANGER, ADMF] = [
  "10.0.0.1",
  "10.0.0.2",
  "10.0.0.3",
  "10.0.0.4",
  "192.0.2.1",
  "203.0.113.9",
  "10.8.0.1",
];
const OWN = "epc.mnc001.mcc208.3gppnetwork.org";
const NETWORK = `
network: { name: Exampletel, country: FR, plmns: ["20801"] }
functions:
  - { name: mme-1, roles: [MME], addresses: [${MME}], identities: [mme-1.${OWN}] }
  - { name: hss-1, roles: [HSS], addresses: [${HSS}], identities: [hss-1.${OWN}] }
  - { name: tas-1, roles: [TAS], addresses: [${TAS}] }
signalling: [{ name: dra-1, kind: dra, addresses: [${DRA}], identities: [dra-1.${OWN}], hides: false }]
partners: [{ name: Elsewhere, kind: roaming, plmns: ["26201"], addresses: [${PARTNER}] }]
queries: [{ asker: tas-1, procedures: [sh-udr], data: [tads], purpose: call routing }]
lawful: { administration: [${ADMF}] }
`;
const [S6A, SH, SLG, CX] = [16_777_251, 16_777_217, 16_777_255, 16_777_216];
const [LOCATION, STATE] = [0x08, 0x04];

const diameter = (application: number, type: number, request: boolean, more: object = {}): object => ({
  protocol: "diameter",
  application,
  type,
  request,
  imsi: request ? [IMSI] : [],
  originHost: undefined,
  originRealm: undefined,
  sessionId: "a;1",
  visitedPlmn: undefined,
  idrFlags: undefined,
  dataReferences: [],
  monitoringEvents: [],
  locations: [],
  servingNodes: [],
  vectors: 0,
  subscriptionData: false,
  userState: false,
  success: request ? undefined : true,
  resultCode: request ? undefined : 2001,
  ...more,
});
const ask = (from: string, to: string, application: number, type: number, more: object = {}, origin = {}): MessageObservation =>
  message(from, to, diameter(application, type, true, more), { origin: { transport: "sctp", ...origin } });
const answer = (to: MessageObservation, more: object = {}): MessageObservation => {
  const { origin, message: asked } = to.observed;
  return message(origin.dst, origin.src, diameter(Number(asked.application), Number(asked.type), false, more), { answers: to });
};
const idr = (from: string, flags = LOCATION, more: object = {}, origin = {}): MessageObservation =>
  ask(from, MME, S6A, 319, { idrFlags: flags, ...more }, origin);
const PLACE = { locations: [{}] };

const judge = (observations: readonly Observation[], network: string | null = NETWORK): Judged =>
  judgedBy(unreasonedQuery, contextOf(network), observations);
const grades = ({ found }: Judged): string[] => found.map(({ grade, act }) => `${grade} ${act}`);
const told = (one: MessageObservation, more: object, network: string | null = NETWORK): Judged => judge([one, answer(one, more)], network);
const SILENT = { found: [], undecided: [] };

describe("the place of a subscriber, asked by somebody whom nobody declared", () => {
  it("and told: corroborated, and effected", () => {
    expect(told(idr(STRANGER), PLACE).found).toMatchObject([
      {
        grade: "corroborated",
        act: "effected",
        element: { name: "mme-1" },
        receiver: { address: STRANGER },
        subscribers: [`imsi:${IMSI}`],
        data: ["location"],
        details: { procedures: "s6a-idr", answered: 1, attack: "T1430.002" },
      },
    ]);
  });

  it.each<[string, () => Judged]>([
    ["refused", () => told(idr(STRANGER), { success: false, resultCode: 5001 })],
    ["answered without a place", () => told(idr(STRANGER), {})],
    ["not answered", () => judge([idr(STRANGER)])],
  ])("and %s: a hint, and no data", (_, judging) => {
    const judged = judging();
    expect(grades(judged)).toEqual(["indication sent"]);
    expect(judged.found[0]?.data).toEqual([]);
  });

  it("in a message that is cut: a hint", () =>
    expect(grades(told(idr(STRANGER, LOCATION, {}, { incomplete: true }), PLACE))).toEqual(["indication effected"]));

  it("under the name of the network's own HSS is borrowed", () => {
    const borrowed = told(idr(STRANGER, LOCATION, { originHost: `hss-1.${OWN}` }), PLACE);
    expect(borrowed.found).toMatchObject([{ grade: "corroborated", receiver: { address: STRANGER, identity: `hss-1.${OWN}` } }]);
  });

  it("again and again is one finding", () => {
    const many = [1, 2, 3].map((n) => idr(STRANGER, LOCATION, { sessionId: `a;${n}` }));
    expect(judge(many.flatMap((one) => [one, answer(one, PLACE)])).found).toMatchObject([{ packets: 3, details: { answered: 3 } }]);
  });
});

describe("silent", () => {
  it.each<[string, MessageObservation, object, string | null]>([
    ["asked by the network's own HSS for its state", idr(HSS, STATE), { userState: true }, NETWORK],
    ["asked for nothing about the subscriber", idr(STRANGER, 0), {}, NETWORK],
    ["without a declaration", idr(STRANGER), PLACE, null],
    ["between two hosts of others", ask(STRANGER, "203.0.113.10", S6A, 319, { idrFlags: LOCATION }), PLACE, NETWORK],
    ["inside a subscriber's own tunnel", idr(STRANGER, LOCATION, {}, { inTunnel: true }), PLACE, NETWORK],
    ["by the lawful administration", idr(ADMF), PLACE, NETWORK],
  ])("%s", (_, one, more, network) => expect(told(one, more, network)).toEqual(SILENT));

  it("asked by the own HSS for the place may be on somebody's behalf: said, not accused", () => {
    expect(told(idr(HSS), PLACE)).toEqual({ found: [], undecided: ["undecided.query-on-behalf"] });
  });
});

describe("a declared asker", () => {
  const udr = (references: readonly number[]): MessageObservation => ask(TAS, HSS, SH, 306, { dataReferences: references });
  it("may ask what its entry says", () => expect(told(udr([26]), {})).toEqual(SILENT));
  it("and not more: the place is beyond it", () => {
    expect(told(udr([26, 14]), {}).found).toMatchObject([{ grade: "corroborated", receiver: { name: "tas-1" } }]);
  });
  it("of a role that has no part in the procedure: a hint, since roles may be incomplete", () => {
    expect(grades(told(ask(MME, HSS, SLG, 8_388_620), PLACE))).toEqual(["indication effected"]);
  });
});

describe("a roaming partner", () => {
  const THEIRS = "262010000000001";
  it.each<[string, MessageObservation]>([
    ["its own subscriber who is here", idr(PARTNER, LOCATION, { imsi: [THEIRS] })],
    ["the registration of ours who is there", ask(PARTNER, HSS, S6A, 316, { visitedPlmn: "26201" })],
  ])("may ask for %s", (_, one) => expect(told(one, PLACE)).toEqual(SILENT));

  it.each<[string, MessageObservation, object]>([
    ["for the place of ours", idr(PARTNER), PLACE],
    ["what never crosses networks", ask(PARTNER, HSS, CX, 302), {}],
    ["for vectors of ours in the name of a third network", ask(PARTNER, HSS, S6A, 318, { visitedPlmn: "23415" }), { vectors: 1 }],
  ])("may not ask %s", (_, one, more) => expect(grades(told(one, more))).toEqual(["corroborated effected"]));
});

describe("behind a declared agent", () => {
  const through = (more: object): MessageObservation => idr(DRA, LOCATION, more);
  it("the asker is whom the message names: the own HSS may", () => {
    expect(told(through({ originHost: `hss-1.${OWN}`, originRealm: OWN }), PLACE).found).toEqual([]);
  });
  it("somebody of the own realm whom nobody declared may not", () => {
    expect(told(through({ originHost: `x.${OWN}`, originRealm: OWN }), PLACE).found).toMatchObject([
      { receiver: { identity: `x.${OWN}`, via: "dra-1" } },
    ]);
  });
  it("that hides origins it may be anybody: silent", () => {
    const hides = NETWORK.replace("hides: false", "hides: true");
    expect(told(through({ originHost: `x.${OWN}`, originRealm: OWN }), PLACE, hides).found).toEqual([]);
  });
  it("a message that was cut before it names the asker: said, not accused", () => {
    expect(told(through({}), PLACE)).toEqual({ found: [], undecided: ["undecided.query-cut"] });
  });
});

describe("what an answer gives away", () => {
  it.each<[string, number, number, object, object, string[]]>([
    ["vectors", S6A, 318, { imsi: [IMSI] }, { vectors: 2 }, ["credentials"]],
    ["no vectors", S6A, 318, { imsi: [IMSI] }, { vectors: 0 }, []],
    ["subscription data", S6A, 316, {}, { subscriptionData: true }, ["identity"]],
    ["no subscription data", S6A, 316, {}, {}, []],
    ["a place and a state", S6A, 319, { idrFlags: LOCATION | STATE }, { ...PLACE, userState: true }, ["location", "metadata"]],
    ["a serving node", 16_777_291, 8_388_622, {}, { servingNodes: ["mme-1"] }, ["identity"]],
    ["nothing where it failed", S6A, 318, {}, { success: false, vectors: 2 }, []],
  ])("%s", (_, application, type, asked, answered, data) => {
    expect(told(ask(STRANGER, HSS, application, type, asked), answered).found.map((f) => f.data)).toEqual([data]);
  });

  it.each([
    [16, ["identity"]],
    [63, ["identity"]],
    [64, []],
    [15, []],
  ])("an identification in GTPv2-C with cause %i", (cause, data) => {
    const gtp = (more: object): object => ({ protocol: "gtpv2", mmContexts: [], ...more });
    const asked = message(STRANGER, MME, gtp({ type: 128, imsi: [IMSI] }));
    const reply = message(MME, STRANGER, gtp({ type: 129, cause }), { answers: asked });
    expect(judge([asked, reply]).found.map((f) => f.data)).toEqual([data]);
  });
});
