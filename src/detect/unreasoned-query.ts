/**
 * unreasoned-query: a location or identity query about a subscriber that no procedure in progress and no declared service explains (`contract.md` §1).
 *
 * Who asks is the Diameter identity, not the peer's address: agents stand between (`signalling` of the declaration), and may hide origins. What may be asked by whom:
 *   - a declared function of this network, in the roles that 3GPP gives the interface, and declared `queries`: anything;
 *   - a partner: what concerns its own subscribers who are here (IDR, PLR, RIR), and the registration of ours who are there (AIR, ULR, PUR, NOR) — GSMA FS.19 categories 2 and 3
 *     as publicly described; Sh never leaves a network (category 1);
 *   - anybody else: nothing.
 * The answer decides how strong it is: data that left to an asker nobody declared is `corroborated`, a question without its answer an `indication`.
 * 3GPP TS 29.272 §7.3.103 (IDR-Flags), TS 29.329 §6.3.4 (Data-Reference), TS 29.172 §7 (PLR), TS 29.173 §6 (RIR), TS 29.336 §8 (monitoring), TS 29.274 §7.3.
 */
import type { DiameterMessage } from "#decode/diameter/message.ts";
import type { Gtpv2Message } from "#decode/gtpv2/message.ts";
import { GRADES, type DataKind, type FindingDraft, type Grade } from "#model/finding.ts";
import type { ObservedMessage } from "#model/message.ts";
import type { MessageObservation, Observation, SubscriberView } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { EvidenceGatherer } from "./gather.ts";

const S6A = 16777251;
const SH = 16777217;
const SLG = 16777255;
const SLH = 16777291;
const S6T = 16777345;
const Command = { AIR: 318, ULR: 316, IDR: 319, SH_UDR: 306, SH_SNR: 308, PLR: 8388620, RIR: 8388622, CIR: 8388718 } as const;
/** IDR-Flags that ask where the user is or what it does: user state, EPS location, current location. */
const IDR_LOCATION = 0x04 | 0x08 | 0x10;
/** Sh Data-Reference: location information, user state, MSISDN, IMSI, IMEI(SV), and what tells them indirectly (TS 29.328 table 7.6.1). */
const SH_DATA: Readonly<Record<number, DataKind>> = {
  14: "location",
  15: "location",
  17: "identity",
  26: "location",
  32: "identity",
  34: "identity",
};
const GTP_IDENTIFICATION_REQUEST = 128;
const GTP_CONTEXT_REQUEST = 130;

/** What a request asks for. */
interface Question {
  /** Interface and command: `slg-plr`, as `queries[].procedures` names them. */
  readonly procedure: string;
  readonly data: DataKind;
  /** Which rule of GSMA's public categories it falls under. */
  readonly category: 1 | 2 | 3;
  readonly source: string;
}

interface Query {
  readonly question: Question;
  readonly observed: ObservedMessage;
  readonly subscriber: SubscriberView | undefined;
  readonly key: string;
  readonly asker: Asker;
  readonly why: string;
  answer: ObservedMessage | undefined;
  disclosed: DataKind | undefined;
}

interface Asker {
  readonly address: string;
  readonly identity: string | undefined;
  readonly via: string | undefined;
}

const MAX_QUERIES = 200_000;

