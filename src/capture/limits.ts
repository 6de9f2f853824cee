/** Bounds of the capture readers; each says what it prevents. All are listed in `docs/limits.md`. */
export const limits = {
  /** Octets read at a time. Measured best between 0.5 and 4 MiB: larger blocks leave the cache. */
  blockBytes: 1024 * 1024,
  /** Frames of one batch. */
  batchFrames: 8192,
  /** Captured octets of one frame; a record that claims more is malformed (libpcap's MAXIMUM_SNAPLEN). */
  frameBytes: 262_144,
  /** Octets of one pcapng packet block with its options; a longer one is skipped as malformed. */
  packetBlockBytes: 512 * 1024,
  /** Octets of one other pcapng block that are looked at (names, comments, statistics); longer ones are skipped. */
  controlBlockBytes: 512 * 1024,
  /** Interfaces of one file, over all its sections; packets of further ones are counted as malformed. */
  points: 4096,
  /** Comments kept of one file; further ones are counted. */
  comments: 256,
  /** Octets kept of one comment or name. */
  textBytes: 4096,
  /** Gaps listed of one file; further ones are counted in the last. */
  gaps: 256,
  /** Captures taken from one directory. */
  directoryFiles: 100_000,
} as const;
