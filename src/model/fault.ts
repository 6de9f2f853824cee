/**
 * What is wrong with bytes that somebody else sent. A fault is a value, never an exception: the stream goes on.
 *
 * `code` is a closed list so that tests and tools match codes, never sentences.
 */
export type FaultCode =
  /** fewer octets than the format needs, and the frame itself was complete */
  | "short"
  /** the capture's snap length cut the frame before the format was complete */
  | "cut"
  /** a length field contradicts what contains it */
  | "length"
  /** a version the protocol does not have */
  | "version"
  /** a value that the specification forbids */
  | "value"
  /** nested deeper than the named limit */
  | "depth"
  /** more elements than the named limit */
  | "count"
  /** a checksum that must hold does not (never for checksums left to the network card) */
  | "checksum"
  /** a fragment, chunk or segment never got its rest */
  | "incomplete"
  /** an encoding that is not defined for its type (PER, BER, TBCD, …) */
  | "encoding";

export interface Fault {
  /** Protocol or layer, lower case: `ipv4`, `gtpv2`, `s1ap`, … */
  readonly layer: string;
  readonly code: FaultCode;
  /** The field or element that set the limit or failed, as the specification names it. */
  readonly field: string;
  /** Offset of that field from the start of the layer, octets. */
  readonly offset: number;
  /** Octets (or elements) needed and at hand; -1 where that makes no sense. */
  readonly needed: number;
  readonly had: number;
}
