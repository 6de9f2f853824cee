import { describe, expect, it } from "vitest";
import { parseDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import { state, type Statement } from "#model/statement.ts";
import type { FindingDraft } from "#model/finding.ts";
import type { HandoverMessage, LiMessage, TargetIdentifier, X1Message, X1Task, X2x3Message } from "#model/interception.ts";
import type { MessageObservation } from "#model/observation.ts";
import { foldTarget } from "#model/target.ts";
import type { Instant } from "#model/time.ts";
import { WarrantRegister } from "#register/covers.ts";
import { parseWarrants } from "#register/load.ts";
import type { DetectorContext } from "./detector.ts";
import { UNDECIDED } from "./interception/judge.ts";
import { unwarrantedInterception, type IdentityContext } from "./unwarranted-interception.ts";

const IMSI = "262011234567890";
const OTHER = "262019999999999";
const XID = "29f28e1c-f230-486a-a860-f5a784ab9172";
const [ELEMENT, MDF, LEMF, ADMF, STRANGER] = ["10.0.0.2", "10.8.0.2", "192.0.2.10", "10.8.0.1", "203.0.113.9"];
const UE = "172.16.0.7";

const NETWORK = `
network: { name: Exampletel, country: DE }
functions: [{ name: upf-1, roles: [UPF], addresses: [${ELEMENT}, 10.0.1.2] }]
subscribers: { addresses: [172.16.0.0/24] }
lawful: { administration: [${ADMF}], mediation: [${MDF}], monitoring: [${LEMF}] }
`;
const START = Date.parse("2026-01-15T12:00:00Z") / 1000;
const at = (seconds: number): Instant => ({ sec: START + seconds, nsec: 0 });

const warrant = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: "W-1",
  target: `imsi:${IMSI}`,
  scope: "both",
  from: "2026-01-01T00:00:00Z",
  to: "2026-02-01T00:00:00Z",
  receiver: LEMF,
  authority: "court",
  ...more,
});

const common = { imsi: [], msisdn: [], imei: [], teids: [], ueAddresses: [], apn: [], inner: [], faults: [] } as const;
const product = {
  xid: undefined,
  additionalXids: [],
  liid: undefined,
  productTime: undefined,
  sequence: undefined,
  targets: [] as TargetIdentifier[],
  otherTargets: [],
  contents: [],
  holdsLocation: false,
} as const;

const x3 = (more: Partial<X2x3Message> = {}): X2x3Message => ({
  ...common,
  ...product,
  protocol: "x3",
  type: 2,
  name: "X3 PDU",
  product: "cc",
  towards: "from-target",
  xid: XID,
  productTime: at(0),
  contents: [{ kind: "ipv4", offset: 40, length: 100, src: UE, dst: "198.51.100.1", ipOctets: 100 }],
  majorVersion: 0,
  minorVersion: 5,
  headerLength: 40,
  payloadLength: 100,
  payloadFormat: 5,
  payloadDirection: 3,
  correlationId: "0000000000000001",
  domainId: undefined,
  nfId: undefined,
  interceptionPointId: undefined,
  srcAddress: undefined,
  dstAddress: undefined,
  srcPort: undefined,
  dstPort: undefined,
  ipProtocol: undefined,
  attributes: [],
  ...more,
});
const x2 = (more: Partial<X2x3Message> = {}): X2x3Message =>
  x3({ protocol: "x2", type: 1, name: "X2 PDU", product: "iri", contents: [], targets: [foldTarget("imsi", IMSI)], ...more });
