/**
 * unreasoned-query: a location or identity query about a subscriber that no procedure in progress and no declared service explains (`contract.md` §1).
 *
 * Who asks is the Diameter identity, not the peer's address: agents stand between (`signalling` of the declaration), and may hide origins. An identity counts only where
 * it comes from its own address or through a declared agent; elsewhere it is borrowed. What may be asked by whom:
 *   - who `queries` names: what the entry says, and not more;
 *   - a declared function: the procedures that 3GPP gives its role, for the registrations, calls, messages and emergencies that it handles;
 *   - a partner: what concerns its own subscribers who are here (IDR, PLR, RIR), and the registration of ours who are there (AIR, ULR) — GSMA FS.19 categories 2 and 3
 *     as publicly described; Sh and Cx never leave a network (category 1). Ours who go on being served here are not there;
 *   - anybody else: nothing.
 * The answer decides how strong it is: data that left to an asker nobody declared is `corroborated`, a question without its answer an `indication`.
 */
import { scaled } from "#model/room.ts";
import type { DeclaredQuery } from "#declaration/types.ts";
import type { DiameterMessage } from "#decode/diameter/message.ts";
import { GRADES, type DataKind, type FindingDraft, type Grade } from "#model/finding.ts";
import type { MessageOrigin, ObservedMessage } from "#model/message.ts";
import type { MessageObservation, Observation, SubscriberView } from "#model/observation.ts";
import { canonicalAddress } from "#model/target.ts";
import { toMicros } from "#model/time.ts";
import { state, type Statement } from "#model/statement.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { EvidenceGatherer } from "./gather.ts";
import { declaredQuery, mayAsk } from "./unreasoned-query/askers.ts";
import { HORIZON_MICROS, MARGIN_MICROS, Presence } from "./unreasoned-query/presence.ts";
import { ANYBODY, OnBehalf } from "./unreasoned-query/on-behalf.ts";
import { disclosedBy, type Question, questionOf, type Topic } from "./unreasoned-query/questions.ts";
import { Walks } from "./unreasoned-query/walk.ts";

interface Asker {
  readonly address: string;
  readonly identity: string | undefined;
  readonly via: string | undefined;
}

/** A question and what came of it. Holds no message: those are forgotten when they have been answered. */
interface Query {
  readonly question: Question;
  readonly asked: Part;
  readonly protocol: string;
  readonly transport: string;
  /** What both legs through an agent have in common; empty where there is no such thing. */
  readonly leg: string;
  /** The message was complete and without a fault. */
  readonly sound: boolean;
  readonly key: string;
  readonly asker: Asker;
  readonly why: Statement;
  readonly atMost: Grade;
  /** Asked at the end of the run: whether the reason turned out to hold. */
  readonly holds: (() => boolean) | undefined;
  answer: Part | undefined;
  disclosed: readonly DataKind[];
}

/** Where one message was seen. */
interface Part {
  readonly src: string;
  readonly dst: string;
  readonly capture: number;
  readonly point: number;
  readonly frames: readonly number[];
  readonly micros: number;
}

function partOf({ src, dst, capture, point, frames, frame, time }: MessageOrigin): Part {
  return { src, dst, capture, point, frames: frames.length > 0 ? frames : [frame], micros: toMicros(time) };
}

interface Reason {
  readonly why: Statement;
  /** Highest grade that this reason supports. */
  readonly atMost?: Grade;
  readonly holds?: () => boolean;
}

type KnownPartner = NonNullable<ReturnType<NonNullable<DetectorContext["declaration"]>["partnerAt"]>>;

