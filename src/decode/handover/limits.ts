/** What a handover stream may cost. Each limit says what happens past it. */
export const HANDOVER_LIMITS = {
  /** Octets of one definite-length PDU; past it, no PDU. */
  pduOctets: 16 * 1024 * 1024,
  /** Octets of one PDU that are kept while it is incomplete; past it, what is there is reported and the rest skipped. */
  heldOctets: 256 * 1024,
  /** Octets of an unknown stream, joined in the middle, that are searched for a first PDU; past it, the answer is no. */
  searchOctets: 64 * 1024,
} as const;

/** A lawful interception identifier has 1 to 25 octets (TS 102 232-1 clause 5.2.2). */
export const LIID_OCTETS = 25;
