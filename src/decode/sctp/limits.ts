/** Limits of SCTP reassembly; each bounds memory that whoever writes the traffic could otherwise take. */
export interface SctpLimits {
  /** Directions of associations (with their further paths) kept; past it the least recently used one is forgotten. */
  readonly directions: number;
  /** Seconds of capture time without a packet after which a direction is forgotten. */
  readonly idleSeconds: number;
  /** Transmission sequence numbers remembered a direction, to know a retransmission; a power of two. */
  readonly remembered: number;
  /** Fragments waiting for the rest of their message, a direction; past it the oldest message is given up. */
  readonly fragments: number;
  /** Octets of such fragments, a direction; likewise. */
  readonly fragmentOctets: number;
  /** Octets of such fragments over all directions; past it the direction that wants more gives up its oldest message. */
  readonly fragmentOctetsTotal: number;
  /** Seconds of capture time that a message may wait for its rest. */
  readonly fragmentSeconds: number;
}

export const SCTP_LIMITS: SctpLimits = {
  directions: 4_096,
  idleSeconds: 3_600,
  remembered: 1_024,
  fragments: 512,
  fragmentOctets: 1 << 20,
  fragmentOctetsTotal: 32 << 20,
  fragmentSeconds: 30,
};

/** Distance of sequence numbers within which a new path of an association is taken for one that is known (multi-homing). */
export const PATH_DISTANCE = 1 << 16;