/** Unexplained questions kept; past it, new ones are not judged. */
const MAX_QUERIES = 200_000;
/** Explained questions kept to see whether they are asked in bulk; past it, new ones are not. */
const MAX_WATCHED = 50_000;
/** S1AP Paging (TS 36.413 §9.3.7). */
const PAGING = 10;
/** Sh, SLg, SLh, SGd: whoever asks there may make the own network look for the subscriber. */
const REASONS: ReadonlySet<number> = new Set([16_777_217, 16_777_255, 16_777_291, 16_777_313]);
/** Askers whose declared queries are remembered; past it, all are looked up anew. */
const MAX_ASKERS = 10_000;
/** MITRE ATT&CK: location tracking by impersonated signalling nodes; gathering identities; exploitation for credential access. */
const ATTACK: readonly (readonly [DataKind, string])[] = [
  ["location", "T1430.002"],
  ["credentials", "T1212"],
  ["identity", "T1589"],
  ["metadata", "T1430.002"],
];

export function unreasonedQuery(context: DetectorContext): Detector {
  const queries: Query[] = [];
  const open = new WeakMap<ObservedMessage, Query>();
  const presence = new Presence();
  // Only a partner asks as if a subscriber were elsewhere: where none is declared, nobody's presence matters.
  const partners = (context.declaration?.declaration.partners.length ?? 0) > 0;
  const declaredOf = new Map<string, readonly DeclaredQuery[]>();
  let onBehalf = 0;
  const walks = new Walks();
  const walkers = new WeakMap<ObservedMessage, [asker: string, procedure: string]>();
  const onBehalfOf = new OnBehalf();
  /** Explained questions that are kept until the end shows whether they were asked in bulk. */
  let watched = 0;

  function observe(observation: Observation): void {
    if (observation.kind !== "message" || context.declaration === null || observation.observed.origin.inTunnel) return;
    const { observed, answers } = observation;
    if (partners) listen(observation);
    reasonsOf(observation);
    if (answers !== undefined) {
      answer(observed, answers);
      return;
    }
    const question = questionOf(observed);
    if (question === undefined) return;
    const asker = askerOf(observed);
    const reason = unexplained(observation, question, asker) ?? inBulk(observation, question, asker);
    if (reason === undefined || queries.length >= scaled(MAX_QUERIES)) return;
    const query: Query = {
      question,
      asked: partOf(observed.origin),
      protocol: observed.message.protocol,
      transport: observed.origin.transport,
      leg: legOf(observed.message),
      sound: !observed.origin.incomplete && observed.message.faults.length === 0,
      key: subscriberOf(observed.message, observation.subscriber),
      asker,
      why: reason.why,
      atMost: reason.atMost ?? "proven",
      holds: reason.holds,
      answer: undefined,
      disclosed: [],
    };
    queries.push(query);
    open.set(observed, query);
  }

  /** Devices that are heard, and the own network's registrations. */
  function listen(observation: MessageObservation): void {
    const { message, origin } = observation.observed;
    if (message.protocol !== "s1ap" && message.protocol !== "diameter") return;
    const imsi = message.imsi[0] ?? observation.subscriber?.imsi;
    presence.observe(observation, imsi, message.protocol === "diameter" && context.declaration?.functionAt(origin.src) !== undefined);
  }

  /** A question that is explained: whether it is one of very many, or of one asked again and again, shows at the end. */
  function inBulk({ observed, subscriber }: MessageObservation, question: Question, asker: Asker): Reason | undefined {
    const micros = toMicros(observed.origin.time);
    const behalf = question.procedure === "s6a-idr" && question.topics.includes("location");
    if (watched >= MAX_WATCHED || context.declaration === null || context.declaration.lawfulRole(asker.address) !== undefined)
      return undefined;
    const { declaration } = context;
    if (
      declaration.functionAt(asker.address) === undefined &&
      declaration.partnerAt(asker.address) === undefined &&
      asker.via === undefined
    )
      return undefined;
    if (behalf) {
      const key = subscriberOf(observed.message, subscriber);
      if (key === "" || declaration.functionAt(asker.address) === undefined) return undefined;
      onBehalfOf.ask(key, micros);
      watched++;
      return {
        why: state("query.again-and-again"),
        atMost: "indication",
        holds: () => onBehalfOf.bare(key),
      };
    }
    const identity = observed.message.imsi[0] ?? observed.message.msisdn[0];
    if (identity === undefined) return undefined;
    // Whoever `queries` names for this is declared to ask, in bulk as well.
    if (declaredQuery(entriesOfAsker(asker), question) === "covered") return undefined;
    const who = asker.identity ?? asker.address;
    if (!walks.ask(who, question.procedure, identity, micros)) return undefined;
    watched++;
    walkers.set(observed, [who, question.procedure]);
    return {
      why: state("query.walks"),
      atMost: "indication",
      holds: () => walks.judge(who, question.procedure) !== undefined,
    };
  }

  /** What questions are asked for: sequels of the same interface family, pages, applications' and location servers' own questions. */
  function reasonsOf({ observed, subscriber, answers }: MessageObservation): void {
    const { message, origin } = observed;
    const micros = toMicros(origin.time);
    if (message.protocol === "s1ap") {
      if (message.type === PAGING && subscriber !== undefined) onBehalfOf.reason(context.subscriberKey(subscriber), micros);
      return;
    }
    if (message.protocol !== "diameter") return;
    const diameter = message as DiameterMessage;
    if (REASONS.has(diameter.application)) {
      const named = subscriber === undefined ? undefined : context.subscriberKey(subscriber);
      onBehalfOf.reason(
        named?.startsWith("imsi:") === true ? named : message.imsi[0] === undefined ? ANYBODY : `imsi:${message.imsi[0]}`,
        micros,
      );
    }
    if (diameter.request) {
      walks.follow(diameter, [...message.imsi, ...message.msisdn], micros, diameter.originHost ?? origin.src);
    } else if (answers !== undefined) {
      const walker = walkers.get(answers);
      if (walker !== undefined)
        walks.answer(...walker, {
          success: diameter.success,
          result: diameter.resultCode,
          names: [...message.imsi, ...message.msisdn],
          micros,
        });
    }
  }

  function entriesOfAsker(asker: Asker): readonly DeclaredQuery[] {
    return [...entriesOf(asker.address), ...(asker.identity === undefined ? [] : entriesOf(asker.identity))];
  }

  function answer(observed: ObservedMessage, request: ObservedMessage): void {
    const query = open.get(request);
    if (query === undefined) return;
    query.answer = partOf(observed.origin);
    query.disclosed = disclosedBy(observed, query.question);
    open.delete(request);
  }

  /** Agents that the declaration names stand between; the identity then says who asks. */
  function askerOf({ message, origin }: ObservedMessage): Asker {
    // A host with control characters in it would be another text wherever it is shown: it is named as shown.
    const identity =
      message.protocol === "diameter" ? (message as DiameterMessage).originHost?.replaceAll(/\p{Cc}/gu, "\ufffd") : undefined;
    const agent = context.declaration?.signallingAt(origin.src);
    return { address: origin.src, identity, via: agent?.name };
  }

  /** Why nothing explains the query; undefined where something does. */
  function unexplained(observation: MessageObservation, question: Question, asker: Asker): Reason | undefined {
    const { declaration } = context;
    if (declaration === null) return undefined;
    const { message, origin } = observation.observed;
    // Between two hosts of others: whatever it is, no element of this network is asked.
    if (!declaration.isDeclared(origin.src) && !declaration.isDeclared(origin.dst)) return undefined;
    const direct = asker.via === undefined ? declaration.functionAt(asker.address) : undefined;
    const named = asker.identity === undefined ? undefined : functionNamed(asker.identity);
    const known = direct ?? (asker.via === undefined ? undefined : named);
    const entries = [
      ...(asker.via === undefined ? entriesOf(asker.address) : []),
      ...(asker.identity !== undefined && (asker.via !== undefined || direct !== undefined || named === undefined)
        ? entriesOf(asker.identity)
        : []),
    ];
    const declared = declaredQuery(entries, question);
    if (declared === "covered") return undefined;
    if (known !== undefined) {
      const allowed = mayAsk(known, question);
      if (declared === "beyond") return { why: state("query.beyond-entry", { name: known.name, topics: topicsOf(question.topics) }) };
      // Roles of a declaration may be incomplete: a box that is more than it is called accuses nobody by itself.
      if (allowed === false) {
        const why = state("query.no-part", { name: known.name, roles: known.roles, procedure: question.procedure });
        return { why, atMost: "indication" };
      }
      if (question.procedure === "s6a-idr" && question.topics.includes("location")) onBehalf++;
      return undefined;
    }
    if (named !== undefined && !declaration.isDeclared(asker.address)) return { why: state("query.borrowed-name", { name: named.name }) };
    if (declaration.lawfulRole(asker.address) !== undefined || isDeclaredService(asker.address)) return undefined;
    const diameter = message.protocol === "diameter" ? (message as DiameterMessage) : undefined;
    const partner = partnerOf(asker, diameter);
    if (partner !== undefined) return beyondPartner(observation, question, partner, diameter);
    // A message that was cut before it names the asker: behind an agent that may be anybody.
    if (asker.via !== undefined && asker.identity === undefined) {
      context.undecided({
        claim: "unreasoned-query",
        count: 1,
        why: state("undecided.query-cut"),
      });
      return undefined;
    }
    if (asker.via !== undefined && ownRealm(diameter?.originRealm)) return unknownBehindAgent(asker, question);
    return { why: state("query.undeclared-asker", { asker: asker.identity ?? asker.address }) };
  }

  /** By its Diameter identity; or by its address, where the identity is one. */
  function functionNamed(identity: string): ReturnType<NonNullable<DetectorContext["declaration"]>["functionAt"]> {
    const address = canonicalAddress(identity);
    return (
      context.declaration?.functionByIdentity(identity) ?? (address === undefined ? undefined : context.declaration?.functionAt(address))
    );
  }

  function entriesOf(asker: string): readonly DeclaredQuery[] {
    if (context.declaration === null || context.declaration.declaration.queries.length === 0) return [];
    let entries = declaredOf.get(asker);
    if (entries === undefined) {
      if (declaredOf.size >= MAX_ASKERS) declaredOf.clear();
      declaredOf.set(asker, (entries = context.declaration.queriesOf(asker)));
    }
    return entries;
  }

  /** Services that speak Diameter, and declared deliveries for location and emergency services. */
  function isDeclaredService(address: string): boolean {
    const { declaration } = context;
    if (declaration === null) return false;
    if (declaration.services.text(address).some(({ protocols }) => protocols.some((protocol) => protocol.toLowerCase() === "diameter")))
      return true;
    return declaration.transfers.text(address).some(({ entry }) => entry.kind === "lcs" || entry.kind === "emergency");
  }

  /** An agent that hides origins, or a declaration that names nobody by identity, leaves the asker open. */
  function unknownBehindAgent(asker: Asker, question: Question): Reason | undefined {
    const { declaration } = context;
    const agent = declaration?.signallingAt(asker.address);
    if (declaration === null || agent === undefined || agent.hides || asker.identity === undefined) return undefined;
    const byIdentity = declaration.declaration.functions.some(({ identities }) => identities.length > 0);
    if (!byIdentity || question.category === 3) return undefined;
    return { why: state("query.undeclared-behind-agent", { asker: asker.identity, agent: agent.name }) };
  }

  function partnerOf(asker: Asker, message: DiameterMessage | undefined): KnownPartner | undefined {
    const { declaration } = context;
    if (declaration === null) return undefined;
    const byAddress = asker.via === undefined ? declaration.partnerAt(asker.address) : undefined;
    if (byAddress !== undefined) return byAddress;
    const realm = message?.originRealm?.toLowerCase();
    if (realm === undefined) return undefined;
    return declaration.declaration.partners.find(
      (partner) =>
        (partner.realms.some((known) => known.toLowerCase() === realm) || partner.plmns.some((plmn) => realm === realmOf(plmn))) &&
        // Its name alone is not enough: it comes through a declared agent, or a carrier that the partner's entry names.
        (asker.via !== undefined || declaration.tableOf(partner.via).text(asker.address).length > 0),
    );
  }

  function beyondPartner(
    observation: MessageObservation,
    question: Question,
    partner: KnownPartner,
    message: DiameterMessage | undefined,
  ): Reason | undefined {
    const imsi = observation.observed.message.imsi[0] ?? observation.subscriber?.imsi;
    if (question.category === 1) return { why: state("query.never-crosses", { partner: partner.name }) };
    const its = imsi !== undefined && partner.plmns.some((plmn) => imsi.startsWith(plmn));
    if (question.category === 2)
      return imsi === undefined || its ? undefined : { why: state("query.not-its-subscriber", { partner: partner.name }) };
    const roaming = partner.kind === null || partner.kind === "roaming";
    const visited = message?.visitedPlmn;
    if (roaming && visited !== undefined && partner.plmns.length > 0 && partner.via.length === 0 && !partner.plmns.includes(visited))
      return { why: state("query.other-network", { plmn: visited, partner: partner.name }) };
    if (!roaming || imsi === undefined || its) return undefined;
    const stayed = presence.ask(imsi, toMicros(observation.observed.origin.time));
    return stayed === undefined ? undefined : { why: state("query.stayed-here", { partner: partner.name }), holds: stayed };
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
    const held = queries.filter(({ holds }) => holds?.() !== false);
    const behindAgent = secondLegs(held);
    for (const query of held) {
      // A query on its way to an agent is the one that goes on from there: the function behind it is asked.
      const leg = behindAgent.get(query.leg) ?? query;
      const element = context.element(askedOf(leg));
      const { asker } = leg;
      const key = `${element.name ?? element.address} ${asker.via === undefined ? asker.address : asker.identity}`;
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [query]);
      else known.push(query);
    }
    if (onBehalf > 0) {
      context.undecided({
        claim: "unreasoned-query",
        count: onBehalf,
        why: state("undecided.query-on-behalf"),
      });
    }
    return [...groups.values()].map((group) => draft(context, group));
  }

  /** Queries that an agent passed on, by what both legs have in common (RFC 6733 §8.8: the session id stays). */
  function secondLegs(all: readonly Query[]): Map<string, Query> {
    const legs = new Map<string, Query>();
    for (const query of all) if (query.asker.via !== undefined && query.leg !== "") legs.set(query.leg, query);
    return legs;
  }

  function subscriberOf(message: ObservedMessage["message"], subscriber: SubscriberView | undefined): string {
    if (message.imsi[0] !== undefined) return `imsi:${message.imsi[0]}`;
    if (subscriber !== undefined) return context.subscriberKey(subscriber);
    return message.msisdn[0] === undefined ? "" : `msisdn:${message.msisdn[0]}`;
  }

  const settings = { marginMicros: MARGIN_MICROS, horizonMicros: HORIZON_MICROS, mostQueries: MAX_QUERIES, mostAskers: MAX_ASKERS };
  return { claim: "unreasoned-query", settings, observe, findings };
}

