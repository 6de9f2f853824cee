/**
 * covert-copy: subscribers' packets seen on a carrier that neither the forwarding path nor a declared purpose explains, while
 * the originals went their way (`contract.md` §1; method and arithmetic in docs/copies.md).
 *
 * Takes what the copy search found, carrier by carrier; tests every innocent explanation; scores what is left; and yields one
 * draft for each (element, receiver). A carrier whose traffic supports an innocent explanation is no finding.
 */
import type { CopyFlow, CopyObservation, CopyOriginal, CopyRhythm, CopySubscriber } from "#model/copy.ts";
import type { ArithmeticStep, FindingDraft, Grade, Premise } from "#model/finding.ts";
import { NOTHING_UNENDED, type FlowObservation, type Observation } from "#model/observation.ts";
import { foldTarget } from "#model/target.ts";
import { state, type Statement } from "#model/statement.ts";
import { fromMicros } from "#model/time.ts";
import type { WarrantRegister } from "#register/covers.ts";
import { chanceOf, matchTableOf, scoreSubscriber, type Score } from "./covert-copy/bits.ts";
import { testExplanations, type Tested } from "./covert-copy/explanations.ts";
import { Answers, FORWARDING_MICROS, withoutPath } from "./covert-copy/forks.ts";
import { delayDetails, delayOf } from "./covert-copy/delay.ts";
import type { Enclosure } from "./covert-copy/enclosure.ts";
import { byHolder } from "./covert-copy/holders.ts";
import { CopyPaths } from "./covert-copy/paths.ts";
import { rhythmSettings, scoreRhythm, significant } from "./covert-copy/rhythm.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { ipProtocolName } from "./flow-question.ts";
import { EvidenceGatherer } from "./gather.ts";
import { ACCESS, FACES_PLAIN_SIDE, isOf } from "#declaration/role-groups.ts";

const settings = {
  /** Bits from which coincidence is excluded as `proven` asks (`contract.md` §1). */
  provenBits: 64,
  /** Bits of a family-wise significance of 1e-6. */
  corroboratedBits: 20,
  /** Distinct packets, and bits of the hash bound, that deserve a person's look whatever their content. */
  indicationMatches: 3,
  indicationHashBits: 20,
  /** Windows of one subscriber's plain content (24 octets, one in 128; fewer of text) that deserve the same: about a kilobyte that nobody else was seen to have. */
  indicationPlainWindows: 5,
} as const;

interface Ends {
  /** Address of the sender and of the receiver, as far as the wire tells. */
  readonly sender: string | undefined;
  readonly receiver: string | undefined;
  readonly port: number | null;
  /** Basis of the element where the wire does not name it. */
  readonly inferred: boolean;
}

interface Judged {
  readonly o: CopyObservation;
  readonly ends: Ends;
  readonly tested: Tested;
  readonly score: Score;
  /** The subscriber whose score it is; undefined for rhythm, whose arithmetic is another. */
  readonly strongest: CopySubscriber | undefined;
  readonly grade: Grade;
}

/** Judges with the register (null where none was given) and the tapped links of its context. */
export function covertCopy(context: DetectorContext): Detector {
  return detector(context, context.register ?? null, context.enclosure);
}

