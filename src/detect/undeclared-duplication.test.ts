/** What makes a rule of the user plane a finding, and what keeps it silent: one order with its answer, changed in one thing at a time. */
import { describe, expect, it } from "vitest";
import { ApplyAction } from "#decode/pfcp/message.ts";
import type { MessageObservation, Observation } from "#model/observation.ts";
import { contextOf, IMSI, judgedBy, message, subscriber, type Judged } from "./for-tests.ts";
import { undeclaredDuplication } from "./undeclared-duplication.ts";

const [CP, UP, ENB, PROBE, STRANGER] = ["10.0.0.4", "10.0.0.5", "10.0.0.9", "10.9.0.1", "203.0.113.9"];
const NETWORK = `
network: { name: Exampletel, country: FR }
functions:
  - { name: cp-1, roles: [SGW-C], addresses: [${CP}] }
  - { name: up-1, roles: [SGW-U], addresses: [${UP}] }
  - { name: enb-1, roles: [eNB], addresses: [${ENB}] }
monitoring: [{ name: probe, from: [up-1], to: [${PROBE}] }]
`;
const { DUPL, FORW, DROP } = ApplyAction;
const ALICE = subscriber();

const header = (ipv4: string | undefined, more: object = {}): object => ({
  outerHeaderCreation: { description: 0x100, teid: 9, ipv4, port: undefined, ...more },
});
const pfcp = (type: number, more: object): object => ({
  protocol: "pfcp",
  type,
  seid: "0000000000000007",
  activatedRules: [],
  createFar: [],
  updateFar: [],
  cause: undefined,
  ...more,
});
const far = (applyAction: number | undefined, more: object): object => ({
  id: 1,
  applyAction,
  duplicating: [],
  forwarding: undefined,
  ...more,
});
const order = (one: object, type = 50, origin = {}): MessageObservation =>
  message(CP, UP, pfcp(type, { [type === 50 ? "createFar" : "updateFar"]: [one] }), { about: ALICE, origin });
const copyTo = (place: object, origin = {}): MessageObservation => order(far(FORW | DUPL, { duplicating: [place] }), 50, origin);
const forwardTo = (ipv4: string): MessageObservation => order(far(FORW, { forwarding: header(ipv4) }), 52);
const answer = (to: MessageObservation, cause: number): MessageObservation =>
  message(UP, CP, pfcp(51, { cause }), { about: ALICE, answers: to });

/** Of the ends, who was named by other signalling than PFCP. */
function judge(observations: readonly Observation[], over: Parameters<typeof contextOf>[1] = {}, network: string | null = NETWORK): Judged {
  return judgedBy(undeclaredDuplication, contextOf(network, over), observations);
}
const grades = ({ found }: Judged): string[] => found.map(({ grade, act }) => `${grade} ${act}`);
function settled(one: MessageObservation, cause: number): Judged {
  return judge([one, answer(one, cause)]);
}

