/** Subscriber tracing to collectors that nobody declared, in every message that can order it. */
import type { Case } from "#lab/case.ts";
import { s1Handover, serviceRequest } from "#lab/network/handover.ts";
import type { Subscriber } from "#lab/network/subscriber.ts";
import { elementTalk } from "#lab/network/background.ts";
import type { NetworkFunction } from "#lab/network/layout.ts";
import * as dia from "#lab/wire/diameter.ts";
import * as gtp from "#lab/wire/gtpv2.ts";
import * as px from "#lab/wire/pfcp.ts";
import * as s1 from "#lab/wire/s1ap.ts";
import type { Act, Grade } from "#model/finding.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "undeclared-trace";

function traceTo(c: Case, collector: string, plmn = c.layout.plmn): s1.Trace {
  return {
    plmn,
    id: c.random.int(1, 0xffffff),
    session: c.random.int(1, 0xffff),
    interfaces: 0xe0,
    depth: c.random.pick([1, 2, 5]),
    collector,
  };
}

function due(
  c: Case,
  element: NetworkFunction,
  also: NetworkFunction[],
  receiver: string,
  s: Subscriber | null,
  o: { minGrade?: Grade; act?: Act; data?: string[] } = {},
): void {
  c.expect.push({
    claim: CLAIM,
    minGrade: o.minGrade ?? "proven",
    ...(o.act === undefined ? {} : { act: o.act }),
    element,
    elementAlso: also,
    receiver,
    subscriber: s,
    data: o.data ?? ["metadata", "location"],
    label: "act",
    framesMode: "all",
  });
}

function begun(c: Case, subscribers = 3): number {
  const t = c.begin(subscribers);
  for (const s of c.core.subscribers) c.traffic.mixture(s, t, 8, 3000);
  return t;
}

const idsOf = (s: Subscriber): s1.UeIds => ({ mme: s.mmeUe, enb: s.enbUe });

/** Attach of one more subscriber with a trace in one of its steps. */
function inAttach(
  name: string,
  step: "contextSetup" | "createSession" | "updateLocation",
  description: string,
  of: (c: Case, s: Subscriber) => [NetworkFunction, NetworkFunction[]],
  o: { grade?: Grade; split?: number } = {},
): Scenario {
  return scenario(name, "positive", CLAIM, description, {}, (c) => {
    const t = begun(c, 2);
    const to = stranger(c);
    const s = c.core.newSubscriber();
    const sctp = o.split === undefined ? {} : { sctp: { [step]: { split: o.split } } };
    c.core.attach(s, t + 2, { trace: { [step]: traceTo(c, to) }, labels: { [step]: "act" }, ...sctp });
    c.traffic.mixture(s, t + 5, 4, 3000);
    const [element, also] = of(c, s);
    due(c, element, also, to, s, o.grade === undefined ? {} : { minGrade: o.grade });
  });
}

/** Hears Trace Start and then feeds records to the collector by TCP. */
function records(c: Case, e: NetworkFunction, to: string, at: number, address: string): void {
  const r = c.random;
  elementTalk(c.core, e, at, {
    peer: to,
    port: r.int(5000, 60_000),
    fromElement: true,
    address,
    segment: "s1c",
    script: Array.from({ length: 12 }, () => ({
      from: "client" as const,
      data: r.bytes(r.int(80, 400)),
      after: r.gap(0.4),
      label: "records",
    })),
  });
}

/** Insert-Subscriber-Data with Trace-Data, and its answer. */
function insert(c: Case, s: Subscriber, at: number, traceData: Uint8Array, result = 2001): void {
  const ids = { hop: c.random.u32(), end: c.random.u32(), command: dia.Command.idr, application: dia.Application.s6a };
  const session = c.core.session(c.core.host(c.layout.hss.name));
  const peers = { ...c.core.peers(false, session), destinationHost: c.core.host(c.layout.mme.name), destinationRealm: c.layout.realm };
  const request = dia.diameter({ ...ids, request: true }, [...dia.opening(peers), dia.userName(s.imsi), dia.avp3(1400, traceData)]);
  c.core.s6a.send(false, at, request, { stream: 1, label: "act" });
  c.core.s6a.send(true, at + 0.01, dia.diameter({ ...ids, request: false }, dia.opening(c.core.peers(true, session), result)), {
    stream: 1,
  });
}