function detector(context: DetectorContext, register: WarrantRegister | null, enclosure: Enclosure | undefined): Detector {
  const paths = new CopyPaths(context.declaration, context.points);
  /** A carrier is told again each time stock is taken; the last word counts. */
  const carriers = new Map<string, CopyObservation>();
  /** Points at which some conversation of the network's own was seen both ways: taps of one direction have none. */
  const bothWays = new Set<number>();
  /** Senders and receivers between which product was read: whether a warrant covers it is the interception detector's question. */
  const product = new Set<string>();
  /** Of tunnels that ended. */
  const ended = new Answers(context);
  /** As of the last stock: sender, receiver and subscriber of each stream that a warrant covers. Counted, and kept nowhere. */
  let covered = new Set<string>();

  function noteWays({ initiator, responder, point }: FlowObservation): void {
    if (initiator.packets > 0 && responder.packets > 0) bothWays.add(point);
  }

  return {
    claim: "covert-copy",
    settings: {
      ...settings,
      forwardingMicros: FORWARDING_MICROS,
      ...Object.fromEntries(Object.entries(rhythmSettings).map(([name, value]) => [`rhythm.${name}`, value])),
    },
    observe(observation: Observation): void {
      if (observation.kind === "flow") noteWays(observation);
      if (observation.kind === "tunnel") ended.note(observation);
      if (observation.kind === "message" && PRODUCT.has(observation.observed.message.protocol) && product.size < MAX_PRODUCT_PAIRS)
        product.add(pairOf(observation.observed.origin.src, observation.observed.origin.dst));
      if (observation.kind === "copy") carriers.set(`${observation.carrier.point} ${observation.carrier.index}`, observation);
    },
    findings(unended = NOTHING_UNENDED): FindingDraft[] {
      // That a point sees both ways stays true.
      for (const flow of unended.flows) noteWays(flow);
      const lasting = new Answers(context);
      for (const use of unended.tunnels) lasting.note(use);
      const byActs = new Map<string, Judged[]>();
      covered = new Set();
      for (const carrier of carriers.values()) {
        const o = byHolder(carrier, (address, micros) => context.subscriberAt(address, micros));
        const branch = o.forked === true ? withoutPath(o, context, [ended, lasting]) : o;
        if (branch === undefined) continue;
        const open = withoutCovered(branch, context, register, { product, covered });
        const judged = open === undefined ? undefined : judge(open, context, paths, seesBothWays(open, context, bothWays));
        if (judged === undefined) continue;
        const element = judged.ends.sender === undefined ? undefined : context.element(judged.ends.sender);
        const key = `${element?.name ?? judged.ends.sender ?? ""} ${judged.ends.receiver ?? judged.o.carrier.dstMac ?? ""}`;
        const list = byActs.get(key) ?? [];
        byActs.set(key, list);
        list.push(judged);
      }
      return [...byActs.values()].map((list) =>
        draft(list, context, basisBy(list[0] as Judged, [...carriers.values()], context, enclosure)),
      );
    },
    counts: () => ({ covered: covered.size, awaiting: undefined }),
  };
}

/** Protocols of product: `decode/x2x3`, `decode/handover`. */
const PRODUCT: ReadonlySet<string> = new Set(["x2", "x3", "hi2", "hi3"]);
/** Pairs of addresses remembered; past it, what further ones carry is judged as a copy as well. */
const MAX_PRODUCT_PAIRS = 10_000;

function pairOf(src: string, dst: string): string {
  return `${src} ${dst}`;
}

/**
 * The carrier without what a warrant covers: of that a count is kept, not even a frame. Undefined where nothing is left, or where
 * only a register that was not given, or an identity that was not seen, could tell.
 */