const hi3 = (more: Partial<HandoverMessage> = {}): HandoverMessage => ({
  ...common,
  ...product,
  protocol: "hi3",
  type: 1,
  name: "PS-PDU CC",
  product: "cc",
  towards: "from-target",
  productTime: at(0),
  liid: "L1",
  family: "ps-pdu",
  domain: "0.4.0.2.2.5.1.30",
  authorisationCountry: "DE",
  deliveryCountry: "DE",
  operatorId: "OP",
  networkElementId: undefined,
  communicationId: "1",
  interceptionPointId: undefined,
  contentOids: [],
  triKind: undefined,
  ...more,
});
const task = (more: Partial<X1Task> = {}): X1Task => ({
  xId: XID,
  targets: [foldTarget("imsi", IMSI)],
  deliveryType: "X2andX3",
  dIds: ["d1"],
  mediation: [],
  productId: undefined,
  ...more,
});
const x1 = (operation: string, more: Partial<X1Message> = {}): X1Message => ({
  ...common,
  protocol: "x1",
  type: 1,
  name: operation,
  request: true,
  operation,
  outcome: "request",
  errorCode: undefined,
  admfIdentifier: "a",
  neIdentifier: "n",
  messageTime: at(0),
  version: undefined,
  transactionId: `t-${operation}`,
  tasks: [],
  xIds: [],
  destinations: [],
  dIds: [],
  ...more,
});
const answer = (operation: string, more: Partial<X1Message> = {}): X1Message => x1(operation, { request: false, outcome: "ok", ...more });
const toMdf = x1("CreateDestination", { destinations: [{ dId: "d1", address: MDF, port: 25000, deliveryType: "X2andX3" }] });

class Bench {
  readonly undecided: { why: Statement; count: number }[] = [];
  private readonly detector;
  private frame = 0;

  constructor(
    warrants: Record<string, unknown>[] | null,
    holder: readonly string[] = [`imsi:${IMSI}`],
    network: string | null = NETWORK,
    former?: readonly string[],
  ) {
    const declaration = network === null ? null : new Lookup(parseDeclaration(network, "network.yaml").declaration);
    const context: DetectorContext & IdentityContext = {
      declaration,
      points: [],
      element: (address) => ({ name: declaration?.functionAt(address)?.name ?? null, address, vendor: null, basis: "address" }),
      receiver: (address, port, declared) => ({ name: null, address, port, declared }),
      subscriberKey: (s) => `imsi:${s.imsi ?? ""}`,
      subscriberAt: (address) => (address === UE && holder[0] !== undefined ? holder[0] : `ip:${address}`),
      identitiesOf: () => holder,
      // From second 10 on the address is the holder's, after `former`.
      passedOn: (address, micros) =>
        former === undefined || address !== UE || micros < (START + 10) * 1e6 ? undefined : { sinceMicros: (START + 10) * 1e6, former },
      isUser: (address) => declaration?.isSubscriber(address) === true,
      rolesAt: () => [],
      interfaceless: () => false,
      servedBetween: () => false,
      namedBy: () => [],
      namedOtherwise: () => false,
      undecided: (u) => void this.undecided.push(u),
    };
    const register = warrants === null ? null : new WarrantRegister(parseWarrants(JSON.stringify(warrants), "w.json"));
    this.detector = unwarrantedInterception(register)(context);
  }

  /** `seconds`: when it was captured. */
  see(message: LiMessage, src: string = ELEMENT, dst: string = MDF, seconds = 0): this {
    this.frame += 1;
    const origin = {
      capture: 0,
      point: 0,
      frame: this.frame,
      frames: [this.frame],
      time: at(seconds),
      src,
      dst,
      srcPort: 40000,
      dstPort: 25000,
      transport: "tcp",
      inTunnel: false,
      incomplete: false,
    } as const;
    const observation: MessageObservation = { kind: "message", observed: { origin, message }, subscriber: undefined, answers: undefined };
    this.detector.observe(observation);
    return this;
  }

  get found(): readonly FindingDraft[] {
    return this.detector.findings();
  }
  get reasons(): (readonly unknown[])[] {
    return this.found.map((f) => [f.grade, f.act, f.details?.["reasons"]]);
  }
  get covered(): number {
    return this.detector.coveredInterceptions();
  }
}

