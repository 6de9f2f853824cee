import type { CopyObservation } from "./copy.ts";
import type { ObservedMessage, TunnelEnd } from "#model/message.ts";
import type { Statement } from "./statement.ts";

/**
 * What the track stage tells the detect stage: plain data, so that the same stream can be a function call in one
 * process or a topic in a fleet. Nothing here holds payload.
 */
export type Observation =
  | MessageObservation
  | FlowObservation
  | TunnelObservation
  | CoverageObservation
  | GapObservation
  | ChannelObservation
  | CopyObservation
  | ServiceObservation;

/** A subscriber as far as signalling has named it. `key` is stable within a run; identities may be learned later. */
export interface SubscriberView {
  readonly key: number;
  readonly imsi: string | undefined;
  readonly msisdn: string | undefined;
  readonly imei: string | undefined;
  /** Addresses that signalling gave this subscriber, in order. */
  readonly ueAddresses: readonly string[];
  readonly apns: readonly string[];
  /** Address of the eNB's S1AP end, TAI (`20801-00a1`) and ECGI (`20801-0019b01`) last seen. */
  readonly servingEnb: string | undefined;
  readonly tai: string | undefined;
  readonly ecgi: string | undefined;
  /** Emergency attach or emergency PDN connection in progress. */
  readonly emergency: boolean;
}

export interface MessageObservation {
  readonly kind: "message";
  readonly observed: ObservedMessage;
  /** Whom the message is about, where the joined signalling tells; resolved again at the end of the run. */
  readonly subscriber: SubscriberView | undefined;
  /** The request that this message answers, where it was seen (GTP sequence, Diameter hop-by-hop id, PFCP sequence, S1AP procedure). */
  readonly answers: ObservedMessage | undefined;
}

/** Frames of one capture, at most 1,000 listed (`contract.md` §4), `total` counts all. */
export interface FrameList {
  readonly capture: number;
  readonly frames: readonly number[];
  readonly total: number;
}

/** One direction of a flow. */
export interface FlowSide {
  readonly address: string;
  readonly port: number;
  readonly packets: number;
  /** IP octets (outer). */
  readonly bytes: number;
  /** Packets and octets of transport payload sent by this side. */
  readonly payloadPackets: number;
  readonly payloadBytes: number;
  readonly mac: string | undefined;
}

/** A conversation of the network's own addresses at one point: when it has ended, was forgotten, or the input ended; while it lasts, as far as it got. */
export interface FlowObservation {
  readonly kind: "flow";
  readonly point: number;
  readonly capture: number;
  /** IP protocol number: 6 TCP, 17 UDP, 132 SCTP, 1 ICMP, 47 GRE, 50 ESP, … */
  readonly protocol: number;
  readonly vlan: number;
  /** Who began: sender of the SYN (never of the SYN-ACK), else of the first packet seen. */
  readonly initiator: FlowSide;
  readonly responder: FlowSide;
  /** False where the capture starts amid the conversation, so that the initiator is a guess. */
  readonly beginningSeen: boolean;
  readonly tcp: {
    readonly syn: boolean;
    readonly synAck: boolean;
    /** The responder refused: SYN answered by RST, or an ICMP unreachable named the flow. */
    readonly refused: boolean;
    readonly established: boolean;
  };
  /** What the content is (`decode/recognise`), 0 where unknown; and whether a handshake completed with data both ways. */
  readonly application: string | undefined;
  readonly handshakeCompleted: boolean;
  /** TLS SNI, HTTP Host or the like; for people. */
  readonly serverName: string | undefined;
  readonly icmp: { readonly type: number; readonly code: number } | undefined;
  /** Encapsulations seen inside the flow's packets, outermost first: `vxlan`, `ethernet`, … */
  readonly layers: readonly string[];
  /** ESP packets that were looked at, and those that can be read without a key (null encryption). */
  readonly esp?: { readonly packets: number; readonly clear: number };
  /** `IkeWeakness` bits (`sense/ike.ts`) of what each side chose in IKEv2, where it chose something weak; and whether the offer it answered was seen. */
  readonly ike?: { readonly initiator: number; readonly responder: number; readonly offerSeen: boolean };
  /** Different subscriber identities beside a place that each side sent in plain; left out where nobody looked. */
  readonly placedIdentities?: { readonly initiator: number; readonly responder: number };
  readonly firstMicros: number;
  readonly lastMicros: number;
  readonly frames: FrameList;
  /** Frames with transport payload. */
  readonly payloadFrames: FrameList;
  /** True when this is the last word on the flow; false while it lasts. */
  readonly ended: boolean;
}

