import type { ChannelObservation, ChannelPlace } from "#model/observation.ts";
import { state } from "#model/statement.ts";
import { isFresh, isRandom, LOOKS_RANDOM, type Sign } from "./sign.ts";

/** What belongs in each place, and what content there is worth saying. */
interface Place {
  readonly layers: readonly string[];
  readonly source: string;
  /** Random content is more than an indication: nobody but the sender writes here. */
  readonly sendersOwn: boolean;
  /** Packets from which content that is not random is worth a look; Infinity: never. */
  readonly odd: number;
  /** Such content must be new each time. */
  readonly oddIsFresh: boolean;
  /** New text counts as content that does not belong there. */
  readonly text?: true;
  /** The two ends must exchange other messages of the protocol. */
  readonly amidOthers: boolean;
  readonly excluded: Sign["excluded"];
}

const PLACES: Readonly<Record<Exclude<ChannelPlace, "dns-name">, Place>> = {
  "frame-padding": {
    layers: ["ethernet"],
    source: "IEEE 802.3 §3.2.8",
    sendersOwn: false,
    odd: Infinity,
    oddIsFresh: true,
    text: true,
    amidOthers: false,
    excluded: [
      {
        explanation: state("explanation.earlier-frames"),
        because: state("channel.not-in-earlier-frames"),
      },
    ],
  },
  "frame-trailer": {
    layers: ["ethernet"],
    source: "IEEE 802.3 §3.2.8",
    sendersOwn: false,
    odd: Infinity,
    oddIsFresh: true,
    amidOthers: false,
    excluded: [{ explanation: state("explanation.tap-trailer"), because: state("channel.others-have-none") }],
  },
  "udp-surplus": {
    layers: ["udp"],
    source: "RFC 768",
    sendersOwn: true,
    odd: Infinity,
    oddIsFresh: true,
    amidOthers: false,
    excluded: [{ explanation: state("explanation.udp-options"), because: state("channel.no-options") }],
  },
  "gtp-u-surplus": {
    layers: ["udp", "gtp-u"],
    source: "3GPP TS 29.281 §5.1",
    sendersOwn: true,
    odd: Infinity,
    oddIsFresh: true,
    amidOthers: false,
    excluded: [],
  },
  "gtp-u-extension": {
    layers: ["udp", "gtp-u"],
    source: "3GPP TS 29.281 §5.2.1",
    sendersOwn: true,
    odd: 3,
    oddIsFresh: false,
    amidOthers: false,
    excluded: [],
  },
  "gtp-echo": {
    layers: ["udp", "gtp-c"],
    source: "3GPP TS 29.274 §5.1",
    sendersOwn: true,
    odd: 1,
    oddIsFresh: false,
    amidOthers: false,
    excluded: [],
  },
  "icmp-echo": {
    layers: ["icmp"],
    source: "RFC 792",
    sendersOwn: true,
    odd: 8,
    oddIsFresh: true,
    amidOthers: false,
    excluded: [{ explanation: state("explanation.ping"), because: state("channel.not-a-ping") }],
  },
  "icmp-reply": {
    layers: ["icmp"],
    source: "RFC 792",
    sendersOwn: true,
    odd: 3,
    oddIsFresh: false,
    amidOthers: false,
    excluded: [{ explanation: state("explanation.cut-reply"), because: state("channel.not-cut") }],
  },
  "sctp-payload": {
    layers: ["sctp"],
    source: "RFC 9260 §3.3.1",
    sendersOwn: true,
    odd: 3,
    oddIsFresh: false,
    amidOthers: true,
    excluded: [
      { explanation: state("explanation.octet-order"), because: state("channel.neither-order") },
      { explanation: state("explanation.other-association"), because: state("channel.known-messages") },
    ],
  },
  "sctp-padding": {
    layers: ["sctp"],
    source: "RFC 9260 §3.2",
    sendersOwn: true,
    odd: Infinity,
    oddIsFresh: true,
    amidOthers: false,
    excluded: [],
  },
  "sctp-chunk": {
    layers: ["sctp"],
    source: "RFC 9260 §3.2",
    sendersOwn: true,
    odd: 3,
    oddIsFresh: true,
    amidOthers: false,
    excluded: [],
  },
};

/** Frames of others at a point from which one can tell what the point's taps and drivers do. */
const OTHERS = 50;
/** Share of others' frames with a trailer at which it is the tap's. */
const TAP_SHARE = 0.02;
/** Senders at one point with random padding from which it is their driver's or the tap's. */
const COMMON_SENDERS = 3;

/** `all`: every observation of the run, of one place between two ends joined. */
export function signOf(one: ChannelObservation, all: readonly ChannelObservation[]): Sign | undefined {
  if (one.place === "dns-name") return undefined;
  const place = PLACES[one.place];
  if (place.amidOthers && !one.spokeOtherwise) return undefined;
  const random = isRandom(one.content);
  const written = place.text === true && isText(one.content);
  if (!random && !written && (one.content.contents < place.odd || (place.oddIsFresh && !isFresh(one.content)))) return undefined;
  if (!place.sendersOwn && (isCommon(one, all) || isLeaked(one))) return undefined;
  const label = one.label === undefined ? "" : ` (${one.label})`;
  return {
    place: `${one.place}${label}`,
    source: one.source,
    destination: one.destination,
    points: [one.point],
    strong: random && place.sendersOwn,
    what: state(`channel.place.${one.place}`, {
      packets: one.content.contents,
      labelled: one.label === undefined ? "no" : "yes",
      label: one.label ?? "",
      random: random ? "yes" : written ? "text" : "no",
    }),
    open: [
      ...(random ? [LOOKS_RANDOM] : [{ explanation: state("explanation.odd-feature"), because: state("channel.meaning-unknown") }]),
      ...(place.sendersOwn ? [] : [{ explanation: state("explanation.driver-leak"), because: state("channel.leak-unknown") }]),
    ],
    excluded: place.excluded,
    layers: place.layers,
    sources: [place.source],
    packets: one.content.contents,
    octets: one.content.octets,
    firstMicros: one.firstMicros,
    lastMicros: one.lastMicros,
    frames: [one.frames],
  };
}

/** Share of paddings that stood in earlier frames of the point, from which the sender's driver leaks its buffers. */
const LEAK_SHARE = 0.1;

function isLeaked({ content }: ChannelObservation): boolean {
  return content.known >= LEAK_SHARE * content.contents;
}

/** Share of printable octets, and octets in all, from which new contents are text. */
const TEXT_SHARE = 0.95;
const TEXT_OCTETS = 128;

function isText(content: ChannelObservation["content"]): boolean {
  return isFresh(content) && content.octets >= TEXT_OCTETS && content.printable >= TEXT_SHARE;
}

/** Tap, switch or driver writes there, for others too. */
function isCommon(one: ChannelObservation, all: readonly ChannelObservation[]): boolean {
  const others = one.pointFrames - one.packets;
  if (others < OTHERS || one.pointTrailers - one.packets > others * TAP_SHARE) return true;
  const senders = new Set(
    all.filter((o) => o.place === one.place && o.point === one.point && o.content.contents >= 4).map((o) => o.source),
  );
  return senders.size >= COMMON_SENDERS;
}