describe("the address passed to another person", () => {
  const labelled = (seconds: number): X2x3Message => x3({ targets: [foldTarget("imsi", IMSI)], productTime: at(seconds) });
  const passed = (former: readonly string[], warrants = [warrant()]): Bench => new Bench(warrants, [`imsi:${OTHER}`], NETWORK, former);

  it("what goes on under the old label is the new holder's, by the product's own time", () => {
    const bench = passed([`imsi:${IMSI}`]).see(labelled(12), ELEMENT, MDF, 13);
    expect(bench.reasons).toEqual([["proven", "effected", "passed-on"]]);
    expect(bench.found[0]?.subscribers).toEqual([`imsi:${OTHER}`]);
  });
  it("by a number that only the former holder is known to have", () => {
    const bench = passed([`imsi:${IMSI}`, "msisdn:33612345678"], [warrant({ target: "msisdn:33612345678", liid: "L1" })]);
    expect(bench.see(hi3({ contents: labelled(0).contents, productTime: at(12) }), ELEMENT, MDF, 13).reasons).toEqual([
      ["proven", "effected", "passed-on"],
    ]);
  });
  it("is no reason where it waited in a buffer, is within the second of the change, states no time, or another warrant names the holder", () => {
    expect(passed([`imsi:${IMSI}`]).see(labelled(9), ELEMENT, MDF, 60).reasons).toEqual([]);
    expect(passed([`imsi:${IMSI}`]).see(labelled(11), ELEMENT, MDF, 11).reasons).toEqual([]);
    // A clock that runs ahead makes nothing later than its arrival.
    expect(passed([`imsi:${IMSI}`]).see(labelled(90), ELEMENT, MDF, 10.5).reasons).toEqual([]);
    expect(passed([`imsi:${IMSI}`]).see({ ...labelled(0), productTime: undefined }, ELEMENT, MDF, 60).reasons).toEqual([]);
    const both = [warrant(), warrant({ id: "W-2", target: `imsi:${OTHER}` })];
    const bench = passed([`imsi:${IMSI}`], both).see(labelled(12), ELEMENT, MDF, 13);
    expect([bench.reasons, bench.covered]).toEqual([[], 1]);
  });
  it("a warrant for a number that nobody was seen to have leaves it undecided", () => {
    const bench = passed([`imsi:${IMSI}`], [warrant({ target: "msisdn:33699999999", liid: "L1" })]);
    bench.see(hi3({ contents: labelled(0).contents, productTime: at(12) }), ELEMENT, MDF, 13);
    expect([bench.reasons, bench.undecided[0]?.why]).toEqual([[], UNDECIDED.mapping]);
  });
});