function legOf(message: ObservedMessage["message"]): string {
  const session = message.protocol === "diameter" ? (message as DiameterMessage).sessionId : undefined;
  return session === undefined ? "" : `${message.application} ${message.type} ${session}`;
}

/** The function that is asked, and answers: behind an agent, the one that names itself in the answer. */
function askedOf(query: Query): string {
  return query.answer?.src ?? query.asked.dst;
}

function gradeOf(query: Query): Grade {
  if (!query.sound || query.atMost === "indication") return "indication";
  return query.disclosed.length === 0 ? "indication" : "corroborated";
}

/** 3GPP TS 23.003 §19.2: `epc.mnc<MNC>.mcc<MCC>.3gppnetwork.org`. */
function realmOf(plmn: string): string {
  return `epc.mnc${plmn.slice(3).padStart(3, "0")}.mcc${plmn.slice(0, 3)}.3gppnetwork.org`;
}

function topicsOf(topics: Iterable<Topic>): Statement {
  return state("query.topics", { topics: [...new Set(topics)].sort().map((topic) => state(`query.topic.${topic}`)) });
}

/** The asker's own address, where a query was seen before it reached the agent. */
function directAddress(group: readonly Query[]): string | null {
  return group.find(({ asker }) => asker.via === undefined)?.asker.address ?? null;
}

