export const TLS_LIMITS = {
  /** Octets of one direction that wait, for the rest of a record or for the other direction's hello; past it, the direction is given up. */
  waitingOctets: 64 * 1024,
  /** Handshake messages looked at in one record. */
  messages: 64,
} as const;