export const undeclaredTrace: Scenario[] = [
  scenario("trace-start", "positive", CLAIM, "S1AP Trace Start with a collector that the declaration does not list.", {}, (c) => {
    const t = begun(c);
    const [s, to] = [c.subscriber(1), stranger(c)];
    c.core.assoc(s.enb).send(false, t + 9, s1.traceStart(idsOf(s), traceTo(c, to)), { stream: 2, label: "act" });
    due(c, s.enb, [c.layout.mme], to, s);
  }),
  scenario("trace-start-split", "positive", CLAIM, "The same, cut over several SCTP chunks.", {}, (c) => {
    const t = begun(c);
    const [s, to] = [c.subscriber(1), stranger(c)];
    c.core.assoc(s.enb).send(false, t + 9, s1.traceStart(idsOf(s), traceTo(c, to)), { stream: 2, label: "act", split: 16 });
    due(c, s.enb, [c.layout.mme], to, s);
  }),
  scenario("trace-start-bundled", "positive", CLAIM, "The same, behind another message in one SCTP packet.", {}, (c) => {
    const t = begun(c);
    const [s, to] = [c.subscriber(1), stranger(c)];
    const paging = s1.paging(c.random.int(0, 1023), s.guti.code, c.random.u32(), s.enb.cell);
    c.core.assoc(s.enb).send(false, t + 9, s1.traceStart(idsOf(s), traceTo(c, to)), { stream: 2, label: "act", behind: [paging] });
    due(c, s.enb, [c.layout.mme], to, s);
  }),
  scenario("trace-start-v6", "positive", CLAIM, "The collector has an IPv6 address.", {}, (c) => {
    const t = begun(c);
    const s = c.subscriber(1);
    const to = `2001:db8:${c.random.int(1, 9)}${c.random.hex(2)}::${c.random.int(2, 99)}`;
    c.core.assoc(s.enb).send(false, t + 9, s1.traceStart(idsOf(s), traceTo(c, to)), { stream: 2, label: "act" });
    due(c, s.enb, [c.layout.mme], to, s);
  }),
  scenario("trace-start-effected", "positive", CLAIM, "Trace Start, and then the base station's records to that collector.", {}, (c) => {
    const t = begun(c);
    const [s, to] = [c.subscriber(1), stranger(c)];
    c.core.assoc(s.enb).send(false, t + 9, s1.traceStart(idsOf(s), traceTo(c, to)), { stream: 2, label: "act" });
    records(c, s.enb, to, t + 10, s.enb.at.s1c ?? "");
    due(c, s.enb, [c.layout.mme], to, s);
    c.tolerate = ["undeclared-peer"];
  }),
  scenario(
    "trace-foreign-plmn",
    "positive",
    CLAIM,
    "The trace reference bears another operator's code, and its collector is nobody's.",
    {},
    (c) => {
      const t = begun(c);
      const [s, to] = [c.subscriber(1), stranger(c)];
      c.core.assoc(s.enb).send(false, t + 9, s1.traceStart(idsOf(s), traceTo(c, to, "99901")), { stream: 2, label: "act" });
      due(c, s.enb, [c.layout.mme], to, s);
    },
  ),
  inAttach("trace-context-setup", "contextSetup", "Trace Activation inside Initial Context Setup of an attach.", (c, s) => [
    s.enb,
    [c.layout.mme],
  ]),
  inAttach("trace-context-setup-split", "contextSetup", "The same, the message cut over SCTP chunks.", (c, s) => [s.enb, [c.layout.mme]], {
    split: 60,
  }),
  inAttach("trace-create-session", "createSession", "Trace Information in Create Session Request.", (c) => [
    c.layout.sgwC,
    [c.layout.pgwC, c.layout.mme],
  ]),
  inAttach(
    "trace-subscription-data",
    "updateLocation",
    "Trace-Data in the subscription that the HSS sends in Update Location Answer.",
    (c) => [c.layout.mme, [c.layout.hss]],
  ),
  inAttach(
    "trace-subscription-data-split",
    "updateLocation",
    "The same, the answer cut over SCTP chunks.",
    (c) => [c.layout.mme, [c.layout.hss]],
    { split: 200 },
  ),
  scenario("trace-service-request", "positive", CLAIM, "Trace Activation inside Initial Context Setup of a service request.", {}, (c) => {
    const t = begun(c, 2);
    const [s, to] = [c.subscriber(0), stranger(c)];
    serviceRequest(c.core, s, c.core.release(s, t + 15) + 2, { contextLabel: "act", trace: traceTo(c, to) });
    due(c, s.enb, [c.layout.mme], to, s);
  }),
  scenario("trace-handover-request", "positive", CLAIM, "Trace Activation inside Handover Request to the target.", { enbs: 3 }, (c) => {
    const t = begun(c, 2);
    const [s, to] = [c.subscriber(0), stranger(c)];
    const target = c.layout.enbs.find((e) => e !== s.enb)!;
    s1Handover(c.core, s, target, t + 12, { trace: traceTo(c, to), label: "act" });
    due(c, target, [c.layout.mme], to, s);
  }),
  scenario(
    "trace-cell-traffic",
    "positive",
    CLAIM,
    "Cell Traffic Trace: the base station reports a trace that its management started, to an undeclared collector.",
    {},
    (c) => {
      const t = begun(c);
      const [s, to] = [c.subscriber(1), stranger(c)];
      c.core.assoc(s.enb).send(true, t + 9, s1.cellTrafficTrace(idsOf(s), traceTo(c, to), s.enb.cell), { stream: 2, label: "act" });
      due(c, s.enb, [c.layout.mme], to, s);
    },
  ),
  scenario("trace-session-activation", "positive", CLAIM, "GTPv2 Trace Session Activation to the gateway.", {}, (c) => {
    const t = begun(c);
    const [s, to] = [c.subscriber(1), stranger(c)];
    c.core.s11(true, t + 9, gtp.traceSessionActivation(c.core.nextGtp(), s.s11Sgw.teid, s.imsi, traceTo(c, to)), "act");
    due(c, c.layout.sgwC, [c.layout.mme, c.layout.pgwC], to, s);
  }),
  scenario(
    "trace-insert-subscriber-data",
    "positive",
    CLAIM,
    "Trace-Data in an Insert-Subscriber-Data-Request, answered with success.",
    {},
    (c) => {
      const t = begun(c);
      const [s, to] = [c.subscriber(1), stranger(c)];
      insert(c, s, t + 9, dia.traceData(traceTo(c, to)));
      due(c, c.layout.mme, [c.layout.hss], to, s);
    },
  ),
  scenario("trace-named-by-address", "positive", CLAIM, "The same; the collector's name is its address, written as text.", {}, (c) => {
    const t = begun(c);
    const [s, to] = [c.subscriber(1), stranger(c)];
    c.declared.collectors.push(`10.${c.layout.services.join(".")}.${c.random.int(120, 200)}`);
    insert(c, s, t + 9, dia.traceData(traceTo(c, to), { omc: c.random.pick([to, `sftp://omc@${to}/traces`]) }));
    due(c, c.layout.mme, [c.layout.hss], to, s);
  }),
  scenario("trace-refused", "positive", CLAIM, "The MME refuses Trace-Data for a stranger: an attempt.", {}, (c) => {
    const t = begun(c);
    const [s, to] = [c.subscriber(1), stranger(c)];
    insert(c, s, t + 9, dia.traceData(traceTo(c, to)), 5012);
    due(c, c.layout.mme, [c.layout.hss], to, s, { minGrade: "indication", act: "sent", data: [] });
  }),
  scenario(
    "trace-pfcp-refused",
    "positive",
    CLAIM,
    "The user plane refuses PFCP Trace Information for a stranger.",
    { kind: "cups" },
    (c) => {
      const t = begun(c);
      const [s, to] = [c.subscriber(1), stranger(c)];
      c.core.modification(s, t + 9, px.pfcpTrace(traceTo(c, to)), { label: "act", cause: 64 });
      due(c, c.layout.sgwU, [c.layout.sgwC], to, s, { minGrade: "indication", act: "sent", data: [] });
    },
  ),
  scenario("twin-trace-refused-declared", "twin", CLAIM, "The MME refuses a trace for the declared collector.", {}, (c) => {
    const collector = `10.${c.layout.services.join(".")}.${c.random.int(120, 200)}`;
    c.declared.collectors.push(collector);
    const t = begun(c);
    insert(c, c.subscriber(1), t + 9, dia.traceData(traceTo(c, collector)), 5012);
  }),
  scenario("twin-trace-named-by-address", "twin", CLAIM, "The declared collector, named by its address as text and in a URI.", {}, (c) => {
    const collector = `10.${c.layout.services.join(".")}.${c.random.int(120, 200)}`;
    c.declared.collectors.push(collector);
    const t = begun(c);
    insert(c, c.subscriber(0), t + 9, dia.traceData(traceTo(c, collector), { omc: collector }));
    insert(c, c.subscriber(1), t + 10, dia.traceData(traceTo(c, collector), { omc: `https://${collector}:8443/t` }));
  }),
  scenario(
    "twin-trace-mdt",
    "twin",
    CLAIM,
    "Minimisation of drive tests: immediate and logged MDT jobs for every subscriber, to the declared collector; its records flow.",
    {},
    (c) => {
      const collector = `10.${c.layout.services.join(".")}.${c.random.int(120, 200)}`;
      c.declared.collectors.push(collector);
      const t = begun(c);
      for (const [i, s] of c.core.subscribers.entries()) insert(c, s, t + 9 + i, dia.traceData(traceTo(c, collector), { mdt: i % 2 }));
      const enb = c.subscriber(0).enb;
      records(c, enb, collector, t + 13, enb.at.s1c ?? "");
    },
  ),
  scenario("trace-pfcp", "positive", CLAIM, "PFCP Trace Information in Session Modification, accepted.", { kind: "cups" }, (c) => {
    const t = begun(c);
    const [s, to] = [c.subscriber(1), stranger(c)];
    c.core.modification(s, t + 9, px.pfcpTrace(traceTo(c, to)), { label: "act" });
    due(c, c.layout.sgwU, [c.layout.sgwC], to, s);
  }),
  scenario(
    "twin-trace-declared",
    "twin",
    CLAIM,
    "Trace Start, Initial Context Setup and Trace-Data, all to a declared collector; its records flow.",
    {},
    (c) => {
      const collector = `10.${c.layout.services.join(".")}.${c.random.int(120, 200)}`;
      c.declared.collectors.push(collector);
      const t = begun(c, 2);
      const s = c.subscriber(1);
      c.core.assoc(s.enb).send(false, t + 9, s1.traceStart(idsOf(s), traceTo(c, collector)), { stream: 2 });
      c.core.attach(c.core.newSubscriber(), t + 10, {
        trace: { contextSetup: traceTo(c, collector), updateLocation: traceTo(c, collector), createSession: traceTo(c, collector) },
      });
      records(c, s.enb, collector, t + 11, s.enb.at.s1c ?? "");
    },
  ),
  scenario(
    "twin-trace-mocn",
    "twin",
    CLAIM,
    "Shared radio network: a partner's trace reference, to a collector inside the partner's declared range and list.",
    {},
    (c) => {
      const collector = stranger(c);
      c.declared.collectors.push(collector);
      c.declared.partners.push(`{ name: Sharetel, plmns: ["99907"], addresses: [${collector}/32], kind: mocn }`);
      const t = begun(c, 2);
      const s = c.subscriber(1);
      c.core.assoc(s.enb).send(false, t + 9, s1.traceStart(idsOf(s), traceTo(c, collector, "99907")), { stream: 2 });
    },
  ),
  scenario(
    "twin-trace-bulk",
    "twin",
    CLAIM,
    "Optimisation in bulk: cell traffic traces of every subscriber, all to the declared collector.",
    {},
    (c) => {
      const collector = `10.${c.layout.services.join(".")}.${c.random.int(120, 200)}`;
      c.declared.collectors.push(collector);
      const t = begun(c);
      for (const s of c.core.subscribers)
        for (let i = 0; i < 4; i++)
          c.core.assoc(s.enb).send(true, t + 9 + i * 2, s1.cellTrafficTrace(idsOf(s), traceTo(c, collector), s.enb.cell), { stream: 2 });
    },
  ),
  scenario("twin-trace-transfer", "twin", CLAIM, "Traces to a collector that is declared as a transfer of traces.", {}, (c) => {
    const collector = `10.${c.layout.services.join(".")}.${c.random.int(120, 200)}`;
    c.declared.more.push(`transfers: [{ kind: trace, from: [], to: [${collector}], protocols: [] }]`);
    const t = begun(c, 2);
    const s = c.subscriber(1);
    c.core.assoc(s.enb).send(false, t + 9, s1.traceStart(idsOf(s), traceTo(c, collector)), { stream: 2 });
    records(c, s.enb, collector, t + 10, s.enb.at.s1c ?? "");
  }),
];