function withoutCovered(
  o: CopyObservation,
  context: DetectorContext,
  register: WarrantRegister | null,
  streams: { readonly product: ReadonlySet<string>; readonly covered: Set<string> },
): CopyObservation | undefined {
  const receiver = o.carrier.carriers[0]?.dst;
  if (receiver === undefined || context.declaration === null) return o;
  const lawful = context.declaration.lawfulRole(receiver);
  if (lawful === undefined && register?.namesReceiver(receiver) !== true) return o;
  const sender = o.carrier.carriers[0]?.src ?? "";
  // Product that was read (X3, HI3), or that is sealed on its way to whoever may get it, is another detector's question.
  const isProduct = o.rhythm !== undefined || streams.product.has(pairOf(sender, receiver));
  if (o.carrier.kind === "flow" && lawful !== undefined && isProduct) return undefined;
  if (register === null) {
    context.undecided({ claim: "covert-copy", why: state("undecided.copy-no-register"), count: 1 });
    return undefined;
  }
  const open = o.subscribers.filter((s) => {
    // Neither declared nor given by what was seen: which of the two ends is the subscriber is a guess.
    const guessed = !context.isUser(s.address);
    const remotes = guessed ? s.flows.map((f) => `ip:${f.remoteAddress}`) : [];
    const joined = [context.subscriberAt(s.address, s.firstMicros), `ip:${s.address}`, ...remotes].map((key) => {
      const colon = key.indexOf(":");
      return foldTarget(key.slice(0, colon), key.slice(colon + 1));
    });
    const answers = [s.firstMicros, s.lastMicros].map((micros) =>
      register.covers({
        targets: [],
        joined,
        liids: [],
        kind: "cc",
        time: fromMicros(micros),
        timeIsOwn: true,
        receiver,
        receiverMediates: lawful === "mediation",
      }),
    );
    if (answers.every((a) => a === "covered")) {
      streams.covered.add(`${sender} ${receiver} ${context.subscriberAt(s.address, s.firstMicros)}`);
      return false;
    }
    if (answers.includes("undecidable") || guessed) {
      context.undecided({
        claim: "covert-copy",
        why: state("undecided.copy-unmapped"),
        count: 1,
      });
      return false;
    }
    const stream = {
      interface: "copy",
      element: sender,
      receiver,
      receiverMediates: lawful === "mediation",
      kinds: ["cc"] as const,
      targets: [],
      joined,
      liids: [],
      xid: undefined,
    };
    if (register.awaiting?.awaits(stream, fromMicros(s.firstMicros), fromMicros(s.lastMicros), true) !== true) return true;
    context.undecided({
      claim: "covert-copy",
      why: state("undecided.copy-awaiting"),
      count: 1,
    });
    return false;
  });
  if (open.length === 0) return undefined;
  return {
    ...o,
    subscribers: open,
    packets: open.reduce((n, s) => n + s.packets, 0),
    bytes: open.reduce((n, s) => n + s.bytes, 0),
    firstMicros: Math.min(...open.map((s) => s.firstMicros)),
    lastMicros: Math.max(...open.map((s) => s.lastMicros)),
  };
}

function judge(o: CopyObservation, context: DetectorContext, paths: CopyPaths, seenBothWays: boolean): Judged | undefined {
  if (o.rhythm !== undefined) return judgeRhythm(o, o.rhythm, context, paths, seenBothWays);
  const ends = endsOf(o, context);
  const tested = testExplanations(o, context, paths, ends.sender, ends.receiver, seenBothWays);
  if (tested.innocent !== undefined) return undefined;
  let best: { readonly score: Score; readonly strongest: CopySubscriber } | undefined;
  for (const s of o.subscribers) {
    const own = scoreSubscriber(o, s);
    if (best === undefined || own.bits > best.score.bits || (own.bits === best.score.bits && own.hash > best.score.hash)) {
      best = { score: own, strongest: s };
    }
  }
  if (best === undefined) return undefined;
  const grade = gradeOf(o, best.score, tested, context) ?? plainGrade(o, ends.sender, best.score, context);
  if (grade === undefined) return undefined;
  return { o, ends, tested, ...best, grade: o.carrier.carriers.length > 0 && tested.perhapsPath ? "indication" : grade };
}

/** An answer of the receiver would show: the point shows conversations or tunnels both ways, the subscribers' own on its plain link, or is declared complete. */
function seesBothWays(o: CopyObservation, context: DetectorContext, bothWays: ReadonlySet<number>): boolean {
  const { point } = o.carrier;
  if (bothWays.has(point) || context.points[point]?.complete === true) return true;
  const tunnels = o.originals.filter(({ leg }) => leg.point === point).flatMap(({ leg }) => leg.carriers);
  if (tunnels.some((a) => tunnels.some((b) => a.src === b.dst && a.dst === b.src))) return true;
  const links = o.originals.filter(({ leg }) => leg.kind === "link");
  if (links.length === 0 || links.some(({ leg }) => leg.point !== point)) return false;
  return o.subscribers.some(({ flows }) => flows.some((f) => f.seenOnLink && f.answerOnLink === true));
}

