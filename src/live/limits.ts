/** Limits of live capture; each bounds memory or time while the analysis is behind. */
export const LIVE_LIMITS = {
  /** Octets of frames between one reading thread and the analysis; past it whole batches are dropped, counted and told as a gap. */
  queueOctets: 64 << 20,
  /** Octets of one hand-over from a reading thread; a quiet link hands over what it has at once. */
  blockOctets: 1 << 20,
  /** Frames of one hand-over. */
  blockFrames: 8_192,
  /** Seconds between two readings of the capture program's own drop counters. */
  counterSeconds: 5,
  /** Seconds that a capture program gets to end after it was asked to. */
  endSeconds: 5,
  /** Octets of one line that a capture program writes to its standard error; what is longer is cut. */
  toolLine: 4_096,
} as const;