export function unreasonedQuery(context: DetectorContext): Detector {
  const queries: Query[] = [];
  const open = new Map<ObservedMessage, Query>();

  function observe(observation: Observation): void {
    if (observation.kind !== "message" || context.declaration === null || observation.observed.origin.inTunnel) return;
    if (observation.answers !== undefined) answer(observation, observation.answers);
    const question = questionOf(observation.observed);
    if (question === undefined || observation.answers !== undefined) return;
    const asker = askerOf(observation.observed);
    const why = unexplained(observation, question, asker);
    if (why === undefined || queries.length >= MAX_QUERIES) return;
    const { message, origin } = observation.observed;
    const query: Query = {
      question,
      observed: observation.observed,
      subscriber: observation.subscriber,
      key: subscriberOf(message, observation.subscriber),
      asker,
      why,
      answer: undefined,
      disclosed: undefined,
    };
    queries.push(query);
    if (open.size > MAX_QUERIES) open.clear();
    open.set(observation.observed, query);
    void origin;
  }

  function answer(observation: MessageObservation, request: ObservedMessage): void {
    const query = open.get(request);
    if (query === undefined) return;
    query.answer = observation.observed;
    query.disclosed = disclosedBy(observation.observed, query.question);
    open.delete(request);
  }

  /** Agents that the declaration names stand between; the identity then says who asks. */
  function askerOf({ message, origin }: ObservedMessage): Asker {
    const identity = message.protocol === "diameter" ? (message as DiameterMessage).originHost : undefined;
    const agent = context.declaration?.signallingAt(origin.src);
    return { address: origin.src, identity, via: agent === undefined ? undefined : agent.name };
  }

  /** Why nothing explains the query; undefined where something does. */
  function unexplained(observation: MessageObservation, question: Question, asker: Asker): string | undefined {
    const { declaration } = context;
    if (declaration === null) return undefined;
    const message = observation.observed.message as DiameterMessage;
    const named = asker.identity === undefined ? undefined : declaration.functionByIdentity(asker.identity);
    const direct = asker.via === undefined ? declaration.functionAt(asker.address) : undefined;
    if (isDeclaredQuery(asker, question)) return undefined;
    // An address of ours that speaks: whatever name it gives itself, it is ours.
    if (direct !== undefined || named !== undefined) return undefined;
    if (declaration.lawfulRole(asker.address) !== undefined) return undefined;
    const partner = partnerOf(asker, message);
    if (partner !== undefined) return beyondPartner(observation, question, partner);
    if (asker.via !== undefined && ownRealm(message.originRealm)) return undefined;
    const who = asker.identity ?? asker.address;
    return `nobody declared ${who} as somebody who may ask`;
  }

  function isDeclaredQuery(asker: Asker, question: Question): boolean {
    const { declaration } = context;
    if (declaration === null) return false;
    const entries = [
      ...declaration.queriesOf(asker.address),
      ...(asker.identity === undefined ? [] : declaration.queriesOf(asker.identity)),
    ];
    return entries.some(
      (entry) =>
        (entry.procedures.length === 0 || entry.procedures.some((name) => sameProcedure(name, question.procedure))) &&
        (entry.data.length === 0 || entry.data.some((data) => data === question.data || data === "tads")),
    );
  }

  function partnerOf(asker: Asker, message: DiameterMessage): { readonly name: string; readonly plmns: readonly string[] } | undefined {
    const { declaration } = context;
    const byAddress = asker.via === undefined ? declaration?.partnerAt(asker.address) : undefined;
    if (byAddress !== undefined) return byAddress;
    const realm = message.protocol === "diameter" ? message.originRealm?.toLowerCase() : undefined;
    if (realm === undefined || asker.via === undefined) return undefined;
    return declaration?.declaration.partners.find(
      (partner) => partner.realms.some((known) => known.toLowerCase() === realm) || partner.plmns.some((plmn) => realm === realmOf(plmn)),
    );
  }

  function beyondPartner(
    observation: MessageObservation,
    question: Question,
    partner: { readonly name: string; readonly plmns: readonly string[] },
  ): string | undefined {
    const imsi = observation.observed.message.imsi[0] ?? observation.subscriber?.imsi;
    if (question.category === 1) return `${partner.name} is another network, and this query never crosses networks`;
    if (question.category === 3) return undefined;
    if (imsi === undefined) return undefined;
    if (partner.plmns.some((plmn) => imsi.startsWith(plmn))) return undefined;
    return `the subscriber is none of ${partner.name}'s`;
  }

  function ownRealm(realm: string | undefined): boolean {
    if (realm === undefined || context.declaration === null) return false;
    const own = context.declaration.declaration.network.plmns.map(realmOf);
    const lower = realm.toLowerCase();
    return (
      own.some((known) => lower === known || lower.endsWith(`.${known}`)) ||
      context.declaration.declaration.signalling.some((agent) => agent.realms.some((known) => known.toLowerCase() === lower))
    );
  }

  function findings(): FindingDraft[] {
    const groups = new Map<string, Query[]>();
    for (const query of queries) {
      const element = context.element(askedOf(query));
      const key = `${element.name ?? element.address} ${query.asker.via === undefined ? query.asker.address : query.asker.identity}`;
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [query]);
      else known.push(query);
    }
    return [...groups.values()].map((group) => draft(context, group));
  }

  function subscriberOf(message: ObservedMessage["message"], subscriber: SubscriberView | undefined): string {
    if (message.imsi[0] !== undefined) return `imsi:${message.imsi[0]}`;
    if (subscriber !== undefined) return context.subscriberKey(subscriber);
    return message.msisdn[0] === undefined ? "" : `msisdn:${message.msisdn[0]}`;
  }

  return { claim: "unreasoned-query", observe, findings };
}

