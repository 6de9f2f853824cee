import type { ChannelObservation, ChannelPlace } from "#model/observation.ts";
import { isFresh, isRandom, LOOKS_RANDOM, type Sign } from "./sign.ts";

/** What belongs in each place, and what content there is worth saying. */
interface Place {
  /** With the number of packets before it. */
  readonly what: string;
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
    what: "short frames whose padding holds data in place of zeros",
    layers: ["ethernet"],
    source: "IEEE 802.3 §3.2.8",
    sendersOwn: false,
    odd: Infinity,
    oddIsFresh: true,
    text: true,
    amidOthers: false,
    excluded: [
      {
        explanation: "pieces of earlier frames in a buffer that was not cleared",
        because: "no frame seen at this point held what stands there",
      },
    ],
  },
  "frame-trailer": {
    what: "frames with data behind their packet",
    layers: ["ethernet"],
    source: "IEEE 802.3 §3.2.8",
    sendersOwn: false,
    odd: Infinity,
    oddIsFresh: true,
    amidOthers: false,
    excluded: [{ explanation: "a trailer that tap or switch appends", because: "other frames of the same point have none" }],
  },
  "udp-surplus": {
    what: "packets with data behind their UDP datagram",
    layers: ["udp"],
    source: "RFC 768",
    sendersOwn: true,
    odd: Infinity,
    oddIsFresh: true,
    amidOthers: false,
    excluded: [{ explanation: "UDP options (RFC 9868)", because: "options have kinds and lengths; this has no structure" }],
  },
  "gtp-u-surplus": {
    what: "datagrams with data behind their G-PDU",
    layers: ["udp", "gtp-u"],
    source: "3GPP TS 29.281 §5.1",
    sendersOwn: true,
    odd: Infinity,
    oddIsFresh: true,
    amidOthers: false,
    excluded: [],
  },
  "gtp-u-extension": {
    what: "GTP-U messages with an extension header of unassigned type",
    layers: ["udp", "gtp-u"],
    source: "3GPP TS 29.281 §5.2.1",
    sendersOwn: true,
    odd: 3,
    oddIsFresh: false,
    amidOthers: false,
    excluded: [],
  },
  "gtp-echo": {
    what: "GTP echo requests whose length contradicts their datagram",
    layers: ["udp", "gtp-c"],
    source: "3GPP TS 29.274 §5.1",
    sendersOwn: true,
    odd: 1,
    oddIsFresh: false,
    amidOthers: false,
    excluded: [],
  },
  "icmp-echo": {
    what: "ICMP echo requests whose content is new each time and follows no pattern",
    layers: ["icmp"],
    source: "RFC 792",
    sendersOwn: true,
    odd: 8,
    oddIsFresh: true,
    amidOthers: false,
    excluded: [
      { explanation: "an ordinary ping", because: "its content is a time stamp and a pattern, or the same each time; this is neither" },
    ],
  },
  "icmp-reply": {
    what: "ICMP echo replies that hold something else than what was asked",
    layers: ["icmp"],
    source: "RFC 792",
    sendersOwn: true,
    odd: 3,
    oddIsFresh: false,
    amidOthers: false,
    excluded: [{ explanation: "a reply that was cut short", because: "the replies are as long as the requests, or longer" }],
  },
  "sctp-payload": {
    what: "user messages under a payload protocol identifier that nobody assigned, on an association that otherwise carries known ones",
    layers: ["sctp"],
    source: "RFC 9260 §3.3.1",
    sendersOwn: true,
    odd: 3,
    oddIsFresh: false,
    amidOthers: true,
    excluded: [
      { explanation: "a known identifier in the wrong octet order", because: "neither order gives an assigned one" },
      { explanation: "an association of another protocol", because: "the same two ends exchange known messages" },
    ],
  },
  "sctp-padding": {
    what: "SCTP packets whose chunk padding holds data in place of zeros",
    layers: ["sctp"],
    source: "RFC 9260 §3.2",
    sendersOwn: true,
    odd: Infinity,
    oddIsFresh: true,
    amidOthers: false,
    excluded: [],
  },
  "sctp-chunk": {
    what: "SCTP chunks of a type that nobody assigned, or padding chunks with data",
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
    what: `${one.content.contents} ${place.what}${label}${random ? "; it looks random" : written ? "; it is text" : ""}`,
    open: [
      ...(random
        ? [LOOKS_RANDOM]
        : [{ explanation: "an undocumented but harmless feature", because: "what the content means is not known" }]),
      ...(place.sendersOwn
        ? []
        : [{ explanation: "memory that a network driver leaks into its padding", because: "what it would leak is not known" }]),
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
