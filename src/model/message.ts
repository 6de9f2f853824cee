import type { Fault } from "#model/fault.ts";
import type { Instant } from "#model/time.ts";

/** Control protocols as `contract.md` §4 spells them. */
export type Protocol =
  | "s1ap"
  | "nas-eps"
  | "gtpv1"
  | "gtpv2"
  | "gtp-prime"
  | "pfcp"
  | "diameter"
  | "x2ap"
  | "ngap"
  | "nas-5gs"
  | "map"
  | "x1"
  | "x2"
  | "x3"
  | "hi2"
  | "hi3";

/** A tunnel end: TEID (unsigned 32 bits) and the address text (canonical: dotted quad, or RFC 5952). */
export interface TunnelEnd {
  readonly teid: number;
  readonly address: string;
}

/**
 * What every decoder produces. Protocol folders extend it with typed fields of their own
 * (`interface S1apMessage extends DecodedMessage { protocol: "s1ap"; … }`).
 *
 * The identity lists hold clear values as sent, in order of appearance, without duplicates; what the message
 * lacks is an empty list. Pseudonyms are made at the very end, where something is shown.
 */
export interface DecodedMessage {
  readonly protocol: Protocol;
  /** The protocol's own number (`contract.md` §4); undefined for ciphered NAS. */
  readonly type: number | undefined;
  readonly name: string;
  /** S1AP, X2AP, NGAP only. */
  readonly kind?: "initiating" | "successful" | "unsuccessful";
  /** Diameter only. */
  readonly request?: boolean;
  readonly application?: number;
  /** NAS that cannot be read because it is ciphered. */
  readonly ciphered?: boolean;
  readonly imsi: readonly string[];
  readonly msisdn: readonly string[];
  readonly imei: readonly string[];
  /** F-TEID, Outer Header Creation, S1AP/X2AP/NGAP transport pairs, GTPv1 TEID with its GSN address. */
  readonly teids: readonly TunnelEnd[];
  readonly ueAddresses: readonly string[];
  readonly apn: readonly string[];
  /** Messages carried inside this one (NAS in S1AP, ESM in EMM, …), outermost first. */
  readonly inner: readonly DecodedMessage[];
  /** Faults met while decoding; what decoded before them is kept. */
  readonly faults: readonly Fault[];
}

/** Where a message was seen. */
export interface MessageOrigin {
  /** Index of the capture file in this run. */
  readonly capture: number;
  /** Index of the point in this run. */
  readonly point: number;
  /** 1-based frame that completes the message, as Wireshark shows it, and all frames that carry a part of it. */
  readonly frame: number;
  readonly frames: readonly number[];
  readonly time: Instant;
  readonly src: string;
  readonly dst: string;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly transport: "udp" | "tcp" | "sctp";
  /** True where the message was inside a subscriber's own tunnel (user traffic), not on the network's own wires. */
  readonly inTunnel: boolean;
  /** True where some octet of the message was missing (snap length, lost segment). */
  readonly incomplete: boolean;
}

/** A decoded message together with where it was seen: one observation of the control plane. */
export interface ObservedMessage<M extends DecodedMessage = DecodedMessage> {
  readonly origin: MessageOrigin;
  readonly message: M;
}

/** Receives messages in the order in which they were completed. */
export interface MessageSink {
  message(observed: ObservedMessage): void;
  /** A fault that no message carries: a datagram that could not be read as what its port claims. */
  fault(fault: Fault, origin: MessageOrigin): void;
  /** Octets that belong to no message although they travel with messages. Valid during the call. */
  stray?(content: StrayContent): void;
  /** Pieces of an association's messages that were not seen although later ones were: so many more, or (negative) fewer, when late ones fill their places. */
  missing?(change: number, origin: MessageOrigin): void;
}

/** Octets that no decoder is meant to read: SCTP's (RFC 9260 §3.2, §3.3.1), and echoes of GTP whose length contradicts their datagram. */
export interface StrayContent {
  readonly place: "sctp-payload" | "sctp-padding" | "sctp-chunk" | "gtp-echo";
  /** Payload protocol identifier or chunk type. */
  readonly label: string | undefined;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly origin: MessageOrigin;
}
