/** Limits of TCP reassembly. Every one bounds memory or time that whoever writes the traffic could otherwise take. */
export interface TcpLimits {
  /** Streams (directions of connections) kept; past it the least recently used one ends as `evicted`. */
  readonly streams: number;
  /** Seconds of capture time without a segment after which a stream ends as `expired`. */
  readonly idleSeconds: number;
  /** Out-of-order segments kept a stream; past it the hole before them is skipped and reported as a gap. */
  readonly heldSegments: number;
  /** Out-of-order octets kept a stream; likewise. */
  readonly heldOctets: number;
  /** Out-of-order octets kept by all streams; past it the stream that wants more skips its hole at once. */
  readonly heldOctetsTotal: number;
  /** Seconds of capture time that a hole may stay open while later segments arrive. */
  readonly holeSeconds: number;
  /** Segments held beyond a hole that the other side has acknowledged: its octets were received but not captured. */
  readonly heldAfterAcknowledgement: number;
  /** Octets between a segment and the expected sequence number from which it counts as a stranger. */
  readonly strangeDistance: number;
  /** Strangers in a row after which the stream goes on at theirs (a missed reconnect, or a long loss). */
  readonly strangers: number;
  /** Seconds of capture time after an end or a reset until it is believed, where somebody else may have written it. */
  readonly closeSeconds: number;
  /** Ends that wait to be believed; past it the oldest is believed at once. */
  readonly closings: number;
  /** Seconds of silence after which a SYN with another number is the next use of the port pair, and before which it may be anybody's. */
  readonly reuseSeconds: number;
  /** Octets handed on that are kept a stream, to notice others in their place; a power of two, or 0 for none. */
  readonly recentOctets: number;
  /** The same over all streams; past it the streams that begin are not watched for contradictions. */
  readonly recentOctetsTotal: number;
}

export const TCP_LIMITS: TcpLimits = {
  streams: 65_536,
  idleSeconds: 3_600,
  heldSegments: 256,
  heldOctets: 1 << 20,
  heldOctetsTotal: 64 << 20,
  holeSeconds: 5,
  heldAfterAcknowledgement: 3,
  strangeDistance: 16 << 20,
  strangers: 3,
  closeSeconds: 2,
  closings: 16_384,
  reuseSeconds: 120,
  recentOctets: 8_192,
  recentOctetsTotal: 32 << 20,
};