function questionOf({ message }: ObservedMessage): Question | undefined {
  if (message.protocol === "gtpv2") {
    if (message.type === GTP_IDENTIFICATION_REQUEST)
      return { procedure: "gtp-identification", data: "identity", category: 3, source: "3GPP TS 29.274 §7.3.8" };
    if (message.type === GTP_CONTEXT_REQUEST)
      return { procedure: "gtp-context", data: "identity", category: 3, source: "3GPP TS 29.274 §7.3.5" };
    return undefined;
  }
  if (message.protocol !== "diameter") return undefined;
  const diameter = message as DiameterMessage;
  if (!diameter.request) return undefined;
  const { application, type } = diameter;
  if (application === S6A && type === Command.IDR) {
    const asks = ((diameter.idrFlags ?? 0) & IDR_LOCATION) !== 0;
    return asks ? { procedure: "s6a-idr", data: "location", category: 2, source: "3GPP TS 29.272 §7.3.103" } : undefined;
  }
  if (application === S6A && type === Command.AIR)
    return { procedure: "s6a-air", data: "credentials", category: 3, source: "3GPP TS 29.272 §5.2.3" };
  if (application === S6A && type === Command.ULR)
    return { procedure: "s6a-ulr", data: "identity", category: 3, source: "3GPP TS 29.272 §5.2.1" };
  if (application === SH && (type === Command.SH_UDR || type === Command.SH_SNR)) {
    const data = diameter.dataReferences.map((reference) => SH_DATA[reference]).find((kind) => kind !== undefined);
    return data === undefined ? undefined : { procedure: "sh-udr", data, category: 1, source: "3GPP TS 29.329 §6.3.4" };
  }
  if (application === SLG && type === Command.PLR)
    return { procedure: "slg-plr", data: "location", category: 2, source: "3GPP TS 29.172 §7.3" };
  if (application === SLH && type === Command.RIR)
    return { procedure: "slh-rir", data: "identity", category: 2, source: "3GPP TS 29.173 §6.2" };
  if (application === S6T && diameter.monitoringEvents.length > 0)
    return { procedure: "s6t-cir", data: "location", category: 2, source: "3GPP TS 29.336 §8.4.2" };
  return undefined;
}

/** What an answer gave away; undefined where it refused or held nothing. */
function disclosedBy({ message }: ObservedMessage, question: Question): DataKind | undefined {
  if (message.protocol === "gtpv2") {
    const { cause } = message as Gtpv2Message;
    return cause !== undefined && cause >= 16 && cause <= 63 ? "identity" : undefined;
  }
  if (message.protocol !== "diameter") return undefined;
  const diameter = message as DiameterMessage;
  if (diameter.success !== true) return undefined;
  switch (question.procedure) {
    case "s6a-idr":
    case "slg-plr":
      return diameter.locations.length > 0 || diameter.userState ? "location" : undefined;
    case "s6a-air":
      return diameter.vectors > 0 ? "credentials" : undefined;
    case "s6a-ulr":
      return diameter.subscriptionData ? "identity" : undefined;
    case "slh-rir":
      return diameter.servingNodes.length > 0 ? "identity" : undefined;
    default:
      return question.data;
  }
}

/** The function that is asked, and answers: behind an agent, the one that names itself in the answer. */
function askedOf(query: Query): string {
  return query.answer?.origin.src ?? query.observed.origin.dst;
}

function gradeOf(query: Query): Grade {
  const { origin, message } = query.observed;
  if (origin.incomplete || message.faults.length > 0) return "indication";
  return query.disclosed === undefined ? "indication" : "corroborated";
}

