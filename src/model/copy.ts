/**
 * What the copy search tells the detect stage: one carrier on which subscribers' packets were seen again.
 * Plain data without payload or prints, so that it can be stored, sent, and counted again by a stranger.
 */
/** One IP header outside the subscriber's packet, outermost first. */
export interface CopyCarrier {
  readonly src: string;
  readonly dst: string;
  readonly protocol: number;
  /** Of the first packet seen; -1 where there are none. */
  readonly srcPort: number;
  readonly dstPort: number;
  /** Innermost tunnel header that this level carries (`vxlan`, `gre`, `gtp-u`, …), empty where none was recognised. */
  readonly tunnel: string;
}

/** A way on which packets travelled, as one point shows it. */
export interface CopyLeg {
  readonly index: number;
  readonly point: number;
  readonly capture: number;
  /** `link`: nothing wraps the packet; `tunnel`: a chain of recognised headers; `flow`: found in a flow's payload. */
  readonly kind: "link" | "tunnel" | "flow";
  readonly carriers: readonly CopyCarrier[];
  readonly srcMac: string | undefined;
  readonly dstMac: string | undefined;
  readonly vlan: number;
  readonly layers: readonly string[];
  readonly firstMicros: number;
}

/** Session-unique bits that matches of one flow have earned, each octet range once (`method.md` §2). */
export interface CopyCredits {
  /** TCP sequence and acknowledgement number: 0, 32 (SYN) or 64. */
  readonly sequence: number;
  /** Ciphertext after a handshake that was seen; at most 256. */
  readonly cipher: number;
  /** TLS hello random; at most 224. */
  readonly random: number;
  /** DNS id (16) and port (14). */
  readonly dns: number;
  /** RTP: SSRC 32, a timestamp (28) and sequence number (15) that begin at random. */
  readonly ssrc: number;
  /** Plain content: flows of other subscribers looked at, and those that held it; null where none was credited. */
  readonly plain: { readonly others: number; readonly holding: number } | null;
}

/** Matches between the carrier and one direction of one subscriber's 5-tuple: one trial. */
export interface CopyFlow {
  readonly uplink: boolean;
  readonly protocol: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Prints that this flow offered (n_a). */
  readonly offered: number;
  /** Distinct matching inputs (k), of which `byPayload` only by their payload (translated addresses), `sliced` only by their header. */
  readonly matches: number;
  readonly byPayload: number;
  readonly sliced: number;
  /** Of the windows, those of plain content that no other subscriber's flow was seen to hold; left out where no window is of plain content. */
  readonly ownPlain?: number;
  /** Of these, windows at places that the content chose (content cut anew). */
  readonly windows: number;
  /** Matches in frames that the capture cut: they support, never carry. */
  readonly weak: number;
  readonly packets: number;
  readonly bytes: number;
  readonly credits: CopyCredits;
  /** Whether this direction and the opposite one were seen on explained links and tunnels. */
  readonly seenOnLink: boolean;
  readonly seenInTunnel: boolean;
  readonly answerSeen: boolean;
  /** The opposite direction was seen on plain links. */
  readonly answerOnLink?: boolean;
}

export interface CopySubscriber {
  /** Address of the user equipment. */
  readonly address: string;
  readonly packets: number;
  readonly bytes: number;
  readonly firstMicros: number;
  readonly lastMicros: number;
  /** Frames that carry this subscriber's copies: at most 1,000 listed, `total` counts all. */
  readonly frames: { readonly capture: number; readonly frames: readonly number[]; readonly total: number };
  /** Flow directions and prints this subscriber ever offered. */
  readonly flowsOffered: number;
  readonly printsOffered: number;
  /** Strongest first, at most 64; `flowsMatched` counts all. */
  readonly flows: readonly CopyFlow[];
  readonly flowsMatched: number;
  /** A login in clear was among the copied packets. */
  readonly login?: boolean;
}