function oneWay(context: DetectorContext): undefined {
  context.undecided({
    claim: "covert-copy",
    why: state("undecided.copy-one-way"),
    count: 1,
  });
}

/** A carrier that cannot be read. Without a declaration, or from nobody's address, nothing tells it from an encrypted leg of the path. */
function judgeRhythm(
  all: CopyObservation,
  rhythm: CopyRhythm,
  context: DetectorContext,
  paths: CopyPaths,
  seenBothWays: boolean,
): Judged | undefined {
  const ends = endsOf(all, context);
  if (context.declaration === null || ends.sender === undefined || context.declaration.functionAt(ends.sender) === undefined)
    return undefined;
  const o = significant(all, rhythm);
  if (o?.rhythm === undefined) return undefined;
  const tested = testExplanations(o, context, paths, ends.sender, ends.receiver, seenBothWays);
  if (tested.innocent !== undefined) return undefined;
  // Subscribers seen both ways on some plain link: no tap of one direction, though this carrier's own point may be one.
  const answered = o.subscribers.some(({ flows }) => flows.some((f) => f.seenOnLink && f.answerOnLink === true));
  if (tested.perhapsPath && !answered) return oneWay(context);
  const score = scoreRhythm(o.rhythm);
  const untestable = tested.explanations.filter((e) => e.status === "untestable").length;
  const strong = score.bits >= settings.corroboratedBits && untestable === 0 && !tested.receiverInside && !tested.unstatedScope;
  return { o, ends, tested, score, strongest: undefined, grade: strong ? "corroborated" : "indication" };
}

/** Undefined where there is too little even for a person's look. */
function gradeOf(o: CopyObservation, score: Score, tested: Tested, context: DetectorContext): Grade | undefined {
  // Content under other addresses begins alike in all messages of a kind: only whole packets count here, and media of a source of their own.
  const own = (f: CopyFlow): number => (f.credits.ssrc > 0 ? f.matches : f.matches - f.byPayload);
  const matches = o.subscribers.reduce((n, s) => n + s.flows.reduce((k, f) => k + own(f), 0), 0);
  const looks = matches >= settings.indicationMatches && score.hash >= settings.indicationHashBits;
  if (!looks && score.bits < settings.corroboratedBits) return undefined;
  if (context.declaration === null || tested.unstatedScope) return "indication";
  const untestable = tested.explanations.filter((e) => e.status === "untestable").length;
  if (score.bits < settings.corroboratedBits || untestable > 1) return "indication";
  if (score.bits < settings.provenBits || untestable === 1 || tested.receiverInside) return "corroborated";
  return "proven";
}

/**
 * Plain content, cut anew or written in text, is worth no bits: what a subscriber reads others may read, and a server sends to whoever asks. Told by an element of the
 * network to somebody else, and not its own to tell (a page that it serves), it deserves a person's look.
 */
function plainGrade(o: CopyObservation, sender: string | undefined, score: Score, context: DetectorContext): Grade | undefined {
  const { declaration } = context;
  if (declaration === null || sender === undefined || score.hash < settings.indicationHashBits) return undefined;
  if (declaration.functionAt(sender) === undefined) return undefined;
  // Where one flow's content is everybody's, the windows that only the next reader's flow kept are not that reader's own either.
  if (o.subscribers.some(({ flows }) => flows.some((f) => f.ownPlain === 0))) return undefined;
  const most = o.subscribers.map(({ flows }) =>
    flows.reduce((n, f) => n + (declaration.functionAt(f.remoteAddress) === undefined ? (f.ownPlain ?? 0) : 0), 0),
  );
  return Math.max(0, ...most) >= settings.indicationPlainWindows ? "indication" : undefined;
}