/** Use of a user-plane tunnel end, at its end or as far as it got. */
export interface TunnelObservation {
  readonly kind: "tunnel";
  readonly end: TunnelEnd;
  /** Sender of the G-PDUs. */
  readonly source: string;
  readonly point: number;
  /** It runs inside another tunnel, so that its ends may be subscribers' own addresses. */
  readonly withinTunnel?: boolean;
  readonly packets: number;
  /** Subscriber IP octets (inner total length). */
  readonly bytes: number;
  readonly firstMicros: number;
  readonly lastMicros: number;
  readonly frames: FrameList;
  /** Inner addresses seen: of the end that lies in the access (uplink source, downlink destination); at most 8. */
  readonly innerAddresses: readonly string[];
  /** What signalling says about this end, over the whole run. */
  readonly signalled: TunnelSignalling | undefined;
  /** Packets and bytes after the tunnel was released (and not set up again), beyond the grace time, with their frames. */
  readonly afterRelease:
    | {
        readonly packets: number;
        readonly bytes: number;
        readonly firstMicros: number;
        readonly lastMicros: number;
        readonly frames: FrameList;
      }
    | undefined;
  /** When the set-up of each end's control association was first seen, microseconds; undefined where it was not. */
  readonly setupSeen: { readonly end: number | undefined; readonly source: number | undefined };
  /** Since when pieces of the signalling of each end are known to be missing from the capture, microseconds; undefined where none are. */
  readonly missingSince: { readonly end: number | undefined; readonly source: number | undefined };
  /** When the first message that named any tunnel at each end was seen, microseconds. */
  readonly signalledSince: { readonly end: number | undefined; readonly source: number | undefined };
  /** Other tunnels with signalling seen at the two ends. */
  readonly signalledNeighbours: { readonly end: number; readonly source: number };
}

export interface TunnelSignalling {
  readonly firstMicros: number;
  /** Reference point of the tunnel as signalling names it: `S1-U`, `S5/S8-U`, `X2-U forwarding`, … */
  readonly interface: string;
  readonly subscriber: SubscriberView | undefined;
  /** Whether signalling names the sender for this session, somebody else in its place, or nobody. */
  readonly user: "named" | "other" | "unknown";
  readonly releasedMicros: number | undefined;
}

/** Where octets were found that should not be there, or should say little. */
export type ChannelPlace =
  /** Padding of a short Ethernet frame; octets behind the packet of a longer one. */
  | "frame-padding"
  | "frame-trailer"
  /** Behind the UDP datagram inside its IP packet. */
  | "udp-surplus"
  /** Behind a G-PDU inside its datagram; an extension header of unassigned type. */
  | "gtp-u-surplus"
  | "gtp-u-extension"
  /** Echoes whose length contradicts their datagram. */
  | "gtp-echo"
  | "icmp-echo"
  /** Replies that do not return what the request held. */
  | "icmp-reply"
  | "dns-name"
  /** User messages under an identifier that nobody assigned; padding that is not zero; chunks of unknown type. */
  | "sctp-payload"
  | "sctp-padding"
  | "sctp-chunk";

