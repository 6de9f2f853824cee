/**
 * SCTP on the wire: RFC 9260 §3 (common header, chunks), RFC 8260 §2.1 (I-DATA).
 *
 * ```
 * common header   0 source port (2)   2 destination port (2)   4 verification tag (4)   8 CRC32c (4)
 * chunk           0 type (1)   1 flags (1)   2 length (2), header included, padding to 4 octets not included
 * DATA            4 TSN (4)   8 stream (2)  10 stream sequence number (2)  12 payload protocol identifier (4)  16 user data
 * I-DATA          4 TSN (4)   8 stream (2)  10 reserved (2)  12 message identifier (4)
 *                16 payload protocol identifier where the B bit is set, else fragment sequence number (4)  20 user data
 * INIT, INIT ACK  4 initiate tag (4)   8 window (4)  12 streams out (2)  14 streams in (2)  16 initial TSN (4)
 * ```
 */
export const COMMON_HEADER = 12;
export const VERIFICATION_TAG = 4;

export const CHUNK_TYPE = 0;
export const CHUNK_FLAGS = 1;
export const CHUNK_LENGTH = 2;
export const CHUNK_HEADER = 4;

export const DATA_TSN = 4;
export const DATA_STREAM = 8;
export const DATA_SEQUENCE = 10;
export const DATA_PPID = 12;
export const DATA_USER = 16;
export const IDATA_MESSAGE = 12;
export const IDATA_PPID = 16;
export const IDATA_USER = 20;

export const Chunk = {
  DATA: 0,
  INIT: 1,
  INIT_ACK: 2,
  ABORT: 6,
  SHUTDOWN: 7,
  COOKIE_ECHO: 10,
  SHUTDOWN_COMPLETE: 14,
  I_DATA: 64,
  PAD: 132,
} as const;

/** Chunk types that IANA assigns (RFC 9260 §3.2, RFC 4895, RFC 5061, RFC 6525, RFC 4820, RFC 3758, RFC 8260), and packet drop and NR-SACK of drafts in use. */
export const KNOWN_CHUNKS: ReadonlySet<number> = new Set([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 64, 128, 129, 130, 132, 192, 193, 194,
]);

/** Flags of DATA and I-DATA (§3.3.1): unordered, first fragment, last fragment. */
export const ENDING = 0x01;
export const BEGINNING = 0x02;
export const UNORDERED = 0x04;