function draft(context: DetectorContext, group: readonly Query[]): FindingDraft {
  const first = group[0] as Query;
  const element = context.element(askedOf(group.find((query) => query.asker.via !== undefined) ?? first));
  const asker = group.find((query) => query.asker.via !== undefined)?.asker ?? first.asker;
  const known =
    asker.via === undefined
      ? context.receiver(asker.address, null, false)
      : { name: null, address: directAddress(group) ?? canonicalAddress(asker.identity ?? "") ?? null, port: null, declared: false };
  const receiver = {
    ...known,
    ...(asker.identity === undefined ? {} : { identity: asker.identity }),
    ...(asker.via === undefined ? {} : { via: asker.via }),
  };
  const evidence = new EvidenceGatherer();
  const subscribers = new Set<string>();
  const data = new Set<DataKind>();
  const asked = new Set<Topic>();
  let grade: Grade = "indication";
  let disclosed = 0;
  const times: number[] = [];
  for (const query of group) {
    for (const part of query.answer === undefined ? [query.asked] : [query.asked, query.answer]) {
      evidence.addFrames(part.capture, part.frames);
      times.push(part.micros);
    }
    if (query.key !== "") subscribers.add(query.key);
    for (const kind of query.disclosed) data.add(kind);
    for (const topic of query.question.topics) asked.add(topic);
    if (query.disclosed.length > 0) disclosed++;
    const own = gradeOf(query);
    if (GRADES.indexOf(own) > GRADES.indexOf(grade)) grade = own;
  }
  const rank = (query: Query): number => query.question.category;
  const gravest = group.reduce((a, b) => (rank(b) < rank(a) ? b : a)).question;
  const who = asker.identity ?? receiver.name ?? asker.address;
  const procedures = [...new Set(group.map((query) => query.question.procedure))].sort();
  return {
    claim: "unreasoned-query",
    grade,
    summary: state("query.summary", {
      asker: who,
      element: element.name ?? element.address ?? state("name.unknown-element"),
      topics: topicsOf(asked),
      subscribers: subscribers.size,
      answered: disclosed > 0 ? "yes" : "no",
      because: first.why,
    }),
    element,
    receiver,
    act: disclosed > 0 ? "effected" : "sent",
    transport: { layers: [first.transport, first.protocol], encrypted: false, delaySeconds: null },
    subscribers: [...subscribers].sort(),
    data: [...data].sort(),
    packets: group.length,
    bytes: 0,
    firstMicros: times.reduce((a, b) => Math.min(a, b)),
    lastMicros: times.reduce((a, b) => Math.max(a, b)),
    bits: 0,
    chance: null,
    premises: [
      {
        id: "declaration",
        statement: state("premise.query-declaration"),
        status: "declared",
      },
      { id: "identity", statement: state("premise.query-identity"), status: "assumed" },
    ],
    evidence: evidence.list(),
    ruledOut: [
      { explanation: state("explanation.declared-asker"), status: "excluded", because: state("as-declared", { what: first.why }) },
      {
        explanation: state("explanation.procedure"),
        status: "excluded",
        because: state("as-declared", { what: state("query.no-such-part") }),
      },
      {
        explanation: state("explanation.refused.question"),
        status: disclosed > 0 ? "excluded" : "untestable",
        because: disclosed > 0 ? state("query.answers-held", { answers: disclosed }) : state("query.no-data-seen"),
      },
    ],
    sources: [...new Set(group.map((query) => query.question.source))],
    arithmetic: [],
    restsOn: ["declaration", `point ${first.asked.point}`, `decoder ${first.protocol}`],
    details: {
      procedures: procedures.join(", "),
      gsmaCategory: gravest.category,
      gsma: `${gravest.document} category ${gravest.category}`,
      attack:
        ATTACK.find(([kind]) => data.has(kind))?.[1] ??
        ATTACK.find(([kind]) => gravest.topics.some((topic) => topic === kind))?.[1] ??
        "T1589",
      answered: disclosed,
    },
  };
}
