// GTPv1-C, 3GPP TS 29.060, and GTP-U signalling, TS 29.281: what a decoded message offers.
import type { Cgi, Rai } from "#decode/digits/place.ts";
import type { Fault } from "#model/fault.ts";
import type { DecodedMessage } from "#model/message.ts";

/** One information element as it lies in `Gtpv1Message.bytes` (TS 29.060 §7.7): a view, never a copy. */
export interface Gtpv1Ie {
  readonly type: number;
  /** Offset and octets of the value, from the start of `Gtpv1Message.bytes`. */
  readonly start: number;
  readonly length: number;
}

/** TS 29.060 §6, TS 29.281 §5.1. */
export interface Gtpv1Header {
  readonly version: 1;
  readonly teid: number;
  /** Undefined where the S flag is 0. */
  readonly sequence: number | undefined;
  /** N-PDU number, where the PN flag is 1. */
  readonly npdu: number | undefined;
  /** Extension header types in order (TS 29.281 §5.2). */
  readonly extensions: readonly number[];
  readonly length: number;
  /** Header octets, extension headers included. */
  readonly octets: number;
  /** Spare bit: 0 in honest messages. */
  readonly spare: number;
}

/** Private Extension, IE 255 (TS 29.060 §7.7.46). */
export interface Gtpv1PrivateExtension {
  readonly enterprise: number | undefined;
  readonly start: number;
  readonly length: number;
}

/** Trace activation by GTPv1 (TS 29.060 §7.7.24, §7.7.25, §7.7.41, §7.7.42, §7.7.62). The collector is a name or an address. */
export interface Gtpv1Trace {
  /** Trace Reference (IE 27), 16 bits. */
  readonly reference: number | undefined;
  readonly traceType: number | undefined;
  /** Trigger Id (IE 142) and OMC Identity (IE 143) as text. */
  readonly triggerId: string | undefined;
  readonly omcIdentity: string | undefined;
  /** Additional Trace Info (IE 162): hexadecimal as sent. */
  readonly additional: string | undefined;
}

/** A TEID element: 16 Data I, 17 Control Plane, 18 Data II, 140 and 146 RAB Setup Information. */
export interface Gtpv1Teid {
  readonly ie: number;
  readonly nsapi: number | undefined;
  readonly teid: number;
}

export interface Gtpv1Message extends DecodedMessage {
  readonly protocol: "gtpv1";
  readonly type: number;
  readonly header: Gtpv1Header;
  /** The message's own octets, header included: a copy that outlives the frame. */
  readonly bytes: Uint8Array;
  readonly ies: readonly Gtpv1Ie[];
  /** Octets of `bytes` after the last readable element; 0 in honest messages. */
  readonly trailingOctets: number;
  /** Octets of the datagram that the length field does not cover. */
  readonly uncoveredOctets: number;
  /** Those of them that were captured, own copy; undefined where there are none. */
  readonly uncovered: Uint8Array | undefined;

  readonly cause: number | undefined;
  readonly recovery: number | undefined;
  readonly nsapis: readonly number[];
  readonly teidElements: readonly Gtpv1Teid[];
  /** GSN Address elements (133) in order of appearance. */
  readonly gsnAddresses: readonly string[];
  readonly userLocation: { readonly cgi?: Cgi; readonly sai?: Cgi; readonly rai?: Rai } | undefined;
  readonly rai: Rai | undefined;
  readonly ratType: number | undefined;
  readonly trace: Gtpv1Trace | undefined;
  readonly privateExtensions: readonly Gtpv1PrivateExtension[];
  readonly otherAddresses: readonly { readonly ie: number; readonly what: string; readonly address: string }[];
}

export interface Gtpv1Datagram {
  readonly messages: readonly Gtpv1Message[];
  readonly faults: readonly Fault[];
}
