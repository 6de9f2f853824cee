import type { Fault } from "#model/fault.ts";
import type { DecodedMessage } from "#model/message.ts";
import type { Instant } from "#model/time.ts";

/**
 * Nouns of lawful interception, shared by the decoders of X1, X2/X3, HI2/HI3 and vendor shims, by the register of
 * warrants and by the detector that compares the two. Everything here is for readers cleared for interception only.
 */

/** Ways of naming a person that the register of warrants knows (`contract.md` §3), after folding of 5G spellings. */
export type IdentifierKind = "imsi" | "msisdn" | "imei" | "ip" | "sip" | "nai" | "other";

/** One name of a target, as the message states it and folded into the form in which it is compared. */
export interface TargetIdentifier {
  readonly kind: IdentifierKind;
  /**
   * Comparable form: digits for `imsi`, `msisdn`; the first 14 digits for `imei`; canonical address text for `ip`
   * (with `/length` where a prefix was given); lower case for `sip`, `nai`.
   */
  readonly value: string;
  /** Element or field name as the specification spells it: `supiimsi`, `e164Number`, … */
  readonly element: string;
  /** As sent, trimmed. */
  readonly sent: string;
}

/** Intercept related information, content, or what keeps a delivery alive and carries no product. */
export type ProductKind = "iri" | "cc" | "keepalive" | "other";

/** A user packet (or other content) inside a product, as offsets from the start of the message's octets. */
export interface CarriedContent {
  readonly kind: "ipv4" | "ipv6" | "ethernet" | "rtp" | "sip" | "gtp-u" | "msrp" | "other";
  /** Octets from the start of the message to the content, and its length. */
  readonly offset: number;
  readonly length: number;
  /** Addresses of the IP packet inside, and its octets by its own account; undefined and 0 where there is none. */
  readonly src: string | undefined;
  readonly dst: string | undefined;
  readonly ipOctets: number;
  /** What its TCP segment shows of a login in clear (`Login` of `bytes/login.ts`); absent for nothing. */
  readonly login?: number;
}

/** What every product of interception says of itself, whichever interface carries it. */
export interface InterceptionProduct {
  readonly product: ProductKind;
  /** Task identifier of X1/X2/X3 (UUID text, lower case) and its siblings (additional XIDs). */
  readonly xid: string | undefined;
  readonly additionalXids: readonly string[];
  /** Lawful interception identifier of the handover interfaces; printable text, or `0x…` where it is not. */
  readonly liid: string | undefined;
  /** The product's own time stamp: the one that a warrant's period is tested on. */
  readonly productTime: Instant | undefined;
  readonly sequence: number | undefined;
  readonly targets: readonly TargetIdentifier[];
  /** The other party, where named. */
  readonly otherTargets: readonly TargetIdentifier[];
  readonly towards: "from-target" | "to-target" | "both" | "unknown";
  /** User packets or other content carried, in order. */
  readonly contents: readonly CarriedContent[];
  /** Whether it says where the target is. */
  readonly holdsLocation: boolean;
}

/** TS 103 221-2 PDU. `type` is the PDU type: 1 X2, 2 X3, 3 keepalive, 4 keepalive acknowledgement. */
export interface X2x3Message extends DecodedMessage, InterceptionProduct {
  readonly protocol: "x2" | "x3";
  readonly type: number;
  readonly majorVersion: number;
  readonly minorVersion: number;
  readonly headerLength: number;
  readonly payloadLength: number;
  readonly payloadFormat: number;
  readonly payloadDirection: number;
  /** 16 hexadecimal digits. */
  readonly correlationId: string;
  readonly domainId: string | undefined;
  readonly nfId: string | undefined;
  readonly interceptionPointId: string | undefined;
  readonly srcAddress: string | undefined;
  readonly dstAddress: string | undefined;
  readonly srcPort: number | undefined;
  readonly dstPort: number | undefined;
  readonly ipProtocol: number | undefined;
  /** Attributes in order; offsets of their values from the start of the PDU. Unknown types keep their number. */
  readonly attributes: readonly { readonly type: number; readonly offset: number; readonly length: number }[];
}

