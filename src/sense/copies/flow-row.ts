/** Layout of what is kept of one flow, and what its octets are worth as evidence. */

/** What the octets of a flow are, as evidence (`method.md` §2). */
export const Content = {
  /** Nothing known: everybody's octets. */
  PLAIN: 0,
  /** After a handshake that was seen: TLS, QUIC 1-RTT, SSH, DTLS, SRTP, WireGuard, ESP in UDP. */
  CIPHER: 1,
  /** A TLS hello: its random is in the window. */
  TLS_RANDOM: 2,
  DNS: 3,
  RTP: 4,
} as const;

/**
 * Session-unique bits of an RTP header by what of it begins at random: the SSRC alone; and the timestamp, of which four bits are left out for those that are
 * taken for small; and the sequence number, of which one is (RFC 3711 §3.3.1 asks for a start below 2^15).
 */
export const RTP_BITS: readonly number[] = [32, 32 + 28, 32 + 28 + 15];

/** What a flow is known to be, from its first packets. */
export const Kind = {
  UNKNOWN: 0,
  TLS: 1,
  SSH: 2,
  QUIC: 3,
  DTLS: 4,
  WIREGUARD: 5,
  IKE: 6,
  DNS: 7,
  RTP: 8,
  OTHER: 9,
} as const;

/**
 * Words of a row, one cache line. What every packet touches stands in the first 48 octets: large arrays begin 16 octets behind
 * the beginning of a line, so that the rest lies in the next one.
 */
export const Row = {
  /** Source, destination, ports, version | protocol << 8; IPv6: more of the addresses. */
  KEY: 0,
  PROTOCOL: 3,
  /** Number of the flow, to tell whether the slot is still its. */
  NUMBER: 5,
  NEXT: 6,
  KIND: 7,
  /** `Flag` bits. */
  FLAGS: 8,
  /** Packets whose prints were offered. */
  OFFERED: 9,
  SUBSCRIBER: 10,
  /** Ways on which packets of this flow were seen: `Seen` bits (explained ways only). */
  SEEN: 11,
  /** The other direction's number, 0 unknown. */
  REVERSE: 12,
  /** TLS, SSH: sequence number at which the next record begins. QUIC: length of this side's own connection id + 1. RTP: last sequence number + 1. */
  STATE: 13,
  /** Packets looked at for content so far (8 bits); place at which windows are taken (24). */
  LOOKED: 14,
  /** Octets from which windows were taken (16 bits), packets of ciphertext since (16). */
  WINDOWS: 15,
} as const;
export const ROW_WORDS = 16;

export const Flag = {
  /** This direction's own hello was seen. */
  HELLO: 1,
  /** Ciphertext from here on. */
  CIPHERED: 2,
  /** The subscriber is the source; known, or guessed from the addresses. */
  UPLINK: 4,
  SIDE_KNOWN: 8,
  /** One sender was seen to send it to two ends by turns, once so far. */
  TURNED: 16,
} as const;
/** Above the bits of `Flag`: number of the tunnel's leg on which it was last seen, plus one; the legs' limit needs 17 bits. */
export const LAST_LEG = { SHIFT: 8, MASK: 0x1ff_ff } as const;

export const Seen = { PLAIN: 1, TUNNEL: 2, PAYLOAD: 4 } as const;