/** A leg on which the originals were seen. */
export interface CopyOriginal {
  readonly leg: CopyLeg;
  readonly packets: number;
  /** TTL of the copy less TTL of the original: the commonest difference, and the share of packets that have it. */
  readonly ttlDelta: number;
  readonly ttlShare: number;
  /** Time of the copy less time of the original, microseconds; negative where the copy was captured first. */
  readonly delayMedian: number;
  readonly delayLow: number;
  readonly delayHigh: number;
  /** Clock of the copy's point less clock of this leg's, as far as packets that both saw bound it. */
  readonly clock?: CopyClock;
}

/** Microseconds; null where nothing bounds it. */
export interface CopyClock {
  readonly low: number | null;
  readonly high: number | null;
}

/** How one direction of one subscriber's traffic is followed by a carrier that cannot be read (docs/copies.md §7). */
export interface CopyTrain {
  readonly address: string;
  readonly uplink: boolean;
  /** Second half of the data: bursts, those followed, upper bound of the share followed by chance, -log2 of the chance for this pair alone. */
  readonly bursts: number;
  readonly followed: number;
  readonly chanceShare: number;
  readonly pairBits: number;
  /** Microseconds after the original; octets longer than it. */
  readonly delayLow: number;
  readonly delayHigh: number;
  readonly overheadLow: number;
  readonly overheadHigh: number;
  readonly packets: number;
  /** IP octets of the packets followed; distinct lengths among them. */
  readonly octets: number;
  readonly sizes: number;
}

export interface CopyRhythm {
  /** Pairs of carrier and train ever tried: the family. */
  readonly pairs: number;
  /** Events of the carrier (packets, records or messages), their octets, and octets of those that follow a subscriber's packet. */
  readonly events: number;
  readonly octets: number;
  readonly explained: number;
  /** Packets with payload on this carrier, and back from its far end. */
  readonly forward: number;
  readonly reverse: number;
  /** Trains with events in the run, and how many of them are followed. */
  readonly trains: readonly CopyTrain[];
}

export interface CopyObservation {
  readonly kind: "copy";
  readonly carrier: CopyLeg;
  /** How the packets were found: `as is`, or transforms in their order (`base64`, `gzip`, …). */
  readonly transform: string;
  /** F_a, F_b, T: subscriber flow directions, carriers and transforms ever offered, forgotten ones included. */
  readonly trials: { readonly flows: number; readonly carriers: number; readonly transforms: number };
  /** Prints this carrier offered (n_b), and bits of a print. */
  readonly offered: number;
  readonly printBits: number;
  /** One packet in so many was looked at (consistent sampling). */
  readonly sample: number;
  readonly packets: number;
  readonly bytes: number;
  readonly firstMicros: number;
  readonly lastMicros: number;
  readonly subscribers: readonly CopySubscriber[];
  readonly originals: readonly CopyOriginal[];
  /** Packets of subscribers that came the other way on this carrier, and of which the network then delivered some on. */
  readonly returned: number;
  /** Distinct packets on the carrier that no original was seen for; repetitions of one packet count neither here nor as copies. */
  readonly unmatched: number;
  /** Addresses that the carrier's own MACs were seen to belong to (ARP, or the only source address behind a MAC). */
  readonly macAddresses: { readonly src: string | undefined; readonly dst: string | undefined };
  /** Copies and originals side by side, for challenge openings. */
  readonly samples: readonly CopyPair[];
  /** Set where the carrier is an explained tunnel, and its sender sends the same packets elsewhere, too. */
  readonly forked?: boolean;
  /** Set where nothing on the carrier could be read, and it follows subscribers' packets by time and length alone. */
  readonly rhythm?: CopyRhythm;
}

export interface CopyPair {
  readonly copy: { readonly capture: number; readonly frame: number };
  readonly original: { readonly capture: number; readonly frame: number };
}

/** What the search could not have seen. */
export interface CopyCoverage {
  /** Copies delayed by more than this would be missed, microseconds; Infinity where nothing was forgotten. */
  readonly horizonMicros: number;
  readonly referenceRecords: number;
  readonly suspectRecords: number;
  readonly tableBytes: number;
  /** What the tables may take. */
  readonly budgetBytes: number;
  readonly legsDropped: number;
  readonly pairsDropped: number;
  readonly candidatesDropped: number;
  readonly sample: number;
}
