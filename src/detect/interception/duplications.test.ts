/** Rules of the user plane that deliver to a declared delivery function: the warrant decides, and only what was not refused counts. */
import { describe, expect, it } from "vitest";
import { contextOf, IMSI, message, subscriber } from "#detect/for-tests.ts";
import { unwarrantedInterception } from "#detect/unwarranted-interception.ts";
import type { MessageObservation } from "#model/observation.ts";
import { WarrantRegister } from "#register/covers.ts";
import { parseWarrants } from "#register/load.ts";

const [CP, UP, MDF] = ["10.0.0.4", "10.0.0.5", "10.8.0.2"];
const NETWORK = `
network: { name: Exampletel, country: FR }
functions: [{ name: up-1, roles: [SGW-U], addresses: [${UP}] }]
lawful: { mediation: [${MDF}] }
`;
const NOON = Date.parse("2026-01-15T12:00:00Z") / 1000;
const [ACCEPTED, REFUSED] = [1, 64];
const ALICE = subscriber();

const pfcp = (type: number, more: object): object => ({ protocol: "pfcp", type, createFar: [], updateFar: [], cause: undefined, ...more });
const rule = (about = ALICE, origin = {}): MessageObservation =>
  message(CP, UP, pfcp(50, { createFar: [{ duplicating: [{ outerHeaderCreation: { ipv4: MDF } }] }] }), {
    about,
    origin: { time: { sec: NOON, nsec: 0 }, ...origin },
  });

interface Told {
  readonly found: readonly string[];
  readonly undecided: readonly string[];
  readonly covered: number;
}
function judge(warrants: readonly object[] | null, cause: number | undefined, one = rule()): Told {
  const entries = warrants?.map((warrant, i) => ({
    id: `W-${i}`,
    target: `imsi:${IMSI}`,
    scope: "both",
    from: "2026-01-01T00:00:00Z",
    to: "2026-02-01T00:00:00Z",
    receiver: "192.0.2.10",
    authority: "court",
    ...warrant,
  }));
  const register = entries === undefined ? null : new WarrantRegister(parseWarrants(JSON.stringify(entries), "w.json"));
  const { context, undecided } = contextOf(NETWORK);
  const detector = unwarrantedInterception(register)(context);
  detector.observe(one);
  if (cause !== undefined)
    detector.observe(message(UP, CP, pfcp(51, { cause }), { answers: one, origin: { time: { sec: NOON, nsec: 0 } } }));
  const found = detector.findings().map(({ grade, act, details }) => `${grade} ${act} ${String(details?.["reasons"])}`);
  return {
    found,
    undecided: undecided.filter((code) => code !== "undecided.interception-silent"),
    covered: detector.coveredInterceptions(),
  };
}

describe("a rule for a person whom a warrant names", () => {
  it.each([
    ["accepted: covered", ACCEPTED, 1],
    ["not answered: covered as well", undefined, 1],
    ["refused: there is nothing to cover", REFUSED, 0],
  ] as const)("%s", (_, cause, covered) => expect(judge([{}], cause)).toEqual({ found: [], undecided: [], covered }));
});

describe("a rule for a person whom no warrant names", () => {
  const others = [{ target: "imsi:208010000000002" }];
  it.each([
    ["accepted", ACCEPTED, ["proven accepted no-warrant"]],
    ["not answered", undefined, ["corroborated sent no-warrant"]],
    ["refused: silent", REFUSED, []],
  ] as const)("%s", (_, cause, found) => expect(judge(others, cause)).toEqual({ found, undecided: [], covered: 0 }));

  it("in a message that is cut: a hint", () => {
    expect(judge(others, ACCEPTED, rule(ALICE, { incomplete: true })).found).toEqual(["indication accepted no-warrant"]);
  });
});

it.each([
  ["for events alone", { scope: "iri" }, ["proven accepted out-of-scope"]],
  ["that has ended", { to: "2026-01-15T11:59:59Z" }, ["proven accepted outside-period"]],
  ["that is to begin: rules may be prepared before their day", { from: "2026-01-15T12:00:01Z" }, ["indication accepted outside-period"]],
] as const)("a warrant %s", (_, warrant, found) => expect(judge([warrant], ACCEPTED)).toEqual({ found, undecided: [], covered: 0 }));

it("without a register, or for nobody known, nothing can be said", () => {
  expect(judge(null, ACCEPTED)).toEqual({ found: [], undecided: ["undecided.interception-register"], covered: 0 });
  const unknown = { ...rule(), subscriber: undefined };
  expect(judge([{}], ACCEPTED, unknown)).toEqual({ found: [], undecided: ["undecided.interception-mapping"], covered: 0 });
});
