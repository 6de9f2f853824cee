import { describe, expect, it } from "vitest";
import { parseDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import type { FindingDraft } from "#model/finding.ts";
import type { DecodedMessage, MessageOrigin, ObservedMessage } from "#model/message.ts";
import type { MessageObservation } from "#model/observation.ts";
import type { DetectorContext } from "./detector.ts";
import { undeclaredTrace } from "./undeclared-trace.ts";

const [ENB, MME, SGSN, COLLECTOR, STRANGER] = ["10.0.0.9", "10.0.0.1", "10.0.0.3", "10.9.0.9", "203.0.113.9"];

/** `collectors`: the declaration's list. */
function context(collectors: string): { context: DetectorContext; undecided: string[] } {
  const text = `
network: { name: Exampletel, country: FR }
functions:
  - { name: enb-1, roles: [eNB], addresses: [${ENB}] }
  - { name: mme-1, roles: [MME], addresses: [${MME}] }
  - { name: sgsn-1, roles: [SGSN], addresses: [${SGSN}] }
trace: { collectors: ${collectors} }
`;
  const declaration = new Lookup(parseDeclaration(text, "network.yaml").declaration);
  const undecided: string[] = [];
  return {
    undecided,
    context: {
      declaration,
      points: [],
      element: (address) => ({ name: declaration.functionAt(address)?.name ?? null, address, vendor: null, basis: "address" }),
      receiver: (address, port, declared) => ({ name: declaration.nameOf(address), address, port, declared }),
      subscriberKey: () => "imsi:208010000000001",
      subscriberAt: (address) => `ip:${address}`,
      isUser: () => false,
      rolesAt: () => [],
      interfaceless: () => false,
      servedBetween: () => false,
      namedBy: () => [],
      namedOtherwise: () => false,
      undecided: ({ why }) => void undecided.push(why.code),
    },
  };
}

let frame = 0;
function seen(
  src: string,
  dst: string,
  message: object,
  answers?: MessageObservation,
  origin: Partial<MessageOrigin> = {},
): MessageObservation {
  frame++;
  const common = { imsi: [], msisdn: [], imei: [], teids: [], ueAddresses: [], apn: [], inner: [], faults: [], name: "", type: 0 };
  const where: MessageOrigin = {
    capture: 0,
    point: 0,
    frame,
    frames: [frame],
    time: { sec: frame, nsec: 0 },
    src,
    dst,
    srcPort: 1,
    dstPort: 2,
    transport: "sctp",
    inTunnel: false,
    incomplete: false,
    ...origin,
  };
  const observed: ObservedMessage = { origin: where, message: { ...common, ...message } as unknown as DecodedMessage };
  return { kind: "message", observed, subscriber: undefined, answers: answers?.observed };
}

const traceOf = (collector: string[], collectorUri?: string): object => ({
  plmn: "20801",
  traceId: 42,
  depth: 1,
  interfaces: 0xe0,
  collector,
  collectorUri,
  mdt: undefined,
});
const traceStart = (trace: object, origin: Partial<MessageOrigin> = {}): MessageObservation =>
  seen(MME, ENB, { protocol: "s1ap", type: 27, kind: "initiating", enbUeId: 7, trace }, undefined, origin);
const contextSetup = (trace: object): MessageObservation =>
  seen(MME, ENB, { protocol: "s1ap", type: 9, kind: "initiating", enbUeId: 7, trace });
const answer = (to: MessageObservation, kind: string): MessageObservation =>
  seen(ENB, MME, { protocol: "s1ap", type: 9, kind, enbUeId: 7, trace: undefined }, to);

function judge(collectors: string, observations: readonly MessageObservation[]): { found: readonly FindingDraft[]; undecided: string[] } {
  const made = context(collectors);
  const detector = undeclaredTrace(made.context);
  for (const observation of observations) detector.observe(observation);
  return { found: detector.findings(), undecided: made.undecided };
}

describe("a collector by address", () => {
  it("that nobody declared: Trace Start is not answered, and proven as it stands", () => {
    const { found } = judge(`[${COLLECTOR}]`, [traceStart(traceOf([STRANGER]))]);
    expect(found).toMatchObject([{ grade: "proven", element: { name: "enb-1" }, receiver: { address: STRANGER, declared: false } }]);
  });

  it("that is declared is silent, and so is the element's own", () => {
    expect(judge(`[${COLLECTOR}]`, [traceStart(traceOf([COLLECTOR])), traceStart(traceOf([ENB]))]).found).toEqual([]);
  });

  it.each([
    ["accepted", "successful", "proven", 1],
    ["refused: an attempt", "unsuccessful", "indication", 1],
  ] as const)("in a context set-up that was %s", (_, kind, grade, count) => {
    const order = contextSetup(traceOf([STRANGER]));
    const { found } = judge("[]", [order, answer(order, kind)]);
    expect(found.map((one) => one.grade)).toEqual(Array.from({ length: count }, () => grade));
  });

  it("in a context set-up whose answer was not seen", () => {
    expect(judge("[]", [contextSetup(traceOf([STRANGER]))]).found).toMatchObject([{ grade: "corroborated", act: "sent" }]);
  });

  it("refused once and accepted once: what was accepted counts", () => {
    const [first, second] = [contextSetup(traceOf([STRANGER])), contextSetup(traceOf([STRANGER]))];
    const { found } = judge("[]", [first, answer(first, "unsuccessful"), second, answer(second, "successful")]);
    expect(found).toMatchObject([{ grade: "proven", act: "accepted", packets: 1 }]);
  });

  it("in a message that is cut is at most an indication", () => {
    expect(judge("[]", [traceStart(traceOf([STRANGER]), { incomplete: true })]).found).toMatchObject([{ grade: "indication" }]);
  });

  it("is no more than an attempt after a failure indication", () => {
    const failure = seen(ENB, MME, { protocol: "s1ap", type: 28, kind: "initiating", enbUeId: 7, trace: undefined });
    expect(judge("[]", [traceStart(traceOf([STRANGER])), failure]).found).toMatchObject([{ grade: "indication", act: "sent", data: [] }]);
  });

  it("inside a subscriber's own tunnel is the subscriber's business", () => {
    expect(judge("[]", [traceStart(traceOf([STRANGER]), { inTunnel: true })]).found).toEqual([]);
  });
});

describe("a collector whose name is an address", () => {
  it.each(["198.51.100.77", "sftp://omc@198.51.100.77:2222/mdt"])("%s is that address", (name) => {
    expect(judge(`[${COLLECTOR}]`, [traceStart(traceOf([], name))]).found).toMatchObject([{ receiver: { address: "198.51.100.77" } }]);
  });

  it("that is declared is silent", () => {
    expect(judge(`[${COLLECTOR}]`, [traceStart(traceOf([], `https://${COLLECTOR}/trace`))])).toEqual({ found: [], undecided: [] });
  });
});

describe("a collector by name", () => {
  const named = traceStart(traceOf([], "tce.example.net"));

  it("that is declared is silent", () => {
    expect(judge("[tce.example.net]", [named]).found).toEqual([]);
  });

  it("beside declared addresses may be one of them: said, not accused", () => {
    const { found, undecided } = judge(`[${COLLECTOR}]`, [named]);
    expect(found).toEqual([]);
    expect(undecided).toHaveLength(1);
  });

  it("where no collector at all is declared is undeclared; the receiver is null", () => {
    expect(judge("[]", [named]).found).toMatchObject([{ grade: "proven", receiver: null, details: { collectorName: "tce.example.net" } }]);
  });

  it("in GTPv1 (OMC identity) as well", () => {
    const trace = { reference: 5, traceType: 1, triggerId: undefined, omcIdentity: "omc-77", additional: undefined };
    const order = seen(MME, SGSN, { protocol: "gtpv1", type: 16, trace, cause: undefined });
    const accepted = seen(SGSN, MME, { protocol: "gtpv1", type: 17, trace: undefined, cause: 128 }, order);
    expect(judge("[]", [order, accepted]).found).toMatchObject([{ grade: "proven", act: "accepted", element: { name: "sgsn-1" } }]);
  });

  it("nowhere: the element's own configuration decides, and nobody is accused", () => {
    expect(judge("[]", [traceStart(traceOf([]))]).found).toEqual([]);
  });
});
