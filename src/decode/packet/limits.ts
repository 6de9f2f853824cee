/** Bounds of the packet decoder; each says what it prevents. All are listed in `docs/limits.md`. */
export const limits = {
  /** IP headers in one frame, tunnels included. A packet that wraps itself again and again would cost time per octet. */
  ipLevels: 8,
  /** Headers of all kinds in one frame (Ethernet, VLAN, MPLS entries, tunnels, IP, transport). */
  layers: 40,
  /** Labels read from one MPLS stack. */
  mplsLabels: 16,
  /** VLAN tags read from one Ethernet frame. */
  vlanTags: 8,
  /** IPv6 extension headers of one packet. */
  ipv6Extensions: 16,
  /** GTP-U extension headers of one packet. */
  gtpExtensions: 16,
  /** TZSP tagged fields of one packet. */
  tzspTags: 64,
  /** Source-routing entries of one GRE header (RFC 1701). */
  greRoutes: 16,

  /** Datagrams under reassembly at one time; the oldest is given up first. */
  fragmentDatagrams: 1024,
  /** Whole datagrams kept for other versions of their fragments; the oldest is forgotten first. */
  fragmentsKept: 256,
  /** Fragments of one datagram. */
  fragmentsPerDatagram: 256,
  /** Octets held by all datagrams under reassembly. */
  fragmentBytes: 16 * 1024 * 1024,
  /** Seconds of capture time after which an incomplete datagram is given up (RFC 8200 §4.5 says 60). */
  fragmentSeconds: 60,
} as const;