/** A PS-PDU (TS 102 232-1), a ULIC header with its T-PDU, or a 3GPP handover record (TS 33.108, TS 33.128). */
export interface HandoverMessage extends DecodedMessage, InterceptionProduct {
  readonly protocol: "hi2" | "hi3";
  /** PS-PDU: number of the payload's choice (0 IRI, 1 CC, 2 TRI, 3 HI1, …); others: 0 IRI, 1 CC. */
  readonly type: number;
  readonly family: "ps-pdu" | "ulic" | "3gpp";
  /** The domain object identifier in dotted text. */
  readonly domain: string;
  readonly authorisationCountry: string | undefined;
  readonly deliveryCountry: string | undefined;
  readonly operatorId: string | undefined;
  readonly networkElementId: string | undefined;
  /** Communication identity number (PS-PDU) or correlation number (3GPP), decimal or hexadecimal text. */
  readonly communicationId: string | undefined;
  readonly interceptionPointId: string | undefined;
  /** Object identifiers of the contents, dotted. */
  readonly contentOids: readonly string[];
  /** TRI: what it reports (0 integrity check, 1 test PDU, 3 keepalive, 4 keepalive response, …). */
  readonly triKind: number | undefined;
}

/** A user packet behind a vendor's interception shim. */
export interface ShimMessage extends DecodedMessage, InterceptionProduct {
  readonly protocol: "x3";
  readonly type: undefined;
  readonly shim: "jmirror" | "ip-udp-shim" | "pcli";
  readonly interceptId: number;
  readonly sessionId: number | undefined;
}

export interface X1Destination {
  /** UUID text, lower case. */
  readonly dId: string;
  /** Canonical address text, or undefined where the destination is no IP end. */
  readonly address: string | undefined;
  readonly port: number | undefined;
  readonly deliveryType: string | undefined;
}

export interface X1Task {
  /** UUID text, lower case. */
  readonly xId: string;
  readonly targets: readonly TargetIdentifier[];
  /** `X2Only`, `X3Only`, `X2andX3`, or as sent. */
  readonly deliveryType: string | undefined;
  readonly dIds: readonly string[];
  /** Where the element is to mediate itself: the handover identifiers, and their own periods. */
  readonly mediation: readonly {
    readonly liid: string;
    readonly start: Instant | undefined;
    readonly end: Instant | undefined;
    readonly dIds: readonly string[];
  }[];
  readonly productId: string | undefined;
}

/** One message of an X1 container (TS 103 221-1). `type` is the operation's number in `decode/x1/operations.ts`. */
export interface X1Message extends DecodedMessage {
  readonly protocol: "x1";
  readonly type: number;
  readonly request: boolean;
  /** Schema type without `Request` or `Response`: `ActivateTask`; for an ErrorResponse the one it answers. */
  readonly operation: string;
  readonly outcome: "request" | "ok" | "error";
  readonly errorCode: number | undefined;
  readonly admfIdentifier: string | undefined;
  readonly neIdentifier: string | undefined;
  readonly messageTime: Instant | undefined;
  readonly version: string | undefined;
  /** UUID text, lower case; joins a response to its request. */
  readonly transactionId: string | undefined;
  readonly tasks: readonly X1Task[];
  /** Tasks named by identifier alone (deactivation, details asked for, issues reported). */
  readonly xIds: readonly string[];
  readonly destinations: readonly X1Destination[];
  /** Destinations named by identifier alone. */
  readonly dIds: readonly string[];
}

export type LiMessage = X1Message | X2x3Message | HandoverMessage | ShimMessage;

/**
 * Receives messages that a stream recogniser completes. `origins` are the ones given with the chunks that carried
 * the message, in order; `bytes[start, end)` are its octets, valid only during the call.
 */
export interface LiStreamSink<O> {
  message(message: LiMessage, bytes: Uint8Array, start: number, end: number, origins: readonly O[]): void;
  fault(fault: Fault, origins: readonly O[]): void;
}

/** A recogniser's answer about octets that it was shown from their start. */
export type Probe = "yes" | "no" | "more";

/**
 * A recogniser of one direction of a TCP stream. The bytes given are borrowed for the call. `more` octets may be
 * asked for; nothing is emitted until the recogniser is sure, and nothing that it saw before is lost.
 */
export interface LiStream<O> {
  /** Whether the stream is the recogniser's own. Once `no`, further data are ignored. */
  readonly state: Probe;
  /** Whether to go on: false once the state is `no`. */
  data(bytes: Uint8Array, start: number, end: number, origin: O): boolean;
  /** Octets are missing here (count where known, else -1). */
  gap(missing: number): boolean;
  end(): void;
}
