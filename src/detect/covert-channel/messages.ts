/**
 * What control messages carry beside their information elements: vendors' extensions that nobody documented, octets behind a message or behind its last
 * element, padding and spare fields that are not zero, and echoes that hold more than an echo does.
 *
 * Private Extension of GTPv1 and GTPv2 (3GPP TS 29.060 §7.7.46, TS 29.274 §8.67) and GTP′; vendor-specific elements of PFCP (TS 29.244 §8.1.1) and Diameter (RFC 6733 §4.1).
 */
import type { Avp } from "#decode/diameter/avp.ts";
import type { DiameterMessage } from "#decode/diameter/message.ts";
import type { GtpPrimeMessage } from "#decode/gtp-prime/message.ts";
import type { Gtpv1Message } from "#decode/gtpv1/message.ts";
import type { Gtpv2Message } from "#decode/gtpv2/message.ts";
import type { PfcpMessage } from "#decode/pfcp/message.ts";
import type { MessageOrigin, ObservedMessage } from "#model/message.ts";
import type { FrameList } from "#model/observation.ts";
import { state, type Statement } from "#model/statement.ts";
import { toMicros } from "#model/time.ts";
import { ContentMeasure } from "#bytes/content-measure.ts";
import type { DetectorContext } from "#detect/detector.ts";
import { EvidenceGatherer } from "#detect/gather.ts";
import { isFresh, isRandom, LOOKS_RANDOM, mayBeRandom, type Sign } from "./sign.ts";
import { Port } from "#model/ports.ts";

type GtpMessage = Gtpv1Message | Gtpv2Message | GtpPrimeMessage;

/** Measures at one time; past it new ones are not begun. */
export const MAX_CHANNELS = 2_000;

/** Bodies that standardise AVPs: IETF, 3GPP, 3GPP2, ETSI, CableLabs, WiMAX Forum. All others are vendors. */
const STANDARD_VENDORS: ReadonlySet<number> = new Set([0, 10_415, 5_535, 13_019, 4_491, 24_757]);

/** Labels of places, as `details.places` shows them. */
const BEHIND_MESSAGE = "behind the message";
const ECHO_BEHIND_MESSAGE = "octets behind the message";
const ECHO_BEHIND_ELEMENTS = "octets behind its elements";
const ECHO_VERSION = "a version that the port does not speak";

const ECHO_REQUEST = 1;
const ECHO_RESPONSE = 2;
const PRIVATE_EXTENSION = 255;
/** Elements of an echo besides the private extension: Recovery; Sending Node Features (TS 29.274 §7.1.1); Recovery Time Stamp (TS 29.281 §8.7). */
const ECHO_ELEMENTS: Readonly<Record<string, ReadonlySet<number>>> = {
  gtpv1: new Set([14, 231, PRIVATE_EXTENSION]),
  gtpv2: new Set([3, 152, PRIVATE_EXTENSION]),
  "gtp-prime": new Set([14, PRIVATE_EXTENSION]),
};

type Kind = "extension" | "declared-constant" | "surplus" | "padding" | "spare" | "echo";

class Channel {
  readonly kind: Kind;
  readonly label: string;
  readonly protocol: string;
  readonly transport: string;
  readonly source: string;
  readonly destination: string;
  readonly content = new ContentMeasure();
  readonly evidence = new EvidenceGatherer();
  readonly points = new Set<number>();
  messages = 0;
  first = Infinity;
  last = -Infinity;
  constructor(kind: Kind, label: string, protocol: string, origin: MessageOrigin) {
    this.kind = kind;
    this.label = label;
    this.protocol = protocol;
    this.transport = origin.transport;
    this.source = origin.src;
    this.destination = origin.dst;
  }
}

export class MessageChannels {
  private readonly context: DetectorContext;
  private readonly channels = new Map<string, Channel>();

  constructor(context: DetectorContext) {
    this.context = context;
  }

  observe({ message, origin }: ObservedMessage): void {
    if (origin.inTunnel || origin.incomplete) return;
    switch (message.protocol) {
      case "gtpv1":
      case "gtpv2":
      case "gtp-prime":
        this.gtp(message as GtpMessage, origin);
        break;
      case "pfcp":
        this.pfcp(message as PfcpMessage, origin);
        break;
      case "diameter":
        this.diameter(message as DiameterMessage, origin);
        break;
      default:
    }
  }

  signs(): Sign[] {
    return [...this.channels.values()].map(signOf).filter((sign) => sign !== undefined);
  }