function endsOf(o: CopyObservation, context: DetectorContext): Ends {
  const outer = o.carrier.carriers[0];
  if (outer !== undefined) {
    const port = outer.dstPort > 0 ? (outer.protocol === 6 && outer.srcPort < outer.dstPort ? null : outer.dstPort) : null;
    return { sender: outer.src, receiver: outer.dst, port, inferred: false };
  }
  // A copy to another next hop bears the subscriber's own addresses: the link tells who sent it, and to whom.
  const receiver = o.macAddresses.dst;
  if (o.macAddresses.src !== undefined) return { sender: o.macAddresses.src, receiver, port: null, inferred: false };
  return { sender: gatewayOf(o, context), receiver, port: null, inferred: true };
}

/** Who puts these subscribers' packets on the plain side: an end of their tunnels of such a role, the only one declared, or the tunnel's core end. */
function gatewayOf(o: CopyObservation, context: DetectorContext): string | undefined {
  const ends = o.originals.flatMap((original) => original.leg.carriers.flatMap((c) => [c.src, c.dst]));
  const facing = ends.find((address) => isOf(context.rolesAt(address), FACES_PLAIN_SIDE));
  if (facing !== undefined) return facing;
  const declared = context.declaration?.declaration.functions.filter((f) => isOf(f.roles, FACES_PLAIN_SIDE)) ?? [];
  if (declared.length === 1) return declared[0]?.addresses[0];
  return ends.find((address) => !isOf(context.rolesAt(address), ACCESS));
}

/** Where the copy was taken: the leg whose TTL the copies still have, the nearest in time if several. */
function segmentOf(o: CopyObservation): CopyOriginal | undefined {
  const same = o.originals.filter((original) => original.ttlDelta === 0 && original.ttlShare >= 0.9);
  return (same.length > 0 ? same : [...o.originals]).sort((a, b) => Math.abs(delayOf(a).median) - Math.abs(delayOf(b).median))[0];
}

/** What ties the copy to the element (`method.md` §3), beyond an address that anybody can write. */
function basisBy(
  { o, ends }: Judged,
  all: readonly CopyObservation[],
  context: DetectorContext,
  enclosure: Enclosure | undefined,
): "enclosed" | "link" | undefined {
  const name = ends.sender === undefined ? undefined : context.declaration?.functionAt(ends.sender)?.name;
  if (name === undefined || enclosure === undefined || ends.inferred) return undefined;
  const inside = (address: string | undefined): boolean => address !== undefined && context.declaration?.functionAt(address)?.name === name;
  const around = enclosure.around(name);
  const originalIn = o.originals.some(
    ({ leg }) => around?.has(leg.point) === true && (leg.kind === "link" || inside(leg.carriers[0]?.dst)),
  );
  const copyIn = all.some((other) => inside(other.carrier.carriers[0]?.dst));
  if (around?.has(o.carrier.point) === true && originalIn && !copyIn) return "enclosed";
  return enclosure.linkOf(o.carrier.point, name) ? "link" : undefined;
}

