/** Limits of the control plane's dispatch; each bounds memory or work that whoever writes the traffic could otherwise take. */
export const CONTROL_LIMITS = {
  /** TCP directions followed at once; past it the least recently used one is let go. */
  tcpStreams: 8_192,
  /** Octets of one unknown TCP direction that are looked at for Diameter; past it, it is none. */
  diameterSearchOctets: 64 * 1024,
  /** Octets of unfinished Diameter messages held over all TCP streams; past it the stream that wants more loses its place. */
  diameterHeldOctets: 32 << 20,
  /** Kinds of fault that are told apart when they are counted. */
  faultKinds: 1_024,
} as const;
