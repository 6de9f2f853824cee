/** What an X1 connection may cost. Each limit says what happens past it. */
export const X1_LIMITS = {
  /** Octets of one HTTP header block; past it, the stream is no X1. */
  headerOctets: 32 * 1024,
  /** Octets of an unknown stream's HTTP message that are kept before it must have named the X1 namespace; past it, no X1. */
  probeOctets: 48 * 1024,
  /** Octets of one HTTP body; past it, the body is passed over and counted. */
  bodyOctets: 4 * 1024 * 1024,
  /** Element depth of one document; past it, no document. */
  depth: 32,
  /** Elements of one document; past it, no document. (GetAllDetails of a large element fits.) */
  elements: 100_000,
  /** Attributes of one element; past it, no document. */
  attributes: 32,
  /** Messages of one container, targets of one task; past them, not read. */
  messages: 1000,
  targets: 64,
  /** HTTP messages of other kinds at the start of a stream before it is given up. */
  foreignMessages: 8,
} as const;
