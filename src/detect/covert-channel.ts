/**
 * covert-channel: data hidden in fields that should carry none or little (`contract.md` §1). Judged here: the Private Extension of GTPv1-C and GTPv2-C
 * (3GPP TS 29.060 §7.7.46, TS 29.274 §8.67) of an enterprise that the declaration's `extensions` do not list.
 *
 * Content of one sender, receiver and enterprise is pooled. It is beyond chance only when contents are many and (nearly) all distinct, and their octets look uniform: with n
 * octets pooled, chi-square over 256 values must not exceed its mean 255 by more than six standard deviations (22.6 each), while text, counters and structures exceed it by far.
 * Few octets can never be called random.
 */
import type { Gtpv1Message } from "#decode/gtpv1/message.ts";
import type { Gtpv2Message } from "#decode/gtpv2/message.ts";
import type { FindingDraft } from "#model/finding.ts";
import type { Observation } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { EvidenceGatherer } from "./gather.ts";

const MIN_OCTETS = 512;
const MIN_CONTENTS = 8;
const CHI_SQUARE_LIMIT = 255 + 6 * 22.6;
const MAX_CHANNELS = 10_000;
const MAX_DISTINCT = 4_096;

class Channel {
  readonly counts = new Float64Array(256);
  readonly contents = new Set<string>();
  readonly evidence = new EvidenceGatherer();
  readonly src: string;
  readonly dst: string;
  readonly enterprise: number;
  readonly protocol: string;
  readonly point: number;
  octets = 0;
  messages = 0;
  first = Infinity;
  last = -Infinity;
  constructor(src: string, dst: string, enterprise: number, protocol: string, point: number) {
    this.src = src;
    this.dst = dst;
    this.enterprise = enterprise;
    this.protocol = protocol;
    this.point = point;
  }
}

export function covertChannel(context: DetectorContext): Detector {
  const channels = new Map<string, Channel>();

  function observe(observation: Observation): void {
    if (observation.kind !== "message") return;
    const { message, origin } = observation.observed;
    if ((message.protocol !== "gtpv2" && message.protocol !== "gtpv1") || origin.inTunnel || origin.incomplete) return;
    const gtp = message as Gtpv1Message | Gtpv2Message;
    for (const extension of gtp.privateExtensions) {
      const enterprise = extension.enterprise ?? -1;
      if (extension.length === 0 || isDeclared(context, enterprise)) continue;
      const key = `${origin.src} ${origin.dst} ${enterprise}`;
      let channel = channels.get(key);
      if (channel === undefined) {
        if (channels.size >= MAX_CHANNELS) continue;
        channels.set(key, (channel = new Channel(origin.src, origin.dst, enterprise, message.protocol, origin.point)));
      }
      let text = "";
      for (let i = 0; i < extension.length; i++) {
        const octet = gtp.bytes[extension.start + i] ?? 0;
        channel.counts[octet] = (channel.counts[octet] ?? 0) + 1;
        text += String.fromCharCode(octet);
      }
      if (channel.contents.size < MAX_DISTINCT) channel.contents.add(text);
      channel.octets += extension.length;
      channel.messages++;
      channel.evidence.addFrames(origin.capture, origin.frames);
      channel.first = Math.min(channel.first, toMicros(origin.time));
      channel.last = Math.max(channel.last, toMicros(origin.time));
    }
  }

  return {
    claim: "covert-channel",
    observe,
    findings: () => [...channels.values()].filter(beyondChance).map((channel) => draft(context, channel)),
  };
}

function isDeclared(context: DetectorContext, enterprise: number): boolean {
  return context.declaration?.declaration.extensions.some((extension) => extension.enterprise === enterprise) === true;
}

function beyondChance(channel: Channel): boolean {
  const distinct = channel.contents.size / Math.min(channel.messages, MAX_DISTINCT);
  if (channel.octets < MIN_OCTETS || channel.messages < MIN_CONTENTS || distinct < 0.9) return false;
  const expected = channel.octets / 256;
  let chiSquare = 0;
  for (const count of channel.counts) chiSquare += (count - expected) ** 2 / expected;
  return chiSquare <= CHI_SQUARE_LIMIT;
}

function draft(context: DetectorContext, channel: Channel): FindingDraft {
  const element = context.element(channel.src);
  const receiver = context.receiver(channel.dst, null, false);
  const who = element.name ?? channel.src;
  return {
    claim: "covert-channel",
    grade: context.declaration === null ? "indication" : "corroborated",
    summary: `${who} sent ${channel.messages} messages to ${receiver.name ?? channel.dst} whose private extension (enterprise ${channel.enterprise}) holds fresh random-looking data each time.`,
    element,
    receiver,
    act: "sent",
    transport: { layers: ["udp", channel.protocol], encrypted: false, delaySeconds: null },
    subscribers: [],
    data: [],
    packets: channel.messages,
    bytes: 0,
    firstMicros: channel.first,
    lastMicros: channel.last,
    bits: 0,
    chance: null,
    premises: [
      {
        id: "declaration",
        statement: "The declaration lists every documented private extension.",
        status: context.declaration === null ? "assumed" : "declared",
      },
    ],
    evidence: channel.evidence.list(),
    ruledOut: [
      {
        explanation: "a documented extension of constant content",
        status: "excluded",
        because: "as declared: this enterprise is not listed, and the content is new each time",
      },
      {
        explanation: "compressed or encrypted data of an undocumented vendor feature",
        status: "untestable",
        because: "it looks as random as hidden data does",
      },
    ],
    sources: ["3GPP TS 29.274 §8.67", "3GPP TS 29.060 §7.7.46"],
    arithmetic: [],
    restsOn: ["declaration/extensions", `point ${channel.point}`],
    details: { enterprise: channel.enterprise, octets: channel.octets },
  };
}