/** What is said of contents that are not kept. */
export interface ContentSummary {
  readonly contents: number;
  readonly octets: number;
  /** Contents compared with one another, and how many of these differ from all others. */
  readonly compared: number;
  readonly distinct: number;
  /** The alphabet over which their symbols are spread as if drawn at random; undefined where they are not. */
  readonly uniform: "octets" | "hexadecimal" | "base32" | "base64" | undefined;
  /** Too few octets for that, and yet of as many different values as random ones would have: a hint, no more. */
  readonly spread: boolean;
  /** Share of printable ASCII, 0 … 1. */
  readonly printable: number;
  /** Padding: contents that earlier frames of the point held, as a driver leaves them that does not clear its buffers. */
  readonly known: number;
}

/** Octets where little or nothing belongs, from one address to another at one point; told at the end of the run. */
export interface ChannelObservation {
  readonly kind: "channel";
  readonly place: ChannelPlace;
  /** Payload protocol identifier, chunk or extension type, domain. */
  readonly label: string | undefined;
  readonly source: string;
  /** With several receivers pooled: who got the most. */
  readonly destination: string;
  /** More than one: all of this sender's, towards whomever, beside the observations of each receiver. */
  readonly receivers: number;
  readonly point: number;
  readonly packets: number;
  readonly content: ContentSummary;
  /** The two addresses exchanged messages that decoders read. */
  readonly spokeOtherwise: boolean;
  /** Frames of the point, and how many had octets behind their packet; 0 where the place is no frame. */
  readonly pointFrames: number;
  readonly pointTrailers: number;
  /** Names only: octets of the longest (below the domain), bits of entropy a symbol, and what else the same asker asked. */
  readonly names:
    | {
        readonly longest: number;
        readonly entropy: number;
        readonly answerOctets: number;
        readonly otherQueries: number;
        readonly otherDistinct: number;
        readonly otherOctets: number;
      }
    | undefined;
  readonly frames: FrameList;
  readonly firstMicros: number;
  readonly lastMicros: number;
}

/** What subscribers' own devices talk to, by device type; told at the end of a run that keeps it. Never about one subscriber by name. */
export interface ServiceObservation {
  readonly kind: "service";
  /** Type allocation code; undefined where signalling named no device, or the type has too few subscribers to be told. */
  readonly tac: string | undefined;
  /** Registrable part of the server's name; undefined for all names beyond the limit together. */
  readonly name: string | undefined;
  /** Where the name stands: ClientHello over TCP, question of a DNS query, ClientHello of QUIC. */
  readonly source: "tls" | "dns" | "quic";
  /** Different subscribers; at least so many where a limit was reached. */
  readonly subscribers: number;
  /** Flows, each once though seen at several points. */
  readonly flows: number;
  readonly firstMicros: number;
  readonly lastMicros: number;
}

/** A control association whose beginning was seen (S1 Setup, X2 Setup, PFCP Association Setup, …). */
export interface CoverageObservation {
  readonly kind: "coverage";
  readonly association: "s1" | "x2" | "pfcp" | "gtp-c" | "diameter";
  readonly a: string;
  readonly b: string;
  readonly micros: number;
}

/** Something that was not seen. */
export interface GapObservation {
  readonly kind: "gap";
  readonly gap: Gap;
}

/** One line of `coverage.gaps`. */
export interface Gap {
  readonly kind: string;
  /** Index of the point, or -1. */
  readonly point: number;
  readonly fromMicros: number;
  readonly toMicros: number;
  readonly count: number;
  readonly why: Statement;
}

/** What lasts while stock is taken, as far as it got. It was not observed yet: the last word on each of these comes when it has ended. */
export interface Unended {
  readonly flows: readonly FlowObservation[];
  readonly tunnels: readonly TunnelObservation[];
  readonly channels: readonly ChannelObservation[];
  /** False where more lasted than is held: what is missing here may explain what is not. */
  readonly complete: boolean;
}

export const NOTHING_UNENDED: Unended = { flows: [], tunnels: [], channels: [], complete: true };