describe("product that must stay silent", () => {
  it("covered product leaves a count and nothing else", () => {
    const b = new Bench([warrant()]).see(x3()).see(x3()).see(x2());
    expect(b.found).toEqual([]);
    expect(b.undecided).toEqual([]);
    expect(b.covered).toBe(2);
  });

  it("product that mediation buffered until after the warrant's end", () => {
    const b = new Bench([warrant()]).see(x3(), ELEMENT, MDF, 40 * 86_400);
    expect(b.found).toEqual([]);
    expect(b.covered).toBe(1);
    const noTime = new Bench([warrant({ to: "2026-01-15T12:00:00Z" })]).see(x3({ productTime: undefined }), ELEMENT, MDF, 3600);
    expect(noTime.found).toEqual([]);
    expect(noTime.undecided.map((u) => u.why)).toContain(UNDECIDED.buffered);
  });

  it("keep-alives, even where no warrant exists", () => {
    const b = new Bench([]).see(x3({ type: 3, product: "keepalive", xid: undefined, contents: [] }));
    expect(b.found).toEqual([]);
  });

  it("a task and its product known by XID alone, once X1 has named the person", () => {
    const b = new Bench([warrant()], [])
      .see(toMdf, ADMF, ELEMENT)
      .see(x1("ActivateTask", { tasks: [task()] }), ADMF, ELEMENT)
      .see(answer("ActivateTask"), ELEMENT, ADMF)
      .see(x3());
    expect(b.found).toEqual([]);
    expect(b.undecided).toEqual([]);
    expect(b.covered).toBe(1);
  });

  it("mapping unseen is undecided, never an accusation", () => {
    const msisdn = new Bench([warrant({ target: "msisdn:494012345" })]).see(x3());
    expect(msisdn.found).toEqual([]);
    expect(msisdn.undecided).toContainEqual(expect.objectContaining({ why: UNDECIDED.mapping, count: 1 }));
    const known = new Bench([warrant({ target: "msisdn:494012345" })], [`imsi:${IMSI}`, "msisdn:494012345"]).see(x3());
    expect([known.found.length, known.undecided.length, known.covered]).toEqual([0, 0, 1]);
    const handover = new Bench([warrant()], []).see(hi3(), MDF, LEMF);
    expect(handover.found).toEqual([]);
    expect(handover.undecided.map((u) => u.why)).toContain(UNDECIDED.mapping);
  });

  it("declared ends and no register: nothing can be said", () => {
    const b = new Bench(null).see(x3());
    expect(b.found).toEqual([]);
    expect(b.undecided.map((u) => u.why)).toEqual([UNDECIDED.register]);
  });

  it("packets that a subscriber made up", () => {
    expect(new Bench([]).see(x3(), UE, STRANGER).found).toEqual([]);
  });

  it("a warrant in force with no product is a line of the coverage", () => {
    const b = new Bench([warrant(), warrant({ id: "W-2", target: `imsi:${OTHER}` })]).see(x3());
    expect(b.found).toEqual([]);
    expect(b.undecided).toEqual([expect.objectContaining({ count: 1, why: state("undecided.interception-silent") })]);
  });

  it("product made just before the element ended the task", () => {
    const b = new Bench([warrant()])
      .see(x1("DeactivateTask", { xIds: [XID] }), ADMF, ELEMENT, 10)
      .see(answer("DeactivateTask"), ELEMENT, ADMF, 10)
      .see(x3({ productTime: at(9) }), ELEMENT, MDF, 3000);
    expect(b.found).toEqual([]);
  });
});

describe("the end of a task that the element confirmed", () => {
  const ended = (made: Instant, answered: X1Message | null = answer("DeactivateTask")): Bench => {
    const b = new Bench([warrant()]).see(x1("DeactivateTask", { xIds: [XID] }), ADMF, ELEMENT, 10);
    if (answered !== null) b.see(answered, ELEMENT, ADMF, 10);
    return b.see(x3({ productTime: made }), ELEMENT, MDF, 60);
  };
  it("leaves product five seconds to be on its way out, to the microsecond", () => {
    expect(ended(at(15)).found).toEqual([]);
    expect(ended({ sec: START + 15, nsec: 1000 }).reasons).toEqual([["proven", "effected", "ended-task"]]);
  });
  it.each([
    ["refused", answer("DeactivateTask", { outcome: "error" })],
    ["never confirmed", null],
  ])("is none where it was %s: the task goes on", (_, answered) => expect(ended(at(60), answered).found).toEqual([]));
  it("says nothing of product that states no time of its own", () => {
    const b = new Bench([warrant()])
      .see(x1("DeactivateTask", { xIds: [XID] }), ADMF, ELEMENT, 10)
      .see(answer("DeactivateTask"), ELEMENT, ADMF, 10)
      .see(x3({ productTime: undefined }), ELEMENT, MDF, 60);
    expect(b.found).toEqual([]);
  });
  it("is over when the task is activated anew", () => {
    const b = ended(at(9))
      .see(x1("ActivateTask", { tasks: [task()] }), ADMF, ELEMENT, 70)
      .see(answer("ActivateTask"), ELEMENT, ADMF, 70)
      .see(x3({ productTime: at(80) }), ELEMENT, MDF, 80);
    expect(b.found).toEqual([]);
  });
});