  private gtp(message: GtpMessage, origin: MessageOrigin): void {
    const { bytes, privateExtensions, trailingOctets, uncovered } = message;
    for (const { enterprise, start, length } of privateExtensions)
      this.extension(enterprise ?? -1, message.protocol, bytes, start, start + length, origin);
    if (message.type === ECHO_REQUEST || message.type === ECHO_RESPONSE) this.echo(message, origin);
    else this.behind(message.protocol, bytes, trailingOctets, uncovered, origin);
    if (message.protocol === "gtpv2" && message.header.spare !== 0) {
      const last = message.header.octets - 1;
      this.add("spare", "the header's spare octet", message.protocol, bytes, last, last + 1, origin);
    }
  }

  /** Nothing but its few elements belongs in an echo; the implant GTPDOOR hides its knock in one of a version that these ports do not speak. */
  private echo(message: GtpMessage, origin: MessageOrigin): void {
    const { protocol, bytes, ies, trailingOctets, uncovered } = message;
    const strange = ies.find((ie) => ECHO_ELEMENTS[protocol]?.has(ie.type) === false && ie.length > 0);
    const otherVersion = protocol === "gtp-prime" && (origin.dstPort === Port.GTP_C || origin.dstPort === Port.GTP_U);
    if (uncovered !== undefined) this.add("echo", ECHO_BEHIND_MESSAGE, protocol, uncovered, 0, uncovered.length, origin);
    else if (trailingOctets > 0) {
      this.add("echo", ECHO_BEHIND_ELEMENTS, protocol, bytes, bytes.length - trailingOctets, bytes.length, origin);
    } else if (strange !== undefined) {
      this.add("echo", `element ${strange.type}`, protocol, bytes, strange.start, strange.start + strange.length, origin);
    } else if (otherVersion && ies.length > 0) this.add("echo", ECHO_VERSION, protocol, bytes, 0, bytes.length, origin);
  }

  private pfcp(message: PfcpMessage, origin: MessageOrigin): void {
    const { bytes, vendorIes, trailingOctets, uncovered } = message;
    for (const ie of vendorIes) this.extension(ie.enterprise ?? -1, "pfcp", bytes, ie.start, ie.start + ie.length, origin);
    this.behind("pfcp", bytes, trailingOctets, uncovered, origin);
  }

  private behind(protocol: string, bytes: Uint8Array, trailing: number, uncovered: Uint8Array | undefined, origin: MessageOrigin): void {
    if (uncovered !== undefined && !isZero(uncovered, 0, uncovered.length))
      this.add("surplus", BEHIND_MESSAGE, protocol, uncovered, 0, uncovered.length, origin);
    const from = bytes.length - trailing;
    if (trailing > 0 && !isZero(bytes, from, bytes.length))
      this.add("surplus", "behind the last element", protocol, bytes, from, bytes.length, origin);
  }

  private diameter(message: DiameterMessage, origin: MessageOrigin): void {
    this.avps(message.bytes, message.avps, message.bytes.length, origin);
  }

  private avps(bytes: Uint8Array, avps: readonly Avp[], end: number, origin: MessageOrigin): void {
    for (const avp of avps) {
      const dataEnd = avp.start + avp.length;
      if (avp.vendor !== 0 && !STANDARD_VENDORS.has(avp.vendor)) this.extension(avp.vendor, "diameter", bytes, avp.start, dataEnd, origin);
      // The padding that fills the last word, as far as group and message have it.
      const padEnd = Math.min((dataEnd + 3) & ~3, end);
      if (padEnd > dataEnd && !isZero(bytes, dataEnd, padEnd))
        this.add("padding", "AVP padding", "diameter", bytes, dataEnd, padEnd, origin);
      if (avp.children.length > 0) this.avps(bytes, avp.children, dataEnd, origin);
    }
  }

  private extension(enterprise: number, protocol: string, bytes: Uint8Array, start: number, end: number, origin: MessageOrigin): void {
    if (end <= start) return;
    const declared = this.declared(enterprise, origin);
    if (declared === undefined) this.add("extension", String(enterprise), protocol, bytes, start, end, origin);
    else if (declared === "constant") this.add("declared-constant", String(enterprise), protocol, bytes, start, end, origin);
  }