function draft(list: readonly Judged[], context: DetectorContext, basis: "enclosed" | "link" | undefined): FindingDraft {
  const ranked = [...list].sort(
    (a, b) => GRADE_ORDER[b.grade] - GRADE_ORDER[a.grade] || b.score.bits - a.score.bits || b.o.packets - a.o.packets,
  );
  const best = ranked[0] as Judged;
  const { ends, tested, score } = best;
  // The same carrier tapped at two points is one act: its packets count at the point that saw the most.
  const byPoint = new Map<number, Judged[]>();
  for (const j of list) byPoint.set(j.o.carrier.point, [...(byPoint.get(j.o.carrier.point) ?? []), j]);
  const total = (l: readonly Judged[]): number => l.reduce((n, j) => n + j.o.packets, 0);
  const counted = [...byPoint.values()].reduce((a, b) => (total(b) > total(a) ? b : a));

  const evidence = new EvidenceGatherer();
  for (const j of list) for (const s of j.o.subscribers) evidence.add(s.frames);
  const subscribers = new Set<string>();
  const bySubscriber = new Map<string, { packets: number; bytes: number; firstMicros: number; lastMicros: number }>();
  for (const j of counted) {
    for (const s of j.o.subscribers) {
      const key = context.subscriberAt(s.address, s.firstMicros);
      subscribers.add(key);
      const known = bySubscriber.get(key);
      bySubscriber.set(key, {
        packets: (known?.packets ?? 0) + s.packets,
        bytes: (known?.bytes ?? 0) + s.bytes,
        firstMicros: Math.min(known?.firstMicros ?? Infinity, s.firstMicros),
        lastMicros: Math.max(known?.lastMicros ?? -Infinity, s.lastMicros),
      });
    }
  }
  const packets = total(counted);
  const bytes = counted.reduce((n, j) => n + j.o.bytes, 0);
  const segment = segmentOf(best.o);
  const element = ends.sender === undefined ? NOBODY : context.element(ends.sender);
  const layers = layersOf(best.o);
  const point = context.points[best.o.carrier.point]?.name ?? `point ${best.o.carrier.point}`;
  const segmentName = segment === undefined ? undefined : (context.points[segment.leg.point]?.name ?? `point ${segment.leg.point}`);

  return {
    claim: "covert-copy",
    grade: best.grade,
    summary: summaryOf(best, context, element, subscribers.size, packets),
    element: ends.inferred ? { ...element, basis: "inferred" } : basis === undefined ? element : { ...element, basis },
    receiver: ends.receiver === undefined ? null : context.receiver(ends.receiver, ends.port, false),
    act: "effected",
    transport: {
      layers,
      encrypted: best.o.rhythm !== undefined,
      delaySeconds: segment === undefined ? null : Math.round(delayOf(segment).median) / 1e6,
    },
    subscribers: [...subscribers].sort(),
    data: counted.some((j) => j.o.subscribers.some(({ login }) => login === true)) ? ["content", "credentials"] : ["content"],
    packets,
    bytes,
    firstMicros: Math.min(...list.map((j) => j.o.firstMicros)),
    lastMicros: Math.max(...list.map((j) => j.o.lastMicros)),
    bits: score.bits,
    chance: chanceOf(score.bits),
    premises: [...premisesOf(context, best.o), ...(basis === "enclosed" ? [ENCLOSED] : [])],
    evidence: evidence.list(),
    ruledOut: tested.explanations,
    sources: ["RFC 5475 §6.2", "3GPP TS 29.281 §5.1", "3GPP TS 23.401 §4.2"],
    arithmetic: arithmeticOf(score, best.o),
    ...(best.strongest === undefined ? {} : { matchTable: matchTableOf(best.o, best.strongest) }),
    restsOn: [
      ...(context.declaration === null ? [] : ["declaration"]),
      ...new Set(list.map((j) => `point ${j.o.carrier.point}`)),
      ...new Set(layers.map((layer) => `decoder ${layer}`)),
    ],
    carriers: list.flatMap((j) =>
      j.o.carrier.carriers
        .slice(0, 1)
        .map((c) => `${ipProtocolName(c.protocol)} ${c.src}:${Math.max(0, c.srcPort)} > ${c.dst}:${Math.max(0, c.dstPort)}`),
    ),
    details: {
      point,
      transform: best.o.transform,
      ...(segmentName === undefined || segment === undefined
        ? {}
        : {
            segment: segmentName,
            ...(segment.ttlShare === 0 ? {} : { segmentTtlDifference: segment.ttlDelta }),
            ...delayDetails(segment),
          }),
      ...(best.o.carrier.srcMac === undefined ? {} : { sourceMac: best.o.carrier.srcMac }),
      ...(best.o.carrier.dstMac === undefined ? {} : { destinationMac: best.o.carrier.dstMac }),
      carriers: list.length,
      ...(best.o.rhythm === undefined ? {} : rhythmDetails(best.o.rhythm)),
      unmatchedPackets: counted.reduce((n, j) => n + j.o.unmatched, 0),
      sample: best.o.sample,
    },
    exposed: [...bySubscriber].sort(([a], [b]) => (a < b ? -1 : 1)).map(([subscriber, e]) => ({ subscriber, ...e })),
    matchedPairs: list.flatMap((j) => j.o.samples).slice(0, 64),
  };
}