describe("product that must be found", () => {
  it("to a stranger, with no warrant", () => {
    const [f] = new Bench([]).see(x3(), ELEMENT, STRANGER).see(x3(), "10.0.1.2", STRANGER).found;
    expect(f).toMatchObject({
      grade: "proven",
      act: "effected",
      element: { name: "upf-1" },
      receiver: { address: STRANGER, declared: false },
      subscribers: [`imsi:${IMSI}`],
      data: ["content"],
      packets: 2,
      bytes: 200,
      evidence: [{ capture: 0, frames: [1, 2], framesTotal: 2 }],
      details: { reasons: "undeclared-receiver, no-warrant" },
    });
  });

  it.each([
    ["another person's warrant", [warrant({ target: `imsi:${OTHER}` })], x3(), "no-warrant"],
    ["content under an IRI warrant", [warrant({ scope: "iri" })], x3(), "out-of-scope"],
    ["after the end, by the product's own time", [warrant({ to: "2026-01-15T11:59:59Z" })], x3(), "outside-period"],
    ["before the beginning", [warrant({ from: "2026-01-15T12:00:01Z" })], x3(), "outside-period"],
  ] as const)("%s", (_, warrants, message, reason) => {
    expect(new Bench([...warrants]).see(message).reasons).toEqual([["proven", "effected", reason]]);
  });

  it("only what is beyond the scope is evidence; the rest is covered", () => {
    const b = new Bench([warrant({ scope: "iri" })]).see(x2()).see(x3());
    const [f] = b.found;
    expect(f?.evidence).toEqual([{ capture: 0, frames: [2], framesTotal: 1 }]);
    expect(b.covered).toBe(1);
    expect(new Bench([warrant({ scope: "cc" })]).see(x2()).reasons).toEqual([["indication", "effected", "iri-under-content-only"]]);
  });

  it("handover to another receiver, from undeclared mediation, with a foreign country, with an unknown LIID", () => {
    const w = [warrant({ liid: "L1" })];
    expect(new Bench(w).see(hi3(), MDF, LEMF).reasons).toEqual([]);
    expect(new Bench([...w, warrant({ id: "W-2", receiver: "192.0.2.99", liid: "L2" })]).see(hi3(), MDF, "192.0.2.99").reasons).toEqual([
      ["proven", "effected", "wrong-receiver"],
    ]);
    expect(new Bench(w).see(hi3(), STRANGER, LEMF).reasons).toEqual([["proven", "effected", "undeclared-source"]]);
    expect(new Bench(w).see(hi3({ authorisationCountry: "XX" }), MDF, LEMF).reasons).toEqual([["proven", "effected", "foreign-country"]]);
    expect(new Bench(w).see(hi3({ liid: "L9" }), MDF, LEMF).reasons).toEqual([["proven", "effected", "no-warrant"]]);
  });

  it("a task that goes on after the element confirmed its end", () => {
    const b = new Bench([warrant()])
      .see(x1("DeactivateTask", { xIds: [XID] }), ADMF, ELEMENT, 10)
      .see(answer("DeactivateTask"), ELEMENT, ADMF, 10)
      .see(x3({ productTime: at(60) }), ELEMENT, MDF, 60);
    expect(b.reasons).toEqual([["proven", "effected", "ended-task"]]);
  });

  it("messages that are cut are a hint", () => {
    const cut = x3({ faults: [{ layer: "x2x3", code: "incomplete", field: "payload", offset: 40, needed: 140, had: 90 }] });
    expect(new Bench([]).see(cut).reasons).toEqual([["indication", "effected", "no-warrant"]]);
  });

  it("without a declaration, or without a register, never proven", () => {
    expect(new Bench([], undefined, null).see(x3(), ELEMENT, STRANGER).reasons).toEqual([["corroborated", "effected", "no-warrant"]]);
    expect(new Bench(null).see(x3(), ELEMENT, STRANGER).reasons).toEqual([["corroborated", "effected", "undeclared-receiver"]]);
  });
});