describe("a copy to an end that nobody declared", () => {
  const stranger = copyTo(header(STRANGER));
  it("is proven once the user plane accepted it", () => {
    expect(settled(stranger, 1).found).toMatchObject([
      {
        grade: "proven",
        act: "accepted",
        element: { name: "up-1" },
        receiver: { address: STRANGER, port: 2152 },
        subscribers: [`imsi:${IMSI}`],
      },
    ]);
  });
  it("refused: an attempt, and no more", () => expect(grades(settled(stranger, 64))).toEqual(["indication sent"]));
  it("whose answer was not seen: corroborated, and more might be known", () => {
    expect(judge([stranger]).found).toMatchObject([{ grade: "corroborated", act: "sent", lacksAnswer: true }]);
  });
  it("refused once and accepted once: what was accepted counts", () => {
    const again = copyTo(header(STRANGER));
    expect(grades(judge([stranger, answer(stranger, 64), again, answer(again, 1)]))).toEqual(["proven accepted"]);
  });
  it("an answer counts once: a second one changes nothing", () => {
    expect(grades(judge([stranger, answer(stranger, 64), answer(stranger, 1)]))).toEqual(["indication sent"]);
  });
  it.each<[string, () => Judged]>([
    ["in a message that is cut", () => settled(copyTo(header(STRANGER), { incomplete: true }), 1)],
    ["without a declaration", () => judge([stranger, answer(stranger, 1)], {}, null)],
    ["with no address given", () => settled(copyTo({ forwardingPolicy: "mirror-1" }), 1)],
  ])("%s: a hint", (_, judging) => expect(grades(judging())).toEqual(["indication accepted"]));
  it("says so where the original is dropped", () => {
    const only = order(far(DROP | DUPL, { duplicating: [header(STRANGER)] }));
    expect(settled(only, 1).found[0]?.summary.values).toMatchObject({ verb: "dropped" });
  });
  it("set by an update that leaves the action as it was", () => {
    const first = copyTo(header(PROBE));
    const update = order(far(undefined, { duplicating: [header(STRANGER)] }), 52);
    expect(grades(judge([first, answer(first, 1), update, answer(update, 1)]))).toEqual(["proven accepted"]);
  });
});

describe("silent", () => {
  it.each<[string, MessageObservation]>([
    ["a copy to a function of the network", copyTo(header(ENB))],
    ["a copy to the probe that is declared for this user plane", copyTo(header(PROBE))],
    ["a rule that copies nothing", order(far(FORW, { forwarding: header(ENB) }))],
    ["a rule whose header names no address", order(far(FORW, { forwarding: header(undefined) }))],
    ["buffering", order(far(ApplyAction.BUFF, { forwarding: header(STRANGER) }))],
    ["what a subscriber sends inside a tunnel", copyTo(header(STRANGER), { inTunnel: true })],
  ])("%s", (_, one) => expect(settled(one, 1)).toEqual({ found: [], undecided: [] }));

  it("a copy to a place that a warrant names is another detector's", () => {
    const one = copyTo(header(STRANGER));
    expect(judge([one, answer(one, 1)], { warranted: (address) => address === STRANGER }).found).toEqual([]);
  });

  it("one header with two addresses of which one is declared: said, not accused", () => {
    const one = copyTo(header(PROBE, { ipv6: "2001:db8::9" }));
    expect(settled(one, 1)).toEqual({ found: [], undecided: ["undecided.duplication-half-declared"] });
  });

  it("rules by name alone: said, not accused", () => {
    const one = message(CP, UP, pfcp(50, { activatedRules: ["copy-all"] }));
    expect(settled(one, 1)).toEqual({ found: [], undecided: ["undecided.duplication-by-name"] });
  });
});

describe("forwarding to an end that nobody declared", () => {
  const diverted = forwardTo(STRANGER);
  const covered = { namedOtherwise: () => true };
  const accepted = [diverted, answer(diverted, 1)];

  it("and no signalling named, for a session that signalling covers: corroborated at most", () => {
    expect(grades(judge(accepted, covered))).toEqual(["corroborated accepted"]);
  });
  it("that takes part in signalling is rather a function that was forgotten: a hint", () => {
    expect(grades(judge(accepted, { ...covered, rolesAt: () => ["eNB"] }))).toEqual(["indication accepted"]);
  });
  it("that access signalling named is a handover: silent", () => {
    expect(judge(accepted, { ...covered, namedBy: () => ["pfcp", "s1ap"] }).found).toEqual([]);
  });
  it("named by the user plane's own rules alone explains nothing", () => {
    expect(grades(judge(accepted, { ...covered, namedBy: () => ["pfcp"] }))).toEqual(["corroborated accepted"]);
  });
  it("of a session whose other signalling was not seen: said, not accused", () => {
    expect(judge(accepted)).toEqual({ found: [], undecided: ["undecided.duplication-uncovered"] });
  });
});