/** `sh-udr`, `Sh UDR`, `SH_UDR`, `udr`: people write procedures in many ways. */
function sameProcedure(declared: string, procedure: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const a = plain(declared);
  return a === plain(procedure) || a === plain(procedure.split("-")[1] ?? "") || a === plain(procedure.split("-")[0] ?? "");
}

/** 3GPP TS 23.003 §19.2: `epc.mnc<MNC>.mcc<MCC>.3gppnetwork.org`. */
function realmOf(plmn: string): string {
  return `epc.mnc${plmn.slice(3).padStart(3, "0")}.mcc${plmn.slice(0, 3)}.3gppnetwork.org`;
}

function draft(context: DetectorContext, group: readonly Query[]): FindingDraft {
  const first = group[0] as Query;
  const element = context.element(askedOf(first));
  const { asker } = first;
  const known =
    asker.via === undefined
      ? context.receiver(asker.address, null, false)
      : { name: null, address: asker.address, port: null, declared: false };
  const receiver = {
    ...known,
    ...(asker.identity === undefined ? {} : { identity: asker.identity }),
    ...(asker.via === undefined ? {} : { via: asker.via }),
  };
  const evidence = new EvidenceGatherer();
  const subscribers = new Set<string>();
  const data = new Set<DataKind>();
  let grade: Grade = "indication";
  let disclosed = 0;
  const times: number[] = [];
  for (const query of group) {
    for (const one of query.answer === undefined ? [query.observed] : [query.observed, query.answer]) {
      evidence.addFrames(one.origin.capture, one.origin.frames.length > 0 ? one.origin.frames : [one.origin.frame]);
      times.push(toMicros(one.origin.time));
    }
    if (query.key !== "") subscribers.add(query.key);
    data.add(query.disclosed ?? query.question.data);
    if (query.disclosed !== undefined) disclosed++;
    const own = gradeOf(query);
    if (GRADES.indexOf(own) > GRADES.indexOf(grade)) grade = own;
  }
  const what = [...data].sort().join(" and ");
  const who = asker.identity ?? receiver.name ?? asker.address;
  const procedures = [...new Set(group.map((query) => query.question.procedure))].sort();
  return {
    claim: "unreasoned-query",
    grade,
    summary: `${who} asked ${element.name ?? element.address} for the ${what} of ${subscribers.size === 1 ? "a subscriber" : `${subscribers.size || "some"} subscribers`}${
      disclosed > 0 ? " and was answered" : ""
    }; ${first.why}.`,
    element,
    receiver,
    act: disclosed > 0 ? "effected" : "sent",
    transport: { layers: [first.observed.origin.transport, first.observed.message.protocol], encrypted: false, delaySeconds: null },
    subscribers: [...subscribers].sort(),
    data: [...data].sort(),
    packets: group.length,
    bytes: 0,
    firstMicros: Math.min(...times),
    lastMicros: Math.max(...times),
    bits: 0,
    chance: null,
    premises: [
      {
        id: "declaration",
        statement: "The declaration names every function, agent, partner and service that may ask.",
        status: "declared",
      },
      { id: "identity", statement: "The asker is who its Diameter identity or address says; both can be forged.", status: "assumed" },
    ],
    evidence: evidence.list(),
    ruledOut: [
      { explanation: "a declared function, service, agent or partner", status: "excluded", because: `as declared: ${first.why}` },
      {
        explanation: "a procedure in progress (call routing, SMS, emergency, registration)",
        status: "excluded",
        because: "as declared: no entry gives this asker such a part",
      },
      {
        explanation: "a question that was refused",
        status: disclosed > 0 ? "excluded" : "untestable",
        because:
          disclosed > 0 ? `${disclosed} answer${disclosed === 1 ? "" : "s"} held what was asked for` : "no answer with the data was seen",
      },
    ],
    sources: [...new Set(group.map((query) => query.question.source))],
    arithmetic: [],
    restsOn: ["declaration", `point ${first.observed.origin.point}`, `decoder ${first.observed.message.protocol}`],
    details: {
      procedures: procedures.join(", "),
      gsmaCategory: Math.min(...group.map((query) => query.question.category)),
      attack: data.has("location") ? "T1430" : data.has("credentials") ? "T1528" : "T1589",
      answered: disclosed,
    },
  };
}