describe("tasking", () => {
  const activate = (targets: TargetIdentifier[]): X1Message => x1("ActivateTask", { tasks: [task({ targets })] });

  it("with no warrant: accepted, unanswered, refused", () => {
    const order = activate([foldTarget("imsi", OTHER)]);
    const accepted = new Bench([warrant()]).see(toMdf, ADMF, ELEMENT).see(order, ADMF, ELEMENT).see(answer("ActivateTask"), ELEMENT, ADMF);
    expect(accepted.found).toMatchObject([
      {
        grade: "proven",
        act: "accepted",
        element: { name: "upf-1" },
        receiver: { address: MDF },
        data: ["identity"],
        subscribers: [`imsi:${OTHER}`],
      },
    ]);
    expect(new Bench([warrant()]).see(order, ADMF, ELEMENT).reasons).toEqual([["corroborated", "sent", "no-warrant"]]);
    const refused = new Bench([warrant()]).see(order, ADMF, ELEMENT).see(answer("ActivateTask", { outcome: "error" }), ELEMENT, ADMF);
    expect(refused.reasons).toEqual([["indication", "sent", "no-warrant"]]);
  });

  it("by a requester that nobody declared", () => {
    const b = new Bench([warrant()])
      .see(activate([foldTarget("imsi", IMSI)]), STRANGER, ELEMENT)
      .see(answer("ActivateTask"), ELEMENT, STRANGER);
    expect(b.found).toMatchObject([
      { grade: "proven", receiver: { address: STRANGER, declared: false }, details: { reasons: "undeclared-requester" } },
    ]);
    expect(new Bench([warrant()]).see(x1("Ping"), STRANGER, ELEMENT).see(answer("Ping"), ELEMENT, STRANGER).reasons).toEqual([
      ["indication", "accepted", "undeclared-requester"],
    ]);
  });

  it("order and effect become one finding", () => {
    const toStranger = x1("CreateDestination", { destinations: [{ dId: "d1", address: STRANGER, port: 4000, deliveryType: "X3Only" }] });
    const b = new Bench([])
      .see(toStranger, ADMF, ELEMENT)
      .see(answer("CreateDestination"), ELEMENT, ADMF)
      .see(activate([foldTarget("imsi", IMSI)]), ADMF, ELEMENT)
      .see(answer("ActivateTask"), ELEMENT, ADMF)
      .see(x3(), ELEMENT, STRANGER);
    expect(b.found.length).toBe(1);
    expect(b.found[0]).toMatchObject({ grade: "proven", act: "effected", receiver: { address: STRANGER }, details: { orders: 2 } });
  });

  it("prepared before its day is no more than a hint; administration as usual is silent", () => {
    const early = new Bench([warrant({ from: "2026-01-16T00:00:00Z" })]).see(activate([foldTarget("imsi", IMSI)]), ADMF, ELEMENT);
    expect(early.found.every((f) => f.grade === "indication")).toBe(true);
    const usual = new Bench([warrant()]).see(x1("Keepalive"), ADMF, ELEMENT).see(x1("ReportTaskIssue", { xIds: [XID] }), ELEMENT, ADMF);
    expect(usual.found).toEqual([]);
  });

  it("no text of a finding names a person or a warrant", () => {
    const found = new Bench([warrant({ scope: "iri" })]).see(x3()).see(x3(), ELEMENT, STRANGER).found;
    for (const f of found) {
      const text = JSON.stringify([f.summary, f.premises, f.ruledOut, f.details, f.restsOn]);
      expect(text).not.toContain(IMSI);
      expect(text).not.toContain("W-1");
    }
  });
});
