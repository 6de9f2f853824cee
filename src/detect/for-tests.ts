/** For the tests that stand beside the detectors: what a detector may know, and observations by hand. A test takes one and changes one thing. */
import { parseDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import type { FindingDraft } from "#model/finding.ts";
import type { DecodedMessage, MessageOrigin, ObservedMessage } from "#model/message.ts";
import type {
  FlowObservation,
  FlowSide,
  MessageObservation,
  Observation,
  SubscriberView,
  TunnelObservation,
  Unended,
} from "#model/observation.ts";
import type { DetectorContext, DetectorFactory } from "./detector.ts";

export const IMSI = "208010000000001";

/** `network`: a declaration; null where none was given. */
export function contextOf(network: string | null, over: Partial<DetectorContext> = {}): { context: DetectorContext; undecided: string[] } {
  const declaration = network === null ? null : new Lookup(parseDeclaration(network, "network.yaml").declaration);
  const undecided: string[] = [];
  const context: DetectorContext = {
    declaration,
    points: [],
    element: (address) => ({ name: declaration?.functionAt(address)?.name ?? null, address, vendor: null, basis: "address" }),
    receiver: (address, port, declared) => ({ name: declaration?.nameOf(address) ?? null, address, port, declared }),
    subscriberKey: ({ imsi }) => `imsi:${imsi ?? ""}`,
    subscriberAt: (address) => `ip:${address}`,
    isUser: (address) => declaration?.isSubscriber(address) === true,
    rolesAt: (address) => declaration?.functionAt(address)?.roles ?? [],
    interfaceless: () => false,
    servedBetween: () => false,
    namedBy: () => [],
    namedOtherwise: () => false,
    undecided: ({ why }) => void undecided.push(why.code),
    ...over,
  };
  return { context, undecided };
}

export interface Judged {
  readonly found: readonly FindingDraft[];
  /** Codes of what was left undecided. */
  readonly undecided: readonly string[];
}

export function judgedBy(
  factory: DetectorFactory,
  made: ReturnType<typeof contextOf>,
  observations: readonly Observation[],
  unended?: Unended,
): Judged {
  const detector = factory(made.context);
  for (const observation of observations) detector.observe(observation);
  return { found: detector.findings(unended), undecided: made.undecided };
}

const frames = { capture: 0, frames: [1, 2], total: 2 };

export function side(address: string, port: number, payloadPackets = 3): FlowSide {
  return { address, port, packets: 5, bytes: 500, payloadPackets, payloadBytes: payloadPackets * 80, mac: undefined };
}

/** A conversation over TCP that both sides took part in, seen from its beginning. */
export function flow(initiator: FlowSide, responder: FlowSide, over: Partial<FlowObservation> = {}): FlowObservation {
  return {
    kind: "flow",
    point: 0,
    capture: 0,
    protocol: 6,
    vlan: 0,
    initiator,
    responder,
    beginningSeen: true,
    tcp: { syn: true, synAck: true, refused: false, established: true },
    application: undefined,
    handshakeCompleted: true,
    serverName: undefined,
    icmp: undefined,
    layers: [],
    firstMicros: 0,
    lastMicros: 1e6,
    frames,
    payloadFrames: frames,
    ended: true,
    ...over,
  };
}

/** A use of a tunnel that no signalling named, with nothing known of the signalling of either end. */
export function use(source: string, end: string, over: Partial<TunnelObservation> = {}): TunnelObservation {
  return {
    kind: "tunnel",
    end: { address: end, teid: 7 },
    source,
    point: 0,
    packets: 20,
    bytes: 2000,
    firstMicros: 10e6,
    lastMicros: 20e6,
    frames,
    innerAddresses: [],
    signalled: undefined,
    afterRelease: undefined,
    setupSeen: { end: undefined, source: undefined },
    missingSince: { end: undefined, source: undefined },
    signalledSince: { end: undefined, source: undefined },
    signalledNeighbours: { end: 0, source: 0 },
    ...over,
  };
}

export function subscriber(over: Partial<SubscriberView> = {}): SubscriberView {
  return {
    key: 1,
    imsi: IMSI,
    msisdn: undefined,
    imei: undefined,
    ueAddresses: [],
    apns: [],
    servingEnb: undefined,
    tai: undefined,
    ecgi: undefined,
    emergency: false,
    ...over,
  };
}

/** What every decoded message has; the rest is the test's. */
export function decoded(message: object): DecodedMessage {
  const common = { imsi: [], msisdn: [], imei: [], teids: [], ueAddresses: [], apn: [], inner: [], faults: [], name: "", type: 0 };
  return { ...common, ...message } as unknown as DecodedMessage;
}

/** Seconds since the epoch; frame 1 unless said otherwise. */
export function message(
  src: string,
  dst: string,
  content: object,
  more: {
    readonly about?: SubscriberView;
    readonly answers?: MessageObservation;
    readonly seconds?: number;
    readonly origin?: Partial<MessageOrigin>;
  } = {},
): MessageObservation {
  const origin: MessageOrigin = {
    capture: 0,
    point: 0,
    frame: 1,
    frames: [1],
    time: { sec: more.seconds ?? 0, nsec: 0 },
    src,
    dst,
    srcPort: 1,
    dstPort: 2,
    transport: "sctp",
    inTunnel: false,
    incomplete: false,
    ...more.origin,
  };
  const observed: ObservedMessage = { origin, message: decoded(content) };
  return { kind: "message", observed, subscriber: more.about, answers: more.answers?.observed };
}