/** What was seen, and no more: who sent it as far as the wire tells, whether the declaration knows the receiver, whether originals were seen to go on. */
function summaryOf(
  { o, ends, tested }: Judged,
  context: DetectorContext,
  element: FindingDraft["element"],
  subscribers: number,
  packets: number,
): Statement {
  const { declaration } = context;
  const receiver =
    ends.receiver ?? (o.carrier.dstMac === undefined ? state("name.unknown-next-hop") : state("name.mac", { mac: o.carrier.dstMac }));
  const declared = ends.receiver !== undefined && declaration?.isDeclared(ends.receiver) === true;
  const values = {
    packets,
    subscribers,
    element: element.name ?? element.address ?? state("name.unknown-element"),
    receiver,
    known: declaration === null ? "none" : declared ? "declared" : "undeclared",
    originals: tested.originalsWentOn ? "gone" : "unknown",
  };
  if (o.rhythm !== undefined) return state("copy.summary-rhythm", values);
  return state("copy.summary", { ...values, by: ends.inferred ? "inferred" : "seen" });
}

function rhythmDetails(rhythm: CopyRhythm): Record<string, string | number> {
  const best = rhythm.trains.reduce((a, b) => (b.pairBits > a.pairBits ? b : a));
  return {
    instrument: "rhythm",
    perPairBits: Math.floor(best.pairBits),
    pairsTried: rhythm.pairs,
    overheadOctets: `${best.overheadLow} to ${best.overheadHigh}`,
  };
}

const GRADE_ORDER: Readonly<Record<Grade, number>> = { indication: 0, corroborated: 1, proven: 2 };
const NOBODY: FindingDraft["element"] = { name: null, address: null, vendor: null, basis: "inferred" };

function layersOf(o: CopyObservation): readonly string[] {
  const layers =
    o.rhythm !== undefined && o.carrier.carriers.length > 0
      ? [ipProtocolName(o.carrier.carriers[0]?.protocol ?? 0), "encrypted"]
      : o.carrier.layers.length > 0
        ? [...o.carrier.layers]
        : o.carrier.carriers.length > 0
          ? [ipProtocolName(o.carrier.carriers[0]?.protocol ?? 0)]
          : ["ethernet"];
  return o.transform === "as is" || o.rhythm !== undefined ? layers : [...layers, ...o.transform.split(", ")];
}

function arithmeticOf(score: Score, o: CopyObservation): ArithmeticStep[] {
  const steps = [...score.steps];
  if (o.sample > 1)
    steps.push({
      label: state("step.sampling"),
      bits: 0,
      because: state("copy.sampling", { sample: o.sample }),
    });
  return steps;
}

const ENCLOSED: Premise = {
  id: "enclosed",
  statement: state("premise.enclosed"),
  status: "declared",
};

function premisesOf(context: DetectorContext, o: CopyObservation): Premise[] {
  const { declaration } = context;
  return [
    {
      id: "tap-map",
      statement: state("premise.tap-map"),
      status: declaration === null ? "assumed" : "declared",
    },
    {
      id: "declaration",
      statement: state("premise.carrier-declaration"),
      status: declaration === null ? "assumed" : "declared",
    },
    {
      id: "capture-integrity",
      statement: state("premise.capture-integrity"),
      status: "assumed",
    },
    {
      id: "decoder",
      statement: state("premise.decoder"),
      status: "assumed",
    },
    {
      id: "print-key",
      statement: state("premise.print-key"),
      status: "verified",
    },
    ...(o.originals.some((original) => original.leg.point !== o.carrier.point)
      ? [
          {
            id: "one-network",
            statement: state("premise.one-network"),
            status: "verified" as const,
          },
        ]
      : []),
  ];
}
