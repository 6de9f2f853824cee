/** What an X2/X3 stream may cost. Each limit says what happens past it. */
export const X2X3_LIMITS = {
  /** Octets of one header with its attributes; past it, no PDU. */
  headerOctets: 65_536,
  /** Octets of one payload; past it, no PDU. (MIME and large MSRP bodies fit.) */
  payloadOctets: 16 * 1024 * 1024,
  /** Octets of one PDU that are kept while it is incomplete; past it, its header is reported and its payload skipped. */
  heldOctets: 256 * 1024,
  /** Attributes of one header; past it, the rest are not read. */
  attributes: 64,
  /** Target identifiers in one attribute list, and octets of one such attribute; past them, not read. */
  targets: 16,
  targetOctets: 2048,
  /** Additional XIDs of one header; past it, not read. */
  xids: 64,
  /** Octets of an unknown stream, joined in the middle, that are searched for a first PDU; past it, the answer is no. */
  searchOctets: 64 * 1024,
} as const;