  /** What the declaration says of an enterprise's extension between these two; undefined where nothing. */
  private declared(enterprise: number, { src, dst }: MessageOrigin): string | undefined {
    const { declaration } = this.context;
    if (declaration === null) return undefined;
    for (const extension of declaration.declaration.extensions) {
      if (extension.enterprise !== enterprise) continue;
      const names = [declaration.functionAt(src)?.name, declaration.functionAt(dst)?.name];
      if (extension.functions.length === 0 || extension.functions.some((name) => names.includes(name))) return extension.content ?? "any";
    }
    return undefined;
  }

  private add(kind: Kind, label: string, protocol: string, bytes: Uint8Array, start: number, end: number, origin: MessageOrigin): void {
    const key = `${kind} ${label} ${protocol} ${origin.src} ${origin.dst}`;
    let channel = this.channels.get(key);
    if (channel === undefined) {
      if (this.channels.size >= MAX_CHANNELS) return;
      this.channels.set(key, (channel = new Channel(kind, label, protocol, origin)));
    }
    channel.content.add(bytes, start, end);
    channel.messages++;
    channel.evidence.addFrames(origin.capture, origin.frames.length > 0 ? origin.frames : [origin.frame]);
    channel.points.add(origin.point);
    const micros = toMicros(origin.time);
    channel.first = Math.min(channel.first, micros);
    channel.last = Math.max(channel.last, micros);
  }
}

/** Octets from which a field of one octet is called random. */
const SPARE_OCTETS = 1_024;
/** Messages from which unexplained octets are worth a look. */
const FEW = 3;

function signOf(channel: Channel): Sign | undefined {
  const content = channel.content.summary();
  const random = isRandom(content);
  const base = {
    place: `${channel.kind} (${channel.label})`,
    source: channel.source,
    destination: channel.destination,
    points: [...channel.points],
    layers: [channel.transport, channel.protocol],
    packets: channel.messages,
    octets: content.octets,
    firstMicros: channel.first,
    lastMicros: channel.last,
    frames: channel.evidence.list().map(({ capture, frames, framesTotal }): FrameList => ({ capture, frames, total: framesTotal })),
    excluded: [] as Sign["excluded"],
    open: [LOOKS_RANDOM] as Sign["open"],
    sources: [SOURCES[channel.protocol] ?? ""],
  };
  const n = channel.messages;
  const looks = random ? "yes" : "no";
  switch (channel.kind) {
    case "extension":
    case "declared-constant": {
      if (!random && !mayBeRandom(content)) return undefined;
      const declared = channel.kind === "declared-constant";
      return {
        ...base,
        strong: random,
        what: state(declared ? "channel.extension-not-constant" : "channel.extension", { messages: n, enterprise: channel.label }),
        excluded: [
          {
            explanation: state("explanation.constant-extension"),
            because: declared ? state("channel.new-each-time") : state("as-declared", { what: state("channel.not-listed") }),
          },
        ],
      };
    }
    case "surplus":
      if (!random && !(n >= FEW && isFresh(content))) return undefined;
      return {
        ...base,
        strong: random,
        what: state(channel.label === BEHIND_MESSAGE ? "channel.behind-message" : "channel.behind-element", { messages: n, random: looks }),
      };
    case "padding":
      return random ? { ...base, strong: true, what: state("channel.avp-padding", { avps: n }) } : undefined;
    case "spare":
      return content.uniform !== undefined && content.octets >= SPARE_OCTETS
        ? { ...base, strong: false, what: state("channel.spare", { messages: n }) }
        : undefined;
    case "echo":
      return {
        ...base,
        strong: random,
        what: state("channel.echo", { messages: n, what: echoSaid(channel.label), random: looks }),
        open: [{ explanation: state("explanation.scanner"), because: state("channel.odd-echo-met") }, ...(random ? [LOOKS_RANDOM] : [])],
      };
    default:
      return undefined;
  }
}

/** What an echo held besides its elements: a place of the detector, or the element's own number. */
function echoSaid(label: string): Statement {
  if (label === ECHO_BEHIND_MESSAGE) return state("channel.echo-behind-message");
  if (label === ECHO_BEHIND_ELEMENTS) return state("channel.echo-behind-elements");
  if (label === ECHO_VERSION) return state("channel.echo-version");
  return state("channel.echo-element", { type: label.replace(/^element /, "") });
}

const SOURCES: Readonly<Record<string, string>> = {
  gtpv1: "3GPP TS 29.060 §7.7.46",
  gtpv2: "3GPP TS 29.274 §8.67",
  "gtp-prime": "3GPP TS 32.295 §6",
  pfcp: "3GPP TS 29.244 §8.1.1",
  diameter: "RFC 6733 §4.1",
};

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}
