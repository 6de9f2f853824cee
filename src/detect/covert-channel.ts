/**
 * covert-channel: data hidden in fields that should carry none or little (`contract.md` §1): private extensions, padding, spare and trailing octets, unassigned
 * identifiers, echo, DNS names.
 *
 * A field is not suspicious because it is used. It is where its content is new each time and spread as if drawn at random (`bytes/content-measure.ts`): text, counters,
 * structures and constants are not. Random content in a place that the sender alone writes is `corroborated`, since one explanation stays untestable: a
 * feature that compresses or encrypts. What is merely odd is an `indication`. Only what an element of the network sends or receives counts, never what subscribers
 * send inside their bearers.
 */
import type { FindingDraft, Grade } from "#model/finding.ts";
import { NOTHING_UNENDED, type ChannelObservation, type Observation } from "#model/observation.ts";
import { MessageChannels } from "./covert-channel/messages.ts";
import { nameSettings, namesSign } from "./covert-channel/names.ts";
import { signOf } from "./covert-channel/places.ts";
import { contentSettings, type Sign } from "./covert-channel/sign.ts";
import { state, type Statement, type StatementText } from "#model/statement.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { EvidenceGatherer } from "./gather.ts";

const settings = {
  contents: contentSettings.contents,
  octets: contentSettings.octets,
  distinctShare: contentSettings.distinctShare,
  names: nameSettings.names,
  nameOctets: nameSettings.octets,
  nameMeanOctets: nameSettings.mean,
  nameEntropyBits: nameSettings.entropyBits,
} as const;

/** Roles of functions that ask DNS for others. */
const RESOLVERS = /dns|resolver/i;

interface Act {
  readonly element: string;
  readonly receiver: string;
  readonly signs: Sign[];
}

export function covertChannel(context: DetectorContext): Detector {
  const messages = new MessageChannels(context);
  const ended: ChannelObservation[] = [];

  function observe(observation: Observation): void {
    if (observation.kind === "message") messages.observe(observation.observed);
    else if (observation.kind === "channel") ended.push(observation);
  }

  /** Names that a resolver asks are those of whoever asked it. */
  function asksForItself({ place, source }: ChannelObservation, places: readonly ChannelObservation[]): boolean {
    if (place !== "dns-name") return true;
    if (places.some((other) => other.place === "dns-name" && other.destination === source)) return false;
    return !context.rolesAt(source).some((role) => RESOLVERS.test(role));
  }

  /** What one sender spreads over several receivers counts where no receiver alone got enough of it to be told. */
  function placeSigns(places: readonly ChannelObservation[]): (Sign | undefined)[] {
    const told = new Set<string>();
    const of = (one: ChannelObservation): string => `${one.place} ${one.source} ${one.point}`;
    const signs = places
      .filter((one) => one.receivers === 1 && asksForItself(one, places))
      .map((one) => {
        const sign = one.place === "dns-name" ? namesSign(one) : signOf(one, places);
        if (sign !== undefined) told.add(of(one));
        return sign;
      });
    return [...signs, ...places.filter((one) => one.receivers > 1 && !told.has(of(one))).map((one) => signOf(one, places))];
  }

  function findings(unended = NOTHING_UNENDED): FindingDraft[] {
    const signs = [...messages.signs(), ...placeSigns([...ended, ...unended.channels])].filter((sign) => sign !== undefined);
    const acts = new Map<string, Act>();
    for (const sign of signs) {
      const ends = endsOf(context, sign);
      if (ends === undefined) continue;
      const key = `${context.element(ends.element).name ?? ends.element} ${ends.receiver}`;
      const act = acts.get(key);
      if (act === undefined) acts.set(key, { ...ends, signs: [sign] });
      else act.signs.push(sign);
    }
    return [...acts.values()].map((act) => draft(context, act));
  }

  return { claim: "covert-channel", settings, observe, findings };
}

/** The core's side of the exchange; the sender, where both are of the core (`contract.md` §4). Undefined where neither is. */
function endsOf(context: DetectorContext, { source, destination }: Sign): { element: string; receiver: string } | undefined {
  if (isElement(context, source)) return { element: source, receiver: destination };
  return isElement(context, destination) ? { element: destination, receiver: source } : undefined;
}

function isElement(context: DetectorContext, address: string): boolean {
  const { declaration } = context;
  if (declaration === null) return context.rolesAt(address).length > 0 && !context.isUser(address);
  return declaration.functionAt(address) !== undefined || declaration.hostAt(address) !== undefined;
}

function draft(context: DetectorContext, { element: elementAddress, receiver: receiverAddress, signs: all }: Act): FindingDraft {
  const ranked = [...all].sort((a, b) => Number(b.strong) - Number(a.strong) || b.octets - a.octets);
  const [first] = ranked as [Sign, ...Sign[]];
  const element = context.element(elementAddress);
  const receiver = context.receiver(receiverAddress, null, false);
  const signs = ranked.map(({ what }) => what);
  const evidence = new EvidenceGatherer();
  for (const sign of ranked) for (const frames of sign.frames) evidence.add(frames);
  const [from, to] = first.source === elementAddress ? [element, receiver] : [receiver, element];
  const grade: Grade = first.strong && context.declaration !== null ? "corroborated" : "indication";
  const sum = (of: (sign: Sign) => number): number => ranked.reduce((total, sign) => total + of(sign), 0);
  return {
    claim: "covert-channel",
    grade,
    // One direction is a sentence; signs in both say who exchanged them, not who sent which.
    summary: ranked.every(({ source }) => source === first.source)
      ? state("channel.summary", { from: nameOf(from), to: nameOf(to), signs })
      : state("channel.summary-both", { element: nameOf(element), receiver: nameOf(receiver), signs }),
    element,
    receiver,
    act: "sent",
    transport: { layers: first.layers, encrypted: false, delaySeconds: null },
    subscribers: [],
    data: [],
    packets: sum(({ packets }) => packets),
    bytes: 0,
    firstMicros: Math.min(...ranked.map(({ firstMicros }) => firstMicros)),
    lastMicros: Math.max(...ranked.map(({ lastMicros }) => lastMicros)),
    bits: 0,
    chance: null,
    premises: [
      {
        id: "declaration",
        statement: state("premise.extensions"),
        status: context.declaration === null ? "assumed" : "declared",
      },
      { id: "addresses", statement: state("premise.element-address"), status: "assumed" },
    ],
    evidence: evidence.list(),
    ruledOut: [
      ...unique(ranked.flatMap(({ excluded }) => excluded)).map((one) => ({ ...one, status: "excluded" as const })),
      ...unique(ranked.flatMap(({ open }) => open)).map((one) => ({ ...one, status: "untestable" as const })),
    ],
    sources: [...new Set(ranked.flatMap(({ sources }) => sources))],
    arithmetic: [],
    restsOn: ["declaration/extensions", ...new Set(ranked.flatMap(({ points }) => points.map((point) => `point ${point}`)))],
    details: { places: ranked.map(({ place }) => place).join(", "), octets: sum(({ octets }) => octets) },
  };
}

function nameOf({ name, address }: { readonly name: string | null; readonly address: string | null }): StatementText {
  return name ?? address ?? state("name.address");
}

function unique<T extends { readonly explanation: Statement }>(list: readonly T[]): T[] {
  return list.filter((one, at) => list.findIndex(({ explanation }) => explanation.code === one.explanation.code) === at);
}
