/** What a stranger's payload may cost. */
export const limits = {
  /** Octets of one segment that are searched for text (headers, name spaces). */
  searchOctets: 2048,
  /** Labels of a DNS name (RFC 1035 §3.1 allows 127 in 255 octets). */
  dnsLabels: 127,
  /** Attributes of a RADIUS packet (4,096 octets of at least 2 each). */
  radiusAttributes: 2048,
  /** Sets of a NetFlow v9 packet. */
  flowSets: 512,
  /** Extensions of a TLS ClientHello. */
  tlsExtensions: 128,
  /** Characters of a server name (RFC 1035 §2.3.4). */
  serverName: 253,
} as const;
