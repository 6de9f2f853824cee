/** Bounds that a hostile PDU cannot exceed; past each the PDU gets one fault and what was read before stays. */
export const limits = {
  /** Values made from one PDU: stops lists of elements that take no bits, and wide lists of small ones. */
  values: 65_536,
  /** Levels of types within types. The tables do not recur, so only a faulty table reaches it; the deepest path of S1AP is 31. */
  depth: 64,
  /** Faults kept of one PDU; further ones are not listed. */
  faults: 16,
  /** Octets of a value whose encoding is in fragments of 16 K and more (§11.9.3.8). */
  fragmentedOctets: 1 << 20,
} as const;
